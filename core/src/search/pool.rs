//! The best documents by each signal, and the candidates among them.

use super::{
    Error, Limits, Source,
    analysis::Analysis,
    collect::collect,
    order,
    room::{Kept, Scanning, listed},
    signal::{SIGNALS, Signal},
    within,
};
use crate::image::DocId;
use crate::rank::{Top, top};
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
    /// Scores by signal; 0 where not among the best.
    pub(super) signals: [i32; SIGNALS],
    /// Groups of terms in the file name.
    pub(super) file: u32,
    /// Groups of terms in the folders.
    pub(super) folders: u32,
}

/// Where the list begins in [`Row::leads`].
const TURN: u32 = SIGNALS as u32;

impl Row {
    /// The scores by which it is among the candidates; how many documents were
    /// asked for does not show in them.
    fn leading(&self) -> [i32; SIGNALS] {
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

/// The best documents by each signal over all segments, made into rows in the
/// order of segments and documents; says how many.
pub(super) fn gather(
    segments: &[impl Source],
    analysis: &Analysis<'_>,
    limits: &Limits,
    wanted: usize,
    (kept, scanning): (&mut Kept<'_>, &mut Scanning<'_>),
) -> Result<usize, Error> {
    if analysis.impossible {
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
    let verified = if analysis.has_phrases() { usize::from(limits.verify) } else { 0 };
    let length = wanted.max(leading).max(verified);
    let entries = core::mem::take(&mut scanning.tops);
    let mut parts = entries.chunks_exact_mut(listed(limits).max(1));
    let mut tops = Signal::ALL.map(|_| {
        let part = parts.next().unwrap_or_default();
        Top::new(part.get_mut(..length).unwrap_or_default())
    });
    if let Some(table) = scanning.table.first_mut() {
        analysis.norms.fill(table);
    }
    let scores = analysis.scores(kept.terms);
    for (index, segment) in segments.iter().enumerate() {
        within(index, analysis.look_up(kept.terms, segment, scanning.lists))?;
        for (signal, top) in Signal::ALL.into_iter().zip(&mut tops) {
            if signal.answers(analysis, scores) {
                let (at, into) = ((segment, index as u32), (top, &before));
                within(index, collect(at, analysis, signal, kept.terms, scanning, into))?;
            }
        }
    }
    let lists = tops.map(|top| {
        if top.len() > leading {
            return top.into_sorted(&before);
        }
        // Their order does not matter where all are candidates.
        top.into_kept()
    });
    let used = merge(leading, lists.map(|list| &*list), kept.rows);
    let rows = kept.rows.get_mut(..used).unwrap_or_default();
    choose(segments, analysis, rows, entries.get_mut(..candidates).unwrap_or_default());
    Ok(used)
}

/// One row for every document of the lists, in the order of segments and
/// documents. Those among the first `leading` of a list are marked, and which lists
/// these are.
fn merge(leading: usize, lists: [&[Entry]; SIGNALS], rows: &mut [Row]) -> usize {
    let mut used = 0;
    for (signal, list) in lists.into_iter().enumerate() {
        for (rank, entry) in list.iter().enumerate() {
            let mut signals = [0; SIGNALS];
            if let Some(slot) = signals.get_mut(signal) {
                *slot = entry.score;
            }
            let Entry { segment, doc, chunk, .. } = *entry;
            let pooled = u8::from(rank < leading);
            let turn = (1 - pooled) * SIGNALS as u8 + signal as u8;
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
fn choose(segments: &[impl Source], analysis: &Analysis<'_>, rows: &mut [Row], free: &mut [Entry]) {
    let marked = rows.iter().filter(|row| row.pooled == 1);
    if marked.clone().count() <= free.len() {
        return;
    }
    let best = marked.fold(1, |best, row| best.max(row.words()));
    // `chunk` is the index of the row.
    let before = |a: &Entry, b: &Entry| {
        let place = |entry: &Entry| (entry.segment, DocId(entry.doc));
        b.score.cmp(&a.score).then_with(|| order(segments, place(a), place(b))).is_lt()
    };
    let mut top = Top::new(&mut *free);
    for (row, at) in rows.iter_mut().zip(0u32..).filter(|(row, _)| row.pooled == 1) {
        row.pooled = 0;
        let scores = Signal::ALL.into_iter().zip(row.leading());
        let score = scores.map(|(signal, score)| signal.rough(score, analysis, best)).sum();
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
