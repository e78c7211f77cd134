//! Building an image in memory, and its size, beside tantivy fed the same tokens.
//!
//! Our time includes chunking, outline, analysis and the merge into one image; tantivy's does not
//! include analysis, and its merge into one segment is a row of its own.

use anyhow::Result;
use clap::Parser;
use sigla_benches::{
    body::{self, Body},
    clock::{self, seconds},
    corpus,
    options::{Options, THREADS, pool},
    report::Report,
};
use sigla_core::image::{Image, Section};

/// Build one image of the corpus in memory, beside tantivy.
#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<()> {
    let options = Cli::parse().options;
    let mut report = Report::new("image", options.json);
    let tree = corpus::all()?;
    let bodies = Body::read(&tree.root)?;
    report.remark(&format!("{} with {THREADS} threads", tree.describe()));
    let pool = pool()?;
    let mut image = Vec::new();
    let mut ours = || {
        let (taken, (bytes, _)) = seconds(|| pool.install(|| body::build(&bodies)))?;
        image = bytes;
        Ok(taken)
    };
    #[cfg(not(feature = "peers"))]
    {
        let wall = clock::in_turns(options.rounds, &mut [&mut ours])?;
        for wall in wall {
            report.alone("image of the corpus, analysis included", "wall", "s", wall);
        }
    }
    #[cfg(feature = "peers")]
    let theirs = beside_tantivy(&options, &mut report, &bodies, &mut ours)?;
    #[cfg(not(feature = "peers"))]
    let theirs: Option<u64> = None;
    sizes(&mut report, &image, theirs)
}

/// Megabytes by section; the part that a peer has too beside the peer's.
fn sizes(report: &mut Report, image: &[u8], theirs: Option<u64>) -> Result<()> {
    let image = Image::open(image).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    let mut shared = 0;
    for (section, bytes) in image.sections() {
        report.alone(section.name(), "size", "MB", megabytes(bytes));
        if matches!(section, Section::Lexicon | Section::Postings | Section::Chunks) {
            shared += bytes;
        }
    }
    const CASE: &str = "LEXICON + POSTINGS + CHUNKS";
    match theirs {
        #[cfg(feature = "peers")]
        Some(theirs) => report.beside(
            CASE,
            ("size", "MB", sigla_benches::report::Better::Less),
            megabytes(shared),
            (sigla_benches::peers::TANTIVY, megabytes(theirs)),
        ),
        _ => report.alone(CASE, "size", "MB", megabytes(shared)),
    }
    Ok(())
}

/// Measures both in turns; returns the bytes of tantivy's index.
#[cfg(feature = "peers")]
fn beside_tantivy(
    options: &Options,
    report: &mut Report,
    bodies: &[Body],
    ours: clock::Side<'_>,
) -> Result<Option<u64>> {
    use rayon::prelude::*;
    use sigla_benches::{
        peers::{TANTIVY, tantivy},
        report::Better,
    };

    let documents: Vec<String> =
        bodies.par_iter().flat_map_iter(|body| body.chunk_terms(tantivy::SEPARATOR)).collect();
    let mut merges = Vec::new();
    let mut bytes = 0;
    let mut theirs = || {
        let folder = tempfile::tempdir()?;
        let built = tantivy::build(folder.path(), &documents, THREADS, 100_000_000)?;
        merges.push(built.commit + built.merge);
        bytes = built.bytes;
        Ok(built.commit)
    };
    let wall = clock::in_turns(options.rounds, &mut [ours, &mut theirs])?;
    report.remark(&format!("{TANTIVY} has {} documents, one a chunk", documents.len()));
    let [ours, theirs] = wall.as_slice() else { return Ok(None) };
    let metric = ("wall", "s", Better::Less);
    report.beside("one image; peer: committed", metric, *ours, (TANTIVY, *theirs));
    let merged = clock::median(&mut merges);
    report.beside("one image; peer: one segment", metric, *ours, (TANTIVY, merged));
    Ok(Some(bytes))
}
