//! What a search reads of a segment: one narrow interface, which an image behind its
//! tombstones has, and whatever else shall answer in the place of one.
//!
//! Ids are those of the segment: documents in the order of their keys, the chunks and
//! symbols of a document contiguous and in the order of documents. All that is said must
//! stay as it is during a search.

use super::{scan::bad, texts::by_chunk};
use crate::image::{
    Chunk, ChunkId, Corrupt, Cursor, Decoded, Doc, DocId, FREQ_CODES, Key, List, Section, Segment,
    Symbol, SymbolId, Term, TextError,
};
use core::ops::{ControlFlow, Range};

/// How much there is of everything, dead documents included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Documents.
    pub documents: u32,
    /// Chunks.
    pub chunks: u32,
    /// Defined names.
    pub symbols: u32,
    /// Tokens of all chunks, as their length codes have them.
    pub tokens: u64,
}

/// A segment that can be searched.
pub trait Source {
    /// Its posting lists.
    type Postings<'s>: Postings
    where
        Self: 's;

    /// How much there is.
    fn counts(&self) -> Counts;

    /// The place that it belongs to; see [`Segment::place`].
    fn place(&self) -> u16;

    /// The dead documents, ascending.
    fn dead(&self) -> impl Iterator<Item = DocId>;

    /// Whether it has none.
    fn is_whole(&self) -> bool;

    /// Whether `doc` is dead.
    fn is_dead(&self, doc: DocId) -> bool;

    /// Whether every document that is alive is in scope.
    fn is_unscoped(&self) -> bool;

    /// Whether `doc` is alive and in scope.
    fn may_answer(&self, doc: DocId) -> bool;

    /// A document.
    ///
    /// # Errors
    /// [`Corrupt`] where there is none of that id, as everywhere here.
    fn doc(&self, id: DocId) -> Result<Doc<'_>, Corrupt>;

    /// Its key.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn key(&self, id: DocId) -> Result<Key<'_>, Corrupt> {
        self.doc(id).map(|doc| doc.key)
    }

    /// Its first chunk; of the id behind the last one, the end of all chunks.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn first_chunk(&self, id: DocId) -> Result<ChunkId, Corrupt>;

    /// Its first symbol, likewise.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn first_symbol(&self, id: DocId) -> Result<SymbolId, Corrupt>;

    /// The document of a chunk.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn doc_of(&self, chunk: ChunkId) -> Result<DocId, Corrupt>;

    /// The length code of every chunk ([`len_code`](crate::image::len_code)).
    fn lengths(&self) -> &[u8];

    /// The lists of a term.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn find(&self, term: &[u8]) -> Result<Option<Term>, Corrupt>;

    /// Calls `visit` with every term that starts with `prefix`, in order.
    ///
    /// # Errors
    /// [`Corrupt`], and those of `visit`.
    fn with_prefix(
        &self,
        prefix: &[u8],
        visit: impl FnMut(&[u8], Term) -> Result<(), Corrupt>,
    ) -> Result<(), Corrupt>;

    /// What reads the lists of its terms.
    fn postings(&self) -> Self::Postings<'_>;

    /// A defined name.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn symbol(&self, id: SymbolId) -> Result<Symbol<'_>, Corrupt>;

    /// The chunk of a defined name.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn chunk_of(&self, id: SymbolId) -> Result<ChunkId, Corrupt> {
        self.symbol(id).map(|symbol| symbol.chunk)
    }

    /// Those among the symbols `of` a document that are in `chunk`.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn symbols_in(&self, of: Range<u32>, chunk: ChunkId) -> Result<Range<u32>, Corrupt>;

    /// Where a chunk of `doc` lies.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn place_of(&self, doc: &Doc<'_>, chunk: ChunkId) -> Result<Chunk, Corrupt>;

    /// The text of one chunk of a document.
    ///
    /// # Errors
    /// [`TextError`]
    fn chunk_text<'m>(
        &'m self,
        doc: DocId,
        chunk: ChunkId,
        memory: (&mut [u16], &'m mut [u8]),
    ) -> Result<&'m [u8], TextError>;

    /// Gives the text of a document, or of one chunk of it, to `take`, as
    /// [`Texts::text`](super::Texts::text) does. The numbers and bytes are memory for it.
    ///
    /// # Errors
    /// [`TextError`]
    fn text(
        &self,
        doc: DocId,
        wanted: Option<ChunkId>,
        memory: (&mut [u16], &mut [u8]),
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<Option<()>, TextError>;
}

