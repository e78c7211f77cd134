//! What a text defines and uses: the one place where definitions and references
//! come from.
//!
//! [`Outline::of`] runs the core's outline over a text and keeps what it says.
//! Whatever is shown about symbols beyond what an image holds (signatures, doc
//! comments, callers) goes through here, so that another reader of a language
//! needs to be built in here alone.

use std::ops::Range;

use sigla_core::outline::{Event, Kind, Lang, outline};

#[cfg(feature = "precise")]
use crate::symbols::precise;

/// A definition, with all that the text says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defined<'t> {
    /// What it is.
    pub kind: Kind,
    /// Its name as the text has it.
    pub name: &'t [u8],
    /// What it belongs to, where the text says so at its name.
    pub container: Option<&'t [u8]>,
    /// The definition that encloses it: its index.
    pub parent: Option<usize>,
    /// How many definitions enclose it.
    pub depth: u8,
    /// The line of its name, from 1.
    pub line: u32,
    /// Its last line.
    pub end_line: u32,
    /// Its bytes, with its doc comment and attributes.
    pub bytes: Range<usize>,
    /// Where its signature starts and ends: its body, if it has one, comes next.
    pub signature: Range<usize>,
}

/// How a text uses a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UseKind {
    /// It is called.
    Call,
    /// It is imported.
    Import,
    /// It stands in the code, or in a text that is no code.
    Mention,
}

impl UseKind {
    /// The name that output uses.
    pub const fn name(self) -> &'static str {
        match self {
            UseKind::Call => "call",
            UseKind::Import => "import",
            UseKind::Mention => "mention",
        }
    }
}

/// A use of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// The byte at which the name stands.
    pub at: usize,
    /// The line, from 1.
    pub line: u32,
    /// How it is used.
    pub kind: UseKind,
    /// The innermost definition around it: its index.
    pub inside: Option<usize>,
}

/// A way to read a text.
pub type Reader = for<'t> fn(Lang, &'t [u8]) -> Outline<'t>;

/// Tells what names do in a text, one after the other: what stands before a name is passed
/// once, so that all names of a text cost no more than the text.
struct UseReader<'o, 't> {
    outlined: &'o Outline<'t>,
    /// Where the names of the definitions stand, ascending.
    names: Vec<usize>,
    /// How many of each list lie before the last name: definitions that have begun, their
    /// names, imports, inert places and calls.
    passed: [usize; 5],
    line: u32,
    /// The bytes whose lines are counted.
    counted: usize,
}

impl<'o, 't> UseReader<'o, 't> {
    fn new(outlined: &'o Outline<'t>) -> Self {
        let text = outlined.text.as_ptr().addr();
        let place = |definition: &Defined<'_>| definition.name.as_ptr().addr().wrapping_sub(text);
        let mut names: Vec<usize> = outlined.definitions.iter().map(place).collect();
        names.sort();
        UseReader { outlined, names, passed: [0; 5], line: 1, counted: 0 }
    }

    /// What the name of `len` bytes at `at`, behind those that were asked for before, does
    /// there; nothing where it is defined or no code.
    fn at(&mut self, at: usize, len: usize) -> Option<Use> {
        let Outline { text, definitions, calls, imports, inert, .. } = self.outlined;
        let [begun, named, imported, quiet, called] = &mut self.passed;
        pass(definitions, begun, |definition| definition.bytes.start <= at);
        pass(&self.names, named, |&name| name < at);
        if self.names.get(*named) == Some(&at) {
            return None;
        }
        let holds = |ranges: &[Range<usize>], passed: &mut usize| {
            pass(ranges, passed, |range| range.start <= at);
            let last = passed.checked_sub(1).and_then(|last| ranges.get(last));
            last.is_some_and(|range| at < range.end)
        };
        let (imported, inert) = (holds(imports, imported), holds(inert, quiet));
        pass(calls, called, |call| call.start < at);
        let call = calls.get(*called).is_some_and(|call| *call == (at..at + len));
        let kind = match (imported, inert, call) {
            (true, _, _) => UseKind::Import,
            (_, true, _) => return None,
            (_, _, true) => UseKind::Call,
            _ => UseKind::Mention,
        };
        let since = text.get(self.counted..at).unwrap_or_default();
        self.line += since.iter().filter(|&&byte| byte == b'\n').count() as u32;
        self.counted = at;
        // The innermost definition that has begun and not ended.
        let mut inside = begun.checked_sub(1);
        while let Some(index) = inside
            && let Some(definition) = definitions.get(index)
            && definition.bytes.end <= at
        {
            inside = definition.parent;
        }
        Some(Use { at, line: self.line, kind, inside })
    }
}

