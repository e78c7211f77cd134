//! What is looked for, and the lines of a text that have it.

use std::ops::{ControlFlow, Range};

use anyhow::{Context, Result};
use grep_matcher::Matcher;
use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter, memrchr};
use regex_syntax::ParserBuilder;

use super::need::Need;

/// The most bytes of a compiled expression, and of what it caches.
const SIZE: usize = 16 << 20;

/// How patterns are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct How {
    /// They are regular expressions, in the syntax of ripgrep.
    pub regex: bool,
    /// Which letters are the same.
    pub case: Case,
    /// Only where no word goes on before or behind a match.
    pub word: bool,
    /// Only where a match is all of its line.
    pub line: bool,
    /// Matches of an expression may go over several lines.
    pub multiline: bool,
    /// The lines are wanted that do not match.
    pub invert: bool,
}

/// Whether letters match those of the other case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Case {
    /// They do not.
    #[default]
    Exact,
    /// They do.
    Any,
    /// They do unless a pattern has an upper-case letter.
    Smart,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Pattern {
    engine: Engine,
    need: Need,
    /// Matches may go over several lines: a literal has a line end in it, or it was asked for.
    spans: bool,
    /// What matches depends on where the text begins or ends.
    anchored: bool,
    invert: bool,
}

#[derive(Debug, Clone)]
enum Engine {
    /// There is no pattern, so nothing matches.
    Never,
    Literal(Finder<'static>),
    Regex(RegexMatcher),
}

/// A line of a text, without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'t> {
    /// Its number, from 1.
    pub number: u64,
    /// Its first byte in the text.
    pub start: usize,
    /// Its bytes.
    pub bytes: &'t [u8],
    /// What matches in it; where nobody asked for all, the first match at least. Nothing
    /// where the lines are wanted that do not match.
    pub marks: &'t [Range<usize>],
}

impl Line<'_> {
    /// One past its last byte in the text.
    pub fn end(&self) -> usize {
        self.start + self.bytes.len()
    }
}

impl Pattern {
    /// What one of `texts` matches. An empty one matches everywhere, none nowhere.
    ///
    /// # Errors
    /// One of them is no regular expression, or they are too large.
    pub fn new<T: AsRef<[u8]>>(texts: &[T], how: How) -> Result<Pattern> {
        let texts: Vec<&[u8]> = texts.iter().map(AsRef::as_ref).collect();
        let broken = !how.regex && texts.iter().any(|text| memchr(b'\n', text).is_some());
        let spans = how.multiline || broken;
        let plain = !how.regex && how.case == Case::Exact && !how.word && !how.line;
        let (engine, need, anchored) = match &*texts {
            [] => (Engine::Never, Need::any(vec![]), false),
            // An empty one matches between characters, which takes an engine to tell.
            [text] if plain && !text.is_empty() => {
                (Engine::Literal(Finder::new(text).into_owned()), Need::literal(text), false)
            }
            _ => Self::compile(&texts, how, spans)?,
        };
        let need = if how.invert { Need::Nothing } else { need };
        Ok(Pattern { engine, need, spans, anchored, invert: how.invert })
    }

    fn compile(texts: &[&[u8]], how: How, spans: bool) -> Result<(Engine, Need, bool)> {
        let expression = |text: &&[u8]| match how.regex {
            true => Ok(std::str::from_utf8(text).context("a regular expression is UTF-8")?.into()),
            false => Ok(escape(text)),
        };
        let expressions = texts.iter().map(expression).collect::<Result<Vec<String>>>()?;
        let mut parser = ParserBuilder::new();
        // What any case needs is needed by the one that is asked for, too.
        parser.utf8(false).multi_line(true).case_insensitive(how.case != Case::Exact);
        let (mut needs, mut anchored) = (Vec::new(), false);
        for expression in &expressions {
            let hir = parser.build().parse(expression);
            let hir = hir
                .with_context(|| format!("cannot use {expression:?} as a regular expression"))
                .map_err(|error| match unsupported(expression) {
                    Some(hint) => error.context(hint),
                    None => error,
                })?;
            needs.push(Need::regex(&hir));
            anchored |= hir.properties().look_set().contains_anchor_haystack();
        }
        let mut matcher = RegexMatcherBuilder::new();
        matcher.multi_line(true).word(how.word).whole_line(how.line);
        matcher.case_insensitive(how.case == Case::Any).case_smart(how.case == Case::Smart);
        matcher.size_limit(SIZE).dfa_size_limit(SIZE);
        // Lines are matched one by one, but a literal may go over several.
        if !spans {
            matcher.line_terminator(Some(b'\n'));
        }
        let matcher = matcher.build_many(&expressions).with_context(|| match &*expressions {
            [one] => format!("cannot use {one:?} as a regular expression"),
            all => format!("cannot use {} patterns together", all.len()),
        })?;
        Ok((Engine::Regex(matcher), Need::any(needs), anchored))
    }

