//! A search reads segments through one interface: a naive segment of vectors and maps in the
//! place of an image gives the same answers.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use sigla_core::image::{
    self, Chunk, ChunkId, Corrupt, Cursor, Decoded, DocId, Family, Image, Key, List, Section,
    Segment, Symbol, SymbolId, Term, TextError,
};
use sigla_core::outline::{Kind, Lang, Role};
use sigla_core::search::{
    Answer, Counts, Error, Hit, Limits, Postings, Query, Scored, Searcher, Source, needs, wants,
};
use sigla_proptests::body::{cut, segments};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, corpus, large, query};
use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};

/// A document, by value.
struct Fields {
    key: Vec<u8>,
    chunks: Range<u32>,
    symbols: Range<u32>,
    hash: u64,
    lang: Lang,
    role: Role,
    name_terms: u8,
    folders: u8,
}

/// A defined name, by value.
struct Name {
    name: Vec<u8>,
    container: Vec<u8>,
    kind: Kind,
    chunk: ChunkId,
    line: u16,
    lines: u32,
    depth: u8,
}

/// Everything that a segment says, in vectors.
struct Naive {
    place: u16,
    dead: Vec<bool>,
    tokens: u64,
    docs: Vec<Fields>,
    lengths: Vec<u8>,
    places: Vec<Chunk>,
    texts: Vec<Vec<u8>>,
    symbols: Vec<Name>,
    terms: BTreeMap<Vec<u8>, Term>,
    lists: Vec<Vec<(u32, u32)>>,
}

impl Naive {
    fn new(segment: &Segment<'_>) -> Self {
        let image: &Image<'_> = &segment.image;
        let meta = image.meta();
        let mut naive = Self {
            place: segment.place,
            dead: (0..meta.documents).map(|id| segment.is_dead(DocId(id))).collect(),
            tokens: meta.tokens,
            docs: Vec::new(),
            lengths: image.chunks().lens().to_vec(),
            places: Vec::new(),
            texts: Vec::new(),
            symbols: Vec::new(),
            terms: BTreeMap::new(),
            lists: Vec::new(),
        };
        for id in (0..meta.documents).map(DocId) {
            let doc = image.docs().get(id).unwrap();
            naive.places.extend(image.chunks().of(&doc).map(|chunk| chunk.unwrap().1));
            naive.texts.push(image.text().unwrap().get(id).unwrap().to_vec());
            naive.docs.push(Fields {
                key: doc.key.bytes().collect(),
                chunks: doc.first_chunk.0..doc.end_chunk.0,
                symbols: doc.first_symbol.0..doc.end_symbol.0,
                hash: doc.hash,
                lang: doc.lang,
                role: doc.role,
                name_terms: doc.name_terms,
                folders: doc.folders,
            });
        }
        for id in (0..meta.symbols).map(SymbolId) {
            let Symbol { name, container, kind, chunk, line, lines, depth } =
                image.symbols().get(id).unwrap();
            let (name, container) = (name.to_vec(), container.to_vec());
            naive.symbols.push(Name { name, container, kind, chunk, line, lines, depth });
        }
        let mut terms = image.lexicon().terms();
        while let Some(found) = terms.next().unwrap() {
            let [words, names, paths] =
                [Family::Words, Family::Names, Family::Paths].map(|family| {
                    let (list, mut all) = (found.list(family), Vec::new());
                    let mut slot = Decoded::EMPTY;
                    let visit = |id, code| all.push((id, code));
                    list.each(image.postings(), &mut slot, visit).unwrap();
                    naive.lists.push(all);
                    List::elsewhere(list.count, naive.lists.len() as u32 - 1)
                });
            naive.terms.insert(terms.term().to_vec(), Term { words, names, paths });
        }
        naive
    }

    fn fields(&self, id: DocId) -> Result<&Fields, Corrupt> {
        self.docs.get(id.0 as usize).ok_or(NONE)
    }
}

const NONE: Corrupt = Corrupt { section: Section::Docs, at: 0 };

/// Lists of pairs; a cursor's state is its list and the place in it.
#[derive(Clone, Copy)]
struct Lists<'n>(&'n [Vec<(u32, u32)>]);