/// Adds to `passed` how many that follow in `list` lie before what is looked for.
fn pass<T>(list: &[T], passed: &mut usize, before: impl Fn(&T) -> bool) {
    let rest = list.get(*passed..).unwrap_or_default();
    *passed += rest.iter().take_while(|one| before(one)).count();
}

/// What a text defines and uses.
#[derive(Debug, Clone)]
pub struct Outline<'t> {
    text: &'t [u8],
    lang: Lang,
    /// The definitions in the order of the text.
    pub definitions: Vec<Defined<'t>>,
    /// Where names are called, ascending.
    calls: Vec<Range<usize>>,
    /// What is imported, ascending.
    imports: Vec<Range<usize>>,
    /// Comments and strings, ascending.
    inert: Vec<Range<usize>>,
}

impl<'t> Outline<'t> {
    /// Reads `text`. Linear.
    pub fn of(lang: Lang, text: &'t [u8]) -> Outline<'t> {
        let mut outlined = Outline::new(lang, text);
        let mut open = Vec::new();
        outline(lang, text, &mut |event| outlined.take(event, &mut open));
        outlined
    }

    /// Reads `text` by its syntax tree, or as [`Outline::of`] where that cannot
    /// be had.
    #[cfg(feature = "precise")]
    pub fn precise(lang: Lang, text: &'t [u8]) -> Outline<'t> {
        let mut outlined = Outline::new(lang, text);
        let mut open = Vec::new();
        match precise::outline(lang, text, &mut |event| outlined.take(event, &mut open)) {
            true => outlined,
            false => Outline::of(lang, text),
        }
    }

    fn new(lang: Lang, text: &'t [u8]) -> Outline<'t> {
        Outline { text, lang, definitions: vec![], calls: vec![], imports: vec![], inert: vec![] }
    }

    fn take(&mut self, event: Event<'t>, open: &mut Vec<usize>) {
        let place = |part: &[u8]| {
            // A slice of the text: its place is the pointers' distance.
            let at = part.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
            at..at + part.len()
        };
        match event {
            Event::Open(definition) => {
                let parent = open.last().copied();
                open.push(self.definitions.len());
                let line = definition.line + 1;
                self.definitions.push(Defined {
                    kind: definition.kind,
                    name: definition.name,
                    container: definition.container,
                    parent,
                    depth: definition.depth,
                    line,
                    end_line: line,
                    bytes: definition.start..self.text.len(),
                    signature: definition.signature..self.text.len(),
                });
            }
            Event::Close { body, end, end_line } => {
                if let Some(closed) = open.pop().and_then(|at| self.definitions.get_mut(at)) {
                    closed.bytes.end = end;
                    closed.signature.end = body;
                    closed.end_line = closed.line.max(end_line + 1);
                }
            }
            Event::Call { name, .. } => self.calls.push(place(name)),
            Event::Import { path, .. } => self.imports.push(place(path)),
            Event::Inert { start, end } => self.inert.push(start..end),
        }
    }

    /// The signature of a definition on one line, of its statement's first line
    /// where it has no body.
    pub fn signature(&self, definition: &Defined<'_>) -> String {
        let Range { start, end } = definition.signature.clone();
        let whole = self.text.get(start..end).unwrap_or_default();
        let bodiless = end >= definition.bytes.end || definition.kind == Kind::Section;
        let shown = if bodiless { first_line(whole) } else { whole };
        let joined = collapse(shown.get(..shown.len().min(2000)).unwrap_or(shown));
        // What several lines held in parentheses reads as on one.
        let joined = joined.replace("( ", "(").replace(", )", ")").replace(" )", ")");
        // The brace or colon of a body is no part of it.
        let ends: &[char] = match definition.kind {
            Kind::Section => &[],
            _ => &[' ', '{', ';'],
        };
        joined.trim_end_matches(ends).to_owned()
    }

    /// The first line of a definition's doc comment, without its marks; empty
    /// where it has none.
    pub fn doc(&self, definition: &Defined<'_>) -> String {
        let before = self.text.get(definition.bytes.start..definition.signature.start);
        let lines = before.unwrap_or_default().split(|&byte| byte == b'\n');
        let comment = lines.map(uncommented).find(|line| !line.is_empty());
        comment.or_else(|| self.docstring(definition)).map(collapse).unwrap_or_default()
    }

    /// Python's: the string that a body begins with.
    fn docstring(&self, definition: &Defined<'_>) -> Option<&'t [u8]> {
        if !matches!(self.lang, Lang::Python | Lang::Starlark) {
            return None;
        }
        let body = self.text.get(definition.signature.end..definition.bytes.end)?;
        let body = body.trim_ascii_start();
        let body = body.strip_prefix(b"r").unwrap_or(body);
        let quote = [&b"\"\"\""[..], b"'''", b"\""].into_iter().find(|q| body.starts_with(q))?;
        let rest = body.get(quote.len()..)?.trim_ascii_start();
        let line = first_line(rest).trim_ascii();
        Some(line.strip_suffix(quote).unwrap_or(line))
    }

    /// Where the text uses `name`, but not where it defines it, nor, in code, in
    /// comments and strings. Linear in the text.
    pub fn uses(&self, name: &[u8]) -> Vec<Use> {
        let mut reader = UseReader::new(self);
        let places = whole_words(self.lang, self.text, name);
        places.filter_map(|at| reader.at(at, name.len())).collect()
    }

    /// Every plain name that the text uses, with its line, as [`Outline::uses`]
    /// would find it. Linear.
    pub fn all_uses(&self) -> impl Iterator<Item = (&'t [u8], Use)> {
        self.known_uses(Some)
    }

    /// The uses of the plain names of which something is `known`, with that: most names of
    /// a text are not looked at beyond it. Linear.
    pub fn known_uses<K>(
        &self,
        known: impl Fn(&'t [u8]) -> Option<K>,
    ) -> impl Iterator<Item = (K, Use)> {
        let mut reader = UseReader::new(self);
        identifiers(self.lang, self.text).filter_map(move |(at, name)| {
            let known = known(name)?;
            Some((known, reader.at(at, name.len())?))
        })
    }

    /// What encloses a definition, the innermost first: what it says itself, and
    /// the names around it.
    pub fn chain(&self, definition: &Defined<'t>) -> Vec<&'t [u8]> {
        let mut chain: Vec<&[u8]> = definition.container.into_iter().collect();
        let mut parent = definition.parent;
        while let Some(around) = parent.and_then(|index| self.definitions.get(index)) {
            chain.push(around.name);
            chain.extend(around.container);
            parent = around.parent;
        }
        chain
    }
}

/// The places at which `name` stands in `text` and neither ends nor goes on
/// inside a word.
pub fn whole_words<'t>(
    lang: Lang,
    text: &'t [u8],
    name: &'t [u8],
) -> impl Iterator<Item = usize> + 't {
    let word = move |byte| is_letter(lang, byte);
    let open_start = name.first().is_some_and(|&byte| word(byte));
    let open_end = name.last().is_some_and(|&byte| word(byte));
    memchr::memmem::find_iter(text, name).filter(move |&at| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        let after = text.get(at + name.len());
        let begun = open_start && before.is_some_and(|&byte| word(byte));
        let goes_on = open_end && after.is_some_and(|&byte| word(byte));
        !begun && !goes_on
    })
}

/// The plain names and numbers in `text`: its longest runs of letters.
fn identifiers(lang: Lang, text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    let letters = letters_of(lang);
    let is_letter = move |&byte: &u8| letters.get(usize::from(byte)) == Some(&true);
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.iter().position(is_letter)?;
        let run = text.get(start..)?;
        let len = run.iter().position(|byte| !is_letter(byte)).unwrap_or(run.len());
        at = start + len;
        Some((start, run.get(..len)?))
    })
}

/// Whether a byte can be of a name.
fn is_letter(lang: Lang, byte: u8) -> bool {
    letters_of(lang).get(usize::from(byte)) == Some(&true)
}

/// Which bytes can be of a name: letters, digits, `_`, parts of longer characters; `-`
/// where the language has it so.
fn letters_of(lang: Lang) -> &'static [bool; 256] {
    static PLAIN: [bool; 256] = letters(false);
    static HYPHENATED: [bool; 256] = letters(true);
    match lang {
        Lang::Lisp | Lang::Clojure | Lang::Css | Lang::Html => &HYPHENATED,
        _ => &PLAIN,
    }
}

