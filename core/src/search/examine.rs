//! The features of the candidates, one document at a time in the order of ids, so
//! that every list is walked once.

use super::{
    Error, Postings, Source,
    analysis::{Analysis, sketch},
    collect::open,
    defined::{Defined, Names},
    pool::{Row, share},
    room::{Kept, ROWS, Scanning},
    scan::Worth,
    scores::Words,
    terms::{SCORE, TermRow, WEAK},
    within,
};
use crate::image::{
    ChunkId, Corrupt, Cursor, Decoded, Doc, DocId, Family, Term, freq_value, len_value,
};
use crate::outline::Role;
use crate::rank::{
    Class, Features, Weights, bm25,
    features::{FEATURES, Feature, is_markup},
};

/// Gives the first `used` rows their scores, best chunks and counts of others;
/// those behind the pool only where the `wanted` hits may reach them. `visit` sees
/// every candidate with its features.
pub(super) fn rank(
    segments: &[impl Source],
    analysis: &Analysis<'_>,
    weights: &Weights,
    (used, wanted): (usize, usize),
    (kept, scanning): (&mut Kept<'_>, &mut Scanning<'_>),
    visit: &mut impl FnMut(&Row, &Features),
) -> Result<(), Error> {
    let weights = weights.of(analysis.class);
    let Kept { terms, rows } = kept;
    let terms: &[TermRow] = terms;
    let Scanning { lists, cursors, window, slots, table, .. } = scanning;
    let rows = rows.get_mut(..used).unwrap_or_default();
    let pooled = rows.iter().filter(|row| row.pooled == 1).count();
    let all = wanted > pooled || analysis.has_phrases();
    let best = rows.iter().fold(1, |best, row| best.max(row.words()));
    let half = cursors.len() / 2;
    let beginnings = beginnings(analysis, terms).fold(0, |bits, (begins, _)| bits | sketch(begins));
    let mut group_weights = [[0; 3]; 32];
    let mut last = None;
    for row in terms.iter().take(analysis.terms).filter(|row| row.is(SCORE)) {
        if last != Some(row.group)
            && let Some(sums) = group_weights.get_mut(bit(row).trailing_zeros() as usize)
        {
            for ((sum, weight), weak) in sums.iter_mut().zip(row.weights).zip(WEAK) {
                *sum += if row.is(weak) { 0 } else { weight };
            }
        }
        last = Some(row.group);
    }
    let mean = analysis.stats.mean_tokens();
    let [weak_words, weak_names, _] = WEAK;
    let mut rest = &mut *rows;
    while let Some(first) = rest.first() {
        let index = usize::from(first.segment);
        let count = rest.iter().take_while(|row| usize::from(row.segment) == index).count();
        let Some((group, others)) = core::mem::take(&mut rest).split_at_mut_checked(count) else {
            break;
        };
        rest = others;
        let Some(segment) = segments.get(index) else { continue };
        let (words, names) = cursors.split_at_mut_checked(half).unwrap_or_default();
        let (slots, lists, window) = (&mut **slots, &mut **lists, &mut **window);
        let mut examine = || {
            analysis.look_up(terms, segment, lists)?;
            let seen = Seen {
                segment,
                analysis,
                terms,
                weights: group_weights,
                beginnings,
                best,
                mean,
                all,
            };
            seen.paths(group, lists, slots)?;
            let half = slots.len() / 2;
            let (slots, name_slots) = slots.split_at_mut_checked(half).unwrap_or_default();
            let used =
                open(analysis, terms, lists, segment, (Family::Words, weak_words), words, slots)?;
            let words = words.get_mut(..used).unwrap_or_default();
            let named = (Family::Names, weak_names);
            let used = open(analysis, terms, lists, segment, named, names, name_slots)?;
            let names = Names::new(names.get_mut(..used).unwrap_or_default(), name_slots);
            let score = Words::new(segment.lengths(), &analysis.norms, table.first());
            Examiner { seen, words, names, slots, window, score, often: [0; ROWS] }
                .all(group, weights, visit)
        };
        within(index, examine())?;
    }
    Ok(())
}

/// What all candidates of a segment share.
pub(super) struct Seen<'e, 'q, S> {
    pub(super) segment: &'e S,
    pub(super) analysis: &'e Analysis<'q>,
    pub(super) terms: &'e [TermRow],
    /// Weights by [`bit`] and family; those of terms of one group are alike.
    weights: [[i32; 3]; 32],
    /// A [`sketch`] of how they begin: few words of paths begin so.
    beginnings: u64,
    /// The best chunk's BM25 score over all segments.
    best: i32,
    /// The mean length of a document.
    mean: u64,
    /// Whether rows behind the pool count.
    all: bool,
}

