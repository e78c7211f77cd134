//! DOCS: documents sorted by key.
//!
//! ```text
//! (documents + 1) records of 28 bytes │ tails of the keys
//! record: first chunk u32, first symbol u32, hash u64, tail u32 (offset of its
//!         bytes among the tails), shared u16, language u8, name terms u8, folders u8,
//!         0 u8, role u16
//! ```
//! A key shares its first `shared` bytes with the head of its group: the
//! document whose id is the next lower multiple of 16, which shares none. So any
//! key is two slices of the image and needs no buffer. The last record only
//! bounds the ones before it.

use super::{ChunkId, Corrupt, DocId, Meta, Section, SymbolId};
use crate::bits::layout::{Field, Number};
use crate::outline::{Lang, Role};
use core::cmp::Ordering;
use core::ops::Range;

/// Where the fields of a record stand, as drawn above; byte 25 is 0.
pub(crate) mod record {
    use super::Field;

    pub(crate) const FIRST_CHUNK: Field<u32> = Field::at(0);
    pub(crate) const FIRST_SYMBOL: Field<u32> = Field::at(4);
    pub(crate) const HASH: Field<u64> = Field::at(8);
    pub(crate) const TAIL: Field<u32> = Field::at(16);
    pub(crate) const SHARED: Field<u16> = Field::at(20);
    pub(crate) const LANG: Field<u8> = Field::at(22);
    pub(crate) const NAME_TERMS: Field<u8> = Field::at(23);
    pub(crate) const FOLDERS: Field<u8> = Field::at(24);
    pub(crate) const ROLE: Field<u16> = Field::at(26);
    /// Bytes of a record.
    pub(crate) const BYTES: usize = ROLE.end();
}

pub(crate) const HEAD_EVERY: u32 = 16;

/// A document's key: the path relative to the indexed folder, in two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key<'a> {
    /// What it shares with the head of its group.
    pub head: &'a [u8],
    /// What follows.
    pub tail: &'a [u8],
}

impl<'a> Key<'a> {
    /// Its bytes, in order.
    pub fn bytes(self) -> impl Iterator<Item = u8> + Clone + use<'a> {
        self.head.iter().chain(self.tail).copied()
    }

    /// How many bytes it has.
    pub fn len(self) -> usize {
        self.head.len().saturating_add(self.tail.len())
    }

    /// Whether it has no bytes.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Where `byte` stands last.
    pub fn last(self, byte: u8) -> Option<usize> {
        let last = |part: &[u8]| part.iter().rposition(|&b| b == byte);
        last(self.tail).map(|at| self.head.len().saturating_add(at)).or_else(|| last(self.head))
    }

    /// A part of it; of what is not there, nothing.
    pub fn part(self, part: Range<usize>) -> Self {
        let head = self.head.len();
        let (start, end) = (part.start, part.end);
        Self {
            head: self.head.get(start.min(head)..end.min(head)).unwrap_or(&[]),
            tail: self
                .tail
                .get(start.saturating_sub(head)..end.saturating_sub(head))
                .unwrap_or(&[]),
        }
    }

    /// Compares as byte strings.
    pub fn compare(self, other: Key<'_>) -> Ordering {
        self.bytes().cmp(other.bytes())
    }

    /// Copies it to the start of `out`; `None` where it does not fit.
    pub fn copy_to(self, out: &mut [u8]) -> Option<&[u8]> {
        let out = out.get_mut(..self.len())?;
        let (head, tail) = out.split_at_mut_checked(self.head.len())?;
        head.copy_from_slice(self.head);
        tail.copy_from_slice(self.tail);
        Some(out)
    }
}

/// One document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doc<'a> {
    /// Its path relative to the indexed folder.
    pub key: Key<'a>,
    /// Its first chunk; it has none where this equals `end_chunk`.
    pub first_chunk: ChunkId,
    /// One past its last chunk.
    pub end_chunk: ChunkId,
    /// Its first defined name.
    pub first_symbol: SymbolId,
    /// One past its last defined name.
    pub end_symbol: SymbolId,
    /// Hash of its bytes, as the writer gave it.
    pub hash: u64,
    /// Its language.
    pub lang: Lang,
    /// What part it plays in its project.
    pub role: Role,
    /// Distinct pieces of words in its file name without extension, 255 at most.
    pub name_terms: u8,
    /// Folders above it, 255 at most.
    pub folders: u8,
}

/// The byte at which the record of document `id` stands.
pub(super) fn place(id: u32) -> usize {
    (id as usize).saturating_mul(record::BYTES)
}

/// Reads DOCS.
#[derive(Debug, Clone, Copy)]
pub struct Docs<'a> {
    records: &'a [u8],
    tails: &'a [u8],
    chunks: ChunkId,
    symbols: SymbolId,
}

