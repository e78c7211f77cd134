//! Finding definitions by name in the symbols of images.
//!
//! A whole name is found through the names lists of its words; one that is begun
//! or misspelt by looking at every symbol, which costs some nanoseconds each.

use std::collections::HashMap;

use anyhow::Result;
use rayon::prelude::*;
use sigla_core::image::{
    ChunkId, Decoded, Doc, DocId, Family, Image, Key, List, Segment, Symbol, SymbolId,
};
use sigla_core::outline::{Kind, Lang, Role};
use sigla_core::text;

use crate::engine::view::DocAt;
use crate::symbols::names::{Chained, Fit, Wanted, components};

/// How much alike a name must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The best that there is: [`Fit::Exact`], else [`Fit::Case`], and so on.
    Best,
    /// The name in its case.
    Exact,
    /// It begins so, in any case.
    Prefix,
    /// It resembles it, or is it.
    Fuzzy,
}

/// A definition that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Its document.
    pub at: DocAt,
    /// The symbol.
    pub symbol: SymbolId,
    /// How its name answers.
    pub fit: Fit,
    /// How its chain fits.
    pub chained: Chained,
    /// How little its name resembles, 0 at best.
    pub cost: u32,
}

/// The definitions of `wanted` of one of `kinds`, or any where there are none;
/// those alone whose chain fits most closely; best first: by how they fit, those of tests and of others' code last, types
/// before functions before the rest, then in the order of places and paths.
///
/// # Errors
/// A segment is damaged.
pub fn find(
    segments: &[Segment<'_>],
    asked: &[u8],
    likeness: Likeness,
    kinds: &[Kind],
) -> Result<Vec<Match>> {
    let readings = [Wanted::whole(asked), Wanted::qualified(asked)];
    let different = readings.iter().enumerate().filter(|(i, r)| *i == 0 || *r != &readings[0]);
    let readings: Vec<&Wanted<'_>> = different.map(|(_, reading)| reading).collect();
    let mut found = vec![];
    if matches!(likeness, Likeness::Best | Likeness::Exact) {
        for wanted in &readings {
            if found.is_empty() {
                found = whole(segments, wanted, kinds)?;
                if likeness == Likeness::Exact {
                    found.retain(|definition| definition.fit == Fit::Exact);
                }
            }
        }
    }
    if found.is_empty()
        && likeness == Likeness::Best
        && let Some(wanted) = readings.last().filter(|wanted| !wanted.qualifiers.is_empty())
    {
        // What a type inherits is said to belong to another.
        found = whole(segments, &Wanted::whole(wanted.name), kinds)?;
        found.iter_mut().for_each(|definition| definition.chained = Chained::Apart);
    }
    if found.is_empty() && likeness != Likeness::Exact {
        // The last reading has the qualifiers.
        if let Some(wanted) = readings.last() {
            found = alike(segments, wanted, likeness, kinds)?;
        }
    }
    if likeness == Likeness::Best {
        let best = found.iter().map(|definition| definition.fit).min();
        found.retain(|definition| Some(definition.fit) == best);
        // What resembles it far less than the best is noise.
        let least = found.iter().map(|definition| definition.cost / 100).min().unwrap_or(0);
        found.retain(|d| d.fit != Fit::Fuzzy || d.cost / 100 < least + 2);
    }
    let closest = found.iter().map(|definition| definition.chained).min();
    found.retain(|definition| Some(definition.chained) == closest);
    sort(segments, &mut found)?;
    Ok(found)
}

/// Definitions whose name is the wanted one, in any case.
fn whole(segments: &[Segment<'_>], wanted: &Wanted<'_>, kinds: &[Kind]) -> Result<Vec<Match>> {
    let mut found = vec![];
    for (index, segment) in segments.iter().enumerate() {
        let Some(ids) = listed(&segment.image, Family::Names, wanted.name)? else {
            // No word of it is listed: an operator, perhaps.
            found.extend(scan(index, segment, kinds, |symbol| {
                whole_fit(wanted, symbol).map(|fit| (fit, 0))
            })?);
            continue;
        };
        for id in ids {
            let symbol = segment.image.symbols().get(SymbolId(id))?;
            let at = DocAt { segment: index, doc: segment.image.doc_of_symbol(SymbolId(id))? };
            if (kinds.is_empty() || kinds.contains(&symbol.kind))
                && segment.may_answer(at.doc)
                && let Some(fit) = whole_fit(wanted, &symbol)
            {
                let symbol = SymbolId(id);
                found.push(Match { at, symbol, fit, chained: Chained::Closely, cost: 0 });
            }
        }
    }
    chained(segments, wanted, found)
}

/// Whether the symbol's name, or the last part of it, is the wanted one.
fn whole_fit(wanted: &Wanted<'_>, symbol: &Symbol<'_>) -> Option<Fit> {
    let whole = |name: &[u8]| wanted.fit(name).filter(|&fit| fit <= Fit::Case);
    whole(symbol.name).or_else(|| whole(last_part(symbol)))
}

/// The last part of a name that is itself qualified.
fn last_part<'s>(symbol: &Symbol<'s>) -> &'s [u8] {
    match symbol.kind {
        Kind::Section => symbol.name,
        _ => components(symbol.name).pop().unwrap_or(symbol.name),
    }
}

