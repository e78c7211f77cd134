//! Images while they are written: to a file under a draft's name, or to memory.
//!
//! A [`Draft`] is what the builder writes into; done, it is a [`Run`]: an image
//! that is mapped and can be merged, or kept under its final name. A run that
//! is dropped leaves nothing behind.
//!
//! Nor does a process that is ended: SIGINT, SIGTERM and SIGHUP remove the drafts
//! that there are and then end the process as ever. What a kill leaves, the next
//! run in the same folder sweeps: who makes a draft holds a lock on it, which the
//! system gives back when he dies.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use rustix::fs::{Mode, OFlags};
use sigla_core::build::Sink;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use tempfile::{NamedTempFile, TempDir};

use crate::store::mapped::Bytes;

/// What the names of drafts begin with.
const PREFIX: &str = ".sigla-draft-";

/// Whether `name` is that of a draft.
pub fn is_draft(name: &OsStr) -> bool {
    name.as_bytes().starts_with(PREFIX.as_bytes())
}

/// The drafts of this process. Who holds the lock is alone with them: drafts are
/// made under it, and a signal that ends the process never lets go of it again.
static LIVE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn live() -> MutexGuard<'static, Vec<PathBuf>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A draft's path, removed by the signals that end this process, and its lock.
#[derive(Debug)]
struct Alive {
    path: PathBuf,
    /// What holds the lock. Some file systems know none; there nobody sweeps, either.
    _lock: Option<File>,
}

impl Drop for Alive {
    fn drop(&mut self) {
        live().retain(|path| *path != self.path);
    }
}

/// Makes a draft under a name of its own, and locks it: by a file that is to live as
/// long, where the draft has none itself.
fn begin<T: AsRef<Path>>(
    make: impl Fn(&mut tempfile::Builder<'_, '_>) -> io::Result<T>,
    lock: impl Fn(&T) -> io::Result<Option<File>>,
) -> io::Result<(T, Alive)> {
    end_with_signals();
    let mut live = live();
    loop {
        let made = make(tempfile::Builder::new().prefix(PREFIX))?;
        let path = made.as_ref().to_owned();
        let lock = lock(&made).ok().flatten();
        // Between the two a sweep may have taken it for one that was left.
        if path.try_exists()? {
            live.push(path.clone());
            return Ok((made, Alive { path, _lock: lock }));
        }
    }
}

/// A folder under a draft's name, removed with all that is in it when dropped.
#[derive(Debug)]
pub struct DraftFolder {
    folder: TempDir,
    _alive: Alive,
}

impl DraftFolder {
    /// Makes one in `parent`, for this user alone.
    ///
    /// # Errors
    /// The parent cannot be written.
    pub fn new(parent: &Path) -> io::Result<DraftFolder> {
        let (folder, alive) = begin(
            |builder| builder.tempdir_in(parent),
            |made| File::open(made.path()).and_then(|file| file.lock().map(|()| Some(file))),
        )?;
        Ok(DraftFolder { folder, _alive: alive })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the drafts in `folder` that a run of this user has left behind. Those of
/// a run that is alive stay, and so does what cannot be told or removed.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let user = rustix::process::geteuid().as_raw();
    for entry in entries.flatten().filter(|entry| is_draft(&entry.file_name())) {
        let path = entry.path();
        let ours = |meta: &fs::Metadata| meta.uid() == user && (meta.is_dir() || meta.is_file());
        if !fs::symlink_metadata(&path).is_ok_and(|meta| ours(&meta)) {
            continue;
        }
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32;
        let file = OpenOptions::new().read(true).custom_flags(flags).open(&path);
        if file.is_ok_and(|file| file.try_lock().is_ok()) {
            remove(&path);
        }
    }
}

/// Removes a file, or a folder with all that is in it, even while it is being filled.
fn remove(path: &Path) {
    const ATTEMPTS: usize = 100;
    for _ in 0..ATTEMPTS {
        let removed = match fs::symlink_metadata(path) {
            Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
            Ok(_) => fs::remove_file(path),
            Err(_) => return,
        };
        if removed.is_ok() {
            return;
        }
    }
}

/// From now on, signals that end the process remove its drafts first. Those that it
/// was told to ignore (`nohup`) stay ignored.
fn end_with_signals() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let heard = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|&signal| !ignored(signal));
        let Ok(mut signals) = Signals::new(heard) else { return };
        // Without the thread the signals would be lost; without either, a sweep is left.
        let handle = signals.handle();
        let ender = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let Some(signal) = signals.forever().next() else { return };
            let live = live();
            live.iter().for_each(|path| remove(path));
            // Whoever waits for this process is to see the signal.
            let _ = emulate_default_handler(signal);
            std::process::exit(128 + signal);
        });
        if ender.is_err() {
            handle.close();
        }
    });
}

/// Whether the process ignores `signal`; where that cannot be known, SIGHUP counts as
/// ignored, so that a run under `nohup` goes on.
fn ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    match mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()) {
        Some(mask) => mask >> (signal - 1) & 1 == 1,
        None => signal == SIGHUP,
    }
}

