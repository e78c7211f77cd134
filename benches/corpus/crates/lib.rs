//! Nothing is built here: the manifest beside it is a list of pinned crates.
