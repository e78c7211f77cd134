//! `docs/format.md` cannot drift: the image that it prints is the one that the builder
//! writes, and its lists of numbers are those of the code.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use sigla_core::image::{FORMAT, Image, MAGIC, Section};
use sigla_core::outline::{Kind, Lang};
use sigla_core::text::ANALYSER;
use sigla_proptests::corpus::{Doc, image};
use sigla_proptests::damage::{crc32c, mend, sections};

const DOCUMENT: &str = include_str!("../../docs/format.md");

/// The lines between two marks.
fn between(start: &str, end: &str) -> &'static str {
    DOCUMENT.split_once(start).unwrap().1.split_once(end).unwrap().0
}

/// The bytes that the document prints; those between its lines are 0.
fn printed() -> Vec<u8> {
    let mut bytes = vec![];
    for line in between("```hex\n", "```").lines().filter(|line| !line.is_empty()) {
        let (at, rest) = line.split_once("  ").unwrap();
        let at = usize::from_str_radix(at, 16).unwrap();
        assert!(at >= bytes.len(), "{line}");
        bytes.resize(at, 0);
        let digits = rest.split("  ").next().unwrap().split(' ');
        bytes.extend(digits.map(|byte| u8::from_str_radix(byte, 16).unwrap()));
    }
    let length = u64::from_le_bytes(*bytes[16..].first_chunk().unwrap());
    bytes.resize(length as usize, 0);
    bytes
}

#[test]
fn the_example_is_what_the_builder_writes() {
    let hash = 0x1122_3344_5566_7788;
    let first = Doc { hash, ..Doc::new("a.md", "# Retry twice\nretry, retry\n") };
    let hash = 0x0102_0304_0506_0708;
    let second = Doc { hash, ..Doc::new("src/retry.rs", "fn retry_twice() {}\n") };
    let built = image(&[first, second], true).unwrap();

    let mut printed = printed();
    let meta = sections(&printed).into_iter().find(|(kind, ..)| *kind == Section::Meta as u16);
    let (_, at, _) = meta.unwrap();
    // Another compiler may bring another Unicode: of it the analyser's identity speaks.
    let unicode = |bytes: &[u8]| u32::from_le_bytes(*bytes[at..].first_chunk().unwrap());
    if unicode(&printed) >> 16 == ANALYSER >> 16 && unicode(&printed) != ANALYSER {
        printed[at..at + 4].copy_from_slice(&ANALYSER.to_le_bytes());
        mend(&mut printed, true).unwrap();
    }
    for (row, (left, right)) in built.chunks(16).zip(printed.chunks(16)).enumerate() {
        assert_eq!(format!("{left:02x?}"), format!("{right:02x?}"), "at {:#06x}", row * 16);
    }
    assert_eq!(built.len(), printed.len());
    Image::open(&printed).unwrap().verify().unwrap();
    assert_eq!((&printed[..8], FORMAT), (&MAGIC[..], 0));
}

#[test]
fn the_lists_of_numbers_are_those_of_the_code() {
    fn list(names: impl Iterator<Item = &'static str>) -> String {
        let rows = names.enumerate().map(|(number, name)| format!("{number} {name}"));
        rows.collect::<Vec<_>>().join(", ")
    }
    let langs = list(Lang::ALL.into_iter().map(Lang::name));
    assert_eq!(between("<!-- languages -->\n", "\n"), langs);
    assert_eq!(between("<!-- kinds -->\n", "\n"), list(Kind::ALL.into_iter().map(Kind::name)));
}

#[test]
fn the_table_of_sections_is_that_of_the_code() {
    let rows: Vec<String> = between("| kind | section | flag 0 | |\n|---|---|---|---|\n", "\n\n")
        .lines()
        .map(|row| row.splitn(5, '|').take(4).collect::<Vec<_>>().join("|"))
        .collect();
    let known = Section::ALL.into_iter().map(|section| {
        let needed = if section.is_required() { "required" } else { "optional" };
        format!("| {} | {} | {needed} ", section as u16, section.name())
    });
    assert_eq!(rows, known.collect::<Vec<_>>());
}

#[test]
fn the_checksum_is_the_one_that_is_named() {
    assert_eq!(crc32c(*b"123456789"), 0xe306_9283);
}
