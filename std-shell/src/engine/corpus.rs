//! What a question about symbols is over: the open places, with what of them may
//! answer, and how a document of them is called.

use std::path::PathBuf;

use anyhow::Result;
use rayon::prelude::*;
use sigla_core::image::{DocId, Segment};
use sigla_core::outline::Lang;

use crate::engine::scopes::{Body, Choice, Name, Opening, Searcher};
use crate::engine::texts::{Loss, Texts};

/// Open places and the choice among their documents.
#[derive(Debug)]
pub struct Corpus {
    searcher: Searcher,
    scopes: Vec<Option<Vec<u8>>>,
    max_filesize: u64,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Which of the places holds it: their order.
    pub place: usize,
    /// Its path relative to the place.
    pub path: Vec<u8>,
    /// The place, where there are several.
    pub root: Option<Vec<u8>>,
    /// Its path as the user can use it.
    pub shown: Vec<u8>,
    /// Where it is on this machine.
    pub file: Option<PathBuf>,
    /// Its language.
    pub lang: Lang,
}

impl Corpus {
    /// Opens `places`; a text that is longer than `max_filesize` counts as gone.
    ///
    /// # Errors
    /// As [`Searcher::open`] and [`Searcher::scopes`].
    pub fn open(
        places: &[PathBuf],
        opening: &Opening<'_>,
        choice: &Choice<'_>,
        max_filesize: u64,
    ) -> Result<Corpus> {
        let searcher = Searcher::open(places, opening)?;
        let scopes = searcher.scopes(&searcher.segments()?, choice)?;
        Ok(Corpus { searcher, scopes, max_filesize })
    }

    /// What serves it.
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// All segments, scoped. Costs the same for every size.
    ///
    /// # Errors
    /// One of them is damaged.
    pub fn segments(&self) -> Result<Vec<Segment<'_>>> {
        let plain = self.searcher.segments()?.into_iter();
        let scoped = plain.zip(&self.scopes);
        Ok(scoped.map(|(s, scope)| Segment { scope: scope.as_deref(), ..s }).collect())
    }

    /// The texts of `segments`, which are those of this corpus.
    pub fn texts<'s>(&'s self, segments: &'s [Segment<'s>]) -> Texts<'s> {
        Texts::new(&self.searcher, segments, self.max_filesize)
    }

    /// How the document `at` of `segments` is called; nothing where it lies in no
    /// place.
    ///
    /// # Errors
    /// The segment is damaged.
    pub fn name(&self, segments: &[Segment<'_>], at: DocAt) -> Result<Option<Named>> {
        let Some(segment) = segments.get(at.segment) else { return Ok(None) };
        let doc = segment.image.docs().get(at.doc)?;
        let key: Vec<u8> = doc.key.bytes().collect();
        let place = self.searcher.place_of(segment, &key);
        Ok(place.map(|place| {
            let Name { path, root, shown, file } = self.searcher.name(place, segment, &key);
            Named { place, path, root, shown, file, lang: doc.lang }
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
    /// A segment is damaged.
    pub fn read<T: Send>(
        &self,
        segments: &[Segment<'_>],
        documents: &[DocAt],
        look: impl Fn(DocAt, Lang, &[u8]) -> T + Sync,
    ) -> Result<Reading<T>> {
        let one = |texts: &mut Texts<'_>, at: &DocAt| -> Result<(Option<T>, Option<Loss>, bool)> {
            let Some(segment) = segments.get(at.segment) else { return Ok((None, None, false)) };
            let lang = segment.image.docs().get(at.doc)?.lang;
            Ok(match texts.get(at.segment, at.doc) {
                Ok(text) => (Some(look(*at, lang, text.bytes)), None, text.changed),
                Err(loss) => (None, Some(loss), false),
            })
        };
        let all: Vec<_> =
            documents.par_iter().map_init(|| self.texts(segments), one).collect::<Result<_>>()?;
        let mut reading = Reading { found: vec![], moved: false, unreadable: vec![] };
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
        self.searcher.bodies().iter().any(Body::stale)
    }
}

/// What [`Corpus::read`] found.
#[derive(Debug)]
pub struct Reading<T> {
    /// What was made of each text.
    pub found: Vec<T>,
    /// A text was not what was indexed.
    pub moved: bool,
    /// Files that are there and cannot be read, and why.
    pub unreadable: Vec<(DocAt, String)>,
}
