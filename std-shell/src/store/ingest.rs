//! Files become images: read, decoded, built in parallel, merged.
//!
//! The files, sorted by key, are cut into batches; each batch is read and built
//! by one worker into a *run*, an image written to the store's folder and
//! mapped. [`merge`] makes one image of the runs, byte for byte the one that a
//! single builder would have made: so neither threads nor the cuts show. What
//! is held at a time is a builder and a file for each worker: memory follows
//! the cap, not the tree. A file is held whole, so one that is larger than a
//! worker's share passes the cap; but a long log whose text the image carries is
//! read in [`Parts`], each a run of its own, and the runs are joined.

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use anyhow::{Context, Result, anyhow};
use rayon::prelude::*;
use sigla_core::build::{self, BuildError, Builder, Document, Options};
use sigla_core::image::{Image, Segment};
use sigla_core::outline::{Lang, Role};
use xxhash_rust::xxh3::xxh3_64;

use crate::machine::progress::Progress;
use crate::store::draft::{Lean, Medium, Run};
use crate::store::parts::{self, Parts};
use crate::tree::decode::{decode, decode_any};
use crate::tree::root::{Reading, Root};
use crate::tree::walk::{Stamp, Trouble};

/// Runs that are merged at once, which bounds the open files.
const FAN_IN: usize = 64;

/// Bytes of a file beyond which its text is handed to the builder instead of copied.
const GIVEN: usize = 1 << 20;

/// Bytes of a log beyond which it is read in parts.
const LONG: u64 = 1 << 20;

/// The least and the most bytes of a part.
const LEAST_PART: usize = 64 << 10;
const MOST_PART: usize = 4 << 20;

/// Parts, or runs of as many parts, that are joined at once: each text is copied once for
/// every factor of this, and so many files are open.
const JOINED: usize = 32;

/// Which files are texts even if they hold a NUL, which else makes a file binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nul {
    /// None.
    Binary,
    /// Logs, told by their lines: a loss of power leaves NULs in them.
    InLogs,
    /// All: who names one file means it.
    Text,
}

