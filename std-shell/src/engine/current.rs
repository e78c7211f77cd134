//! An index that is open, compared with its tree and brought up to date, or a word on why
//! it is not.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, anyhow, bail};
use rustix::fs::FileType;

use crate::engine::answer::Note;
use crate::engine::opening::Opening;
use crate::machine::progress::Cancelled;
use crate::store::catalogue::Catalogue;
use crate::store::home::Wait;
use crate::store::index::Index;
use crate::store::place::Place;
use crate::store::update::{Unwritable, Update, clock};
use crate::tree::root::Root;
use crate::tree::walk::{Guard, Trouble};

/// An index, ready to answer.
#[derive(Debug)]
pub struct Current {
    /// What to search.
    pub index: Index,
    /// Whether the tree has moved on since; `None` when nobody looked.
    pub stale: Option<bool>,
    /// Files that could not be read.
    pub troubles: Vec<Trouble>,
    /// What the user should be told.
    pub notes: Vec<Note>,
    /// Files that are not what was indexed.
    pub doubts: Doubts,
}

/// Keys of files that were read for an answer and are not what the index knows, by their
/// hashes. Where their stamps hide it, the index must be told: [`Current::settle`].
#[derive(Debug, Default)]
pub struct Doubts(Mutex<BTreeSet<Box<[u8]>>>);

impl Doubts {
    /// Notes one more.
    pub fn add(&self, key: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.into());
    }
}

impl Current {
    fn new(index: Index, stale: Option<bool>) -> Current {
        Current { index, stale, troubles: vec![], notes: vec![], doubts: Doubts::default() }
    }

    /// Makes the next search read the files in doubt whose stamps say that they are what
    /// they were. An index that another process writes, or that cannot be written, stays
    /// as it is: the answer has been given, and who asks again doubts again.
    pub fn settle(&self, place: &Place, root: &Root) {
        let doubts = self.doubts.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hidden = |key: &[u8]| {
            let known = self.index.file(key).ok().flatten().map(|file| file.stamp);
            known.is_some() && known == root.stamp(key, FileType::RegularFile)
        };
        let keys: Vec<_> = doubts.iter().filter(|key| hidden(key)).cloned().collect();
        if keys.is_empty() || self.index.generation().is_none() {
            return;
        }
        if let Ok(Some(_lock)) = place.folder.lock(Wait::Never) {
            let _ = Catalogue::create(&place.folder.catalogue(), &place.root)
                .and_then(|mut catalogue| catalogue.doubt(&keys));
        }
    }
}

/// Opens the index of `place` to be searched: as it is with [`Opening::stale_ok`], else
/// compared with the tree and brought up to date. When another process is at
/// it, or it cannot be written, the last generation answers, and `stale` says
/// so. Where there is none, the tree is indexed, unless it is larger than
/// [`Guard::UNASKED`]; in memory when the cache folder cannot be written, for want of
/// rights or of room.
///
/// # Errors
/// `TooLarge`; the tree cannot be read; [`Cancelled`].
pub fn open(place: &Place, opening: &Opening<'_>) -> Result<Current> {
    let Opening { settings, pool, progress, stale_ok, .. } = *opening;
    let update = Update { place, settings, wait: Wait::Never, guard: None, pool, progress };
    // What cannot be opened is built anew.
    let Some(index) = Index::open(&place.folder).unwrap_or(None) else {
        return first(Update { wait: Wait::ForIt, guard: Some(Guard::UNASKED), ..update });
    };
    place.folder.touch();
    if stale_ok {
        return Ok(Current::new(index, None));
    }
    let root = Root::open(&place.root)?;
    let verdict = pool.run(|| index.check(&root))?;
    let fresh = verdict.fresh();
    if fresh && !verdict.settles(clock()) {
        return Ok(Current::new(index, Some(false)));
    }
    // Closed, so that the writer, the last one out, can sync the catalogue.
    drop(index);
    let updated = update.run();
    let index = reopen(place)?;
    match updated {
        Ok(Some(report)) => {
            Ok(Current { troubles: report.troubles, ..Current::new(index, Some(false)) })
        }
        Ok(None) => {
            let stale = update.is_stale(&index)?;
            Ok(Current::new(index, Some(stale)))
        }
        Err(error) if error.is::<Cancelled>() => Err(error),
        Err(_) if fresh => Ok(Current::new(index, Some(false))),
        Err(error) => {
            let notes = vec![Note::LastIndex(format!("{error:#}"))];
            Ok(Current { notes, ..Current::new(index, Some(true)) })
        }
    }
}

/// Indexes a tree that has no index.
fn first(update: Update<'_>) -> Result<Current> {
    match update.run() {
        Ok(Some(report)) => {
            let index = reopen(update.place)?;
            Ok(Current { troubles: report.troubles, ..Current::new(index, Some(false)) })
        }
        Ok(None) => bail!("another sigla is indexing {}", update.place.root.display()),
        Err(error) if error.is::<Unwritable>() || no_room(&error) => {
            let notes = vec![Note::InMemory(format!("{error:#}"))];
            let (index, report) = update.in_memory()?;
            let troubles = report.troubles;
            Ok(Current { troubles, notes, ..Current::new(index, Some(false)) })
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
