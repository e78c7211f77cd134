use super::{Lang::Toml, expect};

#[test]
fn definitions() {
    expect(
        Toml,
        r##"
name = "x"
[package]
list = [
  [1, 2],
]
["no"]
[dependencies.serde] # why
[[bin]]
[ tool . ruff ]
[a, b]
"##,
        &[
            "2 section package",
            "7 section dependencies.serde",
            "8 section bin",
            "9 section tool . ruff",
        ],
    );
}
