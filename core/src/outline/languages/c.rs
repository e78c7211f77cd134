//! C.

use super::super::table::{Class, Row, SLASHES, classes};

pub(super) static ROW: Row = Row {
    class: classes(&[(b'\'', Class::Line), (b'#', Class::Directive)]),
    declarators: true,
    no_calls: &[
        b"if",
        b"for",
        b"while",
        b"switch",
        b"return",
        b"sizeof",
        b"typeof",
        b"defined",
        b"alignof",
        b"_Alignof",
    ],
    ..SLASHES
};
