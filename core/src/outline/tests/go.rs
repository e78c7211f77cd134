use super::{Lang::Go, expect, expect_span, expect_uses};

#[test]
fn declarations() {
    expect(
        Go,
        r#"
package main

import ("fmt"; "os")

const Limit = 4
const (
	A = iota
	B
	C, D = 1, "("
)
var x, y int
var (
	table = map[string]func(int){
		"a": func(int) { type local struct{} },
	}
	_ Iface = (*T)(nil)
)
type T struct {
	embedded
	f func() struct{}
}
type Iface interface {
	Read(p []byte) (int, error)
	fmt.Stringer
}
type (
	Alias = string
	List[E any] []E
	Pair struct{ a, b int }
)
type Fn func(int) error
func main() { go func() { x() }() }
func (t *T) Method(a interface{}) interface{} { return nil }
func Map[K comparable, V any](m map[K]V) (out []K) {
	const inner = 1
	return
}
func external(x int)
func last() {}
"#,
        &[
            "5 const Limit",
            "7 const A",
            "8 const B",
            "9 const C",
            "9 const D",
            "11 variable x",
            "11 variable y",
            "13 variable table",
            "  14 struct local",
            "18 struct T",
            "22 interface Iface",
            "  23 method Read",
            "27 type Alias",
            "28 type List",
            "29 struct Pair",
            "31 type Fn",
            "32 function main",
            "33 method Method",
            "34 function Map",
            "38 function external",
            "39 function last",
        ],
    );
}

#[test]
fn literals_hide_their_braces() {
    expect(
        Go,
        "\nfunc a() { x := `{\n\\`; y := '{'; z := \"}\\\"\"; w := '\\'' }\nfunc b() {} /* { */\n// {\nfunc c() {}\n",
        &["1 function a", "3 function b", "5 function c"],
    );
}

#[test]
fn spans() {
    let text = "// License\n\n// About a.\n//go:noinline\nfunc a(\n\tx int,\n) {\n}\n\nconst (\n\t// About b.\n\tb = 1 // trailing\n\tc = f(\n\t\t2)\n)\n";
    expect_span(Go, text, "a", "// About a.\n//go:noinline\nfunc a(\n\tx int,\n) {\n}");
    expect_span(Go, text, "b", "\t// About b.\n\tb = 1");
    expect_span(Go, text, "c", "\tc = f(\n\t\t2)");
}

#[test]
fn imports_calls_and_receivers() {
    expect_uses(
        Go,
        "\nimport \"a\"\nimport (\n\t\"b\"\n\t// Why c.\n\tc \"d/e\"; \"f\"\n)\nfunc (g *H[K]) i(j K) { if k(j) { l[int](1) } }\n",
        &["1 import \"a\"", "3 import \"b\"", "5 import c \"d/e\"", "5 import \"f\"", "7 call k"],
    );
    let mut container = None;
    crate::outline::outline(Go, b"func (g *H[K]) i(j K) {}\n", &mut |event| {
        if let crate::outline::Event::Open(definition) = event {
            container = definition.container;
        }
    });
    assert_eq!(container, Some(&b"H"[..]));
}