struct Examiner<'e, 'q, S> {
    seen: Seen<'e, 'q, S>,
    words: &'e mut [Cursor],
    names: Names<'e>,
    slots: &'e mut [Decoded],
    window: &'e mut [i32],
    score: Words<'e>,
    /// How often each term was met in the document at hand, by cursor.
    often: [u32; ROWS],
}

/// The chunks of one document.
#[derive(Default)]
struct Chunks {
    /// The chunk to show, which the name may have decided.
    shown: Option<ChunkId>,
    /// Groups in the best chunk by BM25.
    groups: u32,
    /// Groups in any chunk.
    all_groups: u32,
    /// The best scores.
    best: [i32; 5],
    /// Chunks with at least half the score known from the pool.
    strong: u32,
    /// The score of the document's first chunk.
    lead: i32,
    /// The sum of all scores.
    sum: i32,
    /// The score of the chunk to show, and of the best name in it.
    together: i32,
}

/// A part of a path, by the first letters of its words.
#[derive(Default)]
struct Begun {
    /// Groups of terms that begin like one of them.
    groups: u32,
    words: i32,
    /// Words that begin like a term.
    matched: i32,
}

impl Begun {
    fn word(&mut self, groups: u32) {
        self.groups |= groups;
        self.words += 1;
        self.matched += i32::from(groups != 0);
    }
}

/// The terms that features look at, with their first four letters: as many as two
/// forms of a word mostly share.
fn beginnings<'t>(
    analysis: &Analysis<'_>,
    terms: &'t [TermRow],
) -> impl Iterator<Item = (u32, &'t TermRow)> {
    let rows = terms.iter().take(analysis.terms);
    let [_, _, weak] = WEAK;
    rows.filter(move |row| row.is(SCORE) && !row.is(weak)).map(|row| (row.begins(), row))
}

pub(super) fn bit(row: &TermRow) -> u32 {
    1 << row.group.min(31)
}

impl<S: Source> Seen<'_, '_, S> {
    /// Which terms each row has in its path; term by term, since no sum is needed.
    fn paths(
        &self,
        rows: &mut [Row],
        lists: &[Term],
        slots: &mut [Decoded],
    ) -> Result<(), Corrupt> {
        let postings = self.segment.postings();
        let [_, _, weak] = WEAK;
        for (term, list) in self.terms.iter().take(self.analysis.terms).zip(lists) {
            if !term.is(SCORE) || term.is(weak) || list.paths.count == 0 {
                continue;
            }
            let mut slot = slots.first_mut();
            let mut cursor = postings.open(list.paths, slot.as_deref_mut())?;
            for row in rows.iter_mut().filter(|row| row.pooled == 1) {
                postings.seek(&mut cursor, row.doc, slot.as_deref_mut())?;
                if cursor.id == row.doc {
                    let code = postings.code(&cursor)?;
                    row.file |= if code & 1 != 0 { bit(term) } else { 0 };
                    row.folders |= if code & 2 != 0 { bit(term) } else { 0 };
                }
            }
        }
        Ok(())
    }

    /// Compares the first letters of the words of a file's name with those of the
    /// query's; an entrance goes by the name of its folder.
    fn begun(&self, doc: &Doc<'_>) -> Begun {
        let key = doc.key;
        let name = key.last(b'/').map_or(0, |slash| slash + 1);
        let words = if doc.role.has(Role::BARREL) && name > 0 {
            let folders = key.part(0..name - 1);
            folders.part(folders.last(b'/').map_or(0, |slash| slash + 1)..folders.len())
        } else {
            let stem = key.last(b'.').filter(|&dot| dot > name).unwrap_or(key.len());
            key.part(name..stem)
        };
        let mut begun = Begun::default();
        let (mut word, mut length, mut hump) = (0u32, 0, false);
        // One more byte ends the last word.
        for part in [words.head, words.tail, &[0]] {
            for &byte in part {
                let lower = byte | 0x20;
                let letter = lower.is_ascii_lowercase();
                let ends = if letter { hump && byte != lower } else { length > 0 };
                hump = letter && byte == lower;
                if ends {
                    begun.word(self.beginning(word));
                    (word, length) = (0, 0);
                }
                if letter && length < u32::BITS {
                    word |= u32::from(lower) << length;
                    length += 8;
                }
            }
        }
        begun
    }

