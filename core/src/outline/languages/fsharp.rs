//! F#.

use super::super::Kind;
use super::super::table::{Class, Ends, Find, Layout, Row, SLASHES, classes, form};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'(', Class::Comment),
        (b')', Class::Plain),
        (b'[', Class::Plain),
        (b']', Class::Plain),
        (b'{', Class::Plain),
        (b'}', Class::Plain),
        (b';', Class::Plain),
        (b'"', Class::Verbatim),
        (b'\'', Class::Prime),
    ]),
    block_comment: Some((b"(*", b"*)")),
    nests: true,
    indented: true,
    layout: Layout::Words,
    modifiers: &[
        b"rec",
        b"inline",
        b"private",
        b"internal",
        b"public",
        b"mutable",
        b"static",
        b"abstract",
        b"default",
    ],
    forms: &[
        form(b"let", Kind::Function, Find::Next, Ends::Block),
        form(b"member", Kind::Method, Find::Next, Ends::Block),
        form(b"override", Kind::Method, Find::Next, Ends::Block),
        form(b"abstract", Kind::Method, Find::Next, Ends::Block),
        form(b"default", Kind::Method, Find::Next, Ends::Block),
        form(b"type", Kind::Class, Find::Next, Ends::Block),
        form(b"exception", Kind::Type, Find::Next, Ends::Block),
        form(b"module", Kind::Module, Find::Next, Ends::Block),
    ],
    imports: &[b"open"],
    ..SLASHES
};
