//! GLYPHS: the documents' texts as records over CODEBOOK.
//!
//! ```text
//! chunks │ starts u32 of every 64th │ lengths, bit-packed │ their width u32
//! chunk: records (lines only) varint │ lengths of all records but the last, varints │ records
//! ```
//! A chunk of `n` bytes is cut into as few records of nearly equal size as
//! `record_max` allows; in a log each line is a record, a longer one several.
//! So no length of a text is stored here. A record with a base names it by how
//! many chunks before its own the base's chunk stands and which record of it the
//! base is, both plus one in Elias' gamma code behind the kind.

use super::{ChunkId, Corrupt, Image, Section};
use crate::bits::{pack, u32_at, varint};
use crate::glyph::{self, Codebook, Decoder, Phrase, Record, Sink, Tier};
use core::ops::{ControlFlow, Range};

/// The most records that one is decoded from, itself included.
pub const CHAIN_MAX: usize = 8;
/// Chunks between two stored starts.
pub(crate) const EVERY: usize = 64;

/// The part of a text of `length` bytes that is record `index` of `count`.
pub(crate) fn part(length: usize, index: usize, count: usize) -> Range<usize> {
    let start = |index: usize| (length * index).checked_div(count).unwrap_or(0);
    start(index)..start(index + 1)
}

/// Reads GLYPHS.
#[derive(Debug, Clone, Copy)]
pub struct Glyphs<'a> {
    book: Codebook<'a>,
    record_max: usize,
    chunks: &'a [u8],
    starts: &'a [u8],
    lengths: &'a [u8],
    width: u32,
}

impl<'a> Glyphs<'a> {
    pub(super) fn new(
        section: &'a [u8],
        codebook: &'a [u8],
        chunks: u32,
        record_max: u16,
    ) -> Result<Self, Corrupt> {
        let book = Codebook::open(codebook)
            .map_err(|_| Corrupt::new(Section::Codebook, codebook.len()))?;
        let chunks = chunks as usize;
        let read = || {
            let (rest, width) = section.split_at_checked(section.len().checked_sub(4)?)?;
            let width = u32_at(width, 0).filter(|&width| width <= 16)?;
            let lengths = rest.len().checked_sub(pack::bytes(chunks, width))?;
            let (rest, lengths) = rest.split_at_checked(lengths)?;
            let starts = rest.len().checked_sub(chunks.div_ceil(EVERY).checked_mul(4)?)?;
            let (bytes, starts) = rest.split_at_checked(starts)?;
            let record_max = usize::from(record_max);
            (record_max > 0).then_some(Self {
                book,
                record_max,
                chunks: bytes,
                starts,
                lengths,
                width,
            })
        };
        read().ok_or(Corrupt::new(Section::Glyphs, section.len()))
    }

    /// The same, by a codebook that looks its phrases up in its `spelling`.
    #[cfg(feature = "alloc")]
    pub(super) fn spelt(self, spelling: &'a glyph::Spelling) -> Self {
        Self { book: self.book.spelt(spelling), ..self }
    }

