//! The tables: what images and texts hold, as relations.
//!
//! Each visits documents one after the other and keeps the rows of one, or of a
//! few where texts are read, at a time. What costs a text is read only when its
//! column is asked for.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use anyhow::{Result, anyhow};
use rusqlite::types::Value;
use sigla_core::image::{ChunkId, Doc, DocId, Image, Segment, SymbolId, TextError};
use sigla_core::outline::{Kind, Lang, Role};
use sigla_core::search::{Filters, Hit, Marks, Query};

use super::vtab::{Column, Constraints, Relation, Rows};
use crate::engine::explain::{Explainer, Passage};
use crate::engine::search::{Detail, Place, Question, rank};
use crate::engine::texts::Loss;
use crate::engine::view::{DocAt, DocName, View};
use crate::machine::progress::Silent;
use crate::output::human::harmless;
use crate::symbols::definitions::{self, container, listed, qualifier};
use crate::symbols::outline::{Outline, Use, UseKind, is_plain};
use crate::symbols::references::{self, Reference};

/// Texts that are read at once.
const BATCH: usize = 256;
/// Hits of `search` where nothing limits them.
const HITS: u64 = 1000;
/// Lines of a snippet.
const LINES: usize = 3;

const fn column(name: &'static str, kind: &'static str) -> Column {
    Column { name, kind, hidden: false, keyed: false, begun: false }
}

const fn keyed(name: &'static str) -> Column {
    Column { keyed: true, ..column(name, "text") }
}

const fn hidden(name: &'static str, kind: &'static str) -> Column {
    Column { hidden: true, ..column(name, kind) }
}

/// Every table: its name, and its columns in the order of their numbers.
pub const TABLES: [(&str, &[Column]); 5] = [
    (
        "documents",
        &[
            keyed("path"),
            column("place", "text"),
            column("lang", "text"),
            column("role", "text"),
            column("lines", "integer"),
            column("bytes", "integer"),
            column("chunks", "integer"),
            column("symbols", "integer"),
            column("text", "text"),
        ],
    ),
    (
        "chunks",
        &[
            keyed("path"),
            column("place", "text"),
            column("first_line", "integer"),
            column("last_line", "integer"),
            column("bytes", "integer"),
            column("tokens", "integer"),
            column("text", "text"),
        ],
    ),
    (
        "symbols",
        &[
            Column { begun: true, ..keyed("name") },
            column("kind", "text"),
            column("container", "text"),
            keyed("path"),
            column("place", "text"),
            column("line", "integer"),
            column("last_line", "integer"),
            column("depth", "integer"),
            column("lang", "text"),
            column("signature", "text"),
            column("doc", "text"),
        ],
    ),
    (
        "refs",
        &[
            keyed("name"),
            column("use", "text"),
            keyed("path"),
            column("place", "text"),
            column("line", "integer"),
            column("col", "integer"),
            column("inside", "text"),
            column("lang", "text"),
            column("text", "text"),
        ],
    ),
    (
        "search",
        &[
            column("path", "text"),
            column("place", "text"),
            column("line", "integer"),
            column("score", "integer"),
            column("first_line", "integer"),
            column("last_line", "integer"),
            column("lang", "text"),
            column("kind", "text"),
            column("symbol", "text"),
            column("snippet", "text"),
            hidden("query", "text"),
            hidden("most", "integer"),
        ],
    ),
];

/// One of [`TABLES`].
pub struct Table {
    /// Its place in [`TABLES`].
    pub number: usize,
    /// What it is over.
    pub view: Arc<View>,
    /// About how many documents that is.
    pub documents: u64,
}

impl Relation for Table {
    fn columns(&self) -> &'static [Column] {
        TABLES.get(self.number).map(|(_, columns)| *columns).unwrap_or_default()
    }

    fn size(&self) -> u64 {
        // Of a document: itself, its chunks, its symbols, its uses.
        let each = [1, 6, 20, 2000, 1].get(self.number).copied().unwrap_or(1);
        self.documents.saturating_mul(each)
    }

    fn rows<'r>(&'r self, asked: &Constraints) -> Result<Box<dyn Rows + 'r>> {
        let segments = self.view.segments()?;
        let open = Open { view: &self.view, segments, text: RefCell::default() };
        Ok(match self.number {
            0 => Box::new(PerDocument::new(open, asked.text(0), one_row)?),
            1 => Box::new(PerDocument::new(open, asked.text(0), chunk_rows)?),
            2 => Box::new(Symbols::new(open, asked)?),
            3 => Box::new(Refs::new(open, asked)?),
            _ => Box::new(Searched::new(open, asked)?),
        })
    }
}

