//! `sigla symbol`: where a name is defined, and where it is used.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use anyhow::Result;
use serde::Serialize;
use sigla_core::image::{Segment, SymbolId};
use sigla_core::outline::Kind;

use super::search::{look, origins};
use super::{Outcome, complain};
use crate::cli::SymbolArgs;
use crate::engine::corpus::{Corpus, DocAt, Reading};
use crate::output::human::harmless;
use crate::output::json::Origin;
use crate::output::symbols::{self as shown, definition_json, use_json};
use crate::symbols::definitions::{self, Definition, Likeness, chain, qualifier};
use crate::symbols::names::{Chained, Fit, Wanted};
use crate::symbols::outline::{Outlined, Reader};
use crate::symbols::references::{self, Reference, distinct};

/// Runs the command.
pub fn run(args: &SymbolArgs) -> Result<Outcome> {
    let asked = args.name.trim().as_bytes();
    anyhow::ensure!(!asked.is_empty(), "no name: try sigla symbol main");
    let corpus = args.scope.open(&args.places)?;
    let segments = corpus.segments()?;
    let quiet = args.scope.machine.quiet;
    let note = |text: &dyn std::fmt::Display| {
        if !quiet {
            complain(text);
        }
    };
    for text in corpus.searcher().notes(args.scope.stale_ok)? {
        note(&text);
    }

    let likeness = match (args.exact, args.prefix, args.fuzzy) {
        (true, ..) => Likeness::Exact,
        (_, true, _) => Likeness::Prefix,
        (_, _, true) => Likeness::Fuzzy,
        _ => Likeness::Best,
    };
    let mut found = definitions::find(&segments, asked, likeness, &args.kind)?;
    let mut uses = Reading { found: vec![], moved: false, unreadable: vec![] };
    if args.refs {
        uses = used(&corpus, &segments, asked, &found, args.reading.reader())?;
        // What is used by this very name is meant, though it is not defined here.
        if likeness == Likeness::Best && !uses.found.is_empty() {
            found.retain(|definition| definition.fit <= Fit::Case);
        }
    }
    let total = found.len();
    found.truncate(args.limit.unwrap_or(20) as usize);
    let described = describe(&corpus, &segments, &found)?;
    let (definitions, moved) = (described.found, described.moved || uses.moved);
    let fit = found.first().map(|definition| definition.fit);

    let name = harmless(asked);
    if found.first().is_some_and(|definition| definition.chained == Chained::Apart) {
        note(&format_args!("nothing is said to be \"{name}\"; elsewhere:"));
    }
    match fit {
        Some(Fit::Case) if likeness == Likeness::Best => {
            note(&format_args!("no symbol is \"{name}\" in this case; in another:"));
        }
        Some(Fit::Prefix) if likeness == Likeness::Best => {
            note(&format_args!("no symbol is \"{name}\"; these begin so:"));
        }
        Some(Fit::Fuzzy) if likeness == Likeness::Best => {
            note(&format_args!("no symbol is \"{name}\"; these resemble it:"));
        }
        None if uses.found.is_empty() => {
            note(&missing(&segments, asked, &args.kind)?);
        }
        None => note(&format_args!("\"{name}\" is not defined here")),
        _ => {}
    }

    let mut out = BufWriter::new(io::stdout().lock());
    let lines = uses.found.len();
    if !quiet {
        let most = args.limit.unwrap_or(50) as usize;
        let listed = uses.found.get(..most.min(lines)).unwrap_or_default();
        if args.json {
            for definition in &definitions {
                definition_json(&mut out, definition)?;
            }
            for used in listed {
                if let Some(named) = corpus.name(&segments, used.at)? {
                    use_json(&mut out, &named, used)?;
                }
            }
            let done = Done {
                done: true,
                matched: fit.map(Fit::name),
                definitions: total,
                uses: args.refs.then_some(lines),
                generation: corpus.searcher().generation(),
                stale: moved || corpus.stale(),
                places: origins(corpus.searcher()),
            };
            serde_json::to_writer(&mut out, &done)?;
            writeln!(out)?;
        } else {
            people(&mut out, args, &corpus, &segments, &definitions, listed, lines)?;
        }
        out.flush()?;
        let more = |shown: usize, all: usize, what: &str| {
            if shown < all && !args.json {
                note(&format_args!("{shown} of {all} {what} shown; -n {all} shows all"));
            }
        };
        more(found.len(), total, "definitions");
        more(listed.len(), lines, "uses");
    }
    if moved {
        note(&"files have changed since they were indexed: read anew");
    }
    for (at, why) in described.unreadable.iter().chain(&uses.unreadable) {
        if let Some(named) = corpus.name(&segments, *at)? {
            complain(format_args!("{}: {why}", harmless(&named.shown)));
        }
    }
    corpus.searcher().troubles().for_each(complain);
    let troubled = !described.unreadable.is_empty()
        || !uses.unreadable.is_empty()
        || corpus.searcher().troubles().next().is_some();
    Ok(match (total > 0 || lines > 0, troubled) {
        (true, false) => Outcome::Done,
        (true, true) if quiet => Outcome::Done,
        (_, true) => Outcome::Troubled,
        (false, false) => Outcome::Nothing,
    })
}

/// The last object.
#[derive(Serialize)]
struct Done {
    done: bool,
    #[serde(rename = "match")]
    matched: Option<&'static str>,
    definitions: usize,
    uses: Option<usize>,
    generation: Option<u64>,
    stale: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<Origin>,
}

