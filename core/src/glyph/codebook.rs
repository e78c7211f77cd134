//! CODEBOOK: the phrases of an image and every probability that reading needs.
//!
//! ```text
//! phrases u16 │ rules u16 │ classes u8 (log2) │ 0 u8 │ 0 u16
//! (classes + 1) first phrases u16 │ probabilities u8 each │ prefix codes │
//! pairs, bit-packed │ 0 u64
//! ```
//! A phrase is a byte or a pair. The first `phrases` of the `rules` may stand in a
//! record; the others only help to write those. Phrases are numbered by class,
//! within a class the commonest first, so that neither a class nor a rank is
//! stored. A pair has two numbers of the same width, the left one first: a number
//! below 256 is a byte, any other a rule plus 256, and all ones on the right say
//! that there is nothing. The zeros let every pair be read in one load.

use super::{prefix, range::ODDS, walk::Spelt};
use crate::bits::{u16_at, u64_at, width};

/// The number of a phrase.
pub type Phrase = u16;

/// How deep a phrase's pairs may be nested; a reader needs as many numbers.
pub const DEPTH_MAX: usize = 24;
/// The most rules a codebook has.
pub const RULES_MAX: usize = 16_000;
/// The number of rule 0 in a pair.
pub(super) const RULE: u16 = 256;
/// The most classes, as a power of two.
pub const CLASSES_MAX: u32 = 6;
/// The longest phrase in bytes.
pub const PHRASE_MAX: usize = 64;

pub(super) const HEADER: usize = 8;
/// Zeros behind the pairs.
const PADDING: usize = 8;

/// A place in the table of probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Context(pub(super) usize);

/// One of a codebook's prefix codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Code {
    /// Which of them all.
    pub(super) index: usize,
    /// Where it begins among their bytes.
    at: usize,
    /// The most symbols that it has.
    pub(super) room: usize,
}

/// The symbol for all classes that have none of their own; the class follows.
pub(super) const OTHER: u8 = u8::MAX;

/// How the tables are laid out. Probabilities: those of records without a base, then
/// those with one, then that a number has changed. Codes: of the magnitudes of ranks
/// among recent phrases; of the classes that follow a class (or the record's start);
/// of the magnitudes of ranks in a class; of what is added to a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contexts {
    /// log2 of the classes.
    pub(super) classes: u32,
    /// The most symbols of a code of classes.
    named: usize,
    /// Where the codes of classes begin, and those of magnitudes in a class.
    class_at: usize,
    magnitude_at: usize,
}

impl Contexts {
    const COPY: usize = 2 * 12 * 4;
    const NEXT: usize = 2 * 4;
    /// Kinds of counts of recent phrases: by their width.
    const KNOWN: usize = 9;
    const SEEN: usize = Self::KNOWN * 4 * 2;
    /// Flags of one kind of record.
    pub(super) const FLAGS: usize = Self::COPY + Self::NEXT + Self::SEEN;
    /// Codes of ranks, their symbols, and those of magnitudes in a class.
    const RANKS: usize = 2 * Self::KNOWN;
    const RANK: usize = 8;
    const MAGNITUDE: usize = 16;
    /// Symbols of what is added to a number, and the probabilities that something is.
    const DELTA: usize = 64;
    const NUMBER: usize = 4;
    /// The most classes that a code names; the others are `OTHER`.
    const NAMED: usize = 32;

    fn flags(based: bool) -> usize {
        usize::from(based) * Self::FLAGS
    }

    /// Whether the copied text goes on: by how the place was found, how many
    /// phrases it has held for, and how many were missed since.
    pub(super) fn copy(based: bool, kept: bool, run: u32, missed: u32) -> Context {
        let run = if run < 6 { run } else { (3 + width(run)).min(11) };
        Context(
            Self::flags(based) + ((usize::from(kept) * 12 + run as usize) * 4) + missed as usize,
        )
    }

    /// Whether the phrase is the one that followed the last phrase before.
    pub(super) fn next(based: bool, copied: bool, missed: u32) -> Context {
        Context(Self::flags(based) + Self::COPY + usize::from(copied) * 4 + missed as usize)
    }

    /// Whether it is among the recent ones.
    pub(super) fn seen(based: bool, known: u32, missed: u32, guessed: bool) -> Context {
        let at = (width(known) as usize * 4 + missed as usize) * 2 + usize::from(guessed);
        Context(Self::flags(based) + Self::COPY + Self::NEXT + at)
    }

    /// Whether it is the number that begins in the phrase that did not go on, with
    /// something added.
    pub(super) fn number(missed: u32) -> Context {
        Context(2 * Self::FLAGS + missed as usize)
    }

