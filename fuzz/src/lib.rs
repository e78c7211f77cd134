//! What the targets share: valid images and a codebook, and the seals that make a forged one pass its checksums.

use sigla_core::build::{self, Builder, Codec, Document, Options};
use sigla_core::glyph::train::{Plan, train};
use sigla_core::image::{DocId, Image};
use sigla_core::outline::{Lang, Role};
use std::fmt::Write;
use std::sync::LazyLock;

/// A small image with every kind of content: posting lists of one, of a few and of several blocks,
/// all three families, nested symbols, empty documents and text.
pub static IMAGE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut builder = Builder::new(Options { text: true, grams: true });
    let mut add = |key: &str, text: &str| {
        let (key, text) = (key.as_bytes(), text.as_bytes());
        let (lang, role) = (Lang::detect(key, text), Role::of(key, text));
        builder.add(Document { key, lang, role, hash: 7, text: text.into() }).expect("keys ascend");
    };
    for number in 0..300 {
        add(&format!("logs/day_{number:03}.log"), &format!("retry {number}\n"));
    }
    add("src/empty.rs", "");
    let mut source = String::from("/// Waits longer after each retry.\nstruct BackoffPolicy;\n");
    for number in 0..40 {
        let (name, times) = (number % 7, "attempt ".repeat(number));
        let body = format!("    fn retry_{name}(&self) {{\n        // {times}\n    }}\n");
        write!(source, "impl Policy{number} {{\n{body}}}\n\n").expect("a String grows");
    }
    add("src/http/backoff.rs", &source);
    add("vendor/README.md", "# Retries\n\nSee `BackoffPolicy`.\n\n## Attempts\n\nétude\n");
    let mut image = Vec::new();
    builder.finish(&mut image).expect("a Vec grows");
    image
});

/// The same, packed: its texts are glyphs, some with a base.
pub static PACKED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let image = Image::open(&IMAGE).expect("an image of ours");
    let codec = Codec { chain: 3, record_max: 256, ..Codec::default() };
    let mut packed = Vec::new();
    build::seal(&image, Some(&codec), None, &mut packed).expect("a Vec grows");
    packed
});

/// Its codebook.
pub static BOOK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let image = Image::open(&IMAGE).expect("an image of ours");
    let text = image.text().expect("it has texts");
    let texts = (0..image.meta().documents).map(|id| text.get(DocId(id)).expect("whole"));
    let records: Vec<&[u8]> = texts.flat_map(|text| text.chunks(400)).collect();
    let based: Vec<(&[u8], &[u8])> = records.windows(2).map(|two| (two[0], two[1])).collect();
    train(&records, &based, &Plan { record_max: 1024, ..Plan::default() })
});

/// Corrects length and checksums of what may be an image, so that what is behind them is tested.
pub fn seal(image: &mut [u8]) {
    const HEADER: usize = 32;
    const ENTRY: usize = 24;
    let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);
    if image.len() < HEADER {
        return;
    }
    let length = image.len() as u64;
    image[16..24].copy_from_slice(&length.to_le_bytes());
    let sections = usize::from(image[12]);
    let table = HEADER + sections * ENTRY;
    if image.len() < table {
        return;
    }
    for at in (HEADER..table).step_by(ENTRY) {
        let number = |at: usize| u64::from_le_bytes(image[at..at + 8].try_into().expect("eight"));
        let (start, bytes) = (number(at + 8) as usize, number(at + 16) as usize);
        if let Some(section) = image.get(start..start.saturating_add(bytes)) {
            let sum = crc.checksum(section);
            image[at + 4..at + 8].copy_from_slice(&sum.to_le_bytes());
        }
    }
    image[24..28].fill(0);
    let sum = crc.checksum(&image[..table]);
    image[24..28].copy_from_slice(&sum.to_le_bytes());
}
