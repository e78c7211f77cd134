//! `sigla search`: find the files that answer a question best.

use std::io::{self, BufWriter, IsTerminal, Write};

use anyhow::{Result, bail};

use super::{Outcome, complain, note, remark};
use crate::cli::{SearchArgs, When};
use crate::engine::Engine;
use crate::engine::answer::Stats;
use crate::engine::scopes::Choice;
use crate::engine::search::{Answer, Detail, Question};
use crate::machine::progress::Silent;
use crate::output::human::{Look, harmless};
use crate::output::json;
use crate::output::progress::Bar;

/// Runs the command.
pub fn run(args: &SearchArgs) -> Result<Outcome> {
    if args.exact.wanted() || args.exact.files || args.exact.type_list {
        return super::exact::run(args);
    }
    if args.exact.null && !args.files_with_matches {
        bail!("--null ends paths: it goes with -l, --files or an exact search");
    }
    if args.exact.follow {
        bail!("an index follows no links: --follow goes with --files or an exact search");
    }
    let query = args.query()?;
    let quiet = args.machine.quiet;
    let lines = 1 + 2 * usize::from(args.context.unwrap_or(1));
    let question = Question {
        query: &query,
        words: args.words,
        choice: Choice { types: &args.types, globs: &args.glob },
        limit: args.limit.unwrap_or(10),
        effort: args.profile.into(),
        reasons: args.explain,
        detail: match (quiet, args.files_with_matches) {
            (true, _) => Detail::None,
            (false, true) => Detail::Paths,
            (false, false) => Detail::Passages { lines },
        },
    };
    let answer = engine(args).search(&question, &Silent)?;
    if !quiet {
        say(args, &answer);
    }
    remark(&answer.remarks, quiet);
    if !quiet {
        let mut out = BufWriter::new(io::stdout().lock());
        show(args, &mut out, &answer)?;
        out.flush()?;
    }
    if args.stats {
        stats(&answer.stats);
    }
    answer.troubles.iter().for_each(complain);
    Ok(match (quiet, answer.is_troubled()) {
        (true, _) if answer.found > 0 => Outcome::Done,
        (_, true) => Outcome::Troubled,
        _ if answer.found == 0 || (answer.hits.is_empty() && !quiet) => Outcome::Nothing,
        _ => Outcome::Done,
    })
}

/// What answers, with progress for the user.
pub(super) fn engine(args: &SearchArgs) -> Engine {
    let request = args.machine.request(&args.places(), &args.rules, args.stale_ok, args.mmap);
    Engine::with_progress(request, Bar::new(args.machine.quiet))
}

pub(super) fn look(when: When) -> Look {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let raw = !io::stdout().is_terminal();
    let terminal = !raw && !dumb;
    match when {
        When::Auto => Look { color: terminal && !set("NO_COLOR"), links: terminal, raw },
        When::Always => Look { color: true, links: terminal, raw },
        When::Never => Look { raw, ..Look::default() },
    }
}

/// Says what there is to say before the first hit.
fn say(args: &SearchArgs, answer: &Answer) {
    note(&answer.notes, false);
    let mut corrected: Vec<(&[u8], Vec<String>)> = Vec::new();
    for correction in &answer.corrected {
        // Terms are stems; the dots say so.
        let to = format!("\"{}…\"", harmless(&correction.to));
        match corrected.iter_mut().find(|(known, _)| *known == correction.from) {
            Some((_, all)) => all.push(to),
            None => corrected.push((&correction.from, vec![to])),
        }
    }
    for (from, to) in corrected {
        let from = harmless(from);
        complain(format_args!("nothing matches \"{from}\"; searched {}", to.join(", ")));
    }
    let loosened = &answer.loosened;
    if !loosened.is_empty() {
        let quoted = loosened.iter().take(3).map(|phrase| format!("\"{}\"", harmless(phrase)));
        let more = if loosened.len() > 3 { ", …" } else { "" };
        let quoted = quoted.collect::<Vec<_>>().join(", ");
        complain(format_args!("nothing holds {quoted}{more}; searched the words"));
    }
    if answer.capped {
        complain("the query is long or its phrase common: there may be more than was found");
    }
    if answer.wordless {
        complain("the query has no words; --literal finds signs, too");
    }
    if answer.found == 0 && !args.json {
        complain(format_args!("nothing found in {} documents", answer.stats.documents));
        if let Some(id) = &answer.id {
            let id = harmless(id);
            complain(format_args!("an id is found whole; -F {id} finds any part of one"));
        }
    }
}

/// Writes the hits.
fn show(args: &SearchArgs, out: &mut impl Write, answer: &Answer) -> io::Result<()> {
    let look = look(args.color);
    for (nth, hit) in answer.hits.iter().enumerate() {
        if args.files_with_matches {
            look.listed(out, &hit.shown, hit.file.as_deref())?;
            out.write_all(if args.exact.null { b"\0" } else { b"\n" })?;
        } else if args.json {
            json::hit(out, hit)?;
        } else {
            if nth > 0 {
                writeln!(out)?;
            }
            look.hit(out, hit)?;
        }
    }
    if args.json { json::done(out, answer) } else { Ok(()) }
}

/// Says what was searched, and how long it took.
pub(super) fn stats(stats: &Stats) {
    let Stats { documents, chunks, segments, generations, stages } = stats;
    let generations: Vec<String> = generations.iter().map(ToString::to_string).collect();
    complain(format_args!(
        "documents {documents}, chunks {chunks}, segments {segments}, generation {}",
        if generations.is_empty() { "none".to_owned() } else { generations.join(" ") },
    ));
    let stages = stages.iter().map(|(stage, time)| format!("{stage} {:.2} ms", time * 1000.0));
    complain(stages.collect::<Vec<_>>().join(", "));
}
