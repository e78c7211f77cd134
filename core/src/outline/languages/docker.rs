//! Dockerfiles: their stages.

use super::super::lines::{PLAIN, Row, Shape, section};

pub(super) static ROW: Row = Row { marks: &[section(Shape::Stage, 1)], comments: &[b"#"], ..PLAIN };
