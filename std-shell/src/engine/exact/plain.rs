//! Files that are read as they are, without an index: a file or a stream that was named,
//! and a whole tree where what is wanted is in no index (binary files, what links lead to).
//!
//! To index what is read once takes longer than to read it.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::windows::{WINDOW, decoder};
use crate::engine::opening::{Name, STDIN, is_image};
use crate::engine::scopes::{Globs, LastFolder};
use crate::machine::progress::Progress;
use crate::tree::decode::contains_nul;
use crate::tree::root::{identity, output};
use crate::tree::walk::{Rules, Trouble, Walk, path_of};

/// A file that is read as it is.
#[derive(Debug, Clone)]
pub struct Plain {
    /// The place that it belongs to, among those that were named.
    pub asked: usize,
    /// How it is called.
    pub name: Name,
    /// It was named itself, so that what keeps it from being searched is worth a word.
    pub named: bool,
    /// Its bytes, as far as its size tells them.
    pub size: u64,
    /// Where it really is, links followed; nothing where it is no file.
    pub real: Option<PathBuf>,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    Input,
    Path(PathBuf),
}

/// What the places are.
#[derive(Debug, Default)]
pub struct Sorted {
    /// Files to be read, by place, then by path.
    pub files: Vec<Plain>,
    /// What an index or an image serves: the number of the place, and its path.
    pub served: Vec<(usize, PathBuf)>,
    /// Places, or parts of them, that cannot be read.
    pub troubles: Vec<Trouble>,
}

/// How places are told apart.
#[derive(Debug)]
pub struct Sorting<'a> {
    /// Which files of trees are wanted.
    pub rules: Rules,
    /// Globs that choose among them.
    pub globs: &'a [String],
    /// Read trees, too.
    pub trees: bool,
    /// Follow links in them.
    pub follow: bool,
    /// Folders in trees that are left out: where indexes are kept.
    pub except: Vec<&'a Path>,
    /// Threads to walk with; 0 lets the machine decide.
    pub threads: usize,
    /// Told of the walk, which it may cancel.
    pub progress: &'a dyn Progress,
}

impl Sorting<'_> {
    /// Tells which of `places` are read as they are.
    ///
    /// # Errors
    /// A glob is wrong, a tree cannot be listed.
    pub fn sort(&self, places: &[PathBuf]) -> Result<Sorted> {
        let globs = Globs::new(self.globs)?;
        let taken = |path: &[u8], last: &mut LastFolder| match &globs {
            Some(globs) => globs.take(path, last),
            None => true,
        };
        let mut sorted = Sorted::default();
        for (asked, place) in places.iter().enumerate() {
            if place == Path::new("-") {
                sorted.files.push(input(asked));
                continue;
            }
            let stat = match std::fs::metadata(place) {
                Ok(stat) => stat,
                Err(error) => {
                    sorted.troubles.push(Trouble { path: place.clone(), why: error.to_string() });
                    continue;
                }
            };
            if stat.is_dir() {
                match self.trees {
                    true => self.tree(asked, place, &taken, &mut sorted)?,
                    false => sorted.served.push((asked, place.clone())),
                }
            } else if stat.is_file() && is_image(place).unwrap_or(false) {
                sorted.served.push((asked, place.clone()));
            } else {
                let path = place.file_name().unwrap_or(place.as_os_str()).as_bytes().to_vec();
                if !taken(&path, &mut LastFolder::default()) {
                    continue;
                }
                let parent = place.parent().filter(|parent| *parent != Path::new(""));
                let root = parent.unwrap_or(Path::new(".")).as_os_str().as_bytes().to_vec();
                // As everywhere, the current folder has no name.
                let shown = match parent {
                    Some(parent) if parent != Path::new(".") => place.as_os_str().as_bytes(),
                    _ => &*path,
                };
                let shown = shown.to_vec();
                let real = place.canonicalize().ok().filter(|_| stat.is_file());
                sorted.files.push(Plain {
                    asked,
                    name: Name { path, root: Some(root), shown, file: real.clone() },
                    named: true,
                    size: stat.len(),
                    real,
                    source: Source::Path(place.clone()),
                });
            }
        }
        once(&mut sorted.files);
        Ok(sorted)
    }

    fn tree(
        &self,
        asked: usize,
        place: &Path,
        taken: &impl Fn(&[u8], &mut LastFolder) -> bool,
        sorted: &mut Sorted,
    ) -> Result<()> {
        let cannot = || format!("cannot search {}", place.display());
        let root = place.canonicalize().with_context(cannot)?;
        let walk = Walk {
            rules: self.rules.clone(),
            follow: self.follow,
            threads: self.threads,
            except: self.except.clone(),
            ..Walk::default()
        };
        let listing = walk.run(&root, self.progress)?;
        sorted.troubles.extend(listing.troubles);
        let mut folder = LastFolder::default();
        for file in listing.tree.files {
            let (path, size) = (file.key.into_vec(), file.stamp.size);
            if size > self.rules.max_filesize || !taken(&path, &mut folder) {
                continue;
            }
            let real = path_of(&root, &path);
            let shown = match place == Path::new(".") {
                true => path.clone(),
                false => path_of(place, &path).into_os_string().into_vec(),
            };
            let named_root = Some(place.as_os_str().as_bytes().to_vec());
            sorted.files.push(Plain {
                asked,
                name: Name { path, root: named_root, shown, file: Some(real.clone()) },
                named: false,
                size,
                source: Source::Path(real.clone()),
                real: Some(real),
            });
        }
        Ok(())
    }
}

