//! Codecs that take each record by itself, with what they learned beforehand.
//!
//! Each has what it can have: zstd's frames go without magic number, checksum, and numbers of
//! dictionaries and sizes; lz4 and deflate are bare blocks; OnPair's numbers are packed.

use std::io::Write;

use anyhow::{Context, Result, anyhow, ensure};
use flate2::{Compression, write::DeflateDecoder, write::DeflateEncoder};
use fsst::Compressor;
use onpair::{Dictionary, DictionaryView, Parser};
use sigla_core::bits::pack;
use zstd_safe::{CCtx, CParameter, DCtx, DDict, DParameter, FrameFormat};

/// What a trained dictionary has at most: as our codebook.
pub const DICTIONARY: usize = 64 << 10;

/// A codec of records.
pub trait Codec {
    /// As rows name it.
    fn name(&self) -> &'static str;
    /// Encodes a text into the emptied `out`.
    fn encode(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<()>;
    /// Decodes a record into the start of `out`; gives the length of its text.
    fn decode(&mut self, record: &[u8], out: &mut [u8]) -> Result<usize>;
}

/// A dictionary that zstd trained.
pub fn dictionary(records: &[Vec<u8>]) -> Result<Vec<u8>> {
    let lengths: Vec<usize> = records.iter().map(Vec::len).collect();
    let mut dictionary = Vec::with_capacity(DICTIONARY);
    zstd_safe::train_from_buffer(&mut dictionary, &records.concat(), &lengths).map_err(zstd)?;
    Ok(dictionary)
}

/// All of them over what they learn from `records`: zstd-19 first.
pub fn all(records: &[Vec<u8>]) -> Result<Vec<Box<dyn Codec>>> {
    let dictionary = dictionary(records)?;
    Ok(vec![
        Box::new(Zstd::new("zstd-19 + 64 KB dictionary", 19, &dictionary)?),
        Box::new(Zstd::new("zstd-3 + 64 KB dictionary", 3, &dictionary)?),
        Box::new(Lz4::new(&dictionary)),
        Box::new(Deflate),
        Box::new(Fsst::new(records)),
        Box::new(OnPair::new(records)),
    ])
}

fn zstd(code: usize) -> anyhow::Error {
    anyhow!("zstd: {}", zstd_safe::get_error_name(code))
}

/// zstd with a dictionary.
pub struct Zstd {
    name: &'static str,
    writer: CCtx<'static>,
    reader: DCtx<'static>,
    tables: usize,
}

impl Zstd {
    /// At a level, with a dictionary.
    pub fn new(name: &'static str, level: i32, dictionary: &[u8]) -> Result<Self> {
        let (mut writer, mut reader) = (CCtx::create(), DCtx::create());
        for parameter in [
            CParameter::CompressionLevel(level),
            CParameter::Format(FrameFormat::Magicless),
            CParameter::ContentSizeFlag(false),
            CParameter::ChecksumFlag(false),
            CParameter::DictIdFlag(false),
        ] {
            writer.set_parameter(parameter).map_err(zstd)?;
        }
        writer.load_dictionary(dictionary).map_err(zstd)?;
        reader.set_parameter(DParameter::Format(FrameFormat::Magicless)).map_err(zstd)?;
        reader.load_dictionary(dictionary).map_err(zstd)?;
        let tables = DDict::create(dictionary).sizeof().saturating_sub(dictionary.len());
        Ok(Self { name, writer, reader, tables })
    }

    /// What decoding takes beside the dictionary itself: its context and its tables.
    pub fn memory(&self) -> usize {
        self.reader.sizeof() + self.tables
    }
}

impl Codec for Zstd {
    fn name(&self) -> &'static str {
        self.name
    }

