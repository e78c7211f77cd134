//! An answer for programs: one JSON object a line. The shape is a contract; see
//! `docs/cli.md`. Fields may be added, none changes its meaning.

use std::io::{self, Write};

use serde::Serialize;

use crate::engine::answer::Origin;
use crate::engine::explain::cut;
use crate::engine::search::{Answer, Hit, Reasons};

/// The most bytes of a snippet's line.
const WIDTH: usize = 1000;

/// A hit.
#[derive(Serialize)]
struct Object<'a> {
    path: &'a str,
    start: u32,
    end: u32,
    score: i32,
    lang: &'static str,
    kind: &'static str,
    symbol: Option<&'a str>,
    snippet: String,
    line: u32,
    more: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<&'a [u8]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<&'a Reasons>,
}

/// A misspelt word and what was searched in its stead.
#[derive(Serialize)]
struct Corrected {
    from: String,
    to: String,
}

/// The last object.
#[derive(Serialize)]
struct Done<'a> {
    /// Tells this object from a hit, and that nothing is missing.
    done: bool,
    generation: Option<u64>,
    stale: bool,
    corrected: Vec<Corrected>,
    loosened: Vec<String>,
    capped: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    places: &'a [Origin],
}

/// Writes one hit.
///
/// # Errors
/// What `out` reports.
pub fn hit(out: &mut impl Write, found: &Hit) -> io::Result<()> {
    let Some(passage) = &found.passage else { return Ok(()) };
    let lines = passage.lines.iter().map(|line| {
        let shown = cut(&line.bytes, &line.marks, WIDTH);
        String::from_utf8_lossy(line.bytes.get(shown).unwrap_or_default())
    });
    let path = String::from_utf8_lossy(&found.path);
    let broken = matches!(path, std::borrow::Cow::Owned(_));
    let symbol = passage.symbol.as_deref().map(String::from_utf8_lossy);
    let root = found.root.as_deref().map(String::from_utf8_lossy);
    let object = Object {
        path: &path,
        start: passage.start,
        end: passage.end,
        score: found.score,
        lang: found.lang.name(),
        kind: passage.kind.name(),
        symbol: symbol.as_deref(),
        snippet: lines.collect::<Vec<_>>().join("\n"),
        line: passage.lines.first().map_or(passage.line, |line| line.number),
        more: found.more,
        root: root.as_deref(),
        path_bytes: broken.then_some(&found.path),
        reasons: found.reasons.as_ref(),
    };
    write(out, &object)
}

/// Writes the last object.
///
/// # Errors
/// What `out` reports.
pub fn done(out: &mut impl Write, answer: &Answer) -> io::Result<()> {
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let corrected = answer.corrected.iter();
    let done = Done {
        done: true,
        generation: answer.generation,
        stale: answer.stale,
        corrected: corrected
            .map(|it| Corrected { from: lossy(&it.from), to: lossy(&it.to) })
            .collect(),
        loosened: answer.loosened.iter().map(|phrase| lossy(phrase)).collect(),
        capped: answer.capped,
        places: &answer.places,
    };
    write(out, &done)
}

pub(super) fn write(out: &mut impl Write, object: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    writeln!(out)
}
