//! What a packed tree has besides its texts, written and restored: permission
//! bits, and the files that are no text.

use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use sigla_core::image::{self, DocId, FileEntry, FileKind, Image};
use xxhash_rust::xxh3::xxh3_64;

use crate::root::{Reading, Root};
use crate::walk::{self, Trouble};

/// What of a tree is packed besides its texts.
#[derive(Debug, Default)]
pub struct Rest {
    /// The bytes of the section FILES.
    pub section: Vec<u8>,
    /// How many files are named in the image and not kept.
    pub left_out: usize,
    /// Files that could not be read, or have changed meanwhile.
    pub troubles: Vec<Trouble>,
}

/// The rest of the `files`, sorted by key, below `root`, of which `image` has the
/// texts. Contents of files that are no documents are kept where `all` says so.
///
/// # Errors
/// The image is damaged, or a file too large for its section.
pub fn rest(
    root: &Root,
    files: &[walk::Entry],
    image: &Image<'_>,
    max_filesize: u64,
    all: bool,
) -> Result<Rest> {
    let mut rest = Rest::default();
    let (mut modes, mut others) = (Vec::new(), Vec::new());
    let mut raw = Vec::new();
    let (mut next, documents) = (0, image.meta().documents);
    let mut key = Vec::new();
    for file in files {
        let mut doc = None;
        if next < documents {
            key.clear();
            key.extend(image.docs().key(DocId(next))?.bytes());
            if *key == *file.key {
                doc = Some(DocId(next));
                next += 1;
            }
        }
        let mode = root.mode(&file.key).unwrap_or(0o644);
        let kind = match doc {
            Some(id) => {
                modes.push(mode);
                let text = image.text().context("the image has no text")?.get(id)?;
                if xxh3_64(text) == image.docs().get(id)?.hash {
                    continue;
                }
                FileKind::Original
            }
            None if file.stamp.size > max_filesize && !all => FileKind::Large,
            None if !all => FileKind::Binary,
            None => FileKind::Kept,
        };
        raw.clear();
        if matches!(kind, FileKind::Kept | FileKind::Original) {
            let hash = doc.map(|id| image.docs().get(id)).transpose()?.map(|doc| doc.hash);
            let why = match root.read(&file.key, u64::from(u32::MAX), &mut raw) {
                Ok(Reading::Whole(_)) if hash.is_some_and(|hash| hash != xxh3_64(&raw)) => {
                    Some("it changed while it was packed".to_owned())
                }
                Ok(Reading::Whole(_)) => None,
                Ok(Reading::TooLarge(_)) => Some("larger than 4 GiB: left out".to_owned()),
                Ok(Reading::Gone) => Some("it went while it was packed".to_owned()),
                Err(error) => Some(error.to_string()),
            };
            if let Some(why) = why {
                rest.troubles.push(Trouble { path: root.path_of(&file.key), why });
                continue;
            }
        }
        rest.left_out += usize::from(matches!(kind, FileKind::Binary | FileKind::Large));
        others.push((kind, mode, &file.key, std::mem::take(&mut raw)));
    }
    let entries: Vec<FileEntry<'_>> = others
        .iter()
        .map(|(kind, mode, path, content)| FileEntry { kind: *kind, mode: *mode, path, content })
        .collect();
    rest.section = image::files(&modes, &entries)
        .ok_or_else(|| anyhow!("a path of more than 65535 bytes, or a file of 4 GiB"))?;
    Ok(rest)
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
