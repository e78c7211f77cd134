//! GLYPHS: the documents' texts as records over CODEBOOK.
//!
//! ```text
//! chunks │ starts u32 of every 64th │ lengths, bit-packed │ their width u32
//! chunk: records │ head, read from the end: records (lines only), bases, lengths
//! ```
//! A chunk of `n` bytes is cut into as few records of nearly equal size as
//! `record_max` allows; in a log each line is a record, a longer one several.
//! So no length of a text is stored here. A record with a base names one of the
//! chunk's list; there a base is how many chunks before this one its chunk stands and
//! which record of it the base is, so that many lines of one template share a name.

use super::{ChunkId, Corrupt, Image, Section};
use crate::bits::{back, layout::Array, pack};
use crate::glyph::{self, Codebook, Decoder, Phrase, Record, SHORT, Sink, Slice, Tier};
use core::ops::{ControlFlow, Range};

/// The most records that one is decoded from, itself included.
pub const CHAIN_MAX: usize = 8;
/// Chunks between two stored starts.
pub(crate) const EVERY: usize = 64;
/// The widest length of an encoded chunk, in bits.
const WIDTH_MAX: u32 = 16;
/// Bits that say how many plain bits the lengths of a chunk's records have.
pub(crate) const LOW_BITS: u32 = 4;

/// The part of a text of `length` bytes that is record `index` of `count`.
pub(crate) fn part(length: usize, index: usize, count: usize) -> Range<usize> {
    let start = |index: usize| length.saturating_mul(index).checked_div(count).unwrap_or(0);
    start(index)..start(index.saturating_add(1))
}

/// Reads GLYPHS.
#[derive(Debug, Clone, Copy)]
pub struct Glyphs<'a> {
    book: Codebook<'a>,
    record_max: usize,
    chunks: &'a [u8],
    starts: Array<'a, u32>,
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
            let (rest, width) = Array::last(section, 1)?;
            let width = width.get(0).filter(|&width| width <= WIDTH_MAX)?;
            let lengths = rest.len().checked_sub(pack::bytes(chunks, width))?;
            let (rest, lengths) = rest.split_at_checked(lengths)?;
            let (bytes, starts) = Array::last(rest, chunks.div_ceil(EVERY))?;
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
        let first = (chunk / EVERY).saturating_mul(EVERY);
        let mut start = self.starts.get(chunk / EVERY)? as usize;
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
        let mut head = back::Reader::new(bytes);
        let count = if lines {
            head.number()? as usize
        } else {
            text.checked_add(self.record_max.checked_sub(1)?)?.checked_div(self.record_max)?
        };
        let bases = head.number()?;
        // Each record has text, and no record has two bases.
        if count > text || bases as usize > count {
            return None;
        }
        let mut lengths = head;
        for _ in 0..bases {
            Base::read(&mut lengths)?;
        }
        let low = if count > 1 { lengths.bits(LOW_BITS) } else { 0 };
        let mut records = Records {
            count,
            bases,
            head,
            low,
            lengths,
            at: 0,
            next: 0,
            bytes,
            text,
            lines,
            max: self.record_max,
        };
        let mut end = lengths;
        for _ in 1..count {
            records.length(&mut end)?;
        }
        records.bytes = bytes.get(..end.rest()?)?;
        Some(records)
    }

    /// Decodes the text of `chunk` into `sink`, until that breaks; of a chunk with a record
    /// a line without the first `skipped` lines, where the sink breaks before the last one.
    /// O(length, and that of the records' bases).
    ///
    /// # Errors
    /// [`Corrupt`] names the section and the chunk.
    pub(super) fn chunk(
        &self,
        image: &Image<'_>,
        (chunk, lines): (ChunkId, bool),
        skipped: u32,
        decoder: &mut Decoder<'_>,
        sink: &mut impl Texts,
    ) -> Result<ControlFlow<()>, Corrupt> {
        let corrupt = Corrupt::new(Section::Glyphs, chunk.0 as usize);
        let text = usize::from(image.chunks.raw(chunk)?.0);
        let mut records = self.records(chunk.0, text, lines).ok_or(corrupt)?;
        for _ in 0..skipped {
            records.next().ok_or(corrupt)?;
        }
        let mut left = text;
        while left > 0 {
            let mut record = records.next().ok_or(corrupt)?;
            record.length = record.length.min(left);
            let bytes = record.bytes;
            let mut chain = heapless::Vec::<Record<'_>, CHAIN_MAX>::new();
            chain.push(record).map_err(|_| corrupt)?;
            let (mut around, mut place) = (records, chunk.0);
            while let Some(base) = glyph::base(record.bytes).map_err(|_| corrupt)? {
                let base = around.base(base).ok_or(corrupt)?;
                place = place.checked_sub(base.chunks).ok_or(corrupt)?;
                let text = usize::from(image.chunks.raw(ChunkId(place))?.0);
                around = self.records(place, text, lines).ok_or(corrupt)?;
                record = around.skip(base.record as usize).ok_or(corrupt)?;
                chain.push(record).map_err(|_| corrupt)?;
            }
            chain.reverse();
            let mut counted = Counted { sink, bytes: 0, broken: false };
            decoder.stream(&self.book, &chain, &mut counted).map_err(|_| corrupt)?;
            if counted.broken {
                return Ok(ControlFlow::Break(()));
            }
            left = left.checked_sub(counted.bytes).filter(|_| counted.bytes > 0).ok_or(corrupt)?;
            sink.record(bytes);
        }
        if records.next == records.count { Ok(ControlFlow::Continue(())) } else { Err(corrupt) }
    }

    /// Whether each line of `chunk`, which touches so many, is a record of its own.
    pub(super) fn by_line(&self, chunk: ChunkId, text: usize, lines: u32) -> bool {
        self.records(chunk.0, text, true).is_some_and(|records| records.count == lines as usize)
    }
}

