use super::{Lang::Html, expect, expect_span, expect_uses};

#[test]
fn definitions() {
    expect(
        Html,
        r###"
<!doctype html>
<body>
<h1 class="x">Title <em>more</em></h1>
  <h2><a href="#">Part</a></h2>
<!-- <h1>no</h1> -->
<script src="a.js"></script>
<style>
h1 { }
</style>
<script type="module">
  // Runs.
  export function run(a) {
    if (a < 1) { return "</b>" }
  }
  class A { go() {} }
</script>
<h2>Last
</h2>
<header>
"###,
        &[
            "3 section Title",
            "  4 section Part",
            "12 function run",
            "15 class A",
            "  15 method go",
            "17 section Last",
        ],
    );
}

#[test]
fn scripts_are_read_by_their_own_language() {
    let text = "\n<h1>A</h1>\nb\n<script>\n// Doc.\nfunction f() {\n  g()\n}\n</script>\nc\n";
    expect_span(Html, text, "f", "// Doc.\nfunction f() {\n  g()\n}");
    expect_span(Html, text, "A", "<h1>A</h1>\nb");
    expect_uses(Html, text, &["6 call g"]);
}
