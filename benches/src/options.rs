//! What every bench is told on its command line.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use clap::Args;

/// Options that the benches share.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Print one JSON object a figure instead of a table
    #[arg(long)]
    pub json: bool,
    /// How many times each side is measured; the medians count
    #[arg(long, value_name = "NUM", default_value_t = 5)]
    pub rounds: usize,
    /// The program under test [default: the project's release build]
    #[arg(long, value_name = "PATH")]
    pub sigla: Option<PathBuf>,
}

impl Options {
    /// The program under test, which must have been built.
    pub fn sigla(&self) -> Result<PathBuf> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the project")?;
        let target = env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into());
        let built = || root.join(target).join("release/sigla");
        let path = self.sigla.clone().unwrap_or_else(built);
        ensure!(path.exists(), "{} is not there: cargo build --release", path.display());
        Ok(path)
    }
}

/// How many threads each side of a comparison gets.
pub const THREADS: usize = 2;

/// A rayon pool of [`THREADS`].
pub fn pool() -> Result<rayon::ThreadPool> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(THREADS).build()?)
}

/// The current ripgrep, installed by cargo below the corpus' data where it is not there yet.
pub fn ripgrep(data: &Path) -> Result<PathBuf> {
    let root = data.join(format!("ripgrep-{RIPGREP}"));
    let program = root.join("bin/rg");
    if !program.exists() {
        eprintln!("search: cargo install ripgrep {RIPGREP}");
        let status = Command::new("cargo")
            .args(["install", "ripgrep", "--locked", "--quiet", "--version", RIPGREP, "--root"])
            .arg(&root)
            .env("CARGO_TARGET_DIR", root.join("target"))
            .status()?;
        ensure!(status.success(), "cargo install ripgrep ended with {status}");
        std::fs::remove_dir_all(root.join("target"))?;
    }
    Ok(program)
}

/// The ripgrep we are measured beside.
pub const RIPGREP: &str = "15.2.0";
