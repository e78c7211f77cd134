//! The way in for `search`: an index that is open, compared with its tree and
//! brought up to date, or a word on why it is not.

use std::io::{self, ErrorKind};
use std::path::Path;

use anyhow::{Result, anyhow, bail};

use crate::index::Index;
use crate::place::Place;
use crate::progress::Progress;
use crate::root::Root;
use crate::store::Wait;
use crate::update::{Settings, Unwritable, Update, clock};
use crate::walk::{Guard, Trouble};

/// An index, ready to answer.
#[derive(Debug)]
pub struct Served {
    /// What to search.
    pub index: Index,
    /// Whether the tree has moved on since; `None` when nobody looked.
    pub stale: Option<bool>,
    /// Files that could not be read.
    pub troubles: Vec<Trouble>,
    /// What the user should be told.
    pub notes: Vec<String>,
}

/// Opens the index of `place` to be searched: as it is with `stale_ok`, else
/// compared with the tree and brought up to date. When another process is at
/// it, or it cannot be written, the last generation answers, and `stale` says
/// so. Where there is none, the tree is indexed, unless it is larger than
/// [`Guard::UNASKED`]; in memory when the cache folder cannot be written, or its
/// disk is full.
///
/// # Errors
/// `TooLarge`; the tree cannot be read.
pub fn serve(
    place: &Place,
    settings: &Settings,
    stale_ok: bool,
    progress: &Progress,
) -> Result<Served> {
    let update = Update { place, settings, wait: Wait::Never, guard: None, progress };
    // What cannot be opened is built anew.
    let Some(index) = Index::open(&place.folder).unwrap_or(None) else {
        return first(Update { wait: Wait::ForIt, guard: Some(Guard::UNASKED), ..update });
    };
    place.folder.touch();
    let served = |index, stale| Served { index, stale, troubles: vec![], notes: vec![] };
    if stale_ok {
        return Ok(served(index, None));
    }
    let verdict = index.check(&Root::open(&place.root)?)?;
    let fresh = verdict.fresh();
    if fresh && !verdict.settles(clock()) {
        return Ok(served(index, Some(false)));
    }
    // Closed, so that the writer, the last one out, can sync the catalogue.
    drop(index);
    let updated = update.run();
    let index = reopen(place)?;
    match updated {
        Ok(Some(report)) => Ok(Served { troubles: report.troubles, ..served(index, Some(false)) }),
        Ok(None) => {
            let stale = update.is_stale(&index)?;
            Ok(served(index, Some(stale)))
        }
        Err(_) if fresh => Ok(served(index, Some(false))),
        Err(error) => {
            let notes = vec![format!("answering from the last index: {error:#}")];
            Ok(Served { notes, ..served(index, Some(true)) })
        }
    }
}

/// Indexes a tree that has no index.
fn first(update: Update<'_>) -> Result<Served> {
    match update.run() {
        Ok(Some(report)) => {
            let index = reopen(update.place)?;
            Ok(Served { index, stale: Some(false), troubles: report.troubles, notes: vec![] })
        }
        Ok(None) => bail!("another sigla is indexing {}", update.place.root.display()),
        Err(error) if error.is::<Unwritable>() || no_room(&error) => {
            let notes = vec![format!("{error:#}; this index is in memory and will be lost")];
            let (index, report) = update.in_memory()?;
            Ok(Served { index, stale: Some(false), troubles: report.troubles, notes })
        }
        Err(error) => Err(error),
    }
}

/// Whether it is the cache folder's disk that fails: it is full or read-only, or the
/// catalogue cannot be written there.
fn no_room(error: &anyhow::Error) -> bool {
    use rusqlite::ffi::ErrorCode::{
        CannotOpen, DiskFull, PermissionDenied, ReadOnly, SystemIoFailure,
    };
    error.chain().any(|cause| {
        let full = cause.downcast_ref::<io::Error>().is_some_and(|error| {
            matches!(
                error.kind(),
                ErrorKind::StorageFull
                    | ErrorKind::QuotaExceeded
                    | ErrorKind::ReadOnlyFilesystem
                    | ErrorKind::FileTooLarge
            )
        });
        let catalogue = cause.downcast_ref::<rusqlite::Error>();
        full || catalogue.and_then(rusqlite::Error::sqlite_error_code).is_some_and(|code| {
            matches!(code, CannotOpen | DiskFull | PermissionDenied | ReadOnly | SystemIoFailure)
        })
    })
}

fn reopen(place: &Place) -> Result<Index> {
    let missing = |path: &Path| anyhow!("the index in {} was removed", path.display());
    Index::open(&place.folder)?.ok_or_else(|| missing(place.folder.path()))
}