/// Definitions that begin as wanted or resemble it, by looking at all.
fn alike(
    segments: &[Segment<'_>],
    wanted: &Wanted<'_>,
    likeness: Likeness,
    kinds: &[Kind],
) -> Result<Vec<Match>> {
    let begun = |symbol: &Symbol<'_>| {
        let cost = symbol.name.len().saturating_sub(wanted.name.len()) as u32;
        wanted.fit(symbol.name).map(|fit| (fit, cost))
    };
    let near = |symbol: &Symbol<'_>| match begun(symbol) {
        Some((fit, cost)) => Some((if fit == Fit::Prefix { Fit::Fuzzy } else { fit }, cost)),
        None => wanted.resembles(last_part(symbol)).map(|cost| (Fit::Fuzzy, cost)),
    };
    let all = |accept: &(dyn Fn(&Symbol<'_>) -> Option<(Fit, u32)> + Sync)| {
        let each = segments.par_iter().enumerate();
        let found = each.map(|(index, segment)| scan(index, segment, kinds, accept));
        chained(segments, wanted, found.collect::<Result<Vec<_>>>()?.concat())
    };
    let found = match likeness {
        Likeness::Fuzzy => vec![],
        _ => all(&begun)?,
    };
    if found.is_empty() && likeness != Likeness::Prefix { all(&near) } else { Ok(found) }
}

/// The symbols of a segment that `accept` takes.
fn scan(
    index: usize,
    segment: &Segment<'_>,
    kinds: &[Kind],
    accept: impl Fn(&Symbol<'_>) -> Option<(Fit, u32)>,
) -> Result<Vec<Match>> {
    let mut found = vec![];
    let documents = (0..segment.image.meta().documents).map(DocId);
    for doc in documents.filter(|&doc| segment.may_answer(doc)) {
        let at = DocAt { segment: index, doc };
        let doc = segment.image.docs().get(doc)?;
        for id in (doc.first_symbol.0..doc.end_symbol.0).map(SymbolId) {
            let symbol = segment.image.symbols().get(id)?;
            if (kinds.is_empty() || kinds.contains(&symbol.kind))
                && let Some((fit, cost)) = accept(&symbol)
            {
                let chained = Chained::Closely;
                found.push(Match { at, symbol: id, fit, chained, cost });
            }
        }
    }
    Ok(found)
}

/// Those whose chain fits the qualifiers.
fn chained(segments: &[Segment<'_>], wanted: &Wanted<'_>, found: Vec<Match>) -> Result<Vec<Match>> {
    if wanted.qualifiers.is_empty() {
        return Ok(found);
    }
    let mut kept = vec![];
    for definition in found {
        let Some(segment) = segments.get(definition.at.segment) else { continue };
        let doc = segment.image.docs().get(definition.at.doc)?;
        let chain = chain(&segment.image, &doc, definition.symbol)?;
        let key: Vec<u8> = doc.key.bytes().collect();
        let modules = modules(&key);
        let whole: Vec<&[u8]> = chain.iter().copied().chain(modules.into_iter().rev()).collect();
        // A file may be called as a type is: what the text says is closer.
        let by_path = || wanted.chained(&whole).map(|_| Chained::Loosely);
        if let Some(chained) = wanted.chained(&chain).or_else(by_path) {
            kept.push(Match { chained, ..definition });
        }
    }
    Ok(kept)
}

/// What a symbol belongs to, the innermost first: what its own name says, then
/// the names that enclose it with what theirs say.
///
/// # Errors
/// The image is damaged.
pub fn chain<'a>(image: &Image<'a>, doc: &Doc<'_>, id: SymbolId) -> Result<Vec<&'a [u8]>> {
    let symbol = image.symbols().get(id)?;
    let mut chain = own_chain(&symbol);
    let mut depth = symbol.depth;
    for before in (doc.first_symbol.0..id.0).rev() {
        if depth == 0 {
            break;
        }
        let around = image.symbols().get(SymbolId(before))?;
        if around.depth < depth {
            depth = around.depth;
            chain.push(around.name);
            if !around.container.is_empty() {
                chain.push(around.container);
            }
        }
    }
    Ok(chain)
}

/// What a symbol's own name says that it belongs to.
fn own_chain<'a>(symbol: &Symbol<'a>) -> Vec<&'a [u8]> {
    let last = match symbol.kind {
        Kind::Section => vec![],
        _ => components(symbol.name),
    };
    let container = Some(symbol.container).filter(|container| !container.is_empty());
    last.into_iter().rev().skip(1).chain(container).collect()
}

