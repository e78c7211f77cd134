//! OCaml.

use super::super::Kind;
use super::super::table::{Class, Ends, Find, Layout, Row, SLASHES, classes, form};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'(', Class::Comment),
        (b')', Class::Plain),
        (b'[', Class::Plain),
        (b']', Class::Plain),
        (b'{', Class::Quoted),
        (b'}', Class::Plain),
        (b';', Class::Plain),
        (b'/', Class::Plain),
        (b'"', Class::Lines),
        (b'\'', Class::Prime),
    ]),
    line_comment: b"",
    block_comment: Some((b"(*", b"*)")),
    nests: true,
    indented: true,
    layout: Layout::Words,
    modifiers: &[b"rec", b"nonrec", b"private", b"virtual", b"mutable"],
    forms: &[
        form(b"let", Kind::Function, Find::Next, Ends::Block),
        form(b"val", Kind::Function, Find::Next, Ends::Block),
        form(b"external", Kind::Function, Find::Next, Ends::Block),
        form(b"method", Kind::Method, Find::Next, Ends::Block),
        form(b"type", Kind::Type, Find::Next, Ends::Block),
        form(b"exception", Kind::Type, Find::Next, Ends::Block),
        form(b"module", Kind::Module, Find::Next, Ends::Block),
        form(b"class", Kind::Class, Find::Next, Ends::Block),
    ],
    imports: &[b"open", b"include"],
    ..SLASHES
};