/// Passes on some lines of a document.
pub(super) struct Lines<'s, S> {
    pub(super) sink: &'s mut S,
    /// The line at hand, and those that are wanted.
    pub(super) line: u32,
    pub(super) wanted: Range<u32>,
}

impl<S: Sink> Sink for Lines<'_, S> {
    fn text(&mut self, text: &[u8]) -> ControlFlow<()> {
        for part in text.split_inclusive(|&byte| byte == b'\n') {
            if self.wanted.contains(&self.line) {
                self.sink.text(part)?;
            }
            self.line = self.line.wrapping_add(u32::from(part.ends_with(b"\n")));
            if self.line >= self.wanted.end {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }
}

impl<S: Sink> Texts for Lines<'_, S> {}

/// Takes the texts of a document's records.
pub trait Texts: Sink {
    /// The text of a record has ended; these were its bytes in the image.
    fn record(&mut self, bytes: &[u8]) {
        let _ = bytes;
    }
}

impl<F: FnMut(&[u8]) -> ControlFlow<()>> Texts for F {}

impl Texts for Slice<'_> {}

/// Counts what it passes on.
struct Counted<'s, S> {
    sink: &'s mut S,
    /// Of one record, which a decoder ends.
    bytes: usize,
    /// The sink wants no more.
    broken: bool,
}

impl<S: Sink> Counted<'_, S> {
    #[inline]
    fn noted(&mut self, flow: ControlFlow<()>) -> ControlFlow<()> {
        self.broken |= flow.is_break();
        flow
    }
}

impl<S: Sink> Sink for Counted<'_, S> {
    #[inline]
    fn text(&mut self, text: &[u8]) -> ControlFlow<()> {
        self.bytes = self.bytes.wrapping_add(text.len());
        let flow = self.sink.text(text);
        self.noted(flow)
    }

    #[inline]
    fn short(&mut self, text: &[u8; SHORT], length: usize) -> ControlFlow<()> {
        self.bytes = self.bytes.wrapping_add(length);
        let flow = self.sink.short(text, length);
        self.noted(flow)
    }

    fn phrase(&mut self, phrase: Phrase, tier: Tier) {
        self.sink.phrase(phrase, tier);
    }
}

/// Where the base of a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Base {
    /// How many chunks before the record's own.
    pub(crate) chunks: u32,
    /// Which record of that chunk.
    pub(crate) record: u32,
}

impl Base {
    fn read(head: &mut back::Reader<'_>) -> Option<Self> {
        Some(Self { chunks: head.number()?, record: head.number()? })
    }

    /// Behind the others of a head.
    #[cfg(feature = "alloc")]
    pub(crate) fn write(self, head: &mut back::Writer) {
        head.number(self.chunks);
        head.number(self.record);
    }

    /// The bits that it takes.
    #[cfg(feature = "alloc")]
    pub(crate) fn bits(self) -> u32 {
        back::number_bits(self.chunks).saturating_add(back::number_bits(self.record))
    }
}

/// The records of one chunk, in order.
#[derive(Debug, Clone, Copy)]
struct Records<'a> {
    count: usize,
    bytes: &'a [u8],
    /// The list of bases, and how many there are.
    head: back::Reader<'a>,
    bases: u32,
    /// The next length, and the plain bits of each.
    lengths: back::Reader<'a>,
    low: u32,
    /// Where the next record stands.
    at: usize,
    next: usize,
    /// Bytes of the chunk's text, and of a record's at most.
    text: usize,
    max: usize,
    lines: bool,
}

impl<'a> Records<'a> {
    /// The next length of `lengths`: a record is hardly longer than its text.
    fn length(&self, lengths: &mut back::Reader<'_>) -> Option<usize> {
        lengths.rice(self.low, (self.max as u32).saturating_mul(2)).map(|length| length as usize)
    }

    fn next(&mut self) -> Option<Record<'a>> {
        let index = self.next;
        if index >= self.count {
            return None;
        }
        let end = if self.count.checked_sub(1) == Some(index) {
            self.bytes.len()
        } else {
            let mut lengths = self.lengths;
            let end = self.at.checked_add(self.length(&mut lengths)?)?;
            self.lengths = lengths;
            end
        };
        let bytes = self.bytes.get(self.at..end)?;
        self.at = end;
        self.next = self.next.saturating_add(1);
        let length = if self.lines {
            self.max.min(self.text)
        } else {
            part(self.text, index, self.count).len()
        };
        Some(Record { bytes, length, line: self.lines })
    }

    fn skip(&self, index: usize) -> Option<Record<'a>> {
        let mut rest = *self;
        for _ in 0..index.min(self.count) {
            rest.next()?;
        }
        rest.next()
    }

    /// The base that a record calls `number`.
    fn base(&self, number: u32) -> Option<Base> {
        if number >= self.bases {
            return None;
        }
        let mut head = self.head;
        for _ in 0..number {
            Base::read(&mut head)?;
        }
        Base::read(&mut head)
    }
}
