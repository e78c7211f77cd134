//! The image: one flat, little-endian byte string that every target reads in place.
//!
//! ```text
//! header 32 B │ section table 24 B each │ sections, each at a multiple of 64
//! ```
//! `docs/format.md` specifies every byte. [`Image::open`] is cheap and total: it
//! checks the header, the table and the fixed-size parts of each section, so the
//! accessors of counts cannot fail afterwards. What follows a stored offset
//! returns [`Corrupt`], naming the section and the place, and never panics, reads
//! wild or loops without bound. [`Image::verify`] is dear: it checks every
//! checksum and follows every offset.
//!
//! A reader borrows the bytes and is `Copy`; alignment does not matter. What it computes of
//! numbers that are stored, it computes with a look at where they end.
#![deny(clippy::arithmetic_side_effects)]

mod chunks;
mod docs;
mod files;
mod glyphs;
mod grams;
mod header;
mod lexicon;
mod meta;
#[allow(clippy::arithmetic_side_effects, reason = "the inner loops; blocks bound their numbers")]
mod postings;
#[allow(clippy::arithmetic_side_effects, reason = "codes are bounded, lengths saturate")]
mod quant;
mod read;
mod section;
mod segment;
mod symbols;
mod text;
mod verify;

pub use chunks::{Chunk, Chunks};
pub use docs::{Doc, Docs, Key};
#[cfg(feature = "alloc")]
pub use files::files;
pub use files::{FileEntry, FileKind, Files, Form};
pub use glyphs::{CHAIN_MAX, Glyphs, Texts};
pub use grams::{Filter, Gram, Grams, grams};
pub use header::{FORMAT, LAYOUT, MAGIC, OpenError};
pub use lexicon::{Lexicon, Term, Terms, within_edits};
pub use meta::Meta;
pub use postings::{Cursor, Decoded, Family, List};
pub use quant::{FREQ_CODES, LEN_CODES, freq_code, freq_value, len_code, len_value};
pub use read::TextError;
pub use section::Section;
pub use segment::Segment;
pub use symbols::{Symbol, Symbols};
pub use text::Text;

#[cfg(feature = "alloc")]
pub(crate) use {
    chunks::SPLIT_LINE,
    docs::{HEAD_EVERY, record as doc_record},
    glyphs::{Base, EVERY as GLYPHS_EVERY, LOW_BITS as GLYPHS_LOW_BITS, part},
    grams::LEAST as GRAM_FILTER_LEAST,
    header::{Digest, OPTIONAL, checksum, entry as table_entry, head as image_head},
    lexicon::{BLOCK_TERMS, Head, Lead, OPAQUE_BLOCK, block},
    postings::{entry as block_entry, widths_byte},
    section::ALIGN,
    symbols::{NAME_MAX, extent, record as symbol_record},
};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $name(pub u32);
    };
}
id! {
    /// A document of one image; ids follow the order of keys.
    DocId
}
id! {
    /// A chunk of one image; the chunks of a document are contiguous.
    ChunkId
}
id! {
    /// A defined name of one image, in the order of documents and lines.
    SymbolId
}

/// A stored offset or number that cannot be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Corrupt {
    /// The section that holds it.
    pub section: Section,
    /// The byte of the section at which it was noticed.
    pub at: u32,
}

impl Corrupt {
    pub(crate) const fn new(section: Section, at: usize) -> Self {
        Self { section, at: if at > u32::MAX as usize { u32::MAX } else { at as u32 } }
    }
}

impl core::fmt::Display for Corrupt {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "corrupt image: section {} at byte {}", self.section.name(), self.at)
    }
}

impl core::error::Error for Corrupt {}

/// An open image.
#[derive(Debug, Clone, Copy)]
pub struct Image<'a> {
    bytes: &'a [u8],
    meta: Meta,
    docs: Docs<'a>,
    chunks: Chunks<'a>,
    lexicon: Lexicon<'a>,
    postings: &'a [u8],
    symbols: Symbols<'a>,
    text: Option<Text<'a>>,
    glyphs: Option<Glyphs<'a>>,
    grams: Option<Grams<'a>>,
    files: Option<Files<'a>>,
}