/// What may answer with its segments, and the text that was read last.
struct Open<'r> {
    view: &'r View,
    segments: Vec<Segment<'r>>,
    text: RefCell<Option<(DocAt, Option<Vec<u8>>)>>,
}

impl<'r> Open<'r> {
    fn image(&self, at: DocAt) -> Result<Image<'r>> {
        let segment = self.segments.get(at.segment);
        Ok(segment.ok_or_else(|| anyhow!("no segment {}", at.segment))?.image)
    }

    fn doc(&self, at: DocAt) -> Result<Doc<'r>> {
        Ok(self.image(at)?.docs().get(at.doc)?)
    }

    /// The documents that may answer: those whose path is `path`, or all.
    fn documents(&self, path: Option<&str>) -> Result<Vec<DocAt>> {
        let Some(path) = path else { return Ok(View::documents(&self.segments)) };
        let mut found = vec![];
        for asked in self.view.corpus().asked() {
            let key = asked.key(path.as_bytes());
            for (index, segment) in self.segments.iter().enumerate() {
                if usize::from(segment.place) == asked.body()
                    && let Some(doc) = segment.image.docs().find(&key)?
                    && segment.may_answer(doc)
                {
                    found.push(DocAt { segment: index, doc });
                }
            }
        }
        Ok(references::distinct(found.into_iter()))
    }

    fn named(&self, at: DocAt) -> Result<Option<DocName>> {
        self.view.name(&self.segments, at)
    }

    /// What `look` makes of a text; nothing where it cannot be had. A damaged image is an
    /// error, though: all of its answers would be in doubt.
    fn with_text<T>(&self, at: DocAt, look: impl FnOnce(&[u8]) -> T) -> Result<Option<T>> {
        let mut last = self.text.borrow_mut();
        if last.as_ref().is_none_or(|(known, _)| *known != at) {
            let mut texts = self.view.texts(&self.segments);
            let text = match texts.get(at.segment, at.doc) {
                Ok(text) => Some(text.bytes.to_vec()),
                Err(Loss::Damaged(why)) => return Err(self.damaged(at, &why)?),
                Err(_) => None,
            };
            *last = Some((at, text));
        }
        Ok(last.as_ref().and_then(|(_, text)| text.as_deref()).map(look))
    }
}

impl Open<'_> {
    /// What is wrong with a text.
    fn damaged(&self, at: DocAt, why: &TextError) -> Result<anyhow::Error> {
        let name = self.named(at)?.map(|named| harmless(&named.shown));
        Ok(anyhow!("{}: {why}", name.unwrap_or_default()))
    }
}

/// A place among what the places were named, as text.
fn place_of(open: &Open<'_>, named: &DocName) -> Value {
    let asked = open.view.corpus().asked().get(named.place);
    asked.map_or(Value::Null, |asked| Value::Text(asked.root.to_string_lossy().into_owned()))
}

fn text(bytes: &[u8]) -> Value {
    Value::Text(String::from_utf8_lossy(bytes).into_owned())
}

fn number(number: impl Into<i64>) -> Value {
    Value::Integer(number.into())
}

/// The names of a role's flags, separated by commas.
fn role(role: Role) -> Value {
    let flags = [
        (Role::TEST, "test"),
        (Role::EXAMPLE, "example"),
        (Role::VENDORED, "vendored"),
        (Role::GENERATED, "generated"),
        (Role::DOCS, "documentation"),
        (Role::LEGACY, "legacy"),
        (Role::BARREL, "barrel"),
        (Role::HEADER, "header"),
    ];
    let set = flags.iter().filter(|(flag, _)| role.has(*flag)).map(|(_, name)| *name);
    Value::Text(set.collect::<Vec<_>>().join(","))
}

/// Rows that a document's part of an image gives, ready made but for its text.
struct PerDocument<'r> {
    open: Open<'r>,
    documents: std::vec::IntoIter<DocAt>,
    make: Make,
    at: Option<DocAt>,
    rows: std::vec::IntoIter<Row>,
    row: Option<Row>,
}

/// A row without its last column, which is the part of the text that it says.
struct Row {
    values: Vec<Value>,
    part: std::ops::Range<usize>,
}

