//! `sigla outline`: what files define.

use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use anyhow::{Context, Result};
use sigla_core::outline::Lang;

use super::search::look;
use super::{Outcome, closed_pipe, complain};
use crate::cli::OutlineArgs;
use crate::engine::{Engine, Request};
use crate::output::human::{Look, harmless};
use crate::output::symbols::definition_json;
use crate::symbols::file::{Nested, Question};
use crate::symbols::find::{Definition, shortened};

/// Runs the command.
pub fn run(args: &OutlineArgs) -> Result<Outcome> {
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut any, mut troubled) = (false, false);
    for file in &args.files {
        match one(args, file, &mut out) {
            Ok(shown) => any |= shown,
            Err(error) if closed_pipe(&error) => return Err(error),
            Err(error) => {
                out.flush()?;
                complain(format_args!("{error:#}"));
                troubled = true;
            }
        }
    }
    out.flush()?;
    Ok(match (troubled, any) {
        (true, _) => Outcome::Troubled,
        (false, true) => Outcome::Done,
        (false, false) => Outcome::Nothing,
    })
}

/// Shows one file; whether it defines anything that is wanted.
fn one(args: &OutlineArgs, file: &Path, out: &mut impl Write) -> Result<bool> {
    let mut input = None;
    if file == Path::new("-") {
        let mut raw = Vec::new();
        io::stdin().read_to_end(&mut raw).context("cannot read standard input")?;
        input = Some(raw);
    }
    let question = Question {
        file,
        bytes: input.as_deref(),
        lang: args.lang,
        kinds: &args.kind,
        depth: args.depth,
        reader: args.reading.reader(),
    };
    let answer = Engine::open(Request::new([])).outline(&question)?;
    let found = &answer.definitions;
    if args.json {
        for Nested { definition, .. } in found {
            definition_json(out, definition)?;
        }
        return Ok(!found.is_empty());
    }
    let look = look(args.color);
    if args.files.len() > 1 && !found.is_empty() {
        look.path(out, &answer.path, answer.file.as_deref())?;
        writeln!(out)?;
    }
    people(look, out, found)?;
    if found.is_empty() {
        let why = match answer.lang {
            Lang::Text | Lang::Log => "no language that sigla outlines; --lang names one",
            _ => "no definitions",
        };
        complain(format_args!("{}: {why}", harmless(&answer.path)));
    }
    Ok(!found.is_empty())
}

/// Lines, kind, signature nested, first line of the doc comment.
fn people(look: Look, out: &mut impl Write, found: &[Nested]) -> Result<()> {
    let range = |d: &Definition| match d.end > d.line {
        true => format!("{}-{}", d.line, d.end),
        false => d.line.to_string(),
    };
    let ranges = found.iter().map(|one| range(&one.definition).len());
    let width = ranges.max().unwrap_or_default();
    let kinds = found.iter().map(|one| one.definition.kind.name().len());
    let kind_width = kinds.max().unwrap_or_default();
    for Nested { depth, definition } in found {
        look.paint(out, "32", &format!("{:>width$}", range(definition)))?;
        write!(out, "  {:kind_width$}  ", definition.kind.name())?;
        write!(out, "{:1$}", "", 2 * usize::from(*depth))?;
        let signature = harmless(shortened(&definition.signature, 160).as_bytes());
        let name = harmless(&definition.name);
        match signature.split_once(&*name) {
            Some((before, after)) => {
                write!(out, "{before}")?;
                look.paint(out, "1", &name)?;
                write!(out, "{after}")?;
            }
            None => look.paint(out, "1", &name)?,
        }
        if !definition.doc.is_empty() {
            let doc = harmless(shortened(&definition.doc, 120).as_bytes());
            look.paint(out, "2", &format!("  — {doc}"))?;
        }
        writeln!(out)?;
    }
    Ok(())
}
