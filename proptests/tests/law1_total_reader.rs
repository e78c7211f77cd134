//! Law 1: the reader is total. Whatever the bytes, open, verify, accessors and search end
//! with a value or an error, never with a panic; and verify finds every flipped bit.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sigla_core::image::{Corrupt, Image, OpenError, Section, Segment};
use sigla_core::search::{Error, Limits, Query, SegmentId, needs, wants};
use sigla_core::text::ANALYSER;
use sigla_proptests::body::search_in;
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, Lot, corpus, image, large, query};
use sigla_proptests::damage::{mend, sections, walk, with_section};

const QUERIES: [&str; 7] = [
    "retry config",
    "re* p* x",
    "\"retry config\" backoff",
    "-retry parser kind:function",
    "sym:parse* -path:src",
    "retyr confgi",
    "lang:rust",
];

/// Looks at everything that the bytes say they are.
fn explore(bytes: &[u8], query: &str) {
    let Ok(image) = Image::open(bytes) else { return };
    let _ = image.verify();
    let _ = walk(&image);
    let dead = Segment { dead: &[0b1010_0101; 3], ..Segment::new(image) };
    for segments in [&[Segment::new(image)][..], &[dead, Segment { place: 1, ..dead }]] {
        for query in QUERIES.into_iter().chain([query]) {
            let query = Query::new(query.as_bytes());
            for (limits, room) in
                [(Limits::SMALL, needs(&Limits::SMALL)), (Limits::FULL, wants(&Limits::FULL))]
            {
                let result = search_in(segments, &query, &limits, 20, room);
                let told = match result {
                    Ok(_) | Err(Error::Corrupt { .. }) => true,
                    Err(Error::NoTexts { .. }) => !image.has_text(),
                    // The query's own faults.
                    Err(error) => matches!(error, Error::Empty | Error::PhraseTooLong),
                };
                assert!(told);
            }
        }
    }
}

/// What to do to a byte.
fn harm() -> impl Strategy<Value = (Index, u8)> {
    // Small numbers and large ones do other harm than random ones.
    (any::<Index>(), prop_oneof![any::<u8>(), Just(0), Just(1), Just(0x7f), Just(0xff)])
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..300), meant: bool) {
        let mut bytes = bytes;
        if meant {
            bytes.splice(0..bytes.len().min(10), *b"SIGLAIMG\0\0");
            let len = bytes.len() as u64;
            if let Some(slot) = bytes.get_mut(16..24) {
                slot.copy_from_slice(&len.to_le_bytes());
            }
            mend(&mut bytes, true);
        }
        explore(&bytes, "x");
    }

    #[test]
    fn a_cut_image_does_not_open(docs in corpus(12), at: Index, more in vec(any::<u8>(), 1..9)) {
        let bytes = image(&docs, true).unwrap();
        let cut = Image::open(&bytes[..at.index(bytes.len())]);
        let short = matches!(cut, Err(OpenError::NotAnImage | OpenError::Length { .. }));
        prop_assert!(short);
        let longer = [bytes, more].concat();
        let (longer, len) = (Image::open(&longer), longer.len() as u64);
        let long = matches!(longer, Err(OpenError::Length { got, .. }) if got == len);
        prop_assert!(long);
    }

    #[test]
    fn verify_finds_a_flipped_bit(docs in corpus(12), at: Index, bit in 0..8u8, text: bool) {
        let mut bytes = image(&docs, text).unwrap();
        prop_assert_eq!(Image::open(&bytes).unwrap().verify(), Ok(()));
        prop_assert_eq!(walk(&Image::open(&bytes).unwrap()), Ok(()));
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(Image::open(&bytes).map_or(true, |image| image.verify().is_err()));
    }

    #[test]
    fn a_damaged_image_whose_checksums_fit_is_searched_or_refused(
        docs in corpus(14),
        harm in vec(harm(), 1..6),
        query in query(),
        text: bool,
    ) {
        let mut bytes = image(&docs, text).unwrap();
        let len = bytes.len();
        for (at, value) in harm {
            bytes[at.index(len)] = value;
        }
        mend(&mut bytes, true);
        explore(&bytes, &query);
    }

    /// Damage to one section, so that small sections get as much of it as large ones.
    #[test]
    fn each_section_may_be_damaged(
        docs in corpus(14),
        section: Index,
        harm in vec(harm(), 1..4),
        query in query(),
    ) {
        let mut bytes = image(&docs, true).unwrap();
        let sections = sections(&bytes);
        let (_, offset, length) = sections[section.index(sections.len())];
        for (at, value) in harm {
            if length > 0 {
                bytes[offset + at.index(length)] = value;
            }
        }
        mend(&mut bytes, true);
        explore(&bytes, &query);
    }
}

/// Every byte of a small image, one after the other, at three values.
#[test]
fn every_byte_of_a_small_image_may_lie() {
    let docs = [
        Doc::new("a/b.rs", "fn retry(config: &str) {}\nstruct parser;\n"),
        Doc::new("c.md", "# retry\n\nbackoff retry retry x\n"),
    ];
    let sound = image(&docs, true).unwrap();
    for at in 0..sound.len() {
        for value in [0, 0x7f, 0xff] {
            let mut bytes = sound.clone();
            bytes[at] = value;
            mend(&mut bytes, true);
            explore(&bytes, "retry");
        }
    }
}

