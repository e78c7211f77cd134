//! A binary range coder with frozen probabilities, and plain bits beside it.
//!
//! One record is one byte string that is read from both ends: binary choices
//! by a range coder from the front (the carry-less decoder and carrying encoder
//! of LZMA, 32 bits), plain bits from the last byte backwards. Two streams need
//! no length and no division, and where they meet they share bytes: the writer
//! ends the range coder with the fewest bytes that, followed by whatever the
//! plain bits put there, still decode. (Opus, RFC 6716 section 4.1, packs its
//! raw bits from the end in the same way.)

use crate::bits::back;

/// Probabilities are in 1/4096.
pub(super) const PRECISION: u32 = 12;
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
    /// The next byte of the front.
    front: usize,
    range: u32,
    code: u32,
    /// The other end.
    pub(super) plain: back::Reader<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut reader =
            Self { bytes, front: 0, range: u32::MAX, code: 0, plain: back::Reader::new(bytes) };
        for _ in 0..4 {
            reader.code = reader.code << 8 | reader.next();
        }
        reader
    }

    /// Behind the end the front reads zeros: the encoder counted on it.
    #[inline]
    fn next(&mut self) -> u32 {
        let byte = self.bytes.get(self.front).copied().unwrap_or(0);
        self.front = self.front.wrapping_add(1);
        u32::from(byte)
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
        while self.range < LEAST_RANGE {
            self.range <<= 8;
            self.code = self.code << 8 | self.next();
        }
        bit
    }
}