/// What the user's mask leaves of a mode.
pub fn masked(mode: u32) -> u32 {
    // It can be read only by setting it. Meanwhile others' files are at least as private.
    let mask = rustix::process::umask(Mode::RWXG | Mode::RWXO);
    rustix::process::umask(mask);
    mode & !mask.bits()
}

/// Where drafts are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Medium {
    /// Files in this folder.
    Folder(PathBuf),
    /// Files on the disk of this folder that have no name: nobody finds them, they cannot
    /// be kept, and nothing is left of them however the process ends.
    Scratch(PathBuf),
    /// Memory: the index will live as long as the process.
    Memory,
}

impl Medium {
    /// Begins a draft.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn draft(&self) -> io::Result<Draft> {
        Ok(match self {
            Medium::Memory => Draft::Memory(Vec::new()),
            Medium::Folder(folder) => {
                let (file, alive) = begin(
                    |builder| builder.tempfile_in(folder),
                    |made| made.as_file().lock().map(|()| None),
                )?;
                Draft::to(Backing::Named(NamedDraft { file, _alive: alive }))
            }
            Medium::Scratch(folder) => Draft::to(Backing::Nameless(tempfile::tempfile_in(folder)?)),
        })
    }
}

const BUFFER: usize = 256 << 10;

/// A file under a draft's name, removed when dropped.
#[derive(Debug)]
pub struct NamedDraft {
    file: NamedTempFile,
    _alive: Alive,
}

/// The file of a draft.
#[derive(Debug)]
pub enum Backing {
    /// Under a draft's name.
    Named(NamedDraft),
    /// Under none.
    Nameless(File),
}

impl Backing {
    fn file(&self) -> &File {
        match self {
            Backing::Named(named) => named.file.as_file(),
            Backing::Nameless(file) => file,
        }
    }
}

/// An image being written.
#[derive(Debug)]
pub enum Draft {
    /// To a file, through a buffer.
    File {
        /// Where it is written.
        file: Backing,
        /// Bytes not written yet.
        buffer: Vec<u8>,
        /// Bytes that precede those of the buffer.
        written: u64,
    },
    /// To memory.
    Memory(Vec<u8>),
}

impl Sink for Draft {
    type Error = io::Error;

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Draft::Memory(all) => all.extend_from_slice(bytes),
            Draft::File { file, buffer, written } => {
                if buffer.len() + bytes.len() > BUFFER {
                    flush(file, buffer, written)?;
                }
                if bytes.len() >= BUFFER {
                    file.file().write_all(bytes)?;
                    *written += bytes.len() as u64;
                } else {
                    buffer.extend_from_slice(bytes);
                }
            }
        }
        Ok(())
    }

    fn rewrite(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        match self {
            Draft::Memory(all) => usize::try_from(at)
                .ok()
                .and_then(|at| all.get_mut(at..)?.get_mut(..bytes.len()))
                .map(|place| place.copy_from_slice(bytes))
                .ok_or_else(|| io::Error::other("rewrite past the end of a draft")),
            Draft::File { file, buffer, written } => {
                flush(file, buffer, written)?;
                file.file().write_all_at(bytes, at)
            }
        }
    }
}

fn flush(file: &Backing, buffer: &mut Vec<u8>, written: &mut u64) -> io::Result<()> {
    file.file().write_all(buffer)?;
    *written += buffer.len() as u64;
    buffer.clear();
    Ok(())
}

impl Draft {
    fn to(file: Backing) -> Draft {
        Draft::File { file, buffer: Vec::with_capacity(BUFFER), written: 0 }
    }

    /// How many bytes were appended.
    pub fn size(&self) -> u64 {
        match self {
            Draft::Memory(all) => all.len() as u64,
            Draft::File { buffer, written, .. } => written + buffer.len() as u64,
        }
    }

    /// Takes back what was appended beyond the first `size` bytes.
    ///
    /// # Errors
    /// The system reports one.
    pub fn cut(&mut self, size: u64) -> io::Result<()> {
        match self {
            Draft::Memory(all) => all.truncate(usize::try_from(size).unwrap_or(usize::MAX)),
            Draft::File { file, buffer, written } => {
                flush(file, buffer, written)?;
                if size < *written {
                    file.file().set_len(size)?;
                    file.file().seek(SeekFrom::Start(size))?;
                    *written = size;
                }
            }
        }
        Ok(())
    }

    /// Ends the writing.
    ///
    /// # Errors
    /// The last bytes cannot be written, or the file not be mapped.
    pub fn done(self) -> io::Result<Run> {
        match self {
            Draft::Memory(bytes) => Ok(Run { file: None, bytes: Bytes::Owned(bytes) }),
            Draft::File { file, mut buffer, mut written } => {
                flush(&file, &mut buffer, &mut written)?;
                let bytes = Bytes::map(file.file())?;
                Ok(Run { file: Some(file), bytes })
            }
        }
    }
}

