//! What changed in a few folders, without walking the whole tree.
//!
//! Most often only a file or two came or went. Then the folders whose stamps
//! moved are listed again, each by a walk of depth 1, which obeys the same rules
//! as the walk of the whole tree; new folders are walked, and what was in lost
//! ones is dropped. Where rules changed, or many folders, a whole walk is due.

use anyhow::Result;

use crate::machine::progress::Silent;
use crate::tree::fresh::Verdict;
use crate::tree::ignored::{inner_rules, sort_broken};
use crate::tree::root::Root;
use crate::tree::walk::{Entry, Listing, Tree, Walk, by_key};

/// More folders than this are cheaper to walk all together.
const FEW: usize = 16;

/// The tree as it is now, given the one that was `known` and what moved in it;
/// `None` when only a whole walk can tell.
///
/// # Errors
/// As [`Walk::run`].
pub fn rescan(
    root: &Root,
    walk: &Walk<'_>,
    known: &Tree,
    verdict: &Verdict,
) -> Result<Option<Listing>> {
    if verdict.rules || known.directories.is_empty() || verdict.folders.len() > FEW {
        return Ok(None);
    }
    let mut now = Listing { tree: known.clone(), ..Listing::default() };
    let moved = verdict.folders.iter().filter_map(|&at| known.directories.get(at));
    // Parents come before what is in them.
    for folder in moved {
        let key = &*folder.key;
        if !now.tree.directories.iter().any(|there| *there.key == *key) {
            continue;
        }
        let path = root.path_of(key);
        let is_known = |rule: &[u8]| known.rules.iter().any(|known| *known.key == *rule);
        let rules = if walk.rules.no_ignore { Vec::new() } else { inner_rules(&path) };
        if !path.is_dir() || !rules.iter().all(|rule| is_known(rule.as_os_str().as_encoded_bytes()))
        {
            return Ok(None);
        }
        let fresh = walk.below(root.path(), key, Some(1), &Silent)?;
        replace(&mut now, key, fresh, |new| walk.below(root.path(), new, None, &Silent))?;
    }
    let Tree { files, directories, rules, left_out, .. } = &mut now.tree;
    files.sort_unstable_by(by_key);
    directories.sort_unstable_by(by_key);
    rules.sort_unstable_by(by_key);
    sort_broken(&mut left_out.broken);
    Ok(Some(now))
}

/// Puts a fresh listing of `folder`, of depth 1, in the place of the old one.
fn replace(
    now: &mut Listing,
    folder: &[u8],
    fresh: Listing,
    enter: impl Fn(&[u8]) -> Result<Listing>,
) -> Result<()> {
    let in_it = |entry: &Entry| parent(&entry.key) == Some(folder);
    let Tree { files, directories, rules, left_out, .. } = &mut now.tree;
    let is_there = |key: &[u8]| fresh.tree.directories.iter().any(|there| *there.key == *key);
    let lost: Vec<Box<[u8]>> = directories
        .iter()
        .filter(|known| in_it(known) && !is_there(&known.key))
        .map(|known| [&*known.key, b"/"].concat().into())
        .collect();
    let is_lost = |key: &[u8]| lost.iter().any(|lost| key.starts_with(lost));
    files.retain(|file| !in_it(file) && !is_lost(&file.key));
    directories.retain(|known| {
        let gone = in_it(known) && !is_there(&known.key);
        !gone && !is_lost(&known.key)
    });
    files.extend(fresh.tree.files);
    now.troubles.extend(fresh.troubles);
    for seen in fresh.tree.directories {
        match directories.iter_mut().find(|known| known.key == seen.key) {
            // Only this folder was listed; one in it may have moved since.
            Some(known) if *seen.key == *folder => *known = seen,
            Some(_) => {}
            None => {
                let new = enter(&seen.key)?;
                files.extend(new.tree.files);
                directories.extend(new.tree.directories);
                rules.extend(new.tree.rules);
                left_out.broken.extend(new.tree.left_out.broken);
                now.troubles.extend(new.troubles);
            }
        }
    }
    Ok(())
}

