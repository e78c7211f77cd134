//! One batch of documents, inverted in memory.

use super::{
    BuildError, Options, Summary,
    grams::Filters,
    sections::{DocFields, Sections, SymbolFields, sections},
    terms::TermsWriter,
    vocabulary::Vocabulary,
    writer::{ImageWriter, Sink},
};
use crate::image::{Section, freq_code};
use crate::outline::{self, Event, Kind, Lang, Role, Step};
use crate::text::{self, Part};
use alloc::{borrow::Cow, vec, vec::Vec};

/// A document to index.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    /// Its path relative to the indexed folder, with `/` between components.
    pub key: &'a [u8],
    /// Its language.
    pub lang: Lang,
    /// What part it plays.
    pub role: Role,
    /// A hash of its bytes: kept, never looked at.
    pub hash: u64,
    /// Its text; bytes that are no UTF-8 separate words. An image with TEXT copies what is
    /// borrowed until it is written.
    pub text: Cow<'a, [u8]>,
}

/// A posting of names or paths before terms are sorted.
#[derive(Clone, Copy)]
struct Loose {
    term: u32,
    id: u32,
    code: u8,
}

/// A definition that waits for its chunk and its end.
struct Open {
    name: (usize, usize),
    container: (usize, usize),
    kind: Kind,
    depth: u8,
    line: u32,
    lines: u32,
}

/// Takes documents and writes one image. Memory is about twice the text taken.
pub struct Builder {
    options: Options,
    sections: Sections,
    vocabulary: Vocabulary,
    /// `term << 5 | code` of every chunk, chunk after chunk.
    words: Vec<u32>,
    /// End of each chunk's postings among `words`.
    ends: Vec<u32>,
    names: Vec<Loose>,
    paths: Vec<Loose>,
    /// Copies one behind the other, and the texts that were given away whole.
    texts: Vec<Vec<u8>>,
    filters: Filters,
    definitions: Vec<Open>,
    nesting: Vec<usize>,
    chunks: Vec<outline::Chunk>,
}

const TERMS_MAX: usize = 1 << 27;

