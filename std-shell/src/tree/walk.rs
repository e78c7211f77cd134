//! The one walk over a tree, for `index`, `search` and `pack`.
//!
//! The rules are ripgrep's, because they are the `ignore` crate's: `.gitignore`
//! (inside a repository, parents and the global file included), `.ignore`,
//! hidden names. Symbolic links are not followed unless that is asked for; what is neither file
//! nor folder is only named in [`Listing::others`]. What cannot be read is reported in
//! [`Listing::troubles`] and the walk goes on.
//!
//! A [`Listing`] is sorted by key, so it depends on the tree alone and not on
//! the number of threads. A *key* is the path relative to the root, as bytes,
//! with `/` between names; the root itself has the empty key. Besides the files
//! it names everything that decides which files there are: the folders, the
//! rule files, and the variables that say where git's own are. `fresh` compares
//! just these, without walking again. What is left out because a rule cannot be
//! used, or a text is large, is in [`LeftOut`], so that every answer can say so.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::{Context, Result, bail};
use ignore::gitignore::Gitignore;
use ignore::overrides::OverrideBuilder;
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use rustix::fs::{FileType, Stat};

use crate::machine;
use crate::machine::progress::Progress;
use crate::tree::ignored::{
    LeftOut, broken, environment, inner_rules, outer_rules, rule, sort_broken, unreadable,
};

/// The most threads of a walk where nobody says how many: more wait for the disk.
const THREADS: usize = 12;

/// Which files a walk yields. Part of an index's identity: trees walked under
/// different rules have separate indexes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rules {
    /// Take hidden files and folders too.
    pub hidden: bool,
    /// Do not read `.gitignore`, `.ignore` and their kin.
    pub no_ignore: bool,
    /// Larger files, in bytes, are left out.
    pub max_filesize: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Rules { hidden: false, no_ignore: false, max_filesize: 16 << 20 }
    }
}

/// What `lstat` says of a file or folder: enough to tell that it has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes; 0 for a folder, whose size means nothing.
    pub size: u64,
    /// Time of the last change of the contents in nanoseconds since 1970. A program may
    /// set it to any time.
    pub mtime: i64,
    /// Time of the last change of anything, which only the system sets: an edit that puts
    /// the other time back shows here. So do a new mode and a new hard link.
    pub ctime: i64,
    /// Inode number.
    pub inode: u64,
}

impl Stamp {
    /// A rule file that is not there.
    pub const ABSENT: Stamp = Stamp { size: 0, mtime: 0, ctime: 0, inode: 0 };
    /// A thing that could not be read: equals no real stamp, so that the next
    /// run tries again.
    pub const UNSETTLED: Stamp = Stamp { size: 0, mtime: i64::MIN, ctime: i64::MIN, inode: 0 };

    /// The stamp of what `stat` describes.
    #[allow(clippy::unnecessary_cast, reason = "the types differ between systems")]
    pub fn of(stat: &Stat) -> Stamp {
        let folder = FileType::from_raw_mode(stat.st_mode) == FileType::Directory;
        let time = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000) + rest;
        Stamp {
            size: if folder { 0 } else { u64::try_from(stat.st_size).unwrap_or(0) },
            mtime: time(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            ctime: time(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
            inode: stat.st_ino,
        }
    }

    /// When it changed last.
    pub fn changed(&self) -> i64 {
        self.mtime.max(self.ctime)
    }

    /// The stamp of the rule file at `path`, links followed, [`Stamp::ABSENT`]
    /// when there is none. Of a folder (`.git`) only its presence matters: git
    /// touches it all the time.
    pub fn of_rule(path: &[u8]) -> Stamp {
        let Ok(stat) = rustix::fs::stat(path) else { return Stamp::ABSENT };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => Stamp { inode: stat.st_ino, ..Stamp::ABSENT },
            _ => Stamp::of(&stat),
        }
    }
}

/// A file, a folder or a rule file with its stamp. `key` is relative to the
/// root, but absolute for a rule file, which may lie outside the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Bytes of the path, `/` between names.
    pub key: Box<[u8]>,
    /// Its state when it was seen.
    pub stamp: Stamp,
    /// xxh3 of a file's bytes once they were read; `None` for a file whose
    /// text is not wanted or not readable, a folder, a rule file.
    pub hash: Option<u64>,
}

