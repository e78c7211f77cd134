//! Finding functions by what their authors say of them: MRR and recall@10 beside raw BM25.
//!
//! The tree is packages that nothing else uses (`corpus/pairs`), all in one image, their doc
//! comments taken out; each of 5,000 comments is a query, and a result counts where it shows the
//! function (same file, overlapping lines), or else where it is in the right file.

use anyhow::{Context, Result};
use clap::Parser;
use rayon::prelude::*;
use sigla_benches::{
    body::Body,
    corpus,
    library::Library,
    pairs::{Pair, part},
    report::Report,
    score::Found,
};
use sigla_core::{rank::Weights, search::Limits};

/// Find functions by their doc comments.
#[derive(Parser)]
struct Cli {
    /// How many pairs
    #[arg(long, value_name = "NUM", default_value_t = 5000)]
    count: usize,
    /// Print one JSON object a figure instead of a table
    #[arg(long)]
    json: bool,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let tree = corpus::pairs()?;
    let mut bodies = Body::read(&tree.root)?;
    let pairs = part(&mut bodies, cli.count);
    let library = Library::of(&bodies)?;
    let mut report = Report::new("pairs", cli.json);
    report.remark(&format!("{}; {} pairs", tree.describe(), pairs.len()));
    let asked = |find: &(dyn Fn(&Pair) -> Result<Vec<Found>> + Sync)| {
        pairs.par_iter().map(|pair| Ok((pair, find(pair)?))).collect::<Result<Vec<_>>>()
    };
    let (weights, limits) = (&Weights::DEFAULT, &Limits::FULL);
    let ours = asked(&|pair| library.open()?.found(&pair.question, weights, limits, "."))?;
    let bare = asked(&|pair| library.open()?.found_chunks(&pair.question, limits, "."))?;
    for (name, lines) in [("the function", true), ("its file", false)] {
        for (ranking, results) in [("full answer", &ours), ("BM25 alone", &bare)] {
            let mut ranks = Vec::new();
            for (pair, found) in results {
                let key = &bodies.get(pair.body).context("no such document")?.key;
                ranks.push(found.iter().position(|found| {
                    let (first, last) = pair.lines;
                    let shows = found.lines.0 <= last && found.lines.1 >= first;
                    found.path.as_bytes() == key && (shows || !lines)
                }));
            }
            let count = ranks.len().max(1) as f64;
            let found = ranks.iter().flatten();
            let mrr = found.clone().map(|&rank| 1.0 / (rank as f64 + 1.0)).sum::<f64>() / count;
            let recall = found.count() as f64 / count;
            let case = format!("doc comment to {name}, {ranking}");
            report.alone(&case, "mrr", "", mrr);
            report.alone(&case, "recall@10", "", recall);
        }
    }
    Ok(())
}
