//! `sigla inspect`: what an image is made of.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;

use anyhow::Result;
use serde_json::{Value, json};
use sigla_core::image::{DocId, FileKind, Image};

use super::{Outcome, human};
use crate::cli::InspectArgs;
use crate::image_file::inspect::{Usage, levels, packed_bytes, spelt};
use crate::image_file::reader;
use crate::machine::progress::Progress as _;
use crate::output::human::harmless;
use crate::output::progress::Bar;

/// Phrases that are shown.
const PHRASES: usize = 20;

/// Runs the command.
pub fn run(args: &InspectArgs) -> Result<Outcome> {
    let bytes = reader::read(&args.image)?;
    let image = reader::open(&args.image, &bytes)?;
    if args.files {
        return files(&image, args.json);
    }
    let progress = Bar::new(false);
    let usage = Usage::of(&image, !args.quick, &progress)?;
    progress.finish();
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", report(&image, usage, bytes.len())?)?;
    } else {
        show(&mut out, &image, usage, bytes.len())?;
    }
    Ok(Outcome::Done)
}

fn report(image: &Image<'_>, usage: Usage, bytes: usize) -> Result<Value> {
    let sections: Vec<Value> = image
        .sections()
        .map(|(section, bytes)| json!({"section": section.name(), "bytes": bytes}))
        .chain(
            image.unknown_sections().map(|(kind, bytes)| json!({"unknown": kind, "bytes": bytes})),
        )
        .collect();
    let packed = packed_bytes(image);
    let mut object = json!({
        "bytes": bytes,
        "documents": image.meta().documents,
        "chunks": image.meta().chunks,
        "sections": sections,
        "text_bytes": usage.text_bytes,
        "packed_bytes": packed,
        "ratio": ratio(usage.text_bytes, packed),
    });
    if let Some(glyphs) = image.glyphs() {
        let book = glyphs.book();
        let phrases: Vec<Value> = usage
            .common(PHRASES)
            .into_iter()
            .map(|(phrase, count)| {
                let text = String::from_utf8_lossy(&spelt(image, phrase)).into_owned();
                json!({"phrase": text, "count": count, "levels": levels(&book, phrase)})
            })
            .collect();
        object["record_max"] = json!(glyphs.record_max());
        object["codebook"] = json!({
            "phrases": book.phrases(),
            "rules": book.rules(),
            "classes": book.classes(),
        });
        object["records"] = json!({
            "count": usage.records,
            "bytes": usage.record_bytes,
            "glyphs": usage.kinds[0],
            "based": usage.kinds[1],
            "same": usage.kinds[2],
            "raw": usage.kinds[3],
        });
        let tiers: serde_json::Map<String, Value> = TIERS
            .iter()
            .zip(usage.tiers)
            .map(|(name, count)| (name.to_string(), json!(count)))
            .collect();
        object["tiers"] = Value::Object(tiers);
        object["common_phrases"] = json!(phrases);
    }
    let text = usage.text_bytes;
    if let Some(peers) = usage.peers {
        let [one_zstd, one_zlib] = peers.single;
        let [zstd, zlib] = peers.ends()?;
        let peer = |whole: u64, single: u64| {
            let record = (single > 0).then(|| ratio(text, single));
            json!({"whole_bytes": whole, "whole_ratio": ratio(text, whole), "record_bytes": single,
                   "record_ratio": record})
        };
        object["zstd_19"] = peer(zstd, one_zstd);
        object["zlib_9"] = peer(zlib, one_zlib);
    }
    Ok(object)
}

const TIERS: [&str; 5] = ["copied", "number", "followed", "recent", "new"];

fn ratio(text: u64, packed: u64) -> f64 {
    // Two decimals say what there is to say.
    (text as f64 / packed.max(1) as f64 * 100.0).round() / 100.0
}

