//! Any bytes as records, as a codebook and as a text: decoding ends within its bound, by a walk as by
//! a table, and what is encoded comes back.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use sigla_core::glyph::{
    Base, Codebook, Decoder, Encoder, Record, Spelling, numbers,
    train::{Plan, train},
};
use sigla_core::image::CHAIN_MAX;
use sigla_fuzz::BOOK;
use std::sync::{Mutex, OnceLock};

/// The longest record, and what an input is cut into.
const MAX: usize = 1024;

fuzz_target!(|input: &[u8]| {
    let Some((&mode, input)) = input.split_first() else { return };
    match mode % 64 {
        // Learning takes long.
        63 => {
            let records: Vec<&[u8]> = input.chunks(200).collect();
            let plan = Plan { bytes_max: 16 << 10, record_max: MAX, ..Plan::default() };
            let book = train(&records, &[], &plan);
            let book = Codebook::open(&book).expect("a codebook of ours");
            round(&book, &mut Encoder::new(book, MAX), input);
        }
        mode if mode % 3 == 0 => decode(&BOOK, input),
        mode if mode % 3 == 1 => {
            // The good codebook with changes, each a place and a byte; the rest are records.
            let (changes, records) = input.split_at(input.len() / 2);
            let mut book = BOOK.clone();
            let length = book.len();
            for change in changes.chunks_exact(3) {
                let at = usize::from(u16::from_le_bytes([change[0], change[1]]));
                book[at % length] ^= change[2];
            }
            decode(&book, records);
        }
        _ => {
            let book = Codebook::open(&BOOK).expect("a codebook of ours");
            let encoder = ENCODER.get_or_init(|| Mutex::new(Encoder::new(book, MAX)));
            round(&book, &mut encoder.lock().expect("one thread"), input);
        }
    }
});

/// Made once, as it reads the whole codebook.
static ENCODER: OnceLock<Mutex<Encoder<'static>>> = OnceLock::new();

/// Decodes what hostile bytes say: a length, then a chain of records.
fn decode(book: &[u8], input: &[u8]) {
    let Ok(book) = Codebook::open(book) else { return };
    let Some((head, bytes)) = input.split_first_chunk::<4>() else { return };
    let length = usize::from(u16::from_le_bytes([head[0], head[1]])) % (MAX + 1);
    let each = usize::from(head[2]).max(1);
    let record = |bytes| Record { bytes, length, line: head[3] & 1 == 1 };
    let chain: Vec<Record<'_>> = bytes.chunks(each).take(CHAIN_MAX).map(record).collect();
    let spelling = Spelling::new(&book);
    let mut memory = vec![0; numbers(MAX)];
    let mut decoder = Decoder::new(&mut memory, MAX).expect("as much as it asks for");
    let mut out = [[0; MAX]; 2];
    let [walked, looked] = out.each_mut();
    let walk = decoder.decode(&book, &chain, walked);
    assert_eq!(walk, decoder.decode(&book.spelt(&spelling), &chain, looked));
    if let Ok(got) = walk {
        assert!(got <= length, "{got} bytes where {length} were asked");
        assert_eq!(walked[..got], looked[..got]);
    }
}

/// Encodes texts, each from the one before if that is shorter, and decodes them.
fn round(book: &Codebook<'_>, encoder: &mut Encoder<'_>, input: &[u8]) {
    let mut memory = vec![0; numbers(MAX)];
    let mut decoder = Decoder::new(&mut memory, MAX).expect("as much as it asks for");
    let mut out = [0; MAX];
    let (mut chain, mut said) = (Vec::new(), Vec::new());
    for text in input.chunks(MAX / 4).take(3) {
        let base = Base { number: 7, bits: 0, phrases: &said };
        let bases = if said.is_empty() { vec![] } else { vec![base] };
        let mut bytes = Vec::new();
        let encoded = encoder.encode(text, &bases, &mut bytes);
        assert!(bytes.len() <= text.len() + 1, "{} bytes for {}", bytes.len(), text.len());
        said = encoder.said().to_vec();
        if encoded.base.is_none() {
            chain.clear();
        }
        chain.push((bytes, text));
        let records: Vec<Record<'_>> = chain
            .iter()
            .map(|(bytes, text)| Record { bytes, length: text.len(), line: false })
            .collect();
        assert_eq!(decoder.decode(book, &records, &mut out), Ok(text.len()));
        assert_eq!(out[..text.len()], *text);
    }
}
