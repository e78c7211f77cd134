use super::{Lang::Yaml, expect, expect_span};

#[test]
fn definitions() {
    expect(
        Yaml,
        r##"
name: ci
on: [push]
# All jobs.
jobs:
  build:
    runs-on: linux
    steps:
      - run: |
          make:
          all:
      - name: x
  "test one": # why
    needs: build
script: |
  deploy:
    no:
services:
- web:
- db
anchors: &base
  a:
    b: 1
x:y:
hosts:
- name: one
  targets:
    a: 1
---
spec:
"##,
        &[
            "4 section jobs",
            "  5 section build",
            "  12 section test one",
            "17 section services",
            "20 section anchors",
            "  21 section a",
            "24 section hosts",
            "29 section spec",
        ],
    );
}

#[test]
fn spans() {
    let text = "\na:\n  b:\n    c: 1\n\n  # Of d.\n  d:\n    e: 2\n\nf:\n- g\n- h\n";
    expect_span(Yaml, text, "b", "  b:\n    c: 1");
    expect_span(Yaml, text, "d", "  # Of d.\n  d:\n    e: 2");
    expect_span(Yaml, text, "a", "a:\n  b:\n    c: 1\n\n  # Of d.\n  d:\n    e: 2");
    expect_span(Yaml, text, "f", "f:\n- g\n- h");
}
