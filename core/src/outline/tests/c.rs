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
            "15 type node_t",
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

#[test]
fn branches_that_are_never_compiled_hold_no_code() {
    expect(
        C,
        r#"
#if 0
DEF A = 0
don't look { here
#if B
#else
#endif
#endif
struct s { int a; };
# if 0 /* not yet */
int no(void) {
# else
int g(void) {
# endif
  return 1;
}
#if 0 && C
int no(void) {
#elif D
#endif
int h(void) { return 0; }
#if 0 || C
int i(void) { return 0; }
#endif
#if (0)
{"#,
        &["8 struct s", "12 function g", "20 function h", "22 function i"],
    );
}

#[test]
fn two_heads_of_one_body_are_one_function() {
    expect(
        C,
        r#"
#ifdef X
int one(int a)
#else
int one(long a)
#endif
{
  return 0;
}
#if X
static int two(void)
#elif Y
static long two(void)
#else
static char two(void)
#endif
{
}
int three(void) { return 0; }
"#,
        &["4 function one", "14 function two", "18 function three"],
    );
}

#[test]
fn parameters_may_be_declared_before_the_body() {
    expect(
        C,
        r#"
int add(a, b)
    int a;
    char *b, c[4];
{
    return a;
}
main(argc, argv) int argc; char **argv; { return 0; }
int next(void) { return 0; }
int line(a, b) int a; char *b; { return a; }
int no(a, b);
int x;
"#,
        &["1 function add", "7 function main", "8 function next", "9 function line"],
    );
    let text = "int add(a, b)\n    int a;\n{\n    return a;\n}\n";
    expect_span(C, text, "add", text.trim_end());
}

#[test]
fn annotations_behind_parameters_are_no_names() {
    expect(
        C,
        r#"
static struct foo *find(struct l *h) __must_hold(&lock)
{
}
static void g(int a)
	__acquires(b)
	__releases(c)
{
}
static int h(const char *f, ...) printf_like(1, 2) cold {
}
EXPORT(int) i(void) { }
"#,
        &["1 function find", "4 function g", "9 function h", "11 function i"],
    );
}

#[test]
fn a_declarator_wraps_its_name() {
    expect(
        C,
        r#"
int (*table(void))[4] { return 0; }
int (*no)[4] = { 0 };
int (*other(int a))(void) { return 0; }
typedef struct { int a; } one_t, *one_p;
typedef unsigned long ulong_t, *ulong_p, many[4][2];
"#,
        &[
            "1 function table",
            "3 function other",
            "4 struct one_t",
            "4 struct one_p",
            "5 type ulong_t",
            "5 type ulong_p",
            "5 type many",
        ],
    );
}
