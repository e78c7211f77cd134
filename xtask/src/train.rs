//! Learns what is learned beforehand: the ranker's weights, which stand in the core, and the general
//! codebook, which stands in the shell.

use crate::shell::{self, cargo, root, target};
use anyhow::Result;
use std::{path::PathBuf, process::Command};

#[derive(clap::Args)]
pub struct Args {
    /// The code search benchmark: its queries_dev.jsonl
    #[arg(long, value_name = "DIR")]
    codebench: PathBuf,
    /// Its repositories, whole, each in a folder of its name
    #[arg(long, value_name = "DIR")]
    repos: PathBuf,
    /// The benchmark of commits: its queries_dev.jsonl
    #[arg(long, value_name = "DIR")]
    commitbench: PathBuf,
    /// Its repositories, each in a folder of its name
    #[arg(long, value_name = "DIR")]
    commits: PathBuf,
    /// Print the figures, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Also score without each feature
    #[arg(long)]
    ablate: bool,
}

pub fn rank(args: Args) -> Result<()> {
    let mut train = bench("train");
    train.arg("--codebench").arg(args.codebench).arg("--repos").arg(args.repos);
    train.arg("--commitbench").arg(args.commitbench).arg("--commits").arg(args.commits);
    if !args.dry_run {
        train.arg("--out").arg(root().join("core/src/rank/weights.rs"));
    }
    if args.ablate {
        train.arg("--ablate");
    }
    shell::run(&mut train)
}

pub fn codebook() -> Result<()> {
    shell::run(bench("codebook").arg(root().join("std-shell/src/general.codebook")))
}

/// A binary of the benches, with its arguments to come.
fn bench(name: &str) -> Command {
    let mut bench = cargo();
    bench.args(["run", "--release", "--locked", "--quiet", "--manifest-path"]);
    bench.arg(root().join("benches/Cargo.toml"));
    bench.arg("--target-dir").arg(target().join("benches"));
    bench.args(["--bin", name, "--"]);
    bench
}
