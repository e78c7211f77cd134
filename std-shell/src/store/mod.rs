//! Indexes of trees, kept in the user's cache: made, brought up to date, opened.
//!
//! ```text
//! home      the cache folder, a folder for each index, the writer's lock
//!  ├ catalogue   SQLite: the tree as it was seen, the generation that counts
//!  └ segments    images, never changed: written as a draft, renamed, then named
//! ```
//!
//! [`place`] tells which index serves a path and [`kept`] which there are; [`update`]
//! compares, lets [`ingest`] build images of what moved (a long log in [`parts`], all of it
//! into a [`draft`]) and publishes; [`index`] is a generation, open, its segments
//! [`mapped`].
//!
//! One writer holds the lock. The catalogue's commit alone publishes, so that a reader sees
//! one generation whole, whatever ends the writer at whatever moment.

pub mod catalogue;
pub mod draft;
pub mod home;
pub mod index;
pub mod ingest;
pub mod kept;
pub mod mapped;
pub mod parts;
pub mod place;
pub mod update;
