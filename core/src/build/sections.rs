//! DOCS, CHUNKS, SYMBOLS and the offsets of TEXT, grown document by document.

use super::{
    BuildError, Options, Summary,
    terms::Counts,
    vocabulary::hash,
    writer::{ImageWriter, Sink},
};
use crate::bits::layout::Number;
use crate::image::{
    HEAD_EVERY, Meta, NAME_MAX, SPLIT_LINE, Section, doc_record, extent, len_code, len_value,
    symbol_record,
};
use crate::outline::{Kind, Lang, Role};
use alloc::vec::Vec;
use hashbrown::HashTable;

/// What DOCS holds of a document besides key and places.
pub(super) struct DocFields {
    pub(super) lang: Lang,
    pub(super) role: Role,
    pub(super) hash: u64,
    pub(super) name_terms: u8,
    pub(super) folders: u8,
}

/// What SYMBOLS holds of a symbol besides its place.
pub(super) struct SymbolFields<'a> {
    pub(super) container: &'a [u8],
    pub(super) name: &'a [u8],
    pub(super) kind: Kind,
    pub(super) depth: u8,
}

/// The sections that grow with the documents.
#[derive(Default)]
pub(super) struct Sections {
    pub(super) documents: u32,
    pub(super) chunks: u32,
    pub(super) symbols: u32,
    tokens: u64,
    pub(super) text_bytes: u64,
    most_chunks: u32,
    longest_key: u16,
    first_chunk: u32,
    docs: Vec<u8>,
    keys: Vec<u8>,
    head: Vec<u8>,
    last: Vec<u8>,
    pub(super) lens: Vec<u8>,
    bytes: Vec<u8>,
    lines: Vec<u8>,
    records: Vec<u8>,
    names: Vec<u8>,
    /// Offset of a name, its bytes, and those of the container before it.
    interned: HashTable<(u32, u8, u8)>,
    offsets: Vec<u8>,
}

const ID_MAX: u32 = 1 << 30;

impl Sections {
    /// Starts the next document; its chunks and symbols follow.
    pub(super) fn document(&mut self, key: &[u8], doc: &DocFields) -> Result<(), BuildError> {
        if self.documents > 0 && key <= self.last.as_slice() {
            return Err(BuildError::KeyOrder);
        }
        let len = u16::try_from(key.len()).map_err(|_| BuildError::KeyTooLong)?;
        let start = self.text_start()?;
        self.close();
        let shared = if self.documents.is_multiple_of(HEAD_EVERY) {
            self.head.clear();
            self.head.extend_from_slice(key);
            0
        } else {
            self.head.iter().zip(key).take_while(|(a, b)| a == b).count()
        };
        self.record(doc, shared as u16)?;
        self.keys.extend(key.iter().skip(shared));
        start.push(&mut self.offsets);
        self.longest_key = self.longest_key.max(len);
        self.last.clear();
        self.last.extend_from_slice(key);
        self.documents += 1;
        Ok(())
    }

    fn text_start(&self) -> Result<u32, BuildError> {
        // Without TEXT the offsets go nowhere and may run over.
        Ok(self.text_bytes.min(u64::from(u32::MAX)) as u32)
    }

    fn close(&mut self) {
        self.most_chunks = self.most_chunks.max(self.chunks - self.first_chunk);
        self.first_chunk = self.chunks;
    }

    fn record(&mut self, doc: &DocFields, shared: u16) -> Result<(), BuildError> {
        let tail =
            u32::try_from(self.keys.len()).map_err(|_| BuildError::TooLarge(Section::Docs))?;
        let mut record = [0; doc_record::BYTES];
        doc_record::FIRST_CHUNK.put(&mut record, self.chunks);
        doc_record::FIRST_SYMBOL.put(&mut record, self.symbols);
        doc_record::HASH.put(&mut record, doc.hash);
        doc_record::TAIL.put(&mut record, tail);
        doc_record::SHARED.put(&mut record, shared);
        doc_record::LANG.put(&mut record, doc.lang as u8);
        doc_record::NAME_TERMS.put(&mut record, doc.name_terms);
        doc_record::FOLDERS.put(&mut record, doc.folders);
        doc_record::ROLE.put(&mut record, doc.role.0);
        self.docs.extend_from_slice(&record);
        Ok(())
    }