/// Something that could not be read: reported, never fatal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The path as the user would write it.
    pub path: PathBuf,
    /// What went wrong.
    pub why: String,
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.why)
    }
}

/// A tree as it was seen; every list is sorted by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Regular files, those over the size limit included (their text is not
    /// read, but a later, smaller version must be noticed).
    pub files: Vec<Entry>,
    /// Folders that were entered, the root among them.
    pub directories: Vec<Entry>,
    /// Files that hold ignore rules, and where one would count if it appeared.
    pub rules: Vec<Entry>,
    /// What is left out.
    pub left_out: LeftOut,
    /// What tells the environment that chose the rule files; 0 where there are no rules.
    pub environment: u64,
}

impl Tree {
    /// The file `key`. Logarithmic.
    pub fn file(&self, key: &[u8]) -> Option<&Entry> {
        let at = self.files.binary_search_by(|file| (*file.key).cmp(key)).ok()?;
        self.files.get(at)
    }
}

/// What a walk brings home.
#[derive(Debug, Default)]
pub struct Listing {
    /// What is there.
    pub tree: Tree,
    /// Keys of what is neither file nor folder: links, pipes, sockets, devices.
    pub others: Vec<Box<[u8]>>,
    /// What could not be read, sorted by path.
    pub troubles: Vec<Trouble>,
}

/// The most that a walk which nobody asked for may find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// Number of files.
    pub files: u64,
    /// Bytes of all files under the size limit.
    pub bytes: u64,
}

impl Guard {
    /// 200,000 files or 1 GB.
    pub const UNASKED: Guard = Guard { files: 200_000, bytes: 1_000_000_000 };
}

/// The walk stopped because the tree is larger than the [`Guard`] allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLarge {
    /// The root of the tree.
    pub root: PathBuf,
    /// The limit that was passed.
    pub guard: Guard,
}

impl std::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{root} holds more than {files} files or {gb} GB, too much to index unasked; \
             to index it, run: sigla index {root}",
            root = self.root.display(),
            files = self.guard.files,
            gb = self.guard.bytes / 1_000_000_000,
        )
    }
}

impl std::error::Error for TooLarge {}

/// How to walk.
#[derive(Debug, Clone, Default)]
pub struct Walk<'a> {
    /// Which files are wanted.
    pub rules: Rules,
    /// Globs as in `rg -g`: only these, or with `!` in front, not these.
    pub globs: &'a [String],
    /// Follow symbolic links: what they lead to has their names. No index does.
    pub follow: bool,
    /// Threads; 0 lets the machine decide.
    pub threads: usize,
    /// Where to stop; `None` is never.
    pub guard: Option<Guard>,
    /// Folders not to enter: where indexes are kept, which would otherwise
    /// change with every index of a tree that holds them.
    pub except: Vec<&'a Path>,
}

