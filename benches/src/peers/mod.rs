//! The systems we are measured beside, each doing the least that the comparison asks of it.

pub mod codecs;
pub mod tantivy;
pub mod tree_sitter;

/// tantivy, as rows name it.
pub const TANTIVY: &str = "tantivy 0.27";
/// tree-sitter, as rows name it.
pub const TREE_SITTER: &str = "tree-sitter 0.27";
