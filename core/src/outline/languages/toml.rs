//! TOML: tables. Single keys are too many to be names.

use super::super::lines::{PLAIN, Row, Shape, Verbatim, section};

pub(super) static ROW: Row = Row {
    marks: &[section(Shape::Bracketed, 1)],
    verbatim: &[Verbatim::Tripled],
    comments: &[b"#"],
    ..PLAIN
};
