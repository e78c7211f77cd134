//! From the clauses of a query to rows of terms: words become their terms, prefixes and
//! misspelt words what is nearest to them in all lexicons together.

use super::{
    Ask, Correction, Error, Limits, Query, Source,
    analysis::{Analysis, Phrase},
    stats::{counts, each_with_prefix},
    terms::{EXCLUDE, PHRASE, REQUIRE, SCORE, TermRow, WEAK, WHOLE},
};
use crate::image::within_edits;
use crate::outline::Role;
use crate::rank::{Top, bm25};
use crate::text::{self, Part};
use bytemuck::Zeroable;
use core::cmp::Reverse;

/// Terms of fewer bytes are mended by one edit alone: with two, most words of a
/// language are near to another.
const TWO_EDITS: usize = 8;

/// The roles that terms of a query name.
const ROLES: &[(&[u8], Role)] = &[
    (b"test", Role::TEST),
    (b"spec", Role::TEST),
    (b"fixtur", Role::TEST),
    (b"bench", Role::TEST),
    (b"benchmark", Role::TEST),
    (b"exampl", Role::EXAMPLE),
    (b"demo", Role::EXAMPLE),
    (b"sampl", Role::EXAMPLE),
    (b"doc", Role::DOCS),
    (b"document", Role::DOCS),
    (b"readm", Role::DOCS),
    (b"changelog", Role::DOCS),
    (b"vendor", Role::VENDORED),
    (b"generat", Role::GENERATED),
    (b"legaci", Role::LEGACY),
    (b"compat", Role::LEGACY),
    (b"deprec", Role::LEGACY),
    (b"intern", Role::LEGACY),
];

/// Whether a phrase can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    /// One of its words is in no text.
    Nowhere,
    /// There is no room for all of it.
    Cut,
}

/// Reads a query into rows and their analysis.
pub(super) struct Reader<'m, 'q, S> {
    pub(super) segments: &'m [S],
    pub(super) limits: &'m Limits,
    pub(super) rows: &'m mut [TermRow],
    pub(super) analysis: &'m mut Analysis<'q>,
}

