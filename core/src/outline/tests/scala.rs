use super::{Lang::Scala, expect, expect_span, expect_uses};

#[test]
fn blocks_by_braces() {
    expect(
        Scala,
        r#"
package io.a

import b.{C, D}
private[a] sealed abstract class Box[+T](val x: Int, y: String = "(")(implicit z: Z)
    extends Base(x)
    with Named { self: Other =>
  val plain = compute(1)
  private val table: Map[String, Int] = Map("a" -> 1)
  def this(x: Int) = this(x, "")
  def name: String
  def +(that: Box[T]): Box[T] = that
  def x_=(v: Int): Unit = { set(v) }
  @inline final override def map[B](f: T => B): Box[B] = f match {
    case g: Foo =>
      def inner = 1; g { x => x }
    case _ => s"${if (a) "}" else "{"} } $y"
  }
  protected[a] implicit def `has spaces`[F[_]: Monad]: F[Unit] = """raw " { """
  type Out
  type Alias = Map[Int, T]
  case class Leaf(a: Int) extends Box
  case object Empty
  object Inner { def char = '{'; def sym = 'sym }
}
package object tools { def tool = 1 }
trait Named { def label: String = "x" }
"#,
        &[
            "4 class Box",
            "  9 method this",
            "  10 method name",
            "  11 method +",
            "  12 method x_=",
            "  13 method map",
            "    15 function inner",
            "  18 method has spaces",
            "  19 type Out",
            "  20 type Alias",
            "  21 class Leaf",
            "  22 class Empty",
            "  23 class Inner",
            "    23 method char",
            "    23 method sym",
            "25 class tools",
            "  25 method tool",
            "26 trait Named",
            "  26 method label",
        ],
    );
}

#[test]
fn blocks_by_indentation() {
    expect(
        Scala,
        r#"
enum Color(val rgb: Int):
  case Red extends Color(1)
  def label: String = "r"

trait Shape:
  def area: Double
  def twice =
    def inner(x: Int) =
      x.map { y => y }
    inner(2)
  def after: Int = 1

object Main:
  given ordering: Ordering[Int] with
    def compare(a: Int, b: Int) = 0
  extension (s: String)
    def shout = s
@main def run() =
  println("x")
def last = 1
"#,
        &[
            "1 enum Color",
            "  3 method label",
            "5 trait Shape",
            "  6 method area",
            "  7 method twice",
            "    8 function inner",
            "  11 method after",
            "13 class Main",
            "  14 const ordering",
            "  15 method compare",
            "  17 method shout",
            "18 function run",
            "20 function last",
        ],
    );
}

#[test]
fn spans() {
    let text = "/** Doc of A. */\nobject A:\n  // About b.\n  def b =\n    c(1)\n\n    d\n\n  def e = 1\nobject F\n";
    expect_span(
        Scala,
        text,
        "A",
        "/** Doc of A. */\nobject A:\n  // About b.\n  def b =\n    c(1)\n\n    d\n\n  def e = 1",
    );
    expect_span(Scala, text, "b", "  // About b.\n  def b =\n    c(1)\n\n    d");
}

#[test]
fn imports_and_calls() {
    expect_uses(
        Scala,
        "\nimport a.b\ndef c(d: E => F) = {\n  if (g(1)) new H(2)\n  i.map(j => k(j))\n}\n",
        &["1 import a.b", "3 call g", "3 call H", "4 call map", "4 call k"],
    );
}

#[test]
fn an_extension_may_stand_on_the_line_of_its_method() {
    expect(
        Scala,
        r#"
object A:
  extension (x: Int) def bar: String = "a"
  extension [T](x: List[T])(using O) def baz: T = x.head
  extension (x: Int)
    def more = 1
  def last = 1
"#,
        &["1 class A", "  2 method bar", "  3 method baz", "  5 method more", "  6 method last"],
    );
}

#[test]
fn a_string_of_one_line_ends_with_it() {
    let text = "\ndef a() = {\n  val x = \"abc\n  y(\"z\")\n}\ndef b() = { }\n";
    expect(Scala, text, &["1 function a", "5 function b"]);
}
