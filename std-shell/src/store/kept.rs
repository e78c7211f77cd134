//! All indexes that a cache folder holds.

use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::store::catalogue::Catalogue;
use crate::store::home::{Folder, Home};

/// An index, as it is seen from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where it is.
    pub folder: Folder,
    /// The folder that it is of; `None` where the index does not say.
    pub root: Option<PathBuf>,
    /// Files that it knows.
    pub files: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// When it was searched or written last.
    pub used: Option<SystemTime>,
    /// This version of sigla can use it; else the next search builds it anew.
    pub current: bool,
}

impl Kept {
    /// Whether there is a folder at the root. An index that does not say of what
    /// it is has none.
    pub fn has_root(&self) -> bool {
        self.root.as_ref().is_some_and(|root| root.is_dir())
    }
}

/// The indexes in `home`, by root.
///
/// # Errors
/// The folder cannot be listed.
pub fn all(home: &Home) -> Result<Vec<Kept>> {
    let list = || format!("cannot list {}", home.path().display());
    let mut all = Vec::new();
    for folder in home.folders().with_context(list)? {
        let catalogue = folder.catalogue();
        let (root, files) = Catalogue::glance(&catalogue).unzip();
        // Another process may remove it meanwhile.
        let Ok(bytes) = folder.bytes() else { continue };
        let current = matches!(Catalogue::open(&catalogue), Ok(Some(_)));
        let (files, used) = (files.unwrap_or(0), folder.used());
        all.push(Kept { folder, root, files, bytes, used, current });
    }
    all.sort_by(|a, b| a.root.cmp(&b.root));
    Ok(all)
}
