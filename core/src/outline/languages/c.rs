//! C.

use super::super::Kind;
use super::super::table::{Class, Declares, Ends, Find, Row, SLASHES, classes, form};

pub(super) const DECLARES: Declares =
    Declares { signatures: false, local: None, properties: false, macros: true, messages: false };

pub(super) const ROW: Row = Row {
    class: classes(&[(b'\'', Class::Line), (b'#', Class::Directive)]),
    modifiers: &[b"typedef", b"static", b"extern", b"inline", b"const", b"volatile", b"register"],
    forms: &[
        form(b"struct", Kind::Struct, Find::Tagged, Ends::Block),
        form(b"union", Kind::Union, Find::Tagged, Ends::Block),
        form(b"enum", Kind::Enum, Find::Tagged, Ends::Block),
    ],
    declares: Some(DECLARES),
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
