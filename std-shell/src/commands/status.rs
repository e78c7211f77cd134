//! `sigla status`: where an index is, what is in it, whether it is fresh.

use std::io::Write;

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::{Outcome, human};
use crate::cli::StatusArgs;
use crate::machine::progress::Silent;
use crate::output::human::harmless;
use crate::store::home::Wait;
use crate::store::index::Index;
use crate::store::place::Place;
use crate::store::update::Update;

/// The most files and rules of a kind that are named to people.
const NAMED: usize = 10;

/// Runs the command: exit code 0, or 1 when there is no index.
pub fn run(args: &StatusArgs) -> Result<Outcome> {
    let home = args.machine.home()?;
    let settings = args.machine.settings(args.rules.rules());
    let place = Place::of(&args.path, &home, &settings.rules)?;
    let mut out = std::io::stdout().lock();
    let Some(index) = Index::open(&place.folder)? else {
        if args.json {
            let line = json!({ "root": place.root.to_string_lossy(), "generation": null });
            writeln!(out, "{line}")?;
        } else {
            writeln!(out, "{}: not indexed", place.root.display())?;
        }
        return Ok(Outcome::Nothing);
    };
    let update = Update {
        place: &place,
        settings: &settings,
        wait: Wait::Never,
        guard: None,
        pool: &args.machine.pool(),
        progress: &Silent,
    };
    let stale = update.is_stale(&index)?;
    let documents = index.documents();
    let left_out = index.left_out()?;
    let path = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut segments = Vec::new();
    for segment in index.segments()? {
        let sections: Map<String, Value> = segment
            .image
            .sections()
            .map(|(section, bytes)| (section.name().to_owned(), bytes.into()))
            .collect();
        segments.push(json!({
            "documents": segment.image.meta().documents,
            "dead": segment.dead().count(),
            "bytes": segment.image.bytes().len(),
            "sections": sections,
        }));
    }
    let bytes: u64 = segments.iter().filter_map(|segment| segment["bytes"].as_u64()).sum();
    if args.json {
        let line = json!({
            "root": place.root.to_string_lossy(),
            "index": place.folder.path().to_string_lossy(),
            "generation": index.generation(),
            "stale": stale,
            "documents": documents,
            "large": left_out.large.iter().map(|key| path(key)).collect::<Vec<_>>(),
            "broken_rules": left_out
                .broken
                .iter()
                .map(|it| json!({ "path": path(&it.rule), "why": it.why }))
                .collect::<Vec<_>>(),
            "bytes": bytes,
            "segments": segments,
        });
        writeln!(out, "{line}")?;
        return Ok(Outcome::Done);
    }
    writeln!(out, "root        {}", place.root.display())?;
    writeln!(out, "index       {}", place.folder.path().display())?;
    let state = if stale { "stale: the tree has changed since" } else { "fresh" };
    writeln!(out, "generation  {}, {state}", index.generation().unwrap_or_default())?;
    writeln!(out, "documents   {documents}")?;
    let limit = human(settings.rules.max_filesize);
    writeln!(out, "left out    {} texts larger than {limit}", left_out.large.len())?;
    for key in left_out.large.iter().take(NAMED) {
        writeln!(out, "  {}", harmless(key))?;
    }
    if !left_out.broken.is_empty() {
        writeln!(out, "rules       {} cannot be used", left_out.broken.len())?;
    }
    for it in left_out.broken.iter().take(NAMED) {
        writeln!(out, "  {}: {}", harmless(&it.rule), it.why)?;
    }
    writeln!(out, "segments    {}, {}", segments.len(), human(bytes))?;
    for segment in &segments {
        let size = |value: &Value| human(value.as_u64().unwrap_or_default());
        let (documents, dead) = (&segment["documents"], &segment["dead"]);
        writeln!(out, "  {}: {documents} documents, {dead} of them dead", size(&segment["bytes"]))?;
        for (name, bytes) in segment["sections"].as_object().into_iter().flatten() {
            writeln!(out, "    {name:<9} {}", size(bytes))?;
        }
    }
    Ok(Outcome::Done)
}
