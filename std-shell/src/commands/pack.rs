//! `sigla pack`: one image of a folder, with its text, to take elsewhere.

use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use rustix::fs::FileType;
use serde_json::json;
use sigla_core::build::{self, Options};
use sigla_core::glyph::{self, train::Start};

use super::{Outcome, human, report};
use crate::cli::{Codebook, Codec, PackArgs};
use crate::draft::Room;
use crate::ingest::{self, Ingest, Item};
use crate::packed::rest;
use crate::progress::Progress;
use crate::root::Root;
use crate::walk::{Entry, Walk};

/// Phrases of other texts, by `cargo xtask train-codebook`.
static GENERAL: &[u8] = include_bytes!("../general.codebook");

/// Bytes that building holds at most: some of them stay with its threads while the image
/// is sealed, which takes more.
const BUILDING: usize = 16 << 20;

/// Runs the command. The image depends on the files and options alone.
pub fn run(args: &PackArgs) -> Result<Outcome> {
    args.machine.set_threads()?;
    // An allocator keeps what a thread has freed for that thread: so one of those that
    // build also seals.
    rayon::scope(|_| pack(args))
}

fn pack(args: &PackArgs) -> Result<Outcome> {
    let start = Instant::now();
    let settings = args.machine.settings(args.rules.rules());
    let path = args.path.canonicalize();
    let path = path.with_context(|| format!("cannot find {}", args.path.display()))?;
    let folder = match args.output.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => ".".into(),
    };
    let progress = Progress::new(args.machine.quiet);
    let walk = Walk {
        rules: settings.rules.clone(),
        globs: &args.glob,
        threads: settings.threads,
        ..Walk::default()
    };
    let mut max_filesize = settings.rules.max_filesize;
    // A tree is packed without the image of it that the last run left there.
    let output = folder.canonicalize().ok().zip(args.output.file_name());
    let output = output.map(|(folder, name)| folder.join(name));
    if output.as_ref() == Some(&path) {
        bail!("{} would be written over itself", args.output.display());
    }
    let (root, mut files, mut troubles) = match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if path.is_file() => {
            // Who names one file means it, however large it is.
            max_filesize = u64::MAX;
            let root = Root::open(parent)?;
            let key = name.as_bytes();
            let stamp = root.stamp(key, FileType::RegularFile).context("the file has gone")?;
            (root, vec![Entry { key: key.into(), stamp, hash: None }], Vec::new())
        }
        _ => {
            let listing = walk.run(&path, &progress)?;
            (Root::open(&path)?, listing.tree.files, listing.troubles)
        }
    };
    files.retain(|file| output.as_ref() != Some(&root.path_of(&file.key)));
    let items: Vec<Item<'_>> = files
        .iter()
        .map(|file| Item { key: &file.key, size: file.stamp.size, known: None })
        .collect();
    let room = Room::Folder(folder);
    let options = Options { text: true, grams: false };
    let ingest = Ingest {
        root: &root,
        max_filesize,
        options,
        memory: settings.memory.min(BUILDING),
        room: &room,
        progress: &progress,
    };
    let harvest = ingest.run(&items)?;
    troubles.extend(harvest.troubles);
    progress.merge();
    let mut runs = harvest.runs;
    let image = match runs.pop() {
        Some(only) if runs.is_empty() => only,
        last => {
            let sources: Vec<_> =
                runs.iter().chain(&last).map(|run| (run.bytes(), &[][..])).collect();
            ingest::merge(&sources, options, &room)?
        }
    };
    // Sealing reads the merged image alone.
    drop(runs);
    let rest = rest(&root, &files, &ingest::open(image.bytes())?, max_filesize, args.all)?;
    troubles.extend(rest.troubles);
    let known = glyph::Codebook::open(GENERAL).ok().context("no general codebook")?;
    let phrases = match args.codebook {
        Codebook::General => Start::General(known),
        Codebook::Learned => Start::Learned,
        Codebook::Both => Start::Both(known),
    };
    let codec = build::Codec {
        record_max: args.record_max,
        chain: args.chain,
        start: phrases,
        ..build::Codec::default()
    };
    let codec = (args.codec == Codec::Glyph).then_some(&codec);
    let image = ingest::seal(image.bytes(), codec, &rest.section, &room)?;
    let documents = ingest::open(image.bytes())?.meta().documents;
    let bytes = image.bytes().len() as u64;
    image
        .keep(&args.output, 0o644)
        .with_context(|| format!("cannot write {}", args.output.display()))?;
    progress.finish();

    let seconds = start.elapsed().as_secs_f64();
    let output = args.output.display();
    let mut out = std::io::stdout().lock();
    if args.json {
        let line = json!({
            "image": output.to_string(),
            "documents": documents,
            "bytes": bytes,
            "left_out": rest.left_out,
            "errors": troubles.len(),
            "seconds": seconds,
        });
        writeln!(out, "{line}")?;
    } else if !args.machine.quiet {
        let size = human(bytes);
        write!(out, "{output}: {documents} documents, {size} in {seconds:.2} s")?;
        match rest.left_out {
            0 => writeln!(out)?,
            some => writeln!(out, "; {some} files are no text or too large (see --all)")?,
        }
    }
    Ok(report(&troubles))
}