    /// Whether the lines are wanted that do not match.
    pub fn is_inverted(&self) -> bool {
        self.invert
    }

    /// What a text must hold.
    pub fn need(&self) -> &Need {
        &self.need
    }

    /// Whether a line alone does not tell if it matches: the text is to be had whole.
    pub fn spans(&self) -> bool {
        self.spans || self.anchored
    }

    fn find(&self, text: &[u8], at: usize) -> Option<Range<usize>> {
        match &self.engine {
            Engine::Never => None,
            Engine::Literal(finder) => {
                let start = at + finder.find(text.get(at..)?)?;
                Some(start..start + finder.needle().len())
            }
            Engine::Regex(matcher) => {
                let found = matcher.find_at(text, at).ok().flatten()?;
                Some(found.start()..found.end())
            }
        }
    }

    /// Calls `visit` with every line of `text` that is wanted, in order, until it breaks.
    /// With `all`, every match of a line is told, else the first at least. A match over
    /// several lines is told line by line. Linear.
    pub fn lines(
        &self,
        text: &[u8],
        all: bool,
        mut visit: impl FnMut(&Line<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if !self.invert {
            return self.matching(text, all, visit);
        }
        let mut next = (0, 1);
        self.matching(text, false, |line| {
            between(text, next, line.start, &mut visit)?;
            next = (line.end() + 1, line.number + 1);
            ControlFlow::Continue(())
        })?;
        between(text, next, text.len(), &mut visit)
    }

    /// The same for the lines that have a match.
    fn matching(
        &self,
        text: &[u8],
        all: bool,
        mut visit: impl FnMut(&Line<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut marks: Vec<Range<usize>> = Vec::new();
        let (mut number, mut start, mut end) = (1, 0, 0);
        let (mut at, mut last) = (0, None);
        while let Some(found) = self.find(text, at) {
            let mut first = line_start(text, found.start);
            // Behind the last line end there is no line.
            if first == text.len() {
                break;
            }
            at = if found.is_empty() { found.end + 1 } else { found.end };
            // As every engine iterates: nothing matches where a match has just ended.
            if found.is_empty() && last == Some(found.end) {
                if at > text.len() {
                    break;
                }
                continue;
            }
            last = Some(found.end);
            loop {
                if first != start && !marks.is_empty() {
                    let bytes = text.get(start..end).unwrap_or_default();
                    visit(&Line { number, start, bytes, marks: &marks })?;
                    marks.clear();
                }
                if marks.is_empty() {
                    let between = text.get(start..first).unwrap_or_default();
                    number += memchr_iter(b'\n', between).count() as u64;
                    start = first;
                    end = line_end(text, first);
                }
                let mark = found.start.max(start) - start..found.end.min(end) - start;
                marks.push(mark);
                // The next line that it touches.
                first = end + 1;
                if first >= found.end || first >= text.len() {
                    break;
                }
            }
            // Which matches there are over several lines depends on those before.
            if !all && !self.spans {
                at = at.max(end + 1);
            }
            if at > text.len() {
                break;
            }
        }
        if !marks.is_empty() {
            let bytes = text.get(start..end).unwrap_or_default();
            visit(&Line { number, start, bytes, marks: &marks })?;
        }
        ControlFlow::Continue(())
    }
}

/// Visits the lines of `text` from the one that begins at byte `start`, whose number is
/// given, up to the byte `end`.
fn between(
    text: &[u8],
    (mut start, mut number): (usize, u64),
    end: usize,
    visit: &mut impl FnMut(&Line<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    while start < end {
        let bytes = text.get(start..line_end(text, start)).unwrap_or_default();
        visit(&Line { number, start, bytes, marks: &[] })?;
        start += bytes.len() + 1;
        number += 1;
    }
    ControlFlow::Continue(())
}

/// What to do instead of what other engines know and this one does not.
fn unsupported(expression: &str) -> Option<&'static str> {
    let around = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|sign| expression.contains(sign));
    let back = expression.as_bytes().windows(2).any(|pair| matches!(pair, [b'\\', b'1'..=b'9']));
    match (around, back) {
        (true, _) => Some("search for the rest, and let `grep -P` choose among the lines"),
        (_, true) => Some("search for one side, and let `grep -P` choose among the lines"),
        _ => None,
    }
}

/// Where the line begins that byte `at` is on.
fn line_start(text: &[u8], at: usize) -> usize {
    memrchr(b'\n', text.get(..at).unwrap_or_default()).map_or(0, |end| end + 1)
}

/// Where the line that begins at `start` ends, its end not counted.
fn line_end(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    memchr(b'\n', rest).map_or(text.len(), |end| start + end)
}

/// A regular expression that matches `literal` alone.
fn escape(literal: &[u8]) -> String {
    let mut expression = String::new();
    for part in literal.utf8_chunks() {
        regex_syntax::escape_into(part.valid(), &mut expression);
        for byte in part.invalid() {
            expression.push_str(&format!("(?-u:\\x{byte:02X})"));
        }
    }
    expression
}

#[cfg(test)]
mod tests {
    use super::*;

