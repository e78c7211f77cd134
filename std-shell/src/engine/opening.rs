//! What serves the places that were named: places become bodies.
//!
//! A *place* is what the user names: a folder, a file or an image. A *body* is
//! what serves it: the index of a tree, an image, or a lone file, indexed in
//! memory because no index has it. Places with the same body share it, so that a
//! document answers once; it then belongs to the first place that holds it. All bodies
//! together are the [`Corpus`], whose segments are searched.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use sigla_core::build::{Builder, Options};
use sigla_core::image::{MAGIC, Segment};
use xxhash_rust::xxh3::xxh3_64;

use crate::engine::current::{self, Current};
use crate::image_file::reader;
use crate::machine::pool::Pool;
use crate::machine::progress::Progress;
use crate::store::home::Home;
use crate::store::ingest;
use crate::store::mapped::Bytes;
use crate::store::place::Place;
use crate::store::update::Settings;
use crate::tree::decode::decode;
use crate::tree::root::Root;
use crate::tree::walk::{TooLarge, Trouble, is_within, key_of};

/// How places are opened.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'a> {
    /// Where indexes are kept.
    pub home: &'a Home,
    /// How trees are indexed.
    pub settings: &'a Settings,
    /// Take an index as it is.
    pub stale_ok: bool,
    /// Map a user's image, unchecked, instead of reading and checking it.
    pub mmap: bool,
    /// Who works.
    pub pool: &'a Pool,
    /// Shown to the user.
    pub progress: &'a dyn Progress,
}

/// A place that the user named.
#[derive(Debug)]
pub struct Asked {
    /// The folder that the hits' paths are relative to, or the image; as typed.
    pub root: PathBuf,
    /// It is an image.
    pub image: bool,
    /// Which of the places that were named it is: their order.
    pub order: usize,
    /// Index of its body.
    pub(super) body: usize,
    /// Its key in the body: only this document, or only those below it.
    pub(super) within: Vec<u8>,
    /// Bytes of a key up to the path relative to `root`.
    base: usize,
    /// The name of a file as it was typed: a link has another one than its document.
    file: Option<Vec<u8>>,
}

impl Asked {
    pub(super) fn holds(&self, key: &[u8]) -> bool {
        is_within(key, &self.within)
    }

    /// Index of what serves it among [`Corpus::bodies`].
    pub fn body(&self) -> usize {
        self.body
    }

    /// What follows the root in `key`.
    pub fn below<'k>(&'k self, key: &'k [u8]) -> &'k [u8] {
        self.file.as_deref().unwrap_or(key.get(self.base..).unwrap_or(key))
    }

    /// The key of the document whose path, relative to `root`, is `path`.
    pub fn key(&self, path: &[u8]) -> Vec<u8> {
        if self.file.as_deref() == Some(path) {
            return self.within.clone();
        }
        match self.within.get(..self.base) {
            Some(base) => [base, path].concat(),
            None => [&*self.within, b"/", path].concat(),
        }
    }
}

/// How a document is called in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The path relative to the searched place.
    pub path: Vec<u8>,
    /// The place, where several were searched, as bytes of a path.
    pub root: Option<Vec<u8>>,
    /// The path as the user can use it.
    pub shown: Vec<u8>,
    /// Where the file is on this machine.
    pub file: Option<PathBuf>,
}

/// What serves one or more places.
#[derive(Debug)]
pub enum Body {
    /// The index of a tree, which holds the texts.
    Tree {
        /// Which index.
        place: Place,
        /// The tree, open.
        root: Root,
        /// The index, open.
        current: Box<Current>,
    },
    /// An image with its own texts.
    Image {
        /// Its path: the user's image, or the file that it was made of.
        path: PathBuf,
        /// It was made of one file, just now.
        lone: bool,
        /// The image.
        bytes: Bytes,
    },
}

