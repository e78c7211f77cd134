//! The commands, a file each, and what they share: exit codes and messages.
//!
//! Results go to standard output, all else to standard error. The exit code is
//! 0 when all went well (in `search`: found), 1 when nothing was found, 2 after
//! an error, also one that left most of the work done, such as a file that
//! could not be read. A reader that goes away (`| head`) is no error.

mod cat;
mod exact;
mod index;
mod inspect;
mod list;
mod map;
mod outline;
mod pack;
mod rm;
mod search;
mod sql;
mod status;
mod symbol;
mod unpack;
mod verify;

use std::fmt::Write as _;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::{Cli, Command, hints};
use crate::engine::answer::{Note, Remark};
use crate::machine;
use crate::output::notes;
use crate::tree::walk::Trouble;

/// How a command ended, apart from errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All went well: exit code 0.
    Done,
    /// Nothing was found: exit code 1.
    Nothing,
    /// Part of it failed, and was reported: exit code 2.
    Troubled,
}

/// Runs the command that the arguments of this process name.
pub fn main() -> ExitCode {
    machine::exit_where_aborted(2);
    let cli = Cli::try_parse().unwrap_or_else(|error| hints::at_flag(hinted(error)).exit());
    let outcome = match cli.command {
        Command::Search(args) => search::run(&args),
        Command::Symbol(args) => symbol::run(&args),
        Command::Outline(args) => outline::run(&args),
        Command::Map(args) => map::run(&args),
        Command::Sql(args) => sql::run(&args),
        Command::Index(args) => index::run(&args),
        Command::Status(args) => status::run(&args),
        Command::List(args) => list::run(&args),
        Command::Rm(args) => rm::run(&args),
        Command::Pack(args) => pack::run(&args),
        Command::Cat(args) => cat::run(&args),
        Command::Unpack(args) => unpack::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Verify(args) => verify::run(&args),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Ok(Outcome::Troubled) => ExitCode::from(2),
        Err(error) if closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(format_args!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Who gives words and no command wants to search for them.
fn hinted(mut error: clap::Error) -> clap::Error {
    let words = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(words)) if error.kind() == ErrorKind::InvalidSubcommand => words,
        _ => return error,
    };
    let mut hint = StyledStr::new();
    // Writing to a string cannot fail.
    let _ = write!(hint, "to search for it: sigla search '{}'", words.replace('\'', "'\\''"));
    let mut all = vec![hint];
    if let Some(ContextValue::StyledStrs(known)) = error.get(ContextKind::Suggested) {
        all.extend(known.iter().cloned());
    }
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(all));
    error
}

/// Says on standard error what is wrong.
pub fn complain(what: impl std::fmt::Display) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(io::stderr(), "sigla: {what}");
}

/// Says what there is to know of what was searched, unless `quiet`.
fn note(all: &[Note], quiet: bool) {
    all.iter().filter(|_| !quiet).map(notes::note).for_each(complain);
}

/// Says what there is to know of files; with `quiet` only what is wrong.
fn remark(all: &[Remark], quiet: bool) {
    let told = all.iter().filter(|remark| !quiet || remark.what.is_trouble());
    told.map(notes::remark).for_each(complain);
}

/// Complains of each trouble; what that means for the exit code.
pub fn report(troubles: &[Trouble]) -> Outcome {
    troubles.iter().for_each(complain);
    if troubles.is_empty() { Outcome::Done } else { Outcome::Troubled }
}

fn closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// A number of bytes for people.
pub fn human(bytes: u64) -> indicatif::BinaryBytes {
    indicatif::BinaryBytes(bytes)
}
