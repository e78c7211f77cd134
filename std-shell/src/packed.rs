//! What a packed tree has besides its texts, written and restored: permission
//! bits, folders, links, and the files that are no text.

use std::collections::HashSet;
use std::convert::Infallible;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use sigla_core::image::{self, DocId, FileEntry, FileKind, Form};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::decode::{encode, mark};
use crate::draft::Run;
use crate::ingest;
use crate::root::{Reading, Root};
use crate::walk::{Listing, Trouble};

/// What of a tree is packed besides its texts.
#[derive(Debug, Default)]
pub struct Rest {
    /// The bytes of the section FILES.
    pub section: Vec<u8>,
    /// How many files, links and folders are named in the image and not kept.
    pub left_out: usize,
    /// Files that could not be read, or have changed meanwhile.
    pub troubles: Vec<Trouble>,
}

/// An entry and what it holds.
struct Held<'a> {
    kind: FileKind,
    mode: u16,
    path: &'a [u8],
    content: Vec<u8>,
}

/// The rest of what is listed below `root`, of which the image `run` has the texts. Contents of
/// files that are no documents, links and empty folders are kept where `all` says so.
///
/// # Errors
/// The image is damaged, or a file too large for its section.
pub fn rest(
    root: &Root,
    listing: &Listing,
    run: &Run,
    max_filesize: u64,
    all: bool,
) -> Result<Rest> {
    let image = &ingest::open(run.bytes())?;
    let mut rest = Rest::default();
    let (mut modes, mut held) = (Vec::new(), Vec::new());
    // What the image will have, apart from the folders above it.
    let mut restored: Vec<&[u8]> = Vec::new();
    let (mut next, documents) = (0, image.meta().documents);
    let mut key = Vec::new();
    for file in &listing.tree.files {
        let path = &*file.key;
        let mut doc = None;
        if next < documents {
            key.clear();
            key.extend(image.docs().key(DocId(next))?.bytes());
            if *key == *path {
                doc = Some(DocId(next));
                next += 1;
            }
        }
        let mode = root.mode(path).unwrap_or(0o644);
        let mut entry = |kind, content| held.push(Held { kind, mode, path, content });
        let mut known = None;
        if let Some(id) = doc {
            modes.push(mode);
            restored.push(path);
            let (text, hash) = (
                image.text().context("the image has no text")?.get(id)?,
                image.docs().get(id)?.hash,
            );
            if hash_of(text, run) == hash {
                continue;
            }
            if let Some((form, bytes)) = form(text, hash, run) {
                entry(FileKind::Formed, form.content(bytes).to_vec());
                continue;
            }
            known = Some(hash);
        } else if !all {
            let large = file.stamp.size > max_filesize;
            entry(if large { FileKind::Large } else { FileKind::Binary }, Vec::new());
            continue;
        }
        let mut raw = Vec::new();
        let why = match root.read(path, u64::from(u32::MAX), &mut raw) {
            Ok(Reading::Whole(_)) if known.is_some_and(|hash| hash != xxh3_64(&raw)) => {
                "it changed while it was packed".to_owned()
            }
            Ok(Reading::Whole(_)) => {
                entry(if doc.is_some() { FileKind::Original } else { FileKind::Kept }, raw);
                if doc.is_none() {
                    restored.push(path);
                }
                continue;
            }
            Ok(Reading::TooLarge(_)) => "larger than 4 GiB: left out".to_owned(),
            Ok(Reading::Output) => "it is the standard output: left out".to_owned(),
            Ok(Reading::Gone) => "it went while it was packed".to_owned(),
            Err(error) => error.to_string(),
        };
        rest.troubles.push(Trouble { path: root.path_of(path), why });
    }
    for path in &listing.others {
        let mode = root.mode(path).unwrap_or(0o777);
        let target = std::fs::read_link(root.path_of(path)).ok().filter(|_| all);
        let (kind, content) = match target {
            Some(target) => (FileKind::Link, target.into_os_string().into_vec()),
            None => (FileKind::Special, Vec::new()),
        };
        if kind == FileKind::Link {
            restored.push(path);
        }
        held.push(Held { kind, mode, path, content });
    }
    folders(root, listing, all, &mut restored, &mut held);
    held.sort_unstable_by_key(|held| held.path);
    rest.left_out = held.iter().filter(|held| held.kind.left_out()).count();
    let entries: Vec<FileEntry<'_>> = held
        .iter()
        .map(|Held { kind, mode, path, content }| FileEntry {
            kind: *kind,
            mode: *mode,
            path,
            content,
        })
        .collect();
    rest.section = image::files(&modes, &entries)
        .ok_or_else(|| anyhow!("a path of more than 65535 bytes, or a file of 4 GiB"))?;
    Ok(rest)
}

