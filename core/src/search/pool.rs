//! The best documents by each signal, and the candidates among them.

use super::{
    Error, Hit, Limits,
    filter::Guard,
    order,
    room::{Room, Table},
    scan::{Scan, Signal},
    terms::{FAMILIES, Plan, SCORE, TermRow, WEAK},
    within,
};
use crate::image::{
    ChunkId, Corrupt, Cursor, Decoded, Doc, DocId, Docs, FREQ_CODES, Family, Image, LEN_CODES,
    Section, Segment, SymbolId, Term,
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

/// A document on its way to a hit; 40 bytes.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Row {
    pub(super) others: u32,
    pub(super) segment: u16,
    /// 1 for a candidate, 0 behind the pool.
    pub(super) pooled: u8,
    /// Bit by signal: among the leading documents by it. Above these bits, where rows of
    /// one document are merged, the list that it comes from: leading ones first.
    leads: u8,
    pub(super) doc: u32,
    pub(super) chunk: u32,
    pub(super) score: i32,
    /// Scores by BM25, names and path; 0 where not among the best.
    pub(super) signals: [i32; 3],
    /// Groups of terms in the file name.
    pub(super) file: u32,
    /// Groups of terms in the folders.
    pub(super) folders: u32,
}

/// Where the list begins in [`Row::leads`].
const TURN: u32 = 3;

impl Row {
    /// The scores by which it is among the candidates; how many documents were
    /// asked for does not show in them.
    fn leading(&self) -> [i32; 3] {
        let mut signals = self.signals;
        for (signal, bit) in signals.iter_mut().zip(0..) {
            *signal *= i32::from(self.leads >> bit & 1);
        }
        signals
    }

    /// The score by BM25 that orders documents behind the pool.
    pub(super) fn behind(&self) -> i32 {
        let [words, ..] = self.signals;
        words
    }

    /// The leading score by BM25.
    pub(super) fn words(&self) -> i32 {
        let [words, ..] = self.leading();
        words
    }
}

/// BM25 over chunks.
pub(super) struct Words<'w> {
    lens: &'w [u8],
    norms: &'w bm25::Norms,
    /// The same fractions, ready, where there is room for them.
    table: Option<&'w Table>,
}

impl<'w> Words<'w> {
    pub(super) fn new(image: &Image<'w>, norms: &'w bm25::Norms, table: Option<&'w Table>) -> Self {
        Self { lens: image.chunks().lens(), norms, table }
    }

    /// The fraction of a term's weight, by frequency and length code.
    #[inline]
    fn part(&self, freq: u32, len: u8) -> u32 {
        match self.table {
            Some(table) => {
                let at = freq as usize * LEN_CODES + usize::from(len);
                table.get(at & (FREQ_CODES * LEN_CODES - 1)).copied().map_or(0, u32::from)
            }
            None => self.norms.part(freq, len),
        }
    }
}

