//! SQL: what statements create.

use super::super::Kind;
use super::super::lines::{Ends, Mark, PLAIN, Row, Shape, Verbatim, mark};

const fn created(word: &'static [u8], kind: Kind) -> Mark {
    mark(Shape::Created(word), kind, Ends::Statement)
}

pub(super) static ROW: Row = Row {
    marks: &[
        created(b"table", Kind::Struct),
        created(b"view", Kind::Type),
        created(b"function", Kind::Function),
        created(b"procedure", Kind::Function),
        created(b"trigger", Kind::Function),
        created(b"type", Kind::Type),
        created(b"domain", Kind::Type),
        created(b"index", Kind::Variable),
        created(b"sequence", Kind::Variable),
        created(b"schema", Kind::Module),
        created(b"database", Kind::Module),
    ],
    verbatim: &[Verbatim::Between(b"/*", b"*/")],
    comments: &[b"--"],
    indent: usize::MAX,
    ..PLAIN
};
