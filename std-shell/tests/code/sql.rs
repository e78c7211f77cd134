//! `sigla sql`, and the examples of `docs/sql.md`.

use super::{Setup, said, text};
use serde_json::{Value, json};
use std::fs;

#[track_caller]
fn rows(setup: &Setup, sql: &str) -> Vec<Value> {
    setup.objects(&["sql", sql]).into_iter().map(|row| row["r"].clone()).collect()
}

#[test]
fn every_table_answers() {
    let setup = Setup::project();
    let one = |sql: &str| setup.objects(&["sql", sql]).remove(0);
    assert_eq!(
        one("select * from documents where path = 'src/retry.rs'"),
        json!({
            "path": "src/retry.rs", "place": ".", "lang": "rust", "role": "", "lines": 4,
            "bytes": 128, "chunks": 1, "symbols": 1,
            "text": fs::read_to_string(setup.tree().join("src/retry.rs")).unwrap(),
        })
    );
    assert_eq!(
        one(
            "select path, first_line, last_line, bytes, tokens > 9 as long, substr(text, 1, 3) as t \
             from chunks where path = 'src/retry.rs'"
        ),
        json!({
            "path": "src/retry.rs", "first_line": 1, "last_line": 4, "bytes": 128, "long": 1,
            "t": "///",
        })
    );
    assert_eq!(
        one("select * from symbols where name = 'open' and container = 'Client'"),
        json!({
            "name": "open", "kind": "method", "container": "Client", "path": "src/net/client.rs",
            "place": ".", "line": 11, "last_line": 16, "depth": 1, "lang": "rust",
            "signature": "pub fn open(&self, host: &str) -> bool",
            "doc": "Opens a connection, \"open\" in short.",
        })
    );
    assert_eq!(
        one("select * from refs where name = 'with_backoff' and use = 'call'"),
        json!({
            "name": "with_backoff", "use": "call", "path": "src/net/client.rs", "place": ".",
            "line": 15, "col": 9, "inside": "Client::open", "lang": "rust",
            "text": "with_backoff(3, || Self::dial(host))",
        })
    );
    let hit = setup.objects(&["search", "connection"]).remove(0);
    let row = one("select * from search('connection') limit 1");
    for (column, field) in [
        ("path", "path"),
        ("score", "score"),
        ("first_line", "start"),
        ("last_line", "end"),
        ("lang", "lang"),
        ("kind", "kind"),
        ("symbol", "symbol"),
        ("snippet", "snippet"),
    ] {
        assert_eq!(row[column], hit[field], "{column}");
    }
    // Where to look, not where the snippet begins.
    assert_eq!(row["line"], 9);
    let files = "select cast(path as text) as r from catalogue.files where size > 0 order by path";
    assert_eq!(rows(&setup, files).len(), super::PROJECT.len());
}

