//! GRAMS: no document that holds a literal is missed, whatever the bytes, and each filter is the
//! one that `docs/format.md` describes.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sigla_core::build::{BuildError, Options, merge};
use sigla_core::image::{Corrupt, DocId, Image, Section, Segment, grams};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, image, text};
use std::collections::BTreeSet;

/// The bits that are set in the filter of `text`, and how many it has.
fn model(text: &[u8]) -> (BTreeSet<u64>, u64) {
    if text.len() < 3 {
        return (BTreeSet::new(), 0);
    }
    let text = text.to_ascii_lowercase();
    let number = |gram: &[u8]| gram.iter().fold(0u64, |n, &byte| n << 8 | u64::from(byte));
    let hash = |gram: &[u8]| (number(gram).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32;
    let hashes: BTreeSet<u64> =
        text.windows(3).chain(text.windows(4)).map(|gram| u64::from(hash(gram))).collect();
    let modulo = |size: u64| hashes.iter().map(|hash| hash % size).collect::<BTreeSet<u64>>();
    let mut size = (text.len() as u64 * 4).next_power_of_two().clamp(64, 1 << 23);
    while size > 64 && modulo(size / 2).len() as u64 * 5 <= size {
        size /= 2;
    }
    (modulo(size), size)
}

/// The filters of an image, as the section has them.
fn filters(bytes: &[u8]) -> Vec<Vec<u8>> {
    let found = sigla_proptests::damage::sections(bytes);
    let (_, at, len) = found.into_iter().find(|(kind, ..)| *kind == Section::Grams as u16).unwrap();
    let section = &bytes[at..at + len];
    let documents = Image::open(bytes).unwrap().meta().documents as usize;
    let (filters, offsets) = section.split_at(len - 4 * (documents + 1));
    let ends: Vec<usize> = offsets
        .chunks(4)
        .map(|offset| u32::from_le_bytes(offset.try_into().unwrap()) as usize)
        .collect();
    ends.windows(2).map(|ends| filters[ends[0]..ends[1]].to_vec()).collect()
}

/// Texts, and bytes that are none.
fn any_text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => text().prop_map(String::into_bytes),
        2 => vec(any::<u8>(), 0..9),
        1 => vec(any::<u8>(), 0..3000),
        1 => vec(prop_oneof![Just(b'a'), Just(b'B'), Just(b'\n'), Just(0xff)], 0..40),
    ]
}

fn docs(texts: Vec<Vec<u8>>) -> Vec<Doc> {
    texts.into_iter().enumerate().map(|(at, text)| Doc::new(format!("{at:04}"), text)).collect()
}

proptest! {
    #![proptest_config(cases(256))]

    /// Parts of words, punctuation, across words and lines, in any case, in no encoding.
    #[test]
    fn no_document_that_holds_a_literal_is_missed(
        texts in vec(any_text(), 1..8),
        at: Index,
        ends in (any::<Index>(), 0..40usize),
        case: u64,
    ) {
        let docs = docs(texts);
        let bytes = image(&docs, false).unwrap();
        let image = Image::open(&bytes).unwrap();
        let whole = &docs[at.index(docs.len())].text;
        let start = ends.0.index(whole.len() + 1);
        let mut literal = whole[start..(start + ends.1).min(whole.len())].to_vec();
        let holds = |doc: &Doc| literal.is_empty() || doc.text.windows(literal.len()).any(|w| w == literal);
        let holders: Vec<bool> = docs.iter().map(holds).collect();
        for (at, byte) in literal.iter_mut().enumerate().filter(|(at, _)| case >> (at % 64) & 1 == 1) {
            *byte = if at % 2 == 0 { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        }
        for (id, holds) in (0u32..).zip(holders) {
            let filter = image.grams().unwrap().filter(DocId(id)).unwrap();
            let mut may = true;
            grams(&literal, |gram| may &= filter.may_hold(gram));
            prop_assert!(may || !holds, "document {}", id);
        }
    }

    #[test]
    fn a_filter_is_the_one_that_is_described(texts in vec(any_text(), 1..5)) {
        let docs = docs(texts);
        let filters = filters(&image(&docs, false).unwrap());
        prop_assert_eq!(filters.len(), docs.len());
        for (doc, filter) in docs.iter().zip(filters) {
            let (bits, size) = model(&doc.text);
            prop_assert_eq!(filter.len() as u64 * 8, size);
            let set = |bit: &u64| filter[*bit as usize / 8] >> (bit % 8) & 1 == 1;
            prop_assert_eq!((0..size).filter(set).collect::<BTreeSet<_>>(), bits);
        }
    }
}

#[test]
fn a_filter_tells_most_documents_without_a_literal_from_those_with_it() {
    let docs =
        docs((0..500).map(|at| format!("let value_{at} = {};\n", at * 7919).into()).collect());
    let bytes = image(&docs, false).unwrap();
    let image = Image::open(&bytes).unwrap();
    let candidates = (0..500).map(DocId).filter(|&id| {
        let filter = image.grams().unwrap().filter(id).unwrap();
        let mut may = true;
        grams(b"VALUE_123 =", |gram| may &= filter.may_hold(gram));
        may
    });
    let candidates: Vec<DocId> = candidates.collect();
    assert!(candidates.contains(&DocId(123)) && candidates.len() < 50, "{candidates:?}");
}

#[test]
fn a_merge_may_leave_filters_out_and_cannot_make_them() {
    let doc = [Doc::new("a", "retry with backoff")];
    let with = image(&doc, true).unwrap();
    let merged = |bytes: &[u8], grams| {
        let mut out = Vec::new();
        let segments = [Segment::new(Image::open(bytes).unwrap())];
        merge(&segments, Options { text: true, grams }, &mut out).map(|_| out)
    };
    assert_eq!(merged(&with, true).unwrap(), with);
    let without = merged(&with, false).unwrap();
    assert!(Image::open(&without).unwrap().grams().is_none());
    let place = Corrupt { section: Section::Grams, at: 0 };
    assert_eq!(merged(&without, true), Err(BuildError::Corrupt(place)));
}

/// The filter says what the text that stands beside it does not have.
#[test]
fn verify_finds_a_filter_that_would_hide_a_document() {
    let mut bytes = image(&[Doc::new("a", "retry with backoff")], true).unwrap();
    let found = sigla_proptests::damage::sections(&bytes);
    let (_, at, _) = found.into_iter().find(|(kind, ..)| *kind == Section::Grams as u16).unwrap();
    let bit = bytes[at..].iter().position(|byte| *byte != 0).unwrap();
    bytes[at + bit] &= bytes[at + bit] - 1;
    sigla_proptests::damage::mend(&mut bytes, true);
    let verified = Image::open(&bytes).unwrap().verify();
    assert_eq!(verified, Err(Corrupt { section: Section::Grams, at: 0 }));
}
