//! What the queries find, a language a test: the contract in examples.

use std::path::Path;

use anyhow::{Context, Result};
use sigla_core::outline::Lang;

use super::{Grammar, Oracle};

/// Compares with "line name name …", lines counted from 1; lines without a definition are left out.
fn expect(lang: Lang, text: &str, expected: &[&str]) -> Result<()> {
    let mut oracle = Oracle::new(&Grammar::of(lang, Path::new("")).context("no grammar")?)?;
    let tree = oracle.parse(text.as_bytes())?;
    let mut seen: Vec<(usize, String)> = Vec::new();
    let mut found = oracle.definitions(&tree, text.as_bytes()).definitions;
    found.sort_by_key(|found| found.at);
    for found in found {
        match seen.last_mut() {
            Some((line, names)) if *line == found.line => {
                names.push(' ');
                names.push_str(&found.name);
            }
            _ => seen.push((found.line, format!("{} {}", found.line, found.name))),
        }
    }
    let seen: Vec<String> = seen.into_iter().map(|(_, names)| names).collect();
    assert_eq!(seen, expected);
    Ok(())
}

#[cfg(feature = "oracle-c")]
#[test]
fn c() -> Result<()> {
    expect(
        Lang::C,
        r###"#define A 1
#define B(x) x
int no(void);
struct c { struct d { int x; } e; };
typedef struct f { int x; } g, *h;
typedef int (*i)(int);
enum j { NO };
struct no;
static int *k(void) { struct no x; return 0; }
int (*l(int x))(int) { return 0; }
TEST(name) { }
"###,
        &["1 A", "2 B", "4 c d", "5 f g h", "6 i", "7 j", "9 k", "10 l", "11 TEST"],
    )
}

#[cfg(feature = "oracle-cpp")]
#[test]
fn cpp() -> Result<()> {
    expect(
        Lang::Cpp,
        r###"namespace a::b { inline namespace v1 { } }
namespace { int x; }
int *f(int a) { return 0; }
T &A::B::g() const { auto l = [](int x) { return x; }; struct Loc { void m() {} }; }
struct S : Q { S() : x(1) {} ~S() {} S(int) = default; void n() = delete; virtual void o() = 0; operator bool() const { return 1; } bool operator==(const S& a) const { return 1; } void operator()() {} friend void fr() {} enum class E : int { A }; using X = int; static constexpr int k = 3; template<class T> void tt(T t) {} };
template <> struct H<int> { };
template <class T> void A<T>::h() {}
template <> void spec<int>() {}
struct fwd;
enum class E2;
typedef struct { int x; } named, *pn;
typedef int (*cb)(int);
typedef unsigned char block[16];
#define MAX(a) a
#define EMPTY
class EXPORT Foo final : public Bar { void m(); };
struct A::Inner { };
template <class T> concept C = true;
template <class T> using V = T;
S::~S() try { } catch (...) { }
A::operator int*() { }
std::ostream& operator<<(std::ostream& o, int) { }
bool ns::operator==(int) { }
int (*four(int x))(int) { return 0; }
auto tr() -> int { }
union U { int i; };
extern "C" { void cc() {} }
TEST(suite, name) { }
operator""_x(int) {}
"###,
        &[
            "1 a::b v1",
            "3 f",
            "4 g Loc m",
            "5 S S ~S operatorbool operator== operator() fr E X tt",
            "6 H",
            "7 h",
            "8 spec",
            "11 named pn",
            "12 cb",
            "13 block",
            "14 MAX",
            "15 EMPTY",
            "16 Foo",
            "17 Inner",
            "18 C",
            "19 V",
            "20 ~S",
            "21 operatorint",
            "22 operator<<",
            "23 operator==",
            "24 four",
            "25 tr",
            "26 U",
            "27 cc",
            "28 TEST",
            "29 operator\"\"_x",
        ],
    )
}

