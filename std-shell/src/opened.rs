//! An image that a user names, and the texts in it.

use std::fs;
use std::ops::{ControlFlow, Range};
use std::path::Path;

use anyhow::{Context, Result, bail};
use sigla_core::glyph::Spelling;
use sigla_core::image::{ChunkId, DocId, FileKind, Image, ReadError};

/// Bytes of text from which on spelling the phrases out is worth its time.
const SPELT: usize = 256 << 10;

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
) -> Result<&'t [u8], ReadError> {
    if let Some(text) = image.text() {
        return Ok(text.get(id)?);
    }
    let length = image.text_length(id)?;
    room.resize(length, 0);
    memory.resize(image.read_numbers(), 0);
    let spelling = (length > SPELT).then(|| spelling(image));
    spelling.as_ref().map_or(*image, |spelling| image.spelt(spelling)).read(id, memory, room)?;
    Ok(room)
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
) -> Result<(usize, &'t [u8]), ReadError> {
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
        room.resize(known + usize::from(chunk.end.wrapping_sub(chunk.start) as u16), 0);
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
    text: Vec<u8>,
}

impl<'b> Reader<'b> {
    /// A reader of `image`.
    pub fn new(image: Image<'b>) -> Self {
        Reader { image, memory: Vec::new(), text: Vec::new() }
    }

    /// The text of a document.
    ///
    /// # Errors
    /// The image is damaged.
    pub fn text(&mut self, id: DocId) -> Result<&[u8]> {
        Ok(text(&self.image, id, &mut self.memory, &mut self.text)?)
    }

    /// The lines `wanted` of the text of a document, counted from 0.
    ///
    /// # Errors
    /// The image is damaged.
    pub fn lines(&mut self, id: DocId, wanted: Range<u32>) -> Result<&[u8]> {
        self.text.clear();
        if let Some(text) = self.image.text() {
            let lines = text.get(id)?.split_inclusive(|&b| b == b'\n');
            let wanted = lines.skip(wanted.start as usize).take(wanted.len());
            wanted.for_each(|line| self.text.extend_from_slice(line));
            return Ok(&self.text);
        }
        self.memory.resize(self.image.read_numbers(), 0);
        self.image.stream_lines(id, wanted, &mut self.memory, &mut |part: &[u8]| {
            self.text.extend_from_slice(part);
            ControlFlow::Continue(())
        })?;
        Ok(&self.text)
    }

    /// The bytes that the file of a document had.
    ///
    /// # Errors
    /// The image is damaged.
    pub fn file(&mut self, id: DocId) -> Result<&[u8]> {
        if let Some(files) = self.image.files() {
            let key = self.image.docs().key(id)?;
            for entry in files.entries() {
                let entry = entry?;
                if entry.kind == FileKind::Original && key.bytes().eq(entry.path.iter().copied()) {
                    return Ok(entry.content);
                }
            }
        }
        self.text(id)
    }
}
