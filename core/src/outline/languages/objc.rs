//! Objective-C: C, and between `@interface` and `@end` what belongs to a class.

use super::super::table::{Class, Declares, Row, classes};
use super::c;

pub(super) static ROW: Row = Row {
    class: classes(&[(b'\'', Class::Line), (b'#', Class::Directive), (b'@', Class::Message)]),
    declares: Some(Declares { messages: true, ..c::DECLARES }),
    ..c::ROW
};
