//! Broken images, and a reader that looks at everything.

use sigla_core::image::{ChunkId, Corrupt, Cursor, Decoded, DocId, Image, SymbolId, grams};

const TABLE: usize = 32;
const ENTRY: usize = 24;

/// CRC-32C, bit by bit.
pub fn crc32c(bytes: impl IntoIterator<Item = u8>) -> u32 {
    !bytes.into_iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0x82f6_3b78 & (crc & 1).wrapping_neg())
        })
    })
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn put(bytes: &mut [u8], at: usize, value: u32) -> Option<()> {
    bytes.get_mut(at..at + 4)?.copy_from_slice(&value.to_le_bytes());
    Some(())
}

/// The place of every section, in file order: (kind, offset, length).
pub fn sections(image: &[u8]) -> Vec<(u16, usize, usize)> {
    let count = number(image, 12).map_or(0, u16::from_le_bytes);
    let entry = |index: u16| {
        let at = TABLE + usize::from(index) * ENTRY;
        let kind = u16::from_le_bytes(number(image, at)?);
        let offset = u64::from_le_bytes(number(image, at + 8)?);
        let length = u64::from_le_bytes(number(image, at + 16)?);
        Some((kind, offset.try_into().ok()?, length.try_into().ok()?))
    };
    (0..count).map_while(entry).collect()
}

/// Makes the checksum of header and table fit, and with `whole` those of the
/// sections too, as far as `image` still has them.
pub fn mend(image: &mut [u8], whole: bool) -> Option<()> {
    if whole {
        for (index, (_, offset, length)) in sections(image).into_iter().enumerate() {
            if let Some(body) = image.get(offset..offset.saturating_add(length)) {
                let crc = crc32c(body.iter().copied());
                put(image, TABLE + index * ENTRY + 4, crc)?;
            }
        }
    }
    put(image, 24, 0)?;
    let count = number(image, 12).map_or(0, u16::from_le_bytes);
    let end = (TABLE + usize::from(count) * ENTRY).min(image.len());
    let crc = crc32c(image.get(..end)?.iter().copied());
    put(image, 24, crc)
}

/// The image with one more section behind the others.
pub fn with_section(image: &[u8], kind: u16, flags: u16, body: &[u8]) -> Option<Vec<u8>> {
    const ALIGN: usize = 64;
    let all = sections(image);
    let mut out = image.get(..TABLE)?.to_vec();
    let mut end = TABLE + (all.len() + 1) * ENTRY;
    let mut bodies = Vec::new();
    let known = all.iter().enumerate().map(|(index, &(kind, offset, length))| {
        let flags = u16::from_le_bytes(number(image, TABLE + index * ENTRY + 2)?);
        Some((kind, flags, image.get(offset..offset + length)?))
    });
    for section in known.chain([Some((kind, flags, body))]) {
        let (kind, flags, body) = section?;
        let start = end.next_multiple_of(ALIGN);
        out.extend_from_slice(&kind.to_le_bytes());
        out.extend_from_slice(&flags.to_le_bytes());
        out.extend_from_slice(&crc32c(body.iter().copied()).to_le_bytes());
        out.extend_from_slice(&(start as u64).to_le_bytes());
        out.extend_from_slice(&(body.len() as u64).to_le_bytes());
        bodies.push((start, body));
        end = start + body.len();
    }
    for (start, body) in bodies {
        out.resize(start, 0);
        out.extend_from_slice(body);
    }
    let count = u16::try_from(all.len() + 1).ok()?;
    out.get_mut(12..14)?.copy_from_slice(&count.to_le_bytes());
    let length = out.len() as u64;
    out.get_mut(16..24)?.copy_from_slice(&length.to_le_bytes());
    mend(&mut out, false)?;
    Some(out)
}

/// Calls every accessor for everything that the image says it has, and some more.
///
/// # Errors
/// The first place that an accessor refuses; the others are visited all the same.
pub fn walk(image: &Image<'_>) -> Result<(), Corrupt> {
    let mut result = Ok(());
    let mut note = |refused: Option<Corrupt>| {
        if let Some(corrupt) = refused.filter(|_| result.is_ok()) {
            result = Err(corrupt);
        }
    };
    // What a damaged META promises need not be there: look at some thousands.
    let some = |count: u32| 0..count.saturating_add(2).min(5000);
    let meta = *image.meta();
    for id in some(meta.documents).map(DocId) {
        let real = id.0 < meta.documents;
        match image.docs().get(id) {
            Ok(doc) => {
                note(image.chunks().of(&doc).find_map(Result::err));
                note(image.chunks().place(&doc, doc.first_chunk).err().filter(|_| false));
                let ids = doc.first_symbol.0..doc.end_symbol.0;
                note(image.symbols().in_chunk(ids, doc.first_chunk).err());
                let key: Vec<u8> = doc.key.bytes().collect();
                note(image.docs().find(&key).err());
            }
            Err(corrupt) => note(real.then_some(corrupt)),
        }
        note(image.text().and_then(|text| text.get(id).err()).filter(|_| real));
        match image.grams().map(|grams| grams.filter(id)) {
            Some(Ok(filter)) => grams(b"retry", |gram| _ = filter.may_hold(gram)),
            Some(Err(corrupt)) => note(real.then_some(corrupt)),
            None => {}
        }
    }
    for id in some(meta.chunks) {
        let _ = image.doc_of(ChunkId(id));
    }
    for id in some(meta.symbols) {
        note(image.symbols().get(SymbolId(id)).err().filter(|_| id < meta.symbols));
        let _ = image.doc_of_symbol(SymbolId(id));
    }
    let mut slot = Decoded::EMPTY;
    let mut terms = image.lexicon().terms();
    loop {
        match terms.next() {
            Ok(Some(term)) => {
                note(image.lexicon().find(terms.term()).err());
                for list in [term.words, term.names, term.paths] {
                    let mut sum = 0u32;
                    let each = list.each(image.postings(), &mut slot, |id, code| {
                        sum = sum.wrapping_add(id ^ code)
                    });
                    note(each.err());
                    note(step(image, list).err());
                }
            }
            Ok(None) => break,
            Err(corrupt) => {
                note(Some(corrupt));
                break;
            }
        }
    }
    result
}

fn step(image: &Image<'_>, list: sigla_core::image::List) -> Result<(), Corrupt> {
    let mut cursor = Cursor::new(list, image.postings(), None)?;
    while cursor.id != Cursor::END {
        cursor.bound(image.postings(), cursor.id + 1)?;
        cursor.next(image.postings(), None)?;
        cursor.seek(image.postings(), cursor.id.saturating_add(3), None)?;
    }
    Ok(())
}
