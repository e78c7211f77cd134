//! Bringing an index up to date.
//!
//! An [`Update`] compares the tree with what the catalogue knows, reads what
//! moved, and publishes a new generation: documents that changed or went are
//! marked dead where they are, the new ones come in a segment of their own,
//! merged with some of the old ones in the manner of a log-structured merge
//! tree (O'Neil et al., 1996), so that there are few and one changed file costs
//! little. When nothing moved, nothing is written.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use sigla_core::bits::Bitmap;
use sigla_core::build::Options;
use xxhash_rust::xxh3::xxh3_64;

use crate::machine::pool::Pool;
use crate::machine::progress::Progress;
use crate::store::catalogue::{Catalogue, Generation, Segment};
use crate::store::draft::{Medium, Run};
use crate::store::home::{Folder, Wait};
use crate::store::index::{Index, Known, open_all};
use crate::store::ingest::{self, Ingest, Item, Nul};
use crate::store::mapped::Bytes;
use crate::store::place::Place;
use crate::tree::fresh::{self, Verdict};
use crate::tree::ignored::LeftOut;
use crate::tree::rescan::rescan;
use crate::tree::root::{Reading, Root};
use crate::tree::walk::{Entry, Guard, Listing, Rules, Stamp, Tree, Trouble, Walk};

/// Keys of documents.
type Keys = Vec<Box<[u8]>>;

/// How trees are indexed.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which files are wanted.
    pub rules: Rules,
    /// Threads of the walk. 0 lets the machine decide.
    pub threads: usize,
    /// Bytes that the workers may hold.
    pub memory: usize,
}

impl Default for Settings {
    /// Every text that is not ignored, hidden or large, with all cores and 64 MiB.
    fn default() -> Settings {
        Settings { rules: Rules::default(), threads: 0, memory: 64 << 20 }
    }
}

/// Index segments carry no text: it is in the tree.
const OPTIONS: Options = Options { text: false, grams: true };

/// The cache folder cannot be written.
#[derive(Debug)]
pub struct Unwritable {
    folder: Folder,
    source: std::io::Error,
}

impl std::fmt::Display for Unwritable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "cannot keep an index in {}: {}; choose another folder by --index-dir or SIGLA_DIR",
            self.folder.path().display(),
            self.source
        )
    }
}

impl std::error::Error for Unwritable {}

/// What an update did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The generation that now counts.
    pub generation: u64,
    /// It is a new one.
    pub changed: bool,
    /// Documents in it.
    pub documents: u64,
    /// Segments in it.
    pub segments: usize,
    /// Files that were read because they were new or moved.
    pub read: usize,
    /// Files that went.
    pub removed: usize,
    /// What is left out.
    pub left_out: LeftOut,
    /// What could not be read.
    pub troubles: Vec<Trouble>,
}

/// One run that brings an index up to date.
#[derive(Debug, Clone, Copy)]
pub struct Update<'a> {
    /// Which index.
    pub place: &'a Place,
    /// How.
    pub settings: &'a Settings,
    /// What to do while another process writes it.
    pub wait: Wait,
    /// The most that may be indexed.
    pub guard: Option<Guard>,
    /// Who works.
    pub pool: &'a Pool,
    /// Shown to the user.
    pub progress: &'a dyn Progress,
}

/// The tree as it is now, and how it differs from the one that was known.
struct Changes {
    /// Hashes are those known, where the file has not moved.
    now: Tree,
    /// Places in `now.files` of files to be read, with the hash that is known.
    read: Vec<(usize, Option<u64>)>,
    /// Keys of files that were read once and have gone.
    gone: Keys,
    troubles: Vec<Trouble>,
}

