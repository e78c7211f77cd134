//! A tree searched in process: its image, and the two ways to ask it.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, Result, anyhow};
use sigla_core::{
    image::{ChunkId, DocId, Family, Image, Segment},
    rank::{Class, Weights, bm25},
    search::{Candidate, Hit, Limits, Query, Scored, Searcher, wants},
    text,
};

use crate::{
    body::{self, Body},
    score::{DEPTH, Found},
};

/// The image of one tree.
#[derive(Debug)]
pub struct Library {
    image: Vec<u8>,
}

impl Library {
    /// Indexes a tree.
    pub fn of_tree(root: &Path) -> Result<Self> {
        Self::of(&Body::read(root)?)
    }

    /// Indexes documents.
    pub fn of(bodies: &[Body]) -> Result<Self> {
        Ok(Self { image: body::build(bodies)? })
    }

    /// An image that something else has made.
    pub fn of_image(image: Vec<u8>) -> Self {
        Self { image }
    }

    /// The image, opened.
    pub fn open(&self) -> Result<Opened<'_>> {
        let image = Image::open(&self.image).map_err(|error| anyhow!("{error:?}"))?;
        Ok(Opened { segments: [Segment::new(image)] })
    }
}

/// An open image with memory to search it.
#[derive(Debug)]
pub struct Opened<'a> {
    segments: [Segment<'a>; 1],
}

/// As much scratch as speeds a search up.
pub fn scratch(limits: &Limits) -> Vec<u8> {
    vec![0; wants(limits)]
}

