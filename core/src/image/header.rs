//! Header and section table.
//!
//! ```text
//! 0  magic "SIGLAIMG"     8  format u16    10 flags u16 (0)   12 sections u16   14 0 u16
//! 16 length u64           24 crc u32 of header and table with this field 0      28 0 u32
//! ```
//! A table entry: kind u16, flags u16 (bit 0: a reader may skip it), CRC-32C u32
//! of the section, offset u64, length u64.

use super::{
    Corrupt,
    section::{ALIGN, Section},
};
use crate::bits::layout::Field;

/// The first eight bytes of every image.
pub const MAGIC: [u8; 8] = *b"SIGLAIMG";
/// The format this library reads and writes.
pub const FORMAT: u16 = 0;
/// Counts changes of the layout while the format is version 0, so that an index
/// of an older one is built anew and not taken for damaged.
pub const LAYOUT: u32 = 9;
/// Where the fields of the header stand, as drawn above; it begins with [`MAGIC`], and what
/// is between them is 0.
pub(crate) mod head {
    use super::Field;

    pub(crate) const FORMAT: Field<u16> = Field::at(8);
    pub(crate) const SECTIONS: Field<u16> = Field::at(12);
    pub(crate) const LENGTH: Field<u64> = Field::at(16);
    pub(crate) const CRC: Field<u32> = Field::at(24);
    /// Bytes of the header; the table follows.
    pub(crate) const BYTES: usize = 32;
}

/// Where the fields of an entry of the table stand.
pub(crate) mod entry {
    use super::Field;

    pub(crate) const KIND: Field<u16> = Field::at(0);
    pub(crate) const FLAGS: Field<u16> = Field::at(2);
    pub(crate) const CRC: Field<u32> = Field::at(4);
    pub(crate) const OFFSET: Field<u64> = Field::at(8);
    pub(crate) const LENGTH: Field<u64> = Field::at(16);
    /// Bytes of an entry.
    pub(crate) const BYTES: usize = LENGTH.end();
}

/// The byte at which an entry of the table stands: behind the last one, the table's end.
const fn place(index: u16) -> usize {
    head::BYTES.saturating_add((index as usize).saturating_mul(entry::BYTES))
}

/// The flag of a section that a reader may skip.
pub(crate) const OPTIONAL: u16 = 1;
/// More sections than any format will have; bounds the work of `open`.
const SECTIONS_MAX: u16 = 64;

/// Why bytes do not open as an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OpenError {
    /// The bytes do not begin with [`MAGIC`].
    NotAnImage,
    /// Written by a later sigla: the format it needs.
    Format {
        /// The format of the image.
        got: u16,
    },
    /// Shorter (or longer) than the header says.
    Length {
        /// The length in the header, in bytes.
        expected: u64,
        /// The length of the bytes given.
        got: u64,
    },
    /// Header or table were damaged.
    Checksum,
    /// A section that this format requires is absent.
    Missing(Section),
    /// A required section of a kind that this library does not know.
    Unknown {
        /// The number of its kind.
        kind: u16,
    },
    /// Terms were cut by another analyser: a query would miss what is there.
    Analyser {
        /// The analyser of this library.
        expected: u32,
        /// The analyser of the image.
        got: u32,
    },
    /// A fixed-size part of a section lies outside it.
    Corrupt(Corrupt),
}

impl From<Corrupt> for OpenError {
    fn from(corrupt: Corrupt) -> Self {
        Self::Corrupt(corrupt)
    }
}

impl core::fmt::Display for OpenError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NotAnImage => write!(f, "not a sigla image: it does not begin with \"SIGLAIMG\""),
            Self::Format { got } => write!(
                f,
                "image format {got}, but this sigla reads format {FORMAT}: use a sigla that reads \
                 format {got}, or pack the image again"
            ),
            Self::Length { expected, got } => write!(
                f,
                "the image should have {expected} bytes and has {got}: it was cut short or joined \
                 with something; copy it again"
            ),
            Self::Checksum => {
                write!(f, "header or section table are damaged: copy the image again")
            }
            Self::Missing(section) => write!(f, "section {} is missing", section.name()),
            Self::Unknown { kind } => write!(
                f,
                "the image needs section kind {kind}, which this sigla does not know: use a later \
                 sigla, or pack the image again"
            ),
            Self::Analyser { expected, got } => write!(
                f,
                "its terms were cut by analyser {got:#010x}, this sigla has {expected:#010x}: pack \
                 the image again"
            ),
            Self::Corrupt(corrupt) => corrupt.fmt(f),
        }
    }
}

impl core::error::Error for OpenError {}

// A desktop checks whole images often and pays 16 KiB for speed; flash is dear.
#[cfg(feature = "alloc")]
type Table = crc::Table<16>;
#[cfg(not(feature = "alloc"))]
type Table = crc::Table<1>;
static CRC: crc::Crc<u32, Table> = crc::Crc::<u32, Table>::new(&crc::CRC_32_ISCSI);

/// CRC-32C of several slices as if they were one.
pub(crate) fn checksum<'b>(parts: impl IntoIterator<Item = &'b [u8]>) -> u32 {
    let mut digest = CRC.digest();
    parts.into_iter().for_each(|part| digest.update(part));
    digest.finalize()
}

