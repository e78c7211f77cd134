//! Ruby.

use super::super::Kind;
use super::super::table::{Class, Does, Ends, Find, Row, SLASHES, Words, classes, form, word};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'#', Class::Comment),
        (b'/', Class::Regex),
        (b'"', Class::Text),
        (b'`', Class::Text),
        (b'\'', Class::Lines),
        (b'%', Class::Sigil),
        (b'?', Class::Character),
        (b'<', Class::Here),
        (b'$', Class::Dollar),
    ]),
    line_comment: b"#",
    block_comment: None,
    code: b"#{",
    pages: &[(b"=begin", b"=end"), (b"__END__", b"")],
    words: Words::new(&[
        word(b"end", Does::Close),
        word(b"def", Does::Define),
        word(b"class", Does::Define),
        word(b"module", Does::Define),
        word(b"do", Does::Do),
        word(b"if", Does::OpenFirst),
        word(b"unless", Does::OpenFirst),
        word(b"case", Does::Open),
        word(b"begin", Does::Open),
        word(b"while", Does::Loop),
        word(b"until", Does::Loop),
        word(b"for", Does::Loop),
        word(b"then", Does::Part),
        word(b"else", Does::Part),
        word(b"ensure", Does::Part),
        word(b"and", Does::Part),
        word(b"or", Does::Part),
        word(b"not", Does::Part),
    ]),
    forms: &[
        form(b"def", Kind::Function, Find::Method, Ends::Word),
        form(b"class", Kind::Class, Find::Path, Ends::Word),
        form(b"module", Kind::Module, Find::Path, Ends::Word),
    ],
    commands: true,
    sends: true,
    imports: &[b"require", b"require_relative", b"load", b"autoload"],
    no_calls: &[
        b"if", b"elsif", b"unless", b"while", b"until", b"case", b"when", b"in", b"return", b"and",
        b"or", b"not", b"rescue", b"super", b"yield", b"alias", b"undef", b"self", b"nil", b"true",
        b"false", b"break", b"next", b"redo", b"retry", b"class",
    ],
    ..SLASHES
};
