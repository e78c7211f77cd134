//! GRAMS, grown document by document.

use super::BuildError;
use crate::bits::layout::Number;
use crate::image::{GRAM_FILTER_LEAST, Section, grams};
use alloc::vec::Vec;

/// The most words of 64 bits that a filter begins with: 1 MiB.
const MOST: usize = 1 << 17;

/// The filters of the documents so far.
#[derive(Default)]
pub(super) struct Filters {
    /// One behind the other; empty in a merge, which hands them on.
    bytes: Vec<u8>,
    offsets: Vec<u8>,
    end: u64,
    /// The filter at hand.
    words: Vec<u64>,
}

impl Filters {
    /// Adds the filter of a text. Linear in it.
    pub(super) fn text(&mut self, text: &[u8]) -> Result<(), BuildError> {
        let Self { bytes, words, .. } = self;
        let before = bytes.len();
        if text.len() >= 3 {
            fill(text, words);
            halve(words);
            words.iter().for_each(|word| word.push(bytes));
        }
        let len = bytes.len() - before;
        self.place(len)
    }

    /// Notes that a filter of `len` bytes follows.
    pub(super) fn place(&mut self, len: usize) -> Result<(), BuildError> {
        let start = u32::try_from(self.end).map_err(|_| BuildError::TooLarge(Section::Grams))?;
        start.push(&mut self.offsets);
        self.end += len as u64;
        Ok(())
    }

    /// The filters that were added as texts.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The offsets, which stand behind the filters.
    pub(super) fn offsets(&mut self) -> Result<&[u8], BuildError> {
        self.place(0)?;
        Ok(&self.offsets)
    }

    /// Heap bytes held.
    pub(super) fn heap(&self) -> usize {
        self.bytes.capacity() + self.offsets.capacity() + self.words.capacity() * 8
    }
}

/// Sets the bit of every gram of `text` in a filter that is large enough for it,
/// but for texts of megabytes.
fn fill(text: &[u8], words: &mut Vec<u64>) {
    let size = text.len().saturating_mul(4).div_ceil(64).next_power_of_two().min(MOST);
    words.clear();
    words.resize(size, 0);
    let mask = size - 1;
    grams(text, |gram| {
        let bit = gram.bit();
        if let Some(word) = words.get_mut((bit >> 6) as usize & mask) {
            *word |= 1 << (bit & 63);
        }
    });
}

/// Lays the upper half over the lower as long as at most two bits in five are
/// then set.
fn halve(words: &mut Vec<u64>) {
    while let half @ 1.. = words.len() / 2
        && let Some((low, high)) = words.split_at_mut_checked(half)
    {
        let set: u64 = low.iter().zip(&*high).map(|(a, b)| u64::from((a | b).count_ones())).sum();
        if set * 5 > half as u64 * 64 * 2 {
            return;
        }
        low.iter_mut().zip(&*high).for_each(|(a, b)| *a |= b);
        words.truncate(half);
    }
}

const _: () = assert!(GRAM_FILTER_LEAST == size_of::<u64>());
