//! Patches: the files they change.

use super::super::lines::{PLAIN, Row, Shape, section};

pub(super) static ROW: Row = Row { marks: &[section(Shape::Patch, 1)], ..PLAIN };