#[test]
fn what_is_pushed_down_changes_no_answer() {
    let setup = Setup::project();
    let pairs = [
        ("symbols", "name = 'open'", "name || '' = 'open'"),
        ("symbols", "name = 'nowhere'", "name || '' = 'nowhere'"),
        ("symbols", "name glob 'with_*'", "name || '' glob 'with_*'"),
        ("symbols", "name = 'OPEN' collate nocase", "lower(name) = 'open'"),
        ("symbols", "name in ('open', 'Store')", "name || '' in ('open', 'Store')"),
        ("symbols", "path = 'go/store.go'", "path || '' = 'go/store.go'"),
        ("documents", "path = 'go/store.go'", "path || '' = 'go/store.go'"),
        ("chunks", "path = 'go/store.go'", "path || '' = 'go/store.go'"),
        ("refs", "name = 'open'", "name || '' = 'open'"),
        ("refs", "name = 'Load'", "name || '' = 'Load'"),
        ("refs", "name = 'path'", "name || '' = 'path'"),
        ("refs", "path = 'py/store.py'", "path || '' = 'py/store.py'"),
        ("refs", "name = 'load' and path = 'py/store.py'", "name || path = 'loadpy/store.py'"),
    ];
    for (table, fast, slow) in pairs {
        let ask = |condition: &str| {
            let sql =
                format!("select * from {table} where {condition} order by path, 1, 2, 3, 4, 5");
            text(&setup.run(&["sql", &sql, "--json"]))
        };
        assert_eq!(ask(fast), ask(slow), "{table} {fast}");
    }
    let count = |sql: &str| rows(&setup, sql).len();
    assert_eq!(count("select path as r from search('open') limit 2"), 2);
    assert_eq!(count("select path as r from search('open', 1)"), 1);
    let all = rows(&setup, "select path as r from search('open')");
    assert!(all.len() > 3);
    assert_eq!(rows(&setup, "select path as r from search('open') limit 2 offset 1"), all[1..3]);
    let tests = "select path as r from search('open') where path glob 'tests/*' limit 1";
    assert_eq!(rows(&setup, tests), ["tests/open.rs"]);
    let by_path = rows(&setup, "select path as r from search('open') order by path limit 1");
    assert_eq!(by_path, [all.iter().min_by_key(|path| path.as_str()).unwrap().clone()]);
}

#[test]
fn tables_join() {
    let setup = Setup::project();
    let callers = "select distinct s.name || ' < ' || r.inside as r from symbols s join refs r \
                   on r.name = s.name where s.kind = 'function' and r.use = 'call' \
                   and s.lang = 'rust' order by 1";
    assert_eq!(
        rows(&setup, callers),
        ["open < main", "open < open", "with_backoff < Client::open"]
    );
    let found = "select distinct s.name as r from search('connection') f join symbols s \
                 on s.path = f.path where s.kind = 'struct'";
    assert_eq!(rows(&setup, found), ["Client"]);
}

#[test]
fn it_only_reads() {
    let setup = Setup::project();
    setup.shows(&["symbol", "open"]);
    for sql in [
        "delete from symbols",
        "insert into documents(path) values ('x')",
        "create table t(a)",
        "create virtual table t using symbols",
        "drop table catalogue.files",
        "delete from catalogue.files",
        "update catalogue.files set size = 0",
        "attach 'x.db' as x",
        "pragma journal_mode = delete",
        "pragma catalogue.user_version = 3",
        "vacuum into 'x.db'",
        "begin immediate",
        "select load_extension('x')",
    ] {
        let output = setup.run(&["sql", sql]);
        assert_eq!((output.status.code(), &*text(&output)), (Some(2), ""), "{sql}");
        assert!(said(&output).contains("only reads"), "{sql}: {}", said(&output));
    }
    assert!(!setup.tree().join("x.db").exists());
    assert_eq!(rows(&setup, "select count(*) as r from catalogue.files"), [super::PROJECT.len()]);
}

#[test]
fn errors_say_what_there_is() {
    let setup = Setup::project();
    for (sql, why) in [
        ("select nam from symbols", "symbols: name, kind, container"),
        ("select * from symbol", "symbols: name, kind, container"),
        ("selec 1", "syntax error"),
        ("select 1; select 2", "one statement at a time"),
        ("select * from search", "search needs a query"),
        ("select * from search('')", "query"),
        ("select * from search('a', 'b')", "number"),
        ("select * from search('kind:klass')", "kind"),
    ] {
        let output = setup.run(&["sql", sql]);
        assert_eq!((output.status.code(), &*text(&output)), (Some(2), ""), "{sql}");
        assert!(said(&output).contains(why), "{sql}: {}", said(&output));
    }
    assert!(setup.shows(&["sql"]).contains("search(query, most): path, place, line"));
}

