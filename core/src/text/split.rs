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
//! What looks random between two of the first kind of border is one piece and opaque, and so is
//! the whole that holds it: see [`opaque`](super::opaque).
//!
//! A combining mark goes with its letter, and a possessive `'s` is no part of a word. A piece of
//! ASCII letters is stemmed, unless it is longer than a term. A word of one piece gives that piece
//! alone; of several, each of them in order, as often as it occurs, then the whole: all pieces
//! joined, not stemmed, so that a name can be told from its plural.

use super::chars::{Class, classify, decode};
use super::compose::compose;
use super::opaque::{is_opaque, looks_random};
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
/// [`TERM_MAX`](super::TERM_MAX) bytes of UTF-8, or [opaque](super::is_opaque). A word without a letter or number, such as `_`,
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
    let mut whole = Whole::new();
    let (mut before, mut unspaced): (Option<&[u8]>, usize) = (None, 0);
    for piece in first.into_iter().chain(second).chain(pieces) {
        let after = is_unspaced(piece.bytes).then_some(piece.bytes);
        if let (Some(before), Some(after)) = (before, after) {
            let mut pair = Term::new();
            pair.push(before);
            pair.push(after);
            emit(pair.stemmed(), part);
        }
        unspaced += usize::from(after.is_some());
        before = after;
        let mut term = Term::new();
        term.push(piece.bytes);
        emit(if piece.opaque { term.opaque() } else { term.stemmed() }, part);
        if part == Part::Piece {
            whole.push(piece);
        }
    }
    if part == Part::Piece && unspaced <= WHOLE_MAX {
        emit(whole.term(), Part::Whole);
    }
}

/// All pieces of a word joined.
struct Whole {
    term: Term,
    /// Whether one of them is.
    opaque: bool,
}

impl Whole {
    fn new() -> Self {
        Whole { term: Term::new(), opaque: false }
    }

    fn push(&mut self, piece: Piece<'_>) {
        self.term.push(piece.bytes);
        self.opaque |= piece.opaque;
    }

    /// Empty where there was no piece.
    fn term(&mut self) -> &[u8] {
        if self.opaque { self.term.opaque() } else { self.term.whole() }
    }
}

/// Whether `term` begins with a letter of Han, kana or hangul.
fn is_unspaced(term: &[u8]) -> bool {
    matches!(classify(term), Some((Class::Unspaced, _)))
}

/// Whether a byte more or less or another may make `term` of one that was meant: not of Han, kana
/// or hangul, nor where it is opaque.
pub fn may_be_misspelt(term: &[u8]) -> bool {
    !is_opaque(term) && !is_unspaced(term)
}

/// Calls `emit` with the whole of `word`, even where that is one piece: lower case, not stemmed.
/// Nothing for a word without a letter or number.
///
/// A query needs it beside [`terms`]: `vecdeque` is one piece to it, and gives the stem `vecdequ`,
/// but the name `VecDeque` stands in the index as the whole `vecdeque`.
pub fn whole(word: &[u8], emit: &mut impl FnMut(&[u8])) {
    let mut whole = Whole::new();
    Pieces::of(word).for_each(|piece| whole.push(piece));
    let term = whole.term();
    if !term.is_empty() {
        emit(term);
    }
}

/// A piece of a word.
#[derive(Clone, Copy)]
struct Piece<'w> {
    bytes: &'w [u8],
    opaque: bool,
}

/// The pieces of what is left of a word.
struct Pieces<'w> {
    rest: &'w [u8],
    /// No piece was taken since the word or a separator.
    fresh: bool,
}

impl<'w> Pieces<'w> {
    fn of(word: &'w [u8]) -> Self {
        let rest = match word {
            [owner @ .., b'\'', b's' | b'S'] | [owner @ .., 0xe2, 0x80, 0x99, b's' | b'S'] => owner,
            _ => word,
        };
        Pieces { rest, fresh: true }
    }

    /// The run of ASCII letters and digits here as one piece, if it looks random and no other
    /// letter touches it.
    fn random(&mut self) -> Option<Piece<'w>> {
        let end = self.rest.iter().position(|byte| !byte.is_ascii_alphanumeric());
        let (run, after) = self.rest.split_at_checked(end.unwrap_or(self.rest.len()))?;
        let apart = after.first().is_none_or(u8::is_ascii);
        let bytes = looks_random(run).filter(|_| apart)?;
        self.rest = after;
        Some(Piece { bytes, opaque: true })
    }

    /// The piece here, which begins with a letter or digit of `class` and `end` bytes.
    fn plain(&mut self, class: Class, mut end: usize) -> Option<Piece<'w>> {
        let mut last = class;
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
        let (bytes, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(Piece { bytes, opaque: false })
    }
}

impl<'w> Iterator for Pieces<'w> {
    type Item = Piece<'w>;

    fn next(&mut self) -> Option<Piece<'w>> {
        let (class, length) = loop {
            match letter(self.rest)? {
                (Class::Separator | Class::Mark | Class::Apostrophe, length) => {
                    self.rest = self.rest.get(length..)?;
                    self.fresh = true;
                }
                found => break found,
            }
        };
        let random = if self.fresh { self.random() } else { None };
        self.fresh = false;
        random.or_else(|| self.plain(class, length))
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
