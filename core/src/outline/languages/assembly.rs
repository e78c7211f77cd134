//! Assembly: labels, but those of a function's inside.

use super::super::Kind;
use super::super::lines::{Ends, PLAIN, Row, Shape, mark};

pub(super) static ROW: Row = Row {
    marks: &[mark(Shape::Target, Kind::Function, Ends::Level(1))],
    comments: &[b";", b"#", b"//"],
    ..PLAIN
};
