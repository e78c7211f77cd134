use super::{Lang::OCaml, expect, expect_span, expect_uses};

#[test]
fn definitions_are_those_at_the_border() {
    expect(
        OCaml,
        r#"
open A
let rec one ?(x = 1) y' =
  let two z = z in
  two y' (* let no x = (* *) 1 *)
and three x = '"'
let four = "
let no x = "
let%lwt five () = six
let () = seven ()
let _ = eight
let (<+>) a b = a
type ('a, +'b) nine = Ten of 'a
and eleven = int
module M = struct
  let twelve x =
    let no y = y in no
  type t = t
end
module type S = sig
  val m : int -> int
end
external e : int -> int = "e"
exception Thirteen of string
class c = object
  method private n x = x
end
"#,
        &[
            "2 function one",
            "5 function three",
            "6 const four",
            "8 function five",
            "11 function <+>",
            "12 type nine",
            "13 type eleven",
            "14 module M",
            "  15 function twelve",
            "  17 type t",
            "19 interface S",
            "  20 method m",
            "22 function e",
            "23 type Thirteen",
            "24 class c",
            "  25 method n",
        ],
    );
}

#[test]
fn spans_and_imports() {
    let text = "open A.B\n\n(** About a. *)\nlet a x =\n  x\n\nlet b = 1\n";
    expect_span(OCaml, text, "a", "(** About a. *)\nlet a x =\n  x");
    expect_uses(OCaml, text, &["0 import A.B"]);
}

#[test]
fn quoted_strings_hide_their_content() {
    expect(
        OCaml,
        r#"
let a = {| it's " (* |}
let b = {sql|
let no = 1
|} |sql}
let c = {%html|"|}
let d x = { x with y = 1 }
let e x = x
"#,
        &["1 const a", "2 const b", "5 const c", "6 function d", "7 function e"],
    );
}
