//! Law 5: top-k is a prefix of top-(k+1), filters act before the pool of candidates, and
//! as many documents come as answer, also past the pool.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use sigla_core::image::{DocId, Segment};
use sigla_core::search::{Hit, Limits, Query, Scored, Searcher, SegmentId, wants};
use sigla_proptests::body::{cut, find, segments};
use sigla_proptests::corpus::{Doc, corpus, image, large, query, words};
use sigla_proptests::{body::Part, cases};

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn top_k_is_a_prefix_of_top_k_plus_one(
        docs in corpus(60),
        places in vec(0..3usize, 1..9),
        query in query(),
        candidates in 1..40u16,
        stale: bool,
    ) {
        let parts = cut(&docs, &places, 3, stale, true).unwrap();
        let segments = segments(&parts).unwrap();
        let limits = Limits::FULL.with_candidates(candidates);
        let all = find(&segments, &query, &limits, 100);
        prop_assume!(all.is_ok());
        let all = all.unwrap().0;
        for k in 0..=all.len() + 1 {
            let (some, _) = find(&segments, &query, &limits, k).unwrap();
            prop_assert_eq!(&some[..], &all[..k.min(all.len())], "k = {}", k);
            // A limit on hits is as good as little room for them.
            let limits = limits.with_hits(k as u16);
            prop_assert_eq!(some, find(&segments, &query, &limits, 100).unwrap().0);
        }
    }

    #[test]
    fn passages_are_those_of_the_document_and_a_prefix(
        docs in corpus(20),
        places in vec(0..3usize, 1..9),
        words in words(),
        stale: bool,
    ) {
        let parts = cut(&docs, &places, 3, stale, true).unwrap();
        let segments = segments(&parts).unwrap();
        let query = Query::new(words.as_bytes());
        let mut scratch = vec![0; wants(&Limits::FULL)];
        let mut searcher = Searcher::new(&segments, Limits::FULL, &mut scratch).unwrap();
        let mut plan = searcher.plan(&query).unwrap();
        let mut all = vec![Scored::NONE; 4000];
        let count = plan.best_chunks(&mut all).unwrap();
        all.truncate(count);
        for (index, segment) in (0u32..).zip(&segments) {
            for doc in (0..segment.image.meta().documents).map(DocId) {
                let fields = segment.image.docs().get(doc).unwrap();
                let own = |at: &Scored| {
                    at.segment.0 == index && (fields.first_chunk..fields.end_chunk).contains(&at.chunk)
                };
                let wanted: Vec<_> = all.iter().copied().filter(own).collect();
                let hit = Hit { segment: SegmentId(index), doc, ..Hit::NONE };
                for room in [0, 1, 2, 100] {
                    let mut best = vec![Scored::NONE; room];
                    let found = plan.passages(&hit, &mut best).unwrap();
                    prop_assert_eq!(&best[..found], &wanted[..room.min(wanted.len())]);
                }
            }
        }
    }

    /// A filter on documents takes the others out of the answer and leaves statistics
    /// alone. Scores are relative to the best BM25 score of what may answer: where that
    /// document stays, every hit stays as it was; else the same documents come.
    #[test]
    fn filtering_inside_is_filtering_a_long_answer(
        docs in corpus(60),
        words in words(),
        filter in prop::sample::select(&[
            ("path:src", "src"), ("path:tests/", "tests/"), ("path:.rs", ".rs"), ("path:r", "r"),
        ][..]),
        not: bool,
    ) {
        let bytes = image(&docs, true).unwrap();
        let parts = [Part { bytes, dead: vec![] }];
        let segments = segments(&parts).unwrap();
        let passes = |key: &[u8]| {
            let part = filter.1.as_bytes();
            key.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part)) != not
        };
        let (all, _) = find(&segments, &words, &Limits::FULL, 100).unwrap();
        let sign = if not { "-" } else { "" };
        let filtered = format!("{words} {sign}{}", filter.0);
        let (mut inside, _) = find(&segments, &filtered, &Limits::FULL, 100).unwrap();

        // A segment's scope is another filter on documents.
        let mut scope = vec![0u8; docs.len().div_ceil(8)];
        for (at, _) in docs.iter().enumerate().filter(|(_, doc)| passes(&doc.key)) {
            scope[at / 8] |= 1 << (at % 8);
        }
        let scoped = [Segment { scope: Some(&scope), ..segments[0] }];
        prop_assert_eq!(&find(&scoped, &words, &Limits::FULL, 100).unwrap().0, &inside);

        let mut outside = all;
        outside.retain(|found| passes(&found.key));

        let mut best = [Scored::NONE];
        let mut scratch = vec![0; wants(&Limits::FULL)];
        let mut searcher = Searcher::new(&segments, Limits::FULL, &mut scratch).unwrap();
        let mut plan = searcher.plan(&Query::new(words.as_bytes())).unwrap();
        let count = plan.best_chunks(&mut best).unwrap();
        let stays = count == 0 || {
            let image = &segments[0].image;
            let key = image.docs().key(image.doc_of(best[0].chunk).unwrap()).unwrap();
            passes(&key.bytes().collect::<Vec<u8>>())
        };
        if !stays {
            for all in [&mut outside, &mut inside] {
                all.iter_mut().for_each(|found| found.score = 0);
                all.sort_by(|a, b| a.key.cmp(&b.key));
            }
        }
        prop_assert_eq!(inside, outside);
    }
}

#[test]
fn as_many_come_as_there_are_past_the_pool() {
    let docs = large();
    let parts = cut(&docs, &[0, 1, 2, 1], 3, true, false).unwrap();
    let segments = segments(&parts).unwrap();
    let (all, _) = find(&segments, "common rare17", &Limits::FULL, 2000).unwrap();
    assert_eq!(all.len(), usize::from(Limits::FULL.hits));
    let (all, _) = find(&segments, "common path:net/", &Limits::FULL, 1000).unwrap();
    let net = |doc: &&Doc| doc.key.windows(4).any(|part| part == b"net/");
    let count = docs.iter().filter(net).count();
    assert!(count > usize::from(Limits::FULL.candidates));
    assert_eq!(all.len(), count);
    let mut keys: Vec<_> = all.iter().map(|found| &found.key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), count, "each document once");
    assert!(all.is_sorted_by(|a, b| a.score >= b.score));
    for k in [1, 10, 199, 200, 201, 300] {
        assert_eq!(find(&segments, "common path:net/", &Limits::FULL, k).unwrap().0, all[..k]);
    }
}

/// A phrase is looked for in the best documents, as many as may be verified, however
/// few are wanted.
#[test]
fn few_hits_of_a_phrase_are_the_first_of_many() {
    let parts = cut(&large(), &[0, 1, 2, 1], 3, true, true).unwrap();
    let segments = segments(&parts).unwrap();
    for query in ["\"common retry\"", "often -\"common often\"", "\"retry common\" path:net/"] {
        for (candidates, verify) in [(1, 9), (1, 64), (8, 64), (200, 64), (200, 300)] {
            let limits = Limits::FULL.with_candidates(candidates).with_verify(verify);
            let (all, answer) = find(&segments, query, &limits, 1000).unwrap();
            assert!(answer.capped || !all.is_empty());
            for k in [1, 2, 5, 20] {
                let (some, _) = find(&segments, query, &limits, k).unwrap();
                assert_eq!(some, all[..k.min(all.len())], "{query}, {k}, {limits:?}");
            }
        }
    }
}