/// A draft that is made of runs, each of which is gone through once: their memory is given
/// back as it grows.
#[derive(Debug)]
pub struct Lean<'r> {
    draft: Draft,
    runs: Vec<&'r Run>,
    since: usize,
}

impl<'r> Lean<'r> {
    /// Begins a draft that is made of `runs`.
    ///
    /// # Errors
    /// As [`Medium::draft`].
    pub fn new(room: &Medium, runs: impl IntoIterator<Item = &'r Run>) -> io::Result<Lean<'r>> {
        Ok(Lean { draft: room.draft()?, runs: runs.into_iter().collect(), since: 0 })
    }

    /// Ends the writing.
    ///
    /// # Errors
    /// As [`Draft::done`].
    pub fn done(self) -> io::Result<Run> {
        self.draft.done()
    }
}

impl Sink for Lean<'_> {
    type Error = io::Error;

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        const OFTEN: usize = 1 << 20;
        self.since += bytes.len();
        if self.since > OFTEN {
            self.pause();
        }
        self.draft.append(bytes)
    }

    fn rewrite(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.draft.rewrite(at, bytes)
    }

    fn pause(&mut self) {
        self.since = 0;
        self.runs.iter().for_each(|run| run.release());
    }
}

/// A finished image without a name.
#[derive(Debug)]
pub struct Run {
    file: Option<Backing>,
    bytes: Bytes,
}

impl Run {
    /// The image.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Gives the memory of its map back: see [`Bytes::release`].
    pub fn release(&self) {
        self.bytes.release();
    }

    /// Syncs the image and gives it the name `path`, which must be in the
    /// folder of the draft, and the mode `mode`. Returns its bytes.
    ///
    /// # Errors
    /// The disk is full, or another error of the system; then nothing is left. Or the
    /// draft was made in a [`Medium::Scratch`].
    pub fn keep(self, path: &Path, mode: u32) -> io::Result<Bytes> {
        match self.file {
            Some(Backing::Named(NamedDraft { file, _alive })) => {
                file.as_file().set_permissions(Permissions::from_mode(mode))?;
                file.as_file().sync_all()?;
                file.persist(path)?;
            }
            Some(Backing::Nameless(_)) => {
                return Err(io::Error::other("a draft without a name cannot be kept"));
            }
            None => {}
        }
        Ok(self.bytes)
    }

    /// The image of a draft in memory, or a copy of no file's name: its bytes
    /// stay readable while the value lives.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_and_memory_get_the_same_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let path = || dir.path().to_owned();
        let rooms = [Medium::Memory, Medium::Folder(path()), Medium::Scratch(path())];
        let written = rooms.map(|room| {
            let mut draft = room.draft().unwrap();
            for size in [0, 1, 1000, BUFFER - 5, BUFFER, BUFFER + 1, 7] {
                let bytes: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
                draft.append(&bytes).unwrap();
                draft.rewrite(0, b"").unwrap();
                draft.append(&bytes).unwrap();
                let size = draft.size();
                draft.append(&bytes).unwrap();
                draft.cut(size).unwrap();
                assert_eq!(draft.size(), size);
            }
            draft.rewrite(3, b"head").unwrap();
            draft.done().unwrap()
        });
        assert_eq!(written[0].bytes(), written[1].bytes());
        assert_eq!(written[0].bytes(), written[2].bytes());
        assert_eq!(&written[0].bytes()[3..7], b"head");
    }

    #[test]
    fn a_sweep_takes_what_was_left_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let there = |name: &str| dir.path().join(name).exists();
        fs::write(dir.path().join(".sigla-draft-left"), "a run that was killed").unwrap();
        fs::create_dir_all(dir.path().join(".sigla-draft-tree/deep")).unwrap();
        fs::write(dir.path().join("kept"), "").unwrap();
        std::os::unix::fs::symlink("kept", dir.path().join(".sigla-draft-link")).unwrap();
        let file = Medium::Folder(dir.path().to_owned()).draft().unwrap();
        let folder = DraftFolder::new(dir.path()).unwrap();
        sweep(dir.path());
        assert!(!there(".sigla-draft-left") && !there(".sigla-draft-tree"));
        assert!(there(".sigla-draft-link") && there("kept") && folder.path().exists());
        drop(folder);
        drop(file);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
        assert!(live().iter().all(|path| !path.starts_with(dir.path())));
    }

    #[test]
    fn a_dropped_run_leaves_nothing_and_a_kept_one_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let room = Medium::Folder(dir.path().to_owned());
        let run = || {
            let mut draft = room.draft().unwrap();
            draft.append(b"image").unwrap();
            draft.done().unwrap()
        };
        drop(run());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        let path = dir.path().join("kept");
        let scratch = Medium::Scratch(dir.path().to_owned()).draft().unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        assert!(scratch.done().unwrap().keep(&path, 0o444).is_err());
        assert_eq!(&*run().keep(&path, 0o444).unwrap(), b"image");
        assert_eq!(std::fs::read(&path).unwrap(), b"image");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o444);
    }
}
