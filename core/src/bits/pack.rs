//! Runs of numbers at one width.

use super::{u32_at, u64_at};

/// How many values a full run holds.
pub const BLOCK: usize = 128;
const LANES: usize = 4;
const ROWS: usize = BLOCK / LANES;

/// How many bytes a run of `count` values of `width` bits takes.
#[inline]
pub const fn bytes(count: usize, width: u32) -> usize {
    (count * width as usize + 7) >> 3
}

#[inline]
const fn mask(width: u32) -> u32 {
    if width >= 32 { u32::MAX } else { (1 << width) - 1 }
}

/// Value `index` of a run of `count` values of `width` bits at the start of
/// `packed`; `None` where the bytes end early.
#[inline]
pub fn get(packed: &[u8], count: usize, width: u32, index: usize) -> Option<u32> {
    if count == BLOCK && width > 0 {
        let bit = (index / LANES) * width as usize;
        let (at, shift) = ((bit / 32 * LANES + index % LANES) * 4, (bit % 32) as u32);
        let mut word = u64::from(u32_at(packed, at)?);
        if shift + width > 32 {
            word |= u64::from(u32_at(packed, at + LANES * 4)?) << 32;
        }
        return Some((word >> shift) as u32 & mask(width));
    }
    in_string(packed, width, index)
}

/// Value `index` of values of `width` bits in one bit string;
/// `None` where the bytes end early.
#[inline]
pub fn in_string(packed: &[u8], width: u32, index: usize) -> Option<u32> {
    if width == 0 {
        return Some(0);
    }
    let bit = index * width as usize;
    let (byte, shift) = (bit / 8, (bit % 8) as u32);
    let word = match u64_at(packed, byte) {
        Some(word) => word,
        None => {
            let rest = packed.get(byte..)?;
            if rest.len() * 8 < (shift + width) as usize {
                return None;
            }
            rest.iter().rev().fold(0, |word, &b| word << 8 | u64::from(b))
        }
    };
    Some((word >> shift) as u32 & mask(width))
}

/// Unpacks `count` values of `width` bits into the first `count` of `out`.
/// `None` where the bytes end early, `count` exceeds [`BLOCK`] or `width` 32.
#[inline]
pub fn unpack(packed: &[u8], count: usize, width: u32, out: &mut [u32; BLOCK]) -> Option<()> {
    if count == BLOCK {
        return unpack_block(packed, width, out);
    }
    for (index, slot) in out.get_mut(..count)?.iter_mut().enumerate() {
        *slot = get(packed, count, width, index)?;
    }
    Some(())
}

/// One full run; a function a width, so that every shift is a constant.
fn unpack_block(packed: &[u8], width: u32, out: &mut [u32; BLOCK]) -> Option<()> {
    macro_rules! dispatch {
        ($($w:literal)*) => {
            match width {
                0 => { *out = [0; BLOCK]; Some(()) }
                $($w => unpack_width::<$w>(packed, out),)*
                _ => None,
            }
        };
    }
    dispatch!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32)
}

#[inline]
fn unpack_width<const W: usize>(packed: &[u8], out: &mut [u32; BLOCK]) -> Option<()> {
    let packed = packed.get(..W * LANES * 4)?;
    let (slots, _) = out.as_chunks_mut::<LANES>();
    let (parts, _) = slots.as_chunks_mut::<{ ROWS / 4 }>();
    // Few enough rows in each loop that compilers unroll it, and every shift and bound
    // is a constant.
    let [a, b, c, d] = parts else { return None };
    unpack_rows::<W>(packed, 0, a)?;
    unpack_rows::<W>(packed, ROWS / 4, b)?;
    unpack_rows::<W>(packed, ROWS / 2, c)?;
    unpack_rows::<W>(packed, ROWS / 4 * 3, d)
}

#[inline(always)]
fn unpack_rows<const W: usize>(
    packed: &[u8],
    from: usize,
    slots: &mut [[u32; LANES]; ROWS / 4],
) -> Option<()> {
    for (slot, index) in slots.iter_mut().zip(from..) {
        let (row, shift) = (index * W / 32, index * W % 32);
        for (slot, lane) in slot.iter_mut().zip(0..) {
            let low = u32_at(packed, (row * LANES + lane) * 4)? >> shift;
            *slot = if shift + W > 32 {
                let high = u32_at(packed, ((row + 1) * LANES + lane) * 4)?;
                low | (high << (32 - shift) & mask(W as u32))
            } else {
                low & mask(W as u32)
            };
        }
    }
    Some(())
}

/// Appends `values` (at most [`BLOCK`]) at `width` bits.
#[cfg(feature = "alloc")]
pub fn pack(values: &[u32], width: u32, out: &mut alloc::vec::Vec<u8>) {
    if values.len() == BLOCK {
        let mut rows = [0u32; BLOCK];
        for (index, &value) in values.iter().enumerate() {
            let bit = (index / LANES) * width as usize;
            let (row, shift, lane) = (bit / 32, (bit % 32) as u32, index % LANES);
            if let Some(slot) = rows.get_mut(row * LANES + lane) {
                *slot |= value << shift;
            }
            if shift + width > 32
                && let Some(slot) = rows.get_mut((row + 1) * LANES + lane)
            {
                *slot |= value >> (32 - shift);
            }
        }
        for row in rows.iter().take(width as usize * LANES) {
            out.extend_from_slice(&row.to_le_bytes());
        }
        return;
    }
    string(values.iter().copied(), width, out);
}

/// Appends `values` as one bit string, however many they are.
#[cfg(feature = "alloc")]
pub fn string(values: impl IntoIterator<Item = u32>, width: u32, out: &mut alloc::vec::Vec<u8>) {
    let (mut word, mut bits) = (0u64, 0u32);
    for value in values {
        word |= u64::from(value) << bits;
        bits += width;
        while bits >= 8 {
            out.push(word as u8);
            word >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 {
        out.push(word as u8);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn every_width_and_count_comes_back() {
        for width in 0..=32u32 {
            for count in [0, 1, 2, 3, 7, 8, 31, 127, 128] {
                let values: Vec<u32> = (0..count as u32)
                    .map(|i| i.wrapping_mul(0x9e37_79b9).rotate_left(7) & mask(width))
                    .map(|v| if width == 0 { 0 } else { v })
                    .collect();
                let mut packed = Vec::new();
                pack(&values, width, &mut packed);
                assert_eq!(packed.len(), bytes(count, width), "{count} of {width} bits");
                let mut out = [0; BLOCK];
                assert_eq!(unpack(&packed, count, width, &mut out), Some(()));
                assert_eq!(&out[..count], &values[..]);
                for (index, &value) in values.iter().enumerate() {
                    assert_eq!(get(&packed, count, width, index), Some(value));
                }
                if let Some(short) = packed.len().checked_sub(1) {
                    assert_eq!(unpack(&packed[..short], count, width, &mut out), None);
                }
            }
        }
    }
}
