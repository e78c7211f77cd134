//! Which files decide what a walk takes, and what is wrong with them.
//!
//! The rules themselves are the `ignore` crate's. Here is what there is to say of their
//! files: where they lie (inside the tree and outside), present or not, so that
//! one that appears is noticed; the environment that says where git's own are; and what
//! of them cannot be used ([`Broken`]), so that every answer can say so.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, FileType};
use xxhash_rust::xxh3::xxh3_64;

use crate::tree::walk::{Entry, Stamp};

/// A line of a file of rules that cannot be used, or the whole file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// The file's absolute path, as bytes.
    pub rule: Box<[u8]>,
    /// Which line, and what is wrong with it.
    pub why: String,
}

/// What a search could have found if it were not left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Keys of files over the size limit that begin like texts.
    pub large: Vec<Box<[u8]>>,
    /// Rules that do not hold although somebody wrote them.
    pub broken: Vec<Broken>,
}

pub(super) fn sort_broken(all: &mut Vec<Broken>) {
    all.sort_unstable();
    all.dedup();
}

/// Adds what `error`, in the file at `path`, says of rules.
pub(super) fn broken(error: &ignore::Error, path: Option<&Path>, all: &mut Vec<Broken>) {
    match error {
        ignore::Error::Partial(errors) => {
            errors.iter().for_each(|error| broken(error, path, all));
        }
        ignore::Error::WithPath { path, err } => broken(err, Some(path), all),
        ignore::Error::WithDepth { err, .. } => broken(err, path, all),
        // Not UTF-8, but no rule either.
        ignore::Error::WithLineNumber { line, err } if err.is_io() && is_comment(path, *line) => {}
        error => {
            let rule = path.map(|path| path.as_os_str().as_bytes()).unwrap_or_default();
            all.push(Broken { rule: rule.into(), why: error.to_string() });
        }
    }
}

/// Whether the line of that number, from 1, of the file at `path` is a comment.
fn is_comment(path: Option<&Path>, line: u64) -> bool {
    let text = path.and_then(|path| std::fs::read(path).ok()).unwrap_or_default();
    let nth = usize::try_from(line).ok().and_then(|line| line.checked_sub(1));
    let line = nth.and_then(|nth| text.split(|&byte| byte == b'\n').nth(nth));
    line.is_some_and(|line| line.starts_with(b"#"))
}

/// What is wrong with a rule file that is there and cannot be read.
pub(super) fn unreadable(rule: &Entry) -> Option<Broken> {
    // Of `.git` only that it is there counts.
    if rule.stamp.changed() == 0 {
        return None;
    }
    let error = rustix::fs::access(&*rule.key, Access::READ_OK).err()?;
    Some(Broken { rule: rule.key.clone(), why: io::Error::from(error).to_string() })
}

/// What tells one choice of git's files of this user and machine from another. Never 0.
pub(super) fn environment() -> u64 {
    let mut all = Vec::new();
    for name in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "HOME", "XDG_CONFIG_HOME"] {
        all.extend(std::env::var_os(name).unwrap_or_default().into_encoded_bytes());
        all.push(0);
    }
    xxh3_64(&all) | 1
}

pub(super) fn rule(path: PathBuf) -> Entry {
    let key = path.into_os_string().into_vec().into_boxed_slice();
    let stamp = Stamp::of_rule(&key);
    Entry { key, stamp, hash: None }
}

/// What exists in a folder of the tree and decides what is taken: rule files,
/// and the marks of a repository. One that appears later changes the folder's
/// own stamp, except below `.git`, which is not walked.
pub(super) fn inner_rules(folder: &Path) -> Vec<PathBuf> {
    let mut rules: Vec<_> = [".gitignore", ".ignore", ".git", ".jj"]
        .iter()
        .map(|name| folder.join(name))
        .filter(|path| Stamp::of_rule(path.as_os_str().as_bytes()) != Stamp::ABSENT)
        .collect();
    rules.extend(exclude_file(&folder.join(".git")));
    rules
}

/// `info/exclude` of the repository whose `.git`, a folder or a link file of a
/// work tree, is given.
fn exclude_file(git: &Path) -> Option<PathBuf> {
    let stat = rustix::fs::statat(rustix::fs::CWD, git, AtFlags::empty()).ok()?;
    if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
        return Some(git.join("info/exclude"));
    }
    let link = std::fs::read(git).ok()?;
    let target = OsStr::from_bytes(link.strip_prefix(b"gitdir: ")?.trim_ascii());
    let own = git.parent()?.join(target);
    let common = std::fs::read(own.join("commondir")).ok()?;
    Some(own.join(OsStr::from_bytes(common.trim_ascii())).join("info/exclude"))
}

/// Rule files outside the tree, present or not: those of the root's parents,
/// and git's settings of this user and machine, which may name one more.
pub(super) fn outer_rules(root: &Path) -> BTreeSet<PathBuf> {
    let mut rules = BTreeSet::new();
    for parent in root.ancestors().skip(1) {
        for name in [".gitignore", ".ignore", ".git", ".jj"] {
            rules.insert(parent.join(name));
        }
        rules.extend(exclude_file(&parent.join(".git")));
    }
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    rules.extend(set("GIT_CONFIG_GLOBAL"));
    rules.insert(set("GIT_CONFIG_SYSTEM").unwrap_or_else(|| "/etc/gitconfig".into()));
    let home = set("HOME");
    rules.extend(home.as_ref().map(|home| home.join(".gitconfig")));
    let config = set("XDG_CONFIG_HOME").or_else(|| home.map(|home| home.join(".config")));
    rules.extend(config.map(|config| config.join("git/config")));
    rules.extend(ignore::gitignore::gitconfig_excludes_path());
    rules
}
