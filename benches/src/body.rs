//! A tree's documents in memory, and the images made of them: what `sigla index` does, without the
//! store around it, for the benches that measure the core alone.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;
use rayon::prelude::*;
use sigla_core::{
    build::{Builder, Document, Options, merge},
    image::{Image, Segment},
    outline::{self, Lang, Role, Step},
    text,
};
use xxhash_rust::xxh3::xxh3_64;

/// Text that one run of the indexer takes, in bytes: as in the product.
const BATCH: usize = 8 << 20;
/// Larger files are left out, as in the product.
const LARGEST: u64 = 4 << 20;

/// A document as the builder wants it, owned.
#[derive(Clone, Debug)]
pub struct Body {
    /// Path relative to the root, as bytes.
    pub key: Vec<u8>,
    /// Its bytes.
    pub text: Vec<u8>,
    /// Its language.
    pub lang: Lang,
    /// What part it plays.
    pub role: Role,
}

impl Body {
    /// Reads the documents of a tree in the order of their keys: the files that `sigla index`
    /// takes, by the same walk and the same rules.
    pub fn read(root: &Path) -> Result<Vec<Self>> {
        let mut paths = Vec::new();
        for entry in WalkBuilder::new(root).max_filesize(Some(LARGEST)).build() {
            let entry = entry?;
            if entry.file_type().is_some_and(|t| t.is_file()) {
                paths.push((key(root, entry.path())?, entry.into_path()));
            }
        }
        paths.sort();
        let read = |(key, path): (Vec<u8>, PathBuf)| {
            let text = fs::read(&path).with_context(|| path.display().to_string())?;
            if text.contains(&0) {
                return Ok(None);
            }
            let (lang, role) = (Lang::detect(&key, &text), Role::of(&key, &text));
            Ok(Some(Self { lang, role, key, text }))
        };
        paths.into_par_iter().map(read).filter_map(Result::transpose).collect()
    }

    /// The texts of its chunks.
    pub fn chunks(&self) -> Vec<&[u8]> {
        let mut chunks = Vec::new();
        outline::chunks(self.lang, &self.text, &mut |step| {
            if let Step::Chunk(chunk) = step {
                chunks.push(&self.text[chunk.start..chunk.end]);
            }
        });
        chunks
    }
}

/// Whether a language is one of programs: no text, document, style or data.
pub const fn is_code(lang: Lang) -> bool {
    use Lang::*;
    !is_data(lang) && !matches!(lang, Text | Log | Markdown | Rst | AsciiDoc | Tex | Css | Diff)
}

/// Whether a language is one of data and configuration.
pub const fn is_data(lang: Lang) -> bool {
    use Lang::*;
    matches!(lang, Json | Yaml | Toml | Ini | Xml)
}

/// The index terms of every chunk, separated by `separator`.
pub fn chunk_terms(bodies: &[Body], separator: u8) -> Vec<String> {
    let terms = |body: &Body| {
        let terms = |chunk| terms(chunk, separator);
        body.chunks().into_iter().map(terms).collect::<Vec<_>>()
    };
    bodies.par_iter().flat_map_iter(terms).collect()
}

/// The same chunks as plain documents without names, in files whose paths hold no word: what an
/// index of the words of chunks alone is made of.
pub fn words_alone(bodies: &[Body]) -> Vec<Body> {
    const DIGITS: &[u8; 8] = b"!#$%&()*";
    let chunks = bodies.iter().flat_map(Body::chunks).enumerate();
    chunks
        .map(|(i, text)| Body {
            key: (0..8).rev().map(|digit| DIGITS[i >> (3 * digit) & 7]).collect(),
            text: text.into(),
            lang: Lang::Text,
            role: Role(0),
        })
        .collect()
}

fn key(root: &Path, path: &Path) -> Result<Vec<u8>> {
    let inner = path.strip_prefix(root)?.to_str();
    Ok(inner.with_context(|| format!("{} is not UTF-8", path.display()))?.into())
}

/// The index terms of a text, separated by `separator`.
pub fn terms(text: &[u8], separator: u8) -> String {
    let mut all = Vec::new();
    for word in text::words(text) {
        text::terms(word.bytes, &mut |term, _| {
            all.extend_from_slice(term);
            all.push(separator);
        });
    }
    all.pop();
    String::from_utf8_lossy(&all).into_owned()
}