    /// A chunk as the outline gave it.
    pub(super) fn chunk(
        &mut self,
        bytes: usize,
        ends: u32,
        split: bool,
        tokens: u32,
    ) -> Result<(), BuildError> {
        let split = if split { SPLIT_LINE } else { 0 };
        self.raw_chunk(bytes as u16, ends as u16 | split, len_code(tokens))
    }

    /// A chunk as CHUNKS has it.
    pub(super) fn raw_chunk(&mut self, bytes: u16, lines: u16, len: u8) -> Result<(), BuildError> {
        if self.chunks + 1 >= ID_MAX {
            return Err(BuildError::TooLarge(Section::Chunks));
        }
        self.lens.push(len);
        bytes.push(&mut self.bytes);
        lines.push(&mut self.lines);
        self.chunks += 1;
        self.tokens += u64::from(len_value(len));
        self.text_bytes += u64::from(bytes);
        Ok(())
    }

    /// A defined name of the current document.
    pub(super) fn symbol(
        &mut self,
        SymbolFields { container, name, kind, depth }: SymbolFields<'_>,
        (chunk, line, lines): (u32, u32, u32),
    ) -> Result<(), BuildError> {
        let large = BuildError::TooLarge(Section::Symbols);
        if self.symbols + 1 >= ID_MAX {
            return Err(large);
        }
        let (container, name) = (cut(container), cut(name));
        let at = self.intern(container, name).ok_or(large)?;
        let mut record = [0; symbol_record::BYTES];
        symbol_record::NAME.put(&mut record, at);
        symbol_record::CHUNK.put(&mut record, chunk);
        symbol_record::EXTENT.put(&mut record, extent(line, lines));
        symbol_record::NAME_BYTES.put(&mut record, name.len() as u8);
        symbol_record::KIND.put(&mut record, kind as u8);
        symbol_record::DEPTH.put(&mut record, depth);
        symbol_record::CONTAINER_BYTES.put(&mut record, container.len() as u8);
        self.records.extend_from_slice(&record);
        self.symbols += 1;
        Ok(())
    }

    /// Where `name` stands, behind `container`.
    fn intern(&mut self, container: &[u8], name: &[u8]) -> Option<u32> {
        let names = &self.names;
        // By the name alone: few names have several containers.
        let stored = |&(at, len, before): &(u32, u8, u8)| {
            let (at, name_end) = (at as usize, at as usize + usize::from(len));
            let container = names.get(at - usize::from(before)..at).unwrap_or(&[]);
            (container, names.get(at..name_end).unwrap_or(&[]))
        };
        let known = self.interned.find(hash(name), |entry| stored(entry) == (container, name));
        if let Some(&(at, ..)) = known {
            return Some(at);
        }
        let at = u32::try_from(self.names.len() + container.len()).ok()?;
        let entry = (at, name.len() as u8, container.len() as u8);
        self.interned.insert_unique(hash(name), entry, |entry| hash(stored(entry).1));
        self.names.extend_from_slice(container);
        self.names.extend_from_slice(name);
        Some(at)
    }

    /// Heap bytes held.
    pub(super) fn heap(&self) -> usize {
        self.docs.capacity()
            + self.keys.capacity()
            + self.lens.capacity() * 5
            + self.records.capacity()
            + self.names.capacity()
            + self.interned.capacity() * 8
            + self.offsets.capacity()
    }

    /// The bytes behind the text in TEXT.
    pub(super) fn text_offsets(&mut self) -> Result<&[u8], BuildError> {
        let end =
            u32::try_from(self.text_bytes).map_err(|_| BuildError::TooLarge(Section::Text))?;
        end.push(&mut self.offsets);
        Ok(&self.offsets)
    }

    /// Writes DOCS, CHUNKS and SYMBOLS.
    pub(super) fn write<S: Sink>(
        &mut self,
        out: &mut ImageWriter<'_, S>,
    ) -> Result<(), BuildError<S::Error>> {
        self.close();
        let end = DocFields { lang: Lang::Text, role: Role(0), hash: 0, name_terms: 0, folders: 0 };
        self.record(&end, 0).map_err(BuildError::widen)?;
        out.section(Section::Docs, &[&self.docs, &self.keys])?;
        out.section(Section::Chunks, &[&self.lens, &self.bytes, &self.lines])?;
        out.section(Section::Symbols, &[&self.records, &self.names])
    }

