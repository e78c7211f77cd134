//! Any bytes as an image, and a good image with bytes changed: everything that can be asked of it,
//! searches included, ends with an answer or an error, and what `verify` has passed has no error
//! left.
#![cfg_attr(fuzzing, no_main)]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use sigla_core::image::{
    ChunkId, Corrupt, Cursor, Decoded, DocId, Family, Image, Segment, SymbolId, TextError, grams,
};
use sigla_core::search::{Answer, Error, Hit, Limits, Query, Searcher, needs};
use sigla_fuzz::{IMAGE, PACKED, seal};

fuzz_target!(|input: &[u8]| {
    let Some((&mode, input)) = input.split_first() else { return };
    let image = match mode % 4 {
        // As it comes, hence mostly refused.
        0 => input.to_vec(),
        1 => sealed(input.to_vec()),
        // A good image with changes, each a place and a byte.
        mode => {
            let mut image = if mode == 2 { IMAGE.clone() } else { PACKED.clone() };
            for change in input.chunks_exact(3) {
                let at = usize::from(u16::from_le_bytes([change[0], change[1]]));
                let length = image.len();
                image[at % length] ^= change[2];
            }
            sealed(image)
        }
    };
    let Ok(image) = Image::open(&image) else { return };
    let verified = image.verify().is_ok();
    let read = read(&image, verified);
    assert!(!verified || read.is_ok(), "verified, and yet {read:?}");
    for query in QUERIES {
        let found = find(&image, input, query);
        // Texts may be in a section that is not known.
        let bare = matches!(found, Err(Error::NoTexts { .. })) && !image.has_text();
        assert!(!verified || found.is_ok() || bare, "verified, and yet {found:?}");
    }
});

/// Together they go every way that leads from a query to an image.
const QUERIES: [&[u8]; 4] = [
    b"retry policy backoff attempt",
    b"kind:method sym:retry_* -path:vendor lang:rust",
    b"\"longer after each\" atte* polici",
    b"path:logs/* retyr",
];

/// Searches two segments, some documents dead.
fn find<'q>(image: &Image<'_>, dead: &[u8], query: &'q [u8]) -> Result<Answer<'q>, Error> {
    let whole = Segment::new(*image);
    let segments = [Segment { dead, ..whole }, Segment { place: 1, ..whole }];
    // A changed META may ask for the longest records that there are.
    let limits = Limits::SMALL.with_record_max(4096);
    let mut scratch = vec![0; needs(&limits)];
    let mut hits = [Hit::NONE; 10];
    Searcher::new(&segments, limits, &mut scratch)?.search(&Query::new(query), &mut hits)
}

fn sealed(mut image: Vec<u8>) -> Vec<u8> {
    seal(&mut image);
    image
}

/// Asks for everything once and goes on after an error; the first is returned.
fn read(image: &Image<'_>, verified: bool) -> Result<(), Corrupt> {
    let meta = *image.meta();
    let mut first = Ok(());
    let mut note = |result: Result<(), Corrupt>| first = first.and(result);

    for doc in (0..meta.documents).map(DocId) {
        note(document(image, doc, verified));
    }
    for symbol in (0..meta.symbols).map(SymbolId) {
        note(image.doc_of_symbol(symbol).and_then(|_| image.symbols().get(symbol)).map(|_| ()));
    }
    for chunk in (0..meta.chunks).map(ChunkId) {
        note(image.doc_of(chunk).map(|_| ()));
    }
    let mut terms = image.lexicon().terms();
    loop {
        match terms.next() {
            Ok(Some(_)) => note(term(image, terms.term())),
            Ok(None) => break,
            Err(corrupt) => {
                note(Err(corrupt));
                break;
            }
        }
    }
    for prefix in [&b""[..], b"ret", b"\xff"] {
        note(image.lexicon().with_prefix(prefix, |_, _| Ok(())));
    }
    image.sections().for_each(|_| ());
    first
}

fn document(image: &Image<'_>, id: DocId, verified: bool) -> Result<(), Corrupt> {
    let doc = image.docs().get(id)?;
    let key: Vec<u8> = doc.key.bytes().collect();
    let found = image.docs().find(&key)?;
    assert!(!verified || found == Some(id), "a key that is not found");
    for chunk in image.chunks().of(&doc) {
        let (chunk, place) = chunk?;
        assert_eq!(image.chunks().place(&doc, chunk)?, place);
        image.symbols().in_chunk(doc.first_symbol.0..doc.end_symbol.0, chunk)?;
    }
    if let Some(filters) = image.grams() {
        let filter = filters.filter(id)?;
        let mut held = true;
        let text = image.text().map_or(Ok(&[][..]), |text| text.get(id))?;
        grams(text, |gram| held &= filter.may_hold(gram));
        assert!(!verified || held, "a filter that hides its document");
    }
    let mut memory = vec![0; image.read_numbers()];
    let mut text = vec![0; image.text_length(id).unwrap_or(0).min(1 << 20)];
    match image.read(id, &mut memory, &mut text) {
        Ok(length) => {
            assert!(!verified || length == text.len(), "another length");
            let wanted = text.split_inclusive(|&byte| byte == b'\n').skip(1).take(2);
            let wanted = wanted.collect::<Vec<_>>().concat();
            let mut lines = Vec::new();
            let streamed = image.stream_lines(id, 1..3, &mut memory, &mut |part: &[u8]| {
                lines.extend_from_slice(part);
                ControlFlow::Continue(())
            });
            assert!(!verified || streamed.is_err() || lines == wanted, "other lines");
        }
        Err(TextError::Corrupt(corrupt)) => return Err(corrupt),
        Err(error) => assert!(!verified || !image.has_text(), "verified, and yet {error:?}"),
    }
    Ok(())
}

/// Block by block and value by value: the same postings.
fn term(image: &Image<'_>, term: &[u8]) -> Result<(), Corrupt> {
    let postings = image.postings();
    let Some(found) = image.lexicon().find(term)? else { return Ok(()) };
    for family in [Family::Words, Family::Names, Family::Paths] {
        let list = found.list(family);
        let mut slot = Decoded::EMPTY;
        let mut all = vec![];
        list.each(postings, &mut slot, |id, code| all.push((id, code)))?;
        let mut slow = Cursor::new(list, postings, None)?;
        for &(id, code) in &all {
            assert_eq!((slow.id, slow.code(postings)?), (id, code));
            slow.next(postings, None)?;
        }
    }
    Ok(())
}