    /// Groups of terms that begin with the four letters of `word`, or are it where it
    /// is shorter.
    fn beginning(&self, word: u32) -> u32 {
        if self.beginnings & sketch(word) == 0 {
            return 0;
        }
        let same = beginnings(self.analysis, self.terms).filter(|&(begins, _)| begins == word);
        same.fold(0, |groups, (_, row)| groups | bit(row))
    }

    /// The weight of some groups in a family.
    fn weight(&self, mut groups: u32, family: usize) -> i32 {
        let mut sum = 0;
        while groups != 0 {
            let weights = self.weights.get(groups.trailing_zeros() as usize);
            sum += weights.and_then(|weights| weights.get(family)).copied().unwrap_or(0);
            groups &= groups - 1;
        }
        sum
    }
}

impl<S: Source> Examiner<'_, '_, S> {
    fn all(
        mut self,
        rows: &mut [Row],
        weights: &[i32; FEATURES],
        visit: &mut impl FnMut(&Row, &Features),
    ) -> Result<(), Corrupt> {
        let all = self.seen.all;
        for row in rows.iter_mut().filter(|row| all || row.pooled == 1) {
            let doc = self.seen.segment.doc(DocId(row.doc))?;
            // Behind the pool the score by BM25 is known wherever it counts.
            let known = if row.pooled == 1 { row.words() } else { row.behind() };
            let (chunks, names) = self.read(&doc, known)?;
            if let Some(chunk) = chunks.shown.or(names.chunk) {
                row.chunk = chunk.0;
            }
            row.others = chunks.strong;
            row.score = known;
            if row.pooled == 1 {
                let features = self.features(row, &doc, &chunks, &names)?;
                row.score = features.score(weights);
                visit(row, &features);
            }
        }
        Ok(())
    }

    /// Walks the chunks and the defined names of a document together.
    fn read(&mut self, doc: &Doc<'_>, known: i32) -> Result<(Chunks, Defined), Corrupt> {
        let mut found = Chunks::default();
        let mut defined = Defined::default();
        self.names.seek(&self.seen, doc)?;
        let mut name = self.names.next(&self.seen, doc, &mut defined)?;
        let filters = &self.seen.analysis.filters;
        let filtered = filters.on_symbols();
        let mut shown_key = 0;
        let (mut shown_strong, mut defined_strong) = (false, false);
        let (cells, _) = self.window.as_chunks_mut::<3>();
        let postings = self.seen.segment.postings();
        self.often.fill(0);
        let mut base = doc.first_chunk.0;
        while base < doc.end_chunk.0 && !cells.is_empty() {
            let end = base.saturating_add(cells.len() as u32).min(doc.end_chunk.0);
            let cells = cells.get_mut(..(end - base) as usize).unwrap_or_default();
            cells.fill([0; 3]);
            for (cursor, often) in self.words.iter_mut().zip(&mut self.often) {
                let mut slot = self.slots.get_mut(usize::from(cursor.tag));
                let bit = self.seen.terms.get(usize::from(cursor.tag)).map_or(0, bit);
                let weight = cursor.weight;
                postings.seek(cursor, base, slot.as_deref_mut())?;
                postings.few_before(cursor, end, slot, |id, code| {
                    *often = often.saturating_add(freq_value(code as u8));
                    if let Some([sum, groups, _]) = cells.get_mut((id - base) as usize) {
                        *sum = sum.saturating_add(self.score.score(weight, code, id).unwrap_or(0));
                        *groups |= bit as i32;
                    }
                })?;
            }
            while let Some((chunk, score)) = name.filter(|(chunk, _)| chunk.0 < end) {
                let cell = cells.get_mut(chunk.0.wrapping_sub(base) as usize);
                if let Some([_, _, named]) = cell {
                    *named = score.max(*named);
                }
                name = self.names.next(&self.seen, doc, &mut defined)?;
            }
            for (&[sum, groups, named], id) in cells.iter().zip(base..) {
                let id = ChunkId(id);
                if sum == 0 || (filtered && !filters.chunk(self.seen.segment, doc, id)?) {
                    continue;
                }
                if id == doc.first_chunk {
                    found.lead = sum;
                }
                found.all_groups |= groups as u32;
                found.sum = found.sum.saturating_add(sum);
                if found.best.first().is_some_and(|&first| sum > first) {
                    found.groups = groups as u32;
                }
                let mut sinks = sum;
                for kept in &mut found.best {
                    if sinks > *kept {
                        core::mem::swap(&mut sinks, kept);
                    }
                }
                let strong = known > 0 && i64::from(sum) * 2 >= i64::from(known);
                found.strong = found.strong.saturating_add(u32::from(strong));
                if defined.chunk == Some(id) {
                    defined_strong = strong;
                }
                let key = sum.saturating_add(named);
                if key > shown_key {
                    shown_key = key;
                    shown_strong = strong;
                    found.shown = Some(id);
                }
            }
            base = end;
        }
        // Where a name is asked for, its definition is shown, whatever else says it more often.
        if self.seen.analysis.class == Class::Identifier && defined.whole {
            (found.shown, shown_strong) = (defined.chunk, defined_strong);
        }
        found.strong = found.strong.saturating_sub(u32::from(shown_strong));
        found.together = shown_key;
        Ok((found, defined))
    }

