//! INI and its like: sections.

use super::super::lines::{Row, Shape, section};

pub(super) static ROW: Row = Row {
    marks: &[section(Shape::Bracketed, 1)],
    verbatim: &[],
    comments: &[b";", b"#"],
    indent: 0,
};
