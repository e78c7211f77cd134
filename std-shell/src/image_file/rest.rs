//! What a packed tree has besides its texts, written and restored: permission
//! bits, folders, links, and the files that are no text.

use std::collections::HashSet;
use std::convert::Infallible;
use std::io::{self, Read, Seek};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use encoding_rs::{Encoding, UTF_8};
use sigla_core::build::Sink;
use sigla_core::image::{self, DocId, FileEntry, FileKind, Form};
use xxhash_rust::xxh3::Xxh3;

use crate::store::draft::{Draft, Medium, Run};
use crate::store::ingest::{self, Nul, is_log};
use crate::tree::decode::{contains_nul, decode_any, encode, mark};
use crate::tree::root::{Root, is_output};
use crate::tree::walk::{Entry, Listing, Stamp, Trouble};

/// What of a tree is packed besides its texts.
#[derive(Debug)]
pub struct Rest {
    /// The bytes of the section FILES.
    pub section: Run,
    /// How many files, links and folders are named in the image and not kept.
    pub left_out: usize,
    /// Files that could not be read, or have changed meanwhile.
    pub troubles: Vec<Trouble>,
}

/// What an entry holds.
enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Those of the file, of which the hash may be known; they are read when they are
    /// written, so that no file is held whole.
    File(Option<u64>),
}

/// An entry and what it holds.
struct Held<'a> {
    kind: FileKind,
    mode: u16,
    path: &'a [u8],
    content: Content,
}

/// The rest of what is listed below `root`, of which the image `run` has the texts; written
/// to `room`. Contents of files that are no documents, links and empty folders are kept where
/// `all` says so.
///
/// # Errors
/// The image is damaged, the section too large, or it cannot be written.
pub fn rest(
    root: &Root,
    listing: &Listing,
    run: &Run,
    max_filesize: u64,
    all: bool,
    room: &Medium,
) -> Result<Rest> {
    let image = &ingest::open(run.bytes())?;
    let (mut modes, mut held) = (Vec::new(), Vec::new());
    // What the image will have, apart from the folders above it.
    let mut restored: Vec<&[u8]> = Vec::new();
    let (mut next, documents) = (0, image.meta().documents);
    let mut key = Vec::new();
    for file in &listing.tree.files {
        let path = &*file.key;
        let mut doc = None;
        if next < documents {
            key.clear();
            key.extend(image.docs().key(DocId(next))?.bytes());
            if *key == *path {
                doc = Some(DocId(next));
                next += 1;
            }
        }
        let mode = root.mode(path).unwrap_or(0o644);
        let mut entry = |kind, content| held.push(Held { kind, mode, path, content });
        if doc.is_some() || all {
            restored.push(path);
        }
        if let Some(id) = doc {
            modes.push(mode);
            let (text, hash) = (
                image.text().context("the image has no text")?.get(id)?,
                image.docs().get(id)?.hash,
            );
            if hash_of(text, run) == hash {
                continue;
            }
            match form(text, hash, run) {
                Some((form, bytes)) => {
                    entry(FileKind::Formed, Content::Bytes(form.content(bytes).to_vec()));
                }
                None => entry(FileKind::Original, Content::File(Some(hash))),
            }
        } else if all {
            entry(FileKind::Kept, Content::File(None));
        } else {
            let large = file.stamp.size > max_filesize;
            let kind = if large { FileKind::Large } else { FileKind::Binary };
            entry(kind, Content::Bytes(Vec::new()));
        }
    }
    for path in &listing.others {
        let mode = root.mode(path).unwrap_or(0o777);
        let target = std::fs::read_link(root.path_of(path)).ok().filter(|_| all);
        let (kind, content) = match target {
            Some(target) => (FileKind::Link, target.into_os_string().into_vec()),
            None => (FileKind::Special, Vec::new()),
        };
        if kind == FileKind::Link {
            restored.push(path);
        }
        held.push(Held { kind, mode, path, content: Content::Bytes(content) });
    }
    folders(root, listing, all, &mut restored, &mut held);
    held.sort_unstable_by_key(|held| held.path);
    let left_out = held.iter().filter(|held| held.kind.left_out()).count();
    let (section, troubles) = write(root, &modes, &held, room)?;
    Ok(Rest { section, left_out, troubles })
}

