//! One body of documents as segments, and what a search of them finds.

use crate::corpus::{Doc, image, lossy};
use sigla_core::build::BuildError;
use sigla_core::image::{Chunk, DocId, Image, OpenError, Segment};
use sigla_core::search::{Answer, Error, Hit, Limits, Query, Searcher, wants};
use std::fmt;

/// The bytes of a segment and its tombstones.
#[derive(Debug, Clone)]
pub struct Part {
    /// An image.
    pub bytes: Vec<u8>,
    /// A bit for each dead document.
    pub dead: Vec<u8>,
}

/// Puts document `i` of `docs` into segment `places[i % places.len()] % count`.
///
/// With `stale`, segments also hold the dead: of every third document an older
/// version in the segment after its own, and here and there a document that was
/// removed since.
///
/// # Errors
/// As [`image`].
pub fn cut(
    docs: &[Doc],
    places: &[usize],
    count: usize,
    stale: bool,
    text: bool,
) -> Result<Vec<Part>, BuildError> {
    let mut parts = vec![Vec::new(); count.max(1)];
    let count = parts.len();
    for (at, doc) in docs.iter().enumerate() {
        let place = places.get(at % places.len().max(1)).copied().unwrap_or(0) % count;
        if let Some(part) = parts.get_mut(place) {
            part.push((doc.clone(), false));
            if stale && at % 5 == 1 {
                let key = [doc.key.as_slice(), b".gone"].concat();
                part.push((Doc::new(key, doc.text.clone()), true));
            }
        }
        if stale && at % 3 == 0 && count > 1 {
            let mut old = doc.text.clone();
            old.extend_from_slice(b"\nretry the old config\nfn older() {}\n");
            if let Some(part) = parts.get_mut((place + 1) % count) {
                part.push((Doc::new(doc.key.clone(), old), true));
            }
        }
    }
    let finish = |mut part: Vec<(Doc, bool)>| {
        part.sort_by(|(a, _), (b, _)| a.key.cmp(&b.key));
        let mut dead = Vec::new();
        for (at, _) in part.iter().enumerate().filter(|(_, (_, dead))| *dead) {
            dead.resize(at / 8 + 1, 0);
            dead.last_mut().into_iter().for_each(|byte| *byte |= 1 << (at % 8));
        }
        Ok(Part { bytes: image(part.iter().map(|(doc, _)| doc), text)?, dead })
    };
    parts.into_iter().map(finish).collect()
}

/// Opens parts as segments of one place.
///
/// # Errors
/// As [`Image::open`].
pub fn segments(parts: &[Part]) -> Result<Vec<Segment<'_>>, OpenError> {
    let mut segments = Vec::with_capacity(parts.len());
    for Part { bytes, dead } in parts {
        segments.push(Segment { dead, ..Segment::new(Image::open(bytes)?) });
    }
    Ok(segments)
}

/// A hit without the numbers of segments and documents.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// The document's key.
    pub key: Vec<u8>,
    /// The place of its best chunk.
    pub chunk: Option<Chunk>,
    /// Its score.
    pub score: i32,
    /// Other good chunks.
    pub others: u32,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, chunk, score, others } = self;
        let start = chunk.map(|chunk| chunk.start);
        write!(f, "{:?} at {start:?}: {score}, {others} others", lossy(key))
    }
}

/// A search for at most `most` hits with `room` bytes of scratch.
///
/// # Errors
/// As [`Searcher::search`].
pub fn search_in<'q>(
    segments: &[Segment<'_>],
    query: &Query<'q>,
    limits: &Limits,
    most: usize,
    room: usize,
) -> Result<(Vec<Found>, Answer<'q>), Error> {
    let mut scratch = vec![0x5a; room];
    let mut hits = vec![Hit::NONE; most];
    let answer = Searcher::new(segments, *limits, &mut scratch)?.search(query, &mut hits)?;
    hits.truncate(answer.hits);
    let found = hits.iter().map(|hit| resolve(segments, hit)).collect::<Result<_, _>>()?;
    Ok((found, answer))
}

/// A search with all the scratch it wants.
///
/// # Errors
/// As [`Searcher::search`].
pub fn find<'q>(
    segments: &[Segment<'_>],
    query: &'q str,
    limits: &Limits,
    most: usize,
) -> Result<(Vec<Found>, Answer<'q>), Error> {
    search_in(segments, &Query::new(query.as_bytes()), limits, most, wants(limits))
}

fn resolve(segments: &[Segment<'_>], hit: &Hit) -> Result<Found, Error> {
    let at = hit.segment.index();
    let damaged = |place| Error::Corrupt { segment: hit.segment, place };
    let none = Found { key: Vec::new(), chunk: None, score: hit.score.0, others: hit.others };
    let Some(segment) = segments.get(at) else { return Ok(none) };
    let doc = segment.image.docs().get(hit.doc).map_err(damaged)?;
    let chunk = hit.chunk.map(|chunk| segment.image.chunks().place(&doc, chunk));
    Ok(Found { key: doc.key.bytes().collect(), chunk: chunk.transpose().map_err(damaged)?, ..none })
}

/// The live documents of a segment with their ids.
pub fn living<'a>(segment: &Segment<'a>) -> impl Iterator<Item = DocId> + use<'a> {
    let segment = *segment;
    (0..segment.image.meta().documents).map(DocId).filter(move |&id| !segment.is_dead(id))
}
