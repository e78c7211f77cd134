//! What is looked for, and the lines of a text that have it.

use std::ops::{ControlFlow, Range};

use anyhow::{Context, Result, bail};
use grep_matcher::Matcher;
use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter, memrchr};
use regex_syntax::ParserBuilder;

use super::need::Need;

/// The most bytes of a compiled expression, and of what it caches.
const SIZE: usize = 16 << 20;

/// How a pattern is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct How {
    /// It is a regular expression, in the syntax of ripgrep.
    pub regex: bool,
    /// Letters match in any case.
    pub ignore_case: bool,
    /// Only where no word goes on before or behind it.
    pub word: bool,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Pattern {
    engine: Engine,
    need: Need,
    /// It is a literal with a line end in it: matches go over several lines.
    spans: bool,
}

#[derive(Debug, Clone)]
enum Engine {
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
    /// What matches in it; where nobody asked for all, the first match at least.
    pub marks: &'t [Range<usize>],
}

impl Line<'_> {
    /// One past its last byte in the text.
    pub fn end(&self) -> usize {
        self.start + self.bytes.len()
    }
}

impl Pattern {
    /// The pattern `text`.
    ///
    /// # Errors
    /// It is empty, no regular expression, or one that is too large.
    pub fn new(text: &[u8], how: How) -> Result<Pattern> {
        if text.is_empty() {
            bail!("an empty text is everywhere: say what to look for");
        }
        let spans = !how.regex && memchr(b'\n', text).is_some();
        if !how.regex && !how.ignore_case && !how.word {
            let engine = Engine::Literal(Finder::new(text).into_owned());
            return Ok(Pattern { engine, need: Need::literal(text), spans });
        }
        let expression = match how.regex {
            true => std::str::from_utf8(text).context("a regular expression is UTF-8")?.to_owned(),
            false => escape(text),
        };
        let mut parser = ParserBuilder::new();
        parser.utf8(false).multi_line(true).case_insensitive(how.ignore_case);
        let mut matcher = RegexMatcherBuilder::new();
        matcher.multi_line(true).case_insensitive(how.ignore_case).word(how.word);
        matcher.size_limit(SIZE).dfa_size_limit(SIZE);
        // Lines are matched one by one, but a literal may go over several.
        if !spans {
            matcher.line_terminator(Some(b'\n'));
        }
        let what = || format!("cannot use {expression:?} as a regular expression");
        let hir = parser.build().parse(&expression).with_context(what)?;
        let engine = Engine::Regex(matcher.build(&expression).with_context(what)?);
        Ok(Pattern { engine, need: Need::regex(&hir), spans })
    }

    /// What a text must hold.
    pub fn need(&self) -> &Need {
        &self.need
    }

    fn find(&self, text: &[u8], at: usize) -> Option<Range<usize>> {
        match &self.engine {
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

    /// Calls `visit` with every line of `text` that has a match, in order, until
    /// it breaks. With `all`, every match of a line is told, else the first at least.
    /// A match over several lines is told line by line. Linear.
    pub fn lines(
        &self,
        text: &[u8],
        all: bool,
        mut visit: impl FnMut(&Line<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut marks: Vec<Range<usize>> = Vec::new();
        let (mut number, mut start, mut end) = (1, 0, 0);
        let mut at = 0;
        while let Some(found) = self.find(text, at) {
            let mut first = line_start(text, found.start);
            // Behind the last line end there is no line.
            if first == text.len() {
                break;
            }
            at = if found.is_empty() { found.end + 1 } else { found.end };
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

    const REGEX: How = How { regex: true, ignore_case: false, word: false };
    const LITERAL: How = How { regex: false, ..REGEX };

    /// The lines that match: number, text, marks.
    fn lines(pattern: &str, how: How, text: &[u8]) -> Vec<(u64, String, Vec<Range<usize>>)> {
        let mut found = Vec::new();
        let pattern = Pattern::new(pattern.as_bytes(), how).unwrap();
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
        let pattern = Pattern::new(b"\na", LITERAL).unwrap();
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
    fn no_expression_matches_over_a_line_end_but_a_literal_does() {
        assert_eq!(numbers(r"a\s+b", REGEX, "a\nb\na b\n"), [3]);
        assert_eq!(numbers("[^x]+", REGEX, "a\nxx\nb\n"), [1, 3]);
        let error = Pattern::new(br"a\nb", REGEX).unwrap_err();
        assert!(format!("{error:#}").contains(r#"literal "\n" is not allowed"#), "{error:#}");
        let found = lines("a\nb", LITERAL, b"xa\nby\na\nb");
        let marks: Vec<_> =
            found.iter().map(|(number, _, marks)| (*number, marks[0].clone())).collect();
        assert_eq!(marks, [(1, 1..2), (2, 0..1), (3, 0..1), (4, 0..1)]);
        assert_eq!(numbers("b\n", LITERAL, "ab\nc\n"), [1]);
        assert_eq!(numbers("B\nC", How { ignore_case: true, ..LITERAL }, "ab\nc\n"), [1, 2]);
    }

    #[test]
    fn case_and_words_are_those_of_unicode() {
        let any = How { ignore_case: true, ..LITERAL };
        assert_eq!(numbers("GRÖSSE(", any, "größe(\ngrösse(\n"), [2]);
        assert_eq!(numbers("Straße", any, "STRAßE\nSTRASSE\n"), [1]);
        let word = How { word: true, ..LITERAL };
        assert_eq!(numbers("re", word, "retry\nre\nöre\nre-try\n"), [2, 4]);
    }

    #[test]
    fn bytes_that_are_no_text_are_looked_for_as_they_are() {
        let how = How { ignore_case: true, ..LITERAL };
        let pattern = Pattern::new(b"\xffA", how).unwrap();
        let mut hits = 0;
        let _ = pattern.lines(b"\xffa\n\xc3\xbfa\n\xffA", false, |_| {
            hits += 1;
            ControlFlow::Continue(())
        });
        assert_eq!(hits, 2);
        assert!(Pattern::new(b"\xff", REGEX).is_err());
        assert!(Pattern::new(b"", LITERAL).is_err());
        assert!(Pattern::new(b"(", REGEX).is_err());
        assert!(Pattern::new(br"(\w{1000}){1000}", REGEX).is_err(), "too large");
    }

    #[test]
    fn without_all_a_line_is_visited_once_and_left() {
        let pattern = Pattern::new(b"a", LITERAL).unwrap();
        let mut seen = Vec::new();
        let _ = pattern.lines(b"aaa\na\nb\na", false, |line| {
            seen.push((line.number, line.marks.len()));
            if line.number == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(seen, [(1, 1), (2, 1)]);
    }
}
