//! The image and its search.
#![no_std]
#![deny(clippy::indexing_slicing)]
#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod bits;
#[cfg(feature = "alloc")]
pub mod build;
pub mod image;
pub mod outline;
pub mod rank;
pub mod search;
pub mod text;
