//! reStructuredText: names with lines of signs below, perhaps above. What is
//! indented is no text of the document itself.

use super::super::lines::{PLAIN, Row, Shape, section};

pub(super) static ROW: Row = Row { marks: &[section(Shape::Adorned, 0)], indent: 1, ..PLAIN };