type Make = fn(&Open<'_>, DocAt, &DocName) -> Result<Vec<Row>>;

impl<'r> PerDocument<'r> {
    fn new(open: Open<'r>, path: Option<&str>, make: Make) -> Result<Self> {
        let documents = open.documents(path)?.into_iter();
        Ok(PerDocument { open, documents, make, at: None, rows: vec![].into_iter(), row: None })
    }
}

impl Rows for PerDocument<'_> {
    fn next(&mut self) -> Result<bool> {
        loop {
            self.row = self.rows.next();
            if self.row.is_some() {
                return Ok(true);
            }
            self.at = self.documents.next();
            let Some(at) = self.at else { return Ok(false) };
            if let Some(named) = self.open.named(at)? {
                self.rows = (self.make)(&self.open, at, &named)?.into_iter();
            }
        }
    }

    fn value(&self, column: usize) -> Result<Value> {
        let (Some(row), Some(at)) = (&self.row, self.at) else { return Ok(Value::Null) };
        Ok(match row.values.get(column) {
            Some(value) => value.clone(),
            None => self
                .open
                .with_text(at, |all| text(all.get(row.part.clone()).unwrap_or_default()))?
                .unwrap_or(Value::Null),
        })
    }
}

fn one_row(open: &Open<'_>, at: DocAt, named: &DocName) -> Result<Vec<Row>> {
    let (image, doc) = (open.image(at)?, open.doc(at)?);
    let mut end = (0, 0);
    for chunk in image.chunks().of(&doc) {
        let (_, chunk) = chunk?;
        end = (chunk.end, chunk.first_line + chunk.lines);
    }
    let values = vec![
        text(&named.path),
        place_of(open, named),
        Value::Text(doc.lang.name().to_owned()),
        role(doc.role),
        number(end.1),
        number(end.0),
        number(doc.end_chunk.0.saturating_sub(doc.first_chunk.0)),
        number(doc.end_symbol.0.saturating_sub(doc.first_symbol.0)),
    ];
    Ok(vec![Row { values, part: 0..end.0 as usize }])
}

fn chunk_rows(open: &Open<'_>, at: DocAt, named: &DocName) -> Result<Vec<Row>> {
    let (image, doc) = (open.image(at)?, open.doc(at)?);
    let rows = image.chunks().of(&doc).map(|chunk| {
        let (ChunkId(id), chunk) = chunk?;
        let code = image.chunks().lens().get(id as usize).copied().unwrap_or(0);
        let values = vec![
            text(&named.path),
            place_of(open, named),
            number(chunk.first_line + 1),
            number(chunk.first_line + chunk.lines),
            number(chunk.end.saturating_sub(chunk.start)),
            number(sigla_core::image::len_value(code)),
        ];
        Ok(Row { values, part: chunk.start as usize..chunk.end as usize })
    });
    rows.collect()
}

/// The symbols of images.
struct Symbols<'r> {
    open: Open<'r>,
    found: std::vec::IntoIter<(DocAt, SymbolId)>,
    documents: std::vec::IntoIter<DocAt>,
    begins: Vec<u8>,
    at: Option<(DocAt, SymbolId)>,
    /// The document of the row at hand: most rows are of that of the one before.
    document: RefCell<Option<Document>>,
}

/// What the rows of one document share, so that each costs the same however many there are.
struct Document {
    at: DocAt,
    named: Option<DocName>,
    symbols: definitions::Symbols,
    /// Signature and doc of what the text defines now, by line and kind; once one is asked for.
    shown: OnceCell<Option<Shown>>,
}

type Shown = HashMap<(u32, Kind), Vec<Described>>;

/// A definition as its text has it.
struct Described {
    name: Vec<u8>,
    signature: String,
    doc: String,
}

impl Document {
    fn of(open: &Open<'_>, at: DocAt) -> Result<Document> {
        let symbols = definitions::Symbols::of(&open.image(at)?, &open.doc(at)?)?;
        Ok(Document { at, named: open.named(at)?, symbols, shown: OnceCell::new() })
    }

    /// Reads the text once for all its definitions.
    fn shown(&self, open: &Open<'_>, lang: Lang) -> Result<Option<&Shown>> {
        let read = |text: &[u8]| {
            let outlined = Outline::of(lang, text);
            let mut shown = Shown::new();
            for defined in &outlined.definitions {
                shown.entry((defined.line, defined.kind)).or_default().push(Described {
                    name: defined.name.to_vec(),
                    signature: outlined.signature(defined),
                    doc: outlined.doc(defined),
                });
            }
            shown
        };
        let shown = match self.shown.get() {
            Some(known) => known,
            None => {
                let shown = open.with_text(self.at, read)?;
                self.shown.get_or_init(|| shown)
            }
        };
        Ok(shown.as_ref())
    }
}