    /// Those of `1 << classes` classes.
    pub(super) const fn new(classes: u32) -> Self {
        let count = 1 << classes;
        let named = if count < Self::NAMED { count } else { Self::NAMED };
        let class_at = Self::RANKS * prefix::bytes(Self::RANK);
        let magnitude_at = class_at + (count + 1) * prefix::bytes(named);
        Self { classes, named, class_at, magnitude_at }
    }

    /// The magnitude of a rank among the `known` recent phrases.
    #[inline]
    pub(super) fn rank(self, based: bool, known: u32) -> Code {
        let index = usize::from(based) * Self::KNOWN + width(known) as usize;
        Code { index, at: index * prefix::bytes(Self::RANK), room: Self::RANK }
    }

    /// The class behind the class `previous`; the one behind the last stands for the
    /// record's start.
    #[inline]
    pub(super) fn class(self, previous: u32) -> Code {
        let (previous, room) = (previous as usize, self.named);
        let at = self.class_at + previous * prefix::bytes(room);
        Code { index: Self::RANKS + previous, at, room }
    }

    /// The magnitude of a rank in a class.
    #[inline]
    pub(super) fn magnitude(self, class: u32) -> Code {
        let (class, room) = (class as usize, Self::MAGNITUDE);
        let at = self.magnitude_at + class * prefix::bytes(room);
        Code { index: Self::RANKS + self.count() + 1 + class, at, room }
    }

    /// What is added to a number: 0 that it is the next one, else the magnitude and
    /// the sign.
    #[inline]
    pub(super) fn delta(self) -> Code {
        let Code { index, at, .. } = self.magnitude(self.count() as u32);
        Code { index, at, room: Self::DELTA }
    }

    fn count(self) -> usize {
        1 << self.classes
    }

    /// Each code of `book` with the count of its symbols, in their order.
    #[cfg(feature = "alloc")]
    pub(super) fn codes(self, book: &Codebook<'_>) -> impl Iterator<Item = (Code, usize)> {
        let known = (0..Self::KNOWN as u32).map(|width| (1 << width) >> 1);
        let ranks = [false, true].into_iter().flat_map(move |based| {
            known.clone().map(move |known| (self.rank(based, known), Self::RANK))
        });
        let classes = (0..=self.count() as u32).map(move |at| (self.class(at), self.count()));
        let magnitudes = (0..self.count() as u32).map(move |class| {
            let ranks = book.first(class + 1) - book.first(class);
            (self.magnitude(class), width(u32::from(ranks)).max(1) as usize)
        });
        ranks.chain(classes).chain(magnitudes).chain([(self.delta(), Self::DELTA - 1)])
    }

    /// The bytes of probabilities, and those of codes.
    pub(super) fn sizes(self) -> (usize, usize) {
        (2 * Self::FLAGS + Self::NUMBER, self.delta().at + prefix::bytes(Self::DELTA))
    }
}

/// What a phrase is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// One byte.
    Byte(u8),
    /// A part and the one behind it.
    Pair(Part, Part),
}

/// Half of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A byte.
    Byte(u8),
    /// A rule.
    Rule(Phrase),
}

impl Part {
    /// Of its number in a pair.
    fn new(number: u16) -> Self {
        match number.checked_sub(RULE) {
            Some(rule) => Self::Rule(rule),
            None => Self::Byte(number as u8),
        }
    }

    /// Its number in a pair.
    #[cfg(feature = "alloc")]
    fn number(self) -> u32 {
        match self {
            Self::Byte(byte) => u32::from(byte),
            Self::Rule(rule) => u32::from(rule) + u32::from(RULE),
        }
    }
}

/// Reads a codebook in place.
#[derive(Debug, Clone, Copy)]
pub struct Codebook<'a> {
    phrases: u16,
    rules: u16,
    pub(super) contexts: Contexts,
    width: u32,
    firsts: &'a [u8],
    probabilities: &'a [u8],
    codes: &'a [u8],
    pairs: &'a [u8],
    pub(super) spelt: Option<Spelt<'a>>,
}

/// Bytes that are no codebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NoCodebook;

