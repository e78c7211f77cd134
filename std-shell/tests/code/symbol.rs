//! `sigla symbol`

use super::{Setup, said, text};
use serde_json::{Value, json};

/// `path:line` of each definition that a name has.
#[track_caller]
fn places(setup: &Setup, args: &[&str]) -> Vec<String> {
    let output = setup.run(&[&["symbol", "--json"], args].concat());
    let lines = text(&output);
    let objects = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let definitions = objects.filter(|object| object.get("signature").is_some());
    let place = |object: Value| format!("{}:{}", object["path"].as_str().unwrap(), object["line"]);
    definitions.map(place).collect()
}

#[test]
fn a_name_is_shown_with_signature_and_doc() {
    let setup = Setup::project();
    assert_eq!(
        setup.shows(&["symbol", "with_backoff"]),
        "src/retry.rs:2  with_backoff (function)\n   \
         2 │ pub fn with_backoff(tries: u32, run: impl Fn() -> bool) -> bool\n     \
         │ Runs again, with backoff.\n"
    );
    let objects = setup.objects(&["symbol", "Client::open"]);
    assert_eq!(
        objects,
        [
            json!({
                "path": "src/net/client.rs", "line": 11, "end": 16, "kind": "method",
                "name": "open", "container": "Client", "lang": "rust",
                "signature": "pub fn open(&self, host: &str) -> bool",
                "doc": "Opens a connection, \"open\" in short.",
            }),
            json!({
                "done": true, "match": "exact", "definitions": 1, "uses": null, "generation": 1,
                "stale": false,
            })
        ]
    );
}

#[test]
fn qualified_names_say_what_a_name_belongs_to() {
    let setup = Setup::project();
    let client = ["src/net/client.rs:11"];
    for name in [
        "Client::open",
        "Client.open",
        "Client#open",
        "client::Client::open",
        "net::client::Client::open",
        "net::Client::open",
        "tree/net/client/Client/open",
    ] {
        let expected: &[&str] = if name.starts_with("tree") { &[] } else { &client };
        assert_eq!(places(&setup, &[name, "--exact"]), expected, "{name}");
    }
    assert_eq!(places(&setup, &["Store.open"]), ["py/store.py:4"]);
    assert_eq!(places(&setup, &["store.Load"]), ["go/store.go:9"]);
    assert_eq!(places(&setup, &["Guide/Opening a store"]), [""; 0]);
    assert_eq!(places(&setup, &["Opening a store"]), ["docs/guide.md:3"]);
    assert_eq!(places(&setup, &["Server::open", "--exact"]), [""; 0]);
    // What a type inherits is defined elsewhere.
    let output = setup.run(&["symbol", "Server::dial"]);
    assert!(text(&output).starts_with("src/net/client.rs:18  Client::dial"), "{}", text(&output));
    assert!(said(&output).contains("nothing is said to be \"Server::dial\""), "{}", said(&output));
}

