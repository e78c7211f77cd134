//! Sets of questions made by different hands, and the trees that they are put to.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Result;
use rayon::prelude::*;
use sigla_core::outline::Role;

use super::{
    examples::Example,
    questions::{self, Kind},
};
use crate::{
    body::{Body, is_code},
    library::Library,
    score::{Query, Score},
};

/// How a set is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// NDCG@10.
    Ndcg,
    /// Mean reciprocal rank.
    Mrr,
    /// Recall@3.
    Top3,
}

impl Measure {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ndcg => "NDCG@10",
            Self::Mrr => "MRR",
            Self::Top3 => "recall@3",
        }
    }

    /// What it is of a score.
    pub const fn of(self, score: &Score) -> f64 {
        match self {
            Self::Ndcg => score.ndcg,
            Self::Mrr => score.mrr,
            Self::Top3 => score.top3,
        }
    }
}

/// Questions of one kind of origin.
#[derive(Debug)]
pub struct Set {
    /// What it is called.
    pub name: &'static str,
    /// How much it counts where weights are learned; 0 where it only judges.
    pub share: f64,
    /// What is looked at.
    pub measure: Measure,
    /// Its questions with their candidates.
    pub examples: Vec<Example>,
}

impl Set {
    /// Mean over repositories of the means of a repository's questions.
    pub fn figure(&self, scores: &[Score]) -> f64 {
        let repos = self.by_repo(scores);
        repos.values().sum::<f64>() / repos.len().max(1) as f64
    }

    /// The figure of each repository.
    pub fn by_repo(&self, scores: &[Score]) -> BTreeMap<&str, f64> {
        self.by(scores, |one| one.query.repo.as_str())
            .into_iter()
            .map(|(k, (v, _))| (k, v))
            .collect()
    }

    /// The figure and the count of each group of questions.
    pub fn by<'s, K: Ord>(
        &'s self,
        scores: &[Score],
        key: impl Fn(&'s Example) -> K,
    ) -> BTreeMap<K, (f64, usize)> {
        let mut groups: BTreeMap<K, (f64, usize)> = BTreeMap::new();
        for (one, score) in self.examples.iter().zip(scores) {
            let (sum, count) = groups.entry(key(one)).or_default();
            *sum += self.measure.of(score);
            *count += 1;
        }
        groups.values_mut().for_each(|(sum, count)| *sum /= *count as f64);
        groups
    }
}

/// Where the benchmarks and their trees are.
#[derive(Debug)]
pub struct Places {
    /// The code benchmark: the folder of its queries_dev.jsonl.
    pub codebench: PathBuf,
    /// Its whole repositories.
    pub repos: PathBuf,
    /// The benchmark of commits: the folder of its queries_dev.jsonl.
    pub commitbench: PathBuf,
    /// Its repositories.
    pub commits: PathBuf,
}

/// Questions, with those made from the same trees.
struct Asked {
    queries: Vec<Query>,
    made: Vec<Query>,
    libraries: BTreeMap<String, Library>,
}

impl Asked {
    /// The trees are what `root` names, or whole repositories; of each the files that `keep` lets
    /// stay.
    fn read(
        bench: &Path,
        trees: &Path,
        root: impl Fn(&Query) -> String,
        keep: impl Fn(&Body, &[Query]) -> bool + Sync,
        makes: bool,
    ) -> Result<Self> {
        let mut queries = Query::read(&bench.join("queries_dev.jsonl"))?;
        queries.iter_mut().for_each(|query| query.root = root(query));
        let mut repos: BTreeMap<&str, Vec<Query>> = BTreeMap::new();
        for query in &queries {
            repos.entry(&query.repo).or_default().push(query.clone());
        }
        let read: Vec<_> = repos
            .into_par_iter()
            .map(|(repo, asked)| {
                let Some(like) = asked.first() else { anyhow::bail!("no query of {repo}") };
                let mut bodies = Body::read(&trees.join(repo).join(&like.root))?;
                bodies.retain(|body| keep(body, &asked));
                let library = Library::of(&bodies)?;
                let made = match makes {
                    true => questions::from_tree(&bodies, &library, like)?,
                    false => vec![],
                };
                Ok((repo.to_owned(), library, made))
            })
            .collect::<Result<_>>()?;
        let (mut libraries, mut made) = (BTreeMap::new(), vec![]);
        for (repo, library, questions) in read {
            libraries.insert(repo, library);
            made.extend(questions);
        }
        Ok(Self { queries, made, libraries })
    }