/// How files are read and built.
#[derive(Debug, Clone, Copy)]
pub struct Ingest<'a> {
    /// The tree.
    pub root: &'a Root,
    /// Larger files, in bytes, are left out.
    pub max_filesize: u64,
    /// Which files are texts.
    pub nul: Nul,
    /// What the images carry.
    pub options: Options,
    /// Bytes that all workers together may hold.
    pub memory: usize,
    /// Where runs are written.
    pub medium: &'a Medium,
    /// Told of each file.
    pub progress: &'a dyn Progress,
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
                let runs = std::mem::take(&mut harvest.runs);
                harvest.runs = vec![merge_runs(&runs, self.options, false, self.medium)?];
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
            self.progress.check()?;
            if let Some(done) = self.long_log(item, share)? {
                if filled && !done.runs.is_empty() {
                    let full = std::mem::replace(&mut builder, Builder::new(self.options));
                    harvest.runs.push(self.finish(full)?);
                    filled = false;
                }
                harvest.append(done);
                continue;
            }
            let seen = match self.root.read(item.key, self.max_filesize, &mut raw) {
                Ok(Reading::Whole(stamp)) => {
                    let hash = xxh3_64(&raw);
                    if item.known != Some(hash)
                        && let Some(text) = self.decode(item.key, &raw)
                    {
                        let given = self.options.text
                            && raw.len() > GIVEN
                            && matches!(&text, Cow::Borrowed(text) if text.len() == raw.len());
                        let mut document = document(item.key, hash, text);
                        if given {
                            let Document { lang, role, text, .. } = document;
                            drop(text);
                            let text = Cow::Owned(std::mem::take(&mut raw));
                            document = Document { key: item.key, lang, role, hash, text };
                        }
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
                // The next run is to read it.
                Ok(Reading::Output) => {
                    Some(Seen { stamp: Stamp::UNSETTLED, hash: None, large: false })
                }
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

    /// Reads a log that is long, part by part, and passes over what is long and binary;
    /// `None` where it is neither, or may not be joined.
    fn long_log(&self, item: &Item<'_>, share: usize) -> Result<Option<Harvest>> {
        let joins = self.options.text && !self.options.grams && self.nul != Nul::Binary;
        if !joins || item.size <= LONG || item.size > self.max_filesize {
            return Ok(None);
        }
        let mut harvest = Harvest::default();
        let seen = self.parts(item, share, &mut harvest.runs);
        harvest.seen.push(match seen {
            Ok(None) => return Ok(None),
            Ok(seen) => seen,
            Err(error) if error.is::<Unread>() => {
                harvest.runs.clear();
                let path = self.root.path_of(item.key);
                harvest.troubles.push(Trouble { path, why: error.to_string() });
                Some(Seen { stamp: Stamp::UNSETTLED, hash: None, large: false })
            }
            Err(error) => return Err(error),
        });
        Ok(Some(harvest))
    }

    /// Makes one run of a long log, and none of what is binary; `None` where it is neither.
    fn parts(&self, item: &Item<'_>, share: usize, runs: &mut Vec<Run>) -> Result<Option<Seen>> {
        let unread = |error: io::Error| Unread(error.to_string());
        // What comes to light here, reading it whole tells better.
        let Ok(Some(mut file)) = self.root.file(item.key) else { return Ok(None) };
        let stamp = Stamp::of(&rustix::fs::fstat(&file)?);
        // A log may grow meanwhile: what it has now is packed.
        let look = parts::look(item.key, &mut file, stamp.size).map_err(unread)?;
        if look.nul && self.nul == Nul::InLogs && !(look.log && look.by_lines) {
            // It is binary, and need not be held to see that.
            self.progress.advance(item.size);
            return Ok(Some(Seen { stamp, hash: None, large: false }));
        }
        if !look.log {
            return Ok(None);
        }
        let mut parts = Parts::new(file, stamp.size, (share / 8).clamp(LEAST_PART, MOST_PART));
        let mut level = Vec::new();
        let (lang, hash) = (Lang::Log, look.hash);
        // A text in UTF-16 is not as long as its file.
        let mut left = self.wanted(item);
        while let Some(text) = parts.part().map_err(unread)? {
            let role = role(lang, item.key, &text);
            let bytes = text.len() as u64;
            let mut builder = Builder::new(self.options);
            let document = Document { key: item.key, lang, role, hash, text: Cow::Owned(text) };
            builder.add(document).map_err(|error| self.failed(item, &error))?;
            runs.push(self.finish(builder)?);
            level.push(0);
            // As many runs of one level become one of the next.
            while let Some(first) = level.len().checked_sub(JOINED)
                && level.get(first) == level.last()
            {
                let joined = self.join(runs.split_off(first))?;
                runs.push(joined);
                let next = level.split_off(first).first().map_or(1, |level| level + 1);
                level.push(next);
            }
            let step = bytes.min(left);
            self.progress.advance(step);
            left -= step;
        }
        self.progress.advance(left);
        if parts.hash() != hash {
            return Err(Unread("it changed while it was packed".to_owned()).into());
        }
        if runs.len() > 1 {
            let joined = self.join(std::mem::take(runs))?;
            runs.push(joined);
        }
        Ok(Some(Seen { stamp, hash: Some(hash), large: false }))
    }

    fn join(&self, runs: Vec<Run>) -> Result<Run> {
        merge_runs(&runs, self.options, true, self.medium)
    }

    /// The text of a file, if it is one.
    fn decode<'r>(&self, key: &[u8], raw: &'r [u8]) -> Option<Cow<'r, [u8]>> {
        let text = decode(raw);
        match self.nul {
            Nul::Binary => text,
            Nul::InLogs => text.or_else(|| Some(decode_any(raw)).filter(|text| is_log(key, text))),
            Nul::Text => text.or_else(|| Some(decode_any(raw))),
        }
    }

    fn finish(&self, builder: Builder) -> Result<Run> {
        let mut draft = self.medium.draft().context("cannot begin a run")?;
        builder.finish(&mut draft).map_err(|error| unbuilt(error, "cannot write a run"))?;
        draft.done().context("cannot write a run")
    }

    fn failed(&self, item: &Item<'_>, error: &impl std::fmt::Display) -> anyhow::Error {
        anyhow!("cannot index {}: {error}", self.root.path_of(item.key).display())
    }
}

/// A file could not be read, or is another than when its reading began.
#[derive(Debug)]
struct Unread(String);

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unread {}

/// The document that a file's `text` is, whose bytes have this hash.
pub fn document<'d>(key: &'d [u8], hash: u64, text: Cow<'d, [u8]>) -> Document<'d> {
    let lang = Lang::detect(key, &text);
    let role = role(lang, key, &text);
    Document { key, lang, role, hash, text }
}

/// The role of a text. Lines of a log say nothing of it, however they look.
pub fn role(lang: Lang, key: &[u8], text: &[u8]) -> Role {
    Role::of(key, if lang == Lang::Log { &[] } else { text })
}

