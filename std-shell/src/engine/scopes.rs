//! What a search is over: places become bodies, and bodies become segments.
//!
//! A *place* is what the user names: a folder, a file or an image. A *body* is
//! what serves it: the index of a tree, an image, or a lone file, indexed in
//! memory because no index has it. Places with the same body share it, so that a
//! document answers once; it then belongs to the first place that holds it.
//!
//! Which documents of a body may answer is a bitmap ([`Segment::scope`]): the
//! part of the tree that was named, the globs, the languages. It acts inside
//! retrieval, so N hits come when N exist; statistics stay those of the whole.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use ignore::overrides::{Override, OverrideBuilder};
use sigla_core::bits::Bitmap;
use sigla_core::build::{Builder, Document, Options};
use sigla_core::image::{DocId, Image, Key, MAGIC, Segment};
use sigla_core::outline::Lang;
use xxhash_rust::xxh3::xxh3_64;

use crate::engine::serve::{Served, serve};
use crate::image_file::opened;
use crate::machine::progress::Progress;
use crate::store::home::Home;
use crate::store::ingest;
use crate::store::mapped::Bytes;
use crate::store::place::Place;
use crate::store::update::Settings;
use crate::tree::decode::decode;
use crate::tree::ignored::LeftOut;
use crate::tree::root::Root;
use crate::tree::types::Type;
use crate::tree::walk::{TooLarge, Trouble, key_of};

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
    /// Which documents may answer: what is left out of them is said.
    pub choice: Choice<'a>,
    /// Shown to the user.
    pub progress: &'a Progress,
}

/// Which documents may answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice<'a> {
    /// Of one of these types; of any where there are none.
    pub types: &'a [Type],
    /// As in `rg -g`, relative to the place: only these, or with `!`, not these.
    pub globs: &'a [String],
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
    body: usize,
    /// Its key in the body: only this document, or only those below it.
    within: Vec<u8>,
    /// Bytes of a key up to the path relative to `root`.
    base: usize,
    /// The name of a file as it was typed: a link has another one than its document.
    file: Option<Vec<u8>>,
}

impl Asked {
    fn holds(&self, key: &[u8]) -> bool {
        match key.strip_prefix(&*self.within) {
            Some(rest) => self.within.is_empty() || rest.is_empty() || rest.starts_with(b"/"),
            None => false,
        }
    }

    /// Index of what serves it among [`Searcher::bodies`].
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

    /// The documents of `image` that lie in it.
    fn range(&self, image: &Image<'_>) -> Result<Range<u32>> {
        if self.within.is_empty() {
            return Ok(0..image.meta().documents);
        }
        if let Some(DocId(id)) = image.docs().find(&self.within)? {
            return Ok(id..id + 1);
        }
        // `0` is the byte behind `/`.
        let below = |border: u8| first(image, &[&*self.within, &[border]].concat());
        Ok(below(b'/')?..below(b'0')?)
    }
}

