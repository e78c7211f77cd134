//! A query's way to its hits.
//!
//! 1. `terms`: words become terms; prefixes and misspelt words are expanded
//!    over all lexicons together; statistics are summed over all segments.
//! 2. `pool`: each signal (BM25 over chunks, defined names, paths) gives its
//!    best documents, filters applied; a rough sum keeps the candidates.
//! 3. `examine`: candidates, one at a time in the order of their ids, get
//!    their features and the score of the linear ranker.
//! 4. The best come first, phrases are verified in the text; behind the pool
//!    follow the other documents by BM25.
//!
//! All memory is the caller's: [`needs`] bytes suffice for every query, and more
//! of it, up to [`wants`], buys speed and never another answer. The answer is a
//! function of segments, texts, query, weights and limits; how a body is cut
//! into segments does not show.

mod defined;
mod examine;
mod filter;
mod phrase;
mod pool;
mod query;
mod room;
mod scan;
mod snippet;
mod terms;

pub use query::{Ask, Clause, Clauses, Field, Query, matches};
pub use room::{needs, wants};
pub use snippet::{Marks, Snippet};
pub use terms::Correction;

use crate::image::{ChunkId, Corrupt, DocId, Image, Segment};
use crate::rank::{Class, Features, Weights, top};
use core::cmp::Ordering;
use core::ops::ControlFlow;
use phrase::Phrases;
use pool::{Entry, Row};
use room::Room;
use terms::Plan;

/// How much a search may look at. The answer depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
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
}

impl Limits {
    /// For desktops, servers and browsers.
    pub const FULL: Self =
        Self { terms: 32, expansions: 64, candidates: 200, verify: 64, hits: 1000 };
    /// For microcontrollers: [`needs`] stays under 16 KiB.
    pub const SMALL: Self = Self { terms: 12, expansions: 12, candidates: 48, verify: 8, hits: 10 };
}

/// A document that answers a query, by its best chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Hit {
    /// Index of the segment among those searched.
    pub segment: u32,
    /// The document.
    pub doc: DocId,
    /// Its best chunk; `None` for an empty document that its path brought up.
    pub chunk: Option<ChunkId>,
    /// Higher is better; comparable within one answer only.
    pub score: i32,
    /// Other chunks of the document with at least half the BM25 score of its best.
    pub others: u32,
}

impl Hit {
    /// A placeholder to fill arrays with.
    pub const NONE: Self = Self { segment: 0, doc: DocId(0), chunk: None, score: 0, others: 0 };
}

/// What a search found besides the hits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
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
    pub corrected: heapless::Vec<Correction, 8>,
}

/// Why a search failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// Less scratch than [`needs`].
    OverBudget {
        /// Bytes needed.
        need: usize,
        /// Bytes given.
        got: usize,
    },
    /// The query is blank.
    Empty,
    /// More than 16 filters.
    TooManyFilters,
    /// A phrase that is not wanted of more than 32 words, or than `limits.terms`.
    PhraseTooLong,
    /// `lang:` or `kind:` with a value that is none.
    UnknownValue(Field),
    /// More than 65,535 segments.
    TooManySegments,
    /// An image is damaged.
    Corrupt {
        /// Index of the segment.
        segment: u32,
        /// The place in it.
        place: Corrupt,
    },
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::OverBudget { need, got } => {
                write!(f, "search needs {need} bytes of scratch and got {got}")
            }
            Self::Empty => write!(f, "the query has no words and no filters"),
            Self::TooManyFilters => write!(f, "more than 16 filters in one query"),
            Self::PhraseTooLong => write!(f, "a phrase behind - has too many words"),
            Self::UnknownValue(Field::Lang) => write!(f, "unknown language after lang:"),
            Self::UnknownValue(_) => write!(f, "unknown symbol kind after kind:"),
            Self::TooManySegments => write!(f, "more than 65535 segments"),
            Self::Corrupt { place, .. } => place.fmt(f),
        }
    }
}

impl core::error::Error for Error {}

/// Names the segment of a damaged place.
fn within<T>(segment: usize, result: Result<T, Corrupt>) -> Result<T, Error> {
    result.map_err(|place| Error::Corrupt { segment: segment as u32, place })
}

/// Brings the text of a document, for phrases.
pub trait Texts {
    /// Gives the text as it was indexed, all of it or one `chunk`, to `take`, chunk after
    /// chunk (see [`by_chunk`]) until that breaks; `None` where it cannot be had any more.
    fn text(
        &mut self,
        segment: usize,
        doc: DocId,
        chunk: Option<ChunkId>,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Option<()>;
}

/// The texts that the images themselves carry as they are (TEXT).
#[derive(Debug, Clone, Copy)]
pub struct OwnTexts<'s, 'a>(pub &'s [Segment<'a>]);

