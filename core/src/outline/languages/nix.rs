//! Nix.

use super::super::table::{Class, Does, Row, SLASHES, Shape, Words, classes, word};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'#', Class::Comment),
        (b'-', Class::Word),
        (b'"', Class::Text),
        (b'\'', Class::Double),
    ]),
    line_comment: b"#",
    code: b"${",
    shape: Shape::Lambda,
    words: Words::new(&[
        word(b"let", Does::Part),
        word(b"in", Does::Part),
        word(b"then", Does::Part),
        word(b"else", Does::Part),
    ]),
    imports: &[b"import"],
    ..SLASHES
};
