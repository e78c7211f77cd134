//! Where indexes live: the cache folder, and one folder in it for each index.
//!
//! ```text
//! ~/.cache/sigla/            $SIGLA_DIR or --index-dir instead; mode 0700
//!   6f0c…e1/                 hash of the root's path and the walk's rules
//!     catalogue.db           SQLite: what is known; its commit publishes
//!     lock                   held by the one writer; its time is the last use
//!     19a2b3c4d5e.segment    an image; mode 0444, never changed
//!     .sigla-draft-XXXXXX    being written; swept if a writer died
//! ```
//!
//! Nothing is ever written into the tree itself. A segment is written under a
//! draft's name, synced and renamed, but counts only once the catalogue names
//! it: a kill at any instant leaves the last generation whole. Files that the
//! catalogue does not name are swept by the next writer, under the lock, before
//! it writes: so the segments of the generation before stay for a reader that
//! has just looked it up.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use etcetera::BaseStrategy;
use xxhash_rust::xxh3::xxh3_128;

use crate::store::draft::is_draft;
use crate::store::mapped::Bytes;
use crate::tree::walk::Rules;

/// The cache folder of this user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// `chosen` (from `--index-dir`), else `$SIGLA_DIR`, else `sigla` in the
    /// user's cache folder. Nothing is created yet.
    ///
    /// # Errors
    /// The user has no home folder.
    pub fn locate(chosen: Option<&Path>) -> Result<Home> {
        let set = std::env::var_os("SIGLA_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
        let dir = match chosen.map(Path::to_owned).or(set) {
            Some(dir) => dir,
            None => etcetera::choose_base_strategy()
                .context("cannot find your home folder; set SIGLA_DIR or give --index-dir")?
                .cache_dir()
                .join("sigla"),
        };
        let dir = std::path::absolute(&dir)
            .with_context(|| format!("cannot use {} for indexes", dir.display()))?;
        Ok(Home(dir))
    }

    /// The folder of the index of `root`, a canonical path, walked under
    /// `rules`. It may not exist yet.
    pub fn folder(&self, root: &Path, rules: &Rules) -> Folder {
        let Rules { hidden, no_ignore, max_filesize } = rules;
        let mut name = root.as_os_str().as_bytes().to_vec();
        name.extend(format!("\0hidden={hidden} no-ignore={no_ignore} max={max_filesize}").bytes());
        Folder(self.0.join(format!("{:032x}", xxh3_128(&name))))
    }

    /// The folder's path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The folders of all indexes, by name. What else there is, is not ours.
    ///
    /// # Errors
    /// The folder is there and cannot be listed.
    pub fn folders(&self) -> io::Result<Vec<Folder>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            entries => entries?,
        };
        let mut folders = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let hash = name.len() == 32 && name.as_bytes().iter().all(u8::is_ascii_hexdigit);
            if hash && entry.file_type()?.is_dir() {
                folders.push(Folder(entry.path()));
            }
        }
        folders.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(folders)
    }
}

/// The folder of one index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

/// Whether to wait for the writer's lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Until the other writer is done.
    ForIt,
    /// Not at all.
    Never,
}

/// The writer's lock, given back when dropped or when the process dies.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code, reason = "held, not used")] File);

impl Folder {
    /// The folder's path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The catalogue's path.
    pub fn catalogue(&self) -> PathBuf {
        self.0.join("catalogue.db")
    }

    /// The path of a segment.
    pub fn segment(&self, id: u64) -> PathBuf {
        self.0.join(format!("{id:x}.segment"))
    }

