//! `sigla outline`: what files define.

use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use sigla_core::outline::{Kind, Lang};

use super::search::look;
use super::{Outcome, closed_pipe, complain};
use crate::cli::OutlineArgs;
use crate::engine::corpus::Named;
use crate::output::human::{Look, harmless};
use crate::output::symbols::{Definition, definition_json, shortened};
use crate::symbols::definitions::qualifier;
use crate::tree::decode::decode;

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
    let mut raw = Vec::new();
    if file == Path::new("-") {
        io::stdin().read_to_end(&mut raw).context("cannot read standard input")?;
    } else {
        raw = fs::read(file).with_context(|| match file.is_dir() {
            true => format!("{} is a folder: sigla map shows one", file.display()),
            false => format!("cannot read {}", file.display()),
        })?;
    }
    let text =
        decode(&raw).ok_or_else(|| anyhow!("{} is binary: it holds NUL bytes", file.display()))?;
    let key = file.as_os_str().as_bytes();
    let lang = args.lang.unwrap_or_else(|| Lang::detect(key, &text));
    let outlined = args.reading.reader()(lang, &text);
    let named = Named {
        place: 0,
        path: key.to_vec(),
        root: None,
        shown: key.to_vec(),
        file: file.canonicalize().ok(),
        lang,
    };
    let wanted = |kind: Kind| args.kind.is_empty() || args.kind.contains(&kind);
    let all = outlined.definitions.iter();
    let chosen = all.filter(|d| wanted(d.kind) && args.depth.is_none_or(|most| d.depth < most));
    let found: Vec<(u8, Definition)> = chosen
        .map(|definition| {
            let shown = Definition {
                named: named.clone(),
                kind: definition.kind,
                name: definition.name.to_vec(),
                qualifier: qualifier(lang, &outlined.chain(definition)),
                line: definition.line,
                end: definition.end_line,
                signature: outlined.signature(definition),
                doc: outlined.doc(definition),
            };
            (definition.depth, shown)
        })
        .collect();
    if args.json {
        for (_, definition) in &found {
            definition_json(out, definition)?;
        }
        return Ok(!found.is_empty());
    }
    let look = look(args.color);
    if args.files.len() > 1 && !found.is_empty() {
        look.path(out, &named.shown, named.file.as_deref())?;
        writeln!(out)?;
    }
    people(look, out, &found)?;
    if found.is_empty() {
        let why = match lang {
            Lang::Text | Lang::Log => "no language that sigla outlines; --lang names one",
            _ => "no definitions",
        };
        complain(format_args!("{}: {why}", harmless(key)));
    }
    Ok(!found.is_empty())
}

/// Lines, kind, signature nested, first line of the doc comment.
fn people(look: Look, out: &mut impl Write, found: &[(u8, Definition)]) -> Result<()> {
    let range = |d: &Definition| match d.end > d.line {
        true => format!("{}-{}", d.line, d.end),
        false => d.line.to_string(),
    };
    let ranges = found.iter().map(|(_, definition)| range(definition).len());
    let width = ranges.max().unwrap_or_default();
    let kinds = found.iter().map(|(_, definition)| definition.kind.name().len());
    let kind_width = kinds.max().unwrap_or_default();
    for (depth, definition) in found {
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
