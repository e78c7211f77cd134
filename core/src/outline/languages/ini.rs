//! INI and its like: sections.

use super::super::lines::{PLAIN, Row, Shape, section};

pub(super) static ROW: Row =
    Row { marks: &[section(Shape::Bracketed, 1)], comments: &[b";", b"#"], ..PLAIN };
