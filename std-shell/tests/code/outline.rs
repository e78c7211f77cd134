//! `sigla outline`

use super::{Setup, said, text};
use serde_json::json;

#[test]
fn definitions_nest_with_lines_kind_signature_and_doc() {
    let setup = Setup::project();
    assert_eq!(
        setup.shows(&["outline", "src/net/client.rs"]),
        "  4-6  struct  pub struct Client  — Talks to a server.\n \
          8-22  impl    impl Client\n\
         11-16  method    pub fn open(&self, host: &str) -> bool  — Opens a connection, \"open\" \
         in short.\n\
         18-21  method    fn dial(host: &str) -> bool\n"
    );
    assert_eq!(
        setup.shows(&["outline", "py/store.py", "-k", "method"]),
        "4-5  method    def open(self, path):\n7-8  method    def load(self, path):\n"
    );
    assert!(!setup.dir.path().join("cache").exists(), "no index is needed");
}

#[test]
fn depth_kind_and_several_files() {
    let setup = Setup::project();
    let shown = setup.shows(&["outline", "-d", "1", "src/retry.rs", "src/net/client.rs"]);
    assert_eq!(
        shown,
        "src/retry.rs\n2-4  function  pub fn with_backoff(tries: u32, run: impl Fn() -> bool) -> \
         bool  — Runs again, with backoff.\n\
         src/net/client.rs\n 4-6  struct  pub struct Client  — Talks to a server.\n\
         8-22  impl    impl Client\n"
    );
    let output = setup.run(&["outline", "src/retry.rs", "none.rs"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("with_backoff"), "the rest is shown");
    assert!(said(&output).contains("cannot read none.rs"));
}

#[test]
fn json_has_a_shape_that_stays() {
    let setup = Setup::project();
    let objects = setup.objects(&["outline", "src/net/client.rs"]);
    assert_eq!(
        objects[2],
        json!({
            "path": "src/net/client.rs", "line": 11, "end": 16, "kind": "method", "name": "open",
            "container": "Client", "lang": "rust",
            "signature": "pub fn open(&self, host: &str) -> bool",
            "doc": "Opens a connection, \"open\" in short.",
        })
    );
    assert_eq!(objects.len(), 4);
    assert_eq!((&objects[1]["doc"], &objects[1]["container"]), (&json!(null), &json!(null)));
}

#[test]
fn standard_input_has_the_language_that_is_named() {
    let setup = Setup::new(&[]);
    let python = b"def first():\n    pass\n";
    let output = setup.feed(&["outline", "-", "--lang", "py"], python);
    assert_eq!(text(&output), "1-2  function  def first():\n");
    let output = setup.feed(&["outline", "-"], python);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("--lang names one"), "{}", said(&output));
    let output = setup.feed(&["outline", "-"], b"#!/usr/bin/env python\ndef second(): pass\n");
    assert_eq!(text(&output), "2  function  def second(): pass\n");
}

#[test]
fn errors_say_what_to_do() {
    let setup = Setup::project();
    setup.write("binary.rs", b"fn a() {}\0");
    for (args, why) in [
        (&["outline", "src"][..], "src is a folder: sigla map shows one"),
        (&["outline", "binary.rs"], "binary.rs is binary"),
        (&["outline", "-l", "rusty", "src/main.rs"], "is it rust?"),
        (&["outline", "-k", "methods", "src/main.rs"], "is it method?"),
    ] {
        let output = setup.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(said(&output).contains(why), "{args:?}: {}", said(&output));
    }
}

#[test]
fn nothing_of_a_file_reaches_the_terminal_as_a_command() {
    let setup = Setup::new(&[("a.rs", "/// \u{1b}[2J\nfn a(b: \u{202e}x) {}\n")]);
    let shown = setup.shows(&["outline", "a.rs", "--color", "never"]);
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown}");
}
