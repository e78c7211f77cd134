//! Law 3: same input, same bytes. An image depends on its live documents alone: a
//! merge of any partition into runs, tombstones included, equals a build from scratch.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use sigla_core::build::{BuildError, Options, merge};
use sigla_core::image::Image;
use sigla_proptests::body::{Part, cut, segments};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, Lot, corpus, image, large};

fn merged(parts: &[Part], text: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let summary =
        merge(&segments(parts).unwrap(), Options { text, grams: true }, &mut out).unwrap();
    assert_eq!(summary.bytes, out.len() as u64);
    out
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_merge_of_any_partition_is_a_build_from_scratch(
        docs in corpus(40),
        places in vec(0..5usize, 1..9),
        stale: bool,
        text: bool,
    ) {
        let whole = image(&docs, text).unwrap();
        prop_assert_eq!(&whole, &image(&docs, text).unwrap(), "built twice");
        Image::open(&whole).unwrap().verify().unwrap();
        for count in [1, 2, 5] {
            let parts = cut(&docs, &places, count, stale, text).unwrap();
            prop_assert!(merged(&parts, text) == whole, "{} segments", count);
        }
    }

    #[test]
    fn merges_may_be_merged_and_lose_their_text(
        docs in corpus(30),
        places in vec(0..4usize, 1..9),
        stale: bool,
    ) {
        let parts = cut(&docs, &places, 4, stale, true).unwrap();
        let (left, right) = parts.split_at(2);
        let halves = [merged(left, true), merged(right, true)]
            .map(|bytes| Part { bytes, dead: vec![] });
        prop_assert!(merged(&halves, true) == image(&docs, true).unwrap());
        prop_assert!(merged(&halves, false) == image(&docs, false).unwrap());
    }

    #[test]
    fn contiguous_runs_merge_into_one_build(docs in corpus(40), runs in 1..7usize) {
        let size = docs.len().div_ceil(runs).max(1);
        let part = |run: &[Doc]| Part { bytes: image(run, true).unwrap(), dead: vec![] };
        let parts: Vec<Part> = docs.chunks(size).map(part).collect();
        prop_assert!(merged(&parts, true) == image(&docs, true).unwrap());
    }
}

#[test]
fn a_large_body_in_any_pieces_gives_the_same_bytes() {
    let docs = large();
    let whole = image(&docs, false).unwrap();
    let open = Image::open(&whole).unwrap();
    open.verify().unwrap();
    assert!(open.meta().longest_list > 1500, "lists of many blocks");
    let mut lot = Lot::new(3);
    let places: Vec<usize> = (0..97).map(|_| lot.below(7)).collect();
    for (count, stale) in [(2, false), (7, true)] {
        let parts = cut(&docs, &places, count, stale, false).unwrap();
        assert!(merged(&parts, false) == whole, "{count} segments");
    }
}

#[test]
fn two_living_documents_of_one_key_do_not_merge() {
    let doc = Doc::new("a.txt", "text");
    let bytes = image([&doc], true).unwrap();
    let parts = [(); 2].map(|()| Part { bytes: bytes.clone(), dead: vec![] });
    let result =
        merge(&segments(&parts).unwrap(), Options { text: true, grams: true }, &mut Vec::new());
    assert_eq!(result, Err(BuildError::KeyOrder));
    let later = [Doc::new("a", ""), Doc::new("a", "")];
    assert_eq!(image(&later, true), Err(BuildError::KeyOrder));
}