impl Signal for Words<'_> {
    #[inline]
    fn score(&self, weight: i32, code: u32, id: u32) -> Option<i32> {
        let &len = self.lens.get(id as usize)?;
        Some(bm25::score(weight, self.part(code, len)))
    }

    #[inline]
    fn bound(&self, weight: i32, code: u8, len: u8) -> i32 {
        bm25::score(weight, self.part(u32::from(code), len))
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
    let worth = match code {
        0 => i64::from(weight),
        pieces => i64::from(weight) / (1 + i64::from(pieces)) * 2,
    };
    worth.clamp(1, i64::from(weight.max(1))) as i32
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

/// Opens a cursor for every scoring row with a list of `family` in `segment`, but
/// for rows with the use `skip`.
pub(super) fn open(
    plan: &Plan<'_>,
    rows: &[TermRow],
    lists: &[Term],
    segment: &Segment<'_>,
    (family, skip): (Family, u8),
    cursors: &mut [Cursor],
    slots: &mut [Decoded],
) -> Result<usize, Corrupt> {
    let mut used = 0;
    for ((row, term), tag) in rows.iter().take(plan.terms).zip(lists).zip(0u8..) {
        let list = term.list(family);
        if row.is(SCORE)
            && !row.is(skip)
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

/// In the place of an id: a document as a whole.
const WHOLE: u32 = u32::MAX;

/// Keeps the best chunk of each document and the best documents. What a document
/// is gets looked up when it is about to enter, which few are.
struct Collector<'c, 's, 'g, 'a, 'q, B> {
    segment: &'g Segment<'a>,
    family: Family,
    guard: Guard<'g, 'a, 'q>,
    plan: &'g Plan<'q>,
    top: &'c mut Top<'s, Entry>,
    before: &'c B,
    /// The best of the document at hand; its score is negative before the first.
    best: Entry,
}

impl<B: Fn(&Entry, &Entry) -> bool> Collector<'_, '_, '_, '_, '_, B> {
    /// The score from which on a document may still enter.
    fn threshold(&self) -> i32 {
        self.top.worst().map_or(1, |worst| worst.score.max(1))
    }

    /// The next score of a document: of its chunk or its symbol `id`, as the family
    /// has it, or of it as a whole.
    fn take(&mut self, doc: DocId, id: u32, score: i32) -> Result<(), Corrupt> {
        if self.best.doc != doc.0 {
            self.flush()?;
            self.best.doc = doc.0;
        }
        if score > self.best.score && self.passes(doc, id)? {
            (self.best.score, self.best.chunk) = (score, id);
        }
        Ok(())
    }

    /// Whether the filters on symbols let the chunk pass, or any chunk of a document.
    fn passes(&self, doc: DocId, id: u32) -> Result<bool, Corrupt> {
        if !self.plan.filters.on_symbols() {
            return Ok(true);
        }
        let doc = self.segment.image.docs().get(doc)?;
        match self.chunk(&doc, id)? {
            Some(chunk) => self.plan.filters.chunk(self.segment, &doc, chunk),
            None => Ok(false),
        }
    }

    /// The chunk to show for what scored; any chunk of a document will do until it
    /// is examined.
    fn chunk(&self, doc: &Doc<'_>, id: u32) -> Result<Option<ChunkId>, Corrupt> {
        Ok(match self.family {
            _ if id == WHOLE => self.plan.filters.first_chunk(self.segment, doc)?,
            Family::Names => Some(self.segment.image.symbols().get(SymbolId(id))?.chunk),
            Family::Words | Family::Paths => Some(ChunkId(id)),
        })
    }

    fn flush(&mut self) -> Result<(), Corrupt> {
        let enters = self.top.worst().is_none_or(|worst| (self.before)(&self.best, worst));
        if self.best.score >= 0 && enters {
            let chunk_known = self.family == Family::Words && self.best.chunk != WHOLE;
            if chunk_known && self.guard.is_open() {
                self.top.push(self.best, self.before);
            } else {
                let id = DocId(self.best.doc);
                let doc = self.segment.image.docs().get(id)?;
                if self.guard.passes(id, &doc)? {
                    let chunk = self.chunk(&doc, self.best.chunk)?.map_or(WHOLE, |chunk| chunk.0);
                    self.top.push(Entry { chunk, ..self.best }, self.before);
                }
            }
        }
        self.best.score = -1;
        Ok(())
    }
}

/// Queries of so many words may be after a name, which many documents mention and
/// few define. For longer ones BM25 finds what names would find: a name's words
/// are in the text.
const NAMED: u32 = 2;

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
    // The lists overlap little: half of the candidates from each fill the pool.
    let leading = candidates.div_ceil(2);
    let verified = if plan.has_phrases() { usize::from(limits.verify) } else { 0 };
    let listed = wanted.max(leading).max(verified);
    let (words, names, paths) = (
        core::mem::take(&mut room.words),
        core::mem::take(&mut room.names),
        core::mem::take(&mut room.paths),
    );
    let mut tops = [
        Top::new(words.get_mut(..listed).unwrap_or(&mut [])),
        Top::new(names.get_mut(..listed).unwrap_or(&mut [])),
        Top::new(paths.get_mut(..listed).unwrap_or(&mut [])),
    ];
    if let Some(table) = &mut room.table {
        plan.norms.fill(table);
    }
    let scores = plan.scores(room.terms);
    for (index, segment) in segments.iter().enumerate() {
        within(index, plan.look_up(room.terms, segment, room.lists))?;
        for (family, top) in FAMILIES.into_iter().zip(&mut tops) {
            let scanned = match family {
                Family::Words => true,
                Family::Names => scores && plan.words <= NAMED,
                Family::Paths => scores,
            };
            if !scanned {
                continue;
            }
            let result =
                gather_one(segment, index as u32, plan, family, scores, room, top, &before);
            within(index, result)?;
        }
    }
    let [worded, named, pathed] = tops.map(|top| {
        let kept = top.len();
        // Their order does not matter where all are candidates.
        if kept > leading {
            top.into_sorted(&before);
        }
        kept
    });
    let lists = [
        words.get(..worded).unwrap_or(&[]),
        names.get(..named).unwrap_or(&[]),
        paths.get(..pathed).unwrap_or(&[]),
    ];
    let kept = merge(leading, lists, room.rows);
    let rows = room.rows.get_mut(..kept).unwrap_or(&mut []);
    choose(segments, plan, rows, names.get_mut(..candidates).unwrap_or(&mut []));
    Ok(kept)
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
    // Half of the cursors for the lists that score, half for the guard's.
    let half = room.cursors.len() / 2;
    let (cursors, guards) = room.cursors.split_at_mut_checked(half).unwrap_or((&mut [], &mut []));
    let rows: &[TermRow] = room.terms;
    let slots = &mut *room.slots;
    // What has a name has its words in the text too: weak ones find nothing more there.
    let [_, weak_names, _] = WEAK;
    let skip = if family == Family::Names { weak_names } else { 0 };
    let used = open(plan, rows, room.lists, segment, (family, skip), cursors, slots)?;
    let cursors = cursors.get_mut(..used).unwrap_or(&mut []);
    let mut collector = Collector {
        segment,
        family,
        guard: Guard::new(segment, plan, rows, room.lists, guards)?,
        plan,
        top,
        before,
        best: Entry { score: -1, segment: index, doc: 0, chunk: u32::MAX },
    };
    if !scores {
        for id in 0..image.meta().documents {
            collector.take(DocId(id), WHOLE, 0)?;
        }
        return collector.flush();
    }
    let threshold = collector.threshold();
    let (window, postings, meta) = (&mut *room.window, image.postings(), image.meta());
    match family {
        Family::Words => {
            let mut docs = Ascending::default();
            let visit = |id: u32, score: i32| {
                let at = docs.of(segment, id, |docs, doc| docs.first_chunk(doc).map(|id| id.0))?;
                collector.take(at, id, score)?;
                Ok(collector.threshold())
            };
            let signal = Words::new(image, &plan.norms, room.table.as_deref());
            Scan { cursors, slots, window, postings, universe: meta.chunks, signal }
                .run(threshold, visit)?;
        }
        Family::Names => {
            let mut docs = Ascending::default();
            let visit = |id: u32, score: i32| {
                let at = docs.of(segment, id, |docs, doc| docs.first_symbol(doc).map(|id| id.0))?;
                collector.take(at, id, score)?;
                Ok(collector.threshold())
            };
            Scan { cursors, slots, window, postings, universe: meta.symbols, signal: Names }
                .run(threshold, visit)?;
        }
        Family::Paths => {
            let visit = |id: u32, score: i32| {
                collector.take(DocId(id), WHOLE, score)?;
                Ok(collector.threshold())
            };
            Scan { cursors, slots, window, postings, universe: meta.documents, signal: Paths }
                .run(threshold, visit)?;
        }
    }
    collector.flush()
}

