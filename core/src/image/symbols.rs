//! SYMBOLS: defined names in the order of documents and lines.
//!
//! ```text
//! symbols records of 16 bytes │ names
//! record: name u32 (offset among the names), chunk u32, line (12 bits, from the
//!         chunk's first) and lines (20 bits, extent, saturating) as u32, name bytes
//!         u8, kind u8, depth u8, container bytes u8
//! ```
//! A container that the text names (`A` of C++'s `A::b`) stands directly before
//! the name; equal pairs of both are stored once. Without one, a symbol's container
//! is the nearest one before it in its document with a smaller depth.

use super::{ChunkId, Corrupt, Section, SymbolId};
use crate::bits::layout::Field;
use crate::outline::Kind;

/// Where the fields of a record stand, as drawn above.
pub(crate) mod record {
    use super::Field;

    pub(crate) const NAME: Field<u32> = Field::at(0);
    pub(crate) const CHUNK: Field<u32> = Field::at(4);
    /// See [`extent`](super::extent).
    pub(crate) const EXTENT: Field<u32> = Field::at(8);
    pub(crate) const NAME_BYTES: Field<u8> = Field::at(12);
    pub(crate) const KIND: Field<u8> = Field::at(13);
    pub(crate) const DEPTH: Field<u8> = Field::at(14);
    pub(crate) const CONTAINER_BYTES: Field<u8> = Field::at(15);
    /// Bytes of a record.
    pub(crate) const BYTES: usize = CONTAINER_BYTES.end();
}

/// Bits of a line: a chunk of 4,096 bytes has no more.
const LINE_BITS: u32 = 12;

/// The field of a record that says where in its chunk a definition begins, and how many
/// lines it has.
#[cfg(feature = "alloc")]
pub(crate) fn extent(line: u32, lines: u32) -> u32 {
    line.min((1 << LINE_BITS) - 1) | lines.min(u32::MAX >> LINE_BITS) << LINE_BITS
}

/// Names and containers are cut to this many bytes.
#[cfg(feature = "alloc")]
pub(crate) const NAME_MAX: usize = 255;

/// A defined name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbol<'a> {
    /// As written in the source; cut to 255 bytes at a character border.
    pub name: &'a [u8],
    /// What it belongs to, where the text says so at its name ([`Definition::container`]);
    /// empty else; cut as the name is.
    ///
    /// [`Definition::container`]: crate::outline::Definition::container
    pub container: &'a [u8],
    /// What it names.
    pub kind: Kind,
    /// The chunk that holds the line of the name.
    pub chunk: ChunkId,
    /// That line, counted from the chunk's first.
    pub line: u16,
    /// How many lines its definition has from there, 1,048,575 at most.
    pub lines: u32,
    /// How many definitions enclose it.
    pub depth: u8,
}

/// The byte at which the record of symbol `id` stands.
pub(super) fn place(id: SymbolId) -> usize {
    (id.0 as usize).saturating_mul(record::BYTES)
}

/// Reads SYMBOLS.
#[derive(Debug, Clone, Copy)]
pub struct Symbols<'a> {
    records: &'a [u8],
    names: &'a [u8],
}

impl<'a> Symbols<'a> {
    pub(crate) fn new(section: &'a [u8], symbols: u32) -> Result<Self, Corrupt> {
        (symbols as usize)
            .checked_mul(record::BYTES)
            .and_then(|at| section.split_at_checked(at))
            .map(|(records, names)| Self { records, names })
            .ok_or(Corrupt::new(Section::Symbols, section.len()))
    }

    /// Symbol `id`. O(1).
    ///
    /// # Errors
    /// [`Corrupt`] where `id` is no symbol or its name lies outside the section.
    pub fn get(&self, id: SymbolId) -> Result<Symbol<'a>, Corrupt> {
        let at = place(id);
        self.parse(at).ok_or(Corrupt::new(Section::Symbols, at))
    }

    /// The chunk of symbol `id`, without a look at its name. O(1).
    pub(crate) fn chunk(&self, id: SymbolId) -> Result<ChunkId, Corrupt> {
        let at = place(id);
        let chunk = self.records.get(at..).and_then(|record| record::CHUNK.get(record));
        chunk.map(ChunkId).ok_or(Corrupt::new(Section::Symbols, at))
    }

    fn parse(&self, at: usize) -> Option<Symbol<'a>> {
        let fields: &[u8; record::BYTES] = self.records.get(at..)?.first_chunk()?;
        let (name, extent) = (record::NAME.get(fields)? as usize, record::EXTENT.get(fields)?);
        let end = name.checked_add(usize::from(record::NAME_BYTES.get(fields)?))?;
        let container = name.checked_sub(usize::from(record::CONTAINER_BYTES.get(fields)?))?;
        Some(Symbol {
            name: self.names.get(name..end)?,
            container: self.names.get(container..name)?,
            chunk: ChunkId(record::CHUNK.get(fields)?),
            line: (extent & ((1 << LINE_BITS) - 1)) as u16,
            lines: extent >> LINE_BITS,
            kind: Kind::from_u8(record::KIND.get(fields)?).unwrap_or(Kind::Text),
            depth: record::DEPTH.get(fields)?,
        })
    }

    /// The symbols of `ids` whose name stands in `chunk`, as a range of ids.
    /// O(log symbols).
    ///
    /// # Errors
    /// [`Corrupt`] where a symbol on the way cannot be read.
    pub fn in_chunk(
        &self,
        ids: core::ops::Range<u32>,
        chunk: ChunkId,
    ) -> Result<core::ops::Range<u32>, Corrupt> {
        let first = |above: bool| {
            let (mut low, mut high) = (ids.start, ids.end);
            while low < high {
                let middle = u32::midpoint(low, high);
                let at = self.get(SymbolId(middle))?.chunk;
                if at < chunk || (above && at == chunk) {
                    low = middle.saturating_add(1)
                } else {
                    high = middle
                }
            }
            Ok(low)
        };
        Ok(first(false)?..first(true)?)
    }
}
