//! `sigla search --literal` and `--regex`: every line that grep would find, and no other.
#![allow(clippy::unwrap_used, reason = "the helpers of the tests, too")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use grep_matcher::Matcher;
use grep_regex::RegexMatcherBuilder;
use serde_json::Value;
use sigla::machine::progress::Silent;
use sigla::tree::decode::decode;
use sigla::tree::walk::Walk;
use tempfile::TempDir;

/// A tree and a cache folder of its own.
struct Setup {
    dir: TempDir,
}

impl Setup {
    fn new(files: &[(&str, &str)]) -> Setup {
        let setup = Setup { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(setup.tree()).unwrap();
        files.iter().for_each(|(path, text)| setup.write(path, text));
        setup
    }

    fn project() -> Setup {
        Setup::new(&[
            ("b.py", "def retry():\n    pass  # retry(later)\n"),
            ("a/z.rs", "fn retry() {\n    back_off();\n    retry();\n}\n"),
            ("a/b.rs", "// nothing\n"),
            ("c.md", "Retry, or do not.\r\nretry-later\r\n"),
        ])
    }

    fn tree(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("tree")
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.tree().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// `sigla search` with these arguments, in the tree.
    fn search(&self, args: &[&str]) -> Output {
        search(&self.tree(), &self.dir.path().join("cache"), args)
    }

    /// What is printed; expects silence on standard error.
    #[track_caller]
    fn printed(&self, args: &[&str]) -> String {
        let output = self.search(args);
        assert_eq!(stderr(&output), "");
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn json(&self, args: &[&str]) -> (Vec<Value>, Value) {
        let output = self.search(&[args, &["--json"]].concat());
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        let mut objects: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let done = objects.pop().unwrap();
        assert_eq!(done["done"], true, "{}", stderr(&output));
        (objects, done)
    }
}

fn search(tree: &Path, cache: &Path, args: &[&str]) -> Output {
    command(tree, cache, args).output().unwrap()
}

fn command(tree: &Path, cache: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sigla"));
    command.arg("search").args(args).current_dir(tree).env("SIGLA_DIR", cache);
    command.env("HOME", cache).env("GIT_CONFIG_SYSTEM", "/dev/null").stdin(Stdio::null());
    command.env_remove("XDG_CONFIG_HOME").env_remove("GIT_CONFIG_GLOBAL").env_remove("NO_COLOR");
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn every_line_is_printed_in_the_order_of_paths() {
    let setup = Setup::project();
    assert_eq!(
        setup.printed(&["--literal", "retry("]),
        "a/z.rs:1:fn retry() {\na/z.rs:3:    retry();\nb.py:1:def retry():\n\
         b.py:2:    pass  # retry(later)\n"
    );
    assert_eq!(setup.printed(&["-F", "retry-"]), "c.md:2:retry-later\r\n", "bytes as they are");
    assert_eq!(
        setup.printed(&["--regex", r"^\w+ retry"]),
        "a/z.rs:1:fn retry() {\nb.py:1:def retry():\n"
    );
    assert_eq!(setup.printed(&["-F", "RETRY", "-i", "-c"]), "a/z.rs:2\nb.py:2\nc.md:2\n");
    assert_eq!(setup.printed(&["-e", "off|not", "-l"]), "a/b.rs\na/z.rs\nc.md\n");
    assert_eq!(setup.printed(&["-F", "pass", "-w"]), "b.py:2:    pass  # retry(later)\n");
    assert_eq!(setup.search(&["-F", "back", "-w"]).status.code(), Some(1), "back_off is one word");
    assert_eq!(
        setup.printed(&["-F", "back_off", "-C", "1"]),
        "a/z.rs-1-fn retry() {\na/z.rs:2:    back_off();\na/z.rs-3-    retry();\n"
    );
    assert_eq!(setup.printed(&["-F", "retry(", "-n", "1", "-l"]), "a/z.rs\n");
    let nothing = setup.search(&["-F", "retry[", "a"]);
    assert_eq!((nothing.status.code(), nothing.stdout), (Some(1), vec![]));
    let quiet = setup.search(&["-F", "retry(", "-q"]);
    assert_eq!((quiet.status.code(), quiet.stdout), (Some(0), vec![]));
    let colored = setup.printed(&["-F", "retry-", "--color", "always"]);
    assert!(colored.contains("\x1b[1;31mretry-\x1b[0mlater\r\n"), "{colored:?}");
}

#[test]
fn places_and_filters_narrow_as_in_any_search() {
    let setup = Setup::project();
    assert_eq!(setup.printed(&["-F", "retry", "-t", "python", "-c"]), "b.py:2\n");
    assert_eq!(setup.printed(&["-F", "retry", "-g", "!*.rs", "-g", "!*.md", "-c"]), "b.py:2\n");
    assert_eq!(setup.printed(&["-F", "retry", "a", "-c"]), "a/z.rs:2\n");
    assert_eq!(setup.printed(&["-F", "retry", "c.md", "a", "-c"]), "c.md:1\na/z.rs:2\n");
    let output = setup.search(&["-F", "nothing", "a/b.rs", "--json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    insta::assert_snapshot!(text.trim_end(), @r#"
    {"path":"b.rs","line":1,"column":4,"text":"// nothing","matches":[[3,10]],"offset":0,"lang":"rust"}
    {"done":true,"generation":null,"stale":false,"files":1,"lines":1,"matches":1,"read":1,"scanned":true,"capped":false}
    "#);
}

#[test]
fn an_image_is_scanned() {
    let setup = Setup::project();
    let image = setup.dir.path().join("x.sigla");
    let mut pack = Command::new(env!("CARGO_BIN_EXE_sigla"));
    let packed = pack.args(["pack", "-q", ".", "-o"]).arg(&image).current_dir(setup.tree());
    assert!(packed.status().unwrap().success());
    let image = image.to_str().unwrap();
    assert_eq!(setup.printed(&["-F", "retry(", image, "-c"]).matches(":2\n").count(), 2);
    let (lines, done) = setup.json(&["-F", "retry(", image]);
    assert_eq!((lines.len(), &done["scanned"], &done["read"]), (4, &true.into(), &4.into()));
}

#[test]
fn it_says_when_it_had_to_scan() {
    let setup = Setup::project();
    let output = setup.search(&["-F", "()", "-l"]);
    assert_eq!(String::from_utf8(output.stdout.clone()).unwrap(), "a/z.rs\nb.py\n");
    assert_eq!(
        stderr(&output),
        "sigla: the query holds no three bytes that every match has: reading all 4 documents\n"
    );
    let (lines, done) = setup.json(&["-e", r"\w+\(\)"]);
    assert_eq!((lines.len(), &done["scanned"], &done["read"]), (4, &true.into(), &4.into()));
    let (lines, done) = setup.json(&["-F", "back_off"]);
    assert_eq!((lines.len(), &done["scanned"], &done["read"]), (1, &false.into(), &1.into()));
}

#[test]
fn what_has_changed_is_found_as_it_is_now() {
    let setup = Setup::project();
    assert_eq!(setup.printed(&["-F", "back_off", "-c"]), "a/z.rs:1\n");
    setup.write("a/b.rs", "call(back_off)\n");
    setup.write("a/z.rs", "fn retry() {}\n\n// once: back_off()\n");
    assert_eq!(
        setup.printed(&["-F", "back_off"]),
        "a/b.rs:1:call(back_off)\na/z.rs:3:// once: back_off()\n"
    );

    // Nobody looks: the index brings what it knew, the files say what is there.
    setup.write("a/z.rs", "one\nback_off\n");
    fs::remove_file(setup.tree().join("a/b.rs")).unwrap();
    let stale = setup.search(&["-F", "back_off", "--stale-ok"]);
    assert_eq!(String::from_utf8(stale.stdout.clone()).unwrap(), "a/z.rs:2:back_off\n");
    assert_eq!(
        stderr(&stale),
        "sigla: a/b.rs has gone since it was indexed: left out\n\
         sigla: a/z.rs has changed since it was indexed: read anew\n"
    );
    let (_, done) = setup.json(&["-F", "back_off", "--stale-ok"]);
    assert_eq!((&done["stale"], &done["generation"]), (&true.into(), &2.into()));
    let (lines, done) = setup.json(&["-F", "back_off"]);
    assert_eq!((lines.len(), &done["stale"], &done["generation"]), (1, &false.into(), &3.into()));
}

#[test]
fn bytes_and_encodings() {
    let setup = Setup::new(&[]);
    let wide: Vec<u8> = "\u{feff}größe\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    setup.write("wide.txt", wide);
    setup.write("latin.txt", b"gr\xf6\xdfe\n");
    setup.write("binary.bin", b"gr\xf6\0\xc3\xb6\n");
    let (lines, _) = setup.json(&["-F", "größe"]);
    assert_eq!(
        (lines.len(), &lines[0]["path"], &lines[0]["text"]),
        (1, &"wide.txt".into(), &"größe".into())
    );
    let (lines, _) = setup.json(&["-e", r"(?-u:\xf6\xdf)e"]);
    assert_eq!((lines.len(), &lines[0]["path"]), (1, &"latin.txt".into()));
    assert_eq!(lines[0]["text_bytes"], serde_json::json!(b"gr\xf6\xdfe"));
    assert_eq!(lines[0]["matches"], serde_json::json!([[2, 5]]));
    setup.write("two.txt", "one\ntwo\n");
    assert_eq!(setup.printed(&["-F", "ne\ntw"]), "two.txt:1:one\ntwo.txt:2:two\n");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let setup = Setup::project();
    for (args, why) in [
        (&["retry", "-i"][..], "--literal|--regex"),
        (&["-F", "--regex", "retry"], "cannot be used with"),
        (&["-F", "retry", "-i", "-S"], "cannot be used with"),
        (&["retry", "-A", "1"], "--literal|--regex"),
        (&["retry", "-0"], "--null ends paths"),
        (&["retry", "-L"], "an index follows no links"),
        (&["-f", "none.txt"], "cannot read patterns from none.txt"),
        (&["-f", "-", "-"], "cannot bring both patterns and a text"),
        (&["-F", "retry", "-t", "no such"], "--type-list shows all"),
        (&["-F", "retry", "--words"], "cannot be used with"),
        (&["-F", ""], "an empty text is everywhere"),
        (&["-e", "(retry"], "cannot use \"(retry\" as a regular expression"),
        (&["-e", r"re\ntry"], "not allowed"),
    ] {
        let output = setup.search(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(why), "{args:?}: {}", stderr(&output));
    }
}

impl Setup {
    /// What is printed, and the exit code, whatever is said besides.
    fn answer(&self, args: &[&str]) -> (String, Option<i32>) {
        let output = self.search(args);
        (String::from_utf8(output.stdout).unwrap(), output.status.code())
    }

    /// The same with a text on standard input.
    fn piped(&self, text: &[u8], args: &[&str]) -> Output {
        let mut command = command(&self.tree(), &self.dir.path().join("cache"), args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), text).unwrap();
        child.wait_with_output().unwrap()
    }
}

#[test]
fn lines_are_chosen_as_by_grep() {
    let setup = Setup::new(&[("f", "ab\nABC\nxyz\n\nab ab\n")]);
    for (args, printed) in [
        (&["-F", "ab", "-o"][..], "f:1:ab\nf:5:ab\nf:5:ab\n"),
        (&["-F", "ab", "-x"], "f:1:ab\n"),
        (&["--regex", "a.?|xyz", "-x", "-i"], "f:1:ab\nf:3:xyz\n"),
        (&["-F", "ab", "-v"], "f:2:ABC\nf:3:xyz\nf:4:\n"),
        (&["-F", "ab", "-v", "-c"], "f:3\n"),
        (&["-F", "ab", "-v", "-o"], "f:2:ABC\nf:3:xyz\nf:4:\n"),
        (&["-F", "ab", "-c", "-o"], "f:3\n"),
        (&["-F", "ab", "-c"], "f:2\n"),
        (&["-F", "ab", "-S", "-c"], "f:3\n"),
        (&["-F", "Abc", "-S", "-v", "-c"], "f:5\n"),
        (&["-F", "xyz", "-A1"], "f:3:xyz\nf-4-\n"),
        (&["-F", "xyz", "-B1"], "f-2-ABC\nf:3:xyz\n"),
        (&["-F", "xyz", "-C2", "-B0"], "f:3:xyz\nf-4-\nf-5-ab ab\n"),
        (&["-e", "ab", "-e", "x.z"], "f:1:ab\nf:3:xyz\nf:5:ab ab\n"),
        (&["-F", "-e", "x.z", "-e", "C"], "f:2:ABC\n"),
        (&["-e", "ab", "-e", "", "-x"], "f:1:ab\nf:4:\n"),
        (&["--regex", r"xyz\s+ab", "-U"], "f:3:xyz\nf:4:\nf:5:ab ab\n"),
        (&["--regex", r"C\nx", "-U", "-o"], "f:2:C\nf:3:x\n"),
        (&["-e", "^$", "-0"], "f\x004:\n"),
        (&["-F", "ab", "-c", "-0"], "f\x002\n"),
        (&["-F", "ab", "-l", "-0"], "f\0"),
        (&["-F", "xyz", "-j", "1"], "f:3:xyz\n"),
    ] {
        let output = setup.search(args);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), printed, "{args:?}");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
    assert_eq!(setup.answer(&["-e", "-x-"]), (String::new(), Some(1)), "a pattern may begin so");
}

#[test]
fn patterns_come_from_files_and_from_a_pipe() {
    let setup = Setup::new(&[("f", "a.b\nacb\nend\n"), ("p", "a.b\r\nend\n"), ("none", "")]);
    assert_eq!(setup.printed(&["-f", "p", "f"]), "f:1:a.b\nf:2:acb\nf:3:end\n");
    assert_eq!(setup.printed(&["-F", "-f", "p", "f"]), "f:1:a.b\nf:3:end\n");
    assert_eq!(setup.printed(&["-F", "-e", "acb", "-f", "p", "-c", "f"]), "f:3\n");
    assert_eq!(setup.answer(&["-f", "none", "f"]), (String::new(), Some(1)), "none match nothing");
    assert_eq!(setup.printed(&["-f", "none", "-v", "-c", "f"]), "f:3\n");
    let output = setup.piped(b"end\n", &["-f", "-", "f"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "f:3:end\n");
}

#[test]
fn a_pipe_and_a_file_are_read_as_they_are() {
    let setup = Setup::new(&[("a/f.rs", "needle\n"), ("b", "hay\n")]);
    for place in ["-", "/dev/stdin"] {
        let output = setup.piped(b"hay\nneedle\n", &["-F", "needle", place]);
        let shown = if place == "-" { "<stdin>" } else { place };
        let printed = format!("{shown}:2:needle\n");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), printed);
        assert_eq!(output.status.code(), Some(0));
    }
    let output = setup.piped(b"needle\n", &["-F", "needle", "-c", "b", "-", "a", "-"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "<stdin>:1\na/f.rs:1\n");
    let output = setup.piped(b"hay\n", &["-F", "needle", "-"]);
    assert_eq!(output.status.code(), Some(1));
    for place in ["-", "/dev/stdin"] {
        let output = setup.piped(b"hay\nneedle\n", &["needles", "-l", "b", place]);
        let shown = if place == "-" { "<stdin>" } else { place };
        assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{shown}\n"));
    }
    // As it was named; nothing is indexed for it.
    fs::remove_dir_all(setup.dir.path().join("cache")).unwrap();
    assert_eq!(setup.printed(&["-F", "needle", "./a/f.rs"]), "./a/f.rs:1:needle\n");
    assert!(!setup.dir.path().join("cache").exists());
    let (lines, done) = setup.json(&["-F", "needle", "b", "a/f.rs", "a"]);
    assert_eq!(lines.len(), 1, "once, for the first place");
    assert_eq!((&lines[0]["root"], &lines[0]["path"]), (&"a".into(), &"f.rs".into()));
    assert_eq!(lines[0]["lang"], "rust");
    assert_eq!((done["places"].as_array().unwrap().len(), &done["read"]), (3, &2.into()));
    assert_eq!(setup.printed(&["-F", "needle", "a", "a/f.rs", "-c"]), "a/f.rs:1\n");
    assert_eq!(setup.printed(&["-F", "needle", "-t", "rust", "a/f.rs", "b"]), "a/f.rs:1:needle\n");
    assert_eq!(setup.answer(&["-F", "needle", "-t", "py", "a/f.rs"]).1, Some(1));
    assert_eq!(setup.answer(&["-F", "needle", "-g", "*.py", "a/f.rs"]).1, Some(1));
}

#[test]
fn what_cannot_be_read_does_not_hide_the_rest() {
    let setup = Setup::new(&[("a", "needle\n"), ("hay.bin", "hay\0")]);
    setup.write("png", b"needle\0\n");
    std::os::unix::fs::symlink("nowhere", setup.tree().join("dangling")).unwrap();
    for (place, why) in
        [("png", "is binary, and matches"), ("dangling", "No such file"), ("none", "No such file")]
    {
        let output = setup.search(&["-F", "needle", place, "a"]);
        assert_eq!(String::from_utf8(output.stdout.clone()).unwrap(), "a:1:needle\n", "{place}");
        assert_eq!(output.status.code(), Some(2), "{place}");
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
    }
    assert_eq!(setup.printed(&["-F", "needle", "a", "hay.bin"]), "a:1:needle\n");
    assert_eq!(setup.answer(&["-F", "needle", "-q", "a", "none"]).1, Some(0));
}

#[test]
fn binary_files_and_links_are_searched_where_that_is_asked_for() {
    let setup = Setup::new(&[("tree/.gitignore", "ignored\n"), ("tree/.git/x", "")]);
    setup.write("tree/png", b"needle\0\n");
    setup.write("tree/ignored", "needle\n");
    setup.write("tree/large", format!("needle\n{}", "x".repeat(2 << 20)));
    setup.write("other/f", "needle\n");
    std::os::unix::fs::symlink("../other", setup.tree().join("tree/link")).unwrap();
    std::os::unix::fs::symlink("../tree", setup.tree().join("tree/loop")).unwrap();
    let small = "--max-filesize=1M";
    assert_eq!(setup.answer(&["-F", "needle", small, "tree"]), (String::new(), Some(1)));
    assert_eq!(setup.printed(&["-F", "needle", "-a", small, "tree"]), "tree/png:1:needle\0\n");
    assert_eq!(setup.printed(&["-F", "needle", "-L", small, "tree", "-c"]), "tree/link/f:1\n");
    let both = setup.printed(&["-F", "needle", "-aL", small, "tree", "-c", "-g", "!*.x"]);
    assert_eq!(both, "tree/link/f:1\ntree/png:1\n");
    assert_eq!(setup.printed(&["-F", "needle", "-a", "tree/png", "-l"]), "tree/png\n");
}

/// Lines of a text of many megabytes, and what grep prints of those that hold ` needle`,
/// `context` lines around each.
fn long(name: &str, lines: usize, context: usize) -> (String, String) {
    let line = |n: usize| match n % 999 {
        7 | 9 | 500 => format!("{n} needle {}", "x".repeat(n % 300)),
        _ => format!("{n} größe {}", "y".repeat(n % 120)),
    };
    let lines: Vec<String> = (1..=lines).map(line).collect();
    let is = |n: usize| n > 0 && n <= lines.len() && lines[n - 1].contains(" needle");
    let (mut grep, mut last) = (String::new(), 0);
    for n in (1..=lines.len()).filter(|n| (n.saturating_sub(context)..=n + context).any(is)) {
        if context > 0 && last > 0 && last + 1 < n {
            grep.push_str("--\n");
        }
        let mark = if is(n) { ':' } else { '-' };
        grep.push_str(&format!("{name}{mark}{n}{mark}{}\n", lines[n - 1]));
        last = n;
    }
    (lines.join("\n") + "\n", grep)
}

#[test]
fn a_long_file_is_searched_as_a_short_one() {
    let setup = Setup::new(&[("short.txt", "a needle\n")]);
    for context in [0, 1, 3] {
        let (text, grep) = long("long.txt", 240_000, context);
        assert!(text.len() > 16 << 20, "else it is no long one: {}", text.len());
        setup.write("long.txt", &text);
        let around = context.to_string();
        let gap = if context > 0 { "--\n" } else { "" };
        let short = "short.txt:1:a needle\n";
        let args = ["-F", " needle", "-C", &around];
        let printed = setup.printed(&[&args[..], &["short.txt", "long.txt"]].concat());
        assert!(printed == format!("{short}{gap}{grep}"), "{context}");
        let printed = setup.printed(&[&args[..], &["long.txt", "short.txt"]].concat());
        assert!(printed == format!("{grep}{gap}{short}"), "{context}");
        if context == 0 {
            let marked = format!("\u{feff}{text}");
            let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
            setup.write("wide.txt", wide);
            let printed = setup.printed(&["-F", " needle", "wide.txt"]);
            assert!(printed == grep.replace("long.txt:", "wide.txt:"));
            // All of it goes out, but for the NUL at its end.
            setup.write("long.txt", text + "\0");
            let output = setup.search(&["-e", "", "long.txt"]);
            assert_eq!((output.stdout.len(), output.status.code()), (0, Some(2)));
            assert!(stderr(&output).contains("long.txt is binary, and matches"));
        }
    }
}

#[test]
fn a_long_file_is_not_held() {
    let setup = Setup::new(&[]);
    let (text, grep) = long("long.txt", 200_000, 0);
    let text = text.repeat(100_000_000 / text.len());
    setup.write("long.txt", &text);
    let limited = |args: &str| {
        let mut shell = Command::new("sh");
        let sigla = env!("CARGO_BIN_EXE_sigla");
        shell.arg("-c").arg(format!("ulimit -v 80000; exec '{sigla}' search {args} long.txt"));
        shell.current_dir(setup.tree()).env("SIGLA_DIR", setup.dir.path().join("cache"));
        let output = shell.output().unwrap();
        assert_eq!((stderr(&output).as_str(), output.status.code()), ("", Some(0)), "{args}");
        output.stdout
    };
    assert!(limited("-F ' needle'").starts_with(grep.as_bytes()));
    let all = limited("-v -F '  '");
    assert!(all.len() > text.len(), "with numbers, as every line is printed");
}

#[test]
fn what_standard_output_goes_to_is_not_read() {
    let setup = Setup::new(&[("a", "needle\n"), ("b", "a needle\n")]);
    for args in [&["a", "b"][..], &["-a"]] {
        let out = fs::File::options().append(true).open(setup.tree().join("b")).unwrap();
        let args = [&["-F", "needle"], args].concat();
        let mut search = command(&setup.tree(), &setup.dir.path().join("cache"), &args);
        assert_eq!(search.stdout(out).status().unwrap().code(), Some(0));
    }
    let text = fs::read_to_string(setup.tree().join("b")).unwrap();
    assert_eq!(text, "a needle\na:1:needle\na:1:needle\n");
}

#[test]
fn files_and_types_are_listed() {
    let setup =
        Setup::new(&[("a.rs", ""), ("b.conf", "xyz"), (".hidden", ""), ("run", "#!/bin/sh\n")]);
    setup.write("png", b"\0");
    assert_eq!(setup.printed(&["--files"]), "a.rs\nb.conf\npng\nrun\n");
    assert_eq!(setup.printed(&["--files", "-0", "-g", "*.rs", "."]), "a.rs\0");
    assert_eq!(setup.printed(&["--files", "-t", "config"]), "b.conf\n");
    assert_eq!(setup.printed(&["--files", "-t", "sh", "-t", "rust"]), "a.rs\nrun\n");
    assert_eq!(setup.printed(&["--files", "--hidden", "-n", "1"]), ".hidden\n");
    assert_eq!(setup.answer(&["--files", "none"]), (String::new(), Some(2)));
    assert!(!setup.dir.path().join("cache").exists(), "a list needs no index");
    assert_eq!(setup.printed(&["-F", "xyz", "-t", "config"]), "b.conf:1:xyz\n");
    let types = setup.printed(&["--type-list"]);
    assert!(types.contains("\nrust: *.rs\n") && types.contains("\nconfig: "), "{types}");
}

#[test]
fn a_pipe_gets_paths_as_they_are() {
    use std::os::unix::ffi::OsStrExt;
    let setup = Setup::new(&[]);
    let names = [&b"esc\x1b.txt"[..], b"lat\xe9.txt", b"new\nline.txt"];
    for name in names {
        fs::write(setup.tree().join(std::ffi::OsStr::from_bytes(name)), "needle\n").unwrap();
    }
    let listed =
        |end: &[u8]| names.iter().flat_map(|name| [*name, end].concat()).collect::<Vec<_>>();
    for args in [&["-F", "needle", "-l"][..], &["--files"]] {
        assert_eq!(setup.search(args).stdout, listed(b"\n"));
        assert_eq!(setup.search(&[args, &["-0"]].concat()).stdout, listed(b"\0"));
    }
    assert_eq!(setup.search(&["-F", "needle", "-c"]).stdout, listed(b":1\n"));
    assert_eq!(setup.search(&["-F", "needle"]).stdout, listed(b":1:needle\n"));
    let mut ranked = setup.search(&["needle", "-l", "-0"]).stdout;
    ranked.push(b'\n');
    for name in names {
        assert!(memchr::memmem::find(&ranked, &[name, b"\0"].concat()).is_some());
    }
}

#[test]
fn what_is_not_there_is_said_with_what_to_do_instead() {
    let setup = Setup::project();
    for (args, hint) in [
        (&["-F", "x", "-P"][..], "grep -P"),
        (&["-F", "x", "--replace", "y"], "-o prints the matches"),
        (&["-F", "x", "--replace=y"], "-o prints the matches"),
        (&["-F", "x", "-uu"], "--no-ignore"),
        (&["-F", "x", "-n", "src"], "lines are numbered without a flag"),
        (&["--regex", "(?=x)"], "grep -P"),
        (&["--regex", r"(x)\1"], "grep -P"),
    ] {
        let output = setup.search(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(hint), "{args:?}: {}", stderr(&output));
    }
}

/// The project that this is, its files as they are indexed.
fn repository() -> (PathBuf, Vec<(String, Vec<u8>)>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().canonicalize().unwrap();
    let files = Walk::default().run(&root, &Silent).unwrap().tree.files;
    let read = |key: &[u8]| {
        let key = String::from_utf8(key.to_vec()).unwrap();
        let raw = fs::read(root.join(&key)).unwrap();
        Some((key, decode(&raw)?.into_owned()))
    };
    let documents = files.iter().filter_map(|file| read(&file.key)).collect();
    (root, documents)
}

/// What grep would print.
fn scan(documents: &[(String, Vec<u8>)], matches: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut all = Vec::new();
    for (key, text) in documents {
        let lines = text.strip_suffix(b"\n").unwrap_or(text).split(|&byte| byte == b'\n');
        let lines = lines.take(if text.is_empty() { 0 } else { usize::MAX });
        for (line, number) in lines.zip(1..).filter(|(line, _)| matches(line)) {
            all.extend_from_slice(format!("{key}:{number}:").as_bytes());
            all.extend_from_slice(line);
            all.push(b'\n');
        }
    }
    all
}

/// Parts of lines, of many lengths, always the same for the same texts.
fn literals(documents: &[(String, Vec<u8>)], count: usize) -> Vec<String> {
    let mut state = 7u64;
    let mut below = |end: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (((state >> 33) * end as u64) >> 31) as usize
    };
    let mut literals = Vec::new();
    while literals.len() < count {
        let (_, text) = &documents[below(documents.len())];
        let len = 3 + below(18);
        let Some(end) = text.len().checked_sub(len + 1) else { continue };
        let start = below(end + 1);
        let part = &text[start..start + len];
        if let Ok(part) = str::from_utf8(part)
            && !part.contains('\n')
            && part.trim().len() > 2
        {
            literals.push(part.to_owned());
        }
    }
    literals
}

#[test]
fn on_a_real_tree_it_finds_what_a_scan_finds() {
    let (root, documents) = repository();
    let cache = tempfile::tempdir().unwrap();
    let ask = |args: &[&str]| {
        let output = search(&root, cache.path(), args);
        assert!(output.status.code() < Some(2), "{args:?}: {}", stderr(&output));
        output.stdout
    };
    ask(&["-F", "warm up"]);
    for literal in literals(&documents, 60) {
        let finder = memchr::memmem::Finder::new(&literal);
        let expected = scan(&documents, |line| finder.find(line).is_some());
        assert!(!expected.is_empty());
        let found = ask(&["--stale-ok", "-F", "--", &literal]);
        assert!(found == expected, "{literal:?}:\n{}", String::from_utf8_lossy(&found));
    }
    for (regex, flags) in [
        (r"fn \w+_literal", &[][..]),
        (r"(?i)sigla(img|_core)", &[]),
        (r"impl<'\w+> \w+<'\w+>", &[]),
        (r"pub(\(super\))? (const )?fn [a-z]{5}\(", &[]),
        (r"^use (std|core)::(io|fs)", &[]),
        (r"[0-9a-f]{2} [0-9a-f]{2} 4c", &[]),
        (r"TODO|todo|retry", &["-i"]),
        ("gram", &["-w"]),
        (r"\bfilters?$", &["-i", "-w"]),
        (r"^\s*}\s*$", &[]),
        (r"größe|straße", &["-i"]),
        (r"(retry.*backoff|backoff.*retry)", &[]),
    ] {
        let mut matcher = RegexMatcherBuilder::new();
        matcher.multi_line(true).line_terminator(Some(b'\n'));
        matcher.case_insensitive(flags.contains(&"-i")).word(flags.contains(&"-w"));
        let matcher = matcher.build(regex).unwrap();
        let expected = scan(&documents, |line| matcher.is_match(line).unwrap());
        assert!(!expected.is_empty(), "{regex}");
        let found = ask(&[flags, &["--stale-ok", "-e", regex]].concat());
        assert!(found == expected, "{regex}:\n{}", String::from_utf8_lossy(&found));
    }
}

/// ripgrep, where this machine has one, gives the same lines of the same files.
#[test]
fn on_a_real_tree_it_finds_what_ripgrep_finds() {
    if Command::new("rg").arg("--version").output().is_err() {
        eprintln!("skipped: there is no rg");
        return;
    }
    let (root, documents) = repository();
    let cache = tempfile::tempdir().unwrap();
    search(&root, cache.path(), &["-F", "warm up"]);
    for literal in literals(&documents, 40) {
        let ours = search(&root, cache.path(), &["--stale-ok", "-F", "--", &literal]);
        let mut rg = Command::new("rg");
        rg.args(["-F", "-n", "--no-heading", "--color=never", "--sort=path", "--", &literal]);
        let theirs = rg.current_dir(&root).stdin(Stdio::null()).arg(".").output().unwrap();
        let sorted = |bytes: &[u8], prefix: &str| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let mut lines: Vec<String> = text
                .lines()
                .map(|line| line.strip_prefix(prefix).unwrap_or(line).to_owned())
                .collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&ours.stdout, ""), sorted(&theirs.stdout, "./"), "{literal:?}");
    }
}
