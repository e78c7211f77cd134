//! What an image and a search must say, written from `docs/format.md` and the
//! docs of the core by the plainest means: maps of everything, sums of all.

use crate::corpus::Doc;
use sigla_core::image::{Image, Segment, SymbolId, within_edits};
use sigla_core::outline::{self, Lang, Step};
use sigla_core::rank::bm25::{B, K1, idf};
use sigla_core::text::{self, Part, parts};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A byte string that owns its bytes.
pub type Bytes = Vec<u8>;

/// A term of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The term.
    pub term: Bytes,
    /// How often it was asked for; four times counts most.
    pub times: i32,
    /// Whether it is several pieces of one word joined, which counts half.
    pub whole: bool,
}

/// A list: codes by id.
pub type Postings = BTreeMap<u32, u8>;

/// One chunk.
#[derive(Debug, Clone, Default)]
pub struct Chunk {
    /// First byte in its document.
    pub start: usize,
    /// One past its last.
    pub end: usize,
    /// How many terms it has, all counted.
    pub tokens: u32,
    /// How often each comes.
    pub terms: BTreeMap<Bytes, u32>,
}

/// One document.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Its key.
    pub key: Bytes,
    /// Its chunks.
    pub chunks: Vec<Chunk>,
}

/// A body of documents.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// In the order of their keys.
    pub docs: Vec<Document>,
}

/// The terms of `run` in order.
pub fn terms(run: &[u8]) -> Vec<(Bytes, Part)> {
    let mut all = Vec::new();
    for word in text::words(run) {
        text::terms(word.bytes, &mut |term, part| all.push((term.to_vec(), part)));
    }
    all
}

/// The place of the largest of `values` that is not above `n`.
fn code(values: &[u32], n: u32) -> u8 {
    values.iter().rposition(|&value| value <= n).unwrap_or(0) as u8
}

/// What frequency codes stand for: 1 to 16, then four steps an octave above 16.
pub fn freqs() -> Vec<u32> {
    let steps = (0..4).flat_map(|octave| (4..8).map(move |step| (step << (octave + 2)) + 1));
    (1..=16).chain(steps).collect()
}

/// What length codes stand for: 0 to 15, then eight steps an octave.
pub fn lengths() -> Vec<u32> {
    let steps = (1..7).flat_map(|octave| (8..16).map(move |step| step << octave));
    (0..=15).chain(steps).collect()
}

/// The code of a frequency.
pub fn freq_code(count: u32) -> u8 {
    code(&freqs(), count)
}

/// The code of a length.
pub fn len_code(tokens: u32) -> u8 {
    code(&lengths(), tokens)
}

impl Model {
    /// The model of `docs`, given in the order of their keys.
    pub fn new(docs: &[Doc]) -> Self {
        let document = |doc: &Doc| {
            let mut chunks = Vec::new();
            outline::chunks(doc.lang, &doc.text, &mut |step| {
                if let Step::Chunk(outline::Chunk { start, end, .. }) = step {
                    let mut chunk = Chunk { start, end, ..Chunk::default() };
                    for (term, _) in terms(doc.text.get(start..end).unwrap_or(&[])) {
                        chunk.tokens += 1;
                        *chunk.terms.entry(term).or_default() += 1;
                    }
                    if doc.lang == Lang::Log {
                        chunk.terms.values_mut().for_each(|count| *count = 1);
                    }
                    chunks.push(chunk);
                }
            });
            Document { key: doc.key.clone(), chunks }
        };
        Self { docs: docs.iter().map(document).collect() }
    }

    /// All chunks, in order.
    pub fn chunks(&self) -> impl Iterator<Item = &Chunk> {
        self.docs.iter().flat_map(|doc| &doc.chunks)
    }

    /// Whether any chunk of document `at` has `term`.
    pub fn holds(&self, at: usize, term: &[u8]) -> bool {
        self.docs.get(at).is_some_and(|doc| doc.chunks.iter().any(|c| c.terms.contains_key(term)))
    }

