use super::{Lang::C, expect, expect_code, expect_span};

#[test]
fn functions_have_bodies() {
    expect(
        C,
        r#"
#include <stdio.h>
int prototype(int a);
extern int (*pointer)(int);
int value = call(3);
struct point origin = { .x = 1 };
static inline int __attribute__((unused)) one(int a, int b) { if (a) { call(b); } return 0; }
PyObject *
two(PyObject *self)
{
    for (;;) { switch (x) { case '{': break; } }
    return "}";
}
MODULE_LICENSE("GPL");
DECLARE(one_line)

int three(void) __attribute__((noreturn)) {}
int (*four(int x))(int) { return 0; }
STACK_OF(X) *five(void) { return 0; }
TEST(suite, name) { }
int values[] = { MACRO(1) { 2 } };
#ifdef A
int six(int a) {
#else
int six(long a) {
#endif
    return a;
}
int seven(void) { return 1'000; }
extern "C" {
int eight(void) {}
}
int nine(void) {}
"#,
        &[
            "6 function one",
            "8 function two",
            "16 function three",
            "17 function four",
            "18 function five",
            "19 function TEST",
            "22 function six",
            "28 function seven",
            "30 function eight",
            "32 function nine",
        ],
    );
}

#[test]
fn types_and_macros() {
    expect(
        C,
        r#"
#ifndef X_H
#define X_H
# define MAX(a, b) \
    ((a) > (b) ? { \
    (a) : (b))
#define TEXT "/*" /* over
   lines */ "}"
#define GLOB "x/*"
#define QUOTE '"'
struct a { int x; struct b { int y; } z; union { int u; } w; };
struct forward;
struct a make(void);
typedef struct a a_t;
typedef struct { int x[4]; } named;
typedef struct node { struct node *next; } node_t, *node_p;
typedef int (*callback)(int, void (*)(void));
typedef void (API *entry)(void);
typedef unsigned char block[16];
typedef int handler(int);
enum color { RED, GREEN };
enum { ANONYMOUS };
union PACKED word { int i; };
#endif
"#,
        &[
            "2 macro X_H",
            "3 macro MAX",
            "6 macro TEXT",
            "8 macro GLOB",
            "9 macro QUOTE",
            "10 struct a",
            "  10 struct b",
            "13 type a_t",
            "14 struct named",
            "15 struct node",
            "15 type node_p",
            "16 type callback",
            "17 type entry",
            "18 type block",
            "19 type handler",
            "20 enum color",
            "22 union word",
        ],
    );
}

#[test]
fn spans() {
    let text = "/* License */\n\n/*\n * About a.\n */\nstatic int\na(void)\n{\n}\n\n// About B\n#define B \\\n  1  \n#define C\n\n/* t */\ntypedef struct {\n  int x;\n} t;\n";
    expect_span(C, text, "a", "/*\n * About a.\n */\nstatic int\na(void)\n{\n}");
    expect_span(C, text, "B", "// About B\n#define B \\\n  1");
    expect_span(C, text, "C", "#define C");
    expect_span(C, text, "t", "/* t */\ntypedef struct {\n  int x;\n} t;");
}

#[test]
fn comments_and_strings_are_no_code() {
    expect_code(
        C,
        "#define A(b) \"c\" /* d */ e\nint f = '\\''; // g\n",
        "#define A(b)   e\nint f = ; \n",
    );
}