impl Texts for OwnTexts<'_, '_> {
    fn text(
        &mut self,
        segment: usize,
        doc: DocId,
        chunk: Option<ChunkId>,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Option<()> {
        let image = &self.0.get(segment)?.image;
        by_chunk(image, (doc, chunk), image.text()?.get(doc).ok()?, take)
    }
}

/// The texts that the images carry, decoded where they are GLYPHS.
#[derive(Debug)]
pub struct ReadTexts<'s, 'a, 'm> {
    /// The images.
    pub segments: &'s [Segment<'a>],
    /// At least [`Image::read_numbers`](crate::image::Image::read_numbers) of each.
    pub memory: &'m mut [u16],
    /// At least [`CHUNK_MAX`](crate::outline::CHUNK_MAX) bytes.
    pub chunk: &'m mut [u8],
}

impl Texts for ReadTexts<'_, '_, '_> {
    fn text(
        &mut self,
        segment: usize,
        doc: DocId,
        chunk: Option<ChunkId>,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Option<()> {
        let image = &self.segments.get(segment)?.image;
        if image.text().is_some() {
            return OwnTexts(self.segments).text(segment, doc, chunk, take);
        }
        let fields = image.docs().get(doc).ok()?;
        let all = fields.first_chunk.0..fields.end_chunk.0;
        let wanted = chunk.map_or(all, |chunk| chunk.0..chunk.0.saturating_add(1));
        for id in wanted.map(ChunkId) {
            let length = image.read_chunk(&fields, id, self.memory, self.chunk).ok()?;
            if take(self.chunk.get(..length)?).is_break() {
                break;
            }
        }
        Some(())
    }
}

