//! Several images into one.

use super::{
    BuildError, Options, Summary,
    grams::Filters,
    sections::{DocFields, Sections, SymbolFields, sections},
    terms::{LEXICON_HELD, Postings, TermsWriter},
    writer::{ImageWriter, Sink},
};
use crate::image::{
    ChunkId, Corrupt, Decoded, Doc, DocId, Family, Image, Key, Section, Segment, SymbolId, Term,
    Terms,
};
use alloc::vec::Vec;

const GONE: u32 = u32::MAX;

/// Where the ids of one input went.
struct Moved {
    docs: Vec<u32>,
    chunks: Vec<u32>,
    symbols: Vec<u32>,
}

/// Writes the live documents of `segments` as one image; its bytes are those of
/// a build from scratch. Memory follows the counts, not the text, postings or terms:
/// about 48 bytes a document, 10 a chunk, 20 a symbol, and at most 8 MiB
/// of the lexicon: where that is longer, the terms are merged once more for it.
///
/// # Errors
/// [`BuildError::KeyOrder`] where two live documents share a key,
/// [`BuildError::Corrupt`] for a damaged input (also where the options
/// ask for text or grams that an input does not carry), and what the sink meets.
pub fn merge<S: Sink>(
    segments: &[Segment<'_>],
    options: Options,
    sink: &mut S,
) -> Result<Summary, BuildError<S::Error>> {
    combine(segments, options, false, LEXICON_HELD, sink)
}

/// The same, but live documents that share a key are parts of one, in the order of
/// `segments`: the image is that of one document with the texts of all, and of the first
/// all else. A log that is cut where a chunk ends in a line feed (see
/// [`log_border`](crate::outline::log_border)) is put together so.
///
/// # Errors
/// As [`merge`]; also [`BuildError::KeyOrder`] where a part has symbols, or filters are
/// asked for, which cannot be joined.
pub fn merge_parts<S: Sink>(
    segments: &[Segment<'_>],
    options: Options,
    sink: &mut S,
) -> Result<Summary, BuildError<S::Error>> {
    combine(segments, options, !options.grams, LEXICON_HELD, sink)
}

fn combine<S: Sink>(
    segments: &[Segment<'_>],
    options: Options,
    parts: bool,
    held: usize,
    sink: &mut S,
) -> Result<Summary, BuildError<S::Error>> {
    let mut out = ImageWriter::new(sink, sections(options))?;
    let mut sections = Sections::default();
    if options.text {
        out.begin(Section::Text)?;
    }
    let mut moved = Vec::with_capacity(segments.len());
    for segment in segments {
        let meta = segment.image.meta();
        moved.push(Moved {
            docs: alloc::vec![GONE; meta.documents as usize],
            chunks: alloc::vec![GONE; meta.chunks as usize],
            symbols: alloc::vec![GONE; meta.symbols as usize],
        });
    }
    let mut key = Vec::new();
    let mut order = Vec::new();
    in_key_order(segments, |index, id| {
        let (Some(segment), Some(moved)) = (segments.get(index), moved.get_mut(index)) else {
            return Ok(());
        };
        copy_document(&segment.image, id, parts, &mut key, &mut sections, moved)
            .map_err(BuildError::widen)?;
        if options.text {
            let text = segment.image.text().ok_or(Corrupt::new(Section::Text, 0))?;
            out.append(text.get(id)?)?;
        }
        if options.grams {
            order.push((index as u32, id));
        }
        Ok(())
    })?;
    if options.text {
        out.append(sections.text_offsets().map_err(BuildError::widen)?)?;
        out.end()?;
    }
    if options.grams {
        out.begin(Section::Grams)?;
        let mut filters = Filters::default();
        for (index, id) in order {
            let grams = segments.get(index as usize).and_then(|segment| segment.image.grams());
            let bytes = grams.ok_or(Corrupt::new(Section::Grams, 0))?.bytes(id)?;
            filters.place(bytes.len()).map_err(BuildError::widen)?;
            out.append(bytes)?;
        }
        out.append(filters.offsets().map_err(BuildError::widen)?)?;
        out.end()?;
    }
    out.begin(Section::Postings)?;
    let mut terms = TermsWriter::holding(held);
    merge_terms(segments, &moved, &sections.lens, &mut terms, &mut out)?;
    if !terms.finish(&mut out)? {
        merge_terms(segments, &moved, &sections.lens, &mut terms, &mut out)?;
        terms.finish(&mut out)?;
    }
    sections.write(&mut out)?;
    let (meta, summary) = sections.meta(&terms.counts);
    out.section(Section::Meta, &[&meta.encode()])?;
    out.finish(summary)
}

/// The first live document from `from` on.
fn live<'a>(segment: &Segment<'a>, from: u32) -> Result<Option<(u32, Key<'a>)>, Corrupt> {
    let next = (from..segment.image.meta().documents).find(|&id| !segment.is_dead(DocId(id)));
    next.map(|id| Ok((id, segment.image.docs().key(DocId(id))?))).transpose()
}

/// Calls `visit` with every live document of all segments, in the order of keys.
fn in_key_order<E>(
    segments: &[Segment<'_>],
    mut visit: impl FnMut(usize, DocId) -> Result<(), BuildError<E>>,
) -> Result<(), BuildError<E>> {
    let mut heads = Vec::with_capacity(segments.len());
    for segment in segments {
        heads.push(live(segment, 0)?);
    }
    loop {
        let least = heads
            .iter()
            .enumerate()
            .filter_map(|(index, head)| head.map(|(id, key)| (index, id, key)))
            .min_by(|(_, _, a), (_, _, b)| a.compare(*b));
        let Some((index, id, _)) = least else { return Ok(()) };
        visit(index, DocId(id))?;
        if let Some((head, segment)) = heads.get_mut(index).zip(segments.get(index)) {
            *head = live(segment, id + 1)?;
        }
    }
}

fn copy_document(
    image: &Image<'_>,
    id: DocId,
    parts: bool,
    key: &mut Vec<u8>,
    sections: &mut Sections,
    moved: &mut Moved,
) -> Result<(), BuildError> {
    let doc = image.docs().get(id)?;
    let goes_on = parts && sections.documents > 0 && doc.key.bytes().eq(key.iter().copied());
    if goes_on {
        if doc.first_symbol != doc.end_symbol {
            return Err(BuildError::KeyOrder);
        }
        return copy_chunks(image, &doc, sections, moved);
    }
    key.clear();
    key.extend(doc.key.bytes());
    let fields = DocFields {
        lang: doc.lang,
        role: doc.role,
        hash: doc.hash,
        name_terms: doc.name_terms,
        folders: doc.folders,
    };
    if let Some(to) = moved.docs.get_mut(id.0 as usize) {
        *to = sections.documents;
    }
    sections.document(key, &fields)?;
    let first = sections.chunks;
    copy_chunks(image, &doc, sections, moved)?;
    for symbol in doc.first_symbol.0..doc.end_symbol.0 {
        let from = image.symbols().get(SymbolId(symbol))?;
        let fields = SymbolFields {
            container: from.container,
            name: from.name,
            kind: from.kind,
            depth: from.depth,
        };
        let chunk = from.chunk.0.wrapping_sub(doc.first_chunk.0).wrapping_add(first);
        if let Some(to) = moved.symbols.get_mut(symbol as usize) {
            *to = sections.symbols;
        }
        sections.symbol(fields, (chunk, from.line.into(), from.lines))?;
    }
    Ok(())
}

fn copy_chunks(
    image: &Image<'_>,
    doc: &Doc<'_>,
    sections: &mut Sections,
    moved: &mut Moved,
) -> Result<(), BuildError> {
    for chunk in doc.first_chunk.0..doc.end_chunk.0 {
        let (bytes, lines) = image.chunks().raw(ChunkId(chunk))?;
        let len = image.chunks().lens().get(chunk as usize).copied().unwrap_or(0);
        if let Some(to) = moved.chunks.get_mut(chunk as usize) {
            *to = sections.chunks;
        }
        sections.raw_chunk(bytes, lines, len)?;
    }
    Ok(())
}

/// The next term of one input.
struct Head<'a> {
    terms: Terms<'a>,
    found: Option<Term>,
}

fn merge_terms<S: Sink>(
    segments: &[Segment<'_>],
    moved: &[Moved],
    lens: &[u8],
    writer: &mut TermsWriter,
    out: &mut ImageWriter<'_, S>,
) -> Result<(), BuildError<S::Error>> {
    let mut heads = Vec::with_capacity(segments.len());
    for segment in segments {
        let mut terms = segment.image.lexicon().terms();
        let found = terms.next()?;
        heads.push(Head { terms, found });
    }
    let mut families = [Postings::default(), Postings::default(), Postings::default()];
    let mut slot = Decoded::EMPTY;
    let mut term = Vec::new();
    loop {
        let waiting = heads.iter().filter(|head| head.found.is_some());
        let Some(least) = waiting.map(|head| head.terms.term()).min() else { return Ok(()) };
        term.clear();
        term.extend_from_slice(least);
        families.iter_mut().for_each(Postings::clear);
        for ((head, segment), moved) in heads.iter_mut().zip(segments).zip(moved) {
            let Some(found) = head.found.filter(|_| head.terms.term() == term) else { continue };
            let lists = [
                (Family::Words, &moved.chunks),
                (Family::Names, &moved.symbols),
                (Family::Paths, &moved.docs),
            ];
            for (postings, (family, ids)) in families.iter_mut().zip(lists) {
                found.list(family).each(
                    segment.image.postings(),
                    &mut slot,
                    |id, code| match ids.get(id as usize) {
                        Some(&GONE) | None => {}
                        Some(&id) => postings.push(id, code as u8),
                    },
                )?;
            }
            head.found = head.terms.next()?;
        }
        families.iter_mut().for_each(Postings::sort);
        let [words, names, paths] = &families;
        let families = [words, names, paths].map(|p| (p.ids.as_slice(), p.codes.as_slice()));
        writer.term(out, &term, families, lens)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{Builder, Document};
    use crate::outline::{Lang, Role};
    use alloc::format;

    #[test]
    fn a_lexicon_that_is_too_long_to_be_held_is_the_same() {
        let options = Options { text: true, grams: false };
        let image = |key: &str, start: u32| {
            let words: alloc::string::String =
                (start..start + 3000).map(|n| format!("w{n} of id {n:06x}7a{n}\n")).collect();
            let mut builder = Builder::new(options);
            let (lang, role, text) = (Lang::Text, Role(0), words.as_bytes().into());
            builder.add(Document { key: key.as_bytes(), lang, role, hash: 0, text }).unwrap();
            let mut bytes = Vec::new();
            builder.finish(&mut bytes).unwrap();
            bytes
        };
        let images = [image("a", 0), image("b", 2000)];
        let segments = images.each_ref().map(|image| Segment::new(Image::open(image).unwrap()));
        let merged = |held| {
            let mut bytes = Vec::new();
            combine(&segments, options, false, held, &mut bytes).unwrap();
            bytes
        };
        let whole = merged(usize::MAX);
        assert!(Image::open(&whole).unwrap().verify().is_ok());
        for held in [0, 100, 20_000, whole.len()] {
            assert!(merged(held) == whole, "{held}");
        }
    }
}
