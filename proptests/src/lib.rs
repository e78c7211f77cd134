//! The laws of sigla as properties; `tests/` has a file for each.
//!
//! [`corpus`] makes bodies of text, small ones by proptest and a large one by
//! rule; [`body`] cuts them into segments and searches those; [`model`] says what
//! must come out, by the plainest means; [`damage`] breaks images.

pub mod body;
pub mod corpus;
pub mod damage;
pub mod model;

use proptest::prelude::ProptestConfig;

/// So many cases, or as many as the variable `PROPTEST_CASES` says, with nothing
/// written to disk; a failure prints its input.
pub fn cases(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { cases },
        failure_persistence: None,
        max_shrink_iters: 5000,
        ..default
    }
}