impl<'a> Image<'a> {
    /// Opens `bytes`: magic, version, checksum of header and table, bounds of
    /// every section. Costs the same for every size of image.
    ///
    /// # Errors
    /// [`OpenError`] says what was expected, what was found and what to do.
    pub fn open(bytes: &'a [u8]) -> Result<Self, OpenError> {
        let table = header::read(bytes)?;
        let meta = Meta::read(table.needed(Section::Meta)?)?;
        let docs = Docs::new(table.needed(Section::Docs)?, &meta)?;
        let chunks = Chunks::new(table.needed(Section::Chunks)?, meta.chunks)?;
        let lexicon = Lexicon::new(table.needed(Section::Lexicon)?, meta.terms, meta.opaque)?;
        let postings = table.needed(Section::Postings)?;
        let symbols = Symbols::new(table.needed(Section::Symbols)?, meta.symbols)?;
        let text = match table.section(Section::Text) {
            Some(section) => Some(Text::new(section, meta.documents)?),
            None => None,
        };
        let glyphs = match table.section(Section::Glyphs) {
            Some(section) => {
                let codebook = table.needed(Section::Codebook)?;
                Some(Glyphs::new(section, codebook, meta.chunks, meta.record_max)?)
            }
            None => None,
        };
        let grams = match table.section(Section::Grams) {
            Some(section) => Some(Grams::new(section, meta.documents)?),
            None => None,
        };
        let files = match table.section(Section::Files) {
            Some(section) => Some(Files::new(section, meta.documents)?),
            None => None,
        };
        Ok(Self {
            bytes,
            meta,
            docs,
            chunks,
            lexicon,
            postings,
            symbols,
            text,
            glyphs,
            grams,
            files,
        })
    }

    /// The whole image.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Counts, sums and identities.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The documents, sorted by key.
    pub fn docs(&self) -> Docs<'a> {
        self.docs
    }

    /// The chunks, in document order.
    pub fn chunks(&self) -> Chunks<'a> {
        self.chunks
    }

    /// The sorted terms.
    pub fn lexicon(&self) -> Lexicon<'a> {
        self.lexicon
    }

    /// The bytes that [`List`]s point into.
    pub fn postings(&self) -> &'a [u8] {
        self.postings
    }

    /// The defined names.
    pub fn symbols(&self) -> Symbols<'a> {
        self.symbols
    }

    /// The raw text, where the image carries it.
    pub fn text(&self) -> Option<Text<'a>> {
        self.text
    }

    /// What each document may hold, where the image says so.
    pub fn grams(&self) -> Option<Grams<'a>> {
        self.grams
    }

    /// Each section of the image with its length in bytes, in file order.
    pub fn sections(&self) -> impl Iterator<Item = (Section, u64)> + use<'a> {
        header::entries(self.bytes)
            .filter_map(|(kind, length)| Some((Section::from_number(kind)?, length)))
    }

    /// The numbers and lengths of the sections that this version does not know, and does
    /// without.
    pub fn unknown_sections(&self) -> impl Iterator<Item = (u16, u64)> + use<'a> {
        header::entries(self.bytes).filter(|(kind, _)| Section::from_number(*kind).is_none())
    }

    /// Checks every checksum. Linear in the image.
    ///
    /// # Errors
    /// The first damaged section.
    pub fn check(&self) -> Result<(), Corrupt> {
        header::damaged(self.bytes).map_or(Ok(()), Err)
    }

    /// Checks every checksum, follows every offset and decodes every text. Linear in
    /// the image and its texts; 13 KB of stack where these are records.
    ///
    /// # Errors
    /// The first [`Corrupt`] place found.
    pub fn verify(&self) -> Result<(), Corrupt> {
        verify::verify(self)
    }

    /// The text as glyphs, where the image carries it so.
    pub fn glyphs(&self) -> Option<Glyphs<'a>> {
        self.glyphs
    }

    /// What restoring a tree takes besides the texts, where the image carries it.
    pub fn files(&self) -> Option<Files<'a>> {
        self.files
    }

    /// Whether the image carries its texts.
    pub fn has_text(&self) -> bool {
        self.text.is_some() || self.glyphs.is_some()
    }

    /// The bytes of a section as they stand.
    #[cfg(feature = "alloc")]
    pub(crate) fn raw_section(&self, kind: Section) -> Option<&'a [u8]> {
        header::read(self.bytes).ok()?.section(kind)
    }

    /// The document that `chunk` belongs to. O(log documents).
    ///
    /// # Errors
    /// [`Corrupt`] where the table of documents contradicts itself.
    pub fn doc_of(&self, chunk: ChunkId) -> Result<DocId, Corrupt> {
        self.docs.by(self.meta.documents, |docs, id| {
            docs.first_chunk(id).map(|first| first.0 <= chunk.0)
        })
    }

    /// The document that `symbol` belongs to. O(log documents).
    ///
    /// # Errors
    /// [`Corrupt`] where the table of documents contradicts itself.
    pub fn doc_of_symbol(&self, symbol: SymbolId) -> Result<DocId, Corrupt> {
        self.docs.by(self.meta.documents, |docs, id| {
            docs.first_symbol(id).map(|first| first.0 <= symbol.0)
        })
    }
}