    fn encode(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<()> {
        out.clear();
        out.reserve(zstd_safe::compress_bound(text.len()));
        self.writer.compress2(out, text).map_err(zstd)?;
        Ok(())
    }

    fn decode(&mut self, record: &[u8], out: &mut [u8]) -> Result<usize> {
        self.reader.decompress(out, record).map_err(zstd)
    }
}

/// The bytes of a whole text at zstd's level 19: the bound where nothing is read by itself.
pub fn whole(text: &[u8]) -> Result<usize> {
    let mut out = Vec::with_capacity(zstd_safe::compress_bound(text.len()));
    zstd_safe::compress(&mut out, text, 19).map_err(zstd)
}

/// The bytes of a record at zstd's level 19 with a dictionary and the record's base behind it.
pub fn based(dictionary: &[u8], base: &[u8], text: &[u8]) -> Result<usize> {
    let both = [dictionary, base].concat();
    let mut codec = Zstd::new("", 19, &both)?;
    let mut out = Vec::new();
    codec.encode(text, &mut out)?;
    let mut back = vec![0; text.len()];
    let length = codec.decode(&out, &mut back)?;
    ensure!(length == text.len() && back == text, "zstd gave another text");
    Ok(out.len())
}

/// The highest level of lz4 with the dictionary that zstd trained.
pub struct Lz4 {
    dictionary: Vec<u8>,
}

impl Lz4 {
    /// With a dictionary.
    pub fn new(dictionary: &[u8]) -> Self {
        Self { dictionary: dictionary.to_vec() }
    }
}

impl Codec for Lz4 {
    fn name(&self) -> &'static str {
        "lz4hc + 64 KB dictionary"
    }

    fn encode(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<()> {
        out.clear();
        let level = lzzzz::lz4_hc::CLEVEL_MAX;
        let mut writer = lzzzz::lz4_hc::Compressor::with_dict(&self.dictionary[..], level)?;
        writer.next_to_vec(text, out)?;
        Ok(())
    }

    fn decode(&mut self, record: &[u8], out: &mut [u8]) -> Result<usize> {
        Ok(lzzzz::lz4::decompress_with_dict(record, out, &self.dictionary)?)
    }
}

/// What `zlib -9` writes between its header and its checksum.
pub struct Deflate;

impl Codec for Deflate {
    fn name(&self) -> &'static str {
        "zlib -9"
    }

    fn encode(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<()> {
        out.clear();
        let mut writer = DeflateEncoder::new(out, Compression::best());
        writer.write_all(text)?;
        writer.finish()?;
        Ok(())
    }

    fn decode(&mut self, record: &[u8], out: &mut [u8]) -> Result<usize> {
        let mut reader = DeflateDecoder::new(Vec::new());
        reader.write_all(record)?;
        let text = reader.finish()?;
        out.get_mut(..text.len()).context("a longer text")?.copy_from_slice(&text);
        Ok(text.len())
    }
}

/// FSST: up to 255 symbols of up to 8 bytes.
pub struct Fsst(Compressor);

impl Fsst {
    /// Learns its symbols.
    pub fn new(records: &[Vec<u8>]) -> Self {
        Self(Compressor::train(&records.iter().map(Vec::as_slice).collect()))
    }
}

impl Codec for Fsst {
    fn name(&self) -> &'static str {
        "FSST"
    }

    fn encode(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<()> {
        *out = self.0.compress(text);
        Ok(())
    }

    fn decode(&mut self, record: &[u8], out: &mut [u8]) -> Result<usize> {
        let text = self.0.decompressor().decompress(record);
        out.get_mut(..text.len()).context("a longer text")?.copy_from_slice(&text);
        Ok(text.len())
    }
}

/// OnPair: up to 4,096 tokens of up to 16 bytes, 64 KB.
pub struct OnPair {
    parser: Parser,
    tokens: Vec<u16>,
    ends: Vec<u32>,
}

impl OnPair {
    /// Learns its tokens.
    pub fn new(records: &[Vec<u8>]) -> Self {
        let parser = Parser::train_rows(records, onpair::Config::default());
        Self { parser, tokens: Vec::new(), ends: Vec::new() }
    }
}

impl Codec for OnPair {
    fn name(&self) -> &'static str {
        "OnPair, 4,096 tokens"
    }

    fn encode(&mut self, text: &[u8], out: &mut Vec<u8>) -> Result<()> {
        self.parser.parse_rows_into(&[text][..], &mut self.tokens, &mut self.ends);
        let width = u32::from(self.parser.dict.code_bits());
        out.clear();
        pack::string(self.tokens.iter().map(|&token| u32::from(token)), width, out);
        Ok(())
    }

    fn decode(&mut self, record: &[u8], out: &mut [u8]) -> Result<usize> {
        let width = u32::from(self.parser.dict.code_bits());
        let tokens = self.parser.dict.as_view();
        let (mut word, mut held, mut at) = (0u64, 0, 0);
        for &byte in record {
            word |= u64::from(byte) << held;
            held += 8;
            if held >= width {
                let token = tokens.token((word & ((1 << width) - 1)) as u16);
                out.get_mut(at..at + token.len()).context("a longer text")?.copy_from_slice(token);
                at += token.len();
                word >>= width;
                held -= width;
            }
        }
        Ok(at)
    }
}
