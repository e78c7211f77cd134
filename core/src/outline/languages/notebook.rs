//! Jupyter notebooks: headings of the text, definitions of the code. Written
//! by every tool with a line of source a line, so no JSON need be read.

use super::super::Kind;
use super::super::lines::{Cell, Ends, PLAIN, Row, Shape, mark, section};

pub(super) static ROW: Row = Row {
    marks: &[
        section(Shape::Cell(Cell::Text, &Shape::Repeated(b'#')), 0),
        mark(Shape::Cell(Cell::Code, &Shape::After(b"class")), Kind::Class, Ends::Indented),
        mark(Shape::Cell(Cell::Code, &Shape::After(b"def")), Kind::Function, Ends::Indented),
        mark(Shape::Cell(Cell::Code, &Shape::After(b"async def")), Kind::Function, Ends::Indented),
    ],
    indent: usize::MAX,
    notebook: true,
    ..PLAIN
};
