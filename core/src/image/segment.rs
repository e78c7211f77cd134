//! An image among others: what of it is dead, and what may answer.

use super::{DocId, Image};
use crate::bits::Bitmap;

/// One image among those that are searched or merged together.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    /// The image.
    pub image: Image<'a>,
    /// Its tombstones: bit `i % 8` of byte `i / 8` is set where document `i` is
    /// dead; documents behind the end are alive.
    pub dead: &'a [u8],
    /// Which of the searched places it belongs to; segments of one place share
    /// no key. Lower places come first among equal scores.
    pub place: u16,
    /// Which documents may answer, where not all may: bit `i % 8` of byte `i / 8`
    /// is set for document `i`. The others count in the statistics all the same.
    pub scope: Option<&'a [u8]>,
}

impl<'a> Segment<'a> {
    /// A segment without tombstones, of place 0, all of which may answer.
    pub const fn new(image: Image<'a>) -> Self {
        Self { image, dead: &[], place: 0, scope: None }
    }

    /// Whether `doc` is dead.
    pub fn is_dead(&self, doc: DocId) -> bool {
        Bitmap(self.dead).get(doc.0)
    }

    /// Whether `doc` is alive and in scope.
    pub fn may_answer(&self, doc: DocId) -> bool {
        !self.is_dead(doc) && self.scope.is_none_or(|scope| Bitmap(scope).get(doc.0))
    }

    /// The dead documents, ascending.
    pub fn dead(&self) -> impl Iterator<Item = DocId> + use<'a> {
        let documents = self.image.meta.documents;
        Bitmap(self.dead).ones().map(DocId).take_while(move |id| id.0 < documents)
    }
}
