use super::{Lang::Ini, expect};

#[test]
fn definitions() {
    expect(
        Ini,
        r##"
; comment
[remote "origin"]
url = x
 [indented]
[core] ; why
"##,
        &["2 section remote \"origin\"", "5 section core"],
    );
}
