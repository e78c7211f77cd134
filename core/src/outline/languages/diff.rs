//! Patches: the files they change.

use super::super::lines::{Row, Shape, section};

pub(super) static ROW: Row =
    Row { marks: &[section(Shape::Patch, 1)], verbatim: &[], comments: &[], indent: 0 };
