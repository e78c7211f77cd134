//! TypeScript.

use super::super::Kind;
use super::super::table::{Ends, Find, Row, form};
use super::javascript;

pub(super) static ROW: Row = Row {
    modifiers: &[
        b"export",
        b"default",
        b"async",
        b"static",
        b"get",
        b"set",
        b"*",
        b"declare",
        b"abstract",
        b"public",
        b"private",
        b"protected",
        b"readonly",
        b"override",
        b"accessor",
    ],
    forms: &[
        form(b"function", Kind::Function, Find::Next, Ends::Block),
        form(b"class", Kind::Class, Find::Next, Ends::BlockOnly),
        form(b"const", Kind::Const, Find::Binding, Ends::Statement),
        form(b"let", Kind::Variable, Find::Binding, Ends::Statement),
        form(b"var", Kind::Variable, Find::Binding, Ends::Statement),
        form(b"interface", Kind::Interface, Find::Next, Ends::BlockOnly),
        form(b"type", Kind::Type, Find::Next, Ends::Statement),
        form(b"enum", Kind::Enum, Find::Next, Ends::BlockOnly),
        form(b"namespace", Kind::Module, Find::Next, Ends::Block),
        form(b"module", Kind::Module, Find::Next, Ends::Block),
    ],
    members: &[Kind::Class, Kind::Interface],
    ..javascript::ROW
};
