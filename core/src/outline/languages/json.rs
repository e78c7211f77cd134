//! JSON: what the outermost object has objects and arrays under.

use super::super::Kind;
use super::super::lines::{Ends, PLAIN, Row, Shape, mark};

pub(super) static ROW: Row = Row {
    marks: &[mark(Shape::Member, Kind::Section, Ends::Indented)],
    indent: usize::MAX,
    ..PLAIN
};