#[cfg(feature = "oracle-csharp")]
#[test]
fn csharp() -> Result<()> {
    expect(
        Lang::CSharp,
        r###"using X;
namespace A.B { delegate int C(int x);
class D<T> : E { int no; const int no2 = 1; D() {} ~D() {} public int F { get; set; } int G => 1; int this[int i] { get { return 1; } } event H no3; event H I { add {} remove {} }
public static D operator ==(D a, D b) => a; public static implicit operator int(D d) => 1; void J<U>(U u) { void local() {} var no = (int x) => x; } abstract void K(); partial void L(); } }
struct M { } interface N { void O(); int P { get; } } enum Q { No } record R(int No); record struct S(int No);
"###,
        &[
            "2 A.B C",
            "3 D D ~D F G this I",
            "4 operator== operatorint J local K L",
            "5 M N O P Q R S",
        ],
    )
}

#[cfg(feature = "oracle-elixir")]
#[test]
fn elixir() -> Result<()> {
    expect(
        Lang::Elixir,
        r###"defmodule A.B do
  defstruct [:a]
  @type t :: x
  @typep u(a) :: x
  @opaque o :: x
  @callback cb(a) :: b
  @spec f(a) :: b
  def f(a), do: a
  def f(a, b) when a > 1 do b end
  defp g, do: 1
  defmacro m(x) do x end
  defmacrop n(x), do: x
  defguard is_x(a) when a > 1
  defdelegate d(a), to: B
  def unquote(name)(a), do: a
  def a <> b, do: 1
  def a ~> b when x, do: 1
  defprotocol P do
    def p(x)
  end
  defimpl P, for: Int do
    def p(x), do: 1
  end
  defexception [:message]
  defmodule Inner do end
  def +a do 1 end
  test "x" do end
end
"###,
        &[
            "1 A.B", "3 t", "4 u", "5 o", "6 cb", "8 f", "9 f", "10 g", "11 m", "12 n", "13 is_x",
            "14 d", "16 <>", "18 P", "19 p", "21 P", "22 p", "25 Inner",
        ],
    )
}

#[cfg(feature = "oracle-go")]
#[test]
fn go() -> Result<()> {
    expect(
        Lang::Go,
        r###"package a
const ( A = 1; B, C = 2, 3 )
var ( _ = 1; d int )
var e = 1
type F struct { no int }
type G interface { m(); no }
type H = int
func (f *F) i() { type local struct{}; const no = 1 }
func j[T any]() { no := func() {} }
"###,
        &["2 A B C", "3 d", "4 e", "5 F", "6 G m", "7 H", "8 i local", "9 j"],
    )
}

#[cfg(feature = "oracle-haskell")]
#[test]
fn haskell() -> Result<()> {
    expect(
        Lang::Haskell,
        r###"{-# LANGUAGE X #-}
module A.B (a, b) where
import X
data T = A | B { x :: Int } deriving Show
newtype N a = N { un :: a }
type S = Int
type family F a where { F Int = Int }
type family G a
data family DF a
class C a where
  m :: a -> a
  m x = x
  type AT a
instance C Int where
  m x = x
instance (Show a) => Show (Maybe a) where
  show _ = ""
f, g :: Int
f = 1
g = 2
h :: Int -> Int
h 0 = 1
h n = go n
  where go x = x
        y = 1
x <+> y = x
(<->) :: Int -> Int
(<->) a b = a
a `op` b = 1
infixl 5 <+>
pattern P x = Just x
deriving instance Show T
foreign import ccall "x" c_x :: Int
data GADT a where { G1 :: Int -> GADT Int }
(p, q) = (1, 2)
let' = let z = 1 in z
type instance F Bool = Int
main = do
  x <- y
  return ()
"###,
        &[
            "4 T", "5 N", "6 S", "7 F", "8 G", "9 DF", "10 C", "11 m", "13 AT", "14 C", "15 m",
            "16 Show", "17 show", "18 f g", "21 h", "26 <+>", "27 <->", "29 op", "31 P", "33 c_x",
            "34 GADT", "36 let'", "37 F", "38 main",
        ],
    )
}

