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
    let mut unmerged = Vec::new();
    let mut ours = || {
        let (taken, runs) = seconds(|| pool.install(|| body::runs(&bodies)))?;
        unmerged.push(taken);
        let (more, joined) = seconds(|| body::join(&runs))?;
        image = joined;
        Ok(taken + more)
    };
    #[cfg(not(feature = "peers"))]
    for wall in clock::in_turns(options.rounds, &mut [&mut ours])? {
        report.alone("one image of the corpus", "wall", "s", wall);
    }
    #[cfg(feature = "peers")]
    let bytes = {
        let both = Both::measure(&options, &bodies, &mut ours)?;
        // The first round only warmed up.
        both.report(&mut report, clock::median(&mut unmerged[1..]));
        Some(both.bytes)
    };
    #[cfg(not(feature = "peers"))]
    let bytes = None;
    sizes(&mut report, &image, bytes, CASE)?;
    let words = pool.install(|| body::build(&body::words_alone(&bodies)))?;
    sizes(&mut report, &words, bytes, "the same, words of chunks alone")
}

/// What of an image a peer's index has too.
const CASE: &str = "LEXICON + POSTINGS + CHUNKS";

/// Megabytes by section; what a peer's index has too beside the peer's `bytes`.
fn sizes(report: &mut Report, image: &[u8], bytes: Option<u64>, case: &str) -> Result<()> {
    let image = Image::open(image).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    let mut shared = 0;
    for (section, bytes) in image.sections() {
        if matches!(section, Section::Lexicon | Section::Postings | Section::Chunks) {
            shared += bytes;
        }
        if case == CASE {
            report.alone(section.name(), "size", "MB", megabytes(bytes));
        }
    }
    let shared = megabytes(shared);
    match bytes {
        #[cfg(feature = "peers")]
        Some(bytes) => {
            let metric = ("size", "MB", sigla_benches::report::Better::Less);
            report.beside(case, metric, shared, (sigla_benches::peers::TANTIVY, megabytes(bytes)));
        }
        _ => report.alone(case, "size", "MB", shared),
    }
    Ok(())
}

/// What both took: medians in seconds, and the bytes of tantivy's index.
#[cfg(feature = "peers")]
struct Both {
    ours: f64,
    commit: f64,
    one_segment: f64,
    bytes: u64,
}

#[cfg(feature = "peers")]
impl Both {
    /// Measures both in turns.
    fn measure(options: &Options, bodies: &[Body], ours: clock::Side<'_>) -> Result<Self> {
        use sigla_benches::peers::tantivy;

        let documents = body::chunk_terms(bodies, tantivy::SEPARATOR);
        let mut one_segment = Vec::new();
        let mut bytes = 0;
        let mut theirs = || {
            let folder = tempfile::tempdir()?;
            let built = tantivy::build(folder.path(), &documents, THREADS, 100_000_000)?;
            one_segment.push(built.commit + built.merge);
            bytes = built.bytes;
            Ok(built.commit)
        };
        let wall = clock::in_turns(options.rounds, &mut [ours, &mut theirs])?;
        let [ours, commit] = *wall else { anyhow::bail!("two sides have two medians") };
        Ok(Self { ours, commit, one_segment: clock::median(&mut one_segment[1..]), bytes })
    }

    fn report(&self, report: &mut Report, unmerged: f64) {
        use sigla_benches::{peers::TANTIVY, report::Better};

        let Self { ours, commit, one_segment, .. } = *self;
        for (case, ours, theirs) in [
            ("one image; peer: one segment", ours, one_segment),
            ("images of 8 MiB of text; peer: committed", unmerged, commit),
            ("one image; peer: committed", ours, commit),
        ] {
            report.beside(case, ("wall", "s", Better::Less), ours, (TANTIVY, theirs));
        }
    }
}
