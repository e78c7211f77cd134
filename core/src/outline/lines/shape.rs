//! The shapes of lines that define something: is it there, and what is the name?

use super::{Cell, DEEPEST, Ends, Found, Line, Mark, Paragraph, Scanner, Shape, run_of, starts};
use crate::outline::Step;

impl<'t, V: FnMut(Step<'t>)> Scanner<'t, '_, '_, V> {
    /// What the line defines by this mark, which has this shape.
    pub(super) fn find(&mut self, shape: Shape, mark: &Mark, line: Line<'t>) -> Option<Found<'t>> {
        let content = line.content;
        let level = if let Ends::Level(level) = mark.ends { level } else { DEEPEST };
        let here = |name: &'t [u8]| Found { name, container: None, level, from: line, at: line };
        let found = match shape {
            Shape::Repeated(mark) => {
                let (level, name) = repeated(content, mark)?;
                Found { level, ..here(name) }
            }
            Shape::Underlined(marks) => {
                let Paragraph { last: at, .. } = self.paragraph?;
                let first = content.first()?;
                let level = marks.iter().position(|mark| mark == first)? as u8 + 1;
                let whole = run_of(content, *first) == content.len();
                Found { level, from: at, at, ..here(whole.then_some(at.content)?) }
            }
            Shape::Adorned => self.adorned(line)?,
            Shape::Braced(word) => here(braced(content.strip_prefix(word)?)?),
            Shape::Within(word) => {
                let at = content.windows(word.len()).position(|window| window == word)?;
                here(braced(content.get(at + word.len()..)?)?)
            }
            Shape::Entry => {
                let entry = content.strip_prefix(b"@")?;
                let (kind, rest) = split_at_byte(entry, b'{')?;
                let (name, _) = split_at_byte(rest, b',')?;
                here(kind.iter().all(u8::is_ascii_alphabetic).then_some(name)?)
            }
            Shape::Bracketed => here(bracketed(content)?),
            Shape::After(word) => {
                let rest = content.get(word.len()..).filter(|_| starts(content, word))?;
                let blank = rest.first()?.is_ascii_whitespace();
                let name = first_word(blank.then_some(rest)?.trim_ascii_start());
                let end = name.iter().position(|b| b"(:={".contains(b)).unwrap_or(name.len());
                here(name.get(..end)?)
            }
            Shape::Call(word) => {
                let rest = content.get(word.len()..).filter(|_| starts(content, word))?;
                let inside = rest.trim_ascii_start().strip_prefix(b"(")?.trim_ascii_start();
                let end = inside.iter().position(|b| b.is_ascii_whitespace() || *b == b')');
                here(inside.get(..end.unwrap_or(inside.len()))?)
            }
            Shape::Attribute(word) => {
                let rest = content.strip_prefix(word)?.trim_ascii_start();
                let rest = rest.strip_prefix(b"(").unwrap_or(rest).trim_ascii_start();
                let (name, _) = atom(rest)?;
                self.clause = None;
                here(name)
            }
            Shape::Clause => {
                let (name, rest) = atom(content)?;
                let plain = name.first().is_some_and(|b| {
                    b.is_ascii_lowercase() || content != name && content.starts_with(b"'")
                });
                if !plain || !rest.starts_with(b"(") || self.clause.replace(name) == Some(name) {
                    return None;
                }
                here(name)
            }
            Shape::Stage => here(stage(content)?),
            Shape::Target => here(target(content)?),
            Shape::Assigned => here(assigned(content)?),
            Shape::Key => here(self.key(line)?),
            Shape::Patch => {
                let rest = content.strip_prefix(b"diff --git ")?;
                let at = rest.windows(3).rposition(|window| window == b" b/")?;
                here(rest.get(at + 3..)?)
            }
            Shape::Created(word) => {
                let (container, name) = created(content, word)?;
                Found { container, ..here(name) }
            }
            Shape::Labelled(word) => {
                let (container, name) = labelled(content.strip_prefix(word)?)?;
                Found { container, ..here(name) }
            }
            Shape::Form(word) => here(form(content.strip_prefix(b"(")?.strip_prefix(word)?)?),
            Shape::Selector => here(selector(content)?),
            Shape::Property => here(property(content)?),
            Shape::Member => here(self.member(line)?),
            Shape::Heading => {
                let (level, name) = heading(content)?;
                Found { level, ..here(name) }
            }
            Shape::Cell(cell, shape) => {
                if self.cell != Some(cell) || !self.source {
                    return None;
                }
                self.find(*shape, mark, line)?
            }
        };
        (!found.name.is_empty()).then_some(found)
    }

    /// A name between, or above, lines of one sign that are no shorter than it.
    fn adorned(&mut self, line: Line<'t>) -> Option<Found<'t>> {
        let sign = adornment(line.content)?;
        let Paragraph { first, last: at, lines } = self.paragraph?;
        let over = lines == 2 && adornment(first.content) == Some(sign);
        let width = at.content.iter().filter(|&&b| b & 0xC0 != 0x80).count();
        let named = over || (lines == 1 && adornment(first.content).is_none());
        if !named || line.indent > 0 || line.content.len() < width {
            return None;
        }
        let style = (sign, over);
        let known = self.styles.iter().position(|&known| known == style);
        if known.is_none() {
            // A document of more styles than there are is no document.
            self.styles.push(style).ok()?;
        }
        let level = known.unwrap_or(self.styles.len().saturating_sub(1)) as u8 + 1;
        let from = if over { first } else { at };
        Some(Found { name: at.content, container: None, level, from, at })
    }

    /// YAML: a key whose value follows in the lines below, of the first column
    /// or of the column that the keys inside such a one begin at.
    fn key(&mut self, line: Line<'t>) -> Option<&'t [u8]> {
        let items = line.content.iter().take_while(|b| b"- ".contains(b)).count();
        let column = line.indent + items;
        let last = line.content.rsplit(|&b| b == b' ').next().unwrap_or_default();
        if matches!(last, [b'|' | b'>'] | [b'|' | b'>', b'-' | b'+']) {
            self.scalar = Some(column);
        }
        let (name, rest) = split_at_byte(line.content, b':')?;
        let rest = rest.trim_ascii();
        let follows = rest.is_empty() || rest.starts_with(b"#") || rest.starts_with(b"&");
        let plain =
            name.first().is_some_and(|b| b.is_ascii_alphanumeric() || b"/_.\"'".contains(b));
        if line.indent == 0 && items == 0 {
            self.inner = None;
        } else if items > 0 && self.inner.is_none() {
            // The keys below are those of the items.
            self.inner = Some(usize::MAX);
        } else if self.open.is_empty() || *self.inner.get_or_insert(line.indent) != line.indent {
            return None;
        }
        let quoted = |quote| name.strip_prefix(quote).and_then(|name| name.strip_suffix(quote));
        let name = quoted(b"\"").or(quoted(b"'")).unwrap_or(name);
        (follows && plain && items == 0).then_some(name)
    }

    /// JSON: a member of the outermost object whose value goes on below.
    fn member(&mut self, line: Line<'t>) -> Option<&'t [u8]> {
        let rest = line.content.strip_prefix(b"\"")?;
        let (name, rest) = split_at_byte(rest, b'"')?;
        let value = rest.trim_ascii_start().strip_prefix(b":")?.trim_ascii();
        let outer = *self.inner.get_or_insert(line.indent) == line.indent;
        (outer && matches!(value, b"{" | b"[")).then_some(name)
    }

    /// A line of a notebook's source is what its string holds.
    pub(super) fn cell_line(&mut self, line: Line<'t>) -> Line<'t> {
        if !self.row.notebook {
            return line;
        }
        let content = line.content;
        if let Some(kind) = content.strip_prefix(b"\"cell_type\":") {
            let text = kind.trim_ascii_start().starts_with(b"\"markdown\"");
            let code = kind.trim_ascii_start().starts_with(b"\"code\"");
            self.cell = text.then_some(Cell::Text).or(code.then_some(Cell::Code));
            self.source = false;
        } else if content.starts_with(b"\"source\":") {
            self.source = content.ends_with(b"[");
        } else if content.starts_with(b"]") {
            self.source = false;
        } else if let Some(inside) = content.strip_prefix(b"\"").filter(|_| self.source) {
            let inside = inside.strip_suffix(b",").unwrap_or(inside);
            let inside = inside.strip_suffix(b"\"").unwrap_or(inside);
            let inside = inside.strip_suffix(b"\\n").unwrap_or(inside);
            let blank = inside.len() - inside.trim_ascii_start().len();
            let content = inside.trim_ascii();
            return Line { content, indent: line.indent + 1 + blank, ..line };
        }
        line
    }
}

/// The sign that the whole line consists of, if it may be an adornment.
fn adornment(content: &[u8]) -> Option<u8> {
    let sign = *content.first().filter(|first| first.is_ascii_punctuation())?;
    (content.len() > 1 && run_of(content, sign) == content.len()).then_some(sign)
}

/// The level and the name of `## Name ##`.
fn repeated(content: &[u8], mark: u8) -> Option<(u8, &[u8])> {
    let level = run_of(content, mark);
    let name = content.get(level..)?;
    if !(1..=6).contains(&level) || !name.first().is_some_and(u8::is_ascii_whitespace) {
        return None;
    }
    let name = name.trim_ascii();
    let closing = name.iter().rev().take_while(|&&b| b == mark).count();
    let open = name.get(..name.len() - closing)?;
    let name = match open.last() {
        None => open,
        Some(b) if b.is_ascii_whitespace() => open.trim_ascii_end(),
        Some(_) => name,
    };
    Some((level as u8, name))
}

/// The name of `*[short]{Name}` or `\Name`, without its backslash.
fn braced(rest: &[u8]) -> Option<&[u8]> {
    let mut rest = rest.strip_prefix(b"*").unwrap_or(rest).trim_ascii_start();
    if let Some(short) = rest.strip_prefix(b"[") {
        rest = split_at_byte(short, b']')?.1.trim_ascii_start();
    }
    let name = match rest.strip_prefix(b"{") {
        Some(inside) => {
            let mut depth = 1_u32;
            let end = inside.iter().position(|&b| {
                depth = match b {
                    b'{' => depth.saturating_add(1),
                    b'}' => depth - 1,
                    _ => depth,
                };
                depth == 0
            });
            inside.get(..end.unwrap_or(inside.len()))?.trim_ascii()
        }
        None => {
            let name = rest.strip_prefix(b"\\")?;
            let end = name.iter().position(|b| !b.is_ascii_alphabetic() && *b != b'@');
            return name.get(..end.unwrap_or(name.len()));
        }
    };
    Some(name.strip_prefix(b"\\").unwrap_or(name))
}

/// An atom or a variable of Erlang's, and what follows it.
fn atom(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(quoted) = text.strip_prefix(b"'") {
        return split_at_byte(quoted, b'\'');
    }
    let other = |b: &u8| !b.is_ascii_alphanumeric() && !b"_@".contains(b) && b.is_ascii();
    text.split_at_checked(text.iter().position(other).unwrap_or(text.len()))
}

/// The name of `[name]` or `[[name]]`, a comment behind it allowed.
fn bracketed(content: &[u8]) -> Option<&[u8]> {
    let rest = content.strip_prefix(b"[")?;
    let twice = rest.starts_with(b"[");
    let rest = rest.strip_prefix(b"[").unwrap_or(rest);
    let (name, mut after) = split_at_byte(rest, b']')?;
    if twice {
        after = after.strip_prefix(b"]")?;
    }
    let after = after.trim_ascii_start();
    let alone = after.first().is_none_or(|first| b"#;".contains(first));
    let name = name.trim_ascii();
    let array = name.first().is_none_or(|first| b"\"'".contains(first)) || name.contains(&b',');
    (alone && !array).then_some(name)
}

/// What a stage is called, else the image it is from.
fn stage(content: &[u8]) -> Option<&[u8]> {
    let rest = content.get(5..).filter(|_| starts(content, b"from "))?;
    let mut words = rest
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty() && !word.starts_with(b"--"));
    let image = words.next()?;
    let named = words.next().is_some_and(|word| word.eq_ignore_ascii_case(b"as"));
    Some(if named { words.next()? } else { image })
}

fn target(content: &[u8]) -> Option<&[u8]> {
    let (names, rest) = split_at_byte(content, b':')?;
    let assigns = rest.starts_with(b"=") || rest.starts_with(b":=");
    let name = first_word(names);
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_-./+@".contains(b) || !b.is_ascii();
    let begins = name.first().is_some_and(|&b| !b".-0123456789".contains(&b));
    (!assigns && begins && names.iter().all(|b| plain(b) || b == &b' ')).then_some(name)
}

fn assigned(content: &[u8]) -> Option<&[u8]> {
    let content = content.strip_prefix(b"export ").unwrap_or(content);
    let content = content.strip_prefix(b"override ").unwrap_or(content);
    let end = content.iter().position(|b| !b.is_ascii_alphanumeric() && !b"_-.".contains(b))?;
    let (name, rest) = content.split_at_checked(end)?;
    let rest = rest.trim_ascii_start();
    let sign = rest.iter().take_while(|b| b":?!".contains(b)).count();
    let rest = rest.get(sign..)?;
    (sign < 3 && rest.starts_with(b"=") && !rest.starts_with(b"==")).then_some(name)
}

fn first_word(text: &[u8]) -> &[u8] {
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Before and after the first `byte`.
fn split_at_byte(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|&b| b == byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The schema and the name behind `create … word`.
fn created<'t>(content: &'t [u8], word: &[u8]) -> Option<(Option<&'t [u8]>, &'t [u8])> {
    if !starts(content, b"create ") {
        return None;
    }
    let mut rest = content.get(7..)?.trim_ascii_start();
    // `or replace`, `unique`, `global temporary`.
    loop {
        let next = first_word(rest);
        rest = rest.get(next.len()..)?.trim_ascii_start();
        if next.eq_ignore_ascii_case(word) {
            break;
        }
        let passed = [
            "or",
            "replace",
            "alter",
            "temp",
            "temporary",
            "unlogged",
            "unique",
            "materialized",
            "global",
            "local",
            "external",
            "foreign",
            "recursive",
            "virtual",
            "constraint",
        ];
        if !passed.iter().any(|passed| next.eq_ignore_ascii_case(passed.as_bytes())) {
            return None;
        }
    }
    for passed in ["concurrently ", "if not exists "] {
        if starts(rest, passed.as_bytes()) {
            rest = rest.get(passed.len()..)?.trim_ascii_start();
        }
    }
    let (mut schema, (mut name, mut after)) = (None, identifier(rest)?);
    while let Some(rest) = after.strip_prefix(b".") {
        schema = Some(name);
        (name, after) = identifier(rest)?;
    }
    Some((schema, name))
}

/// A name of SQL, in quotes or not, and what follows it.
fn identifier(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let close = match rest.first()? {
        b'"' => b'"',
        b'`' => b'`',
        b'\'' => b'\'',
        b'[' => b']',
        _ => {
            let end = rest.iter().position(|b| b.is_ascii_whitespace() || b".(;,".contains(b));
            return rest.split_at_checked(end.unwrap_or(rest.len()));
        }
    };
    split_at_byte(rest.get(1..)?, close)
}

/// The last two of some quoted labels before a brace.
fn labelled(rest: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let mut rest = rest.strip_prefix(b" ")?.trim_ascii_start();
    let (mut container, mut name) = (None, None);
    while let Some(label) = rest.strip_prefix(b"\"") {
        let (label, after) = split_at_byte(label, b'"')?;
        (container, name) = (name, Some(label));
        rest = after.trim_ascii_start();
    }
    rest.starts_with(b"{").then_some((container, name?))
}

/// The name behind the word of a Lisp form, metadata passed over.
fn form(rest: &[u8]) -> Option<&[u8]> {
    if !rest.first()?.is_ascii_whitespace() {
        return None;
    }
    let mut rest = rest.trim_ascii_start();
    while rest.starts_with(b"^") {
        let end = if rest.starts_with(b"^{") { b'}' } else { b' ' };
        rest = split_at_byte(rest, end)?.1.trim_ascii_start();
    }
    let marks = rest.iter().take_while(|b| b"(':#\"".contains(b)).count();
    let name = rest.get(marks..)?;
    let end = name.iter().position(|b| b.is_ascii_whitespace() || b"()[]{}\";".contains(b));
    name.get(..end.unwrap_or(name.len()))
}

/// What stands before the brace of a rule; not that of `@media` or `50%`.
fn selector(content: &[u8]) -> Option<&[u8]> {
    let (name, _) = split_at_byte(content, b'{')?;
    let name = name.trim_ascii_end();
    let name = split_at_byte(name, b',').map_or(name, |(first, _)| first.trim_ascii_end());
    let first = *name.first()?;
    let begins = first.is_ascii_alphabetic() || b".#:[*%>".contains(&first);
    let step = matches!(name, b"from" | b"to") || name.ends_with(b"#") || name.ends_with(b":");
    (begins && !step && !name.contains(&b'}') && !name.contains(&b';')).then_some(name)
}

/// The name of a custom property or a variable, its signs included.
fn property(content: &[u8]) -> Option<&[u8]> {
    let custom = content.starts_with(b"--") || content.starts_with(b"$");
    let end = content.iter().position(|b| !b.is_ascii_alphanumeric() && !b"-_$".contains(b))?;
    let after = content.get(end..)?.trim_ascii_start();
    (custom && end > 2 && after.starts_with(b":")).then(|| content.get(..end))?
}

/// The level and the text of `<h2 …>Text`.
fn heading(content: &[u8]) -> Option<(u8, &[u8])> {
    let rest = content.strip_prefix(b"<h").or(content.strip_prefix(b"<H"))?;
    let (level, rest) = rest.split_first()?;
    let level = level.checked_sub(b'0').filter(|level| (1..=6).contains(level))?;
    if !matches!(rest.first()?, b'>' | b' ') {
        return None;
    }
    // Text may itself be in a tag: `<h2><a href="…">Text</a></h2>`.
    let mut rest = rest;
    for _ in 0..4 {
        rest = split_at_byte(rest, b'>')?.1.trim_ascii_start();
        if !rest.starts_with(b"<") {
            break;
        }
    }
    let end = rest.iter().position(|&b| b == b'<').unwrap_or(rest.len());
    Some((level, rest.get(..end)?.trim_ascii_end()))
}