    /// How many chunks have `term`.
    fn count(&self, term: &[u8]) -> u32 {
        self.chunks().filter(|chunk| chunk.terms.contains_key(term)).count() as u32
    }

    /// The BM25 score of every chunk by document, for weighted terms.
    pub fn scores(&self, rows: &[Row]) -> Vec<Vec<i32>> {
        let lens = lengths();
        let freqs = freqs();
        let length = |chunk: &Chunk| {
            u64::from(lens.get(usize::from(len_code(chunk.tokens))).copied().unwrap_or(0))
        };
        let total = self.chunks().count() as u64;
        let tokens: u64 = self.chunks().map(length).sum();
        let rows: Vec<(&[u8], i64)> = rows
            .iter()
            .map(|Row { term, times, whole }| {
                let weight =
                    idf(total as u32, self.count(term)) * times.clamp(&1, &4) / parts(term);
                (term.as_slice(), i64::from(if *whole { (weight / 2).max(1) } else { weight }))
            })
            .collect();
        let score = |chunk: &Chunk| {
            let relative = (length(chunk) * total * B).checked_div(tokens).unwrap_or(B);
            let norm = K1 * (256 - B + relative) / 256;
            let part = |count: u32| {
                let freq =
                    u64::from(freqs.get(usize::from(freq_code(count))).copied().unwrap_or(0));
                (freq * 256 * 16384 / (freq * 256 + norm)) as i64
            };
            rows.iter().fold(0, |sum, (term, weight)| match chunk.terms.get(*term) {
                Some(&count) => sum + ((weight * part(count)) >> 14).max(1) as i32,
                None => sum,
            })
        };
        self.docs.iter().map(|doc| doc.chunks.iter().map(score).collect()).collect()
    }
}

/// Every term of a body, with its number of live postings by family.
#[derive(Debug, Clone, Default)]
pub struct Lexicon(pub BTreeMap<Bytes, [u32; 3]>);

impl Lexicon {
    /// The sum over the lists of an image that has no dead documents.
    pub fn new(lists: &BTreeMap<Bytes, [Postings; 3]>) -> Self {
        let count = |(term, lists): (&Bytes, &[Postings; 3])| {
            (term.clone(), lists.each_ref().map(|list| list.len() as u32))
        };
        Self(lists.iter().map(count).collect())
    }

    /// The nearest term to `term` with its first byte, then the commonest, then the
    /// first; an `i` at the end may stand for the `y` it came from. Two edits are
    /// near for eight bytes and more.
    pub fn near(&self, term: &[u8]) -> Option<&[u8]> {
        let first = term.first().filter(|_| term.len() >= 4 && text::may_be_misspelt(term))?;
        let near = |other: &[u8], edits: u32| {
            let mended = match other.split_last() {
                Some((b'i', stem)) => [stem, b"y"].concat(),
                _ => other.to_vec(),
            };
            other.len().abs_diff(term.len()) <= edits as usize
                && (within_edits(term, other, edits) || within_edits(term, &mended, edits))
        };
        let most = if term.len() >= 8 { 2 } else { 1 };
        let found =
            self.0.iter().filter(|(other, _)| other.first() == Some(first) && near(other, most));
        let best = found.min_by_key(|(other, counts)| {
            (!near(other, 1), Reverse(counts.iter().sum::<u32>()), *other)
        });
        best.map(|(other, _)| other.as_slice())
    }

