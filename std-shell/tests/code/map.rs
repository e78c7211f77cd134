//! `sigla map`

use super::{Setup, said};
use serde_json::{Value, json};

#[test]
fn folders_files_and_symbols_by_how_much_they_are_used() {
    let setup = Setup::new(&[
        ("src/engine.rs", "pub struct Engine;\n\nimpl Engine {\n    pub fn start(&self) {}\n}\n"),
        ("src/a.rs", "fn first(e: &Engine) {\n    e.start();\n}\nfn lonely() {}\n"),
        ("src/b/c.rs", "fn second(e: &Engine) {\n    let f: Engine = first(e);\n}\n"),
        ("tests/t.rs", "fn check_engine(e: Engine) {}\n"),
        ("docs/x.md", "# Engine\n"),
    ]);
    assert_eq!(
        setup.shows(&["map"]),
        "5 files, 14 lines, 8 symbols\n\
         docs/  1 file, 1 line\n\
         src/  3 files, 12 lines\n  \
           a.rs  4 lines\n       \
             1 function first ×1\n       \
             4 function lonely ×0\n  \
           engine.rs  5 lines\n       \
             1 struct Engine ×4\n       \
             4 method Engine.start ×1\n\
         src/b/  1 file, 3 lines\n  \
           c.rs  3 lines\n       \
             1 function second ×0\n\
         tests/  1 file, 1 line\n  \
           t.rs  1 lines\n       \
             1 function check_engine ×0\n"
            .replace("Engine.start", "Engine::start")
    );
}

#[test]
fn a_limit_takes_the_best_and_no_more_nor_less() {
    let setup = Setup::project();
    let names = |args: &[&str]| {
        let objects = setup.objects(&[&["map"], args].concat());
        let symbols = objects.iter().filter(|object| object.get("name").is_some());
        let mut names: Vec<String> =
            symbols.map(|o| format!("{}:{}", o["path"], o["name"])).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "nothing comes twice");
        names
    };
    let all = names(&[]);
    assert!(all.len() > 8, "{all:?}");
    for most in 1..all.len() {
        let some = names(&["-n", &most.to_string()]);
        assert_eq!(some.len(), most);
        let more = names(&["-n", &(most + 1).to_string()]);
        assert!(some.iter().all(|name| more.contains(name)), "{some:?} {more:?}");
    }
    assert_eq!(names(&["-n", "1"]), ["\"src/net/client.rs\":\"Client\""]);
}

#[test]
fn a_budget_is_kept() {
    let setup = Setup::project();
    let whole = setup.shows(&["map"]).len();
    let mut last = 0;
    for tokens in [10, 40, 80, 120, 1000] {
        let shown = setup.shows(&["map", "--budget", &tokens.to_string()]).len();
        // The first line is there in any case.
        assert!(shown <= tokens * 4 + 40, "{tokens}: {shown}");
        assert!(shown >= last);
        last = shown;
    }
    assert_eq!(last, whole);
}

#[test]
fn depth_place_and_kind() {
    let setup = Setup::project();
    let shown = setup.shows(&["map", "--depth", "1", "src"]);
    assert!(shown.contains("src/net/  1 file, 22 lines\n  client.rs"), "{shown}");
    let shown = setup.shows(&["map", "--depth", "1"]);
    assert!(shown.contains("\n  net/client.rs  22 lines\n"), "{shown}");
    let shown = setup.shows(&["map", "-k", "class"]);
    assert!(shown.contains("class Store") && !shown.contains("with_backoff"), "{shown}");
    let shown = setup.shows(&["map", "docs"]);
    assert!(shown.contains("section Guide > Opening a store"), "{shown}");
    let output = setup.run(&["map", "etc", "-k", "class"]);
    assert_eq!((output.status.code(), &*said(&output)), (Some(1), ""));
}

#[test]
fn what_counts_is_what_is_used_in_the_same_family() {
    let setup = Setup::new(&[
        ("a.rs", "struct Known;\nimpl Known {}\nimpl Other {}\nfn f(k: Known, o: Other) {}\n"),
        ("b.rs", "use a::Known;\nfn g(k: Known, o: Other) -> Known {}\n"),
        ("c.py", "Known = Other\n"),
        ("d.txt", "Known Other\n"),
    ]);
    let uses = |kind: &str| -> Vec<String> {
        let objects = setup.objects(&["map", "-k", kind]);
        let symbols = objects.iter().filter(|object| object.get("name").is_some());
        symbols
            .map(|o| format!("{}:{} {} {}", o["path"], o["line"], o["name"], o["uses"]))
            .collect()
    };
    assert_eq!(uses("struct"), ["\"a.rs\":1 \"Known\" 2"]);
    // An `impl` defines no name: one of a type that is defined elsewhere has no uses.
    assert_eq!(uses("impl"), ["\"a.rs\":2 \"Known\" 2", "\"a.rs\":3 \"Other\" 0"]);
    assert_eq!(uses("variable"), ["\"c.py\":1 \"Known\" 0"]);
}

#[test]
fn json_has_a_shape_that_stays() {
    let setup = Setup::project();
    let objects = setup.objects(&["map", "py", "-n", "1"]);
    let expected = [
        json!({ "folder": "py", "files": 1, "lines": 8, "symbols": 3 }),
        json!({ "path": "store.py", "lang": "python", "lines": 8, "symbols": 3 }),
        json!({
            "path": "store.py", "line": 7, "end": 8, "kind": "method", "name": "load",
            "container": "Store", "uses": 1,
        }),
    ];
    assert_eq!(objects[..3], expected);
    let done: &Value = &objects[3];
    assert_eq!(
        (&done["done"], &done["shown"], &done["possible"]),
        (&json!(true), &json!(1), &json!(3))
    );
}

#[test]
fn it_is_the_same_every_time_and_of_an_image() {
    let setup = Setup::project();
    let first = setup.shows(&["map", "."]);
    assert_eq!(setup.shows(&["map", ".", "--threads", "1"]), first);
    setup.shows(&["pack", ".", "-o", "../x.sigla", "-q"]);
    assert_eq!(setup.shows(&["map", "../x.sigla"]).lines().count(), first.lines().count());
}
