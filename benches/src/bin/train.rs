//! Learns the weights of the ranker and writes them as a Rust constant.
//!
//! Weights are fitted on the benchmark's queries (shared by all, with what queries of one class
//! differ by), then for classes that it has few of on queries made from the same trees. Figures
//! are cross-validated over repositories: five folds, each scored by weights that were fitted on
//! the others. The constant holds weights fitted on all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::PathBuf,
};

use anyhow::{Context, Result};
use clap::Parser;
use rayon::prelude::*;
use sigla_benches::{
    body::Body,
    learn::{
        PATHS,
        examples::Example,
        fit::{Blocks, Model, Shape, scales},
        questions,
    },
    library::Library,
    score::{Query, Score},
};
use sigla_core::rank::{
    Class, Weights,
    features::{FEATURES, Feature},
};

/// Learn the weights of the ranker.
#[derive(Parser)]
struct Cli {
    /// The code benchmark: the folder of queries_dev.jsonl
    #[arg(long, value_name = "DIR")]
    codebench: PathBuf,
    /// Its repositories as its unpack.py lays them out
    #[arg(long, value_name = "DIR")]
    repos: PathBuf,
    /// Write the weights here, as Rust
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How strongly weights are drawn to zero
    #[arg(long, value_name = "NUM", default_value_t = 0.03)]
    decay: f64,
    /// Also score without each feature
    #[arg(long)]
    ablate: bool,
}

const FOLDS: usize = 5;

/// Classes with weights of their own that the benchmark teaches.
const TAUGHT: [Class; 2] = [Class::Mixed, Class::Identifier];

/// Classes that queries made from the trees teach, and whose weights they begin from.
const MADE: [(Class, Class); 3] = [
    (Class::Qualified, Class::Identifier),
    (Class::Path, Class::Words),
    (Class::Message, Class::Words),
];

fn main() -> Result<()> {
    let cli = Cli::parse();
    let queries = Query::read(&cli.codebench.join("queries_dev.jsonl"))?;
    let firsts: BTreeMap<&str, &Query> = queries.iter().map(|q| (q.repo.as_str(), q)).collect();
    let trees: Vec<_> = firsts
        .into_par_iter()
        .map(|(repo, query)| {
            let bodies = Body::read(&cli.repos.join(repo).join(&query.root))?;
            let made = questions::from_tree(&bodies, query);
            Ok((repo.to_owned(), Library::of(&bodies)?, made))
        })
        .collect::<Result<_>>()?;
    let (mut libraries, mut made) = (BTreeMap::new(), vec![]);
    for (repo, library, queries) in trees {
        libraries.insert(repo, library);
        made.extend(queries);
    }
    let trainer = Trainer {
        asked: Example::of(&queries, &libraries)?,
        made: Example::of(&made, &libraries)?,
        decay: cli.decay,
    };
    let all = [true; FEATURES];
    let learned = trainer.validate(&all);
    let mut report = trainer.report("all features", &learned);
    let hand = trainer.scores(|_, example| example.score(|one| dot(&HAND, &one.features)));
    report += &trainer.bootstrap("all features", &learned, "names, paths and BM25 by hand", &hand);
    let mut pathless = all;
    PATHS.iter().for_each(|&feature| pathless[feature as usize] = false);
    let without = trainer.validate(&pathless);
    report += &trainer.report("no path feature", &without);
    report += &trainer.by_language(&learned);
    report += &trainer.made_classes();
    println!("{report}");
    if cli.ablate {
        let whole = overall(&trainer.asked, &learned);
        for &feature in Feature::ALL {
            let mut counts = all;
            counts[feature as usize] = false;
            let ndcg = overall(&trainer.asked, &trainer.validate(&counts));
            println!("without {:<24} {:+.4}", feature.name(), ndcg - whole);
        }
    }
    if let Some(out) = &cli.out {
        let weights = trainer.weights();
        std::fs::write(out, source(&weights, &report))
            .with_context(|| out.display().to_string())?;
    }
    Ok(())
}

/// What weights were before they were learned, as a baseline: BM25, names and file names.
const HAND: Model = {
    let mut model = [0.0; FEATURES];
    model[Feature::Best as usize] = 3.0;
    model[Feature::Second as usize] = 1.0;
    model[Feature::Third as usize] = 0.5;
    model[Feature::Name as usize] = 0.75;
    model[Feature::Names as usize] = 0.75;
    model[Feature::Exact as usize] = 1.5;
    model[Feature::FileName as usize] = 3.0;
    model[Feature::FileNameCovered as usize] = 1.5;
    model[Feature::FileNameEqual as usize] = 1.5;
    model[Feature::Folders as usize] = 1.5;
    model[Feature::Test as usize] = -2.0;
    model
};

fn dot(model: &Model, features: &Model) -> f64 {
    model.iter().zip(features).map(|(weight, x)| weight * x).sum()
}

