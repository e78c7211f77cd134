//! From the bytes of a query to weighted terms, with the statistics of the whole
//! body. Nothing here depends on how the body is cut into segments.

use super::{
    Answer, Ask, Error, Limits, Query,
    filter::{Filter, Filters},
    room::Room,
    within,
};
use crate::bits::u32_at;
use crate::image::{Corrupt, Cursor, Family, List, Segment, Term, len_value, within_edits};
use crate::outline::Role;
use crate::rank::{Class, Top, bm25};
use crate::text::{self, Part, TERM_MAX};
use bytemuck::{Pod, Zeroable};
use core::cmp::Reverse;

/// A term of a query.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct TermRow {
    bytes: [u8; TERM_MAX],
    len: u8,
    uses: u8,
    /// Terms that a prefix expanded to share one.
    pub(super) group: u8,
    times: u8,
    /// Weight by family.
    pub(super) weights: [i32; 3],
    /// Live postings by family.
    counts: [u32; 3],
}

/// Adds to the score.
pub(super) const SCORE: u8 = 1;
/// Must not be in the document.
pub(super) const EXCLUDE: u8 = 2;
/// Must be in the document.
pub(super) const REQUIRE: u8 = 4;
/// Belongs to a phrase.
const PHRASE: u8 = 8;
/// Several pieces of one word joined.
const WHOLE: u8 = 16;
/// By family: says next to nothing beside the others there, having less than an
/// eighth of the weight of the rarest. Such terms find documents like others, but
/// no feature of the family looks at them: they are most of the postings and change
/// hardly any order. A word that is common in texts may be rare among paths.
pub(super) const WEAK: [u8; 3] = [32, 64, 128];

/// Terms of fewer bytes are mended by one edit alone: with two, most words of a
/// language are near to another.
const TWO_EDITS: usize = 8;

impl TermRow {
    fn new(term: &[u8], uses: u8, counts: [u32; 3]) -> Self {
        let mut row =
            Self { len: term.len().min(TERM_MAX) as u8, uses, times: 1, counts, ..Self::zeroed() };
        row.bytes.iter_mut().zip(term).for_each(|(slot, &b)| *slot = b);
        row
    }

    pub(super) fn term(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or(&[])
    }

    /// Its first four bytes, the first one lowest; zeros behind a shorter term.
    pub(super) fn begins(&self) -> u32 {
        u32_at(&self.bytes, 0).unwrap_or(0)
    }

    pub(super) fn is(&self, uses: u8) -> bool {
        self.uses & uses != 0
    }

    fn total(&self) -> u32 {
        self.counts.iter().fold(0, |sum, &count| sum.saturating_add(count))
    }
}

/// A word that matched nothing, and what was searched in its stead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction {
    from: [u8; TERM_MAX],
    from_len: u8,
    to: [u8; TERM_MAX],
    to_len: u8,
}

impl Correction {
    fn new(from: &[u8], to: &[u8]) -> Self {
        let (from, to) = (TermRow::new(from, 0, [0; 3]), TermRow::new(to, 0, [0; 3]));
        Self { from: from.bytes, from_len: from.len, to: to.bytes, to_len: to.len }
    }

    /// The term of the query, lower-cased and stemmed.
    pub fn from(&self) -> &[u8] {
        self.from.get(..usize::from(self.from_len)).unwrap_or(&[])
    }

    /// The term of the body. Terms are stems: `retri` stands for `retry` and `retries`.
    pub fn to(&self) -> &[u8] {
        self.to.get(..usize::from(self.to_len)).unwrap_or(&[])
    }
}

/// Sums over the live documents of all segments.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stats {
    pub(super) documents: u32,
    pub(super) chunks: u32,
    pub(super) symbols: u32,
    tokens: u64,
}

impl Stats {
    /// Tokens of a document in the mean, at least one.
    pub(super) fn mean_tokens(&self) -> u64 {
        (self.tokens / u64::from(self.documents.max(1))).max(1)
    }

