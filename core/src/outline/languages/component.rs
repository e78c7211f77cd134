//! Components of Vue and Svelte: what their script defines.

use super::super::lines::{PLAIN, Row, Verbatim};

pub(super) static ROW: Row = Row {
    verbatim: &[
        Verbatim::Between(b"<!--", b"-->"),
        Verbatim::Between(b"<style", b"</style>"),
        Verbatim::Script(b"<script", b"</script>"),
    ],
    indent: usize::MAX,
    ..PLAIN
};
