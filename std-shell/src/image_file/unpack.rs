//! The tree that an image was made of, restored.
//!
//! What an image says is not believed: its paths lead nowhere outside of the folder, nothing is
//! written by way of a link, and modes are less the user's mask.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{BufWriter, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sigla_core::image::{DocId, FileEntry, FileKind, Image};

use crate::image_file::reader::{self, Reader};
use crate::image_file::rest::inside;
use crate::store::draft::{DraftFolder, masked, sweep};

/// What was unpacked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// How many files, links among them.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What the tree had and the image has not.
    pub left_out: Vec<PathBuf>,
}

/// Writes the tree that the image at `from` was made of to the folder `to`, which appears whole
/// or not at all.
///
/// # Errors
/// The image cannot be read, is damaged or has no texts; the folder cannot be written, or there
/// is something in it.
pub fn unpack(from: &Path, to: &Path) -> Result<Unpacked> {
    let bytes = reader::read(from)?;
    let image = reader::with_texts(from, &bytes)?;
    let Target { path: target, parent, before } = Target::of(to)?;
    sweep(&parent);
    let draft = DraftFolder::new(&parent)
        .with_context(|| format!("cannot write below {}", parent.display()))?;
    let entries = reader::entries(&image)?;
    let mut tree = Tree::new(draft.path().join("tree"), to, &entries)?;
    let (mut count, mut written) = (0u64, 0u64);
    let mut left_out = Vec::new();
    for entry in entries.values().filter(|entry| !entry.path.is_empty() || !is_folder(entry)) {
        let path = inside(entry.path)?;
        match entry.kind {
            kind if kind.left_out() => left_out.push(path),
            FileKind::Kept => {
                tree.file(&path, entry.mode, &mut |out| Ok(out.write_all(entry.content)?))?;
                count += 1;
                written += entry.content.len() as u64;
            }
            FileKind::Folder => tree.folder(&path)?,
            FileKind::Link => tree.above(&path)?,
            _ if image.docs().find(entry.path)?.is_some() => {}
            _ => {
                bail!("the image has the file of a text that it does not have: {}", path.display())
            }
        }
    }
    let spelling = reader::spelling(&image);
    let mut reader = Reader::new(image.spelt(&spelling));
    for id in (0..image.meta().documents).map(DocId) {
        let key: Vec<u8> = image.docs().key(id)?.bytes().collect();
        let mode = mode(&image, id, entries.get(key.as_slice()));
        let entry = entries.get(key.as_slice());
        tree.file(&inside(&key)?, mode, &mut |out| {
            written += reader.file(id, entry, out)?;
            Ok(())
        })?;
        count += 1;
    }
    // Now every folder is one of ours, and nothing is written by way of a link.
    for entry in entries.values().filter(|entry| entry.kind == FileKind::Link) {
        tree.link(entry)?;
        count += 1;
    }
    let mode = tree.close()?;
    // A folder that was there keeps its mode.
    let mode = before.unwrap_or(mode);
    let renamed = fs::set_permissions(&tree.root, Permissions::from_mode(mode | 0o700))
        .and_then(|()| fs::rename(&tree.root, &target))
        .and_then(|()| fs::set_permissions(&target, Permissions::from_mode(mode)));
    renamed.with_context(|| format!("cannot write {}", to.display()))?;
    Ok(Unpacked { files: count, bytes: written, left_out })
}

fn is_folder(entry: &FileEntry<'_>) -> bool {
    entry.kind == FileKind::Folder
}

fn mode(image: &Image<'_>, id: DocId, entry: Option<&FileEntry<'_>>) -> u16 {
    let of_text = || image.files().and_then(|files| files.mode(id));
    entry.map(|entry| entry.mode).or_else(of_text).unwrap_or(0o644)
}

/// Where the tree goes.
struct Target {
    /// Links followed.
    path: PathBuf,
    parent: PathBuf,
    /// The mode of the empty folder that is there.
    before: Option<u32>,
}

