//! The query language.
//!
//! ```text
//! words            any of them; more and rarer ones first
//! "a phrase"       its words one after the other
//! prefix*          every term that starts so
//! lang:rust        only files of a language
//! path:src/net     only paths that hold it, or match it where it holds `*`
//! kind:function    only chunks that define such a symbol
//! sym:parse        only chunks that define this name, or match it where it holds `*`
//! -…               not, in front of any of these
//! ```
//! Only these four words before a colon are filters: `std::env` and `error: x`
//! are words, and a `-` counts only behind white space: pasted text is mostly text.
//! Parsing is total, allocates nothing and may be done anew at any time: a query is
//! its bytes, and which of its phrases were [loosened](Query::loosened).

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<'q> {
    raw: &'q [u8],
    syntax: bool,
    /// A bit for each phrase that is words.
    loose: u32,
}

/// What a filter looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Field {
    /// The language.
    Lang,
    /// The path.
    Path,
    /// The kind of a defined symbol.
    Kind,
    /// The name of a defined symbol.
    Sym,
}

impl Field {
    const ALL: [(&'static [u8], Self); 4] = [
        (b"lang:", Self::Lang),
        (b"path:", Self::Path),
        (b"kind:", Self::Kind),
        (b"sym:", Self::Sym),
    ];
}

/// What a clause asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ask<'q> {
    /// A run of text without syntax: one or more words.
    Words(&'q [u8]),
    /// Words one after the other.
    Phrase(&'q [u8]),
    /// Terms that start with it.
    Prefix(&'q [u8]),
    /// A filter and its value.
    Filter(Field, &'q [u8]),
}

/// A part of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause<'q> {
    /// Whether it stands behind a `-`.
    pub not: bool,
    /// What it asks for.
    pub ask: Ask<'q>,
    /// Of a phrase that is wanted, loosened or not, its bit in [`Query::loosened`]; else 0.
    pub bit: u32,
}

impl<'q> Clause<'q> {
    const fn new(not: bool, ask: Ask<'q>) -> Self {
        Self { not, ask, bit: 0 }
    }
}

impl<'q> Query<'q> {
    /// A query in the language above.
    pub const fn new(raw: &'q [u8]) -> Self {
        Self { raw, syntax: true, loose: 0 }
    }

    /// A query of words only: no character is syntax.
    pub const fn words(raw: &'q [u8]) -> Self {
        Self { raw, syntax: false, loose: 0 }
    }

    /// Its bytes.
    pub const fn raw(&self) -> &'q [u8] {
        self.raw
    }

    /// The same with some phrases as words: bit `i` of `phrases` is the phrase `i`, of
    /// those that are wanted; the last bit is all from there on.
    pub const fn loosened(&self, phrases: u32) -> Self {
        Self { loose: self.loose | phrases, ..*self }
    }

    /// The phrases that are wanted as such, as bits for [`Query::loosened`].
    pub(super) fn phrases(&self) -> u32 {
        self.clauses().fold(0, |bits, clause| match clause.ask {
            Ask::Phrase(_) if !clause.not => bits | clause.bit,
            _ => bits,
        })
    }

    /// Whether it is phrases and nothing else to look for: then they are meant as they
    /// stand. Among other text a quotation mark may be anything.
    pub(super) fn is_strict(&self) -> bool {
        self.clauses().all(|clause| match clause.ask {
            Ask::Words(_) | Ask::Prefix(_) => clause.not,
            Ask::Phrase(_) | Ask::Filter(..) => true,
        })
    }

    /// Its clauses, in order.
    pub const fn clauses(&self) -> Clauses<'q> {
        Clauses { rest: self.raw, syntax: self.syntax, loose: self.loose, apart: true, bit: 1 }
    }
}

/// Walks the clauses of a query.
#[derive(Debug, Clone, Copy)]
pub struct Clauses<'q> {
    rest: &'q [u8],
    syntax: bool,
    loose: u32,
    /// The rest does not follow directly on another clause.
    apart: bool,
    /// Of the next phrase.
    bit: u32,
}

