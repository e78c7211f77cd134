//! Numbers in the phrases of a base, and what they become when something is added.
//!
//! A number is a run of decimal digits, or one of decimal digits and the letters `a`
//! to `f` that begins with a digit and that no other letter follows. It may go on
//! into the phrases behind. Where it begins with 0 it keeps its width.

use super::{
    codebook::{PHRASE_MAX, Phrase},
    walk::Spell,
};

/// The digits of the longest number.
const DIGITS: usize = 20;
/// Room for those that adding puts before them.
pub(super) const ROOM: usize = DIGITS + 10;

/// A number in phrases.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    /// Where it begins in the first phrase, in bytes.
    pub(super) at: usize,
    /// The phrase that the byte behind it is in, and where.
    pub(super) end: (usize, usize),
    digits: Digits,
}

/// The digits of a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Digits {
    values: [u8; DIGITS],
    len: usize,
    hex: bool,
}

/// Collects the digits of a number that may be decimal or not.
#[derive(Default)]
struct Run {
    values: [u8; DIGITS],
    /// All, and those before the first letter.
    all: usize,
    decimal: usize,
    /// The places behind those.
    ends: [(usize, usize); 2],
    /// Whether another letter follows, or too many digits.
    letter: bool,
    long: bool,
}

impl Run {
    /// Takes one more byte, behind which lies `end`; `false` where it is no digit.
    fn take(&mut self, byte: u8, end: (usize, usize)) -> bool {
        let value = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => {
                self.letter = byte.is_ascii_alphabetic();
                return false;
            }
        };
        let Some(slot) = self.values.get_mut(self.all) else {
            self.long = true;
            return false;
        };
        *slot = value;
        if value < 10 && self.decimal == self.all {
            self.decimal += 1;
            self.ends[0] = end;
        }
        self.all += 1;
        self.ends[1] = end;
        true
    }

    /// The number that it is, and the place behind it.
    fn number(&self) -> Option<(Digits, (usize, usize))> {
        if self.long || self.decimal == 0 {
            return None;
        }
        let hex = self.decimal < self.all && !self.letter;
        let (len, end) = if hex { (self.all, self.ends[1]) } else { (self.decimal, self.ends[0]) };
        Some((Digits { values: self.values, len, hex }, end))
    }
}

/// The first number of phrase `place` of `phrases`, `from` bytes or more behind its
/// start. `None` where none begins there, or it is too long. O(bytes of the phrase
/// and of the number).
#[inline(never)]
pub(super) fn find(
    book: &impl Spell,
    phrases: &[Phrase],
    place: usize,
    from: usize,
) -> Option<Number> {
    let mut room = [0; PHRASE_MAX];
    let text = book.bytes_of(*phrases.get(place)?, &mut room)?;
    let at = from + text.get(from..)?.iter().position(u8::is_ascii_digit)?;
    let mut run = Run::default();
    let (mut here, mut skip) = (place, at);
    'digits: while let Some(text) =
        phrases.get(here).and_then(|&phrase| book.bytes_of(phrase, &mut room))
    {
        for (index, &byte) in text.iter().enumerate().skip(skip) {
            let end = if index + 1 == text.len() { (here + 1, 0) } else { (here, index + 1) };
            if !run.take(byte, end) {
                break 'digits;
            }
        }
        (here, skip) = (here + 1, 0);
    }
    let (digits, end) = run.number()?;
    Some(Number { at, end, digits })
}

impl Number {
    /// Its digits with `delta` added, in `room`.
    pub(super) fn plus(self, delta: i32, room: &mut [u8; ROOM]) -> Option<&[u8]> {
        self.digits.plus(delta, room)
    }
}

