//! Sealed images: glyphs say what the text said, to readers and to searches, and
//! damaged ones are errors or other texts, never harm.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use std::ops::ControlFlow;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sigla_core::build::{Codec, Options, merge, seal};
use sigla_core::image::{self, DocId, FileEntry, FileKind, Image, Section, Segment, TextError};
use sigla_core::outline::{CHUNK_MAX, Lang};
use sigla_core::search::{
    Error, Hit, ImageTexts, Limits, Query, Searcher, SegmentId, Texts, wants,
};
use sigla_proptests::body::{cut, segments};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, corpus, image};
use sigla_proptests::damage::{mend, sections, walk};

fn sealed(plain: &[u8], record_max: u16, chain: u8) -> Vec<u8> {
    let codec = Codec { record_max, chain, codebook_max: 8 << 10, ..Codec::default() };
    let mut out = Vec::new();
    let entry = FileEntry { kind: FileKind::Kept, mode: 0o640, path: b"zz", content: b"\0\x01" };
    let documents = Image::open(plain).unwrap().meta().documents as usize;
    let files = image::files(&vec![0o644; documents], &[entry]).unwrap();
    seal(&Image::open(plain).unwrap(), Some(&codec), Some(&files), &mut out).unwrap();
    out
}

/// Lines as logs have them: empty, long, with numbers, the last one perhaps without its end.
fn log() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        8 => (0..3u8, any::<u16>()).prop_map(|(kind, n)| match kind {
            0 => format!("job {n} took {} ms", n % 97).into_bytes(),
            1 => format!("2026-11-26 12:00:{:02} worker {} done", n % 60, n % 7).into_bytes(),
            _ => Vec::new(),
        }),
        1 => vec(any::<u8>(), 0..300),
        1 => vec(select(&b"ab0 "[..]), 0..9000),
    ];
    (vec(line, 0..120), any::<bool>()).prop_map(|(lines, ends)| {
        let mut text = lines.join(&b'\n');
        if ends {
            text.push(b'\n');
        }
        text
    })
}

/// A body with a log and a text of any bytes in it.
fn body() -> impl Strategy<Value = Vec<Doc>> {
    (corpus(12), log(), vec(any::<u8>(), 0..6000)).prop_map(|(mut docs, log, bytes)| {
        docs.push(Doc { lang: Lang::Log, ..Doc::new(b"\xff\xff/a.log".as_slice(), log.clone()) });
        docs.push(Doc::new(b"\xff\xff/b.bin".as_slice(), bytes));
        docs.push(Doc { lang: Lang::Log, ..Doc::new(b"\xff\xff/c.log".as_slice(), log) });
        docs
    })
}

fn gathered(parts: &mut Vec<u8>, part: &[u8]) -> ControlFlow<()> {
    parts.extend_from_slice(part);
    ControlFlow::Continue(())
}

fn text_of(image: &Image<'_>, id: DocId) -> Result<Vec<u8>, TextError> {
    let mut memory = vec![0; image.read_numbers()];
    let mut out = vec![0; image.text_length(id)?];
    let length = image.read(id, &mut memory, &mut out)?;
    out.truncate(length);
    Ok(out)
}

