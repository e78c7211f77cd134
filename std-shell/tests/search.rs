//! `sigla search` as a user at a prompt meets it.
#![allow(clippy::unwrap_used, reason = "the helpers of the tests, too")]

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use sigla_core::outline::{Kind, Lang};
use tempfile::TempDir;

/// A tree and a cache folder of its own.
struct Setup {
    dir: TempDir,
}

impl Setup {
    fn new(files: &[(&str, &str)]) -> Setup {
        let setup = Setup { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(setup.tree()).unwrap();
        for (path, text) in files {
            setup.write(path, text);
        }
        setup
    }

    /// A small project.
    fn project() -> Setup {
        Setup::new(&[
            (
                "src/retry.rs",
                "//! Trying again.\n\n/// Runs `f` again, later and later.\n\
                 pub fn with_backoff(f: impl Fn() -> bool) {\n    while !f() {\n        \
                 sleep();\n    }\n}\n\n/// How often.\npub struct Policy {\n    tries: u32,\n}\n",
            ),
            ("src/net/tcp.rs", "pub fn connect() {\n    // no backoff yet\n}\n"),
            ("docs/guide.md", "# Guide\n\n## Retries\nUse an exponential backoff.\n"),
            ("tests/retry.py", "def test_backoff():\n    retry()\n"),
            // A word that is in every file would say nothing.
            ("etc/a.txt", "alpha\n"),
            ("etc/b.txt", "beta\n"),
            ("etc/c.txt", "gamma\n"),
            ("etc/d.txt", "delta\n"),
        ])
    }

    fn root(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap()
    }

    fn tree(&self) -> PathBuf {
        self.root().join("tree")
    }

    fn cache(&self) -> PathBuf {
        self.root().join("cache")
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.tree().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The program, in the tree, with nothing of this machine's settings.
    fn command(&self, args: &[&str]) -> Command {
        self.prepare(Command::new(env!("CARGO_BIN_EXE_sigla")), args)
    }

    fn prepare(&self, mut command: Command, args: &[&str]) -> Command {
        command.args(args).current_dir(self.tree()).env("SIGLA_DIR", self.cache());
        command.env("HOME", self.dir.path()).env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.env_remove("XDG_CONFIG_HOME").env_remove("GIT_CONFIG_GLOBAL");
        command.env_remove("NO_COLOR").stdin(Stdio::null());
        command
    }

    fn search(&self, args: &[&str]) -> Output {
        self.command(&["search"]).args(args).output().unwrap()
    }

    /// The paths found, sorted; expects silence on standard error.
    #[track_caller]
    fn paths(&self, args: &[&str]) -> Vec<String> {
        let output = self.search(&[args, &["-l"]].concat());
        assert_eq!(stderr(&output), "");
        assert_eq!(output.status.code(), Some(0));
        let mut paths: Vec<_> = stdout(&output).lines().map(str::to_owned).collect();
        paths.sort();
        paths
    }

    /// The objects printed by `--json`: the hits, and the last one.
    #[track_caller]
    fn json(&self, args: &[&str]) -> (Vec<Value>, Value) {
        let output = self.search(&[args, &["--json"]].concat());
        let mut objects: Vec<Value> =
            stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let done = objects.pop().unwrap();
        assert_eq!(done["done"], true, "{}", stderr(&output));
        (objects, done)
    }

    fn pack(&self) -> PathBuf {
        let image = self.root().join("x.sigla");
        let output = self.command(&["pack", ".", "-o"]).arg(&image).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        image
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn fails(output: &Output, with: &[&str]) {
    let message = stderr(output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert_eq!(stdout(output), "");
    for part in with {
        assert!(message.contains(part), "{part:?} is not in {message:?}");
    }
}

/// The parts of a text, sorted: their order belongs to the ranker.
fn sorted(text: &str, between: &str) -> String {
    let mut parts: Vec<_> = text.trim_end().split(between).collect();
    parts.sort();
    parts.join(between)
}

/// Scores belong to the ranker, too: what is tested here is the shape.
fn without_scores(text: &str) -> String {
    let mut shape = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\"score\":") {
        shape += before;
        shape += "\"score\":_";
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    }
    shape + rest
}

#[test]
fn the_exit_code_tells_found_from_nothing_from_error() {
    let setup = Setup::project();
    assert_eq!(setup.search(&["backoff"]).status.code(), Some(0));
    let nothing = setup.search(&["zzzzqqqq"]);
    assert_eq!((nothing.status.code(), stdout(&nothing)), (Some(1), String::new()));
    assert_eq!(stderr(&nothing), "sigla: nothing found in 8 documents\n");
    fails(&setup.search(&["backoff", "nowhere"]), &["cannot search nowhere", "No such file"]);
}

#[test]
fn an_answer_for_people() {
    let setup = Setup::project();
    let output = setup.search(&["trying again with backoff", "--color", "always"]);
    assert_eq!(stderr(&output), "");
    let shown = sorted(&stdout(&output), "\n\n").replace('\x1b', "^");
    insta::assert_snapshot!("human", shown);
    let plain = setup.search(&["trying again with backoff"]);
    assert!(!stdout(&plain).contains('\x1b'), "no colour in a pipe");
}

/// Other places say a name more often than its definition does.
#[test]
fn a_name_is_shown_where_it_is_defined() {
    let filler = "        total += one;\n".repeat(120);
    let java = format!(
        "class Before {{\n    int sum() {{\n{filler}        return total;\n    }}\n}}\n\n/**\n * Sums.\n */\n\
         public class Tally {{\n    int total;\n\n    void first() {{\n{filler}    }}\n\n    \
         public Tally() {{\n        // Tally, Tally: a Tally of the Tally\n        this(new \
         Tally());\n    }}\n}}\n"
    );
    let rust = format!(
        "impl Gauge {{\n    /// Gauge, Gauge, Gauge.\n    fn new() -> Gauge {{\n        Gauge(0)\n    \
         }}\n}}\n\nfn long() {{\n{filler}}}\n\n/// What is measured.\npub struct Gauge(u32);\n"
    );
    let setup = Setup::new(&[("Tally.java", &java), ("gauge.rs", &rust), ("etc/a.txt", "alpha\n")]);
    for (name, text, line) in
        [("Tally", &java, "public class Tally {"), ("Gauge", &rust, "pub struct Gauge(u32);")]
    {
        let number = text.lines().position(|one| one == line).unwrap() as u64 + 1;
        let (hits, _) = setup.json(&[name]);
        assert_eq!(hits[0]["line"], number, "{name}");
        assert!(hits[0]["snippet"].as_str().unwrap().starts_with(line));
        let shown = stdout(&setup.search(&[name, "-n", "1"]));
        assert!(shown.contains(&format!(":{number}  {name}")), "{shown}");
    }
}

#[test]
fn an_answer_for_programs() {
    let setup = Setup::project();
    let output = setup.search(&["exponental backoff", "--json"]);
    assert_eq!(stderr(&output), "sigla: nothing matches \"exponental\"; searched \"exponenti…\"\n");
    let shown = without_scores(stdout(&output).trim_end());
    let (hits, done) = shown.rsplit_once('\n').unwrap();
    insta::assert_snapshot!("json", format!("{}\n{done}", sorted(hits, "\n")));
    let nothing = setup.search(&["zzzzqqqq", "--json"]);
    assert_eq!(nothing.status.code(), Some(1));
    insta::assert_snapshot!(
        stdout(&nothing).trim_end(),
        @r#"{"done":true,"generation":1,"stale":false,"corrected":[],"loosened":[],"capped":false}"#
    );
    fails(&setup.search(&["x", "--json", "-l"]), &["cannot be used with"]);
}

#[test]
fn the_documented_values_are_those_there_are() {
    let docs = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/cli.md")).unwrap();
    let documented = |field: &str| -> Vec<String> {
        let (_, list) = docs.split_once(&format!("Values of `{field}`: ")).unwrap();
        let (list, _) = list.split_once('.').unwrap();
        list.split(',').map(|value| value.trim().trim_matches('`').to_owned()).collect()
    };
    assert_eq!(documented("kind"), Kind::ALL.map(Kind::name));
    assert_eq!(documented("lang"), Lang::ALL.map(Lang::name));
}

#[test]
fn queries_narrow_down() {
    let setup = Setup::project();
    let retry = "src/retry.rs";
    for (query, paths) in [
        ("backoff", &["docs/guide.md", "src/net/tcp.rs", retry, "tests/retry.py"][..]),
        ("backoff lang:rust", &["src/net/tcp.rs", retry]),
        ("backoff path:net", &["src/net/tcp.rs"]),
        ("backoff path:*.md", &["docs/guide.md"]),
        ("backoff kind:function lang:rust -yet", &[retry]),
        ("kind:struct", &[retry]),
        ("sym:with_backoff", &[retry]),
        ("sym:*backoff", &[retry, "tests/retry.py"]),
        ("backoff -exponential -path:src", &["tests/retry.py"]),
        ("\"no backoff\"", &["src/net/tcp.rs"]),
        ("\"exponential backoff\"", &["docs/guide.md"]),
        ("expon*", &["docs/guide.md"]),
    ] {
        assert_eq!(setup.paths(&[query]), paths, "{query}");
    }
    assert_eq!(
        setup.paths(&["backoff", "-t", "py", "-t", "markdown"]),
        ["docs/guide.md", "tests/retry.py"]
    );
    assert_eq!(setup.paths(&["backoff", "-g", "*.rs", "-g", "!net"]), [retry]);
    // Without syntax a filter is two words, and a dash nothing.
    assert_eq!(setup.paths(&["--words", "lang:guide -exponential"]), ["docs/guide.md"]);
}

#[test]
fn a_misspelt_word_is_replaced_and_said_so() {
    let setup = Setup::project();
    let output = setup.search(&["bakoff", "-l", "src"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("nothing matches \"bakoff\"; searched \"backoff…\""));
    let (_, done) = setup.json(&["bakoff"]);
    assert_eq!(done["corrected"], serde_json::json!([{"from": "bakoff", "to": "backoff"}]));
}

#[test]
fn as_many_hits_come_as_there_are() {
    let setup = Setup::new(&[]);
    for i in 0..300 {
        setup.write(&format!("noise/{i}.txt"), "needle needle needle");
    }
    for i in 0..25 {
        setup.write(&format!("a/{i}.rs"), format!("// {i} one needle among much other text\n"));
        setup.write(&format!("b/{i}.rs"), format!("// {i} one needle among much other text\n"));
    }
    assert_eq!(setup.paths(&["needle"]).len(), 10);
    for (args, found) in [
        (&["needle", "-n", "20", "-g", "a/*.rs"][..], 20),
        (&["needle", "-n", "30", "-g", "a/*.rs"], 25),
        (&["needle", "-m", "60", "-t", "rust"], 50),
        (&["needle", "-n", "24", "b"], 24),
        (&["needle", "-n", "40", "b", "a", "-g", "1*"], 22),
        (&["needle lang:rust", "-n", "40", "a", "-g", "!1*"], 14),
        (&["needle", "-n", "1000"], 350),
        (&["needle", "--profile", "small", "-n", "200"], 200),
    ] {
        assert_eq!(setup.paths(args).len(), found, "{args:?}");
    }
    fails(&setup.search(&["needle", "-n", "0"]), &["--limit"]);
}

#[test]
fn a_log_answers_with_many_places() {
    let setup = Setup::new(&[("etc/a.txt", "alpha\n"), ("etc/b.txt", "beta disk\n")]);
    let mut log = String::new();
    for n in 0..4000 {
        log += &match n % 1000 {
            500 => format!("12:00:00 ERROR disk {n} is full\n"),
            600 => format!("12:00:00 ERROR full {n} of what a disk is\n"),
            _ => format!("12:00:00 INFO job {n} done\n"),
        };
    }
    setup.write("day.log", &log);
    let image = setup.pack();
    let image = image.to_str().unwrap();
    for place in [".", image] {
        let lines = |args: &[&str]| -> Vec<(String, u64)> {
            let (hits, _) = setup.json(&[args, &[place]].concat());
            let line = |hit: &Value| hit["line"].as_u64().unwrap();
            hits.iter().map(|hit| (hit["path"].as_str().unwrap().to_owned(), line(hit))).collect()
        };
        let mut found = lines(&["full disk", "-C", "0"]);
        assert!(found.contains(&("etc/b.txt".into(), 1)));
        found.retain(|(path, _)| path == "day.log");
        let mut numbers: Vec<u64> = found.into_iter().map(|(_, line)| line).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [501, 601, 1501, 1601, 2501, 2601, 3501, 3601]);
        // Files come first, what is left goes to the log.
        assert_eq!(lines(&["full disk", "-n", "2"]).len(), 2);
        assert_eq!(lines(&["full disk", "-n", "5", "-t", "log"]).len(), 5);
        // Fewer are the first of more.
        let all = lines(&["full disk", "-n", "20"]);
        assert_eq!((all.len(), &all[1]), (9, &("etc/b.txt".to_owned(), 1)));
        for limit in 1..10 {
            assert_eq!(lines(&["full disk", "-n", &limit.to_string()]), all[..limit]);
        }
        // A phrase is shown where it stands, its neighbours around it.
        let (hits, _) = setup.json(&["\"what a disk\"", "-n", "3", place]);
        let lines: Vec<u64> = hits.iter().map(|hit| hit["line"].as_u64().unwrap()).collect();
        assert_eq!(lines, [600, 1600, 2600]);
        assert_eq!(
            hits[0]["snippet"],
            "12:00:00 INFO job 599 done\n12:00:00 ERROR full 600 of what a disk is\n\
             12:00:00 INFO job 601 done"
        );
        let shown = stdout(&setup.search(&["full disk", "-n", "3", "-t", "log", place]));
        assert_eq!(shown.matches("more in this file").count(), 1, "{shown}");
    }
}

#[test]
fn a_subfolder_is_served_by_the_index_above() {
    let setup = Setup::project();
    setup.paths(&["backoff"]);
    assert_eq!(setup.paths(&["backoff", "src"]), ["src/net/tcp.rs", "src/retry.rs"]);
    assert_eq!(setup.paths(&["backoff", "./src/net/"]), ["./src/net/tcp.rs"]);
    let (hits, done) = setup.json(&["backoff", "src/net"]);
    assert_eq!((&hits[0]["path"], &hits[0]["root"]), (&"tcp.rs".into(), &Value::Null));
    assert_eq!((hits.len(), &done["generation"]), (1, &1.into()));
    assert_eq!(fs::read_dir(setup.cache()).unwrap().count(), 1, "one index serves all");
    fs::create_dir(setup.tree().join("empty")).unwrap();
    let output = setup.search(&["backoff", "empty"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("nothing in empty is indexed"), "{}", stderr(&output));
}

#[test]
fn several_places_are_one_body() {
    let setup = Setup::project();
    setup.write("../other/again.rs", "fn backoff() {}");
    let image = setup.pack();
    let other = setup.root().join("other");
    let args = ["backoff", "src", "tests", other.to_str().unwrap(), image.to_str().unwrap()];
    let (hits, done) = setup.json(&args);
    let found = |root: &str| hits.iter().filter(|hit| hit["root"] == root).count();
    assert_eq!(args[1..].iter().map(|root| found(root)).collect::<Vec<_>>(), [2, 1, 1, 4]);
    assert_eq!(done["generation"], Value::Null);
    assert_eq!(done["places"].as_array().unwrap().len(), 4);
    assert_eq!(done["places"][0], serde_json::json!({"root":"src","generation":1,"stale":false}));
    // What lies in two places answers once.
    assert_eq!(setup.paths(&["backoff", "src/net", ".", "src"]).len(), 4);
    let shown = setup.paths(&["backoff", image.to_str().unwrap(), "src/net"]);
    assert_eq!(shown.last().unwrap(), "src/net/tcp.rs");
    assert_eq!(shown[0], format!("{}:docs/guide.md", image.display()));
}

#[test]
fn a_file_is_searched_by_itself() {
    let setup = Setup::project();
    // Neither a repository nor indexed: no reason to index its neighbours.
    assert_eq!(setup.paths(&["backoff", "src/net/tcp.rs"]), ["src/net/tcp.rs"]);
    assert!(!setup.cache().exists());
    setup.write(".ignore", "*.log\n");
    setup.write("src/today.log", "backoff\n");
    setup.write("bin", "backoff\0");
    assert!(!setup.paths(&["backoff"]).contains(&"src/today.log".to_owned()));
    // Ignored, but asked for.
    assert_eq!(setup.paths(&["backoff", "src/today.log"]), ["src/today.log"]);
    let (hits, done) = setup.json(&["backoff", "src/net/tcp.rs", "src/today.log"]);
    assert_eq!(hits.len(), 2);
    assert!(hits.iter().any(|hit| hit["root"] == "src" && hit["path"] == "today.log"), "{hits:?}");
    assert_eq!(setup.paths(&["backoff", "src/today.log", "src", "./src/today.log"]).len(), 3);
    assert_eq!(done["places"][0]["generation"], 1);
    fails(&setup.search(&["backoff", "bin"]), &["bin is binary"]);
    let pipe = setup.tree().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    fails(&setup.search(&["backoff", "pipe"]), &["pipe", "neither a folder nor a file"]);
}

#[test]
fn an_image_answers_as_its_tree_does() {
    let setup = Setup::project();
    let image = setup.pack();
    let image = image.to_str().unwrap();
    for query in ["exponential backoff", "\"no backoff\"", "kind:struct", "bakoff"] {
        let (tree, _) = setup.json(&[query]);
        let (read, done) = setup.json(&[query, image]);
        assert_eq!(tree, read, "{query}");
        assert_eq!(setup.json(&[query, image, "--mmap"]), (read, done.clone()));
        assert_eq!((&done["generation"], &done["stale"]), (&Value::Null, &false.into()));
    }
    assert_eq!(setup.paths(&["backoff", image, "-g", "*.md"]), ["docs/guide.md"]);
}

fn crc32c(parts: &[&[u8]]) -> u32 {
    !parts.iter().flat_map(|part| part.iter()).fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0x82F6_3B78 * (crc & 1)))
    })
}

#[test]
fn images_that_are_none_say_what_is_wrong() {
    let setup = Setup::project();
    let image = fs::read(setup.pack()).unwrap();
    let search = |bytes: &[u8], flags: &[&str]| {
        let path = setup.root().join("bad.sigla");
        fs::write(&path, bytes).unwrap();
        setup.search(&[&["backoff", path.to_str().unwrap()], flags].concat())
    };
    assert_eq!(search(&image, &[]).status.code(), Some(0));
    fails(&search(b"PK\x03\x04", &[]), &["bad.sigla: not a sigla image"]);
    fails(&search(b"", &[]), &["not a sigla image"]);
    fails(&search(&image[..image.len() - 1], &[]), &["cut short"]);
    fails(&search(&image[..9], &["--mmap"]), &["should have 32 bytes and has 9"]);
    let with = |at: usize, bytes: &[u8]| {
        let mut image = image.clone();
        image[at..at + bytes.len()].copy_from_slice(bytes);
        image
    };
    fails(&search(&with(8, &[9]), &[]), &["image format 9", "a sigla that reads format 9"]);
    // META is section kind 1; its first field is the analyser.
    let entry = (32..).step_by(24).find(|&at| image[at..at + 2] == [1, 0]).unwrap();
    let meta = u64::from_le_bytes(image[entry + 8..entry + 16].try_into().unwrap()) as usize;
    fails(&search(&with(meta, &[0xEE; 4]), &[]), &["analyser 0xeeeeeeee", "pack the image again"]);
    // An image that needs a section of the future, its header being whole: META is needed.
    let mut future = with(entry, &99u16.to_le_bytes());
    let sections = usize::from(u16::from_le_bytes([image[12], image[13]]));
    let end = 32 + sections * 24;
    let crc = crc32c(&[&future[..24], &[0; 4], &future[28..end]]);
    future[24..28].copy_from_slice(&crc.to_le_bytes());
    fails(&search(&future, &[]), &["section kind 99", "a later sigla"]);
    for at in (0..image.len()).step_by(97) {
        let broken = with(at, &[image[at] ^ 0x55]);
        let output = search(&broken, &[]);
        if output.status.code() == Some(0) {
            // Between sections: no byte of the image.
            assert_eq!(stdout(&output), stdout(&search(&image, &[])));
        } else {
            fails(&output, &["bad.sigla"]);
        }
        let mapped = search(&broken, &["--mmap"]);
        assert!(matches!(mapped.status.code(), Some(0..=2)), "{}", stderr(&mapped));
    }
}

#[test]
fn odd_queries() {
    let setup = Setup::project();
    for empty in ["", "  "] {
        fails(&setup.search(&[empty]), &["the query has no words"]);
    }
    for signs in ["::", "{}", "\"\"", "--", "*"] {
        let output = setup.search(&["--", signs]);
        assert_eq!(output.status.code(), Some(1), "{signs}");
        assert!(stderr(&output).contains("--literal finds signs"), "{}", stderr(&output));
    }
    fails(&setup.search(&["x lang:pyton"]), &["no language `pyton`; is it python?"]);
    fails(&setup.search(&["x kind:verb"]), &["no kind `verb`; there are text, function"]);
    fails(&setup.search(&["x", "-t", "rst2"]), &["no language `rst2`; is it rst?"]);
    let long = format!("\"{}\"", "backoff ".repeat(99));
    let (hits, done) = setup.json(&[&long]);
    assert_eq!((hits.len(), &done["capped"]), (0, &true.into()), "{done}");
    fails(&setup.search(&["--", &format!("-{long}")]), &["has too many words; --words"]);
    fails(&setup.search(&["x", "-g", "a{"]), &["cannot use the glob `a{`"]);
    // Nothing but what is not wanted: the rest answers.
    let rest = setup.search(&["-l", "--", "-exponential path:*.md"]);
    assert_eq!((rest.status.code(), stdout(&rest)), (Some(1), String::new()));
    let rest = setup.search(&["-l", "--", "-exponential path:src/net"]);
    assert_eq!(stdout(&rest), "src/net/tcp.rs\n");
}

#[test]
fn what_is_not_wanted_alone_leaves_the_rest() {
    let setup = Setup::new(&[("a.txt", "foo bar"), ("b.txt", "other"), ("c.md", "bar foo")]);
    for (query, rest) in [
        ("-foo", "b.txt"),
        ("-\"foo bar\"", "b.txt c.md"),
        ("lang:text -\"foo bar\"", "b.txt"),
        ("-fo*", "b.txt"),
        ("lang:text -fo*", "b.txt"),
        ("-nowhere", "a.txt b.txt c.md"),
        ("-nowhere*", "a.txt b.txt c.md"),
        ("-\"no where\" -other", "a.txt c.md"),
    ] {
        let output = setup.search(&["-l", "--", query]);
        let mut paths: Vec<_> = std::str::from_utf8(&output.stdout).unwrap().lines().collect();
        paths.sort_unstable();
        assert_eq!(paths.join(" "), rest, "{query}");
    }
}

#[test]
fn phrases_that_nothing_holds_fall_back_to_their_words() {
    let setup = Setup::new(&[
        (
            "json/loader.py",
            "def load_config(self):\n    raise IOError(\"cannot open configuration\")\n",
        ),
        ("b.txt", "unrelated; open the loader"),
        ("c.txt", "c"),
        ("d.txt", "d"),
    ]);
    let first = |query: &str| {
        let (hits, done) = setup.json(&[query]);
        let path = hits.first().map(|hit| hit["path"].as_str().unwrap().to_owned());
        (path.unwrap_or_default(), done)
    };
    let json = "{\"level\":\"error\",\"msg\":\"cannot open configuration\",\"host\":\"a\",\
                \"pid\":-1,\"x\":\"y\",\"q\":\"r\",\"t\":\"u\",\"a\":\"b\",\"e\":\"f\"}";
    for pasted in [
        "File \"/srv/app/json/loader.py\", line 3, in load_config",
        "IOError: cannot open configuration \"prod.yaml\"",
        // Its words are there, one after the other they are not.
        "IOError: \"open cannot\" configuration",
        json,
        "IOError: cannot open configuration \"of which the quotation never ends",
    ] {
        let (path, done) = first(pasted);
        assert_eq!(path, "json/loader.py", "{pasted}");
        assert!(!done["loosened"].as_array().unwrap().is_empty(), "{pasted}: {done}");
    }
    let output = setup.search(&["load_config \"prod yaml\""]);
    assert!(stderr(&output).contains("nothing holds \"prod yaml\"; searched"), "{output:?}");
    // Where something holds it, it stays: so does one that stands alone.
    let (path, done) = first("unrelated \"open configuration\"");
    assert_eq!((&*path, &done["loosened"]), ("json/loader.py", &serde_json::json!([])));
    for strict in ["\"open cannot\"", "lang:text \"the config\"", "\"open the\" \"cannot open\""] {
        assert_eq!(first(strict).0, "", "{strict}");
    }
    // More phrases, and more words before one, than there is room for.
    let many = (0..40).map(|i| format!("\"open w{i}\" ")).collect::<String>() + "x";
    assert_eq!(first(&many).0, "b.txt");
    let words = (0..60).map(|i| format!("word{i} ")).collect::<String>();
    setup.write("e.txt", &words);
    let (path, done) = first(&format!("{words} \"cannot open\""));
    assert_eq!((&*path, &done["capped"]), ("e.txt", &true.into()));
}

#[test]
fn one_bad_place_leaves_the_others_to_answer() {
    let setup = Setup::project();
    setup.write("logo.png", "PNG\0backoff");
    setup.write("broken.sigla", "no image");
    std::os::unix::fs::symlink("nowhere", setup.tree().join("dangling")).unwrap();
    let good = "src/net/tcp.rs";
    for bad in ["logo.png", "dangling", "absent", "broken.sigla", "absent/deeper"] {
        for kind in [&["backoff"][..], &["-F", "backoff"], &["-e", "back."]] {
            for places in [[good, bad], [bad, good]] {
                let output = setup.search(&[kind, &places, &["-l"]].concat());
                assert_eq!(stdout(&output), "src/net/tcp.rs\n", "{kind:?} {places:?}");
                assert_eq!(output.status.code(), Some(2));
                assert!(stderr(&output).contains(bad), "{}", stderr(&output));
                let quiet = setup.search(&[kind, &places, &["-q"]].concat());
                assert_eq!(quiet.status.code(), Some(0), "found is found");
            }
        }
        let symbol = setup.command(&["symbol", "connect", good, bad]).output().unwrap();
        assert_eq!((symbol.status.code(), symbol.stdout.is_empty()), (Some(2), false), "{bad}");
        let sql = ["sql", "select count(*) as n from documents", good, bad];
        let sql = setup.command(&sql).output().unwrap();
        assert_eq!((sql.status.code(), stdout(&sql)), (Some(2), "n\n1\n".to_owned()), "{bad}");
    }
    let (hits, _) = setup.json(&["backoff", good, "absent"]);
    assert_eq!(hits[0]["root"], "src/net", "several were named");
    let none = setup.search(&["backoff", "absent", "dangling"]);
    assert_eq!((none.status.code(), stdout(&none)), (Some(2), String::new()));
    assert!(stderr(&none).contains("absent") && stderr(&none).contains("dangling"));
    fails(&setup.search(&["backoff", "absent"]), &["cannot search absent"]);
}

#[test]
fn a_folder_that_is_named_is_searched_whatever_hides_it() {
    let setup = Setup::new(&[
        (".gitignore", "node_modules\n*.min.js\n"),
        (".github/wf/ci.yml", "needle"),
        ("node_modules/p/b.js", "needle"),
        ("node_modules/p/b.min.js", "needle"),
        ("src/c.rs", "needle"),
    ]);
    fs::create_dir(setup.tree().join(".git")).unwrap();
    let from = |folder: &str, args: &[&str]| {
        let mut command = setup.command(&["search", "-l"]);
        let output = command.args(args).current_dir(setup.tree().join(folder)).output().unwrap();
        stdout(&output)
    };
    let check = || {
        for kind in [&["needle"][..], &["-F", "needle"]] {
            let named = |place: &str| from("", &[kind, &[place]].concat());
            assert_eq!(named(".github"), ".github/wf/ci.yml\n");
            assert_eq!(named("node_modules/p"), "node_modules/p/b.js\n", "its rules hold below it");
            assert_eq!(from("node_modules/p", kind), "b.js\n");
            assert_eq!(from(".github", kind), "wf/ci.yml\n");
            assert_eq!(named("src"), "src/c.rs\n");
        }
    };
    check();
    assert_eq!(from("", &["needle", "."]), "src/c.rs\n");
    check();
    let both = setup.search(&["-F", "-c", "needle", ".", "node_modules"]);
    assert_eq!(stdout(&both), "./src/c.rs:1\nnode_modules/p/b.js:1\n".replace("./", ""));
}

#[test]
fn a_part_of_a_tree_that_is_too_large_is_searched() {
    let setup = Setup::new(&[("src/a.rs", "fn needle() {}"), ("src/deep/b.rs", "// needle")]);
    fs::create_dir(setup.tree().join(".git")).unwrap();
    fs::create_dir(setup.tree().join("data")).unwrap();
    for name in 0..70 {
        let file = fs::File::create(setup.tree().join(format!("data/{name}"))).unwrap();
        file.set_len(15 << 20).unwrap();
    }
    fails(&setup.search(&["needle"]), &["to index it, run: sigla index"]);
    assert_eq!(setup.paths(&["needle", "src/a.rs"]), ["src/a.rs"]);
    assert_eq!(setup.paths(&["needle", "src"]), ["src/a.rs", "src/deep/b.rs"]);
    assert_eq!(setup.paths(&["needle", "src/deep"]), ["src/deep/b.rs"]);
    let symbol = setup.command(&["symbol", "needle", "src/a.rs"]).output().unwrap();
    assert!(stdout(&symbol).starts_with("src/a.rs:1"), "{symbol:?}");
}

#[test]
fn a_link_to_a_file_is_called_as_it_was_named() {
    let setup = Setup::new(&[("sub/real.txt", "needle"), ("other.txt", "other")]);
    std::os::unix::fs::symlink("sub/real.txt", setup.tree().join("link.txt")).unwrap();
    let check = || {
        assert_eq!(setup.paths(&["needle", "link.txt"]), ["link.txt"]);
        assert_eq!(setup.paths(&["-F", "needle", "./link.txt"]), ["link.txt"]);
        let path = setup.root().join("tree/link.txt");
        let path = path.to_str().unwrap();
        assert_eq!(setup.paths(&["needle", path]), [path]);
        let (hits, _) = setup.json(&["needle", "link.txt"]);
        assert_eq!(hits[0]["path"], "link.txt");
        let sql = "select path, text like 'needle%' as has from documents where path = 'link.txt'";
        let sql = setup.command(&["sql", sql, "link.txt"]).output().unwrap();
        assert_eq!(stdout(&sql).lines().last(), Some("link.txt\t1"), "{sql:?}");
    };
    check();
    // From the index above, too.
    setup.paths(&["other"]);
    check();
}

#[test]
fn globs_that_only_ignored_files_match_get_a_hint() {
    let setup = Setup::new(&[(".ignore", "*.log"), ("a.log", "needle"), ("b.txt", "b")]);
    for kind in [&["needle"][..], &["-F", "needle"]] {
        let output = setup.search(&[kind, &["-g", "*.log"]].concat());
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("matches *.log; --hidden and --no-ignore"), "{output:?}");
        let some = setup.search(&[kind, &["-g", "*.txt"]].concat());
        assert!(!stderr(&some).contains("--no-ignore"), "{some:?}");
    }
    assert_eq!(setup.paths(&["needle", "-g", "*.log", "--no-ignore"]), ["a.log"]);
}

