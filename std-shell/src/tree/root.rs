//! The root of a tree, held open: stamps and contents of files by key.
//!
//! Everything is looked up relative to the open folder, so that a long path to
//! it costs nothing, and no symbolic link is followed below it in the last name.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::tree::decode::decode;
use crate::tree::walk::{Stamp, path_of};

/// An open folder and its path.
#[derive(Debug)]
pub struct Root {
    folder: OwnedFd,
    path: PathBuf,
}

/// What became of an attempt to read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The bytes are in the buffer; this was the file's state before the
    /// first of them was read, so a later change shows.
    Whole(Stamp),
    /// It is larger than the limit and was not read.
    TooLarge(Stamp),
    /// There is no regular file any more.
    Gone,
    /// It is the file that standard output goes to: who reads it reads what he writes.
    Output,
}

/// Device and inode of the regular file that standard output goes to, if it does.
pub(crate) fn output() -> Option<(u64, u64)> {
    static OUTPUT: OnceLock<Option<(u64, u64)>> = OnceLock::new();
    *OUTPUT.get_or_init(|| {
        let stat = rustix::fs::fstat(io::stdout()).ok()?;
        let file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        file.then(|| identity(&stat))
    })
}

/// Whether `stat` is of the regular file that standard output goes to: who reads it reads
/// what he writes.
pub(crate) fn is_output(stat: &Stat) -> bool {
    output() == Some(identity(stat))
}

/// Device and inode of what `stat` describes.
#[allow(clippy::unnecessary_cast, reason = "the types differ between systems")]
pub(crate) fn identity(stat: &Stat) -> (u64, u64) {
    (stat.st_dev as u64, stat.st_ino as u64)
}

impl Root {
    /// Opens the folder at `path`.
    ///
    /// # Errors
    /// It does not exist or is no folder.
    pub fn open(path: &Path) -> Result<Root> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = rustix::fs::open(path, flags, Mode::empty())
            .with_context(|| format!("cannot open the folder {}", path.display()))?;
        Ok(Root { folder, path: path.to_owned() })
    }

    /// The path it was opened by.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of `key`.
    pub fn path_of(&self, key: &[u8]) -> PathBuf {
        path_of(&self.path, key)
    }

    /// The stamp of the regular file or folder `key`, whichever is asked for;
    /// `None` when there is no such thing. One system call.
    pub fn stamp(&self, key: &[u8], wanted: FileType) -> Option<Stamp> {
        let key = if key.is_empty() { b"." } else { key };
        let stat = rustix::fs::statat(&self.folder, key, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        (FileType::from_raw_mode(stat.st_mode) == wanted).then(|| Stamp::of(&stat))
    }

    /// The permission bits of `key`; `None` when there is no such thing.
    pub fn mode(&self, key: &[u8]) -> Option<u16> {
        let key = if key.is_empty() { b"." } else { key };
        let stat = rustix::fs::statat(&self.folder, key, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        Some((stat.st_mode & 0o7777) as u16)
    }

    /// Whether the file `key`, which is not going to be read whole, begins like a text.
    pub fn begins_as_text(&self, key: &[u8]) -> bool {
        const HEAD: u64 = 8192;
        let Ok(Some(file)) = self.file(key) else { return false };
        let mut head = Vec::new();
        file.take(HEAD).read_to_end(&mut head).is_ok() && decode(&head).is_some()
    }

    /// Opens the regular file `key`; `None` where there is none.
    ///
    /// # Errors
    /// The file is there but cannot be read.
    pub fn file(&self, key: &[u8]) -> io::Result<Option<File>> {
        // NONBLOCK: a pipe that has taken the file's place must not hang us.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match rustix::fs::openat(&self.folder, key, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NXIO) => {
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let kind = FileType::from_raw_mode(rustix::fs::fstat(&file)?.st_mode);
        Ok(Some(file).filter(|_| kind == FileType::RegularFile))
    }

    /// Reads the file `key` into `buffer`, replacing what is there. A file
    /// that changes meanwhile is read again, at most three times.
    ///
    /// # Errors
    /// The file is there but cannot be read.
    pub fn read(&self, key: &[u8], limit: u64, buffer: &mut Vec<u8>) -> io::Result<Reading> {
        let Some(file) = self.file(key)? else { return Ok(Reading::Gone) };
        let mut attempts = 3;
        loop {
            let before = rustix::fs::fstat(&file)?;
            if is_output(&before) {
                return Ok(Reading::Output);
            }
            let stamp = Stamp::of(&before);
            if stamp.size > limit {
                return Ok(Reading::TooLarge(stamp));
            }
            buffer.clear();
            // One byte more than the size tells the end without a second read.
            let room = usize::try_from(stamp.size).unwrap_or(usize::MAX).saturating_add(1);
            buffer.try_reserve(room)?;
            (&file).take(limit.saturating_add(1)).read_to_end(buffer)?;
            // In /proc, sizes are not told.
            if buffer.len() as u64 > limit {
                return Ok(Reading::TooLarge(stamp));
            }
            attempts -= 1;
            if attempts == 0 || Stamp::of(&rustix::fs::fstat(&file)?) == stamp {
                return Ok(Reading::Whole(stamp));
            }
            rustix::fs::seek(&file, rustix::fs::SeekFrom::Start(0))?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_within_the_limit_and_a_pipe_never() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a"), "12345").unwrap();
        std::os::unix::fs::symlink("a", dir.path().join("link")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, dir.path().join("pipe"), Mode::RUSR | Mode::WUSR)
            .unwrap();
        let root = Root::open(dir.path()).unwrap();
        let stamp = root.stamp(b"a", FileType::RegularFile).unwrap();
        let mut buffer = b"old".to_vec();
        assert_eq!(root.read(b"a", 5, &mut buffer).unwrap(), Reading::Whole(stamp));
        assert_eq!(buffer, b"12345");
        assert_eq!(root.read(b"a", 4, &mut buffer).unwrap(), Reading::TooLarge(stamp));
        for key in [&b"link"[..], b"pipe", b"none", b"a/b"] {
            assert_eq!(root.read(key, 5, &mut buffer).unwrap(), Reading::Gone, "{key:?}");
        }
        assert_eq!(root.stamp(b"", FileType::RegularFile), None);
        assert!(root.stamp(b"", FileType::Directory).is_some());
        assert_eq!(root.stamp(b"link", FileType::RegularFile), None);
    }

    #[test]
    fn a_file_that_grows_meanwhile_has_the_stamp_of_before() {
        use std::io::Write;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let mut file = File::create(&path).unwrap();
        let root = Root::open(dir.path()).unwrap();
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    file.write_all(b"more").unwrap();
                }
            });
            let mut buffer = Vec::new();
            for _ in 0..200 {
                let Reading::Whole(stamp) = root.read(b"a", u64::MAX, &mut buffer).unwrap() else {
                    panic!("it is there");
                };
                assert!(stamp.size <= buffer.len() as u64);
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
    }
}
