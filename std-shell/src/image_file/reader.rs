//! An image that a user names, and the texts in it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::ops::{ControlFlow, Range};
use std::path::Path;

use anyhow::{Context, Result, bail};
use sigla_core::glyph::Spelling;
use sigla_core::image::{ChunkId, DocId, FileEntry, FileKind, Image, TextError};
use sigla_core::outline::CHUNK_MAX;

use crate::tree::decode::{encode, mark};

/// Bytes of text from which on spelling the phrases out is worth its time.
const SPELT: usize = 256 << 10;

/// Bytes of text for each byte of an image that are believed before they are decoded.
const LIKELY: usize = 16;

/// Reads an image file.
///
/// # Errors
/// It cannot be read, or is a folder.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| match path.is_dir() {
        true => format!("{} is a folder; sigla pack makes an image of it", path.display()),
        false => format!("cannot read the image {}", path.display()),
    })
}

/// Opens the bytes of the image at `path`, and checks that they are as they were written.
///
/// # Errors
/// They are no image, or damaged.
pub fn open<'b>(path: &Path, bytes: &'b [u8]) -> Result<Image<'b>> {
    let image = unchecked(path, bytes)?;
    image
        .check()
        .with_context(|| format!("{} is damaged, copy or pack it again", path.display()))?;
    Ok(image)
}

/// Opens the bytes of the image at `path`.
///
/// # Errors
/// They are no image.
pub fn unchecked<'b>(path: &Path, bytes: &'b [u8]) -> Result<Image<'b>> {
    Image::open(bytes).with_context(|| path.display().to_string())
}

/// The same, of an image that has texts.
///
/// # Errors
/// It is damaged, or has none.
pub fn with_texts<'b>(path: &Path, bytes: &'b [u8]) -> Result<Image<'b>> {
    let image = open(path, bytes)?;
    if !image.has_text() {
        bail!("{} has no texts: it is part of an index", path.display());
    }
    Ok(image)
}

/// The text of a document: in the image, or decoded into `room` by way of `memory`.
///
/// # Errors
/// The image is damaged, or has no texts.
pub fn text<'t>(
    image: &Image<'t>,
    id: DocId,
    memory: &mut Vec<u16>,
    room: &'t mut Vec<u8>,
) -> Result<&'t [u8], TextError> {
    if let Some(text) = image.text() {
        return Ok(text.get(id)?);
    }
    let length = image.text_length(id)?;
    let spelling = (length > SPELT).then(|| spelling(image));
    let image = spelling.as_ref().map_or(*image, |spelling| image.spelt(spelling));
    memory.resize(image.read_numbers(), 0);
    room.clear();
    // More than that it may have, too, but then its bytes must say so.
    more(room, length.min(image.bytes().len().saturating_mul(LIKELY)), length)?;
    let doc = image.docs().get(id)?;
    for chunk in image.chunks().of(&doc) {
        let (id, chunk) = chunk?;
        let known = room.len();
        let bytes = chunk.end.wrapping_sub(chunk.start) as usize;
        more(room, bytes, length)?;
        room.resize(known + bytes, 0);
        image.read_chunk(&doc, id, memory, room.get_mut(known..).unwrap_or_default())?;
    }
    Ok(room)
}

/// Medium for so many bytes more of a text of `length`, if the machine has it.
fn more(room: &mut Vec<u8>, bytes: usize, length: usize) -> Result<(), TextError> {
    let got = room.capacity();
    room.try_reserve(bytes).map_err(|_| TextError::Room { need: length, got })
}

/// The text of one chunk of a document, of `lines` lines on either side of it, and what
/// else their chunks hold, decoded into `room` by way of `memory`; and where it begins in
/// the document.
///
/// # Errors
/// The image is damaged, or has no texts.
pub fn around<'t>(
    image: &Image<'t>,
    (id, chunk): (DocId, ChunkId),
    lines: u32,
    memory: &mut Vec<u16>,
    room: &'t mut Vec<u8>,
) -> Result<(usize, &'t [u8]), TextError> {
    if let Some(text) = image.text() {
        return Ok((0, text.get(id)?));
    }
    let doc = image.docs().get(id)?;
    let place = image.chunks().place(&doc, chunk)?;
    // One line more on either side, so that it is told where the others begin and end.
    let first = place.first_line.saturating_sub(lines.saturating_add(1));
    let end = place.first_line.saturating_add(place.lines).saturating_add(lines).saturating_add(1);
    memory.resize(image.read_numbers(), 0);
    room.clear();
    let mut start = place.start;
    for chunk in image.chunks().of(&doc) {
        let (id, chunk) = chunk?;
        if chunk.first_line.saturating_add(chunk.lines) <= first {
            continue;
        }
        if chunk.first_line >= end {
            break;
        }
        start = start.min(chunk.start);
        let known = room.len();
        let bytes = usize::from(chunk.end.wrapping_sub(chunk.start) as u16);
        more(room, bytes, known + bytes)?;
        room.resize(known + bytes, 0);
        let rest = room.get_mut(known..).unwrap_or_default();
        image.read_chunk(&doc, id, memory, rest)?;
    }
    Ok((start as usize, room))
}

/// The phrases of an image spelt out, for whoever reads many of its texts.
pub fn spelling(image: &Image<'_>) -> Spelling {
    image.glyphs().map(|glyphs| Spelling::new(&glyphs.book())).unwrap_or_default()
}

/// Reads texts out of one image.
#[derive(Debug)]
pub struct Reader<'b> {
    image: Image<'b>,
    memory: Vec<u16>,
    chunk: Vec<u8>,
}

