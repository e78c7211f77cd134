//! Comparisons with the peers: builds the product and the benches in release, then runs them.
//!
//! The benches are binaries of the workspace `benches`; each prints its own rows. Nothing of them
//! is built by the product or its tests beyond a check that they compile.

use crate::shell::{self, cargo, root, target};
use anyhow::{Result, ensure};
use clap::ValueEnum;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// Which comparisons [default: all of them, without micro]
    #[arg(value_name = "NAME")]
    names: Vec<Name>,
    /// Print one JSON object a figure: {"bench","case","metric","unit","ours","peer","theirs",
    /// "ratio"}, the ratio above 1 where we are better
    #[arg(long)]
    json: bool,
    /// How many times each side is measured [default: 5]
    #[arg(long, value_name = "NUM")]
    rounds: Option<usize>,
    /// Also search a tree ten times larger (1.4 GB)
    #[arg(long)]
    tenfold: bool,
    /// The code search benchmark: its queries_dev.jsonl
    #[arg(long, value_name = "DIR")]
    codebench: Option<PathBuf>,
    /// The unpacked repositories of the code search benchmark, whole ones for places [default:
    /// CODEBENCH/repos]
    #[arg(long, value_name = "DIR")]
    repos: Option<PathBuf>,
    /// The prose benchmark: its docs.jsonl and queries.jsonl
    #[arg(long, value_name = "DIR")]
    textbench: Option<PathBuf>,
    /// outline: only these languages
    #[arg(long, value_name = "LANG", value_delimiter = ',')]
    lang: Vec<String>,
    /// codec, logs: a folder of *.log files [default: codec: only the logs of this machine's package
    /// manager; logs: those that benches/corpus/logs/make makes]
    #[arg(long, value_name = "DIR")]
    logs: Option<PathBuf>,
    /// outline: list up to NUM definitions that we miss, and NUM that only we see
    #[arg(long, value_name = "NUM")]
    show: Option<usize>,
    /// outline: take the files from here, not from the pinned corpus
    #[arg(long, value_name = "DIR")]
    tree: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// `sigla index` beside tree-sitter parsing the same files; its memory; nothing changed
    Index,
    /// Building the image alone, and its size, beside tantivy
    Image,
    /// Ranking in process beside tantivy
    Bm25,
    /// `sigla search` as a whole process beside ripgrep
    Search,
    /// `sigla search --literal` as a whole process beside ripgrep; what GRAMS costs
    Literal,
    /// Retrieval quality
    Quality,
    /// Functions found by their doc comments
    Pairs,
    /// Whether the place that is shown for a name is its definition
    Places,
    /// The outline's definitions and speed beside tree-sitter's, by language
    Outline,
    /// The codec of texts beside zstd, lz4, zlib, FSST and OnPair: ratio, speed, memory
    Codec,
    /// The searchable image of a log beside gzip, zstd and tantivy with the lines stored
    Logs,
    /// The core's inner loops by themselves, beside the run before
    Micro,
}

impl Name {
    /// Whether it runs the release binary.
    const fn runs_sigla(self) -> bool {
        matches!(self, Name::Index | Name::Search | Name::Literal | Name::Places | Name::Logs)
    }

    const fn binary(self) -> &'static str {
        match self {
            Name::Index => "index",
            Name::Image => "image",
            Name::Bm25 => "bm25",
            Name::Search => "search",
            Name::Literal => "literal",
            Name::Quality => "quality",
            Name::Pairs => "pairs",
            Name::Places => "places",
            Name::Outline => "outline",
            Name::Codec => "codec",
            Name::Logs => "logs",
            Name::Micro => "micro",
        }
    }
}

pub fn run(args: Args) -> Result<()> {
    let all = || Name::value_variants().iter().copied().filter(|&name| name != Name::Micro);
    let names = if args.names.is_empty() { all().collect() } else { args.names.clone() };
    ensure!(
        !args.json || !names.contains(&Name::Micro),
        "micro prints no JSON; criterion keeps its figures below {}",
        criterion().display()
    );
    if names.iter().any(|name| name.runs_sigla()) {
        shell::run(cargo().args(["build", "--release", "--locked", "--package", "sigla"]))?;
    }
    for name in &names {
        let mut bench = cargo();
        bench.args(["run", "--release", "--locked", "--quiet", "--manifest-path"]);
        bench.arg(root().join("benches/Cargo.toml"));
        bench.arg("--target-dir").arg(target().join("benches"));
        match name {
            Name::Quality | Name::Literal | Name::Pairs => {}
            Name::Micro => {
                bench.args(["--features", "micro"]).env("CRITERION_HOME", criterion());
            }
            Name::Outline | Name::Places => {
                bench.arg("--features").arg(grammars(&args.lang));
            }
            _ => {
                bench.args(["--features", "peers"]);
            }
        }
        bench.args(["--bin", name.binary(), "--"]);
        if args.json {
            bench.arg("--json");
        }
        if *name == Name::Micro {
            bench.arg("--bench");
        }
        if let Some(rounds) = args.rounds
            && !matches!(name, Name::Quality | Name::Pairs | Name::Places | Name::Micro)
        {
            bench.args(["--rounds", &rounds.to_string()]);
        }
        if name.runs_sigla() {
            bench.arg("--sigla").arg(target().join("release/sigla"));
        }
        if *name == Name::Search && args.tenfold {
            bench.arg("--tenfold");
        }
        let mut folder = |flag: &str, folder: &Option<PathBuf>| {
            if let Some(folder) = folder {
                bench.arg(flag).arg(folder);
            }
        };
        match name {
            Name::Bm25 => folder("--codebench", &args.codebench),
            Name::Places => {
                folder("--codebench", &args.codebench);
                folder("--repos", &args.repos);
            }
            Name::Codec | Name::Logs => folder("--logs", &args.logs),
            Name::Quality => {
                folder("--codebench", &args.codebench);
                folder("--repos", &args.repos);
                folder("--textbench", &args.textbench);
            }
            Name::Outline => {
                folder("--tree", &args.tree);
                if !args.lang.is_empty() {
                    bench.arg("--lang").arg(args.lang.join(","));
                }
                if let Some(show) = args.show {
                    bench.args(["--show", &show.to_string()]);
                }
            }
            Name::Index
            | Name::Image
            | Name::Search
            | Name::Literal
            | Name::Pairs
            | Name::Micro => {}
        }
        shell::run(&mut bench)?;
    }
    Ok(())
}

/// Where criterion keeps the figures of a run, for the next to be compared with.
fn criterion() -> PathBuf {
    target().join("benches/criterion")
}

/// The features of the benches that bring the grammars of these languages; of none, of all.
fn grammars(langs: &[String]) -> String {
    if langs.is_empty() {
        return "oracle".to_owned();
    }
    langs.iter().map(|lang| format!("oracle-{lang}")).collect::<Vec<_>>().join(",")
}
