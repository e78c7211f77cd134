use super::{Lang::Nim, expect, expect_span, expect_uses};

#[test]
fn definitions() {
    expect(
        Nim,
        r##"
## Module.
import std/os
const limit* = 4
type
  Node*[T] {.acyclic.} = ref object of RootObj
    name*: string   ## a field
    next: Node[T]
  Color = enum red, green
  Handler* = proc (x: int): string
  Shape = concept s
    s.area is float
  `odd name` = distinct int
type Single = object
  x: int
var
  a*, b: int
  c = "proc no() = 1"
proc `+`*(x, y: Node): Node =
  let local = 1
  type Inner = object
  #[ proc no() = #[ nested ]# ]#
  result = x
func pure[T](x: T): T {.inline.} = x
method draw*(s: Shape) {.base.} =
  proc nested() = discard
  x = foo(proc (y: int) =
    echo y)
iterator items*(x: Node): int =
  yield 1
template withIt(body: untyped) = body
macro m(n: untyped): untyped = n
when isMainModule:
  proc main() =
    echo(1'u8, '"')
  main()
call(1,
proc last() = discard
"##,
        &[
            "3 const limit",
            "5 struct Node",
            "8 enum Color",
            "9 type Handler",
            "10 interface Shape",
            "12 type odd name",
            "13 struct Single",
            "16 variable a",
            "17 variable c",
            "18 function +",
            "  20 struct Inner",
            "23 function pure",
            "24 method draw",
            "  25 function nested",
            "28 function items",
            "30 macro withIt",
            "31 macro m",
            "33 function main",
            "37 function last",
        ],
    );
}

#[test]
fn spans_and_uses() {
    let text = "proc a*(x: int): int =\n  ## Doc.\n  b(x)\n\n# c\nproc c() = discard\n";
    expect_span(Nim, text, "a", "proc a*(x: int): int =\n  ## Doc.\n  b(x)");
    expect_span(Nim, text, "c", "# c\nproc c() = discard");
    expect_uses(Nim, "import std/os\nproc a() = b(c)\n", &["0 import std/os", "1 call b"]);
}
