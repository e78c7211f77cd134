//! YAML: the outermost keys and those inside them, where lines belong to them.

use super::super::Kind;
use super::super::lines::{Ends, PLAIN, Row, Shape, mark};

pub(super) static ROW: Row = Row {
    marks: &[mark(Shape::Key, Kind::Section, Ends::Indented)],
    comments: &[b"#"],
    indent: usize::MAX,
    ..PLAIN
};
