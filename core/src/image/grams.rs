//! GRAMS: which byte strings of three and four a document may hold, as a filter
//! for each document: what brings the candidates for literals and regular
//! expressions. The text decides.
//!
//! ```text
//! filters │ (documents + 1) offsets u32 into them
//! filter: 2^k bytes, k >= 3; nothing for a text of less than three bytes
//! ```
//! A filter is a Bloom filter with one hash function ("Space/time trade-offs in
//! hash coding with allowable errors", 1970): every string of three bytes of the
//! text and every one of four, A to Z taken as a to z, sets the bit that its hash
//! gives modulo the size. So the upper half of a filter can be laid over the
//! lower one, and each is halved as long as at most two bits in five are set:
//! small for small texts, and never a list to decode, merge or invert. A literal
//! of n bytes asks 2n - 5 bits. What regular expressions ask is that of Cox
//! ("Regular expression matching with a trigram index", 2012), who keeps lists;
//! at the size of lists of trigrams a filter of both lengths leaves as few
//! candidates (`docs/benchmarks.md`).

use super::{Corrupt, DocId, Section};
use crate::bits::layout::Array;

/// The least bytes of a filter that is not empty.
pub(crate) const LEAST: usize = 8;

/// A byte string of three or four, without regard to ASCII case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Gram(u32);

impl Gram {
    /// The last four of `window`, whose first byte is the highest.
    #[inline]
    pub(crate) const fn four(window: u32) -> Self {
        // The upper half of a product with 2^64 over the golden ratio: each of
        // its bits depends on all 32 of the string.
        Self(((window as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32)
    }

    /// The last three of `window`.
    #[inline]
    pub(crate) const fn three(window: u32) -> Self {
        Self::four(window & 0x00ff_ffff)
    }

    /// Its bit in a filter of any size is this modulo the size.
    #[inline]
    #[cfg(feature = "alloc")]
    pub(crate) const fn bit(self) -> u32 {
        self.0
    }
}

/// Calls `visit` with every gram of `text`. Linear.
#[inline]
pub fn grams(text: &[u8], mut visit: impl FnMut(Gram)) {
    let mut window = 0u32;
    let mut bytes = text.iter();
    for (held, byte) in (1u32..4).zip(&mut bytes) {
        window = window << 8 | u32::from(byte.to_ascii_lowercase());
        if held == 3 {
            visit(Gram::three(window));
        }
    }
    for byte in bytes {
        window = window << 8 | u32::from(byte.to_ascii_lowercase());
        visit(Gram::three(window));
        visit(Gram::four(window));
    }
}

/// What a document may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter<'a>(&'a [u8]);

impl Filter<'_> {
    /// Whether the document may hold `gram`; `false` is certain.
    #[inline]
    pub fn may_hold(&self, gram: Gram) -> bool {
        let mask = self.0.len().saturating_sub(1);
        let byte = self.0.get((gram.0 >> 3) as usize & mask).copied().unwrap_or(0);
        byte >> (gram.0 & 7) & 1 == 1
    }
}

/// The byte at which the offset of document `id` stands among the offsets.
pub(super) fn place(id: DocId) -> usize {
    Array::<u32>::place(id.0 as usize)
}

/// Reads GRAMS.
#[derive(Debug, Clone, Copy)]
pub struct Grams<'a> {
    offsets: Array<'a, u32>,
    filters: &'a [u8],
}

impl<'a> Grams<'a> {
    pub(super) fn new(section: &'a [u8], documents: u32) -> Result<Self, Corrupt> {
        (documents as usize)
            .checked_add(1)
            .and_then(|offsets| Array::last(section, offsets))
            .map(|(filters, offsets)| Self { offsets, filters })
            .ok_or(Corrupt::new(Section::Grams, section.len()))
    }

    /// The filter of document `id`. O(1).
    ///
    /// # Errors
    /// [`Corrupt`] where `id` is no document or its filter cannot be one.
    #[inline]
    pub fn filter(&self, id: DocId) -> Result<Filter<'a>, Corrupt> {
        self.offsets
            .span(id.0 as usize)
            .and_then(|span| self.filters.get(span))
            .filter(|bytes| {
                bytes.is_empty() || (bytes.len() >= LEAST && bytes.len().is_power_of_two())
            })
            .map(Filter)
            .ok_or(Corrupt::new(Section::Grams, place(id)))
    }

    /// The bytes of the filter of document `id`.
    #[cfg(feature = "alloc")]
    pub(crate) fn bytes(&self, id: DocId) -> Result<&'a [u8], Corrupt> {
        self.filter(id).map(|filter| filter.0)
    }

    /// How many bytes all filters have.
    pub(super) fn len(&self) -> usize {
        self.filters.len()
    }

    /// Where the filters of the documents before `id` end.
    pub(super) fn offset(&self, id: DocId) -> Option<u32> {
        self.offsets.get(id.0 as usize)
    }
}
