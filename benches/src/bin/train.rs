//! Learns the weights of the ranker and writes them as a Rust constant.
//!
//! Weights are fitted on several sets made by different hands, each with its share: queries of one
//! class add a block of their own to what all share. Figures are cross-validated over repositories:
//! five folds, a repository in the same one in all sets, each scored by weights that were fitted on
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
    learn::{
        PATHS,
        examples::Example,
        fit::{Fitted, Model, Weighed, dot},
        sets::{self, Places, Set},
    },
    score::Score,
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
    /// Its repositories, whole, each in a folder of its name
    #[arg(long, value_name = "DIR")]
    repos: PathBuf,
    /// The benchmark of commits: the folder of queries_dev.jsonl
    #[arg(long, value_name = "DIR")]
    commitbench: PathBuf,
    /// Its repositories
    #[arg(long, value_name = "DIR")]
    commits: PathBuf,
    /// Write the weights here, as Rust
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How strongly weights are drawn to zero
    #[arg(long, value_name = "NUM", default_value_t = 0.003)]
    decay: f64,
    /// Also score without each feature
    #[arg(long)]
    ablate: bool,
}

const FOLDS: usize = 5;

/// Groups of classes with weights of their own. Of the others, words, all learn.
const GROUPS: [&[Class]; 3] =
    [&[Class::Identifier, Class::Qualified], &[Class::Path], &[Class::Message]];

/// "BM25 cheap": the five best chunks with halving, path words by their rarity among paths, tests,
/// documents and what is no code at half; round guesses. What a learned ranker has to beat.
fn cheap(features: &Model) -> f64 {
    let of = |feature: Feature| features[feature as usize];
    let other = [Feature::Test, Feature::Docs, Feature::Prose, Feature::Data];
    let half = if other.into_iter().any(|feature| of(feature) > 0.0) { 0.5 } else { 1.0 };
    half * (2.0 * of(Feature::Halved) + of(Feature::Path))
}

fn group(class: Class) -> Option<usize> {
    GROUPS.iter().position(|group| group.contains(&class))
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let sets = sets::read(&Places {
        codebench: cli.codebench,
        repos: cli.repos,
        commitbench: cli.commitbench,
        commits: cli.commits,
    })?;
    let trainer = Trainer { sets, decay: cli.decay };
    let all = [true; FEATURES];
    let shares: Vec<f64> = trainer.sets.iter().map(|set| set.share).collect();
    let learned = trainer.validate(&shares, &all, GROUPS.len());
    let mut report = String::new();
    trainer.compare(&learned, &mut report)?;
    trainer.groups(&learned, &mut report)?;
    let one = trainer.validate(&shares, &all, 0);
    let mut pathless = all;
    PATHS.iter().for_each(|&feature| pathless[feature as usize] = false);
    let without = trainer.validate(&shares, &pathless, GROUPS.len());
    for (name, scores) in [("without classes", &one), ("no path feature", &without)] {
        writeln!(report, "{name}: {}", trainer.figures(scores))?;
    }
    println!("{report}");
    if cli.ablate {
        for &feature in Feature::ALL {
            let mut counts = all;
            counts[feature as usize] = false;
            let scores = trainer.validate(&shares, &counts, GROUPS.len());
            let figures = trainer.sets.iter().zip(&scores).zip(&learned);
            let lost: Vec<_> = figures
                .map(|((set, a), b)| format!("{:+.4}", set.figure(a) - set.figure(b)))
                .collect();
            println!("without {:<16} {}", feature.name(), lost.join(" "));
        }
    }
    if let Some(out) = &cli.out {
        let weights = trainer.weights(&shares);
        std::fs::write(out, source(&weights, &report))
            .with_context(|| out.display().to_string())?;
    }
    Ok(())
}

struct Trainer {
    sets: Vec<Set>,
    decay: f64,
}

/// The scores of each set's questions.
type Scores = Vec<Vec<Score>>;

impl Trainer {
    /// Which fold a repository is in: the same in all sets.
    fn folds(&self) -> BTreeMap<&str, usize> {
        let all = self.sets.iter().flat_map(|set| &set.examples);
        let repos: BTreeSet<&str> = all.map(|one| one.query.repo.as_str()).collect();
        repos.into_iter().zip((0..FOLDS).cycle()).collect()
    }

    /// Weights fitted on the examples that `take` lets pass.
    fn fit(
        &self,
        shares: &[f64],
        counts: &[bool; FEATURES],
        groups: usize,
        take: impl Fn(&Example) -> bool,
    ) -> Fitted {
        let mut train = Vec::new();
        let total: f64 = shares.iter().sum();
        for (set, share) in self.sets.iter().zip(shares).filter(|(_, share)| **share > 0.0) {
            let found = |one: &&Example| take(one) && one.candidates.iter().any(|c| c.target);
            let count = set.examples.iter().filter(found).count().max(1);
            let weight = share / total / count as f64;
            train.extend(set.examples.iter().filter(found).map(|example| Weighed {
                example,
                weight,
                group: group(example.class).filter(|group| *group < groups),
            }));
        }
        Fitted::new(&train, groups, self.decay, counts)
    }

