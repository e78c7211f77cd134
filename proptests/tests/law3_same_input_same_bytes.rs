//! Law 3: same input, same bytes. An image depends on its live documents alone: a
//! merge of any partition into runs, tombstones included, equals a build from scratch.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use sigla_core::build::{BuildError, Builder, Document, Options, merge, merge_parts};
use sigla_core::image::Image;
use sigla_core::outline::{CHUNK_MAX, Lang, log_border};
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

/// A log as lines of these kinds: short ones, blank ones, some around the length of a chunk,
/// and one without an end.
fn log(lines: &[(u8, u16)]) -> Vec<u8> {
    let mut text = Vec::new();
    for (at, &(kind, salt)) in lines.iter().enumerate() {
        let mut line = format!("12:00:{:02} job {salt} of retry{} ", at % 60, salt % 7);
        let length = match kind {
            0..24 => 20 + usize::from(salt % 120),
            24 | 25 => 0,
            26..29 => CHUNK_MAX - 3 + usize::from(salt % 6),
            _ => usize::from(salt) % (3 * CHUNK_MAX),
        };
        line = line.repeat(length / line.len() + 1);
        line.truncate(length);
        text.extend_from_slice(line.as_bytes());
        if at + 1 < lines.len() || salt % 2 == 0 {
            text.push(b'\n');
        }
    }
    text
}

/// The image of some documents, of which one is a log.
fn with_log(docs: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Options { text: true, grams: false });
    for (key, text) in docs {
        let lang = Lang::detect(key, text);
        let (role, text) = (sigla_core::outline::Role(0), (*text).into());
        builder.add(Document { key, lang, role, hash: 7, text }).unwrap();
    }
    let mut out = Vec::new();
    builder.finish(&mut out).unwrap();
    out
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn a_log_in_parts_is_the_log(
        lines in vec((0..32u8, any::<u16>()), 0..600),
        sizes in vec(1..60_000usize, 1..6),
        neighbours: bool,
    ) {
        let text = log(&lines);
        let options = Options { text: true, grams: false };
        let (mut parts, mut rest) = (Vec::new(), text.as_slice());
        for size in sizes.iter().cycle() {
            let seen = rest.get(..*size).unwrap_or(rest);
            let border = if seen.len() < rest.len() { log_border(seen) } else { rest.len() };
            let (part, after) = rest.split_at(if border == 0 { rest.len() } else { border });
            parts.push(part);
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        let others: [(&[u8], &[u8]); 2] = [(b"a.md", b"# Retry\n"), (b"z.rs", b"fn retry() {}\n")];
        let mut whole = vec![(&b"m.log"[..], text.as_slice())];
        let mut images: Vec<Vec<u8>> =
            parts.iter().map(|part| with_log(&[(b"m.log", part)])).collect();
        if neighbours {
            whole.insert(0, others[0]);
            whole.push(others[1]);
            images.push(with_log(&others));
        }
        let segments: Vec<_> = images
            .iter()
            .map(|bytes| sigla_core::image::Segment::new(Image::open(bytes).unwrap()))
            .collect();
        let mut joined = Vec::new();
        merge_parts(&segments, options, &mut joined).unwrap();
        prop_assert!(joined == with_log(&whole), "{} parts", parts.len());
        if parts.len() > 1 {
            prop_assert_eq!(merge(&segments, options, &mut Vec::new()), Err(BuildError::KeyOrder));
        }
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
