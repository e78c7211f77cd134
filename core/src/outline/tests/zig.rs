use super::{Lang::Zig, expect, expect_span, expect_uses};

#[test]
fn definitions() {
    expect(
        Zig,
        r#"
const std = @import("std");
pub const Error = error{ A, B };
pub const Box = packed struct(u32) {
    a: u16 = 1,
    b: fn (u8) void,

    pub fn init(a: u16) Box { return .{ .a = a, .b = undefined }; }
    const Inner = union(enum) { x: u8, y, fn tag() void {} };
    pub const Kind = enum { one, two, pub fn label(k: Kind) []const u8 { return "}"; } };
};
const limit: usize = 3;
extern "c" fn external(x: c_int) c_int;
pub fn List(comptime T: type) type {
    const text =
        \\ fn no() {
        \\
    ;
    var local = call(T);
    return struct { items: []T, pub fn push(self: *@This(), t: T) !void { if (t) |x| { use(x); } } };
}
export fn @"a b"(c: u8) callconv(.C) void { const d = '{'; _ = '\''; }
test "name" { const T = struct { fn inner() void {} }; }
const opaque_t = opaque {};
const Alias = std.ArrayList(u8);
"#,
        &[
            "2 enum Error",
            "3 struct Box",
            "  7 method init",
            "  8 union Inner",
            "    8 method tag",
            "  9 enum Kind",
            "    9 method label",
            "12 function external",
            "13 function List",
            "  19 function push",
            "21 function a b",
            "22 struct T",
            "  22 method inner",
            "23 struct opaque_t",
        ],
    );
}

#[test]
fn spans() {
    let text = "/// Doc of A.\npub const A = struct {\n    /// About b.\n    b: u8,\n    /// Doc of c.\n    pub fn c() void {}\n};\n";
    expect_span(
        Zig,
        text,
        "A",
        "/// Doc of A.\npub const A = struct {\n    /// About b.\n    b: u8,\n    /// Doc of c.\n    pub fn c() void {}\n}",
    );
    expect_span(Zig, text, "c", "    /// Doc of c.\n    pub fn c() void {}");
}

#[test]
fn calls() {
    expect_uses(
        Zig,
        "\nfn a(b: C) void {\n    if (d(1)) try e.f(2) else return;\n}\n",
        &["2 call d", "2 call f"],
    );
}
