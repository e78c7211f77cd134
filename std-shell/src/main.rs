//! The `sigla` command.
fn main() {}
