//! From a record to its text.

use super::{
    codebook::{Code, Codebook, Context, PHRASE_MAX, Phrase},
    history::{self, Coder, Glyph, History, Said, Tier},
    number, prefix,
    range::Reader,
    walk::SHORT,
};
use crate::bits::back;
use core::ops::ControlFlow;

/// The numbers of memory that a [`Decoder`] of records of at most `record_max`
/// bytes takes: 6.4 KB for 2 KiB.
pub const fn numbers(record_max: usize) -> usize {
    history::numbers(record_max)
}

/// A record that is none: its bytes were changed, or are not a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Damaged;

impl core::fmt::Display for Damaged {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("damaged record")
    }
}

impl core::error::Error for Damaged {}

/// A record and where its text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The bytes of its text; the most of them where it is a line.
    pub length: usize,
    /// Whether the text ends behind its first line feed.
    pub line: bool,
}

/// What kind of record it is, by its first plain bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `0`: phrases.
    Glyphs,
    /// `10`: phrases that go on from those of the base.
    Based,
    /// `110`: what the phrases of the base spell.
    Same,
    /// `111`, then bits up to the end of the byte: the text itself before it.
    Raw,
}

impl Kind {
    /// The kind of a record.
    pub fn of(record: &[u8]) -> Self {
        Self::read(&mut back::Reader::new(record))
    }

    fn read(plain: &mut back::Reader<'_>) -> Self {
        for kind in [Self::Glyphs, Self::Based, Self::Same] {
            if plain.bits(1) == 0 {
                return kind;
            }
        }
        Self::Raw
    }

    /// Its bits and their count.
    #[cfg(feature = "alloc")]
    pub(super) fn code(self) -> (u32, u32) {
        match self {
            Self::Glyphs => (0, 1),
            Self::Based => (0b10, 2),
            Self::Same => (0b110, 3),
            Self::Raw => (0b111, 3),
        }
    }
}

/// The number by which `record` names its base, for whoever keeps the records;
/// `None` where it needs none.
///
/// # Errors
/// [`Damaged`] where the bytes end early.
pub fn base(record: &[u8]) -> Result<Option<u32>, Damaged> {
    let mut plain = back::Reader::new(record);
    match Kind::read(&mut plain) {
        Kind::Glyphs | Kind::Raw => Ok(None),
        Kind::Based | Kind::Same => {
            plain.number().filter(|_| !plain.overrun()).map(Some).ok_or(Damaged)
        }
    }
}

/// Takes what is decoded.
pub trait Sink {
    /// The next bytes of the text; breaking ends the record.
    fn text(&mut self, text: &[u8]) -> ControlFlow<()>;

    /// The first `length` of these, which are at most all, are the next bytes of the
    /// text: who can take them all at once and keep those saves asking how many.
    #[inline]
    fn short(&mut self, text: &[u8; SHORT], length: usize) -> ControlFlow<()> {
        self.text(text.get(..length).unwrap_or(text))
    }

    /// A phrase, before its bytes, and how it was coded.
    fn phrase(&mut self, phrase: Phrase, tier: Tier) {
        let _ = (phrase, tier);
    }
}

impl<F: FnMut(&[u8]) -> ControlFlow<()>> Sink for F {
    #[inline]
    fn text(&mut self, text: &[u8]) -> ControlFlow<()> {
        self(text)
    }
}

/// Reads choices.
struct Decode<'a, 'b> {
    book: &'b Codebook<'a>,
    reader: Reader<'a>,
}

impl Coder for Decode<'_, '_> {
    const KNOWS: bool = false;

    #[inline]
    fn flag(&mut self, context: Context, _: bool) -> bool {
        self.reader.flag(self.book.probability(context))
    }

    #[inline]
    fn symbol(&mut self, code: Code, _: u8) -> Option<u8> {
        let (symbol, length) = prefix::symbol(self.book.code(code), self.reader.plain.window())?;
        self.reader.plain.skip(length);
        Some(symbol)
    }

    #[inline]
    fn bits(&mut self, _: u32, count: u32) -> u32 {
        self.reader.plain.bits(count)
    }
}

/// Decodes records in a caller's memory.
#[derive(Debug)]
pub struct Decoder<'s> {
    history: History<'s>,
}

impl<'s> Decoder<'s> {
    /// A decoder of records of at most `record_max` bytes in the first
    /// [`numbers`]`(record_max)` of `memory`; `None` where there are fewer.
    pub fn new(memory: &'s mut [u16], record_max: usize) -> Option<Self> {
        Some(Self { history: History::new(memory, record_max)? })
    }

