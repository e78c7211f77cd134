//! What a project is made of, within a budget: folders, their files, and the
//! symbols that matter most.
//!
//! A symbol matters the more, the more lines use its name, above all in other
//! files, shared among all definitions of that name. The texts are read for it: the
//! images know how many chunks have a word, too, and at once, but not whether it
//! is the name, in its case and in code, and that order puts `Map` and `GET` before
//! `Router`. The square root of the uses counts, so that a keyword or a letter that
//! is also a name does not bury all else; for the same reason a use counts only in
//! files of the same language, and a plain word or a name of two letters counts an
//! eighth; tests, examples and others' code a sixteenth. Of the symbols of one file
//! each counts less than the one before, so that no file takes all.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use foldhash::{HashMap, HashMapExt};
use serde::{Serialize, Serializer};
use sigla_core::image::{Image, Segment, SymbolId};
use sigla_core::outline::{Kind, Lang, Role};

use crate::engine::Engine;
use crate::engine::answer::{self, Note, Remark, What};
use crate::engine::scopes::Choice;
use crate::engine::view::{DocAt, DocName, Gathered, View};
use crate::machine::progress::Cancel;
use crate::symbols::definitions::{self, aside, chain, qualifier};
use crate::symbols::outline::{Outline, UseKind};

/// What is counted of a folder, or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Files below it.
    pub files: u32,
    /// Their lines.
    pub lines: u64,
    /// What they define.
    pub symbols: u64,
}

/// A symbol worth showing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MapSymbol {
    /// The line of its name, from 1.
    pub line: u32,
    /// Its last line.
    pub end: u32,
    /// What it is.
    #[serde(serialize_with = "answer::kind")]
    pub kind: Kind,
    /// Its name.
    #[serde(serialize_with = "answer::bytes")]
    pub name: Vec<u8>,
    /// What it belongs to, with the language's separator.
    #[serde(serialize_with = "answer::bytes")]
    pub qualifier: Vec<u8>,
    /// Lines that use its name, in all files.
    pub uses: u32,
}

/// A file, with what is shown of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MapFile {
    /// What it is called.
    #[serde(flatten)]
    pub named: DocName,
    /// Its lines.
    pub lines: u64,
    /// What it defines.
    pub symbols: u64,
    /// In the order of its lines.
    pub entries: Vec<MapSymbol>,
}

/// A folder, with what is shown of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MapFolder {
    /// Everything below it.
    pub size: Size,
    /// Its files that have entries, in the order of paths.
    pub files: Vec<MapFile>,
}

/// The map.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProjectMap {
    /// Everything.
    pub size: Size,
    /// By their shown paths.
    #[serde(serialize_with = "by_path")]
    pub folders: BTreeMap<Vec<u8>, MapFolder>,
    /// Symbols that could be shown.
    pub possible: usize,
    /// Texts that could not be read.
    pub remarks: Vec<Remark>,
}

fn by_path<S: Serializer>(
    folders: &BTreeMap<Vec<u8>, MapFolder>,
    to: S,
) -> Result<S::Ok, S::Error> {
    to.collect_map(folders.iter().map(|(path, folder)| (String::from_utf8_lossy(path), folder)))
}

impl ProjectMap {
    /// How many symbols are shown.
    pub fn shown(&self) -> usize {
        let files = self.folders.values().flat_map(|folder| &folder.files);
        files.map(|file| file.entries.len()).sum()
    }
}

/// A map, and what there is to know of what it was drawn from.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The map.
    #[serde(flatten)]
    pub map: ProjectMap,
    /// The generation of the one index that answered.
    pub generation: Option<u64>,
    /// The tree may have changed since.
    pub stale: bool,
    /// What there is to know of what was searched.
    pub notes: Vec<Note>,
    /// What could not be searched or indexed.
    pub troubles: Vec<String>,
}

impl Answer {
    /// Whether part of the work failed.
    pub fn is_troubled(&self) -> bool {
        !self.troubles.is_empty() || !self.map.remarks.is_empty()
    }
}