impl<'r> Symbols<'r> {
    fn new(open: Open<'r>, asked: &Constraints) -> Result<Self> {
        let mut found = vec![];
        let (name, path) = (asked.text(0), asked.text(3));
        let mut all = name.is_none();
        if let Some(name) = name {
            for (index, segment) in open.segments.iter().enumerate() {
                let family = sigla_core::image::Family::Names;
                let Some(ids) = listed(&segment.image, family, name.as_bytes())? else {
                    // An operator, perhaps.
                    all = true;
                    found.clear();
                    break;
                };
                for id in ids.into_iter().map(SymbolId) {
                    let at = DocAt { segment: index, doc: segment.image.doc_of_symbol(id)? };
                    if segment.may_answer(at.doc) {
                        found.push((at, id));
                    }
                }
            }
        }
        let documents = if all { open.documents(path)? } else { vec![] };
        let begins = asked.begins.iter().find(|(column, _)| *column == 0);
        Ok(Symbols {
            open,
            found: found.into_iter(),
            documents: documents.into_iter(),
            begins: begins.map(|(_, bytes)| bytes.clone()).unwrap_or_default(),
            at: None,
            document: RefCell::default(),
        })
    }
}

impl Rows for Symbols<'_> {
    fn next(&mut self) -> Result<bool> {
        loop {
            self.at = self.found.next();
            if let Some((at, id)) = self.at {
                if self.begins.is_empty()
                    || self.open.image(at)?.symbols().get(id)?.name.starts_with(&self.begins)
                {
                    return Ok(true);
                }
                continue;
            }
            let Some(at) = self.documents.next() else { return Ok(false) };
            let doc = self.open.doc(at)?;
            let ids = (doc.first_symbol.0..doc.end_symbol.0).map(SymbolId);
            self.found = ids.map(|id| (at, id)).collect::<Vec<_>>().into_iter();
        }
    }

    fn value(&self, column: usize) -> Result<Value> {
        let Some((at, id)) = self.at else { return Ok(Value::Null) };
        let (image, doc) = (self.open.image(at)?, self.open.doc(at)?);
        let symbol = image.symbols().get(id)?;
        let mut document = self.document.borrow_mut();
        if document.as_ref().is_none_or(|known| known.at != at) {
            *document = Some(Document::of(&self.open, at)?);
        }
        let Some(document) = &*document else { return Ok(Value::Null) };
        let named = document.named.as_ref();
        let words = |words: Option<String>| words.map_or(Value::Null, Value::Text);
        let line = document.symbols.line(id);
        let described = || -> Result<_> {
            let here = document.shown(&self.open, doc.lang)?;
            let here = here.and_then(|shown| shown.get(&(line, symbol.kind)));
            Ok(here.and_then(|all| all.iter().find(|one| one.name.starts_with(symbol.name))))
        };
        Ok(match column {
            0 => text(symbol.name),
            1 => Value::Text(symbol.kind.name().to_owned()),
            2 => {
                let chain = document.symbols.chain(&image, id)?;
                words(container(&qualifier(doc.lang, &chain)))
            }
            3 => named.map_or(Value::Null, |named| text(&named.path)),
            4 => named.map_or(Value::Null, |named| place_of(&self.open, named)),
            5 => number(line),
            6 => number(line + symbol.lines.max(1) - 1),
            7 => number(symbol.depth),
            8 => Value::Text(doc.lang.name().to_owned()),
            9 => words(described()?.map(|described| described.signature.clone())),
            _ => {
                let doc = described()?.map(|described| described.doc.clone());
                words(doc.filter(|doc| !doc.is_empty()))
            }
        })
    }
}

/// Uses of names in texts.
struct Refs<'r> {
    open: Open<'r>,
    name: Option<String>,
    documents: std::vec::IntoIter<DocAt>,
    rows: std::vec::IntoIter<(Vec<u8>, Reference)>,
    row: Option<(Vec<u8>, Reference)>,
    /// Where all names are asked for: those that are defined anywhere.
    defined: OnceLock<HashSet<Vec<u8>>>,
}

impl<'r> Refs<'r> {
    fn new(open: Open<'r>, asked: &Constraints) -> Result<Self> {
        let name = asked.text(0).map(str::to_owned);
        let mut documents = open.documents(asked.text(2))?;
        if let Some(name) = &name {
            let may = references::candidates(&open.segments, name.as_bytes())?;
            let may: HashSet<DocAt> = may.into_iter().collect();
            documents.retain(|at| may.contains(at) && is_plain(name.as_bytes()));
        }
        Ok(Refs {
            open,
            name,
            documents: documents.into_iter(),
            rows: vec![].into_iter(),
            row: None,
            defined: OnceLock::new(),
        })
    }