    const LITERAL: How = How {
        regex: false,
        case: Case::Exact,
        word: false,
        line: false,
        multiline: false,
        invert: false,
    };
    const REGEX: How = How { regex: true, ..LITERAL };

    /// The lines that match: number, text, marks.
    fn lines(pattern: &str, how: How, text: &[u8]) -> Vec<(u64, String, Vec<Range<usize>>)> {
        let mut found = Vec::new();
        let pattern = Pattern::new(&[pattern], how).unwrap();
        let _ = pattern.lines(text, true, |line| {
            let bytes = String::from_utf8_lossy(line.bytes).into_owned();
            assert_eq!(text.get(line.start..line.end()), Some(line.bytes));
            found.push((line.number, bytes, line.marks.to_vec()));
            ControlFlow::Continue(())
        });
        found
    }

    fn numbers(pattern: &str, how: How, text: &str) -> Vec<u64> {
        lines(pattern, how, text.as_bytes()).into_iter().map(|(number, ..)| number).collect()
    }

    #[test]
    fn a_match_may_begin_with_the_end_of_a_line_that_has_one() {
        let pattern = Pattern::new(&[b"\na"], LITERAL).unwrap();
        for all in [true, false] {
            let mut found = Vec::new();
            let _ = pattern.lines(b"\na\na\nb\n", all, |line| {
                found.push(line.number);
                ControlFlow::Continue(())
            });
            assert_eq!(found, [1, 2, 3], "{all}");
        }
    }

    #[test]
    fn every_match_of_a_line_is_marked() {
        let found = lines("ab", LITERAL, b"ab\n\nx abab\nno\nab");
        let line =
            |number, text: &str, marks: &[Range<usize>]| (number, text.to_owned(), marks.to_vec());
        assert_eq!(
            found,
            [
                line(1, "ab", &[Range { start: 0, end: 2 }]),
                line(3, "x abab", &[2..4, 4..6]),
                line(5, "ab", &[Range { start: 0, end: 2 }]),
            ]
        );
        assert_eq!(numbers(r"\bab$", REGEX, "ab\nabab\nx ab\n"), [1, 3]);
    }

    #[test]
    fn empty_matches_are_on_lines_that_there_are() {
        assert_eq!(numbers("x*", REGEX, "a\n\nb\n"), [1, 2, 3]);
        assert_eq!(numbers("^$", REGEX, "a\n\nb"), [2]);
        assert_eq!(numbers("x*", REGEX, ""), [0; 0]);
        assert_eq!(numbers("$", REGEX, "a"), [1]);
    }

    #[test]
    fn no_empty_match_follows_a_match() {
        let marks = |pattern: &str, text: &str| {
            let found = lines(pattern, REGEX, text.as_bytes());
            found.into_iter().map(|(.., marks)| marks).collect::<Vec<_>>()
        };
        let ranges = |marks: &[(usize, usize)]| -> Vec<Range<usize>> {
            marks.iter().map(|&(start, end)| start..end).collect()
        };
        assert_eq!(marks("a*", "aab\n"), [ranges(&[(0, 2), (3, 3)])]);
        assert_eq!(marks("a*", "xa\na\n"), [ranges(&[(0, 0), (1, 2)]), ranges(&[(0, 1)])]);
        assert_eq!(marks("b|", "ab"), [ranges(&[(0, 0), (1, 2)])]);
    }

    #[test]
    fn other_lines_are_those_that_do_not_match() {
        let not = How { invert: true, ..LITERAL };
        assert_eq!(numbers("a", not, "a\nb\n\na\nc"), [2, 3, 5]);
        assert_eq!(numbers("a", not, "a\na"), [0; 0]);
        assert_eq!(numbers("a", not, ""), [0; 0]);
        assert_eq!(numbers("a\nb", not, "a\nb\nc\n"), [3]);
        assert!(!Pattern::new(&["long enough"], not).unwrap().need().narrows());
    }