/// The key of the folder that holds `key`; the root is in none.
fn parent(key: &[u8]) -> Option<&[u8]> {
    let slash = key.iter().rposition(|&byte| byte == b'/');
    (!key.is_empty()).then(|| key.get(..slash.unwrap_or(0)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::fresh::check;
    use std::fs;
    use std::path::Path;

    /// A small source of chance (xorshift).
    struct Chance(u64);

    impl Chance {
        fn below(&mut self, most: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % most as u64) as usize
        }

        fn of<'a>(&mut self, some: &[&'a str]) -> &'a str {
            some[self.below(some.len())]
        }
    }

    const NAMES: [&str; 7] = ["a", "b", "c.o", "d.rs", "e", ".f", "target"];
    const RULES: [&str; 8] =
        ["*.o", "/a", "b/", "!c.o", "!.f", "a/d.rs", "target{", "*\n!*.rs\n!*/"];

    /// Adds, changes or removes one thing somewhere.
    fn change(root: &Path, chance: &mut Chance) {
        let mut path = root.to_owned();
        for _ in 0..chance.below(3) {
            path.push(chance.of(&["a", "b", "e", ".f", "target"]));
        }
        let _ = fs::create_dir_all(&path);
        match chance.below(10) {
            0 => drop(fs::remove_dir_all(path.join(chance.of(&NAMES)))),
            1 => drop(fs::remove_file(path.join(chance.of(&NAMES)))),
            2 => drop(fs::write(path.join(".gitignore"), chance.of(&RULES))),
            3 => drop(fs::write(path.join(".ignore"), chance.of(&RULES))),
            4 => drop(fs::create_dir(path.join(".git"))),
            5 => drop(fs::create_dir(path.join(chance.of(&NAMES)))),
            6 => drop(fs::rename(path.join(chance.of(&NAMES)), root.join(chance.of(&NAMES)))),
            _ => drop(fs::write(path.join(chance.of(&NAMES)), "text")),
        }
    }

    #[test]
    fn a_relisted_tree_equals_a_walked_one() {
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
        let (mut relisted, mut walked) = (0, 0);
        for _ in 0..15 {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().canonicalize().unwrap();
            let walk = Walk { threads: 1, ..Walk::default() };
            (0..30).for_each(|_| change(&path, &mut chance));
            let root = Root::open(&path).unwrap();
            let mut known = walk.run(&path, &Silent).unwrap().tree;
            for _ in 0..15 {
                // Some systems' clocks stand still that long.
                std::thread::sleep(std::time::Duration::from_millis(10));
                (0..1 + chance.below(2)).for_each(|_| change(&path, &mut chance));
                // Late enough that nothing is racy: changes must show by themselves.
                let verdict = check(&root, &known, i64::MAX);
                let whole = walk.run(&path, &Silent).unwrap().tree;
                match rescan(&root, &walk, &known, &verdict).unwrap() {
                    Some(listing) => {
                        assert_eq!(shape(&listing.tree), shape(&whole));
                        assert_eq!(listing.tree.left_out, whole.left_out);
                        relisted += 1;
                    }
                    None => walked += 1,
                }
                known = whole;
            }
        }
        assert!(relisted > 50 && walked > 10, "{relisted} and {walked}");
    }

    /// What must be equal: names, and the stamps of folders and rules.
    fn shape(tree: &Tree) -> (Vec<&[u8]>, &[Entry], &[Entry]) {
        let files = tree.files.iter().map(|file| &*file.key).collect();
        (files, &tree.directories, &tree.rules)
    }

    #[test]
    fn parents_of_keys() {
        assert_eq!(parent(b""), None);
        assert_eq!(parent(b"a"), Some(&b""[..]));
        assert_eq!(parent(b"a/b/c"), Some(&b"a/b"[..]));
    }
}
