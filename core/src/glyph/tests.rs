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
        encoder.encode(text, &[], &mut record);
        all += text.len();
        used += record.len();
        let mut out = std::vec![0; text.len()];
        assert_eq!(decoder.decode(&book, &[whole(&record, text)], &mut out), Ok(text.len()));
        assert_eq!(&out, text);
    }
    assert!(used * 2 < all, "{used} of {all}");
}

#[test]
fn a_level_spells_what_its_rule_does() {
    let bytes = book(&texts());
    let book = Codebook::open(&bytes).unwrap();
    let mut room = [0; PHRASE_MAX];
    let mut deepest = 0;
    for phrase in 0..book.phrases() {
        let whole = book.spell(phrase, &mut room).unwrap().to_vec();
        let (mut levels, mut leaves) = (std::vec![Vec::new(); DEPTH_MAX + 2], 0);
        book.levels(phrase, &mut |level, part| {
            deepest = deepest.max(level);
            leaves += usize::from(matches!(part, Part::Byte(_)));
            match part {
                Part::Byte(byte) => levels[level].push(byte),
                Part::Rule(rule) => {
                    levels[level].extend_from_slice(book.spell(rule, &mut room).unwrap());
                }
            }
        })
        .unwrap();
        assert_eq!(leaves, whole.len());
        assert!(levels[..2].iter().all(|level| *level == whole), "{phrase}");
    }
    assert!(deepest > 3, "{deepest}");
}

/// Counts the tiers of what it takes.
#[derive(Default)]
struct Tiers([usize; 5], Vec<u8>);

impl Sink for Tiers {
    fn text(&mut self, text: &[u8]) -> core::ops::ControlFlow<()> {
        self.1.extend_from_slice(text);
        core::ops::ControlFlow::Continue(())
    }

    fn phrase(&mut self, _: Phrase, tier: Tier) {
        self.0[tier as usize] += 1;
    }
}

#[test]
fn numbers_go_on_from_those_of_the_base() {
    let line = |at: usize| {
        let (seconds, address, step) = (at % 60, 0x1f00 + 64 * at, 7000 + 13 * at);
        std::format!("10:31:{seconds:02} worker 0{address:x} took step {step} of 9 in 4ms\n")
    };
    let lines: Vec<Vec<u8>> = (0..600).map(|at| line(at * 77).into_bytes()).collect();
    let (lines, tests) = lines.split_at(400);
    let based: Vec<(&[u8], &[u8])> =
        lines.chunks(8).flat_map(|l| l[1..].iter().map(|line| (&l[0][..], &line[..]))).collect();
    let records: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
    let bytes =
        train::train(&records, &based, &train::Plan { bytes_max: 6 << 10, ..Default::default() });
    let book = Codebook::open(&bytes).unwrap();
    let mut encoder = Encoder::new(book, MAX);
    let mut memory = std::vec![0; numbers(MAX)];
    let mut decoder = Decoder::new(&mut memory, MAX).unwrap();
    let (mut numbers, mut used, mut alone) = (0, 0, 0);
    for lines in tests.chunks(8) {
        let mut base = Vec::new();
        encoder.encode(&lines[0], &[], &mut base);
        let said = encoder.said().to_vec();
        for line in &lines[1..] {
            let mut record = Vec::new();
            let bases = [Base { number: 0, bits: 0, phrases: &said }];
            let encoded = encoder.encode(line, &bases, &mut record);
            assert_eq!(encoded.base, Some(0));
            let mut tiers = Tiers::default();
            let chain = [whole(&base, &lines[0]), whole(&record, line)];
            decoder.stream(&book, &chain, &mut tiers).unwrap();
            assert_eq!(&tiers.1, line);
            numbers += tiers.0[Tier::Number as usize];
            used += record.len();
            record.clear();
            encoder.encode(line, &[], &mut record);
            alone += record.len();
        }
    }
    let count = tests.len() / 8 * 7;
    assert!(numbers > 2 * count, "{numbers} numbers in {count} lines");
    assert!(2 * used < alone, "{used} bytes, {alone} without a base");
}