/// Whether a text with a NUL is a log: its lines say so, and its name nothing else.
pub fn is_log(key: &[u8], text: &[u8]) -> bool {
    Lang::detect(key, text) == Lang::Log && parts::is_log_by_lines(text)
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
pub fn merge(sources: &[(&[u8], &[u8])], options: Options, medium: &Medium) -> Result<Run> {
    let sources = sources
        .iter()
        .map(|(bytes, dead)| Ok(Segment { dead, ..Segment::new(open(bytes)?) }))
        .collect::<Result<Vec<_>>>()?;
    let mut draft = medium.draft().context("cannot begin a segment")?;
    build::merge(&sources, options, &mut draft).map_err(|error| unbuilt(error, "cannot merge"))?;
    draft.done().context("cannot write a segment")
}

/// Merges runs into one, and holds little of them at a time. With `parts`, documents of one
/// key are parts of one, else there are none such.
///
/// # Errors
/// As [`merge`].
pub fn merge_runs(runs: &[Run], options: Options, parts: bool, medium: &Medium) -> Result<Run> {
    let sources = runs.iter().map(|run| Ok(Segment::new(open(run.bytes())?)));
    let sources = sources.collect::<Result<Vec<_>>>()?;
    let mut draft = Lean::new(medium, runs).context("cannot begin a segment")?;
    let merged = match parts {
        true => build::merge_parts(&sources, options, &mut draft),
        false => build::merge(&sources, options, &mut draft),
    };
    merged.map_err(|error| unbuilt(error, "cannot merge"))?;
    draft.done().context("cannot write a segment")
}

/// Makes an image with texts the one that is given away, with `files` as its section FILES.
///
/// # Errors
/// It is damaged, or the result cannot be written.
pub fn pack_texts(
    image: &Run,
    codec: Option<&build::Codec<'_>>,
    files: &Run,
    medium: &Medium,
) -> Result<Run> {
    let mut draft = Lean::new(medium, [image, files]).context("cannot begin an image")?;
    build::seal(&open(image.bytes())?, codec, Some(files.bytes()), &mut draft)
        .map_err(|error| unbuilt(error, "cannot pack"))?;
    draft.done().context("cannot write an image")
}

/// What a builder says, with the system's error as its cause.
fn unbuilt(error: BuildError<io::Error>, what: &'static str) -> anyhow::Error {
    match error {
        BuildError::Sink(error) => anyhow::Error::from(error).context(what),
        error => anyhow!("{what}: {error}"),
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
    use crate::machine::progress::Cancel;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Counts what it is told.
    #[derive(Debug, Default)]
    struct Counted {
        of: AtomicU64,
        read: AtomicU64,
    }

    impl Cancel for Counted {}

    impl Progress for Counted {
        fn read(&self, bytes: u64) {
            self.of.store(bytes, Ordering::Relaxed);
        }

        fn advance(&self, bytes: u64) {
            self.read.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    #[test]
    fn progress_ends_at_its_total_whatever_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let line = |n: usize| format!("12:00:{:02} {n} {}\n", n % 60, "東京".repeat(15));
        let log: String =
            std::iter::once('\u{feff}'.to_string()).chain((0..20_000).map(line)).collect();
        let wide: Vec<u8> = log.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(wide.len() as u64 > LONG && log.len() > wide.len());
        let files =
            [("a.log", wide), ("b.txt", b"l\n".repeat(4 << 20)), ("c.rs", b"fn f() {}".to_vec())];
        let mut items = Vec::new();
        for (key, bytes) in &files {
            std::fs::write(dir.path().join(key), bytes).unwrap();
            items.push(Item { key: key.as_bytes(), size: bytes.len() as u64, known: None });
        }
        for text in [true, false] {
            let progress = Counted::default();
            let ingest = Ingest {
                root: &Root::open(dir.path()).unwrap(),
                max_filesize: 4 << 20,
                nul: Nul::Text,
                options: Options { text, grams: !text },
                memory: 1 << 20,
                medium: &Medium::Memory,
                progress: &progress,
            };
            let harvest = ingest.run(&items).unwrap();
            assert_eq!(harvest.seen.iter().flatten().filter(|seen| seen.hash.is_some()).count(), 2);
            let Counted { of, read } = progress;
            assert_eq!(read.into_inner(), of.into_inner(), "{text}");
        }
    }

    #[test]
    fn batches_tile_the_items_and_stay_below_the_weight() {
        let sizes = [10, 5000, 0, 0, 300, 700, 90_000, 1];
        let batches = cut(&sizes, 1600, |size| *size);
        assert_eq!(batches, [0..1, 1..2, 2..5, 5..6, 6..7, 7..8]);
        assert_eq!(cut(&[0; 100], 2560, |_| 0).len(), 10);
        assert!(cut(&[0_u64; 0], 1, |_| 0).is_empty());
    }
}
