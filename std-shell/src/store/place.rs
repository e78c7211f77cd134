//! Which index serves a path.
//!
//! The nearest folder above it that has an index, so that a repository and its
//! parts share one; else the root of the repository that holds it; else the
//! folder itself. The answer is then narrowed to the path.
//!
//! A folder that is named is wanted: one that a walk from above does not enter, as
//! it is hidden or ignored there, is none of its parts.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::store::catalogue::Catalogue;
use crate::store::home::{Folder, Home};
use crate::tree::walk::{Rules, Walk, key_of};

/// The index of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The canonical path of the indexed folder.
    pub root: PathBuf,
    /// Where its index is, or will be.
    pub folder: Folder,
    /// The key of the path below the root: only this file, or only files below
    /// this folder, are wanted. Empty for the root itself.
    pub within: Vec<u8>,
}

impl Place {
    /// The index that serves `path`. A file outside any repository is served
    /// by the folder it is in.
    ///
    /// # Errors
    /// There is no such path.
    pub fn of(path: &Path, home: &Home, rules: &Rules) -> Result<Place> {
        let path = canonical(path)?;
        let folder = if path.is_dir() { &*path } else { path.parent().unwrap_or(&path) };
        let indexed = |root: &Path| is_indexed(&home.folder(root, rules));
        let walk = Walk { rules: rules.clone(), except: vec![home.path()], ..Walk::default() };
        let enters = |root: &Path| match key_of(root, folder) {
            Some(b"") => true,
            Some(key) => walk.enters(root, key),
            None => false,
        };
        let root = folder
            .ancestors()
            .find(|root| indexed(root))
            .or_else(|| folder.ancestors().find(|root| root.join(".git").exists()))
            .filter(|root| enters(root))
            .unwrap_or(folder);
        let within = key_of(root, &path).unwrap_or_default().to_vec();
        Ok(Place { root: root.to_owned(), folder: home.folder(root, rules), within })
    }

    /// The index of the folder `path` itself, whatever there is above it.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn exactly(path: &Path, home: &Home, rules: &Rules) -> Result<Place> {
        let root = canonical(path)?;
        anyhow::ensure!(
            root.is_dir(),
            "{} is a file; an index is of a folder: name the one that holds it",
            path.display()
        );
        Ok(Place { folder: home.folder(&root, rules), root, within: Vec::new() })
    }

    /// Whether there is an index already.
    pub fn is_indexed(&self) -> bool {
        is_indexed(&self.folder)
    }
}

fn is_indexed(folder: &Folder) -> bool {
    matches!(Catalogue::open(&folder.catalogue()), Ok(Some(_)))
}

fn canonical(path: &Path) -> Result<PathBuf> {
    path.canonicalize().with_context(|| format!("cannot find {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::catalogue::Generation;
    use crate::store::home::Wait;
    use crate::tree::walk::Tree;
    use std::fs;

    #[test]
    fn index_above_then_repository_then_the_folder_itself() {
        let dir = tempfile::tempdir().unwrap();
        let tree = dir.path().canonicalize().unwrap().join("tree");
        fs::create_dir_all(tree.join("repo/.git")).unwrap();
        fs::create_dir_all(tree.join("repo/src/deep")).unwrap();
        fs::write(tree.join("repo/src/a.rs"), "").unwrap();
        let home = Home::locate(Some(&dir.path().join("cache"))).unwrap();
        let rules = Rules::default();
        let place = |path: &str| {
            let place = Place::of(&tree.join(path), &home, &rules).unwrap();
            let root = place.root.strip_prefix(&tree).unwrap().to_str().unwrap().to_owned();
            (root, String::from_utf8(place.within).unwrap())
        };
        let pair = |root: &str, within: &str| (root.to_owned(), within.to_owned());
        assert_eq!(place(""), pair("", ""));
        assert_eq!(place("repo"), pair("repo", ""));
        assert_eq!(place("repo/src/deep"), pair("repo", "src/deep"));
        assert_eq!(place("repo/src/a.rs"), pair("repo", "src/a.rs"));
        let folder = home.folder(&tree.join("repo/src"), &rules);
        let _lock = folder.lock(Wait::ForIt).unwrap();
        let mut catalogue = Catalogue::create(&folder.catalogue(), &tree).unwrap();
        assert_eq!(place("repo/src/deep"), pair("repo", "src/deep"), "nothing committed yet");
        let one = Generation { id: 1, ..Generation::default() };
        catalogue.commit(&one, &Tree::default(), &Tree::default()).unwrap();
        assert_eq!(place("repo/src/deep"), pair("repo/src", "deep"));
        assert_eq!(place("repo"), pair("repo", ""));
        assert!(Place::of(&tree.join("none"), &home, &rules).is_err());
        assert!(Place::exactly(&tree.join("repo/src/a.rs"), &home, &rules).is_err());
    }

    #[test]
    fn what_is_ignored_above_stands_alone() {
        let dir = tempfile::tempdir().unwrap();
        let repo = dir.path().canonicalize().unwrap().join("repo");
        fs::create_dir_all(repo.join(".git")).unwrap();
        fs::create_dir_all(repo.join(".hidden/a")).unwrap();
        fs::create_dir_all(repo.join("out/b")).unwrap();
        fs::write(repo.join(".gitignore"), "out").unwrap();
        let home = Home::locate(Some(&dir.path().join("cache"))).unwrap();
        let root = |path: &str, rules: &Rules| {
            let place = Place::of(&repo.join(path), &home, rules).unwrap();
            place.root.strip_prefix(&repo).unwrap().to_str().unwrap().to_owned()
        };
        for alone in [".hidden", ".hidden/a", "out", "out/b"] {
            assert_eq!(root(alone, &Rules::default()), alone);
        }
        let all = Rules { hidden: true, no_ignore: true, ..Rules::default() };
        assert_eq!(root(".hidden/a", &all) + &root("out/b", &all), "");
    }
}
