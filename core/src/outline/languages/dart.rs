//! Dart.

use super::super::Kind;
use super::super::table::{Class, Declares, Ends, Find, Row, SLASHES, classes, form};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'"', Class::TripledLine),
        (b'\'', Class::TripledLine),
        (b'@', Class::Attribute),
        (b'$', Class::Word),
    ]),
    code: b"${",
    nests: true,
    modifiers: &[
        b"abstract",
        b"base",
        b"const",
        b"covariant",
        b"external",
        b"factory",
        b"final",
        b"late",
        b"sealed",
        b"static",
        b"required",
    ],
    forms: &[
        form(b"class", Kind::Class, Find::Next, Ends::Block),
        form(b"mixin", Kind::Class, Find::Next, Ends::Block),
        form(b"enum", Kind::Enum, Find::Next, Ends::Block),
        form(b"extension", Kind::Impl, Find::Next, Ends::Block),
        form(b"typedef", Kind::Type, Find::Alias, Ends::Statement),
    ],
    declares: Some(Declares {
        signatures: true,
        local: Some(Kind::Function),
        properties: true,
        macros: false,
        messages: false,
    }),
    imports: &[b"import", b"export", b"part"],
    no_calls: &[
        b"if", b"for", b"while", b"switch", b"return", b"catch", b"assert", b"super", b"this",
        b"await", b"in", b"is", b"as", b"throw",
    ],
    ..SLASHES
};
