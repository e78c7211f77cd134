//! Learns the ranker's weights and writes them into the core.

use crate::shell::{self, cargo, root, target};
use anyhow::Result;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The code search benchmark: its queries_dev.jsonl
    #[arg(long, value_name = "DIR")]
    codebench: PathBuf,
    /// Its unpacked repositories [default: CODEBENCH/repos]
    #[arg(long, value_name = "DIR")]
    repos: Option<PathBuf>,
    /// Print the figures, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Also score without each feature
    #[arg(long)]
    ablate: bool,
}

pub fn run(args: Args) -> Result<()> {
    let repos = args.repos.unwrap_or_else(|| args.codebench.join("repos"));
    let mut train = cargo();
    train.args(["run", "--release", "--locked", "--quiet", "--manifest-path"]);
    train.arg(root().join("benches/Cargo.toml"));
    train.arg("--target-dir").arg(target().join("benches"));
    train.args(["--bin", "train", "--", "--codebench"]).arg(args.codebench);
    train.arg("--repos").arg(repos);
    if !args.dry_run {
        train.arg("--out").arg(root().join("core/src/rank/weights.rs"));
    }
    if args.ablate {
        train.arg("--ablate");
    }
    shell::run(&mut train)
}
