//! Make: targets, variables, and what `define` defines.

use super::super::Kind;
use super::super::lines::{Ends, PLAIN, Row, Shape, mark};

pub(super) static ROW: Row = Row {
    marks: &[
        mark(Shape::After(b"define"), Kind::Macro, Ends::Word(b"endef")),
        mark(Shape::Target, Kind::Function, Ends::Indented),
        mark(Shape::Assigned, Kind::Variable, Ends::Indented),
    ],
    comments: &[b"#"],
    ..PLAIN
};