    /// Those made of some kinds.
    fn made(&self, kinds: &[Kind]) -> Result<Vec<Example>> {
        let of = |query: &&Query| kinds.iter().any(|kind| kind.name() == query.category);
        let queries: Vec<_> = self.made.iter().filter(of).cloned().collect();
        Example::of(&queries, &self.libraries)
    }
}

/// The code benchmark's questions that are one identifier, and such made from its trees.
pub fn identifiers(codebench: &Path, repos: &Path) -> Result<Vec<Query>> {
    let all = |_: &Body, _: &[Query]| true;
    let asked = Asked::read(codebench, repos, |query| query.root.clone(), all, true)?;
    let made = asked.made.into_iter().filter(|query| query.category == Kind::Identifier.name());
    let symbols = asked.queries.into_iter().filter(|query| query.category == "symbol");
    Ok(symbols.chain(made).collect())
}

/// Every set. Shares are chosen so that no set falls behind; see docs/benchmarks.md.
pub fn read(places: &Places) -> Result<Vec<Set>> {
    let all = |_: &Body, _: &[Query]| true;
    let whole = |_: &Query| ".".to_owned();
    let narrow =
        Asked::read(&places.codebench, &places.repos, |query| query.root.clone(), all, true)?;
    let wide = Asked::read(&places.codebench, &places.repos, whole, all, false)?;
    let commits = Asked::read(&places.commitbench, &places.commits, whole, all, true)?;
    let other = Role::TEST | Role::EXAMPLE | Role::DOCS;
    let code = |body: &Body, asked: &[Query]| {
        let target = |query: &Query| query.relevant.iter().any(|t| t.path.as_bytes() == body.key);
        (is_code(body.lang) && body.role.0 & other.0 == 0) || asked.iter().any(target)
    };
    let only = Asked::read(&places.commitbench, &places.commits, whole, code, false)?;
    let examples = |asked: &Asked| Example::of(&asked.queries, &asked.libraries);
    let made = |kinds: &[Kind]| -> Result<Vec<Example>> {
        let mut examples = narrow.made(kinds)?;
        examples.extend(commits.made(kinds)?);
        Ok(examples)
    };
    let kinds = |wanted: fn(Kind) -> bool| -> Vec<Kind> {
        Kind::ALL.into_iter().filter(|kind| wanted(*kind)).collect()
    };
    let hard = |kind: Kind| matches!(kind, Kind::Missing | Kind::Common);
    let plain = |kind: Kind| !kind.wants_other() && !matches!(kind, Kind::Missing | Kind::Common);
    let set = |name, share, measure, examples| Set { name, share, measure, examples };
    Ok(vec![
        set("codebench", 0.42, Measure::Ndcg, examples(&narrow)?),
        set("codebench, whole repositories", 0.05, Measure::Ndcg, examples(&wide)?),
        set("commitbench", 0.36, Measure::Ndcg, examples(&commits)?),
        set("made from trees", 0.11, Measure::Mrr, made(&kinds(plain))?),
        set("made, hard names", 0.03, Measure::Mrr, made(&kinds(hard))?),
        set("made, other than code", 0.03, Measure::Top3, made(&kinds(Kind::wants_other))?),
        set("commitbench, only code", 0.0, Measure::Ndcg, examples(&only)?),
    ])
}
