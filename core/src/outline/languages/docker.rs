//! Dockerfiles: their stages.

use super::super::lines::{Row, Shape, section};

pub(super) static ROW: Row =
    Row { marks: &[section(Shape::Stage, 1)], verbatim: &[], comments: &[b"#"], indent: 0 };