#[test]
fn rows_are_lines_with_tabs_under_their_names() {
    let setup = Setup::new(&[("a\tb.rs", "fn a() {}\n\\\n")]);
    let sql = "select path, lines, text, null as n, 1.5 as x from documents";
    assert_eq!(
        setup.shows(&["sql", sql]),
        "path\tlines\ttext\tn\tx\na\\tb.rs\t2\tfn a() {}\\n\\\\\\n\t\t1.5\n"
    );
    assert_eq!(
        setup.objects(&["sql", sql]),
        [json!({ "path": "a\tb.rs", "lines": 2, "text": "fn a() {}\n\\\n", "n": null, "x": 1.5 })]
    );
    let none = setup.run(&["sql", "select path from documents where lang = 'go'"]);
    assert_eq!((none.status.code(), &*text(&none)), (Some(1), ""));
    let quiet = setup.run(&["sql", "select 1", "-q"]);
    assert_eq!((quiet.status.code(), &*text(&quiet)), (Some(0), ""));
    let fed = setup.feed(&["sql", "-", "."], b"select count(*) as r from documents");
    assert_eq!(text(&fed), "r\n1\n");
}

#[test]
fn places_images_and_filters() {
    let setup = Setup::project();
    let count = |args: &[&str]| {
        let sql = "select count(*) as r from documents";
        setup.objects(&[&["sql", sql], args].concat())[0]["r"].as_u64().unwrap()
    };
    assert_eq!(count(&[]), super::PROJECT.len() as u64);
    assert_eq!(count(&["src"]), 3);
    assert_eq!(count(&["src", "py"]), 4);
    assert_eq!(count(&[".", "-t", "rust", "-g", "!tests"]), 3);
    setup.shows(&["pack", ".", "-o", "../x.sigla", "-q"]);
    let sql = "select name, path, line, signature from symbols order by path, line";
    let image = setup.shows(&["sql", sql, "../x.sigla"]);
    assert_eq!(image, setup.shows(&["sql", sql]));
    let places = "select distinct place as r from symbols where path = 'client.rs' order by 1";
    let args = ["sql", places, "src/net", "../x.sigla"];
    assert_eq!(setup.objects(&args), [json!({ "r": "src/net" })]);
}

#[test]
fn the_examples_of_the_documentation_run() {
    let setup = Setup::project();
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/sql.md");
    let document = fs::read_to_string(document).unwrap();
    let mut examples = 0;
    for block in document.split("```sql\n").skip(1) {
        let sql = block.split_once("```").unwrap().0;
        let output = setup.run(&["sql", sql]);
        assert_eq!(output.status.code(), Some(0), "{sql}: {}", said(&output));
        examples += 1;
    }
    assert!(examples >= 8);
    // Every column is described, and no other.
    let schema = setup.shows(&["sql"]);
    for line in schema.lines().filter(|line| line.starts_with("  ") && line.contains(": ")) {
        let (table, columns) = line.trim().split_once(": ").unwrap();
        let section =
            document.split(&format!("\n## {table}\n")).nth(1).unwrap_or_else(|| panic!("{table}"));
        let section = section.split("\n## ").next().unwrap();
        let rows = section.lines().filter(|line| line.starts_with("| `"));
        let described: Vec<&str> = rows.map(|row| row.split('`').nth(1).unwrap()).collect();
        assert_eq!(described.join(", "), columns, "{table}");
    }
}

#[test]
fn signatures_of_a_long_file_are_read_once() {
    // Were the file read for every row, this would not end.
    let mut source = String::from("class A:\n");
    for number in 0..30_000 {
        source += &format!("    def m{number}(self):\n        \"\"\"Doc {number}.\"\"\"\n");
    }
    let setup = Setup::new(&[("long.py", &source)]);
    let sql = "select json_array(count(signature), count(doc), count(distinct container), \
               max(line)) as r from symbols where kind = 'method'";
    assert_eq!(rows(&setup, sql), [json!("[30000,30000,1,60000]")]);
    let sql = "select json_array(signature, doc, container, line) as r from symbols \
               where name = 'm29999'";
    assert_eq!(rows(&setup, sql), [json!("[\"def m29999(self):\",\"Doc 29999.\",\"A\",60000]")]);
}
