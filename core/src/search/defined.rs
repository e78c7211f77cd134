//! The names that a candidate defines and the query asks for.

use super::{
    Postings, Source,
    examine::{Seen, bit},
    scores::name_score,
};
use crate::image::{ChunkId, Corrupt, Cursor, Decoded, Doc, SymbolId};
use crate::outline::Kind;
use crate::rank::Class;

/// What the names of one document say.
#[derive(Default)]
pub(super) struct Defined {
    /// The score of the best name.
    best: i32,
    /// The chunk that holds the best name.
    pub(super) chunk: Option<ChunkId>,
    /// Groups of terms in any name.
    pub(super) groups: u32,
    /// The best name is one.
    pub(super) whole: bool,
    /// The best name is one, and spelt alike.
    pub(super) spelt: bool,
    /// How much the best name is the definition of a thing, where one is asked for.
    standing: u8,
}

/// Whoever asks for a name wants its definition: a type before what bears its name, too, such as
/// its constructor or an implementation for it.
fn standing(kind: Kind) -> u8 {
    match kind {
        Kind::Impl | Kind::Method | Kind::Property => 0,
        kind if kind.is_type() => 2,
        _ => 1,
    }
}

/// Walks the lists of names, document by document.
pub(super) struct Names<'e> {
    cursors: &'e mut [Cursor],
    slots: &'e mut [Decoded],
    /// The nearest name that any list stands on.
    at: u32,
}

impl<'e> Names<'e> {
    pub(super) fn new(cursors: &'e mut [Cursor], slots: &'e mut [Decoded]) -> Self {
        Self { cursors, slots, at: Cursor::END }
    }

    /// Goes to the first name of `doc`.
    pub(super) fn seek(
        &mut self,
        seen: &Seen<'_, '_, impl Source>,
        doc: &Doc<'_>,
    ) -> Result<(), Corrupt> {
        let postings = seen.segment.postings();
        self.at = Cursor::END;
        for cursor in &mut *self.cursors {
            let slot = self.slots.get_mut(usize::from(cursor.tag));
            postings.seek(cursor, doc.first_symbol.0, slot)?;
            self.at = self.at.min(cursor.id);
        }
        Ok(())
    }

    /// The chunk of the next name of `doc` and its score, which `defined` takes in.
    pub(super) fn next(
        &mut self,
        seen: &Seen<'_, '_, impl Source>,
        doc: &Doc<'_>,
        defined: &mut Defined,
    ) -> Result<Option<(ChunkId, i32)>, Corrupt> {
        let segment = seen.segment;
        let postings = segment.postings();
        let id = core::mem::replace(&mut self.at, Cursor::END);
        if id >= doc.end_symbol.0 {
            return Ok(None);
        }
        let (mut sum, mut exact) = (0i32, 0);
        for cursor in &mut *self.cursors {
            if cursor.id == id {
                let tag = usize::from(cursor.tag);
                let code = postings.code(cursor)?;
                sum = sum.saturating_add(name_score(cursor.weight, code));
                if code == 0 {
                    exact = exact.max(cursor.weight);
                }
                defined.groups |= seen.terms.get(tag).map_or(0, bit);
                postings.next(cursor, self.slots.get_mut(tag))?;
            }
            self.at = self.at.min(cursor.id);
        }
        let symbol = SymbolId(id);
        let chunk = segment.chunk_of(symbol)?;
        let filters = &seen.analysis.filters;
        if filters.on_symbols() && !filters.chunk(segment, doc, chunk)? {
            return Ok(Some((chunk, 0)));
        }
        // Terms are stems: of `Serialize` and `Serializer` the one that was asked for. Among
        // several words one may be spelt like a name by chance: there only the best name
        // is looked at.
        let named = matches!(seen.analysis.class, Class::Identifier | Class::Qualified);
        let leads = sum > defined.best || (sum == defined.best && (named || !defined.spelt));
        let looks = exact > 0 && (named || leads);
        let found = if looks { Some(segment.symbol(symbol)?) } else { None };
        let spelt = found.is_some_and(|found| seen.analysis.spells(found.name));
        let standing = found.filter(|_| named).map_or(0, |found| standing(found.kind));
        let known = (defined.best, defined.spelt, defined.standing);
        if (sum, spelt, standing) > known {
            (defined.best, defined.spelt, defined.standing) = (sum, spelt, standing);
            defined.chunk = Some(chunk);
            defined.whole = exact > 0;
        }
        let twice = if spelt && named { exact } else { 0 };
        Ok(Some((chunk, sum.saturating_add(twice))))
    }
}
