//! Images while they are written: to a file under a draft's name, or to memory.
//!
//! A [`Draft`] is what the builder writes into; done, it is a [`Run`]: an image
//! that is mapped and can be merged, or kept under its final name. A run that
//! is dropped leaves nothing behind.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};

use sigla_core::build::Sink;
use tempfile::NamedTempFile;

use crate::mapped::Bytes;

/// Where drafts are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Room {
    /// Files in this folder.
    Folder(PathBuf),
    /// Memory: the index will live as long as the process.
    Memory,
}

impl Room {
    /// Begins a draft.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn draft(&self) -> io::Result<Draft> {
        Ok(match self {
            Room::Memory => Draft::Memory(Vec::new()),
            Room::Folder(folder) => Draft::File {
                file: tempfile::Builder::new().prefix(".draft-").tempfile_in(folder)?,
                buffer: Vec::with_capacity(BUFFER),
                written: 0,
            },
        })
    }
}

const BUFFER: usize = 256 << 10;

/// An image being written.
#[derive(Debug)]
pub enum Draft {
    /// To a file, through a buffer.
    File {
        /// Removed when dropped.
        file: NamedTempFile,
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
                    file.write_all(bytes)?;
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
                file.as_file().write_all_at(bytes, at)
            }
        }
    }
}

fn flush(file: &mut NamedTempFile, buffer: &mut Vec<u8>, written: &mut u64) -> io::Result<()> {
    file.write_all(buffer)?;
    *written += buffer.len() as u64;
    buffer.clear();
    Ok(())
}

impl Draft {
    /// Ends the writing.
    ///
    /// # Errors
    /// The last bytes cannot be written, or the file not be mapped.
    pub fn done(self) -> io::Result<Run> {
        match self {
            Draft::Memory(bytes) => Ok(Run { file: None, bytes: Bytes::Owned(bytes) }),
            Draft::File { mut file, mut buffer, mut written } => {
                flush(&mut file, &mut buffer, &mut written)?;
                let bytes = Bytes::map(file.as_file())?;
                Ok(Run { file: Some(file), bytes })
            }
        }
    }
}

/// A finished image without a name.
#[derive(Debug)]
pub struct Run {
    file: Option<NamedTempFile>,
    bytes: Bytes,
}

impl Run {
    /// The image.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Syncs the image and gives it the name `path`, which must be in the
    /// folder of the draft, and the mode `mode`. Returns its bytes.
    ///
    /// # Errors
    /// The disk is full, or another error of the system; then nothing is left.
    pub fn keep(self, path: &Path, mode: u32) -> io::Result<Bytes> {
        if let Some(file) = self.file {
            file.as_file().set_permissions(Permissions::from_mode(mode))?;
            file.as_file().sync_all()?;
            file.persist(path)?;
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
        let rooms = [Room::Memory, Room::Folder(dir.path().to_owned())];
        let written = rooms.map(|room| {
            let mut draft = room.draft().unwrap();
            for size in [0, 1, 1000, BUFFER - 5, BUFFER, BUFFER + 1, 7] {
                let bytes: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
                draft.append(&bytes).unwrap();
                draft.rewrite(0, b"").unwrap();
                draft.append(&bytes).unwrap();
            }
            draft.rewrite(3, b"head").unwrap();
            draft.done().unwrap()
        });
        assert_eq!(written[0].bytes(), written[1].bytes());
        assert_eq!(&written[0].bytes()[3..7], b"head");
    }

    #[test]
    fn a_dropped_run_leaves_nothing_and_a_kept_one_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let room = Room::Folder(dir.path().to_owned());
        let run = || {
            let mut draft = room.draft().unwrap();
            draft.append(b"image").unwrap();
            draft.done().unwrap()
        };
        drop(run());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        let path = dir.path().join("kept");
        assert_eq!(&*run().keep(&path, 0o444).unwrap(), b"image");
        assert_eq!(std::fs::read(&path).unwrap(), b"image");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o444);
    }
}
