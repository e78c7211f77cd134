//! TEXT: the documents' bytes, raw.
//!
//! ```text
//! bytes │ (documents + 1) offsets u32 into them
//! ```

use super::{Corrupt, DocId, Section};
use crate::bits::layout::Array;

/// The byte at which the offset of document `id` stands among the offsets.
pub(super) fn place(id: DocId) -> usize {
    Array::<u32>::place(id.0 as usize)
}

/// Reads TEXT.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    offsets: Array<'a, u32>,
    bytes: &'a [u8],
}

impl<'a> Text<'a> {
    pub(super) fn new(section: &'a [u8], documents: u32) -> Result<Self, Corrupt> {
        (documents as usize)
            .checked_add(1)
            .and_then(|offsets| Array::last(section, offsets))
            .map(|(bytes, offsets)| Self { offsets, bytes })
            .ok_or(Corrupt::new(Section::Text, section.len()))
    }

    /// The text of document `id`. O(1).
    ///
    /// # Errors
    /// [`Corrupt`] where `id` is no document or its text lies outside the section.
    pub fn get(&self, id: DocId) -> Result<&'a [u8], Corrupt> {
        self.offsets
            .span(id.0 as usize)
            .and_then(|span| self.bytes.get(span))
            .ok_or(Corrupt::new(Section::Text, place(id)))
    }
}
