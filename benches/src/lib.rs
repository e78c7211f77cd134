//! sigla beside its peers.
//!
//! Each bench is a binary of this package (`index`, `image`, `bm25`, `search`, `quality`, `pairs`,
//! `outline`, `codec`, `logs`), run by `cargo xtask bench` or by hand. What they share lives here:
//! the pinned corpus ([`corpus`]), the stop-watch that measures two sides in turns ([`clock`]),
//! whole processes and their memory ([`process`]), the retrieval measure ([`score`]), the rows that
//! are printed ([`report`]), and the peers themselves ([`peers`], behind the feature of that name).
//! The outline has a corpus of its own ([`samples`]) and an oracle ([`oracle`], behind a feature a
//! grammar), the codec has corpora of records ([`records`]).
//!
//! Where a comparison favours one side, `docs/benchmarks.md` says so.

pub mod body;
pub mod clock;
pub mod corpus;
pub mod learn;
pub mod library;
pub mod options;
#[cfg(feature = "checked")]
pub mod oracle;
pub mod pairs;
#[cfg(feature = "peers")]
pub mod peers;
pub mod process;
pub mod records;
pub mod report;
pub mod samples;
pub mod score;
pub mod words;
