//! TEXT: the documents' bytes, raw.
//!
//! ```text
//! bytes │ (documents + 1) offsets u32 into them
//! ```

use super::{Corrupt, DocId, Section};
use crate::bits::u32_at;

/// Reads TEXT.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    offsets: &'a [u8],
    bytes: &'a [u8],
}

impl<'a> Text<'a> {
    pub(super) fn new(section: &'a [u8], documents: u32) -> Result<Self, Corrupt> {
        (documents as usize)
            .checked_add(1)
            .and_then(|n| section.len().checked_sub(n.checked_mul(4)?))
            .and_then(|at| section.split_at_checked(at))
            .map(|(bytes, offsets)| Self { offsets, bytes })
            .ok_or(Corrupt::new(Section::Text, section.len()))
    }

    /// The text of document `id`. O(1).
    ///
    /// # Errors
    /// [`Corrupt`] where `id` is no document or its text lies outside the section.
    pub fn get(&self, id: DocId) -> Result<&'a [u8], Corrupt> {
        let at = (id.0 as usize).saturating_mul(4);
        u32_at(self.offsets, at)
            .zip(u32_at(self.offsets, at.saturating_add(4)))
            .and_then(|(start, end)| self.bytes.get(start as usize..end as usize))
            .ok_or(Corrupt::new(Section::Text, at))
    }
}
