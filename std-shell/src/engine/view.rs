//! What one question is over: a corpus, with what of it may answer, and how a document of
//! it is called.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;
use serde::Serialize;
use sigla_core::image::{DocId, Segment};
use sigla_core::outline::Lang;

use crate::engine::answer::{self, Note};
use crate::engine::opening::{Body, Corpus, Name};
use crate::engine::scopes::Choice;
use crate::engine::texts::{LiveTexts, Loss};
use crate::machine::pool::Pool;
use crate::machine::progress::Cancel;

/// A corpus and the choice among its documents.
#[derive(Debug)]
pub struct View {
    corpus: Arc<Corpus>,
    scopes: Vec<Option<Vec<u8>>>,
    notes: Vec<Note>,
    pool: Arc<Pool>,
}

/// A document among all segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocAt {
    /// Index of its segment.
    pub segment: usize,
    /// Its id there.
    pub doc: DocId,
}

/// How a document is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocName {
    /// Which of the places holds it: their order.
    pub place: usize,
    /// Its path relative to the place.
    #[serde(serialize_with = "answer::bytes")]
    pub path: Vec<u8>,
    /// The place, where there are several.
    #[serde(serialize_with = "answer::maybe_bytes")]
    pub root: Option<Vec<u8>>,
    /// Its path as the user can use it.
    #[serde(serialize_with = "answer::bytes")]
    pub shown: Vec<u8>,
    /// Where it is on this machine.
    #[serde(serialize_with = "answer::file")]
    pub file: Option<PathBuf>,
    /// Its language.
    #[serde(serialize_with = "answer::lang")]
    pub lang: Lang,
}

impl View {
    /// What of `corpus` may answer.
    ///
    /// # Errors
    /// A glob is wrong, a segment damaged.
    pub fn new(corpus: Arc<Corpus>, choice: &Choice<'_>, pool: Arc<Pool>) -> Result<View> {
        let scopes = corpus.scopes(&corpus.segments()?, choice)?;
        let notes = corpus.notes(choice)?;
        Ok(View { corpus, scopes, notes, pool })
    }

    /// What it is a part of.
    pub fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// What the user should be told of it.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Who works.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// All segments, scoped. Costs the same for every size.
    ///
    /// # Errors
    /// One of them is damaged.
    pub fn segments(&self) -> Result<Vec<Segment<'_>>> {
        let plain = self.corpus.segments()?.into_iter();
        let scoped = plain.zip(&self.scopes);
        Ok(scoped.map(|(s, scope)| Segment { scope: scope.as_deref(), ..s }).collect())
    }

    /// The texts of `segments`, which are those of this view.
    pub fn texts<'s>(&'s self, segments: &'s [Segment<'s>]) -> LiveTexts<'s> {
        LiveTexts::new(&self.corpus, segments)
    }

    /// How the document `at` of `segments` is called; nothing where it lies in no
    /// place.
    ///
    /// # Errors
    /// The segment is damaged.
    pub fn name(&self, segments: &[Segment<'_>], at: DocAt) -> Result<Option<DocName>> {
        let Some(segment) = segments.get(at.segment) else { return Ok(None) };
        let doc = segment.image.docs().get(at.doc)?;
        let key: Vec<u8> = doc.key.bytes().collect();
        let place = self.corpus.place_of(segment, &key);
        Ok(place.map(|place| {
            let Name { path, root, shown, file } = self.corpus.name(place, segment, &key);
            DocName { place, path, root, shown, file, lang: doc.lang }
        }))
    }

    /// All documents that may answer, in the order of segments.
    pub fn documents(segments: &[Segment<'_>]) -> Vec<DocAt> {
        let all = segments.iter().enumerate().flat_map(|(index, segment)| {
            let ids = (0..segment.image.meta().documents).map(DocId);
            ids.map(move |doc| (segment, DocAt { segment: index, doc }))
        });
        all.filter(|(segment, at)| segment.may_answer(at.doc)).map(|(_, at)| at).collect()
    }

    /// Reads the texts of `documents` in parallel, and what `look` makes of each,
    /// in their order; nothing of a text that cannot be had.
    ///
    /// # Errors
    /// A segment is damaged; `cancel`.
    pub fn read<T: Send>(
        &self,
        segments: &[Segment<'_>],
        documents: &[DocAt],
        cancel: &dyn Cancel,
        look: impl Fn(DocAt, Lang, &[u8]) -> T + Sync,
    ) -> Result<Gathered<T>> {
        let one = |texts: &mut LiveTexts<'_>,
                   at: &DocAt|
         -> Result<(Option<T>, Option<Loss>, bool)> {
            cancel.check()?;
            let Some(segment) = segments.get(at.segment) else { return Ok((None, None, false)) };
            let lang = segment.image.docs().get(at.doc)?.lang;
            Ok(match texts.get(at.segment, at.doc) {
                Ok(text) => (Some(look(*at, lang, text.bytes)), None, text.changed),
                Err(loss) => (None, Some(loss), false),
            })
        };
        let all = || {
            let texts = || self.texts(segments);
            documents.par_iter().map_init(texts, one).collect::<Result<Vec<_>>>()
        };
        let all = self.pool.run(all)?;
        let mut reading = Gathered { found: vec![], moved: false, unreadable: vec![] };
        for ((found, loss, changed), at) in all.into_iter().zip(documents) {
            reading.found.extend(found);
            reading.moved |= changed || loss == Some(Loss::Gone);
            let trouble = loss.filter(|loss| *loss != Loss::Absent).and_then(|loss| loss.trouble());
            reading.unreadable.extend(trouble.map(|why| (*at, why)));
        }
        Ok(reading)
    }

    /// Whether the answer may be behind the tree.
    pub fn stale(&self) -> bool {
        self.corpus.bodies().iter().any(Body::stale)
    }
}

/// What [`View::read`] found.
#[derive(Debug)]
pub struct Gathered<T> {
    /// What was made of each text.
    pub found: Vec<T>,
    /// A text was not what was indexed.
    pub moved: bool,
    /// Files that are there and cannot be read, and why.
    pub unreadable: Vec<(DocAt, String)>,
}
