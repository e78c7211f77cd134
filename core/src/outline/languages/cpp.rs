//! C++.

use super::super::Kind;
use super::super::table::{Class, Ends, Find, Row, SLASHES, classes, form};
use super::c;

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'\'', Class::Line),
        (b'#', Class::Directive),
        (b'"', Class::Delimited),
        (b'[', Class::Bracket),
    ]),
    modifiers: &[
        b"typedef",
        b"static",
        b"extern",
        b"inline",
        b"const",
        b"constexpr",
        b"consteval",
        b"volatile",
        b"register",
        b"template",
        b"typename",
        b"virtual",
        b"explicit",
        b"friend",
        b"mutable",
        b"requires",
        b"thread_local",
    ],
    forms: &[
        form(b"class", Kind::Class, Find::Tagged, Ends::Block),
        form(b"struct", Kind::Struct, Find::Tagged, Ends::Block),
        form(b"union", Kind::Union, Find::Tagged, Ends::Block),
        form(b"enum", Kind::Enum, Find::Tagged, Ends::Block),
        form(b"namespace", Kind::Module, Find::Space, Ends::Block),
        form(b"concept", Kind::Type, Find::Alias, Ends::Statement),
        form(b"using", Kind::Type, Find::Alias, Ends::Statement),
    ],
    declares: Some(c::DECLARES),
    no_calls: &[
        b"if",
        b"for",
        b"while",
        b"switch",
        b"return",
        b"catch",
        b"sizeof",
        b"typeof",
        b"decltype",
        b"defined",
        b"alignof",
        b"alignas",
        b"noexcept",
        b"static_assert",
        b"explicit",
        b"requires",
        b"throw",
        b"new",
        b"delete",
    ],
    ..SLASHES
};
