//! The last pass over an image that is given away: texts become glyphs.

use super::{
    BuildError, Summary,
    bases::{Anchor, Bases},
    writer::{ImageWriter, Sink},
};
use crate::bits::{back, layout::Number, pack, width};
use crate::glyph::{
    self, Codebook, Encoder, Phrase, RECORD_MAX,
    train::{Plan, Start, train},
};
use crate::image::{
    Base, CHAIN_MAX, ChunkId, Corrupt, DocId, GLYPHS_EVERY, GLYPHS_LOW_BITS, Image, Section, Text,
    part,
};
use crate::outline::Lang;
use alloc::vec::Vec;

/// How texts are coded.
#[derive(Debug, Clone, Copy)]
pub struct Codec<'b> {
    /// The most bytes of CODEBOOK.
    pub codebook_max: usize,
    /// The longest record in bytes of text, within [`RECORD_MAX`]: a reader's memory
    /// follows it.
    pub record_max: u16,
    /// Bytes of text that the codebook is learned from.
    pub sample: usize,
    /// What the codebook's phrases come from.
    pub start: Start<'b>,
    /// The most other records that one is decoded from, at most 7. From 2 on the
    /// record before it is tried as its base, too.
    pub chain: u8,
}

impl Default for Codec<'_> {
    fn default() -> Self {
        Self {
            codebook_max: 64 << 10,
            record_max: 2048,
            sample: 2 << 20,
            start: Start::Learned,
            chain: 1,
        }
    }
}

/// One record's place in the text of its image.
#[derive(Debug, Clone, Copy)]
struct Piece<'a> {
    chunk: u32,
    index: u32,
    text: &'a [u8],
    lines: bool,
}

impl Piece<'_> {
    /// Whether it is in the chunk of `anchor` or the next.
    fn follows(&self, anchor: &Anchor) -> bool {
        self.lines == anchor.line && self.chunk - anchor.chunk <= 1
    }
}

/// Writes `image`, which has TEXT, as it is to be given away: its texts coded where
/// a `codec` is given, and with `files` as its section FILES. The bytes depend on
/// these arguments alone.
///
/// O(text * log sample); memory is about 12 bytes a byte of the sample, then 4
/// bytes a chunk and the texts of recent bases, at most 8 MiB.
///
/// # Errors
/// [`BuildError::Corrupt`] for a damaged image or one without TEXT, and what the
/// sink meets.
pub fn seal<S: Sink>(
    image: &Image<'_>,
    codec: Option<&Codec<'_>>,
    files: Option<&[u8]>,
    sink: &mut S,
) -> Result<Summary, BuildError<S::Error>> {
    let text = image.text().ok_or(Corrupt::new(Section::Text, 0))?;
    let mut meta = *image.meta();
    let copied: Vec<(Section, &[u8])> = image
        .sections()
        .map(|(kind, _)| kind)
        .filter(|&kind| kind != Section::Meta && (kind != Section::Text || codec.is_none()))
        .filter_map(|kind| Some((kind, image.raw_section(kind)?)))
        .collect();
    let sections = copied.len() + 1 + 2 * usize::from(codec.is_some());
    let mut out = ImageWriter::new(sink, sections + usize::from(files.is_some()))?;
    if let Some(codec) = codec {
        meta.record_max = codec.record_max.clamp(*RECORD_MAX.start(), *RECORD_MAX.end());
        glyphs(image, text, codec, usize::from(meta.record_max), &mut out)?;
    }
    for (kind, bytes) in copied {
        out.section(kind, &[bytes])?;
    }
    if let Some(files) = files {
        out.section(Section::Files, &[files])?;
    }
    out.section(Section::Meta, &[&meta.encode()])?;
    out.finish(Summary {
        documents: meta.documents,
        chunks: meta.chunks,
        terms: meta.terms,
        symbols: meta.symbols,
        bytes: 0,
    })
}