struct Trainer {
    /// The benchmark's.
    asked: Vec<Example>,
    /// Those made from trees.
    made: Vec<Example>,
    decay: f64,
}

/// Which of [`TAUGHT`] has the weights for a class.
fn group(class: Class) -> Option<usize> {
    let class = if class == Class::Qualified { Class::Identifier } else { class };
    TAUGHT.iter().position(|&taught| taught == class)
}

impl Trainer {
    /// Which fold a repository is in.
    fn folds(&self) -> BTreeMap<&str, usize> {
        let repos: BTreeSet<&str> = self.asked.iter().map(|one| one.query.repo.as_str()).collect();
        repos.into_iter().zip((0..FOLDS).cycle()).collect()
    }

    fn shape(&self, train: &[&Example], counts: &[bool; FEATURES]) -> Shape {
        Shape {
            start: [0.0; FEATURES],
            groups: TAUGHT.len(),
            decay: self.decay,
            scales: scales(train),
            counts: *counts,
        }
    }

    fn fit(&self, train: &[&Example], counts: &[bool; FEATURES]) -> (Shape, Blocks) {
        let shape = self.shape(train, counts);
        let grouped: Vec<_> = train.iter().map(|one| (group(one.class), *one)).collect();
        let blocks = shape.fit(&grouped);
        (shape, blocks)
    }

    /// The score of every query of the benchmark by weights that were fitted without its fold.
    fn validate(&self, counts: &[bool; FEATURES]) -> Vec<Score> {
        let folds = self.folds();
        let fold = |example: &Example| folds.get(example.query.repo.as_str()).copied();
        let models: Vec<_> = (0..FOLDS)
            .into_par_iter()
            .map(|held| {
                let train: Vec<_> =
                    self.asked.iter().filter(|one| fold(one) != Some(held)).collect();
                self.fit(&train, counts)
            })
            .collect();
        self.scores(|_, example| {
            let Some((shape, blocks)) = fold(example).and_then(|fold| models.get(fold)) else {
                return Score::default();
            };
            let model = shape.model(blocks, group(example.class));
            example.score(|one| dot(&model, &one.features))
        })
    }

    fn scores(&self, score: impl Fn(usize, &Example) -> Score) -> Vec<Score> {
        self.asked.iter().enumerate().map(|(at, example)| score(at, example)).collect()
    }

    /// Weights for a class of made queries, fitted on `train`.
    fn made_model(&self, class: Class, from: &Model, train: &[&Example]) -> Model {
        let shape = self.shape(train, &[true; FEATURES]);
        let start = core::array::from_fn(|at| from[at] * shape.scales[at]);
        let shape = Shape { start, groups: 0, ..shape };
        let own: Vec<_> =
            train.iter().filter(|one| one.class == class).map(|one| (None, *one)).collect();
        shape.model(&shape.fit(&own), None)
    }

    /// Weights fitted on everything, in 1/64.
    fn weights(&self) -> Weights {
        let all: Vec<_> = self.asked.iter().collect();
        let (shape, blocks) = self.fit(&all, &[true; FEATURES]);
        let mut models = [[0.0; FEATURES]; Class::COUNT];
        for class in Class::ALL {
            models[class as usize] = shape.model(&blocks, group(class));
        }
        let made: Vec<_> = self.made.iter().collect();
        for (class, from) in MADE {
            models[class as usize] = self.made_model(class, &models[from as usize], &made);
        }
        Weights(models.map(|model| model.map(|weight| (weight * SCALE).round() as i32)))
    }

    /// Figures of the classes that made queries teach: by the weights they begin from, and by
    /// those fitted without the fold.
    fn made_classes(&self) -> String {
        let folds = self.folds();
        let mut text = String::new();
        for (class, from) in MADE {
            let (mut before, mut after) = (vec![], vec![]);
            for held in 0..FOLDS {
                let inside =
                    |one: &&Example| folds.get(one.query.repo.as_str()).copied() == Some(held);
                let train: Vec<_> = self.asked.iter().filter(|one| !inside(one)).collect();
                let (shape, blocks) = self.fit(&train, &[true; FEATURES]);
                let begin = shape.model(&blocks, group(from));
                let train: Vec<_> = self.made.iter().filter(|one| !inside(one)).collect();
                let model = self.made_model(class, &begin, &train);
                for one in self.made.iter().filter(inside).filter(|one| one.class == class) {
                    before.push(one.score(|candidate| dot(&begin, &candidate.features)));
                    after.push(one.score(|candidate| dot(&model, &candidate.features)));
                }
            }
            let count = after.len();
            let (before, after) = (Score::mean(before).ndcg, Score::mean(after).ndcg);
            let (name, from) = (class.name(), from.name());
            let _ = writeln!(
                text,
                "{name}: {count} queries made from the trees, NDCG@10 {after:.3} (by the weights \
                 of {from}: {before:.3})"
            );
        }
        text
    }

