//! Clojure. Its code is indented by everybody's editor, so the forms are found
//! and nested by their columns.

use super::super::Kind;
use super::super::lines::{Ends, Mark, PLAIN, Row, Shape, mark};

const fn def(word: &'static [u8], kind: Kind) -> Mark {
    mark(Shape::Form(word), kind, Ends::Before(b"("))
}

pub(super) static ROW: Row = Row {
    marks: &[
        def(b"ns", Kind::Module),
        def(b"defn", Kind::Function),
        def(b"defn-", Kind::Function),
        def(b"defmacro", Kind::Macro),
        def(b"defmulti", Kind::Function),
        def(b"defmethod", Kind::Function),
        def(b"deftest", Kind::Function),
        def(b"def", Kind::Variable),
        def(b"defonce", Kind::Variable),
        def(b"defprotocol", Kind::Interface),
        def(b"definterface", Kind::Interface),
        def(b"defrecord", Kind::Struct),
        def(b"deftype", Kind::Class),
        def(b"s/def", Kind::Type),
        def(b"s/defn", Kind::Function),
    ],
    comments: &[b";"],
    indent: usize::MAX,
    ..PLAIN
};
