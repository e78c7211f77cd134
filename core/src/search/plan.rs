//! The way in: a searcher, and what can be asked of a query that it has analysed.

use super::{
    Answer, Error, Hit, ImageTexts, Limits, Query, Score, SegmentId, Source, Texts,
    analysis::Analysis,
    chunks::{Scored, best_chunks},
    error::{unread, within},
    examine,
    filter::Filters,
    order,
    phrase::Phrases,
    pool::{self, Row},
    room::{Kept, Room},
    signal::{SIGNALS, behind},
    snippet::{Excerpt, Marks},
};
use crate::image::{ChunkId, DocId, Key};
use crate::rank::{Class, Features, Weights, top};
use core::ops::ControlFlow;

/// Searches segments as one body.
#[derive(Debug)]
pub struct Searcher<'s, S> {
    segments: &'s [S],
    limits: Limits,
    weights: &'s Weights,
    scratch: &'s mut [u8],
}

impl<'s, S: Source> Searcher<'s, S> {
    /// A searcher of `segments` with the weights that were learned. Of `scratch` it takes
    /// [`needs`](super::needs) bytes, or up to [`wants`](super::wants) to be faster.
    ///
    /// # Errors
    /// [`Error::OverBudget`], [`Error::TooManySegments`]
    pub fn new(segments: &'s [S], limits: Limits, scratch: &'s mut [u8]) -> Result<Self, Error> {
        if u16::try_from(segments.len()).is_err() {
            return Err(Error::TooManySegments);
        }
        Room::new(&limits, scratch)?;
        Ok(Self { segments, limits, weights: &Weights::DEFAULT, scratch })
    }

    /// The same with other weights.
    #[must_use]
    pub fn with_weights(self, weights: &'s Weights) -> Self {
        Self { weights, ..self }
    }

    /// Analyses a query.
    ///
    /// # Errors
    /// [`Error`]; a damaged image is an error, never a shorter answer.
    pub fn plan<'q>(&mut self, query: &Query<'q>) -> Result<Plan<'_, 'q, S>, Error> {
        let mut plan = self.blank(query)?;
        plan.read(query)?;
        Ok(plan)
    }

    /// [`Plan::search`] of a query of which nothing else is asked.
    ///
    /// # Errors
    /// As [`Searcher::plan`].
    pub fn search<'q>(&mut self, query: &Query<'q>, hits: &mut [Hit]) -> Result<Answer<'q>, Error> {
        let mut plan = self.blank(query)?;
        plan.read(query)?;
        plan.search(hits)
    }

    #[inline]
    fn blank<'q>(&mut self, query: &Query<'q>) -> Result<Plan<'_, 'q, S>, Error> {
        let Self { segments, limits, weights, scratch } = self;
        let room = Room::new(limits, scratch)?;
        Ok(Plan { segments, limits: *limits, weights, room, analysis: Analysis::blank(query) })
    }
}

impl<S: Source> Searcher<'_, S> {
    /// Gives the text of a document that its segment carries to `take`, part by part, until
    /// that breaks.
    ///
    /// # Errors
    /// [`Error::NoTexts`], [`Error::Corrupt`], [`Error::OverBudget`] for records longer than
    /// [`Limits::record_max`].
    pub fn text(
        &mut self,
        segment: SegmentId,
        doc: DocId,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let mut room = Room::new(&self.limits, self.scratch)?;
        let (_, reading) = room.reading()?;
        let memory = (reading.numbers, reading.chunk);
        let index = segment.index();
        let absent = Error::NoTexts { segment };
        let segment = self.segments.get(index).ok_or(absent)?;
        let read = segment.text(doc, None, memory, take);
        read.map(|_| ()).map_err(|error| unread(index, error))
    }
}

/// A document that is examined for a query, and what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// Its segment.
    pub segment: SegmentId,
    /// The document.
    pub doc: DocId,
    /// Its best chunk.
    pub chunk: Option<ChunkId>,
    /// The sum of features times weights.
    pub score: Score,
    /// What is known of it.
    pub features: Features,
}

/// A query, analysed once for all that is asked of it.
pub struct Plan<'p, 'q, S> {
    segments: &'p [S],
    limits: Limits,
    weights: &'p Weights,
    room: Room<'p>,
    analysis: Analysis<'q>,
}

impl<S> core::fmt::Debug for Plan<'_, '_, S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Plan").field("query", &self.analysis.query).finish_non_exhaustive()
    }
}