impl Update<'_> {
    /// Runs. `None` when another process writes and we do not wait.
    ///
    /// # Errors
    /// [`Unwritable`]; `TooLarge`, when the guard stops the walk; the disk is
    /// full, and the like. The index is then as it was before.
    pub fn run(&self) -> Result<Option<Report>> {
        let done = self.pool.run(|| self.attempt());
        self.progress.finish();
        done
    }

    fn attempt(&self) -> Result<Option<Report>> {
        let now = clock();
        let root = Root::open(&self.place.root)?;
        let folder = &self.place.folder;
        let lock = folder
            .lock(self.wait)
            .map_err(|source| Unwritable { folder: folder.clone(), source })?;
        let Some(lock) = lock else { return Ok(None) };
        let mut catalogue = Catalogue::create(&folder.catalogue(), root.path())?;
        let old = catalogue.generation()?;
        let stored = catalogue.tree()?;
        let images = open_all(folder, &old.segments);
        let intact = old.id != 0 && images.is_ok();
        let verdict = fresh::check(&root, &stored, old.at);
        if intact && verdict.fresh() {
            if verdict.settles(now) {
                catalogue.commit(&Generation { at: now, ..old.clone() }, &stored, &stored)?;
            }
            return Ok(Some(report(&old, &stored)));
        }

        // A damaged index is no reason to fail: the tree holds everything.
        let none = Tree::default();
        let (known, segments, images) = match images {
            Ok(images) => (&stored, old.segments.clone(), images),
            Err(_) => (&none, vec![], vec![]),
        };
        let mut plan = self.plan(&root, known, &verdict)?;
        folder.sweep(&lock, old.segments.iter().map(|segment| segment.id))?;
        let medium = Medium::Folder(folder.path().to_owned());
        let (runs, dead) = self.read(&root, &medium, &mut plan)?;
        let Changes { now: tree, read, gone, troubles } = plan;
        let (read, removed) = (read.len(), gone.len());

        if intact && runs.is_empty() && dead.is_empty() {
            if tree != stored || verdict.settles(now) {
                catalogue.commit(&Generation { at: now, ..old.clone() }, &stored, &tree)?;
            }
            return Ok(Some(Report { read, troubles, ..report(&old, &tree) }));
        }

        self.progress.merge();
        let mut live = Vec::new();
        for (segment, bytes) in segments.into_iter().zip(images) {
            live.push(Live { segment, bytes });
        }
        bury(&mut live, &dead)?;
        let segments = arrange(folder, live, runs, &medium, old.segments.last(), now)?;
        let generation = Generation { id: old.id + 1, at: now, segments };
        catalogue.commit(&generation, &stored, &tree)?;
        Ok(Some(Report { changed: true, read, removed, troubles, ..report(&generation, &tree) }))
    }

    /// An index that lives in memory only.
    ///
    /// # Errors
    /// `TooLarge`, or the root cannot be read.
    pub fn in_memory(&self) -> Result<(Index, Report)> {
        let done = self.pool.run(|| self.attempt_in_memory());
        self.progress.finish();
        done
    }

    fn attempt_in_memory(&self) -> Result<(Index, Report)> {
        let now = clock();
        let root = Root::open(&self.place.root)?;
        let mut plan = self.plan(&root, &Tree::default(), &Verdict::default())?;
        let (runs, _) = self.read(&root, &Medium::Memory, &mut plan)?;
        let mut generation = Generation { id: 1, at: now, segments: vec![] };
        let mut images = vec![];
        if let Some(run) = join(&[], runs, &Medium::Memory)? {
            let bytes = run.into_bytes();
            let documents = ingest::open(&bytes)?.meta().documents;
            generation.segments.push(Segment { id: 1, documents, dead: vec![] });
            images.push(bytes);
        }
        let Changes { now: tree, read, troubles, .. } = plan;
        let known = report(&generation, &tree);
        let report = Report { changed: true, read: read.len(), troubles, ..known };
        Ok((Index { generation, images, known: Known::Memory(tree) }, report))
    }

    /// Whether the tree differs from what `index` knows of it: a file that has moved
    /// is hashed. One that could not be read and still cannot is no difference, nor is
    /// one that was too large and still is.
    ///
    /// # Errors
    /// The tree or the catalogue cannot be read.
    pub fn is_stale(&self, index: &Index) -> Result<bool> {
        self.pool.run(|| self.differs(index))
    }

    fn differs(&self, index: &Index) -> Result<bool> {
        let root = Root::open(&self.place.root)?;
        let tree = index.tree()?;
        let verdict = fresh::check(&root, &tree, index.generation.at);
        let plan = self.plan(&root, &tree, &verdict)?;
        let limit = self.settings.rules.max_filesize;
        let mut buffer = Vec::new();
        let mut differs = |&(at, hash): &(usize, Option<u64>)| {
            let Some(file) = plan.now.files.get(at) else { return false };
            let Some(known) = tree.file(&file.key) else { return true };
            match hash {
                None => known.stamp != Stamp::UNSETTLED && file.stamp.size <= limit,
                Some(hash) => match root.read(&file.key, limit, &mut buffer) {
                    Ok(Reading::Whole(_)) => xxh3_64(&buffer) != hash,
                    _ => true,
                },
            }
        };
        Ok(!plan.gone.is_empty() || plan.read.iter().any(&mut differs))
    }

    /// Finds out what there is, and what of it must be read.
    fn plan(&self, root: &Root, known: &Tree, verdict: &Verdict) -> Result<Changes> {
        let Settings { rules, threads, .. } = self.settings;
        let walk = Walk {
            rules: rules.clone(),
            threads: *threads,
            guard: self.guard,
            except: self.place.folder.path().ancestors().take(2).collect(),
            ..Walk::default()
        };
        let listing = match rescan(root, &walk, known, verdict)? {
            Some(listing) => listing,
            None => walk.run(root.path(), self.progress)?,
        };
        let Listing { tree: mut now, troubles, .. } = listing;
        let (mut read, mut gone) = (Vec::new(), Vec::new());
        let mut old = known.files.iter().zip(&verdict.moved).peekable();
        let mut lost = |file: &Entry| {
            if file.hash.is_some() {
                gone.push(file.key.clone());
            }
        };
        now.left_out.large.clear();
        for (at, file) in now.files.iter_mut().enumerate() {
            while let Some((entry, _)) = old.next_if(|(entry, _)| entry.key < file.key) {
                lost(entry);
            }
            match old.next_if(|(entry, _)| entry.key == file.key) {
                Some((entry, false)) if entry.stamp == file.stamp => {
                    file.hash = entry.hash;
                    if known.left_out.large.binary_search(&file.key).is_ok() {
                        now.left_out.large.push(file.key.clone());
                    }
                }
                entry => read.push((at, entry.and_then(|(entry, _)| entry.hash))),
            }
        }
        old.for_each(|(entry, _)| lost(entry));
        Ok(Changes { now, read, gone, troubles })
    }

    /// Reads what the plan says, and completes its tree. Returns images of the
    /// new documents, and the keys of those that are dead.
    fn read(&self, root: &Root, medium: &Medium, plan: &mut Changes) -> Result<(Vec<Run>, Keys)> {
        let ingest = Ingest {
            root,
            max_filesize: self.settings.rules.max_filesize,
            nul: Nul::Binary,
            options: OPTIONS,
            memory: self.settings.memory,
            medium,
            progress: self.progress,
        };
        let files = &plan.now.files;
        let item = |&(at, known): &(usize, Option<u64>)| {
            files.get(at).map(|file| Item { key: &file.key, size: file.stamp.size, known })
        };
        let items: Vec<Item<'_>> = plan.read.iter().filter_map(item).collect();
        let harvest = ingest.run(&items)?;
        let mut dead = plan.gone.clone();
        let mut vanished = Vec::new();
        for (&(at, known), seen) in plan.read.iter().zip(&harvest.seen) {
            let Some(file) = plan.now.files.get_mut(at) else { continue };
            let hash = seen.and_then(|seen| seen.hash);
            if known.is_some() && known != hash {
                dead.push(file.key.clone());
            }
            match seen {
                Some(seen) => {
                    (file.stamp, file.hash) = (seen.stamp, seen.hash);
                    plan.now.left_out.large.extend(seen.large.then(|| file.key.clone()));
                }
                None => vanished.push(at),
            }
        }
        for at in vanished.into_iter().rev() {
            plan.now.files.remove(at);
        }
        plan.now.left_out.large.sort_unstable();
        plan.troubles.extend(harvest.troubles);
        Ok((harvest.runs, dead))
    }
}