#[cfg(feature = "oracle-java")]
#[test]
fn java() -> Result<()> {
    expect(
        Lang::Java,
        r###"package a.b;
@interface A { int b() default 1; }
class C<T> extends D { int no; C() {} <U> void m(int x) { class L {} Runnable no = () -> {}; new E() { void anon() {} }; } static { } }
interface F { void g(); default void h() {} }
enum I { NO { void j() {} }; I() {} }
record K(int no) { K { } static void l() {} }
abstract class M { abstract void n(); native void o(); }
"###,
        &["2 A b", "3 C C m L anon", "4 F g h", "5 I j I", "6 K K l", "7 M n o"],
    )
}

#[cfg(feature = "oracle-javascript")]
#[test]
fn javascript() -> Result<()> {
    expect(
        Lang::JavaScript,
        r###"const MAX = 1, f = () => 1, no = call(x => x)
class A { m() {} get g() {} #p() {} h = () => 1; no = 1; static { init() } }
function d() { function inner() {} const x = function () {} }
exports.e = function () {}
module.exports = function named() {}
A.prototype.q = async () => {}
const object = { no() {}, no2: () => 1 }
export default function () {}
function* gen() {}
"###,
        &["1 MAX f", "2 A m g #p h", "3 d inner x", "4 e", "5 named", "6 q", "8 default", "9 gen"],
    )
}

#[cfg(feature = "oracle-kotlin")]
#[test]
fn kotlin() -> Result<()> {
    expect(
        Lang::Kotlin,
        r###"package a.b
import x.y
typealias T = Int
const val K = 1
val top get() = 3
val pl = 4
var String.ext: Int
    get() = 1
    set(v) { }
fun f() { fun local() {} ; val x by lazy { 1 } }
fun String.g(a: Int) = 1
fun <T> List<T>.h(): T { }
class A(val x: Int) : B() {
  constructor(y: Int) : this(y) { }
  init { }
  companion object { fun c() {} }
  companion object Named { }
  val p: Int get() = 1
  val q: Int
    get() { return 1 }
  val lz by lazy { 2 }
  inner class In
  override fun m() {}
  operator fun plus(o: A) = o
}
interface I {
  fun s()
  val v: Int
}
object O { }
enum class E {
    X,
    Y;

    fun z() {}
}
data class D(val a: Int)
sealed interface SI
annotation class An
fun interface FI { fun x() }
val o = object : I { override fun s() {} }
fun `with space`() {}
"###,
        &[
            "3 T",
            "5 top",
            "7 ext",
            "10 f local",
            "11 g",
            "12 h",
            "13 A",
            "14 constructor",
            "16 c",
            "17 Named",
            "18 p",
            "19 q",
            "22 In",
            "23 m",
            "24 plus",
            "26 I",
            "27 s",
            "30 O",
            "31 E",
            "35 z",
            "37 D",
            "38 SI",
            "39 An",
            "40 FI",
            "41 s",
            "42 withspace",
        ],
    )
}

#[cfg(feature = "oracle-lua")]
#[test]
fn lua() -> Result<()> {
    expect(
        Lang::Lua,
        r###"local function a() end
function b() end
function M.c.d() end
function M:e() end
local f = function() end
M.g = function() end
M["h"] = function() end
local t = { i = function() end, ["j"] = function() end }
M.x, M.y = function() end, function() end
goto l
local function o() local function inner() end return function() end end
"###,
        &["1 a", "2 b", "3 d", "4 e", "5 f", "6 g", "8 i", "11 o inner"],
    )
}

#[cfg(feature = "oracle-php")]
#[test]
fn php() -> Result<()> {
    expect(
        Lang::Php,
        r###"<?php
namespace A\B { const NO = 1; function c(&$x) { function d() {} $no = function () {}; } }
namespace C { abstract class E { const NO = 1; public $no; abstract function f(); public static function &g() {} }
interface H { function i(); } trait J { private function k() {} } enum L: int { case No = 1; function m() {} }
$x = new class { function anon() {} }; }
"###,
        &["2 A\\B c d", "3 C E f g", "4 H i J k L m", "5 anon"],
    )
}

#[cfg(feature = "oracle-python")]
#[test]
fn python() -> Result<()> {
    expect(
        Lang::Python,
        r###"A_B: int = 1; C1 = 2; lower = 3; X = 4
if A_B: NO = 1
def f():
    def inner(): pass
class K:
    NO = 1
    async def m(self): lambda x: x
type T[U] = list[U]
type S = int
"###,
        &["1 A_B C1 lower X", "3 f", "4 inner", "5 K", "7 m", "8 T", "9 S"],
    )
}

#[cfg(feature = "oracle-ruby")]
#[test]
fn ruby() -> Result<()> {
    expect(
        Lang::Ruby,
        r###"module A
  class B::C < D
    NO = 1
    attr_reader :no
    def e; end
    def self.f=(x); end
    def ==(o) = 1
    private def g? ; end
    class << self
      def h!; end
    end
    alias no e
    define_method(:no) { }
  end
end
"###,
        &["1 A", "2 C", "5 e", "6 f=", "7 ==", "8 g?", "10 h!"],
    )
}

#[cfg(feature = "oracle-rust")]
#[test]
fn rust() -> Result<()> {
    expect(
        Lang::Rust,
        r###"mod elsewhere;
struct A; enum B { X } union C { a: u8 } trait D { type T; const K: u8; fn sig(&self); fn given(&self) {} }
impl<T> D for path::E<T> { fn m() { fn inner() {} const LOCAL: u8 = 1; } }
impl F for &mut dyn G {} impl H for [I; 0] {} impl J for u8 {}
type K = u8; static L: u8 = 0; const _: () = (); macro_rules! m { () => { fn no() {} } }
call! { fn no() {} }
extern "C" { fn foreign(); }
fn r#type() { let no = |x| x; }
"###,
        &[
            "1 elsewhere",
            "2 A B C D T K sig given",
            "3 E m inner LOCAL",
            "4 G I u8",
            "5 K L m",
            "7 foreign",
            "8 type",
        ],
    )
}

#[cfg(feature = "oracle-scala")]
#[test]
fn scala() -> Result<()> {
    expect(
        Lang::Scala,
        r###"package a.b
package inner { class X }
package object po { val x = 1 }
object O extends A { def f(x: Int): Int = 1; val v = 2; lazy val z = 3; def + (o: Int) = o; type T = Int; type Abs; def m { } }
case class C(a: Int) { def this() = this(1); def abs: Int }
trait T { def s(): Unit; val q: Int; def `quoted name` = 1 }
class D { def out() = { def local() = 1; class L; new Foo { def anon = 1 } } }
abstract class AA { def x: Int }
enum E { case A, B; def e = 1 }
given intOrd: Ord[Int] with { def compare = 1 }
given Ord[String] with { def c = 1 }
extension (s: String) def ext = 1
extension (s: String) { def ext2 = 1 }
implicit class R(x: Int) { }
implicit def conv(x: Int): String = ""
case object CO
def top = 1
opaque type OT = Int
type Alias = Int
implicit val iv: Int = 1
"###,
        &[
            "2 inner X",
            "3 po",
            "4 O f + T Abs m",
            "5 C this abs",
            "6 T s quotedname",
            "7 D out local L anon",
            "8 AA x",
            "9 E e",
            "10 intOrd compare",
            "11 c",
            "12 ext",
            "13 ext2",
            "14 R",
            "15 conv",
            "16 CO",
            "17 top",
            "18 OT",
            "19 Alias",
        ],
    )
}

#[cfg(feature = "oracle-shell")]
#[test]
fn shell() -> Result<()> {
    expect(
        Lang::Shell,
        r###"a() { b() { :; }; }
function c { :; }
function d() { :; }
e-f() ( : )
ns::g() { :; }
function h
{
 :
}
alias x=y
readonly K=1
"###,
        &["1 a b", "2 c", "3 d", "4 e-f", "5 ns::g", "6 h"],
    )
}

#[cfg(feature = "oracle-swift")]
#[test]
fn swift() -> Result<()> {
    expect(
        Lang::Swift,
        r###"import Foundation
public struct S: P { var x: Int; var y: Int { 1 }; var z: Int { get { 1 } set { } }
 init(a: Int) { } 
 init?(b: Int) { } 
 deinit { }
 func m() { func local() {} }
 static func == (a: S, b: S) -> Bool { true }
 subscript(i: Int) -> Int { 1 }
 var w = 1 { didSet { } }
 lazy var q: Int = { 1 }()
 typealias T = Int
}
class C { class func x() {} }
enum E: Int { case a, b; var d: Int { 1 } }
indirect enum F { case x }
protocol P { associatedtype A; func f(); var v: Int { get }; init(); subscript(i: Int) -> Int { get } }
extension S: Q where T == Int { func e() {} }
extension Foo.Bar { }
actor Ac { }
typealias X = Int
func top<T>(a: T) -> T { a }
var g: Int { 1 }
let k = 3
infix operator <+>
func <+> (a: Int, b: Int) -> Int { 1 }
macro M() = #externalMacro(module: "a", type: "b")
"###,
        &[
            "2 S y z",
            "3 init",
            "4 init",
            "5 deinit",
            "6 m local",
            "7 ==",
            "8 subscript",
            "11 T",
            "13 C x",
            "14 E d",
            "15 F",
            "16 P A f v init subscript",
            "17 S e",
            "18 Bar",
            "19 Ac",
            "20 X",
            "21 top",
            "22 g",
            "25 <+>",
            "26 M",
        ],
    )
}

#[cfg(feature = "oracle-typescript")]
#[test]
fn typescript() -> Result<()> {
    expect(
        Lang::TypeScript,
        r###"interface A { m(): void; no: () => void }
type B = { no(): void }
enum C { X }
namespace D.E { function f(): void }
declare module 'g/h' { const NO: string }
abstract class I<T> { abstract j(): T; k(a: string): void; k(a: any) {} l: Fn = (e) => 1; constructor(private m: string) {} }
declare const VERSION: string
export const typed: Fn<string> = async (a: number): Promise<void> => { }
"###,
        &[
            "1 A m",
            "2 B",
            "3 C",
            "4 D.E f",
            "5 g/h",
            "6 I j k k l constructor",
            "7 VERSION",
            "8 typed",
        ],
    )
}

#[cfg(feature = "oracle-zig")]
#[test]
fn zig() -> Result<()> {
    expect(
        Lang::Zig,
        r###"const std = @import("std");
const K = 1;
pub const S = struct { x: i32, pub fn m(self: S) void { const L = struct { fn inner() void {} }; } const C = 2; };
const E = enum { a, b };
const U = union(enum) { a: i32 };
const O = opaque {};
const Er = error{ A, B };
var g: i32 = 1;
fn f() void {}
pub inline fn h(comptime T: type) type { return struct { const Self = @This(); pub fn z() void {} }; }
extern fn ex() void;
export fn exx() void {}
test "name" {}
test f {}
comptime { }
const Alias = S;
const fnp = fn () void;
usingnamespace x;
const @"weird name" = struct {};
const T2 = packed struct { a: u8 };
"###,
        &[
            "3 S m L inner",
            "4 E",
            "5 U",
            "6 O",
            "7 Er",
            "9 f",
            "10 h z",
            "11 ex",
            "12 exx",
            "19 weirdname",
            "20 T2",
        ],
    )
}
