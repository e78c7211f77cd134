use super::{Lang::Rst, expect, expect_span};

#[test]
fn definitions() {
    expect(
        Rst,
        r##"
=====
Title
=====

Part
====

Text of a paragraph
that has two lines
==================

Sub ``x``
---------

Other part
==========

.. code-block:: python

   No
   ==

====  ====
A     B
====  ====

----

 Centred
 =======
"##,
        &[
            "2 section Title",
            "  5 section Part",
            "    12 section Sub ``x``",
            "  15 section Other part",
        ],
    );
}

#[test]
fn spans() {
    let text = "\n===\nOne\n===\n\ntext\n\n---\nTwo\n---\nmore\n\n===\nTop\n===\n";
    expect_span(Rst, text, "One", "===\nOne\n===\n\ntext\n\n---\nTwo\n---\nmore");
    expect_span(Rst, text, "Two", "---\nTwo\n---\nmore");
    expect_span(Rst, text, "Top", "===\nTop\n===");
}
