//! Chunks tile any text and definitions nest; terms have 1 to 48 bytes; a query meets the
//! text it was copied from: every word of a document finds the document.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sigla_core::image::{DocId, Image, SymbolId};
use sigla_core::outline::{self, CHUNK_MAX, Event, Lang, Step};
use sigla_core::search::{Limits, Query, wants};
use sigla_core::text::{self, TERM_MAX, WORD_MAX};
use sigla_proptests::body::{Part, search_in, segments};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, corpus, image, large, lossy, text as lines};

/// Tokens of all languages, in no order: what a lexer must survive.
const SHREDS: &[&str] = &[
    "fn ",
    "impl ",
    "struct ",
    "class ",
    "def ",
    "func ",
    "interface ",
    "function ",
    "type ",
    "mod ",
    "macro_rules! ",
    "#[test]\n",
    "/// doc\n",
    "//",
    "/*",
    "*/",
    "\"",
    "'",
    "`",
    "r#\"",
    "\"#",
    "'''",
    "\"\"\"",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    ";",
    ":",
    "=",
    "=>",
    "\n",
    "\n    ",
    "\r\n",
    "\t",
    "# ",
    "```\n",
    "\\",
    "end\n",
    "do\n",
    "if x\n",
    "module A where\n",
    "<<END\n",
    "END\n",
    "#{",
    "%w(",
    "[[",
    "]]",
    "--",
    "{-",
    "-}",
    "$$",
    "create table ",
    "(defn ",
    "===\n",
    "---\n",
    "[table]\n",
    "key:\n",
    "\tgcc\n",
    "FROM a AS b\n",
    "\\section{",
    "<script>\n",
    "</script>\n",
    "<!--",
    "-->",
    "\"source\": [\n",
    "\"cell_type\": \"code\",\n",
    "import a;",
    "a",
    "name",
    "é",
    "\u{0}",
];

fn shreds() -> impl Strategy<Value = Vec<u8>> {
    let shred = prop_oneof![
        20 => select(SHREDS).prop_map(|shred| shred.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..6),
        1 => (select(&b"ax {\n"[..]), 1..6000usize).prop_map(|(byte, count)| vec![byte; count]),
    ];
    vec(shred, 0..200).prop_map(|shreds| shreds.concat())
}

fn any_text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![shreds(), lines().prop_map(String::into_bytes), vec(any::<u8>(), 0..9000)]
}

