//! Groovy.

use super::super::Kind;
use super::super::table::{Class, Declares, Ends, Find, Newline, Row, SLASHES, classes, form};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'"', Class::TripledLine),
        (b'\'', Class::TripledLine),
        (b'@', Class::Attribute),
        (b'$', Class::Word),
    ]),
    code: b"${",
    newline: Newline::Guess,
    modifiers: &[
        b"public",
        b"private",
        b"protected",
        b"static",
        b"final",
        b"abstract",
        b"synchronized",
        b"transient",
    ],
    forms: &[
        form(b"class", Kind::Class, Find::Next, Ends::Block),
        form(b"interface", Kind::Interface, Find::Next, Ends::Block),
        form(b"trait", Kind::Trait, Find::Next, Ends::Block),
        form(b"enum", Kind::Enum, Find::Next, Ends::Block),
    ],
    declares: Some(Declares {
        signatures: true,
        local: Some(Kind::Function),
        properties: false,
        macros: false,
        messages: false,
    }),
    imports: &[b"import"],
    no_calls: &[
        b"if", b"for", b"while", b"switch", b"return", b"catch", b"assert", b"super", b"this",
        b"in", b"new", b"throw",
    ],
    ..SLASHES
};