impl Target {
    fn of(named: &Path) -> Result<Target> {
        let shown = named.display();
        let parent = |path: &Path| match path.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        if fs::symlink_metadata(named).is_err() {
            return Ok(Target { path: named.to_owned(), parent: parent(named), before: None });
        }
        let path = named.canonicalize().with_context(|| format!("{shown} leads nowhere"))?;
        let meta = fs::metadata(&path)?;
        if !meta.is_dir() {
            bail!("{shown} is no folder: name one that is empty, or that is not there");
        }
        let names = fs::read_dir(&path).with_context(|| format!("cannot read {shown}"))?;
        if names.count() > 0 {
            bail!("{shown} is not empty: name a folder that is, or that is not there");
        }
        if std::env::current_dir().is_ok_and(|here| here == path) {
            bail!("{shown} is the folder you are in and would be replaced: name another");
        }
        let parent = parent(&path);
        if fs::metadata(&parent).is_ok_and(|above| above.dev() != meta.dev()) {
            bail!(
                "{shown} is where a file system begins and cannot be replaced: name a folder in it"
            );
        }
        Ok(Target { parent, path, before: Some(meta.mode() & 0o7777) })
    }
}

/// A tree while it is written. What it makes has the modes that the image says, less
/// the user's mask; its folders can be written until it is closed.
struct Tree<'a> {
    root: PathBuf,
    /// As errors call the root.
    named: &'a Path,
    entries: &'a BTreeMap<&'a [u8], FileEntry<'a>>,
    /// The folders made, and their modes in the end.
    folders: HashMap<PathBuf, u32>,
}

impl<'a> Tree<'a> {
    fn new(
        root: PathBuf,
        named: &'a Path,
        entries: &'a BTreeMap<&'a [u8], FileEntry<'a>>,
    ) -> Result<Tree<'a>> {
        let mut tree = Tree { root, named, entries, folders: HashMap::new() };
        tree.folder(Path::new(""))?;
        Ok(tree)
    }

    fn at(&self, path: &Path) -> PathBuf {
        // Joining nothing would add a slash.
        if path == Path::new("") { self.root.clone() } else { self.root.join(path) }
    }

    fn cannot(&self, path: &Path) -> String {
        format!("cannot write {}", self.named.join(path).display())
    }

    /// Makes a folder, and those above it.
    fn folder(&mut self, path: &Path) -> Result<()> {
        let mut missing: Vec<&Path> =
            path.ancestors().take_while(|path| !self.folders.contains_key(*path)).collect();
        while let Some(path) = missing.pop() {
            let entry = self.entries.get(path.as_os_str().as_bytes());
            let entry = entry.filter(|entry| is_folder(entry));
            let mode = masked(entry.map_or(0o777, |entry| u32::from(entry.mode) & 0o777));
            // Of one name there is one file, whatever an image says.
            let made = DirBuilder::new().mode(mode | 0o700).create(self.at(path));
            made.with_context(|| self.cannot(path))?;
            self.folders.insert(path.to_owned(), mode);
        }
        Ok(())
    }

    /// Makes the folders above `path`.
    fn above(&mut self, path: &Path) -> Result<()> {
        path.parent().map_or(Ok(()), |above| self.folder(above))
    }

    fn file(
        &mut self,
        path: &Path,
        mode: u16,
        write: &mut dyn FnMut(&mut BufWriter<File>) -> Result<()>,
    ) -> Result<()> {
        self.above(path)?;
        let mode = u32::from(mode) & 0o777;
        let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(self.at(path));
        let mut out = BufWriter::new(file.with_context(|| self.cannot(path))?);
        write(&mut out).with_context(|| self.cannot(path))?;
        out.flush().with_context(|| self.cannot(path))
    }

    fn link(&self, entry: &FileEntry<'_>) -> Result<()> {
        let path = inside(entry.path)?;
        symlink(OsStr::from_bytes(entry.content), self.at(&path))
            .with_context(|| self.cannot(&path))
    }

    /// Gives the folders their modes; that of the root is left to the caller.
    fn close(&self) -> Result<u32> {
        // What is inside of a folder first.
        let mut folders: Vec<_> = self.folders.iter().collect();
        folders.sort_unstable_by(|a, b| b.cmp(a));
        for (path, &mode) in folders {
            if mode & 0o700 != 0o700 && path != Path::new("") {
                fs::set_permissions(self.at(path), Permissions::from_mode(mode))
                    .with_context(|| self.cannot(path))?;
            }
        }
        Ok(self.folders.get(Path::new("")).copied().unwrap_or(0o700))
    }
}
