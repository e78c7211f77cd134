//! What comes first: BM25 in integers, bounded top-k, features and their weights.
//!
//! No float is on a query's way, so every machine gives the same scores. A score
//! of one term is at most its inverse document frequency in 1/1024 bit; features
//! are shares in 1/1024.

pub mod bm25;
mod class;
pub mod features;
pub mod top;
mod weights;

pub use class::Class;
pub use features::{Features, Weights};
pub use top::Top;
