//! R.

use super::super::Kind;
use super::super::table::{Class, Does, Ends, Find, Row, SLASHES, Words, classes, form, word};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'#', Class::Comment),
        (b'/', Class::Plain),
        (b'.', Class::Word),
        (b'"', Class::Lines),
        (b'\'', Class::Lines),
        (b'`', Class::Lines),
        (b'\\', Class::Lambda),
    ]),
    line_comment: b"#",
    block_comment: None,
    arrows: true,
    words: Words::new(&[word(b"function", Does::Define), word(b"else", Does::Part)]),
    forms: &[form(b"function", Kind::Function, Find::Assigned, Ends::Block)],
    imports: &[b"library", b"require", b"source"],
    no_calls: &[
        b"if",
        b"for",
        b"while",
        b"in",
        b"return",
        b"function",
        b"library",
        b"require",
        b"source",
    ],
    ..SLASHES
};