    /// The codebook.
    pub fn book(&self) -> Codebook<'a> {
        self.book
    }

    /// The longest record in bytes of text: what a [`Decoder`] must have room for.
    pub fn record_max(&self) -> usize {
        self.record_max
    }

    /// Where the encoded bytes of `chunk` lie: O(64).
    fn extent(&self, chunk: usize) -> Option<(usize, usize)> {
        let first = chunk / EVERY * EVERY;
        let mut start = u32_at(self.starts, chunk / EVERY * 4)? as usize;
        let length = |at| pack::in_string(self.lengths, self.width, at).map(|n| n as usize);
        for before in first..chunk {
            start = start.checked_add(length(before)?)?;
        }
        Some((start, start.checked_add(length(chunk)?)?))
    }

    /// Whether the encoded chunks lie one behind the other and fill their part:
    /// O(64 * chunks).
    pub(super) fn meet(&self, chunks: u32) -> bool {
        let end = (0..chunks as usize)
            .try_fold(0, |end, at| self.extent(at).filter(|&(start, _)| start == end).map(|e| e.1));
        end == Some(self.chunks.len())
    }

    /// The records of `chunk`, whose text has `text` bytes.
    fn records(&self, chunk: u32, text: usize, lines: bool) -> Option<Records<'a>> {
        let (start, end) = self.extent(chunk as usize)?;
        let bytes = self.chunks.get(start..end)?;
        let mut at = 0;
        let count = if lines {
            varint::decode(bytes, &mut at)? as usize
        } else {
            text.checked_add(self.record_max - 1)?.checked_div(self.record_max)?
        };
        let lengths = at;
        for _ in 1..count {
            varint::decode(bytes, &mut at)?;
        }
        Some(Records { count, lengths, at, next: 0, bytes, text, lines, max: self.record_max })
    }

    /// Decodes the text of `chunk` into `sink`. O(length, and that of the records' bases).
    ///
    /// # Errors
    /// [`Corrupt`] names the section and the chunk.
    pub(super) fn chunk(
        &self,
        image: &Image<'_>,
        chunk: ChunkId,
        lines: bool,
        decoder: &mut Decoder<'_>,
        sink: &mut impl Texts,
    ) -> Result<(), Corrupt> {
        let corrupt = Corrupt::new(Section::Glyphs, chunk.0 as usize);
        let text = usize::from(image.chunks.raw(chunk)?.0);
        let mut records = self.records(chunk.0, text, lines).ok_or(corrupt)?;
        let (mut left, mut index) = (text, 0);
        while left > 0 {
            let mut record = records.next().ok_or(corrupt)?;
            record.length = record.length.min(left);
            let bytes = record.bytes;
            let mut chain = heapless::Vec::<Record<'_>, CHAIN_MAX>::new();
            let mut place = (chunk.0, index);
            chain.push(record).map_err(|_| corrupt)?;
            while let Some(base) = glyph::base(record.bytes).map_err(|_| corrupt)? {
                let chunk = place.0.checked_sub(base.chunks).ok_or(corrupt)?;
                place = (chunk, base.record);
                let text = usize::from(image.chunks.raw(ChunkId(chunk))?.0);
                let records = self.records(chunk, text, lines).ok_or(corrupt)?;
                record = records.skip(base.record as usize).ok_or(corrupt)?;
                chain.push(record).map_err(|_| corrupt)?;
            }
            chain.reverse();
            let mut counted = Counted { sink, bytes: 0 };
            decoder.stream(&self.book, &chain, &mut counted).map_err(|_| corrupt)?;
            if counted.bytes == 0 || counted.bytes > left {
                return Err(corrupt);
            }
            left -= counted.bytes;
            sink.record(bytes);
            index += 1;
        }
        if records.next == records.count { Ok(()) } else { Err(corrupt) }
    }
}

/// Takes the texts of a document's records.
pub trait Texts: Sink {
    /// The text of a record has ended; these were its bytes in the image.
    fn record(&mut self, bytes: &[u8]) {
        let _ = bytes;
    }
}

impl<F: FnMut(&[u8]) -> ControlFlow<()>> Texts for F {}

/// Counts what it passes on.
struct Counted<'s, S> {
    sink: &'s mut S,
    bytes: usize,
}

impl<S: Sink> Sink for Counted<'_, S> {
    #[inline]
    fn text(&mut self, text: &[u8]) -> ControlFlow<()> {
        self.bytes += text.len();
        self.sink.text(text)
    }

    fn phrase(&mut self, phrase: Phrase, tier: Tier) {
        self.sink.phrase(phrase, tier);
    }
}

/// The records of one chunk, in order.
#[derive(Debug, Clone, Copy)]
struct Records<'a> {
    count: usize,
    bytes: &'a [u8],
    /// Where the next length stands, and the next record.
    lengths: usize,
    at: usize,
    next: usize,
    /// Bytes of the chunk's text, and of a record's at most.
    text: usize,
    max: usize,
    lines: bool,
}

impl<'a> Records<'a> {
    fn next(&mut self) -> Option<Record<'a>> {
        let index = self.next;
        if index >= self.count {
            return None;
        }
        let end = if index + 1 == self.count {
            self.bytes.len()
        } else {
            self.at.checked_add(varint::decode(self.bytes, &mut self.lengths)? as usize)?
        };
        let bytes = self.bytes.get(self.at..end)?;
        self.at = end;
        self.next += 1;
        let length = if self.lines {
            self.max.min(self.text)
        } else {
            part(self.text, index, self.count).len()
        };
        Some(Record { bytes, length, line: self.lines })
    }

    fn skip(mut self, index: usize) -> Option<Record<'a>> {
        for _ in 0..index.min(self.count) {
            self.next()?;
        }
        self.next()
    }
}
