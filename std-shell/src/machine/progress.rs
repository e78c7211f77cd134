//! How far the work has come, told to whoever waits for it, and whether he still does.

use std::fmt::Debug;

/// Whether the work is still wanted. Asked from many threads, often.
pub trait Cancel: Debug + Sync {
    /// It is not: the work ends, as soon as it can, with [`Cancelled`].
    fn cancelled(&self) -> bool {
        false
    }

    /// The same as an error.
    ///
    /// # Errors
    /// [`Cancelled`]
    fn check(&self) -> Result<(), Cancelled> {
        if self.cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

/// Told how far an index run has come. Called from many threads.
pub trait Progress: Cancel {
    /// The walk has found that many files.
    fn found(&self, _files: u64) {}

    /// Reading `bytes` of text begins.
    fn read(&self, _bytes: u64) {}

    /// `bytes` more have been read.
    fn advance(&self, _bytes: u64) {}

    /// The runs are being merged into one segment.
    fn merge(&self) {}

    /// The run is over.
    fn finish(&self) {}
}

/// The work was not wanted any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

impl std::fmt::Display for Cancelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cancelled")
    }
}

impl std::error::Error for Cancelled {}

/// Nobody is told, and nobody cancels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Cancel for Silent {}
impl Progress for Silent {}
