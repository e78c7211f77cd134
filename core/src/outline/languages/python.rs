//! Python.

use super::super::Kind;
use super::super::table::{Class, Ends, Find, Row, SLASHES, classes, form};

pub(super) const ROW: Row = Row {
    class: classes(&[
        (b'{', Class::Open),
        (b'}', Class::Shut),
        (b';', Class::Plain),
        (b'/', Class::Plain),
        (b'#', Class::Comment),
        (b'"', Class::Python),
        (b'\'', Class::Python),
        (b'@', Class::Attribute),
    ]),
    line_comment: b"#",
    block_comment: None,
    indented: true,
    modifiers: &[b"async", b"cdef", b"cpdef"],
    forms: &[
        form(b"def", Kind::Function, Find::Next, Ends::Block),
        form(b"class", Kind::Class, Find::Next, Ends::Block),
        form(b"type", Kind::Type, Find::Next, Ends::Block),
    ],
    imports: &[b"import", b"from"],
    no_calls: &[
        b"if", b"elif", b"for", b"while", b"return", b"in", b"and", b"or", b"not", b"is", b"del",
        b"lambda", b"assert", b"yield", b"await", b"with", b"except", b"def", b"class",
    ],
    ..SLASHES
};
