//! The image and its search: one flat byte string that any machine can search.
//!
//! Reading and searching ([`image`], [`search`]) need neither `std` nor an
//! allocator, never panic and give the same answer on every machine; all memory is
//! the caller's. Writing (`build`) is behind the feature `alloc`; `defmt` derives
//! formats for firmware logs. `docs/design.md` holds the laws, `docs/format.md`
//! every byte of the image.
//!
//! ```
//! # #[cfg(feature = "alloc")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use sigla_core::build::{Builder, Document, Options};
//! # use sigla_core::outline::{Lang, Role};
//! use sigla_core::image::{Image, Segment};
//! use sigla_core::search::{Hit, Limits, Query, Searcher, needs};
//!
//! # let mut builder = Builder::new(Options { text: true, grams: false });
//! # let text = b"/// Waits longer after each failure.\nfn retry_with_backoff() {}\n";
//! # let (key, lang, role) = (b"src/retry.rs", Lang::Rust, Role::default());
//! # builder.add(Document { key, lang, role, hash: 0, text: text.into() })?;
//! # let mut bytes = Vec::new();
//! # builder.finish(&mut bytes)?;
//! let segments = [Segment::new(Image::open(&bytes)?)];
//! let mut scratch = [0; needs(&Limits::SMALL)];
//! let mut searcher = Searcher::new(&segments, Limits::SMALL, &mut scratch)?;
//! let mut plan = searcher.plan(&Query::new(b"wait failure"))?;
//! let mut hits = [Hit::NONE; 10];
//! let answer = plan.search(&mut hits)?;
//! for hit in hits.iter().take(answer.hits) {
//!     assert!(plan.key(hit)?.bytes().eq(*b"src/retry.rs"));
//!     let snippet = plan.snippet(hit, 1)?;
//!     assert_eq!(snippet.line, 1);
//!     assert_eq!(snippet.text, b"/// Waits longer after each failure.\n");
//! }
//! # assert_eq!(answer.hits, 1);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "alloc"))]
//! # fn main() {}
//! ```
#![no_std]
#![deny(clippy::indexing_slicing)]
#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod bits;
#[cfg(feature = "alloc")]
pub mod build;
pub mod glyph;
#[cfg(feature = "alloc")]
mod hash;
pub mod image;
pub mod outline;
pub mod rank;
pub mod search;
pub mod text;

/// The program in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