    #[test]
    fn several_patterns_are_alternatives_and_none_is_nowhere() {
        let how = How { line: true, ..LITERAL };
        let pattern = Pattern::new(&["a.", "b"], how).unwrap();
        let mut found = Vec::new();
        let _ = pattern.lines(b"a.\nab\nb\nbb\n", false, |line| {
            found.push(line.number);
            ControlFlow::Continue(())
        });
        assert_eq!(found, [1, 3]);
        let none = Pattern::new::<&str>(&[], LITERAL).unwrap();
        assert!(none.lines(b"a", true, |_| ControlFlow::Break(())).is_continue());
        let both = Pattern::new(&["retry", "back.off"], REGEX).unwrap();
        let need = |text: &[u8]| Need::literal(text);
        let off = Need::regex(&regex_syntax::parse("back.off").unwrap());
        assert_eq!(both.need(), &Need::any(vec![need(b"retry"), off]));
    }

    #[test]
    fn smart_case_asks_the_pattern() {
        let smart = How { case: Case::Smart, ..REGEX };
        assert_eq!(numbers("größe", smart, "GRÖSSE\nGRÖßE\n"), [2]);
        assert_eq!(numbers(r"\Wa", smart, " A\n a\n"), [1, 2]);
        assert_eq!(numbers("A", smart, "A\na\n"), [1]);
    }

    #[test]
    fn an_expression_goes_over_lines_where_that_is_asked_for() {
        let over = How { multiline: true, ..REGEX };
        assert_eq!(numbers(r"a\s+b", over, "a\n\nb\na b\n"), [1, 2, 3, 4]);
        assert_eq!(numbers("a.b", over, "a\nb\n"), [0; 0]);
        assert_eq!(numbers("(?s)a.b", over, "a\nb\n"), [1, 2]);
    }

    #[test]
    fn a_line_tells_of_itself_whether_it_matches_but_for_these() {
        let spans = |pattern: &str, how| Pattern::new(&[pattern], how).unwrap().spans();
        for lone in ["a", "^a$", r"\ba\b", "(?i)a|^", ""] {
            assert!(!spans(lone, REGEX) && !spans(lone, LITERAL), "{lone}");
            assert!(spans(lone, How { multiline: true, ..REGEX }), "{lone}");
        }
        for not in [r"\Aa", r"b|a\z", "(?-m)^a", "(?-m:a$)"] {
            assert!(spans(not, REGEX) && !spans(not, LITERAL), "{not}");
        }
        assert!(spans("a\nb", LITERAL));
    }

    #[test]
    fn no_expression_matches_over_a_line_end_but_a_literal_does() {
        assert_eq!(numbers(r"a\s+b", REGEX, "a\nb\na b\n"), [3]);
        assert_eq!(numbers("[^x]+", REGEX, "a\nxx\nb\n"), [1, 3]);
        let error = Pattern::new(&[br"a\nb"], REGEX).unwrap_err();
        assert!(format!("{error:#}").contains(r#"literal "\n" is not allowed"#), "{error:#}");
        let found = lines("a\nb", LITERAL, b"xa\nby\na\nb");
        let marks: Vec<_> =
            found.iter().map(|(number, _, marks)| (*number, marks[0].clone())).collect();
        assert_eq!(marks, [(1, 1..2), (2, 0..1), (3, 0..1), (4, 0..1)]);
        assert_eq!(numbers("b\n", LITERAL, "ab\nc\n"), [1]);
        assert_eq!(numbers("B\nC", How { case: Case::Any, ..LITERAL }, "ab\nc\n"), [1, 2]);
    }

    #[test]
    fn case_and_words_are_those_of_unicode() {
        let any = How { case: Case::Any, ..LITERAL };
        assert_eq!(numbers("GRÖSSE(", any, "größe(\ngrösse(\n"), [2]);
        assert_eq!(numbers("Straße", any, "STRAßE\nSTRASSE\n"), [1]);
        let word = How { word: true, ..LITERAL };
        assert_eq!(numbers("re", word, "retry\nre\nöre\nre-try\n"), [2, 4]);
    }

    #[test]
    fn bytes_that_are_no_text_are_looked_for_as_they_are() {
        let how = How { case: Case::Any, ..LITERAL };
        let pattern = Pattern::new(&[b"\xffA"], how).unwrap();
        let mut hits = 0;
        let _ = pattern.lines(b"\xffa\n\xc3\xbfa\n\xffA", false, |_| {
            hits += 1;
            ControlFlow::Continue(())
        });
        assert_eq!(hits, 2);
        assert!(Pattern::new(&[b"\xff"], REGEX).is_err());
        assert!(Pattern::new(&[b"("], REGEX).is_err());
        assert!(Pattern::new(&[br"(\w{1000}){1000}"], REGEX).is_err(), "too large");
    }

    #[test]
    fn without_all_a_line_is_visited_once_and_left() {
        let pattern = Pattern::new(&[b"a"], LITERAL).unwrap();
        let mut seen = Vec::new();
        let _ = pattern.lines(b"aaa\na\nb\na", false, |line| {
            seen.push((line.number, line.marks.len()));
            if line.number == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(seen, [(1, 1), (2, 1)]);
    }
}
