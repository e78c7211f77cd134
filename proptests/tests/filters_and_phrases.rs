//! Phrases, `-word` and the filters: a document answers where a naive look at its text, its
//! path and its symbols says so.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::prelude::*;
use proptest::sample::select;
use sigla_core::image::{DocId, Image, Symbol, SymbolId};
use sigla_core::outline::{Kind, Lang};
use sigla_core::search::{Limits, Query, matches};
use sigla_core::text::Part;
use sigla_proptests::body::{cut, find, segments};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, WORDS, corpus, image, lossy};
use sigla_proptests::model::{Bytes, Lexicon, Model, Postings, lists, terms};
use std::collections::{BTreeMap, BTreeSet};

/// Limits that no body below reaches, so that all answers come.
const ALL: Limits = Limits::FULL.with_candidates(300).with_verify(u16::MAX);

/// The keys of all documents that answer, over one segment and over three.
fn answers(docs: &[Doc], query: &str) -> BTreeSet<String> {
    let mut sets = vec![];
    for count in [1, 3] {
        let parts = cut(docs, &[0, 2, 1, 1], count, true, true).unwrap();
        let (found, answer) = find(&segments(&parts).unwrap(), query, &ALL, 1000).unwrap();
        assert!(!answer.capped);
        let keys: BTreeSet<String> = found.iter().map(|found| lossy(&found.key).into()).collect();
        assert_eq!(keys.len(), found.len(), "each document once");
        sets.push(keys);
    }
    assert_eq!(sets[0], sets[1], "{query}");
    sets.remove(0)
}

fn keys(docs: &[Doc], holds: impl Fn(usize, &Doc) -> bool) -> BTreeSet<String> {
    let pass = docs.iter().enumerate().filter(|(at, doc)| holds(*at, doc));
    pass.map(|(_, doc)| lossy(&doc.key).into()).collect()
}

fn pieces(run: &[u8]) -> Vec<Bytes> {
    let terms = terms(run).into_iter().filter(|(_, part)| *part != Part::Whole);
    terms.map(|(term, _)| term).collect()
}

/// Whether the pieces of `phrase` stand in `text` one after the other.
fn holds(text: &[u8], phrase: &[u8]) -> bool {
    let (text, phrase) = (pieces(text), pieces(phrase));
    phrase.is_empty() || text.windows(phrase.len()).any(|window| window == phrase)
}

/// A body and what the models know of it.
struct Body {
    model: Model,
    lexicon: Lexicon,
    lists: BTreeMap<Bytes, [Postings; 3]>,
    bytes: Vec<u8>,
}

impl Body {
    fn new(docs: &[Doc]) -> Self {
        let bytes = image(docs, true).unwrap();
        let lists = lists(docs, &Image::open(&bytes).unwrap());
        Self { model: Model::new(docs), lexicon: Lexicon::new(&lists), lists, bytes }
    }

    /// The chunks of document `at` that pass the filters on symbols, each with whether it
    /// is negated.
    fn chunks(&self, at: usize, filters: &[(&str, bool)]) -> Vec<u32> {
        let image = Image::open(&self.bytes).unwrap();
        let doc = image.docs().get(DocId(at as u32)).unwrap();
        let symbols: Vec<_> = (doc.first_symbol.0..doc.end_symbol.0)
            .map(|id| image.symbols().get(SymbolId(id)).unwrap())
            .collect();
        let fits = |symbol: &Symbol<'_>, filter: &str| match filter.split_once(':').unwrap() {
            ("kind", kind) => Some(symbol.kind) == Kind::from_name(kind),
            (_, name) if name.contains('*') => {
                let start = name.trim_end_matches('*').as_bytes();
                symbol.name.get(..start.len()).is_some_and(|n| n.eq_ignore_ascii_case(start))
            }
            (_, name) => symbol.name.eq_ignore_ascii_case(name.as_bytes()),
        };
        let passes = |chunk: &u32| {
            let here = || symbols.iter().filter(|symbol| symbol.chunk.0 == *chunk);
            let wanted: Vec<_> = filters.iter().filter(|(_, not)| !not).collect();
            let all = |symbol: &&_| wanted.iter().all(|(filter, _)| fits(symbol, filter));
            let refused = |symbol: &_| filters.iter().any(|(f, not)| *not && fits(symbol, f));
            !here().any(refused) && (wanted.is_empty() || here().any(|symbol| all(&symbol)))
        };
        (doc.first_chunk.0..doc.end_chunk.0).filter(passes).collect()
    }

    /// Whether document `at` has one of the terms of `words` in one of `chunks`, in a
    /// name defined there, or in its path.
    fn scores(&self, at: usize, words: &str, chunks: &[u32], by_path: bool) -> bool {
        let image = Image::open(&self.bytes).unwrap();
        let (rows, _) = self.lexicon.rows(words.as_bytes());
        rows.iter().any(|row| {
            let [in_words, in_names, in_paths] = &self.lists[&row.term];
            let named =
                |id: &u32| chunks.contains(&image.symbols().get(SymbolId(*id)).unwrap().chunk.0);
            chunks.iter().any(|chunk| in_words.contains_key(chunk))
                || in_names.keys().any(named)
                || (by_path && in_paths.contains_key(&(at as u32)))
        })
    }
}

