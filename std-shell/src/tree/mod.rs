//! A tree of files: what is in it, under which rules, and whether it has moved on.
//!
//! ```text
//! folder ─walk (ignored: which rules)─▶ Tree ─fresh (stamps)─▶ verdict ─rescan─▶ Tree
//! file   ─root─▶ bytes ─decode─▶ text
//! ```
//!
//! A [`walk::Tree`] is three lists of entries (files, folders, files of rules), each sorted
//! by key: the path below the root, as bytes. So it depends on the tree alone, not on
//! threads or the order of the disk. An entry has a stamp, what `lstat` says, and the hash
//! of a file that was read; nothing here knows what an index is. What could not be read is a
//! trouble in the listing, and what is left out is a list in it: neither is ever silent.
//! [`types`] names kinds of files, as `-t` does.

pub mod decode;
pub mod fresh;
pub mod ignored;
pub mod rescan;
pub mod root;
pub mod types;
pub mod walk;
