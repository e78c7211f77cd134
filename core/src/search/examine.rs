//! The features of the candidates, one document at a time in the order of ids, so
//! that every list is walked once.

use super::{
    Error,
    pool::{Row, Words, from_table, name_score, open, share},
    room::Room,
    scan::Signal,
    terms::{Plan, SCORE, TermRow},
    within,
};
use crate::image::{ChunkId, Corrupt, Cursor, Decoded, Doc, DocId, Family, Segment, SymbolId};
use crate::rank::{Features, Weights, features::Feature};

/// Gives the first `used` rows their scores, best chunks and counts of others.
pub(super) fn rank<'r>(
    segments: &[Segment<'_>],
    plan: &Plan<'_>,
    weights: &Weights,
    used: usize,
    room: &'r mut Room<'_>,
) -> Result<(&'r mut [Row], &'r [TermRow]), Error> {
    let weights = if plan.symbol { &weights.symbol } else { &weights.words };
    let rows = room.rows.get_mut(..used).unwrap_or(&mut []);
    let best = rows.iter().fold(1, |best, row| {
        let [words, ..] = row.signals;
        best.max(words)
    });
    let third = room.cursors.len() / 3;
    let terms: &[TermRow] = room.terms;
    for group in rows.chunk_by_mut(|a, b| a.segment == b.segment) {
        let Some(index) = group.first().map(|row| row.segment as usize) else { continue };
        let Some(segment) = segments.get(index) else { continue };
        let (words, rest) = room.cursors.split_at_mut_checked(third).unwrap_or((&mut [], &mut []));
        let (names, paths) = rest.split_at_mut_checked(third).unwrap_or((&mut [], &mut []));
        let slots = &mut *room.slots;
        let window = &mut *room.window;
        let mut examine = || {
            let used = open(plan, terms, segment, Family::Words, words, slots)?;
            let words = words.get_mut(..used).unwrap_or(&mut []);
            let used = open(plan, terms, segment, Family::Names, names, &mut [])?;
            let names = names.get_mut(..used).unwrap_or(&mut []);
            let used = open(plan, terms, segment, Family::Paths, paths, &mut [])?;
            let paths = paths.get_mut(..used).unwrap_or(&mut []);
            let lens = segment.image.chunks().lens();
            let seen = Seen { segment, plan, terms, best };
            match room.table.as_deref() {
                Some(table) => {
                    let signal = Words { lens, part: from_table(table) };
                    Examiner { seen, words, names, paths, slots, window, signal }
                        .all(group, weights)
                }
                None => {
                    let part = |freq, len| plan.norms.part(freq, len);
                    let signal = Words { lens, part };
                    Examiner { seen, words, names, paths, slots, window, signal }
                        .all(group, weights)
                }
            }
        };
        within(index, examine())?;
    }
    Ok((rows, terms))
}

/// What all candidates of a segment share.
struct Seen<'e, 'a, 'q> {
    segment: &'e Segment<'a>,
    plan: &'e Plan<'q>,
    terms: &'e [TermRow],
    /// The best chunk's BM25 score over all segments.
    best: i32,
}

struct Examiner<'e, 'a, 'q, S> {
    seen: Seen<'e, 'a, 'q>,
    words: &'e mut [Cursor],
    names: &'e mut [Cursor],
    paths: &'e mut [Cursor],
    slots: &'e mut [Decoded],
    window: &'e mut [i32],
    signal: S,
}

/// The chunks of one document.
#[derive(Default)]
struct Chunks {
    /// BM25 and terms of the chunk to show, which the name may have decided.
    shown: Option<(i32, ChunkId)>,
    /// Groups in the best chunk by BM25.
    groups: u32,
    /// Groups in any chunk.
    all_groups: u32,
    /// The three best scores.
    best: [i32; 3],
    /// Chunks with at least half the score known from the pool.
    strong: u16,
}