    /// Whether a symbol has that name, anywhere in what is searched.
    fn is_defined(&self, name: &[u8]) -> Result<bool> {
        for segment in &self.open.segments {
            let ids = listed(&segment.image, sigla_core::image::Family::Names, name)?;
            for id in ids.unwrap_or_default() {
                let symbol = segment.image.symbols().get(SymbolId(id))?;
                let dead = segment.is_dead(segment.image.doc_of_symbol(SymbolId(id))?);
                if !dead && symbol.kind != Kind::Section && symbol.name == name {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// All names that symbols have.
    fn defined(&self) -> Result<&HashSet<Vec<u8>>> {
        if let Some(known) = self.defined.get() {
            return Ok(known);
        }
        let mut names = HashSet::new();
        for segment in &self.open.segments {
            for id in (0..segment.image.meta().documents).map(DocId) {
                let doc = segment.image.docs().get(id)?;
                let ids = (doc.first_symbol.0..doc.end_symbol.0).filter(|_| !segment.is_dead(id));
                for id in ids {
                    let symbol = segment.image.symbols().get(SymbolId(id))?;
                    if symbol.kind != Kind::Section && !names.contains(symbol.name) {
                        names.insert(symbol.name.to_vec());
                    }
                }
            }
        }
        Ok(self.defined.get_or_init(|| names))
    }

    fn refill(&mut self) -> Result<bool> {
        let batch: Vec<DocAt> = self.documents.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(false);
        }
        let (view, segments) = (self.open.view, &self.open.segments);
        let rows: Vec<Vec<(Vec<u8>, Reference)>> = if let Some(name) = &self.name {
            let name = name.as_bytes();
            let defined = self.is_defined(name)?;
            let one = |at, lang, text: &[u8]| {
                let outlined = Outline::of(lang, text);
                let uses = outlined.uses(name).into_iter().map(|used| (name, used));
                lines(at, lang, text, &outlined, uses, |_| defined)
            };
            view.read(segments, &batch, &Silent, one)?.found
        } else {
            let defined = self.defined()?;
            let every = |at, lang, text: &[u8]| {
                let outlined = Outline::of(lang, text);
                let uses = outlined.all_uses();
                lines(at, lang, text, &outlined, uses, |name| defined.contains(name))
            };
            view.read(segments, &batch, &Silent, every)?.found
        };
        self.rows = rows.concat().into_iter();
        Ok(true)
    }
}

/// A row for each line and name of `uses`: calls, imports, and mentions of what is
/// defined anywhere.
fn lines<'t>(
    at: DocAt,
    lang: Lang,
    text: &[u8],
    outlined: &Outline<'_>,
    uses: impl Iterator<Item = (&'t [u8], Use)>,
    defined: impl Fn(&[u8]) -> bool,
) -> Vec<(Vec<u8>, Reference)> {
    let mut rows: Vec<(Vec<u8>, Reference)> = vec![];
    let (mut line, mut seen) = (0, HashMap::<&[u8], usize>::new());
    for (name, used) in uses {
        if used.line != line {
            line = used.line;
            seen.clear();
        }
        if let Some((_, known)) = seen.get(name).and_then(|&row| rows.get_mut(row)) {
            known.kind = known.kind.min(used.kind);
        } else if is_plain(name) && (used.kind != UseKind::Mention || defined(name)) {
            seen.insert(name, rows.len());
            let last = rows.last().map(|(_, last)| last);
            let new = Reference::new(at, outlined, lang, text, &used, last);
            rows.push((name.to_vec(), new));
        }
    }
    rows
}

impl Rows for Refs<'_> {
    fn next(&mut self) -> Result<bool> {
        loop {
            self.row = self.rows.next();
            if self.row.is_some() {
                return Ok(true);
            }
            if !self.refill()? {
                return Ok(false);
            }
        }
    }

    fn value(&self, column: usize) -> Result<Value> {
        let Some((name, row)) = &self.row else { return Ok(Value::Null) };
        let named = || self.open.named(row.at);
        Ok(match column {
            0 => text(name),
            1 => Value::Text(row.kind.name().to_owned()),
            2 => named()?.map_or(Value::Null, |named| text(&named.path)),
            3 => named()?.map_or(Value::Null, |named| place_of(&self.open, &named)),
            4 => number(row.line),
            5 => number(row.column),
            6 => row.inside.as_deref().map_or(Value::Null, text),
            7 => Value::Text(self.open.doc(row.at)?.lang.name().to_owned()),
            _ => text(&row.text),
        })
    }
}

/// The hits of a question.
struct Searched<'r> {
    open: Open<'r>,
    query: String,
    most: u64,
    places: Vec<Place>,
    marks: Marks,
    row: usize,
    /// The passage of the row at hand, once one of its columns is asked for.
    passage: OnceCell<Passage>,
}

impl<'r> Searched<'r> {
    fn new(open: Open<'r>, asked: &Constraints) -> Result<Self> {
        let usage = || anyhow!("search needs a query: select path, line from search('retry')");
        let query = asked.text(10).ok_or_else(usage)?.to_owned();
        let given = asked.equal.iter().find(|(column, _)| *column == 11);
        let most = match given {
            Some((_, Value::Integer(most))) => u64::try_from(*most).unwrap_or(0),
            Some(_) => return Err(anyhow!("the most hits of search are a number")),
            None => asked.limit.unwrap_or(HITS),
        };
        let most = most.min(u16::MAX.into());
        let (places, marks) = {
            let question = Question {
                limit: most as u16,
                detail: Detail::Passages { lines: LINES },
                ..Question::new(query.as_bytes())
            };
            let mut texts = open.view.texts(&open.segments);
            let ranked = rank(open.view, &open.segments, &mut texts, &question)?;
            (ranked.places, ranked.explainer.marks)
        };
        let passage = OnceCell::new();
        Ok(Searched { open, query, most, places, marks, row: 0, passage })
    }

