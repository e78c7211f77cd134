//! Queries with their candidates: what the ranker sees, and which of them answer.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use rayon::prelude::*;
use sigla_core::{
    rank::{Class, Weights, features::FEATURES},
    search::Limits,
};

use crate::{
    library::Library,
    score::{Found, Query, Score},
};

/// A candidate of a query.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Where it is; what is scored.
    pub found: Found,
    /// Its features, 1 for 1024.
    pub features: [f64; FEATURES],
    /// Whether it is one of the targets.
    pub target: bool,
}

/// A query and its candidates.
#[derive(Clone, Debug)]
pub struct Example {
    /// What was asked, and what answers.
    pub query: Query,
    /// What kind of question the searcher takes it for.
    pub class: Class,
    /// In the order of documents.
    pub candidates: Vec<Candidate>,
}

impl Example {
    /// The example of every query, in their order.
    ///
    /// # Errors
    /// A query names a tree that is not in `libraries`.
    pub fn of(queries: &[Query], libraries: &BTreeMap<String, Library>) -> Result<Vec<Self>> {
        let example = |query: &Query| {
            let library = libraries.get(&query.repo).context("no such tree")?.open()?;
            let mut candidates = Vec::new();
            let mut visit = |found: Found, candidate: &sigla_core::search::Candidate| {
                candidates.push(Candidate {
                    target: query.is_answered_by(&found),
                    found,
                    features: candidate.features.0.map(|feature| f64::from(feature) / 1024.0),
                });
            };
            let (weights, limits) = (&Weights::DEFAULT, &Limits::FULL);
            let class =
                library.candidates(&query.query, weights, limits, &query.root, &mut visit)?;
            Ok(Self { query: query.clone(), class, candidates })
        };
        queries.par_iter().map(example).collect()
    }

    /// How good the first ten are when candidates are ordered by `score`, best first, equals as
    /// they stand.
    pub fn score(&self, score: impl Fn(&Candidate) -> f64) -> Score {
        let mut order: Vec<_> = self.candidates.iter().map(|one| (score(one), one)).collect();
        order.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let found: Vec<_> = order.into_iter().take(10).map(|(_, one)| one.found.clone()).collect();
        Score::of(&found, &self.query)
    }
}
