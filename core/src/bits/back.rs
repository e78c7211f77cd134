//! Plain bits read from the last byte backwards, the highest of a byte first: what
//! stands before them needs no length.

use super::u64_at;

/// Reads bits from the end; those before the start are zeros.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    /// Bits taken.
    taken: usize,
}

impl<'a> Reader<'a> {
    #[inline]
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, taken: 0 }
    }

    /// The next bits, not yet taken, the first the highest: 57 at least. A load for
    /// each look has no branch that is taken now and then, as refilling a word has.
    #[inline]
    fn peek(&self) -> u64 {
        let end = self.bytes.len().saturating_sub(self.taken / 8);
        let whole = end.checked_sub(8).and_then(|at| u64_at(self.bytes, at));
        whole.unwrap_or_else(|| self.start(end)) << (self.taken % 8)
    }

    /// The first `end` bytes, less than eight, the last the highest.
    #[inline]
    fn start(&self, end: usize) -> u64 {
        if let Some(word) = u64_at(self.bytes, 0) {
            return word << 8 << (56 - 8 * end);
        }
        let bytes = self.bytes.get(..end).unwrap_or_default();
        bytes.iter().fold(0, |word, &byte| word >> 8 | u64::from(byte) << 56)
    }

    /// The next `count` (at most 32) bits, the first the highest.
    #[inline]
    pub(crate) fn bits(&mut self, count: u32) -> u32 {
        let word = self.peek();
        self.taken += count as usize;
        (word >> 1 >> (63 - count)) as u32
    }

    /// The next eight bits, not yet taken.
    #[inline]
    pub(crate) fn window(&self) -> u32 {
        (self.peek() >> 56) as u32
    }

    /// Takes `count` of the bits that were seen.
    #[inline]
    pub(crate) fn skip(&mut self, count: u32) {
        self.taken += count as usize;
    }

    /// Whether bits were taken that no byte has.
    #[inline]
    pub(crate) fn overrun(&self) -> bool {
        self.taken > 8 * self.bytes.len()
    }

    /// How many bytes have no bit taken; `None` where bits were taken that none has.
    pub(crate) fn rest(&self) -> Option<usize> {
        Some((8 * self.bytes.len()).checked_sub(self.taken)? / 8)
    }

    /// A number plus one in Elias' gamma code. `None` where it does not fit 31 bits.
    pub(crate) fn number(&mut self) -> Option<u32> {
        let width = self.zeros(30)?;
        Some((1 << width | self.bits(width)) - 1)
    }

    /// A number in a Rice code: its quotient by `1 << low` as zeros up to a one, then
    /// `low` bits. `None` where the quotient is more than `most`.
    pub(crate) fn rice(&mut self, low: u32, most: u32) -> Option<u32> {
        let quotient = self.zeros(most)?;
        Some(quotient << low | self.bits(low))
    }

    /// Zeros up to a one, which is taken too.
    fn zeros(&mut self, most: u32) -> Option<u32> {
        let mut count = 0;
        while self.bits(1) == 0 {
            count += 1;
            if count > most {
                return None;
            }
        }
        Some(count)
    }
}

/// Collects bits that [`Reader`] reads.
#[cfg(feature = "alloc")]
#[derive(Debug, Default)]
pub(crate) struct Writer {
    /// The last byte first.
    bytes: alloc::vec::Vec<u8>,
    word: u64,
    held: u32,
}

#[cfg(feature = "alloc")]
impl Writer {
    /// The lowest `count` (at most 32) bits of `value`.
    pub(crate) fn bits(&mut self, value: u32, count: u32) {
        self.word = self.word << count | u64::from(value) & ((1u64 << count) - 1);
        self.held += count;
        while self.held >= 8 {
            self.held -= 8;
            self.bytes.push((self.word >> self.held) as u8);
        }
    }

    /// A number below 2³¹ − 1 for [`Reader::number`].
    pub(crate) fn number(&mut self, value: u32) {
        let width = number_bits(value) / 2;
        self.bits(0, width);
        self.bits(value + 1, width + 1);
    }

    /// A number for [`Reader::rice`].
    pub(crate) fn rice(&mut self, value: u32, low: u32) {
        for _ in 0..value >> low {
            self.bits(0, 1);
        }
        self.bits(1, 1);
        self.bits(value, low);
    }

    /// Appends the bytes to `out`, and is empty again.
    pub(crate) fn finish(&mut self, out: &mut alloc::vec::Vec<u8>) {
        if self.held > 0 {
            self.bits(0, 8 - self.held);
        }
        out.extend(self.bytes.drain(..).rev());
    }
}

/// The bits of a number for [`Reader::number`].
#[cfg(feature = "alloc")]
pub(crate) fn number_bits(value: u32) -> u32 {
    2 * (value + 1).ilog2() + 1
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn what_is_written_is_read_back_and_what_stands_before_is_left() {
        for before in 0..9 {
            let mut out: Vec<u8> = alloc::vec![0xff; before];
            let mut writer = Writer::default();
            let numbers = [0, 1, 2, 6, 7, 8, 1000, (1 << 31) - 2];
            for number in numbers {
                writer.number(number);
                writer.rice(number % 50, 3);
                writer.bits(number, 5);
            }
            writer.finish(&mut out);
            let mut reader = Reader::new(&out);
            for number in numbers {
                assert_eq!(reader.number(), Some(number));
                assert_eq!(reader.rice(3, 6), Some(number % 50));
                assert_eq!(reader.bits(5), number % 32);
            }
            assert_eq!(reader.rest(), Some(before));
            assert!(!reader.overrun());
            let mut last = reader;
            last.bits(8 * before as u32 % 32);
            assert!(before > 3 || !last.overrun());
            for _ in 0..4 {
                reader.bits(32);
            }
            assert!(reader.overrun());
            assert_eq!(reader.rest(), None);
        }
    }

    #[test]
    fn zeros_without_an_end_are_no_number() {
        assert_eq!(Reader::new(&[]).number(), None);
        assert_eq!(Reader::new(&[0; 20]).number(), None);
        assert_eq!(Reader::new(&[0; 20]).rice(2, 40), None);
    }
}
