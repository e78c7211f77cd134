//! Symbols as answers: definitions do not depend on segments (law 4), and the tables
//! of SQL say what the outline of the texts says.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sigla::engine::scopes::Choice;
use sigla::engine::{Engine, Request};
use sigla::sql::{Database, Output};
use sigla::symbols::definitions::{self, Likeness, chain};
use sigla::symbols::outline::{Outline, is_plain};
use sigla_core::image::Segment;
use sigla_core::outline::Kind;
use sigla_proptests::body::{Part, cut, segments};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, WORDS, corpus, image, lossy};

const LIKENESSES: [Likeness; 4] =
    [Likeness::Best, Likeness::Exact, Likeness::Prefix, Likeness::Fuzzy];

/// What is found, without the numbers of segments, documents and symbols.
fn found(segments: &[Segment<'_>], name: &str, likeness: Likeness, kinds: &[Kind]) -> Vec<String> {
    let all = definitions::find(segments, name.as_bytes(), likeness, kinds).unwrap();
    let show = all.iter().map(|definition| {
        let image = segments[definition.at.segment].image;
        let doc = image.docs().get(definition.at.doc).unwrap();
        let symbol = image.symbols().get(definition.symbol).unwrap();
        let chain = chain(&image, &doc, definition.symbol).unwrap();
        let chain: Vec<_> = chain.iter().map(|part| lossy(part)).collect();
        let key: Vec<u8> = doc.key.bytes().collect();
        let line = definitions::line(&image, &doc, &symbol).unwrap();
        let fit = (definition.fit, definition.chained, definition.cost);
        format!("{}:{line} {} {chain:?} {fit:?}", lossy(&key), lossy(symbol.name))
    });
    show.collect()
}

fn name() -> impl Strategy<Value = String> {
    let word = || select(&WORDS[..]).prop_map(|word| word.replace(['-', '\''], "_"));
    let part = prop_oneof![
        4 => word(),
        1 => word().prop_map(|word| word.chars().take(3).collect()),
        1 => word().prop_map(|word| word.to_uppercase()),
    ];
    prop_oneof![4 => part.clone(), 1 => (word(), part).prop_map(|(a, b)| format!("{a}::{b}"))]
}

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn many_segments_define_as_one(
        docs in corpus(40),
        places in vec(0..5usize, 1..9),
        count in 1..6usize,
        names in vec(name(), 6),
        stale: bool,
        kind in select(&Kind::ALL[..]),
    ) {
        let one = [Part { bytes: image(&docs, false).unwrap(), dead: vec![] }];
        let one = segments(&one).unwrap();
        let parts = cut(&docs, &places, count, stale, false).unwrap();
        let mut many = segments(&parts).unwrap();
        for name in &names {
            for likeness in LIKENESSES {
                for kinds in [&[][..], &[kind]] {
                    let expected = found(&one, name, likeness, kinds);
                    prop_assert_eq!(&found(&many, name, likeness, kinds), &expected, "{}", name);
                    many.rotate_left(1);
                }
            }
        }
    }

    /// Whoever is defined is found by its name, alone and with what it belongs to.
    #[test]
    fn every_definition_is_found_by_its_name(docs in corpus(12)) {
        let parts = [Part { bytes: image(&docs, false).unwrap(), dead: vec![] }];
        let segments = segments(&parts).unwrap();
        for doc in &docs {
            let outlined = Outline::of(doc.lang, &doc.text);
            for defined in &outlined.definitions {
                let name = lossy(defined.name).into_owned();
                let place = format!("{}:{} {name} ", lossy(&doc.key), defined.line);
                let is_here = |name: &str| {
                    let all = found(&segments, name, Likeness::Exact, &[]);
                    all.iter().any(|found| found.starts_with(&place))
                };
                prop_assert!(is_here(&name), "{}", place);
                let nested = defined.parent.filter(|_| defined.container.is_none());
                if let Some(parent) = nested.filter(|_| is_plain(defined.name)) {
                    let around = &outlined.definitions[parent];
                    if is_plain(around.name) {
                        let qualified = format!("{}::{name}", lossy(around.name));
                        prop_assert!(is_here(&qualified), "{} of {}", qualified, place);
                    }
                }
            }
        }
    }
}

/// The rows of a question over an image of `docs`, their columns joined by blanks.
fn rows(database: &Database, sql: &str) -> Vec<String> {
    let mut rows = vec![];
    let take = |line: Output<'_, '_>| {
        if let Output::Row(row) = line {
            rows.push(row.get::<usize, String>(0)?);
        }
        Ok(())
    };
    database.run(sql, take).unwrap();
    rows
}

fn database(docs: &[Doc], folder: &std::path::Path) -> Database {
    let path = folder.join("x.sigla");
    std::fs::write(&path, image(docs, true).unwrap()).unwrap();
    let request = Request { index_dir: Some(folder.to_owned()), ..Request::new([path]) };
    Engine::open(request).sql(&Choice::default()).unwrap().0
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn tables_say_what_the_outline_says(docs in corpus(8), names in vec(name(), 4)) {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&docs, folder.path());
        let mut expected = vec![];
        for doc in &docs {
            let outlined = Outline::of(doc.lang, &doc.text);
            for d in &outlined.definitions {
                let (path, name, kind) = (lossy(&doc.key), lossy(d.name), d.kind.name());
                let (signature, depth) = (outlined.signature(d), d.depth);
                let lines = format!("{} {}", d.line, d.end_line);
                expected.push(format!("{path} {name} {kind} {lines} {depth} {signature}"));
            }
        }
        let all = "select concat_ws(' ', path, name, kind, line, last_line, depth, signature) \
                   from symbols";
        prop_assert_eq!(rows(&database, all), expected);

        let columns = "concat_ws(' ', name, use, path, line, col, inside, text)";
        for name in &names {
            let fast = format!("select {columns} from refs where name = '{name}'");
            let slow = format!("select {columns} from refs where name || '' = '{name}'");
            prop_assert_eq!(rows(&database, &fast), rows(&database, &slow), "{}", name);
            let fast = format!("select path || line from symbols where name = '{name}'");
            let slow = format!("select path || line from symbols where name || '' = '{name}'");
            prop_assert_eq!(rows(&database, &fast), rows(&database, &slow), "{}", name);
        }
    }
}
