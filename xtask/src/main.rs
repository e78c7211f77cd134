//! Automation for sigla, in Rust: `cargo xtask test`, `bench`, `fuzz`, `mcu`.

mod bench;
mod fuzz;
mod ledger;
mod mcu;
mod shell;
mod test;
mod tools;
mod train;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Automation for sigla.
#[derive(Parser)]
#[command(name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run all tests there are: on the host, of the fuzz targets, on the emulated device.
    Test(test::Args),
    /// Compare with the peers, and score retrieval.
    Bench(bench::Args),
    /// Learn the weights of the ranker from a benchmark, and write them into the core.
    TrainRank(train::Args),
    /// Learn the general codebook from pinned corpora, and write it into the shell.
    TrainCodebook,
    /// Fuzz one target, or all of them for a minute each.
    Fuzz(fuzz::Args),
    /// Build the firmware, prove it free of panics, and put queries to it under QEMU.
    Mcu(mcu::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Test(args) => test::run(args),
        Command::Bench(args) => bench::run(args),
        Command::TrainRank(args) => train::rank(args),
        Command::TrainCodebook => train::codebook(),
        Command::Fuzz(args) => fuzz::run(args),
        Command::Mcu(args) => mcu::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<tools::Environment>() => {
            eprintln!("environment: {error:#}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
