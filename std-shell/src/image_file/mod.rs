//! An image as a file of its own, which is given away: packed, written, opened again.
//!
//! [`pack`] writes one. Besides texts such an image holds what else a tree is made of ([`rest`]: modes, folders,
//! links, files that are no text), so that unpacking restores it byte by byte. It goes to an
//! [`outlet`], which appears whole or not at all, and never replaces what is no regular file.
//! One that a user names is opened by [`reader`]: checked whole before it is believed, unless it is
//! only mapped; it may have been damaged, or made by another version, and says which. [`unpack`]
//! restores the tree, [`mod@inspect`] tells what the texts are made of.

pub mod inspect;
pub mod outlet;
pub mod pack;
pub mod reader;
pub mod rest;
pub mod unpack;
