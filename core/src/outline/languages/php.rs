//! PHP.

use super::super::Kind;
use super::super::table::{Class, Ends, Find, Row, SLASHES, classes, form};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'"', Class::Text),
        (b'\'', Class::Lines),
        (b'#', Class::Note),
        (b'<', Class::Here),
        (b'?', Class::Leave),
    ]),
    code: b"{$",
    modifiers: &[
        b"public",
        b"private",
        b"protected",
        b"static",
        b"abstract",
        b"final",
        b"readonly",
    ],
    forms: &[
        form(b"function", Kind::Function, Find::Named, Ends::Block),
        form(b"class", Kind::Class, Find::Next, Ends::Block),
        form(b"interface", Kind::Interface, Find::Next, Ends::Block),
        form(b"trait", Kind::Trait, Find::Next, Ends::Block),
        form(b"enum", Kind::Enum, Find::Contextual, Ends::Block),
        form(b"namespace", Kind::Module, Find::Space, Ends::Block),
    ],
    imports: &[b"use", b"require", b"require_once", b"include", b"include_once"],
    no_calls: &[
        b"if",
        b"elseif",
        b"for",
        b"foreach",
        b"while",
        b"switch",
        b"match",
        b"catch",
        b"function",
        b"fn",
        b"array",
        b"list",
        b"isset",
        b"unset",
        b"empty",
        b"exit",
        b"die",
        b"echo",
        b"print",
        b"return",
        b"use",
        b"declare",
        b"and",
        b"or",
        b"static",
    ],
    ..SLASHES
};