impl Body {
    pub(super) fn segments(&self) -> Result<Vec<Segment<'_>>> {
        match self {
            Body::Tree { current, .. } => current.index.segments(),
            Body::Image { path, bytes, .. } => {
                Ok(vec![Segment::new(reader::unchecked(path, bytes)?)])
            }
        }
    }

    /// The generation that answers; `None` where there is no stored index.
    pub fn generation(&self) -> Option<u64> {
        match self {
            Body::Tree { current, .. } => current.index.generation(),
            Body::Image { .. } => None,
        }
    }

    /// Whether the answer may be behind the tree: it is known to be, or nobody
    /// looked.
    pub fn stale(&self) -> bool {
        match self {
            Body::Tree { current, .. } => current.stale.unwrap_or(true),
            Body::Image { .. } => false,
        }
    }

    fn is_of(&self, file: &Path) -> bool {
        matches!(self, Body::Image { path, .. } if path == file)
    }

    /// Where the file `key` is on this machine.
    pub fn path_of(&self, key: &[u8]) -> Option<PathBuf> {
        match self {
            Body::Tree { root, .. } => Some(root.path_of(key)),
            Body::Image { path, lone, .. } => lone.then(|| path.clone()),
        }
    }
}

/// Everything that is searched together.
#[derive(Debug, Default)]
pub struct Corpus {
    pub(super) asked: Vec<Asked>,
    pub(super) bodies: Vec<Body>,
    /// Whether several places were named.
    several: bool,
    /// What was wrong with places that cannot be searched.
    lost: Vec<String>,
    /// Nobody looked whether trees have moved on, as that is all right.
    pub(super) stale_ok: bool,
    /// Texts that are larger are left out.
    pub(super) max_filesize: u64,
}

impl Drop for Corpus {
    /// What the answers have found out is written back.
    fn drop(&mut self) {
        for body in &self.bodies {
            if let Body::Tree { place, root, current } = body {
                current.settle(place, root);
            }
        }
    }
}