/// The defined names of one document.
#[derive(Default)]
struct Defined {
    best: i32,
    chunk: Option<ChunkId>,
    groups: u32,
    exact: i32,
}

/// The path of one document.
#[derive(Default)]
struct PathMatch {
    file: u32,
    folders: u32,
    pieces: i32,
}

fn bit(row: &TermRow) -> u32 {
    1 << row.group.min(31)
}

impl Seen<'_, '_, '_> {
    fn row(&self, cursor: &Cursor) -> Option<&TermRow> {
        self.terms.get(usize::from(cursor.tag))
    }

    /// The weight of some groups in a family.
    fn weight(&self, groups: u32, family: usize) -> i32 {
        let mut last = None;
        let mut sum = 0i32;
        for row in self.terms.iter().take(self.plan.terms).filter(|row| row.is(SCORE)) {
            if groups & bit(row) != 0 && last != Some(row.group) {
                sum = sum.saturating_add(row.weights.get(family).copied().unwrap_or(0));
                last = Some(row.group);
            }
        }
        sum
    }
}

impl<S: Signal> Examiner<'_, '_, '_, S> {
    fn all(
        mut self,
        rows: &mut [Row],
        weights: &[i32; crate::rank::features::FEATURES],
    ) -> Result<(), Corrupt> {
        for row in rows {
            let doc = self.seen.segment.image.docs().get(DocId(row.doc))?;
            let [known, ..] = row.signals;
            let names = self.names(&doc)?;
            let chunks = self.chunks(&doc, known, &names)?;
            if let Some((_, chunk)) = chunks.shown {
                row.chunk = chunk.0;
            } else if let Some(chunk) = names.chunk {
                row.chunk = chunk.0;
            }
            row.others = chunks.strong;
            row.score = if row.pooled == 1 {
                let path = self.path(row.doc)?;
                self.features(&doc, &chunks, &names, &path).score(weights)
            } else {
                known
            };
        }
        Ok(())
    }

    fn names(&mut self, doc: &Doc<'_>) -> Result<Defined, Corrupt> {
        let mut defined = Defined::default();
        let postings = self.seen.segment.image.postings();
        for cursor in &mut *self.names {
            cursor.seek(postings, doc.first_symbol.0, None)?;
        }
        loop {
            let id = self.names.iter().map(|c| c.id).min().unwrap_or(Cursor::END);
            if id >= doc.end_symbol.0 {
                return Ok(defined);
            }
            let mut sum = 0i32;
            for cursor in self.names.iter_mut().filter(|cursor| cursor.id == id) {
                sum = sum.saturating_add(name_score(cursor.weight, cursor.code));
                if let Some(row) = self.seen.row(cursor) {
                    defined.groups |= bit(row);
                }
                if cursor.code == 0 {
                    defined.exact = defined.exact.max(cursor.weight);
                }
                cursor.next(postings, None)?;
            }
            if sum > defined.best {
                let chunk = self.seen.segment.image.symbols().get(SymbolId(id))?.chunk;
                if self.seen.plan.filters.chunk(self.seen.segment, doc, chunk)? {
                    (defined.best, defined.chunk) = (sum, Some(chunk));
                }
            }
        }
    }

    fn chunks(&mut self, doc: &Doc<'_>, known: i32, names: &Defined) -> Result<Chunks, Corrupt> {
        let mut found = Chunks::default();
        let mut shown_key = 0;
        let mut shown_strong = false;
        let half = self.window.len() / 2;
        let (sums, groups) = self.window.split_at_mut_checked(half).unwrap_or((&mut [], &mut []));
        let postings = self.seen.segment.image.postings();
        let mut base = doc.first_chunk.0;
        while base < doc.end_chunk.0 && half > 0 {
            let end = base.saturating_add(half as u32).min(doc.end_chunk.0);
            let count = (end - base) as usize;
            sums.iter_mut().take(count).for_each(|sum| *sum = 0);
            groups.iter_mut().take(count).for_each(|groups| *groups = 0);
            for cursor in &mut *self.words {
                let mut slot = self.slots.get_mut(usize::from(cursor.tag));
                let bit = self.seen.terms.get(usize::from(cursor.tag)).map_or(0, bit);
                cursor.seek(postings, base, slot.as_deref_mut())?;
                while cursor.id < end {
                    let at = (cursor.id - base) as usize;
                    let score = self.signal.score(cursor.weight, cursor.code, cursor.id);
                    if let (Some(sum), Some(groups)) = (sums.get_mut(at), groups.get_mut(at)) {
                        *sum = sum.saturating_add(score.unwrap_or(0));
                        *groups |= bit as i32;
                    }
                    cursor.next(postings, slot.as_deref_mut())?;
                }
            }
            for ((&sum, &groups), id) in sums.iter().zip(&*groups).take(count).zip(base..) {
                let id = ChunkId(id);
                if sum == 0 || !self.seen.plan.filters.chunk(self.seen.segment, doc, id)? {
                    continue;
                }
                let [first, second, third] = found.best;
                found.all_groups |= groups as u32;
                if sum > first {
                    found.best = [sum, first, second];
                    found.groups = groups as u32;
                } else if sum > second {
                    found.best = [first, sum, second];
                } else if sum > third {
                    found.best = [first, second, sum];
                }
                let strong = known > 0 && i64::from(sum) * 2 >= i64::from(known);
                found.strong = found.strong.saturating_add(u16::from(strong));
                let named = if names.chunk == Some(id) { names.best } else { 0 };
                let key = sum.saturating_add(named);
                if key > shown_key {
                    shown_key = key;
                    shown_strong = strong;
                    found.shown = Some((sum, id));
                }
            }
            base = end;
        }
        found.strong = found.strong.saturating_sub(u16::from(shown_strong));
        Ok(found)
    }

    fn path(&mut self, doc: u32) -> Result<PathMatch, Corrupt> {
        let mut path = PathMatch::default();
        let postings = self.seen.segment.image.postings();
        for cursor in &mut *self.paths {
            cursor.seek(postings, doc, None)?;
            if cursor.id != doc {
                continue;
            }
            let bit = self.seen.terms.get(usize::from(cursor.tag)).map_or(0, bit);
            if cursor.code & 1 != 0 {
                path.file |= bit;
                path.pieces += 1;
            }
            if cursor.code & 2 != 0 {
                path.folders |= bit;
            }
        }
        Ok(path)
    }

    fn features(
        &self,
        doc: &Doc<'_>,
        chunks: &Chunks,
        names: &Defined,
        path: &PathMatch,
    ) -> Features {
        let Seen { plan, best, .. } = self.seen;
        let [all_words, all_names, all_paths] = plan.totals;
        let [first, second, third] = chunks.best;
        let mut features = Features::default();
        features.set(Feature::Best, share(first, best));
        features.set(Feature::Second, share(second, best));
        features.set(Feature::Third, share(third, best));
        features.set(Feature::Absolute, share(first, all_words));
        let covered = |groups, family, all| share(self.seen.weight(groups, family), all);
        features.set(Feature::ChunkCoverage, covered(chunks.groups, 0, all_words));
        features.set(Feature::DocCoverage, covered(chunks.all_groups, 0, all_words));
        features.set(Feature::Name, share(names.best, all_names));
        features.set(Feature::Names, covered(names.groups, 1, all_names));
        features.set(Feature::Exact, share(names.exact, all_names));
        let file = covered(path.file, 2, all_paths);
        let whole = share(path.pieces, i32::from(doc.name_terms));
        features.set(Feature::FileName, file);
        features.set(Feature::FileNameCovered, whole);
        features.set(Feature::Folders, covered(path.folders, 2, all_paths));
        features.set(Feature::FileNameEqual, file * whole / 1024);
        features.set_role(doc.role);
        features.set(Feature::Depth, i32::from(doc.folders.min(16)) * 64);
        features
    }
}
