//! META: counts, sums, maxima and identities, 64 bytes.
//!
//! ```text
//! 0 analyser u32   4 documents u32   8 chunks u32     12 terms u32     16 symbols u32
//! 20 opaque u32   24 tokens u64     32 text u64       40 postings u32  44 doc chunks u32
//! 48 key u16      50 term u16       52 record u16     54..64 zero
//! ```

use super::{Corrupt, OpenError, Section};
use crate::bits::{u16_at, u32_at, u64_at};
use crate::text::ANALYSER;

/// How many bytes META has.
pub(crate) const BYTES: usize = 64;

/// What an image says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Meta {
    /// Identity of the analyser that cut the terms.
    pub analyser: u32,
    /// Documents, empty ones included.
    pub documents: u32,
    /// Chunks of all documents.
    pub chunks: u32,
    /// Distinct terms.
    pub terms: u32,
    /// Those of them that are [opaque](crate::text::is_opaque).
    pub opaque: u32,
    /// Defined names.
    pub symbols: u32,
    /// Sum of the chunks' lengths in tokens, each as its length code says.
    pub tokens: u64,
    /// Bytes of text that were indexed, whether or not the image carries them.
    pub text_bytes: u64,
    /// The longest posting list, in postings.
    pub longest_list: u32,
    /// The most chunks in one document.
    pub most_chunks: u32,
    /// The longest document key, in bytes.
    pub longest_key: u16,
    /// The longest term, in bytes.
    pub longest_term: u16,
    /// The longest record of GLYPHS in bytes of text; 0 where there is none.
    pub record_max: u16,
}

impl Meta {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, OpenError> {
        let meta = Self::parse(bytes).ok_or(Corrupt::new(Section::Meta, bytes.len()))?;
        if meta.analyser != ANALYSER {
            return Err(OpenError::Analyser { expected: ANALYSER, got: meta.analyser });
        }
        Ok(meta)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; BYTES] = bytes.try_into().ok()?;
        Some(Self {
            analyser: u32_at(bytes, 0)?,
            documents: u32_at(bytes, 4)?,
            chunks: u32_at(bytes, 8)?,
            terms: u32_at(bytes, 12)?,
            symbols: u32_at(bytes, 16)?,
            opaque: u32_at(bytes, 20)?,
            tokens: u64_at(bytes, 24)?,
            text_bytes: u64_at(bytes, 32)?,
            longest_list: u32_at(bytes, 40)?,
            most_chunks: u32_at(bytes, 44)?,
            longest_key: u16_at(bytes, 48)?,
            longest_term: u16_at(bytes, 50)?,
            record_max: u16_at(bytes, 52)?,
        })
    }

    /// The section's bytes.
    #[cfg(feature = "alloc")]
    pub(crate) fn encode(&self) -> [u8; BYTES] {
        let mut out = [0; BYTES];
        let mut put = |at: usize, bytes: &[u8]| {
            if let Some(slot) = out.get_mut(at..at + bytes.len()) {
                slot.copy_from_slice(bytes);
            }
        };
        put(0, &self.analyser.to_le_bytes());
        put(4, &self.documents.to_le_bytes());
        put(8, &self.chunks.to_le_bytes());
        put(12, &self.terms.to_le_bytes());
        put(16, &self.symbols.to_le_bytes());
        put(20, &self.opaque.to_le_bytes());
        put(24, &self.tokens.to_le_bytes());
        put(32, &self.text_bytes.to_le_bytes());
        put(40, &self.longest_list.to_le_bytes());
        put(44, &self.most_chunks.to_le_bytes());
        put(48, &self.longest_key.to_le_bytes());
        put(50, &self.longest_term.to_le_bytes());
        put(52, &self.record_max.to_le_bytes());
        out
    }
}
