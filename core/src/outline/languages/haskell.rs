//! Haskell.

use super::super::table::{Class, Layout, Row, SLASHES, classes};

pub(super) static ROW: Row = Row {
    class: classes(&[
        (b'(', Class::Plain),
        (b')', Class::Plain),
        (b'[', Class::Quoted),
        (b']', Class::Plain),
        (b'{', Class::Comment),
        (b'}', Class::Plain),
        (b';', Class::Plain),
        (b'/', Class::Plain),
        (b'-', Class::Comment),
        (b'\'', Class::Prime),
    ]),
    line_comment: b"--",
    block_comment: Some((b"{-", b"-}")),
    nests: true,
    indented: true,
    layout: Layout::Equations,
    imports: &[b"import"],
    ..SLASHES
};
