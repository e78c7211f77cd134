//! GraphQL: schemas and documents.

use super::super::Kind;
use super::super::table::{Class, Ends, Find, Newline, Row, SLASHES, classes, form};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'#', Class::Comment),
        (b'/', Class::Plain),
        (b'"', Class::Python),
        (b'@', Class::Word),
    ]),
    line_comment: b"#",
    block_comment: None,
    newline: Newline::Always,
    modifiers: &[b"extend"],
    forms: &[
        form(b"type", Kind::Struct, Find::Next, Ends::Block),
        form(b"input", Kind::Struct, Find::Next, Ends::Block),
        form(b"interface", Kind::Interface, Find::Next, Ends::Block),
        form(b"enum", Kind::Enum, Find::Next, Ends::Block),
        form(b"union", Kind::Union, Find::Next, Ends::Block),
        form(b"scalar", Kind::Type, Find::Next, Ends::Statement),
        form(b"directive", Kind::Macro, Find::Next, Ends::Statement),
        form(b"fragment", Kind::Type, Find::Next, Ends::Block),
        form(b"query", Kind::Function, Find::Next, Ends::Block),
        form(b"mutation", Kind::Function, Find::Next, Ends::Block),
        form(b"subscription", Kind::Function, Find::Next, Ends::Block),
    ],
    ..SLASHES
};
