//! Writes an image of files: `cargo run --features alloc --example write -- IMAGE FILE...`

use sigla_core::build::{Builder, Codec, Document, Options, seal};
use sigla_core::image::Image;
use sigla_core::outline::{Lang, Role};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let image = args.next().ok_or("give an image to write and files: write a.sigla a.rs b.md")?;
    // Documents come in the order of their keys.
    let files: BTreeMap<String, Vec<u8>> = args
        .map(|path| Ok((path.clone(), fs::read(path)?)))
        .collect::<Result<_, std::io::Error>>()?;
    let mut builder = Builder::new(Options { text: true, grams: false });
    for (path, text) in &files {
        let key = path.as_bytes();
        let (lang, role) = (Lang::detect(key, text), Role::of(key, text));
        builder.add(Document { key, lang, role, hash: 0, text: text.into() })?;
    }
    let mut plain = Vec::new();
    let summary = builder.finish(&mut plain)?;
    // Without this step the image carries its texts as they are.
    let mut packed = Vec::new();
    seal(&Image::open(&plain)?, Some(&Codec::default()), None, &mut packed)?;
    fs::write(&image, &packed)?;
    println!("{image}: {} documents in {} bytes", summary.documents, packed.len());
    Ok(())
}
