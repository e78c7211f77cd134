//! Protocol buffers.

use super::super::Kind;
use super::super::table::{Ends, Find, Row, SLASHES, form};

pub(super) static ROW: Row = Row {
    forms: &[
        form(b"message", Kind::Struct, Find::Next, Ends::Block),
        form(b"enum", Kind::Enum, Find::Next, Ends::Block),
        form(b"service", Kind::Interface, Find::Next, Ends::Block),
        form(b"rpc", Kind::Function, Find::Next, Ends::Block),
        form(b"oneof", Kind::Union, Find::Next, Ends::Block),
        form(b"package", Kind::Module, Find::Next, Ends::Statement),
    ],
    imports: &[b"import"],
    no_calls: &[b"rpc", b"returns"],
    ..SLASHES
};