    /// The terms that a query of plain words scores with, and the corrections made.
    pub fn rows(&self, words: &[u8]) -> (Vec<Row>, Vec<(Bytes, Bytes)>) {
        let (mut rows, mut corrected) = (Vec::<Row>::new(), Vec::new());
        let has = |rows: &[Row], term: &[u8]| rows.iter().any(|row| row.term == term);
        for word in text::words(words) {
            for (term, part) in terms(word.bytes) {
                // A lone word may be a name in lower case: then it is not stemmed.
                let mut joined = None;
                if part == Part::Only {
                    text::whole(word.bytes, &mut |term| joined = Some(term.to_vec()));
                }
                let joined = joined.filter(|name| *name != term && self.0.contains_key(name));
                let mend = part != Part::Whole && joined.is_none();
                if let Some(term) = joined.filter(|name| !has(&rows, name)) {
                    rows.push(Row { term, times: 1, whole: false });
                }
                if let Some(row) = rows.iter_mut().find(|row| row.term == term) {
                    row.times += 1;
                } else if self.0.contains_key(&term) {
                    rows.push(Row { term, times: 1, whole: part == Part::Whole });
                } else if let Some(near) = self.near(&term).filter(|_| mend) {
                    corrected.push((term, near.to_vec()));
                    if !has(&rows, near) {
                        rows.push(Row { term: near.to_vec(), times: 1, whole: false });
                    }
                }
            }
        }
        (rows, corrected)
    }
}

/// The lists of every term of `docs`: words by chunk, names by symbol, paths by
/// document. Names are taken from the symbols of `image`.
pub fn lists(docs: &[Doc], image: &Image<'_>) -> BTreeMap<Bytes, [Postings; 3]> {
    let mut all = BTreeMap::<Bytes, [Postings; 3]>::new();
    for (chunk, id) in Model::new(docs).chunks().zip(0u32..) {
        for (term, &count) in &chunk.terms {
            let [words, _, _] = all.entry(term.clone()).or_default();
            words.insert(id, freq_code(count));
        }
    }
    for id in 0..image.meta().symbols {
        let Ok(symbol) = image.symbols().get(SymbolId(id)) else { continue };
        let single = text::words(symbol.name).count() == 1;
        let terms = terms(symbol.name);
        let pieces = terms.iter().filter(|(_, part)| *part != Part::Whole).count();
        for (term, part) in terms {
            let [_, names, _] = all.entry(term).or_default();
            let whole = single && part != Part::Piece;
            let code = if whole { 0 } else { pieces.clamp(2, 31) as u8 };
            let old = names.entry(id).or_insert(code);
            *old = code.min(*old);
        }
    }
    for (doc, id) in docs.iter().zip(0u32..) {
        let (folders, name) = match doc.key.iter().rposition(|&b| b == b'/') {
            Some(at) => doc.key.split_at(at),
            None => (&[][..], doc.key.as_slice()),
        };
        let name = name.strip_prefix(b"/").unwrap_or(name);
        let dot = name.iter().rposition(|&b| b == b'.').filter(|&at| at > 0);
        let (stem, end) = name.split_at(dot.unwrap_or(name.len()));
        for (part, code) in [(stem, 1), (folders, 2), (end, 4)] {
            for (term, _) in terms(part) {
                let [_, _, paths] = all.entry(term).or_default();
                *paths.entry(id).or_default() |= code;
            }
        }
    }
    all
}

/// The scores of `model` as segments have them: (segment, chunk, score) of every
/// chunk that scores, best first, then in the order of segments and chunks.
pub fn ranked(model: &Model, segments: &[Segment<'_>], rows: &[Row]) -> Vec<(u32, u32, i32)> {
    let scores = model.scores(rows);
    let by_key: BTreeMap<&[u8], &Vec<i32>> =
        model.docs.iter().map(|doc| doc.key.as_slice()).zip(&scores).collect();
    let mut all = Vec::new();
    for (segment, index) in segments.iter().zip(0u32..) {
        for id in crate::body::living(segment) {
            let Ok(doc) = segment.image.docs().get(id) else { continue };
            let key: Bytes = doc.key.bytes().collect();
            let scores = by_key.get(key.as_slice()).into_iter().flat_map(|scores| scores.iter());
            let chunks = scores.zip(doc.first_chunk.0..doc.end_chunk.0);
            all.extend(
                chunks.filter(|(s, _)| **s > 0).map(|(&score, chunk)| (index, chunk, score)),
            );
        }
    }
    all.sort_by_key(|&(segment, chunk, score)| (Reverse(score), segment, chunk));
    all
}
