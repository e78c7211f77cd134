//! Words that look random: ids, hashes, tokens, long counters.
//!
//! Nobody asks for a piece of `4bf92f3577b34da6a3ce929d0e0e4736`, and such words are half the
//! distinct terms of a log. So one is not cut where letters and digits meet, and its one term is
//! *opaque*: [`OPAQUE`] and a hash of 32 bits, most significant byte first. Two different words
//! share a term once in 2^32 pairs. A term that is text begins with no such byte, so opaque terms
//! come after all others.
//!
//! Looks random, by its spelling alone,
//!
//! - what has 8 hexadecimal digits or more in one case, letters and numbers that change at least
//!   twice, so that `B2000000` is a name; behind `0x`, which is no part of it, once will do;
//! - what has 9 decimal digits or more, behind `0x` or not;
//! - what has 24 ASCII letters and digits or more, numbers among them, changes to or from a digit
//!   or from a small letter to a capital at every third at least, and has no more than 4 small
//!   letters in a row, so that `I32x4ExtMulHighI16x8S` is a name.

/// The first byte of an opaque term; no text has it.
pub const OPAQUE: u8 = 0xff;

/// How many bytes an opaque term has.
pub const OPAQUE_LEN: usize = 5;

const HEX_MIN: usize = 8;
const DECIMAL_MIN: usize = 9;
const MIXED_MIN: usize = 24;
const SMALL_MAX: usize = 4;

/// Whether `term` stands for a word that looks random: it is no text, and nothing is near it.
pub fn is_opaque(term: &[u8]) -> bool {
    term.first() == Some(&OPAQUE)
}

/// The part of `run`, which is ASCII letters and digits, that one opaque term stands for; `None`
/// where it does not look random. Linear.
pub(super) fn looks_random(run: &[u8]) -> Option<&[u8]> {
    let number = match run {
        [b'0', b'x' | b'X', number @ ..] => number,
        _ => run,
    };
    if number.len() < HEX_MIN || !number.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let spelling = Spelling::of(number);
    let changes = if number.len() < run.len() { 1 } else { 2 };
    match () {
        () if spelling.is_decimal() => (number.len() >= DECIMAL_MIN).then_some(number),
        () if spelling.hex && spelling.at_digits >= changes => Some(number),
        () => Spelling::of(run).is_mixed(run.len()).then_some(run),
    }
}

/// How a run is spelt.
struct Spelling {
    /// Hexadecimal digits in one case.
    hex: bool,
    /// Changes to and from digits.
    at_digits: usize,
    /// Changes from a small letter to a capital.
    at_capitals: usize,
    /// The most small letters in a row.
    small: usize,
}

impl Spelling {
    fn of(run: &[u8]) -> Self {
        let capital = run.iter().any(u8::is_ascii_uppercase);
        let case = if capital { b'A'..=b'F' } else { b'a'..=b'f' };
        let hex = run.iter().all(|byte| byte.is_ascii_digit() || case.contains(byte));
        let mut spelling = Self { hex, at_digits: 0, at_capitals: 0, small: 0 };
        let mut small = 0;
        for &byte in run {
            small = if byte.is_ascii_lowercase() { small + 1 } else { 0 };
            spelling.small = spelling.small.max(small);
        }
        for (before, after) in run.iter().zip(run.iter().skip(1)) {
            let digit = before.is_ascii_digit() != after.is_ascii_digit();
            spelling.at_digits += usize::from(digit);
            let capital = before.is_ascii_lowercase() && after.is_ascii_uppercase();
            spelling.at_capitals += usize::from(capital);
        }
        spelling
    }

    /// Of a run that has a digit.
    fn is_decimal(&self) -> bool {
        self.at_digits == 0
    }

    fn is_mixed(&self, length: usize) -> bool {
        length >= MIXED_MIN
            && self.small <= SMALL_MAX
            && self.at_digits > 0
            && (self.at_digits + self.at_capitals) * 3 >= length
    }
}

/// The opaque term of a word whose bytes hash to `hash`.
pub(super) fn opaque(hash: u32) -> [u8; OPAQUE_LEN] {
    let [a, b, c, d] = mixed(hash).to_be_bytes();
    [OPAQUE, a, b, c, d]
}

/// Spreads what differs over all bits; no two numbers give one (the last steps of Appleby's
/// MurmurHash3).
const fn mixed(mut hash: u32) -> u32 {
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^ hash >> 16
}