/// Reads posting lists: moves cursors over them.
///
/// A cursor stands on a posting ([`Cursor::id`]) or behind the last ([`Cursor::END`]). With a
/// [`Decoded`] beside it an implementation may hold more than one posting decoded; the
/// postings are the same. What is provided here is by [`Postings::next`] alone.
pub trait Postings: Copy {
    /// A cursor on the first posting of `list`.
    ///
    /// # Errors
    /// [`Corrupt`] where the list cannot be true, as everywhere here.
    fn open(self, list: List, slot: Option<&mut Decoded>) -> Result<Cursor, Corrupt>;

    /// Moves to the next posting.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn next(self, cursor: &mut Cursor, slot: Option<&mut Decoded>) -> Result<(), Corrupt>;

    /// The code of the posting that it stands on; 0 behind the last.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn code(self, cursor: &Cursor) -> Result<u32, Corrupt>;

    /// A code that no posting before id `end` exceeds and a length code that none goes
    /// below; `None` where there is no posting before `end`.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn bound(self, cursor: &Cursor, end: u32) -> Result<Option<(u8, u8)>, Corrupt> {
        Ok((cursor.id < end).then_some((FREQ_CODES as u8 - 1, 0)))
    }

    /// Moves to the first posting whose id is at least `target`.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn seek(
        self,
        cursor: &mut Cursor,
        target: u32,
        mut slot: Option<&mut Decoded>,
    ) -> Result<(), Corrupt> {
        while cursor.id < target {
            self.next(cursor, slot.as_deref_mut())?;
        }
        Ok(())
    }

    /// Calls `visit` with the ids before `end` and their codes, in order, and moves behind
    /// them; for whoever wants few of them.
    ///
    /// # Errors
    /// [`Corrupt`]
    fn few_before(
        self,
        cursor: &mut Cursor,
        end: u32,
        mut slot: Option<&mut Decoded>,
        mut visit: impl FnMut(u32, u32),
    ) -> Result<(), Corrupt> {
        while cursor.id < end {
            visit(cursor.id, self.code(cursor)?);
            self.next(cursor, slot.as_deref_mut())?;
        }
        Ok(())
    }

    /// The same, for whoever wants many of them.
    ///
    /// # Errors
    /// [`Corrupt`], and where `visit` gives `None`.
    fn many_before(
        self,
        cursor: &mut Cursor,
        end: u32,
        mut slot: Option<&mut Decoded>,
        mut visit: impl FnMut(u32, u32) -> Option<()>,
    ) -> Result<(), Corrupt> {
        while cursor.id < end {
            visit(cursor.id, self.code(cursor)?).ok_or(bad())?;
            self.next(cursor, slot.as_deref_mut())?;
        }
        Ok(())
    }
}

