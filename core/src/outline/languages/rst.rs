//! reStructuredText: names with lines of signs below, perhaps above. What is
//! indented is no text of the document itself.

use super::super::lines::{Row, Shape, section};

pub(super) static ROW: Row =
    Row { marks: &[section(Shape::Adorned, 0)], verbatim: &[], comments: &[], indent: 1 };