#[test]
fn the_best_fit_answers_and_says_so() {
    let setup = Setup::project();
    let fit = |name: &str| {
        let output = setup.run(&["symbol", name, "--json"]);
        let lines = text(&output);
        let done: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
        (done["match"].as_str().unwrap_or("none").to_owned(), said(&output))
    };
    let silent = (String::from("exact"), String::new());
    assert_eq!(fit("open"), silent);
    let (fit_case, note) = fit("OPEN");
    assert_eq!((&*fit_case, note.contains("in another")), ("case", true), "{note}");
    let (prefix, note) = fit("with_b");
    assert_eq!((&*prefix, note.contains("begin so")), ("prefix", true), "{note}");
    for near in ["with_bakcoff", "wb", "backoff"] {
        let (fuzzy, note) = fit(near);
        assert_eq!((&*fuzzy, note.contains("resemble")), ("fuzzy", true), "{near} {note}");
        assert_eq!(places(&setup, &[near]), ["src/retry.rs:2"], "{near}");
    }
    let output = setup.run(&["symbol", "zebra"]);
    assert_eq!((output.status.code(), &*text(&output)), (Some(1), ""));
    assert!(said(&output).contains("no symbol is like \"zebra\""), "{}", said(&output));
    let output = setup.run(&["symbol", "with_bakcoff", "--exact"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("is it \"with_backoff\"?"), "{}", said(&output));
    let output = setup.run(&["symbol", "with_backoff", "-k", "class"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("a function"), "{}", said(&output));
}

#[test]
fn order_is_case_then_work_before_tests_then_kind_then_path() {
    let setup = Setup::project();
    let open = ["py/store.py:4", "src/net/client.rs:11", "tests/open.rs:2"];
    assert_eq!(places(&setup, &["open"]), open);
    let prefix = ["go/store.go:5", "py/store.py:4", "src/net/client.rs:11"];
    let found = places(&setup, &["open", "--prefix", "-k", "method"]);
    let mut sorted = found.clone();
    sorted.sort();
    assert_eq!(sorted, prefix);
    assert_eq!(places(&setup, &["store"]), ["go/store.go:3", "py/store.py:1"]);
}

#[test]
fn uses_are_calls_imports_and_mentions_but_no_comments_nor_strings() {
    let setup = Setup::project();
    assert_eq!(
        setup.shows(&["symbol", "with_backoff", "--refs"]),
        "src/retry.rs:2  with_backoff (function)\n   \
         2 │ pub fn with_backoff(tries: u32, run: impl Fn() -> bool) -> bool\n     \
         │ Runs again, with backoff.\n\n\
         used on 3 lines\n\
         etc/settings.toml\n   2 │ name = \"with_backoff\"  (mention in settings)\n\
         src/net/client.rs\n   1 │ use crate::retry::with_backoff;  (import)\n  \
         15 │ with_backoff(3, || Self::dial(host))  (call in Client::open)\n"
    );
    let objects = setup.objects(&["symbol", "Client::open", "--refs", "-t", "rust"]);
    let uses: Vec<String> = objects
        .iter()
        .filter(|object| object.get("use").is_some())
        .map(|o| format!("{} {}:{} {}", o["path"], o["line"], o["column"], o["use"]))
        .collect();
    // `File::open` is another one; the test comes last.
    assert_eq!(uses, ["\"src/main.rs\" 6:12 \"call\"", "\"tests/open.rs\" 3:27 \"call\""]);
    assert_eq!(objects.last().unwrap()["uses"], 2);
    let objects = setup.objects(&["symbol", "open", "--refs"]);
    let paths: Vec<&str> = objects
        .iter()
        .filter(|object| object.get("use").is_some())
        .map(|object| object["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths[paths.len() - 2..], ["tests/open.rs", "docs/guide.md"], "prose comes last");
}

#[test]
fn what_is_used_but_defined_elsewhere_is_found() {
    let setup = Setup::project();
    let output = setup.run(&["symbol", "openStore", "--refs"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(said(&output).contains("not defined here"), "{}", said(&output));
    assert_eq!(
        text(&output),
        "used on 2 lines\nweb/app.ts\n   1 │ import { openStore } from './store';  (import)\n   \
         5 │ openStore();  (call in App.start)\n"
    );
}

#[test]
fn places_limits_and_filters_narrow() {
    let setup = Setup::project();
    assert_eq!(places(&setup, &["open", "py"]), ["store.py:4"]);
    assert_eq!(places(&setup, &["open", "src/net/client.rs"]), ["client.rs:11"]);
    assert_eq!(places(&setup, &["open", "-t", "python"]), ["py/store.py:4"]);
    assert_eq!(places(&setup, &["open", "-g", "!tests", "-g", "!py"]), ["src/net/client.rs:11"]);
    let output = setup.run(&["symbol", "open", "-n", "1"]);
    assert_eq!(text(&output).lines().next(), Some("py/store.py:4  Store.open (method)"));
    assert!(said(&output).contains("1 of 3 definitions shown; -n 3 shows all"));
    let output = setup.run(&["symbol", "open", "-q"]);
    assert_eq!((output.status.code(), &*text(&output), &*said(&output)), (Some(0), "", ""));
    assert_eq!(setup.run(&["symbol", "zebra", "-q"]).status.code(), Some(1));
}

#[test]
fn an_image_answers_as_its_tree() {
    let setup = Setup::project();
    setup.shows(&["pack", ".", "-o", "../x.sigla", "-q"]);
    let tree = setup.shows(&["symbol", "open", "--refs"]);
    assert_eq!(setup.shows(&["symbol", "open", "../x.sigla", "--refs"]), tree);
    let both = setup.shows(&["symbol", "with_backoff", ".", "../x.sigla"]);
    assert!(both.contains("../x.sigla:src/retry.rs:2"), "{both}");
}

#[test]
fn a_file_that_changes_is_read_anew() {
    let setup = Setup::project();
    setup.shows(&["symbol", "with_backoff"]);
    setup.write("src/retry.rs", "\n\npub fn with_backoff() {}\n");
    assert_eq!(places(&setup, &["with_backoff"]), ["src/retry.rs:3"]);
    setup.write("src/retry.rs", "\npub fn with_backoff() {}\n");
    let output = setup.run(&["symbol", "with_backoff", "--stale-ok", "--json"]);
    assert!(text(&output).contains("\"line\":2"), "{}", text(&output));
    assert!(text(&output).contains("\"stale\":true"));
    setup.write("src/retry.rs", "\n");
    let output = setup.run(&["symbol", "with_backoff", "--stale-ok"]);
    assert_eq!(text(&output), "", "it is no longer there");
}

#[test]
fn out_of_line_definitions_belong_to_what_they_say() {
    let setup = Setup::new(&[
        ("a.cc", "namespace n {\nint A::size() const { return 1; }\n}\nint size() { return 2; }\n"),
        ("b.go", "package b\n\nfunc (b *Box) Size() int { return 1 }\n\nfunc Size() {}\n"),
    ]);
    assert_eq!(places(&setup, &["A::size"]), ["a.cc:2"]);
    assert_eq!(places(&setup, &["n::A::size"]), ["a.cc:2"]);
    assert_eq!(places(&setup, &["Box.Size"]), ["b.go:3"]);
    let shown = setup.shows(&["symbol", "A::size"]);
    assert!(shown.starts_with("a.cc:2  n::A::size ("), "{shown}");
}
