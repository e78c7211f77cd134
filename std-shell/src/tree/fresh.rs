//! Has the tree moved on since it was indexed?
//!
//! The files, folders and rule files that the index knows are compared by
//! `lstat`, in parallel, without walking: a name that appeared or vanished
//! shows in the stamp of its folder, a new rule in that of its rule file. A
//! clock has grains, so a change can leave a stamp as it was: what changed less
//! than two seconds before the index run is *racy* (git's word). A racy file
//! is hashed, a racy folder listed again; a racy rule makes the tree be walked.
//! Another environment, which may name other files of git, does so too.

use rayon::prelude::*;
use rustix::fs::FileType;
use xxhash_rust::xxh3::xxh3_64;

use crate::tree::ignored::environment;
use crate::tree::root::{Reading, Root};
use crate::tree::walk::{Entry, Stamp, Tree};

/// How near to an index run a change counts as racy, in nanoseconds.
const RACY: i64 = 2_000_000_000;

/// The outcome of a comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// For each file of the tree, in order: it is no longer what it was.
    pub moved: Vec<bool>,
    /// Places in the tree's list of those folders that changed, or may have:
    /// only a listing tells what is in them.
    pub folders: Vec<usize>,
    /// A rule changed: only a walk tells what files there are.
    pub rules: bool,
    /// The earliest racy change there is. Once it lies two seconds back, a run
    /// that notes its own time makes later comparisons cheap again.
    pub racy: Option<i64>,
}

impl Verdict {
    /// Nothing has changed.
    pub fn fresh(&self) -> bool {
        !self.rules && self.folders.is_empty() && !self.moved.contains(&true)
    }

    /// Noting `now` as the time of the last run would settle a racy change.
    pub fn settles(&self, now: i64) -> bool {
        self.racy.is_some_and(|changed| changed < now.saturating_sub(RACY))
    }
}

/// Compares `tree`, as it was at the time `at`, with what is there now. About
/// one system call an entry.
pub fn check(root: &Root, tree: &Tree, at: i64) -> Verdict {
    let racy = |entry: &Entry| entry.stamp.changed() >= at.saturating_sub(RACY);
    let same_file = |entry: &Entry, buffer: &mut Vec<u8>| {
        if root.stamp(&entry.key, FileType::RegularFile) != Some(entry.stamp) {
            return false;
        }
        // A file without a hash was too large to be read, and still is.
        entry.hash.is_none_or(|hash| !racy(entry) || hashes_to(root, entry, hash, buffer))
    };
    let same_folder =
        |entry: &Entry| root.stamp(&entry.key, FileType::Directory) == Some(entry.stamp);
    let same_rule = |entry: &Entry| Stamp::of_rule(&entry.key) == entry.stamp;

    let (moved, (folders, rules)) = rayon::join(
        || {
            let files = tree.files.par_iter().with_min_len(256);
            files.map_init(Vec::new, |buffer, file| !same_file(file, buffer)).collect()
        },
        || {
            let folders = tree.directories.par_iter().with_min_len(256).enumerate();
            let moved = folders
                .filter(|(_, folder)| racy(folder) || !same_folder(folder))
                .map(|(at, _)| at)
                .collect();
            let elsewhere = tree.environment != 0 && tree.environment != environment();
            (moved, elsewhere || tree.rules.iter().any(|rule| racy(rule) || !same_rule(rule)))
        },
    );
    let all = tree.files.iter().chain(&tree.directories).chain(&tree.rules);
    let racy = all.filter(|entry| racy(entry)).map(|entry| entry.stamp.changed()).min();
    Verdict { moved, folders, rules, racy }
}

