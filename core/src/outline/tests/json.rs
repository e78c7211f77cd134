use super::{Lang::Json, expect, expect_span};

#[test]
fn definitions() {
    expect(
        Json,
        r###"
{
  "name": "x",
  "scripts": {
    "build": {
    }
  },
  "files": [
    "a"
  ],
  "empty": {},
  "deps": {
    "a": "1"
  }
}
"###,
        &["3 section scripts", "7 section files", "11 section deps"],
    );
}

#[test]
fn spans() {
    let text = "\n{\n  \"a\": {\n    \"b\": 1\n  },\n  \"c\": [\n    1\n  ]\n}\n";
    expect_span(Json, text, "a", "  \"a\": {\n    \"b\": 1\n  },");
    expect_span(Json, text, "c", "  \"c\": [\n    1\n  ]");
}