    /// META and the summary.
    pub(super) fn meta(&self, terms: &Counts) -> (Meta, Summary) {
        let meta = Meta {
            analyser: crate::text::ANALYSER,
            documents: self.documents,
            chunks: self.chunks,
            terms: terms.all,
            opaque: terms.opaque,
            symbols: self.symbols,
            tokens: self.tokens,
            text_bytes: self.text_bytes,
            longest_list: terms.longest_list,
            most_chunks: self.most_chunks,
            longest_key: self.longest_key,
            longest_term: terms.longest_term,
            record_max: 0,
        };
        let summary = Summary {
            documents: self.documents,
            chunks: self.chunks,
            terms: terms.all,
            symbols: self.symbols,
            bytes: 0,
        };
        (meta, summary)
    }
}

/// How many sections an image with these options has.
pub(super) const fn sections(options: Options) -> usize {
    6 + options.text as usize + options.grams as usize
}

/// A name of at most [`NAME_MAX`] bytes, cut at a character border.
fn cut(name: &[u8]) -> &[u8] {
    let mut end = name.len().min(NAME_MAX);
    if end < name.len() {
        while end > 0 && name.get(end).is_some_and(|b| b & 0xc0 == 0x80) {
            end -= 1;
        }
    }
    name.get(..end).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{merge, terms::TermsWriter};
    use crate::image::{Image, Segment, SymbolId};

    const DOC: DocFields =
        DocFields { lang: Lang::Cpp, role: Role(0), hash: 0, name_terms: 1, folders: 0 };

    /// A container and a name in it.
    type Pair = (&'static [u8], &'static [u8]);

    /// An image of one document for each list of names.
    fn image(docs: &[(&[u8], &[Pair])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut out = ImageWriter::new(&mut bytes, sections(Options::default())).unwrap();
        out.begin(Section::Postings).unwrap();
        TermsWriter::new().finish(&mut out).unwrap();
        let mut all = Sections::default();
        for (key, names) in docs {
            all.document(key, &DOC).unwrap();
            all.chunk(10, 1, false, 0).unwrap();
            for &(container, name) in *names {
                let fields = SymbolFields { container, name, kind: Kind::Method, depth: 0 };
                all.symbol(fields, (all.chunks - 1, 0, 1)).unwrap();
            }
        }
        all.write(&mut out).unwrap();
        let (meta, summary) = all.meta(&Counts::default());
        out.section(Section::Meta, &[&meta.encode()]).unwrap();
        out.finish(summary).unwrap();
        bytes
    }

    #[test]
    fn long_definitions_keep_their_lines() {
        let most = (1 << 20) - 1;
        for (line, lines) in [(0, 1), (4095, 65_536), (17, most), (0, u32::MAX)] {
            let mut all = Sections::default();
            let fields = SymbolFields { container: b"", name: b"a", kind: Kind::Class, depth: 0 };
            all.symbol(fields, (7, line, lines)).unwrap();
            let section = [&*all.records, &*all.names].concat();
            let symbols = crate::image::Symbols::new(&section, 1).unwrap();
            let symbol = symbols.get(SymbolId(0)).unwrap();
            assert_eq!((u32::from(symbol.line), symbol.lines), (line, lines.min(most)));
        }
    }

    #[test]
    fn names_come_back_with_their_containers() {
        let long: &[u8] = &[b'x'; 300];
        let first: &[Pair] = &[(b"A", b"b"), (b"", b"b"), (b"A", b"b"), (b"", b"Ab"), (b"B", b"b")];
        let second: &[Pair] = &[(b"", b""), (b"A", b"b"), (long, long), (b"b", b"A")];
        let (one, other) = (image(&[(b"a", first)]), image(&[(b"b", second)]));
        let whole = image(&[(b"a", first), (b"b", second)]);
        let open = |bytes| Segment::new(Image::open(bytes).unwrap());
        let mut merged = Vec::new();
        merge(&[open(&other), open(&one)], Options::default(), &mut merged).unwrap();
        assert!(merged == whole);
        let symbols = open(&merged).image.symbols();
        for (id, (container, name)) in (0..).zip(first.iter().chain(second)) {
            let symbol = symbols.get(SymbolId(id)).unwrap();
            assert_eq!((symbol.container, symbol.name), (cut(container), cut(name)));
        }
        let bytes: u64 = open(&one).image.sections().map(|(_, bytes)| bytes).sum();
        let again = image(&[(b"a", &[first, first].concat())]);
        let more: u64 = open(&again).image.sections().map(|(_, bytes)| bytes).sum();
        assert_eq!(
            more - bytes,
            (symbol_record::BYTES * first.len()) as u64,
            "equal pairs are stored once"
        );
    }
}