impl Source for Segment<'_> {
    type Postings<'s>
        = &'s [u8]
    where
        Self: 's;

    fn counts(&self) -> Counts {
        let meta = self.image.meta();
        let (documents, chunks, symbols) = (meta.documents, meta.chunks, meta.symbols);
        Counts { documents, chunks, symbols, tokens: meta.tokens }
    }

    fn place(&self) -> u16 {
        self.place
    }

    fn dead(&self) -> impl Iterator<Item = DocId> {
        Segment::dead(self)
    }

    fn is_whole(&self) -> bool {
        self.dead.is_empty()
    }

    fn is_dead(&self, doc: DocId) -> bool {
        Segment::is_dead(self, doc)
    }

    fn is_unscoped(&self) -> bool {
        self.scope.is_none()
    }

    fn may_answer(&self, doc: DocId) -> bool {
        Segment::may_answer(self, doc)
    }

    #[inline]
    fn doc(&self, id: DocId) -> Result<Doc<'_>, Corrupt> {
        self.image.docs().get(id)
    }

    fn key(&self, id: DocId) -> Result<Key<'_>, Corrupt> {
        self.image.docs().key(id)
    }

    #[inline]
    fn first_chunk(&self, id: DocId) -> Result<ChunkId, Corrupt> {
        self.image.docs().first_chunk(id)
    }

    #[inline]
    fn first_symbol(&self, id: DocId) -> Result<SymbolId, Corrupt> {
        self.image.docs().first_symbol(id)
    }

    fn doc_of(&self, chunk: ChunkId) -> Result<DocId, Corrupt> {
        self.image.doc_of(chunk)
    }

    #[inline]
    fn lengths(&self) -> &[u8] {
        self.image.chunks().lens()
    }

    fn find(&self, term: &[u8]) -> Result<Option<Term>, Corrupt> {
        self.image.lexicon().find(term)
    }

    fn with_prefix(
        &self,
        prefix: &[u8],
        visit: impl FnMut(&[u8], Term) -> Result<(), Corrupt>,
    ) -> Result<(), Corrupt> {
        self.image.lexicon().with_prefix(prefix, visit)
    }

    #[inline]
    fn postings(&self) -> &[u8] {
        self.image.postings()
    }

    fn symbol(&self, id: SymbolId) -> Result<Symbol<'_>, Corrupt> {
        self.image.symbols().get(id)
    }

    fn chunk_of(&self, id: SymbolId) -> Result<ChunkId, Corrupt> {
        self.image.symbols().chunk(id)
    }

    fn symbols_in(&self, of: Range<u32>, chunk: ChunkId) -> Result<Range<u32>, Corrupt> {
        self.image.symbols().in_chunk(of, chunk)
    }

    fn place_of(&self, doc: &Doc<'_>, chunk: ChunkId) -> Result<Chunk, Corrupt> {
        self.image.chunks().place(doc, chunk)
    }

    fn chunk_text<'m>(
        &'m self,
        doc: DocId,
        chunk: ChunkId,
        (numbers, room): (&mut [u16], &'m mut [u8]),
    ) -> Result<&'m [u8], TextError> {
        let fields = self.image.docs().get(doc)?;
        let Some(text) = self.image.text() else {
            let length = self.image.read_chunk(&fields, chunk, numbers, room)?;
            return Ok(room.get(..length).unwrap_or_default());
        };
        let place = self.image.chunks().place(&fields, chunk)?;
        let part = text.get(doc)?.get(place.start as usize..place.end as usize);
        part.ok_or(Corrupt::new(Section::Text, doc.0 as usize * 4).into())
    }

    fn text(
        &self,
        doc: DocId,
        wanted: Option<ChunkId>,
        (numbers, chunk): (&mut [u16], &mut [u8]),
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<Option<()>, TextError> {
        let image = &self.image;
        if let Some(text) = image.text() {
            let text = text.get(doc)?;
            // What ends early would hide a phrase.
            if text.len() != image.text_length(doc)? {
                return Err(Corrupt::new(Section::Text, doc.0 as usize * 4).into());
            }
            by_chunk(image, (doc, wanted), text, take)?;
            return Ok(Some(()));
        }
        let fields = image.docs().get(doc)?;
        let all = fields.first_chunk.0..fields.end_chunk.0;
        for id in wanted.map_or(all, |id| id.0..id.0.saturating_add(1)).map(ChunkId) {
            let length = image.read_chunk(&fields, id, numbers, chunk)?;
            if take(chunk.get(..length).unwrap_or_default()).is_break() {
                break;
            }
        }
        Ok(Some(()))
    }
}

/// The blocks of POSTINGS.
impl Postings for &[u8] {
    #[inline]
    fn open(self, list: List, slot: Option<&mut Decoded>) -> Result<Cursor, Corrupt> {
        Cursor::new(list, self, slot)
    }

    #[inline]
    fn next(self, cursor: &mut Cursor, slot: Option<&mut Decoded>) -> Result<(), Corrupt> {
        cursor.next(self, slot)
    }

    #[inline]
    fn code(self, cursor: &Cursor) -> Result<u32, Corrupt> {
        cursor.code(self)
    }

    #[inline]
    fn bound(self, cursor: &Cursor, end: u32) -> Result<Option<(u8, u8)>, Corrupt> {
        cursor.bound(self, end)
    }

    #[inline]
    fn seek(
        self,
        cursor: &mut Cursor,
        target: u32,
        slot: Option<&mut Decoded>,
    ) -> Result<(), Corrupt> {
        cursor.seek(self, target, slot)
    }

    #[inline]
    fn few_before(
        self,
        cursor: &mut Cursor,
        end: u32,
        slot: Option<&mut Decoded>,
        visit: impl FnMut(u32, u32),
    ) -> Result<(), Corrupt> {
        cursor.each_before(self, end, slot, visit)
    }

    #[inline]
    fn many_before(
        self,
        cursor: &mut Cursor,
        end: u32,
        slot: Option<&mut Decoded>,
        mut visit: impl FnMut(u32, u32) -> Option<()>,
    ) -> Result<(), Corrupt> {
        let Some(slot) = slot else {
            while cursor.id < end {
                visit(cursor.id, cursor.code(self)?).ok_or(bad())?;
                cursor.next(self, None)?;
            }
            return Ok(());
        };
        while cursor.id < end {
            let (from, held) = (usize::from(cursor.pos), usize::from(cursor.held));
            cursor.decode_codes(self, slot)?;
            let ids = slot.ids.get(from..held).ok_or(bad())?;
            let codes = slot.codes.get(from..held).ok_or(bad())?;
            let mut used = 0;
            for (&id, &code) in ids.iter().zip(codes) {
                if id >= end {
                    break;
                }
                visit(id, code).ok_or(bad())?;
                used += 1;
            }
            cursor.pos += used;
            if usize::from(cursor.pos) >= held {
                cursor.next_block(self, 0, Some(slot))?;
            } else {
                cursor.stand(slot);
            }
        }
        Ok(())
    }
}