/// Bytes of a text after which its memory is given back.
const PIECE: usize = 4 << 20;

fn hash_of(text: &[u8], run: &Run) -> u64 {
    let mut all = Xxh3::new();
    for piece in text.chunks(PIECE) {
        all.update(piece);
        if piece.len() == PIECE {
            run.release();
        }
    }
    all.digest()
}

/// The form in which a `text` has bytes of this hash, and how many.
fn form(text: &[u8], hash: u64, run: &Run) -> Option<(Form, u64)> {
    Form::ALL.into_iter().find_map(|form| {
        let (mut all, mut bytes, mut seen) = (Xxh3::new(), 0, 0);
        let mut take = |part: &[u8]| {
            all.update(part);
            bytes += part.len() as u64;
            seen += part.len();
            if seen > PIECE {
                seen = 0;
                run.release();
            }
            Ok::<_, Infallible>(())
        };
        let Ok(()) = take(mark(form));
        let Ok(()) = encode(form, text, take);
        (all.digest() == hash).then_some((form, bytes))
    })
}

/// The folders above what is `restored`, and those with nothing in them.
fn folders<'a>(
    root: &Root,
    listing: &'a Listing,
    all: bool,
    restored: &mut Vec<&'a [u8]>,
    held: &mut Vec<Held<'a>>,
) {
    let keys = || listing.tree.directories.iter().map(|folder| &*folder.key);
    let is_empty = |key: &&[u8]| {
        // Not one of which all is ignored: that is left out because it is asked for.
        !key.is_empty()
            && std::fs::read_dir(root.path_of(key)).is_ok_and(|names| names.count() == 0)
    };
    let empty: HashSet<&[u8]> = keys().filter(is_empty).collect();
    if all {
        restored.extend(&empty);
    }
    let mut above: HashSet<&[u8]> = HashSet::from([&b""[..]]);
    for mut path in restored.iter().copied() {
        while let Some(end) = path.iter().rposition(|&b| b == b'/') {
            path = path.get(..end).unwrap_or_default();
            if !above.insert(path) {
                break;
            }
        }
    }
    for path in keys() {
        let kind = match (above.contains(path), empty.contains(path)) {
            (false, false) => continue,
            (false, true) if !all => FileKind::Empty,
            _ => FileKind::Folder,
        };
        let mode = root.mode(path).unwrap_or(0o755);
        held.push(Held { kind, mode, path, content: Vec::new() });
    }
}

/// Where a key may be written below a folder.
///
/// # Errors
/// It would leave the folder, or is no path.
pub fn inside(key: &[u8]) -> Result<PathBuf> {
    let path = Path::new(std::ffi::OsStr::from_bytes(key));
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    // Components forgive doubled and trailing slashes and dots; a key has none.
    let same = path.components().collect::<PathBuf>().as_os_str().as_bytes() == key;
    if key.is_empty() || !plain || !same || key.contains(&0) {
        bail!("the image names {:?}, which is no path inside a folder", path.display().to_string());
    }
    Ok(path.to_owned())
}