/// A segment and its image.
struct Live {
    segment: Segment,
    bytes: Bytes,
}

/// Marks the documents with these keys dead.
fn bury(live: &mut [Live], dead: &[Box<[u8]>]) -> Result<()> {
    for Live { segment, bytes } in live {
        let image = ingest::open(bytes)?;
        for key in dead {
            let found =
                image.docs().find(key).map_err(|error| anyhow!("damaged index: {error}"))?;
            let Some(doc) = found else { continue };
            Bitmap(&mut segment.dead).insert(doc.0);
        }
    }
    Ok(())
}

/// Writes the segment of the new documents, merged with those of the old ones
/// that [`to_merge`] names; returns the generation's segments.
fn arrange(
    folder: &Folder,
    mut live: Vec<Live>,
    runs: Vec<Run>,
    medium: &Medium,
    last: Option<&Segment>,
    now: i64,
) -> Result<Vec<Segment>> {
    live.retain(|live| live.segment.live() > 0);
    let sizes: Vec<SegmentSize> = live
        .iter()
        .map(|Live { segment, bytes }| SegmentSize {
            bytes: bytes.len() as u64,
            documents: segment.documents,
            live: segment.live(),
        })
        .collect();
    let new = runs.iter().map(|run| run.bytes().len() as u64).sum();
    let chosen = to_merge(&sizes, new);
    let (merged, mut kept): (Vec<_>, Vec<_>) =
        live.into_iter().zip(chosen).partition(|(_, chosen)| *chosen);
    let merged: Vec<Live> = merged.into_iter().map(|(live, _)| live).collect();
    let mut segments: Vec<Segment> = kept.drain(..).map(|(live, _)| live.segment).collect();
    if let Some(run) = join(&merged, runs, medium)? {
        let documents = ingest::open(run.bytes())?.meta().documents;
        let milliseconds = u64::try_from(now / 1_000_000).unwrap_or(0);
        let id = milliseconds.max(last.map_or(1, |last| last.id + 1));
        run.keep(&folder.segment(id), 0o444).context("cannot write a segment")?;
        folder.sync().context("cannot write a segment")?;
        segments.push(Segment { id, documents, dead: vec![] });
    }
    Ok(segments)
}