    fn new(segments: &[Segment<'_>]) -> Result<Self, Error> {
        let mut stats = Self::default();
        for (index, segment) in segments.iter().enumerate() {
            let meta = segment.image.meta();
            let (mut dead, mut chunks, mut symbols, mut tokens) = (0u32, 0u32, 0u32, 0u64);
            for id in segment.dead() {
                let doc = within(index, segment.image.docs().get(id))?;
                dead += 1;
                chunks = chunks.saturating_add(doc.end_chunk.0 - doc.first_chunk.0);
                symbols = symbols.saturating_add(doc.end_symbol.0 - doc.first_symbol.0);
                let lens = segment.image.chunks().lens();
                let range = doc.first_chunk.0 as usize..doc.end_chunk.0 as usize;
                for &code in lens.get(range).unwrap_or(&[]) {
                    tokens += u64::from(len_value(code));
                }
            }
            let add = |sum: u32, all: u32, gone: u32| sum.saturating_add(all.saturating_sub(gone));
            stats.documents = add(stats.documents, meta.documents, dead);
            stats.chunks = add(stats.chunks, meta.chunks, chunks);
            stats.symbols = add(stats.symbols, meta.symbols, symbols);
            stats.tokens = stats.tokens.saturating_add(meta.tokens.saturating_sub(tokens));
        }
        Ok(stats)
    }
}

/// A phrase: a range of the plan's sequence of terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phrase {
    pub(super) not: bool,
    pub(super) start: u8,
    pub(super) end: u8,
}

/// The phrases of one query.
pub(super) const PHRASES: usize = 16;

/// What a query asks for, ready to be looked up in any segment.
pub(super) struct Plan<'q> {
    /// How many rows of [`Room::terms`] are in use.
    pub(super) terms: usize,
    pub(super) stats: Stats,
    pub(super) norms: bm25::Norms,
    pub(super) filters: Filters<'q>,
    pub(super) phrases: heapless::Vec<Phrase, PHRASES>,
    /// Rows of the terms of phrases, in order.
    pub(super) sequence: heapless::Vec<u8, 32>,
    /// Words of the query; a phrase or a prefix counts as two.
    pub(super) words: u32,
    query: Query<'q>,
    /// A [`sketch`] of how its words are spelt: few names are spelt like one.
    spelt: u64,
    /// What kind of question it is.
    pub(super) class: Class,
    /// Roles that the query asks for: no file is worse for having them.
    pub(super) asked: Role,
    /// No document can answer.
    pub(super) impossible: bool,
    /// The query is phrases alone.
    strict: bool,
    /// It wants something kept out.
    refuses: bool,
    /// Phrases that no document can hold, or that there is no room for.
    lost: u32,
    /// Sum of the weights of all groups, by family; at least 1.
    pub(super) totals: [i32; 3],
    pub(super) answer: Answer,
    expanded: u16,
    /// Words that near terms were looked for.
    mended: u16,
    groups: u8,
}

pub(super) const FAMILIES: [Family; 3] = [Family::Words, Family::Names, Family::Paths];