#[test]
fn words_without_a_command_are_told_how_to_search() {
    let setup = Setup::project();
    let output = setup.command(&["how it's done"]).output().unwrap();
    let hint = r"to search for it: sigla search 'how it'\''s done'";
    fails(&output, &["unrecognized subcommand", hint]);
    let near = setup.command(&["serach"]).output().unwrap();
    fails(&near, &["sigla search 'serach'", "search"]);
}

#[test]
fn a_statement_that_is_none_is_explained() {
    let setup = Setup::project();
    for nothing in ["", " ;", "-- x", "/* x */"] {
        fails(&setup.command(&["sql", "--", nothing]).output().unwrap(), &["no statement to run"]);
    }
}

#[test]
fn a_long_query_comes_from_standard_input() {
    let setup = Setup::project();
    let words: String = (0..200_000).map(|i| format!("w{i} ")).collect();
    for query in ["exponential backoff ".repeat(51_000), words] {
        assert!(query.len() >= 1_000_000);
        let mut child = setup
            .command(&["search", "-", "--json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(query.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let out = stdout(&output);
        let done: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
        assert_eq!((&done["done"], stderr(&output).contains("panicked")), (&true.into(), false));
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", stderr(&output));
    }
}

#[test]
fn a_file_that_changed_is_read_anew_or_left_out() {
    let setup = Setup::project();
    setup.paths(&["backoff"]);
    // Another stamp, the same bytes: nothing to say.
    setup.write("docs/guide.md", "# Guide\n\n## Retries\nUse an exponential backoff.\n");
    setup.write("src/net/tcp.rs", "\n\n\n// now with backoff\n");
    setup.write("src/retry.rs", "nothing of it any more\n");
    fs::remove_file(setup.tree().join("tests/retry.py")).unwrap();
    let output = setup.search(&["backoff", "--stale-ok", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let mut notes: Vec<_> = stderr(&output).lines().map(str::to_owned).collect();
    notes.sort();
    assert_eq!(
        notes,
        [
            "sigla: src/net/tcp.rs has changed since it was indexed: read anew",
            "sigla: src/retry.rs has changed since it was indexed: left out",
            "sigla: tests/retry.py has gone since it was indexed: left out",
        ]
    );
    let out = stdout(&output);
    assert!(out.contains(r#""snippet":"// now with backoff","line":4"#), "{out}");
    assert!(out.contains(r#""stale":true"#) && out.lines().count() == 3, "{out}");
    // Without the flag the index follows.
    assert_eq!(setup.paths(&["backoff"]), ["docs/guide.md", "src/net/tcp.rs"]);
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_beside_the_hits() {
    let setup = Setup::project();
    // Root reads everything: become nobody, who owns all of it.
    let program = setup.root().join("sigla");
    // By another process: a file that this one writes is held open by whatever a test
    // beside this one starts meanwhile, and then cannot be run.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_sigla")).arg(&program).status();
    assert!(copied.unwrap().success());
    let root = rustix::process::geteuid().is_root();
    let secret = setup.tree().join("docs/guide.md");
    fs::create_dir(setup.cache()).unwrap();
    if root {
        fs::set_permissions(setup.root(), Permissions::from_mode(0o755)).unwrap();
        for path in [&setup.tree(), &setup.cache(), &secret] {
            std::os::unix::fs::chown(path, Some(65_534), Some(65_534)).unwrap();
        }
    }
    let run = |args: &[&str]| {
        let mut command = setup.prepare(Command::new(&program), args);
        if root {
            command.uid(65_534).gid(65_534);
        }
        command.output().unwrap()
    };
    assert_eq!(run(&["search", "backoff"]).status.code(), Some(0));
    fs::set_permissions(&secret, Permissions::from_mode(0o000)).unwrap();
    let output = run(&["search", "backoff", "--stale-ok"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("docs/guide.md:") && stdout(&output).contains("src/retry.rs"));
    assert!(stderr(&output).contains("docs/guide.md: Permission denied"), "{}", stderr(&output));
    assert_eq!(run(&["search", "backoff", "--stale-ok", "-q"]).status.code(), Some(0));
}

#[test]
fn names_are_bytes_and_nothing_commands_the_terminal() {
    let setup = Setup::new(&[("a\x1b[31m.txt", "needle \x1b[2J\x07 end\r\n")]);
    let odd = setup.tree().join(OsStr::from_bytes(b"b\xff.txt"));
    fs::write(odd, b"needle \xff\xfe end\n").unwrap();
    let (hits, _) = setup.json(&["needle"]);
    let broken = hits.iter().find(|hit| hit["path"] == "b\u{fffd}.txt").unwrap();
    assert_eq!(broken["path_bytes"], serde_json::json!([98, 255, 46, 116, 120, 116]));
    assert_eq!(broken["snippet"], "needle \u{fffd}\u{fffd} end");
    assert_eq!(hits.iter().filter(|hit| hit["path_bytes"].is_null()).count(), 1);
    let text = stdout(&setup.search(&["needle"]));
    assert!(text.contains("a\\u{1b}[31m.txt:1") && text.contains("b\u{fffd}.txt:1"), "{text}");
    assert!(text.contains("needle \\u{1b}[2J\\u{7} end\n"), "{text}");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let setup = Setup::new(&[]);
    for i in 0..1000 {
        setup.write(&format!("{i}.txt"), "needle\n".repeat(12));
    }
    let mut child = setup
        .command(&["search", "needle", "-n", "1000", "-C", "5"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains(".txt:"), "{line}");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
}

#[test]
fn colour_quiet_context_and_statistics() {
    let setup = Setup::project();
    let quiet = setup.search(&["-q", "bakoff"]);
    let silent = (String::new(), String::new());
    assert_eq!((quiet.status.code(), (stdout(&quiet), stderr(&quiet))), (Some(0), silent));
    let quiet = setup.search(&["-q", "zzzzqqqq"]);
    assert_eq!((quiet.status.code(), stderr(&quiet)), (Some(1), String::new()));
    let plain = setup.command(&["search", "backoff"]).env("NO_COLOR", "1").output().unwrap();
    assert!(!stdout(&plain).contains('\x1b'));
    let never = setup.search(&["backoff", "--color", "never"]);
    assert_eq!(never.stdout, plain.stdout);
    let lines = |context: &str| {
        let output = setup.search(&["\"while\"", "src/retry.rs", "-C", context]);
        stdout(&output).lines().filter(|line| line.contains('│')).count()
    };
    // Of seven lines the first is blank.
    assert_eq!([lines("0"), lines("1"), lines("3")], [1, 3, 6]);
    let stats = setup.search(&["backoff", "-l", "--stats"]);
    assert!(stderr(&stats).contains("documents 8, chunks 8, segments 1, generation 1"));
    assert!(!stdout(&stats).contains("documents"));
}

#[test]
fn without_a_cache_folder_the_index_is_in_memory() {
    let setup = Setup::project();
    fs::write(setup.cache(), "a file is in the way").unwrap();
    let output = setup.search(&["backoff", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("in memory"), "{}", stderr(&output));
    assert!(stdout(&output).contains(r#""generation":null"#));
}

#[test]
fn on_a_full_disk_the_index_is_in_memory() {
    let setup = Setup::project();
    let text: String = (0..100_000).map(|word| format!("w{word} ")).collect();
    setup.write("b.txt", text);
    for blocks in [0, 8, 40, 200] {
        for query in ["backoff --json", "-F backoff"] {
            let script = format!(
                "trap '' XFSZ; ulimit -f {blocks}; \"$SIGLA\" search {query} | cat; \
                 exit $(ls \"$SIGLA_DIR\"/*/*.segment 2>/dev/null | wc -l)"
            );
            let mut command = setup.prepare(Command::new("sh"), &["-c", &script]);
            let output = command.env("SIGLA", env!("CARGO_BIN_EXE_sigla")).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "nothing was written: {blocks}");
            assert!(stdout(&output).contains("docs/guide.md"), "{}", stderr(&output));
            assert!(stderr(&output).contains("in memory"), "{}", stderr(&output));
        }
    }
}

#[test]
fn the_file_that_the_answer_goes_to_is_left_out() {
    let setup = Setup::new(&[("a.txt", "backoff\n"), ("b.txt", "backoff\n")]);
    let append = |query: &[&str]| {
        let out = setup.tree().join("out.txt");
        let out = fs::File::options().append(true).create(true).open(out).unwrap();
        let args = [&["search"], query].concat();
        assert!(setup.command(&args).stdout(out).status().unwrap().success());
        fs::read_to_string(setup.tree().join("out.txt")).unwrap().lines().count()
    };
    assert_eq!(append(&["-F", "backoff"]), 2);
    assert_eq!(append(&["-F", "backoff"]), 4);
    assert_eq!(append(&["-l", "backoff"]), 6);
    // Once it is a file as any other, it is searched as one.
    assert_eq!(stdout(&setup.search(&["-F", "backoff", "-c"])), "a.txt:1\nb.txt:1\nout.txt:4\n");
    assert_eq!(append(&["-F", "backoff"]), 8);
    assert_eq!(stdout(&setup.search(&["-F", "backoff", "-c"])), "a.txt:1\nb.txt:1\nout.txt:6\n");
}

#[test]
fn more_than_65535_places_are_counted() {
    let chunks = 70_000;
    let setup = Setup::new(&[("big.log", &"ok\n".repeat(32 * chunks))]);
    let (hits, _) = setup.json(&["ok", "-n", "1", "big.log"]);
    assert_eq!(hits[0]["more"], chunks - 1);
}

#[test]
fn a_letter_and_its_mark_are_found_in_either_form() {
    let one = [("e\u{301}", "é"), ("か\u{3099}", "が"), ("\u{1112}\u{1161}\u{11ab}", "한")];
    for (apart, composed) in one {
        let word = |letter: &str| format!("caf{letter}");
        let names = [format!("nfd-{apart}.md"), format!("nfc-{composed}.md")];
        let setup = Setup::new(&[
            ("nfc.md", &format!("the {} is open\n", word(composed))),
            ("nfd.md", &format!("the {} is open\n", word(apart))),
            (&names[0], "alpha\n"),
            (&names[1], "beta\n"),
        ]);
        for letter in [apart, composed] {
            let mut found = setup.paths(&[&word(letter), "-t", "markdown"]);
            found.retain(|path| !path.contains('-'));
            found.sort();
            assert_eq!(found, ["nfc.md", "nfd.md"], "{letter}");
            assert_eq!(setup.paths(&[letter]).iter().filter(|p| p.contains('-')).count(), 2);
        }
    }
}

#[test]
fn a_log_is_told_by_its_lines() {
    let log: String = (0..300)
        .map(|n| format!("Nov 30 12:{:02}:{:02} host job {n} failed\n", n / 60, n % 60))
        .collect();
    let names = ["app.log", "app.log.1", "app.log.2026-11-30", "syslog", "messages", "day.txt"];
    for name in names {
        let setup = Setup::new(&[(name, &log)]);
        let hits = stdout(&setup.search(&["failed", "--json"]));
        assert_eq!(hits.matches("\"lang\":\"log\"").count(), 10, "{name}: {hits}");
        assert_eq!(setup.search(&["failed", "-t", "log", "-q"]).status.code(), Some(0));
    }
}

#[test]
fn a_damaged_index_is_built_anew_or_named() {
    let setup = Setup::project();
    let whole = stdout(&setup.search(&["backoff", "--json"]));
    let folder = fs::read_dir(setup.cache()).unwrap().next().unwrap().unwrap().path();
    let segment = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|e| e == "segment"))
        .unwrap();
    let bytes = fs::read(&segment).unwrap();
    for at in (0..bytes.len()).step_by(61) {
        let mut broken = bytes.clone();
        broken[at] ^= 0x55;
        fs::remove_file(&segment).unwrap();
        fs::write(&segment, broken).unwrap();
        let output = setup.search(&["backoff", "--json", "--stale-ok"]);
        let message = stderr(&output);
        assert!(matches!(output.status.code(), Some(0..=2)), "{message}");
        assert!(!message.contains("panicked"), "{message}");
        if output.status.code() == Some(2) {
            assert!(message.contains("damaged index") && message.contains("remove"), "{message}");
        }
    }
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(stdout(&setup.search(&["backoff", "--json"])), whole);
}

#[test]
fn explained_scores_add_up() {
    let setup = Setup::project();
    for (query, class) in [
        ("backoff", "identifier"),
        ("exponential backoff", "words"),
        ("net/tcp.rs", "path"),
        ("Policy.tries", "qualified"),
    ] {
        let (plain, _) = setup.json(&[query]);
        let (hits, _) = setup.json(&[query, "--explain"]);
        assert!(!hits.is_empty() && plain.len() == hits.len());
        for (hit, plain) in hits.iter().zip(plain) {
            assert_eq!((&hit["path"], &hit["score"]), (&plain["path"], &plain["score"]));
            assert_eq!(plain.get("reasons"), None);
            let reasons = &hit["reasons"];
            assert_eq!(reasons["class"], class, "{query}");
            let parts = reasons["features"].as_array().unwrap();
            let product = |part: &Value| {
                let [value, weight] = ["value", "weight"].map(|key| part[key].as_i64().unwrap());
                assert_eq!(part["adds"], value * weight);
                value * weight
            };
            let sum: i64 = parts.iter().map(product).sum();
            assert_eq!(hit["score"], sum >> 6, "{query}");
        }
    }
    let shown = stdout(&setup.search(&["backoff", "--explain"]));
    assert!(shown.contains("query of class identifier"), "{shown}");
}

#[test]
fn help_says_how_to_ask() {
    let setup = Setup::project();
    let help = stdout(&setup.search(&["--help"]));
    for part in ["--limit", "--type", "\"retry with\"", "kind:function", "Exit code: 0 found"] {
        assert!(help.contains(part), "{part}");
    }
}
