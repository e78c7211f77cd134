//! Perl.

use super::super::Kind;
use super::super::table::{Class, Does, Ends, Find, Row, SLASHES, Words, classes, form, word};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'#', Class::Comment),
        (b'/', Class::Regex),
        (b'"', Class::Lines),
        (b'\'', Class::Lines),
        (b'`', Class::Lines),
        (b'<', Class::Here),
        (b'$', Class::Dollar),
    ]),
    line_comment: b"#",
    block_comment: None,
    pages: &[(b"=", b"=cut"), (b"__END__", b""), (b"__DATA__", b"")],
    words: Words::new(&[
        word(b"sub", Does::Define),
        word(b"package", Does::Define),
        word(b"class", Does::Define),
        word(b"role", Does::Define),
        word(b"method", Does::Define),
        word(b"q", Does::Quote(1)),
        word(b"qq", Does::Quote(1)),
        word(b"qw", Does::Quote(1)),
        word(b"qr", Does::Quote(1)),
        word(b"qx", Does::Quote(1)),
        word(b"m", Does::Quote(1)),
        word(b"s", Does::Quote(2)),
        word(b"tr", Does::Quote(2)),
        word(b"y", Does::Quote(2)),
        word(b"and", Does::Part),
        word(b"or", Does::Part),
        word(b"not", Does::Part),
        word(b"if", Does::Part),
        word(b"unless", Does::Part),
        word(b"split", Does::Part),
        word(b"grep", Does::Part),
        word(b"return", Does::Part),
    ]),
    forms: &[
        form(b"sub", Kind::Function, Find::Path, Ends::Block),
        form(b"package", Kind::Module, Find::Package, Ends::Block),
        form(b"class", Kind::Class, Find::Package, Ends::Block),
        form(b"role", Kind::Class, Find::Package, Ends::Block),
        form(b"method", Kind::Method, Find::Package, Ends::Block),
    ],
    imports: &[b"use", b"require", b"no"],
    no_calls: &[
        b"if", b"elsif", b"unless", b"while", b"until", b"for", b"foreach", b"return", b"and",
        b"or", b"not", b"my", b"our", b"local", b"x", b"sub",
    ],
    ..SLASHES
};
