//! sigla: index and search a tree.
