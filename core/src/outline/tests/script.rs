use super::Lang::{JavaScript, TypeScript};
use super::{expect, expect_code, expect_span};

#[test]
fn functions_and_classes() {
    expect(
        JavaScript,
        r#"
import a from 'a'
export default function main() {}
async function* gen() { yield 1 }
export class A extends B {
  static #count = 0
  constructor(x) { super(x) }
  get size() { return 1 }
  static async *walk(a = {}) {}
  #secret() { if (a) { call(b) } }
  handle = async (event) => { }
  static { init() }
  async() {}
}
const f = (a, { b = 1 } = {}) => a / b
const g = async x => {
  const inner = function () {}
}
let h = function named() {}, other = 1
var K = class { m() {} }
const MAX_SIZE = 10, value = 4
const value2 = call(x => x)
exports.one = function () {}
A.prototype.two = async function () {}
module.exports = function three() {}
if (x) { function nested() {} }
const get = () => 1
while (a) b()
"#,
        &[
            "2 function main",
            "3 function gen",
            "4 class A",
            "  6 method constructor",
            "  7 method size",
            "  8 method walk",
            "  9 method #secret",
            "  10 method handle",
            "  12 method async",
            "14 function f",
            "15 function g",
            "  16 function inner",
            "18 function h",
            "19 class K",
            "  19 method m",
            "20 const MAX_SIZE",
            "22 function one",
            "23 method two",
            "24 function three",
            "25 function nested",
            "26 function get",
        ],
    );
}

#[test]
fn one_statement_declares_several() {
    expect(
        JavaScript,
        r#"
var a = function () { b(1, c = 2) }, d = 1,
    e = function () {},
    // About f.
    f = async x => x, g = () => { h }
  , i = class { j() {} }, k, l = (m, n)
const MAX = [1, p = function () {}], MIN = { r, s: t }, TOP = 2
function v() {
  let w = 1, x = function () {}
  for (var y = 1, z = function () {};;) {}
}
b = 1, c = function () {}
var

// About aa.
aa = 1

// About bb.
, bb = function () {}
"#,
        &[
            "1 function a",
            "2 function e",
            "4 function f",
            "4 function g",
            "5 class i",
            "  5 method j",
            "6 const MAX",
            "6 const MIN",
            "6 const TOP",
            "7 function v",
            "  8 function x",
            "18 function bb",
        ],
    );
    expect(
        TypeScript,
        r#"
const a: Map<b, c> = (d) => e, f: G<h> = (i) => j
const k = <L, M = n>(o: L) => p, q = 1
let r = s.type
const t = () => u
const v = [w] as const
function x() {}
"#,
        &["1 function a", "1 function f", "2 function k", "4 function t", "6 function x"],
    );
    let text = "var a = x => x, // no\n  // About b.\n  b = function () {\n  }, c = () => 1\nd()\n";
    expect_span(JavaScript, text, "a", "var a = x => x");
    expect_span(JavaScript, text, "b", "  // About b.\n  b = function () {\n  }");
    expect_span(JavaScript, text, "c", " c = () => 1");
}

#[test]
fn literals_hide_their_braces() {
    expect(
        JavaScript,
        r#"
function a() { return `{ ${ b({ c: `}${d}` }) } function no() {` }
function e() { return /[/}"]\/{/g.test(x) }
function f() { return a / b / "}" }
function g() { return 'it\'s }' + "
}
function h() { const re = /}/
  return re
}
x = <p>Don't { function inner() {} }</p>
function i() { /* } */ } // }
"#,
        &[
            "1 function a",
            "2 function e",
            "3 function f",
            "4 function g",
            "6 function h",
            "9 function inner",
            "10 function i",
        ],
    );
}

#[test]
fn types() {
    expect(
        TypeScript,
        r#"
import { type B, type D as G, type F } from 'b'
export interface A<T> extends B { x: number; m(a: { b: string }): void; n?<U>(): U }
type C = { a: string } & D
type E<F> =
  | 'a'
  | G<F>
declare module 'pkg/name' { export function inner(): void }
namespace X.Y { const enum Z { A, B } }
export abstract class H<T> implements A<T>, B {
  private readonly x: number = 1
  constructor(private a: string, b?: { c: number }) { super() }
  abstract area(): number
  protected static override scale(by: number): { x: number } { return { x: by } }
  @memo({ a: 1 }) @other
  get value(): Foo<string> { return 1 }
  handler: Handler = (e) => {}
}
function over(a: string): string
function over(a: number): number
function over(a: any): any { return a }
export const typed: Fn<string> = async (a: { b: number }): Promise<void> => { }
declare const VERSION: string
type Last = string
let type = 1
enum J { K }
export default abstract class {}
"#,
        &[
            "2 interface A",
            "  2 method m",
            "  2 method n",
            "3 type C",
            "4 type E",
            "7 module pkg/name",
            "  7 function inner",
            "8 module X.Y",
            "  8 enum Z",
            "9 class H",
            "  11 method constructor",
            "  12 method area",
            "  13 method scale",
            "  15 method value",
            "  16 method handler",
            "18 function over",
            "19 function over",
            "20 function over",
            "21 function typed",
            "22 const VERSION",
            "23 type Last",
            "25 enum J",
            "26 class default",
        ],
    );
}

#[test]
fn spans() {
    let text = r#"/** About a. */
export const a = (x) =>
  x + 1

// About B
@decorate({ x: `}` })
class B {
  /** About c. */
  c() {
  }
}
type D =
  | 'x'
  | 'y'
let after
"#;
    expect_span(TypeScript, text, "a", "/** About a. */\nexport const a = (x) =>\n  x + 1");
    expect_span(TypeScript, text, "c", "  /** About c. */\n  c() {\n  }");
    expect_span(
        TypeScript,
        text,
        "B",
        "// About B\n@decorate({ x: `}` })\nclass B {\n  /** About c. */\n  c() {\n  }\n}",
    );
    expect_span(TypeScript, text, "D", "type D =\n  | 'x'\n  | 'y'");
}

#[test]
fn comments_strings_and_expressions_are_no_code() {
    expect_code(
        JavaScript,
        "import a from 'b'; // c\nlet d = `e ${f} g ${h}`, i = /j/.test(k) / l;",
        "import a from ; \nlet d = f}h}`, i = .test(k) / l;",
    );
}

#[test]
fn text_between_tags_is_no_code() {
    expect(
        JavaScript,
        r#"
function A() {
  return <p>a ` b</p>
}
function B() {
  return <code>src/** or /* x</code>
}
const C = () => (
  <>
    <D e="{" f={() => { g() }} {...h} its='i' />
    don't {/* { */} // {x.map(y => <li key={y}>{`${y}`} isn't</li>)}
    <br/>
    "
  </>
);
const f = <T,>(a) => a < b, g = c<d>`e`;
let x = <any>y;
function c() { return `x` }
function d() { return <><E<F<g>> h="i"/>isn't</> }
function j() { return <k>
  `
}
function l() {}
</k>
"#,
        &[
            "1 function A",
            "4 function B",
            "7 function C",
            "15 function f",
            "17 function c",
            "18 function d",
            "19 function j",
            "22 function l",
        ],
    );
    expect_code(
        JavaScript,
        "a = <b c='d' e={f('g')}>h {i} <J/> k</b>;\n",
        "a = <b c= e={f()}>{i} <J/></b>;\n",
    );
}