    /// The score of every question by weights that were fitted without its fold.
    fn validate(&self, shares: &[f64], counts: &[bool; FEATURES], groups: usize) -> Scores {
        let folds = self.folds();
        let fold = |one: &Example| folds.get(one.query.repo.as_str()).copied().unwrap_or(0);
        let fitted: Vec<_> = (0..FOLDS)
            .into_par_iter()
            .map(|held| self.fit(shares, counts, groups, |one| fold(one) != held))
            .collect();
        self.scores(|one| {
            let model = fitted[fold(one)].model(group(one.class).filter(|group| *group < groups));
            one.score(|candidate| dot(&model, &candidate.features))
        })
    }

    fn scores(&self, score: impl Fn(&Example) -> Score + Sync) -> Scores {
        let of = |set: &Set| set.examples.par_iter().map(&score).collect();
        self.sets.iter().map(of).collect()
    }

    /// The figure of every set on one line.
    fn figures(&self, scores: &Scores) -> String {
        let figures = self.sets.iter().zip(scores);
        let figures: Vec<_> = figures
            .map(|(set, scores)| format!("{} {:.3}", set.name, set.figure(scores)))
            .collect();
        figures.join(", ")
    }

    /// Each set beside what weights fitted on it alone reach, and beside the baseline.
    fn compare(&self, learned: &Scores, report: &mut String) -> Result<()> {
        let cheap = self.scores(|one| one.score(|candidate| cheap(&candidate.features)));
        for (at, set) in self.sets.iter().enumerate() {
            let figure = set.figure(&learned[at]);
            write!(report, "{}: {} questions, ", set.name, set.examples.len())?;
            write!(report, "{} {figure:.4}", set.measure.name())?;
            if set.share > 0.0 {
                let mut shares = vec![0.0; self.sets.len()];
                shares[at] = 1.0;
                let alone = self.validate(&shares, &[true; FEATURES], GROUPS.len());
                write!(report, ", by weights of this set alone {:.4}", set.figure(&alone[at]))?;
            }
            let (low, high) = bootstrap(set, &learned[at], &cheap[at]);
            let baseline = set.figure(&cheap[at]);
            writeln!(report, ", BM25 cheap {baseline:.4} (minus it {low:+.3} to {high:+.3})")?;
        }
        Ok(())
    }

    /// By language, category, length and class.
    fn groups(&self, learned: &Scores, report: &mut String) -> Result<()> {
        type Key = fn(&Example) -> String;
        let keys: [(&str, Key); 4] = [
            ("language", |one| one.query.language.clone()),
            ("category", |one| one.query.category.clone()),
            ("words", |one| {
                let words = one.query.query.split_whitespace().count();
                ["1", "2", "3 to 5", "6 to 8", "9 and more"][match words {
                    0..=1 => 0,
                    2 => 1,
                    3..=5 => 2,
                    6..=8 => 3,
                    _ => 4,
                }]
                .to_owned()
            }),
            ("class", |one| one.class.name().to_owned()),
        ];
        for (set, scores) in self.sets.iter().zip(learned) {
            for (name, key) in keys {
                let groups = set.by(scores, key);
                if groups.len() > 1 {
                    let parts: Vec<_> = groups
                        .into_iter()
                        .map(|(key, (figure, count))| format!("{key} {figure:.3} ({count})"))
                        .collect();
                    writeln!(report, "{} by {name}: {}", set.name, parts.join(", "))?;
                }
            }
        }
        Ok(())
    }

    /// Weights fitted on everything, in 1/64.
    fn weights(&self, shares: &[f64]) -> Weights {
        let fitted = self.fit(shares, &[true; FEATURES], GROUPS.len(), |_| true);
        Weights(
            Class::ALL.map(|class| {
                fitted.model(group(class)).map(|weight| (weight * SCALE).round() as i32)
            }),
        )
    }
}

/// Resamples repositories: between what the difference of two rankings is, in 95 of 100 samples.
fn bootstrap(set: &Set, a: &[Score], b: &[Score]) -> (f64, f64) {
    let (a, b) = (set.by_repo(a), set.by_repo(b));
    let pairs: Vec<f64> = a.into_values().zip(b.into_values()).map(|(a, b)| a - b).collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut pick = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        pairs[(state % pairs.len() as u64) as usize]
    };
    let mut means: Vec<f64> = (0..10_000)
        .map(|_| (0..pairs.len()).map(|_| pick()).sum::<f64>() / pairs.len() as f64)
        .collect();
    means.sort_by(f64::total_cmp);
    (means[means.len() / 40], means[means.len() - 1 - means.len() / 40])
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
