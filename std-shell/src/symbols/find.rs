//! Where a name is defined, and where it is used: the question and its answer.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde::{Serialize, Serializer};
use sigla_core::image::{Segment, SymbolId};
use sigla_core::outline::Kind;

use crate::engine::Engine;
use crate::engine::answer::{self, Note, Origin, Remark, What, origins};
use crate::engine::scopes::Choice;
use crate::engine::view::{DocAt, DocName, Gathered, View};
use crate::machine::progress::Cancel;
use crate::symbols::definitions::{self, Likeness, Match, chain, qualifier};
use crate::symbols::names::{Chained, Fit, Wanted};
use crate::symbols::outline::{Outline, Reader, UseKind};
use crate::symbols::references::{self, Reference, distinct};

/// The most bytes of a line, a signature and a comment that are kept.
const LONG: usize = 64 << 10;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The name, which may be qualified: `net::Client::open`, `Client.open`, `Client#open`.
    pub name: &'q [u8],
    /// Which documents may answer.
    pub choice: Choice<'q>,
    /// How much alike a name must be.
    pub likeness: Likeness,
    /// Of one of these kinds; of any where there are none.
    pub kinds: &'q [Kind],
    /// The most definitions.
    pub limit: usize,
    /// Uses are wanted, too, so many lines at most, read by this.
    pub uses: Option<(usize, Reader)>,
}

impl<'q> Question<'q> {
    /// A question for twenty definitions.
    pub fn new(name: &'q [u8]) -> Question<'q> {
        let (choice, likeness) = (Choice::default(), Likeness::Best);
        Question { name, choice, likeness, kinds: &[], limit: 20, uses: None }
    }
}

/// A definition with what is said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// Its document.
    #[serde(flatten)]
    pub named: DocName,
    /// What it is.
    #[serde(serialize_with = "answer::kind")]
    pub kind: Kind,
    /// Its name.
    #[serde(serialize_with = "answer::bytes")]
    pub name: Vec<u8>,
    /// What it belongs to, as the language writes it before the name, with the
    /// separator.
    #[serde(serialize_with = "answer::bytes")]
    pub qualifier: Vec<u8>,
    /// The line of its name, from 1.
    pub line: u32,
    /// Its last line.
    pub end: u32,
    /// Its signature; empty where the text cannot be had.
    pub signature: String,
    /// The first line of its doc comment.
    pub doc: String,
}

/// A line that uses a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Use {
    /// Its document.
    #[serde(flatten)]
    pub named: DocName,
    /// The line, from 1.
    pub line: u32,
    /// The first byte of the name in its line, from 1.
    pub column: u32,
    /// How it is used.
    #[serde(serialize_with = "use_kind")]
    pub kind: UseKind,
    /// The definition around it, qualified.
    #[serde(serialize_with = "answer::maybe_bytes")]
    pub inside: Option<Vec<u8>>,
    /// The line, without space around it.
    #[serde(serialize_with = "answer::bytes")]
    pub text: Vec<u8>,
}

fn use_kind<S: Serializer>(kind: &UseKind, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(kind.name())
}

/// What may have been meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Near {
    /// The name.
    #[serde(serialize_with = "answer::bytes")]
    pub name: Vec<u8>,
    /// What it is, where it is of none of the kinds that were asked for.
    pub kind: Option<&'static str>,
}

/// What was found.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// How the definitions' names answer.
    #[serde(serialize_with = "fit")]
    pub fit: Option<Fit>,
    /// None of them is said to belong to what was asked for.
    pub apart: bool,
    /// The definitions, best first.
    pub definitions: Vec<Definition>,
    /// How many of all were looked at to be told.
    pub listed: usize,
    /// How many there are.
    pub defined: usize,
    /// Lines that use it.
    pub uses: Vec<Use>,
    /// How many there are.
    pub used: usize,
    /// Where nothing was found: what may have been meant.
    pub near: Vec<Near>,
    /// Files are not what was indexed, and were read anew.
    pub moved: bool,
    /// The generation of the one index that answered.
    pub generation: Option<u64>,
    /// The tree may have changed since.
    pub stale: bool,
    /// Where several places were searched: each of them.
    pub places: Vec<Origin>,
    /// What there is to know of what was searched.
    pub notes: Vec<Note>,
    /// Files that could not be read.
    pub remarks: Vec<Remark>,
    /// What could not be searched or indexed.
    pub troubles: Vec<String>,
}

#[expect(clippy::ref_option, reason = "serde gives it so")]
fn fit<S: Serializer>(fit: &Option<Fit>, to: S) -> Result<S::Ok, S::Error> {
    fit.map(Fit::name).serialize(to)
}

impl Answer {
    /// Whether part of the work failed.
    pub fn is_troubled(&self) -> bool {
        !self.troubles.is_empty() || !self.remarks.is_empty()
    }
}

impl Engine {
    /// Where a name is defined, and where it is used.
    ///
    /// # Errors
    /// There is no name; as [`Engine::view`]; an image is damaged; `cancel`.
    pub fn symbols(&self, question: &Question<'_>, cancel: &dyn Cancel) -> Result<Answer> {
        ensure!(!question.name.is_empty(), "no name: try sigla symbol main");
        let view = self.view(&question.choice)?;
        answer(&view, question, cancel)
    }
}

