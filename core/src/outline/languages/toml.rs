//! TOML: tables. Single keys are too many to be names.

use super::super::lines::{PLAIN, Row, Shape, section};

pub(super) static ROW: Row =
    Row { marks: &[section(Shape::Bracketed, 1)], comments: &[b"#"], ..PLAIN };