/// A checksum taken while bytes stream by.
#[cfg(feature = "alloc")]
pub(crate) struct Digest(crc::Digest<'static, u32, Table>);

#[cfg(feature = "alloc")]
impl Digest {
    pub(crate) fn new() -> Self {
        Self(CRC.digest())
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> u32 {
        self.0.finalize()
    }
}

/// The checked section table.
pub(super) struct Sections<'a> {
    found: [Option<&'a [u8]>; Section::ALL.len()],
}

impl<'a> Sections<'a> {
    pub(super) fn section(&self, kind: Section) -> Option<&'a [u8]> {
        *self.found.get((kind as usize).checked_sub(1)?)?
    }

    /// What must be there beside others, or always.
    pub(super) fn needed(&self, kind: Section) -> Result<&'a [u8], OpenError> {
        self.section(kind).ok_or(OpenError::Missing(kind))
    }
}

struct Entry<'a> {
    kind: u16,
    flags: u16,
    crc: u32,
    offset: u64,
    body: Option<&'a [u8]>,
    length: u64,
}

fn entry<'a>(bytes: &'a [u8], index: u16) -> Option<Entry<'a>> {
    let fields: &[u8; entry::BYTES] = bytes.get(place(index)..)?.first_chunk()?;
    let (offset, length) = (entry::OFFSET.get(fields)?, entry::LENGTH.get(fields)?);
    let body = usize::try_from(offset)
        .ok()
        .zip(usize::try_from(length).ok())
        .and_then(|(offset, length)| bytes.get(offset..offset.checked_add(length)?));
    Some(Entry {
        kind: entry::KIND.get(fields)?,
        flags: entry::FLAGS.get(fields)?,
        crc: entry::CRC.get(fields)?,
        offset,
        body,
        length,
    })
}

pub(super) fn read(bytes: &[u8]) -> Result<Sections<'_>, OpenError> {
    if !bytes.starts_with(&MAGIC) {
        return Err(OpenError::NotAnImage);
    }
    let short = OpenError::Length { expected: head::BYTES as u64, got: bytes.len() as u64 };
    let fields: &[u8; head::BYTES] = bytes.first_chunk().ok_or(short)?;
    let format = head::FORMAT.get(fields).ok_or(short)?;
    if format != FORMAT {
        return Err(OpenError::Format { got: format });
    }
    let count = head::SECTIONS.get(fields).ok_or(short)?;
    let expected = head::LENGTH.get(fields).ok_or(short)?;
    if expected != bytes.len() as u64 {
        return Err(OpenError::Length { expected, got: bytes.len() as u64 });
    }
    if count > SECTIONS_MAX {
        return Err(OpenError::Checksum);
    }
    let table = bytes.get(head::BYTES..place(count)).ok_or(OpenError::Checksum)?;
    let crc = head::CRC.get(fields).ok_or(short)?;
    let (before, after) = (fields.get(..head::CRC.at), fields.get(head::CRC.end()..));
    let (Some(before), Some(after)) = (before, after) else { return Err(short) };
    if checksum([before, &[0; 4], after, table]) != crc {
        return Err(OpenError::Checksum);
    }
    let mut found = [None; Section::ALL.len()];
    for index in 0..count {
        let entry = entry(bytes, index).ok_or(OpenError::Checksum)?;
        let at = place(index);
        let Some(body) = entry.body.filter(|_| entry.offset.is_multiple_of(ALIGN as u64)) else {
            return Err(Corrupt::new(Section::Header, at).into());
        };
        match Section::from_number(entry.kind) {
            Some(kind) => {
                let slot = (kind as usize).checked_sub(1).and_then(|at| found.get_mut(at));
                if slot.and_then(|slot| slot.replace(body)).is_some() {
                    return Err(Corrupt::new(Section::Header, at).into());
                }
            }
            None if entry.flags & OPTIONAL != 0 => {}
            None => return Err(OpenError::Unknown { kind: entry.kind }),
        }
    }
    Ok(Sections { found })
}

/// How many sections the bytes, which opened, have.
fn count(bytes: &[u8]) -> u16 {
    head::SECTIONS.get(bytes).unwrap_or(0).min(SECTIONS_MAX)
}

/// The numbers and lengths of the sections of bytes that opened, in file order.
pub(super) fn entries(bytes: &[u8]) -> impl Iterator<Item = (u16, u64)> + use<'_> {
    (0..count(bytes)).filter_map(move |index| {
        let entry = entry(bytes, index)?;
        Some((entry.kind, entry.length))
    })
}

/// The first section whose bytes do not give its checksum, or that does not lie
/// where the one before ends, but for zeros up to its alignment: so no bit of an
/// image is without a check.
pub(super) fn damaged(bytes: &[u8]) -> Option<Corrupt> {
    let count = count(bytes);
    let mut end = place(count);
    for index in 0..count {
        let bad = Corrupt::new(Section::Header, place(index));
        let Some(Entry { kind, crc, offset, body: Some(body), .. }) = entry(bytes, index) else {
            return Some(bad);
        };
        let start = end.next_multiple_of(ALIGN);
        let gap = bytes.get(end..start).unwrap_or(&[1]);
        if offset != start as u64 || gap.iter().any(|&b| b != 0) {
            return Some(bad);
        }
        if checksum([body]) != crc {
            let section = Section::from_number(kind).unwrap_or(Section::Header);
            return Some(Corrupt::new(section, 0));
        }
        end = start.saturating_add(body.len());
    }
    (end != bytes.len()).then(|| Corrupt::new(Section::Header, head::LENGTH.at))
}