/// Writes the section FILES, and tells of the files that are not in it because they could
/// not be read.
fn write(
    root: &Root,
    modes: &[u16],
    held: &[Held<'_>],
    room: &Medium,
) -> Result<(Run, Vec<Trouble>)> {
    let unwritten = "cannot write what is no text";
    let mut draft = room.draft().context(unwritten)?;
    let mut troubles = Vec::new();
    draft.append(&image::files(modes, &[]).unwrap_or_default()).context(unwritten)?;
    for Held { kind, mode, path, content } in held {
        let start = draft.size();
        let (content, file) = match content {
            Content::Bytes(bytes) => (&**bytes, None),
            Content::File(hash) => (&[][..], Some(hash)),
        };
        let entry = FileEntry { kind: *kind, mode: *mode, path, content };
        let entry = image::files(&[], &[entry]).context("a path of more than 65535 bytes")?;
        draft.append(&entry).context(unwritten)?;
        let Some(hash) = file else { continue };
        match keep(root, path, *hash, &mut draft)? {
            Ok(bytes) => {
                let at = start + CONTENT_LENGTH;
                draft.rewrite(at, &bytes.to_le_bytes()).context(unwritten)?;
            }
            Err(why) => {
                draft.cut(start).context(unwritten)?;
                troubles.push(Trouble { path: root.path_of(path), why });
            }
        }
    }
    Ok((draft.done().context(unwritten)?, troubles))
}

/// The most bytes of all texts of an image, and of all that is no text.
pub const LARGEST: u64 = u32::MAX as u64;

/// What to say where an image would hold more.
const TOO_MUCH: &str = "comes to more than 4 GiB, the most that an image holds: leave some of it \
                        out (--glob '!NAME'), or pack the folders below it one by one";

/// Refuses `files` below `root` where their texts, or with `all` what is no text, come to
/// more than an image holds: before the work. What cannot be told yet, as the length of
/// UTF-16 in UTF-8, may still turn out too much. Where the files together have no more,
/// none is opened; else each is read to its first NUL.
///
/// # Errors
/// Says what is too much, and what to do.
pub fn fits(root: &Root, files: &[Entry], max_filesize: u64, nul: Nul, all: bool) -> Result<()> {
    let wanted = || files.iter().filter(|file| all || file.stamp.size <= max_filesize);
    if wanted().fold(0, |sum: u64, file| sum.saturating_add(file.stamp.size)) <= LARGEST {
        return Ok(());
    }
    let (mut texts, mut others) = (0, 0);
    for Entry { key, stamp: Stamp { size, .. }, .. } in wanted() {
        if *size > LARGEST {
            let path = root.path_of(key);
            bail!("{} {TOO_MUCH}", path.display());
        }
        let text = if *size > max_filesize { None } else { text_bytes(root, key, *size, nul) };
        match text {
            Some(bytes) => texts += bytes,
            None if all => others += size,
            None => {}
        }
        if texts > LARGEST {
            bail!("the text of {} {TOO_MUCH}", root.path().display());
        }
        if others > LARGEST {
            bail!("what is no text in {} {TOO_MUCH}", root.path().display());
        }
    }
    Ok(())
}

/// The least bytes that the text of a file of `size` bytes has; `None` where it is none, or
/// cannot be read.
fn text_bytes(root: &Root, key: &[u8], size: u64, nul: Nul) -> Option<u64> {
    let mut file = root.file(key).ok()??;
    let mut window = vec![0; WINDOW];
    let count = file.read(&mut window).ok()?;
    let head = window.get(..count)?;
    let wide = Encoding::for_bom(head).is_some_and(|(encoding, _)| encoding != UTF_8);
    let log = nul == Nul::InLogs && is_log(key, &decode_any(head));
    if wide {
        return Some(size / 2);
    }
    if nul == Nul::Text || log {
        return Some(size);
    }
    let mut holds = contains_nul(head);
    while !holds {
        match file.read(&mut window).ok()? {
            0 => break,
            count => holds = contains_nul(window.get(..count)?),
        }
    }
    Some(size).filter(|_| !holds)
}

/// Bytes of a file that are read at once.
const WINDOW: usize = 256 << 10;

/// Where an entry of FILES says how long its content is, in four bytes.
const CONTENT_LENGTH: u64 = 5;

/// Appends the bytes of the file `path`, whose hash may be known, and gives their number, or
/// says why they cannot be had. A file that changes meanwhile is read again, at most three
/// times.
fn keep(
    root: &Root,
    path: &[u8],
    known: Option<u64>,
    draft: &mut Draft,
) -> Result<Result<u32, String>> {
    let unwritten = "cannot write what is no text";
    let start = draft.size();
    let mut file = match root.file(path) {
        Ok(Some(file)) => file,
        Ok(None) => return Ok(Err("it went while it was packed".to_owned())),
        Err(error) => return Ok(Err(error.to_string())),
    };
    let mut window = vec![0; WINDOW];
    let mut attempts = 3;
    loop {
        let before = rustix::fs::fstat(&file)?;
        if is_output(&before) {
            return Ok(Err("it is the standard output: left out".to_owned()));
        }
        let (mut hash, mut bytes) = (Xxh3::new(), 0);
        loop {
            let piece = match file.read(&mut window) {
                Ok(count) => window.get(..count).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Ok(Err(error.to_string())),
            };
            if piece.is_empty() {
                break;
            }
            bytes += piece.len() as u64;
            if start + bytes > LARGEST {
                let path = root.path_of(path);
                bail!("with {}, what is no text {TOO_MUCH}", path.display());
            }
            hash.update(piece);
            draft.append(piece).context(unwritten)?;
        }
        attempts -= 1;
        if attempts == 0 || Stamp::of(&rustix::fs::fstat(&file)?) == Stamp::of(&before) {
            let same = known.is_none_or(|known| known == hash.digest());
            let bytes = u32::try_from(bytes).ok().filter(|_| same);
            return Ok(bytes.ok_or_else(|| "it changed while it was packed".to_owned()));
        }
        draft.cut(start).context(unwritten)?;
        file.rewind()?;
    }
}

/// Bytes of a text after which its memory is given back.
const PIECE: usize = 4 << 20;

fn hash_of(text: &[u8], run: &Run) -> u64 {
    let mut all = Xxh3::new();
    for piece in text.chunks(PIECE) {
        all.update(piece);
        if piece.len() == PIECE {
            run.release();
        }
    }
    all.digest()
}

/// The form in which a `text` has bytes of this hash, and how many.
fn form(text: &[u8], hash: u64, run: &Run) -> Option<(Form, u64)> {
    Form::ALL.into_iter().find_map(|form| {
        let (mut all, mut bytes, mut seen) = (Xxh3::new(), 0, 0);
        let mut take = |part: &[u8]| {
            all.update(part);
            bytes += part.len() as u64;
            seen += part.len();
            if seen > PIECE {
                seen = 0;
                run.release();
            }
            Ok::<_, Infallible>(())
        };
        let Ok(()) = take(mark(form));
        let Ok(()) = encode(form, text, take);
        (all.digest() == hash).then_some((form, bytes))
    })
}

/// The folders above what is `restored`, and those with nothing in them.
fn folders<'a>(
    root: &Root,
    listing: &'a Listing,
    all: bool,
    restored: &mut Vec<&'a [u8]>,
    held: &mut Vec<Held<'a>>,
) {
    let keys = || listing.tree.directories.iter().map(|folder| &*folder.key);
    let is_empty = |key: &&[u8]| {
        // Not one of which all is ignored: that is left out because it is asked for.
        !key.is_empty()
            && std::fs::read_dir(root.path_of(key)).is_ok_and(|names| names.count() == 0)
    };
    let empty: HashSet<&[u8]> = keys().filter(is_empty).collect();
    if all {
        restored.extend(&empty);
    }
    let mut above: HashSet<&[u8]> = HashSet::from([&b""[..]]);
    for mut path in restored.iter().copied() {
        while let Some(end) = path.iter().rposition(|&b| b == b'/') {
            path = path.get(..end).unwrap_or_default();
            if !above.insert(path) {
                break;
            }
        }
    }
    for path in keys() {
        let kind = match (above.contains(path), empty.contains(path)) {
            (false, false) => continue,
            (false, true) if !all => FileKind::Empty,
            _ => FileKind::Folder,
        };
        let mode = root.mode(path).unwrap_or(0o755);
        held.push(Held { kind, mode, path, content: Content::Bytes(Vec::new()) });
    }
}

/// Where a key may be written below a folder.
///
/// # Errors
/// It would leave the folder, or is no path.
pub fn inside(key: &[u8]) -> Result<PathBuf> {
    let path = Path::new(std::ffi::OsStr::from_bytes(key));
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    // Components forgive doubled and trailing slashes and dots; a key has none.
    let same = path.components().collect::<PathBuf>().as_os_str().as_bytes() == key;
    if key.is_empty() || !plain || !same || key.contains(&0) {
        bail!("the image names {:?}, which is no path inside a folder", path.display().to_string());
    }
    Ok(path.to_owned())
}
