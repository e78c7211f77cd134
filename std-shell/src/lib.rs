//! The shell of sigla: trees become images, and questions find their images.
//!
//! ```text
//! commands   arguments become questions (cli), answers become lines (output)
//! sql        the same answers as tables
//! symbols    definitions, uses, outlines, the map
//! engine     which images answer, with what of them; texts, passages, exact search
//! image_file an image that is given away: packed, opened, unpacked
//! store      indexes in the cache: catalogue, segments, updates
//! tree       files: walked, compared, read, decoded
//! machine    threads and memory
//! ```
//!
//! A room uses those below it.

pub mod cli;
pub mod commands;
pub mod engine;
pub mod image_file;
pub mod machine;
pub mod output;
pub mod sql;
pub mod store;
pub mod symbols;
pub mod tree;
