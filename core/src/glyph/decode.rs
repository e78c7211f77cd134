//! From a record to its text.

use super::{
    codebook::{Codebook, Context},
    history::{self, Coder, History},
    range::{ODDS, Reader},
    walk::expand,
};

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
    /// `110`: the text of the base.
    Same,
    /// `111`, then bits up to the end of the byte: the text itself before it.
    Raw,
}

impl Kind {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        for kind in [Self::Glyphs, Self::Based, Self::Same] {
            if reader.bits(1) == 0 {
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

    /// Its bits as the last byte of a record that has no others there.
    #[cfg(feature = "alloc")]
    pub(super) fn byte(self) -> u8 {
        let (value, bits) = self.code();
        (value << (8 - bits)) as u8
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
        let odds = self.book.probability(context);
        self.reader.flag(u32::from(ODDS.get(usize::from(odds)).copied().unwrap_or(2048)))
    }

    #[inline]
    fn bits(&mut self, _: u32, count: u32) -> u32 {
        self.reader.bits(count)
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

    /// Decodes the last record of `chain` into `out`: each but the first has the
    /// one before as its base. Gives the length of its text.
    ///
    /// O(text of all records of the chain); memory as given.
    ///
    /// # Errors
    /// [`Damaged`] where the bytes cannot be such a record; not every change can
    /// be noticed here, which is what the section's checksum is for.
    pub fn decode(
        &mut self,
        book: &Codebook<'_>,
        chain: &[Record<'_>],
        out: &mut [u8],
    ) -> Result<usize, Damaged> {
        self.history.clear();
        let mut length = Err(Damaged);
        for (at, &record) in chain.iter().enumerate() {
            let base = if at == 0 { None } else { Some(length?) };
            if at > 0 {
                self.history.rebase(book).ok_or(Damaged)?;
            }
            length = Ok(self.record(book, record, base, out).ok_or(Damaged)?);
        }
        length
    }

    fn record(
        &mut self,
        book: &Codebook<'_>,
        record: Record<'_>,
        base: Option<usize>,
        out: &mut [u8],
    ) -> Option<usize> {
        let out = out.get_mut(..record.length)?;
        let mut reader = Reader::new(record.bytes);
        match (Kind::read(&mut reader), base) {
            (Kind::Raw, _) => {
                let text = record.bytes.get(..record.bytes.len().checked_sub(1)?)?;
                out.get_mut(..text.len())?.copy_from_slice(text);
                return Some(text.len());
            }
            (Kind::Same, Some(length)) => return Some(length),
            (Kind::Glyphs, _) => self.history.clear(),
            (Kind::Based, Some(_)) if self.history.based() => {}
            (Kind::Based | Kind::Same, _) => return None,
        }
        let mut coder = Decode { book, reader };
        let mut at = 0;
        while at < out.len() {
            let (phrase, _) = self.history.step(book, &mut coder, 0)?;
            expand(book, phrase, out, &mut at)?;
            if coder.reader.overrun() {
                return None;
            }
            if record.line && out.get(at.checked_sub(1)?) == Some(&b'\n') {
                break;
            }
        }
        Some(at)
    }
}