impl Walk<'_> {
    /// Walks the tree at `root`, an absolute path of a folder.
    ///
    /// # Errors
    /// The root cannot be read, a glob is wrong, [`TooLarge`], or `progress` cancels it.
    pub fn run(&self, root: &Path, progress: &dyn Progress) -> Result<Listing> {
        let mut listing = self.below(root, b"", None, progress)?;
        if !self.rules.no_ignore {
            let Tree { rules, left_out, environment: chosen, .. } = &mut listing.tree;
            let outer: Vec<Entry> = outer_rules(root).into_iter().map(rule).collect();
            left_out.broken.extend(outer.iter().filter_map(unreadable));
            let global = Gitignore::global().1;
            global.iter().for_each(|error| broken(error, None, &mut left_out.broken));
            sort_broken(&mut left_out.broken);
            rules.extend(outer);
            rules.sort_unstable_by(by_key);
            rules.dedup_by(|a, b| a.key == b.key);
            *chosen = environment();
        }
        Ok(listing)
    }

    /// Whether a walk of the tree at `root` enters the folder with key `folder`. Reads the
    /// folders on the way to it.
    pub fn enters(&self, root: &Path, folder: &[u8]) -> bool {
        let target = path_of(root, folder);
        let excepted = |path: &&Path| path.canonicalize().is_ok_and(|it| target.starts_with(it));
        let Ok(mut builder) = self.builder(root, root) else { return false };
        let way = target.clone();
        let depth = folder.iter().filter(|&&byte| byte == b'/').count() + 1;
        let on_it = move |entry: &DirEntry| way.starts_with(entry.path());
        let mut entries = builder.max_depth(Some(depth)).filter_entry(on_it).build();
        !self.except.iter().any(excepted)
            && entries.any(|entry| entry.is_ok_and(|entry| entry.path() == target))
    }

    /// Walks the folder with key `folder` of the tree at `root`, to this depth:
    /// at depth 1 it enters no folder in it. Finds what a walk of the whole
    /// tree finds there, but no rules from outside.
    ///
    /// # Errors
    /// As [`Walk::run`].
    pub fn below(
        &self,
        root: &Path,
        folder: &[u8],
        depth: Option<usize>,
        progress: &dyn Progress,
    ) -> Result<Listing> {
        let start = path_of(root, folder);
        let meta = std::fs::symlink_metadata(&start)
            .with_context(|| format!("cannot read {}", start.display()))?;
        if !meta.is_dir() {
            bail!("{} is not a folder", start.display());
        }
        let mut builder = self.builder(root, &start)?;
        builder.max_depth(depth);
        let found = Shared {
            root,
            walk: self,
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
            all: Mutex::default(),
            progress,
        };
        // The walk's threads wait for each other, also for one that could not be started.
        let wanted = match self.threads {
            0 => machine::cores().min(THREADS),
            threads => threads,
        };
        match machine::spare_threads(wanted) {
            0 => {
                let mut visitor = Visitor { shared: &found, own: Listing::default() };
                for entry in builder.build() {
                    if visitor.visit(entry) == WalkState::Quit {
                        break;
                    }
                }
            }
            threads => builder.threads(threads).build_parallel().visit(&mut &found),
        }
        progress.check()?;
        if found.stopped.into_inner() {
            let guard = self.guard.unwrap_or(Guard::UNASKED);
            return Err(TooLarge { root: root.to_owned(), guard }.into());
        }
        let mut listing = found.all.into_inner().unwrap_or_else(|poison| poison.into_inner());
        let Tree { files, directories, rules, left_out, .. } = &mut listing.tree;
        files.sort_unstable_by(by_key);
        directories.sort_unstable_by(by_key);
        rules.sort_unstable_by(by_key);
        sort_broken(&mut left_out.broken);
        listing.others.sort_unstable();
        listing.troubles.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(listing)
    }

    fn builder(&self, root: &Path, start: &Path) -> Result<WalkBuilder> {
        let mut builder = WalkBuilder::new(start);
        builder
            .current_dir(root)
            .hidden(!self.rules.hidden)
            .follow_links(self.follow)
            .threads(self.threads);
        if self.rules.no_ignore {
            builder.ignore(false).parents(false);
            builder.git_ignore(false).git_global(false).git_exclude(false);
        }
        let except: Vec<PathBuf> =
            self.except.iter().filter_map(|path| path.canonicalize().ok()).collect();
        if except.iter().any(|path| path.starts_with(root)) {
            builder.filter_entry(move |entry| !except.iter().any(|path| path == entry.path()));
        }
        if !self.globs.is_empty() {
            let mut overrides = OverrideBuilder::new(root);
            for glob in self.globs {
                overrides.add(glob).with_context(|| format!("cannot use the glob `{glob}`"))?;
            }
            builder.overrides(overrides.build().context("cannot use these globs together")?);
        }
        Ok(builder)
    }
}

/// In order, and each once: threads and folders tell of the same file above them.
pub(crate) fn by_key(a: &Entry, b: &Entry) -> std::cmp::Ordering {
    a.key.cmp(&b.key)
}

/// The key of `path` below `root`; `None` when it lies elsewhere.
pub fn key_of<'p>(root: &Path, path: &'p Path) -> Option<&'p [u8]> {
    path.strip_prefix(root).ok().map(|below| below.as_os_str().as_bytes())
}

/// Whether `key` is that of `folder` or of what is below it: everything, where `folder` is the
/// root.
pub fn is_within(key: &[u8], folder: &[u8]) -> bool {
    match key.strip_prefix(folder) {
        Some(rest) => folder.is_empty() || rest.is_empty() || rest.starts_with(b"/"),
        None => false,
    }
}

/// The path that `key` names below `root`.
pub fn path_of(root: &Path, key: &[u8]) -> PathBuf {
    root.join(OsStr::from_bytes(key))
}