/// Splits `bytes` before the first byte that `stop` names, or at the end.
fn until(bytes: &[u8], stop: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let at = bytes.iter().position(|&b| stop(b)).unwrap_or(bytes.len());
    bytes.split_at_checked(at).unwrap_or((bytes, &[]))
}

/// A quoted or bare value, and what follows it.
fn value(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.strip_prefix(b"\"") {
        Some(inner) => {
            let (inner, rest) = until(inner, |b| b == b'"');
            (inner, rest.get(1..).unwrap_or(&[]))
        }
        None => until(bytes, |b| b.is_ascii_whitespace()),
    }
}

impl<'q> Iterator for Clauses<'q> {
    type Item = Clause<'q>;

    fn next(&mut self) -> Option<Clause<'q>> {
        if !self.syntax {
            let all = core::mem::take(&mut self.rest);
            return (!all.is_empty()).then_some(Clause::new(false, Ask::Words(all)));
        }
        let start = self.rest.trim_ascii_start();
        let apart = self.apart || start.len() < self.rest.len();
        self.apart = false;
        if start.is_empty() {
            self.rest = &[];
            return None;
        }
        // A lone or doubled dash is text: `a - b`, `--flag`.
        let (not, bare) = match start {
            [b'-', next, ..] if apart && !next.is_ascii_whitespace() && *next != b'-' => {
                (true, start.get(1..).unwrap_or(&[]))
            }
            _ => (false, start),
        };
        for (name, field) in Field::ALL {
            if let Some(after) = bare.strip_prefix(name) {
                let (value, rest) = value(after);
                if !value.is_empty() {
                    self.rest = rest;
                    return Some(Clause::new(not, Ask::Filter(field, value)));
                }
            }
        }
        if bare.starts_with(b"\"") {
            let (phrase, rest) = value(bare);
            self.rest = rest;
            if not {
                return Some(Clause::new(not, Ask::Phrase(phrase)));
            }
            let bit = self.bit;
            // The last bit stays with all that follow.
            self.bit = bit.checked_shl(1).filter(|&next| next != 0).unwrap_or(bit);
            let loose = self.loose & bit != 0;
            let ask = if loose { Ask::Words(phrase) } else { Ask::Phrase(phrase) };
            return Some(Clause { not, ask, bit });
        }
        let (word, rest) = until(bare, |b| b.is_ascii_whitespace() || b == b'"');
        self.rest = rest;
        let ask = match word.strip_suffix(b"*") {
            Some(prefix)
                if prefix.last().is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80) =>
            {
                Ask::Prefix(prefix)
            }
            _ => Ask::Words(word),
        };
        Some(Clause::new(not, ask))
    }
}

