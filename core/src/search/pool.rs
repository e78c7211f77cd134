//! The best documents by each signal, and the candidates among them.

use super::{
    Error, Limits,
    filter::Guard,
    order,
    room::{Room, Table},
    scan::{Scan, Signal},
    terms::{Plan, SCORE, TermRow},
    within,
};
use crate::image::{
    ChunkId, Corrupt, Cursor, Decoded, Doc, DocId, FREQ_CODES, Family, LEN_CODES, Section, Segment,
    SymbolId,
};
use crate::rank::{Top, bm25, top};
use bytemuck::{Pod, Zeroable};

/// A document and what one signal says of it.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Entry {
    pub(super) score: i32,
    pub(super) segment: u32,
    pub(super) doc: u32,
    /// The chunk that scored; `u32::MAX` for none.
    pub(super) chunk: u32,
}

/// A document on its way to a hit.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Row {
    pub(super) segment: u32,
    pub(super) doc: u32,
    pub(super) chunk: u32,
    pub(super) score: i32,
    /// Scores by BM25, names and path; 0 where not among the best.
    pub(super) signals: [i32; 3],
    pub(super) others: u16,
    /// 1 for a candidate, 0 behind the pool.
    pub(super) pooled: u16,
}

/// BM25 over chunks; `part` gives the fraction of idf by frequency and length code.
pub(super) struct Words<'a, P> {
    pub(super) lens: &'a [u8],
    pub(super) part: P,
}

impl<P: Fn(u32, u8) -> u32> Signal for Words<'_, P> {
    #[inline]
    fn score(&self, weight: i32, code: u32, id: u32) -> Option<i32> {
        let &len = self.lens.get(id as usize)?;
        Some(bm25::score(weight, (self.part)(code, len)))
    }

    #[inline]
    fn bound(&self, weight: i32, code: u8, len: u8) -> i32 {
        bm25::score(weight, (self.part)(u32::from(code), len))
    }
}

/// The fraction from the table.
#[inline]
pub(super) fn from_table(table: &Table) -> impl Fn(u32, u8) -> u32 + '_ {
    move |code, len| {
        let at = (code as usize * LEN_CODES + usize::from(len)) & (FREQ_CODES * LEN_CODES - 1);
        table.get(at).copied().map_or(0, u32::from)
    }
}

/// Defined names: a name of more pieces is worth less for each.
pub(super) struct Names;

impl Signal for Names {
    #[inline]
    fn score(&self, weight: i32, code: u32, _: u32) -> Option<i32> {
        Some(name_score(weight, code))
    }

    fn bound(&self, weight: i32, _: u8, _: u8) -> i32 {
        weight.max(1)
    }
}

/// What a term in a name is worth: all of its weight where it is the whole name,
/// 2/(1 + pieces) of it elsewhere.
pub(super) fn name_score(weight: i32, code: u32) -> i32 {
    (if code == 0 { weight } else { weight / (1 + code as i32) * 2 }).clamp(1, weight.max(1))
}

/// Paths: the file name counts, a folder half, the extension hardly.
pub(super) struct Paths;

impl Signal for Paths {
    #[inline]
    fn score(&self, weight: i32, code: u32, _: u32) -> Option<i32> {
        let share = if code & 1 != 0 {
            8
        } else if code & 2 != 0 {
            4
        } else {
            1
        };
        Some((weight / 8 * share).max(1))
    }

    fn bound(&self, weight: i32, _: u8, _: u8) -> i32 {
        weight.max(1)
    }
}

/// Opens a cursor for every scoring row with a list of `family` in `segment`.
pub(super) fn open(
    plan: &Plan<'_>,
    rows: &[TermRow],
    segment: &Segment<'_>,
    family: Family,
    cursors: &mut [Cursor],
    slots: &mut [Decoded],
) -> Result<usize, Corrupt> {
    let mut used = 0;
    for list in plan.lists(rows, segment) {
        let (tag, row, term) = list?;
        let list = term.list(family);
        if row.is(SCORE)
            && list.count > 0
            && let Some(slot) = cursors.get_mut(used)
        {
            let room = slots.get_mut(usize::from(tag));
            *slot = Cursor::new(list, segment.image.postings(), room)?;
            slot.tag = tag;
            let [words, names, paths] = row.weights;
            slot.weight = match family {
                Family::Words => words,
                Family::Names => names,
                Family::Paths => paths,
            };
            used += 1;
        }
    }
    Ok(used)
}

