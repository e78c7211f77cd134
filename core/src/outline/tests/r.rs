use super::{Lang::R, expect, expect_span, expect_uses};

#[test]
fn functions_are_named_by_assignment() {
    expect(
        R,
        r#"
a <- function(x, y = {1}) {
  b = function(z) z
  sapply(x, FUN = function(i) i)
}
c.d <<- function(x)
{
  "e <- function() {
" ; 'f <- function()' # g <- function()
}
`h<-` <- function(x, value) x
i$j <- function() NULL
"#,
        &["1 function a", "  2 function b", "5 function c.d", "10 function h<-", "11 function j"],
    );
}

#[test]
fn spans_and_uses() {
    let text = "library(a)\n#' About b.\nb <- function(x) {\n  c(x)\n}\n";
    expect_span(R, text, "b", "#' About b.\nb <- function(x) {\n  c(x)\n}");
    expect_uses(R, text, &["0 import a", "3 call c"]);
}

#[test]
fn lambdas_are_functions() {
    expect(
        R,
        "\na <- \\(x) x + 1\nb = \\(x) {\n  c <- \\(y) y\n}\nd(\\(x) x, e = \\(y) y)\n",
        &["1 function a", "2 function b", "  3 function c"],
    );
}

#[test]
fn raw_strings_hide_their_content() {
    expect(
        R,
        r#"
a <- r"(it's " {)"
b <- function() R"--[ no <- function() { ]-- ]-" ]--"
c <- function() r'{ \ }'
d <- function() 1
"#,
        &["2 function b", "3 function c", "4 function d"],
    );
}
