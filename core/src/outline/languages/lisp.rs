//! Lisps: Emacs Lisp, Common Lisp, Scheme, Racket. Their code is indented by
//! everybody's editor, so the forms are found and nested by their columns.

use super::super::Kind;
use super::super::lines::{Ends, Mark, PLAIN, Row, Shape, Verbatim, mark};

const fn def(word: &'static [u8], kind: Kind) -> Mark {
    mark(Shape::Form(word), kind, Ends::Before(b"("))
}

pub(super) static ROW: Row = Row {
    marks: &[
        def(b"defun", Kind::Function),
        def(b"cl-defun", Kind::Function),
        def(b"define", Kind::Function),
        def(b"define*", Kind::Function),
        def(b"defmacro", Kind::Macro),
        def(b"cl-defmacro", Kind::Macro),
        def(b"define-syntax", Kind::Macro),
        def(b"define-syntax-rule", Kind::Macro),
        def(b"defsubst", Kind::Function),
        def(b"defgeneric", Kind::Function),
        def(b"defmethod", Kind::Function),
        def(b"cl-defgeneric", Kind::Function),
        def(b"cl-defmethod", Kind::Function),
        def(b"define-minor-mode", Kind::Function),
        def(b"define-derived-mode", Kind::Function),
        def(b"defclass", Kind::Class),
        def(b"defstruct", Kind::Struct),
        def(b"cl-defstruct", Kind::Struct),
        def(b"struct", Kind::Struct),
        def(b"define-record-type", Kind::Struct),
        def(b"define-condition", Kind::Class),
        def(b"deftype", Kind::Type),
        def(b"defvar", Kind::Variable),
        def(b"defvar-local", Kind::Variable),
        def(b"defcustom", Kind::Variable),
        def(b"defparameter", Kind::Variable),
        def(b"defface", Kind::Variable),
        def(b"defgroup", Kind::Module),
        def(b"defconst", Kind::Const),
        def(b"defconstant", Kind::Const),
        def(b"defpackage", Kind::Module),
        def(b"define-library", Kind::Module),
        def(b"define-module", Kind::Module),
        def(b"module", Kind::Module),
    ],
    verbatim: &[Verbatim::Between(b"#|", b"|#")],
    comments: &[b";"],
    indent: usize::MAX,
    ..PLAIN
};