    /// What of a hit's text answers. A damaged image is an error, as above.
    fn explained(&self, hit: &Hit) -> Result<Passage> {
        let at = DocAt { segment: hit.segment.index(), doc: hit.doc };
        let (image, doc) = (self.open.image(at)?, self.open.doc(at)?);
        let query = Query::new(self.query.as_bytes());
        let filters = Filters::of(&query)?;
        let explainer = Explainer { query, marks: self.marks.clone(), filters, lines: LINES };
        let mut texts = self.open.view.texts(&self.open.segments);
        let anew = match texts.around(hit, LINES) {
            Ok(text) if text.changed => explainer.anew(text.bytes),
            Ok(text) => return explainer.explain(&image, &doc, hit, Some(text)),
            Err(Loss::Damaged(why)) => return Err(self.open.damaged(at, &why)?),
            Err(_) => None,
        };
        anew.map_or_else(|| explainer.explain(&image, &doc, hit, None), Ok)
    }

    fn passage(&self, hit: &Hit) -> Result<&Passage> {
        match self.passage.get() {
            Some(known) => Ok(known),
            None => {
                let passage = self.explained(hit)?;
                Ok(self.passage.get_or_init(|| passage))
            }
        }
    }
}

impl Rows for Searched<'_> {
    fn next(&mut self) -> Result<bool> {
        self.row += 1;
        self.passage.take();
        Ok(self.row <= self.places.len())
    }

    fn value(&self, column: usize) -> Result<Value> {
        let Some(place) = self.row.checked_sub(1).and_then(|row| self.places.get(row)) else {
            return Ok(Value::Null);
        };
        let hit = &place.hit;
        let at = DocAt { segment: hit.segment.index(), doc: hit.doc };
        Ok(match column {
            0 => self.open.named(at)?.map_or(Value::Null, |named| text(&named.path)),
            1 => self.open.named(at)?.map_or(Value::Null, |named| place_of(&self.open, &named)),
            2 => number(self.passage(hit)?.line),
            3 => number(hit.score.0),
            4 => number(self.passage(hit)?.start),
            5 => number(self.passage(hit)?.end),
            6 => Value::Text(self.open.doc(at)?.lang.name().to_owned()),
            7 => Value::Text(self.passage(hit)?.kind.name().to_owned()),
            8 => self.passage(hit)?.symbol.as_deref().map_or(Value::Null, text),
            10 => Value::Text(self.query.clone()),
            11 => number(u32::try_from(self.most).unwrap_or(u32::MAX)),
            _ => {
                let lines = self.passage(hit)?.lines.iter();
                let lines = lines.map(|line| String::from_utf8_lossy(&line.bytes));
                Value::Text(lines.collect::<Vec<_>>().join("\n"))
            }
        })
    }
}