impl Lists<'_> {
    fn at(self, list: u32, at: u32) -> Option<(u32, u32)> {
        self.0[list as usize].get(at as usize).copied()
    }
}

impl Postings for Lists<'_> {
    fn open(self, list: List, _: Option<&mut Decoded>) -> Result<Cursor, Corrupt> {
        let first = if list.count > 0 { self.at(list.number(), 0) } else { None };
        Ok(Cursor::elsewhere(first.map_or(Cursor::END, |(id, _)| id), [list.number(), 0]))
    }

    fn next(self, cursor: &mut Cursor, _: Option<&mut Decoded>) -> Result<(), Corrupt> {
        let [list, at] = cursor.state();
        let id = self.at(list, at + 1).map_or(Cursor::END, |(id, _)| id);
        cursor.stand_at(id, [list, at + 1]);
        Ok(())
    }

    fn code(self, cursor: &Cursor) -> Result<u32, Corrupt> {
        let [list, at] = cursor.state();
        Ok(self.at(list, at).map_or(0, |(_, code)| code))
    }
}

impl Source for Naive {
    type Postings<'s> = Lists<'s>;

    fn counts(&self) -> Counts {
        Counts {
            documents: self.docs.len() as u32,
            chunks: self.lengths.len() as u32,
            symbols: self.symbols.len() as u32,
            tokens: self.tokens,
        }
    }

    fn place(&self) -> u16 {
        self.place
    }

    fn dead(&self) -> impl Iterator<Item = DocId> {
        (0..).map(DocId).zip(&self.dead).filter(|(_, dead)| **dead).map(|(id, _)| id)
    }

    fn is_whole(&self) -> bool {
        !self.dead.contains(&true)
    }

    fn is_dead(&self, doc: DocId) -> bool {
        self.dead.get(doc.0 as usize) == Some(&true)
    }

    fn is_unscoped(&self) -> bool {
        true
    }

    fn may_answer(&self, doc: DocId) -> bool {
        !self.is_dead(doc)
    }

    fn doc(&self, id: DocId) -> Result<image::Doc<'_>, Corrupt> {
        let fields = self.fields(id)?;
        Ok(image::Doc {
            key: Key { head: &[], tail: &fields.key },
            first_chunk: ChunkId(fields.chunks.start),
            end_chunk: ChunkId(fields.chunks.end),
            first_symbol: SymbolId(fields.symbols.start),
            end_symbol: SymbolId(fields.symbols.end),
            hash: fields.hash,
            lang: fields.lang,
            role: fields.role,
            name_terms: fields.name_terms,
            folders: fields.folders,
        })
    }

    fn first_chunk(&self, id: DocId) -> Result<ChunkId, Corrupt> {
        let end = self.lengths.len() as u32;
        Ok(ChunkId(self.docs.get(id.0 as usize).map_or(end, |doc| doc.chunks.start)))
    }

    fn first_symbol(&self, id: DocId) -> Result<SymbolId, Corrupt> {
        let end = self.symbols.len() as u32;
        Ok(SymbolId(self.docs.get(id.0 as usize).map_or(end, |doc| doc.symbols.start)))
    }

    fn doc_of(&self, chunk: ChunkId) -> Result<DocId, Corrupt> {
        let at = self.docs.iter().position(|doc| doc.chunks.contains(&chunk.0));
        at.map(|at| DocId(at as u32)).ok_or(NONE)
    }

    fn lengths(&self) -> &[u8] {
        &self.lengths
    }

    fn find(&self, term: &[u8]) -> Result<Option<Term>, Corrupt> {
        Ok(self.terms.get(term).copied())
    }

    fn with_prefix(
        &self,
        prefix: &[u8],
        mut visit: impl FnMut(&[u8], Term) -> Result<(), Corrupt>,
    ) -> Result<(), Corrupt> {
        let from = self.terms.range(prefix.to_vec()..);
        let mut terms = from.take_while(|(term, _)| term.starts_with(prefix));
        terms.try_for_each(|(term, lists)| visit(term, *lists))
    }

    fn postings(&self) -> Lists<'_> {
        Lists(&self.lists)
    }

    fn symbol(&self, id: SymbolId) -> Result<Symbol<'_>, Corrupt> {
        let Name { name, container, kind, chunk, line, lines, depth } =
            self.symbols.get(id.0 as usize).ok_or(NONE)?;
        let (kind, chunk, line, lines, depth) = (*kind, *chunk, *line, *lines, *depth);
        Ok(Symbol { name, container, kind, chunk, line, lines, depth })
    }

    fn symbols_in(&self, of: Range<u32>, chunk: ChunkId) -> Result<Range<u32>, Corrupt> {
        let first = of.clone().find(|&id| self.symbols[id as usize].chunk >= chunk);
        let start = first.unwrap_or(of.end);
        let behind = (start..of.end).find(|&id| self.symbols[id as usize].chunk > chunk);
        Ok(start..behind.unwrap_or(of.end))
    }

    fn place_of(&self, doc: &image::Doc<'_>, chunk: ChunkId) -> Result<Chunk, Corrupt> {
        assert!((doc.first_chunk..doc.end_chunk).contains(&chunk));
        Ok(self.places[chunk.0 as usize])
    }

    fn chunk_text<'m>(
        &'m self,
        doc: DocId,
        chunk: ChunkId,
        _: (&mut [u16], &'m mut [u8]),
    ) -> Result<&'m [u8], TextError> {
        let Chunk { start, end, .. } = self.places[chunk.0 as usize];
        Ok(&self.texts[doc.0 as usize][start as usize..end as usize])
    }

    fn text(
        &self,
        doc: DocId,
        wanted: Option<ChunkId>,
        _: (&mut [u16], &mut [u8]),
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<Option<()>, TextError> {
        for id in self.fields(doc)?.chunks.clone() {
            if wanted.is_none_or(|wanted| wanted.0 == id) {
                let text = self.chunk_text(doc, ChunkId(id), (&mut [], &mut []))?;
                if take(text).is_break() {
                    break;
                }
            }
        }
        Ok(Some(()))
    }
}

