//! CHUNKS: extent and length of every chunk, three arrays.
//!
//! ```text
//! length code u8 × chunks │ bytes u16 × chunks │ lines u16 × chunks
//! ```
//! `lines` counts the line ends in the chunk; bit 15 says that it also ends
//! inside a line. Places follow by summing from the document's first chunk.

use super::{ChunkId, Corrupt, Doc, Section};
use crate::bits::layout::Array;
use crate::outline::CHUNK_MAX;

/// Bit 15 of `lines`: the chunk ends inside a line, which the next one goes on with.
pub(crate) const SPLIT_LINE: u16 = 1 << 15;

/// Where a chunk lies in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// First byte, counted from the start of the document.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// First line, from 0.
    pub first_line: u32,
    /// How many lines it touches, at least 1.
    pub lines: u32,
}

/// Reads CHUNKS.
#[derive(Debug, Clone, Copy)]
pub struct Chunks<'a> {
    lens: &'a [u8],
    bytes: Array<'a, u16>,
    lines: Array<'a, u16>,
}

impl<'a> Chunks<'a> {
    pub(super) fn new(section: &'a [u8], chunks: u32) -> Result<Self, Corrupt> {
        let n = chunks as usize;
        let read = || {
            let (lens, rest) = section.split_at_checked(n)?;
            let (bytes, rest) = Array::first(rest, n)?;
            let (lines, rest) = Array::first(rest, n)?;
            rest.is_empty().then_some(Self { lens, bytes, lines })
        };
        read().ok_or(Corrupt::new(Section::Chunks, section.len()))
    }

    /// The length code of every chunk.
    pub fn lens(&self) -> &'a [u8] {
        self.lens
    }

    pub(crate) fn raw(&self, id: ChunkId) -> Result<(u16, u16), Corrupt> {
        let at = id.0 as usize;
        self.bytes
            .get(at)
            .zip(self.lines.get(at))
            // Readers bring room for that much.
            .filter(|&(bytes, _)| (1..=CHUNK_MAX).contains(&usize::from(bytes)))
            .ok_or(Corrupt::new(Section::Chunks, id.0 as usize))
    }

    /// The chunks of `doc` with their places, in order.
    pub fn of(
        self,
        doc: &Doc<'_>,
    ) -> impl Iterator<Item = Result<(ChunkId, Chunk), Corrupt>> + use<'a> {
        let (mut start, mut first_line) = (0u32, 0u32);
        (doc.first_chunk.0..doc.end_chunk.0).map(move |id| {
            let (bytes, lines) = self.raw(ChunkId(id))?;
            let ends = u32::from(lines & !SPLIT_LINE);
            let chunk = Chunk {
                start,
                end: start.wrapping_add(u32::from(bytes)),
                first_line,
                lines: ends.saturating_add(u32::from(lines & SPLIT_LINE != 0)).max(1),
            };
            start = chunk.end;
            first_line = first_line.wrapping_add(ends);
            Ok((ChunkId(id), chunk))
        })
    }

    /// The place of one chunk of `doc`. Linear in the chunks before it.
    ///
    /// # Errors
    /// [`Corrupt`] where `id` is no chunk of `doc`.
    pub fn place(self, doc: &Doc<'_>, id: ChunkId) -> Result<Chunk, Corrupt> {
        for chunk in self.of(doc) {
            let (at, chunk) = chunk?;
            if at == id {
                return Ok(chunk);
            }
        }
        Err(Corrupt::new(Section::Chunks, id.0 as usize))
    }
}