/// The hits of a query, with phrases verified in the image's own texts.
fn answer(bytes: &[u8], query: &str) -> Vec<(DocId, i32)> {
    let segments = [Segment::new(Image::open(bytes).unwrap())];
    let mut scratch = vec![0; wants(&Limits::FULL)];
    let mut hits = [Hit::NONE; 20];
    let mut searcher = Searcher::new(&segments, Limits::FULL, &mut scratch).unwrap();
    let found = searcher.search(&Query::new(query.as_bytes()), &mut hits).unwrap();
    hits[..found.hits].iter().map(|hit| (hit.doc, hit.score.0)).collect()
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn every_text_comes_back(
        docs in body(),
        record_max in select(&[64u16, 100, 512, 2048, 4096][..]),
        chain in 0u8..=9,
        ends: [Index; 2],
    ) {
        let plain = image(&docs, true).unwrap();
        let bytes = sealed(&plain, record_max, chain);
        prop_assert!(bytes == sealed(&plain, record_max, chain), "sealed twice");
        let opened = Image::open(&bytes).unwrap();
        prop_assert_eq!(opened.verify(), Ok(()));
        for (id, doc) in (0..).map(DocId).zip(&docs) {
            prop_assert_eq!(&text_of(&opened, id).unwrap(), &doc.text);
            let whole = [Segment::new(opened)];
            let mut memory = vec![0; opened.read_numbers()];
            let mut chunk = [0; CHUNK_MAX];
            let mut parts = Vec::new();
            let (numbers, chunk) = (&mut memory[..], &mut chunk[..]);
            let mut texts = ImageTexts { segments: &whole, numbers, chunk };
            texts.text(0, id, None, &mut |part| gathered(&mut parts, part)).unwrap();
            prop_assert_eq!(&parts, &doc.text);
        }
        for (id, doc) in (0..).map(DocId).zip(&docs) {
            let mut memory = vec![0; opened.read_numbers()];
            let lines: Vec<&[u8]> = doc.text.split_inclusive(|&b| b == b'\n').collect();
            let [from, to] = ends.map(|end| end.index(lines.len() + 3));
            let mut got = Vec::new();
            let wanted = from as u32..to as u32;
            let mut sink = |part: &[u8]| {
                got.extend_from_slice(part);
                ControlFlow::Continue(())
            };
            opened.stream_lines(id, wanted, &mut memory, &mut sink).unwrap();
            let wanted = lines.get(from..to.min(lines.len())).unwrap_or_default().concat();
            prop_assert_eq!(got, wanted, "lines {}..{} of {}", from, to, lines.len());
        }
        let kept: Vec<_> = opened.files().unwrap().entries().map(Result::unwrap).collect();
        prop_assert_eq!(kept[0].content, b"\0\x01");
    }

    #[test]
    fn a_sealed_merge_is_a_sealed_build(
        docs in corpus(20),
        places in vec(0..4usize, 1..9),
        stale: bool,
    ) {
        let parts = cut(&docs, &places, 4, stale, true).unwrap();
        let mut merged = Vec::new();
        let options = Options { text: true, grams: true };
        merge(&segments(&parts).unwrap(), options, &mut merged).unwrap();
        prop_assert!(sealed(&merged, 512, 1) == sealed(&image(&docs, true).unwrap(), 512, 1));
    }

    #[test]
    fn a_search_cannot_tell_glyphs_from_text(
        docs in body(),
        query in select(&[
            "retry backoff", "\"job 7 took\"", "\"worker 3 done\"", "\"parse config\" -retry",
            "config*", "\"retry backoff\"",
        ][..]),
    ) {
        let plain = image(&docs, true).unwrap();
        prop_assert_eq!(answer(&sealed(&plain, 100, 1), query), answer(&plain, query));
        let own = [Segment::new(Image::open(&plain).unwrap())];
        let mut parts = Vec::new();
        let mut texts = ImageTexts { segments: &own, numbers: &mut [], chunk: &mut [] };
        texts.text(0, DocId(0), None, &mut |part| gathered(&mut parts, part)).unwrap();
        prop_assert_eq!(&parts, &docs[0].text);
    }

    #[test]
    fn damage_is_an_error_or_another_text(
        docs in body(),
        which in select(&[
            Section::Codebook, Section::Glyphs, Section::Chunks, Section::Files, Section::Meta,
        ][..]),
        changes in vec((any::<Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = sealed(&image(&docs, true).unwrap(), 512, 1);
        let found = sections(&bytes).into_iter().find(|&(kind, ..)| kind == which as u16);
        let (_, start, length) = found.unwrap();
        for (at, byte) in changes {
            bytes[start + at.index(length)] = byte;
        }
        mend(&mut bytes, true).unwrap();
        if let Ok(opened) = Image::open(&bytes) {
            let _ = opened.verify();
            let _ = walk(&opened);
            for id in (0..docs.len() as u32).map(DocId) {
                if let Ok(text) = text_of(&opened, id) {
                    prop_assert_eq!(Ok(text.len()), opened.text_length(id));
                }
                let mut memory = vec![0; opened.read_numbers()];
                for wanted in [0..1, 3..40, 33..34, 0..u32::MAX] {
                    let mut bytes = 0;
                    let mut sink = |part: &[u8]| {
                        bytes += part.len();
                        ControlFlow::Continue(())
                    };
                    let streamed = opened.stream_lines(id, wanted, &mut memory, &mut sink);
                    if streamed.is_ok() && let Ok(length) = opened.text_length(id) {
                        prop_assert!(bytes <= length);
                    }
                }
            }
            opened.files().iter().flat_map(|files| files.entries()).for_each(drop);
        }
    }
}

/// A reader that does not know how the texts are kept answers words, and says that it has no
/// texts.
#[test]
fn texts_of_tomorrow_are_done_without() {
    let docs = [Doc::new("a.txt", "retry the config\n"), Doc::new("b.txt", "backoff\n")];
    let mut bytes = sealed(&image(&docs, true).unwrap(), 512, 1);
    for (index, (kind, ..)) in sections(&bytes).into_iter().enumerate() {
        if [Section::Codebook as u16, Section::Glyphs as u16].contains(&kind) {
            bytes[32 + 24 * index] += 40;
        }
    }
    mend(&mut bytes, false).unwrap();
    let opened = Image::open(&bytes).unwrap();
    assert_eq!((opened.verify(), opened.has_text()), (Ok(()), false));
    let segments = [Segment::new(opened)];
    let mut scratch = vec![0; wants(&Limits::FULL)];
    let mut searcher = Searcher::new(&segments, Limits::FULL, &mut scratch).unwrap();
    let mut hits = [Hit::NONE; 5];
    let mut ask = |query: &'static str| {
        searcher.search(&Query::new(query.as_bytes()), &mut hits).map(|answer| answer.hits)
    };
    assert_eq!(ask("config"), Ok(1));
    assert_eq!(ask("\"the config\""), Err(Error::NoTexts { segment: SegmentId(0) }));
}
