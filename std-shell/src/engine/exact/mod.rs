//! Exact search: every line that holds a text, or that a regular expression
//! matches, with the certainty of grep.
//!
//! [`need`] says what a document must hold for a [`pattern`] to match, in grams;
//! the images' filters tell which documents may ([`candidates`]); their texts
//! decide ([`reading`]). A pattern that needs no gram, and an image without filters, makes
//! every document a candidate: the answer then says that it scanned. Files that were named
//! are read as they are ([`plain`]), in [`windows`].
//!
//! An answer may be larger than memory, so lines go out as they are found: to a [`Sink`],
//! file by file, in the order of places and paths.

pub mod need;
pub mod pattern;
pub mod plain;
pub mod reading;
pub mod windows;

use anyhow::Result;
use rayon::prelude::*;
use sigla_core::image::{Corrupt, DocId, Segment};

use crate::engine::opening::Corpus;
use crate::machine::pool::Pool;
use need::Need;

pub use reading::{Answer, File, LineHit, Lines, Page, Question, Sink, Sum, Want};

/// A document that may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The place that it belongs to, among those that were named.
    pub asked: usize,
    /// Its segment.
    pub segment: usize,
    /// Its number there.
    pub doc: DocId,
}

/// The documents to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// By place, then by path.
    pub all: Vec<Candidate>,
    /// How many documents might have been candidates.
    pub of: usize,
    /// Some are candidates only because nothing said that they are not.
    pub scanned: bool,
    /// They lie in a tree whose index could have said so.
    pub indexed: bool,
}

/// The documents of `segments` that may hold what is needed. O(documents).
///
/// # Errors
/// One of the images is damaged.
pub fn candidates(
    corpus: &Corpus,
    segments: &[Segment<'_>],
    need: &Need,
    pool: &Pool,
) -> Result<Candidates> {
    let mut found = Candidates::default();
    for (index, segment) in segments.iter().enumerate() {
        let filters = segment.image.grams();
        let narrowed = filters.filter(|_| need.narrows());
        let met = |doc: DocId| {
            let may = |filter| need.met_by(&filter);
            Ok((doc, narrowed.map_or(Ok(true), |grams| grams.filter(doc).map(may))?))
        };
        let documents = (0..segment.image.meta().documents).into_par_iter().with_min_len(2048);
        let may_answer = documents.map(DocId).filter(|&doc| segment.may_answer(doc));
        let all = || may_answer.map(met).collect::<Result<Vec<(DocId, bool)>, Corrupt>>();
        let docs = pool.run(all)?;
        found.of += docs.len();
        found.scanned |= narrowed.is_none() && !docs.is_empty();
        found.indexed |= filters.is_some();
        for (doc, _) in docs.into_iter().filter(|(_, may)| *may) {
            let asked = match corpus.asked() {
                [_] => Some(0),
                _ => {
                    let key: Vec<u8> = segment.image.docs().key(doc)?.bytes().collect();
                    corpus.place_of(segment, &key)
                }
            };
            found.all.extend(asked.map(|asked| Candidate { asked, segment: index, doc }));
        }
    }
    // Each segment has its documents in order already, which this sort uses.
    let key = |one: &Candidate| segments.get(one.segment)?.image.docs().key(one.doc).ok();
    found.all.sort_by(|a, b| {
        a.asked.cmp(&b.asked).then_with(|| match (key(a), key(b)) {
            (Some(a), Some(b)) => a.compare(b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
    });
    Ok(found)
}
