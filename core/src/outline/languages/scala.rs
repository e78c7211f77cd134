//! Scala, 2 with braces and 3 by indentation.

use super::super::Kind;
use super::super::table::{Class, Ends, Find, Newline, Row, SLASHES, classes, form};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'"', Class::TripledRaw),
        (b'\'', Class::Quote),
        (b'@', Class::Attribute),
        (b'`', Class::Line),
        (b'$', Class::Word),
    ]),
    code: b"${",
    nests: true,
    newline: Newline::Guess,
    offside: true,
    scoped: true,
    modifiers: &[
        b"extension",
        b"private",
        b"protected",
        b"final",
        b"sealed",
        b"abstract",
        b"implicit",
        b"lazy",
        b"override",
        b"case",
        b"inline",
        b"opaque",
        b"open",
        b"transparent",
        b"infix",
        b"package",
    ],
    forms: &[
        form(b"def", Kind::Function, Find::Named, Ends::Block),
        form(b"class", Kind::Class, Find::Named, Ends::Block),
        form(b"object", Kind::Class, Find::Named, Ends::Block),
        form(b"trait", Kind::Trait, Find::Named, Ends::Block),
        form(b"enum", Kind::Enum, Find::Named, Ends::Block),
        form(b"given", Kind::Const, Find::Contextual, Ends::Block),
        form(b"type", Kind::Type, Find::Named, Ends::Statement),
        form(b"package", Kind::Module, Find::Space, Ends::Block),
    ],
    imports: &[b"import"],
    no_calls: &[
        b"if", b"for", b"while", b"match", b"return", b"catch", b"case", b"def", b"class", b"new",
        b"this", b"super", b"throw", b"yield", b"else", b"do", b"val", b"var", b"extends", b"with",
    ],
    ..SLASHES
};
