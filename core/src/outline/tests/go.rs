use super::{Lang::Go, expect, expect_span};

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
            "11 variable x",
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
