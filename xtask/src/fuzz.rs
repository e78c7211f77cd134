//! The fuzz targets, built on stable Rust: libFuzzer needs only the compiler's own instrumentation.
//!
//! `cargo fuzz` on nightly runs the same targets, with address sanitizer.

use crate::{shell, tools};
use anyhow::{Context, Result, bail};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// Each is a file in `fuzz/targets` and a folder of small inputs in `fuzz/corpus`.
const TARGETS: [&str; 5] = ["analyser", "glyph", "image", "outline", "query"];

/// What `cargo fuzz` passes, less the sanitizer, which only nightly has.
const INSTRUMENTED: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks";

/// Ten seconds on one input, or 2 GiB, is a failure too.
const LIMITS: [&str; 3] = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=4096"];

#[derive(clap::Args)]
pub struct Args {
    /// The target to run until it fails or is stopped.
    #[arg(required_unless_present = "smoke", value_parser = TARGETS)]
    target: Option<String>,
    /// Run each target for 60 seconds.
    #[arg(long, conflicts_with = "target")]
    smoke: bool,
    /// Arguments for libFuzzer, after `--`; a file among them is run as the only input.
    #[arg(last = true)]
    args: Vec<String>,
}

pub fn run(args: Args) -> Result<()> {
    tools::cxx()?;
    match args.target {
        Some(target) => {
            build(&["--bin", &target])?;
            let files = args.args.iter().any(|arg| !arg.starts_with('-'));
            let mut fuzzer = fuzzer(&target)?;
            if !files {
                fuzzer.arg(found(&target)?).arg(corpus(&target));
            }
            shell::run(fuzzer.args(&args.args))
        }
        None => {
            build_all()?;
            for target in TARGETS {
                let mut fuzzer = fuzzer(target)?;
                fuzzer.arg(found(target)?).arg(corpus(target));
                shell::run(fuzzer.arg("-max_total_time=60").args(&args.args))?;
            }
            Ok(())
        }
    }
}

/// Builds all targets.
pub fn build_all() -> Result<()> {
    build(&["--bins"])
}

/// Runs each target's corpus, then as many inputs that are the same in each run.
pub fn replay() -> Result<()> {
    for target in TARGETS {
        let scratch = shell::target().join("fuzz/replay").join(target);
        shell::empty(&scratch)?;
        let mut fuzzer = fuzzer(target)?;
        fuzzer.arg(scratch).arg(corpus(target));
        // Some inputs of the codec learn a codebook, which takes long.
        let runs = if target == "glyph" { "-runs=2000" } else { "-runs=20000" };
        let words = ["-seed=1", runs, "-verbosity=0", "-print_final_stats=1"];
        let output = fuzzer.args(words).stdin(Stdio::null()).output()?;
        let log = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            bail!("fuzz target {target}: {}\n{log}", output.status);
        }
        let runs = log
            .lines()
            .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
            .with_context(|| format!("fuzz target {target} ran nothing:\n{log}"))?;
        eprintln!("{target}: {} inputs, no failure", runs.trim());
    }
    Ok(())
}

fn build(bins: &[&str]) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.current_dir(shell::root().join("fuzz")).args(["build", "--release", "--locked"]);
    cargo.args(bins).arg("--target").arg(host()?).arg("--target-dir").arg(folder());
    shell::run(cargo.env("RUSTFLAGS", INSTRUMENTED))
}

fn fuzzer(target: &str) -> Result<Command> {
    let artifacts = shell::root().join("fuzz/artifacts").join(target);
    std::fs::create_dir_all(&artifacts)?;
    let mut fuzzer = Command::new(folder().join(host()?).join("release").join(target));
    fuzzer.arg(format!("-artifact_prefix={}/", artifacts.display())).args(LIMITS);
    Ok(fuzzer)
}

fn folder() -> PathBuf {
    shell::target().join("fuzz")
}

fn corpus(target: &str) -> PathBuf {
    shell::root().join("fuzz/corpus").join(target)
}

/// Where inputs that reach new code are kept between runs; the committed corpus stays small.
fn found(target: &str) -> Result<PathBuf> {
    let found = folder().join("found").join(target);
    std::fs::create_dir_all(&found)?;
    Ok(found)
}

/// The host's triple. Named, so that build scripts and macros are not instrumented.
fn host() -> Result<String> {
    let version = shell::output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}
