//! Dockerfiles: their stages.

use super::super::lines::{PLAIN, Row, Shape, Verbatim, section};

pub(super) static ROW: Row = Row {
    marks: &[section(Shape::Stage, 1)],
    verbatim: &[Verbatim::Here],
    comments: &[b"#"],
    ..PLAIN
};
