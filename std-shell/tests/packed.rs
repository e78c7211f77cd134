//! `sigla pack`, `cat`, `unpack` and `inspect` as a user at a prompt meets them:
//! what was packed comes back, and an image that lies does no harm.
#![allow(clippy::unwrap_used, reason = "the helpers of the tests, too")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use sigla_core::build::{self, Builder, Codec, Document, Options};
use sigla_core::image::{FileEntry, FileKind, Image, files};
use sigla_core::outline::{Lang, Role};
use tempfile::TempDir;

/// A tree `in`, and room beside it.
struct Setup {
    dir: TempDir,
}

/// Files by path: mode and bytes.
type Tree = BTreeMap<Vec<u8>, (u32, Vec<u8>)>;

impl Setup {
    fn new(files: &[(&[u8], u32, &[u8])]) -> Setup {
        let setup = Setup { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(setup.path("in")).unwrap();
        for (path, mode, bytes) in files {
            let path = setup.path("in").join(OsStr::from_bytes(path));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(*mode)).unwrap();
        }
        setup
    }

    /// Text of some kinds, a log among it, long enough for several records.
    fn texts() -> Setup {
        let mut source = String::new();
        let mut log = String::new();
        for n in 0..200 {
            source += &format!("/// Waits {n} times longer.\nfn retry_{n}(policy: &Policy) {{}}\n");
            log += &format!("12:00:{:02} INFO worker {n} took job {}\n", n % 60, n * 7919);
        }
        Setup::new(&[
            (b"src/retry.rs", 0o644, source.as_bytes()),
            (b"logs/day.log", 0o644, log.as_bytes()),
            (b"docs/guide.md", 0o644, b"# Guide\n\nExponential backoff, longer after each.\n"),
        ])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn prepare(&self, mut command: Command, args: &[&str]) -> Command {
        command.args(args).current_dir(self.dir.path()).env("HOME", self.dir.path());
        command.env("SIGLA_DIR", self.path("cache"));
        command
    }

    fn command(&self, args: &[&str]) -> Command {
        self.prepare(Command::new(env!("CARGO_BIN_EXE_sigla")), args)
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Expects exit code 0 and silence on standard error.
    #[track_caller]
    fn well(&self, args: &[&str]) -> Vec<u8> {
        let output = self.run(args);
        assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{args:?}");
        output.stdout
    }

    #[track_caller]
    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_slice(&self.well(&[args, &["--json"]].concat())).unwrap()
    }

    #[track_caller]
    fn pack(&self, args: &[&str]) -> Vec<u8> {
        self.well(&[&["pack", "in", "-q", "-o", "x.sigla"], args].concat());
        fs::read(self.path("x.sigla")).unwrap()
    }

    /// What is there besides what the test made.
    fn strangers(&self) -> Vec<String> {
        let names = fs::read_dir(self.dir.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned());
        names.filter(|name| !["in", "x.sigla", "bad.sigla"].contains(&name.as_str())).collect()
    }
}

fn read(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let key = path.strip_prefix(folder).unwrap().as_os_str().as_bytes().to_vec();
                let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
                tree.insert(key, (mode, fs::read(&path).unwrap()));
            }
        }
    }
    tree
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn fails(output: &Output, with: &[&str]) {
    let message = stderr(output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert_eq!(output.stdout, b"", "nothing but a complaint");
    for part in with {
        assert!(message.contains(part), "{part:?} is not in {message:?}");
    }
    assert!(!message.contains("panicked"), "{message}");
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// One of each kind of file, of which two are no text.
fn odd() -> Setup {
    let wide = utf_16("\u{feff}größe 東京\r\nretry\r\n");
    let long = "no end of line ".repeat(5000);
    let log = format!("first\n\n\n{}\nlast, unfinished", "=".repeat(9000));
    let deep = "deep/".repeat(40) + "down.txt";
    Setup::new(&[
        (b"plain.txt", 0o644, b"one\ntwo\nthree\n"),
        (b"run.sh", 0o755, b"#!/bin/sh\necho retry\n"),
        (b"secret", 0o600, b"no finial newline"),
        (b"locked.txt", 0o444, b"read me only\n"),
        (b"empty", 0o640, b""),
        (b"blank.log", 0o644, b"\n"),
        (b"crlf.txt", 0o644, b"one\r\ntwo\r\n\r\n"),
        (b"wide.txt", 0o444, &wide),
        (b"mark.md", 0o644, b"\xef\xbb\xbf# Marked\n"),
        (b"broken.c", 0o644, b"int a; /* \xff\xfe\xc3( */\n"),
        (b"long.txt", 0o644, long.as_bytes()),
        (b"odd.log", 0o644, log.as_bytes()),
        (b"with space/a b.txt", 0o644, b"spaced\n"),
        (b"raw-\xff\xc3(.txt", 0o644, b"named by bytes\n"),
        (b"new\nline.txt", 0o644, b"named over two lines\n"),
        (deep.as_bytes(), 0o644, b"deep down\n"),
        (b"image.png", 0o644, b"\x89PNG\r\n\0\0\0"),
        (b"sub/tool", 0o755, b"\x7fELF\0\0retry"),
    ])
}

#[test]
fn a_tree_comes_back_byte_for_byte() {
    let setup = odd();
    let mut tree = read(&setup.path("in"));
    for (codec, folder) in [("glyph", "whole"), ("none", "plain")] {
        setup.pack(&["--all", "--codec", codec]);
        setup.well(&["verify", "-q", "x.sigla"]);
        let summary = setup.json(&["unpack", "x.sigla", "-o", folder]);
        assert_eq!(summary["files"], tree.len());
        assert_eq!(summary["bytes"], tree.values().map(|(_, bytes)| bytes.len()).sum::<usize>());
        assert_eq!(summary["left_out"], Value::Array(vec![]));
        assert!(read(&setup.path(folder)) == tree, "{codec}");
    }
    let packed = setup.json(&["pack", "in", "-o", "x.sigla"]);
    assert_eq!((&packed["left_out"], &packed["errors"]), (&2.into(), &0.into()));
    fs::create_dir(setup.path("out")).unwrap();
    let output = setup.run(&["unpack", "x.sigla", "-o", "out/"]);
    assert_eq!(output.status.code(), Some(0), "an empty folder is taken");
    let named = |name: &str| stderr(&output).contains(&format!("{name}: not in the image"));
    assert!(named("image.png") && named("sub/tool"), "{}", stderr(&output));
    tree.retain(|path, _| !path.starts_with(b"image.png") && !path.starts_with(b"sub/"));
    assert!(read(&setup.path("out")) == tree);
    let left_out = setup.json(&["unpack", "x.sigla", "-o", "again"])["left_out"].clone();
    assert_eq!(left_out, serde_json::json!(["image.png", "sub/tool"]));
}

#[test]
fn records_of_any_length_come_back() {
    let setup = odd();
    let tree = read(&setup.path("in"));
    let mut sizes = vec![];
    for most in ["64", "100", "4096"] {
        sizes.push(setup.pack(&["--all", "--record-max", most]).len());
        setup.well(&["verify", "-q", "x.sigla"]);
        setup.well(&["unpack", "x.sigla", "-q", "-o", most]);
        assert!(read(&setup.path(most)) == tree, "{most}");
    }
    for wrong in ["63", "4097", "x"] {
        let output = setup.run(&["pack", "in", "-o", "y.sigla", "--record-max", wrong]);
        fails(&output, &["--record-max"]);
    }
}

#[test]
fn any_codebook_and_chain_bring_the_tree_back() {
    let setup = odd();
    let tree = read(&setup.path("in"));
    for (at, options) in [
        ["--codebook", "general"],
        ["--codebook", "both"],
        ["--codec", "none"],
        ["--chain", "0"],
        ["--chain", "7"],
    ]
    .into_iter()
    .enumerate()
    {
        let first = setup.pack(&[&["--all"], &options[..]].concat());
        assert!(first == setup.pack(&[&["--all"], &options[..]].concat()), "{options:?}");
        setup.well(&["verify", "-q", "x.sigla"]);
        setup.well(&["unpack", "x.sigla", "-q", "-o", &at.to_string()]);
        assert!(read(&setup.path(&at.to_string())) == tree, "{options:?}");
    }
    fails(&setup.run(&["pack", "in", "-o", "y.sigla", "--chain", "8"]), &["--chain"]);
}

#[test]
fn the_same_tree_gives_the_same_bytes() {
    let setup = odd();
    let image = setup.pack(&["--all"]);
    assert!(image == setup.pack(&["--all"]), "packed twice");
    for machine in [["--threads", "1", "--memory", "64K"], ["--threads", "7", "--memory", "1M"]] {
        assert!(image == setup.pack(&[&["--all"], &machine[..]].concat()), "{machine:?}");
    }
    // The image of the last run is no part of the tree, even where it lies in it.
    for _ in 0..2 {
        setup.well(&["pack", "in", "-q", "--all", "-o", "in/x.sigla"]);
        assert!(image == fs::read(setup.path("in/x.sigla")).unwrap());
    }
}

#[test]
fn large_files_are_left_out_or_kept() {
    let setup = Setup::new(&[(b"a.txt", 0o644, b"small\n"), (b"b.txt", 0o600, &[b'x'; 5000])]);
    setup.pack(&["--max-filesize", "1K"]);
    assert_eq!(setup.json(&["unpack", "x.sigla", "-o", "out"])["left_out"][0], "b.txt");
    let listed = String::from_utf8(setup.well(&["inspect", "--files", "x.sigla"])).unwrap();
    assert_eq!(listed, "0644          6 text     a.txt\n0600          0 large    b.txt\n");
    assert_eq!(setup.run(&["cat", "x.sigla", "b.txt"]).status.code(), Some(1));
    setup.pack(&["--max-filesize", "1K", "--all"]);
    setup.well(&["unpack", "x.sigla", "-o", "all"]);
    assert!(read(&setup.path("all")) == read(&setup.path("in")));
    assert_eq!(setup.well(&["cat", "x.sigla", "b.txt"]), [b'x'; 5000]);
}

#[test]
fn cat_prints_files_and_lines() {
    let setup = odd();
    setup.pack(&["--all"]);
    for (path, (_, bytes)) in read(&setup.path("in")) {
        let output =
            setup.command(&["cat", "x.sigla"]).arg(OsStr::from_bytes(&path)).output().unwrap();
        assert!(output.status.success() && output.stdout == bytes, "{path:?}");
    }
    let lines = |what: &str| String::from_utf8(setup.well(&["cat", "x.sigla", what])).unwrap();
    assert_eq!(lines("plain.txt:2"), "two\n");
    assert_eq!(lines("plain.txt:1-2"), "one\ntwo\n");
    assert_eq!(lines("plain.txt:3-99"), "three\n");
    assert_eq!(lines("plain.txt:7"), "");
    assert_eq!(lines("wide.txt:2"), "retry\r\n", "lines are those of the text");
    for wrong in ["plain.txt:0-2", "plain.txt:3-2"] {
        fails(&setup.run(&["cat", "x.sigla", wrong]), &["lines are"]);
    }
    for missing in ["plain", "plain.txt/", "none.txt:1-2", "./plain.txt"] {
        let output = setup.run(&["cat", "x.sigla", missing]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{missing}");
        assert!(stderr(&output).contains("has no file"), "{}", stderr(&output));
    }
    fails(&setup.run(&["cat", "x.sigla"]), &["holds 16 files", "inspect --files"]);
    fails(&setup.run(&["cat", "in", "x"]), &["is a folder", "sigla pack"]);
    fails(&setup.run(&["cat", "none.sigla"]), &["cannot read the image"]);
}

#[test]
fn a_file_that_no_image_holds_is_refused_before_the_work() {
    let setup = Setup::new(&[]);
    // As long as nobody reads it, it takes no room.
    let log = fs::File::create(setup.path("in/big.log")).unwrap();
    log.set_len(u64::from(u32::MAX) + 1).unwrap();
    fails(&setup.run(&["pack", "in/big.log", "-o", "x.sigla"]), &["more than 4 GiB", "split it"]);
    assert_eq!(setup.strangers(), [""; 0]);
    assert!(!setup.path("x.sigla").exists());
}

#[test]
fn a_tree_that_no_image_holds_is_refused_before_the_work() {
    let setup = Setup::new(&[(b"a.txt", 0o644, b"text\n")]);
    // A log may have lost what was not on disk yet, and is a text all the same.
    let sparse = |name: &str, begins: &str, size: u64| {
        fs::write(setup.path(name), begins).unwrap();
        let file = fs::OpenOptions::new().write(true).open(setup.path(name)).unwrap();
        file.set_len(size).unwrap();
    };
    let lines = "2026-11-30 12:00:00 INFO worker 7 took a job\n".repeat(20);
    let pack = |args: &[&str]| setup.run(&[&["pack", "in", "-q", "-o", "x.sigla"], args].concat());
    for n in 0..3 {
        sparse(&format!("in/{n}.log"), &lines, 3 << 29);
    }
    fails(&pack(&["--max-filesize", "2G"]), &["text of", "in", "than 4 GiB", "--glob '!NAME'"]);
    for n in 0..3 {
        fs::remove_file(setup.path(&format!("in/{n}.log"))).unwrap();
        sparse(&format!("in/{n}.bin"), "", 3 << 29);
    }
    // What is left out is not too much, and what is no text does not count as such.
    assert_eq!(stderr(&pack(&[])), "");
    assert_eq!(stderr(&pack(&["--max-filesize", "2G"])), "");
    fs::remove_file(setup.path("x.sigla")).unwrap();
    fails(&pack(&["--all"]), &["no text in", "than 4 GiB", "--glob '!NAME'"]);
    fails(&pack(&["--all", "--max-filesize", "2G"]), &["no text in", "than 4 GiB"]);
    sparse("in/0.bin", "", 5 << 30);
    fails(&pack(&["--all"]), &["in/0.bin comes to more than 4 GiB", "--glob '!NAME'"]);
    assert_eq!(setup.strangers(), [""; 0]);
    assert!(!setup.path("x.sigla").exists());
    assert_eq!(stderr(&pack(&["--all", "--glob", "!*.bin"])), "");
}

#[test]
fn a_log_is_packed_by_itself() {
    let setup = Setup::texts();
    let log = fs::read(setup.path("in/logs/day.log")).unwrap();
    let summary = setup.json(&["pack", "in/logs/day.log", "-o", "x.sigla", "--max-filesize", "9"]);
    assert_eq!(summary["documents"], 1, "who names a file means it");
    assert_eq!(setup.well(&["cat", "x.sigla"]), log);
    assert_eq!(
        setup.well(&["cat", "x.sigla", "day.log:1"]),
        b"12:00:00 INFO worker 0 took job 0\n"
    );
    assert!(fs::read(setup.path("x.sigla")).unwrap().len() < log.len());
    fails(&setup.run(&["pack", "in/logs/day.log", "-o", "in/logs/day.log"]), &["over itself"]);
    assert_eq!(fs::read(setup.path("in/logs/day.log")).unwrap(), log);
    fails(&setup.run(&["pack", "in/none", "-o", "x.sigla"]), &["cannot find in/none"]);
}

#[test]
fn inspect_says_what_an_image_is_made_of() {
    let setup = Setup::texts();
    let bytes = setup.pack(&["--record-max", "512"]).len();
    let report = setup.json(&["inspect", "x.sigla"]);
    let text: usize = read(&setup.path("in")).values().map(|(_, bytes)| bytes.len()).sum();
    assert_eq!((&report["bytes"], &report["text_bytes"]), (&bytes.into(), &text.into()));
    let sections = report["sections"].as_array().unwrap();
    let size = |name: &str| {
        sections.iter().find(|s| s["section"] == name).map_or(0, |s| s["bytes"].as_u64().unwrap())
    };
    assert_eq!((size("TEXT"), size("META")), (0, 64));
    let packed = report["packed_bytes"].as_u64().unwrap();
    assert_eq!(packed, size("CODEBOOK") + size("GLYPHS"));
    let ratio = text as f64 / packed as f64;
    assert!((report["ratio"].as_f64().unwrap() - ratio).abs() < 0.006 && ratio > 1.0, "{report}");
    for peer in ["zstd_19", "zlib_9"] {
        for field in ["whole_bytes", "whole_ratio", "record_bytes", "record_ratio"] {
            assert!(report[peer][field].as_f64().unwrap() > 0.0, "{peer} {field}");
        }
    }
    for tier in ["copied", "followed", "recent", "new"] {
        assert!(report["tiers"][tier].is_u64(), "{tier}");
    }
    let count = |field: &str| report["records"][field].as_u64().unwrap();
    let kinds: u64 = ["glyphs", "based", "same", "raw"].into_iter().map(count).sum();
    assert!(kinds == count("count") && count("based") > 0, "{report}");
    assert_eq!((&report["record_max"], &report["documents"]), (&512.into(), &3.into()));
    assert!(report["codebook"]["phrases"].as_u64() <= report["codebook"]["rules"].as_u64());
    let phrases = report["common_phrases"].as_array().unwrap();
    let long = phrases.iter().find(|phrase| phrase["phrase"].as_str().unwrap().len() > 1).unwrap();
    let halves: String =
        long["levels"][0].as_array().unwrap().iter().map(|half| half.as_str().unwrap()).collect();
    assert_eq!(long["phrase"], *halves);

    let quick = setup.json(&["inspect", "--quick", "x.sigla"]);
    assert_eq!((&quick["zstd_19"], &quick["ratio"]), (&Value::Null, &report["ratio"]));
    let shown = String::from_utf8(setup.well(&["inspect", "x.sigla"])).unwrap();
    assert!(shown.contains("GLYPHS") && shown.contains("zstd -19"), "{shown}");

    setup.pack(&["--codec", "none"]);
    let plain = setup.json(&["inspect", "x.sigla"]);
    assert_eq!((&plain["ratio"], &plain["tiers"]), (&1.0.into(), &Value::Null), "{plain}");
    let listed = setup.well(&["inspect", "--files", "--json", "x.sigla"]);
    let first: Value =
        serde_json::from_slice(listed.split(|&b| b == b'\n').next().unwrap()).unwrap();
    let expected =
        serde_json::json!({"path": "docs/guide.md", "mode": "0644", "kind": "text", "bytes": 49});
    assert_eq!(first, expected);
}

#[test]
fn files_are_listed_with_modes_and_sizes() {
    let setup = odd();
    setup.pack(&["--all"]);
    let listed = setup.well(&["inspect", "--files", "--json", "x.sigla"]);
    let tree = read(&setup.path("in"));
    let lines = listed.split(|&b| b == b'\n').filter(|line| !line.is_empty());
    let mut count = 0;
    for line in lines {
        let file: Value = serde_json::from_slice(line).unwrap();
        let path: Vec<u8> = match &file["path_bytes"] {
            Value::Null => file["path"].as_str().unwrap().into(),
            bytes => serde_json::from_value(bytes.clone()).unwrap(),
        };
        let (mode, bytes) = &tree[&path];
        assert_eq!(file["mode"], format!("{mode:04o}"), "{file}");
        assert_eq!(file["bytes"], bytes.len(), "{file}");
        count += 1;
    }
    assert_eq!(count, tree.len());
}

#[test]
fn a_packed_tree_is_searched_as_the_tree() {
    let setup = Setup::texts();
    fs::create_dir(setup.path("in/.git")).unwrap();
    setup.pack(&[]);
    fs::rename(setup.path("x.sigla"), setup.path("glyph.sigla")).unwrap();
    setup.pack(&["--codec", "none"]);
    for query in [
        "exponential backoff",
        "\"longer after each\"",
        "\"job 7919\"",
        "retry_17 policy",
        "work* -guide",
        "kind:function sym:retry_1*",
        "nowhereatall",
    ] {
        let answer = |place: &str, flags: &[&str]| {
            let args = [&["search", query, place, "--json", "--explain"], flags].concat();
            let output = setup.run(&args);
            let text = String::from_utf8(output.stdout).unwrap();
            let hits: Vec<String> =
                text.lines().filter(|line| !line.contains("\"done\"")).map(str::to_owned).collect();
            (output.status.code(), hits)
        };
        let tree = answer("in", &[]);
        for image in ["glyph.sigla", "x.sigla"] {
            assert_eq!(answer(image, &[]), tree, "{query} in {image}");
            assert_eq!(answer(image, &["--mmap"]), tree, "{query} in {image}, mapped");
        }
    }
    for exact in [["-F", "worker 17 took"], ["-e", "retry_[0-9]+7\\("]] {
        let answer = |place: &str| {
            let output = setup.run(&["search", exact[0], exact[1], place]);
            (output.status.code(), output.stdout)
        };
        assert_eq!(answer("glyph.sigla"), answer("x.sigla"), "{exact:?}");
    }
}

/// An image as nobody packs it.
fn forged(documents: &[(&[u8], &[u8])], others: &[FileEntry<'_>], codec: bool) -> Vec<u8> {
    let mut builder = Builder::new(Options { text: true, grams: false });
    for (key, text) in documents {
        let (lang, role, hash) = (Lang::Text, Role::of(key, text), 0);
        builder.add(Document { key, lang, role, hash, text: (*text).into() }).unwrap();
    }
    let mut plain = Vec::new();
    builder.finish(&mut plain).unwrap();
    let section = files(&vec![0o644; documents.len()], others).unwrap();
    let codec = codec.then(Codec::default);
    let mut sealed = Vec::new();
    let image = Image::open(&plain).unwrap();
    build::seal(&image, codec.as_ref(), Some(&section), &mut sealed).unwrap();
    sealed
}

#[test]
fn an_image_writes_nowhere_but_into_its_folder() {
    let setup = Setup::new(&[]);
    let long = [b'n'; 300];
    let keys: [&[u8]; 13] = [
        b"../x",
        b"/etc/x",
        b"a//b",
        b".",
        b"..",
        b"a/../../x",
        b"a/./b",
        b"./a",
        b"a/",
        b"/",
        b"",
        b"a\0b",
        &long,
    ];
    let refused = |image: &[u8]| {
        fs::write(setup.path("bad.sigla"), image).unwrap();
        fails(&setup.run(&["unpack", "bad.sigla", "-o", "out"]), &[]);
        assert_eq!(setup.strangers(), [""; 0]);
    };
    for key in keys {
        let entry = |kind| FileEntry { kind, mode: 0o644, path: key, content: b"x" };
        for codec in [false, true] {
            refused(&forged(&[(key, b"x\n")], &[], codec));
        }
        for kind in [FileKind::Kept, FileKind::Original] {
            refused(&forged(&[(b"good", b"text\n")], &[entry(kind)], true));
        }
        if key.len() < 255 {
            let left_out = FileEntry { content: b"", ..entry(FileKind::Binary) };
            refused(&forged(&[(b"good", b"text\n")], &[left_out], true));
        }
    }
    // A file that is a folder, too, and two of one name.
    refused(&forged(&[(b"a", b"x\n"), (b"a/b", b"y\n")], &[], true));
    let twice = FileEntry { kind: FileKind::Kept, mode: 0o644, path: b"a", content: b"x" };
    refused(&forged(&[(b"a", b"x\n")], &[twice], true));
    // Modes give nobody more than the file.
    let kept = FileEntry { kind: FileKind::Kept, mode: 0o6755, path: b"b", content: b"x" };
    fs::write(setup.path("bad.sigla"), forged(&[(b"a", b"x\n")], &[kept], true)).unwrap();
    setup.well(&["unpack", "bad.sigla", "-q", "-o", "out"]);
    assert_eq!(read(&setup.path("out"))[&b"b"[..]].0, 0o755);
}

#[test]
fn a_folder_that_has_something_is_left_alone() {
    let setup = Setup::texts();
    setup.pack(&[]);
    let before = read(&setup.path("in"));
    fails(&setup.run(&["unpack", "x.sigla", "-o", "in"]), &["in is not empty"]);
    fails(&setup.run(&["unpack", "x.sigla", "-o", "x.sigla"]), &["x.sigla is no folder"]);
    fails(&setup.run(&["unpack", "x.sigla", "-o", "no/such/out"]), &["cannot write below"]);
    assert!(read(&setup.path("in")) == before);
    assert_eq!(setup.strangers(), [""; 0]);
}

#[test]
fn damaged_images_are_refused() {
    let setup = odd();
    let whole = setup.pack(&["--all"]);
    let refused = |bytes: &[u8], said: &str| {
        fs::write(setup.path("bad.sigla"), bytes).unwrap();
        for args in [
            &["unpack", "bad.sigla", "-o", "out"][..],
            &["cat", "bad.sigla", "plain.txt"],
            &["inspect", "--quick", "bad.sigla"],
            &["inspect", "--files", "bad.sigla"],
        ] {
            fails(&setup.run(args), &["bad.sigla", said]);
        }
        assert_eq!(setup.strangers(), [""; 0]);
    };
    refused(b"", "not a sigla image");
    refused(b"SIGLAIMG", "should have 32 bytes");
    for cut in [40, whole.len() / 3, whole.len() - 1] {
        refused(&whole[..cut], "cut short");
    }
    // Behind the table every bit is under a checksum; before it, some tell of other things.
    let image = Image::open(&whole).unwrap();
    let first = 32 + 24 * image.sections().count();
    let step = (whole.len() - first) / 25;
    for at in (first..whole.len()).step_by(step).filter(|&at| whole[at] != 0) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        let said = if at < first { "" } else { "is damaged, copy or pack it again" };
        refused(&bytes, said);
    }
}

/// CRC-32C, bit by bit.
fn crc32c(bytes: &[u8]) -> [u8; 4] {
    let crc = bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0x82f6_3b78 & (crc & 1).wrapping_neg())
        })
    });
    (!crc).to_le_bytes()
}