impl<'a> Docs<'a> {
    pub(super) fn new(bytes: &'a [u8], meta: &Meta) -> Result<Self, Corrupt> {
        let (chunks, symbols) = (ChunkId(meta.chunks), SymbolId(meta.symbols));
        (meta.documents as usize)
            .checked_add(1)
            .and_then(|n| n.checked_mul(record::BYTES))
            .and_then(|at| bytes.split_at_checked(at))
            .map(|(records, tails)| Self { records, tails, chunks, symbols })
            .ok_or(Corrupt::new(Section::Docs, bytes.len()))
    }

    fn record(&self, id: u32) -> Result<&'a [u8; record::BYTES], Corrupt> {
        let at = place(id);
        self.records.get(at..).and_then(<[u8]>::first_chunk).ok_or(Corrupt::new(Section::Docs, at))
    }

    fn field<T: Number>(&self, id: u32, field: Field<T>) -> Result<T, Corrupt> {
        field.get(self.record(id)?).ok_or(Corrupt::new(Section::Docs, place(id)))
    }

    /// The first chunk of document `id`, or of one past the last.
    pub(crate) fn first_chunk(&self, id: DocId) -> Result<ChunkId, Corrupt> {
        self.field(id.0, record::FIRST_CHUNK).map(ChunkId)
    }

    /// The first symbol of document `id`, or of one past the last.
    pub(crate) fn first_symbol(&self, id: DocId) -> Result<SymbolId, Corrupt> {
        self.field(id.0, record::FIRST_SYMBOL).map(SymbolId)
    }

    /// The key of document `id`. O(1).
    ///
    /// # Errors
    /// [`Corrupt`] where `id` is no document or its key lies outside the section.
    pub fn key(&self, id: DocId) -> Result<Key<'a>, Corrupt> {
        let bad = Corrupt::new(Section::Docs, place(id.0));
        let tail = self.tail(id.0).ok_or(bad)?;
        let shared = usize::from(self.field(id.0, record::SHARED)?);
        let head = if shared == 0 {
            tail.get(..0)
        } else {
            self.tail(id.0 & !(HEAD_EVERY - 1)).and_then(|head| head.get(..shared))
        };
        Ok(Key { head: head.ok_or(bad)?, tail })
    }

    fn tail(&self, id: u32) -> Option<&'a [u8]> {
        let start = self.field(id, record::TAIL).ok()?;
        let end = self.field(id.checked_add(1)?, record::TAIL).ok()?;
        self.tails.get(start as usize..end as usize)
    }

    /// Document `id`. O(1).
    ///
    /// # Errors
    /// [`Corrupt`] where `id` is no document or its record cannot be true.
    pub fn get(&self, id: DocId) -> Result<Doc<'a>, Corrupt> {
        let bad = Corrupt::new(Section::Docs, place(id.0));
        let fields = self.record(id.0)?;
        let next = DocId(id.0.checked_add(1).ok_or(bad)?);
        let doc = Doc {
            key: self.key(id)?,
            first_chunk: self.first_chunk(id)?,
            end_chunk: self.first_chunk(next)?,
            first_symbol: self.first_symbol(id)?,
            end_symbol: self.first_symbol(next)?,
            hash: record::HASH.get(fields).ok_or(bad)?,
            lang: record::LANG.get(fields).and_then(Lang::from_u8).unwrap_or(Lang::Text),
            role: Role(record::ROLE.get(fields).ok_or(bad)?),
            name_terms: record::NAME_TERMS.get(fields).ok_or(bad)?,
            folders: record::FOLDERS.get(fields).ok_or(bad)?,
        };
        // Bounded here, so that no reader walks chunks that are not there.
        let chunks = doc.first_chunk <= doc.end_chunk && doc.end_chunk <= self.chunks;
        let symbols = doc.first_symbol <= doc.end_symbol && doc.end_symbol <= self.symbols;
        if chunks && symbols { Ok(doc) } else { Err(bad) }
    }

    /// The document with this key. O(log documents).
    ///
    /// # Errors
    /// [`Corrupt`] where a key on the way cannot be read.
    pub fn find(&self, key: &[u8]) -> Result<Option<DocId>, Corrupt> {
        let wanted = Key { head: key, tail: &[] };
        let documents = (self.records.len() / record::BYTES).saturating_sub(1) as u32;
        let (mut low, mut high) = (0, documents);
        while low < high {
            let middle = u32::midpoint(low, high);
            match self.key(DocId(middle))?.compare(wanted) {
                Ordering::Less => low = middle.saturating_add(1),
                Ordering::Equal => return Ok(Some(DocId(middle))),
                Ordering::Greater => high = middle,
            }
        }
        Ok(None)
    }

    /// The last of the first `documents` for which `holds`, which must hold for
    /// a prefix of them.
    pub(super) fn by(
        &self,
        documents: u32,
        holds: impl Fn(&Self, DocId) -> Result<bool, Corrupt>,
    ) -> Result<DocId, Corrupt> {
        let (mut low, mut high) = (0, documents);
        while low < high {
            let middle = u32::midpoint(low, high);
            if holds(self, DocId(middle))? { low = middle.saturating_add(1) } else { high = middle }
        }
        low.checked_sub(1).map(DocId).ok_or(Corrupt::new(Section::Docs, 0))
    }
}
