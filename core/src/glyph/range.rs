//! A binary range coder with frozen probabilities, and plain bits beside it.
//!
//! One record is one byte string that is read from both ends: binary choices
//! by a range coder from the front (the carry-less decoder and carrying encoder
//! of LZMA, 32 bits), plain bits from the last byte backwards. Two streams need
//! no length and no division, and where they meet they share bytes: the writer
//! ends the range coder with the fewest bytes that, followed by whatever the
//! plain bits put there, still decode. (Opus, RFC 6716 section 4.1, packs its
//! raw bits from the end in the same way.)

use crate::bits::{back, u32_at};

/// Probabilities are in 1/4096.
pub(super) const PRECISION: u32 = 12;
#[cfg(feature = "alloc")]
pub(super) const LEAST_RANGE: u32 = 1 << 24;

/// The probability that a stored byte stands for, in 1/4096: odds grow by
/// `e^(1/16)` a step, so that certainty has the finest grain.
// Both places lie in the table: `step` is 1 to 127.
#[allow(clippy::indexing_slicing)]
pub(super) const ODDS: [u16; 256] = {
    // 2^-32 units; e^(1/16) = 1.06449445891785943.
    const STEP: u128 = 4_571_968_884;
    const ONE: u128 = 1 << 32;
    let mut table = [2048u16; 256];
    let (mut odds, mut step) = (ONE, 1);
    while step < 128 {
        odds = (odds * STEP) >> 32;
        let likely = ((odds << PRECISION) / (odds + ONE)) as u16;
        table[128 + step] = likely;
        table[128 - step] = 4096 - likely;
        step += 1;
    }
    table[0] = table[1];
    table
};

/// Reads one record.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// Where the bytes behind `ahead` stand.
    front: usize,
    range: u32,
    code: u32,
    /// What follows `code`, from the highest of its bits on, and how many they are.
    ahead: u32,
    held: u32,
    /// The other end.
    pub(super) plain: back::Reader<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut reader = Self {
            bytes,
            front: 0,
            range: u32::MAX,
            code: 0,
            ahead: 0,
            held: 0,
            plain: back::Reader::new(bytes),
        };
        reader.hold();
        reader.code = reader.ahead;
        (reader.ahead, reader.held) = (0, 0);
        reader.hold();
        reader.code |= reader.ahead >> 24;
        reader.ahead <<= 8;
        reader.held -= 8;
        reader
    }

    /// Holds 24 bits more, where eight at most are held. Behind the end stand zeros:
    /// the encoder counted on it.
    #[inline]
    fn hold(&mut self) {
        let word = match u32_at(self.bytes, self.front) {
            Some(word) => word.swap_bytes() >> 8,
            None => {
                let rest = self.bytes.get(self.front..).unwrap_or_default();
                rest.iter().chain(&[0; 3]).take(3).fold(0, |word, &b| word << 8 | u32::from(b))
            }
        };
        self.front += 3;
        self.ahead |= word << (8 - self.held);
        self.held += 24;
    }

    /// A choice that is `true` with `probability` / 4096.
    #[inline]
    pub(super) fn flag(&mut self, probability: u32) -> bool {
        let bound = (self.range >> PRECISION) * probability;
        let bit = self.code < bound;
        if bit {
            self.range = bound;
        } else {
            self.code = self.code.wrapping_sub(bound);
            self.range -= bound;
        }
        // As many whole bytes as bring the range to `LEAST_RANGE`: two at most.
        let bits = self.range.leading_zeros() & 24;
        if bits > self.held {
            self.hold();
        }
        self.range <<= bits;
        self.code = self.code << bits | (self.ahead >> 1) >> (31 - bits);
        self.ahead <<= bits;
        self.held = self.held.wrapping_sub(bits);
        bit
    }
}