/// The documents of ascending chunks or symbols: each search starts at the document
/// before and doubles its steps.
#[derive(Default)]
struct Ascending {
    doc: u32,
    /// Where the documents after `doc` start.
    end: u32,
}

impl Ascending {
    fn of(
        &mut self,
        segment: &Segment<'_>,
        id: u32,
        first: impl Fn(&Docs<'_>, DocId) -> Result<u32, Corrupt>,
    ) -> Result<DocId, Corrupt> {
        if id >= self.end {
            let docs = segment.image.docs();
            let count = segment.image.meta().documents;
            let (mut low, mut step) = (self.doc, 1);
            while low + step < count && first(&docs, DocId(low + step))? <= id {
                low += step;
                step *= 2;
            }
            let mut high = (low + step).min(count);
            while low + 1 < high {
                let middle = low + (high - low) / 2;
                if first(&docs, DocId(middle))? <= id { low = middle } else { high = middle }
            }
            *self = Self { doc: low, end: first(&docs, DocId(low + 1))? };
            if id >= self.end {
                return Err(Corrupt::new(Section::Docs, low as usize));
            }
        }
        Ok(DocId(self.doc))
    }
}

/// One row for every document of the three lists, in the order of segments and
/// documents. Those among the first `leading` of a list are marked, and which lists
/// these are.
fn merge(leading: usize, lists: [&[Entry]; 3], rows: &mut [Row]) -> usize {
    let mut used = 0;
    for (signal, list) in lists.into_iter().enumerate() {
        for (rank, entry) in list.iter().enumerate() {
            let mut signals = [0; 3];
            if let Some(slot) = signals.get_mut(signal) {
                *slot = entry.score;
            }
            let Entry { segment, doc, chunk, .. } = *entry;
            let pooled = u8::from(rank < leading);
            let turn = (1 - pooled) << 2 | signal as u8;
            let (leads, segment) = (turn << TURN | pooled << signal, segment as u16);
            if let Some(slot) = rows.get_mut(used) {
                *slot = Row { segment, doc, chunk, signals, pooled, leads, ..Row::zeroed() };
                used += 1;
            }
        }
    }
    let rows = rows.get_mut(..used).unwrap_or(&mut []);
    let place = |row: &Row| u64::from(row.segment) << 32 | u64::from(row.doc);
    // The chunk of the first leading signal first: what comes first stays.
    top::sort_by_key(rows, |row| place(row) << 8 | u64::from(row.leads >> TURN));
    let mut kept = 0usize;
    for at in 0..rows.len() {
        let Some(&row) = rows.get(at) else { break };
        let last = kept.checked_sub(1).and_then(|last| rows.get_mut(last));
        match last {
            Some(last) if place(last) == place(&row) => {
                last.signals.iter_mut().zip(row.signals).for_each(|(sum, x)| *sum += x);
                last.pooled |= row.pooled;
                last.leads |= row.leads;
            }
            _ => {
                if let Some(slot) = rows.get_mut(kept) {
                    *slot = row;
                    kept += 1;
                }
            }
        }
    }
    kept
}

/// Leaves as many rows marked as `free` has slots: the best by a rough sum.
fn choose(segments: &[Segment<'_>], plan: &Plan<'_>, rows: &mut [Row], free: &mut [Entry]) {
    let marked = rows.iter().filter(|row| row.pooled == 1);
    if marked.clone().count() <= free.len() {
        return;
    }
    let best = marked.fold(1, |best, row| best.max(row.words()));
    let [_, all_names, all_paths] = plan.totals;
    // `chunk` is the index of the row.
    let before = |a: &Entry, b: &Entry| {
        let place = |entry: &Entry| (entry.segment, DocId(entry.doc));
        b.score.cmp(&a.score).then_with(|| order(segments, place(a), place(b))).is_lt()
    };
    let mut top = Top::new(&mut *free);
    for (row, at) in rows.iter_mut().zip(0u32..).filter(|(row, _)| row.pooled == 1) {
        row.pooled = 0;
        let [words, names, paths] = row.leading();
        let score =
            share(words, best) + share(names, all_names) / 2 + share(paths, all_paths) * 3 / 4;
        top.push(
            Entry { score, segment: u32::from(row.segment), doc: row.doc, chunk: at },
            &before,
        );
    }
    for entry in free {
        if let Some(row) = rows.get_mut(entry.chunk as usize) {
            row.pooled = 1;
        }
    }
}

/// `part` of `whole` in 1/1024, at most all of it.
pub(super) fn share(part: i32, whole: i32) -> i32 {
    (i64::from(part.max(0)) * 1024 / i64::from(whole.max(1))).min(1024) as i32
}

/// See [`super::bm25`], and [`super::passages`] for those of a hit's document alone.
pub(super) fn best_chunks(
    segments: &[Segment<'_>],
    plan: &Plan<'_>,
    room: &mut Room<'_>,
    of: Option<&Hit>,
    best: &mut [(u32, ChunkId, i32)],
) -> Result<usize, Error> {
    type Found = (u32, ChunkId, i32);
    let before = |a: &Found, b: &Found| (b.2, a.0, a.1) < (a.2, b.0, b.1);
    let mut top = Top::new(best);
    if let Some(table) = &mut room.table {
        plan.norms.fill(table);
    }
    for (segment, index) in segments.iter().zip(0u32..) {
        if of.is_some_and(|hit| hit.segment != index) {
            continue;
        }
        let image = &segment.image;
        let doc = of.map(|hit| image.docs().get(hit.doc)).transpose();
        let doc = within(index as usize, doc)?;
        let slots = &mut *room.slots;
        within(index as usize, plan.look_up(room.terms, segment, room.lists))?;
        let (rows, lists) = (&*room.terms, &*room.lists);
        let used = open(plan, rows, lists, segment, (Family::Words, 0), room.cursors, slots);
        let used = within(index as usize, used)?;
        let mut scan = Scan {
            cursors: room.cursors.get_mut(..used).unwrap_or(&mut []),
            slots,
            window: &mut *room.window,
            postings: image.postings(),
            universe: image.meta().chunks,
            signal: Words::new(image, &plan.norms, room.table.as_deref()),
        };
        let threshold = |top: &Top<'_, Found>| top.worst().map_or(1, |worst| worst.2 + 1);
        let start = threshold(&top);
        let result = scan.run(start, |id, score| {
            let mut alive = true;
            if !segment.dead.is_empty() {
                alive = !segment.is_dead(image.doc_of(ChunkId(id))?);
            }
            if let Some(doc) = &doc {
                alive &= (doc.first_chunk.0..doc.end_chunk.0).contains(&id)
                    && plan.filters.chunk(segment, doc, ChunkId(id))?;
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
