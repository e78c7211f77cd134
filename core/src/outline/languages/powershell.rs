//! PowerShell.

use super::super::Kind;
use super::super::table::{Class, Does, Ends, Find, Row, SLASHES, Words, classes, form, word};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'#', Class::Comment),
        (b'<', Class::Comment),
        (b'/', Class::Plain),
        (b'-', Class::Word),
        (b'"', Class::Text),
        (b'\'', Class::Raw),
        (b'@', Class::AtQuote),
        (b'`', Class::Escape),
    ]),
    line_comment: b"#",
    block_comment: Some((b"<#", b"#>")),
    code: b"$(",
    escape: b'`',
    words: Words::new(&[
        word(b"function", Does::Define),
        word(b"Function", Does::Define),
        word(b"filter", Does::Define),
        word(b"class", Does::Define),
        word(b"enum", Does::Define),
    ]),
    forms: &[
        form(b"function", Kind::Function, Find::Path, Ends::Block),
        form(b"Function", Kind::Function, Find::Path, Ends::Block),
        form(b"filter", Kind::Function, Find::Path, Ends::Block),
        form(b"class", Kind::Class, Find::Path, Ends::Block),
        form(b"enum", Kind::Enum, Find::Path, Ends::Block),
    ],
    commands: true,
    imports: &[b"using", b"Import-Module"],
    no_calls: &[
        b"if",
        b"elseif",
        b"while",
        b"for",
        b"foreach",
        b"switch",
        b"return",
        b"catch",
        b"param",
        b"in",
        b"function",
    ],
    ..SLASHES
};
