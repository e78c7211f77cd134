//! Reads everything once.

use super::{
    ChunkId, Corrupt, Cursor, Decoded, DocId, FREQ_CODES, FileKind, Image, LEN_CODES, Section,
    SymbolId, TextError, Texts,
};
use crate::glyph::{Codebook, PHRASE_MAX, Part, Phrase, RECORD_MAX, Rule, Sink, numbers};
use core::ops::ControlFlow;

pub(super) fn verify(image: &Image<'_>) -> Result<(), Corrupt> {
    if let Some(corrupt) = super::header::damaged(image.bytes) {
        return Err(corrupt);
    }
    documents(image)?;
    symbols(image)?;
    filters(image)?;
    glyphs(image)?;
    files(image)?;
    lexicon(image)
}

/// Phrases can be spelt, encoded chunks meet, and every record can be read.
fn glyphs(image: &Image<'_>) -> Result<(), Corrupt> {
    let meta = image.meta();
    let record_max = Err(Corrupt::new(Section::Meta, super::meta::field::RECORD_MAX.at));
    let Some(glyphs) = image.glyphs else {
        // They may be in sections that this version does not know.
        let known = meta.record_max == 0 || image.unknown_sections().next().is_some();
        return if known { Ok(()) } else { record_max };
    };
    if !RECORD_MAX.contains(&meta.record_max) {
        return record_max;
    }
    let book = glyphs.book();
    if !(0..book.rules()).all(|rule| spelt(&book, rule)) {
        return Err(Corrupt::new(Section::Codebook, 0));
    }
    if image.text.is_some() || !glyphs.meet(meta.chunks) {
        return Err(Corrupt::new(Section::Glyphs, 0));
    }
    let mut memory = [0; numbers(*RECORD_MAX.end() as usize)];
    for id in (0..meta.documents).map(DocId) {
        match image.stream(id, &mut memory, &mut Nobody) {
            Ok(()) => {}
            Err(TextError::Corrupt(corrupt)) => return Err(corrupt),
            Err(_) => return Err(Corrupt::new(Section::Glyphs, 0)),
        }
    }
    Ok(())
}

/// Takes a text and does nothing with it.
struct Nobody;