impl Plain {
    /// Opens it to be read: of a file the bytes that it has now, whatever is written behind
    /// them meanwhile. Nothing where standard output goes to it.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(&self) -> io::Result<Option<Box<dyn Read>>> {
        let Source::Path(path) = &self.source else {
            return Ok(Some(Box::new(io::stdin().lock())));
        };
        let file = File::open(path)?;
        let stat = rustix::fs::fstat(&file)?;
        if output() == Some(identity(&stat)) {
            return Ok(None);
        }
        // In /proc, and of streams, sizes are not told.
        let size = u64::try_from(stat.st_size).unwrap_or_default();
        Ok(Some(match size {
            0 => Box::new(file),
            size => Box::new(file.take(size)),
        }))
    }

    /// Whether it is a file, which can be read again, of more than `bytes`.
    pub fn is_longer(&self, bytes: u64) -> bool {
        self.real.is_some() && self.size > bytes
    }

    /// Whether its text holds a NUL. Reads a file up to the first.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn has_nul(&self) -> io::Result<bool> {
        let Some(bytes) = self.open()? else { return Ok(false) };
        let mut text = decoder(bytes);
        let mut window = vec![0; WINDOW];
        loop {
            match text.read(&mut window) {
                Ok(0) => return Ok(false),
                Ok(count) if contains_nul(window.get(..count).unwrap_or_default()) => {
                    return Ok(true);
                }
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
        }
    }

    /// Reads its first bytes, enough to tell its language; of a stream none, which would
    /// then be missing.
    pub fn head(&self) -> Vec<u8> {
        let mut head = Vec::new();
        if let (Source::Path(path), Some(_)) = (&self.source, &self.real)
            && let Ok(file) = File::open(path)
        {
            // What cannot be read has no head; reading all of it will say so.
            let _ = file.take(512).read_to_end(&mut head);
        }
        head
    }
}

fn input(asked: usize) -> Plain {
    let name = STDIN.as_bytes().to_vec();
    let name = Name { path: name.clone(), root: Some(b"-".to_vec()), shown: name, file: None };
    Plain { asked, name, named: true, size: 0, real: None, source: Source::Input }
}

/// Leaves of each file, whatever its names, the first; standard input, too, can be read
/// only once.
fn once(files: &mut Vec<Plain>) {
    let mut known = HashSet::new();
    files.retain(|file| match (&file.source, &file.real) {
        (Source::Path(_), None) => true,
        (_, real) => known.insert(real.clone()),
    });
}
