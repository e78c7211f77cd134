//! Java.

use super::super::Kind;
use super::super::table::{Class, Declares, Ends, Find, Row, SLASHES, classes, form};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'"', Class::Python),
        (b'\'', Class::Line),
        (b'@', Class::Attribute),
        (b'$', Class::Word),
    ]),
    modifiers: &[
        b"public",
        b"private",
        b"protected",
        b"static",
        b"final",
        b"abstract",
        b"default",
        b"native",
        b"synchronized",
        b"strictfp",
        b"sealed",
    ],
    forms: &[
        form(b"class", Kind::Class, Find::Next, Ends::Block),
        form(b"interface", Kind::Interface, Find::Next, Ends::Block),
        form(b"enum", Kind::Enum, Find::Next, Ends::Block),
        form(b"record", Kind::Struct, Find::Contextual, Ends::Block),
        form(b"module", Kind::Module, Find::Space, Ends::Block),
    ],
    declares: Some(Declares {
        signatures: true,
        local: Some(Kind::Method),
        properties: false,
        macros: false,
        messages: false,
    }),
    imports: &[b"import"],
    no_calls: &[
        b"if",
        b"for",
        b"while",
        b"switch",
        b"return",
        b"catch",
        b"try",
        b"synchronized",
        b"super",
        b"this",
        b"assert",
        b"throw",
        b"case",
        b"yield",
    ],
    ..SLASHES
};
