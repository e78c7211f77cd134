//! META: counts, sums, maxima and identities, 64 bytes.
//!
//! ```text
//! 0 analyser u32   4 documents u32   8 chunks u32     12 terms u32     16 symbols u32
//! 20 opaque u32   24 tokens u64     32 text u64       40 postings u32  44 doc chunks u32
//! 48 key u16      50 term u16       52 record u16     54..64 zero
//! ```

use super::{Corrupt, OpenError, Section};
use crate::bits::layout::Field;
use crate::text::ANALYSER;

/// Where the fields stand, as drawn above; from byte 54 on all is 0.
pub(super) mod field {
    use super::Field;

    pub(crate) const ANALYSER: Field<u32> = Field::at(0);
    pub(crate) const DOCUMENTS: Field<u32> = Field::at(4);
    pub(crate) const CHUNKS: Field<u32> = Field::at(8);
    pub(crate) const TERMS: Field<u32> = Field::at(12);
    pub(crate) const SYMBOLS: Field<u32> = Field::at(16);
    pub(crate) const OPAQUE: Field<u32> = Field::at(20);
    pub(crate) const TOKENS: Field<u64> = Field::at(24);
    pub(crate) const TEXT_BYTES: Field<u64> = Field::at(32);
    pub(crate) const LONGEST_LIST: Field<u32> = Field::at(40);
    pub(crate) const MOST_CHUNKS: Field<u32> = Field::at(44);
    pub(crate) const LONGEST_KEY: Field<u16> = Field::at(48);
    pub(crate) const LONGEST_TERM: Field<u16> = Field::at(50);
    pub(crate) const RECORD_MAX: Field<u16> = Field::at(52);
    /// Bytes of META.
    pub(crate) const BYTES: usize = 64;
}

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
        let bytes: &[u8; field::BYTES] = bytes.try_into().ok()?;
        Some(Self {
            analyser: field::ANALYSER.get(bytes)?,
            documents: field::DOCUMENTS.get(bytes)?,
            chunks: field::CHUNKS.get(bytes)?,
            terms: field::TERMS.get(bytes)?,
            symbols: field::SYMBOLS.get(bytes)?,
            opaque: field::OPAQUE.get(bytes)?,
            tokens: field::TOKENS.get(bytes)?,
            text_bytes: field::TEXT_BYTES.get(bytes)?,
            longest_list: field::LONGEST_LIST.get(bytes)?,
            most_chunks: field::MOST_CHUNKS.get(bytes)?,
            longest_key: field::LONGEST_KEY.get(bytes)?,
            longest_term: field::LONGEST_TERM.get(bytes)?,
            record_max: field::RECORD_MAX.get(bytes)?,
        })
    }

    /// The section's bytes.
    #[cfg(feature = "alloc")]
    pub(crate) fn encode(&self) -> [u8; field::BYTES] {
        let mut out = [0; field::BYTES];
        field::ANALYSER.put(&mut out, self.analyser);
        field::DOCUMENTS.put(&mut out, self.documents);
        field::CHUNKS.put(&mut out, self.chunks);
        field::TERMS.put(&mut out, self.terms);
        field::SYMBOLS.put(&mut out, self.symbols);
        field::OPAQUE.put(&mut out, self.opaque);
        field::TOKENS.put(&mut out, self.tokens);
        field::TEXT_BYTES.put(&mut out, self.text_bytes);
        field::LONGEST_LIST.put(&mut out, self.longest_list);
        field::MOST_CHUNKS.put(&mut out, self.most_chunks);
        field::LONGEST_KEY.put(&mut out, self.longest_key);
        field::LONGEST_TERM.put(&mut out, self.longest_term);
        field::RECORD_MAX.put(&mut out, self.record_max);
        out
    }
}
