//! Law 1 for phrases: a text that was damaged is no text without the phrase. What a search of a
//! damaged image finds is what a naive reader of the same bytes finds, or an error where that
//! cannot read on.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sigla_core::build::{Codec, seal};
use sigla_core::image::{ChunkId, Doc as Fields, DocId, Image, Section, Segment};
use sigla_core::outline::{CHUNK_MAX, Lang};
use sigla_core::search::{Error, Hit, Limits, Query, Searcher, SegmentId, needs};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, WORDS, corpus, image};
use sigla_proptests::damage::{mend, sections};
use sigla_proptests::model::{Bytes, Model, terms};
use std::collections::BTreeSet;

/// The terms of a run of text that positions are counted in.
fn pieces(run: &[u8]) -> Vec<Bytes> {
    use sigla_core::text::Part;
    let terms = terms(run).into_iter().filter(|(_, part)| *part != Part::Whole);
    terms.map(|(term, _)| term).collect()
}

/// Whether the text of a document holds the phrase, read chunk by chunk until it does; `None`
/// where a chunk cannot be read before.
fn reads(image: &Image<'_>, id: DocId, fields: &Fields<'_>, phrase: &[Bytes]) -> Option<bool> {
    let mut seen: Vec<Bytes> = Vec::new();
    let mut memory = vec![0; image.read_numbers()];
    let mut room = vec![0; CHUNK_MAX];
    let whole = match image.text() {
        Some(text) => {
            let text = text.get(id).ok()?;
            (text.len() == image.text_length(id).ok()?).then_some(Some(text))?
        }
        None => None,
    };
    for chunk in fields.first_chunk.0..fields.end_chunk.0 {
        let chunk = ChunkId(chunk);
        let part = match whole {
            Some(text) => {
                let place = image.chunks().place(fields, chunk).ok()?;
                &text[place.start as usize..place.end as usize]
            }
            None => {
                let length = image.read_chunk(fields, chunk, &mut memory, &mut room).ok()?;
                &room[..length]
            }
        };
        seen.extend(pieces(part));
        if seen.windows(phrase.len()).any(|window| window == phrase) {
            return Some(true);
        }
    }
    Some(false)
}

/// The documents that a search for the phrase alone finds.
fn found(image: &Image<'_>, phrase: &str, limits: Limits) -> Result<BTreeSet<DocId>, Error> {
    let segments = [Segment::new(*image)];
    let mut scratch = vec![0; needs(&limits)];
    let mut hits = vec![Hit::NONE; 50];
    let mut searcher = Searcher::new(&segments, limits, &mut scratch)?;
    let answer = searcher.search(&Query::new(phrase.as_bytes()), &mut hits)?;
    hits.truncate(answer.hits);
    Ok(hits.iter().map(|hit| hit.doc).collect())
}

/// The documents, with a log among them.
fn body() -> impl Strategy<Value = Vec<Doc>> {
    (corpus(14), vec(0..200u32, 0..80)).prop_map(|(mut docs, jobs)| {
        let line = |job: u32| format!("retry config job {job} parse file read error\n");
        let log: String = jobs.into_iter().map(line).collect();
        docs.push(Doc { lang: Lang::Log, ..Doc::new(b"\xff.log".as_slice(), log) });
        docs
    })
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_phrase_is_found_in_what_is_there_or_not_at_all(
        docs in body(),
        first in select(&WORDS[..12]),
        second in select(&WORDS[..12]),
        packed: bool,
        which in 0..3usize,
        harm in vec((any::<Index>(), any::<u8>()), 0..6),
    ) {
        let mut bytes = image(&docs, true).unwrap();
        if packed {
            let plain = Image::open(&bytes).unwrap();
            let codec = Codec { record_max: 256, chain: 3, ..Codec::default() };
            let mut sealed = Vec::new();
            seal(&plain, Some(&codec), None, &mut sealed).unwrap();
            bytes = sealed;
        }
        let damaged = match (packed, which) {
            (_, 0) => Section::Chunks,
            (true, 1) => Section::Codebook,
            (true, _) => Section::Glyphs,
            (false, _) => Section::Text,
        };
        let (_, start, length) =
            sections(&bytes).into_iter().find(|&(kind, ..)| kind == damaged as u16).unwrap();
        for (at, byte) in harm.into_iter().filter(|_| length > 0) {
            bytes[start + at.index(length)] = byte;
        }
        mend(&mut bytes, true).unwrap();
        let Ok(opened) = Image::open(&bytes) else { return Ok(()) };

        let query = format!("\"{first} {second}\"");
        let phrase = pieces(format!("{first} {second}").as_bytes());
        let model = Model::new(&docs);
        let mut expected = Some(BTreeSet::new());
        for (at, id) in (0..docs.len()).zip((0..).map(DocId)) {
            // What the lists say is as it was: only these texts are looked at.
            if phrase.iter().all(|term| model.holds(at, term)) {
                let fields = opened.docs().get(id).unwrap();
                match reads(&opened, id, &fields, &phrase) {
                    Some(true) => expected.iter_mut().for_each(|all| _ = all.insert(id)),
                    Some(false) => {}
                    None => expected = None,
                }
            }
        }
        for limits in [Limits::FULL, Limits::SMALL.with_verify(64).with_hits(50)] {
            let found = found(&opened, &query, limits);
            match (&found, &expected) {
                (Ok(found), Some(expected)) => prop_assert_eq!(found, expected),
                (Err(Error::Corrupt { .. }), None) => {}
                // Chunks that lie say so wherever they are looked at.
                (Err(Error::Corrupt { .. }), Some(_)) if damaged == Section::Chunks => {}
                _ => prop_assert!(false, "{:?} where {:?} is there", found, expected),
            }
        }
    }
}

/// Whoever lacks memory or texts is told what, and gets no shorter answer.
#[test]
fn what_is_missing_is_named() {
    use sigla_core::search::Memory;
    let docs = [Doc::new("a.txt", "retry the config\n")];
    let plain = image(&docs, true).unwrap();
    let mut packed = Vec::new();
    let codec = Codec { record_max: 2048, ..Codec::default() };
    seal(&Image::open(&plain).unwrap(), Some(&codec), None, &mut packed).unwrap();
    let packed = Image::open(&packed).unwrap();
    let (phrase, few) = ("\"the config\"", Limits::FULL.with_record_max(512));
    assert_eq!(found(&packed, phrase, Limits::FULL).unwrap().len(), 1);
    let short = found(&packed, phrase, few.with_hits(10).with_candidates(10).with_verify(10));
    assert!(matches!(short, Err(Error::OverBudget { what: Memory::Decoder, .. })), "{short:?}");
    let bare = image(&docs, false).unwrap();
    let absent = found(&Image::open(&bare).unwrap(), phrase, Limits::FULL);
    assert_eq!(absent, Err(Error::NoTexts { segment: SegmentId(0) }));
}
