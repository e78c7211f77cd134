//! Zig.

use super::super::Kind;
use super::super::table::{Class, Ends, Find, Row, SLASHES, classes, form};

pub(super) static ROW: Row = Row {
    // A comma ends a field, which has nothing else to end it.
    class: classes(&[
        (b'\'', Class::Quote),
        (b'\\', Class::Note),
        (b',', Class::Semicolon),
        (b'@', Class::Word),
    ]),
    block_comment: None,
    modifiers: &[b"pub", b"export", b"extern", b"inline", b"noinline", b"threadlocal", b"comptime"],
    forms: &[
        form(b"fn", Kind::Function, Find::Named, Ends::Block),
        form(b"const", Kind::Struct, Find::Container, Ends::Block),
        form(b"var", Kind::Struct, Find::Container, Ends::Block),
    ],
    no_calls: &[
        b"if",
        b"for",
        b"while",
        b"switch",
        b"return",
        b"catch",
        b"fn",
        b"and",
        b"or",
        b"orelse",
        b"else",
        b"try",
        b"packed",
        b"enum",
        b"union",
        b"struct",
        b"align",
        b"callconv",
        b"linksection",
        b"addrspace",
    ],
    ..SLASHES
};