impl Digits {
    /// The digits with `delta` added, as they are written. `None` below zero.
    /// O(digits).
    pub(super) fn plus(self, delta: i32, room: &mut [u8; ROOM]) -> Option<&[u8]> {
        let base = if self.hex { 16 } else { 10 };
        let (mut left, mut carry, mut at) = (delta.unsigned_abs(), 0, ROOM);
        let own = self.values.get(..self.len)?;
        let mut own = own.iter().rev();
        loop {
            let digit = match own.next() {
                Some(&digit) => u32::from(digit),
                None if left == 0 && carry == 0 => break,
                None if delta < 0 => return None,
                None => 0,
            };
            // Hardware and compilers divide by constants without dividing.
            let (part, rest) =
                if self.hex { (left & 15, left >> 4) } else { (left % 10, left / 10) };
            left = rest;
            let sum = if delta < 0 {
                (digit + base).checked_sub(part + carry)?
            } else {
                digit + part + carry
            };
            let digit = if sum >= base { sum - base } else { sum };
            carry = u32::from((sum >= base) == (delta >= 0));
            at = at.checked_sub(1)?;
            *room.get_mut(at)? = match digit as u8 {
                digit @ 0..=9 => b'0' + digit,
                letter => b'a' + letter - 10,
            };
        }
        let written = room.get(at..)?;
        let fixed = self.len > 1 && self.values.first() == Some(&0);
        let zeros = written.iter().take_while(|&&digit| digit == b'0').count();
        let zeros = if fixed { 0 } else { zeros.min(written.len() - 1) };
        written.get(zeros..)
    }

    /// What must be added for the number to be written as `text`, which is `other`.
    #[cfg(feature = "alloc")]
    pub(super) fn until(self, other: Self, text: &[u8]) -> Option<i32> {
        let [from, to] = [self, other].map(|digits| {
            let base = if self.hex { 16 } else { 10 };
            let values = digits.values.get(..digits.len).unwrap_or_default();
            values.iter().fold(0i128, |value, &digit| value * base + i128::from(digit))
        });
        let delta =
            i32::try_from(to - from).ok().filter(|&delta| delta != 0 && delta > i32::MIN)?;
        (self.plus(delta, &mut [0; ROOM]) == Some(text)).then_some(delta)
    }
}

/// The number at the start of `text`, and its bytes.
#[cfg(feature = "alloc")]
pub(super) fn read(text: &[u8]) -> Option<(Digits, usize)> {
    let mut run = Run::default();
    let _ = text.iter().zip(1..).all(|(&byte, end)| run.take(byte, (0, end)));
    run.number().map(|(digits, (_, end))| (digits, end))
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;

    fn plus(text: &str, delta: i32) -> Option<std::string::String> {
        let (digits, length) = read(text.as_bytes())?;
        let mut room = [0; ROOM];
        let new = digits.plus(delta, &mut room)?;
        let rest = text.get(length..)?;
        core::str::from_utf8(new).ok().map(|new| std::format!("{new}{rest}"))
    }

    #[test]
    fn numbers_are_added_to_as_they_are_written() {
        let cases = [
            ("9", 1, Some("10")),
            ("09", 1, Some("10")),
            ("099", 2, Some("101")),
            ("99", 2, Some("101")),
            ("100", -1, Some("99")),
            ("010", -1, Some("009")),
            ("10", -10, Some("0")),
            ("10", -11, None),
            ("0", i32::MAX, Some("2147483647")),
            ("1", -i32::MAX, None),
            ("18446744073709551615", 1, Some("18446744073709551616")),
            ("184467440737095516150", 1, None),
            ("1f ", 1, Some("20 ")),
            ("1f", -16, Some("f")),
            ("1fg", 1, Some("2fg")),
            ("4days", 6, Some("10days")),
            ("0fff", 1, Some("1000")),
            ("x1", 1, None),
        ];
        for (text, delta, wanted) in cases {
            assert_eq!(plus(text, delta).as_deref(), wanted, "{text} and {delta}");
        }
    }

    #[test]
    fn what_was_added_is_found() {
        for (from, to) in [("7", "12"), ("007", "012"), ("12", "7"), ("1f", "2a"), ("9", "10")] {
            let [(a, _), (b, _)] = [from, to].map(|text| read(text.as_bytes()).unwrap());
            let b = Digits { hex: a.hex, ..b };
            let delta = a.until(b, to.as_bytes()).unwrap();
            assert_eq!(plus(from, delta).as_deref(), Some(to));
        }
        let [(a, _), (b, _)] = ["12", "007"].map(|text| read(text.as_bytes()).unwrap());
        assert_eq!(a.until(b, b"007"), None);
    }
}