/// The first document whose key is not less than `key`.
fn first(image: &Image<'_>, key: &[u8]) -> Result<u32> {
    let wanted = Key { head: key, tail: &[] };
    let (mut low, mut high) = (0, image.meta().documents);
    while low < high {
        let middle = low + (high - low) / 2;
        let less = image.docs().key(DocId(middle))?.compare(wanted).is_lt();
        if less { low = middle + 1 } else { high = middle }
    }
    Ok(low)
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
        served: Box<Served>,
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
    fn segments(&self) -> Result<Vec<Segment<'_>>> {
        match self {
            Body::Tree { served, .. } => served.index.segments(),
            Body::Image { path, bytes, .. } => {
                Ok(vec![Segment::new(opened::unchecked(path, bytes)?)])
            }
        }
    }

    /// The generation that answers; `None` where there is no stored index.
    pub fn generation(&self) -> Option<u64> {
        match self {
            Body::Tree { served, .. } => served.index.generation(),
            Body::Image { .. } => None,
        }
    }

    /// Whether the answer may be behind the tree: it is known to be, or nobody
    /// looked.
    pub fn stale(&self) -> bool {
        match self {
            Body::Tree { served, .. } => served.stale.unwrap_or(true),
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
pub struct Searcher {
    asked: Vec<Asked>,
    bodies: Vec<Body>,
    /// Whether several places were named.
    several: bool,
    /// What was wrong with places that cannot be searched.
    lost: Vec<String>,
    /// The types and globs of the [`Choice`].
    types: Vec<Type>,
    globs: Vec<String>,
    /// Texts that are larger are left out.
    max_filesize: u64,
}

impl Drop for Searcher {
    /// What the answers have found out is written back.
    fn drop(&mut self) {
        for body in &self.bodies {
            if let Body::Tree { place, root, served } = body {
                served.settle(place, root);
            }
        }
    }
}

impl Searcher {
    /// Opens what serves `places`; trees are indexed, or their indexes brought
    /// up to date, as [`serve`] does it. Of several, those that cannot be searched are
    /// [`Searcher::troubles`], and the others answer.
    ///
    /// # Errors
    /// There is no such path, it is no image, its tree is too large, …
    pub fn open(places: &[PathBuf], opening: &Opening<'_>) -> Result<Searcher> {
        let mut searcher = Searcher {
            several: places.len() > 1,
            types: opening.choice.types.to_vec(),
            globs: opening.choice.globs.to_vec(),
            max_filesize: opening.settings.rules.max_filesize,
            asked: Vec::new(),
            bodies: Vec::new(),
            lost: Vec::new(),
        };
        let (mut named, mut asked, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        for (order, name) in places.iter().enumerate() {
            if is_stream(name) {
                match searcher.stream(name) {
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
            match searcher.place(name, &path, opening) {
                Ok(place) => asked.push((order, place)),
                Err(error) => lost.push((order, error)),
            }
        }
        if !searcher.several
            && let Some((_, error)) = lost.pop()
        {
            return Err(error);
        }
        asked.sort_by_key(|(order, _)| *order);
        lost.sort_by_key(|(order, _)| *order);
        let asked = asked.into_iter().map(|(order, asked)| Asked { order, ..asked });
        searcher.asked = asked.collect();
        searcher.lost = lost.into_iter().map(|(_, error)| format!("{error:#}")).collect();
        Ok(searcher)
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
        let served = serve(&place, opening.settings, opening.stale_ok, opening.progress)?;
        let (root, served) = (Root::open(&place.root)?, Box::new(served));
        Ok(self.add(Body::Tree { place, root, served }))
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
            true => opened::unchecked(name, &bytes)?,
            false => opened::open(name, &bytes)?,
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
        let lang = Lang::detect(key, &text);
        let role = ingest::role(lang, key, &text);
        let mut builder = Builder::new(Options { text: true, grams: false });
        let added = builder.add(Document { key, lang, role, hash: xxh3_64(raw), text });
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
            Body::Tree { served, .. } => &*served.troubles,
            Body::Image { .. } => &[],
        });
        self.lost.iter().cloned().chain(indexing.map(Trouble::to_string))
    }

    /// What the user should be told.
    ///
    /// # Errors
    /// An image is damaged.
    pub fn notes(&self, stale_ok: bool) -> Result<Vec<String>> {
        let mut notes = Vec::new();
        for body in &self.bodies {
            let Body::Tree { place, served, .. } = body else { continue };
            notes.extend(served.notes.iter().cloned());
            if !stale_ok && body.stale() {
                notes.push(format!(
                    "{} has changed since generation {}, which answers",
                    place.root.display(),
                    body.generation().unwrap_or_default()
                ));
            }
        }
        for asked in &self.asked {
            if self.documents(asked)? == 0 && !asked.within.is_empty() {
                notes.push(format!(
                    "nothing in {} is indexed: it is empty, binary, hidden or ignored; \
                     --hidden and --no-ignore take such files",
                    asked.root.display()
                ));
            }
        }
        let globs = Globs::new(&self.globs)?;
        if let Some(globs) = &globs
            && !self.chooses(globs)?
        {
            notes.push(format!(
                "nothing that is indexed matches {}; --hidden and --no-ignore take files \
                 that are hidden or ignored, too",
                self.globs.join(" ")
            ));
        }
        for (index, body) in self.bodies.iter().enumerate() {
            let Body::Tree { root, served, .. } = body else { continue };
            let LeftOut { mut large, mut broken } = served.index.left_out()?;
            let asked = || self.asked.iter().filter(|asked| asked.body == index);
            let typed = |key: &[u8]| Type::any_has(&self.types, Lang::detect(key, b""), key);
            let chosen = |asked: &Asked, key: &[u8]| {
                let mut folder = Folder::default();
                let glob = |globs: &Globs| globs.take(asked.below(key), &mut folder);
                asked.holds(key) && globs.as_ref().is_none_or(glob)
            };
            large.retain(|key| typed(key) && asked().any(|asked| chosen(asked, key)));
            // What stands beside the place says nothing of it.
            broken.retain(|it| {
                let rule = Path::new(OsStr::from_bytes(&it.rule));
                let Some(folder) = rule.parent() else { return true };
                asked().any(|asked| {
                    let place = root.path_of(&asked.within);
                    !folder.starts_with(root.path())
                        || place.starts_with(folder)
                        || folder.starts_with(&place)
                })
            });
            notes.extend(LeftOut { large, broken }.notes(self.max_filesize));
        }
        Ok(notes)
    }

    /// Whether any document passes the globs.
    fn chooses(&self, globs: &Globs) -> Result<bool> {
        let (mut key, mut folder) = (Vec::new(), Folder::default());
        for segment in self.segments()? {
            let body = usize::from(segment.place);
            for asked in self.asked.iter().filter(|asked| asked.body == body) {
                for id in asked.range(&segment.image)?.map(DocId) {
                    key.clear();
                    key.extend(segment.image.docs().key(id)?.bytes());
                    if !segment.is_dead(id) && globs.take(asked.below(&key), &mut folder) {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Live documents in a place.
    fn documents(&self, asked: &Asked) -> Result<usize> {
        let Some(body) = self.bodies.get(asked.body) else { return Ok(0) };
        let mut documents = 0;
        for segment in body.segments()? {
            let range = asked.range(&segment.image)?;
            documents += range.filter(|&id| !segment.is_dead(DocId(id))).count();
        }
        Ok(documents)
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

    /// Which documents of each segment may answer, `None` where all may.
    ///
    /// # Errors
    /// A glob is wrong, a segment damaged.
    pub fn scopes(
        &self,
        segments: &[Segment<'_>],
        choice: &Choice<'_>,
    ) -> Result<Vec<Option<Vec<u8>>>> {
        let globs = Globs::new(choice.globs)?;
        segments.iter().map(|segment| self.scope(segment, choice, globs.as_ref())).collect()
    }

    fn scope(
        &self,
        segment: &Segment<'_>,
        choice: &Choice<'_>,
        globs: Option<&Globs>,
    ) -> Result<Option<Vec<u8>>> {
        let all = choice.types.is_empty() && globs.is_none();
        let mut places = self.asked.iter().filter(|asked| asked.body == usize::from(segment.place));
        if all && places.clone().any(|asked| asked.within.is_empty()) {
            return Ok(None);
        }
        let mut scope = vec![0u8; segment.image.meta().documents.div_ceil(8) as usize];
        let mut key = Vec::new();
        places.try_for_each(|asked| -> Result<()> {
            let mut folder = Folder::default();
            for id in asked.range(&segment.image)? {
                let doc = segment.image.docs().get(DocId(id))?;
                key.clear();
                key.extend(doc.key.bytes());
                if !Type::any_has(choice.types, doc.lang, &key) {
                    continue;
                }
                let taken = |globs: &Globs| globs.take(asked.below(&key), &mut folder);
                if !globs.is_none_or(taken) {
                    continue;
                }
                Bitmap(&mut scope[..]).set(id);
            }
            Ok(())
        })?;
        Ok(Some(scope))
    }

    /// The place to which the document `key` of a segment belongs: its number
    /// among [`Searcher::asked`].
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
fn is_stream(name: &Path) -> bool {
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

/// The globs of `-g`, which work as in a walk: an excluded folder takes all that
/// is below it with it.
pub(crate) struct Globs(Override);

/// The folder that was judged last; keys come sorted, so mostly also the next.
#[derive(Default)]
pub(crate) struct Folder {
    path: Vec<u8>,
    taken: Option<bool>,
}

impl Globs {
    /// Those of `globs`, where there are some.
    ///
    /// # Errors
    /// One of them is no glob.
    pub(crate) fn new(globs: &[String]) -> Result<Option<Globs>> {
        if globs.is_empty() {
            return Ok(None);
        }
        let mut overrides = OverrideBuilder::new("");
        for glob in globs {
            overrides.add(glob).with_context(|| format!("cannot use the glob `{glob}`"))?;
        }
        Ok(Some(Globs(overrides.build().context("cannot use these globs together")?)))
    }

    /// Whether they take the file `path`, relative to its place.
    pub(crate) fn take(&self, path: &[u8], last: &mut Folder) -> bool {
        let parent = path.iter().rposition(|&byte| byte == b'/').and_then(|at| path.get(..at));
        if last.taken.is_none() || parent.unwrap_or_default() != last.path {
            last.path = parent.unwrap_or_default().to_vec();
            let ends = last.path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
            let mut folders =
                ends.map(|(at, _)| at).chain((!last.path.is_empty()).then_some(last.path.len()));
            let excluded = folders.any(|end| {
                let folder = last.path.get(..end).unwrap_or_default();
                self.matched(folder, true).is_ignore()
            });
            last.taken = Some(!excluded);
        }
        last.taken == Some(true) && !self.matched(path, false).is_ignore()
    }

    fn matched(&self, path: &[u8], folder: bool) -> ignore::Match<()> {
        self.0.matched(OsStr::from_bytes(path), folder).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_choose_as_in_a_walk() {
        let paths = ["a.rs", "b.py", "src/a.rs", "src/deep/a.rs", "vendor/x/a.rs"];
        let chosen = |globs: &[&str]| {
            let globs: Vec<String> = globs.iter().map(ToString::to_string).collect();
            let globs = Globs::new(&globs).unwrap().unwrap();
            let mut folder = Folder::default();
            let taken = paths.iter().filter(|path| globs.take(path.as_bytes(), &mut folder));
            taken.copied().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(chosen(&["*.rs"]), "a.rs src/a.rs src/deep/a.rs vendor/x/a.rs");
        assert_eq!(chosen(&["!vendor"]), "a.rs b.py src/a.rs src/deep/a.rs");
        assert_eq!(chosen(&["*.rs", "!src/deep/"]), "a.rs src/a.rs vendor/x/a.rs");
        assert_eq!(chosen(&["/src/**"]), "src/a.rs src/deep/a.rs");
        assert_eq!(chosen(&["/*.rs"]), "a.rs");
        assert!(Globs::new(&["a{".to_owned()]).is_err());
    }
}