/// One image of all of these; `None` of nothing.
fn join(live: &[Live], mut runs: Vec<Run>, medium: &Medium) -> Result<Option<Run>> {
    if live.is_empty() && runs.len() <= 1 {
        return Ok(runs.pop());
    }
    let old = live.iter().map(|live| (&*live.bytes, &*live.segment.dead));
    let sources: Vec<_> = old.chain(runs.iter().map(|run| (run.bytes(), &[][..]))).collect();
    ingest::merge(&sources, OPTIONS, medium).map(Some)
}

/// What a merge policy looks at.
#[derive(Debug, Clone, Copy)]
struct SegmentSize {
    bytes: u64,
    documents: u32,
    live: u32,
}

/// Which segments to merge with `new` bytes of new documents. A segment more
/// than a tenth dead; then, from the smallest, each that is no larger than all
/// that is being merged already, so that sizes at least double from one
/// segment to the next and a document is merged a logarithmic number of times;
/// then the smallest until eight are left.
fn to_merge(sizes: &[SegmentSize], new: u64) -> Vec<bool> {
    /// Merging less than this costs no more than writing it.
    const SMALL: u64 = 64 << 10;
    const MOST: usize = 8;
    let mut chosen: Vec<bool> =
        sizes.iter().map(|size| size.live < size.documents - size.documents / 10).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&at| sizes.get(at).map(|size| size.bytes));
    let mut total =
        sizes.iter().zip(&chosen).filter(|(_, c)| **c).map(|(s, _)| s.bytes).sum::<u64>();
    total += new;
    if total == 0 {
        return chosen;
    }
    let mut left = chosen.iter().filter(|chosen| !**chosen).count() + 1;
    for at in order {
        let (Some(size), Some(chosen)) = (sizes.get(at), chosen.get_mut(at)) else { continue };
        if !*chosen && (size.bytes <= total.max(SMALL) || left > MOST) {
            *chosen = true;
            total += size.bytes;
            left -= 1;
        }
    }
    chosen
}

fn report(generation: &Generation, tree: &Tree) -> Report {
    Report {
        left_out: tree.left_out.clone(),
        generation: generation.id,
        documents: generation.segments.iter().map(|segment| u64::from(segment.live())).sum(),
        segments: generation.segments.len(),
        ..Report::default()
    }
}

/// Nanoseconds since 1970.
pub(crate) fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(bytes: &[u64]) -> Vec<SegmentSize> {
        bytes.iter().map(|&bytes| SegmentSize { bytes, documents: 10, live: 10 }).collect()
    }

    #[test]
    fn small_segments_are_merged_and_large_ones_left_alone() {
        const MB: u64 = 1 << 20;
        assert_eq!(to_merge(&sizes(&[30 * MB]), 5000), [false]);
        assert_eq!(to_merge(&sizes(&[30 * MB, 5000]), 5000), [false, true]);
        assert_eq!(to_merge(&sizes(&[30 * MB, 2 * MB, MB]), MB), [false, true, true]);
        assert_eq!(to_merge(&sizes(&[MB; 3]), 0), [false; 3]);
    }

    #[test]
    fn a_segment_more_than_a_tenth_dead_is_merged() {
        let size = |bytes, live| SegmentSize { bytes, documents: 100, live };
        assert_eq!(to_merge(&[size(4 << 30, 90), size(1 << 30, 89)], 10), [false, true]);
    }

    #[test]
    fn segments_stay_few_and_work_logarithmic() {
        let mut live: Vec<u64> = vec![64 << 20];
        let mut written = 0;
        for _ in 0..5000 {
            let chosen = to_merge(&sizes(&live), 5000);
            let merged: u64 = live.iter().zip(&chosen).filter(|(_, c)| **c).map(|(s, _)| s).sum();
            let mut kept = chosen.iter().map(|chosen| !chosen);
            live.retain(|_| kept.next().unwrap());
            live.push(merged + 5000);
            written += merged + 5000;
            assert!(live.len() <= 8, "{live:?}");
        }
        assert!(written / 5000 < 300_000, "{} bytes a change", written / 5000);
    }
}