    fn report(&self, name: &str, scores: &[Score]) -> String {
        let mut text = String::new();
        let ndcg = overall(&self.asked, scores);
        let _ = write!(text, "{name}: NDCG@10 {ndcg:.4}");
        for category in ["semantic", "architecture", "symbol"] {
            let of = self.asked.iter().zip(scores);
            let of = of.filter(|(one, _)| one.query.category == category);
            let _ = write!(text, ", {category} {:.3}", Score::mean(of.map(|(_, s)| *s)).ndcg);
        }
        text.push('\n');
        text
    }

    fn by_language(&self, scores: &[Score]) -> String {
        let mut groups: BTreeMap<&str, Vec<Score>> = BTreeMap::new();
        for (one, score) in self.asked.iter().zip(scores) {
            groups.entry(&one.query.language).or_default().push(*score);
        }
        let parts: Vec<_> = groups
            .into_iter()
            .map(|(language, scores)| format!("{language} {:.3}", Score::mean(scores).ndcg))
            .collect();
        format!("by language: {}\n", parts.join(", "))
    }

    /// Resamples repositories: how sure the difference of two rankings is.
    fn bootstrap(&self, name: &str, a: &[Score], other: &str, b: &[Score]) -> String {
        let (a, b) = (by_repo(&self.asked, a), by_repo(&self.asked, b));
        let pairs: Vec<(f64, f64)> = a.into_values().zip(b.into_values()).collect();
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut pick = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            pairs[(state % pairs.len() as u64) as usize]
        };
        let mut means = vec![];
        let mut differences = vec![];
        for _ in 0..10_000 {
            let sample: Vec<_> = (0..pairs.len()).map(|_| pick()).collect();
            let n = sample.len() as f64;
            means.push(sample.iter().map(|(a, _)| a).sum::<f64>() / n);
            differences.push(sample.iter().map(|(a, b)| a - b).sum::<f64>() / n);
        }
        let range = |values: &mut Vec<f64>| {
            values.sort_by(f64::total_cmp);
            (values[values.len() / 40], values[values.len() - 1 - values.len() / 40])
        };
        let (low, high) = range(&mut means);
        let (least, most) = range(&mut differences);
        format!(
            "bootstrap over repositories, 95 %: {name} {low:.3} to {high:.3}; minus {other} \
             {least:+.3} to {most:+.3}\n"
        )
    }
}

fn by_repo<'e>(examples: &'e [Example], scores: &[Score]) -> BTreeMap<&'e str, f64> {
    let mut repos: BTreeMap<&str, Vec<Score>> = BTreeMap::new();
    for (one, score) in examples.iter().zip(scores) {
        repos.entry(&one.query.repo).or_default().push(*score);
    }
    repos.into_iter().map(|(repo, scores)| (repo, Score::mean(scores).ndcg)).collect()
}

/// The figure to quote: the mean over repositories of their means.
fn overall(examples: &[Example], scores: &[Score]) -> f64 {
    let repos = by_repo(examples, scores);
    repos.values().sum::<f64>() / repos.len().max(1) as f64
}

/// Integer weights for 1: fine enough that rounding changes no figure.
const SCALE: f64 = 256.0;

/// The constant as Rust.
fn source(weights: &Weights, report: &str) -> String {
    let mut text = String::from(
        "//! The trained weights: written by `cargo xtask train-rank`, not by hand.\n//!\n//! \
         Cross-validated over repositories, five folds; `docs/benchmarks.md` says more.\n//!\n\
         //! ```text\n",
    );
    for line in report.lines() {
        let mut rest = line;
        while !rest.is_empty() {
            let end = match rest.len() > 92 {
                true => rest.get(..92).and_then(|part| part.rfind(' ')).map_or(92, |at| at + 1),
                false => rest.len(),
            };
            let (part, after) = rest.split_at(end);
            let _ = writeln!(text, "//! {}", part.trim_end());
            rest = after;
        }
    }
    text.push_str("//! ```\n\nuse super::features::Weights;\n\nimpl Weights {\n");
    text.push_str("    /// Learned, in the order of [`Class`](super::Class) and ");
    text.push_str("[`Feature`](super::features::Feature).\n");
    text.push_str("    #[rustfmt::skip]\n    pub const DEFAULT: Self = Self([\n");
    for (class, list) in Class::ALL.iter().zip(weights.0) {
        let _ = writeln!(text, "        // {}", class.name());
        text.push_str("        [\n");
        for line in list.chunks(14) {
            let numbers: Vec<_> = line.iter().map(i32::to_string).collect();
            let _ = writeln!(text, "            {},", numbers.join(", "));
        }
        text.push_str("        ],\n");
    }
    text.push_str("    ]);\n}\n");
    text
}
