//! Chunks by BM25 alone: what says most within a document, and the baseline of benches.

use super::{
    Error, Hit, Score, SegmentId, Source,
    analysis::Analysis,
    collect::open,
    room::{Kept, Scanning},
    scan::Scan,
    scores::Words,
    within,
};
use crate::image::{ChunkId, Family};
use crate::rank::Top;

/// A chunk and its score by BM25.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Scored {
    /// Its segment.
    pub segment: SegmentId,
    /// The chunk.
    pub chunk: ChunkId,
    /// How well it answers.
    pub score: Score,
}

impl Scored {
    /// A placeholder to fill arrays with.
    pub const NONE: Self = Self { segment: SegmentId(0), chunk: ChunkId(0), score: Score(0) };
}

/// The best chunks by BM25, of all documents or of that of one hit; of this, those that the
/// filters let pass.
pub(super) fn best_chunks(
    segments: &[impl Source],
    analysis: &Analysis<'_>,
    (kept, scanning): (&Kept<'_>, &mut Scanning<'_>),
    of: Option<&Hit>,
    best: &mut [Scored],
) -> Result<usize, Error> {
    let before =
        |a: &Scored, b: &Scored| (b.score, a.segment, a.chunk) < (a.score, b.segment, b.chunk);
    let mut top = Top::new(best);
    let Scanning { lists, cursors, window, slots, table, .. } = scanning;
    let (lists, slots) = (&mut **lists, &mut **slots);
    if let Some(table) = table.first_mut() {
        analysis.norms.fill(table);
    }
    for (segment, index) in segments.iter().zip(0u32..) {
        if of.is_some_and(|hit| hit.segment != SegmentId(index)) {
            continue;
        }
        let doc = of.map(|hit| segment.doc(hit.doc)).transpose();
        let doc = within(index as usize, doc)?;
        within(index as usize, analysis.look_up(kept.terms, segment, lists))?;
        let family = (Family::Words, 0);
        let used = open(analysis, kept.terms, lists, segment, family, cursors, slots);
        let used = within(index as usize, used)?;
        let mut scan = Scan {
            cursors: cursors.get_mut(..used).unwrap_or_default(),
            slots: &mut *slots,
            window,
            postings: segment.postings(),
            universe: segment.counts().chunks,
            score: Words::new(segment.lengths(), &analysis.norms, table.first()),
        };
        let threshold = |top: &Top<'_, Scored>| top.worst().map_or(1, |worst| worst.score.0 + 1);
        let start = threshold(&top);
        let result = scan.run(start, |id, score| {
            let mut alive = true;
            if !segment.is_whole() {
                alive = !segment.is_dead(segment.doc_of(ChunkId(id))?);
            }
            if let Some(doc) = &doc {
                alive &= (doc.first_chunk.0..doc.end_chunk.0).contains(&id)
                    && analysis.filters.chunk(segment, doc, ChunkId(id))?;
            }
            if alive {
                top.push(
                    Scored { segment: SegmentId(index), chunk: ChunkId(id), score: Score(score) },
                    &before,
                );
            }
            Ok(threshold(&top))
        });
        within(index as usize, result)?;
    }
    Ok(top.into_sorted(&before).len())
}
