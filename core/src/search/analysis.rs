//! A query, analysed once: its terms with their weights, its phrases and filters.

use super::{
    Answer, Ask, Error, Limits, Query, Source,
    clauses::Reader,
    filter::Filters,
    stats::Stats,
    terms::{SCORE, TermRow},
};
use crate::image::{Corrupt, Term};
use crate::outline::Role;
use crate::rank::{Class, bm25};
use crate::text;

/// A phrase: a range of the sequence of terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phrase {
    pub(super) not: bool,
    pub(super) start: u8,
    pub(super) end: u8,
}

/// The phrases of one query.
pub(super) const PHRASES: usize = 16;

/// What a query asks for, ready to be looked up in any segment.
pub(super) struct Analysis<'q> {
    /// How many rows of terms are in use.
    pub(super) terms: usize,
    pub(super) stats: Stats,
    pub(super) norms: bm25::Norms,
    pub(super) filters: Filters<'q>,
    pub(super) phrases: heapless::Vec<Phrase, PHRASES>,
    /// Rows of the terms of phrases, in order.
    pub(super) sequence: heapless::Vec<u8, 32>,
    /// The words that prefixes are wanted of, and the group of the terms that they expand to.
    pub(super) prefixes: heapless::Vec<(&'q [u8], u8), 8>,
    /// Words of the query; a phrase or a prefix counts as two.
    pub(super) words: u32,
    /// The query, some phrases of it as words.
    pub(super) query: Query<'q>,
    /// A [`sketch`] of how its words are spelt: few names are spelt like one.
    spelt: u64,
    /// What kind of question it is.
    pub(super) class: Class,
    /// Roles that the query asks for: no file is worse for having them.
    pub(super) asked: Role,
    /// No document can answer.
    pub(super) impossible: bool,
    /// The query is phrases alone.
    pub(super) strict: bool,
    /// It wants something kept out.
    pub(super) refuses: bool,
    /// Phrases that no document can hold, or that there is no room for.
    pub(super) lost: u32,
    /// Sum of the weights of all groups, by family; at least 1.
    pub(super) totals: [i32; 3],
    pub(super) answer: Answer<'q>,
    /// Rows that prefixes expanded to.
    pub(super) expanded: u16,
    /// Words that near terms were looked for.
    pub(super) mended: u16,
    /// Groups of rows that count as one term.
    pub(super) groups: u8,
}

impl<'q> Analysis<'q> {
    /// Of nothing yet.
    pub(super) fn blank(query: &Query<'q>) -> Self {
        Self {
            terms: 0,
            stats: Stats::default(),
            norms: bm25::Norms::new(0, 0),
            filters: Filters::default(),
            phrases: heapless::Vec::new(),
            sequence: heapless::Vec::new(),
            prefixes: heapless::Vec::new(),
            words: 0,
            query: *query,
            spelt: 0,
            class: Class::Words,
            asked: Role::default(),
            impossible: false,
            strict: false,
            refuses: false,
            lost: 0,
            totals: [1; 3],
            answer: Answer::default(),
            expanded: 0,
            mended: 0,
            groups: 0,
        }
    }

    /// Becomes the analysis of a query, in which phrases that cannot be had are words, unless
    /// it has nothing else. In its place, as it is large for a small machine's stack.
    pub(super) fn read(
        &mut self,
        segments: &[impl Source],
        query: &Query<'q>,
        limits: &Limits,
        rows: &mut [TermRow],
    ) -> Result<(), Error> {
        (self.stats, self.query) = (Stats::new(segments)?, *query);
        self.norms = bm25::Norms::new(self.stats.chunks, self.stats.tokens);
        let (mut lost, mut capped) = (0, false);
        // Words may leave less room for the phrases behind them: so more than one round,
        // but each has a phrase less.
        loop {
            self.read_once(segments, limits, rows)?;
            capped |= self.answer.capped;
            if self.lost == 0 {
                (self.answer.loosened, self.answer.capped) = (lost, capped);
                return Ok(());
            }
            lost |= self.lost;
            self.query = self.query.loosened(self.lost);
        }
    }

    fn read_once(
        &mut self,
        segments: &[impl Source],
        limits: &Limits,
        rows: &mut [TermRow],
    ) -> Result<(), Error> {
        let query = self.query;
        (self.terms, self.words, self.expanded, self.mended, self.groups) = (0, 0, 0, 0, 0);
        self.phrases.clear();
        self.sequence.clear();
        self.prefixes.clear();
        self.answer.corrected.clear();
        (self.answer.capped, self.lost) = (false, 0);
        (self.impossible, self.refuses) = (false, false);
        (self.strict, self.class) = (query.is_strict(), Class::of(spoken(&query)));
        self.filters.read(&query)?;
        let mut reader = Reader { segments, limits, rows, analysis: self };
        reader.all(&query)?;
        reader.weigh();
        let words = spoken(&query).flat_map(text::words);
        self.spelt = words.fold(0, |bits, word| bits | spelling(word.bytes));
        // Words that match nothing leave nothing to enumerate.
        self.impossible |= self.words > 0 && !self.scores(rows);
        if self.words == 0 && self.filters.is_empty() && !self.refuses {
            if query.raw().trim_ascii().is_empty() {
                return Err(Error::Empty);
            }
            // Signs alone are in no list.
            self.impossible = true;
        }
        Ok(())
    }

    /// Whether `name` stands in the query, spelt alike.
    pub(super) fn spells(&self, name: &[u8]) -> bool {
        let mut words = spoken(&self.query).flat_map(text::words);
        self.spelt & spelling(name) != 0 && words.any(|word| word.bytes == name)
    }

    /// Whether any term scores; else every document that the filters let pass
    /// answers.
    pub(super) fn scores(&self, rows: &[TermRow]) -> bool {
        rows.iter().take(self.terms).any(|row| row.is(SCORE))
    }

    pub(super) fn has_phrases(&self) -> bool {
        !self.phrases.is_empty()
    }

    /// Fills `lists` with the lists of every row in `segment`.
    pub(super) fn look_up(
        &self,
        rows: &[TermRow],
        segment: &impl Source,
        lists: &mut [Term],
    ) -> Result<(), Corrupt> {
        for (row, list) in rows.iter().take(self.terms).zip(lists) {
            *list = segment.find(row.term())?.unwrap_or_default();
        }
        Ok(())
    }
}

/// The words of a query outside phrases and filters, as white space parts them.
fn spoken<'q>(query: &Query<'q>) -> impl Iterator<Item = &'q [u8]> {
    let runs = query.clauses().filter_map(|clause| match clause.ask {
        Ask::Words(run) if !clause.not => Some(run),
        _ => None,
    });
    runs.flat_map(|run| run.split(u8::is_ascii_whitespace))
}

/// One bit of 64 that tells most numbers apart.
pub(super) fn sketch(number: u32) -> u64 {
    1 << (number.wrapping_mul(0x9e37_79b9) >> 26)
}

/// A [`sketch`] of a word, by its first and last byte and its length.
fn spelling(word: &[u8]) -> u64 {
    let ends = word.first().zip(word.last());
    ends.map_or(0, |(&first, &last)| sketch(u32::from_le_bytes([first, last, word.len() as u8, 0])))
}
