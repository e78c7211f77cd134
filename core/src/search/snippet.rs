//! The lines of a chunk that show why it answers.

use super::{Ask, Query};
use crate::text::{self, Part, TERM_MAX};

/// A range of lines of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Snippet {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset of the byte after the last, line end included.
    pub end: usize,
    /// Lines before it.
    pub line: u32,
    /// How many lines it has.
    pub lines: u32,
}

/// Recognises the words of a query in a text; at most 32 terms.
#[derive(Debug, Clone)]
pub struct Marks {
    terms: heapless::Vec<(heapless::Vec<u8, TERM_MAX>, bool), 32>,
}

impl Marks {
    /// The terms that `query` asks for, negated clauses and filters left out.
    /// `instead` are terms searched in the stead of misspelt words.
    pub fn new<'t>(query: &Query<'_>, instead: impl Iterator<Item = &'t [u8]>) -> Self {
        let mut marks = Self { terms: heapless::Vec::new() };
        for clause in query.clauses().filter(|clause| !clause.not) {
            let (run, prefix) = match clause.ask {
                Ask::Words(run) | Ask::Phrase(run) => (run, false),
                Ask::Prefix(run) => (run, true),
                Ask::Filter(..) => continue,
            };
            for word in text::words(run) {
                if prefix {
                    text::whole(word.bytes, &mut |term| marks.push(term, true));
                } else {
                    text::terms(word.bytes, &mut |term, _| marks.push(term, false));
                }
            }
        }
        instead.for_each(|term| marks.push(term, false));
        marks
    }

    fn push(&mut self, term: &[u8], prefix: bool) {
        if !self.terms.iter().any(|(known, _)| known == term)
            && let Ok(term) = heapless::Vec::from_slice(term)
        {
            // A query of more terms than that is marked by its first.
            let _ = self.terms.push((term, prefix));
        }
    }

    /// How many distinct terms of the query `text` has.
    pub fn count(&self, text: &[u8]) -> u32 {
        self.all(text).count_ones()
    }

    /// Which terms of the query `text` has, a bit each.
    fn all(&self, text: &[u8]) -> u32 {
        text::words(text).fold(0, |bits, word| bits | self.of(word.bytes))
    }

    /// Which terms of the query `word` has, a bit each.
    fn of(&self, word: &[u8]) -> u32 {
        let mut bits = 0;
        text::terms(word, &mut |term: &[u8], _: Part| {
            for ((known, prefix), place) in self.terms.iter().zip(0u32..) {
                if term == known.as_slice() || (*prefix && term.starts_with(known)) {
                    bits |= 1 << place;
                }
            }
        });
        bits
    }

    /// The words of `text` that the query asks for, as ranges of bytes.
    pub fn spans<'t>(
        &'t self,
        text: &'t [u8],
    ) -> impl Iterator<Item = core::ops::Range<usize>> + 't {
        text::words(text)
            .filter(|word| self.of(word.bytes) != 0)
            .map(|word| word.start..word.start + word.bytes.len())
    }

    /// The run of at most `lines` lines of `text` with the most distinct terms of
    /// the query, then the most lines that have one; the first of equals. Linear
    /// in the text. `lines` is at most 16.
    pub fn snippet(&self, text: &[u8], lines: usize) -> Snippet {
        let lines = lines.clamp(1, 16);
        // The last lines seen: start of the line and its terms.
        let mut recent: heapless::Deque<(usize, u32), 16> = heapless::Deque::new();
        let mut best = ((0, 0), Snippet::default());
        let mut at = 0;
        for (line, bytes) in text.split_inclusive(|&b| b == b'\n').enumerate() {
            let bits = self.all(bytes);
            if recent.len() == lines {
                recent.pop_front();
            }
            let _ = recent.push_back((at, bits));
            at += bytes.len();
            let all = recent.iter().fold(0u32, |all, (_, bits)| all | bits);
            let having = recent.iter().filter(|(_, bits)| *bits != 0).count();
            let key = (all.count_ones(), having);
            if line == 0 || key > best.0 {
                let start = recent.front().map_or(0, |(start, _)| *start);
                let count = recent.len() as u32;
                let snippet =
                    Snippet { start, end: at, line: line as u32 + 1 - count, lines: count };
                best = (key, snippet);
            }
        }
        let mut snippet = best.1;
        // Fill up with the lines that follow.
        for bytes in text.get(snippet.end..).unwrap_or(&[]).split_inclusive(|&b| b == b'\n') {
            if snippet.lines as usize >= lines {
                break;
            }
            snippet.end += bytes.len();
            snippet.lines += 1;
        }
        snippet
    }
}
