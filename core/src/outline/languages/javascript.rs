//! JavaScript, and what TypeScript has in common with it.

use super::super::Kind;
use super::super::table::{Class, Ends, Find, Newline, Row, SLASHES, classes, form};

pub(super) const ROW: Row = Row {
    class: classes(&[
        (b'\'', Class::Line),
        (b'`', Class::Text),
        (b'$', Class::Word),
        (b'#', Class::Word),
        (b'@', Class::Attribute),
        (b'<', Class::Tag),
        (b'>', Class::Arrow),
        (b',', Class::Comma),
    ]),
    newline: Newline::Guess,
    modifiers: &[b"export", b"default", b"async", b"static", b"get", b"set", b"*"],
    forms: &[
        form(b"function", Kind::Function, Find::Next, Ends::Block),
        form(b"class", Kind::Class, Find::Next, Ends::BlockOnly),
        form(b"const", Kind::Const, Find::Binding, Ends::Statement),
        form(b"let", Kind::Variable, Find::Binding, Ends::Statement),
        form(b"var", Kind::Variable, Find::Binding, Ends::Statement),
    ],
    members: &[Kind::Class],
    regex: true,
    code: b"${",
    imports: &[b"import"],
    no_calls: &[
        b"if",
        b"for",
        b"while",
        b"switch",
        b"return",
        b"catch",
        b"function",
        b"typeof",
        b"await",
        b"yield",
        b"in",
        b"of",
        b"case",
        b"super",
        b"async",
    ],
    ..SLASHES
};
