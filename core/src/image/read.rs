//! Reading the texts that an image carries: whole, by chunk, or some of their lines.
//!
//! TEXT is copied; GLYPHS is decoded record by record into a [`Texts`], which may stop
//! it. The memory is the caller's: [`Image::read_numbers`] of it suffice for any text.

use super::{ChunkId, Corrupt, Doc, DocId, Glyphs, Image, Section, Texts, glyphs, text};
use crate::glyph;
use crate::outline::Lang;
use core::ops::Range;

/// Why a text was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TextError {
    /// The image carries no texts.
    Absent,
    /// The text is longer than the room for it, in bytes.
    Room {
        /// Its length.
        need: usize,
        /// The room.
        got: usize,
    },
    /// The decoder wants more memory, in numbers of two bytes.
    Memory {
        /// What it wants.
        need: usize,
        /// What it got.
        got: usize,
    },
    /// A stored number cannot be true.
    Corrupt(Corrupt),
}

impl From<Corrupt> for TextError {
    fn from(corrupt: Corrupt) -> Self {
        Self::Corrupt(corrupt)
    }
}

impl core::fmt::Display for TextError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Absent => f.write_str("the image carries no texts"),
            Self::Room { need, got } => {
                write!(f, "the text has {need} bytes, but there is room for {got}")
            }
            Self::Memory { need, got } => {
                write!(f, "decoding takes {need} numbers of memory, but got {got}")
            }
            Self::Corrupt(corrupt) => corrupt.fmt(f),
        }
    }
}

impl core::error::Error for TextError {}

impl<'a> Image<'a> {
    /// The numbers of memory that [`Image::read`] takes.
    pub fn read_numbers(&self) -> usize {
        self.glyphs.map_or(0, |glyphs| glyph::numbers(glyphs.record_max()))
    }

    /// The bytes of the text of document `id`. O(its chunks).
    ///
    /// # Errors
    /// [`Corrupt`] where `id` is no document, or its chunks cannot be.
    pub fn text_length(&self, id: DocId) -> Result<usize, Corrupt> {
        let doc = self.docs.get(id)?;
        self.chunks.of(&doc).try_fold(0, |_, chunk| chunk.map(|(_, chunk)| chunk.end as usize))
    }

    /// Writes the text of document `id` to the start of `out` and gives its length:
    /// O(length). Of `memory` it uses [`Image::read_numbers`].
    ///
    /// # Errors
    /// [`TextError`]
    pub fn read(&self, id: DocId, memory: &mut [u16], out: &mut [u8]) -> Result<usize, TextError> {
        let length = self.text_length(id)?;
        let got = out.len();
        let out = out.get_mut(..length).ok_or(TextError::Room { need: length, got })?;
        if let Some(text) = self.text {
            let text = text.get(id)?;
            if text.len() != length {
                return Err(Corrupt::new(Section::Text, text::place(id)).into());
            }
            out.copy_from_slice(text);
            return Ok(length);
        }
        let mut sink = glyph::Slice::new(out);
        self.stream(id, memory, &mut sink)?;
        if sink.full {
            let doc = self.docs.get(id)?;
            return Err(Corrupt::new(Section::Glyphs, doc.first_chunk.0 as usize).into());
        }
        Ok(length)
    }

    /// Writes the text of one chunk of a document to the start of `out` and gives its
    /// length: O(64 and its length). Memory as for [`Image::read`].
    ///
    /// # Errors
    /// [`TextError`]
    pub fn read_chunk(
        &self,
        doc: &Doc<'_>,
        chunk: ChunkId,
        memory: &mut [u16],
        out: &mut [u8],
    ) -> Result<usize, TextError> {
        let length = usize::from(self.chunks.raw(chunk)?.0);
        let got = out.len();
        let out = out.get_mut(..length).ok_or(TextError::Room { need: length, got })?;
        let (glyphs, mut decoder) = self.decoder(memory)?;
        let mut sink = glyph::Slice::new(out);
        let whole =
            glyphs.chunk(self, (chunk, doc.lang == Lang::Log), 0, &mut decoder, &mut sink)?;
        if whole.is_break() {
            return Err(Corrupt::new(Section::Glyphs, chunk.0 as usize).into());
        }
        Ok(length)
    }

    /// Decodes document `id` of GLYPHS into `sink`, record by record until that breaks:
    /// O(length). Of `memory` it uses [`Image::read_numbers`].
    ///
    /// # Errors
    /// [`TextError`]
    pub fn stream(
        &self,
        id: DocId,
        memory: &mut [u16],
        sink: &mut impl Texts,
    ) -> Result<(), TextError> {
        let (glyphs, mut decoder) = self.decoder(memory)?;
        let doc = self.docs.get(id)?;
        let lines = doc.lang == Lang::Log;
        for chunk in doc.first_chunk.0..doc.end_chunk.0 {
            if glyphs.chunk(self, (ChunkId(chunk), lines), 0, &mut decoder, sink)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Decodes the lines `wanted`, counted from 0, of document `id` of GLYPHS into `sink`.
    /// What comes after them is not decoded, and before them no more than their chunk
    /// begins with; nothing for lines within a chunk of a log. O(chunks of the document, and 64 lines more than
    /// are wanted). Memory as for [`Image::read`].
    ///
    /// # Errors
    /// [`TextError`]
    pub fn stream_lines(
        &self,
        id: DocId,
        wanted: Range<u32>,
        memory: &mut [u16],
        sink: &mut impl glyph::Sink,
    ) -> Result<(), TextError> {
        let (glyphs, mut decoder) = self.decoder(memory)?;
        let doc = self.docs.get(id)?;
        let log = doc.lang == Lang::Log;
        for chunk in self.chunks.of(&doc) {
            let (id, chunk) = chunk?;
            if chunk.first_line >= wanted.end {
                break;
            }
            let before = wanted.start.saturating_sub(chunk.first_line);
            if before >= chunk.lines {
                continue;
            }
            let text = chunk.end.wrapping_sub(chunk.start) as usize;
            // Where a chunk's last line ends, only its text before says.
            let inner = wanted.end < chunk.first_line.saturating_add(chunk.lines);
            let lone = inner && log && glyphs.by_line(id, text, chunk.lines);
            let skipped = if lone { before } else { 0 };
            let line = chunk.first_line.wrapping_add(skipped);
            let mut lines = glyphs::Lines { sink, line, wanted: wanted.clone() };
            if glyphs.chunk(self, (id, log), skipped, &mut decoder, &mut lines)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The same image, whose phrases are looked up in the `spelling` of its codebook.
    #[cfg(feature = "alloc")]
    pub fn spelt(self, spelling: &'a glyph::Spelling) -> Self {
        Self { glyphs: self.glyphs.map(|glyphs| glyphs.spelt(spelling)), ..self }
    }

    /// GLYPHS, and what decodes them.
    fn decoder<'m>(
        &self,
        memory: &'m mut [u16],
    ) -> Result<(Glyphs<'a>, glyph::Decoder<'m>), TextError> {
        let glyphs = self.glyphs.ok_or(TextError::Absent)?;
        let (need, got) = (self.read_numbers(), memory.len());
        let decoder = glyph::Decoder::new(memory, glyphs.record_max());
        Ok((glyphs, decoder.ok_or(TextError::Memory { need, got })?))
    }
}
