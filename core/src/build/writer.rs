//! Header, table and the order of sections in the file.

use super::{BuildError, Summary};
use crate::image::{
    ALIGN, Digest, FORMAT, HEADER, MAGIC, OPTIONAL, Section, TABLE_ENTRY, checksum,
};
use alloc::vec::Vec;

/// Where an image goes: bytes are appended, and the first few are written again
/// at the end, when lengths and checksums are known.
pub trait Sink {
    /// Why it fails.
    type Error;
    /// Appends `bytes`.
    ///
    /// # Errors
    /// What the sink meets, for example a full disk.
    fn append(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;
    /// Replaces the bytes from `at` on, all of which were appended before.
    ///
    /// # Errors
    /// What the sink meets.
    fn rewrite(&mut self, at: u64, bytes: &[u8]) -> Result<(), Self::Error>;
    /// Called now and then by who reads much and writes little: a sink that gives back the
    /// memory of what was read may do so.
    fn pause(&mut self) {}
}

impl Sink for Vec<u8> {
    type Error = core::convert::Infallible;

    fn append(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn rewrite(&mut self, at: u64, bytes: &[u8]) -> Result<(), Self::Error> {
        let at = at as usize;
        if let Some(slot) = self.get_mut(at..at + bytes.len()) {
            slot.copy_from_slice(bytes);
        }
        Ok(())
    }
}

/// Bytes that are handed to a sink at once: a section may be a map of a file.
const PIECE: usize = 1 << 20;

struct Entry {
    kind: Section,
    offset: u64,
    length: u64,
    crc: u32,
}

/// Writes sections one after the other.
pub(super) struct ImageWriter<'s, S: Sink> {
    sink: &'s mut S,
    at: u64,
    entries: Vec<Entry>,
    room: usize,
    open: Option<(Section, u64, Digest)>,
}

impl<'s, S: Sink> ImageWriter<'s, S> {
    /// Leaves room for the header and a table of `sections`.
    pub(super) fn new(sink: &'s mut S, sections: usize) -> Result<Self, BuildError<S::Error>> {
        let room = HEADER + sections * TABLE_ENTRY;
        let mut writer = Self { sink, at: 0, entries: Vec::new(), room: sections, open: None };
        writer.raw(&alloc::vec![0; room])?;
        Ok(writer)
    }

    fn raw(&mut self, bytes: &[u8]) -> Result<(), BuildError<S::Error>> {
        self.at += bytes.len() as u64;
        self.sink.append(bytes).map_err(BuildError::Sink)
    }

    pub(super) fn begin(&mut self, kind: Section) -> Result<(), BuildError<S::Error>> {
        let gap = self.at.next_multiple_of(ALIGN as u64) - self.at;
        self.raw(&[0; ALIGN].into_iter().take(gap as usize).collect::<Vec<u8>>())?;
        self.open = Some((kind, self.at, Digest::new()));
        Ok(())
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), BuildError<S::Error>> {
        bytes.chunks(PIECE).try_for_each(|piece| {
            if let Some((_, _, digest)) = &mut self.open {
                digest.update(piece);
            }
            self.raw(piece)
        })
    }

    /// See [`Sink::pause`].
    pub(super) fn pause(&mut self) {
        self.sink.pause();
    }

    pub(super) fn end(&mut self) -> Result<(), BuildError<S::Error>> {
        if let Some((kind, offset, digest)) = self.open.take() {
            let length = self.at - offset;
            if length > u64::from(u32::MAX) {
                return Err(BuildError::TooLarge(kind));
            }
            self.entries.push(Entry { kind, offset, length, crc: digest.finish() });
        }
        Ok(())
    }

    /// A whole section of the given parts.
    pub(super) fn section(
        &mut self,
        kind: Section,
        parts: &[&[u8]],
    ) -> Result<(), BuildError<S::Error>> {
        self.begin(kind)?;
        for part in parts {
            self.append(part)?;
        }
        self.end()
    }

    /// Writes header and table.
    pub(super) fn finish(self, mut summary: Summary) -> Result<Summary, BuildError<S::Error>> {
        debug_assert_eq!(self.entries.len(), self.room);
        let mut head = Vec::with_capacity(HEADER + self.room * TABLE_ENTRY);
        head.extend_from_slice(&MAGIC);
        head.extend_from_slice(&FORMAT.to_le_bytes());
        head.extend_from_slice(&0u16.to_le_bytes());
        head.extend_from_slice(&(self.entries.len() as u16).to_le_bytes());
        head.extend_from_slice(&0u16.to_le_bytes());
        head.extend_from_slice(&self.at.to_le_bytes());
        head.extend_from_slice(&[0; 8]);
        for entry in &self.entries {
            let flags = if entry.kind.is_required() { 0 } else { OPTIONAL };
            head.extend_from_slice(&(entry.kind as u16).to_le_bytes());
            head.extend_from_slice(&flags.to_le_bytes());
            head.extend_from_slice(&entry.crc.to_le_bytes());
            head.extend_from_slice(&entry.offset.to_le_bytes());
            head.extend_from_slice(&entry.length.to_le_bytes());
        }
        let crc = checksum([head.as_slice()]).to_le_bytes();
        self.sink.rewrite(0, &head).map_err(BuildError::Sink)?;
        self.sink.rewrite(24, &crc).map_err(BuildError::Sink)?;
        summary.bytes = self.at;
        Ok(summary)
    }
}
