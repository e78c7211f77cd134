//! Exact search misses nothing: where a pattern has a line in a text, the text has what the
//! pattern is said to need; and its lines are those that are found one by one.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sigla::engine::exact::pattern::{Case, How, Pattern};
use sigla_core::image::{DocId, Image};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, image};
use std::ops::ControlFlow;

/// Texts in which the expressions below match now and then.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = select(
        &[
            "a", "b", "ab", "abc", "ABC", "Bca", "cab", "k", "K", "\u{212a}", "s", "\u{17f}", "é",
            "É", " ", "\n", "_", "x1", "\r\n",
        ][..],
    );
    let bytes = prop_oneof![9 => piece.prop_map(|s| s.as_bytes().to_vec()), 1 => Just(vec![0xff])];
    vec(bytes, 0..60).prop_map(|pieces| pieces.concat())
}

/// Expressions of every form that the analysis knows.
fn regex() -> impl Strategy<Value = String> {
    let leaf = select(
        &[
            "a",
            "b",
            "c",
            "ab",
            "abc",
            "Cab",
            "k",
            "s",
            "é",
            " ",
            ".",
            r"\w",
            "[ab]",
            "[^a]",
            "[a-z]",
            r"\b",
            "^",
            "$",
            "x?1",
            r"(?-u:\xff)",
            "(?i:abc)",
            "(?i:k)",
            "",
        ][..],
    )
    .prop_map(String::from);
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            4 => vec(inner.clone(), 2..5).prop_map(|parts| parts.concat()),
            2 => vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join("|"))),
            1 => (inner.clone(), select(&["?", "*", "+", "{2}", "{1,3}", "{2,}", "*?", "{5}"][..]))
                .prop_map(|(part, times)| format!("({part}){times}")),
            1 => (inner.clone(), inner).prop_map(|(a, b)| format!("{a}.*{b}")),
        ]
    })
}

fn how(regex: bool) -> impl Strategy<Value = How> {
    let seldom = || prop_oneof![3 => Just(false), 1 => Just(true)];
    (select(&[Case::Exact, Case::Any, Case::Smart][..]), seldom(), seldom()).prop_map(
        move |(case, word, line)| How { regex, case, word, line, multiline: false, invert: false },
    )
}

/// The numbers of the lines that have a match, and how many matches.
fn lines(pattern: &Pattern, text: &[u8], all: bool) -> Vec<(u64, usize)> {
    let mut found = Vec::new();
    let _ = pattern.lines(text, all, |line| {
        found.push((line.number, line.marks.len()));
        ControlFlow::Continue(())
    });
    found
}

fn check(pattern: &Pattern, texts: &[Vec<u8>]) {
    let docs: Vec<Doc> =
        (0..).zip(texts).map(|(at, text)| Doc::new(format!("{at:03}"), text.clone())).collect();
    let bytes = image(&docs, false).unwrap();
    let grams = Image::open(&bytes).unwrap().grams().unwrap();
    for (id, doc) in (0u32..).zip(&docs) {
        let found = lines(pattern, &doc.text, true);
        let may = pattern.need().met_by(&grams.filter(DocId(id)).unwrap());
        assert!(may || found.is_empty(), "{doc:?} matches on {found:?}");
        let first: Vec<u64> = lines(pattern, &doc.text, false).iter().map(|line| line.0).collect();
        assert_eq!(first, found.iter().map(|line| line.0).collect::<Vec<_>>());
    }
}

/// The lines of `text`, each by itself.
fn split(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn what_an_expression_needs_is_in_every_text_that_it_matches(
        regex in regex(),
        how in how(true),
        texts in vec(text(), 1..6),
    ) {
        // Some of them are nothing that the engine takes: an anchor that is repeated, say.
        if let Ok(pattern) = Pattern::new(&[regex.as_bytes()], how) {
            check(&pattern, &texts);
            for text in &texts {
                let by_line = split(text);
                let expected: Vec<u64> = (1..)
                    .zip(by_line)
                    .filter(|(_, line)| {
                        // A line of no bytes is a line: it gets its end back.
                        !lines(&pattern, &[line, &b"\n"[..]].concat(), false).is_empty()
                    })
                    .map(|(number, _)| number)
                    .collect();
                let found: Vec<u64> = lines(&pattern, text, false).iter().map(|l| l.0).collect();
                prop_assert_eq!(found, expected, "{}", regex);
            }
        }
    }

    #[test]
    fn a_literal_needs_what_it_has(
        literal in text(),
        how in how(false),
        texts in vec(text(), 1..4),
        cut in 1..12usize,
    ) {
        let literal = &literal[..literal.len().min(cut)];
        if let Ok(pattern) = Pattern::new(&[literal], how) {
            let around = [texts[0].as_slice(), b" ", literal, b" ", &texts[0]].concat();
            let expected = !lines(&pattern, &around, false).is_empty();
            prop_assert!(expected || how.word || how.line || literal.is_empty());
            check(&pattern, &[texts, vec![around]].concat());
        }
    }
}