    /// Makes the folder, readable by this user alone, and takes the lock.
    /// `None` when another process holds it.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn lock(&self, wait: Wait) -> io::Result<Option<Lock>> {
        loop {
            DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .mode(0o600)
                .open(self.lock_file())?;
            match wait {
                Wait::ForIt => file.lock()?,
                Wait::Never => match file.try_lock() {
                    Ok(()) => {}
                    Err(TryLockError::WouldBlock) => return Ok(None),
                    Err(TryLockError::Error(error)) => return Err(error),
                },
            }
            // Who held it may have removed the index, and the file with it.
            let there = fs::metadata(self.lock_file()).map(|there| (there.dev(), there.ino()));
            let held = file.metadata()?;
            if there.is_ok_and(|there| there == (held.dev(), held.ino())) {
                self.touch();
                return Ok(Some(Lock(file)));
            }
        }
    }

    fn lock_file(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// Notes that the index is used now. Where the folder cannot be written, it
    /// stays unnoted: a search needs nothing of it.
    pub fn touch(&self) {
        let _ = File::open(self.lock_file())
            .and_then(|file| file.set_modified(std::time::SystemTime::now()));
    }

    /// When the index was used last; `None` where that is not known.
    pub fn used(&self) -> Option<std::time::SystemTime> {
        fs::metadata(self.lock_file()).and_then(|lock| lock.modified()).ok()
    }

    /// Bytes that its files have.
    ///
    /// # Errors
    /// The folder cannot be listed.
    pub fn bytes(&self) -> io::Result<u64> {
        fs::read_dir(&self.0)?.map(|entry| Ok(entry?.metadata()?.len())).sum()
    }

    /// Removes the index and its folder. The catalogue goes first, so that what a
    /// kill leaves is no index; foreign files stay, and are an error.
    ///
    /// # Errors
    /// A file cannot be removed, or the folder holds one that is not ours.
    pub fn remove(&self, lock: Lock) -> io::Result<()> {
        let gone = |path: PathBuf| match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        };
        for name in ["catalogue.db", "catalogue.db-wal", "catalogue.db-shm"] {
            gone(self.0.join(name))?;
        }
        self.sweep(&lock, std::iter::empty())?;
        gone(self.lock_file())?;
        fs::remove_dir(&self.0)
    }

    /// Removes drafts and segments other than `kept`.
    ///
    /// # Errors
    /// The folder cannot be listed or a file not be removed.
    pub fn sweep(&self, _lock: &Lock, kept: impl Iterator<Item = u64>) -> io::Result<()> {
        let kept: HashSet<PathBuf> = kept.map(|id| self.segment(id)).collect();
        for entry in fs::read_dir(&self.0)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().as_bytes();
            let ours =
                is_draft(path.file_name().unwrap_or_default()) || name.ends_with(b".segment");
            if ours && !kept.contains(&path) {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// Makes what was renamed into the folder outlive a loss of power.
    ///
    /// # Errors
    /// The system reports one.
    pub fn sync(&self) -> io::Result<()> {
        File::open(&self.0)?.sync_all()
    }

    /// Maps a segment.
    ///
    /// # Errors
    /// `NotFound` when a writer has swept it: read the catalogue again.
    pub fn open(&self, id: u64) -> io::Result<Bytes> {
        Bytes::map(&File::open(self.segment(id))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_named_by_root_and_rules() {
        let home = Home("/cache".into());
        let plain = Rules::default();
        let hidden = Rules { hidden: true, ..Rules::default() };
        let larger = Rules { max_filesize: 5 << 20, ..Rules::default() };
        let (a, b) = (Path::new("/a"), Path::new("/b"));
        let names: HashSet<_> = [(a, &plain), (b, &plain), (a, &hidden), (a, &larger), (a, &plain)]
            .iter()
            .map(|(root, rules)| home.folder(root, rules).0)
            .collect();
        assert_eq!(names.len(), 4);
    }

    #[test]
    fn one_writer_at_a_time_and_it_sweeps_what_is_not_kept() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder(dir.path().join("deep/er"));
        let lock = folder.lock(Wait::ForIt).unwrap().unwrap();
        assert!(folder.lock(Wait::Never).unwrap().is_none());
        for name in [".sigla-draft-1", "1.segment", "a.segment", "catalogue.db"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        folder.sweep(&lock, [10].into_iter()).unwrap();
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["a.segment", "catalogue.db", "lock"]);
        drop(lock);
        assert!(folder.lock(Wait::Never).unwrap().is_some());
        let mode = fs::metadata(folder.path()).unwrap().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn an_index_is_removed_whole_and_who_waits_for_it_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home(dir.path().to_owned());
        let folder = home.folder(Path::new("/a"), &Rules::default());
        let lock = folder.lock(Wait::ForIt).unwrap().unwrap();
        for name in [".sigla-draft-1", "1.segment", "catalogue.db", "catalogue.db-wal"] {
            fs::write(folder.path().join(name), "1234").unwrap();
        }
        fs::create_dir(dir.path().join("no-index")).unwrap();
        assert_eq!(home.folders().unwrap(), std::slice::from_ref(&folder));
        assert_eq!(folder.bytes().unwrap(), 16);
        let other = folder.clone();
        let waiting = std::thread::spawn(move || other.lock(Wait::ForIt).unwrap().unwrap());
        std::thread::sleep(std::time::Duration::from_millis(50));
        folder.remove(lock).unwrap();
        let lock = waiting.join().unwrap();
        assert!(folder.lock(Wait::Never).unwrap().is_none(), "it waited for the file that counts");
        fs::write(folder.path().join("foreign"), "").unwrap();
        assert!(folder.remove(lock).is_err());
        assert!(folder.path().join("foreign").exists());
    }
}
