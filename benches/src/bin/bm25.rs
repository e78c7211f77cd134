//! Ranking in process: the ten best chunks by BM25 beside tantivy on the same tokens, and our full
//! answer beside our own bare BM25.
//!
//! A query is put as the OR of its words. Both sides start from what a caller holds: we from the
//! text of the query, tantivy from its terms, so that our time includes their analysis.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Parser;
use sigla_benches::{
    body::Body,
    clock::{median, quantile, seconds},
    corpus,
    library::{self, Library},
    options::Options,
    report::{Better, Report},
    score::{DEPTH, Query},
};
use sigla_core::{
    rank::Weights,
    search::{Hit, Limits, Scored},
};

/// Rank the speed corpus for the code benchmark's queries, beside tantivy.
#[derive(Parser)]
struct Cli {
    /// The code benchmark: the folder of queries_dev.jsonl
    #[arg(long, value_name = "DIR")]
    codebench: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

/// Seconds that one query took, in each round.
type Times = Vec<Vec<f64>>;

fn main() -> Result<()> {
    let cli = Cli::parse();
    let mut report = Report::new("bm25", cli.options.json);
    let Some(folder) = &cli.codebench else {
        report.remark("no queries: --codebench DIR, the folder of queries_dev.jsonl");
        return Ok(());
    };
    let queries: Vec<String> = Query::read(&folder.join("queries_dev.jsonl"))?
        .into_iter()
        .map(|query| query.query)
        .collect();
    let tree = corpus::all()?;
    let bodies = Body::read(&tree.root)?;
    let library = Library::of(&bodies)?;
    let ours = library.open()?;
    report.remark(&format!(
        "{}, {} chunks, {} queries",
        tree.describe(),
        ours.chunks(),
        queries.len()
    ));
    #[cfg(feature = "peers")]
    let peer = Peer::build(&bodies, &queries, ours.chunks())?;
    drop(bodies);

    let limits = &Limits::FULL;
    let mut scratch = library::scratch(limits);
    let mut best = [Scored::NONE; DEPTH];
    let mut hits = [Hit::NONE; DEPTH];
    let mut bare: Times = vec![Vec::new(); queries.len()];
    let mut full: Times = bare.clone();
    #[cfg(feature = "peers")]
    let mut theirs: Times = bare.clone();
    // The first round warms up.
    for round in 0..=cli.options.rounds {
        for (at, query) in queries.iter().enumerate() {
            let (taken, found) = seconds(|| ours.bare(query, limits, &mut scratch, &mut best))?;
            keep(&mut bare, round, at, taken);
            let weights = &Weights::DEFAULT;
            let (taken, hits) =
                seconds(|| ours.answer(query, weights, limits, &mut scratch, &mut hits))?;
            keep(&mut full, round, at, taken);
            ensure!(hits > 0 || found == 0, "BM25 finds chunks for {query:?}, the answer none");
            #[cfg(feature = "peers")]
            keep(&mut theirs, round, at, peer.ask(at)?);
        }
    }

    let mut bare = medians(bare);
    let mut full = medians(full);
    #[cfg(feature = "peers")]
    let mut theirs = medians(theirs);
    for (metric, q) in [("median", 0.5), ("P95", 0.95)] {
        let metric = (metric, "us", Better::Less);
        let bare = quantile(&mut bare, q) * 1e6;
        let full = quantile(&mut full, q) * 1e6;
        #[cfg(feature = "peers")]
        {
            let theirs = quantile(&mut theirs, q) * 1e6;
            let peer = (sigla_benches::peers::TANTIVY, theirs);
            report.beside("top 10 chunks by BM25", metric, bare, peer);
        }
        #[cfg(not(feature = "peers"))]
        report.alone("top 10 chunks by BM25", metric.0, metric.1, bare);
        report.beside("full answer", metric, full, ("our bare BM25", bare));
    }
    Ok(())
}

fn keep(times: &mut Times, round: usize, query: usize, taken: f64) {
    if let (1.., Some(times)) = (round, times.get_mut(query)) {
        times.push(taken);
    }
}

/// The median of each query over the rounds.
fn medians(times: Times) -> Vec<f64> {
    times.into_iter().map(|mut rounds| median(&mut rounds)).collect()
}

/// tantivy with the same tokens and the same queries.
#[cfg(feature = "peers")]
struct Peer {
    index: sigla_benches::peers::tantivy::Opened,
    terms: Vec<Vec<String>>,
    /// The index lies here, and goes with it.
    _folder: tempfile::TempDir,
}

#[cfg(feature = "peers")]
impl Peer {
    fn build(bodies: &[Body], queries: &[String], chunks: u32) -> Result<Self> {
        use sigla_benches::{body, options::THREADS, peers::tantivy};

        let documents = body::chunk_terms(bodies, tantivy::SEPARATOR);
        ensure!(documents.len() == chunks as usize, "the two sides have different chunks");
        let folder = tempfile::tempdir()?;
        tantivy::build(folder.path(), &documents, THREADS, 100_000_000)?;
        let index = tantivy::Opened::open(folder.path())?;
        ensure!(index.segments() == 1, "tantivy's index has {} segments", index.segments());
        ensure!(index.documents() == u64::from(chunks), "tantivy has lost documents");
        let terms = queries
            .iter()
            .map(|query| {
                let joined = body::terms(query.as_bytes(), tantivy::SEPARATOR);
                let mut terms: Vec<String> =
                    joined.split(char::from(tantivy::SEPARATOR)).map(String::from).collect();
                terms.sort();
                terms.dedup();
                terms
            })
            .collect();
        Ok(Self { index, terms, _folder: folder })
    }

    fn ask(&self, query: usize) -> Result<f64> {
        let terms = self.terms.get(query).map_or(&[][..], Vec::as_slice);
        let (taken, (score, _)) = seconds(|| self.index.top_ten(terms))?;
        std::hint::black_box(score);
        Ok(taken)
    }
}