#[test]
fn an_image_that_claims_more_than_it_has_is_refused() {
    let setup = Setup::texts();
    let mut bytes = setup.pack(&[]);
    let chunks = Image::open(&bytes).unwrap().meta().chunks as usize;
    // Every chunk says that it has 4,096 bytes; the checksums are made to fit.
    let table = 32..32 + 24 * usize::from(u16::from_le_bytes([bytes[12], bytes[13]]));
    for entry in table.clone().step_by(24) {
        if bytes[entry] != 3 {
            continue;
        }
        let number = |at: usize| u64::from_le_bytes(*bytes[at..].first_chunk().unwrap()) as usize;
        let (start, length) = (number(entry + 8), number(entry + 16));
        for claim in bytes[start + chunks..].chunks_mut(2).take(chunks) {
            claim.copy_from_slice(&4096u16.to_le_bytes());
        }
        let crc = crc32c(&bytes[start..start + length]);
        bytes[entry + 4..entry + 8].copy_from_slice(&crc);
    }
    bytes[24..28].fill(0);
    let crc = crc32c(&bytes[..table.end]);
    bytes[24..28].copy_from_slice(&crc);
    fs::write(setup.path("bad.sigla"), bytes).unwrap();
    for args in [
        &["cat", "bad.sigla", "src/retry.rs"][..],
        &["unpack", "bad.sigla", "-o", "out"],
        &["inspect", "--quick", "bad.sigla"],
        &["verify", "bad.sigla"],
        &["search", "-F", "retry", "bad.sigla"],
        &["map", "bad.sigla"],
        &["sql", "select text from documents", "bad.sigla"],
    ] {
        let output = setup.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("corrupt image"), "{args:?}: {}", stderr(&output));
    }
    assert_eq!(setup.strangers(), [""; 0]);
}