/// Gives the `text` of a document, or of one chunk of it, to `take` until that breaks, cut
/// where its chunks end; what goes beyond them, as in a file that has grown since, last. So
/// a word that a chunk's end cuts is two words to a phrase, wherever the text comes from.
pub fn by_chunk(
    image: &Image<'_>,
    (doc, chunk): (DocId, Option<ChunkId>),
    text: &[u8],
    take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Option<()> {
    let fields = image.docs().get(doc).ok()?;
    let mut end = 0;
    for place in image.chunks().of(&fields) {
        let (id, place) = place.ok()?;
        let part = text.get(end..place.end as usize).unwrap_or_default();
        if chunk.is_none_or(|chunk| chunk == id) && take(part).is_break() {
            return Some(());
        }
        end = (place.end as usize).min(text.len()).max(end);
    }
    if chunk.is_none() {
        let _ = take(text.get(end..).unwrap_or_default());
    }
    Some(())
}

/// Which of two documents of one answer comes first among equals: by place, then
/// by key.
fn order(segments: &[Segment<'_>], a: (u32, DocId), b: (u32, DocId)) -> Ordering {
    if a.0 == b.0 {
        return a.1.cmp(&b.1);
    }
    let (Some(x), Some(y)) = (segments.get(a.0 as usize), segments.get(b.0 as usize)) else {
        return a.0.cmp(&b.0);
    };
    x.place.cmp(&y.place).then_with(|| match (x.image.docs().key(a.1), y.image.docs().key(b.1)) {
        (Ok(x), Ok(y)) => x.compare(y),
        _ => a.0.cmp(&b.0),
    })
}

/// Searches `segments` as one body and writes the best documents to `hits`, as
/// many as fit and `limits` allow. Where no document holds the phrases of a query that
/// also has other text, their words are searched instead.
///
/// Time follows the posting lists of the query's terms, less what their bounds
/// skip; memory is `scratch` and about 4 KiB of stack.
///
/// # Errors
/// [`Error`]; a damaged image is an error, never a shorter answer.
pub fn search(
    segments: &[Segment<'_>],
    query: &Query<'_>,
    weights: &Weights,
    limits: &Limits,
    texts: &mut impl Texts,
    scratch: &mut [u8],
    hits: &mut [Hit],
) -> Result<Answer, Error> {
    if u16::try_from(segments.len()).is_err() {
        return Err(Error::TooManySegments);
    }
    let strict = find(segments, query, weights, limits, texts, scratch, hits)?;
    let phrases = query.phrases();
    if strict.hits > 0 || hits.is_empty() || strict.loosened == phrases || query.is_strict() {
        return Ok(strict);
    }
    let loose = query.loosened(phrases);
    let answer = find(segments, &loose, weights, limits, texts, scratch, hits)?;
    Ok(Answer { loosened: phrases, capped: answer.capped | strict.capped, ..answer })
}

/// Searches once.
fn find(
    segments: &[Segment<'_>],
    query: &Query<'_>,
    weights: &Weights,
    limits: &Limits,
    texts: &mut impl Texts,
    scratch: &mut [u8],
    hits: &mut [Hit],
) -> Result<Answer, Error> {
    let mut room = Room::carve(limits, scratch)?;
    let mut plan = Plan::new(segments, query, limits, &mut room)?;
    let wanted = hits.len().min(usize::from(limits.hits));
    let rows = pool::gather(segments, &plan, limits, wanted, &mut room)?;
    let (ranked, terms) =
        examine::rank(segments, &plan, weights, (rows, wanted), &mut room, &mut |_, _| {})?;
    let mut found = 0;
    let mut verified = 0;
    // Behind the pool documents follow by BM25, those without by names, the rest by
    // path: each in the order in which its list was cut.
    let key = |row: &Row| match (row.pooled, row.signals) {
        (1, _) => (3, row.score),
        (_, [0, 0, path]) => (0, path),
        (_, [0, name, _]) => (1, name),
        (_, [words, _, _]) => (2, words),
    };
    let before = |a: &Row, b: &Row| {
        let place = |row: &Row| (u32::from(row.segment), DocId(row.doc));
        key(b).cmp(&key(a)).then_with(|| order(segments, place(a), place(b))).is_lt()
    };
    let mut floor = i32::MAX;
    for row in top::BestFirst::new(ranked, before) {
        if found == wanted {
            break;
        }
        if plan.has_phrases() {
            if verified == limits.verify {
                plan.answer.capped = true;
                break;
            }
            verified += 1;
            let mut phrases = Phrases::new(&plan, terms);
            let doc = DocId(row.doc);
            let holds =
                match texts.text(usize::from(row.segment), doc, None, &mut |p| phrases.part(p)) {
                    Some(()) => phrases.hold(),
                    None => false,
                };
            if !holds {
                continue;
            }
        }
        // Behind the pool scores are of another kind: never above the pool's.
        floor = floor.min(row.score);
        if let Some(hit) = hits.get_mut(found) {
            *hit = Hit {
                segment: u32::from(row.segment),
                doc: DocId(row.doc),
                chunk: (row.chunk != u32::MAX).then_some(ChunkId(row.chunk)),
                score: floor,
                others: row.others,
            };
            found += 1;
        }
    }
    plan.answer.hits = found;
    Ok(plan.answer)
}

/// A document that is examined for a query, and what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Index of the segment among those searched.
    pub segment: u32,
    /// The document.
    pub doc: DocId,
    /// Its best chunk.
    pub chunk: Option<ChunkId>,
    /// The sum of features times weights.
    pub score: i32,
    /// What is known of it.
    pub features: Features,
}

/// Visits the candidates of a query with their features, in the order of segments
/// and documents; returns the class whose weights count. What [`search`] ranks by,
/// for those who explain an answer or learn weights: phrases are not looked at.
///
/// # Errors
/// As [`search`].
pub fn candidates(
    segments: &[Segment<'_>],
    query: &Query<'_>,
    weights: &Weights,
    limits: &Limits,
    scratch: &mut [u8],
    visit: &mut impl FnMut(&Candidate),
) -> Result<Class, Error> {
    let mut room = Room::carve(limits, scratch)?;
    let plan = Plan::new(segments, query, limits, &mut room)?;
    // As many as are wanted change nothing: candidates do not depend on it.
    let rows = pool::gather(segments, &plan, limits, 0, &mut room)?;
    let mut visit = |row: &Row, features: &Features| {
        visit(&Candidate {
            segment: u32::from(row.segment),
            doc: DocId(row.doc),
            chunk: (row.chunk != u32::MAX).then_some(ChunkId(row.chunk)),
            score: row.score,
            features: *features,
        });
    };
    examine::rank(segments, &plan, weights, (rows, 0), &mut room, &mut visit)?;
    Ok(plan.class)
}

/// The best chunks by BM25 alone, without candidates, features or filters:
/// the baseline that benches compare with other engines. Writes (segment, chunk,
/// score) and returns how many.
///
/// # Errors
/// As [`search`].
pub fn bm25(
    segments: &[Segment<'_>],
    query: &Query<'_>,
    limits: &Limits,
    scratch: &mut [u8],
    best: &mut [(u32, ChunkId, i32)],
) -> Result<usize, Error> {
    let mut room = Room::carve(limits, scratch)?;
    let plan = Plan::new(segments, query, limits, &mut room)?;
    pool::best_chunks(segments, &plan, &mut room, None, best)
}

/// The best chunks by BM25 of the document of one `hit`, of those that pass the filters
/// and hold the phrases: for documents, such as logs, of which one place says little. The
/// query is the one that was answered (see [`Answer::loosened`]).
/// Writes (segment, chunk, score) and returns how many; where there are phrases, those
/// of the best that `best` has room for. A phrase that crosses the end of a chunk is not
/// found.
///
/// # Errors
/// As [`search`].
pub fn passages(
    segments: &[Segment<'_>],
    query: &Query<'_>,
    limits: &Limits,
    texts: &mut impl Texts,
    scratch: &mut [u8],
    hit: &Hit,
    best: &mut [(u32, ChunkId, i32)],
) -> Result<usize, Error> {
    let mut room = Room::carve(limits, scratch)?;
    let plan = Plan::new(segments, query, limits, &mut room)?;
    let found = pool::best_chunks(segments, &plan, &mut room, Some(hit), best)?;
    if !plan.has_phrases() {
        return Ok(found);
    }
    let mut held = 0;
    for at in 0..found {
        let Some(&place) = best.get(at) else { break };
        let mut phrases = Phrases::new(&plan, room.terms);
        let (segment, chunk) = (hit.segment as usize, Some(place.1));
        let read = texts.text(segment, hit.doc, chunk, &mut |p| phrases.part(p));
        if read.is_some()
            && phrases.hold()
            && let Some(slot) = best.get_mut(held)
        {
            *slot = place;
            held += 1;
        }
    }
    Ok(held)
}
