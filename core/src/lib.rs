//! The image and its search: one flat byte string that any machine can search.
//!
//! Reading and searching ([`image`], [`search`]) need neither `std` nor an
//! allocator, never panic and give the same answer on every machine; all memory is
//! the caller's. Writing (`build`) is behind the feature `alloc`; `defmt` derives
//! formats for firmware logs. `docs/design.md` holds the laws, `docs/format.md`
//! every byte of the image.
//!
//! ```
//! # #[cfg(feature = "alloc")] {
//! use sigla_core::build::{Builder, Document, Options};
//! use sigla_core::image::{Image, Segment};
//! use sigla_core::outline::{Lang, Role};
//! use sigla_core::rank::Weights;
//! use sigla_core::search::{Hit, Limits, OwnTexts, Query, needs, search};
//!
//! let mut builder = Builder::new(Options { text: true, grams: false });
//! let text = b"/// Waits longer after each failure.\nfn retry_with_backoff() {}\n";
//! let (key, lang, role) = (b"src/retry.rs", Lang::Rust, Role::default());
//! builder.add(Document { key, lang, role, hash: 0, text: text.into() }).unwrap();
//! let mut bytes = Vec::new();
//! builder.finish(&mut bytes).unwrap();
//!
//! let segments = [Segment::new(Image::open(&bytes).unwrap())];
//! let mut scratch = [0; needs(&Limits::SMALL)];
//! let mut hits = [Hit::NONE; 10];
//! let (query, limits) = (Query::new(b"backoff"), Limits::SMALL);
//! let mut texts = OwnTexts(&segments);
//! let weights = Weights::default();
//! let answer =
//!     search(&segments, &query, &weights, &limits, &mut texts, &mut scratch, &mut hits).unwrap();
//! assert_eq!(answer.hits, 1);
//! let found = segments[0].image.docs().get(hits[0].doc).unwrap();
//! assert!(found.key.bytes().eq(*b"src/retry.rs"));
//! # }
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
