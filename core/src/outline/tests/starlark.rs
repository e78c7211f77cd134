use super::{Lang, Lang::Starlark, expect, expect_span, expect_uses};

#[test]
fn targets_functions_and_variables() {
    expect(
        Starlark,
        r#"
load("//a:b.bzl", "c")
VERSION = "1"
deps = [":d"]
cc_library(
    srcs = glob(["*.cc"], exclude = ["name"]),
    # comment, name = "no"
    name = "lib",
    deps = deps,
)
go_binary(name = 'tool', embed = [":lib"])
package(default_visibility = ["//visibility:public"])
def _impl(ctx):
    rule(name = "no")
    return []
my_rule = rule(implementation = _impl)
[genrule(name = "no" + x) for x in deps]
native.alias(name = "no")
"#,
        &[
            "2 const VERSION",
            "3 variable deps",
            "7 module lib",
            "10 module tool",
            "12 function _impl",
            "15 variable my_rule",
        ],
    );
}

#[test]
fn spans_uses_and_files() {
    let text = "# Doc.\na(\n    name = \"b\",\n)\nc()\n";
    expect_span(Starlark, text, "b", "# Doc.\na(\n    name = \"b\",\n)");
    expect_uses(
        Starlark,
        "load(\"//a:b.bzl\", \"c\")\nc(d())\n",
        &["0 import \"//a:b.bzl\", \"c\"", "1 call c", "1 call d"],
    );
    for path in ["a/BUILD", "BUILD.bazel", "a/b.bzl", "WORKSPACE", "MODULE.bazel", "Tiltfile"] {
        assert_eq!(Lang::detect(path.as_bytes(), b""), Starlark, "{path}");
    }
}
