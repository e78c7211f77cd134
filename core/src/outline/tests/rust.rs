use super::{Lang::Rust, expect, expect_code, expect_span, expect_uses};

#[test]
fn items() {
    expect(
        Rust,
        r#"
//! The crate.
use std::fmt;
pub(crate) struct Unit;
struct Tuple(u8, [u8; 4]);
pub struct Named<'a, T: 'a> where T: Copy, {
    field: &'a T,
}
enum E { A, B { x: u8 } }
union U { a: u8 }
pub const LIMIT: usize = { const fn inner() -> usize { 1 } inner() };
static mut COUNTER: [u8; 2] = [0; 2];
type Pair = (u8, u8);
pub const unsafe extern "C" fn raw(x: [u8; 2]) -> u8 { 0 }
async fn wait() {}
macro_rules! twice { ($x:expr) => { fn $x() {} }; }
pub mod inner {
    pub fn deep() { fn deeper() {} }
}
mod elsewhere;
const _: () = ();
fn r#type() {}
fn default() {}
"#,
        &[
            "3 struct Unit",
            "4 struct Tuple",
            "5 struct Named",
            "8 enum E",
            "9 union U",
            "10 const LIMIT",
            "  10 function inner",
            "11 variable COUNTER",
            "12 type Pair",
            "13 function raw",
            "14 function wait",
            "15 macro twice",
            "16 module inner",
            "  17 function deep",
            "    17 function deeper",
            "19 module elsewhere",
            "21 function type",
            "22 function default",
        ],
    );
}

#[test]
fn impls_are_named_after_their_type() {
    expect(
        Rust,
        r#"
impl A {
    const N: u8 = 1;
    pub fn new() -> Self { fn local() {} A }
}
impl<'a, F: Fn(u8) -> u8> fmt::Display for path::B<'a, F> where F: Copy {
    type Item = u8;
    fn fmt(&self) {}
}
unsafe impl<T> Send for &mut C<T> {}
impl<T> From<[T; 4]> for dyn D {}
impl Sealed for [E; 0] {}
impl !Sync for G {}
impl<T> H for T where for<'x> &'x T: Fn() {}
trait J: Sized {
    fn required(&self);
    fn given(&self) {}
}
impl $name for $other {}
"#,
        &[
            "1 impl A",
            "  2 const N",
            "  3 method new",
            "    3 function local",
            "5 impl B",
            "  6 type Item",
            "  7 method fmt",
            "9 impl C",
            "10 impl D",
            "11 impl E",
            "12 impl G",
            "13 impl T",
            "14 trait J",
            "  15 method required",
            "  16 method given",
        ],
    );
}

#[test]
fn literals_hide_their_braces() {
    expect(
        Rust,
        r####"
fn a() { let x = "}\" {{"; let y = r##"} "# fn no() {"##; let z = br"\"; }
fn b<'a>(x: &'a str) -> char { let _: &'static u8; '}' }
fn c() { let _ = ('\'', '{', '\u{7D}', b'{', 'é', "
fn no() {
"); }
/* fn no() { /* nested */ fn no() { */ fn d() {}
// fn no() {
fn e() { 'outer: loop { break 'outer; } }
fn f() { let r = 1; r"}"; bar!(r"}"); }
fn g() {}
"####,
        &[
            "1 function a",
            "2 function b",
            "3 function c",
            "6 function d",
            "8 function e",
            "9 function f",
            "10 function g",
        ],
    );
}

#[test]
fn doc_comments_and_attributes_belong_to_what_follows() {
    let text = r#"// License.

/// Doc of a.
#[inline]
#[cfg(any(x, y = "]"))]

fn a(
) {
}

// Parted.

struct B; struct C;
mod d {
    /** Doc. */
    fn e() {} // trailing
    fn f();
    /// Lost
}
"#;
    expect_span(
        Rust,
        text,
        "a",
        "/// Doc of a.\n#[inline]\n#[cfg(any(x, y = \"]\"))]\n\nfn a(\n) {\n}",
    );
    expect_span(Rust, text, "B", "struct B;");
    expect_span(Rust, text, "C", " struct C;");
    expect_span(Rust, text, "e", "    /** Doc. */\n    fn e() {}");
    expect_span(Rust, text, "f", "    fn f();");
}

#[test]
fn a_broken_file_keeps_its_definitions() {
    expect(
        Rust,
        "\nfn a( {\nfn b() { } } }\n} fn c() {}\nfn d",
        &["1 function a", "  2 function b", "3 function c", "4 function d"],
    );
    expect(Rust, "\nfn a() { \"unterminated\nfn b() {}", &["1 function a"]);
    expect(Rust, "#!/usr/bin/env run\nfn a() {}", &["1 function a"]);
    expect(Rust, "\u{FEFF}fn a() {}\n", &["0 function a"]);
}

#[test]
fn imports_and_calls() {
    expect_uses(
        Rust,
        r#"
use std::fmt; use a::{
    b, c};
extern crate alloc;
fn run(a: fn(u8)) {
    if (a.b(c)) { d::<e>(f) }
    println!("g(h)"); // i(j)
    k();
}
"#,
        &[
            "1 import std::fmt",
            "1 import a::{\n    b, c}",
            "3 import crate alloc",
            "5 call b",
            "5 call d",
            "6 call println",
            "7 call k",
        ],
    );
}

#[test]
fn comments_and_strings_are_no_code() {
    expect_code(
        Rust,
        "/// a `b`\nfn c<'a>(d: &'a str) { /* e /* f */ g */ h(\"i\\\"j\", r#\"k\"l\"#, 'm'); } // n\no",
        "\nfn c<'a>(d: &'a str) {  h(, r#, ); } \no",
    );
}

#[test]
fn what_shares_a_line_starts_behind_the_code_before() {
    let text = "impl B { fn c(&self) {} /** Doc. */ fn d() {} }\n#[a] fn e() {}\n";
    expect_span(Rust, text, "c", " fn c(&self) {}");
    expect_span(Rust, text, "d", " /** Doc. */ fn d() {}");
    expect_span(Rust, text, "e", "#[a] fn e() {}");
}

#[test]
fn a_string_that_nothing_closes_ends_with_its_line() {
    let text = "\nfn a() {\n    let b = \"c;\n}\nfn d() {}\n";
    expect(Rust, text, &["1 function a", "4 function d"]);
    let text = "\nfn a() {\n    let b = \"c;\n}\npub fn d() { e(\"f\"); }\nfn g() {}\n";
    expect(Rust, text, &["1 function a", "4 function d", "5 function g"]);
    let text = "\nfn a() {\n    let b = \"c;\nfn no() {}\n\"; }\nfn d() { e(\"f\"); }\n";
    expect(Rust, text, &["1 function a", "5 function d"]);
}
