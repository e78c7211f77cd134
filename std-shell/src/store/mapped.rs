//! Bytes of an image: mapped from one of our own files, or in memory.
//!
//! A file of a user is never mapped by itself, as it may change under the map: only with
//! `--mmap`.
#![allow(unsafe_code, reason = "a file can change under its map, which no type can tell")]

use std::fs::File;
use std::io;
use std::ops::Deref;

/// The bytes of an image, wherever they live.
#[derive(Debug)]
pub enum Bytes {
    /// A segment or run of our own, mapped.
    Mapped(memmap2::Mmap),
    /// Held in memory: no cache folder could be written, or a user's file.
    Owned(Vec<u8>),
}

impl Bytes {
    /// Maps `file`: one that this program wrote and that nobody writes again, or
    /// an image of which the user has said so, by `--mmap`.
    ///
    /// # Errors
    /// The system refuses the map.
    pub fn map(file: &File) -> io::Result<Bytes> {
        // A map of length 0 is refused by some systems.
        if file.metadata()?.len() == 0 {
            return Ok(Bytes::Owned(Vec::new()));
        }
        // SAFETY: the bytes behind a map must not change while it lives. The
        // callers pass segments and runs, and images for which the user promises
        // it by `--mmap`. Segments and runs are written once, under a
        // temporary name in a folder of mode 0700, by the process that holds
        // the index's lock, before they are mapped; they are then mode 0444,
        // are never opened for writing again, and are removed by unlink alone,
        // which leaves the mapped pages in place. The map is private and
        // read-only. What remains is a process of the same user that writes
        // into the cache folder on purpose; it could as well write into our
        // memory.
        unsafe { memmap2::Mmap::map(file) }.map(Bytes::Mapped)
    }

    /// Gives the memory of a map back to the system, which reads the file again where it
    /// is looked at again: who goes through a large one once need not hold it.
    pub fn release(&self) {
        if let Bytes::Mapped(map) = self {
            // SAFETY: the advice drops the pages of a private map that is never written, of
            // a file that does not change (see `map`): whoever looks at them later gets the
            // same bytes. What it says of an error can be left: nothing was given back.
            let _ = unsafe { map.unchecked_advise(memmap2::UncheckedAdvice::DontNeed) };
        }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Mapped(map) => map,
            Bytes::Owned(bytes) => bytes,
        }
    }
}
