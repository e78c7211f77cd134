//! What can go wrong, and where.

use super::{Field, SegmentId};
use crate::image::{Corrupt, TextError};

/// Why a search failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// Less memory than a search within these limits, or a text of this image, takes.
    OverBudget {
        /// What is too small.
        what: Memory,
        /// Bytes needed.
        need: usize,
        /// Bytes given.
        got: usize,
    },
    /// A phrase is looked for in texts, and an image carries none.
    NoTexts {
        /// The segment.
        segment: SegmentId,
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
        /// The segment.
        segment: SegmentId,
        /// The place in it.
        place: Corrupt,
    },
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::OverBudget { what, need, got } => {
                let what = what.name();
                write!(f, "search needs {need} bytes of {what} and got {got}")
            }
            Self::NoTexts { segment } => {
                write!(f, "segment {} carries no texts to look for a phrase in", segment.0)
            }
            Self::Empty => write!(f, "the query has no words and no filters"),
            Self::TooManyFilters => write!(f, "more than 16 filters in one query"),
            Self::PhraseTooLong => write!(f, "a phrase behind - has too many words"),
            Self::UnknownValue(Field::Lang) => write!(f, "unknown language after lang:"),
            Self::UnknownValue(_) => write!(f, "unknown symbol kind after kind:"),
            Self::TooManySegments => write!(f, "more than 65535 segments"),
            Self::Corrupt { segment, place } => write!(f, "segment {}: {place}", segment.0),
        }
    }
}

impl core::error::Error for Error {}

/// A part of the memory that the caller brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Memory {
    /// The scratch of a search: [`needs`](super::needs).
    Scratch,
    /// What texts are decoded with: [`Image::read_numbers`](crate::image::Image::read_numbers),
    /// two bytes each.
    Decoder,
    /// Room for a text, or a chunk of one.
    Text,
}

impl Memory {
    const fn name(self) -> &'static str {
        match self {
            Self::Scratch => "scratch",
            Self::Decoder => "memory to decode texts with",
            Self::Text => "room for a text",
        }
    }
}

/// Names the segment of a text that was not read.
pub(super) fn unread(segment: usize, error: TextError) -> Error {
    let segment = SegmentId(segment as u32);
    match error {
        TextError::Corrupt(place) => Error::Corrupt { segment, place },
        TextError::Absent => Error::NoTexts { segment },
        TextError::Memory { need, got } => {
            Error::OverBudget { what: Memory::Decoder, need: need * 2, got: got * 2 }
        }
        TextError::Room { need, got } => Error::OverBudget { what: Memory::Text, need, got },
    }
}

/// Names the segment of a damaged place.
pub(super) fn within<T>(segment: usize, result: Result<T, Corrupt>) -> Result<T, Error> {
    result.map_err(|place| Error::Corrupt { segment: SegmentId(segment as u32), place })
}