/// Whether the file still has the stamp and the hash.
fn hashes_to(root: &Root, entry: &Entry, hash: u64, buffer: &mut Vec<u8>) -> bool {
    match root.read(&entry.key, entry.stamp.size, buffer) {
        Ok(Reading::Whole(stamp)) => stamp == entry.stamp && xxh3_64(buffer) == hash,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, File};
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use crate::machine::progress::Silent;
    use crate::tree::walk::Walk;

    const LONG_AGO: Duration = Duration::from_secs(1_000_000_000);

    fn set_mtime(path: &Path) {
        File::open(path).unwrap().set_modified(SystemTime::UNIX_EPOCH + LONG_AGO).unwrap();
    }

    /// A tree of old files `a` and `b/c`, known with their hashes.
    fn known() -> (tempfile::TempDir, Root, Tree) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("b")).unwrap();
        for file in ["a", "b/c"] {
            fs::write(dir.path().join(file), "text").unwrap();
            set_mtime(&dir.path().join(file));
        }
        set_mtime(&dir.path().join("b"));
        set_mtime(dir.path());
        let path = dir.path().canonicalize().unwrap();
        let mut tree = Walk::default().run(&path, &Silent).unwrap().tree;
        // Rules of the machine are not this test's business.
        tree.rules.clear();
        for file in &mut tree.files {
            file.hash = Some(xxh3_64(b"text"));
        }
        (dir, Root::open(&path).unwrap(), tree)
    }

    const LATER: i64 = 2_000_000_000_000_000_000;

    #[test]
    fn an_untouched_tree_is_fresh() {
        let (_dir, root, tree) = known();
        let verdict = check(&root, &tree, LATER);
        assert!(verdict.fresh());
        assert_eq!(verdict.racy, None);
    }

    #[test]
    fn changed_new_and_removed_files_show() {
        let (dir, root, tree) = known();
        fs::write(dir.path().join("b/c"), "more text").unwrap();
        assert_eq!(check(&root, &tree, LATER).moved, [false, true]);
        assert!(check(&root, &tree, LATER).folders.is_empty());
        fs::write(dir.path().join("b/new"), "").unwrap();
        assert_eq!(check(&root, &tree, LATER).folders, [1]);
        fs::remove_file(dir.path().join("a")).unwrap();
        assert_eq!(check(&root, &tree, LATER).moved, [true, true]);
        assert_eq!(check(&root, &tree, LATER).folders, [0, 1]);
    }

    #[test]
    fn an_edit_that_keeps_size_time_and_inode_shows() {
        let (dir, root, tree) = known();
        // Some systems' clocks stand still that long.
        std::thread::sleep(Duration::from_millis(20));
        fs::write(dir.path().join("a"), "TEXT").unwrap();
        set_mtime(&dir.path().join("a"));
        assert_eq!(check(&root, &tree, LATER).moved, [true, false]);
        fs::write(dir.path().join("b/new"), "").unwrap();
        set_mtime(&dir.path().join("b"));
        assert_eq!(check(&root, &tree, LATER).folders, [1]);
    }

    #[test]
    fn a_racy_change_of_equal_size_is_found_by_its_hash() {
        let (dir, root, mut tree) = known();
        fs::write(dir.path().join("a"), "TEXT").unwrap();
        // As if the clock had not moved in between.
        tree.files[0].stamp = root.stamp(b"a", FileType::RegularFile).unwrap();
        assert!(check(&root, &tree, LATER).fresh(), "the stamp alone cannot tell");
        let same = tree.files[0].stamp.changed();
        let verdict = check(&root, &tree, same);
        assert_eq!(verdict.moved, [true, false]);
        assert!(verdict.settles(LATER) && !verdict.settles(same));
    }

    #[test]
    fn another_environment_makes_the_tree_be_walked() {
        let (_dir, root, mut tree) = known();
        assert_ne!(tree.environment, 0);
        assert!(!check(&root, &tree, LATER).rules);
        tree.environment ^= 2;
        assert!(check(&root, &tree, LATER).rules);
        tree.environment = 0;
        assert!(!check(&root, &tree, LATER).rules, "no rules depend on it");
    }
}
