//! The writing half of [`super::range`].

use super::range::{LEAST_RANGE, PRECISION};

/// Writes one record into a caller's bytes; what does not fit is noticed at the end.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    bytes: &'a mut [u8],
    front: usize,
    low: u64,
    range: u32,
    /// The last byte shifted out, which a carry may still raise, and the bytes of
    /// 0xff behind it.
    cache: u8,
    pending: usize,
    started: bool,
    word: u64,
    held: u32,
    back: usize,
    full: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(bytes: &'a mut [u8]) -> Self {
        let back = bytes.len();
        Self {
            bytes,
            front: 0,
            low: 0,
            range: u32::MAX,
            cache: 0,
            pending: 0,
            started: false,
            word: 0,
            held: 0,
            back,
            full: false,
        }
    }

    fn put(&mut self, byte: u8) {
        match self.bytes.get_mut(self.front) {
            Some(slot) if self.front < self.back => {
                *slot = byte;
                self.front += 1;
            }
            _ => self.full = true,
        }
    }

    fn shift(&mut self) {
        if self.low < 0xff00_0000 || self.low > u64::from(u32::MAX) {
            let carry = (self.low >> 32) as u8;
            if self.started {
                self.put(self.cache.wrapping_add(carry));
            }
            for _ in 0..self.pending {
                self.put(0xff_u8.wrapping_add(carry));
            }
            self.pending = 0;
            self.cache = (self.low >> 24) as u8;
            self.started = true;
        } else {
            self.pending += 1;
        }
        self.low = (self.low & 0x00ff_ffff) << 8;
    }

    /// Writes a choice that is `true` with `probability` / 4096.
    #[inline]
    pub(super) fn flag(&mut self, probability: u32, bit: bool) {
        let bound = (self.range >> PRECISION) * probability;
        if bit {
            self.range = bound;
        } else {
            self.low += u64::from(bound);
            self.range -= bound;
        }
        while self.range < LEAST_RANGE {
            self.range <<= 8;
            self.shift();
        }
    }

    /// Writes `count` (at most 32) plain bits of `value`.
    #[inline]
    pub(super) fn bits(&mut self, value: u32, count: u32) {
        self.word = self.word << count | u64::from(value) & ((1u64 << count) - 1);
        self.held += count;
        while self.held >= 8 {
            self.held -= 8;
            self.put_back((self.word >> self.held) as u8);
        }
    }

    fn put_back(&mut self, byte: u8) {
        match self.back.checked_sub(1) {
            Some(at) if at >= self.front => {
                if let Some(slot) = self.bytes.get_mut(at) {
                    *slot = byte;
                }
                self.back = at;
            }
            _ => self.full = true,
        }
    }

    /// Ends the record; its length, or `None` where the bytes were too few.
    pub(super) fn finish(mut self) -> Option<usize> {
        if self.held > 0 {
            let pad = 8 - self.held;
            self.bits(0, pad);
        }
        let follows = |count: usize, bytes: &[u8]| {
            (0..4 - count).fold(0u64, |word, at| {
                word << 8 | bytes.get(self.back + at).map_or(0, |&byte| u64::from(byte))
            })
        };
        // The front is worth any number from `low` up to `low + range`: take the one
        // whose bytes are fewest before those of the back.
        let (low, end) = (self.low, self.low + u64::from(self.range));
        let found = (0..=4).find_map(|count| {
            let unit = 1u64 << (32 - 8 * count);
            let floor = low & !(unit - 1);
            let tail = follows(count, self.bytes);
            let fits = |head: &u64| (low..end).contains(&(head + tail));
            [floor, floor + unit].into_iter().find(fits).map(|head| (head, count))
        });
        let (head, count) = found.unwrap_or((low, 4));
        self.low = head;
        // One more than it has bytes, which brings the waiting ones out: `head` has
        // only zeros behind them.
        for _ in 0..=count {
            self.shift();
        }
        if self.full {
            return None;
        }
        let length = self.front + (self.bytes.len() - self.back);
        self.bytes.copy_within(self.back.., self.front);
        Some(length)
    }
}