impl Sink for Nobody {
    fn text(&mut self, _: &[u8]) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl Texts for Nobody {}

/// Whether a rule names rules that there are, and ends in bytes, few enough and not
/// too deep.
fn spelt(book: &Codebook<'_>, rule: Phrase) -> bool {
    let is = |part| {
        matches!(part, Part::Byte(_)) || matches!(part, Part::Rule(rule) if rule < book.rules())
    };
    let named = match book.rule(rule) {
        Some(Rule::Pair(left, right)) => is(left) && is(right),
        byte => byte.is_some(),
    };
    named && book.spell(rule, &mut [0; PHRASE_MAX]).is_some()
}

/// Paths ascend, and what an entry says goes with the documents.
fn files(image: &Image<'_>) -> Result<(), Corrupt> {
    let Some(files) = image.files else { return Ok(()) };
    let mut before: Option<&[u8]> = None;
    for entry in files.entries() {
        let entry = entry?;
        let bare = entry.kind.left_out() || entry.kind == FileKind::Folder;
        let document = image.docs.find(entry.path)?.is_some();
        if before.is_some_and(|path| path >= entry.path)
            || (bare && !entry.content.is_empty())
            || document != entry.kind.of_document()
            || (entry.kind == FileKind::Formed && entry.form().is_none())
        {
            return Err(Corrupt::new(Section::Files, 0));
        }
        before = Some(entry.path);
    }
    Ok(())
}

/// Filters meet, and hold what the text has, where the image carries it.
fn filters(image: &Image<'_>) -> Result<(), Corrupt> {
    let Some(grams) = image.grams else { return Ok(()) };
    let documents = image.meta().documents;
    let ends = [grams.offset(DocId(0)), grams.offset(DocId(documents))];
    if ends != [Some(0), u32::try_from(grams.len()).ok()] {
        return Err(Corrupt::new(Section::Grams, 0));
    }
    for id in (0..documents).map(DocId) {
        let filter = grams.filter(id)?;
        if let Some(text) = image.text {
            let mut held = true;
            super::grams::grams(text.get(id)?, |gram| held &= filter.may_hold(gram));
            if !held {
                return Err(Corrupt::new(Section::Grams, super::grams::place(id)));
            }
        }
    }
    Ok(())
}

/// Keys ascend, extents meet, and the text has the bytes that the chunks say.
fn documents(image: &Image<'_>) -> Result<(), Corrupt> {
    let meta = image.meta();
    let bad = |id: u32| Corrupt::new(Section::Docs, super::docs::place(id));
    if image.docs.first_chunk(DocId(0))?.0 != 0
        || image.docs.first_chunk(DocId(meta.documents))?.0 != meta.chunks
        || image.docs.first_symbol(DocId(meta.documents))?.0 != meta.symbols
    {
        return Err(bad(meta.documents));
    }
    let mut before = None;
    for id in 0..meta.documents {
        let doc = image.docs.get(DocId(id))?;
        if before.is_some_and(|key: super::Key<'_>| key.compare(doc.key).is_ge()) {
            return Err(bad(id));
        }
        before = Some(doc.key);
        let mut end = 0;
        for chunk in image.chunks.of(&doc) {
            let (at, chunk) = chunk?;
            if chunk.end <= chunk.start {
                return Err(Corrupt::new(Section::Chunks, at.0 as usize));
            }
            end = chunk.end;
        }
        if let Some(text) = image.text
            && text.get(DocId(id))?.len() != end as usize
        {
            return Err(Corrupt::new(Section::Text, super::text::place(DocId(id))));
        }
    }
    if image.chunks.lens().iter().any(|&code| usize::from(code) >= LEN_CODES) {
        return Err(Corrupt::new(Section::Chunks, 0));
    }
    Ok(())
}

/// Every symbol stands in a chunk of its document.
fn symbols(image: &Image<'_>) -> Result<(), Corrupt> {
    for id in 0..image.meta().documents {
        let doc = image.docs.get(DocId(id))?;
        let mut least = doc.first_chunk;
        for symbol in doc.first_symbol.0..doc.end_symbol.0 {
            let chunk: ChunkId = image.symbols.get(SymbolId(symbol))?.chunk;
            if chunk < least || chunk >= doc.end_chunk {
                let place = super::symbols::place(SymbolId(symbol));
                return Err(Corrupt::new(Section::Symbols, place));
            }
            least = chunk;
        }
    }
    Ok(())
}

/// Terms ascend; every list is whole, within its universe and under its bounds.
fn lexicon(image: &Image<'_>) -> Result<(), Corrupt> {
    let meta = image.meta();
    let mut terms = image.lexicon.terms();
    let mut before = terms;
    let mut slot = Decoded::EMPTY;
    let mut seen = 0u32;
    while let Some(term) = terms.next()? {
        if seen > 0 && before.term() >= terms.term() {
            return Err(Corrupt::new(Section::Lexicon, seen as usize));
        }
        before = terms;
        seen = seen.saturating_add(1);
        for (list, words, universe, codes) in [
            (term.words, true, meta.chunks, FREQ_CODES as u32),
            (term.names, false, meta.symbols, FREQ_CODES as u32),
            (term.paths, false, meta.documents, 8),
        ] {
            let bad = Corrupt::new(Section::Postings, list.at as usize);
            let mut cursor = Cursor::new(list, image.postings, Some(&mut slot))?;
            let mut count = 0;
            while cursor.id != Cursor::END {
                let bound = cursor.bound(image.postings, cursor.id.saturating_add(1))?;
                let len = image.chunks.lens().get(cursor.id as usize).copied().unwrap_or(0);
                let code = cursor.code(image.postings)?;
                let below = bound.is_some_and(|(most, least)| {
                    code <= u32::from(most) && (!words || least <= len)
                });
                if cursor.id >= universe || code >= codes || !below {
                    return Err(bad);
                }
                count = u32::saturating_add(count, 1);
                cursor.next(image.postings, Some(&mut slot))?;
            }
            if count != list.count {
                return Err(bad);
            }
        }
    }
    if seen == meta.terms { Ok(()) } else { Err(Corrupt::new(Section::Lexicon, 0)) }
}