impl Opened<'_> {
    /// How many chunks it has.
    pub fn chunks(&self) -> u32 {
        self.segments[0].image.meta().chunks
    }

    /// Whether one of some terms has less than an eighth of the weight of the rarest term of a
    /// question, among those that occur.
    pub fn has_common(&self, question: &str, terms: &BTreeSet<Vec<u8>>) -> Result<bool> {
        let image = self.segments[0].image;
        let weigh = |term: &[u8]| -> Result<Option<i32>> {
            let found = image.lexicon().find(term).map_err(|error| anyhow!("{error}"))?;
            let count = found.map_or(0, |term| term.list(Family::Words).count);
            Ok((count > 0).then(|| bm25::idf(image.meta().chunks, count)))
        };
        let mut rarest = 0;
        for word in text::words(question.as_bytes()) {
            let mut all = vec![];
            text::terms(word.bytes, &mut |term, _| all.push(term.to_vec()));
            for term in all {
                rarest = rarest.max(weigh(&term)?.unwrap_or(0));
            }
        }
        for term in terms {
            if weigh(term)?.is_some_and(|weight| weight < rarest / 8) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What decoding a chunk needs.
    pub fn memory(&self) -> Vec<u16> {
        vec![0; self.segments[0].image.read_numbers()]
    }

    /// Decodes a chunk into `out`; returns its length.
    pub fn read(&self, chunk: ChunkId, memory: &mut [u16], out: &mut [u8]) -> Result<usize> {
        let image = self.segments[0].image;
        let doc = image.doc_of(chunk).and_then(|doc| image.docs().get(doc));
        let doc = doc.map_err(|error| anyhow!("{error}"))?;
        image.read_chunk(&doc, chunk, memory, out).map_err(|error| anyhow!("{error}"))
    }

    /// The full answer to a query without syntax. Returns how many hits were written.
    pub fn answer(
        &self,
        query: &str,
        weights: &Weights,
        limits: &Limits,
        scratch: &mut [u8],
        hits: &mut [Hit],
    ) -> Result<usize> {
        let query = Query::words(query.as_bytes());
        Ok(self.searcher(limits, scratch)?.with_weights(weights).search(&query, hits)?.hits)
    }

    /// The best chunks by BM25 alone. Returns how many were written.
    pub fn bare(
        &self,
        query: &str,
        limits: &Limits,
        scratch: &mut [u8],
        best: &mut [Scored],
    ) -> Result<usize> {
        let query = Query::words(query.as_bytes());
        Ok(self.searcher(limits, scratch)?.plan(&query)?.best_chunks(best)?)
    }

    fn searcher<'s>(
        &'s self,
        limits: &Limits,
        scratch: &'s mut [u8],
    ) -> Result<Searcher<'s, Segment<'s>>> {
        Ok(Searcher::new(&self.segments, *limits, scratch)?)
    }

    /// The first ten of the full answer, as paths below `root` and lines.
    pub fn found(
        &self,
        query: &str,
        weights: &Weights,
        limits: &Limits,
        root: &str,
    ) -> Result<Vec<Found>> {
        let mut hits = [Hit::NONE; DEPTH];
        let count = self.answer(query, weights, limits, &mut scratch(limits), &mut hits)?;
        hits.iter().take(count).map(|hit| self.place(hit.doc, hit.chunk, root)).collect()
    }

    /// Visits the candidates of a query without syntax, as paths below `root`, lines and
    /// features; returns its class.
    pub fn candidates(
        &self,
        query: &str,
        weights: &Weights,
        limits: &Limits,
        root: &str,
        visit: &mut impl FnMut(Found, &Candidate),
    ) -> Result<Class> {
        let query = Query::words(query.as_bytes());
        let mut seen = Vec::new();
        let mut scratch = scratch(limits);
        let mut searcher = self.searcher(limits, &mut scratch)?.with_weights(weights);
        let mut plan = searcher.plan(&query)?;
        plan.candidates(&mut |candidate| seen.push(*candidate))?;
        let class = plan.class();
        for candidate in seen {
            visit(self.place(candidate.doc, candidate.chunk, root)?, &candidate);
        }
        Ok(class)
    }

    /// The first ten chunks by BM25 alone.
    pub fn found_chunks(&self, query: &str, limits: &Limits, root: &str) -> Result<Vec<Found>> {
        let mut best = [Scored::NONE; DEPTH];
        let count = self.bare(query, limits, &mut scratch(limits), &mut best)?;
        let place = |&Scored { chunk, .. }: &Scored| {
            let doc = self.segments[0].image.doc_of(chunk).map_err(|error| anyhow!("{error}"))?;
            self.place(doc, Some(chunk), root)
        };
        best.iter().take(count).map(place).collect()
    }

    /// The first ten by BM25 alone, the best chunk of each document.
    pub fn found_bare(&self, query: &str, limits: &Limits, root: &str) -> Result<Vec<Found>> {
        let mut best = [Scored::NONE; DEPTH * 10];
        let count = self.bare(query, limits, &mut scratch(limits), &mut best)?;
        let mut found: Vec<Found> = Vec::new();
        for &Scored { chunk, .. } in best.iter().take(count) {
            let doc = self.segments[0].image.doc_of(chunk).map_err(|error| anyhow!("{error}"))?;
            let place = self.place(doc, Some(chunk), root)?;
            if !found.iter().any(|earlier| earlier.path == place.path) {
                found.push(place);
            }
        }
        found.truncate(DEPTH);
        Ok(found)
    }

    fn place(&self, doc: DocId, chunk: Option<ChunkId>, root: &str) -> Result<Found> {
        let image = self.segments[0].image;
        let doc = image.docs().get(doc).map_err(|error| anyhow!("{error}"))?;
        let key = String::from_utf8(doc.key.bytes().collect()).context("a key is not UTF-8")?;
        let path = if root == "." { key } else { format!("{root}/{key}") };
        let lines = match chunk {
            Some(chunk) => {
                let chunk = image.chunks().place(&doc, chunk).map_err(|e| anyhow!("{e}"))?;
                (chunk.first_line + 1, chunk.first_line + chunk.lines)
            }
            None => (1, 1),
        };
        Ok(Found { path, lines })
    }
}