const fn letters(hyphen: bool) -> [bool; 256] {
    let mut letters = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let ascii = byte as u8;
        letters[byte] = ascii.is_ascii_alphanumeric()
            || ascii == b'_'
            || ascii >= 0x80
            || (hyphen && ascii == b'-');
        byte += 1;
    }
    letters
}

/// Whether all of `name` is letters: it is found by [`Outline::all_uses`].
pub fn is_plain(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|&byte| is_letter(Lang::Lisp, byte))
}

/// The line of `text` that holds the byte `at`, without its end.
pub fn line_at(text: &[u8], at: usize) -> &[u8] {
    let start = text.get(..at).and_then(|before| before.iter().rposition(|&b| b == b'\n'));
    first_line(text.get(start.map_or(0, |newline| newline + 1)..).unwrap_or_default())
}

fn first_line(text: &[u8]) -> &[u8] {
    text.split(|&byte| byte == b'\n').next().unwrap_or_default()
}

/// Any space becomes one blank.
fn collapse(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line of a comment without the marks around its words; nothing of a line
/// that is an attribute or a decorator.
fn uncommented(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    if line.starts_with(b"#[") || line.starts_with(b"#![") || line.starts_with(b"@") {
        return &[];
    }
    let marks: &[u8] = b"/*!#-;%<({|}\"'= \t";
    let start = line.iter().position(|byte| !marks.contains(byte)).unwrap_or(line.len());
    let line = line.get(start..).unwrap_or_default();
    let line = line.strip_suffix(b"*/").or(line.strip_suffix(b"-->")).unwrap_or(line);
    line.trim_ascii_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUST: &str = "\
use a::retry;

/// Runs again.
///
/// And again.
#[inline]
pub fn with_backoff(
    tries: u32,
) -> bool {
    retry(tries); // retry
    let retry = \"retry\";
    x_retry(retry)
}

impl Policy {
    /** How often. */
    const TRIES: u32 = 3;
    fn retry(&self) {}
}
";

    fn rust() -> Outline<'static> {
        Outline::of(Lang::Rust, RUST.as_bytes())
    }

    #[test]
    fn definitions_have_signature_doc_and_parent() {
        let outlined = rust();
        let seen: Vec<_> = outlined
            .definitions
            .iter()
            .map(|d| (d.line, d.end_line, d.parent, outlined.signature(d), outlined.doc(d)))
            .collect();
        let text = str::to_owned;
        let signature = text("pub fn with_backoff(tries: u32) -> bool");
        assert_eq!(
            seen,
            [
                (7, 13, None, signature, text("Runs again.")),
                (15, 19, None, text("impl Policy"), text("")),
                (17, 17, Some(1), text("const TRIES: u32 = 3"), text("How often.")),
                (18, 18, Some(1), text("fn retry(&self)"), text("")),
            ]
        );
        let method = outlined.definitions.last().unwrap();
        assert_eq!(outlined.chain(method), [b"Policy"]);
    }

    #[test]
    fn a_docstring_is_a_doc() {
        let python = b"def a(b):\n    \"\"\"Says a.\"\"\"\n    return b\n";
        let outlined = Outline::of(Lang::Python, python);
        assert_eq!(outlined.doc(&outlined.definitions[0]), "Says a.");
        assert_eq!(outlined.signature(&outlined.definitions[0]), "def a(b):");
    }

    #[test]
    fn uses_are_told_from_definitions_comments_strings_and_longer_words() {
        let outlined = rust();
        let seen: Vec<_> =
            outlined.uses(b"retry").iter().map(|u| (u.line, u.kind, u.inside)).collect();
        assert_eq!(
            seen,
            [
                (1, UseKind::Import, None),
                (10, UseKind::Call, Some(0)),
                (11, UseKind::Mention, Some(0)),
                (12, UseKind::Mention, Some(0)),
            ]
        );
    }

    #[test]
    fn all_uses_are_those_of_each_name() {
        let outlined = rust();
        let all: Vec<_> = outlined.all_uses().collect();
        assert!(all.len() > 8, "{all:?}");
        for (name, _) in &all {
            let of_name = all.iter().filter(|(other, _)| other == name).map(|(_, used)| *used);
            assert_eq!(outlined.uses(name), of_name.collect::<Vec<_>>(), "{name:?}");
        }
    }

    #[test]
    fn words_have_borders() {
        let places = |lang, text: &'static str, name: &'static str| {
            whole_words(lang, text.as_bytes(), name.as_bytes()).collect::<Vec<_>>()
        };
        assert_eq!(places(Lang::C, "a ab a_ xa a-b éa", "a"), [0, 11]);
        assert_eq!(places(Lang::Lisp, "a a-b", "a"), [0]);
        assert_eq!(places(Lang::Ruby, "a? b", "a?"), [0]);
        assert_eq!(places(Lang::C, "", "a"), [0; 0]);
    }

    #[test]
    fn the_line_around_a_byte() {
        assert_eq!(line_at(b"ab\ncd\n", 1), b"ab");
        assert_eq!(line_at(b"ab\ncd\n", 3), b"cd");
        assert_eq!(line_at(b"ab", 9), b"ab");
    }
}