impl<'a> Codebook<'a> {
    /// Opens `bytes`. O(classes).
    ///
    /// # Errors
    /// [`NoCodebook`] where the sizes in the header do not agree with the bytes,
    /// or the classes do not tile the phrases.
    pub fn open(bytes: &'a [u8]) -> Result<Self, NoCodebook> {
        Self::read(bytes).ok_or(NoCodebook)
    }

    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (phrases, rules) = (u16_at(bytes, 0)?, u16_at(bytes, 2)?);
        let classes = u32::from(*bytes.get(4)?);
        if phrases > rules || usize::from(rules) > RULES_MAX || classes > CLASSES_MAX {
            return None;
        }
        let contexts = Contexts::new(classes);
        let (firsts, rest) =
            bytes.get(HEADER..)?.split_at_checked(((1usize << classes) + 1) * 2)?;
        let sizes = contexts.sizes();
        let (probabilities, rest) = rest.split_at_checked(sizes.0)?;
        let (codes, pairs) = rest.split_at_checked(sizes.1)?;
        let width = pair_width(rules);
        let need = (usize::from(rules) * 2 * width as usize).div_ceil(8) + PADDING;
        let tiled = u16_at(firsts, 0) == Some(0)
            && u16_at(firsts, firsts.len() - 2) == Some(phrases)
            && (0..1usize << classes).all(|c| u16_at(firsts, c * 2) <= u16_at(firsts, c * 2 + 2));
        (pairs.len() == need && tiled).then_some(Self {
            phrases,
            rules,
            contexts,
            width,
            firsts,
            probabilities,
            codes,
            pairs,
            spelt: None,
        })
    }

    /// How many bytes it has.
    pub fn bytes(&self) -> usize {
        let tables = self.firsts.len() + self.probabilities.len() + self.codes.len();
        HEADER + tables + self.pairs.len()
    }

    /// How many phrases may stand in a record.
    pub fn phrases(&self) -> u16 {
        self.phrases
    }

    /// How many rules there are: the phrases, and those that only help to write them.
    pub fn rules(&self) -> u16 {
        self.rules
    }

    /// How many classes the phrases fall into.
    pub fn classes(&self) -> u32 {
        1 << self.contexts.classes
    }

    /// What `phrase` is made of; `None` where there is no such rule. O(1).
    pub fn rule(&self, phrase: Phrase) -> Option<Rule> {
        let (left, right) = self.pair(phrase).filter(|_| phrase < self.rules)?;
        Some(if right == self.nothing() {
            Rule::Byte(left as u8)
        } else {
            Rule::Pair(Part::new(left), Part::new(right))
        })
    }

    /// The right number of a rule that is one byte.
    #[inline]
    pub(super) fn nothing(&self) -> u16 {
        ((1u32 << self.width) - 1) as u16
    }

    /// The two numbers of a rule; `None` where they lie outside the codebook.
    #[inline]
    pub(super) fn pair(&self, rule: u16) -> Option<(u16, u16)> {
        let bit = usize::from(rule) * 2 * self.width as usize;
        let word = u64_at(self.pairs, bit / 8)? >> (bit % 8);
        let nothing = self.nothing();
        Some((word as u16 & nothing, (word >> self.width) as u16 & nothing))
    }

    /// The class of a phrase: O(log classes), O(1) where phrases are spelt out.
    #[inline]
    pub(super) fn class_of(&self, phrase: Phrase) -> u32 {
        if let Some(class) = self.spelt.and_then(|spelt| spelt.class_of(phrase)) {
            return class;
        }
        let mut class = 0;
        let mut step = 1u32 << self.contexts.classes >> 1;
        while step > 0 {
            if self.first(class + step) <= phrase {
                class += step;
            }
            step >>= 1;
        }
        class
    }

    /// The first phrase of a class, and one behind the last of the class before.
    #[inline]
    pub(super) fn first(&self, class: u32) -> Phrase {
        u16_at(self.firsts, class as usize * 2).unwrap_or(u16::MAX)
    }

    /// The probability of `true` at `context`, in 1/4096.
    #[inline]
    pub(super) fn probability(&self, context: Context) -> u32 {
        let stored = self.probabilities.get(context.0).copied().unwrap_or(128);
        u32::from(ODDS.get(usize::from(stored)).copied().unwrap_or(2048))
    }

    /// The bytes of a prefix code.
    #[inline]
    pub(super) fn code(&self, code: Code) -> &'a [u8] {
        self.codes.get(code.at..code.at + prefix::bytes(code.room)).unwrap_or_default()
    }
}

/// The width of a number in a pair: all ones must stay free.
pub(super) fn pair_width(rules: u16) -> u32 {
    width(u32::from(rules) + u32::from(RULE))
}

/// Writes a codebook; `tables` are its probabilities and codes.
#[cfg(feature = "alloc")]
pub(super) fn write(rules: &[Rule], firsts: &[u16], tables: &[u8], out: &mut alloc::vec::Vec<u8>) {
    use crate::bits::pack;

    let count = rules.len() as u16;
    let width = pair_width(count);
    out.extend_from_slice(&firsts.last().copied().unwrap_or(0).to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&[(firsts.len().saturating_sub(1)).trailing_zeros() as u8, 0, 0, 0]);
    for first in firsts {
        out.extend_from_slice(&first.to_le_bytes());
    }
    out.extend_from_slice(tables);
    let nothing = (1 << width) - 1;
    let numbers = rules.iter().flat_map(|rule| match *rule {
        Rule::Byte(byte) => [u32::from(byte), nothing],
        Rule::Pair(left, right) => [left.number(), right.number()],
    });
    pack::string(numbers, width, out);
    out.extend_from_slice(&[0; PADDING]);
}
