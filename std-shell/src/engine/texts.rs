//! The texts of documents: from the tree, where they may have changed since,
//! or from the image itself.
//!
//! A file is known by the hash of its bytes, which the image holds: reading it
//! tells for certain whether it is what was indexed, whatever its stamp says.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use sigla_core::image::{ChunkId, DocId, Segment, TextError};
use sigla_core::outline::CHUNK_MAX;
use sigla_core::search::{self, Hit, ImageTexts};
use xxhash_rust::xxh3::xxh3_64;

use crate::engine::scopes::{Body, Searcher};
use crate::engine::serve::Doubts;
use crate::image_file::opened;
use crate::tree::decode::decode;
use crate::tree::root::{Reading, Root};

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// The image carries none.
    Absent,
    /// The file has gone, or is no text any more.
    Gone,
    /// It is the file that standard output goes to.
    Output,
    /// The file is there, but cannot be read.
    Unreadable(String),
    /// The image does not decode, or the machine has no room for the text.
    Damaged(TextError),
}

impl Loss {
    /// What went wrong, where something did: files may go, and an output is not read.
    pub fn trouble(&self) -> Option<String> {
        match self {
            Loss::Absent => Some("the image has no text".to_owned()),
            Loss::Unreadable(why) => Some(why.clone()),
            Loss::Damaged(error) => Some(error.to_string()),
            Loss::Gone | Loss::Output => None,
        }
    }
}

/// A text or a part of it, and whether it is another one than was indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'t> {
    /// The decoded bytes.
    pub bytes: &'t [u8],
    /// Where they begin in the document.
    pub start: usize,
    /// It has changed since.
    pub changed: bool,
}

/// Brings texts, one at a time; a clone for each thread.
#[derive(Debug, Clone)]
pub struct Texts<'s> {
    /// The tree of each body, where it has one, and what is in doubt there.
    roots: Vec<Option<(&'s Root, &'s Doubts)>>,
    segments: &'s [Segment<'s>],
    max_filesize: u64,
    raw: Vec<u8>,
    text: Vec<u8>,
    /// The document of a tree that `text` is, and whether it has changed.
    held: Option<(usize, DocId, bool)>,
    /// What an image's texts are decoded with.
    memory: Vec<u16>,
    /// Texts in which phrases could not be looked for, and why: those that are gone, and
    /// those that cannot be read.
    pub lost: BTreeMap<(usize, DocId), Loss>,
}

impl<'s> Texts<'s> {
    /// The texts of `segments`, which are those of `searcher`. A file that has
    /// grown beyond `max_filesize` bytes counts as gone.
    pub fn new(searcher: &'s Searcher, segments: &'s [Segment<'s>], max_filesize: u64) -> Self {
        let root = |body: &'s Body| match body {
            Body::Tree { root, served, .. } => Some((root, &served.doubts)),
            Body::Image { .. } => None,
        };
        let roots = searcher.bodies().iter().map(root).collect();
        Texts {
            roots,
            segments,
            max_filesize,
            raw: Vec::new(),
            text: Vec::new(),
            held: None,
            memory: Vec::new(),
            lost: BTreeMap::new(),
        }
    }

    /// The text of a document.
    ///
    /// # Errors
    /// [`Loss`]
    pub fn get(&mut self, index: usize, id: DocId) -> Result<Text<'_>, Loss> {
        // A log is asked for once a place.
        if let Some((of, doc, changed)) = self.held.take()
            && (of, doc) == (index, id)
        {
            self.held = Some((index, id, changed));
            return Ok(Text { bytes: &self.text, start: 0, changed });
        }
        let segment = self.segments.get(index).ok_or(Loss::Absent)?;
        let Some(Some((root, doubts))) = self.roots.get(usize::from(segment.place)) else {
            let text = opened::text(&segment.image, id, &mut self.memory, &mut self.text);
            return text.map(|bytes| Text { bytes, start: 0, changed: false }).map_err(loss);
        };
        let doc = segment.image.docs().get(id).map_err(|corrupt| loss(corrupt.into()))?;
        let key: Vec<u8> = doc.key.bytes().collect();
        match root.read(&key, self.max_filesize, &mut self.raw) {
            Ok(Reading::Whole(_)) => {}
            Ok(Reading::TooLarge(_) | Reading::Gone) => return Err(Loss::Gone),
            Ok(Reading::Output) => return Err(Loss::Output),
            Err(error) => return Err(Loss::Unreadable(error.to_string())),
        }
        let changed = xxh3_64(&self.raw) != doc.hash;
        if changed {
            doubts.add(&key);
        }
        self.text.clear();
        self.text.extend_from_slice(&decode(&self.raw).ok_or(Loss::Gone)?);
        self.held = Some((index, id, changed));
        Ok(Text { bytes: &self.text, start: 0, changed })
    }

    /// Whether the texts of a segment are in its image.
    fn is_packed(&self, segment: usize) -> bool {
        let place = self.segments.get(segment).map(|segment| usize::from(segment.place));
        !matches!(place.and_then(|place| self.roots.get(place)), Some(Some(_)))
    }

    /// What shows `hit`: of an image with glyphs its chunk and `lines` lines on either side,
    /// else all of the text.
    ///
    /// # Errors
    /// [`Loss`]
    pub fn around(&mut self, hit: &Hit, lines: usize) -> Result<Text<'_>, Loss> {
        let (at, doc) = (hit.segment.index(), hit.doc);
        let segment = self.segments.get(at).ok_or(Loss::Absent)?;
        let packed = self.is_packed(at);
        let Some(chunk) = hit.chunk.filter(|_| packed) else { return self.get(at, doc) };
        self.held = None;
        let lines = u32::try_from(lines).unwrap_or(u32::MAX);
        let (memory, text) = (&mut self.memory, &mut self.text);
        let (start, bytes) =
            opened::around(&segment.image, (doc, chunk), lines, memory, text).map_err(loss)?;
        Ok(Text { bytes, start, changed: false })
    }
}

fn loss(error: TextError) -> Loss {
    match error {
        TextError::Absent => Loss::Absent,
        error => Loss::Damaged(error),
    }
}

impl search::Texts for Texts<'_> {
    /// The text as it is now: a phrase that a changed file has lost, or got, is
    /// judged by what is there. What cannot be read is [`Texts::lost`].
    fn text(
        &mut self,
        segment: usize,
        doc: DocId,
        chunk: Option<ChunkId>,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<Option<()>, TextError> {
        let Some(Segment { image, .. }) = self.segments.get(segment) else { return Ok(None) };
        if self.is_packed(segment) {
            self.held = None;
            let (segments, memory, room) = (self.segments, &mut self.memory, &mut self.text);
            memory.resize(image.read_numbers(), 0);
            room.resize(CHUNK_MAX, 0);
            let mut texts = ImageTexts { segments, numbers: memory, chunk: room };
            return texts.text(segment, doc, chunk, take);
        }
        let text = match self.get(segment, doc) {
            Ok(text) => text,
            Err(Loss::Damaged(error)) => return Err(error),
            Err(loss) => {
                self.lost.insert((segment, doc), loss);
                return Ok(None);
            }
        };
        if text.changed {
            // Its chunks are no longer known.
            let whole = chunk.is_none().then_some(text.bytes);
            return Ok(whole.map(|text| _ = take(text)));
        }
        search::by_chunk(image, (doc, chunk), text.bytes, take)?;
        Ok(Some(()))
    }
}
