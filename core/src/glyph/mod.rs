//! The text codec: records of glyphs over a learned codebook.
//!
//! A record (a chunk, a log line, a message) is a string of phrases of a
//! [`Codebook`]; it decodes alone, or from one base record, with the codebook and
//! the caller's memory and nothing else. See `docs/design.md` for the reasons and
//! the figures, `docs/format.md` for the bits.

use core::ops::RangeInclusive;

mod codebook;
mod decode;
mod history;
mod number;
mod prefix;
mod range;
mod walk;

#[cfg(feature = "alloc")]
mod encode;
#[cfg(feature = "alloc")]
mod plan;
#[cfg(feature = "alloc")]
mod stats;
#[cfg(feature = "alloc")]
pub mod train;
#[cfg(feature = "alloc")]
mod trie;
#[cfg(feature = "alloc")]
mod writer;

pub use codebook::{Codebook, DEPTH_MAX, NoCodebook, PHRASE_MAX, Part, Phrase, RULES_MAX, Rule};
pub(crate) use decode::Slice;
pub use decode::{Damaged, Decoder, Kind, Record, Sink, base, numbers};
#[cfg(feature = "alloc")]
pub use encode::{Base, Encoded, Encoder};
pub use history::Tier;
#[cfg(feature = "alloc")]
pub use stats::Memory;
#[cfg(feature = "stats")]
pub use stats::{Stage, Stats, Times};
pub use walk::SHORT;
#[cfg(feature = "alloc")]
pub use walk::Spelling;

/// The bytes of text that the longest record of an image may have: as few as are
/// worth coding, as many as a chunk.
pub const RECORD_MAX: RangeInclusive<u16> = 64..=4096;

#[cfg(test)]
mod tests;
