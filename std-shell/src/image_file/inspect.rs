//! What the texts of an image are made of, and what other codecs make of them.

use std::io::Write;
use std::ops::ControlFlow;

use anyhow::Result;
use sigla_core::glyph::{Codebook, Kind, PHRASE_MAX, Part, Phrase, Sink, Tier};
use sigla_core::image::{DocId, Image, Section, Texts};

use crate::image_file::reader;
use crate::machine::progress::Progress;

/// What came of reading all texts.
#[derive(Default)]
pub struct Usage {
    /// The text of the record at hand.
    text: Vec<u8>,
    /// Bytes of all texts.
    pub text_bytes: u64,
    /// Records.
    pub records: u64,
    /// Their bytes.
    pub record_bytes: u64,
    /// Records by kind: glyphs, with a base, the same as another, raw.
    pub kinds: [u64; 4],
    /// Phrases by the way that they were named: copied, a number, followed, recent, new.
    pub tiers: [u64; 5],
    /// How often each phrase came.
    phrases: Vec<u64>,
    /// The same texts in other codecs, where that was asked.
    pub peers: Option<Peers>,
}

impl Sink for Usage {
    fn text(&mut self, text: &[u8]) -> ControlFlow<()> {
        self.text.extend_from_slice(text);
        ControlFlow::Continue(())
    }

    fn phrase(&mut self, phrase: Phrase, tier: Tier) {
        if let Some(count) = self.tiers.get_mut(tier as usize) {
            *count += 1;
        }
        if let Some(count) = self.phrases.get_mut(usize::from(phrase)) {
            *count += 1;
        }
    }
}

impl Texts for Usage {
    fn record(&mut self, bytes: &[u8]) {
        self.records += 1;
        self.record_bytes += bytes.len() as u64;
        if let Some(count) = self.kinds.get_mut(Kind::of(bytes) as usize) {
            *count += 1;
        }
        if let Some(peers) = &mut self.peers {
            peers.record(&self.text);
        }
        self.whole();
    }
}

impl Usage {
    /// The text at hand is that of all texts, too.
    fn whole(&mut self) {
        if let Some(peers) = &mut self.peers {
            peers.whole(&self.text);
        }
        self.text_bytes += self.text.len() as u64;
        self.text.clear();
    }

    /// Reads all texts of an image; with `compare`, other codecs pack them, too, which takes the
    /// time.
    ///
    /// # Errors
    /// The image is damaged; `progress` cancels it.
    pub fn of(image: &Image<'_>, compare: bool, progress: &dyn Progress) -> Result<Self> {
        let phrases = image.glyphs().map_or(0, |glyphs| usize::from(glyphs.book().phrases()));
        let mut usage = Usage { phrases: vec![0; phrases], ..Usage::default() };
        if compare && image.has_text() {
            usage.peers = Some(Peers::new()?);
        }
        progress.read(image.meta().text_bytes);
        let spelling = reader::spelling(image);
        let image = image.spelt(&spelling);
        let mut memory = vec![0; image.read_numbers()];
        for id in (0..image.meta().documents).map(DocId).filter(|_| image.has_text()) {
            progress.check()?;
            let before = usage.text_bytes;
            match image.text() {
                Some(text) => {
                    for part in text.get(id)?.chunks(1 << 20) {
                        usage.text.extend_from_slice(part);
                        usage.whole();
                    }
                }
                None => image.stream(id, &mut memory, &mut usage)?,
            }
            progress.advance(usage.text_bytes - before);
        }
        Ok(usage)
    }
}

/// The same bytes in other codecs: as one, and record by record.
pub struct Peers {
    zstd: zstd::stream::write::Encoder<'static, Count>,
    zlib: flate2::write::ZlibEncoder<Count>,
    one_zstd: zstd::bulk::Compressor<'static>,
    one_zlib: flate2::Compress,
    room: Vec<u8>,
    /// Bytes record by record: zstd, zlib.
    pub single: [u64; 2],
}

/// Counts bytes.
#[derive(Default)]
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Peers {
    fn new() -> Result<Self> {
        let best = flate2::Compression::best();
        Ok(Self {
            zstd: zstd::stream::write::Encoder::new(Count::default(), 19)?,
            zlib: flate2::write::ZlibEncoder::new(Count::default(), best),
            one_zstd: zstd::bulk::Compressor::new(19)?,
            one_zlib: flate2::Compress::new(best, true),
            room: Vec::new(),
            single: [0; 2],
        })
    }

    fn whole(&mut self, text: &[u8]) {
        // What counts the bytes takes them all.
        let written = self.zstd.write_all(text).and_then(|()| self.zlib.write_all(text));
        debug_assert!(written.is_ok(), "{written:?}");
    }

    fn record(&mut self, text: &[u8]) {
        if let Ok(packed) = self.one_zstd.compress(text) {
            self.single[0] += packed.len() as u64;
        }
        self.room.clear();
        self.room.reserve(text.len() + 64);
        self.one_zlib.reset();
        let finish = flate2::FlushCompress::Finish;
        if self.one_zlib.compress_vec(text, &mut self.room, finish).is_ok() {
            self.single[1] += self.room.len() as u64;
        }
    }

    /// Bytes of all as one: zstd, zlib.
    ///
    /// # Errors
    /// A codec fails.
    pub fn ends(self) -> Result<[u64; 2]> {
        Ok([self.zstd.finish()?.0, self.zlib.finish()?.0])
    }
}

impl Usage {
    /// The `most` commonest phrases, and how often each came.
    pub fn common(&self, most: usize) -> Vec<(Phrase, u64)> {
        let mut all: Vec<(Phrase, u64)> = (0..).zip(self.phrases.iter().copied()).collect();
        all.retain(|&(_, count)| count > 0);
        all.sort_by_key(|&(phrase, count)| (std::cmp::Reverse(count), phrase));
        all.truncate(most);
        all
    }
}

/// The bytes of the sections that hold the texts.
pub fn packed_bytes(image: &Image<'_>) -> u64 {
    let texts = [Section::Text, Section::Codebook, Section::Glyphs];
    image.sections().filter(|(section, _)| texts.contains(section)).map(|(_, bytes)| bytes).sum()
}

/// How a phrase is made: its two halves, then theirs, down to bytes.
pub fn levels(book: &Codebook<'_>, phrase: Phrase) -> Vec<Vec<String>> {
    let mut levels: Vec<Vec<String>> = Vec::new();
    let mut room = [0; PHRASE_MAX];
    let known = book.levels(phrase, &mut |level, part| {
        let text = match part {
            Part::Byte(byte) => &[byte][..],
            Part::Rule(rule) => book.spell(rule, &mut room).unwrap_or_default(),
        };
        levels.resize(levels.len().max(level + 1), Vec::new());
        if let Some(parts) = levels.get_mut(level) {
            parts.push(String::from_utf8_lossy(text).into_owned());
        }
    });
    // The phrase itself is no part of it; nor is what a damaged codebook says.
    known.map(|()| levels.into_iter().skip(1).collect()).unwrap_or_default()
}

/// The bytes of a phrase.
pub fn spelt(image: &Image<'_>, phrase: Phrase) -> Vec<u8> {
    let Some(glyphs) = image.glyphs() else { return Vec::new() };
    glyphs.book().spell(phrase, &mut [0; PHRASE_MAX]).unwrap_or_default().to_vec()
}