impl Corpus {
    /// Opens what serves `places`; trees are indexed, or their indexes brought
    /// up to date, as [`current::open`] does it. Of several, those that cannot be searched are
    /// [`Corpus::troubles`], and the others answer.
    ///
    /// # Errors
    /// There is no such path, it is no image, its tree is too large, …
    pub fn open(places: &[PathBuf], opening: &Opening<'_>) -> Result<Corpus> {
        let mut corpus = Corpus {
            several: places.len() > 1,
            stale_ok: opening.stale_ok,
            max_filesize: opening.settings.rules.max_filesize,
            asked: Vec::new(),
            bodies: Vec::new(),
            lost: Vec::new(),
        };
        let (mut named, mut asked, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        for (order, name) in places.iter().enumerate() {
            if is_stream(name) {
                match corpus.stream(name) {
                    Ok(place) => asked.push((order, place)),
                    Err(error) => lost.push((order, error)),
                }
                continue;
            }
            let path = name.canonicalize();
            match path.with_context(|| format!("cannot search {}", name.display())) {
                Ok(path) => named.push((order, name, path)),
                Err(error) => lost.push((order, error)),
            }
        }
        // From the outside in, so that what lies in another place is found there.
        named.sort_by_key(|(_, _, path)| path.components().count());
        for (order, name, path) in named {
            match corpus.place(name, &path, opening) {
                Ok(place) => asked.push((order, place)),
                Err(error) => lost.push((order, error)),
            }
        }
        if !corpus.several
            && let Some((_, error)) = lost.pop()
        {
            return Err(error);
        }
        asked.sort_by_key(|(order, _)| *order);
        lost.sort_by_key(|(order, _)| *order);
        let asked = asked.into_iter().map(|(order, asked)| Asked { order, ..asked });
        corpus.asked = asked.collect();
        corpus.lost = lost.into_iter().map(|(_, error)| format!("{error:#}")).collect();
        Ok(corpus)
    }

    /// Opens what serves the place `name`, whose canonical path is `path`.
    fn place(&mut self, name: &Path, path: &Path, opening: &Opening<'_>) -> Result<Asked> {
        let folder = path.is_dir();
        if !folder && !path.is_file() {
            bail!("cannot search {}: neither a folder nor a file", name.display());
        }
        if !folder && is_image(path)? {
            let body = self.image(name, path, opening)?;
            let root = name.to_owned();
            return Ok(Asked {
                root,
                image: true,
                order: 0,
                body,
                within: vec![],
                base: 0,
                file: None,
            });
        }
        let root = match name.parent() {
            _ if folder => name,
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let asked = |body, within: &[u8]| {
            let within = within.to_vec();
            let base = match folder {
                true if within.is_empty() => 0,
                true => within.len() + 1,
                false => within.iter().rposition(|&byte| byte == b'/').map_or(0, |at| at + 1),
            };
            let file = name.file_name().filter(|_| !folder).map(|file| file.as_bytes().to_vec());
            Asked { root: root.to_owned(), image: false, order: 0, body, within, base, file }
        };
        for (body, known) in self.bodies.iter().enumerate() {
            if let Body::Tree { root, .. } = known
                && let Some(within) = key_of(root.path(), path)
            {
                let asked = asked(body, within);
                if self.documents(&asked)? > 0 {
                    return Ok(asked);
                }
            }
        }
        let place = Place::of(path, opening.home, &opening.settings.rules)?;
        if folder {
            return match self.tree(place.clone(), opening) {
                Ok(body) => Ok(asked(body, &place.within)),
                // What is around it need not be indexed for it.
                Err(error) if error.is::<TooLarge>() && !place.within.is_empty() => {
                    let alone = Place::exactly(path, opening.home, &opening.settings.rules)?;
                    Ok(asked(self.tree(alone, opening)?, b""))
                }
                Err(error) => Err(error),
            };
        }
        // A file is no reason to index its neighbours.
        if place.is_indexed() {
            let asked = asked(self.tree(place.clone(), opening)?, &place.within);
            if self.documents(&asked)? > 0 {
                return Ok(asked);
            }
        }
        // Nor is it one to find nothing that the file is ignored or large.
        Ok(asked(self.lone(&place, name, path)?, &place.within))
    }

    /// The body of a tree, opened unless another place has done so.
    fn tree(&mut self, place: Place, opening: &Opening<'_>) -> Result<usize> {
        let same = |body: &Body| matches!(body, Body::Tree { place: known, .. } if known.folder == place.folder);
        if let Some(known) = self.bodies.iter().position(same) {
            return Ok(known);
        }
        let current = current::open(&place, opening)?;
        let (root, current) = (Root::open(&place.root)?, Box::new(current));
        Ok(self.add(Body::Tree { place, root, current }))
    }

    fn image(&mut self, name: &Path, path: &Path, opening: &Opening<'_>) -> Result<usize> {
        if let Some(known) = self.bodies.iter().position(|body| body.is_of(path)) {
            return Ok(known);
        }
        let bytes = match opening.mmap {
            true => File::open(path).and_then(|file| Bytes::map(&file)),
            false => std::fs::read(path).map(Bytes::Owned),
        };
        let bytes = bytes.with_context(|| format!("cannot read {}", name.display()))?;
        match opening.mmap {
            true => reader::unchecked(name, &bytes)?,
            false => reader::open(name, &bytes)?,
        };
        Ok(self.add(Body::Image { path: path.to_owned(), lone: false, bytes }))
    }

    /// Indexes one file in memory.
    fn lone(&mut self, place: &Place, name: &Path, path: &Path) -> Result<usize> {
        if let Some(known) = self.bodies.iter().position(|body| body.is_of(path)) {
            return Ok(known);
        }
        let raw = std::fs::read(path).with_context(|| format!("cannot read {}", name.display()))?;
        self.text(&place.within, name, path, &raw)
    }

    /// Indexes what a stream brings in memory: a pipe, or standard input.
    fn stream(&mut self, name: &Path) -> Result<Asked> {
        let (root, key, mut raw) = (name.parent(), name.file_name(), Vec::new());
        let (root, key, read) = match name == Path::new("-") {
            true => (Path::new("."), STDIN.as_bytes(), io::stdin().read_to_end(&mut raw)),
            false => {
                let root = root.filter(|root| *root != Path::new("")).unwrap_or(Path::new("."));
                let read = File::open(name).and_then(|mut file| file.read_to_end(&mut raw));
                (root, key.unwrap_or(name.as_os_str()).as_bytes(), read)
            }
        };
        read.with_context(|| format!("cannot read {}", name.display()))?;
        let body = match self.bodies.iter().position(|body| body.is_of(name)) {
            Some(known) => known,
            None => self.text(key, name, name, &raw)?,
        };
        let (root, within) = (root.to_owned(), key.to_vec());
        Ok(Asked { root, image: false, order: 0, body, within, base: 0, file: None })
    }

    /// Indexes the bytes of one file in memory, `key` being its name there.
    fn text(&mut self, key: &[u8], name: &Path, path: &Path, raw: &[u8]) -> Result<usize> {
        let text = decode(raw)
            .ok_or_else(|| anyhow!("{} is binary: it holds NUL bytes", name.display()))?;
        let mut builder = Builder::new(Options { text: true, grams: false });
        let added = builder.add(ingest::document(key, xxh3_64(raw), text));
        let mut image = Vec::new();
        added
            .and_then(|()| builder.finish(&mut image))
            .map_err(|error| anyhow!("cannot index {}: {error}", name.display()))?;
        let bytes = Bytes::Owned(image);
        Ok(self.add(Body::Image { path: path.to_owned(), lone: true, bytes }))
    }

    fn add(&mut self, body: Body) -> usize {
        self.bodies.push(body);
        self.bodies.len() - 1
    }

    /// The places, in the order in which they were named.
    pub fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// Whether several places were named, so that each answer says which one it is of.
    pub fn several(&self) -> bool {
        self.several
    }

    /// What serves them.
    pub fn bodies(&self) -> &[Body] {
        &self.bodies
    }

    /// The generation of the one index that answers.
    pub fn generation(&self) -> Option<u64> {
        match &*self.bodies {
            [body] => body.generation(),
            _ => None,
        }
    }

    /// What serves a segment.
    pub fn body_of(&self, segment: &Segment<'_>) -> Option<&Body> {
        self.bodies.get(usize::from(segment.place))
    }

    /// Places that cannot be searched, and files that could not be read while indexing.
    pub fn troubles(&self) -> impl Iterator<Item = String> {
        let indexing = self.bodies.iter().flat_map(|body| match body {
            Body::Tree { current, .. } => &*current.troubles,
            Body::Image { .. } => &[],
        });
        self.lost.iter().cloned().chain(indexing.map(Trouble::to_string))
    }

    /// All segments, [`Segment::place`] being the index of the body.
    ///
    /// # Errors
    /// One of them is damaged.
    pub fn segments(&self) -> Result<Vec<Segment<'_>>> {
        let mut segments = Vec::new();
        for (body, place) in self.bodies.iter().zip(0u16..) {
            segments.extend(body.segments()?.into_iter().map(|s| Segment { place, ..s }));
        }
        Ok(segments)
    }

    /// The place to which the document `key` of a segment belongs: its number
    /// among [`Corpus::asked`].
    pub fn place_of(&self, segment: &Segment<'_>, key: &[u8]) -> Option<usize> {
        let body = usize::from(segment.place);
        self.asked.iter().position(|asked| asked.body == body && asked.holds(key))
    }

    /// How the document `key` of a segment is called, which belongs to the place
    /// of this number.
    pub fn name(&self, place: usize, segment: &Segment<'_>, key: &[u8]) -> Name {
        let file = self.body_of(segment).and_then(|body| body.path_of(key));
        let Some(asked) = self.asked.get(place) else {
            return Name { path: key.to_vec(), root: None, shown: key.to_vec(), file };
        };
        let several = self.several;
        let path = asked.below(key);
        let root = asked.root.as_os_str().as_bytes();
        let shown = match (asked.image, several) {
            (true, true) => [root, b":", path].concat(),
            (false, _) if asked.root != Path::new(".") => {
                asked.root.join(OsStr::from_bytes(path)).into_os_string().into_vec()
            }
            _ => path.to_vec(),
        };
        Name { path: path.to_vec(), root: several.then(|| root.to_vec()), shown, file }
    }
}

/// What standard input is called in an answer.
pub(crate) const STDIN: &str = "<stdin>";

/// Whether it is `-`, standard input, or a pipe without a place of its own (`/dev/stdin`,
/// `<(…)`). One that lies in a folder may have nobody who writes into it.
pub(super) fn is_stream(name: &Path) -> bool {
    name == Path::new("-") || (std::fs::metadata(name).is_ok() && name.canonicalize().is_err())
}

/// Whether the file is meant as an image: by its name, or by how it begins.
pub(crate) fn is_image(name: &Path) -> Result<bool> {
    if name.extension().is_some_and(|extension| extension == "sigla") {
        return Ok(true);
    }
    let mut head = Vec::new();
    File::open(name)
        .and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut head))
        .with_context(|| format!("cannot read {}", name.display()))?;
    Ok(head == MAGIC)
}