fn word() -> impl Strategy<Value = &'static str> {
    prop_oneof![select(&WORDS[..6]), select(&WORDS[..])]
}

fn symbol_filter() -> impl Strategy<Value = (&'static str, bool)> {
    let filter = select(
        &[
            "kind:function",
            "kind:struct",
            "kind:section",
            "kind:impl",
            "sym:parse*",
            "sym:retry",
            "sym:READ",
            "sym:HTTPServer2",
        ][..],
    );
    (filter, prop::bool::weighted(0.25))
}

fn sign(not: bool) -> &'static str {
    if not { "-" } else { "" }
}

/// Characters of Chinese, Japanese and Korean texts.
fn unspaced() -> impl Strategy<Value = String> {
    let signs: Vec<char> = "检索引擎的中文分词かなカナーテスト한국어를검색".chars().collect();
    proptest::collection::vec(select(signs), 1..40).prop_map(String::from_iter)
}

proptest! {
    #![proptest_config(cases(64))]

    /// Whatever part of a text without spaces is asked for, the text is found, as words and
    /// as a phrase; as a phrase only where it stands.
    #[test]
    fn texts_without_spaces_are_found_by_any_part(
        texts in proptest::collection::vec(unspaced(), 1..6),
        which in any::<proptest::sample::Index>(),
        from in any::<proptest::sample::Index>(),
        length in 1usize..9,
    ) {
        let docs: Vec<Doc> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| Doc::new(format!("{at}.md"), format!("Rust{text}3 x\n{text}。\n")))
            .collect();
        let at = which.index(texts.len());
        let signs: Vec<char> = texts[at].chars().collect();
        let from = from.index(signs.len());
        let part: String = signs.iter().skip(from).take(length).collect();
        let key = format!("{at}.md");
        prop_assert!(answers(&docs, &part).contains(&key));
        let expected = keys(&docs, |at, _| texts[at].contains(&part));
        prop_assert_eq!(answers(&docs, &format!("\"{part}\"")), expected);
    }
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_phrase_is_looked_for_in_the_text(docs in corpus(40), a in word(), b in word(), c in word()) {
        for phrase in [format!("{a} {b}"), format!("{a} {b} {c}"), a.to_string()] {
            let expected = keys(&docs, |_, doc| holds(&doc.text, phrase.as_bytes()));
            prop_assert_eq!(answers(&docs, &format!("\"{phrase}\"")), expected, "{}", phrase);
        }
    }

    /// Beside other text, a phrase that nothing holds is its words; one that something
    /// holds is looked for, whatever becomes of the others.
    #[test]
    fn a_phrase_beside_words_falls_back_to_its_words(
        docs in corpus(40), a in word(), b in word(), c in word(), d in word(),
    ) {
        let phrases = [format!("{a} {b}"), format!("{c} {d}")];
        let held = |wanted: &[String]| {
            keys(&docs, |_, doc| wanted.iter().all(|p| holds(&doc.text, p.as_bytes())))
        };
        let nowhere = |phrase: &&String| {
            let mut known = docs.iter().flat_map(|doc| pieces(&doc.text));
            let known: std::collections::BTreeSet<_> = known.by_ref().collect();
            pieces(phrase.as_bytes()).iter().any(|piece| !known.contains(piece))
        };
        let possible: Vec<_> = phrases.iter().filter(|p| !nowhere(p)).cloned().collect();
        let query = format!("\"{}\" \"{}\", ", phrases[0], phrases[1]);
        let words = phrases.join(" ");
        let expected = match held(&possible) {
            strict if !possible.is_empty() && !strict.is_empty() => strict,
            _ => answers(&docs, &words),
        };
        prop_assert_eq!(answers(&docs, &query), expected, "{}", query);
    }

    #[test]
    fn a_negated_phrase_is_not_in_the_text(docs in corpus(40), a in word(), b in word()) {
        let body = Body::new(&docs);
        let phrase = format!("{a} {b}");
        let expected = keys(&docs, |at, doc| {
            let chunks = body.chunks(at, &[]);
            body.scores(at, a, &chunks, true) && !holds(&doc.text, phrase.as_bytes())
        });
        prop_assert_eq!(answers(&docs, &format!("{a} -\"{phrase}\"")), expected, "{}", phrase);
    }

    #[test]
    fn any_word_answers_but_a_negated_one(docs in corpus(40), a in word(), b in word(), no in word()) {
        let body = Body::new(&docs);
        let words = format!("{a} {b}");
        let refused: Vec<Bytes> = {
            let whole = terms(no.as_bytes()).into_iter().filter(|(_, part)| *part != Part::Piece);
            whole.map(|(term, _)| term).collect()
        };
        let expected = keys(&docs, |at, _| {
            let chunks = body.chunks(at, &[]);
            body.scores(at, &words, &chunks, true)
                && !refused.iter().any(|term| body.model.holds(at, term))
        });
        prop_assert_eq!(answers(&docs, &format!("{words} -{no}")), expected);
    }

    #[test]
    fn lang_and_path_look_at_the_document(
        docs in corpus(40),
        word in prop::option::of(word()),
        lang in select(&["rust", "python", "text", "log", "markdown"][..]),
        not_lang: bool,
        path in select(&["src", "NET/", "*.rs", "src/*", "r", "*/net/*e*"][..]),
        not_path: bool,
    ) {
        let body = Body::new(&docs);
        let expected = keys(&docs, |at, doc| {
            let scores = |word: &str| body.scores(at, word, &body.chunks(at, &[]), true);
            (doc.lang == Lang::from_name(lang).unwrap()) != not_lang
                && glob(path, &doc.key) != not_path
                && word.is_none_or(scores)
        });
        let (l, p, w) = (sign(not_lang), sign(not_path), word.unwrap_or(""));
        let query = format!("{w} {l}lang:{lang} {p}path:{path}");
        prop_assert_eq!(answers(&docs, &query), expected, "{}", query);
    }

    #[test]
    fn kind_and_sym_look_at_the_chunks(
        docs in corpus(40),
        word in prop::option::of(word()),
        one in symbol_filter(),
        two in prop::option::of(symbol_filter()),
    ) {
        let body = Body::new(&docs);
        let filters: Vec<_> = [one].into_iter().chain(two).collect();
        let expected = keys(&docs, |at, _| {
            let chunks = body.chunks(at, &filters);
            // A path brings a document up, any chunk that passes is shown.
            !chunks.is_empty()
                && word.is_none_or(|word| body.scores(at, word, &chunks, true))
        });
        let mut query = word.unwrap_or("").to_string();
        for (filter, not) in &filters {
            query += &format!(" {}{filter}", sign(*not));
        }
        prop_assert_eq!(answers(&docs, &query), expected, "{}", query);
    }

    #[test]
    fn a_glob_is_a_glob(pattern in "[ab*?]{0,7}", text in "[abAB]{0,8}") {
        let found = matches(pattern.as_bytes(), text.bytes());
        prop_assert_eq!(found, glob(&pattern, text.as_bytes()));
    }

    /// However odd the query, its clauses are parts of it, and asking ends.
    #[test]
    fn any_query_has_clauses(query in proptest::collection::vec(any::<u8>(), 0..80)) {
        let count = Query::new(&query).clauses().count();
        prop_assert!(count <= query.len());
    }
}

/// A pattern by recursion.
fn glob(pattern: &str, text: &[u8]) -> bool {
    fn whole(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            ([b'*', rest @ ..], _) => (0..=text.len()).any(|at| whole(rest, &text[at..])),
            ([b'?', pattern @ ..], [_, text @ ..]) => whole(pattern, text),
            ([p, pattern @ ..], [t, text @ ..]) => {
                p.eq_ignore_ascii_case(t) && whole(pattern, text)
            }
            _ => false,
        }
    }
    if pattern.contains('*') {
        return whole(pattern.as_bytes(), text);
    }
    let part = |at: usize| text[at..].get(..pattern.len());
    (0..=text.len()).any(|at| part(at).is_some_and(|p| p.eq_ignore_ascii_case(pattern.as_bytes())))
}