/// What a searcher says of a query in all its ways.
type Said<'q> = (Answer<'q>, Vec<Hit>, Vec<Scored>, Vec<Scored>, Vec<(u32, Vec<u8>)>);

fn ask<'q>(segments: &[impl Source], query: &'q str, room: usize) -> Result<Said<'q>, Error> {
    let mut scratch = vec![0x77; room];
    let mut searcher = Searcher::new(segments, Limits::FULL, &mut scratch)?;
    let mut plan = searcher.plan(&Query::new(query.as_bytes()))?;
    let mut hits = vec![Hit::NONE; 100];
    let answer = plan.search(&mut hits)?;
    hits.truncate(answer.hits);
    let mut best = vec![Scored::NONE; 50];
    let count = plan.best_chunks(&mut best)?;
    best.truncate(count);
    let (mut places, mut snippets) = (Vec::new(), Vec::new());
    for hit in hits.iter().take(5) {
        let mut some = [Scored::NONE; 3];
        let count = plan.passages(hit, &mut some)?;
        places.extend_from_slice(&some[..count]);
        let snippet = plan.snippet(hit, 3)?;
        snippets.push((snippet.line, snippet.text.to_vec()));
    }
    Ok((answer, hits, best, places, snippets))
}

fn compare(docs: &[Doc], places: &[usize], stale: bool, queries: &[String]) {
    let parts = cut(docs, places, 2, stale, true).unwrap();
    let images = segments(&parts).unwrap();
    let naive: Vec<Naive> = images.iter().map(Naive::new).collect();
    for query in queries {
        for room in [needs(&Limits::FULL), wants(&Limits::FULL)] {
            assert_eq!(ask(&naive, query, room), ask(&images, query, room), "{query}");
        }
    }
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_naive_segment_answers_as_an_image(
        docs in corpus(40),
        places in vec(0..2usize, 1..9),
        queries in vec(query(), 4),
        stale: bool,
    ) {
        compare(&docs, &places, stale, &queries);
    }
}

#[test]
fn a_large_naive_segment_answers_as_an_image() {
    let queries = [
        "common often rare3",
        "re* p* common",
        "\"common often\" -retry",
        "lang:rust kind:function",
        "parse config retyr",
        "VecDeque",
    ];
    compare(&large(), &[0, 1, 1], true, &queries.map(String::from));
}