impl<'b> Reader<'b> {
    /// A reader of `image`.
    pub fn new(image: Image<'b>) -> Self {
        Reader { image, memory: Vec::new(), chunk: Vec::new() }
    }

    /// Hands on the text of a document, part by part: cut between lines, or else between
    /// characters.
    ///
    /// # Errors
    /// The image is damaged, or one of `take`.
    pub fn text(&mut self, id: DocId, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        if let Some(text) = self.image.text() {
            return take(text.get(id)?);
        }
        self.memory.resize(self.image.read_numbers(), 0);
        self.chunk.resize(CHUNK_MAX, 0);
        let doc = self.image.docs().get(id)?;
        for chunk in doc.first_chunk.0..doc.end_chunk.0 {
            let (memory, room) = (&mut self.memory, &mut self.chunk);
            let length = self.image.read_chunk(&doc, ChunkId(chunk), memory, room)?;
            take(room.get(..length).unwrap_or_default())?;
        }
        Ok(())
    }

    /// Writes the lines `wanted` of the text of a document, counted from 0.
    ///
    /// # Errors
    /// The image is damaged, or one of `out`.
    pub fn lines(&mut self, id: DocId, wanted: Range<u32>, out: &mut impl Write) -> Result<()> {
        if let Some(text) = self.image.text() {
            let lines = text.get(id)?.split_inclusive(|&b| b == b'\n');
            let mut wanted = lines.skip(wanted.start as usize).take(wanted.len());
            return Ok(wanted.try_for_each(|line| out.write_all(line))?);
        }
        self.memory.resize(self.image.read_numbers(), 0);
        let mut written = Ok(());
        self.image.stream_lines(id, wanted, &mut self.memory, &mut |part: &[u8]| {
            written = out.write_all(part);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(written?)
    }

    /// Writes the bytes that the file of a document had, of which `entry` says what its
    /// text does not; gives their number.
    ///
    /// # Errors
    /// The image is damaged, or one of `out`.
    pub fn file(
        &mut self,
        id: DocId,
        entry: Option<&FileEntry<'_>>,
        out: &mut impl Write,
    ) -> Result<u64> {
        let mut count = 0;
        let mut write = |bytes: &[u8]| -> Result<()> {
            count += bytes.len() as u64;
            Ok(out.write_all(bytes)?)
        };
        match entry.map(|entry| (entry.kind, entry.form())) {
            Some((FileKind::Formed, Some((form, _)))) => {
                write(mark(form))?;
                self.text(id, |part| encode(form, part, &mut write))?;
            }
            Some((FileKind::Original, _)) => write(entry.map_or(&[], |entry| entry.content))?,
            _ => self.text(id, write)?,
        }
        Ok(count)
    }
}

/// What an image says of its files besides their texts, by path.
///
/// # Errors
/// The image is damaged.
pub fn entries<'b>(image: &Image<'b>) -> Result<BTreeMap<&'b [u8], FileEntry<'b>>> {
    let entries = image.files().into_iter().flat_map(|files| files.entries());
    Ok(entries.map(|entry| entry.map(|entry| (entry.path, entry))).collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::draft::Medium;
    use crate::store::ingest;
    use sigla_core::build::{Builder, Codec, Document, Options, Sink};
    use sigla_core::image::Section;
    use sigla_core::outline::{Lang, Role};

    #[test]
    fn what_an_image_claims_is_believed_only_so_far() {
        let log: String = (0..20_000).map(|n| format!("request {n}\n")).collect();
        let mut builder = Builder::new(Options { text: true, grams: false });
        let text = log.as_bytes().into();
        let doc = Document { key: b"a", lang: Lang::Log, role: Role(0), hash: 0, text };
        builder.add(doc).unwrap();
        let mut plain = Vec::new();
        builder.finish(&mut plain).unwrap();
        let mut draft = Medium::Memory.draft().unwrap();
        draft.append(&plain).unwrap();
        let plain = draft.done().unwrap();
        let mut files = Medium::Memory.draft().unwrap();
        files.append(&[0; 2]).unwrap();
        let files = files.done().unwrap();
        let image =
            ingest::pack_texts(&plain, Some(&Codec::default()), &files, &Medium::Memory).unwrap();
        let mut bytes = image.bytes().to_vec();
        let read = |bytes: &[u8]| {
            let image = Image::open(bytes).unwrap();
            let (mut memory, mut room) = (Vec::new(), Vec::new());
            let whole = text_of(&image, &mut memory, &mut room);
            (whole, room.capacity())
        };
        assert_eq!(read(&bytes).0.as_deref(), Ok(log.as_bytes()));
        // Every chunk says that it has 4,096 bytes.
        let image = Image::open(&bytes).unwrap();
        let chunks = image.meta().chunks as usize;
        let start = image.sections().take_while(|(section, _)| *section != Section::Chunks);
        let start = start.fold(0, |at: u64, (_, bytes)| at.next_multiple_of(64) + bytes);
        let header: u64 = 32 + 24 * image.sections().count() as u64;
        let at = (header.next_multiple_of(64) + start).next_multiple_of(64) as usize + chunks;
        for chunk in bytes[at..].chunks_mut(2).take(chunks) {
            chunk.copy_from_slice(&4096u16.to_le_bytes());
        }
        let (error, room) = read(&bytes);
        assert!(matches!(error, Err(TextError::Corrupt(_))), "{error:?}");
        assert!(room <= bytes.len() * LIKELY, "{room} for an image of {}", bytes.len());
    }

    fn text_of(
        image: &Image<'_>,
        memory: &mut Vec<u16>,
        room: &mut Vec<u8>,
    ) -> Result<Vec<u8>, TextError> {
        text(image, DocId(0), memory, room).map(<[u8]>::to_vec)
    }
}
