//! Law 6: `needs(&limits)` bytes suffice for every query within the limits; one byte less
//! says what was needed and what was given.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::prelude::*;
use sigla_core::search::{Error, Hit, Limits, Memory, Query, Searcher, needs, wants};
use sigla_proptests::body::{cut, segments};
use sigla_proptests::cases;
use sigla_proptests::corpus::{corpus, large, query};

const _: () = assert!(needs(&Limits::SMALL) < 16 << 10);

fn limits() -> impl Strategy<Value = Limits> {
    let any = (0..40u16, 0..70u16, 0..60u16, 0..20u16, 0..90u16).prop_map(
        |(terms, expansions, candidates, verify, hits)| {
            let limits = Limits::FULL.with_terms(terms).with_expansions(expansions);
            limits.with_candidates(candidates).with_verify(verify).with_hits(hits)
        },
    );
    prop_oneof![1 => Just(Limits::FULL), 1 => Just(Limits::SMALL), 3 => any]
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn what_is_needed_suffices_and_less_is_refused(
        docs in corpus(30),
        query in query(),
        limits in limits(),
        stale: bool,
    ) {
        let parts = cut(&docs, &[0, 1, 1, 0, 1], 2, stale, true).unwrap();
        let segments = segments(&parts).unwrap();
        let query = Query::new(query.as_bytes());
        let mut answers = vec![];
        for len in [needs(&limits), needs(&limits) + 1, wants(&limits) - 1, wants(&limits)] {
            // At any alignment, whatever the bytes were before.
            for skip in 0..4 {
                let mut scratch = vec![0xa5; len + skip];
                let mut hits = [Hit::NONE; 90];
                let searcher = Searcher::new(&segments, limits, &mut scratch[skip..]);
                let result = searcher.and_then(|mut s| s.search(&query, &mut hits));
                let over = matches!(result, Err(Error::OverBudget { .. }));
                prop_assert!(!over, "{:?} with {} bytes", result, len);
                answers.push((result, hits));
            }
        }
        // More memory buys speed, never another answer.
        prop_assert!(answers.iter().all(|answer| *answer == answers[0]));
        let need = needs(&limits);
        for got in [0, need / 2, need - 1] {
            let mut scratch = vec![0; got];
            let refused = Searcher::new(&segments, limits, &mut scratch).err();
            let what = Memory::Scratch;
            prop_assert_eq!(refused, Some(Error::OverBudget { what, need, got }));
        }
    }
}

#[test]
fn the_least_scratch_answers_as_the_most_in_a_large_body() {
    let parts = cut(&large(), &[0, 1, 0, 2], 3, true, true).unwrap();
    let segments = segments(&parts).unwrap();
    for query in ["common often rare3", "re* p* common", "\"common often\" -retry", "lang:rust"] {
        for limits in [Limits::FULL, Limits::SMALL] {
            let query = Query::new(query.as_bytes());
            let run = |room| {
                let mut hits = vec![Hit::NONE; 1000];
                let mut scratch = vec![0; room];
                let mut searcher = Searcher::new(&segments, limits, &mut scratch).unwrap();
                let answer = searcher.search(&query, &mut hits).unwrap();
                (answer, hits)
            };
            let least = run(needs(&limits));
            assert!(least.0.hits > 0);
            assert!(least == run(wants(&limits)), "{query:?}");
        }
    }
}

#[test]
fn a_query_of_any_length_stays_within_its_limits() {
    let docs = large();
    let parts = cut(&docs, &[0, 1], 2, false, false).unwrap();
    let segments = segments(&parts).unwrap();
    // More prefixes than fit a byte, and more unknown words than may be mended.
    let prefixes = "r* ".repeat(400) + "retry";
    let unknown: String = (0..2000).map(|n| format!("retr{n:x}q ")).collect::<String>() + "retry";
    for query in [prefixes, unknown] {
        let mut scratch = vec![0; needs(&Limits::FULL)];
        let mut hits = [Hit::NONE; 5];
        let mut searcher = Searcher::new(&segments, Limits::FULL, &mut scratch).unwrap();
        let answer = searcher.search(&Query::new(query.as_bytes()), &mut hits).unwrap();
        assert_eq!(answer.hits, 5);
        assert!(answer.capped, "a limit was met");
    }
}
