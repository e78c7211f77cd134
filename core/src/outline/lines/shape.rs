//! The shapes of lines that define something: is it there, and what is the name?

use super::{DEEPEST, Ends, Found, Line, Mark, Paragraph, Scanner, Shape, run_of, starts};
use crate::outline::Step;

impl<'t, V: FnMut(Step<'t>)> Scanner<'t, '_, '_, V> {
    /// What the line defines by this mark.
    pub(super) fn find(&mut self, mark: &Mark, line: Line<'t>) -> Option<Found<'t>> {
        let content = line.content;
        let level = if let Ends::Level(level) = mark.ends { level } else { DEEPEST };
        let here = |name: &'t [u8]| Found { name, level, from: line, at: line };
        let found = match mark.shape {
            Shape::Repeated(mark) => {
                let (level, name) = repeated(content, mark)?;
                Found { level, ..here(name) }
            }
            Shape::Underlined(marks) => {
                let Paragraph { last: at, .. } = self.paragraph?;
                let first = content.first()?;
                let level = marks.iter().position(|mark| mark == first)? as u8 + 1;
                let whole = run_of(content, *first) == content.len();
                Found { name: whole.then_some(at.content)?, level, from: at, at }
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
                here(first_word(blank.then_some(rest)?.trim_ascii_start()))
            }
            Shape::Call(word) => {
                let rest = content.get(word.len()..).filter(|_| starts(content, word))?;
                let inside = rest.trim_ascii_start().strip_prefix(b"(")?.trim_ascii_start();
                let end = inside.iter().position(|b| b.is_ascii_whitespace() || *b == b')');
                here(inside.get(..end.unwrap_or(inside.len()))?)
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
        Some(Found { name: at.content, level, from: if over { first } else { at }, at })
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
        if line.indent == 0 {
            self.inner = None;
        } else if self.open.is_empty() || *self.inner.get_or_insert(line.indent) != line.indent {
            return None;
        }
        let quoted = |quote| name.strip_prefix(quote).and_then(|name| name.strip_suffix(quote));
        let name = quoted(b"\"").or(quoted(b"'")).unwrap_or(name);
        (follows && plain && items == 0).then_some(name)
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