/// Where the symbols of one document stand and what encloses them: what [`line()`] and
/// [`chain`] say of one each, for all of them in one pass.
pub struct Symbols {
    first: SymbolId,
    /// Of each symbol its line, from 1, and the one around it.
    all: Vec<(u32, Option<SymbolId>)>,
}

impl Symbols {
    /// Those of `doc`. Linear in their number.
    ///
    /// # Errors
    /// The image is damaged.
    pub fn of(image: &Image<'_>, doc: &Doc<'_>) -> Result<Symbols> {
        let chunks = image.chunks().of(doc).map(|chunk| {
            let (id, chunk) = chunk?;
            Ok((id, chunk.first_line))
        });
        let chunks: HashMap<ChunkId, u32> = chunks.collect::<Result<_>>()?;
        let mut open: Vec<(u8, SymbolId)> = vec![];
        let mut all = vec![];
        for id in (doc.first_symbol.0..doc.end_symbol.0).map(SymbolId) {
            let symbol = image.symbols().get(id)?;
            open.truncate(open.partition_point(|(depth, _)| *depth < symbol.depth));
            let first = chunks.get(&symbol.chunk).copied().unwrap_or(0);
            let line = first.saturating_add(symbol.line.into()).saturating_add(1);
            all.push((line, open.last().map(|(_, around)| *around)));
            open.push((symbol.depth, id));
        }
        Ok(Symbols { first: doc.first_symbol, all })
    }

    fn get(&self, id: SymbolId) -> Option<&(u32, Option<SymbolId>)> {
        self.all.get(id.0.checked_sub(self.first.0)? as usize)
    }

    /// The line of a symbol's name, from 1.
    pub fn line(&self, id: SymbolId) -> u32 {
        self.get(id).map_or(1, |(line, _)| *line)
    }

    /// What a symbol belongs to, as [`chain`] says it.
    ///
    /// # Errors
    /// The image is damaged.
    pub fn chain<'a>(&self, image: &Image<'a>, id: SymbolId) -> Result<Vec<&'a [u8]>> {
        let mut chain = own_chain(&image.symbols().get(id)?);
        let mut around = self.get(id).and_then(|(_, around)| *around);
        while let Some(id) = around {
            let symbol = image.symbols().get(id)?;
            chain.push(symbol.name);
            chain.extend(Some(symbol.container).filter(|container| !container.is_empty()));
            around = self.get(id).and_then(|(_, around)| *around);
        }
        Ok(chain)
    }
}

/// The line of a symbol's name, from 1.
///
/// # Errors
/// The image is damaged.
pub fn line(image: &Image<'_>, doc: &Doc<'_>, symbol: &Symbol<'_>) -> Result<u32> {
    let chunk = image.chunks().place(doc, symbol.chunk)?;
    Ok(chunk.first_line.saturating_add(symbol.line.into()).saturating_add(1))
}

/// The modules that a path stands for, the outermost first: its folders and the
/// stem of its file, unless that is a name for the folder itself.
pub fn modules(key: &[u8]) -> Vec<&[u8]> {
    let mut parts: Vec<&[u8]> = key.split(|&byte| byte == b'/').collect();
    let file = parts.pop().unwrap_or_default();
    let stem = file.split(|&byte| byte == b'.').next().unwrap_or_default();
    let entrance: [&[u8]; 6] = [b"mod", b"lib", b"main", b"index", b"__init__", b""];
    if !entrance.contains(&stem) {
        parts.push(stem);
    }
    parts.retain(|part| *part != b"src");
    parts
}

/// A chain, the outermost first, as the language writes it before a name; empty,
/// or with a separator at its end.
pub fn qualifier(lang: Lang, chain: &[&[u8]]) -> Vec<u8> {
    let separator: &[u8] = match lang {
        Lang::Rust | Lang::Cpp | Lang::C | Lang::Php | Lang::Perl | Lang::Ruby => b"::",
        Lang::Markdown | Lang::Rst | Lang::Tex => b" > ",
        _ => b".",
    };
    let mut text = vec![];
    for part in chain.iter().rev() {
        text.extend_from_slice(part);
        text.extend_from_slice(separator);
    }
    text
}

