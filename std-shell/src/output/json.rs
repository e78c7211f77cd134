//! An answer for programs: one JSON object a line. The shape is a contract; see
//! `docs/cli.md`. Fields may be added, none changes its meaning.

use std::io::{self, Write};

use serde::Serialize;

use super::{Found, Reasons, cut};

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
#[derive(Debug, Clone, Serialize)]
pub struct Corrected {
    /// The word of the query.
    pub from: String,
    /// The term of the body, a stem.
    pub to: String,
}

/// What answered one of several places.
#[derive(Debug, Clone, Serialize)]
pub struct Origin {
    /// The place, as it was named.
    pub root: String,
    /// The generation; none for an image.
    pub generation: Option<u64>,
    /// The tree may have changed since.
    pub stale: bool,
}

/// The last object.
#[derive(Debug, Clone, Serialize)]
pub struct Done {
    /// Always true: tells this object from a hit, and that nothing is missing.
    pub done: bool,
    /// The generation of the one index that answered.
    pub generation: Option<u64>,
    /// The tree may have changed since.
    pub stale: bool,
    /// Misspelt words.
    pub corrected: Vec<Corrected>,
    /// Phrases that nothing holds, of which the words were searched.
    pub loosened: Vec<String>,
    /// A limit may have cost hits.
    pub capped: bool,
    /// Where several places were searched: each of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Origin>,
}

/// Writes one hit.
///
/// # Errors
/// What `out` reports.
pub fn hit(out: &mut impl Write, found: &Found<'_>) -> io::Result<()> {
    let passage = &found.passage;
    let lines = passage.lines.iter().map(|line| {
        let shown = cut(line.bytes, &line.marks, WIDTH);
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
pub fn done(out: &mut impl Write, done: &Done) -> io::Result<()> {
    write(out, done)
}

pub(super) fn write(out: &mut impl Write, object: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    writeln!(out)
}
