//! Go.

use super::super::Kind;
use super::super::table::{Class, Ends, Find, Newline, Row, SLASHES, classes, form};

pub(super) static ROW: Row = Row {
    class: classes(&[(b'`', Class::Raw), (b'\'', Class::Line)]),
    newline: Newline::Always,
    forms: &[
        form(b"func", Kind::Function, Find::Receiver, Ends::Block),
        form(b"type", Kind::Type, Find::Type, Ends::Statement),
        form(b"const", Kind::Const, Find::Group, Ends::Statement),
        form(b"var", Kind::Variable, Find::Group, Ends::Statement),
    ],
    members: &[Kind::Interface],
    imports: &[b"import"],
    no_calls: &[
        b"if", b"for", b"switch", b"return", b"func", b"go", b"defer", b"select", b"case",
        b"range", b"import", b"var", b"const", b"type",
    ],
    ..SLASHES
};
