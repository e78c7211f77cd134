//! The codec: what is decoded is what was encoded, and no bytes harm a decoder.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::{collection::vec, prelude::*};
use sigla_core::glyph::{
    self, Base, Codebook, Decoder, Encoder, Kind, PHRASE_MAX, Record, Spelling, numbers,
    train::{Plan, train},
};
use sigla_proptests::cases;
use std::sync::LazyLock;

const MAX: usize = 512;

/// A codebook of this repository's own documents and sources.
static BOOK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let text = [include_str!("../../docs/design.md"), include_str!("glyph.rs")].concat();
    let records: Vec<&[u8]> = text.as_bytes().chunks(300).collect();
    let based: Vec<(&[u8], &[u8])> = records.windows(2).map(|w| (w[0], w[1])).collect();
    train(&records, &based, &Plan { body: 1 << 20, record_max: MAX, ..Plan::default() })
});

fn record<'a>(bytes: &'a [u8], text: &[u8]) -> Record<'a> {
    Record { bytes, length: text.len(), line: false }
}

/// Bytes as they come, and bytes of words that the codebook knows.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let words =
        vec(prop::sample::select(vec!["segment ", "the ", "image", ".\n", "é", "x7f"]), 0..80);
    prop_oneof![
        vec(any::<u8>(), 0..MAX),
        vec(0u8..4, 0..MAX),
        words.prop_map(|words| words.concat().into_bytes()),
    ]
    .prop_map(|mut text| {
        text.truncate(MAX);
        text
    })
}

/// A line with numbers, as logs have them.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        prop::sample::select(vec!["the segment ", ":", ".", " ", "x", "-", "image "])
            .prop_map(str::to_owned),
        "[0-9]{1,4}",
        "0[0-9a-f]{1,7}",
        "[0-9]{15,24}",
    ];
    vec(part, 1..30).prop_map(|parts| parts.concat().into_bytes())
}

