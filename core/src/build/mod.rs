//! Writing images (feature `alloc`).
//!
//! A [`Builder`] takes documents in the order of their keys and writes an image
//! to a [`Sink`]; [`merge`] makes one image of several, leaving dead documents
//! out. Both feed the same section writers, and the bytes depend on the live
//! documents alone: a merge equals a build from scratch, whatever the history.
//!
//! Indexing is in-memory inversion of a bounded batch followed by a merge of the
//! batches, the sort-based scheme of Heinz and Zobel ("Efficient single-pass
//! index construction for text databases", 2003).

mod bases;
mod builder;
mod grams;
mod merge;
mod seal;
mod sections;
mod terms;
mod vocabulary;
mod writer;

pub use builder::{Builder, Document};
pub use merge::{merge, merge_parts};
pub use seal::{Codec, seal};
pub use writer::Sink;

use crate::image::{Corrupt, Section};

/// What an image should carry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether it carries the text of its documents (TEXT).
    pub text: bool,
    /// Whether it carries a filter of each document's grams (GRAMS), which spares
    /// a search for an exact text most documents. Best where the text is elsewhere.
    pub grams: bool,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Documents.
    pub documents: u32,
    /// Chunks.
    pub chunks: u32,
    /// Distinct terms.
    pub terms: u32,
    /// Defined names.
    pub symbols: u32,
    /// Bytes of the image.
    pub bytes: u64,
}

/// Why an image could not be written. `E` is the error of the sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError<E = core::convert::Infallible> {
    /// A document's key is not above the one before it (in a merge: two live
    /// documents share a key).
    KeyOrder,
    /// A key of more than 65,535 bytes.
    KeyTooLong,
    /// A section passed the 4 GiB (or 2^27 terms, 2^30 ids) that its offsets can reach:
    /// split the input into several images.
    TooLarge(Section),
    /// An input of a merge is damaged.
    Corrupt(Corrupt),
    /// The sink failed.
    Sink(E),
}

impl BuildError {
    /// The same error where a sink of error `E` is in play.
    pub fn widen<E>(self) -> BuildError<E> {
        match self {
            Self::KeyOrder => BuildError::KeyOrder,
            Self::KeyTooLong => BuildError::KeyTooLong,
            Self::TooLarge(section) => BuildError::TooLarge(section),
            Self::Corrupt(corrupt) => BuildError::Corrupt(corrupt),
            Self::Sink(never) => match never {},
        }
    }
}

impl<E> From<Corrupt> for BuildError<E> {
    fn from(corrupt: Corrupt) -> Self {
        Self::Corrupt(corrupt)
    }
}

impl<E: core::fmt::Display> core::fmt::Display for BuildError<E> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::KeyOrder => write!(f, "documents must come in ascending order of distinct keys"),
            Self::KeyTooLong => write!(f, "a document key has more than 65535 bytes"),
            Self::TooLarge(section) => {
                write!(f, "section {} passes its limit: split the input", section.name())
            }
            Self::Corrupt(corrupt) => corrupt.fmt(f),
            Self::Sink(error) => error.fmt(f),
        }
    }
}

impl<E: core::fmt::Debug + core::fmt::Display> core::error::Error for BuildError<E> {}