/// One image of the documents, built in batches on the rayon pool it is called in and merged.
pub fn build(bodies: &[Body]) -> Result<Vec<u8>> {
    build_with(bodies, Options::default())
}

/// The same with a choice of what the image carries.
pub fn build_with(bodies: &[Body], options: Options) -> Result<Vec<u8>> {
    let runs = batches(bodies).into_par_iter().map(|batch| run(batch, options));
    join_with(&runs.collect::<Result<Vec<_>>>()?, options)
}

/// An image of each batch of the documents.
pub fn runs(bodies: &[Body]) -> Result<Vec<Vec<u8>>> {
    batches(bodies).into_par_iter().map(|batch| run(batch, Options::default())).collect()
}

/// One image of several.
pub fn join(runs: &[Vec<u8>]) -> Result<Vec<u8>> {
    join_with(runs, Options::default())
}

fn join_with(runs: &[Vec<u8>], options: Options) -> Result<Vec<u8>> {
    let sources = runs
        .iter()
        .map(|run| match Image::open(run) {
            Ok(image) => Ok(Segment::new(image)),
            Err(error) => bail!("a fresh image does not open: {error:?}"),
        })
        .collect::<Result<Vec<_>>>()?;
    let mut image = Vec::new();
    match merge(&sources, options, &mut image) {
        Ok(_) => Ok(image),
        Err(error) => bail!("cannot merge: {error}"),
    }
}

fn run(batch: &[Body], options: Options) -> Result<Vec<u8>> {
    let mut builder = Builder::new(options);
    for body in batch {
        builder.add(Document {
            key: &body.key,
            lang: body.lang,
            role: body.role,
            hash: xxh3_64(&body.text),
            text: body.text.as_slice().into(),
        })?;
    }
    let mut image = Vec::new();
    match builder.finish(&mut image) {
        Ok(_) => Ok(image),
        Err(error) => bail!("cannot write an image: {error}"),
    }
}

/// Neighbouring documents, about [`BATCH`] bytes together.
fn batches(bodies: &[Body]) -> Vec<&[Body]> {
    let mut bytes = 0;
    bodies
        .chunk_by(|body, _| {
            bytes += body.text.len();
            let more = bytes < BATCH;
            if !more {
                bytes = 0;
            }
            more
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(key: &str, text: String) -> Body {
        Body { key: key.into(), text: text.into(), lang: Lang::Text, role: Role(0) }
    }

    #[test]
    fn batches_keep_order_and_size() {
        let bodies: Vec<_> =
            (0..40).map(|i| body(&format!("{i:02}"), "x".repeat(1 << 20))).collect();
        let sizes: Vec<_> = batches(&bodies).iter().map(|batch| batch.len()).collect();
        assert_eq!(sizes, [8; 5]);
    }

    #[test]
    fn batches_do_not_show_in_the_image() -> Result<()> {
        let bodies: Vec<_> =
            (0..3).map(|i| body(&format!("{i}"), format!("word{i} ").repeat(1 << 20))).collect();
        assert!(batches(&bodies).len() > 1);
        let whole = run(&bodies, Options::default())?;
        assert!(build(&bodies)? == whole);
        Ok(())
    }

    #[test]
    fn words_alone_keep_every_chunk_and_nothing_else() -> Result<()> {
        let text = "fn retry() {}\n\n".repeat(1000);
        let bodies = [body("a.rs", text.clone()), body("b.rs", text)];
        let chunks: usize = bodies.iter().map(|body| body.chunks().len()).sum();
        let image = build(&words_alone(&bodies))?;
        let image = Image::open(&image).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let meta = image.meta();
        assert!(chunks > 2);
        assert_eq!((meta.chunks as usize, meta.terms, meta.symbols), (chunks, 2, 0));
        Ok(())
    }

    #[test]
    fn terms_are_the_analysers() {
        assert_eq!(terms(b"HTTPServer2 x", b' '), "http server 2 httpserver2 x");
        assert_eq!(terms(b"", b' '), "");
    }
}
