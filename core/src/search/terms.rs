//! The terms of a query, as they lie in the scratch.

use crate::bits::u32_at;
use crate::image::Family;
use crate::text::TERM_MAX;
use bytemuck::{Pod, Zeroable};

/// The posting families, in the order of arrays that hold something for each.
pub(super) const FAMILIES: [Family; 3] = [Family::Words, Family::Names, Family::Paths];

/// A term of a query.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct TermRow {
    pub(super) bytes: [u8; TERM_MAX],
    pub(super) len: u8,
    pub(super) uses: u8,
    /// Terms that a prefix expanded to share one.
    pub(super) group: u8,
    pub(super) times: u8,
    /// Weight by family.
    pub(super) weights: [i32; 3],
    /// Live postings by family.
    pub(super) counts: [u32; 3],
}

/// Adds to the score.
pub(super) const SCORE: u8 = 1;
/// Must not be in the document.
pub(super) const EXCLUDE: u8 = 2;
/// Must be in the document.
pub(super) const REQUIRE: u8 = 4;
/// Belongs to a phrase.
pub(super) const PHRASE: u8 = 8;
/// Several pieces of one word joined.
pub(super) const WHOLE: u8 = 16;
/// By family: says next to nothing beside the others there, having less than an
/// eighth of the weight of the rarest. Such terms find documents like others, but
/// no feature of the family looks at them: they are most of the postings and change
/// hardly any order. A word that is common in texts may be rare among paths.
pub(super) const WEAK: [u8; 3] = [32, 64, 128];

impl TermRow {
    pub(super) fn new(term: &[u8], uses: u8, counts: [u32; 3]) -> Self {
        let mut row =
            Self { len: term.len().min(TERM_MAX) as u8, uses, times: 1, counts, ..Self::zeroed() };
        row.bytes.iter_mut().zip(term).for_each(|(slot, &b)| *slot = b);
        row
    }

    /// Its bytes.
    pub(super) fn term(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or(&[])
    }

    /// Its first four bytes, the first one lowest; zeros behind a shorter term.
    pub(super) fn begins(&self) -> u32 {
        u32_at(&self.bytes, 0).unwrap_or(0)
    }

    /// Whether it has one of these uses.
    pub(super) fn is(&self, uses: u8) -> bool {
        self.uses & uses != 0
    }

    /// Live postings of all families.
    pub(super) fn total(&self) -> u32 {
        self.counts.iter().fold(0, |sum, &count| sum.saturating_add(count))
    }
}

/// A word that matched nothing, and what was searched in its stead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction<'q> {
    /// The word, as it stands in the query.
    pub word: &'q [u8],
    to: [u8; TERM_MAX],
    to_len: u8,
}

impl<'q> Correction<'q> {
    pub(super) const fn new(word: &'q [u8], to: &TermRow) -> Self {
        Self { word, to: to.bytes, to_len: to.len }
    }

    /// The term of the body. Terms are stems: `retri` stands for `retry` and `retries`.
    pub fn to(&self) -> &[u8] {
        self.to.get(..usize::from(self.to_len)).unwrap_or(&[])
    }
}
