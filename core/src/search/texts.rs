//! Where the texts come from in which phrases are looked for.
//!
//! A text that cannot be read is no text without the phrase: it is an error. Only one
//! that is no more, as a file that was removed, counts as one that does not answer.

use super::Source;
use crate::image::{ChunkId, Corrupt, DocId, Image, TextError};
use core::ops::ControlFlow;

/// Brings the text of a document, for phrases.
pub trait Texts {
    /// Gives the text as it was indexed, all of it or one `chunk`, to `take`, chunk after
    /// chunk (see [`by_chunk`]) until that breaks; `None` where there is none any more.
    ///
    /// # Errors
    /// [`TextError`] where there is one and it was not read to its end: what `take` has
    /// seen then says nothing.
    fn text(
        &mut self,
        segment: usize,
        doc: DocId,
        chunk: Option<ChunkId>,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<Option<()>, TextError>;
}

/// The texts that the segments carry: of images, as they are (TEXT) or decoded (GLYPHS).
#[derive(Debug)]
pub struct ImageTexts<'s, 'm, S> {
    /// The segments.
    pub segments: &'s [S],
    /// At least [`Image::read_numbers`] of each.
    pub numbers: &'m mut [u16],
    /// At least [`CHUNK_MAX`](crate::outline::CHUNK_MAX) bytes, where there are GLYPHS.
    pub chunk: &'m mut [u8],
}

impl<S: Source> Texts for ImageTexts<'_, '_, S> {
    fn text(
        &mut self,
        segment: usize,
        doc: DocId,
        chunk: Option<ChunkId>,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<Option<()>, TextError> {
        match self.segments.get(segment) {
            Some(segment) => segment.text(doc, chunk, (self.numbers, self.chunk), take),
            None => Ok(None),
        }
    }
}

/// Gives the `text` of a document, or of one chunk of it, to `take` until that breaks, cut
/// where its chunks end; what goes beyond them, as in a file that has grown since, last. So
/// a word that a chunk's end cuts is two words to a phrase, wherever the text comes from.
///
/// # Errors
/// [`Corrupt`] where `doc` is no document of `image`, or its chunks cannot be.
pub fn by_chunk(
    image: &Image<'_>,
    (doc, chunk): (DocId, Option<ChunkId>),
    text: &[u8],
    take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<(), Corrupt> {
    let fields = image.docs().get(doc)?;
    let mut end = 0;
    for place in image.chunks().of(&fields) {
        let (id, place) = place?;
        let part = text.get(end..place.end as usize).unwrap_or_default();
        if chunk.is_none_or(|chunk| chunk == id) && take(part).is_break() {
            return Ok(());
        }
        end = (place.end as usize).min(text.len()).max(end);
    }
    if chunk.is_none() {
        let _ = take(text.get(end..).unwrap_or_default());
    }
    Ok(())
}
