//! Retrieval quality: NDCG@10, MRR and recall@10 on code and on prose, in process.
//!
//! Every tree is indexed anew (two seconds for all of them), every query is put without syntax.
//! The measure is that of the benchmark's `evaluate.py`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use rayon::prelude::*;
use serde::Deserialize;
use sigla_benches::{
    body::Body,
    learn::PATHS,
    library::Library,
    report::{Better, Report},
    score::{Found, Query, Score},
};
use sigla_core::{
    outline::{Lang, Role},
    rank::{
        Class, Weights,
        features::{FEATURES, Feature},
    },
    search::Limits,
};

/// Score retrieval on benchmarks of code and prose.
#[derive(Parser)]
struct Cli {
    /// The code benchmark: the folder of queries_dev.jsonl
    #[arg(long, value_name = "DIR")]
    codebench: Option<PathBuf>,
    /// Its repositories as its unpack.py lays them out [default: CODEBENCH/repos]
    #[arg(long, value_name = "DIR")]
    repos: Option<PathBuf>,
    /// The prose benchmark: the folder of docs.jsonl and queries.jsonl
    #[arg(long, value_name = "DIR")]
    textbench: Option<PathBuf>,
    /// Rank with these weights: a JSON array of one array a class of query
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Also score without each feature, and without groups of them
    #[arg(long)]
    ablate: bool,
    /// Also score each repository
    #[arg(long)]
    by_repo: bool,
    /// Show the worst queries, with what came first instead
    #[arg(long, value_name = "NUM", default_value_t = 0)]
    worst: usize,
    /// Write the results for `evaluate.py --run`
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Print one JSON object a figure instead of a table
    #[arg(long)]
    json: bool,
}

/// Figures that others published for the same half of the code benchmark.
const RULES: (&str, f64) = ("semble BM25 + rules", 0.820);
const RAW: (&str, f64) = ("semble BM25 raw", 0.655);
/// Stemmed BM25 on the prose benchmark, as its README has it.
const STEMMED: (&str, Score) =
    ("BM25, stemmed", Score { ndcg: 0.379, mrr: 0.521, recall: 0.391, top3: 0.0 });

fn main() -> Result<()> {
    let cli = Cli::parse();
    let mut report = Report::new("quality", cli.json);
    let weights = match &cli.weights {
        Some(file) => read_weights(file)?,
        None => Weights::DEFAULT,
    };
    if let Some(bench) = Bench::code(&cli, &report)? {
        code(&cli, &bench, &weights, &mut report)?;
    }
    if let Some(bench) = Bench::prose(&cli, &report)? {
        prose(&cli, &bench, &weights, &mut report)?;
    }
    Ok(())
}

/// Queries and the trees they are put to.
struct Bench {
    queries: Vec<Query>,
    libraries: BTreeMap<String, Library>,
}

impl Bench {
    /// The code benchmark, or a word on what is missing.
    fn code(cli: &Cli, report: &Report) -> Result<Option<Self>> {
        let Some(folder) = &cli.codebench else {
            report.remark(
                "no code benchmark: --codebench DIR, the folder of its queries_dev.jsonl and \
                 unpack.py (questions and answers of github.com/MinishLab/semble, resolved to \
                 files), and --repos DIR, its repositories",
            );
            return Ok(None);
        };
        let mut queries = Query::read(&folder.join("queries_dev.jsonl"))?;
        let repos = cli.repos.clone().unwrap_or_else(|| folder.join("repos"));
        let tree = |query: &Query| repos.join(&query.repo).join(&query.root);
        let absent: BTreeSet<String> = queries
            .iter()
            .filter(|query| !tree(query).is_dir())
            .map(|query| {
                let [source, revision] = [&query.source, &query.revision]
                    .map(|field| field.as_deref().unwrap_or("unknown"));
                format!("  {}: {source} at {revision}", query.repo)
            })
            .collect();
        if !absent.is_empty() {
            report.remark(&format!(
                "{} repositories are not below {}; clone each from GitHub as a bare repository \
                 MIRRORS/owner/name.git, then run python3 {} MIRRORS {}\n{}",
                absent.len(),
                repos.display(),
                folder.join("unpack.py").display(),
                repos.display(),
                Vec::from_iter(absent).join("\n"),
            ));
            queries.retain(|query| tree(query).is_dir());
        }
        if queries.is_empty() {
            return Ok(None);
        }
        let trees: BTreeMap<String, PathBuf> =
            queries.iter().map(|query| (query.repo.clone(), tree(query))).collect();
        let libraries = trees
            .into_par_iter()
            .map(|(repo, tree)| Ok((repo, Library::of_tree(&tree)?)))
            .collect::<Result<_>>()?;
        Ok(Some(Self { queries, libraries }))
    }

