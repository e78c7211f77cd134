//! Starlark, as Bazel, Buck and Tilt have it: Python's functions and variables, and
//! the targets that rules make.

use super::super::table::{Row, Shape};
use super::python;

pub(super) static ROW: Row = Row {
    shape: Shape::Target,
    imports: &[b"load"],
    no_calls: &[
        b"load", b"if", b"elif", b"for", b"return", b"in", b"and", b"or", b"not", b"lambda", b"def",
    ],
    ..python::ROW
};
