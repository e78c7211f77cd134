//! The terms of a word: where it splits into pieces, and its whole.
//!
//! A piece ends
//!
//! - at `_`, `-` and whatever else is no letter, number, combining mark or apostrophe;
//! - between a letter and a number: `utf8` is utf, 8;
//! - before an upper-case letter that follows another letter: `camelCase` is camel, case;
//! - before the last of several upper-case letters when a lower-case one follows: `HTTPServer` is
//!   http, server. A plural `s` does not count: `userIDs` is user, ids.
//!
//! Han, kana and hangul are a piece a character, and between two such pieces stands the pair of
//! them, also a piece: overlapping pairs are what a language without spaces is searched by. Their
//! whole is given for up to [`WHOLE_MAX`] pieces, since longer ones are sentences.
//!
//! A combining mark goes with its letter, and a possessive `'s` is no part of a word. A piece of
//! ASCII letters is stemmed, unless it is longer than a term. A word of one piece gives that piece
//! alone; of several, each of them in order, as often as it occurs, then the whole: all pieces
//! joined, not stemmed, so that a name can be told from its plural.

use super::chars::{Class, classify, decode};
use super::compose::compose;
use super::term::Term;

/// A word of more pieces in Han, kana or hangul has no whole.
const WHOLE_MAX: usize = 8;

/// How a term came out of its word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Part {
    /// The word is this one piece; stemmed.
    Only,
    /// One of several pieces; stemmed.
    Piece,
    /// All pieces joined; not stemmed.
    Whole,
}

/// Calls `emit` with each index term of `word` in order: pieces, then the whole. Each is 1 to
/// [`TERM_MAX`](super::TERM_MAX) bytes of UTF-8. A word without a letter or number, such as `_`,
/// has none. Total: what is not UTF-8 parts pieces.
///
/// ```
/// # use sigla_core::text::{Part, terms};
/// let mut found = vec![];
/// terms(b"HTTPServer2", &mut |term, part| found.push((term.to_vec(), part)));
/// assert_eq!(found[1], (b"server".to_vec(), Part::Piece));
/// assert_eq!(found[3], (b"httpserver2".to_vec(), Part::Whole));
/// ```
pub fn terms(word: &[u8], emit: &mut impl FnMut(&[u8], Part)) {
    let mut pieces = Pieces::of(word);
    let (first, second) = (pieces.next(), pieces.next());
    let part = if second.is_some() { Part::Piece } else { Part::Only };
    let mut whole = Term::new();
    let (mut before, mut unspaced): (Option<&[u8]>, usize) = (None, 0);
    for piece in first.into_iter().chain(second).chain(pieces) {
        let after = is_unspaced(piece).then_some(piece);
        if let (Some(before), Some(after)) = (before, after) {
            let mut pair = Term::new();
            pair.push(before);
            pair.push(after);
            emit(pair.stemmed(), part);
        }
        unspaced += usize::from(after.is_some());
        before = after;
        let mut term = Term::new();
        term.push(piece);
        emit(term.stemmed(), part);
        if part == Part::Piece {
            whole.push(piece);
        }
    }
    if part == Part::Piece && unspaced <= WHOLE_MAX {
        emit(whole.whole(), Part::Whole);
    }
}

/// Whether `term` begins with a letter of Han, kana or hangul: it cannot be misspelt by a byte.
pub fn is_unspaced(term: &[u8]) -> bool {
    matches!(classify(term), Some((Class::Unspaced, _)))
}

/// Calls `emit` with the whole of `word`, even where that is one piece: lower case, not stemmed.
/// Nothing for a word without a letter or number.
///
/// A query needs it beside [`terms`]: `vecdeque` is one piece to it, and gives the stem `vecdequ`,
/// but the name `VecDeque` stands in the index as the whole `vecdeque`.
pub fn whole(word: &[u8], emit: &mut impl FnMut(&[u8])) {
    let mut term = Term::new();
    Pieces::of(word).for_each(|piece| term.push(piece));
    let term = term.whole();
    if !term.is_empty() {
        emit(term);
    }
}

/// The pieces of what is left of a word.
struct Pieces<'w> {
    rest: &'w [u8],
}

impl<'w> Pieces<'w> {
    fn of(word: &'w [u8]) -> Self {
        let rest = match word {
            [owner @ .., b'\'', b's' | b'S'] | [owner @ .., 0xe2, 0x80, 0x99, b's' | b'S'] => owner,
            _ => word,
        };
        Pieces { rest }
    }
}

impl<'w> Iterator for Pieces<'w> {
    type Item = &'w [u8];

    fn next(&mut self) -> Option<&'w [u8]> {
        let (mut last, mut end) = loop {
            match letter(self.rest)? {
                (Class::Separator | Class::Mark | Class::Apostrophe, length) => {
                    self.rest = self.rest.get(length..)?;
                }
                found => break found,
            }
        };
        while let Some((class, length)) = letter(rest(self.rest, end)) {
            let after = rest(self.rest, end + length);
            let joined = match (last, class) {
                (_, Class::Separator | Class::Mark | Class::Unspaced) => false,
                (Class::Unspaced, _) => false,
                (Class::Digit, _) => class == Class::Digit,
                (_, Class::Apostrophe) => starts_letter(after),
                (Class::Apostrophe, _) => true,
                (Class::Upper, Class::Upper) => !starts_title(after),
                _ => class == Class::Lower,
            };
            if !joined {
                break;
            }
            (last, end) = (class, end + length);
        }
        let (piece, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(piece)
    }
}

/// `bytes` from `at`; nothing past their end.
fn rest(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}

/// The class of the character at the start of `bytes`, and its length with its combining marks,
/// or with the other parts of its syllable.
fn letter(bytes: &[u8]) -> Option<(Class, usize)> {
    let (class, mut length) = classify(bytes)?;
    if class == Class::Unspaced {
        let mut c = decode(bytes)?;
        while let Some(next) = decode(rest(bytes, length))
            && let Some(whole) = compose(c, next)
        {
            (c, length) = (whole, length + next.len_utf8());
        }
    }
    while let Some((Class::Mark, more)) = classify(rest(bytes, length)) {
        length += more;
    }
    Some((class, length))
}

/// Whether a letter starts `bytes`.
fn starts_letter(bytes: &[u8]) -> bool {
    matches!(classify(bytes), Some((Class::Lower | Class::Upper, _)))
}

/// Whether `bytes` go on from a capital as a new word does: in lower case, and not with the `s`
/// of a plural alone.
fn starts_title(bytes: &[u8]) -> bool {
    let is_lower = |bytes| matches!(classify(bytes), Some((Class::Lower, _)));
    is_lower(bytes) && bytes.strip_prefix(b"s").is_none_or(is_lower)
}
