use super::{Lang::AsciiDoc, expect, expect_span};

#[test]
fn definitions() {
    expect(
        AsciiDoc,
        r##"
= Book
Author

== Part

----
== no
----

// comment
[[anchor]]
=== Sub ===
....
= no
....
====
example
====
=no
## Also
"##,
        &["1 section Book", "  4 section Part", "    12 section Sub", "  20 section Also"],
    );
}

#[test]
fn spans() {
    let text = "\n= One\n\na\n\n[[two]]\n== Two\nb\n";
    expect_span(AsciiDoc, text, "Two", "[[two]]\n== Two\nb");
    expect_span(AsciiDoc, text, "One", "= One\n\na\n\n[[two]]\n== Two\nb");
}
