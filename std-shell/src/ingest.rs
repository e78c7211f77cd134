//! Files become images: read, decoded, built in parallel, merged.
//!
//! The files, sorted by key, are cut into batches; each batch is read and built
//! by one worker into a *run*, an image written to the store's folder and
//! mapped. [`merge`] makes one image of the runs, byte for byte the one that a
//! single builder would have made: so neither threads nor the cuts show. What
//! is held at a time is a builder and a file for each worker: memory follows
//! the cap, not the tree. (A file is held whole, so one that is larger than a
//! worker's share passes the cap.)

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use anyhow::{Context, Result, anyhow};
use rayon::prelude::*;
use sigla_core::build::{self, BuildError, Builder, Document, Options};
use sigla_core::image::{Image, Segment};
use sigla_core::outline::{Lang, Role};
use xxhash_rust::xxh3::xxh3_64;

use crate::decode::decode;
use crate::draft::{Room, Run};
use crate::progress::Progress;
use crate::root::{Reading, Root};
use crate::walk::{Stamp, Trouble};

/// Runs that are merged at once, which bounds the open files.
const FAN_IN: usize = 64;

/// Bytes of a file beyond which its text is handed to the builder instead of copied.
const GIVEN: usize = 1 << 20;

/// How files are read and built.
#[derive(Debug, Clone, Copy)]
pub struct Ingest<'a> {
    /// The tree.
    pub root: &'a Root,
    /// Larger files, in bytes, are left out.
    pub max_filesize: u64,
    /// What the images carry.
    pub options: Options,
    /// Bytes that all workers together may hold.
    pub memory: usize,
    /// Where runs are written.
    pub room: &'a Room,
    /// Told of each file.
    pub progress: &'a Progress,
}

/// A file to be read.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// Its key.
    pub key: &'a [u8],
    /// Its size when it was last seen.
    pub size: u64,
    /// The hash of the version that the index holds; that one is not built.
    pub known: Option<u64>,
}

/// What a file was when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its state before the first byte was read.
    pub stamp: Stamp,
    /// The hash of its bytes; `None` when it is too large or unreadable.
    pub hash: Option<u64>,
    /// It is too large, and begins like a text.
    pub large: bool,
}

/// What came of the files.
#[derive(Debug, Default)]
pub struct Harvest {
    /// For each item, in order; `None` when there is no such file any more.
    pub seen: Vec<Option<Seen>>,
    /// Images of the new texts, their keys disjoint and ascending.
    pub runs: Vec<Run>,
    /// Files that could not be read.
    pub troubles: Vec<Trouble>,
}

impl Harvest {
    fn append(&mut self, mut other: Harvest) {
        self.seen.append(&mut other.seen);
        self.runs.append(&mut other.runs);
        self.troubles.append(&mut other.troubles);
    }
}