    /// Decodes the last record of `chain` into the start of `out`: each but the
    /// first has the one before as its base. Gives the length of its text.
    ///
    /// O(text of all records of the chain); memory as given.
    ///
    /// # Errors
    /// [`Damaged`] where the bytes cannot be such a record, or `out` is too short;
    /// not every change can be noticed here, which is what the section's checksum
    /// is for.
    pub fn decode(
        &mut self,
        book: &Codebook<'_>,
        chain: &[Record<'_>],
        out: &mut [u8],
    ) -> Result<usize, Damaged> {
        let mut sink = Slice::new(out);
        self.stream(book, chain, &mut sink)?;
        if sink.full { Err(Damaged) } else { Ok(sink.at) }
    }

    /// The same, phrase by phrase until `sink` breaks: what comes after is not decoded.
    ///
    /// # Errors
    /// [`Damaged`] where the bytes cannot be such a record.
    pub fn stream(
        &mut self,
        book: &Codebook<'_>,
        chain: &[Record<'_>],
        sink: &mut impl Sink,
    ) -> Result<(), Damaged> {
        self.history.clear();
        let Some((last, bases)) = chain.split_last() else { return Err(Damaged) };
        for base in bases {
            self.record(book, base, &mut |_: &[u8]| ControlFlow::Continue(())).ok_or(Damaged)?;
            self.history.rebase(book).ok_or(Damaged)?;
        }
        self.record(book, last, sink).ok_or(Damaged)
    }

    fn record(
        &mut self,
        book: &Codebook<'_>,
        record: &Record<'_>,
        sink: &mut impl Sink,
    ) -> Option<()> {
        let mut reader = Reader::new(record.bytes);
        match Kind::read(&mut reader.plain) {
            Kind::Glyphs => self.history.clear(),
            Kind::Based if self.history.based() => drop(reader.plain.number()?),
            Kind::Same if self.history.based() => return self.same(book, record, sink),
            Kind::Based | Kind::Same => return None,
            Kind::Raw => {
                let text = record.bytes.get(..record.bytes.len().checked_sub(1)?)?;
                if text.len() > record.length {
                    return None;
                }
                let _ = sink.text(text);
                return Some(());
            }
        }
        let mut coder = Decode { book, reader };
        let mut room = [0; PHRASE_MAX];
        let mut end = End { left: record.length, line: record.line };
        while end.left > 0 {
            match self.history.step(book, &mut coder, Glyph::Phrase(0))? {
                Said::Phrase { phrase, from, tier } => {
                    sink.phrase(phrase, tier);
                    if from == 0
                        && let Some((text, length)) = book.short(phrase)
                        && end.beyond(text, length)
                    {
                        end.left -= length;
                        if sink.short(text, length).is_break() {
                            break;
                        }
                        continue;
                    }
                    let text = book.spell(phrase, &mut room)?.get(from..)?;
                    if end.take(text, sink).is_break() {
                        break;
                    }
                }
                Said::Number { phrase, from, number, delta } => {
                    sink.phrase(phrase, Tier::Number);
                    let text = book.spell(phrase, &mut room)?.get(from..number.at)?;
                    let mut digits = [0; number::ROOM];
                    let digits = number.plus(delta, &mut digits)?;
                    if end.take(text, sink).is_break() || end.take(digits, sink).is_break() {
                        break;
                    }
                }
            }
        }
        (!coder.reader.plain.overrun()).then_some(())
    }

    /// What the phrases of the base spell.
    fn same(&self, book: &Codebook<'_>, record: &Record<'_>, sink: &mut impl Sink) -> Option<()> {
        let mut room = [0; PHRASE_MAX];
        let mut end = End { left: record.length, line: record.line };
        for &phrase in self.history.base() {
            if end.left == 0 {
                break;
            }
            sink.phrase(phrase, Tier::Copied);
            if end.take(book.spell(phrase, &mut room)?, sink).is_break() {
                break;
            }
        }
        Some(())
    }
}

/// Takes texts into a caller's bytes, which behind the text may change too.
pub(crate) struct Slice<'o> {
    out: &'o mut [u8],
    at: usize,
    /// There was more.
    pub(crate) full: bool,
}

impl<'o> Slice<'o> {
    pub(crate) fn new(out: &'o mut [u8]) -> Self {
        Self { out, at: 0, full: false }
    }
}

impl Sink for Slice<'_> {
    #[inline]
    fn text(&mut self, text: &[u8]) -> ControlFlow<()> {
        let Some(slots) = self.out.get_mut(self.at..self.at + text.len()) else {
            self.full = true;
            return ControlFlow::Break(());
        };
        slots.copy_from_slice(text);
        self.at += text.len();
        ControlFlow::Continue(())
    }

    #[inline]
    fn short(&mut self, text: &[u8; SHORT], length: usize) -> ControlFlow<()> {
        match self.out.get_mut(self.at..).and_then(|rest| rest.first_chunk_mut()) {
            Some(slots) => *slots = *text,
            None => return self.text(text.get(..length).unwrap_or(text)),
        }
        self.at += length;
        ControlFlow::Continue(())
    }
}

/// Where a record's text ends.
struct End {
    /// The bytes that it still has, at most if it is a line.
    left: usize,
    line: bool,
}

impl End {
    /// Whether the text surely goes on as far as these bytes.
    #[inline]
    fn beyond(&self, text: &[u8; SHORT], length: usize) -> bool {
        let feed = || text.iter().fold(false, |feed, &byte| feed | (byte == b'\n'));
        length <= SHORT.min(self.left) && !(self.line && feed())
    }

    /// Passes on what of `text` belongs to the record; breaks behind a line.
    #[inline]
    fn take(&mut self, text: &[u8], sink: &mut impl Sink) -> ControlFlow<()> {
        let mut text = text.get(..self.left).unwrap_or(text);
        if self.line
            && let Some(end) = text.iter().position(|&byte| byte == b'\n')
        {
            text = text.get(..=end).unwrap_or(text);
            self.left = 0;
            let _ = sink.text(text);
            return ControlFlow::Break(());
        }
        self.left -= text.len();
        sink.text(text)
    }
}
