//! Law 2: the answer is a function of its input, in integers that anyone can add up: BM25
//! equals the sum over a map of everything, and addresses and order of images do not matter.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use sigla_core::image::{Image, Segment};
use sigla_core::search::{Limits, Query, Scored, Searcher, needs, wants};
use sigla_proptests::body::{Part, cut, find, segments};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, corpus, image, large, query, words};
use sigla_proptests::model::{Lexicon, Model, lists, ranked};

/// The best chunks as the core finds them, with the most and the least scratch.
fn best(segments: &[Segment<'_>], words: &str, k: usize) -> Vec<(u32, u32, i32)> {
    let run = |room| {
        let mut scratch = vec![0x33; room];
        let mut best = vec![Scored::NONE; k];
        let mut searcher = Searcher::new(segments, Limits::FULL, &mut scratch).unwrap();
        let mut plan = searcher.plan(&Query::words(words.as_bytes())).unwrap();
        let count = plan.best_chunks(&mut best).unwrap();
        best.truncate(count);
        best
    };
    let all = run(wants(&Limits::FULL));
    assert_eq!(all, run(needs(&Limits::FULL)), "{words}");
    all.into_iter().map(|best| (best.segment.0, best.chunk.0, best.score.0)).collect()
}

/// The body as one image, and what a model knows of its terms.
fn known(docs: &[Doc]) -> (Vec<u8>, Model, Lexicon) {
    let bytes = image(docs, false).unwrap();
    let lexicon = Lexicon::new(&lists(docs, &Image::open(&bytes).unwrap()));
    (bytes, Model::new(docs), lexicon)
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn bm25_is_the_sum_over_a_map(
        docs in corpus(50),
        places in vec(0..4usize, 1..9),
        queries in vec(words(), 4),
        stale: bool,
    ) {
        let (bytes, model, lexicon) = known(&docs);
        let one = [Part { bytes, dead: vec![] }];
        let parts = cut(&docs, &places, 4, stale, false).unwrap();
        for segments in [segments(&one).unwrap(), segments(&parts).unwrap()] {
            for query in &queries {
                let (rows, _) = lexicon.rows(query.as_bytes());
                let all = ranked(&model, &segments, &rows);
                for k in [1, 2, 7, all.len() + 1] {
                    let expected = &all[..k.min(all.len())];
                    prop_assert_eq!(&best(&segments, query, k)[..], expected, "{}, {}", query, k);
                }
            }
        }
    }

    #[test]
    fn the_address_of_an_image_does_not_matter(docs in corpus(20), query in query()) {
        let bytes = image(&docs, true).unwrap();
        let mut answers = vec![];
        for skip in 0..9 {
            let moved = [&vec![0xff; skip][..], &bytes].concat();
            let segment = Segment::new(Image::open(&moved[skip..]).unwrap());
            answers.push(find(&[segment], &query, &Limits::FULL, 50));
        }
        prop_assert!(answers.iter().all(|answer| *answer == answers[0]));
    }
}

#[test]
fn bm25_is_the_sum_over_a_map_in_a_large_body() {
    let docs = large();
    let (bytes, model, lexicon) = known(&docs);
    let one = [Part { bytes, dead: vec![] }];
    let parts = cut(&docs, &[3, 0, 1, 1, 2], 4, true, false).unwrap();
    for segments in [segments(&one).unwrap(), segments(&parts).unwrap()] {
        for query in ["common", "often common retry", "rare3 rare4 config often", "the rare9 x"] {
            let (rows, _) = lexicon.rows(query.as_bytes());
            let all = ranked(&model, &segments, &rows);
            for k in [1, 10, 100, 1000, 3000] {
                assert_eq!(best(&segments, query, k), all[..k.min(all.len())], "{query}, {k}");
            }
        }
    }
}