impl<'q, S: Source> Reader<'_, 'q, S> {
    /// Every clause of `query`.
    pub(super) fn all(&mut self, query: &Query<'q>) -> Result<(), Error> {
        for clause in query.clauses() {
            match clause.ask {
                Ask::Words(run) => {
                    for word in text::words(run) {
                        self.asks(1, clause.not);
                        self.word(word.bytes, clause.not)?;
                    }
                }
                Ask::Phrase(run) => {
                    self.asks(2 * u32::from(text::words(run).next().is_some()), clause.not);
                    self.phrase(run, clause.not, clause.bit)?;
                }
                Ask::Prefix(run) => {
                    self.asks(2 * u32::from(text::words(run).next().is_some()), clause.not);
                    self.prefix(run, clause.not)?;
                }
                Ask::Filter(..) => {}
            }
        }
        Ok(())
    }

    fn used(&mut self) -> &mut [TermRow] {
        self.rows.get_mut(..self.analysis.terms).unwrap_or(&mut [])
    }

    /// Counts so many words that are wanted, or not.
    fn asks(&mut self, words: u32, not: bool) {
        self.analysis.words = self.analysis.words.saturating_add(if not { 0 } else { words });
        self.analysis.refuses |= not && words > 0;
    }

    /// Every term of one word.
    fn word(&mut self, word: &'q [u8], not: bool) -> Result<(), Error> {
        let mut result = Ok(());
        text::terms(word, &mut |term, part| {
            if result.is_ok() {
                result = match (not, part) {
                    (false, Part::Only) => self
                        .joined(word, term)
                        .and_then(|joined| self.score((word, term), SCORE, !joined)),
                    (false, Part::Piece) => self.score((word, term), SCORE, true),
                    (false, Part::Whole) => self.score((word, term), SCORE | WHOLE, false),
                    (true, Part::Piece) => Ok(()),
                    (true, Part::Only | Part::Whole) => counts(self.segments, term).map(|counts| {
                        if counts != [0; 3] {
                            self.add(TermRow::new(term, EXCLUDE, counts));
                        }
                    }),
                };
            }
        });
        result
    }

    /// A term of a word that adds to the score; `mend` says whether one that matches nothing
    /// may be misspelt.
    fn score(
        &mut self,
        (word, term): (&'q [u8], &[u8]),
        uses: u8,
        mend: bool,
    ) -> Result<(), Error> {
        if let Some(row) = self.used().iter_mut().find(|row| row.term() == term && row.is(SCORE)) {
            row.times = row.times.saturating_add(1);
            return Ok(());
        }
        let found = counts(self.segments, term)?;
        if found != [0; 3] {
            self.add(TermRow::new(term, uses, found));
        } else if mend && let Some(near) = self.near(term)? {
            let _ = self.analysis.answer.corrected.push(Correction::new(word, &near));
            if !self.used().iter().any(|row| row.term() == near.term() && row.is(SCORE)) {
                self.add(near);
            }
        }
        Ok(())
    }

    /// A lone word may be a name in lower case: names of several pieces are indexed
    /// whole and unstemmed too. Says whether there is such a term.
    fn joined(&mut self, word: &[u8], stem: &[u8]) -> Result<bool, Error> {
        let mut joined = TermRow::zeroed();
        text::whole(word, &mut |term| joined = TermRow::new(term, SCORE, [0; 3]));
        if joined.term() == stem {
            return Ok(false);
        }
        joined.counts = counts(self.segments, joined.term())?;
        let found = joined.counts != [0; 3];
        if found && !self.used().iter().any(|row| row.term() == joined.term()) {
            self.add(joined);
        }
        Ok(found)
    }

    /// The nearest term, of equals the commonest, with the same first byte: one edit
    /// away, or two where the term is long. A final `i` of a stem is also tried as
    /// the `y` that it mostly comes from.
    ///
    /// It walks the terms of a letter, so only as many words are mended as a query
    /// may have terms.
    fn near(&mut self, term: &[u8]) -> Result<Option<TermRow>, Error> {
        const LEAST: usize = 4;
        let long = term.len() >= TWO_EDITS;
        let mends = term.len() >= LEAST && text::may_be_misspelt(term);
        let Some(first) = term.get(..1).filter(|_| mends) else {
            return Ok(None);
        };
        if self.analysis.mended >= self.limits.terms.min(32) {
            self.analysis.answer.capped = true;
            return Ok(None);
        }
        self.analysis.mended += 1;
        let near = |other: &[u8], edits: u32| {
            other.len().abs_diff(term.len()) <= edits as usize
                && (within_edits(term, other, edits) || {
                    let mut row = TermRow::new(other, 0, [0; 3]);
                    let last = row.bytes.get_mut(other.len().saturating_sub(1));
                    last.is_some_and(|b| core::mem::replace(b, b'y') == b'i')
                        && within_edits(term, row.term(), edits)
                })
        };
        let mut best: Option<(u8, TermRow)> = None;
        let most = if long { 2 } else { 1 };
        each_with_prefix(
            self.segments,
            first,
            |other| near(other, most),
            |other, counts| {
                let row = TermRow::new(other, SCORE, counts);
                let far = u8::from(long && !near(other, 1));
                let better = best.as_ref().is_none_or(|(known, best)| {
                    (far, Reverse(row.total()), row.term())
                        < (*known, Reverse(best.total()), best.term())
                });
                if better {
                    best = Some((far, row));
                }
            },
        )?;
        Ok(best.map(|(_, row)| row))
    }

    /// Takes a row; where all are taken the commonest scoring term gives way.
    fn add(&mut self, mut row: TermRow) -> Option<u8> {
        row.group = self.analysis.groups;
        let plain = self.analysis.terms - usize::from(self.analysis.expanded);
        if plain < usize::from(self.limits.terms.min(32)) {
            self.analysis.groups = self.analysis.groups.saturating_add(1);
            return self.push(row);
        }
        self.analysis.answer.capped = true;
        let common = |row: &&mut TermRow| (row.counts.first().copied(), Reverse(row.group));
        let used = self.rows.get_mut(..self.analysis.terms).unwrap_or(&mut []);
        let worst = used.iter_mut().filter(|row| row.uses & !WHOLE == SCORE).max_by_key(common);
        if let Some(worst) = worst
            && (row.uses & !WHOLE != SCORE || worst.counts.first() > row.counts.first())
        {
            row.group = worst.group;
            *worst = row;
        }
        None
    }

    fn push(&mut self, row: TermRow) -> Option<u8> {
        let tag = self.analysis.terms;
        *self.rows.get_mut(tag)? = row;
        self.analysis.terms += 1;
        Some(tag as u8)
    }

    fn phrase(&mut self, run: &[u8], not: bool, bit: u32) -> Result<(), Error> {
        let start = self.analysis.sequence.len() as u8;
        let uses = if not { PHRASE } else { PHRASE | SCORE | REQUIRE };
        let mut fit = Ok(Fit::Whole);
        for word in text::words(run) {
            text::terms(word.bytes, &mut |term, part| {
                if let Ok(known) = fit
                    && known != Fit::Cut
                    && !matches!(part, Part::Whole)
                {
                    fit = self.phrase_term(term, uses).map(|now| now.max(known));
                }
            });
        }
        let mut fit = fit?;
        let end = self.analysis.sequence.len() as u8;
        if end > start && self.analysis.phrases.push(Phrase { not, start, end }).is_err() {
            fit = Fit::Cut;
        }
        match fit {
            Fit::Whole => {}
            // What is cut off a phrase that is not wanted would keep out too much.
            Fit::Cut if not => return Err(Error::PhraseTooLong),
            _ if not => {}
            _ if !self.analysis.strict => {
                self.analysis.lost |= bit;
                self.analysis.answer.capped |= fit == Fit::Cut;
            }
            // What there is room for brings every document that the whole would bring.
            Fit::Cut => self.analysis.answer.capped = true,
            Fit::Nowhere => self.analysis.impossible = true,
        }
        Ok(())
    }

    fn phrase_term(&mut self, term: &[u8], uses: u8) -> Result<Fit, Error> {
        if self.analysis.sequence.is_full() {
            return Ok(Fit::Cut);
        }
        let mut fit = Fit::Whole;
        let known = self.used().iter().position(|row| row.term() == term);
        let tag = match known {
            Some(tag) => {
                if let Some(row) = self.used().get_mut(tag) {
                    row.uses |= uses;
                    let [words, ..] = row.counts;
                    if words == 0 {
                        fit = Fit::Nowhere;
                    }
                }
                tag as u8
            }
            None => {
                let found = counts(self.segments, term)?;
                let [words, ..] = found;
                if words == 0 {
                    fit = Fit::Nowhere;
                }
                match self.add(TermRow::new(term, uses, found)) {
                    Some(tag) => tag,
                    None => return Ok(Fit::Cut),
                }
            }
        };
        let _ = self.analysis.sequence.push(tag);
        Ok(fit)
    }

    fn prefix(&mut self, run: &'q [u8], not: bool) -> Result<(), Error> {
        // `net.tcp*`: the words before the last are plain.
        let count = text::words(run).count();
        for (word, index) in text::words(run).zip(1..) {
            if index < count {
                self.word(word.bytes, not)?;
                continue;
            }
            let mut prefix = TermRow::zeroed();
            text::whole(word.bytes, &mut |term| prefix = TermRow::new(term, 0, [0; 3]));
            if prefix.len > 0 {
                if !not {
                    // Who marks words marks by the first few prefixes.
                    let _ = self.analysis.prefixes.push((word.bytes, self.analysis.groups));
                }
                self.expand(prefix.term(), if not { EXCLUDE } else { SCORE })?;
            }
        }
        Ok(())
    }

    fn expand(&mut self, prefix: &[u8], uses: u8) -> Result<(), Error> {
        let left = self.limits.expansions.min(64) - self.analysis.expanded;
        if left == 0 {
            self.analysis.answer.capped = true;
            return Ok(());
        }
        let start = self.analysis.terms;
        let free = self.rows.get_mut(start..start + usize::from(left)).unwrap_or(&mut []);
        let before = |a: &TermRow, b: &TermRow| {
            (Reverse(a.total()), a.term()) < (Reverse(b.total()), b.term())
        };
        let group = self.analysis.groups;
        let mut top = Top::new(free);
        let mut total = [0u32; 3];
        each_with_prefix(
            self.segments,
            prefix,
            |_| true,
            |term, counts| {
                top.push(TermRow { group, ..TermRow::new(term, uses, counts) }, &before);
            },
        )?;
        let kept = top.into_sorted(&before);
        for row in &*kept {
            total.iter_mut().zip(row.counts).for_each(|(sum, n)| *sum = sum.saturating_add(n));
        }
        // All of them weigh as one term that occurs as often as they together.
        kept.iter_mut().for_each(|row| row.counts = total);
        let kept = kept.len();
        self.analysis.terms += kept;
        self.analysis.expanded += kept as u16;
        self.analysis.groups = self.analysis.groups.saturating_add(1);
        Ok(())
    }

    /// Weights from counts.
    pub(super) fn weigh(&mut self) {
        let stats = self.analysis.stats;
        let bodies = [stats.chunks, stats.symbols, stats.documents];
        let [words, ..] = WEAK;
        for ((family, body), weak) in bodies.into_iter().enumerate().zip(WEAK) {
            let idf =
                |row: &TermRow| row.counts.get(family).map_or(0, |&count| bm25::idf(body, count));
            // A phrase has to be in the text, so all of its words count there.
            let scoring =
                |row: &TermRow| row.is(SCORE) && (weak != words || !row.is(PHRASE | REQUIRE));
            let rarest = self.used().iter().filter(|row| row.is(SCORE)).map(idf).max().unwrap_or(0);
            for row in self.used().iter_mut().filter(|row| scoring(row) && idf(row) < rarest / 8) {
                row.uses |= weak;
            }
        }
        let (mut totals, mut asked) = ([0i32; 3], Role::default());
        let mut last = None;
        for row in self.used() {
            let parts = text::parts(row.term());
            for ((weight, count), body) in row.weights.iter_mut().zip(row.counts).zip(bodies) {
                *weight = bm25::idf(body, count) * i32::from(row.times.clamp(1, 4)) / parts;
            }
            // Its pieces count too, and where it occurs they do.
            if row.uses & WHOLE != 0
                && let Some(words) = row.weights.first_mut()
            {
                *words = (*words / 2).max(1);
            }
            let named = ROLES.iter().filter(|(term, _)| row.is(SCORE) && *term == row.term());
            asked = named.fold(asked, |asked, &(_, role)| asked | role);
            if row.is(SCORE) && last != Some(row.group) {
                for ((sum, weight), weak) in totals.iter_mut().zip(row.weights).zip(WEAK) {
                    *sum += if row.is(weak) { 0 } else { weight };
                }
                last = Some(row.group);
            }
        }
        self.analysis.totals = totals.map(|total| total.max(1));
        self.analysis.asked = asked;
    }
}
