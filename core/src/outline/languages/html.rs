//! HTML: headings, and the scripts in it by their own language.

use super::super::lines::{PLAIN, Row, Shape, Verbatim, section};

pub(super) static ROW: Row = Row {
    marks: &[section(Shape::Heading, 0)],
    verbatim: &[
        Verbatim::Between(b"<!--", b"-->"),
        Verbatim::Between(b"<style", b"</style>"),
        Verbatim::Between(b"<pre", b"</pre>"),
        Verbatim::Script(b"<script", b"</script>"),
    ],
    indent: usize::MAX,
    ..PLAIN
};
