use super::{Lang::Css, expect, expect_span};

#[test]
fn definitions() {
    expect(
        Css,
        r###"
@charset "utf-8";
:root {
  --main-color: #333;
  color: var(--main-color);
}
$gap: 4px;
/* .no {
} */
body,
.page > .title:hover, h1 {
  color: red;
}
@media (min-width: 10em) {
  .wide { width: 1px }
  &:hover { a: b; }
}
@mixin button($size) {
  a { b: c }
}
@function double($n) {
  @return $n * 2;
}
@keyframes spin {
  from { a: b }
  50% { a: b }
}
.card {
  .inner {
    @include button(1px);
  }
  &__title {
    x: y;
  }
}
"###,
        &[
            "2 section :root",
            "  3 variable --main-color",
            "6 variable $gap",
            "10 section .page > .title:hover",
            "14 section .wide",
            "17 macro button",
            "  18 section a",
            "20 function double",
            "23 section spin",
            "27 section .card",
            "  28 section .inner",
        ],
    );
}

#[test]
fn spans() {
    let text = "\n// Doc.\n.a {\n  b: c;\n}\n.d { e: f }\n";
    expect_span(Css, text, ".a", "// Doc.\n.a {\n  b: c;\n}");
    expect_span(Css, text, ".d", ".d { e: f }");
}