impl Engine {
    /// What a project is made of: of what `choice` lets answer.
    ///
    /// # Errors
    /// As [`Engine::view`]; an image is damaged; `cancel`.
    pub fn map(
        &self,
        choice: &Choice<'_>,
        bounds: &Bounds<'_>,
        cancel: &dyn Cancel,
    ) -> Result<Answer> {
        let view = self.view(choice)?;
        let segments = view.segments()?;
        let map = draw(&view, &segments, bounds, cancel)?;
        Ok(Answer {
            map,
            generation: view.corpus().generation(),
            stale: view.stale(),
            notes: view.notes().to_vec(),
            troubles: view.corpus().troubles().collect(),
        })
    }
}

/// What a map may be.
#[derive(Debug, Clone, Copy)]
pub struct Bounds<'k> {
    /// The most bytes for people.
    pub bytes: usize,
    /// The most symbols.
    pub symbols: usize,
    /// How many parts of a path are a folder of its own.
    pub depth: usize,
    /// Which kinds; all that make a map, where there are none.
    pub kinds: &'k [Kind],
}

/// A document and the room that it takes.
struct Seen {
    at: DocAt,
    named: DocName,
    folder: Vec<u8>,
    /// Bytes of its shown path before the path below the place.
    base: usize,
    size: Size,
    role: Role,
}

/// A symbol that could be shown.
struct Candidate {
    seen: usize,
    id: SymbolId,
    uses: u32,
    weight: u64,
}

/// Draws the map of what may answer.
///
/// # Errors
/// A segment is damaged; `cancel`.
pub fn draw(
    view: &View,
    segments: &[Segment<'_>],
    bounds: &Bounds<'_>,
    cancel: &dyn Cancel,
) -> Result<ProjectMap> {
    let seen = see(view, segments, bounds.depth)?;
    let mut map = ProjectMap::default();
    let mut outermost = BTreeSet::new();
    for Seen { folder, base, size, .. } in &seen {
        let add = |sum: &mut Size| {
            sum.files += size.files;
            sum.lines += size.lines;
            sum.symbols += size.symbols;
        };
        add(&mut map.size);
        // The folder itself and all above it.
        let ends = folder.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        let ends = ends.map(|(at, _)| at).chain([folder.len()]).filter(|end| end >= base);
        for (end, nth) in ends.zip(0..) {
            let above = folder.get(..end).unwrap_or_default();
            if nth == 0 && !above.is_empty() {
                outermost.insert(above.to_vec());
            }
            add(&mut map.folders.entry(above.to_vec()).or_default().size);
        }
        if folder.len() < *base {
            add(&mut map.folders.entry(folder.clone()).or_default().size);
        }
    }
    let weighed = weigh(view, segments, &seen, bounds.kinds, cancel)?;
    let mut candidates = weighed.found;
    for (at, why) in weighed.unreadable {
        let seen = seen.iter().find(|seen| seen.at == at);
        let remark =
            |seen: &Seen| Remark { path: seen.named.shown.clone(), what: What::Unreadable(why) };
        map.remarks.extend(seen.map(remark));
    }
    map.possible = candidates.len();
    order(&seen, &mut candidates);
    choose(segments, &seen, &candidates, bounds, &outermost, &mut map)?;
    Ok(map)
}

/// All documents in the order of their shown paths.
fn see(view: &View, segments: &[Segment<'_>], depth: usize) -> Result<Vec<Seen>> {
    let mut seen = vec![];
    for at in View::documents(segments) {
        let (Some(segment), Some(named)) = (segments.get(at.segment), view.name(segments, at)?)
        else {
            continue;
        };
        let doc = segment.image.docs().get(at.doc)?;
        let mut lines = 0;
        for chunk in segment.image.chunks().of(&doc) {
            let (_, chunk) = chunk?;
            lines = u64::from(chunk.first_line) + u64::from(chunk.lines);
        }
        let symbols = u64::from(doc.end_symbol.0.saturating_sub(doc.first_symbol.0));
        let mut ends = named.path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        let base = named.shown.len().saturating_sub(named.path.len());
        let last = ends.clone().next_back().map(|(at, _)| at);
        let end = ends.nth(depth.saturating_sub(1)).map(|(at, _)| at).or(last);
        let folder = named.shown.get(..base + end.unwrap_or(0)).unwrap_or_default();
        let folder = folder.strip_suffix(b"/").unwrap_or(folder).to_vec();
        let (size, role) = (Size { files: 1, lines, symbols }, doc.role);
        seen.push(Seen { at, folder, base, named, size, role });
    }
    seen.sort_by(|a, b| a.named.shown.cmp(&b.named.shown));
    Ok(seen)
}

/// A definition, before it is weighed.
#[derive(Clone, Copy)]
struct Defined<'a> {
    seen: usize,
    id: SymbolId,
    name: &'a [u8],
    lang: Lang,
    kind: Kind,
    depth: u8,
    /// In a module of tests.
    test: bool,
    /// Its name among those that are counted.
    counted: usize,
}

/// All definitions, those of a document together.
fn definitions<'a>(segments: &[Segment<'a>], seen: &[Seen]) -> Result<Vec<Defined<'a>>> {
    let mut all = vec![];
    for (index, Seen { at, .. }) in seen.iter().enumerate() {
        let Some(image) = segments.get(at.segment).map(|segment| segment.image) else { continue };
        let doc = image.docs().get(at.doc)?;
        // The depth at which tests begin.
        let mut tests: Option<u8> = None;
        for id in (doc.first_symbol.0..doc.end_symbol.0).map(SymbolId) {
            let symbol = image.symbols().get(id)?;
            tests = tests.filter(|&depth| symbol.depth > depth);
            let (name, kind, depth) = (symbol.name, symbol.kind, symbol.depth);
            if tests.is_none() && kind == Kind::Module && matches!(name, b"tests" | b"test") {
                tests = Some(depth);
            }
            let (lang, test) = (doc.lang, tests.is_some());
            let counted = usize::MAX;
            all.push(Defined { seen: index, id, name, lang, kind, depth, test, counted });
        }
    }
    Ok(all)
}

