//! Header, table and the order of sections in the file.

use super::{BuildError, Summary};
use crate::image::{
    ALIGN, Digest, FORMAT, MAGIC, OPTIONAL, Section, checksum, image_head, table_entry,
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
        let room = image_head::BYTES + sections * table_entry::BYTES;
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
        let mut head = alloc::vec![0; image_head::BYTES];
        MAGIC.iter().zip(&mut head).for_each(|(&byte, slot)| *slot = byte);
        image_head::FORMAT.put(&mut head, FORMAT);
        image_head::SECTIONS.put(&mut head, self.entries.len() as u16);
        image_head::LENGTH.put(&mut head, self.at);
        for section in &self.entries {
            let mut entry = [0; table_entry::BYTES];
            table_entry::KIND.put(&mut entry, section.kind as u16);
            let flags = if section.kind.is_required() { 0 } else { OPTIONAL };
            table_entry::FLAGS.put(&mut entry, flags);
            table_entry::CRC.put(&mut entry, section.crc);
            table_entry::OFFSET.put(&mut entry, section.offset);
            table_entry::LENGTH.put(&mut entry, section.length);
            head.extend_from_slice(&entry);
        }
        let crc = checksum([head.as_slice()]);
        image_head::CRC.put(&mut head, crc);
        self.sink.rewrite(0, &head).map_err(BuildError::Sink)?;
        summary.bytes = self.at;
        Ok(summary)
    }
}
