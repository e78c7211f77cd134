//! TOML: tables. Single keys are too many to be names.

use super::super::lines::{Row, Shape, section};

pub(super) static ROW: Row =
    Row { marks: &[section(Shape::Bracketed, 1)], verbatim: &[], comments: &[b"#"], indent: 0 };