/// Writes CODEBOOK and GLYPHS.
fn glyphs<S: Sink>(
    image: &Image<'_>,
    text: Text<'_>,
    codec: &Codec<'_>,
    record_max: usize,
    out: &mut ImageWriter<'_, S>,
) -> Result<(), BuildError<S::Error>> {
    let book = &learn(image, text, codec, record_max)?;
    out.section(Section::Codebook, &[book])?;
    let book = Codebook::open(book).map_err(|_| Corrupt::new(Section::Codebook, 0))?;
    let mut writer = Writer {
        encoder: Encoder::new(book, record_max),
        bases: Bases::new(),
        chain: codec.chain.min(CHAIN_MAX as u8 - 1),
        named: Vec::new(),
        records: Vec::new(),
        lengths: Vec::new(),
        head: back::Writer::default(),
    };
    let (mut starts, mut lengths, mut at) = (Vec::new(), Vec::new(), 0u32);
    let mut pieces = Vec::new();
    out.begin(Section::Glyphs)?;
    for id in (0..image.meta().documents).map(DocId) {
        each_chunk(
            image,
            text,
            id,
            record_max,
            &mut pieces,
            |_| true,
            |pieces| {
                if lengths.len().is_multiple_of(GLYPHS_EVERY) {
                    at.push(&mut starts);
                }
                let chunk = writer.chunk(pieces);
                let length = chunk.len() as u32;
                lengths.push(length);
                at = at.checked_add(length).ok_or(BuildError::TooLarge(Section::Glyphs))?;
                out.append(chunk)
            },
        )?;
    }
    out.append(&starts)?;
    let wide = width(lengths.iter().copied().max().unwrap_or(0));
    let mut packed = Vec::new();
    pack::string(lengths, wide, &mut packed);
    wide.push(&mut packed);
    out.append(&packed)?;
    out.end()
}

/// Encodes chunk after chunk.
struct Writer<'b> {
    encoder: Encoder<'b>,
    bases: Bases<Phrase>,
    chain: u8,
    /// The bases of the chunk at hand, by the numbers that its records call them.
    named: Vec<Base>,
    records: Vec<u8>,
    lengths: Vec<u32>,
    head: back::Writer,
}

impl Writer<'_> {
    /// The bytes of one chunk.
    fn chunk(&mut self, pieces: &[Piece<'_>]) -> &[u8] {
        self.records.clear();
        self.lengths.clear();
        self.named.clear();
        for piece in pieces {
            let start = self.records.len();
            self.record(piece);
            self.lengths.push((self.records.len() - start) as u32);
        }
        let head = &mut self.head;
        if pieces.first().is_some_and(|piece| piece.lines) {
            head.number(pieces.len() as u32);
        }
        head.number(self.named.len() as u32);
        self.named.iter().for_each(|base| base.write(head));
        if let Some((_, lengths)) = self.lengths.split_last()
            && !lengths.is_empty()
        {
            let bits = |low: u32| lengths.iter().map(|&length| (length >> low) + low).sum::<u32>();
            let low = (0..1 << GLYPHS_LOW_BITS).min_by_key(|&low| bits(low)).unwrap_or(0);
            head.bits(low, GLYPHS_LOW_BITS);
            lengths.iter().for_each(|&length| head.rice(length, low));
        }
        head.finish(&mut self.records);
        &self.records
    }

    /// One record, from a base where that makes it shorter: from one that it seems to
    /// be like, or the latest. A line of a log is like that in its time, if nothing else.
    fn record(&mut self, piece: &Piece<'_>) {
        let alike = self.bases.find(piece.text, piece.lines);
        let latest = self.bases.latest().filter(|latest| {
            latest.line == piece.lines && (piece.lines || self.chain > 1 && piece.follows(latest))
        });
        let latest = latest.filter(|latest| alike.as_ref() != Some(latest));
        let usable = |anchor: &Anchor| anchor.depth < self.chain;
        let anchors: heapless::Vec<Anchor, 2> =
            [alike, latest].into_iter().flatten().filter(usable).collect();
        let named = &self.named;
        let place = |anchor: &Anchor| {
            let base = Base { chunks: piece.chunk - anchor.chunk, record: anchor.record };
            (base, named.iter().position(|named| *named == base))
        };
        let bases: heapless::Vec<glyph::Base<'_>, 2> = anchors
            .iter()
            .map(|anchor| {
                let (base, known) = place(anchor);
                glyph::Base {
                    number: known.unwrap_or(named.len()) as u32,
                    bits: if known.is_some() { 0 } else { base.bits() as usize },
                    phrases: self.bases.known(anchor),
                }
            })
            .collect();
        let encoded = self.encoder.encode(piece.text, &bases, &mut self.records);
        drop(bases);
        let anchor = encoded.base.and_then(|index| anchors.get(index));
        if let Some((base, None)) = anchor.map(place) {
            self.named.push(base);
        }
        // Whoever is at the end of a chain is no base.
        let depth = anchor.map_or(0, |anchor| anchor.depth + 1);
        let said = self.encoder.said();
        if !said.is_empty() && depth < self.chain && (!piece.lines || piece.text.ends_with(b"\n")) {
            let place = (piece.chunk, piece.index);
            self.bases.add(place, depth, piece.text, piece.lines, said);
        }
    }
}

