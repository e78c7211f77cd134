//! From phrases to bytes: walks over the pairs that make a phrase, depth first for its
//! text and breadth first for who wants to know how it is made.
//!
//! A codebook is a graph of pairs, and hostile bytes may make it a cyclic one:
//! the walk holds at most [`DEPTH_MAX`] phrases that wait and gives at most
//! [`PHRASE_MAX`] bytes.

use super::codebook::{Codebook, DEPTH_MAX, PHRASE_MAX, Part, Phrase, RULE};

/// Knows the bytes of phrases.
pub(super) trait Spell {
    /// The bytes of a phrase, which `room` may hold.
    fn bytes_of<'r>(&'r self, phrase: Phrase, room: &'r mut [u8; PHRASE_MAX]) -> Option<&'r [u8]>;
}

impl Spell for Codebook<'_> {
    #[inline]
    fn bytes_of<'r>(&'r self, phrase: Phrase, room: &'r mut [u8; PHRASE_MAX]) -> Option<&'r [u8]> {
        self.spell(phrase, room)
    }
}

impl Codebook<'_> {
    /// The bytes of a rule, depth first; `room` may hold them. O(bytes). `None` where
    /// a pair names no rule, or pairs are nested deeper than [`DEPTH_MAX`], or the
    /// bytes are more than [`PHRASE_MAX`].
    #[inline]
    pub fn spell<'r>(&'r self, rule: Phrase, room: &'r mut [u8; PHRASE_MAX]) -> Option<&'r [u8]> {
        match self.spelt {
            Some(spelling) => spelling.get(rule),
            None => self.walk(rule, room),
        }
    }

    /// The bytes of a phrase that is spelt out and those behind them, and its length.
    #[inline]
    pub(super) fn short(&self, phrase: Phrase) -> Option<(&[u8; SHORT], usize)> {
        self.spelt?.short(phrase)
    }

    fn walk<'r>(&self, rule: Phrase, room: &'r mut [u8; PHRASE_MAX]) -> Option<&'r [u8]> {
        let mut waiting = [0u16; DEPTH_MAX];
        let (mut depth, mut bytes) = (0, 0);
        let nothing = self.nothing();
        let (mut number, right) = self.pair(rule)?;
        if right != nothing {
            *waiting.first_mut()? = right;
            depth = 1;
        }
        loop {
            if let Some(rule) = number.checked_sub(RULE) {
                let (left, right) = self.pair(rule)?;
                *waiting.get_mut(depth)? = right;
                depth += 1;
                number = left;
            } else {
                *room.get_mut(bytes)? = number as u8;
                bytes += 1;
                let Some(next) = depth.checked_sub(1) else { return room.get(..bytes) };
                depth = next;
                number = *waiting.get(depth)?;
            }
        }
    }

    /// The parts of a rule breadth first, from left to right: the rule itself at level 0,
    /// its halves at level 1, theirs at 2. O(bytes). `None`, after some of them, where a
    /// pair names no rule, or there are more parts than a phrase of [`PHRASE_MAX`] bytes has.
    pub fn levels(&self, rule: Phrase, take: &mut impl FnMut(usize, Part)) -> Option<()> {
        let mut waiting = [0u16; 2 * PHRASE_MAX];
        *waiting.first_mut()? = rule.checked_add(RULE)?;
        let (mut level, mut start, mut end) = (0, 0, 1);
        while start < end {
            let mut behind = end;
            for at in start..end {
                let number = *waiting.get(at)?;
                let Some(rule) = number.checked_sub(RULE) else {
                    take(level, Part::Byte(number as u8));
                    continue;
                };
                take(level, Part::Rule(rule));
                let (left, right) = self.pair(rule)?;
                for half in [left, right].into_iter().filter(|&half| half != self.nothing()) {
                    *waiting.get_mut(behind)? = half;
                    behind += 1;
                }
            }
            (level, start, end) = (level + 1, end, behind);
        }
        Some(())
    }
}

