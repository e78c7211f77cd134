use super::{Lang::Markdown, expect, expect_span};

#[test]
fn headings_nest_by_level() {
    expect(
        Markdown,
        "---
title: x
# no
---
# One #
Text
#no heading
## Two `code` ##
### Three \\#
    # indented code
## Four
```rust
# no
``
~~~
```
Set
text
===
Sub
---
- item
-----
<!-- # no
# no -->
###### Six
####### no
",
        &[
            "4 section One",
            "  7 section Two `code`",
            "    8 section Three \\#",
            "  10 section Four",
            "17 section text",
            "  19 section Sub",
            "  21 section - item",
            "    25 section Six",
        ],
    );
}

#[test]
fn spans() {
    let text = "\n# One\n\ntext\n\n\nTwo\n===\nmore\n";
    expect_span(Markdown, text, "One", "# One\n\ntext");
    expect_span(Markdown, text, "Two", "Two\n===\nmore");
}
