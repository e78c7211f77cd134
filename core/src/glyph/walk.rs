//! From phrases to bytes: a walk over the pairs that make a phrase.
//!
//! A codebook is a graph of pairs, and hostile bytes may make it a cyclic one:
//! the walk holds at most [`DEPTH_MAX`] phrases that wait and gives at most
//! [`PHRASE_MAX`] bytes.

use super::codebook::{Codebook, DEPTH_MAX, PHRASE_MAX, Phrase, RULE};

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
}

/// All phrases of a codebook spelt out, for machines that have the memory: about
/// 100 KB and a third of the time of decoding.
#[cfg(feature = "alloc")]
#[derive(Debug, Default)]
pub struct Spelling {
    ends: alloc::vec::Vec<u32>,
    text: alloc::vec::Vec<u8>,
}

#[cfg(feature = "alloc")]
impl Spelling {
    /// Of the phrases of `book`: O(bytes of them all).
    pub fn new(book: &Codebook<'_>) -> Self {
        let mut spelling = Self::default();
        let mut room = [0; PHRASE_MAX];
        for phrase in 0..book.phrases() {
            spelling.push(book.walk(phrase, &mut room).unwrap_or_default());
        }
        spelling
    }

    /// Of these phrases, 0 first.
    pub(super) fn of<S: AsRef<[u8]>>(phrases: &[S]) -> Self {
        let mut spelling = Self::default();
        phrases.iter().for_each(|phrase| spelling.push(phrase.as_ref()));
        spelling
    }

    fn push(&mut self, phrase: &[u8]) {
        self.text.extend_from_slice(phrase);
        self.ends.push(self.text.len() as u32);
    }

    fn spelt(&self) -> Spelt<'_> {
        Spelt { ends: &self.ends, text: &self.text }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.ends.capacity() * size_of::<u32>() + self.text.capacity()
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

/// A spelling in place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spelt<'a> {
    ends: &'a [u32],
    text: &'a [u8],
}

impl<'a> Spelt<'a> {
    #[inline]
    fn get(&self, phrase: Phrase) -> Option<&'a [u8]> {
        let at = usize::from(phrase);
        let start = at.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before))?;
        let text = self.text.get(*start as usize..*self.ends.get(at)? as usize)?;
        (!text.is_empty()).then_some(text)
    }
}