    /// The prose benchmark, or a word on what is missing.
    fn prose(cli: &Cli, report: &Report) -> Result<Option<Self>> {
        #[derive(Deserialize)]
        struct Text {
            path: String,
            text: String,
        }
        let Some(folder) = &cli.textbench else {
            report.remark(
                "no prose benchmark: --textbench DIR, the folder of docs.jsonl and queries.jsonl \
                 (the Cranfield collection: 1,400 abstracts, 225 questions)",
            );
            return Ok(None);
        };
        let queries = Query::read(&folder.join("queries.jsonl"))?;
        let path = folder.join("docs.jsonl");
        let texts = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let mut bodies = texts
            .lines()
            .map(|line| {
                let Text { path, text } = serde_json::from_str(line)?;
                let (key, text) = (path.into_bytes(), text.into_bytes());
                let (lang, role) = (Lang::detect(&key, &text), Role::of(&key, &text));
                Ok(Body { key, text, lang, role })
            })
            .collect::<Result<Vec<_>>>()?;
        bodies.sort_by(|a, b| a.key.cmp(&b.key));
        let repo = queries.first().context("no queries")?.repo.clone();
        let libraries = BTreeMap::from([(repo, Library::of(&bodies)?)]);
        Ok(Some(Self { queries, libraries }))
    }

    /// The first ten of every query, by some way to search.
    fn run(&self, find: impl Fn(&Library, &Query) -> Result<Vec<Found>> + Sync) -> Result<Run> {
        self.queries
            .par_iter()
            .map(|query| {
                let library = self.libraries.get(&query.repo).context("no such tree")?;
                let found = find(library, query)?;
                Ok((Score::of(&found, query), found))
            })
            .collect::<Result<_>>()
            .map(Run)
    }

    /// The full answer.
    fn full(&self, weights: &Weights, limits: &Limits) -> Result<Run> {
        self.run(|library, q| library.open()?.found(&q.query, weights, limits, &q.root))
    }

    /// BM25 alone.
    fn bare(&self) -> Result<Run> {
        self.run(|library, q| library.open()?.found_bare(&q.query, &Limits::FULL, &q.root))
    }

    /// Mean scores of the groups that a property makes.
    fn groups<'q>(
        &'q self,
        run: &Run,
        property: impl Fn(&'q Query) -> &'q str,
    ) -> BTreeMap<&'q str, Score> {
        let mut groups: BTreeMap<&str, Vec<Score>> = BTreeMap::new();
        for (query, (score, _)) in self.queries.iter().zip(&run.0) {
            groups.entry(property(query)).or_default().push(*score);
        }
        groups.into_iter().map(|(name, scores)| (name, Score::mean(scores))).collect()
    }

    /// The figure to quote: the mean over repositories of their means.
    fn overall(&self, run: &Run) -> Score {
        Score::mean(self.groups(run, |query| &query.repo).into_values())
    }
}

/// Scores and results, in the order of the queries.
struct Run(Vec<(Score, Vec<Found>)>);

fn code(cli: &Cli, bench: &Bench, weights: &Weights, report: &mut Report) -> Result<()> {
    let run = bench.full(weights, &Limits::FULL)?;
    let overall = bench.overall(&run);
    let ndcg = ("ndcg@10", "", Better::More);
    report.beside("codebench, mean over repositories", ndcg, overall.ndcg, RULES);
    report.alone("codebench, mean over repositories", "mrr", "", overall.mrr);
    report.alone("codebench, mean over repositories", "recall@10", "", overall.recall);
    let small = bench.overall(&bench.full(weights, &Limits::SMALL)?);
    report.alone("codebench, small limits", "ndcg@10", "", small.ndcg);
    let bare = bench.overall(&bench.bare()?);
    report.beside("codebench, BM25 alone", ndcg, bare.ndcg, RAW);
    for (name, score) in bench.groups(&run, |query| &query.category) {
        all(report, &format!("codebench, {name} queries"), score);
    }
    for (name, score) in bench.groups(&run, |query| &query.language) {
        all(report, &format!("codebench, {name}"), score);
    }
    if cli.by_repo {
        for (name, score) in bench.groups(&run, |query| &query.repo) {
            all(report, &format!("codebench, repository {name}"), score);
        }
    }
    if cli.ablate {
        ablate(bench, weights, overall.ndcg, report)?;
    }
    worst(bench, &run, cli.worst);
    if let Some(file) = &cli.save {
        save(bench, &run, file)?;
    }
    Ok(())
}

