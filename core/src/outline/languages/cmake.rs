//! CMake: functions, macros, and the targets that a project builds.

use super::super::Kind;
use super::super::lines::{Ends, PLAIN, Row, Shape, Verbatim, mark};

pub(super) static ROW: Row = Row {
    marks: &[
        mark(Shape::Call(b"function"), Kind::Function, Ends::Word(b"endfunction")),
        mark(Shape::Call(b"macro"), Kind::Macro, Ends::Word(b"endmacro")),
        mark(Shape::Call(b"project"), Kind::Module, Ends::Line),
        mark(Shape::Call(b"add_library"), Kind::Module, Ends::Line),
        mark(Shape::Call(b"add_executable"), Kind::Module, Ends::Line),
        mark(Shape::Call(b"add_custom_target"), Kind::Module, Ends::Line),
        mark(Shape::Call(b"option"), Kind::Variable, Ends::Line),
    ],
    verbatim: &[Verbatim::Between(b"#[[", b"]]"), Verbatim::Between(b"#[=[", b"]=]")],
    comments: &[b"#"],
    indent: usize::MAX,
    ..PLAIN
};