#[test]
fn an_image_without_texts_says_so() {
    let setup = Setup::texts();
    setup.well(&["index", "-q", "in"]);
    let mut segment = None;
    for folder in fs::read_dir(setup.path("cache")).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            segment = segment.or((path.extension() == Some(OsStr::new("segment"))).then_some(path));
        }
    }
    let segment = segment.unwrap();
    let segment = segment.to_str().unwrap();
    fails(&setup.run(&["cat", segment, "src/retry.rs"]), &["has no texts"]);
    fails(&setup.run(&["unpack", segment, "-o", "out"]), &["has no texts"]);
    assert_eq!(setup.json(&["inspect", segment])["text_bytes"], 0);
}

#[test]
fn a_full_disk_leaves_nothing() {
    let noise: Vec<u8> =
        (0..400_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8 | 1).collect();
    let setup = Setup::new(&[(b"a.txt", 0o644, b"one\n"), (b"noise", 0o644, &noise)]);
    setup.pack(&["--all"]);
    let limited = |args: &str| {
        let script = format!("trap '' XFSZ; ulimit -f 200; exec \"$SIGLA\" {args}");
        let mut command = setup.prepare(Command::new("sh"), &["-c", &script]);
        command.env("SIGLA", env!("CARGO_BIN_EXE_sigla")).output().unwrap()
    };
    fails(&limited("unpack x.sigla -o out"), &["cannot write out/noise", "File too large"]);
    fs::remove_file(setup.path("x.sigla")).unwrap();
    fails(&limited("pack in --all -o x.sigla"), &["File too large"]);
    assert_eq!(setup.strangers(), [""; 0]);
    assert!(!setup.path("x.sigla").exists());
    setup.pack(&["--all"]);
    if Path::new("/dev/full").exists() {
        for args in [&["cat", "x.sigla", "noise"][..], &["inspect", "--quick", "x.sigla"]] {
            let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
            let output = setup.command(args).stdout(full).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            assert!(stderr(&output).contains("No space left"), "{}", stderr(&output));
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let setup = Setup::texts();
    setup.pack(&[]);
    for args in [
        &["cat", "x.sigla", "logs/day.log"][..],
        &["inspect", "--quick", "x.sigla"],
        &["inspect", "--files", "x.sigla"],
        &["inspect", "--quick", "--json", "x.sigla"],
        &["unpack", "x.sigla", "-o", "out"],
        &["pack", "in", "-o", "y.sigla"],
    ] {
        let mut run =
            setup.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(run.stdout.take());
        let output = run.wait_with_output().unwrap();
        assert_eq!((stderr(&output), output.status.code()), (String::new(), Some(0)), "{args:?}");
    }
    assert!(read(&setup.path("out")) == read(&setup.path("in")));
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn nothing_is_opened_wider() {
    let setup = Setup::new(&[
        (b"private/a.txt", 0o664, b"one\n"),
        (b"private/deep/b.txt", 0o604, b"two\n"),
        (b"c.bin", 0o646, b"\0"),
    ]);
    let set = |path: &str, mode| {
        fs::set_permissions(setup.path(path), Permissions::from_mode(mode)).unwrap();
    };
    set("in/private", 0o700);
    set("in/private/deep", 0o550);
    // What anyone may write into, as /tmp.
    fs::create_dir(setup.path("open")).unwrap();
    set("open", 0o1777);
    let under = |mask: &str, args: &str| {
        let script = format!("umask {mask}; exec \"$SIGLA\" {args}");
        let mut command = setup.prepare(Command::new("sh"), &["-c", &script]);
        let output = command.env("SIGLA", env!("CARGO_BIN_EXE_sigla")).output().unwrap();
        assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{args}");
    };
    under("022", "pack in --all -q -o x.sigla");
    let modes = |folder: &str| {
        let all = ["", "private", "private/deep", "private/a.txt", "private/deep/b.txt", "c.bin"];
        all.map(|path| mode(&setup.path(folder).join(path)))
    };
    under("000", "unpack x.sigla -q -o open/as-it-was");
    assert_eq!(
        modes("open/as-it-was"),
        [mode(&setup.path("in")), 0o700, 0o550, 0o664, 0o604, 0o646]
    );
    under("077", "unpack x.sigla -q -o open/mine");
    assert_eq!(modes("open/mine"), [0o700, 0o700, 0o500, 0o600, 0o600, 0o600]);
    // A folder that is there keeps its mode, also by way of a link.
    for (there, mode) in [("closed", 0o700), ("shared", 0o2770)] {
        fs::create_dir(setup.path(there)).unwrap();
        set(there, mode);
        std::os::unix::fs::symlink(there, setup.path("link")).unwrap();
        under("000", "unpack x.sigla -q -o link");
        assert_eq!(modes(there)[0], mode);
        assert!(setup.path("link").is_symlink());
        fs::remove_file(setup.path("link")).unwrap();
    }
    // An image is for those who may read what it was made of.
    let image = |mask: &str, source: &str| {
        under(mask, &format!("pack {source} -q -o new.sigla"));
        mode(&setup.path("new.sigla"))
    };
    assert_eq!(image("022", "in/private/a.txt"), 0o644);
    assert_eq!(image("022", "in/private"), 0o600, "nor for others than before");
    assert_eq!(image("022", "in/private/a.txt"), 0o600, "nor wider again");
    fs::remove_file(setup.path("new.sigla")).unwrap();
    assert_eq!(image("077", "in/private/a.txt"), 0o600);
    set("in/private/deep", 0o755);
    for folder in ["open/as-it-was", "open/mine", "closed", "shared"] {
        set(&format!("{folder}/private/deep"), 0o755);
    }
}

#[test]
fn links_and_empty_folders_are_named_or_kept() {
    let setup = Setup::new(&[
        (b"a.txt", 0o644, b"one\n"),
        (b"hidden/.b", 0o644, b"two\n"),
        (b"deep/down/c.txt", 0o644, b"three\n"),
    ]);
    let link = |to: &str, name: &str| {
        std::os::unix::fs::symlink(to, setup.path("in").join(name)).unwrap();
    };
    link("a.txt", "link");
    link("nowhere", "deep/broken");
    link("/etc", "outside");
    fs::create_dir_all(setup.path("in/deep/empty/er")).unwrap();
    fs::set_permissions(setup.path("in/deep/empty/er"), Permissions::from_mode(0o700)).unwrap();
    let packed = setup.json(&["pack", "in", "-o", "x.sigla"]);
    assert_eq!(packed["left_out"], 4);
    let left_out = setup.json(&["unpack", "x.sigla", "-o", "texts"])["left_out"].clone();
    assert_eq!(left_out, serde_json::json!(["deep/broken", "deep/empty/er", "link", "outside"]));
    setup.well(&["verify", "-q", "x.sigla"]);
    // A folder of which all is left out is not empty, and no file was asked for in it.
    let some = setup.json(&["pack", "in", "-g", "*.txt", "-o", "x.sigla"]);
    assert_eq!(some["left_out"], 0);

    setup.pack(&["--all"]);
    setup.well(&["verify", "-q", "x.sigla"]);
    let all = setup.json(&["unpack", "x.sigla", "-o", "all"]);
    assert_eq!((&all["left_out"], &all["files"]), (&serde_json::json!([]), &5.into()));
    for (name, to) in [("link", "a.txt"), ("deep/broken", "nowhere"), ("outside", "/etc")] {
        assert_eq!(fs::read_link(setup.path("all").join(name)).unwrap(), Path::new(to));
    }
    assert_eq!(mode(&setup.path("all/deep/empty/er")), 0o700);
    assert!(!setup.path("all/hidden").exists());
    let listed = String::from_utf8(setup.well(&["inspect", "--files", "x.sigla"])).unwrap();
    assert!(listed.contains("link     outside"), "{listed}");
}

#[test]
fn nothing_is_written_by_way_of_a_link() {
    let setup = Setup::texts();
    let entry = |kind, path, content| FileEntry { kind, mode: 0o777, path, content };
    let outside = setup.path("outside");
    fs::create_dir(&outside).unwrap();
    let outside = outside.as_os_str().as_bytes();
    let link = entry(FileKind::Link, &b"a"[..], outside);
    for below in [
        entry(FileKind::Kept, &b"a/b"[..], &b"x"[..]),
        entry(FileKind::Link, b"a/b", b"x"),
        entry(FileKind::Folder, b"a/b", b""),
    ] {
        let image = forged(&[(b"z", b"x\n")], &[link, below], true);
        fs::write(setup.path("bad.sigla"), image).unwrap();
        fails(&setup.run(&["unpack", "bad.sigla", "-o", "out"]), &["cannot write"]);
        assert_eq!(fs::read_dir(setup.path("outside")).unwrap().count(), 0);
    }
    let image = forged(&[(b"a/b", b"x\n")], &[link], true);
    fs::write(setup.path("bad.sigla"), image).unwrap();
    fails(&setup.run(&["unpack", "bad.sigla", "-o", "out"]), &["cannot write"]);
    assert_eq!(setup.strangers(), ["outside"]);
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_work() {
    let setup = Setup::texts();
    fails(&setup.run(&["pack", "in", "-o", "x.sigla/"]), &["x.sigla/ names a folder"]);
    fails(&setup.run(&["pack", "in", "-o", "none/x.sigla"]), &["the folder of none/x.sigla"]);
    fs::create_dir(setup.path("closed")).unwrap();
    fs::set_permissions(setup.path("closed"), Permissions::from_mode(0o555)).unwrap();
    if !rustix::process::geteuid().is_root() {
        let output = setup.run(&["pack", "in", "-o", "closed/x.sigla"]);
        fails(&output, &["cannot write closed/x.sigla", "Permission denied"]);
        setup.pack(&[]);
        fails(&setup.run(&["unpack", "x.sigla", "-o", "closed/out"]), &["cannot write below"]);
        fs::remove_file(setup.path("x.sigla")).unwrap();
    }
    assert_eq!(setup.strangers(), ["closed"]);
    assert_eq!(fs::read_dir(setup.path("closed")).unwrap().count(), 0);
    assert!(!setup.path("x.sigla").exists());
}

#[test]
fn a_file_system_is_no_folder_to_unpack_into() {
    let setup = Setup::texts();
    setup.pack(&[]);
    fs::create_dir(setup.path("out")).unwrap();
    let script = "mount -t tmpfs none out && exec \"$SIGLA\" unpack x.sigla -o out";
    let mut command = setup.prepare(Command::new("unshare"), &["-rm", "sh", "-c", script]);
    match command.env("SIGLA", env!("CARGO_BIN_EXE_sigla")).output() {
        Ok(output) if stderr(&output).contains("sigla: ") => {
            fails(&output, &["out is where a file system begins", "name a folder in it"]);
        }
        _ => eprintln!("skipped: this system lets us mount nothing"),
    }
    assert_eq!(setup.strangers(), ["out"]);
}

#[test]
fn what_is_no_file_is_written_into_or_refused() {
    let setup = Setup::texts();
    let image = setup.pack(&[]);
    let pack = |output: &str| setup.command(&["pack", "in", "-o", output]);
    // Standard output by its names, to a pipe, to a file, behind what is there.
    std::os::unix::fs::symlink("/dev/stdout", setup.path("out")).unwrap();
    for name in ["-", "/dev/stdout", "/dev/fd/1", "out"] {
        let output = pack(name).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        assert!(output.stdout == image && stderr(&output).contains("documents"), "{name}");
    }
    fs::write(setup.path("some"), "before").unwrap();
    let some = fs::OpenOptions::new().append(true).open(setup.path("some")).unwrap();
    assert!(pack("out").arg("-q").stdout(some).status().unwrap().success());
    assert!(fs::read(setup.path("some")).unwrap() == [&b"before"[..], &image].concat());
    assert!(setup.path("out").is_symlink());
    // A pipe with a reader, and without.
    rustix::fs::mkfifoat(rustix::fs::CWD, setup.path("pipe"), rustix::fs::Mode::RWXU).unwrap();
    fails(&pack("pipe").output().unwrap(), &["pipe", "nobody reads from it"]);
    let reader =
        Command::new("cat").arg(setup.path("pipe")).stdout(Stdio::piped()).spawn().unwrap();
    let mut status = pack("pipe").status().unwrap();
    while !status.success() {
        // The reader has not come yet.
        std::thread::yield_now();
        status = pack("pipe").stderr(Stdio::null()).status().unwrap();
    }
    assert!(reader.wait_with_output().unwrap().stdout == image);
    // Links to files lead there; a device takes all; a folder is none.
    std::os::unix::fs::symlink("x.sigla", setup.path("link")).unwrap();
    std::os::unix::fs::symlink("new.sigla", setup.path("dangling")).unwrap();
    for name in ["link", "dangling", "/dev/null"] {
        assert!(pack(name).arg("-q").status().unwrap().success(), "{name}");
    }
    assert!(setup.path("link").is_symlink() && fs::read(setup.path("new.sigla")).unwrap() == image);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    fails(&pack("in").output().unwrap(), &["in is a folder"]);
    fails(&pack(".").output().unwrap(), &["is a folder"]);
    fails(&pack("no/such").output().unwrap(), &["cannot find the folder of no/such"]);
}

#[test]
fn a_file_that_is_named_is_a_text_whatever_it_holds() {
    let log = b"12:00:00 one error\n\0\0\0\n12:00:01 two\xff errors\n";
    let wide = utf_16("\u{feff}one\0 error\n");
    let setup =
        Setup::new(&[(b"app.log", 0o644, log), (b"syslog", 0o644, log), (b"b", 0o644, &wide)]);
    for name in ["app.log", "b"] {
        let path = format!("in/{name}");
        let packed = setup.json(&["pack", &path, "-o", "x.sigla"]);
        assert_eq!((&packed["documents"], &packed["left_out"]), (&1.into(), &0.into()));
        assert!(setup.well(&["cat", "x.sigla"]) == fs::read(setup.path(&path)).unwrap());
        setup.well(&["verify", "-q", "x.sigla"]);
        setup.well(&["search", "-q", "error", "x.sigla"]);
    }
    // Among others, logs are texts, by their names or lines.
    let packed = setup.json(&["pack", "in", "-o", "x.sigla"]);
    assert_eq!((&packed["documents"], &packed["left_out"]), (&2.into(), &1.into()));
    assert_eq!(setup.well(&["cat", "x.sigla", "syslog"]), log);
}

#[test]
fn a_form_of_text_is_kept_as_its_name() {
    let text: String = (0..3000).map(|n| format!("12:00:00 größe {n} 東京\r\n")).collect();
    let wide = utf_16(&format!("\u{feff}{text}"));
    let big: Vec<u8> = wide.as_chunks().0.iter().flat_map(|[a, b]| [*b, *a]).collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let setup = Setup::new(&[
        (b"big.log", 0o644, &big),
        (b"little.log", 0o644, &wide),
        (b"marked.log", 0o644, &marked),
        (b"plain.log", 0o644, text.as_bytes()),
        // Half a pair of surrogates becomes another text.
        (b"torn.log", 0o644, &[&wide[..], &[0x3d, 0xd8]].concat()),
    ]);
    let tree = read(&setup.path("in"));
    for codec in ["glyph", "none"] {
        setup.pack(&["--codec", codec]);
        setup.well(&["verify", "-q", "x.sigla"]);
        setup.well(&["unpack", "x.sigla", "-q", "-o", codec]);
        assert!(read(&setup.path(codec)) == tree, "{codec}");
        assert!(setup.well(&["cat", "x.sigla", "big.log"]) == big);
        let files = setup.json(&["unpack", "x.sigla", "-o", &format!("{codec}2")]);
        assert_eq!(files["bytes"], tree.values().map(|(_, bytes)| bytes.len()).sum::<usize>());
    }
    let sections = setup.json(&["inspect", "--quick", "x.sigla"]);
    let files = sections["sections"].as_array().unwrap().iter();
    let files = files.into_iter().find(|section| section["section"] == "FILES").unwrap();
    assert!(files["bytes"].as_u64().unwrap() < wide.len() as u64 + 1000, "only of what is torn");
}

#[test]
fn the_memory_that_is_given_changes_no_byte() {
    let line = |n: u32| {
        let random = n.wrapping_mul(0x9e37_79b1).rotate_left(n % 31);
        format!("12:{:02}:{:02} INFO trace {random:08x} took {} ms\n", n / 60 % 60, n % 60, n % 977)
    };
    let long: String = (0..30_000).map(line).collect();
    let wide = utf_16(&format!("\u{feff}{}", &long[..long.len() / 2]));
    let setup = Setup::new(&[
        (b"a.md", 0o644, b"# Before\n"),
        (b"day.log", 0o644, long.as_bytes()),
        (b"night.log", 0o644, &[long.as_bytes(), b"unfinished \0\xff"].concat()),
        (b"wide.log", 0o644, &wide),
        (b"z.rs", 0o644, b"fn after() {}\n"),
    ]);
    let tree = read(&setup.path("in"));
    let whole = setup.pack(&["--codec", "none", "--memory", "1G", "--threads", "1"]);
    for (memory, threads) in [("1K", "1"), ("2M", "1"), ("16M", "3")] {
        let args = ["--codec", "none", "--memory", memory, "--threads", threads];
        assert!(setup.pack(&args) == whole, "{memory}");
    }
    setup.well(&["verify", "-q", "x.sigla"]);
    setup.well(&["unpack", "x.sigla", "-q", "-o", "out"]);
    assert!(read(&setup.path("out")) == tree);
}

/// Runs the program under `limit` of the shell.
fn within(setup: &Setup, limit: &str, args: &str) -> Output {
    let script = format!("ulimit {limit}; exec \"$SIGLA\" {args}");
    let mut command = setup.prepare(Command::new("sh"), &["-c", &script]);
    command.env("SIGLA", env!("CARGO_BIN_EXE_sigla")).output().unwrap()
}

#[test]
fn what_is_no_text_is_kept_without_being_held() {
    let setup = Setup::new(&[(b"a.txt", 0o644, b"text\n"), (b"z.bin", 0o600, b"\0small")]);
    // As long as nobody writes it, it takes no room.
    let large = fs::File::create(setup.path("in/large.bin")).unwrap();
    large.set_len(128 << 20).unwrap();
    // Of its own memory, as far as the system can limit that: maps do not count.
    let output = within(&setup, "-d 49152", "pack in --all -q -o x.sigla --threads 1");
    assert!(output.status.success(), "{}", stderr(&output));
    setup.well(&["verify", "-q", "x.sigla"]);
    setup.well(&["unpack", "x.sigla", "-q", "-o", "out"]);
    assert!(read(&setup.path("out")) == read(&setup.path("in")));
}

#[test]
fn too_little_memory_is_an_error() {
    let line =
        |n: u32| format!("12:00:{:02} INFO trace {:08x}\n", n % 60, n.wrapping_mul(0x9e37_79b1));
    let log: String = (0..20_000).map(line).collect();
    let setup =
        Setup::new(&[(b"a.rs", 0o644, b"fn a() {}\n"), (b"day.log", 0o644, log.as_bytes())]);
    let whole = setup.pack(&[]);
    let (mut errors, mut done) = (0, 0);
    for mib in [16, 24, 32, 40, 56, 80, 120, 400] {
        let limit = format!("-v {}", mib << 10);
        for args in [
            "pack in -q -o y.sigla",
            "unpack x.sigla -q -o out",
            "cat x.sigla day.log",
            "verify -q x.sigla",
            "map x.sigla",
        ] {
            let output = within(&setup, &limit, args);
            let message = stderr(&output);
            // Below a certain limit, the program is not even loaded.
            if output.status.code() == Some(127) || message.contains("shared object") {
                continue;
            }
            match output.status.code() {
                Some(0) => done += 1,
                Some(2) => errors += 1,
                _ => panic!("{args} within {mib} MiB: {}, {message}", output.status),
            }
            assert!(!message.contains("panicked"), "{args} within {mib} MiB: {message}");
            let packed = fs::read(setup.path("y.sigla"));
            assert!(packed.is_err() || packed.unwrap() == whole, "whole or not at all");
            let _ = fs::remove_file(setup.path("y.sigla"));
            let _ = fs::remove_dir_all(setup.path("out"));
        }
    }
    assert!(done > 0);
    assert!(errors > 0 || cfg!(not(target_os = "linux")));
    // What an image that came to nothing has left, the next run removes.
    setup.pack(&[]);
    assert_eq!(setup.strangers(), [""; 0]);
}

/// Waits until there is a draft beside `x.sigla`; whether the run is at it still.
fn drafting(setup: &Setup, run: &mut std::process::Child) -> bool {
    while !setup.strangers().iter().any(|name| name.starts_with(".sigla-draft")) {
        if run.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

#[test]
fn what_ends_a_run_leaves_no_drafts() {
    use rustix::process::{Pid, Signal, kill_process};
    use std::os::unix::process::ExitStatusExt;
    let log: String = (0..60_000u32)
        .map(|n| format!("{n} took job {:x}\n", n.wrapping_mul(0x9e37_79b1)))
        .collect();
    let setup = Setup::new(&[(b"a.log", 0o644, log.as_bytes())]);
    setup.pack(&[]);
    let runs = [["pack", "in", "-q", "-o", "x.sigla"], ["unpack", "x.sigla", "-q", "-o", "out"]];
    for args in runs {
        for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::KILL] {
            let mut run = setup.command(&args).spawn().unwrap();
            if !drafting(&setup, &mut run) {
                continue;
            }
            kill_process(Pid::from_child(&run), signal).unwrap();
            let status = run.wait().unwrap();
            assert!(status.success() || status.signal() == Some(signal.as_raw()), "{status}");
            let _ = fs::remove_dir_all(setup.path("out"));
            if signal == Signal::KILL {
                // The next run sweeps.
                setup.well(&args);
                let _ = fs::remove_dir_all(setup.path("out"));
            }
            assert_eq!(setup.strangers(), [""; 0], "{args:?} {signal:?}");
        }
    }
    // Who is told to ignore it goes on.
    let script = "trap '' HUP; exec \"$SIGLA\" pack in -q -o x.sigla";
    let mut command = setup.prepare(Command::new("sh"), &["-c", script]);
    let mut run = command.env("SIGLA", env!("CARGO_BIN_EXE_sigla")).spawn().unwrap();
    if drafting(&setup, &mut run) {
        kill_process(Pid::from_child(&run), Signal::HUP).unwrap();
    }
    assert!(run.wait().unwrap().success());
}

#[test]
fn every_id_of_a_log_is_found_and_takes_little() {
    // SplitMix64.
    let number = |n: u64| {
        let mut z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let ids = |n: u64| {
        let trace = format!("{:016x}{:016x}", number(4 * n), number(4 * n + 1));
        let span = format!("0x{:016X}", number(4 * n + 2));
        [trace, span, (1_700_000_000_123 + 977 * n).to_string()]
    };
    let mut log = String::new();
    for n in 0..5000 {
        let [trace, span, at] = ids(n);
        log += &format!(
            "{{\"at\":{at},\"level\":\"info\",\"trace\":\"{trace}\",\"span\":\"{span}\"}}\n"
        );
    }
    let setup = Setup::new(&[(b"a.log", 0o644, log.as_bytes())]);
    setup.pack(&[]);
    for n in (0..5000).step_by(617) {
        for id in ids(n) {
            for asked in [id.clone(), id.to_uppercase(), id.replace("0x", "")] {
                let found = setup.well(&["search", "-n", "1", &asked, "x.sigla"]);
                let found = String::from_utf8(found).unwrap();
                assert!(found.contains(&id), "{asked}: {found}");
            }
        }
    }
    // The terms, spelt out, would be longer than a third of the text.
    let sections = setup.json(&["inspect", "x.sigla"]);
    let lexicon = sections["sections"].as_array().unwrap().iter();
    let lexicon = lexicon.filter(|section| section["section"] == "LEXICON");
    let bytes: u64 = lexicon.map(|section| section["bytes"].as_u64().unwrap()).sum();
    assert!(0 < bytes && bytes < 5 * 3 * 5000, "{bytes} bytes for 15,000 ids");

    let [trace, ..] = ids(0);
    let part = format!("{}*", &trace[..9]);
    let none = setup.run(&["search", &part, "x.sigla"]);
    assert_eq!((none.status.code(), none.stdout.as_slice()), (Some(1), &b""[..]));
    let hint = format!("-F {} finds any part", &trace[..9]);
    assert!(stderr(&none).contains(&hint), "{}", stderr(&none));
    let part = setup.well(&["search", "-F", &trace[..9], "x.sigla"]);
    assert!(String::from_utf8(part).unwrap().contains(&trace));
}
