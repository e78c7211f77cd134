//! Erlang: functions by their clauses, and the attributes that define.

use super::super::Kind;
use super::super::lines::{Ends, Mark, PLAIN, Row, Shape, Verbatim, mark};

const fn attribute(word: &'static [u8], kind: Kind) -> Mark {
    mark(Shape::Attribute(word), kind, Ends::Stop)
}

pub(super) static ROW: Row = Row {
    marks: &[
        attribute(b"-module", Kind::Module),
        attribute(b"-record", Kind::Struct),
        attribute(b"-define", Kind::Macro),
        attribute(b"-type", Kind::Type),
        attribute(b"-opaque", Kind::Type),
        attribute(b"-nominal", Kind::Type),
        attribute(b"-callback", Kind::Function),
        mark(Shape::Clause, Kind::Function, Ends::Stop),
    ],
    verbatim: &[
        Verbatim::Between(b"-doc \"\"\"", b"\"\"\"."),
        Verbatim::Between(b"-moduledoc \"\"\"", b"\"\"\"."),
    ],
    comments: &[b"%", b"-spec"],
    ..PLAIN
};
