//! `sigla pack`: one image of a folder, with its text, to take elsewhere.

use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use rustix::fs::FileType;
use serde_json::json;
use sigla_core::build::{self, Options};
use sigla_core::glyph::{self, train::Start};

use super::{Outcome, human, report};
use crate::cli::{Codebook, Codec, PackArgs};
use crate::image_file::outlet::Outlet;
use crate::image_file::pack::{LARGEST, fits, rest};
use crate::machine::progress::Progress as _;
use crate::output::progress::Bar;
use crate::store::draft::{Medium, is_draft, sweep};
use crate::store::ingest::{self, Ingest, Item, Nul};
use crate::tree::root::Root;
use crate::tree::walk::{Entry, Listing, Tree, Walk};

/// Phrases of other texts, by `cargo xtask train-codebook`.
static GENERAL: &[u8] = include_bytes!("../general.codebook");

/// Bytes that building holds at most: some of them stay with its threads while the image
/// is sealed, which takes more.
const BUILDING: usize = 16 << 20;

/// Runs the command. The image depends on the files and options alone.
pub fn run(args: &PackArgs) -> Result<Outcome> {
    // An allocator keeps what a thread has freed for that thread: so one of those that
    // build also seals.
    args.machine.pool().run(|| pack(args))
}

fn pack(args: &PackArgs) -> Result<Outcome> {
    let start = Instant::now();
    let settings = args.machine.settings(args.rules.rules());
    let path = args.path.canonicalize();
    let path = path.with_context(|| format!("cannot find {}", args.path.display()))?;
    let outlet = Outlet::open(&args.output)?;
    if outlet.file() == Some(&*path) {
        bail!("{} would be written over itself", args.output.display());
    }
    let folder = outlet.folder();
    sweep(&folder);
    // Of all that is written only the image is kept, and only as a file.
    let scratch = Medium::Scratch(folder.clone());
    let medium = if outlet.file().is_some() { Medium::Folder(folder) } else { scratch.clone() };
    // Before the work, who may not write there hears of it.
    let cannot_write = || format!("cannot write {}", args.output.display());
    scratch.draft().with_context(cannot_write)?;
    let progress = Bar::new(args.machine.quiet);
    let mut max_filesize = settings.rules.max_filesize;
    let (root, mut listing, nul) = match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if !path.is_dir() => {
            // Who names one file means it, however large it is.
            max_filesize = LARGEST;
            let root = Root::open(parent)?;
            let key = name.as_bytes();
            let stamp = root.stamp(key, FileType::RegularFile);
            let stamp =
                stamp.with_context(|| format!("{} is no regular file", args.path.display()))?;
            if stamp.size > LARGEST {
                bail!(
                    "{} has more than 4 GiB, the most that an image holds: split it (split -C 3G)",
                    args.path.display()
                );
            }
            let files = vec![Entry { key: key.into(), stamp, hash: None }];
            let tree = Tree { files, ..Tree::default() };
            (root, Listing { tree, ..Listing::default() }, Nul::Text)
        }
        _ => {
            let walk = Walk {
                rules: settings.rules.clone(),
                globs: &args.glob,
                threads: args.machine.threads(),
                ..Walk::default()
            };
            (Root::open(&path)?, walk.run(&path, &progress)?, Nul::InLogs)
        }
    };
    let mut troubles = std::mem::take(&mut listing.troubles);
    if !args.glob.is_empty() {
        // Only files are asked for, and the folders that hold them.
        let Tree { files, directories, .. } = &mut listing.tree;
        directories.retain(|folder| {
            let below = [&*folder.key, b"/"].concat();
            let first = files.partition_point(|file| *file.key < *below);
            let file = files.get(first);
            folder.key.is_empty() || file.is_some_and(|file| file.key.starts_with(&below))
        });
    }
    // A tree is packed without the image of it that the last run left there, and without
    // what other runs are writing.
    listing.tree.files.retain(|file| {
        let path = root.path_of(&file.key);
        outlet.file() != Some(&*path) && !path.file_name().is_some_and(is_draft)
    });
    let files = &listing.tree.files;
    fits(&root, files, max_filesize, nul, args.all)?;
    let items: Vec<Item<'_>> = files
        .iter()
        .map(|file| Item { key: &file.key, size: file.stamp.size, known: None })
        .collect();
    let options = Options { text: true, grams: false };
    let ingest = Ingest {
        root: &root,
        max_filesize,
        nul,
        options,
        memory: settings.memory.min(BUILDING),
        medium: &scratch,
        progress: &progress,
    };
    let harvest = ingest.run(&items)?;
    troubles.extend(harvest.troubles);
    progress.merge();
    let mut runs = harvest.runs;
    let image = match runs.pop() {
        Some(only) if runs.is_empty() => only,
        last => {
            runs.extend(last);
            ingest::merge_runs(&runs, options, false, &scratch)?
        }
    };
    // Sealing reads the merged image alone.
    drop(runs);
    let rest = rest(&root, &listing, &image, max_filesize, args.all, &scratch)?;
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
    let image = ingest::pack_texts(&image, codec, &rest.section, &medium)?;
    let documents = ingest::open(image.bytes())?.meta().documents;
    let bytes = image.bytes().len() as u64;
    let source = path.metadata().map_or(0o600, |meta| meta.mode());
    let beside = outlet.is_stdout();
    outlet.put(image, source).with_context(cannot_write)?;
    progress.finish();

    let seconds = start.elapsed().as_secs_f64();
    let output = args.output.display();
    let mut out: Box<dyn Write> = match beside {
        true => Box::new(std::io::stderr()),
        false => Box::new(std::io::stdout()),
    };
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
            some => writeln!(out, "; left out: {some} that are no text, or too large (see --all)")?,
        }
    }
    Ok(report(&troubles))
}
