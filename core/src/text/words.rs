//! The words of a text: one pass, nothing copied.
//!
//! A word is a maximal run of letters, numbers, `_` and combining marks, that begins with no mark.
//! Two things may hold such runs together:
//!
//! - one `-` between two ASCII letters, as in `retry-with-backoff`; so `a->b`, `--flag`, `x - 1`
//!   and `utf-8` are not joined;
//! - an apostrophe (`'` or `’`) before the English endings s, t, d, m, re, ve and ll, as in
//!   `don't`; the word ends there. Other quotes part words: `f'name'`, `b't'`, `l'été`.
//!
//! A run of Han, kana or hangul is a word of its own, whatever letters it touches.
//!
//! A word of more than [`WORD_MAX`] bytes is cut into several, between characters, so that encoded
//! data and minified code cannot make one word of a megabyte. What is not UTF-8 parts words.

use super::blocks::Blocks;
use super::chars::{Class, classify};

/// The longest word in bytes.
pub const WORD_MAX: usize = 256;

/// An identifier-like run in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Word<'t> {
    /// The word as it stands in the text, 1 to [`WORD_MAX`] bytes of UTF-8.
    pub bytes: &'t [u8],
    /// Where it stands: its first byte's offset in the text.
    pub start: usize,
}

/// The words of `text` in order. Linear, total, and allocation free.
///
/// ```
/// # use sigla_core::text::words;
/// let found: Vec<_> = words(b"let x_1 = a->b; // don't re-use").map(|word| word.bytes).collect();
/// assert_eq!(found, [&b"let"[..], b"x_1", b"a", b"b", b"don't", b"re-use"]);
/// ```
pub fn words(text: &[u8]) -> Words<'_> {
    Words { text, at: 0, blocks: Blocks::new(text) }
}

/// The iterator that [`words()`] returns.
#[derive(Clone, Debug)]
pub struct Words<'t> {
    text: &'t [u8],
    at: usize,
    blocks: Blocks<'t>,
}

impl<'t> Iterator for Words<'t> {
    type Item = Word<'t>;

    fn next(&mut self) -> Option<Word<'t>> {
        let start = self.find_start();
        let end = self.find_end(start);
        self.at = end;
        let bytes = self.text.get(start..end)?;
        (!bytes.is_empty()).then_some(Word { bytes, start })
    }
}

impl core::iter::FusedIterator for Words<'_> {}

impl<'t> Words<'t> {
    /// The text from `at`; nothing past its end.
    fn rest(&self, at: usize) -> &'t [u8] {
        self.text.get(at..).unwrap_or_default()
    }

    /// Where the next word starts, or the length of the text.
    fn find_start(&mut self) -> usize {
        let mut at = self.at;
        loop {
            at = self.blocks.find_candidate(at, self.text.len());
            if self.text.get(at).is_none_or(u8::is_ascii) {
                return at;
            }
            match classify(self.rest(at)) {
                Some((Class::Lower | Class::Upper | Class::Digit | Class::Unspaced, _)) | None => {
                    return at;
                }
                Some((_, length)) => at += length,
            }
        }
    }

    /// Where the word that starts at `start` ends.
    fn find_end(&mut self, start: usize) -> usize {
        let limit = self.text.len().min(start.saturating_add(WORD_MAX));
        let mut at = start;
        if matches!(classify(self.rest(at)), Some((Class::Unspaced, _))) {
            while let Some((Class::Unspaced | Class::Mark, length)) = classify(self.rest(at)) {
                if length > limit - at {
                    break;
                }
                at += length;
            }
            return at;
        }
        loop {
            at = self.blocks.find_other(at, limit);
            let joined = match self.text.get(at..limit).and_then(<[u8]>::first) {
                Some(b'-') if self.joins_letters(at, limit) => 1,
                Some(b'\'' | 0x80..) => match classify(self.rest(at)) {
                    Some((Class::Apostrophe, quote)) => {
                        return self
                            .end_contraction(at, quote)
                            .filter(|&end| end <= limit)
                            .unwrap_or(at);
                    }
                    Some((Class::Separator | Class::Unspaced, _)) | None => return at,
                    Some((_, length)) => length,
                },
                _ => return at,
            };
            if joined > limit - at {
                return at;
            }
            at += joined;
        }
    }

    /// Whether the byte at `at` has ASCII letters on both sides, before `limit`.
    fn joins_letters(&self, at: usize, limit: usize) -> bool {
        let around = at.checked_sub(1).and_then(|before| self.text.get(before..limit));
        matches!(around, Some([a, _, b, ..]) if a.is_ascii_alphabetic() && b.is_ascii_alphabetic())
    }

    /// Where a contraction ends whose apostrophe, `quote` bytes long, stands at `at`.
    fn end_contraction(&self, at: usize, quote: usize) -> Option<usize> {
        if !self.text.get(at.checked_sub(1)?)?.is_ascii_alphabetic() {
            return None;
        }
        let after = self.rest(at + quote);
        let goes_on = |rest: &[u8]| {
            rest.first() == Some(&b'_')
                || classify(rest).is_some_and(|(class, _)| class != Class::Separator)
        };
        let ending = ENGLISH_ENDINGS.iter().find(|ending| {
            after
                .split_at_checked(ending.len())
                .is_some_and(|(head, rest)| head.eq_ignore_ascii_case(ending) && !goes_on(rest))
        })?;
        Some(at + quote + ending.len())
    }
}

/// What may follow the apostrophe inside a word.
const ENGLISH_ENDINGS: [&[u8]; 7] = [b"s", b"t", b"d", b"m", b"re", b"ve", b"ll"];