fn line_ends(text: &[u8]) -> u32 {
    text.iter().filter(|&&b| b == b'\n').count() as u32
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn chunks_tile_any_text_and_definitions_nest(text in any_text(), lang in select(&Lang::ALL[..])) {
        let (mut end, mut depth, mut last) = (0, 0u32, 0);
        outline::chunks(lang, &text, &mut |step| match step {
            Step::Chunk(chunk) => {
                assert_eq!(chunk.start, end);
                assert!(chunk.end > chunk.start && chunk.end - chunk.start <= CHUNK_MAX);
                assert_eq!(chunk.first_line, line_ends(&text[..chunk.start]));
                let inside = &text[chunk.start..chunk.end];
                let open = u32::from(!inside.ends_with(b"\n"));
                assert_eq!(chunk.lines, line_ends(inside) + open);
                if let Ok(text) = std::str::from_utf8(&text) {
                    assert!(text.is_char_boundary(chunk.end));
                }
                end = chunk.end;
            }
            Step::Event(Event::Open(definition)) => {
                assert_eq!(u32::from(definition.depth), depth.min(255));
                assert!(definition.start >= last && definition.start <= text.len());
                let name = definition.name.as_ptr().addr() - text.as_ptr().addr();
                assert_eq!(definition.line, line_ends(&text[..name]));
                depth += 1;
                last = definition.start;
            }
            Step::Event(Event::Import { .. } | Event::Call { .. } | Event::Inert { .. }) => {
                panic!("uses in chunks")
            }
            Step::Event(Event::Close { body, end, end_line }) => {
                assert!(depth > 0 && body <= end && end >= last && end <= text.len());
                assert_eq!(end_line, line_ends(&text[..end.saturating_sub(1)]));
                depth -= 1;
                last = end;
            }
        });
        prop_assert_eq!(end, text.len());
        prop_assert_eq!(depth, 0);
    }

    /// What the image says of chunks and symbols is what the outline said.
    #[test]
    fn places_come_back_from_the_image(docs in corpus(8), odd in any_text(), lang in select(&Lang::ALL[..])) {
        let mut docs = docs;
        docs.push(Doc { lang, ..Doc::new(*b"\xff", odd) });
        let bytes = image(&docs, true).unwrap();
        let image = Image::open(&bytes).unwrap();
        for (doc, id) in docs.iter().zip((0..).map(DocId)) {
            let stored = image.docs().get(id).unwrap();
            prop_assert_eq!(image.docs().find(&doc.key), Ok(Some(id)));
            prop_assert_eq!(image.text().unwrap().get(id), Ok(&doc.text[..]));
            prop_assert_eq!((stored.lang, stored.role, stored.hash), (doc.lang, doc.role, doc.hash));
            let (mut chunks, mut names) = (vec![], vec![]);
            outline::chunks(doc.lang, &doc.text, &mut |step| match step {
                Step::Chunk(chunk) => chunks.push(chunk),
                Step::Event(Event::Open(d)) => names.push((d.name, d.container.unwrap_or_default(), d.kind, d.line, d.depth)),
                Step::Event(_) => {}
            });
            let places: Vec<_> = image.chunks().of(&stored).map(|chunk| chunk.unwrap()).collect();
            prop_assert_eq!(places.len(), chunks.len());
            for ((id, place), chunk) in places.iter().zip(&chunks) {
                let expected = (chunk.start as u32, chunk.end as u32, chunk.first_line, chunk.lines);
                let found = (place.start, place.end, place.first_line, place.lines);
                prop_assert_eq!(found, expected);
                prop_assert_eq!(image.chunks().place(&stored, *id), Ok(*place));
            }
            prop_assert_eq!((stored.end_symbol.0 - stored.first_symbol.0) as usize, names.len());
            for (id, (name, container, kind, line, depth)) in (stored.first_symbol.0..).zip(names) {
                let symbol = image.symbols().get(SymbolId(id)).unwrap();
                for (stored, full) in [(symbol.name, name), (symbol.container, container)] {
                    prop_assert_eq!(stored, &full[..full.len().min(stored.len())]);
                    prop_assert!(stored.len() == full.len() || stored.len() > 251);
                }
                prop_assert_eq!((symbol.kind, symbol.depth), (kind, depth));
                let place = image.chunks().place(&stored, symbol.chunk).unwrap();
                prop_assert_eq!(place.first_line + u32::from(symbol.line), line);
                prop_assert!(u32::from(symbol.line) < place.lines);
            }
        }
    }

    #[test]
    fn words_are_words_and_terms_are_short(text in any_text()) {
        let mut end = 0;
        for word in text::words(&text) {
            prop_assert!(word.start >= end && (1..=WORD_MAX).contains(&word.bytes.len()));
            end = word.start + word.bytes.len();
            prop_assert_eq!(word.bytes, &text[word.start..end]);
            prop_assert!(std::str::from_utf8(word.bytes).is_ok());
            let again: Vec<_> = text::words(word.bytes).map(|word| word.bytes).collect();
            prop_assert_eq!(again, [word.bytes], "a word alone is itself");
            text::terms(word.bytes, &mut |term, _| {
                assert!((1..=TERM_MAX).contains(&term.len()), "{}", lossy(term));
                assert!(std::str::from_utf8(term).is_ok() || text::is_opaque(term));
            });
        }
    }

    #[test]
    fn every_word_of_a_document_finds_it(docs in corpus(20), odd in "\\PC{0,300}", which: Index) {
        let mut docs = docs;
        docs.push(Doc::new(*b"\xff", odd));
        finds(&docs, &docs[which.index(docs.len())]);
    }
}

/// Asks for every word of `doc`.
fn finds(docs: &[Doc], doc: &Doc) {
    let parts = [Part { bytes: image(docs, false).unwrap(), dead: vec![] }];
    let segments = segments(&parts).unwrap();
    let room = wants(&Limits::FULL);
    for word in text::words(&doc.text) {
        let mut has = false;
        text::terms(word.bytes, &mut |_, _| has = true);
        if has {
            let query = Query::words(word.bytes);
            let (found, answer) = search_in(&segments, &query, &Limits::FULL, 1000, room).unwrap();
            assert!(found.iter().any(|found| found.key == doc.key), "{}", lossy(word.bytes));
            assert!(answer.corrected.is_empty());
        }
    }
}

#[test]
fn every_word_finds_its_document_in_a_large_body() {
    let docs = large();
    let docs = &docs[..900];
    for doc in docs.iter().step_by(180) {
        finds(docs, doc);
    }
}