impl<'q> Plan<'q> {
    /// The plan of a query, in which phrases that cannot be had are words, unless it has
    /// nothing else.
    pub(super) fn new(
        segments: &[Segment<'_>],
        query: &Query<'q>,
        limits: &Limits,
        room: &mut Room<'_>,
    ) -> Result<Self, Error> {
        let (mut query, mut lost, mut capped) = (*query, 0, false);
        // Words may leave less room for the phrases behind them: so more than one round,
        // but each has a phrase less.
        loop {
            let mut plan = Self::read(segments, &query, limits, room)?;
            capped |= plan.answer.capped;
            if plan.lost == 0 {
                (plan.answer.loosened, plan.answer.capped) = (lost, capped);
                return Ok(plan);
            }
            lost |= plan.lost;
            query = query.loosened(plan.lost);
        }
    }

    fn read(
        segments: &[Segment<'_>],
        query: &Query<'q>,
        limits: &Limits,
        room: &mut Room<'_>,
    ) -> Result<Self, Error> {
        let stats = Stats::new(segments)?;
        let mut plan = Self {
            terms: 0,
            stats,
            norms: bm25::Norms::new(stats.chunks, stats.tokens),
            filters: Filters::default(),
            phrases: heapless::Vec::new(),
            sequence: heapless::Vec::new(),
            words: 0,
            query: *query,
            spelt: 0,
            class: Class::of(spoken(query)),
            asked: Role::default(),
            impossible: false,
            strict: query.is_strict(),
            refuses: false,
            lost: 0,
            totals: [1; 3],
            answer: Answer::default(),
            expanded: 0,
            mended: 0,
            groups: 0,
        };
        let mut maker = Maker { segments, limits, rows: &mut *room.terms, plan: &mut plan };
        for clause in query.clauses() {
            match clause.ask {
                Ask::Words(run) => {
                    for word in text::words(run) {
                        maker.asks(1, clause.not);
                        maker.word(word.bytes, clause.not)?;
                    }
                }
                Ask::Phrase(run) => {
                    maker.asks(2 * u32::from(text::words(run).next().is_some()), clause.not);
                    maker.phrase(run, clause.not, clause.bit)?;
                }
                Ask::Prefix(run) => {
                    maker.asks(2 * u32::from(text::words(run).next().is_some()), clause.not);
                    maker.prefix(run, clause.not)?;
                }
                Ask::Filter(field, value) => {
                    let filter =
                        Filter::new(clause.not, field, value).ok_or(Error::UnknownValue(field))?;
                    maker.plan.filters.push(filter)?;
                }
            }
        }
        maker.weigh();
        let words = spoken(query).flat_map(text::words);
        plan.spelt = words.fold(0, |bits, word| bits | spelling(word.bytes));
        if plan.words == 0 && plan.filters.is_empty() && !plan.refuses {
            if query.raw().trim_ascii().is_empty() {
                return Err(Error::Empty);
            }
            // Signs alone are in no list.
            plan.impossible = true;
        }
        // Words that match nothing leave nothing to enumerate.
        plan.impossible |= plan.words > 0 && !plan.scores(room.terms);
        Ok(plan)
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
        segment: &Segment<'_>,
        lists: &mut [Term],
    ) -> Result<(), Corrupt> {
        for (row, list) in rows.iter().take(self.terms).zip(lists) {
            *list = segment.image.lexicon().find(row.term())?.unwrap_or_default();
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

/// Postings of `list` that are alive.
fn alive(segment: &Segment<'_>, family: Family, list: List) -> Result<u32, Corrupt> {
    let mut count = list.count;
    if segment.dead.is_empty() || count == 0 {
        return Ok(count);
    }
    let postings = segment.image.postings();
    let mut cursor = Cursor::new(list, postings, None)?;
    for id in segment.dead() {
        let doc = segment.image.docs().get(id)?;
        let (start, end) = match family {
            Family::Words => (doc.first_chunk.0, doc.end_chunk.0),
            Family::Names => (doc.first_symbol.0, doc.end_symbol.0),
            Family::Paths => (id.0, id.0 + 1),
        };
        cursor.seek(postings, start, None)?;
        while cursor.id < end {
            count -= 1;
            cursor.next(postings, None)?;
        }
    }
    Ok(count)
}

/// Adds the live postings of a term of one segment to `sums`, by family.
fn add_alive(sums: &mut [u32; 3], segment: &Segment<'_>, found: Term) -> Result<(), Corrupt> {
    for (sum, family) in sums.iter_mut().zip(FAMILIES) {
        *sum = sum.saturating_add(alive(segment, family, found.list(family))?);
    }
    Ok(())
}

/// Live postings of `term` by family, over all segments.
fn counts(segments: &[Segment<'_>], term: &[u8]) -> Result<[u32; 3], Error> {
    let mut sums = [0u32; 3];
    for (index, segment) in segments.iter().enumerate() {
        if let Some(found) = within(index, segment.image.lexicon().find(term))? {
            within(index, add_alive(&mut sums, segment, found))?;
        }
    }
    Ok(sums)
}

/// Calls `visit` once for every live term that starts with `prefix`, with its
/// counts over all segments.
fn each_with_prefix(
    segments: &[Segment<'_>],
    prefix: &[u8],
    accept: impl Fn(&[u8]) -> bool,
    mut visit: impl FnMut(&[u8], [u32; 3]),
) -> Result<(), Error> {
    for (index, segment) in segments.iter().enumerate() {
        let (earlier, rest) = segments.split_at_checked(index).unwrap_or((segments, &[]));
        let later = rest.get(1..).unwrap_or(&[]);
        let result = segment.image.lexicon().with_prefix(prefix, |term, found| {
            if !accept(term) {
                return Ok(());
            }
            for segment in earlier {
                if segment.image.lexicon().find(term)?.is_some() {
                    return Ok(());
                }
            }
            let mut sums = [0u32; 3];
            add_alive(&mut sums, segment, found)?;
            for segment in later {
                if let Some(found) = segment.image.lexicon().find(term)? {
                    add_alive(&mut sums, segment, found)?;
                }
            }
            if sums != [0; 3] {
                visit(term, sums);
            }
            Ok(())
        });
        within(index, result)?;
    }
    Ok(())
}

/// Whether a phrase can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    /// One of its words is in no text.
    Nowhere,
    /// There is no room for all of it.
    Cut,
}

struct Maker<'m, 'a, 'q> {
    segments: &'m [Segment<'a>],
    limits: &'m Limits,
    rows: &'m mut [TermRow],
    plan: &'m mut Plan<'q>,
}

impl Maker<'_, '_, '_> {
    fn used(&mut self) -> &mut [TermRow] {
        self.rows.get_mut(..self.plan.terms).unwrap_or(&mut [])
    }

    /// Counts so many words that are wanted, or not.
    fn asks(&mut self, words: u32, not: bool) {
        self.plan.words = self.plan.words.saturating_add(if not { 0 } else { words });
        self.plan.refuses |= not && words > 0;
    }

    /// Every term of one word.
    fn word(&mut self, word: &[u8], not: bool) -> Result<(), Error> {
        let mut result = Ok(());
        text::terms(word, &mut |term, part| {
            if result.is_ok() {
                result = match (not, part) {
                    (false, Part::Only) => {
                        self.joined(word, term).and_then(|joined| self.score(term, SCORE, !joined))
                    }
                    (false, Part::Piece) => self.score(term, SCORE, true),
                    (false, Part::Whole) => self.score(term, SCORE | WHOLE, false),
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

    /// A term that adds to the score; `mend` says whether one that matches nothing
    /// may be misspelt.
    fn score(&mut self, term: &[u8], uses: u8, mend: bool) -> Result<(), Error> {
        if let Some(row) = self.used().iter_mut().find(|row| row.term() == term && row.is(SCORE)) {
            row.times = row.times.saturating_add(1);
            return Ok(());
        }
        let found = counts(self.segments, term)?;
        if found != [0; 3] {
            self.add(TermRow::new(term, uses, found));
        } else if mend && let Some(near) = self.near(term)? {
            let _ = self.plan.answer.corrected.push(Correction::new(term, near.term()));
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
        if self.plan.mended >= self.limits.terms.min(32) {
            self.plan.answer.capped = true;
            return Ok(None);
        }
        self.plan.mended += 1;
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
        row.group = self.plan.groups;
        let plain = self.plan.terms - usize::from(self.plan.expanded);
        if plain < usize::from(self.limits.terms.min(32)) {
            self.plan.groups = self.plan.groups.saturating_add(1);
            return self.push(row);
        }
        self.plan.answer.capped = true;
        let common = |row: &&mut TermRow| (row.counts.first().copied(), Reverse(row.group));
        let used = self.rows.get_mut(..self.plan.terms).unwrap_or(&mut []);
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
        let tag = self.plan.terms;
        *self.rows.get_mut(tag)? = row;
        self.plan.terms += 1;
        Some(tag as u8)
    }

    fn phrase(&mut self, run: &[u8], not: bool, bit: u32) -> Result<(), Error> {
        let start = self.plan.sequence.len() as u8;
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
        let end = self.plan.sequence.len() as u8;
        if end > start && self.plan.phrases.push(Phrase { not, start, end }).is_err() {
            fit = Fit::Cut;
        }
        match fit {
            Fit::Whole => {}
            // What is cut off a phrase that is not wanted would keep out too much.
            Fit::Cut if not => return Err(Error::PhraseTooLong),
            _ if not => {}
            _ if !self.plan.strict => {
                self.plan.lost |= bit;
                self.plan.answer.capped |= fit == Fit::Cut;
            }
            // What there is room for brings every document that the whole would bring.
            Fit::Cut => self.plan.answer.capped = true,
            Fit::Nowhere => self.plan.impossible = true,
        }
        Ok(())
    }

    fn phrase_term(&mut self, term: &[u8], uses: u8) -> Result<Fit, Error> {
        if self.plan.sequence.is_full() {
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
        let _ = self.plan.sequence.push(tag);
        Ok(fit)
    }

    fn prefix(&mut self, run: &[u8], not: bool) -> Result<(), Error> {
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
                self.expand(prefix.term(), if not { EXCLUDE } else { SCORE })?;
            }
        }
        Ok(())
    }

    fn expand(&mut self, prefix: &[u8], uses: u8) -> Result<(), Error> {
        let left = self.limits.expansions.min(64) - self.plan.expanded;
        if left == 0 {
            self.plan.answer.capped = true;
            return Ok(());
        }
        let start = self.plan.terms;
        let free = self.rows.get_mut(start..start + usize::from(left)).unwrap_or(&mut []);
        let before = |a: &TermRow, b: &TermRow| {
            (Reverse(a.total()), a.term()) < (Reverse(b.total()), b.term())
        };
        let group = self.plan.groups;
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
        self.plan.terms += kept;
        self.plan.expanded += kept as u16;
        self.plan.groups = self.plan.groups.saturating_add(1);
        Ok(())
    }

    /// Weights from counts.
    fn weigh(&mut self) {
        let stats = self.plan.stats;
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
        self.plan.totals = totals.map(|total| total.max(1));
        self.plan.asked = asked;
    }
}
