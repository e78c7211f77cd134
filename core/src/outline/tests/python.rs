use super::{Lang::Python, expect, expect_code, expect_span, expect_uses};

#[test]
fn definitions_nest_by_indentation() {
    expect(
        Python,
        r#"
"""Module."""
import os
LIMIT = 4
MAX_SIZE: int = 5
lower = 1
if LIMIT == 3:
    INNER = 4
    def conditional(): pass
class A(B,
        C):
    """Doc.
def no():
    """
    x = 1
    def m(self): return 1
    async def n(self):
        def local():
            pass

        return local
    class Inner: pass
@decorator
def f(a=(1,
2), *,
      b="""
def no(): """):
    return {
def_ : 1
}
	# a tab is eight columns
def g():
	def h(): pass
        def i(): pass
def type(): pass
"#,
        &[
            "3 const LIMIT",
            "4 const MAX_SIZE",
            "5 variable lower",
            "8 function conditional",
            "9 class A",
            "  15 method m",
            "  16 method n",
            "    17 function local",
            "  21 class Inner",
            "23 function f",
            "31 function g",
            "  32 function h",
            "  33 function i",
            "34 function type",
        ],
    );
}

#[test]
fn strings_hide_their_content() {
    expect(
        Python,
        r#"
a = 'it''s # no'  # 'comment
def a(): return "\"" + r'\'' + '''
def no(): ''' + f"{a!r:}"
b = 'unterminated
def b(): pass
c = "goes \
def no(): pass"
def c(): pass
d = """
def no(): pass
"#,
        &[
            "1 variable a",
            "2 function a",
            "4 variable b",
            "5 function b",
            "6 variable c",
            "8 function c",
            "9 variable d",
        ],
    );
}

#[test]
fn an_open_bracket_ends_at_the_next_definition() {
    expect(
        Python,
        "\nx = (1,\ndef a():\n  y = [\n\nclass B: pass\n",
        &["1 variable x", "2 function a", "5 class B"],
    );
}

#[test]
fn spans() {
    let text = r#"# License.

# About a.
@one
@two(
    3)
def a():
    # inside
    return 1

    # after the end

class B:
    def c(self):
        '''Doc.'''
    # of d
    def d(self): pass
XS = [
    1,
]
"#;
    expect_span(
        Python,
        text,
        "a",
        "# About a.\n@one\n@two(\n    3)\ndef a():\n    # inside\n    return 1",
    );
    expect_span(Python, text, "c", "    def c(self):\n        '''Doc.'''");
    expect_span(Python, text, "d", "    # of d\n    def d(self): pass");
    expect_span(Python, text, "XS", "XS = [\n    1,\n]");
}

#[test]
fn imports_and_calls() {
    expect_uses(
        Python,
        r#"
from os import (path,
    sep)
import sys
def f(a=b()):
    return g(a)(c) or (d)
class H(I): pass
"#,
        &["1 import os import (path,\n    sep)", "3 import sys", "4 call b", "5 call g"],
    );
}

#[test]
fn comments_and_strings_are_no_code() {
    expect_code(
        Python,
        "def a():\n    '''b\n    c'''\n    return 'd' + e  # f\n",
        "def a():\n    \n    return  + e  \n",
    );
}

#[test]
fn variables_of_a_module_are_found_once() {
    expect(
        Python,
        r#"
current_app: Flask = LocalProxy(  # type: ignore
    name="x",
)
__all__ = ["a"]
T = TypeVar("T")
plain: int
HEADER: bytes
a, b = 1, 2
c.d = e["f"] = 3
count += 1
count == 2
late: Dict[str,
    int] = {}
text: "a = b"
if a: x = 1
else: y = 2
try: pass
finally: z = 3
current_app = None
def f():
    local = 1
class C:
    field = 1
    LIMIT = 2
f(a
= 1)
"#,
        &[
            "1 variable current_app",
            "4 variable __all__",
            "5 variable T",
            "7 const HEADER",
            "12 variable late",
            "20 function f",
            "22 class C",
        ],
    );
}

#[test]
fn strings_with_code_call() {
    expect_uses(
        Python,
        r#"print(f"{fmt(1)} {f'{g(2)}'} {{no(3)}} {x:{w(4)}}")
y = 'no(5) {no(6)}'
z = f'{h(7'
i(8)
"#,
        &["0 call print", "0 call fmt", "0 call g", "0 call w", "2 call h", "3 call i"],
    );
    expect_code(
        Python,
        "a = f'b{c:>{d}} {{e}} {f[\"g\"]!r}' + rf\"\\{h}i\" + f'''\n{\n j }k''' + af'l{m}'\n",
        "a = f{c{d}}{f[]!r}' + rf{h} + f{\n j } + af\n",
    );
}