/// The ids that have every term of every word of `words` in a list of `family`,
/// ascending; nothing where it has no words.
///
/// # Errors
/// The image is damaged.
pub fn listed(image: &Image<'_>, family: Family, words: &[u8]) -> Result<Option<Vec<u32>>> {
    let mut terms: Vec<Vec<u8>> = vec![];
    for word in text::words(words) {
        // Pieces are listed of longer words, too, as `b` of the word `a-b`.
        text::terms(word.bytes, &mut |term, part| {
            if part != text::Part::Whole {
                terms.push(term.to_vec());
            }
        });
    }
    if terms.is_empty() {
        return Ok(None);
    }
    let mut lists = Vec::<List>::new();
    for term in &terms {
        match image.lexicon().find(term)?.map(|found| found.list(family)) {
            Some(list) if list.count > 0 => lists.push(list),
            _ => return Ok(Some(vec![])),
        }
    }
    lists.sort_by_key(|list| list.count);
    let mut ids: Option<Vec<u32>> = None;
    let mut slot = Decoded::EMPTY;
    for list in lists {
        let mut next = Vec::new();
        match &ids {
            None => list.each(image.postings(), &mut slot, |id, _| next.push(id))?,
            Some(known) => {
                let mut known = known.iter().copied().peekable();
                list.each(image.postings(), &mut slot, |id, _| {
                    while known.next_if(|&known| known < id).is_some() {}
                    next.extend(known.next_if_eq(&id));
                })?;
            }
        }
        ids = Some(next);
    }
    Ok(ids)
}

/// Whether a document's part in its project is to be tested, shown or carried
/// along, and not the work itself.
pub fn aside(role: Role) -> bool {
    let aside = [Role::TEST, Role::EXAMPLE, Role::VENDORED, Role::GENERATED, Role::LEGACY];
    aside.iter().any(|&flag| role.has(flag))
}

fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Class | Kind::Struct | Kind::Trait | Kind::Interface | Kind::Enum | Kind::Union => 0,
        Kind::Function | Kind::Method | Kind::Macro | Kind::Type => 1,
        Kind::Module | Kind::Const | Kind::Variable | Kind::Property => 2,
        Kind::Impl => 3,
        _ => 4,
    }
}

fn sort(segments: &[Segment<'_>], found: &mut [Match]) -> Result<()> {
    let mut keyed = vec![];
    for &definition in found.iter() {
        let Some(segment) = segments.get(definition.at.segment) else { continue };
        let doc = segment.image.docs().get(definition.at.doc)?;
        let symbol = segment.image.symbols().get(definition.symbol)?;
        let Key { head, tail } = doc.key;
        let order = (definition.fit, definition.cost / 100, aside(doc.role), rank(symbol.kind));
        let place = (definition.cost, segment.place, [head, tail].concat(), definition.symbol);
        keyed.push((order, place, definition));
    }
    keyed.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    for (slot, (.., definition)) in found.iter_mut().zip(keyed) {
        *slot = definition;
    }
    Ok(())
}

/// A qualifier without the separator at its end; nothing where it is empty.
pub fn container(qualifier: &[u8]) -> Option<String> {
    let end = qualifier.iter().rposition(|byte| !b":.> ".contains(byte))?;
    Some(String::from_utf8_lossy(qualifier.get(..=end)?).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stands_for_modules() {
        let modules = |key: &str| {
            let parts = super::modules(key.as_bytes());
            parts.iter().map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>().join("/")
        };
        assert_eq!(modules("src/net/tcp.rs"), "net/tcp");
        assert_eq!(modules("axum/src/routing/mod.rs"), "axum/routing");
        assert_eq!(modules("pkg/__init__.py"), "pkg");
        assert_eq!(modules("a.test.js"), "a");
        assert_eq!(modules(".profile"), "");
    }

    #[test]
    fn qualifiers_are_written_as_in_the_language() {
        assert_eq!(qualifier(Lang::Rust, &[b"b", b"a"]), b"a::b::");
        assert_eq!(qualifier(Lang::Go, &[b"A"]), b"A.");
        assert_eq!(qualifier(Lang::Go, &[]), b"");
    }

    #[test]
    fn a_container_has_no_separator_at_its_end() {
        assert_eq!(container(b"a::b::").as_deref(), Some("a::b"));
        assert_eq!(container(b"A.").as_deref(), Some("A"));
        assert_eq!(container(b"Guide > Retries > ").as_deref(), Some("Guide > Retries"));
        assert_eq!(container(b""), None);
    }
}