impl Builder {
    /// A builder without documents.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            sections: Sections::default(),
            vocabulary: Vocabulary::default(),
            words: Vec::new(),
            ends: Vec::new(),
            names: Vec::new(),
            paths: Vec::new(),
            texts: vec![Vec::new()],
            filters: Filters::default(),
            definitions: Vec::new(),
            nesting: Vec::new(),
            chunks: Vec::new(),
        }
    }

    /// Heap bytes held, for a caller that bounds them.
    pub fn bytes(&self) -> usize {
        self.sections.heap()
            + self.vocabulary.heap()
            + (self.words.capacity() + self.ends.capacity()) * 4
            + (self.names.capacity() + self.paths.capacity()) * size_of::<Loose>()
            + self.texts.iter().map(Vec::capacity).sum::<usize>()
            + self.filters.heap()
    }

    /// Adds a document. Linear in its text.
    ///
    /// # Errors
    /// [`BuildError::KeyOrder`] where its key is not above the one before;
    /// [`BuildError::TooLarge`] at the limits of the format.
    pub fn add(&mut self, doc: Document<'_>) -> Result<(), BuildError> {
        // The entrance of a folder goes by the folder's name, too.
        let named = if doc.role.has(Role::BARREL) { folder_above(doc.key) } else { &[] };
        let path = self.path(doc.key, named);
        let fields = DocFields {
            lang: doc.lang,
            role: doc.role,
            hash: doc.hash,
            name_terms: path.0,
            folders: path.1,
        };
        let id = self.sections.documents;
        let first_path = self.paths.len();
        self.sections.document(doc.key, &fields)?;
        self.path_postings(doc.key, named, id, first_path);
        self.outline(doc.lang, &doc.text);
        self.fill(doc.lang, &doc.text)?;
        if self.options.grams {
            self.filters.text(&doc.text)?;
        }
        if self.options.text {
            self.keep(doc.text);
        }
        if self.vocabulary.terms.len() >= TERMS_MAX || u32::try_from(self.words.len()).is_err() {
            return Err(BuildError::TooLarge(Section::Lexicon));
        }
        Ok(())
    }

    fn keep(&mut self, text: Cow<'_, [u8]>) {
        match (text, self.texts.last_mut()) {
            (Cow::Borrowed(text), Some(last)) => last.extend_from_slice(text),
            (text, _) => self.texts.extend([text.into_owned(), Vec::new()]),
        }
    }

    /// Definitions and chunks of the document at hand.
    fn outline(&mut self, lang: Lang, text: &[u8]) {
        let Self { definitions, nesting, chunks, .. } = self;
        definitions.clear();
        nesting.clear();
        chunks.clear();
        outline::chunks(lang, text, &mut |step| match step {
            Step::Event(Event::Open(definition)) => {
                nesting.push(definitions.len());
                // A name is a slice of the text: its place is the pointers' distance.
                let place = |part: &[u8]| {
                    (part.as_ptr().addr().wrapping_sub(text.as_ptr().addr()), part.len())
                };
                definitions.push(Open {
                    name: place(definition.name),
                    container: definition.container.map_or((0, 0), place),
                    kind: definition.kind,
                    depth: definition.depth,
                    line: definition.line,
                    lines: 1,
                });
            }
            Step::Event(Event::Close { end_line, .. }) => {
                if let Some(open) = nesting.pop().and_then(|at| definitions.get_mut(at)) {
                    open.lines = end_line.saturating_sub(open.line) + 1;
                }
            }
            Step::Event(Event::Import { .. } | Event::Call { .. } | Event::Inert { .. }) => {}
            Step::Chunk(chunk) => chunks.push(chunk),
        });
    }

    /// Chunks, their words and the symbols on their lines.
    fn fill(&mut self, lang: Lang, text: &[u8]) -> Result<(), BuildError> {
        // How often lines of a log repeat a word says nothing, and takes a third of the lists.
        let most = if lang == Lang::Log { 1 } else { u32::MAX };
        let mut next_symbol = 0;
        for index in 0..self.chunks.len() {
            let Some(&chunk) = self.chunks.get(index) else { break };
            let after = self.chunks.get(index + 1).map(|next| next.first_line);
            let end = chunk.first_line + chunk.lines;
            let split = after.is_some_and(|line| line < end);
            let words = &mut self.words;
            let tokens = self
                .vocabulary
                .chunk(text.get(chunk.start..chunk.end).unwrap_or(&[]), |term, count| {
                    words.push(term << 5 | u32::from(freq_code(count.min(most))))
                });
            self.ends.push(self.words.len() as u32);
            let ends = chunk.lines - u32::from(split);
            self.sections.chunk(chunk.end - chunk.start, ends, split, tokens)?;
            // A name on a line that two chunks share belongs to the first.
            while let Some(open) = self.definitions.get(next_symbol) {
                if open.line >= end && index + 1 < self.chunks.len() {
                    break;
                }
                next_symbol += 1;
                let part = |(at, len): (usize, usize)| text.get(at..at + len).unwrap_or(&[]);
                let name = part(open.name);
                let fields = SymbolFields {
                    container: part(open.container),
                    name,
                    kind: open.kind,
                    depth: open.depth,
                };
                let line = open.line.saturating_sub(chunk.first_line);
                let place = (self.sections.chunks - 1, line, open.lines);
                self.sections.symbol(fields, place)?;
                Self::name_postings(
                    &mut self.vocabulary,
                    &mut self.names,
                    name,
                    self.sections.symbols - 1,
                );
            }
        }
        Ok(())
    }

    /// Postings of one name: each distinct term once, the whole name as code 0.
    fn name_postings(vocabulary: &mut Vocabulary, names: &mut Vec<Loose>, name: &[u8], id: u32) {
        let first = names.len();
        let (mut pieces, mut words) = (0u32, 0u32);
        for word in text::words(name) {
            words += 1;
            text::terms(word.bytes, &mut |term, part| {
                let code = match part {
                    Part::Whole | Part::Only => 0,
                    Part::Piece => 1,
                };
                pieces += u32::from(!matches!(part, Part::Whole));
                let term = vocabulary.term(term);
                let seen = names.get_mut(first..).unwrap_or(&mut []);
                if let Some(loose) = seen.iter_mut().find(|loose| loose.term == term) {
                    loose.code = loose.code.min(code);
                } else {
                    names.push(Loose { term, id, code });
                }
            });
        }
        // In a name of several words no single word is the whole.
        for loose in names.get_mut(first..).unwrap_or(&mut []) {
            if loose.code != 0 || words > 1 {
                loose.code = pieces.clamp(2, 31) as u8;
            }
        }
    }

    /// Distinct pieces of the file name without extension, and folders above it.
    fn path(&mut self, key: &[u8], named: &[u8]) -> (u8, u8) {
        let (folders, name) = split_last(key, b'/');
        let (stem, _) = extension(name);
        let mut pieces = Vec::new();
        let name = if named.is_empty() { stem } else { named };
        for word in text::words(name) {
            text::terms(word.bytes, &mut |term, part| {
                if !matches!(part, Part::Whole) {
                    pieces.push(self.vocabulary.term(term));
                }
            });
        }
        pieces.sort_unstable();
        pieces.dedup();
        let depth = if folders.is_empty() {
            0
        } else {
            folders.split(|&b| b == b'/').filter(|folder| !folder.is_empty()).count()
        };
        (pieces.len().min(255) as u8, depth.min(255) as u8)
    }

    fn path_postings(&mut self, key: &[u8], named: &[u8], id: u32, first: usize) {
        let (folders, name) = split_last(key, b'/');
        let (stem, extension) = extension(name);
        for (part, code) in [(stem, 1), (named, 1), (folders, 2), (extension, 4)] {
            for word in text::words(part) {
                let Self { vocabulary, paths, .. } = self;
                text::terms(word.bytes, &mut |term, _| {
                    let term = vocabulary.term(term);
                    let seen = paths.get_mut(first..).unwrap_or(&mut []);
                    if let Some(loose) = seen.iter_mut().find(|loose| loose.term == term) {
                        loose.code |= code;
                    } else {
                        paths.push(Loose { term, id, code });
                    }
                });
            }
        }
    }

    /// Writes the image. O(postings + terms log terms).
    ///
    /// # Errors
    /// What the sink meets, or a section that is too large.
    pub fn finish<S: Sink>(mut self, sink: &mut S) -> Result<Summary, BuildError<S::Error>> {
        let mut out = ImageWriter::new(sink, sections(self.options))?;
        if self.options.text {
            out.begin(Section::Text)?;
            self.texts.iter().try_for_each(|text| out.append(text))?;
            out.append(self.sections.text_offsets().map_err(BuildError::widen)?)?;
            out.end()?;
            self.texts = Vec::new();
        }
        if self.options.grams {
            out.begin(Section::Grams)?;
            out.append(self.filters.bytes())?;
            out.append(self.filters.offsets().map_err(BuildError::widen)?)?;
            out.end()?;
            self.filters = Filters::default();
        }
        let order = sorted(&self.vocabulary.terms);
        let mut ranks = alloc::vec![0u32; order.len()];
        for (rank, &term) in order.iter().enumerate() {
            if let Some(slot) = ranks.get_mut(term as usize) {
                *slot = rank as u32;
            }
        }
        let words = invert(&self.words, &self.ends, &ranks);
        let mut names = Grouped::new(self.names, &ranks);
        let mut paths = Grouped::new(self.paths, &ranks);
        self.words = Vec::new();
        out.begin(Section::Postings)?;
        let mut terms = TermsWriter::new();
        for (rank, &term) in order.iter().enumerate() {
            let families = [words.list(rank), names.list(rank), paths.list(rank)];
            terms.term(&mut out, self.vocabulary.terms.get(term), families, &self.sections.lens)?;
        }
        terms.finish(&mut out)?;
        self.sections.write(&mut out)?;
        let (meta, summary) = self.sections.meta(&terms.counts);
        out.section(Section::Meta, &[&meta.encode()])?;
        out.finish(summary)
    }
}