/// All phrases of a codebook spelt out, for machines that have the memory: about
/// 150 KB and a third of the time of decoding.
#[cfg(feature = "alloc")]
#[derive(Debug, Default)]
pub struct Spelling {
    places: alloc::vec::Vec<u32>,
    classes: alloc::vec::Vec<u8>,
    text: alloc::vec::Vec<u8>,
}

#[cfg(feature = "alloc")]
impl Spelling {
    /// Of the phrases of `book`: O(bytes of them all).
    pub fn new(book: &Codebook<'_>) -> Self {
        let mut room = [0; PHRASE_MAX];
        let phrases = 0..book.phrases();
        let mut spelling = Self {
            classes: phrases.clone().map(|phrase| book.class_of(phrase) as u8).collect(),
            ..Self::default()
        };
        for phrase in phrases {
            spelling.push(book.walk(phrase, &mut room).unwrap_or_default());
        }
        spelling.end()
    }

    /// Of these phrases, 0 first; they have no classes.
    pub(super) fn of<S: AsRef<[u8]>>(phrases: &[S]) -> Self {
        let mut spelling = Self::default();
        phrases.iter().for_each(|phrase| spelling.push(phrase.as_ref()));
        spelling.end()
    }

    fn push(&mut self, phrase: &[u8]) {
        self.places.push((self.text.len() as u32) << LENGTH | phrase.len() as u32);
        self.text.extend_from_slice(phrase);
    }

    /// Every phrase can be loaded with the bytes behind it.
    fn end(mut self) -> Self {
        self.text.extend_from_slice(&[0; SHORT]);
        self
    }

    fn spelt(&self) -> Spelt<'_> {
        Spelt { places: &self.places, classes: &self.classes, text: &self.text }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.places.capacity() * size_of::<u32>() + self.classes.capacity() + self.text.capacity()
    }
}

#[cfg(feature = "alloc")]
impl Spell for Spelling {
    fn bytes_of<'r>(&'r self, phrase: Phrase, _: &'r mut [u8; PHRASE_MAX]) -> Option<&'r [u8]> {
        self.spelt().get(phrase)
    }
}

#[cfg(feature = "alloc")]
impl<'a> Codebook<'a> {
    /// The same codebook, which looks its phrases up in its `spelling`.
    pub fn spelt(mut self, spelling: &'a Spelling) -> Self {
        self.spelt = Some(spelling.spelt());
        self
    }
}

/// The bits of a phrase's length behind its place.
const LENGTH: u32 = 7;
/// The bytes of a phrase that are moved without asking how many they are.
pub const SHORT: usize = 16;

/// A spelling in place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spelt<'a> {
    places: &'a [u32],
    classes: &'a [u8],
    text: &'a [u8],
}

impl<'a> Spelt<'a> {
    #[inline]
    fn place(self, phrase: Phrase) -> Option<(usize, usize)> {
        let place = *self.places.get(usize::from(phrase))?;
        let length = (place & ((1 << LENGTH) - 1)) as usize;
        (length > 0).then_some(((place >> LENGTH) as usize, length))
    }

    #[inline]
    fn get(self, phrase: Phrase) -> Option<&'a [u8]> {
        let (start, length) = self.place(phrase)?;
        self.text.get(start..start + length)
    }

    /// The bytes from the start of a phrase on, and its length.
    #[inline]
    pub(super) fn short(self, phrase: Phrase) -> Option<(&'a [u8; SHORT], usize)> {
        let (start, length) = self.place(phrase)?;
        Some((self.text.get(start..)?.first_chunk()?, length))
    }

    /// The class of a phrase.
    #[inline]
    pub(super) fn class_of(self, phrase: Phrase) -> Option<u32> {
        self.classes.get(usize::from(phrase)).map(|&class| u32::from(class))
    }
}
