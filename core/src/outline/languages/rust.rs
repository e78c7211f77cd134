//! Rust.

use super::super::Kind;
use super::super::table::{Class, Ends, Find, Row, SLASHES, classes, form};

pub(super) static ROW: Row = Row {
    class: classes(&[(b'"', Class::Rust), (b'\'', Class::Quote), (b'#', Class::Attribute)]),
    nests: true,
    modifiers: &[
        b"pub", b"async", b"unsafe", b"extern", b"default", b"safe", b"auto", b"mut", b"ref", b"!",
    ],
    forms: &[
        form(b"fn", Kind::Function, Find::Next, Ends::Block),
        form(b"struct", Kind::Struct, Find::Next, Ends::Block),
        form(b"enum", Kind::Enum, Find::Next, Ends::Block),
        form(b"union", Kind::Union, Find::Next, Ends::Block),
        form(b"trait", Kind::Trait, Find::Next, Ends::Block),
        form(b"impl", Kind::Impl, Find::Impl, Ends::Block),
        form(b"mod", Kind::Module, Find::Next, Ends::Block),
        form(b"const", Kind::Const, Find::Next, Ends::Statement),
        form(b"static", Kind::Variable, Find::Next, Ends::Statement),
        form(b"type", Kind::Type, Find::Next, Ends::Statement),
        form(b"macro_rules", Kind::Macro, Find::Next, Ends::Block),
    ],
    imports: &[b"use", b"extern"],
    no_calls: &[b"if", b"for", b"while", b"match", b"return", b"in", b"fn", b"let", b"pub", b"as"],
    ..SLASHES
};