/// Languages whose files use one another's names, as one of them.
fn family(lang: Lang) -> Lang {
    match lang {
        Lang::Cpp => Lang::C,
        Lang::TypeScript | Lang::Vue | Lang::Svelte => Lang::JavaScript,
        Lang::Kotlin | Lang::Scala | Lang::Groovy => Lang::Java,
        Lang::Html => Lang::Css,
        other => other,
    }
}

/// Names by the family of languages that uses them, each with a number.
#[derive(Default)]
struct Names<'a> {
    by_family: HashMap<Lang, HashMap<&'a [u8], usize>>,
    count: usize,
}

impl<'a> Names<'a> {
    /// The number of a name, which gets one if it has none.
    fn number(&mut self, lang: Lang, name: &'a [u8]) -> usize {
        let number =
            *self.by_family.entry(family(lang)).or_default().entry(name).or_insert(self.count);
        self.count = self.count.max(number + 1);
        number
    }

    /// Those that texts in `lang` use.
    fn of(&self, lang: Lang) -> Option<&HashMap<&'a [u8], usize>> {
        self.by_family.get(&family(lang))
    }
}

/// What could be shown, with its weight, and what could not be read. Reads all texts; holds a
/// few bytes a definition.
fn weigh(
    view: &View,
    segments: &[Segment<'_>],
    seen: &[Seen],
    kinds: &[Kind],
    cancel: &dyn Cancel,
) -> Result<Gathered<Candidate>> {
    let everything = definitions(segments, seen)?;
    let code = |kind: Kind| !matches!(kind, Kind::Section | Kind::Text | Kind::Impl);
    let any_code = everything.iter().any(|definition| code(definition.kind));
    let shown = |definition: &&Defined<'_>| match kinds {
        // Where there is no code, headings are the map.
        [] => code(definition.kind) || (!any_code && definition.kind == Kind::Section),
        kinds => kinds.contains(&definition.kind),
    };
    let mut names = Names::default();
    let mut all: Vec<Defined<'_>> = everything.iter().filter(shown).copied().collect();
    for definition in &mut all {
        definition.counted = names.number(definition.lang, definition.name);
    }
    // How many define each: an `impl` does not.
    let mut defined = vec![0_u64; names.count];
    for definition in everything.iter().filter(|definition| definition.kind != Kind::Impl) {
        let counted = names.of(definition.lang).and_then(|names| names.get(definition.name));
        if let Some(count) = counted.and_then(|&counted| defined.get_mut(counted)) {
            *count += 1;
        }
    }
    drop(everything);

    // Texts in which nothing can be counted, too: who cannot be read is named.
    let documents: Vec<DocAt> = seen.iter().map(|seen| seen.at).collect();
    // Where in `all` the definitions of a document are.
    let mut ranges: HashMap<DocAt, Range<usize>> = HashMap::new();
    let mut start = 0;
    for of_one in all.chunk_by(|a, b| a.seen == b.seen) {
        let range = start..start + of_one.len();
        start = range.end;
        let seen = of_one.first().and_then(|definition| seen.get(definition.seen));
        ranges.extend(seen.map(|seen| (seen.at, range)));
    }
    let totals: Vec<AtomicU64> = defined.iter().map(|_| AtomicU64::new(0)).collect();
    let reading = view.read(segments, &documents, cancel, |at, lang, text| {
        let Some(names) = names.of(lang) else { return (0..0, vec![]) };
        let outlined = Outline::of(lang, text);
        let uses = outlined.known_uses(|name| names.get(name).copied());
        // What is imported is used below.
        let uses = uses.filter(|(_, used)| used.kind != UseKind::Import);
        let mut lines: Vec<(usize, u32)> = uses.map(|(name, used)| (name, used.line)).collect();
        lines.sort_unstable();
        lines.dedup();
        for of_name in lines.chunk_by(|a, b| a.0 == b.0) {
            if let Some(total) = of_name.first().and_then(|&(name, _)| totals.get(name)) {
                total.fetch_add(of_name.len() as u64, Ordering::Relaxed);
            }
        }
        let range = ranges.get(&at).cloned().unwrap_or_default();
        let own = all.get(range.clone()).unwrap_or_default().iter().map(|definition| {
            let counted = definition.counted;
            let start = lines.partition_point(|line| line.0 < counted);
            let end = lines.partition_point(|line| line.0 <= counted);
            (end - start) as u32
        });
        (range, own.collect())
    })?;
    let mut own = vec![0; all.len()];
    for (range, counts) in reading.found {
        for (own, count) in own.get_mut(range).unwrap_or_default().iter_mut().zip(counts) {
            *own = count;
        }
    }
    let weight = |(definition, own): (&Defined<'_>, u32)| {
        let &Defined { seen: index, id, name, kind, depth, test, counted, .. } = definition;
        let seen_at = seen.get(index)?;
        let among = *defined.get(counted)?;
        let uses = totals.get(counted)?.load(Ordering::Relaxed);
        // A name that only `impl`s have is none that is used.
        let uses = if among == 0 { 0 } else { u32::try_from(uses).unwrap_or(u32::MAX) };
        let here = own.min(uses);
        let lines = (u64::from(uses - here) * 8 + u64::from(here)) << 20;
        let each = (lines / among.max(1)).isqrt();
        let kept = match kind {
            Kind::Method => 3,
            Kind::Const | Kind::Variable | Kind::Property => 2,
            Kind::Type if depth > 0 => 1,
            Kind::Module => 1,
            _ => 4,
        };
        let plain = name.len() < 3 || name.iter().all(u8::is_ascii_lowercase);
        let plain = if plain { 8 } else { 1 };
        let apart = if test || aside(seen_at.role) { 16 } else { 1 };
        Some(Candidate { seen: index, id, uses, weight: each * kept / plain / apart })
    };
    let found = all.iter().zip(own).filter_map(weight).collect();
    Ok(Gathered { found, moved: reading.moved, unreadable: reading.unreadable })
}

