//! Prefix codes of at most eight bits that are read in place, without a table in
//! memory and without a loop.
//!
//! ```text
//! limits u64 │ offsets u8 each of 8 │ symbols u8 each, those of the shortest codes first
//! ```
//! Codes are canonical: a longer one is a greater number, among equals the symbol
//! further behind. Bits 9l to 9l + 8 of the limits say where among the 256 windows
//! of eight bits those end whose code has at most `l + 1` bits; comparing a window
//! with all seven at once counts how many lengths it is beyond. The offset of a
//! length, added to a code of that length, is the place of its symbol.
//!
//! Source: length-limited codes by package-merge (Larmore and Hirschberg, 1990);
//! comparing in the lanes of a word as in Lamport, "Multiple byte processing with
//! full-word instructions" (1975).

/// The bits of the longest code.
#[cfg(feature = "alloc")]
pub(super) const BITS: u32 = 8;
/// Bytes before the symbols.
const HEAD: usize = 16;
/// A one in each lane.
const ONES: u64 = 0x0040_2010_0804_0201;
/// The bit of each lane that says "not less".
const HIGH: u64 = ONES << 8;

/// The bytes of a code of `symbols`.
pub(super) const fn bytes(symbols: usize) -> usize {
    HEAD + symbols
}

/// The symbol whose code the eight bits of `window` begin with, and its length.
/// `None` where the code has none such. O(1).
#[inline]
pub(super) fn symbol(code: &[u8], window: u32) -> Option<(u8, u32)> {
    let (limits, rest) = code.split_first_chunk()?;
    let (offsets, symbols) = rest.split_first_chunk::<8>()?;
    // A lane holds 256 + window - limit, which is never negative.
    let lanes = (u64::from(window) * ONES + HIGH).wrapping_sub(u64::from_le_bytes(*limits)) & HIGH;
    let beyond = ((lanes >> 8).wrapping_mul(ONES) >> 54) as usize & 7;
    let offset = offsets.get(beyond).copied().unwrap_or(0);
    let place = offset.wrapping_add((window >> (7 - beyond)) as u8);
    Some((*symbols.get(usize::from(place))?, beyond as u32 + 1))
}

/// The code of a symbol and its length; `None` where it has none.
#[cfg(feature = "alloc")]
pub(super) fn code(code: &[u8], wanted: u8) -> Option<(u32, u32)> {
    let place = code.get(HEAD..)?.iter().position(|&symbol| symbol == wanted)? as u8;
    (1..=BITS).find_map(|length| {
        let bits = u32::from(place.wrapping_sub(*code.get(7 + length as usize)?));
        let own =
            bits >> length == 0 && symbol(code, bits << (BITS - length)) == Some((wanted, length));
        own.then_some((bits, length))
    })
}

/// Appends the code for which `weights` of symbols, at least one and at most
/// `room`, take the fewest bits.
#[cfg(feature = "alloc")]
pub(super) fn write(weights: &[(u8, u64)], room: usize, out: &mut alloc::vec::Vec<u8>) {
    let mut order = weights.to_vec();
    order.sort_by_key(|&(symbol, weight)| (core::cmp::Reverse(weight), symbol));
    let counts = lengths(&order);
    let (mut limits, mut first, mut place) = (0u64, 0u32, 0u32);
    let mut offsets = [0u8; BITS as usize];
    for (at, (&count, offset)) in counts.iter().zip(&mut offsets).enumerate() {
        let length = at as u32 + 1;
        first <<= 1;
        *offset = place.wrapping_sub(first) as u8;
        first += count;
        place += count;
        if length < BITS {
            limits |= u64::from(first << (BITS - length)) << (9 * at);
        }
    }
    out.extend_from_slice(&limits.to_le_bytes());
    out.extend_from_slice(&offsets);
    let end = out.len() + room;
    out.extend(order.iter().map(|&(symbol, _)| symbol));
    out.resize(end, 0);
}

/// How many of the symbols, the heaviest first, have a code of 1, 2, ... bits.
#[cfg(feature = "alloc")]
fn lengths(order: &[(u8, u64)]) -> [u32; BITS as usize] {
    use alloc::vec::Vec;

    // A package of a level is two of the level below; each of the symbols that the
    // packages taken at the top are made of gets a bit for each time it is in one.
    type Package = (u64, Vec<u8>);
    let leaf = |(at, &(_, weight)): (usize, &(u8, u64))| (weight, alloc::vec![at as u8]);
    let mut leaves: Vec<Package> = order.iter().enumerate().map(leaf).collect();
    leaves.reverse();
    let mut level: Vec<Package> = Vec::new();
    for _ in 0..BITS {
        let pairs = level.chunks_exact(2).filter_map(|pair| match pair {
            [a, b] => Some((a.0 + b.0, [a.1.as_slice(), &b.1].concat())),
            _ => None,
        });
        let mut next: Vec<Package> = pairs.collect();
        next.extend(leaves.iter().cloned());
        next.sort_by_key(|package| package.0);
        level = next;
    }
    let mut bits = alloc::vec![0u32; order.len()];
    let taken = (2 * order.len()).saturating_sub(2);
    for place in level.iter().take(taken).flat_map(|package| &package.1) {
        if let Some(bits) = bits.get_mut(usize::from(*place)) {
            *bits += 1;
        }
    }
    let mut counts = [0; BITS as usize];
    for length in bits {
        if let Some(count) = counts.get_mut((length.max(1) - 1) as usize) {
            *count += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn every_symbol_has_a_code_that_is_read_back() {
        for count in 1..=40u8 {
            for shape in 0..4u32 {
                let weight = |at: u8| 1 + (u64::from(at) + 1).pow(shape * 3);
                let weights: Vec<_> = (0..count).map(|at| (at, weight(at))).collect();
                let mut bytes = Vec::new();
                write(&weights, 40, &mut bytes);
                assert_eq!(bytes.len(), super::bytes(40));
                let mut windows = 0;
                for &(wanted, _) in &weights {
                    let (bits, length) = code(&bytes, wanted).unwrap();
                    windows += 1 << (BITS - length);
                    for behind in 0..1 << (BITS - length) {
                        let window = bits << (BITS - length) | behind;
                        assert_eq!(symbol(&bytes, window), Some((wanted, length)));
                    }
                }
                assert!(windows == 256 || count == 1, "{count} symbols fill {windows} windows");
            }
        }
    }

    #[test]
    fn codes_are_as_short_as_huffmans() {
        let weights: Vec<_> =
            [40u64, 30, 20, 10].into_iter().zip(0..).map(|(w, s)| (s, w)).collect();
        let mut bytes = Vec::new();
        write(&weights, 4, &mut bytes);
        let lengths: Vec<_> = (0..4).map(|s| code(&bytes, s).unwrap().1).collect();
        assert_eq!(lengths, [1, 2, 3, 3]);
    }

    #[test]
    fn hostile_codes_give_a_symbol_or_none() {
        let mut state = 1u64;
        for _ in 0..10_000 {
            let bytes: Vec<u8> = (0..24)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 56) as u8
                })
                .collect();
            for window in 0..256 {
                if let Some((_, length)) = symbol(&bytes, window) {
                    assert!((1..=BITS).contains(&length));
                }
            }
        }
        assert_eq!(symbol(&[], 0), None);
    }
}
