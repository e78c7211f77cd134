//! Integers in as few bits as they need.
//!
//! [`varint`] is LEB128 for numbers that stand alone; [`pack`] stores runs of
//! numbers at one width. Full runs of [`BLOCK`] values lie in four interleaved
//! lanes of 32-bit words, the layout of Lemire and Boytsov ("Decoding billions
//! of integers per second through vectorization", 2015), because compilers turn
//! its plain loop into vector code on every target; shorter runs are a plain
//! little-endian bit string, so that a list of three values costs three values.
//! Every reader is total: what lies outside the bytes is `None`.
#![deny(clippy::arithmetic_side_effects)]

#[allow(clippy::arithmetic_side_effects, reason = "a count of bits and eight times a slice's")]
pub(crate) mod back;
mod bitmap;
pub(crate) mod layout;
#[allow(clippy::arithmetic_side_effects, reason = "counts and widths are a caller's, and small")]
pub mod pack;
#[allow(clippy::arithmetic_side_effects, reason = "five bytes at most, within a slice")]
pub mod varint;

pub use bitmap::Bitmap;
pub use pack::BLOCK;

/// The little-endian `u16` at byte `at`.
#[inline]
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The little-endian `u32` at byte `at`.
#[inline]
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The little-endian `u64` at byte `at`.
#[inline]
pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The number of bits that `value` needs; 0 for 0.
#[inline]
pub const fn width(value: u32) -> u32 {
    u32::BITS.saturating_sub(value.leading_zeros())
}