/// A text, then others that differ from the one before in a few bytes: mostly digits, so that
/// numbers change.
fn versions(first: BoxedStrategy<Vec<u8>>) -> impl Strategy<Value = Vec<Vec<u8>>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0u8..5);
    (first, vec(vec(change, 0..6), 0..5)).prop_map(|(first, changes)| {
        let mut texts = vec![first];
        for changes in changes {
            let mut text = texts.last().unwrap().clone();
            for (at, byte, kind) in changes {
                let digits: Vec<usize> =
                    (0..text.len()).filter(|&at| text[at].is_ascii_digit()).collect();
                match kind {
                    0 if !text.is_empty() => drop(text.remove(at.index(text.len()))),
                    1 if text.len() < MAX => text.insert(at.index(text.len() + 1), byte),
                    _ if !digits.is_empty() => text[*at.get(&digits)] = b'0' + byte % 10,
                    _ => {}
                }
            }
            texts.push(text);
        }
        texts
    })
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn decoding_undoes_encoding(texts in vec(text(), 1..8)) {
        let book = Codebook::open(&BOOK).unwrap();
        let mut encoder = Encoder::new(book, MAX);
        let mut memory = vec![0; numbers(MAX)];
        let mut decoder = Decoder::new(&mut memory, MAX).unwrap();
        let mut out = [0; MAX];
        for text in &texts {
            let mut bytes = Vec::new();
            encoder.encode(text, &[], &mut bytes);
            prop_assert!(bytes.len() <= text.len() + 1);
            let length = decoder.decode(&book, &[record(&bytes, text)], &mut out).unwrap();
            prop_assert_eq!(&out[..length], text.as_slice());
        }
    }

    #[test]
    fn a_record_with_a_base_comes_back(
        texts in prop_oneof![versions(text().boxed()), versions(line().boxed())],
        number in 0u32..(1 << 31) - 1,
    ) {
        let book = Codebook::open(&BOOK).unwrap();
        let mut encoder = Encoder::new(book, MAX);
        let mut memory = vec![0; numbers(MAX)];
        let mut decoder = Decoder::new(&mut memory, MAX).unwrap();
        let (mut chain, mut said) = (Vec::new(), Vec::new());
        for text in &texts {
            let mut bytes = Vec::new();
            let base = Base { number, bits: 0, phrases: &said };
            let bases = if said.is_empty() { vec![] } else { vec![base] };
            let encoded = encoder.encode(text, &bases, &mut bytes);
            prop_assert_eq!(glyph::base(&bytes).unwrap(), encoded.base.map(|_| number));
            prop_assert_eq!(Kind::of(&bytes), encoded.kind);
            said = encoder.said().to_vec();
            if encoded.base.is_none() {
                chain.clear();
            }
            chain.push((bytes, text));
            let records: Vec<_> = chain.iter().map(|(bytes, text)| record(bytes, text)).collect();
            let mut out = [0; MAX];
            let length = decoder.decode(&book, &records, &mut out).unwrap();
            prop_assert_eq!(&out[..length], text.as_slice());
        }
    }

    #[test]
    fn a_line_ends_by_itself(text in "[ -~]{0,200}", more in 0usize..50) {
        let text = text + "\n";
        let records = [b"a line\n".as_slice(), text.as_bytes()];
        let bytes = train(&records, &[], &Plan { record_max: MAX, ..Plan::default() });
        let book = Codebook::open(&bytes).unwrap();
        let mut encoder = Encoder::new(book, MAX);
        let mut memory = vec![0; numbers(MAX)];
        let mut decoder = Decoder::new(&mut memory, MAX).unwrap();
        let mut bytes = Vec::new();
        encoder.encode(text.as_bytes(), &[], &mut bytes);
        let length = text.len() + more;
        let mut out = [0; MAX];
        let line = Record { bytes: &bytes, length, line: true };
        let got = decoder.decode(&book, &[line], &mut out).unwrap();
        prop_assert_eq!(&out[..got], text.as_bytes());
    }

    #[test]
    fn a_spelling_says_what_a_walk_says(text in text(), bytes in vec(any::<u8>(), 0..80)) {
        let book = Codebook::open(&BOOK).unwrap();
        let spelling = Spelling::new(&book);
        let mut memory = vec![0; numbers(MAX)];
        let mut decoder = Decoder::new(&mut memory, MAX).unwrap();
        let mut encoded = Vec::new();
        Encoder::new(book, MAX).encode(&text, &[], &mut encoded);
        for bytes in [&encoded, &bytes] {
            let chain = [record(bytes, &text)];
            let mut out = [[0; MAX]; 2];
            let [walked, looked] = out.each_mut();
            let walk = decoder.decode(&book, &chain, walked);
            prop_assert_eq!(walk, decoder.decode(&book.spelt(&spelling), &chain, looked));
            if let Ok(length) = walk {
                prop_assert_eq!(&walked[..length], &looked[..length]);
            }
        }
    }

    #[test]
    fn no_record_harms_a_decoder(
        first in vec(any::<u8>(), 0..80),
        second in vec(any::<u8>(), 0..80),
        length in 0..=MAX,
        line in any::<bool>(),
    ) {
        let book = Codebook::open(&BOOK).unwrap();
        let mut memory = vec![0; numbers(MAX)];
        let mut decoder = Decoder::new(&mut memory, MAX).unwrap();
        let mut out = [0; MAX];
        let chain = [Record { bytes: &first, length, line }, Record { bytes: &second, length, line }];
        if let Ok(got) = decoder.decode(&book, &chain, &mut out) {
            prop_assert!(got <= length);
        }
    }

    #[test]
    fn no_codebook_harms_a_decoder(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        bytes in vec(any::<u8>(), 0..80),
    ) {
        let mut changed = BOOK.clone();
        *at.get_mut(&mut changed) = byte;
        if let Ok(book) = Codebook::open(&changed) {
            let mut memory = vec![0; numbers(MAX)];
            let mut decoder = Decoder::new(&mut memory, MAX).unwrap();
            let mut out = [0; MAX];
            let whole = Record { bytes: &bytes, length: MAX, line: false };
            let _ = decoder.decode(&book, &[whole], &mut out);
            for rule in 0..book.rules() {
                let mut parts = 0;
                let _ = book.levels(rule, &mut |_, _| parts += 1);
                prop_assert!(parts <= 2 * PHRASE_MAX);
            }
        }
    }
}

#[test]
fn the_same_records_give_the_same_codebook() {
    let text = include_str!("glyph.rs");
    let records: Vec<&[u8]> = text.as_bytes().chunks(200).collect();
    let plan = Plan { body: 1 << 20, ..Plan::default() };
    assert_eq!(train(&records, &[], &plan), train(&records, &[], &plan));
}

#[test]
fn a_codebook_is_no_larger_than_asked() {
    let text = include_str!("../../docs/design.md").repeat(3);
    let records: Vec<&[u8]> = text.as_bytes().chunks(500).collect();
    for bytes_max in [2 << 10, 4 << 10, 16 << 10] {
        let plan = Plan { bytes_max, ..Plan::default() };
        assert!(train(&records, &[], &plan).len() <= bytes_max);
    }
}
