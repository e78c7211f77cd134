//! Learns the general codebook, which `sigla pack --codebook` may start from, and writes it to a file.
//!
//! The same corpus gives the same bytes. What it is of stands in `corpus/`, with the licences in
//! `docs/benchmarks.md`.

use std::{env, fs};

use anyhow::{Context, Result, ensure};
use sigla_benches::records;
use sigla_core::glyph::{
    Codebook,
    train::{Plan, train},
};

fn main() -> Result<()> {
    let out = env::args_os().nth(1).context("say where to write: codebook FILE")?;
    let parts = records::general()?;
    for (name, records) in &parts {
        let bytes: usize = records.iter().map(Vec::len).sum();
        ensure!(bytes > 0, "nothing of {name} in the corpus");
        eprintln!("codebook: {name}, {} records, {bytes} bytes", records.len());
    }
    let records: Vec<&[u8]> =
        parts.iter().flat_map(|(_, records)| records).map(Vec::as_slice).collect();
    let bytes = train(&records, &[], &Plan::default());
    let book = Codebook::open(&bytes).ok().context("no codebook was learned")?;
    eprintln!("codebook: {} phrases, {} bytes", book.phrases(), bytes.len());
    fs::write(&out, &bytes).with_context(|| format!("cannot write {}", out.display()))
}
