//! `sigla index`: bring indexes up to date.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use serde_json::json;

use super::{Outcome, closed_pipe, complain, note, report};
use crate::cli::IndexArgs;
use crate::engine::answer::Note;
use crate::output::progress::Bar;
use crate::store::home::{Home, Wait};
use crate::store::place::Place;
use crate::store::update::{Settings, Update};

/// Runs the command.
pub fn run(args: &IndexArgs) -> Result<Outcome> {
    if !args.glob.is_empty() {
        bail!(
            "index takes no -g: an index holds every file, so that all searches can share it; \
             give -g to search or pack, or list files to leave out in .ignore"
        );
    }
    let settings = args.machine.settings(args.rules.rules());
    let home = args.machine.home()?;
    let mut outcome = Outcome::Done;
    for path in &args.paths {
        match one(args, path, &home, &settings) {
            Ok(Outcome::Done) => {}
            Ok(_) => outcome = Outcome::Troubled,
            Err(error) if closed_pipe(&error) => return Err(error),
            Err(error) => {
                complain(format_args!("{error:#}"));
                outcome = Outcome::Troubled;
            }
        }
    }
    Ok(outcome)
}

/// Brings the index of one folder up to date.
fn one(args: &IndexArgs, path: &Path, home: &Home, settings: &Settings) -> Result<Outcome> {
    let start = Instant::now();
    let place = Place::exactly(path, home, &settings.rules)?;
    let (progress, pool) = (Bar::new(args.machine.quiet), args.machine.pool());
    let update = Update {
        place: &place,
        settings,
        wait: Wait::ForIt,
        guard: None,
        pool: &pool,
        progress: &progress,
    };
    let Some(done) = update.run()? else { bail!("another sigla is indexing {}", path.display()) };
    let seconds = start.elapsed().as_secs_f64();
    let mut out = std::io::stdout().lock();
    if args.json {
        let line = json!({
            "root": place.root.to_string_lossy(),
            "generation": done.generation,
            "changed": done.changed,
            "documents": done.documents,
            "segments": done.segments,
            "read": done.read,
            "removed": done.removed,
            "errors": done.troubles.len(),
            "large": done.left_out.large.len(),
            "broken_rules": done.left_out.broken.len(),
            "seconds": seconds,
        });
        writeln!(out, "{line}")?;
    } else if !args.machine.quiet {
        let root = place.root.display();
        let (generation, documents) = (done.generation, done.documents);
        if done.changed {
            writeln!(
                out,
                "{root}: generation {generation}, {documents} documents; \
                 {} files read, {} removed in {seconds:.2} s",
                done.read, done.removed
            )?;
        } else {
            writeln!(out, "{root}: generation {generation}, {documents} documents; nothing new")?;
        }
    }
    let left_out = Note::left_out(&done.left_out, settings.rules.max_filesize);
    note(&left_out, args.machine.quiet);
    Ok(report(&done.troubles))
}
