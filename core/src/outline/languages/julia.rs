//! Julia.

use super::super::Kind;
use super::super::table::{
    Class, Does, Ends, Find, Row, SLASHES, Shape, Words, classes, form, word,
};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'{', Class::Open),
        (b'}', Class::Shut),
        (b'#', Class::Comment),
        (b'/', Class::Plain),
        (b'"', Class::Tripled),
        (b'`', Class::Text),
        (b'\'', Class::Prime),
        (b'@', Class::Attribute),
    ]),
    line_comment: b"#",
    block_comment: Some((b"#=", b"=#")),
    nests: true,
    code: b"$(",
    bangs: true,
    shape: Shape::Call,
    words: Words::new(&[
        word(b"end", Does::Close),
        word(b"function", Does::Define),
        word(b"macro", Does::Define),
        word(b"struct", Does::Define),
        word(b"module", Does::Define),
        word(b"baremodule", Does::Define),
        word(b"abstract", Does::Define),
        word(b"primitive", Does::Define),
        word(b"begin", Does::Open),
        word(b"quote", Does::Open),
        word(b"let", Does::Open),
        word(b"try", Does::Open),
        word(b"while", Does::Open),
        word(b"do", Does::Open),
        word(b"for", Does::OpenOutside),
        word(b"if", Does::OpenOutside),
        word(b"else", Does::Part),
    ]),
    modifiers: &[b"type"],
    forms: &[
        form(b"function", Kind::Function, Find::Path, Ends::Word),
        form(b"macro", Kind::Macro, Find::Path, Ends::Word),
        form(b"struct", Kind::Struct, Find::Path, Ends::Word),
        form(b"module", Kind::Module, Find::Path, Ends::Word),
        form(b"baremodule", Kind::Module, Find::Path, Ends::Word),
        form(b"abstract", Kind::Type, Find::Next, Ends::Word),
        form(b"primitive", Kind::Type, Find::Next, Ends::Word),
    ],
    imports: &[b"using", b"import", b"include"],
    no_calls: &[
        b"if", b"elseif", b"while", b"for", b"in", b"return", b"include", b"catch", b"global",
        b"local", b"const", b"where", b"isa",
    ],
    ..SLASHES
};