impl Ingest<'_> {
    /// Reads `items`, sorted by key, and builds what is text and new.
    ///
    /// # Errors
    /// A run cannot be written. A file that cannot be read is no error.
    pub fn run(&self, items: &[Item<'_>]) -> Result<Harvest> {
        let share = self.memory / rayon::current_num_threads();
        let wanted = |item: &Item<'_>| self.wanted(item);
        self.progress.read(items.iter().map(wanted).sum());
        let batches = cut(items, (share as u64 / 4).clamp(1 << 16, 8 << 20), wanted);
        let mut all = Harvest::default();
        for round in batches.chunks(FAN_IN) {
            let harvests: Vec<Harvest> = round
                .par_iter()
                .with_max_len(1)
                .map(|batch| self.batch(items.get(batch.clone()).unwrap_or_default(), share))
                .collect::<Result<_>>()?;
            let mut harvest = Harvest::default();
            harvests.into_iter().for_each(|one| harvest.append(one));
            if batches.len() > FAN_IN && harvest.runs.len() > 1 {
                let sources: Vec<_> =
                    harvest.runs.iter().map(|run| (run.bytes(), &[][..])).collect();
                harvest.runs = vec![merge(&sources, self.options, self.room)?];
            }
            all.append(harvest);
        }
        Ok(all)
    }

    /// Bytes of a file that are read.
    fn wanted(&self, item: &Item<'_>) -> u64 {
        if item.size <= self.max_filesize { item.size } else { 0 }
    }

    fn batch(&self, items: &[Item<'_>], share: usize) -> Result<Harvest> {
        let mut harvest = Harvest::default();
        let mut builder = Builder::new(self.options);
        let mut filled = false;
        let mut raw = Vec::new();
        for item in items {
            let seen = match self.root.read(item.key, self.max_filesize, &mut raw) {
                Ok(Reading::Whole(stamp)) => {
                    let hash = xxh3_64(&raw);
                    if item.known != Some(hash)
                        && let Some(text) = decode(&raw)
                    {
                        let (lang, role) =
                            (Lang::detect(item.key, &text), Role::of(item.key, &text));
                        let given = self.options.text
                            && raw.len() > GIVEN
                            && matches!(&text, Cow::Borrowed(text) if text.len() == raw.len());
                        let text = if given {
                            drop(text);
                            Cow::Owned(std::mem::take(&mut raw))
                        } else {
                            text
                        };
                        let document = Document { key: item.key, lang, role, hash, text };
                        builder.add(document).map_err(|error| self.failed(item, &error))?;
                        filled = true;
                    }
                    Some(Seen { stamp, hash: Some(hash), large: false })
                }
                Ok(Reading::TooLarge(stamp)) => {
                    let large = self.root.begins_as_text(item.key);
                    Some(Seen { stamp, hash: None, large })
                }
                Ok(Reading::Gone) => None,
                Err(error) => {
                    let path = self.root.path_of(item.key);
                    harvest.troubles.push(Trouble { path, why: error.to_string() });
                    Some(Seen { stamp: Stamp::UNSETTLED, hash: None, large: false })
                }
            };
            harvest.seen.push(seen);
            self.progress.advance(self.wanted(item));
            if builder.bytes() > share {
                let full = std::mem::replace(&mut builder, Builder::new(self.options));
                harvest.runs.push(self.finish(full)?);
                filled = false;
            }
        }
        if filled {
            harvest.runs.push(self.finish(builder)?);
        }
        Ok(harvest)
    }

    fn finish(&self, builder: Builder) -> Result<Run> {
        let mut draft = self.room.draft().context("cannot begin a run")?;
        builder.finish(&mut draft).map_err(sunk).context("cannot write a run")?;
        draft.done().context("cannot write a run")
    }

    fn failed(&self, item: &Item<'_>, error: &impl std::fmt::Display) -> anyhow::Error {
        anyhow!("cannot index {}: {error}", self.root.path_of(item.key).display())
    }
}

/// Cuts `items` where their weights pass `most`. A file has a weight besides
/// its bytes: a hundred thousand empty files are not nothing.
fn cut<T>(items: &[T], most: u64, bytes: impl Fn(&T) -> u64) -> Vec<Range<usize>> {
    const FILE: u64 = 256;
    let mut batches = Vec::new();
    let (mut start, mut weight) = (0, 0);
    for (i, item) in items.iter().enumerate() {
        let more = bytes(item) + FILE;
        if weight + more > most && i > start {
            batches.push(start..i);
            (start, weight) = (i, 0);
        }
        weight += more;
    }
    if start < items.len() {
        batches.push(start..items.len());
    }
    batches
}

/// Merges images, each with the bitmap of its dead documents, into one.
///
/// # Errors
/// One of them is damaged, or the result cannot be written.
pub fn merge(sources: &[(&[u8], &[u8])], options: Options, room: &Room) -> Result<Run> {
    let sources = sources
        .iter()
        .map(|(bytes, dead)| Ok(Segment { dead, ..Segment::new(open(bytes)?) }))
        .collect::<Result<Vec<_>>>()?;
    let mut draft = room.draft().context("cannot begin a segment")?;
    build::merge(&sources, options, &mut draft).map_err(sunk).context("cannot merge")?;
    draft.done().context("cannot write a segment")
}

/// Makes an image with texts the one that is given away.
///
/// # Errors
/// It is damaged, or the result cannot be written.
pub fn seal(
    bytes: &[u8],
    codec: Option<&build::Codec<'_>>,
    files: &[u8],
    room: &Room,
) -> Result<Run> {
    let mut draft = room.draft().context("cannot begin an image")?;
    build::seal(&open(bytes)?, codec, Some(files), &mut draft)
        .map_err(sunk)
        .context("cannot pack")?;
    draft.done().context("cannot write an image")
}

/// What a builder failed of: an error of the system stays one, whose kind can be told.
fn sunk(error: BuildError<io::Error>) -> anyhow::Error {
    match error {
        BuildError::Sink(error) => error.into(),
        other => anyhow!("{other}"),
    }
}

/// Opens an image of our own.
///
/// # Errors
/// It is damaged.
pub fn open(bytes: &[u8]) -> Result<Image<'_>> {
    Image::open(bytes).map_err(|error| anyhow!("damaged image: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_tile_the_items_and_stay_below_the_weight() {
        let sizes = [10, 5000, 0, 0, 300, 700, 90_000, 1];
        let batches = cut(&sizes, 1600, |size| *size);
        assert_eq!(batches, [0..1, 1..2, 2..5, 5..6, 6..7, 7..8]);
        assert_eq!(cut(&[0; 100], 2560, |_| 0).len(), 10);
        assert!(cut(&[0_u64; 0], 1, |_| 0).is_empty());
    }
}
