//! `sigla symbol`: where a name is defined, and where it is used.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use serde::Serialize;

use super::search::look;
use super::{Outcome, complain, note, remark};
use crate::cli::SymbolArgs;
use crate::engine::answer::Origin;
use crate::machine::progress::Silent;
use crate::output::human::harmless;
use crate::output::symbols::{definition_json, use_json};
use crate::symbols::definitions::Likeness;
use crate::symbols::find::{Answer, Near, Question};
use crate::symbols::names::Fit;

/// Runs the command.
pub fn run(args: &SymbolArgs) -> Result<Outcome> {
    let quiet = args.scope.machine.quiet;
    let say = |text: &dyn std::fmt::Display| {
        if !quiet {
            complain(text);
        }
    };
    let question = Question {
        name: args.name.trim().as_bytes(),
        choice: args.scope.choice(),
        likeness: match (args.exact, args.prefix, args.fuzzy) {
            (true, ..) => Likeness::Exact,
            (_, true, _) => Likeness::Prefix,
            (_, _, true) => Likeness::Fuzzy,
            _ => Likeness::Best,
        },
        kinds: &args.kind,
        limit: args.limit.unwrap_or(20) as usize,
        uses: args.refs.then(|| (args.limit.unwrap_or(50) as usize, args.reading.reader())),
    };
    let answer = args.scope.engine(&args.places).symbols(&question, &Silent)?;
    note(&answer.notes, quiet);
    let name = harmless(question.name);
    if answer.apart {
        say(&format_args!("nothing is said to be \"{name}\"; elsewhere:"));
    }
    let best = question.likeness == Likeness::Best;
    match answer.fit {
        Some(Fit::Case) if best => {
            say(&format_args!("no symbol is \"{name}\" in this case; in another:"));
        }
        Some(Fit::Prefix) if best => {
            say(&format_args!("no symbol is \"{name}\"; these begin so:"));
        }
        Some(Fit::Fuzzy) if best => {
            say(&format_args!("no symbol is \"{name}\"; these resemble it:"));
        }
        None if answer.used == 0 => say(&missing(&name, &answer.near)),
        None => say(&format_args!("\"{name}\" is not defined here")),
        _ => {}
    }
    if !quiet {
        let mut out = BufWriter::new(io::stdout().lock());
        match args.json {
            true => programs(&mut out, args, &answer)?,
            false => people(&mut out, args, &answer)?,
        }
        out.flush()?;
        let more = |shown: usize, all: usize, what: &str| {
            if shown < all && !args.json {
                say(&format_args!("{shown} of {all} {what} shown; -n {all} shows all"));
            }
        };
        more(answer.listed, answer.defined, "definitions");
        more(answer.uses.len(), answer.used, "uses");
    }
    if answer.moved {
        say(&"files have changed since they were indexed: read anew");
    }
    remark(&answer.remarks, quiet);
    answer.troubles.iter().for_each(complain);
    Ok(match (answer.defined > 0 || answer.used > 0, answer.is_troubled()) {
        (true, false) => Outcome::Done,
        (true, true) if quiet => Outcome::Done,
        (_, true) => Outcome::Troubled,
        (false, false) => Outcome::Nothing,
    })
}

/// The last object.
#[derive(Serialize)]
struct Done<'a> {
    done: bool,
    #[serde(rename = "match")]
    matched: Option<&'static str>,
    definitions: usize,
    uses: Option<usize>,
    generation: Option<u64>,
    stale: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    places: &'a [Origin],
}

/// What to say when nothing was found: what may have been meant.
fn missing(name: &str, near: &[Near]) -> String {
    let near = near.iter().map(|one| {
        let name = harmless(&one.name);
        one.kind.map_or(format!("\"{name}\""), |kind| format!("\"{name}\", a {kind}"))
    });
    let near = near.collect::<Vec<_>>().join(" or ");
    match near.is_empty() {
        true => format!("no symbol is like \"{name}\"; sigla search finds words of texts"),
        false => format!("no such symbol \"{name}\"; is it {near}?"),
    }
}

fn programs(out: &mut impl Write, args: &SymbolArgs, answer: &Answer) -> Result<()> {
    for definition in &answer.definitions {
        definition_json(out, definition)?;
    }
    for used in &answer.uses {
        use_json(out, used)?;
    }
    let done = Done {
        done: true,
        matched: answer.fit.map(Fit::name),
        definitions: answer.defined,
        uses: args.refs.then_some(answer.used),
        generation: answer.generation,
        stale: answer.stale,
        places: &answer.places,
    };
    serde_json::to_writer(&mut *out, &done)?;
    Ok(writeln!(out)?)
}

fn people(out: &mut impl Write, args: &SymbolArgs, answer: &Answer) -> Result<()> {
    let look = look(args.color);
    for (nth, definition) in answer.definitions.iter().enumerate() {
        if nth > 0 {
            writeln!(out)?;
        }
        look.definition(out, definition)?;
    }
    if !args.refs {
        return Ok(());
    }
    if !answer.definitions.is_empty() {
        writeln!(out)?;
    }
    let plural = if answer.used == 1 { "" } else { "s" };
    look.paint(out, "1", &format!("used on {} line{plural}", answer.used))?;
    writeln!(out)?;
    let mut last = None;
    for used in &answer.uses {
        let named = &used.named;
        if last.replace((named.place, &named.path)) != Some((named.place, &named.path)) {
            look.path(out, &named.shown, named.file.as_deref())?;
            writeln!(out)?;
        }
        look.reference(out, used)?;
    }
    Ok(())
}