impl<'q, S: Source> Plan<'_, 'q, S> {
    fn read(&mut self, query: &Query<'q>) -> Result<(), Error> {
        let Self { segments, limits, room, analysis, .. } = self;
        analysis.read(segments, query, limits, room.kept.terms)
    }

    /// The query as it is answered: some of its phrases may be words (see
    /// [`Answer::loosened`]).
    pub fn query(&self) -> Query<'q> {
        self.analysis.query
    }

    /// What kind of question it is, which says whose weights count.
    pub fn class(&self) -> Class {
        self.analysis.class
    }

    /// Its filters.
    pub fn filters(&self) -> &Filters<'q> {
        &self.analysis.filters
    }

    /// Recognises its words in a text.
    pub fn marks(&self) -> Marks {
        Marks::new(&self.analysis, self.room.kept.terms)
    }

    /// Writes the best documents to `hits`, as many as fit and the limits allow. Where no
    /// document holds the phrases of a query that also has other text, their words are
    /// searched instead: the plan is of that query then. Phrases are looked for in the texts
    /// that the segments carry.
    ///
    /// Time follows the posting lists of the query's terms, less what their bounds
    /// skip; memory is the scratch and some 8 KiB of stack.
    ///
    /// # Errors
    /// As [`Searcher::plan`]; [`Error::NoTexts`] where there is a phrase and no text.
    pub fn search(&mut self, hits: &mut [Hit]) -> Result<Answer<'q>, Error> {
        self.find(&mut None, hits)
    }

    /// The same by other `texts`.
    ///
    /// # Errors
    /// As [`Plan::search`].
    pub fn search_in(
        &mut self,
        texts: &mut impl Texts,
        hits: &mut [Hit],
    ) -> Result<Answer<'q>, Error> {
        self.find(&mut Some(texts), hits)
    }

    fn find(
        &mut self,
        texts: &mut Option<&mut dyn Texts>,
        hits: &mut [Hit],
    ) -> Result<Answer<'q>, Error> {
        let strict = self.find_once(texts, hits)?;
        let query = self.analysis.query;
        let phrases = query.phrases();
        if strict.hits > 0 || hits.is_empty() || phrases == 0 || query.is_strict() {
            return Ok(strict);
        }
        self.read(&query.loosened(phrases))?;
        self.analysis.answer.loosened |= strict.loosened | phrases;
        self.analysis.answer.capped |= strict.capped;
        self.find_once(texts, hits)
    }

    fn find_once(
        &mut self,
        texts: &mut Option<&mut dyn Texts>,
        hits: &mut [Hit],
    ) -> Result<Answer<'q>, Error> {
        let Self { segments, limits, weights, room, analysis } = self;
        let mut answer = analysis.answer.clone();
        let wanted = hits.len().min(usize::from(limits.hits));
        let (kept, mut scanning) = room.scan()?;
        let rows = pool::gather(segments, analysis, limits, wanted, (kept, &mut scanning))?;
        let memory = (kept, &mut scanning);
        examine::rank(segments, analysis, weights, (rows, wanted), memory, &mut |_, _| {})?;
        let (Kept { terms, rows: ranked }, reading) = room.reading()?;
        let mut own = ImageTexts { segments, numbers: reading.numbers, chunk: reading.chunk };
        let texts: &mut dyn Texts = match texts {
            Some(texts) => *texts,
            None => &mut own,
        };
        // Behind the pool documents follow by BM25, those without by names, the rest by
        // path: each in the order in which its list was cut.
        let key = |row: &Row| match row.pooled {
            1 => (SIGNALS + 1, row.score),
            _ => behind(&row.signals),
        };
        let before = |a: &Row, b: &Row| {
            let place = |row: &Row| (u32::from(row.segment), DocId(row.doc));
            key(b).cmp(&key(a)).then_with(|| order(segments, place(a), place(b))).is_lt()
        };
        let (mut found, mut verified, mut floor) = (0, 0, i32::MAX);
        for row in top::BestFirst::new(ranked.get_mut(..rows).unwrap_or_default(), before) {
            if found == wanted {
                break;
            }
            if analysis.has_phrases() {
                if verified == limits.verify {
                    answer.capped = true;
                    break;
                }
                verified += 1;
                let mut phrases = Phrases::new(analysis, terms);
                let (segment, doc) = (usize::from(row.segment), DocId(row.doc));
                let read = texts.text(segment, doc, None, &mut |part| phrases.part(part));
                if read.map_err(|error| unread(segment, error))?.is_none() || !phrases.hold() {
                    continue;
                }
            }
            // Behind the pool scores are of another kind: never above the pool's.
            floor = floor.min(row.score);
            if let Some(hit) = hits.get_mut(found) {
                *hit = Hit {
                    segment: SegmentId(row.segment.into()),
                    doc: DocId(row.doc),
                    chunk: (row.chunk != u32::MAX).then_some(ChunkId(row.chunk)),
                    score: Score(floor),
                    others: row.others,
                };
                found += 1;
            }
        }
        answer.hits = found;
        Ok(answer)
    }

    /// Visits the candidates with their features, in the order of segments and documents:
    /// what [`Plan::search`] ranks by, for those who explain an answer or learn weights.
    /// Phrases are not looked at.
    ///
    /// # Errors
    /// As [`Searcher::plan`].
    pub fn candidates(&mut self, visit: &mut impl FnMut(&Candidate)) -> Result<(), Error> {
        let Self { segments, limits, weights, room, analysis } = self;
        let (kept, mut scanning) = room.scan()?;
        // As many as are wanted change nothing: candidates do not depend on it.
        let rows = pool::gather(segments, analysis, limits, 0, (kept, &mut scanning))?;
        let mut visit = |row: &Row, features: &Features| {
            visit(&Candidate {
                segment: SegmentId(row.segment.into()),
                doc: DocId(row.doc),
                chunk: (row.chunk != u32::MAX).then_some(ChunkId(row.chunk)),
                score: Score(row.score),
                features: *features,
            });
        };
        examine::rank(segments, analysis, weights, (rows, 0), (kept, &mut scanning), &mut visit)
    }

    /// The best chunks by BM25 alone, without candidates, features or filters: the
    /// baseline that benches compare with other engines. Says how many it wrote.
    ///
    /// # Errors
    /// As [`Searcher::plan`].
    pub fn best_chunks(&mut self, best: &mut [Scored]) -> Result<usize, Error> {
        let (kept, mut scanning) = self.room.scan()?;
        best_chunks(self.segments, &self.analysis, (kept, &mut scanning), None, best)
    }

    /// The best chunks by BM25 of the document of one `hit`, of those that pass the filters
    /// and hold the phrases: for documents, such as logs, of which one place says little.
    /// Says how many it wrote; where there are phrases, those of the best that `best` has
    /// room for. A phrase that crosses the end of a chunk is not found.
    ///
    /// # Errors
    /// As [`Plan::search`].
    pub fn passages(&mut self, hit: &Hit, best: &mut [Scored]) -> Result<usize, Error> {
        self.places(&mut None, hit, best)
    }

    /// The same by other `texts`.
    ///
    /// # Errors
    /// As [`Plan::search`].
    pub fn passages_in(
        &mut self,
        texts: &mut impl Texts,
        hit: &Hit,
        best: &mut [Scored],
    ) -> Result<usize, Error> {
        self.places(&mut Some(texts), hit, best)
    }

    fn places(
        &mut self,
        texts: &mut Option<&mut dyn Texts>,
        hit: &Hit,
        best: &mut [Scored],
    ) -> Result<usize, Error> {
        let Self { segments, room, analysis, .. } = self;
        let (kept, mut scanning) = room.scan()?;
        let found = best_chunks(segments, analysis, (kept, &mut scanning), Some(hit), best)?;
        if !analysis.has_phrases() {
            return Ok(found);
        }
        let (kept, reading) = room.reading()?;
        let mut own = ImageTexts { segments, numbers: reading.numbers, chunk: reading.chunk };
        let texts: &mut dyn Texts = match texts {
            Some(texts) => *texts,
            None => &mut own,
        };
        let mut held = 0;
        for at in 0..found {
            let Some(&place) = best.get(at) else { break };
            let mut phrases = Phrases::new(analysis, kept.terms);
            let segment = hit.segment.index();
            let mut take = |part: &[u8]| phrases.part(part);
            let read = texts.text(segment, hit.doc, Some(place.chunk), &mut take);
            if read.map_err(|error| unread(segment, error))?.is_some()
                && phrases.hold()
                && let Some(slot) = best.get_mut(held)
            {
                *slot = place;
                held += 1;
            }
        }
        Ok(held)
    }

    /// The key of a hit's document.
    ///
    /// # Errors
    /// [`Error::Corrupt`]
    pub fn key(&self, hit: &Hit) -> Result<Key<'_>, Error> {
        let index = hit.segment.index();
        let Some(segment) = self.segments.get(index) else {
            return Ok(Key { head: &[], tail: &[] });
        };
        within(index, segment.key(hit.doc))
    }

    /// The few lines of a hit's chunk, at most 16, that say most of the query, from the text
    /// that the segment carries; none of an empty document.
    ///
    /// # Errors
    /// As [`Plan::search`]; [`Error::NoTexts`] where there is none.
    pub fn snippet(&mut self, hit: &Hit, lines: usize) -> Result<Excerpt<'_>, Error> {
        let index = hit.segment.index();
        let found = self.segments.get(index).zip(hit.chunk);
        let Some((segment, chunk)) = found else { return Ok(Excerpt::default()) };
        let place = segment.doc(hit.doc).and_then(|doc| segment.place_of(&doc, chunk));
        let place = within(index, place)?;
        let marks = self.marks();
        let (_, reading) = self.room.reading()?;
        let memory = (reading.numbers, reading.chunk);
        let text = segment.chunk_text(hit.doc, chunk, memory);
        let text = text.map_err(|error| unread(index, error))?;
        let best = marks.snippet(text, lines);
        let line = place.first_line.saturating_add(best.line).saturating_add(1);
        Ok(Excerpt { line, text: text.get(best.start..best.end).unwrap_or_default() })
    }
}
