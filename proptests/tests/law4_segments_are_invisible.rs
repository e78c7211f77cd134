//! Law 4: segments are invisible. K segments, tombstones included, answer as the one
//! image made of them: the same documents, chunks, scores and order.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use sigla_core::image::Image;
use sigla_core::search::Limits;
use sigla_proptests::body::{Part, cut, find, segments};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, Lot, corpus, image, large, query};

fn whole(docs: &[Doc]) -> [Part; 1] {
    [Part { bytes: image(docs, true).unwrap(), dead: vec![] }]
}

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn many_segments_answer_as_one(
        docs in corpus(60),
        places in vec(0..5usize, 1..9),
        count in 1..6usize,
        queries in vec(query(), 6),
        stale: bool,
        candidates in prop_oneof![1..12u16, Just(200)],
        verify in prop_oneof![1..6u16, Just(64)],
    ) {
        let limits = Limits::FULL.with_candidates(candidates).with_verify(verify);
        let one = whole(&docs);
        let one = segments(&one).unwrap();
        let parts = cut(&docs, &places, count, stale, true).unwrap();
        let mut many = segments(&parts).unwrap();
        for query in queries {
            let expected = find(&one, &query, &limits, 50);
            prop_assert_eq!(&find(&many, &query, &limits, 50), &expected, "{}", &query);
            many.rotate_left(1);
            prop_assert_eq!(&find(&many, &query, &limits, 50), &expected, "{} turned", &query);
        }
    }

    /// Equal documents of two places: the first place comes first, whatever the keys
    /// and the order of segments.
    #[test]
    fn places_come_in_their_order(docs in corpus(12), query in query()) {
        let part = whole(&docs);
        let image = segments(&part).unwrap()[0];
        let (mut first, mut second) = (image, image);
        (first.place, second.place) = (1, 2);
        let turned = find(&[second, first], &query, &Limits::FULL, 50);
        prop_assert_eq!(&find(&[first, second], &query, &Limits::FULL, 50), &turned);
        if let Ok((found, _)) = turned {
            for pair in found.chunks(2) {
                prop_assert_eq!(pair[0].score, pair[1].score);
            }
        }
    }
}

#[test]
fn a_large_body_in_seven_segments_answers_as_one() {
    let docs = large();
    let mut lot = Lot::new(11);
    let places: Vec<usize> = (0..101).map(|_| lot.below(7)).collect();
    let one = whole(&docs);
    let one = segments(&one).unwrap();
    let parts = cut(&docs, &places, 7, true, true).unwrap();
    let many = segments(&parts).unwrap();
    let chunks = |image: &Image<'_>| image.meta().chunks;
    assert!(chunks(&one[0].image) > 1500);
    for query in [
        "common",
        "common often",
        "retry config rare3",
        "often re* -rare5",
        "\"common often\" path:src",
        "\"common retry\" -socket",
        "lang:rust",
        "src net tests",
        "comon oftne",
        "-common",
        "-rare3 -rare5",
    ] {
        for limits in [Limits::FULL, Limits::SMALL] {
            let expected = find(&one, query, &limits, 400).unwrap();
            assert_eq!(expected.0.is_empty(), query == "-common", "{query}");
            assert_eq!(find(&many, query, &limits, 400).unwrap(), expected, "{query}");
        }
    }
}