/// Shared by the threads of one walk.
struct Shared<'a> {
    root: &'a Path,
    walk: &'a Walk<'a>,
    files: AtomicU64,
    bytes: AtomicU64,
    stopped: AtomicBool,
    all: Mutex<Listing>,
    progress: &'a dyn Progress,
}

impl<'s, 'a: 's> ParallelVisitorBuilder<'s> for &'s Shared<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        Box::new(Visitor { shared: self, own: Listing::default() })
    }
}

/// One thread's share of the listing, handed over when the thread ends.
struct Visitor<'s> {
    shared: &'s Shared<'s>,
    own: Listing,
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => self.see(&entry),
            Err(error) => self.trouble(error),
        }
    }
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        let mut all = self.shared.all.lock().unwrap_or_else(|poison| poison.into_inner());
        all.tree.files.append(&mut self.own.tree.files);
        all.tree.directories.append(&mut self.own.tree.directories);
        all.tree.rules.append(&mut self.own.tree.rules);
        all.tree.left_out.broken.append(&mut self.own.tree.left_out.broken);
        all.others.append(&mut self.own.others);
        all.troubles.append(&mut self.own.troubles);
    }
}

impl Visitor<'_> {
    fn see(&mut self, entry: &DirEntry) -> WalkState {
        let Some(key) = key_of(self.shared.root, entry.path()) else { return WalkState::Continue };
        let kind = entry.file_type();
        let folder = kind.is_some_and(|kind| kind.is_dir());
        if !folder && !kind.is_some_and(|kind| kind.is_file()) {
            self.own.others.push(key.into());
            return WalkState::Continue;
        }
        let stat = match self.shared.walk.follow {
            true => rustix::fs::stat(entry.path()),
            false => rustix::fs::lstat(entry.path()),
        };
        let stat = match stat {
            Ok(stat) => stat,
            // Gone since the folder was listed: no trouble, the folder's
            // stamp tells the next run.
            Err(rustix::io::Errno::NOENT) => return WalkState::Continue,
            Err(error) => return self.report(entry.path(), &error.into()),
        };
        let seen = Entry { key: key.into(), stamp: Stamp::of(&stat), hash: None };
        if folder {
            if !self.shared.walk.rules.no_ignore {
                let Tree { rules, left_out, .. } = &mut self.own.tree;
                let inner: Vec<Entry> = inner_rules(entry.path()).into_iter().map(rule).collect();
                left_out.broken.extend(inner.iter().filter_map(unreadable));
                rules.extend(inner);
                if let Some(error) = entry.error() {
                    broken(error, None, &mut left_out.broken);
                }
            }
            self.own.tree.directories.push(seen);
            return WalkState::Continue;
        }
        self.count(seen.stamp.size);
        self.own.tree.files.push(seen);
        if self.shared.stopped.load(Ordering::Relaxed) {
            WalkState::Quit
        } else {
            WalkState::Continue
        }
    }

    fn count(&self, size: u64) {
        let shared = self.shared;
        let files = shared.files.fetch_add(1, Ordering::Relaxed) + 1;
        let size = if size <= shared.walk.rules.max_filesize { size } else { 0 };
        let bytes = shared.bytes.fetch_add(size, Ordering::Relaxed) + size;
        if files.is_multiple_of(1024) {
            shared.progress.found(files);
        }
        if shared.progress.cancelled() {
            shared.stopped.store(true, Ordering::Relaxed);
        }
        if shared.walk.guard.is_some_and(|guard| files > guard.files || bytes > guard.bytes) {
            shared.stopped.store(true, Ordering::Relaxed);
        }
    }

    fn trouble(&mut self, error: ignore::Error) -> WalkState {
        let Some((path, io)) = io_error(&error) else {
            // A line in an ignore file that is no glob: ripgrep goes on, too.
            broken(&error, None, &mut self.own.tree.left_out.broken);
            return WalkState::Continue;
        };
        if io.kind() == io::ErrorKind::NotFound {
            return WalkState::Continue;
        }
        let path = path.unwrap_or(self.shared.root).to_owned();
        // The folder was seen before its listing failed; one that cannot be
        // listed has no stamp, so that every run tries again.
        if let Some(key) = key_of(self.shared.root, &path)
            && let Some(seen) = self.own.tree.directories.iter_mut().rev().find(|d| *d.key == *key)
        {
            seen.stamp = Stamp::UNSETTLED;
        }
        self.report(&path, io)
    }

    fn report(&mut self, path: &Path, error: &io::Error) -> WalkState {
        self.own.troubles.push(Trouble { path: path.to_owned(), why: error.to_string() });
        WalkState::Continue
    }
}