/// Calls `take` with the records of each chunk of a document that is `wanted`, given its
/// length: no other chunk's text is looked at.
fn each_chunk<'a, E>(
    image: &Image<'a>,
    text: Text<'a>,
    id: DocId,
    record_max: usize,
    pieces: &mut Vec<Piece<'a>>,
    mut wanted: impl FnMut(u64) -> bool,
    mut take: impl FnMut(&[Piece<'a>]) -> Result<(), BuildError<E>>,
) -> Result<(), BuildError<E>> {
    let doc = image.docs().get(id)?;
    let text = text.get(id)?;
    let lines = doc.lang == Lang::Log;
    for chunk in image.chunks().of(&doc) {
        let (ChunkId(at), chunk) = chunk?;
        let text = text
            .get(chunk.start as usize..chunk.end as usize)
            .ok_or(Corrupt::new(Section::Chunks, at as usize))?;
        if !wanted(text.len() as u64) {
            continue;
        }
        pieces.clear();
        let mut piece = |text| {
            let index = pieces.len() as u32;
            pieces.push(Piece { chunk: at, index, text, lines });
        };
        if lines {
            for line in text.split_inclusive(|&b| b == b'\n') {
                line.chunks(record_max).for_each(&mut piece);
            }
        } else {
            let count = text.len().div_ceil(record_max);
            for index in 0..count {
                piece(text.get(part(text.len(), index, count)).unwrap_or_default());
            }
        }
        take(pieces)?;
    }
    Ok(())
}

/// A codebook learned from an even sample of the chunks.
fn learn(
    image: &Image<'_>,
    text: Text<'_>,
    codec: &Codec<'_>,
    record_max: usize,
) -> Result<Vec<u8>, Corrupt> {
    let meta = image.meta();
    let body = meta.text_bytes.max(1);
    let share = (codec.sample as u64).min(body);
    let (mut records, mut based) = (Vec::new(), Vec::new());
    let mut bases = Bases::new();
    let (mut seen, mut taken) = (0u64, 0u64);
    let mut pieces = Vec::new();
    for id in (0..meta.documents).map(DocId) {
        let wanted = |length: u64| {
            seen += length;
            let wanted = taken * body < seen * share;
            taken += if wanted { length } else { 0 };
            wanted
        };
        let sampled = each_chunk(image, text, id, record_max, &mut pieces, wanted, |pieces| {
            for piece in pieces {
                records.push(piece.text);
                if codec.chain == 0 {
                    continue;
                }
                let anchor = bases.find(piece.text, piece.lines);
                match anchor.as_ref().map(|anchor| bases.known(anchor)) {
                    Some(&[base]) => based.push((base, piece.text)),
                    _ => {
                        let place = (piece.chunk, piece.index);
                        bases.add(place, 0, piece.text, piece.lines, &[piece.text]);
                    }
                }
            }
            Ok::<_, BuildError>(())
        });
        if let Err(BuildError::Corrupt(corrupt)) = sampled {
            return Err(corrupt);
        }
    }
    let plan = Plan { start: codec.start, bytes_max: codec.codebook_max, record_max, body };
    Ok(train(&records, &based, &plan))
}
