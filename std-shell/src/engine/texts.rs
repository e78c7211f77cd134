//! The texts of documents: from the tree, where they may have changed since,
//! or from the image itself.
//!
//! A file is known by the hash of its bytes, which the image holds: reading it
//! tells for certain whether it is what was indexed, whatever its stamp says.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt;

use anyhow::{Result, anyhow, bail};
use serde::Serialize;
use sigla_core::image::{ChunkId, DocId, Segment, TextError};
use sigla_core::outline::{CHUNK_MAX, Lang};
use sigla_core::search::{self, Hit, ImageTexts};
use xxhash_rust::xxh3::xxh3_64;

use crate::engine::answer;
use crate::engine::current::Doubts;
use crate::engine::opening::{Asked, Body, Corpus};
use crate::engine::view::{DocAt, DocName, View};
use crate::image_file::reader;
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
pub struct LiveTexts<'s> {
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

impl<'s> LiveTexts<'s> {
    /// The texts of `segments`, which are those of `corpus`. A file that has grown beyond
    /// what is indexed counts as gone.
    pub fn new(corpus: &'s Corpus, segments: &'s [Segment<'s>]) -> Self {
        let root = |body: &'s Body| match body {
            Body::Tree { root, current, .. } => Some((root, &current.doubts)),
            Body::Image { .. } => None,
        };
        let roots = corpus.bodies().iter().map(root).collect();
        LiveTexts {
            roots,
            segments,
            max_filesize: corpus.max_filesize,
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
            let text = reader::text(&segment.image, id, &mut self.memory, &mut self.text);
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
            reader::around(&segment.image, (doc, chunk), lines, memory, text).map_err(loss)?;
        Ok(Text { bytes, start, changed: false })
    }
}

/// The text of a document as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its path, as the user can use it.
    #[serde(serialize_with = "answer::bytes")]
    pub shown: Vec<u8>,
    /// Its language.
    #[serde(serialize_with = "answer::lang")]
    pub lang: Lang,
    /// The decoded bytes.
    #[serde(serialize_with = "answer::bytes")]
    pub text: Vec<u8>,
    /// It is another one than was indexed.
    pub stale: bool,
}

/// The document of `view` at `path` in the place `root`, as hits name both.
pub(crate) fn document(view: &View, root: Option<&[u8]>, path: &[u8]) -> Result<Document> {
    let segments = view.segments()?;
    let shown = String::from_utf8_lossy(path);
    let is_it = |asked: &&Asked| root.is_none_or(|root| asked.root.as_os_str().as_bytes() == root);
    for asked in view.corpus().asked().iter().filter(is_it) {
        let key = asked.key(path);
        for (index, segment) in segments.iter().enumerate() {
            if usize::from(segment.place) != asked.body() {
                continue;
            }
            let Some(doc) = segment.image.docs().find(&key)?.filter(|&doc| segment.may_answer(doc))
            else {
                continue;
            };
            let at = DocAt { segment: index, doc };
            let Some(DocName { shown: name, lang, .. }) = view.name(&segments, at)? else {
                continue;
            };
            let mut texts = view.texts(&segments);
            let text = texts.get(index, doc).map_err(|loss| match loss.trouble() {
                Some(why) => anyhow!("cannot read {shown}: {why}"),
                None => anyhow!("{shown} has gone since it was indexed"),
            })?;
            let (text, stale) = (text.bytes.to_vec(), text.changed || view.stale());
            return Ok(Document { shown: name, lang, text, stale });
        }
    }
    bail!("there is no document {shown}")
}

fn loss(error: TextError) -> Loss {
    match error {
        TextError::Absent => Loss::Absent,
        error => Loss::Damaged(error),
    }
}

impl search::Texts for LiveTexts<'_> {
    /// The text as it is now: a phrase that a changed file has lost, or got, is
    /// judged by what is there. What cannot be read is [`LiveTexts::lost`].
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
