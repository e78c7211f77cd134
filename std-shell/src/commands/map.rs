//! `sigla map`: what a project is made of.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use serde_json::json;

use super::search::look;
use super::{Outcome, complain, note, remark};
use crate::cli::MapArgs;
use crate::machine::progress::Silent;
use crate::output::human::{Look, harmless};
use crate::output::symbols::File as Called;
use crate::symbols::definitions::container;
use crate::symbols::map::{Bounds, MapFile, MapFolder, ProjectMap, Size};

/// Runs the command.
pub fn run(args: &MapArgs) -> Result<Outcome> {
    let quiet = args.scope.machine.quiet;
    let tokens = match (args.budget, args.limit) {
        (Some(tokens), _) => tokens,
        (None, Some(_)) => u32::MAX,
        (None, None) => 2000,
    };
    let bounds = Bounds {
        bytes: (tokens as usize).saturating_mul(4),
        symbols: args.limit.map_or(usize::MAX, |most| most as usize),
        depth: args.depth.map_or(usize::MAX, usize::from),
        kinds: &args.kind,
    };
    let engine = args.scope.engine(&args.places);
    let answer = engine.map(&args.scope.choice(), &bounds, &Silent)?;
    let overview = &answer.map;
    note(&answer.notes, quiet);
    if !quiet {
        let mut out = BufWriter::new(io::stdout().lock());
        if args.json {
            programs(&mut out, overview)?;
            let size = &overview.size;
            let done = json!({
                "done": true,
                "files": size.files,
                "lines": size.lines,
                "symbols": size.symbols,
                "shown": overview.shown(),
                "possible": overview.possible,
                "generation": answer.generation,
                "stale": answer.stale,
            });
            writeln!(out, "{done}")?;
        } else {
            people(look(args.color), &mut out, overview)?;
        }
        out.flush()?;
    }
    remark(&overview.remarks, quiet);
    answer.troubles.iter().for_each(complain);
    Ok(match (answer.is_troubled(), overview.possible) {
        (true, _) => Outcome::Troubled,
        (false, 0) => Outcome::Nothing,
        (false, _) => Outcome::Done,
    })
}

fn size(size: &Size) -> String {
    let plural = |number: u64, one: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {one}s"),
    };
    format!("{}, {}", plural(size.files.into(), "file"), plural(size.lines, "line"))
}

fn people(look: Look, out: &mut impl Write, overview: &ProjectMap) -> Result<()> {
    writeln!(out, "{}, {} symbols", size(&overview.size), overview.size.symbols)?;
    for (path, MapFolder { size: all, files }) in &overview.folders {
        if !path.is_empty() {
            look.paint(out, "1;35", &format!("{}/", harmless(path)))?;
            look.paint(out, "2", &format!("  {}", size(all)))?;
            writeln!(out)?;
        }
        let indent = if path.is_empty() { "" } else { "  " };
        for MapFile { named, lines, entries, .. } in files {
            let inner = named.shown.get(path.len()..).unwrap_or_default();
            let inner = inner.strip_prefix(b"/").unwrap_or(inner);
            write!(out, "{indent}")?;
            look.path(out, inner, named.file.as_deref())?;
            look.paint(out, "2", &format!("  {lines} lines"))?;
            writeln!(out)?;
            for entry in entries {
                look.paint(out, "2", &format!("{indent}{:>6} ", entry.line))?;
                write!(out, "{} {}", entry.kind.name(), harmless(&entry.qualifier))?;
                look.paint(out, "1", &harmless(&entry.name))?;
                look.paint(out, "2", &format!(" ×{}", entry.uses))?;
                writeln!(out)?;
            }
        }
    }
    Ok(())
}

fn programs(out: &mut impl Write, overview: &ProjectMap) -> Result<()> {
    for (path, MapFolder { size, files }) in &overview.folders {
        let folder = String::from_utf8_lossy(path);
        let line = json!({
            "folder": folder, "files": size.files, "lines": size.lines, "symbols": size.symbols,
        });
        writeln!(out, "{line}")?;
        for file in files {
            let called = serde_json::to_value(Called::of(&file.named))?;
            let with = |more: serde_json::Value| {
                let mut object = called.clone();
                if let (Some(object), serde_json::Value::Object(more)) =
                    (object.as_object_mut(), more)
                {
                    object.extend(more);
                }
                object
            };
            let (lang, lines) = (file.named.lang.name(), file.lines);
            let line = with(json!({ "lang": lang, "lines": lines, "symbols": file.symbols }));
            writeln!(out, "{line}")?;
            for entry in &file.entries {
                let line = with(json!({
                    "line": entry.line,
                    "end": entry.end,
                    "kind": entry.kind.name(),
                    "name": String::from_utf8_lossy(&entry.name),
                    "container": container(&entry.qualifier),
                    "uses": entry.uses,
                }));
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(())
}
