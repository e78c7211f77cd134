//! CSS, SCSS and Less: rules by their first selector, mixins, functions,
//! animations, variables.

use super::super::Kind;
use super::super::lines::{Ends, PLAIN, Row, Shape, Verbatim, mark};

pub(super) static ROW: Row = Row {
    marks: &[
        mark(Shape::Selector, Kind::Section, Ends::Indented),
        mark(Shape::After(b"@mixin"), Kind::Macro, Ends::Indented),
        mark(Shape::After(b"@function"), Kind::Function, Ends::Indented),
        mark(Shape::After(b"@keyframes"), Kind::Section, Ends::Indented),
        mark(Shape::After(b"@-webkit-keyframes"), Kind::Section, Ends::Indented),
        mark(Shape::Property, Kind::Variable, Ends::Line),
    ],
    verbatim: &[Verbatim::Between(b"/*", b"*/")],
    comments: &[b"//"],
    indent: usize::MAX,
    ..PLAIN
};