/// Long lists, with entries of blocks and all.
#[test]
fn a_large_image_may_be_damaged_anywhere() {
    let sound = image(&large(), false).unwrap();
    let mut lot = Lot::new(5);
    for _ in 0..60 {
        let mut bytes = sound.clone();
        for _ in 0..1 + lot.below(40) {
            let at = lot.below(bytes.len());
            bytes[at] = [0, 1, 0x7f, 0xff, at as u8][lot.below(5)];
        }
        mend(&mut bytes, false);
        let Ok(image) = Image::open(&bytes) else { continue };
        let segment = [Segment::new(image)];
        for query in ["common often", "common re* -rare3", "retry kind:function"] {
            let query = Query::new(query.as_bytes());
            let room = wants(&Limits::FULL);
            let result = search_in(&segment, &query, &Limits::FULL, 300, room);
            assert!(matches!(result, Ok(_) | Err(Error::Corrupt { .. })), "{result:?}");
        }
        let _ = walk(&image);
    }
}

/// A search in what `verify` refuses may still answer; where a list on its way is
/// impossible it says so and names the place.
#[test]
fn a_search_names_the_place() {
    let mut bytes = image(&large(), false).unwrap();
    let postings =
        sections(&bytes).into_iter().find(|(kind, ..)| *kind == Section::Postings as u16);
    let (_, offset, length) = postings.unwrap();
    bytes[offset..offset + length].fill(0xff);
    mend(&mut bytes, true);
    let image = Image::open(&bytes).unwrap();
    assert!(image.verify().is_err());
    let query = Query::new(b"common");
    let room = wants(&Limits::FULL);
    let result = search_in(&[Segment::new(image)], &query, &Limits::FULL, 10, room);
    let named = |place: Corrupt| place.section == Section::Postings;
    assert!(matches!(result, Err(Error::Corrupt { segment: SegmentId(0), place }) if named(place)));
}

/// A section of a later version is skipped where that version lets it be, and nothing else
/// changes; without its leave the image does not open.
#[test]
fn a_section_of_tomorrow_is_skipped_or_refused() {
    let docs = [Doc::new("a.rs", "fn retry() {}\n"), Doc::new("b.md", "# config\nretry\n")];
    let today = image(&docs, true).unwrap();
    let tomorrow = with_section(&today, 40, 1, b"vectors").unwrap();
    let opened = Image::open(&tomorrow).unwrap();
    assert_eq!(opened.verify(), Ok(()));
    assert_eq!(opened.unknown_sections().collect::<Vec<_>>(), [(40, 7)]);
    assert!(opened.sections().eq(Image::open(&today).unwrap().sections()));
    for query in QUERIES {
        let ask = |bytes| {
            let segment = [Segment::new(Image::open(bytes).unwrap())];
            let (query, limits) = (Query::new(query.as_bytes()), Limits::FULL);
            search_in(&segment, &query, &limits, 20, wants(&limits))
        };
        assert_eq!(ask(&tomorrow), ask(&today), "{query}");
    }
    let required = with_section(&today, 40, 0, b"vectors").unwrap();
    let refused = Image::open(&required).unwrap_err();
    assert_eq!(refused, OpenError::Unknown { kind: 40 });
    assert!(refused.to_string().contains("use a later sigla"), "{refused}");
    // What this version writes and an earlier one may do without is marked so.
    for (index, (kind, ..)) in sections(&today).into_iter().enumerate() {
        let flags = u16::from_le_bytes([today[32 + 24 * index + 2], today[32 + 24 * index + 3]]);
        let section = Section::from_number(kind).unwrap();
        assert_eq!(flags, u16::from(!section.is_required()), "{}", section.name());
    }
}

/// What the header and the table may say, and what is made of it.
#[test]
fn the_header_is_taken_at_its_word() {
    let docs = [Doc::new("a", "retry"), Doc::new("b", "config")];
    let sound = image(&docs, true).unwrap();
    let entry = |kind: Section| {
        let at = sections(&sound).iter().position(|(number, ..)| *number == kind as u16);
        32 + 24 * at.unwrap()
    };
    let (text, meta) = (entry(Section::Text), entry(Section::Meta));
    let (_, analyser, _) = *sections(&sound).last().unwrap();
    let open = |changes: &[(usize, u8)]| {
        let mut bytes = sound.clone();
        changes.iter().for_each(|&(at, value)| bytes[at] = value);
        mend(&mut bytes, true).unwrap();
        Image::open(&bytes).map(|image| (image.text().is_some(), image.verify()))
    };
    assert_eq!(open(&[]), Ok((true, Ok(()))));
    assert_eq!(open(&[(0, b's')]), Err(OpenError::NotAnImage));
    assert_eq!(open(&[(8, 1)]), Err(OpenError::Format { got: 1 }));
    assert_eq!(open(&[(text, 99), (text + 2, 0)]), Err(OpenError::Unknown { kind: 99 }));
    assert_eq!(open(&[(text, 99)]), Ok((false, Ok(()))));
    assert_eq!(open(&[(meta, 99), (meta + 2, 1)]), Err(OpenError::Missing(Section::Meta)));
    // A kind twice, a section beside its place, one beyond the end.
    let header =
        |result| matches!(result, Err(OpenError::Corrupt(c)) if c.section == Section::Header);
    assert!(header(open(&[(text, Section::Docs as u8)])));
    assert!(header(open(&[(text + 8, 1)])));
    assert!(header(open(&[(text + 20, 1)])));
    // Sections that overlap open, since no rule of reading minds, and are not sound.
    assert!(open(&[(text + 9, 0)]).is_ok_and(|(_, verified)| verified.is_err()));
    let got = ANALYSER ^ 0xff;
    let other = open(&[(analyser, got as u8)]);
    assert_eq!(other, Err(OpenError::Analyser { expected: ANALYSER, got }));
    let mut unmended = sound.clone();
    unmended[text + 4] ^= 1;
    assert_eq!(Image::open(&unmended).err(), Some(OpenError::Checksum));
}