    fn features(
        &self,
        row: &Row,
        doc: &Doc<'_>,
        chunks: &Chunks,
        names: &Defined,
    ) -> Result<Features, Corrupt> {
        let Seen { analysis, best, .. } = self.seen;
        let [all_words, all_names, all_paths] = analysis.totals;
        let [first, second, third, fourth, fifth] = chunks.best;
        let halved = [second / 2, third / 4, fourth / 8, fifth / 16];
        let halved = halved.into_iter().fold(first, i32::saturating_add);
        let mut features = Features::default();
        features.set(Feature::Best, share(first, best));
        features.set(Feature::Halved, share(halved, best.saturating_mul(2)));
        features.set(Feature::Sum, share(chunks.sum, best.saturating_mul(8)));
        features.set(Feature::Whole, share(self.whole(doc), best.saturating_mul(2)));
        features.set(Feature::Lead, share(chunks.lead, best));
        features.set(
            Feature::Together,
            share(chunks.together, best.saturating_add(all_names.saturating_mul(2))),
        );
        let weight = |groups, family| self.seen.weight(groups, family);
        let said = chunks.all_groups;
        features.set(Feature::ChunkCoverage, share(weight(chunks.groups, 0), all_words));
        let covered = weight(said | row.file | row.folders, 0);
        features.set(Feature::Coverage, share(covered, all_words));
        features.set(Feature::FileOnly, share(weight(row.file & !said, 0), all_words));
        let named = share(weight(names.groups, 1), all_names);
        features.set(Feature::Names, named);
        features.flag(Feature::Spelt, names.spelt);
        let file = weight(row.file, 2);
        let path = file.saturating_add(weight(row.folders & !row.file, 2) / 2);
        features.set(Feature::Path, share(path, all_paths));
        let file = share(file, all_paths);
        let whole = share(row.file.count_ones() as i32, i32::from(doc.name_terms));
        features.set(Feature::FileEqual, file * whole / 1024);
        features.set(Feature::FileCovered, whole * root(file) / 1024);
        let begun = self.seen.begun(doc);
        let begins = root(share(weight(begun.groups, 2), all_paths));
        features.set(Feature::FilePrefix, share(begun.matched, begun.words) * begins / 1024);
        features.set(Feature::Folders, share(weight(row.folders, 2), all_paths));
        features.set_lang(doc.lang);
        features.set_role(Role(doc.role.0 & !analysis.asked.0));
        features.set(Feature::Length, doublings(doc.end_chunk.0 - doc.first_chunk.0));
        if doc.role.has(Role::DOCS) || is_markup(doc.lang) {
            features.set(Feature::Heading, (2 * named - 1024).max(0));
        }
        Ok(features)
    }

    /// The score by BM25 of a document as one text, by how often each term was met when it
    /// was read.
    fn whole(&self, doc: &Doc<'_>) -> i32 {
        let lens = self.seen.segment.lengths();
        let lens = lens.get(doc.first_chunk.0 as usize..doc.end_chunk.0 as usize);
        let length = lens.unwrap_or_default().iter().map(|&code| u64::from(len_value(code))).sum();
        let norm = bm25::whole_norm(length, self.seen.mean);
        let scores = self.words.iter().zip(&self.often);
        scores.fold(0, |sum, (cursor, &often)| {
            sum.saturating_add(bm25::whole(cursor.weight, often, norm))
        })
    }
}

/// The root of a share.
fn root(share: i32) -> i32 {
    (share.max(0) * 1024).isqrt()
}

/// 64 for each doubling.
fn doublings(count: u32) -> i32 {
    64 * (32 - count.leading_zeros() as i32)
}
