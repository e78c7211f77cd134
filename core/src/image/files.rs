//! FILES: what a tree has besides its texts, so that it can be restored.
//!
//! ```text
//! modes u16 × documents │ entries
//! entry: kind u8 │ mode u16 │ path length u16 │ content length u32 │ path │ content
//! ```

use super::{Corrupt, DocId, Section};
use crate::bits::layout::{Array, Field};

/// Where the fields of an entry stand, as drawn above; path and content follow.
mod entry {
    use super::Field;

    pub(super) const KIND: Field<u8> = Field::at(0);
    pub(super) const MODE: Field<u16> = Field::at(1);
    pub(super) const PATH_BYTES: Field<u16> = Field::at(3);
    pub(super) const CONTENT_BYTES: Field<u32> = Field::at(5);
    /// Bytes before the path.
    pub(super) const BYTES: usize = CONTENT_BYTES.end();
}

/// Where the fields of a [`FileKind::Formed`] entry's content stand.
mod formed {
    use super::Field;

    pub(super) const FORM: Field<u8> = Field::at(0);
    pub(super) const LENGTH: Field<u64> = Field::at(1);
    /// Bytes of the content.
    pub(super) const BYTES: usize = LENGTH.end();
}

/// What an entry says of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum FileKind {
    /// It was left out: it is no text.
    Binary = 1,
    /// It was left out: it was too large.
    Large = 2,
    /// Its bytes are kept here, and are not searched.
    Kept = 3,
    /// A document whose text is not its bytes, which are kept here: UTF-16, or
    /// UTF-8 with a byte-order mark.
    Original = 4,
    /// A folder of the tree; the empty path is the packed folder itself.
    Folder = 5,
    /// A symbolic link; its content is where it leads.
    Link = 6,
    /// It was left out: a link, a pipe, a socket or a device.
    Special = 7,
    /// It was left out: a folder with nothing in it.
    Empty = 8,
    /// A document whose bytes are its text in another form, which is kept here: see
    /// [`FileEntry::form`].
    Formed = 9,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Binary,
        Self::Large,
        Self::Kept,
        Self::Original,
        Self::Folder,
        Self::Link,
        Self::Special,
        Self::Empty,
        Self::Formed,
    ];

    /// Whether it was left out: nothing but its name is in the image.
    pub const fn left_out(self) -> bool {
        matches!(self, Self::Binary | Self::Large | Self::Special | Self::Empty)
    }

    /// Whether it says what the bytes of a document were.
    pub const fn of_document(self) -> bool {
        matches!(self, Self::Original | Self::Formed)
    }
}

/// How the bytes of a file were made of its text: behind a byte-order mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum Form {
    /// As it is.
    Utf8 = 0,
    /// In UTF-16, the lower byte first.
    Utf16Le = 1,
    /// In UTF-16, the higher byte first.
    Utf16Be = 2,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be];

    /// The content of an entry of this form, for a file of so many bytes.
    pub fn content(self, bytes: u64) -> [u8; 9] {
        let mut content = [0; formed::BYTES];
        formed::FORM.put(&mut content, self as u8);
        formed::LENGTH.put(&mut content, bytes);
        content
    }
}

/// A file that is no document, or not only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileEntry<'a> {
    /// What it is about.
    pub kind: FileKind,
    /// The permission bits.
    pub mode: u16,
    /// Its path relative to the packed folder.
    pub path: &'a [u8],
    /// Its bytes, where they are kept.
    pub content: &'a [u8],
}

impl FileEntry<'_> {
    /// The form of a document's file and its length in bytes; `None` where the entry is
    /// of another kind, or says neither.
    pub fn form(&self) -> Option<(Form, u64)> {
        let form = formed::FORM.get(self.content)?;
        let form = Form::ALL.into_iter().find(|&known| known as u8 == form)?;
        let length = formed::LENGTH.get(self.content)?;
        let whole = self.kind == FileKind::Formed && self.content.len() == formed::BYTES;
        whole.then_some((form, length))
    }
}

/// Reads FILES.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    modes: Array<'a, u16>,
    documents: u32,
    entries: &'a [u8],
}

impl<'a> Files<'a> {
    pub(super) fn new(section: &'a [u8], documents: u32) -> Result<Self, Corrupt> {
        Array::first(section, documents as usize)
            .map(|(modes, entries)| Self { modes, documents, entries })
            .ok_or(Corrupt::new(Section::Files, section.len()))
    }

    /// The permission bits of a document; `None` where there is no such document.
    pub fn mode(&self, id: DocId) -> Option<u16> {
        self.modes.get(id.0 as usize)
    }

    /// The other files, by path.
    pub fn entries(&self) -> impl Iterator<Item = Result<FileEntry<'a>, Corrupt>> + use<'a> {
        let (entries, modes) = (self.entries, Array::<u16>::place(self.documents as usize));
        let mut at = Some(0).filter(|_| !entries.is_empty());
        core::iter::from_fn(move || {
            let start = at?;
            let read = || {
                let head = entries.get(start..)?;
                let kind = entry::KIND.get(head)?;
                let kind = FileKind::ALL.into_iter().find(|&known| known as u8 == kind)?;
                let path = usize::from(entry::PATH_BYTES.get(head)?);
                let content = entry::CONTENT_BYTES.get(head)? as usize;
                let (path, rest) = head.get(entry::BYTES..)?.split_at_checked(path)?;
                let (content, rest) = rest.split_at_checked(content)?;
                let entry = FileEntry { kind, mode: entry::MODE.get(head)?, path, content };
                Some((entry, entries.len().checked_sub(rest.len())?))
            };
            Some(match read() {
                Some((entry, end)) => {
                    at = Some(end).filter(|&end| end < entries.len());
                    Ok(entry)
                }
                None => {
                    at = None;
                    Err(Corrupt::new(Section::Files, modes.saturating_add(start)))
                }
            })
        })
    }
}

/// The bytes of FILES, from the mode of each document and the other files by
/// path; `None` where a path or a content is too long.
#[cfg(feature = "alloc")]
pub fn files(modes: &[u16], entries: &[FileEntry<'_>]) -> Option<alloc::vec::Vec<u8>> {
    use crate::bits::layout::Number;
    let mut out = alloc::vec::Vec::new();
    modes.iter().for_each(|mode| mode.push(&mut out));
    for file in entries {
        let mut head = [0; entry::BYTES];
        entry::KIND.put(&mut head, file.kind as u8);
        entry::MODE.put(&mut head, file.mode);
        entry::PATH_BYTES.put(&mut head, u16::try_from(file.path.len()).ok()?);
        entry::CONTENT_BYTES.put(&mut head, u32::try_from(file.content.len()).ok()?);
        out.extend_from_slice(&head);
        out.extend_from_slice(file.path);
        out.extend_from_slice(file.content);
    }
    Some(out)
}