fn prose(cli: &Cli, bench: &Bench, weights: &Weights, report: &mut Report) -> Result<()> {
    let run = bench.full(weights, &Limits::FULL)?;
    let score = bench.overall(&run);
    let (peer, theirs) = STEMMED;
    for (metric, ours, theirs) in [
        ("ndcg@10", score.ndcg, theirs.ndcg),
        ("mrr", score.mrr, theirs.mrr),
        ("recall@10", score.recall, theirs.recall),
    ] {
        report.beside("cranfield", (metric, "", Better::More), ours, (peer, theirs));
    }
    let bare = bench.overall(&bench.bare()?);
    report.alone("cranfield, BM25 alone", "ndcg@10", "", bare.ndcg);
    if cli.codebench.is_none() {
        worst(bench, &run, cli.worst);
    }
    Ok(())
}

fn all(report: &mut Report, case: &str, score: Score) {
    for (metric, figure) in
        [("ndcg@10", score.ndcg), ("mrr", score.mrr), ("recall@10", score.recall)]
    {
        report.alone(case, metric, "", figure);
    }
}

/// NDCG without groups of features, and without each.
fn ablate(bench: &Bench, weights: &Weights, whole: f64, report: &mut Report) -> Result<()> {
    use Feature::*;
    let groups: [(&str, &[Feature]); 5] = [
        ("more than the best chunk", &[Halved, Sum, Whole]),
        ("coverage", &[ChunkCoverage, Coverage]),
        ("defined names", &[Names, Spelt]),
        ("paths", PATHS),
        ("roles", &[Test, Example, Docs, Vendored, Generated]),
    ];
    let singles = Feature::ALL.iter().map(|feature| (format!("{feature:?}"), vec![*feature]));
    let groups = groups.iter().map(|(name, features)| ((*name).to_owned(), features.to_vec()));
    for (name, features) in groups.chain(singles) {
        let mut without = *weights;
        for feature in features {
            for weights in &mut without.0 {
                if let Some(weight) = weights.get_mut(feature as usize) {
                    *weight = 0;
                }
            }
        }
        if without == *weights {
            continue;
        }
        let ndcg = bench.overall(&bench.full(&without, &Limits::FULL)?).ndcg;
        let metric = ("ndcg@10", "", Better::More);
        report.beside(&format!("codebench without {name}"), metric, ndcg, ("all features", whole));
    }
    Ok(())
}

/// The queries with the lowest scores, and what came first instead. On stderr.
fn worst(bench: &Bench, run: &Run, count: usize) {
    let mut order: Vec<_> = bench.queries.iter().zip(&run.0).collect();
    order.sort_by(|(_, (a, _)), (_, (b, _))| a.ndcg.total_cmp(&b.ndcg));
    for (query, (score, found)) in order.into_iter().take(count) {
        let Query { repo, category, .. } = query;
        eprintln!("{:.3} {repo} ({category}): {}", score.ndcg, query.query);
        for target in query.relevant.iter().chain(&query.secondary) {
            let rank = found.iter().position(|found| found.path == target.path);
            let rank = rank.map_or_else(|| "-".into(), |rank| (rank + 1).to_string());
            eprintln!("    wanted {rank:>2} {}", target.path);
        }
        for found in found.iter().take(3) {
            eprintln!("       got    {}:{}", found.path, found.lines.0);
        }
    }
}

/// Results as `evaluate.py --run` reads them.
fn save(bench: &Bench, run: &Run, file: &Path) -> Result<()> {
    let mut out = std::io::BufWriter::new(fs::File::create(file)?);
    for (query, (_, found)) in bench.queries.iter().zip(&run.0) {
        let results: Vec<_> = found
            .iter()
            .map(|Found { path, lines: (start, end) }| {
                serde_json::json!({ "path": path, "start": start, "end": end })
            })
            .collect();
        let line = serde_json::json!({
            "repo": query.repo, "query": query.query, "results": results,
        });
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

fn read_weights(file: &Path) -> Result<Weights> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let lists: Vec<Vec<i32>> = serde_json::from_str(&text)?;
    ensure!(
        lists.len() == Class::COUNT,
        "weights of {} classes, not {}",
        lists.len(),
        Class::COUNT
    );
    let mut weights = Weights([[0; FEATURES]; Class::COUNT]);
    for (slots, list) in weights.0.iter_mut().zip(lists) {
        ensure!(list.len() == FEATURES, "{} weights instead of {FEATURES}", list.len());
        slots.copy_from_slice(&list);
    }
    Ok(weights)
}
