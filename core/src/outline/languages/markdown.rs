//! Markdown: headings as CommonMark has them; fenced code, front matter and
//! HTML comments hold none.

use super::super::lines::{PLAIN, Row, Shape, Verbatim, section};

pub(super) static ROW: Row = Row {
    marks: &[section(Shape::Repeated(b'#'), 0), section(Shape::Underlined(b"=-"), 0)],
    verbatim: &[
        Verbatim::Front,
        Verbatim::Fence(b"`~", 3, true),
        Verbatim::Between(b"<!--", b"-->"),
    ],
    indent: 3,
    ..PLAIN
};
