use super::{Lang::FSharp, expect, expect_span, expect_uses};

#[test]
fn definitions_are_those_of_modules_and_types() {
    expect(
        FSharp,
        r#"
namespace A
open System
module B =
    let inline one x =
        let no y = y
        no x // let no x = x
    let ``two words`` () = """
    let no x = 1 " """
    let (|Three|_|) x = None
    [<Literal>]
    let four = 'x'
type C(x: int) =
    let five y = y
    member this.Six y = y
    static member Seven = 1
    override _.Eight() = ""
    abstract Nine: int -> int
type 'a D = E of 'a
"#,
        &[
            "3 module B",
            "  4 function one",
            "  7 function two words",
            "  9 function |Three|_|",
            "  11 const four",
            "12 class C",
            "  13 method five",
            "  14 method Six",
            "  15 method Seven",
            "  16 method Eight",
            "  17 method Nine",
            "18 class D",
        ],
    );
}

#[test]
fn spans_and_imports() {
    let text = "open A\n\n/// About a.\n[<B>]\nlet a x =\n    x\n\nlet c = 1\n";
    expect_span(FSharp, text, "a", "/// About a.\n[<B>]\nlet a x =\n    x");
    expect_uses(FSharp, text, &["0 import A"]);
}

#[test]
fn strings_of_every_form() {
    expect(
        FSharp,
        r#"
let p = @"C:\tmp\"
let f x = x
let q = $"{f 1} {{"
let r = $@"C:\{f 1}\"
let s = $"""a " {f "b"} \"""
let t = "a
let no = 1"
type T = { X: int }
"#,
        &[
            "1 const p",
            "2 function f",
            "3 const q",
            "4 const r",
            "5 const s",
            "6 const t",
            "8 class T",
        ],
    );
}

#[test]
fn multiplication_is_no_comment() {
    let text = "\nlet a = List.fold (*) 1\nlet b x = x (* c *)\n";
    expect(FSharp, text, &["1 const a", "2 function b"]);
}
