use super::*;
use std::vec::Vec;

const MAX: usize = 2048;

fn texts() -> Vec<Vec<u8>> {
    let source = include_str!("history.rs");
    source.as_bytes().chunks(700).map(<[u8]>::to_vec).collect()
}

fn book(texts: &[Vec<u8>]) -> Vec<u8> {
    let records: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
    train::train(&records, &[], &train::Plan { body: 1 << 20, ..Default::default() })
}

fn whole<'a>(bytes: &'a [u8], text: &[u8]) -> Record<'a> {
    Record { bytes, length: text.len(), line: false }
}

#[test]
fn records_come_back() {
    let texts = texts();
    let bytes = book(&texts);
    let book = Codebook::open(&bytes).unwrap();
    std::println!("{} rules {} phrases {} bytes", book.rules(), book.phrases(), bytes.len());
    let mut encoder = Encoder::new(book, MAX);
    let mut memory = std::vec![0; numbers(MAX)];
    let mut decoder = Decoder::new(&mut memory, MAX).unwrap();
    let (mut all, mut used) = (0, 0);
    for text in &texts {
        let mut record = Vec::new();
        encoder.encode(text, None, &mut record);
        all += text.len();
        used += record.len();
        let mut out = std::vec![0; text.len()];
        assert_eq!(decoder.decode(&book, &[whole(&record, text)], &mut out), Ok(text.len()));
        assert_eq!(&out, text);
    }
    assert!(used * 2 < all, "{used} of {all}");
}
