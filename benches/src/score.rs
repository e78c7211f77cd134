//! How good an answer is: the measure of `evaluate.py`, which comes with the benchmark.
//!
//! A target is a file, in a few cases some lines of it. All targets of a query weigh the same; the
//! rank of a target is the rank of the first result that hits it. DCG adds 1/log2(rank + 1) once
//! for each distinct rank up to ten, and NDCG divides by the best possible for that number of
//! targets.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result};
use serde::Deserialize;

/// How far down the answer counts.
pub const DEPTH: usize = 10;

/// A place that answers a query.
#[derive(Clone, Debug, Deserialize)]
pub struct Target {
    /// Relative to the repository.
    pub path: String,
    /// First and last line, from 1, inclusive, where only those lines count.
    #[serde(default)]
    pub start: Option<u32>,
    /// See `start`.
    #[serde(default)]
    pub end: Option<u32>,
}

/// One line of a queries file.
#[derive(Clone, Debug, Deserialize)]
pub struct Query {
    /// Name of the repository.
    pub repo: String,
    /// Where the repository comes from (owner/name), where it is a repository.
    #[serde(default)]
    pub source: Option<String>,
    /// The commit that the paths refer to.
    #[serde(default)]
    pub revision: Option<String>,
    /// Folder of the repository that is indexed and searched.
    pub root: String,
    /// Its main language.
    pub language: String,
    /// Kind of the query.
    pub category: String,
    /// The text to search for.
    pub query: String,
    /// The places that answer it.
    pub relevant: Vec<Target>,
    /// Places that answer it too.
    #[serde(default)]
    pub secondary: Vec<Target>,
}

impl Query {
    /// Reads a queries file, one JSON object a line.
    pub fn read(path: &Path) -> Result<Vec<Self>> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        text.lines()
            .enumerate()
            .map(|(i, line)| {
                serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), i + 1))
            })
            .collect()
    }

    /// Whether a result is one of the targets.
    pub fn is_answered_by(&self, found: &Found) -> bool {
        self.relevant.iter().chain(&self.secondary).any(|target| hits(found, target))
    }
}

/// One result: a path relative to the repository, and lines from 1, inclusive.
#[derive(Clone, Debug)]
pub struct Found {
    /// The file.
    pub path: String,
    /// First and last line.
    pub lines: (u32, u32),
}

/// The measures of one query, or means of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Normalised discounted cumulative gain of the first ten.
    pub ndcg: f64,
    /// 1 / rank of the first primary target among the first ten, or 0.
    pub mrr: f64,
    /// Share of the targets among the first ten.
    pub recall: f64,
    /// Share of the targets among the first three.
    pub top3: f64,
}

impl Score {
    /// Scores the results of a query, best first.
    pub fn of(results: &[Found], query: &Query) -> Self {
        let results = results.get(..DEPTH).unwrap_or(results);
        let rank = |target: &Target| results.iter().position(|found| hits(found, target));
        let gain = |rank: usize| 1.0 / (rank as f64 + 2.0).log2();
        let targets = || query.relevant.iter().chain(&query.secondary);
        let count = targets().count();
        let ranks: BTreeSet<usize> = targets().filter_map(rank).collect();
        let ideal: f64 = (0..count.min(DEPTH)).map(gain).sum();
        let first = query.relevant.iter().filter_map(rank).min();
        Self {
            ndcg: ranks.into_iter().map(gain).fold(0.0, |sum, gain| sum + gain) / ideal,
            mrr: first.map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0)),
            recall: targets().filter_map(rank).count() as f64 / count as f64,
            top3: targets().filter_map(rank).filter(|&rank| rank < 3).count() as f64 / count as f64,
        }
    }

    /// The mean of some scores (0 of none).
    pub fn mean(scores: impl IntoIterator<Item = Self>) -> Self {
        let (mut sum, mut n) = (Self::default(), 0.0_f64);
        for score in scores {
            sum.ndcg += score.ndcg;
            sum.mrr += score.mrr;
            sum.recall += score.recall;
            sum.top3 += score.top3;
            n += 1.0;
        }
        let n = n.max(1.0);
        Self { ndcg: sum.ndcg / n, mrr: sum.mrr / n, recall: sum.recall / n, top3: sum.top3 / n }
    }
}

fn hits(found: &Found, target: &Target) -> bool {
    let (start, end) = found.lines;
    found.path == target.path
        && match (target.start, target.end) {
            (Some(first), Some(last)) => start <= last && end >= first,
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(relevant: &str, secondary: &str) -> Result<Query> {
        Ok(serde_json::from_str(&format!(
            r#"{{"repo":"r","root":".","language":"c","category":"symbol","query":"q",
                "relevant":{relevant},"secondary":{secondary}}}"#
        ))?)
    }

    fn found(paths: &[&str]) -> Vec<Found> {
        paths.iter().map(|p| Found { path: (*p).into(), lines: (10, 20) }).collect()
    }

    /// Values computed by evaluate.py.
    #[test]
    fn the_measure_is_evaluate_pys() -> Result<()> {
        let q = query(r#"[{"path":"a"}]"#, r#"[{"path":"b"}]"#)?;
        let score = Score::of(&found(&["x", "a", "a", "b"]), &q);
        assert!((score.ndcg - 0.650_921).abs() < 1e-6, "{score:?}");
        assert_eq!((score.mrr, score.recall), (0.5, 1.0));
        assert_eq!(Score::of(&found(&["x"; 10]), &q), Score::default());
        let late: Vec<_> = found(&["x"; 10]).into_iter().chain(found(&["a"])).collect();
        assert_eq!(Score::of(&late, &q), Score::default());
        Ok(())
    }

    #[test]
    fn lines_must_overlap_where_the_target_has_them() -> Result<()> {
        let q = query(r#"[{"path":"a","start":21,"end":30}]"#, "[]")?;
        assert_eq!(Score::of(&found(&["a"]), &q).ndcg, 0.0);
        let q = query(r#"[{"path":"a","start":20,"end":30}]"#, "[]")?;
        assert_eq!(Score::of(&found(&["a"]), &q).ndcg, 1.0);
        Ok(())
    }
}