/// The I/O error inside a walk's error, and the path it speaks of.
fn io_error(error: &ignore::Error) -> Option<(Option<&Path>, &io::Error)> {
    match error {
        ignore::Error::WithPath { path, err } => {
            io_error(err).map(|(inner, io)| (inner.or(Some(path)), io))
        }
        ignore::Error::WithDepth { err, .. } => io_error(err),
        ignore::Error::Io(io) => Some((None, io)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::progress::Silent;
    use crate::tree::ignored::Broken;
    use std::fs;

    fn keys(entries: &[Entry]) -> Vec<&str> {
        entries.iter().map(|e| std::str::from_utf8(&e.key).unwrap()).collect()
    }

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        dir
    }

    fn listing(dir: &Path, walk: &Walk<'_>) -> Listing {
        walk.run(&dir.canonicalize().unwrap(), &Silent).unwrap()
    }

    #[test]
    fn files_come_sorted_by_bytes_and_ignore_rules_hold() {
        let files = [
            (".git/info/exclude", "excluded\n"),
            (".gitignore", "*.o\n"),
            (".hidden/x", ""),
            ("a/b", "1"),
            ("a.rs", "22"),
            ("a/.ignore", "c\n"),
            ("a/c", ""),
            ("excluded", ""),
            ("x.o", ""),
        ];
        let dir = tree(&files);
        let found = listing(dir.path(), &Walk::default());
        assert_eq!(keys(&found.tree.files), ["a.rs", "a/b"]);
        assert_eq!(keys(&found.tree.directories), ["", "a"]);
        assert_eq!(found.tree.files[0].stamp.size, 2);
        let root = dir.path().canonicalize().unwrap();
        for rule in [".gitignore", "a/.ignore", ".git/info/exclude"] {
            let rule = root.join(rule);
            assert!(
                found.tree.rules.iter().any(|r| *r.key == *rule.as_os_str().as_bytes()),
                "{rule:?}"
            );
        }
        let rules = Rules { hidden: true, no_ignore: true, ..Rules::default() };
        let found = listing(dir.path(), &Walk { rules, ..Walk::default() });
        assert_eq!(found.tree.files.len(), files.len());
        assert!(found.tree.rules.is_empty());
    }

    #[test]
    fn rules_above_the_root_count_and_are_noted() {
        let dir = tree(&[(".gitignore", "*.o"), ("sub/a.o", ""), ("sub/b", ""), ("sub/.x/c", "")]);
        let sub = dir.path().join("sub");
        assert_eq!(keys(&listing(&sub, &Walk::default()).tree.files), ["a.o", "b"]);
        fs::create_dir(dir.path().join(".git")).unwrap();
        let found = listing(&sub, &Walk::default());
        assert_eq!(keys(&found.tree.files), ["b"], "rules of git need a repository");
        let above = dir.path().canonicalize().unwrap();
        for (name, there) in [(".gitignore", true), (".git", true), (".ignore", false)] {
            let path = above.join(name);
            let rule = found.tree.rules.iter().find(|r| *r.key == *path.as_os_str().as_bytes());
            assert_eq!(rule.unwrap().stamp != Stamp::ABSENT, there, "{name}");
        }
    }

    #[test]
    fn rules_that_cannot_be_used_are_told_with_their_files() {
        let dir = tree(&[(".git/x", ""), (".ignore", "ok\nfoo{\n"), ("a/.gitignore", "[z-a]\n")]);
        let root = dir.path().canonicalize().unwrap();
        let told = |dir: &Path| {
            let broken = listing(dir, &Walk::default()).tree.left_out.broken;
            let all =
                broken.into_iter().filter(|it| it.rule.starts_with(root.as_os_str().as_bytes()));
            let path = |it: &Broken| Path::new(OsStr::from_bytes(&it.rule)).to_owned();
            all.map(|it| (path(&it).strip_prefix(&root).unwrap().to_owned(), it.why))
                .collect::<Vec<_>>()
        };
        let whole = told(dir.path());
        assert_eq!(whole.len(), 2, "{whole:?}");
        assert_eq!(whole[0].0, Path::new(".ignore"));
        assert!(whole[0].1.starts_with("line 2"), "{whole:?}");
        assert_eq!(whole[1].0, Path::new("a/.gitignore"));
        assert_eq!(told(&dir.path().join("a")), whole, "those above count, too");
    }

    #[test]
    fn what_is_within_a_folder_has_its_whole_name() {
        assert!(is_within(b"a", b"") && is_within(b"a", b"a") && is_within(b"a/b", b"a"));
        assert!(!is_within(b"ab", b"a") && !is_within(b"a", b"a/b"));
    }

    #[test]
    fn a_walk_knows_which_folders_it_enters() {
        let dir =
            tree(&[(".gitignore", "target\n"), ("a/b/c", ""), (".h/x", ""), ("target/t/y", "")]);
        fs::create_dir(dir.path().join(".git")).unwrap();
        let root = dir.path().canonicalize().unwrap();
        let cases = [("a", 1), ("a/b", 1), (".h", 0), ("target", 0), ("target/t", 0), ("none", 0)];
        for (folder, enters) in cases {
            assert_eq!(Walk::default().enters(&root, folder.as_bytes()), enters == 1, "{folder}");
        }
        let rules = Rules { hidden: true, no_ignore: true, ..Rules::default() };
        let all = Walk { rules, ..Walk::default() };
        assert!(all.enters(&root, b".h") && all.enters(&root, b"target/t"));
        let except = dir.path().join("a");
        assert!(!Walk { except: vec![&except], ..Walk::default() }.enters(&root, b"a/b"));
    }

    #[test]
    fn a_folder_that_is_excepted_is_not_entered() {
        let dir = tree(&[("a", ""), ("cache/b", "")]);
        let cache = dir.path().join("cache");
        let walk = |except| Walk { except, ..Walk::default() };
        assert_eq!(keys(&listing(dir.path(), &walk(vec![&cache])).tree.files), ["a"]);
        assert_eq!(keys(&listing(&cache, &walk(vec![&cache])).tree.files), ["b"]);
    }

    #[test]
    fn globs_select_and_deselect() {
        let dir = tree(&[("a.rs", ""), ("b.py", ""), ("c/d.rs", "")]);
        let only = |globs: &[&str]| {
            let globs: Vec<_> = globs.iter().map(|g| g.to_string()).collect();
            keys(&listing(dir.path(), &Walk { globs: &globs, ..Walk::default() }).tree.files)
                .join(" ")
        };
        assert_eq!(only(&["*.rs"]), "a.rs c/d.rs");
        assert_eq!(only(&["!*.rs"]), "b.py");
        let wrong = ["a{".to_string()];
        let walk = Walk { globs: &wrong, ..Walk::default() };
        assert!(walk.run(dir.path(), &Silent).is_err());
    }

    #[test]
    fn names_are_bytes_and_links_pipes_and_sockets_are_passed_over() {
        let dir = tree(&[("a", "")]);
        fs::write(dir.path().join(OsStr::from_bytes(b"\xff\xfe")), "x").unwrap();
        std::os::unix::fs::symlink(".", dir.path().join("loop")).unwrap();
        std::os::unix::fs::symlink("a", dir.path().join("link")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        let found = listing(dir.path(), &Walk::default());
        let keys: Vec<_> = found.tree.files.iter().map(|f| &*f.key).collect();
        assert_eq!(keys, [&b"a"[..], b"\xff\xfe"]);
        assert_eq!(found.troubles, []);
    }

    #[test]
    fn a_guard_stops_a_walk_nobody_asked_for() {
        let dir = tree(&[("a", ""), ("b", ""), ("c", "12345")]);
        for guard in [Guard { files: 2, bytes: 100 }, Guard { files: 9, bytes: 4 }] {
            let walk = Walk { guard: Some(guard), ..Walk::default() };
            let error = walk.run(dir.path(), &Silent).unwrap_err();
            assert!(error.is::<TooLarge>(), "{error}");
            assert!(error.to_string().contains("sigla index"), "{error}");
        }
        let walk = Walk { guard: Some(Guard { files: 3, bytes: 5 }), ..Walk::default() };
        assert_eq!(walk.run(dir.path(), &Silent).unwrap().tree.files.len(), 3);
    }
}