fn show(out: &mut impl Write, image: &Image<'_>, mut usage: Usage, bytes: usize) -> Result<()> {
    let meta = image.meta();
    writeln!(out, "{:<10} {:>12}", "section", "bytes")?;
    for (section, bytes) in image.sections() {
        writeln!(out, "{:<10} {bytes:>12}", section.name())?;
    }
    for (kind, bytes) in image.unknown_sections() {
        writeln!(out, "unknown {kind:<2} {bytes:>12}")?;
    }
    writeln!(out, "{:<10} {bytes:>12}", "image")?;
    let text = usage.text_bytes;
    let (documents, chunks) = (meta.documents, meta.chunks);
    writeln!(out, "\n{documents} documents, {chunks} chunks, {} of text", human(text))?;
    let packed = packed_bytes(image);
    if let Some(peers) = usage.peers.take() {
        let [one_zstd, one_zlib] = peers.single;
        let [zstd, zlib] = peers.ends()?;
        writeln!(out, "\n{:<22} {:>12} {:>8} {:>8}", "text packed", "bytes", "ratio", "a record")?;
        let mut row = |name: &str, whole: u64, single: u64| {
            let single =
                if single > 0 { format!("{:.2}", ratio(text, single)) } else { String::new() };
            writeln!(out, "{name:<22} {whole:>12} {:>8.2} {single:>8}", ratio(text, whole))
        };
        row("here", packed, usage.record_bytes)?;
        row("zstd -19, as one", zstd, one_zstd)?;
        row("zlib -9, as one", zlib, one_zlib)?;
    } else {
        writeln!(out, "packed into {}, {:.2} times smaller", human(packed), ratio(text, packed))?;
    }
    let Some(glyphs) = image.glyphs() else { return Ok(()) };
    let book = glyphs.book();
    writeln!(
        out,
        "\n{} records of at most {} bytes: {} of phrases, {} with a base, {} the same, {} raw",
        usage.records,
        glyphs.record_max(),
        usage.kinds[0],
        usage.kinds[1],
        usage.kinds[2],
        usage.kinds[3],
    )?;
    let (phrases, rules, classes) = (book.phrases(), book.rules(), book.classes());
    writeln!(out, "{phrases} phrases in {classes} classes, {rules} rules")?;
    let all = usage.tiers.iter().sum::<u64>().max(1);
    write!(out, "phrases:")?;
    for (name, count) in TIERS.iter().zip(usage.tiers) {
        write!(out, " {name} {:.0} %", 100.0 * count as f64 / all as f64)?;
    }
    writeln!(out, "\n\n{:>10}  the commonest phrases", "count")?;
    for (phrase, count) in usage.common(PHRASES) {
        let text = spelt(image, phrase);
        write!(out, "{count:>10}  {:?}", String::from_utf8_lossy(&text))?;
        match levels(&book, phrase).first().map(Vec::as_slice) {
            Some([left, right]) => writeln!(out, "  = {left:?} {right:?}")?,
            _ => writeln!(out)?,
        }
    }
    Ok(())
}

/// Every file that the image knows of, with its bytes as far as it has them.
fn files(image: &Image<'_>, as_json: bool) -> Result<Outcome> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut line = |path: &[u8], mode: Option<u16>, kind: &str, bytes: u64| {
        let mode = mode.map(|mode| format!("{mode:04o}"));
        if !as_json {
            let mode = mode.unwrap_or_default();
            return writeln!(out, "{mode:>4} {bytes:>10} {kind:<8} {}", harmless(path));
        }
        let name = String::from_utf8_lossy(path);
        let mut object = json!({"path": name, "mode": mode, "kind": kind, "bytes": bytes});
        if matches!(name, Cow::Owned(_)) {
            object["path_bytes"] = json!(path);
        }
        writeln!(out, "{object}")
    };
    let (mut others, mut originals) = (Vec::new(), HashMap::new());
    for entry in image.files().iter().flat_map(|files| files.entries()) {
        let entry = entry?;
        let kind = match entry.kind {
            FileKind::Binary => "binary",
            FileKind::Large => "large",
            FileKind::Kept => "kept",
            FileKind::Folder => continue,
            FileKind::Link => "link",
            FileKind::Special => "special",
            FileKind::Empty => "empty",
            FileKind::Original | FileKind::Formed => {
                let formed = entry.form().map(|(_, bytes)| bytes);
                originals.insert(entry.path, formed.unwrap_or(entry.content.len() as u64));
                continue;
            }
        };
        others.push((entry, kind));
    }
    for id in (0..image.meta().documents).map(DocId) {
        let path: Vec<u8> = image.docs().key(id)?.bytes().collect();
        let mode = image.files().and_then(|files| files.mode(id));
        let bytes = match originals.get(path.as_slice()) {
            Some(&bytes) => bytes,
            None => image.text_length(id)? as u64,
        };
        line(&path, mode, "text", bytes)?;
    }
    for (entry, kind) in others {
        line(entry.path, Some(entry.mode), kind, entry.content.len() as u64)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