/// Keeps the best chunk of each document and the best documents.
struct Collector<'c, 's, 'g, 'a, 'q, B> {
    index: u32,
    segment: &'g Segment<'a>,
    guard: Guard<'g, 'a, 'q>,
    plan: &'g Plan<'q>,
    top: &'c mut Top<'s, Entry>,
    before: &'c B,
    doc: Option<(DocId, Doc<'a>)>,
    best: Entry,
}

impl<B: Fn(&Entry, &Entry) -> bool> Collector<'_, '_, '_, '_, '_, B> {
    /// The score from which on a document may still enter.
    fn threshold(&self) -> i32 {
        self.top.worst().map_or(1, |worst| worst.score.max(1))
    }

    /// The next chunk (`chunk` is `None` for a document as a whole).
    fn take(&mut self, id: DocId, chunk: Option<ChunkId>, score: i32) -> Result<(), Corrupt> {
        if self.doc.as_ref().is_none_or(|(at, _)| *at != id) {
            self.flush()?;
            self.doc = Some((id, self.segment.image.docs().get(id)?));
        }
        let Some((_, doc)) = &self.doc else { return Ok(()) };
        if score > self.best.score {
            let chunk = match chunk {
                Some(chunk) if self.plan.filters.chunk(self.segment, doc, chunk)? => Some(chunk),
                Some(_) => return Ok(()),
                // Any chunk will do until the document is examined.
                None => self.plan.filters.first_chunk(self.segment, doc)?,
            };
            if chunk.is_none() && self.plan.filters.on_symbols() {
                return Ok(());
            }
            self.best = Entry {
                score,
                segment: self.index,
                doc: id.0,
                chunk: chunk.map_or(u32::MAX, |chunk| chunk.0),
            };
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Corrupt> {
        if let Some((id, doc)) = self.doc.take() {
            let enters = self.top.worst().is_none_or(|worst| (self.before)(&self.best, worst));
            if self.best.score >= 0 && enters && self.guard.passes(id, &doc)? {
                self.top.push(self.best, self.before);
            }
        }
        self.best.score = -1;
        Ok(())
    }
}

/// The best documents by each signal over all segments, made into rows in the
/// order of segments and documents; says how many.
pub(super) fn gather(
    segments: &[Segment<'_>],
    plan: &Plan<'_>,
    limits: &Limits,
    wanted: usize,
    room: &mut Room<'_>,
) -> Result<usize, Error> {
    if plan.impossible {
        return Ok(0);
    }
    let candidates = usize::from(limits.candidates);
    let before = |a: &Entry, b: &Entry| {
        b.score
            .cmp(&a.score)
            .then_with(|| order(segments, (a.segment, DocId(a.doc)), (b.segment, DocId(b.doc))))
            .is_lt()
    };
    let listed = wanted.max(candidates);
    let (words, names, paths) = (
        core::mem::take(&mut room.words),
        core::mem::take(&mut room.names),
        core::mem::take(&mut room.paths),
    );
    let mut tops =
        [Top::new(words.get_mut(..listed).unwrap_or(&mut [])), Top::new(names), Top::new(paths)];
    if let Some(table) = &mut room.table {
        plan.norms.fill(table);
    }
    let scores = plan.scores(room.terms);
    for (index, segment) in segments.iter().enumerate() {
        let families = [Family::Words, Family::Names, Family::Paths];
        for (family, top) in families.into_iter().zip(&mut tops) {
            if !scores && family != Family::Words {
                continue;
            }
            let result =
                gather_one(segment, index as u32, plan, family, scores, room, top, &before);
            within(index, result)?;
        }
    }
    let [words, names, paths] = tops.map(|top| top.into_sorted(&before));
    Ok(merge(plan, candidates, [words, names, paths], room.rows))
}

#[allow(clippy::too_many_arguments)] // one call, of one loop
fn gather_one(
    segment: &Segment<'_>,
    index: u32,
    plan: &Plan<'_>,
    family: Family,
    scores: bool,
    room: &mut Room<'_>,
    top: &mut Top<'_, Entry>,
    before: &impl Fn(&Entry, &Entry) -> bool,
) -> Result<(), Corrupt> {
    let image = &segment.image;
    // A phase needs a third of the cursors for its lists and one for its guard.
    let third = room.cursors.len() / 3;
    let (cursors, guards) = room.cursors.split_at_mut_checked(third).unwrap_or((&mut [], &mut []));
    let rows: &[TermRow] = room.terms;
    let slots = if family == Family::Words { &mut *room.slots } else { &mut [] };
    let used = open(plan, rows, segment, family, cursors, slots)?;
    let cursors = cursors.get_mut(..used).unwrap_or(&mut []);
    let mut collector = Collector {
        index,
        segment,
        guard: Guard::new(segment, plan, rows, guards)?,
        plan,
        top,
        before,
        doc: None,
        best: Entry { score: -1, segment: index, doc: 0, chunk: u32::MAX },
    };
    if !scores {
        for id in 0..image.meta().documents {
            collector.take(DocId(id), None, 0)?;
        }
        return collector.flush();
    }
    let threshold = collector.threshold();
    let (window, postings, meta) = (&mut *room.window, image.postings(), image.meta());
    match family {
        Family::Words => {
            let mut doc = DocRange::default();
            let visit = |id: u32, score: i32| {
                let at = doc.of(segment, ChunkId(id))?;
                collector.take(at, Some(ChunkId(id)), score)?;
                Ok(collector.threshold())
            };
            let lens = image.chunks().lens();
            let universe = meta.chunks;
            match room.table.as_deref() {
                Some(table) => {
                    let signal = Words { lens, part: from_table(table) };
                    Scan { cursors, slots, window, postings, universe, signal }
                        .run(threshold, visit)?;
                }
                None => {
                    let signal = Words { lens, part: |freq, len| plan.norms.part(freq, len) };
                    Scan { cursors, slots, window, postings, universe, signal }
                        .run(threshold, visit)?;
                }
            }
        }
        Family::Names => {
            let visit = |id: u32, score: i32| {
                let chunk = image.symbols().get(SymbolId(id))?.chunk;
                collector.take(image.doc_of_symbol(SymbolId(id))?, Some(chunk), score)?;
                Ok(collector.threshold())
            };
            Scan { cursors, slots, window, postings, universe: meta.symbols, signal: Names }
                .run(threshold, visit)?;
        }
        Family::Paths => {
            let visit = |id: u32, score: i32| {
                collector.take(DocId(id), None, score)?;
                Ok(collector.threshold())
            };
            Scan { cursors, slots, window, postings, universe: meta.documents, signal: Paths }
                .run(threshold, visit)?;
        }
    }
    collector.flush()
}

/// The document of one ascending chunk after the other.
#[derive(Default)]
struct DocRange {
    id: u32,
    start: u32,
    end: u32,
}

impl DocRange {
    fn of(&mut self, segment: &Segment<'_>, chunk: ChunkId) -> Result<DocId, Corrupt> {
        if chunk.0 < self.start || chunk.0 >= self.end {
            let id = segment.image.doc_of(chunk)?;
            let doc = segment.image.docs().get(id)?;
            if chunk < doc.first_chunk || chunk >= doc.end_chunk {
                return Err(Corrupt::new(Section::Docs, id.0 as usize));
            }
            *self = Self { id: id.0, start: doc.first_chunk.0, end: doc.end_chunk.0 };
        }
        Ok(DocId(self.id))
    }
}

/// One row for every document of the three lists; the best `candidates` by a rough
/// sum are the pool. Rows end up in the order of segments and documents.
fn merge(plan: &Plan<'_>, candidates: usize, lists: [&mut [Entry]; 3], rows: &mut [Row]) -> usize {
    let best = lists.first().and_then(|words| words.first()).map_or(1, |entry| entry.score.max(1));
    let mut used = 0;
    for (signal, list) in lists.into_iter().enumerate() {
        for (rank, entry) in list.iter().enumerate() {
            let mut signals = [0; 3];
            if let Some(slot) = signals.get_mut(signal) {
                *slot = entry.score;
            }
            let Entry { segment, doc, chunk, .. } = *entry;
            let pooled = u16::from(rank < candidates);
            if let Some(slot) = rows.get_mut(used) {
                *slot = Row { segment, doc, chunk, score: 0, signals, others: 0, pooled };
                used += 1;
            }
        }
    }
    let rows = rows.get_mut(..used).unwrap_or(&mut []);
    let place = |row: &Row| (row.segment, row.doc);
    // The candidate first, its BM25 chunk before others: what comes first stays.
    top::sort(rows, &|a, b| (place(a), b.pooled, b.signals) < (place(b), a.pooled, a.signals));
    let mut kept = 0usize;
    let mut pool = 0;
    for at in 0..rows.len() {
        let Some(&row) = rows.get(at) else { break };
        let last = kept.checked_sub(1).and_then(|last| rows.get_mut(last));
        match last {
            Some(last) if place(last) == place(&row) => {
                if row.pooled == 1 {
                    last.signals.iter_mut().zip(row.signals).for_each(|(sum, x)| *sum += x);
                }
            }
            _ => {
                if let Some(slot) = rows.get_mut(kept) {
                    *slot = row;
                    kept += 1;
                    pool += usize::from(row.pooled);
                }
            }
        }
    }
    let rows = rows.get_mut(..kept).unwrap_or(&mut []);
    if pool > candidates {
        let [_, names, paths] = plan.totals;
        for row in &mut *rows {
            let [word, name, path] = row.signals;
            row.score = share(word, best) + share(name, names) / 2 + share(path, paths) * 3 / 4;
        }
        // Equal sums are told apart by BM25, then by place: rows lie in that order.
        for (at, row) in rows.iter_mut().enumerate() {
            row.others = at as u16;
        }
        let rough = |row: &Row| (row.pooled, row.score, row.signals);
        top::sort(rows, &|a, b| (rough(b), a.others) < (rough(a), b.others));
        for row in rows.iter_mut().skip(candidates) {
            row.pooled = 0;
        }
        top::sort(rows, &|a, b| place(a) < place(b));
        rows.iter_mut().for_each(|row| row.others = 0);
    }
    kept
}

/// `part` of `whole` in 1/1024, at most all of it.
pub(super) fn share(part: i32, whole: i32) -> i32 {
    (i64::from(part.max(0)) * 1024 / i64::from(whole.max(1))).min(1024) as i32
}

/// See [`super::bm25`].
pub(super) fn best_chunks(
    segments: &[Segment<'_>],
    plan: &Plan<'_>,
    room: &mut Room<'_>,
    best: &mut [(u32, ChunkId, i32)],
) -> Result<usize, Error> {
    type Found = (u32, ChunkId, i32);
    let before = |a: &Found, b: &Found| (b.2, a.0, a.1) < (a.2, b.0, b.1);
    let mut top = Top::new(best);
    if let Some(table) = &mut room.table {
        plan.norms.fill(table);
    }
    for (segment, index) in segments.iter().zip(0u32..) {
        let image = &segment.image;
        let slots = &mut *room.slots;
        let used = open(plan, room.terms, segment, Family::Words, room.cursors, slots);
        let used = within(index as usize, used)?;
        let mut scan = Scan {
            cursors: room.cursors.get_mut(..used).unwrap_or(&mut []),
            slots,
            window: &mut *room.window,
            postings: image.postings(),
            universe: image.meta().chunks,
            signal: Words {
                lens: image.chunks().lens(),
                part: |freq, len| match room.table.as_deref() {
                    Some(table) => from_table(table)(freq, len),
                    None => plan.norms.part(freq, len),
                },
            },
        };
        let threshold = |top: &Top<'_, Found>| top.worst().map_or(1, |worst| worst.2 + 1);
        let start = threshold(&top);
        let result = scan.run(start, |id, score| {
            let mut alive = true;
            if !segment.dead.is_empty() {
                alive = !segment.is_dead(image.doc_of(ChunkId(id))?);
            }
            if alive {
                top.push((index, ChunkId(id), score), &before);
            }
            Ok(threshold(&top))
        });
        within(index as usize, result)?;
    }
    Ok(top.into_sorted(&before).len())
}
