//! tantivy over tokens that were made beforehand, or over lines of text that it stores.
//!
//! Of tokens, a document is a chunk: its terms, joined by a byte that no term holds. The tokenizer splits at
//! that byte and reuses one token; this was chosen over `PreTokenizedString` because it is the
//! faster of the two for tantivy (no vector of tokens to carry and to free). Frequencies are
//! indexed, positions are not, nothing is stored. Of lines, a document is a line: its own tokenizer
//! cuts it, positions are indexed, and it is stored.

use std::{fs, path::Path};

use anyhow::Result;
use tantivy::{
    Index, IndexSettings, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::{
        Field, IndexRecordOption, STORED, Schema, TEXT, TextFieldIndexing, TextOptions, Value,
    },
    store::{Compressor, ZstdCompressor},
    tokenizer::{Token, TokenStream, Tokenizer},
};

use crate::clock::seconds;

/// Separates the terms of a document. Terms are printable text.
pub const SEPARATOR: u8 = b'\n';

/// What an index run took.
#[derive(Clone, Copy, Debug)]
pub struct Built {
    /// Seconds until the commit was there and background merges had ended.
    pub commit: f64,
    /// Seconds more until it was one segment.
    pub merge: f64,
    /// Bytes of the one-segment index directory.
    pub bytes: u64,
}

/// How stored lines are compressed, in blocks of 16 KB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// What tantivy does by default.
    Lz4,
    /// The smaller of what it can, at the level that it takes by default.
    Zstd,
}

/// Indexes the documents into the empty folder `to`, with `threads` indexing threads sharing a
/// `budget` of bytes, then merges everything into one segment.
pub fn build(to: &Path, documents: &[String], threads: usize, budget: usize) -> Result<Built> {
    let (schema, field) = schema();
    let index = Index::create_in_dir(to, schema)?;
    index.tokenizers().register(SPLIT, Split::default());
    fill(to, &index, field, documents.iter().map(String::as_str), threads, budget)
}

/// The same over lines, stored.
pub fn build_lines<'l>(
    to: &Path,
    lines: impl Iterator<Item = &'l str>,
    store: Store,
    threads: usize,
    budget: usize,
) -> Result<Built> {
    let mut schema = Schema::builder();
    let field = schema.add_text_field(FIELD, TEXT | STORED);
    let docstore_compression = match store {
        Store::Lz4 => Compressor::Lz4,
        Store::Zstd => Compressor::Zstd(ZstdCompressor::default()),
    };
    let settings = IndexSettings { docstore_compression, ..IndexSettings::default() };
    let index = Index::builder().schema(schema.build()).settings(settings).create_in_dir(to)?;
    fill(to, &index, field, lines, threads, budget)
}

fn fill<'d>(
    to: &Path,
    index: &Index,
    field: Field,
    documents: impl Iterator<Item = &'d str>,
    threads: usize,
    budget: usize,
) -> Result<Built> {
    let (commit, ()) = seconds(|| {
        let mut writer: IndexWriter = index.writer_with_num_threads(threads, budget)?;
        for text in documents {
            let mut document = TantivyDocument::default();
            document.add_text(field, text);
            writer.add_document(document)?;
        }
        writer.commit()?;
        Ok(writer.wait_merging_threads()?)
    })?;
    let (merge, ()) = seconds(|| {
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000)?;
        let segments = index.searchable_segment_ids()?;
        if segments.len() > 1 {
            writer.merge(&segments).wait()?;
        }
        writer.garbage_collect_files().wait()?;
        Ok(writer.wait_merging_threads()?)
    })?;
    let mut bytes = 0;
    for entry in fs::read_dir(to)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(Built { commit, merge, bytes })
}

/// An index opened for searching.
pub struct Opened {
    searcher: Searcher,
    field: Field,
}

impl Opened {
    /// Opens what [`build`] made.
    pub fn open(at: &Path) -> Result<Self> {
        let index = Index::open_in_dir(at)?;
        let field = index.schema().get_field(FIELD)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { searcher: reader.searcher(), field })
    }

    /// How many segments it has: one, after [`build`].
    pub fn segments(&self) -> usize {
        self.searcher.segment_readers().len()
    }

    /// How many documents it has.
    pub fn documents(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// The ten best documents that hold any of the terms; returns the best score and how many.
    pub fn top_ten(&self, terms: &[String]) -> Result<(f32, usize)> {
        let clause = |term: &String| {
            let term = Term::from_field_text(self.field, term);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            (Occur::Should, Box::new(query) as Box<dyn Query>)
        };
        let query = BooleanQuery::new(terms.iter().map(clause).collect());
        let hits = self.searcher.search(&query, &TopDocs::with_limit(10).order_by_score())?;
        Ok((hits.first().map_or(0.0, |hit| hit.0), hits.len()))
    }

    /// The stored text of the ten best documents that hold a term.
    pub fn top_ten_lines(&self, term: &str) -> Result<Vec<String>> {
        let term = Term::from_field_text(self.field, term);
        let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
        let hits = self.searcher.search(&query, &TopDocs::with_limit(10).order_by_score())?;
        let line = |(_, at)| {
            let document: TantivyDocument = self.searcher.doc(at)?;
            let text = document.get_first(self.field).and_then(|value| value.as_str());
            Ok(text.unwrap_or_default().to_owned())
        };
        hits.into_iter().map(line).collect()
    }
}

const FIELD: &str = "text";
const SPLIT: &str = "split";

fn schema() -> (Schema, Field) {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(SPLIT)
        .set_index_option(IndexRecordOption::WithFreqs);
    let mut schema = Schema::builder();
    let field = schema.add_text_field(FIELD, TextOptions::default().set_indexing_options(indexing));
    (schema.build(), field)
}

/// Splits at [`SEPARATOR`].
#[derive(Clone, Default)]
struct Split(Token);

struct Pieces<'a> {
    rest: std::str::Split<'a, char>,
    token: &'a mut Token,
}

impl Tokenizer for Split {
    type TokenStream<'a> = Pieces<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Pieces<'a> {
        self.0.reset();
        Pieces { rest: text.split(char::from(SEPARATOR)), token: &mut self.0 }
    }
}

impl TokenStream for Pieces<'_> {
    fn advance(&mut self) -> bool {
        let Some(piece) = self.rest.next() else { return false };
        self.token.text.clear();
        self.token.text.push_str(piece);
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_is_found() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let documents = ["retri\nbackoff\nretri", "backoff", "server\n2"].map(String::from);
        let built = build(folder.path(), &documents, 2, 100_000_000)?;
        let index = Opened::open(folder.path())?;
        assert!(built.bytes > 0);
        assert_eq!((index.segments(), index.documents()), (1, 3));
        assert_eq!(index.top_ten(&["retri".into(), "server".into()])?.1, 2);
        assert_eq!(index.top_ten(&["absent".into()])?.1, 0);
        Ok(())
    }

    #[test]
    fn lines_are_found_and_given_back() -> Result<()> {
        for store in [Store::Lz4, Store::Zstd] {
            let folder = tempfile::tempdir()?;
            let lines = ["GET /index.html 200", "GET /absent 404"];
            build_lines(folder.path(), lines.into_iter(), store, 1, 15_000_000)?;
            let index = Opened::open(folder.path())?;
            assert_eq!(index.top_ten_lines("404")?, ["GET /absent 404"]);
        }
        Ok(())
    }
}
