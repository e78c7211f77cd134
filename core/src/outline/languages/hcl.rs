//! HCL, the language of Terraform: blocks with labels.

use super::super::Kind;
use super::super::lines::{Ends, Mark, PLAIN, Row, Shape, Verbatim, mark};

const fn block(word: &'static [u8], kind: Kind) -> Mark {
    mark(Shape::Labelled(word), kind, Ends::Indented)
}

pub(super) static ROW: Row = Row {
    marks: &[
        block(b"resource", Kind::Struct),
        block(b"data", Kind::Struct),
        block(b"module", Kind::Module),
        block(b"provider", Kind::Module),
        block(b"variable", Kind::Variable),
        block(b"output", Kind::Variable),
        block(b"job", Kind::Module),
        block(b"group", Kind::Module),
        block(b"task", Kind::Module),
        block(b"source", Kind::Struct),
        block(b"target", Kind::Struct),
    ],
    verbatim: &[Verbatim::Between(b"/*", b"*/"), Verbatim::Here],
    comments: &[b"#", b"//"],
    indent: usize::MAX,
    ..PLAIN
};
