//! A term under construction: its first bytes, its length and a hash of all of it, so that a term
//! of any length is built in 64 bytes of stack.

use super::{TERM_MAX, chars, compose::compose, opaque::opaque, stem};

/// How much of a long term is kept; the mark and the hash take the rest.
const KEPT: usize = TERM_MAX - 9;

/// A term under construction.
pub struct Term {
    bytes: [u8; TERM_MAX],
    length: usize,
    /// Of all bytes, once there are more than fit.
    hash: u32,
    /// Whether all of it is ASCII letters and apostrophes, that is: perhaps English.
    english: bool,
}

impl Term {
    /// The empty term.
    pub const fn new() -> Self {
        Term { bytes: [0; TERM_MAX], length: 0, hash: FNV_OFFSET, english: true }
    }

    /// Appends `piece` in lower case, each letter composed with its marks.
    pub fn push(&mut self, piece: &[u8]) {
        if piece.is_ascii() {
            return piece.iter().for_each(|byte| self.push_byte(byte.to_ascii_lowercase()));
        }
        let mut rest = piece;
        while !rest.is_empty() {
            let Some(c) = chars::decode(rest) else {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            };
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(mut letter), None) => {
                    while let Some(next) = chars::decode(rest)
                        && let Some(whole) = compose(letter, next)
                    {
                        letter = whole;
                        rest = rest.get(next.len_utf8()..).unwrap_or_default();
                    }
                    self.push_char(letter);
                }
                _ => c.to_lowercase().for_each(|c| self.push_char(c)),
            }
        }
    }

    fn push_char(&mut self, lower: char) {
        // One apostrophe, and one sigma: which of the two a word ends with in lower case
        // depends on its place, which upper case does not tell.
        let lower = match lower {
            '’' => '\'',
            'ς' => 'σ',
            other => other,
        };
        for &byte in lower.encode_utf8(&mut [0; 4]).as_bytes() {
            self.push_byte(byte);
        }
    }

    #[inline]
    fn push_byte(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = byte;
        } else {
            if self.length == TERM_MAX {
                self.hash = self.bytes.iter().fold(self.hash, fnv_1a);
            }
            self.hash = fnv_1a(self.hash, &byte);
        }
        self.length = self.length.saturating_add(1);
        self.english &= byte.is_ascii_alphabetic() || byte == b'\'';
    }

    /// The stem of the term if it may be English and is not cut, else the term.
    pub fn stemmed(&mut self) -> &[u8] {
        if self.english
            && let Some(word) = self.bytes.get_mut(..self.length)
        {
            self.length = stem::stem(word);
        }
        self.whole()
    }

    /// The term, cut and marked with its hash where it is longer than [`TERM_MAX`].
    pub fn whole(&mut self) -> &[u8] {
        if self.length > TERM_MAX {
            self.cut();
        }
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// The opaque term of all of it.
    pub fn opaque(&mut self) -> &[u8] {
        if self.length <= TERM_MAX {
            let bytes = self.bytes.get(..self.length).unwrap_or_default();
            self.hash = bytes.iter().fold(FNV_OFFSET, fnv_1a);
        }
        let term = opaque(self.hash);
        self.length = term.len();
        self.bytes.iter_mut().zip(term).for_each(|(slot, byte)| *slot = byte);
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn cut(&mut self) {
        let is_border = |at: &usize| self.bytes.get(*at).is_some_and(|byte| byte & 0xc0 != 0x80);
        let kept = (KEPT - 3..=KEPT).rev().find(is_border).unwrap_or(KEPT - 3);
        let digits = (0..8).rev().map(|digit| {
            let nibble = (self.hash >> (4 * digit) & 15) as usize;
            HEX.get(nibble).copied().unwrap_or(b'0')
        });
        let mark = core::iter::once(b'~').chain(digits);
        for (slot, byte) in self.bytes.iter_mut().skip(kept).zip(mark) {
            *slot = byte;
        }
        self.length = kept + 9;
    }
}

const FNV_OFFSET: u32 = 0x811c_9dc5;

/// One step of the hash FNV-1a.
fn fnv_1a(hash: u32, byte: &u8) -> u32 {
    (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
}

const HEX: [u8; 16] = *b"0123456789abcdef";
