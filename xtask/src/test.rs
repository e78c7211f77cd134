//! `cargo xtask test`: all tests there are, with their minutes.

use crate::{
    fuzz,
    ledger::{Ledger, Post},
    mcu, shell,
    tools::{self, Device, Environment},
};
use anyhow::Result;
use std::{env, time::Duration};

#[derive(clap::Args)]
pub struct Args {
    /// Seconds spent on lints and docs before, for the ledger.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    already: u64,
}

pub fn run(args: Args) -> Result<()> {
    let mut ledger = Ledger::default();
    if args.already > 0 {
        ledger.book(Post::HostBuild, "lints, docs", Duration::from_secs(args.already));
    }
    let done = stages(&mut ledger);
    eprintln!("{ledger}");
    done
}

fn stages(ledger: &mut Ledger) -> Result<()> {
    let device = ledger.stage(Post::Environment, "environment", || Device::prepare(mcu::TRIPLE));
    let device = or_skip(ledger, "the firmware", device)?;
    let cxx = or_skip(ledger, "the fuzz targets", tools::cxx())?;

    ledger.stage(Post::HostBuild, "host build", || {
        let core = ["check", "--package", "sigla-core", "--no-default-features"];
        shell::run(host(&core).args(["--features", "defmt"]))?;
        shell::run(&mut host(&["test", "--workspace", "--no-run"]))
    })?;
    if cxx.is_some() {
        ledger.stage(Post::HostBuild, "fuzz build", fuzz::build_all)?;
    }
    ledger.test(Post::Tests, "host tests", || {
        shell::run(&mut host(&["test", "--workspace", "--no-fail-fast"]))
    });
    ledger.test(Post::Tests, "tests of the benches", || {
        let mut cargo = shell::cargo();
        cargo.args(["test", "--locked", "--target-dir"]).arg(shell::target().join("benches"));
        shell::run(cargo.current_dir(shell::root().join("benches")))
    });
    if cxx.is_some() {
        ledger.test(Post::Tests, "fuzz replay", fuzz::replay);
    }
    if let Some(device) = device {
        let firmware = ledger.stage(Post::CrossBuilds, "firmware", || mcu::build(&device))?;
        ledger.test(Post::CrossBuilds, "planted panic", || mcu::plant(&device));
        ledger.test(Post::Emulators, "firmware in QEMU", || mcu::ask(&device, &firmware));
    }
    ledger.verdict()
}

/// Cargo on the host's one profile, so that nothing is built twice.
fn host(words: &[&str]) -> std::process::Command {
    let mut cargo = shell::cargo();
    cargo.args(words).args(["--profile", "ci", "--locked"]);
    cargo
}

/// On a person's machine a missing tool means a test less, in CI it is a failure.
fn or_skip<T>(ledger: &mut Ledger, what: &str, found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is::<Environment>() && env::var("CI").as_deref() != Ok("true") => {
            ledger.skip(format!("{what}: {error:#}"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
