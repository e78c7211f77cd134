//! The lines of a chunk that show why it answers.

use super::{
    analysis::Analysis,
    terms::{SCORE, TermRow},
};
use crate::rank::bm25;
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

/// Lines of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Excerpt<'t> {
    /// The number of the first, from 1; 0 where there is none.
    pub line: u32,
    /// They themselves, with their ends.
    pub text: &'t [u8],
}

/// A term to recognise.
#[derive(Debug, Clone)]
struct Mark {
    term: heapless::Vec<u8, TERM_MAX>,
    prefix: bool,
    weight: u32,
}

/// Recognises the words of a query in a text; at most 32 terms.
#[derive(Debug, Clone)]
pub struct Marks {
    terms: heapless::Vec<Mark, 32>,
}

impl Marks {
    /// The terms that score of an analysed query, those of misspelt words in their stead; each
    /// weighs by how rare it is, in whole bits of its inverse document frequency, so that
    /// common words do not choose the lines.
    pub(super) fn new(analysis: &Analysis<'_>, terms: &[TermRow]) -> Self {
        let mut marks = Self { terms: heapless::Vec::new() };
        let expanded = |row: &TermRow| analysis.prefixes.iter().any(|(_, at)| *at == row.group);
        let rows = terms.iter().take(analysis.terms);
        for row in rows.filter(|row| row.is(SCORE) && !expanded(row)) {
            let [count, ..] = row.counts;
            let weight = (bm25::idf(analysis.stats.chunks, count) >> 10).max(1) as u32;
            marks.push(row.term(), false, weight);
        }
        for (word, _) in &analysis.prefixes {
            text::whole(word, &mut |term| marks.push(term, true, 1));
        }
        marks
    }

    fn push(&mut self, term: &[u8], prefix: bool, weight: u32) {
        if let Ok(term) = heapless::Vec::from_slice(term) {
            // A query of more terms than that is marked by its first.
            let _ = self.terms.push(Mark { term, prefix, weight });
        }
    }

    /// The weight of the distinct terms of the query that `text` has.
    pub fn weight(&self, text: &[u8]) -> u32 {
        self.sum(self.all(text))
    }

    fn sum(&self, bits: u32) -> u32 {
        let having = self.terms.iter().zip(0u32..).filter(|(_, place)| bits >> place & 1 != 0);
        having.fold(0, |sum, (mark, _)| sum + mark.weight)
    }

    /// Which terms of the query `text` has, a bit each.
    fn all(&self, text: &[u8]) -> u32 {
        text::words(text).fold(0, |bits, word| bits | self.of(word.bytes))
    }

    /// Which terms of the query `word` has, a bit each.
    fn of(&self, word: &[u8]) -> u32 {
        let mut bits = 0;
        text::terms(word, &mut |term: &[u8], _: Part| {
            for (mark, place) in self.terms.iter().zip(0u32..) {
                if term == mark.term || (mark.prefix && term.starts_with(&mark.term)) {
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

    /// The run of at most `lines` lines of `text` whose distinct terms of the query
    /// weigh most, then the one with the most lines that have a term; the first of
    /// equals. Linear in the text. `lines` is at most 16.
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
            let key = (self.sum(all), having);
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
