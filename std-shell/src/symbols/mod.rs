//! What is defined where, and used where.
//!
//! ```text
//! name ─names─▶ how it may be meant ─definitions─▶ symbols of images
//!                                   └─references─▶ documents that may use it ─outline─▶ uses
//! ```
//!
//! A question is asked of a corpus: the open places and what of them may answer. Images
//! hold each symbol's name, kind, line and depth; what else is shown (signatures, doc
//! comments, uses) comes from the [`outline`] of a text alone, so that another reader of
//! a language, such as `precise`, is built in there. [`map`] draws
//! what matters most of a project. What is asked of the engine, and what it answers, is in
//! [`find`] for a name, in [`mod@file`] for a file.

pub mod definitions;
pub mod file;
pub mod find;
pub mod map;
pub mod names;
pub mod outline;
#[cfg(feature = "precise")]
pub mod precise;
pub mod references;
