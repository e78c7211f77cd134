//! AsciiDoc.

use super::super::lines::{PLAIN, Row, Shape, Verbatim, section};

pub(super) static ROW: Row = Row {
    marks: &[section(Shape::Repeated(b'='), 0), section(Shape::Repeated(b'#'), 0)],
    verbatim: &[Verbatim::Fence(b"-./+", 4, false), Verbatim::Fence(b"`", 3, true)],
    comments: &[b"//", b"["],
    ..PLAIN
};
