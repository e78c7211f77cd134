//! Lua.

use super::super::Kind;
use super::super::table::{Class, Does, Ends, Find, Row, SLASHES, Words, classes, form, word};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'-', Class::Comment),
        (b'/', Class::Plain),
        (b'\'', Class::Line),
        (b'[', Class::Long),
        (b',', Class::Semicolon),
    ]),
    line_comment: b"--",
    block_comment: None,
    words: Words::new(&[
        word(b"end", Does::Close),
        word(b"until", Does::Close),
        word(b"function", Does::Define),
        word(b"if", Does::Open),
        word(b"do", Does::Open),
        word(b"repeat", Does::Open),
        word(b"then", Does::Part),
        word(b"else", Does::Part),
        word(b"and", Does::GoOn),
        word(b"or", Does::GoOn),
        word(b"not", Does::GoOn),
    ]),
    forms: &[form(b"function", Kind::Function, Find::Assigned, Ends::Word)],
    imports: &[b"require"],
    no_calls: &[
        b"if",
        b"elseif",
        b"while",
        b"until",
        b"return",
        b"and",
        b"or",
        b"not",
        b"in",
        b"function",
        b"require",
    ],
    ..SLASHES
};
