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

#[test]
fn strings_of_several_lines_hold_no_table() {
    expect(
        Toml,
        "\n[a]\nb = \"\"\"\n[no]\n\"\"\"\nc = '''\n[no]''' # d\ne = \"\"\"f\"\"\"\n[g]\n",
        &["1 section a", "8 section g"],
    );
}
