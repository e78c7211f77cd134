use super::{Lang::Protobuf, expect, expect_span, expect_uses};

#[test]
fn definitions() {
    expect(
        Protobuf,
        r###"
syntax = "proto3";
package a.b;
import "c.proto";
// A user.
message User {
  string message = 1;
  oneof key {
    string id = 2;
  }
  message Inner { int32 x = 1; }
  enum Role { NONE = 0; }
  map<string, int32> m = 4 [deprecated = true];
}
service Users {
  rpc Get (GetRequest) returns (User);
  rpc List (stream GetRequest) returns (stream User) {
    option (google.api.http) = { get: "/v1" };
  }
}
"###,
        &[
            "2 module a.b",
            "5 struct User",
            "  7 union key",
            "  10 struct Inner",
            "  11 enum Role",
            "14 interface Users",
            "  15 method Get",
            "  16 method List",
        ],
    );
}

#[test]
fn spans_and_imports() {
    let text = "\nimport \"a.proto\";\n// Doc.\nmessage A {\n  int32 b = 1;\n}\nenum C {}\n";
    expect_span(Protobuf, text, "A", "// Doc.\nmessage A {\n  int32 b = 1;\n}");
    expect_uses(Protobuf, text, &["1 import \"a.proto\""]);
}
