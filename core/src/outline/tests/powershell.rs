use super::{Lang::PowerShell, expect, expect_span, expect_uses};

#[test]
fn functions_and_classes() {
    expect(
        PowerShell,
        r##"
<# function No { #>
function Get-One ([string] $x = "function No { `" $(if ($x) { "}" })") {
    function script:Two { 'function No {`' }
}
Function Three
{
    $y = @"
function No { "
"@ + @'
function No { '
'@ # function No {
}
filter Four { $_.function -match '\{' }
class Five { [int] $x }
enum Six { A }
function Seven { `" }
"##,
        &[
            "2 function Get-One",
            "  3 function Two",
            "5 function Three",
            "13 function Four",
            "14 class Five",
            "15 enum Six",
            "16 function Seven",
        ],
    );
}

#[test]
fn spans_and_uses() {
    let text = "using module A\n\n# About b.\nfunction b {\n    c(1)\n}\n";
    expect_span(PowerShell, text, "b", "# About b.\nfunction b {\n    c(1)\n}");
    expect_uses(PowerShell, text, &["0 import module A", "4 call c"]);
}