/// The uses of what was asked for, or of the one name that was found for it.
fn used(
    corpus: &Corpus,
    segments: &[Segment<'_>],
    asked: &[u8],
    found: &[Definition],
    reader: Reader,
) -> Result<Reading<Reference>> {
    let mut names: Vec<&[u8]> = vec![];
    for definition in found {
        let Some(segment) = segments.get(definition.at.segment) else { continue };
        names.push(segment.image.symbols().get(definition.symbol)?.name);
    }
    names.sort_unstable();
    names.dedup();
    let mut wanted = Wanted::qualified(asked);
    if names.contains(&asked) {
        wanted = Wanted::whole(asked);
    }
    let reading = references::find(corpus, segments, &wanted, reader)?;
    match names[..] {
        [name] if reading.found.is_empty() && name != wanted.name => {
            references::find(corpus, segments, &Wanted { name, ..wanted }, reader)
        }
        _ => Ok(reading),
    }
}

/// What to say when nothing was found: what may have been meant.
fn missing(segments: &[Segment<'_>], asked: &[u8], kinds: &[Kind]) -> Result<String> {
    let name = harmless(asked);
    let mut near = vec![];
    for definition in definitions::find(segments, asked, Likeness::Best, &[])? {
        let Some(segment) = segments.get(definition.at.segment) else { continue };
        let symbol = segment.image.symbols().get(definition.symbol)?;
        let shown = match kinds.contains(&symbol.kind) || kinds.is_empty() {
            true => format!("\"{}\"", harmless(symbol.name)),
            false => format!("\"{}\", a {}", harmless(symbol.name), symbol.kind.name()),
        };
        if !near.contains(&shown) {
            near.push(shown);
        }
        if near.len() == 3 {
            break;
        }
    }
    Ok(match near.is_empty() {
        true => format!("no symbol is like \"{name}\"; sigla search finds words of texts"),
        false => format!("no such symbol \"{name}\"; is it {}?", near.join(" or ")),
    })
}

/// All that is said about each of `found`. A definition that its file no longer
/// has is left out.
fn describe(
    corpus: &Corpus,
    segments: &[Segment<'_>],
    found: &[Definition],
) -> Result<Reading<shown::Definition>> {
    let mut described = BTreeMap::new();
    for definition in found {
        if let Some(shown) = known(corpus, segments, definition.at, definition.symbol)? {
            described.insert((definition.at, definition.symbol.0), shown);
        }
    }
    let documents = distinct(found.iter().map(|definition| definition.at));
    let reading = corpus.read(segments, &documents, |at, lang, text| {
        let outlined = Outlined::of(lang, text);
        let own = described.range((at, 0)..=(at, u32::MAX));
        let seen = own.map(|(key, known)| {
            let cut = |name: &[u8]| name.get(..known.name.len()) == Some(&*known.name);
            let named = outlined.definitions.iter().filter(|d| d.kind == known.kind && cut(d.name));
            let now = named.min_by_key(|now| now.line.abs_diff(known.line));
            let now = now.map(|now| shown::Definition {
                line: now.line,
                end: now.end_line,
                signature: shown::shortened(&outlined.signature(now), 1000),
                doc: shown::shortened(&outlined.doc(now), 1000),
                ..known.clone()
            });
            (*key, now)
        });
        seen.collect::<Vec<_>>()
    })?;
    for (key, now) in reading.found.into_iter().flatten() {
        match now {
            Some(now) => described.insert(key, now),
            None => described.remove(&key),
        };
    }
    let order = found.iter().filter_map(|d| described.remove(&(d.at, d.symbol.0)));
    Ok(Reading { found: order.collect(), moved: reading.moved, unreadable: reading.unreadable })
}

/// What the image alone says of a definition.
fn known(
    corpus: &Corpus,
    segments: &[Segment<'_>],
    at: DocAt,
    id: SymbolId,
) -> Result<Option<shown::Definition>> {
    let Some(segment) = segments.get(at.segment) else { return Ok(None) };
    let Some(named) = corpus.name(segments, at)? else { return Ok(None) };
    let doc = segment.image.docs().get(at.doc)?;
    let symbol = segment.image.symbols().get(id)?;
    let line = definitions::line(&segment.image, &doc, &symbol)?;
    Ok(Some(shown::Definition {
        kind: symbol.kind,
        name: symbol.name.to_vec(),
        qualifier: qualifier(named.lang, &chain(&segment.image, &doc, id)?),
        line,
        end: line + symbol.lines.max(1) - 1,
        signature: String::new(),
        doc: String::new(),
        named,
    }))
}

fn people(
    out: &mut impl Write,
    args: &SymbolArgs,
    corpus: &Corpus,
    segments: &[Segment<'_>],
    definitions: &[shown::Definition],
    uses: &[Reference],
    lines: usize,
) -> Result<()> {
    let look = look(args.color);
    for (nth, definition) in definitions.iter().enumerate() {
        if nth > 0 {
            writeln!(out)?;
        }
        look.definition(out, definition)?;
    }
    if !args.refs {
        return Ok(());
    }
    if !definitions.is_empty() {
        writeln!(out)?;
    }
    let plural = if lines == 1 { "" } else { "s" };
    look.paint(out, "1", &format!("used on {lines} line{plural}"))?;
    writeln!(out)?;
    let mut last = None;
    for used in uses {
        if last.replace(used.at) != Some(used.at)
            && let Some(named) = corpus.name(segments, used.at)?
        {
            look.path(out, &named.shown, named.file.as_deref())?;
            writeln!(out)?;
        }
        look.reference(out, used)?;
    }
    Ok(())
}
