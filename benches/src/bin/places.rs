//! The place that is shown for a name: is it the definition, as tree-sitter sees it?
//!
//! Questions are the benchmark's that are one identifier, and names of types and functions made
//! from the trees. Where the best file is right and the oracle finds a definition by that name in
//! it, the line of the answer must be one; of a type where one of them is a type.

use std::{collections::BTreeMap, fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};
use clap::Parser;
use sigla_benches::{
    learn::sets,
    oracle::{Grammar, Oracle},
    report::Report,
    score::Query,
};
use sigla_core::outline::Lang;

/// See whether the place shown for a name is its definition.
#[derive(Parser)]
struct Cli {
    /// The code benchmark: the folder of queries_dev.jsonl
    #[arg(long, value_name = "DIR")]
    codebench: PathBuf,
    /// Its repositories, whole, each in a folder of its name
    #[arg(long, value_name = "DIR")]
    repos: PathBuf,
    /// The release binary
    #[arg(long, value_name = "FILE")]
    sigla: PathBuf,
    /// Show what is wrong
    #[arg(long)]
    show: bool,
    /// Print one JSON object a figure instead of a table
    #[arg(long)]
    json: bool,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let mut report = Report::new("places", cli.json);
    let cache = tempfile::tempdir()?;
    let mut counts: BTreeMap<&str, (u32, u32, u32)> = BTreeMap::new();
    for query in sets::identifiers(&cli.codebench, &cli.repos)? {
        let set = if query.category == "symbol" { "codebench" } else { "made" };
        let (asked, judged, right) = counts.entry(set).or_default();
        *asked += 1;
        let top = cli.repos.join(&query.repo);
        let Some((path, line)) = first(&cli, cache.path(), &query)? else { continue };
        let whole = if query.root == "." { path.clone() } else { format!("{}/{path}", query.root) };
        if !query.relevant.iter().any(|target| target.path == whole) {
            continue;
        }
        let Some(lines) = definitions(&top.join(&whole), &query.query)? else { continue };
        *judged += 1;
        *right += u32::from(lines.contains(&line));
        if cli.show && !lines.contains(&line) {
            eprintln!("{} {}: {whole}:{line}, defined at {lines:?}", query.repo, query.query);
        }
    }
    for (set, (asked, judged, right)) in counts {
        report.remark(&format!("{set}: {asked} questions, {judged} with the right file"));
        report.alone(
            set,
            "shown is the definition",
            "",
            f64::from(right) / f64::from(judged.max(1)),
        );
    }
    Ok(())
}

/// Path and line of the first answer.
fn first(cli: &Cli, cache: &std::path::Path, query: &Query) -> Result<Option<(String, usize)>> {
    let tree = cli.repos.join(&query.repo).join(&query.root);
    let mut command = Command::new(&cli.sigla);
    command.env("SIGLA_DIR", cache).args(["search", "--words", "--json", "-n", "1", &query.query]);
    let output = command.current_dir(&tree).arg(".").output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let Some(line) = text.lines().next() else { return Ok(None) };
    let hit: serde_json::Value = serde_json::from_str(line).context("no JSON")?;
    let path = hit["path"].as_str().map(|path| path.trim_start_matches("./").to_owned());
    Ok(path.zip(hit["line"].as_u64().map(|line| line as usize)))
}

/// The lines on which the oracle sees definitions of `name`: those of types where there are any.
fn definitions(path: &std::path::Path, name: &str) -> Result<Option<Vec<usize>>> {
    let text = fs::read(path)?;
    let lang = Lang::detect(path.as_os_str().as_encoded_bytes(), &text);
    let Some(grammar) = Grammar::of(lang, path) else { return Ok(None) };
    let mut oracle = Oracle::new(&grammar)?;
    let tree = oracle.parse(&text)?;
    let truth = oracle.definitions(&tree, &text);
    let own: Vec<_> = truth.definitions.iter().filter(|found| found.name == name).collect();
    let is_type = |kind: &str| {
        let other = ["impl", "constructor", "method", "function", "extension", "import"];
        let types = [
            "class",
            "struct",
            "enum",
            "trait",
            "interface",
            "type",
            "union",
            "record",
            "object",
            "protocol",
        ];
        types.iter().any(|word| kind.contains(word))
            && !other.iter().any(|word| kind.contains(word))
    };
    let typed: Vec<_> = own.iter().filter(|f| is_type(&f.kind)).map(|f| f.line).collect();
    let all: Vec<_> = own.iter().map(|found| found.line).collect();
    let lines = if typed.is_empty() { all } else { typed };
    Ok(Some(lines).filter(|lines| !lines.is_empty()))
}