/// Whether `text` matches `pattern`, ASCII letters in either case: as a glob over
/// the whole where it holds `*` (any bytes) or `?` (one byte), else as a part.
/// O(pattern × text) at worst, without recursion.
pub fn matches(pattern: &[u8], text: impl Iterator<Item = u8> + Clone) -> bool {
    let glob = pattern.contains(&b'*');
    // A part is the glob `*part*`.
    let mut at = 0;
    let mut retry = (!glob).then(|| (0, text.clone()));
    let mut text = text;
    let same = |p: u8, t: u8| p.eq_ignore_ascii_case(&t) || (glob && p == b'?');
    loop {
        match pattern.get(at) {
            None if !glob => return true,
            Some(b'*') if glob => {
                at += 1;
                retry = Some((at, text.clone()));
                continue;
            }
            wanted => match text.next() {
                None => return wanted.is_none(),
                Some(byte) if wanted.is_some_and(|&p| same(p, byte)) => at += 1,
                Some(_) => match &mut retry {
                    Some((from, rest)) => {
                        if rest.next().is_none() {
                            return false;
                        }
                        at = *from;
                        text = rest.clone();
                    }
                    None => return false,
                },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{format, string::String, vec::Vec};

    fn parse(query: &str) -> Vec<String> {
        Query::new(query.as_bytes())
            .clauses()
            .map(|Clause { not, ask, .. }| {
                let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
                let ask = match ask {
                    Ask::Words(w) => text(w),
                    Ask::Phrase(w) => format!("\"{}\"", text(w)),
                    Ask::Prefix(w) => format!("{}*", text(w)),
                    Ask::Filter(field, w) => format!("{field:?}={}", text(w)),
                };
                format!("{}{ask}", if not { "not " } else { "" })
            })
            .collect()
    }

    #[test]
    fn clauses_are_told_apart() {
        for (query, clauses) in [
            ("", &[][..]),
            ("  \t ", &[]),
            ("retry backoff", &["retry", "backoff"]),
            ("\"retry with\" -test", &["\"retry with\"", "not test"]),
            ("-\"a b\" -pre*", &["not \"a b\"", "not pre*"]),
            (
                "lang:rust path:\"a b/*\" -kind:struct sym:Parse*",
                &["Lang=rust", "Path=a b/*", "not Kind=struct", "Sym=Parse*"],
            ),
            ("absl::Span error: x a:b", &["absl::Span", "error:", "x", "a:b"]),
            ("lang: x", &["lang:", "x"]),
            ("a - b --flag -", &["a", "-", "b", "--flag", "-"]),
            ("ret*  * a**", &["ret*", "*", "a**"]),
            ("open \"quote", &["open", "\"quote\""]),
            ("a\"b c\"d", &["a", "\"b c\"", "d"]),
        ] {
            assert_eq!(parse(query), clauses, "{query:?}");
        }
        let words = Query::words(b"-a lang:rust \"b").clauses().collect::<Vec<_>>();
        assert_eq!(words, [Clause::new(false, Ask::Words(b"-a lang:rust \"b"))]);
    }

    #[test]
    fn a_dash_within_text_is_text() {
        for (query, clauses) in [
            ("\"a\"-\"b\"", &["\"a\"", "-", "\"b\""][..]),
            ("a\"b\"-c", &["a", "\"b\"", "-c"]),
            ("\"a\" -b", &["\"a\"", "not b"]),
        ] {
            assert_eq!(parse(query), clauses, "{query:?}");
        }
    }

    #[test]
    fn phrases_are_loosened_one_by_one() {
        let query = Query::new(b"\"a b\" -\"c d\" \"e f\" g");
        assert_eq!((query.phrases(), query.is_strict()), (3, false));
        let loose = query.loosened(2);
        assert_eq!(loose.phrases(), 1);
        let asks: Vec<_> = loose.clauses().map(|clause| clause.ask).collect();
        let words = |w| Ask::Words(w);
        let phrase = |w| Ask::Phrase(w);
        assert_eq!(asks, [phrase(&b"a b"[..]), phrase(b"c d"), words(b"e f"), words(b"g")]);
        let many = "\"x\" ".repeat(40);
        let many = Query::new(many.as_bytes());
        assert_eq!(many.phrases(), u32::MAX);
        assert_eq!(many.loosened(u32::MAX).phrases(), 0);
        for (query, strict) in [
            ("\"a b\"", true),
            ("lang:rust \"a b\" -c", true),
            ("\"a b\" \"c d\"", true),
            ("\"a b\" c", false),
            ("{\"a\":\"b\"}", false),
            ("a*\"b\"", false),
        ] {
            assert_eq!(Query::new(query.as_bytes()).is_strict(), strict, "{query}");
        }
    }

    #[test]
    fn patterns_match_parts_or_wholes() {
        for (pattern, text, yes) in [
            ("net", "src/net/tcp.rs", true),
            ("NET", "src/net/tcp.rs", true),
            ("nit", "src/net/tcp.rs", false),
            ("aab", "aaab", true),
            ("src/*.rs", "src/net/tcp.rs", true),
            ("src/*.rs", "src/net/tcp.rst", false),
            ("*tcp*", "src/net/tcp.rs", true),
            ("*.r?", "a.rs", true),
            ("a*b*c", "aXbYbc", true),
            ("a*", "ba", false),
            ("", "x", true),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern.as_bytes(), text.bytes()), yes, "{pattern} {text}");
        }
    }
}
