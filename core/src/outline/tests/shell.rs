use super::{Lang::Shell, expect, expect_span, expect_uses};

#[test]
fn functions_of_every_form() {
    expect(
        Shell,
        r#"
a() { b; }
function b { c; }
function c() {
  case "$1" in
    x) d() { :; } ;;
    y|z) echo } ;;
    (w) echo "}" ;;
  esac
}
d ()
{
  if [ $# -gt 1 ]; then { echo; }; fi
}
e-1::f() (
  cd x
)
x=(a b) y="${1#*\}}"; f() { ${x:-;} ; }
g() if x; then y; fi
echo h() function i { }
j() { echo ${#x} # }
}
"#,
        &[
            "1 function a",
            "2 function b",
            "3 function c",
            "  5 function d",
            "10 function d",
            "14 function e-1::f",
            "17 function f",
            "18 function g",
            "20 function j",
        ],
    );
}

#[test]
fn literals_hide_their_content() {
    expect(
        Shell,
        r##"
cat <<A; cat <<-'B' # no() {
no() {
A
no() {
	B
x="no() { $(a "b() { $(c)" ) }" y='
no() {
\' z=$'\'no() {'
echo \" \' \( $((1 + (2))) <<< "no() {"
case $(a) in a) ;; esac
x=$(case y in
  z) echo "w" ;;
esac)
a() { b "$(cat <<C
no() {
C
)"; }
c() { :; }
"##,
        &["14 function a", "18 function c"],
    );
}

#[test]
fn spans_and_uses() {
    let text = r#"#!/bin/bash
# License.

. ./lib.sh
# About a.
a() {
  x=1 y
  if b -c; then
    source "d"; fi
  e | f --g && h=$(i)
}
"#;
    expect_span(
        Shell,
        text,
        "a",
        "# About a.\na() {\n  x=1 y\n  if b -c; then\n    source \"d\"; fi\n  e | f --g && h=$(i)\n}",
    );
    expect_uses(
        Shell,
        text,
        &["3 import ./lib.sh", "7 call b", "8 import \"d\"", "9 call e", "9 call f", "9 call i"],
    );
}