/// The best first, each file's following ones further behind.
fn order(seen: &[Seen], candidates: &mut [Candidate]) {
    candidates.sort_by_key(|c| (c.seen, Reverse(c.weight), c.id));
    let (mut file, mut nth) = (usize::MAX, 0);
    for candidate in candidates.iter_mut() {
        if candidate.seen != file {
            (file, nth) = (candidate.seen, 0);
        }
        candidate.weight = candidate.weight * 4 / (4 + nth);
        nth += 1;
    }
    let lines = |c: &Candidate| seen.get(c.seen).map_or(0, |seen| seen.size.lines);
    candidates.sort_by_key(|c| (Reverse(c.weight), Reverse(lines(c)), c.seen, c.id));
}

/// Takes the best symbols with the lines of their files and folders, while there
/// is room; then the outermost folders, the largest first.
fn choose(
    segments: &[Segment<'_>],
    seen: &[Seen],
    candidates: &[Candidate],
    bounds: &Bounds<'_>,
    outermost: &BTreeSet<Vec<u8>>,
    map: &mut ProjectMap,
) -> Result<()> {
    // Some room is kept for the outline of the whole.
    let mut left = bounds.bytes - bounds.bytes / 5;
    let mut chosen: BTreeMap<usize, Vec<MapSymbol>> = BTreeMap::new();
    let mut open: BTreeMap<&[u8], ()> = BTreeMap::new();
    let mut count = 0;
    for candidate in candidates {
        if count == bounds.symbols {
            break;
        }
        let Some(seen_at) = seen.get(candidate.seen) else { continue };
        let Some(image) = segments.get(seen_at.at.segment).map(|s| s.image) else { continue };
        let entry = entry(&image, seen_at, candidate)?;
        let mut cost = entry.qualifier.len() + entry.name.len() + 24;
        if !chosen.contains_key(&candidate.seen) {
            cost += seen_at.named.shown.len().saturating_sub(seen_at.folder.len()) + 16;
        }
        if !open.contains_key(&*seen_at.folder) {
            cost += seen_at.folder.len() + 28;
        }
        let Some(rest) = left.checked_sub(cost) else { break };
        left = rest;
        count += 1;
        open.insert(&seen_at.folder, ());
        chosen.entry(candidate.seen).or_default().push(entry);
    }
    let mut left = left + bounds.bytes / 5;
    let mut others: Vec<(Reverse<u64>, Vec<u8>)> = map
        .folders
        .iter()
        .filter(|(path, _)| outermost.contains(*path) && !open.contains_key(&***path))
        // One that is above but one folder says nothing more.
        .filter(|(path, folder)| {
            let below = |open: &[u8]| open.starts_with(path) && open.get(path.len()) == Some(&b'/');
            !open.keys().any(|open| {
                below(open) && map.folders.get(*open).is_some_and(|o| o.size == folder.size)
            })
        })
        .map(|(path, folder)| (Reverse(folder.size.lines), path.clone()))
        .collect();
    others.sort();
    let mut kept: BTreeSet<Vec<u8>> = open.keys().map(|path| path.to_vec()).collect();
    for (_, path) in others {
        let Some(rest) = left.checked_sub(path.len() + 28) else { break };
        left = rest;
        kept.insert(path);
    }
    map.folders.retain(|path, _| kept.contains(path));
    for (index, mut entries) in chosen {
        let Some(Seen { named, folder, size, .. }) = seen.get(index) else { continue };
        entries.sort_by_key(|entry| entry.line);
        let file =
            MapFile { named: named.clone(), lines: size.lines, symbols: size.symbols, entries };
        map.folders.entry(folder.clone()).or_default().files.push(file);
    }
    Ok(())
}

fn entry(image: &Image<'_>, seen: &Seen, candidate: &Candidate) -> Result<MapSymbol> {
    let doc = image.docs().get(seen.at.doc)?;
    let symbol = image.symbols().get(candidate.id)?;
    let line = definitions::line(image, &doc, &symbol)?;
    Ok(MapSymbol {
        line,
        end: line + symbol.lines.max(1) - 1,
        kind: symbol.kind,
        name: symbol.name.to_vec(),
        qualifier: qualifier(doc.lang, &chain(image, &doc, candidate.id)?),
        uses: candidate.uses,
    })
}
