//! One image of a folder, or of a log, with its text.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rustix::fs::FileType;
use sigla_core::build::{self, Options};

use crate::image_file::outlet::Outlet;
use crate::image_file::rest::{LARGEST, fits, rest};
use crate::machine::pool::Pool;
use crate::machine::progress::Progress;
use crate::store::draft::{Medium, is_draft, sweep};
use crate::store::ingest::{self, Ingest, Item, Nul};
use crate::store::update::Settings;
use crate::tree::root::Root;
use crate::tree::walk::{Entry, Listing, Tree, Trouble, Walk};

/// Bytes that building holds at most: some of them stay with its threads while the texts are
/// packed, which takes more.
const BUILDING: usize = 16 << 20;

/// What is to be packed, and how.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The folder, or one file: a log.
    pub from: &'a Path,
    /// The image to write.
    pub to: &'a Path,
    /// Which files are wanted, with what of the machine.
    pub settings: &'a Settings,
    /// Only files that match, or with `!` in front, none of these.
    pub globs: &'a [String],
    /// Keep the bytes of files that are no text, too.
    pub all: bool,
    /// How texts are packed; as they are where nothing is said.
    pub codec: Option<&'a build::Codec<'a>>,
}

/// What was packed.
#[derive(Debug)]
pub struct Packed {
    /// Documents in the image.
    pub documents: u32,
    /// Its bytes.
    pub bytes: u64,
    /// Files that are no text, or too large, and were not kept.
    pub left_out: usize,
    /// Files that could not be read.
    pub troubles: Vec<Trouble>,
    /// The image went to standard output.
    pub beside: bool,
}

/// Packs. The image depends on the files and the order alone.
///
/// # Errors
/// The files cannot be read or are too many, the image cannot be written, `progress` cancels it.
pub fn pack(order: &Order<'_>, pool: &Pool, progress: &dyn Progress) -> Result<Packed> {
    // An allocator keeps what a thread has freed for that thread: so one of those that
    // build also packs the texts.
    let packed = pool.run(|| write(order, progress));
    progress.finish();
    packed
}

fn write(order: &Order<'_>, progress: &dyn Progress) -> Result<Packed> {
    let Order { from, to, settings, .. } = *order;
    let path = from.canonicalize();
    let path = path.with_context(|| format!("cannot find {}", from.display()))?;
    let outlet = Outlet::open(to)?;
    if outlet.file() == Some(&*path) {
        bail!("{} would be written over itself", to.display());
    }
    let folder = outlet.folder();
    sweep(&folder);
    // Of all that is written only the image is kept, and only as a file.
    let scratch = Medium::Scratch(folder.clone());
    let medium = if outlet.file().is_some() { Medium::Folder(folder) } else { scratch.clone() };
    // Before the work, who may not write there hears of it.
    let cannot_write = || format!("cannot write {}", to.display());
    scratch.draft().with_context(cannot_write)?;
    let mut max_filesize = settings.rules.max_filesize;
    let (root, mut listing, nul) = match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if !path.is_dir() => {
            // Who names one file means it, however large it is.
            max_filesize = LARGEST;
            let root = Root::open(parent)?;
            let key = name.as_bytes();
            let stamp = root.stamp(key, FileType::RegularFile);
            let stamp = stamp.with_context(|| format!("{} is no regular file", from.display()))?;
            if stamp.size > LARGEST {
                bail!(
                    "{} has more than 4 GiB, the most that an image holds: split it (split -C 3G)",
                    from.display()
                );
            }
            let files = vec![Entry { key: key.into(), stamp, hash: None }];
            let tree = Tree { files, ..Tree::default() };
            (root, Listing { tree, ..Listing::default() }, Nul::Text)
        }
        _ => {
            let walk = Walk {
                rules: settings.rules.clone(),
                globs: order.globs,
                threads: settings.threads,
                ..Walk::default()
            };
            (Root::open(&path)?, walk.run(&path, progress)?, Nul::InLogs)
        }
    };
    let mut troubles = std::mem::take(&mut listing.troubles);
    if !order.globs.is_empty() {
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
    fits(&root, files, max_filesize, nul, order.all)?;
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
        progress,
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
    let rest = rest(&root, &listing, &image, max_filesize, order.all, &scratch)?;
    troubles.extend(rest.troubles);
    let image = ingest::pack_texts(&image, order.codec, &rest.section, &medium)?;
    let documents = ingest::open(image.bytes())?.meta().documents;
    let bytes = image.bytes().len() as u64;
    let source = path.metadata().map_or(0o600, |meta| meta.mode());
    let beside = outlet.is_stdout();
    outlet.put(image, source).with_context(cannot_write)?;
    Ok(Packed { documents, bytes, left_out: rest.left_out, troubles, beside })
}