fn answer(view: &View, question: &Question<'_>, cancel: &dyn Cancel) -> Result<Answer> {
    let Question { name, likeness, kinds, limit, .. } = *question;
    let segments = view.segments()?;
    let find = |kinds| view.pool().run(|| definitions::find(&segments, name, likeness, kinds));
    let mut found = find(kinds)?;
    let mut uses = Gathered { found: vec![], moved: false, unreadable: vec![] };
    if let Some((_, reader)) = question.uses {
        uses = used(view, &segments, name, &found, reader, cancel)?;
        // What is used by this very name is meant, though it is not defined here.
        if likeness == Likeness::Best && !uses.found.is_empty() {
            found.retain(|definition| definition.fit <= Fit::Case);
        }
    }
    let defined = found.len();
    found.truncate(limit);
    let described = describe(view, &segments, &found, cancel)?;
    let near = match defined == 0 && uses.found.is_empty() {
        true => near(view, &segments, name, kinds)?,
        false => vec![],
    };
    let mut remarks = vec![];
    for (at, why) in described.unreadable.into_iter().chain(uses.unreadable) {
        if let Some(named) = view.name(&segments, at)? {
            remarks.push(Remark { path: named.shown, what: What::Unreadable(why) });
        }
    }
    let used = uses.found.len();
    uses.found.truncate(question.uses.map_or(0, |(most, _)| most));
    let mut lines = vec![];
    for one in uses.found {
        let Reference { line, column, kind, inside, text, .. } = one;
        let text = text.get(..LONG).unwrap_or(&text).to_vec();
        if let Some(named) = view.name(&segments, one.at)? {
            lines.push(Use { named, line, column, kind, inside, text });
        }
    }
    let moved = described.moved || uses.moved;
    let corpus = view.corpus();
    Ok(Answer {
        fit: found.first().map(|definition| definition.fit),
        apart: found.first().is_some_and(|definition| definition.chained == Chained::Apart),
        definitions: described.found,
        listed: found.len(),
        defined,
        uses: lines,
        used,
        near,
        moved,
        generation: corpus.generation(),
        stale: moved || view.stale(),
        places: origins(corpus),
        notes: view.notes().to_vec(),
        remarks,
        troubles: corpus.troubles().collect(),
    })
}

/// The uses of what was asked for, or of the one name that was found for it.
fn used(
    view: &View,
    segments: &[Segment<'_>],
    asked: &[u8],
    found: &[Match],
    reader: Reader,
    cancel: &dyn Cancel,
) -> Result<Gathered<Reference>> {
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
    let reading = references::find(view, segments, &wanted, reader, cancel)?;
    match names[..] {
        [name] if reading.found.is_empty() && name != wanted.name => {
            references::find(view, segments, &Wanted { name, ..wanted }, reader, cancel)
        }
        _ => Ok(reading),
    }
}

/// What may have been meant: up to three names.
fn near(view: &View, segments: &[Segment<'_>], asked: &[u8], kinds: &[Kind]) -> Result<Vec<Near>> {
    let mut near = vec![];
    let like = || definitions::find(segments, asked, Likeness::Best, &[]);
    for definition in view.pool().run(like)? {
        let Some(segment) = segments.get(definition.at.segment) else { continue };
        let symbol = segment.image.symbols().get(definition.symbol)?;
        let other = !kinds.contains(&symbol.kind) && !kinds.is_empty();
        let kind = other.then(|| symbol.kind.name());
        let one = Near { name: symbol.name.to_vec(), kind };
        if !near.contains(&one) {
            near.push(one);
        }
        if near.len() == 3 {
            break;
        }
    }
    Ok(near)
}

/// All that is said about each of `found`. A definition that its file no longer
/// has is left out.
fn describe(
    view: &View,
    segments: &[Segment<'_>],
    found: &[Match],
    cancel: &dyn Cancel,
) -> Result<Gathered<Definition>> {
    let mut described = BTreeMap::new();
    for definition in found {
        if let Some(shown) = known(view, segments, definition.at, definition.symbol)? {
            described.insert((definition.at, definition.symbol.0), shown);
        }
    }
    let documents = distinct(found.iter().map(|definition| definition.at));
    let reading = view.read(segments, &documents, cancel, |at, lang, text| {
        let outlined = Outline::of(lang, text);
        let own = described.range((at, 0)..=(at, u32::MAX));
        let seen = own.map(|(key, known)| {
            let cut = |name: &[u8]| name.get(..known.name.len()) == Some(&*known.name);
            let named = outlined.definitions.iter().filter(|d| d.kind == known.kind && cut(d.name));
            let now = named.min_by_key(|now| now.line.abs_diff(known.line));
            let now = now.map(|now| Definition {
                line: now.line,
                end: now.end_line,
                signature: shortened(&outlined.signature(now), 1000),
                doc: shortened(&outlined.doc(now), 1000),
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
    Ok(Gathered { found: order.collect(), moved: reading.moved, unreadable: reading.unreadable })
}

/// What the image alone says of a definition.
fn known(
    view: &View,
    segments: &[Segment<'_>],
    at: DocAt,
    id: SymbolId,
) -> Result<Option<Definition>> {
    let Some(segment) = segments.get(at.segment) else { return Ok(None) };
    let Some(named) = view.name(segments, at)? else { return Ok(None) };
    let doc = segment.image.docs().get(at.doc)?;
    let symbol = segment.image.symbols().get(id)?;
    let line = definitions::line(&segment.image, &doc, &symbol)?;
    Ok(Some(Definition {
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

/// At most `most` bytes of a text, cut at a character, with a sign of it.
pub fn shortened(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = (0..=most).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    format!("{}…", text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_at_a_character() {
        assert_eq!(shortened("abc", 3), "abc");
        assert_eq!(shortened("aéb", 2), "a…");
    }
}
