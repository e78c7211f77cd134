//! Where an image that is given away goes: a file, which appears whole or not at
//! all, or what is no file, which is written into.
//!
//! A rename replaces whatever has the name, be it a pipe, a device or a link to
//! standard output. So the name is looked at first: links are followed, and only a
//! regular file, or none, is replaced.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rustix::fs::OFlags;
use rustix::io::Errno;

use crate::store::draft::{Run, masked};
use crate::tree::root;

/// Bytes of an image that are written at once.
const PIECE: usize = 4 << 20;

/// Where an image goes.
#[derive(Debug)]
pub enum Outlet {
    /// The regular file at this canonical path, which may not be there yet.
    File(PathBuf),
    /// A pipe, a device, or an open descriptor.
    Stream(File),
}

impl Outlet {
    /// What `named` is, with `-` for standard output.
    ///
    /// # Errors
    /// It is a folder or a terminal, nobody reads from it, or its folder is not there.
    pub fn open(named: &Path) -> Result<Outlet> {
        const LINKS: usize = 40;
        let shown = named.display();
        if named.as_os_str().as_bytes().ends_with(b"/") {
            bail!("{shown} names a folder: name the file to write");
        }
        let mut path =
            if named == Path::new("-") { "/dev/stdout".into() } else { named.to_owned() };
        for _ in 0..LINKS {
            let folder = match path.parent() {
                Some(parent) if parent != Path::new("") => parent,
                _ => Path::new("."),
            };
            let folder = folder
                .canonicalize()
                .with_context(|| format!("cannot find the folder of {shown}"))?;
            let Some(name) = path.file_name() else {
                bail!("{shown} is a folder: name the file to write");
            };
            path = folder.join(name);
            let kind = match fs::symlink_metadata(&path) {
                Ok(meta) => meta.file_type(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Ok(Outlet::File(path));
                }
                Err(error) => return Err(error).with_context(|| format!("cannot write {shown}")),
            };
            // Links there are the descriptors of a process, not names of files.
            let descriptor = folder.starts_with("/proc") || folder.starts_with("/dev/fd");
            if kind.is_dir() {
                bail!("{shown} is a folder: name the file to write");
            } else if kind.is_symlink() && !descriptor {
                path = folder.join(fs::read_link(&path)?);
            } else if kind.is_file() && !descriptor {
                return Ok(Outlet::File(path));
            } else {
                let cannot = || format!("cannot write into {shown}, which is no regular file");
                let stream = stream(&path, descriptor || kind.is_fifo()).with_context(cannot)?;
                if stream.is_terminal() {
                    bail!("{shown} is a terminal: redirect it, or name a file");
                }
                return Ok(Outlet::Stream(stream));
            }
        }
        bail!("{shown}: too many links")
    }

    /// Where the image is written: beside where it goes, or in the folder of temporary
    /// files.
    pub fn folder(&self) -> PathBuf {
        match self {
            Outlet::File(path) => path.parent().unwrap_or(Path::new("/")).to_owned(),
            Outlet::Stream(_) => std::env::temp_dir(),
        }
    }

    /// The file that is replaced or made.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Outlet::File(path) => Some(path),
            Outlet::Stream(_) => None,
        }
    }

    /// Whether it is what standard output is, which then has room for nothing else.
    pub fn is_stdout(&self) -> bool {
        let same = |file: &File| Some(identity(file)? == identity(io::stdout())?);
        matches!(self, Outlet::Stream(file) if same(file) == Some(true))
    }

    /// Puts a finished image there. Of a file that is new, nobody may read or write more
    /// than `source`, the mode of what was packed, and the user's mask allow; of one that is
    /// replaced, nobody more than before, either.
    ///
    /// # Errors
    /// The system reports one; a file is then as it was.
    pub fn put(self, image: Run, source: u32) -> io::Result<()> {
        match self {
            Outlet::Stream(mut file) => {
                for piece in image.bytes().chunks(PIECE) {
                    file.write_all(piece)?;
                    image.release();
                }
                file.flush()
            }
            Outlet::File(path) => {
                let before = fs::metadata(&path).map_or(0o666, |meta| meta.mode());
                let mode = masked(0o666) & (source | 0o600) & (before | 0o600);
                image.keep(&path, mode).map(drop)
            }
        }
    }
}

fn identity(file: impl AsFd) -> Option<(u64, u64)> {
    rustix::fs::fstat(file).ok().map(|stat| root::identity(&stat))
}

/// Opens what is at `path` to be written; `append` where that has an end.
fn stream(path: &Path, append: bool) -> Result<File> {
    let at = fs::metadata(path).map(|meta| (meta.dev(), meta.ino())).ok();
    if at.is_some() && at == identity(io::stdout()) {
        // Its own place in a file, and a socket, too.
        return Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?));
    }
    // NONBLOCK: a pipe that nobody reads from must not hang us.
    let mut options = OpenOptions::new();
    options.write(true).append(append).custom_flags(OFlags::NONBLOCK.bits() as i32);
    let file = match options.open(path) {
        Err(error) if error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) => {
            bail!("nobody reads from it");
        }
        file => file?,
    };
    let flags = rustix::fs::fcntl_getfl(&file)?;
    rustix::fs::fcntl_setfl(&file, flags - OFlags::NONBLOCK)?;
    Ok(file)
}
