//! The lexicon against a map of everything: look-up of terms, prefixes and neighbours, and
//! the lists of words, names and paths of every term.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sigla_core::image::{Decoded, Family, Image, List, freq_value, len_value, within_edits};
use sigla_core::search::Limits;
use sigla_core::text::terms;
use sigla_proptests::body::{Part, find, segments};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, corpus, image, large, lossy, words};
use sigla_proptests::model::{
    Lexicon, Model, Postings, freq_code, freqs, len_code, lengths, lists,
};

fn postings(image: &Image<'_>, list: List) -> Postings {
    let mut found = Postings::new();
    list.each(image.postings(), &mut Decoded::EMPTY.clone(), |id, code| {
        assert_eq!(found.insert(id, code as u8), None);
    })
    .unwrap();
    found
}

/// Every term with its lists, and nothing else.
fn check(docs: &[Doc]) {
    let bytes = image(docs, false).unwrap();
    let image = Image::open(&bytes).unwrap();
    let model = lists(docs, &image);
    let mut terms = image.lexicon().terms();
    for (term, families) in &model {
        let next = terms.next().unwrap().unwrap();
        assert_eq!(lossy(terms.term()), lossy(term));
        assert_eq!(image.lexicon().find(term), Ok(Some(next)));
        for (family, expected) in
            [Family::Words, Family::Names, Family::Paths].into_iter().zip(families)
        {
            let list = next.list(family);
            assert_eq!(list.count as usize, expected.len());
            assert_eq!(&postings(&image, list), expected, "{} {family:?}", lossy(term));
        }
    }
    assert_eq!(terms.next(), Ok(None));
    let longest = model.values().flatten().map(Postings::len).max().unwrap_or(0);
    assert_eq!(image.meta().longest_list as usize, longest);
    let lens: Vec<u8> = Model::new(docs).chunks().map(|chunk| len_code(chunk.tokens)).collect();
    assert_eq!(image.chunks().lens(), lens);
}

/// The edit distance of optimal string alignment.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(table[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    table[a.len()][b.len()]
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn every_term_has_its_lists(docs in corpus(30)) {
        check(&docs);
    }

    #[test]
    fn terms_and_prefixes_are_found(
        docs in corpus(30),
        strange in vec(any::<u8>(), 0..50),
        which: Index,
        cut: Index,
        last: u8,
    ) {
        let bytes = image(&docs, false).unwrap();
        let image = Image::open(&bytes).unwrap();
        let model = lists(&docs, &image);
        // A term, a part of it, and neighbours of both.
        let mut wanted = vec![strange];
        if !model.is_empty() {
            let term = model.keys().nth(which.index(model.len())).unwrap();
            let part = &term[..cut.index(term.len() + 1)];
            wanted.extend([term.clone(), part.to_vec(), [part, &[last]].concat()]);
            wanted.push([term, &[last][..]].concat());
        }
        for term in wanted {
            let found = image.lexicon().find(&term).unwrap();
            prop_assert_eq!(found.is_some(), model.contains_key(&term));
            let mut with = vec![];
            let prefix = image.lexicon().with_prefix(&term, |term, lists| {
                with.push((term.to_vec(), lists.words.count as usize));
                Ok(())
            });
            prop_assert_eq!(prefix, Ok(()));
            let expected: Vec<_> = model
                .range(term.clone()..)
                .take_while(|(other, _)| other.starts_with(&term))
                .map(|(term, [words, ..])| (term.clone(), words.len()))
                .collect();
            prop_assert_eq!(with, expected);
        }
    }

    #[test]
    fn edits_are_counted_as_by_the_whole_table(a in "[abc]{0,7}", b in "[abc]{0,7}") {
        let (a, b) = (a.as_bytes(), b.as_bytes());
        prop_assert_eq!(within_edits(a, b, 1), distance(a, b) <= 1);
        prop_assert_eq!(within_edits(a, b, 2), distance(a, b) <= 2);
    }

    #[test]
    fn misspelt_words_fall_back_to_the_commonest_neighbour(
        docs in corpus(30),
        words in words(),
        swap: Index,
    ) {
        let mut words = words.into_bytes();
        let at = swap.index(words.len());
        if at > 0 && words[at - 1..=at].iter().all(u8::is_ascii_lowercase) {
            words.swap(at - 1, at);
        }
        let words = String::from_utf8(words).unwrap();
        let bytes = image(&docs, false).unwrap();
        let lexicon = Lexicon::new(&lists(&docs, &Image::open(&bytes).unwrap()));
        let (_, expected) = lexicon.rows(words.as_bytes());
        let parts = [Part { bytes, dead: vec![] }];
        let (_, answer) = find(&segments(&parts).unwrap(), &words, &Limits::FULL, 5).unwrap();
        let corrected: Vec<_> = answer.corrected.iter().map(|c| c.to()).collect();
        prop_assert_eq!(corrected, expected.iter().map(|(_, to)| &to[..]).collect::<Vec<_>>());
        for (correction, (from, _)) in answer.corrected.iter().zip(&expected) {
            let mut has = false;
            terms(correction.word, &mut |term, _| has |= term == from);
            prop_assert!(has, "{:?} in the place of {:?}", lossy(correction.word), lossy(from));
        }
    }

    #[test]
    fn codes_stand_for_the_least_of_their_numbers(n in prop_oneof![1..1000u32, any::<u32>()]) {
        let n = n.max(1);
        prop_assert_eq!(freq_code(n), sigla_core::image::freq_code(n));
        prop_assert_eq!(len_code(n), sigla_core::image::len_code(n));
        prop_assert_eq!(freqs()[usize::from(freq_code(n))], freq_value(freq_code(n)));
        prop_assert_eq!(lengths()[usize::from(len_code(n))], len_value(len_code(n)));
    }
}

#[test]
fn every_term_of_a_large_body_has_its_lists() {
    check(&large());
}