/// Terms by their bytes; the first eight decide most comparisons.
fn sorted(terms: &super::vocabulary::Strings) -> Vec<u32> {
    let mut order: Vec<(u64, u32)> = (0..terms.len() as u32)
        .map(|id| {
            let mut first = [0; 8];
            first.iter_mut().zip(terms.get(id)).for_each(|(slot, &b)| *slot = b);
            (u64::from_be_bytes(first), id)
        })
        .collect();
    order.sort_unstable_by(|&(a, x), &(b, y)| {
        a.cmp(&b).then_with(|| terms.get(x).cmp(terms.get(y)))
    });
    order.into_iter().map(|(_, id)| id).collect()
}

/// Postings by rank of their term.
struct Inverted {
    starts: Vec<u32>,
    ids: Vec<u32>,
    codes: Vec<u8>,
}

impl Inverted {
    fn list(&self, rank: usize) -> (&[u32], &[u8]) {
        let start = self.starts.get(rank).copied().unwrap_or(0) as usize;
        let end = self.starts.get(rank + 1).copied().unwrap_or(0) as usize;
        (self.ids.get(start..end).unwrap_or(&[]), self.codes.get(start..end).unwrap_or(&[]))
    }
}

/// A counting sort: chunks come in order, so every list does.
fn invert(words: &[u32], ends: &[u32], ranks: &[u32]) -> Inverted {
    let rank = |word: u32| ranks.get((word >> 5) as usize).copied().unwrap_or(0) as usize;
    let mut starts = alloc::vec![0u32; ranks.len() + 2];
    for &word in words {
        if let Some(count) = starts.get_mut(rank(word) + 2) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for count in &mut starts {
        sum += *count;
        *count = sum;
    }
    let mut inverted = Inverted {
        starts: Vec::new(),
        ids: alloc::vec![0; words.len()],
        codes: alloc::vec![0; words.len()],
    };
    let mut start = 0;
    for (chunk, &end) in ends.iter().enumerate() {
        for &word in words.get(start..end as usize).unwrap_or(&[]) {
            let Some(next) = starts.get_mut(rank(word) + 1) else { continue };
            let at = *next as usize;
            *next += 1;
            if let Some((id, code)) = inverted.ids.get_mut(at).zip(inverted.codes.get_mut(at)) {
                (*id, *code) = (chunk as u32, (word & 31) as u8);
            }
        }
        start = end as usize;
    }
    inverted.starts = starts;
    inverted
}

/// Loose postings sorted by rank, handed out rank after rank.
struct Grouped {
    ranks: Vec<u32>,
    lists: Inverted,
    at: usize,
}

impl Grouped {
    fn new(mut loose: Vec<Loose>, ranks: &[u32]) -> Self {
        let rank = |loose: &Loose| ranks.get(loose.term as usize).copied().unwrap_or(0);
        loose.sort_unstable_by_key(|loose| (rank(loose), loose.id));
        let lists = Inverted {
            starts: Vec::new(),
            ids: loose.iter().map(|loose| loose.id).collect(),
            codes: loose.iter().map(|loose| loose.code).collect(),
        };
        Self { ranks: loose.iter().map(rank).collect(), lists, at: 0 }
    }

    fn list(&mut self, rank: usize) -> (&[u32], &[u8]) {
        let start = self.at;
        while self.ranks.get(self.at).is_some_and(|&r| r as usize == rank) {
            self.at += 1;
        }
        (
            self.lists.ids.get(start..self.at).unwrap_or(&[]),
            self.lists.codes.get(start..self.at).unwrap_or(&[]),
        )
    }
}

/// Before and after the last `mark`; nothing before where there is none.
fn split_last(bytes: &[u8], mark: u8) -> (&[u8], &[u8]) {
    match bytes.iter().rposition(|&b| b == mark) {
        Some(at) => (bytes.get(..at).unwrap_or(&[]), bytes.get(at + 1..).unwrap_or(&[])),
        None => (&[], bytes),
    }
}

/// The name of the folder that a file is in, or nothing.
fn folder_above(key: &[u8]) -> &[u8] {
    let (folders, _) = split_last(key, b'/');
    split_last(folders, b'/').1
}

/// A file name's stem and extension; a leading dot starts no extension.
fn extension(name: &[u8]) -> (&[u8], &[u8]) {
    match split_last(name, b'.') {
        ([], _) => (name, &[]),
        parts => parts,
    }
}
