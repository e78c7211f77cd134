//! From phrases to bytes: a walk over the pairs that make a phrase.
//!
//! A codebook is a graph of pairs, and hostile bytes may make it a cyclic one:
//! the walk holds at most [`DEPTH_MAX`] phrases that wait, and it gives a byte
//! for every few steps, so it ends with the bytes that were asked for.

use super::codebook::{Codebook, DEPTH_MAX, Phrase, Rule};

/// Writes the bytes of `phrase` to `out` from `*at` on, no further than its end.
/// `None` where a pair names no rule or pairs are nested too deep.
///
/// Depth first: O(bytes written * depth).
#[inline]
pub(super) fn expand(
    book: &Codebook<'_>,
    phrase: Phrase,
    out: &mut [u8],
    at: &mut usize,
) -> Option<()> {
    let mut waiting = [0u16; DEPTH_MAX];
    let mut depth = 0;
    let mut phrase = phrase;
    loop {
        match book.rule(phrase)? {
            Rule::Pair(left, right) => {
                *waiting.get_mut(depth)? = right;
                depth += 1;
                phrase = left;
            }
            Rule::Byte(byte) => {
                let Some(slot) = out.get_mut(*at) else { return Some(()) };
                *slot = byte;
                *at += 1;
                let Some(next) = depth.checked_sub(1) else { return Some(()) };
                depth = next;
                phrase = *waiting.get(depth)?;
            }
        }
    }
}
