//! A query's way to its hits.
//!
//! 1. `analysis`, by `clauses`: words become terms; prefixes and misspelt words are expanded
//!    over all lexicons together; statistics are summed over all segments.
//! 2. `pool`: each `signal` (BM25 over chunks, defined names, paths) gives its
//!    best documents, filters applied; a rough sum keeps the candidates.
//! 3. `examine`: candidates, one at a time in the order of their ids, get
//!    their features and the score of the linear ranker.
//! 4. The best come first, phrases are verified in the text; behind the pool
//!    follow the other documents by BM25.
//!
//! A [`Searcher`] has the segments and the memory, its [`Plan`] of a query everything that
//! can be asked of one. What is searched is any [`Source`]: an image behind its tombstones,
//! or what answers like one.
//!
//! All memory is the caller's: [`needs`] bytes suffice for every answer, and more
//! of it, up to [`wants`], buys speed and never another answer. The answer is a
//! function of segments, texts, query, weights and limits; how a body is cut
//! into segments does not show.

mod analysis;
mod chunks;
mod clauses;
mod collect;
mod defined;
mod error;
mod examine;
mod filter;
mod phrase;
mod plan;
mod pool;
mod query;
mod room;
mod scan;
mod scores;
mod signal;
mod snippet;
mod source;
mod stats;
mod terms;
mod texts;

pub use chunks::Scored;
pub use error::{Error, Memory};
pub use filter::Filters;
pub use plan::{Candidate, Plan, Searcher};
pub use query::{Ask, Clause, Clauses, Field, Query, matches};
pub use room::{needs, wants};
pub use snippet::{Excerpt, Marks, Snippet};
pub use source::{Counts, Postings, Source};
pub use terms::Correction;
pub use texts::{ImageTexts, Texts, by_chunk};

use crate::image::{ChunkId, DocId};
use core::cmp::Ordering;
use error::within;

/// How much a search may look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Limits {
    /// Distinct terms of a query; of more, the rarest count. At most 32.
    pub terms: u16,
    /// Terms that prefixes expand to, together. At most 64.
    pub expansions: u16,
    /// Documents that get all features.
    pub candidates: u16,
    /// Documents in which phrases are verified.
    pub verify: u16,
    /// Hits of one answer.
    pub hits: u16,
    /// The longest record, in bytes, of texts that are decoded, as META says it of an image:
    /// the answer does not depend on it, but memory does.
    pub record_max: u16,
}

impl Limits {
    /// For desktops, servers and browsers.
    pub const FULL: Self = Self {
        terms: 32,
        expansions: 64,
        candidates: 200,
        verify: 64,
        hits: 1000,
        record_max: 4096,
    };
    /// For microcontrollers: [`needs`] stays under 16 KiB.
    pub const SMALL: Self =
        Self { terms: 12, expansions: 12, candidates: 48, verify: 8, hits: 10, record_max: 512 };
}

/// Limits are one of the constants above, with something else here and there.
macro_rules! with {
    ($($name:ident: $field:ident,)*) => {
        impl Limits {$(
            #[doc = concat!("The same with another [`Limits::", stringify!($field), "`].")]
            #[must_use]
            pub const fn $name(self, $field: u16) -> Self {
                Self { $field, ..self }
            }
        )*}
    };
}
with! {
    with_terms: terms,
    with_expansions: expansions,
    with_candidates: candidates,
    with_verify: verify,
    with_hits: hits,
    with_record_max: record_max,
}

/// Which of the segments that are searched together: its index among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SegmentId(pub u32);

impl SegmentId {
    /// For slices.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How well something answers: higher is better, comparable within one answer only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Score(pub i32);

/// A document that answers a query, by its best chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Hit {
    /// Its segment.
    pub segment: SegmentId,
    /// The document.
    pub doc: DocId,
    /// Its best chunk; `None` for an empty document that its path brought up.
    pub chunk: Option<ChunkId>,
    /// How well it answers.
    pub score: Score,
    /// Other chunks of the document with at least half the BM25 score of its best.
    pub others: u32,
}

impl Hit {
    /// A placeholder to fill arrays with.
    pub const NONE: Self =
        Self { segment: SegmentId(0), doc: DocId(0), chunk: None, score: Score(0), others: 0 };
}

/// What a search found besides the hits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Answer<'q> {
    /// How many hits were written.
    pub hits: usize,
    /// Whether a limit may have cost hits: more terms than `limits.terms`, more or longer
    /// phrases than there is room for, or more documents with the words of a phrase than
    /// `limits.verify`.
    pub capped: bool,
    /// Phrases that nothing holds, of which the words were searched: bits of
    /// [`Query::loosened`], by which the query becomes the one that was answered.
    pub loosened: u32,
    /// Words that matched nothing and what was searched in their stead; the
    /// first eight.
    pub corrected: heapless::Vec<Correction<'q>, 8>,
}

/// Which of two documents of one answer comes first among equals: by place, then
/// by key.
fn order(segments: &[impl Source], a: (u32, DocId), b: (u32, DocId)) -> Ordering {
    if a.0 == b.0 {
        return a.1.cmp(&b.1);
    }
    let (Some(x), Some(y)) = (segments.get(a.0 as usize), segments.get(b.0 as usize)) else {
        return a.0.cmp(&b.0);
    };
    x.place().cmp(&y.place()).then_with(|| match (x.key(a.1), y.key(b.1)) {
        (Ok(x), Ok(y)) => x.compare(y),
        _ => a.0.cmp(&b.0),
    })
}
