//! `sigla index`, `status`, `pack` and `verify` as a user at a prompt meets
//! them, on trees that are plain, odd and hostile.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use sigla::engine::answer::Note;
use sigla::engine::current;
use sigla::engine::opening::Opening;
use sigla::machine::pool::Pool;
use sigla::machine::progress::Silent;
use sigla::store::home::Home;
use sigla::store::index::Index;
use sigla::store::place::Place;
use sigla::store::update::Settings;
use sigla::tree::walk::{Guard, Rules, TooLarge};
use tempfile::TempDir;
use xxhash_rust::xxh3::xxh3_64;

/// A tree and a cache folder of its own.
struct Setup {
    dir: TempDir,
}

impl Setup {
    fn new(files: &[(&str, &str)]) -> Setup {
        let setup = Setup { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(setup.tree()).unwrap();
        fs::create_dir(setup.cache()).unwrap();
        for (path, text) in files {
            setup.write(path, text);
        }
        setup
    }

    fn tree(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("tree")
    }

    fn cache(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("cache")
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
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs with `--json` and expects exit code 0 and an empty standard error.
    fn json(&self, args: &[&str]) -> Value {
        let output = self.command(args).arg("--json").output().unwrap();
        assert_eq!(stderr(&output), "");
        assert_eq!(output.status.code(), Some(0));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn index(&self) -> Value {
        self.json(&["index"])
    }

    fn open(&self) -> Option<Index> {
        let home = Home::locate(Some(&self.cache())).unwrap();
        Index::open(&home.folder(&self.tree(), &Rules::default())).unwrap()
    }

    /// The documents that a search would see, with their hashes. Also checks
    /// that every segment is whole and no document is in two.
    fn documents(&self) -> BTreeMap<Vec<u8>, u64> {
        self.open().map(|index| live(&index)).unwrap_or_default()
    }

    /// What the tree holds, as [`Setup::documents`] should.
    fn truth(&self) -> BTreeMap<Vec<u8>, u64> {
        let mut all = BTreeMap::new();
        let mut folders = vec![self.tree()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let key = path.strip_prefix(self.tree()).unwrap().as_os_str().as_bytes();
                    all.insert(key.to_vec(), xxh3_64(&fs::read(&path).unwrap()));
                }
            }
        }
        all
    }

    /// Waits until nothing in the tree is racy: no one can set the time at which a file
    /// changed.
    fn age(&self) {
        std::thread::sleep(Duration::from_millis(2100));
    }
}

fn live(index: &Index) -> BTreeMap<Vec<u8>, u64> {
    let mut all = BTreeMap::new();
    for segment in index.segments().unwrap() {
        segment.image.verify().unwrap();
        for id in (0..segment.image.meta().documents).map(sigla_core::image::DocId) {
            if !segment.is_dead(id) {
                let doc = segment.image.docs().get(id).unwrap();
                let key: Vec<u8> = doc.key.bytes().collect();
                assert_eq!(all.insert(key, doc.hash), None, "a document in two segments");
            }
        }
    }
    all
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn fails(output: &Output, with: &[&str]) {
    let message = stderr(output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    for part in with {
        assert!(message.contains(part), "{part:?} is not in {message:?}");
    }
    assert!(!message.contains("panicked"), "{message}");
}

fn keys(documents: &BTreeMap<Vec<u8>, u64>) -> Vec<&str> {
    documents.keys().map(|key| std::str::from_utf8(key).unwrap()).collect()
}

#[test]
fn added_changed_and_removed_files_are_followed() {
    let setup = Setup::new(&[("a.rs", "fn one() {}"), ("b/c.md", "# two"), ("b/d", "three")]);
    let first = setup.index();
    assert_eq!((&first["generation"], &first["documents"]), (&1.into(), &3.into()));
    assert_eq!(setup.documents(), setup.truth());

    setup.write("b/d", "three, changed");
    setup.write("e/f/g", "four");
    fs::remove_file(setup.tree().join("a.rs")).unwrap();
    let second = setup.index();
    assert_eq!((&second["generation"], &second["documents"]), (&2.into(), &3.into()));
    assert_eq!((&second["changed"], &second["removed"]), (&true.into(), &1.into()));
    assert_eq!(setup.documents(), setup.truth());

    fs::remove_dir_all(setup.tree().join("b")).unwrap();
    fs::write(setup.tree().join("e/f/.gitignore"), "g").unwrap();
    fs::create_dir(setup.tree().join(".git")).unwrap();
    let third = setup.index();
    assert_eq!((&third["generation"], &third["documents"]), (&3.into(), &0.into()));
    assert!(setup.documents().is_empty());
}

#[test]
fn many_small_changes_keep_few_segments_and_equal_an_index_from_scratch() {
    let files: Vec<_> = (0..60).map(|i| (format!("{i}.txt"), format!("text {i}"))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let setup = Setup::new(&files);
    setup.index();
    for round in 0..30 {
        setup.write(&format!("{}.txt", round * 7 % 60), format!("round {round}"));
        if round % 5 == 0 {
            setup.write(&format!("new/{round}"), "new");
            fs::remove_file(setup.tree().join(format!("{}.txt", 59 - round))).unwrap();
        }
        let report = setup.index();
        assert!(report["segments"].as_u64().unwrap() <= 8, "{report}");
        assert_eq!(setup.documents(), setup.truth(), "round {round}");
    }
}

#[test]
fn nothing_changed_writes_nothing() {
    let setup = Setup::new(&[("a", "one"), ("b/c", "two"), ("b/binary", "\0")]);
    setup.age();
    setup.index();
    let state = || {
        let index = fs::read_dir(setup.cache()).unwrap().next().unwrap().unwrap().path();
        let mut files: Vec<_> = fs::read_dir(index)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            // SQLite's scratch files, left by a reader.
            .filter(|path| !path.to_str().unwrap().ends_with("-shm"))
            .filter(|path| !path.to_str().unwrap().ends_with("-wal"))
            // The time of the lock is that of the last use.
            .map(|path| match path.ends_with("lock") {
                true => (0, vec![], path),
                false => {
                    (fs::metadata(&path).unwrap().mtime_nsec(), fs::read(&path).unwrap(), path)
                }
            })
            .collect();
        files.sort();
        files
    };
    let before = state();
    let again = setup.index();
    assert_eq!((&again["generation"], &again["changed"]), (&1.into(), &false.into()));
    assert_eq!(again["read"], 0);
    assert_eq!(setup.json(&["status"])["stale"], false);
    assert!(before == state(), "something was written");
}

#[test]
fn a_rule_above_the_tree_changes_what_is_in_it() {
    let setup = Setup::new(&[("a.o", "one"), ("b", "two")]);
    fs::create_dir(setup.dir.path().join(".git")).unwrap();
    setup.index();
    fs::write(setup.dir.path().join(".gitignore"), "*.o").unwrap();
    assert_eq!(setup.json(&["status"])["stale"], true);
    setup.index();
    assert_eq!(keys(&setup.documents()), ["b"]);
}

#[test]
fn a_cache_inside_the_tree_is_not_indexed() {
    let setup = Setup::new(&[("a", "one")]);
    setup.age();
    let inside = setup.tree().join("indexes");
    for dir in [&inside, &setup.tree()] {
        let dir = dir.to_str().unwrap();
        for _ in 0..2 {
            assert_eq!(setup.json(&["index", "--index-dir", dir])["documents"], 1);
        }
        assert_eq!(setup.json(&["status", "--index-dir", dir])["stale"], false);
        let _ = fs::remove_dir_all(&inside);
    }
}

#[test]
fn a_change_that_no_stamp_shows_is_found_when_it_is_recent() {
    let setup = Setup::new(&[("a", "one"), ("b", "two")]);
    setup.index();
    let path = setup.tree().join("a");
    let mtime = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, "ONE").unwrap();
    File::open(&path).unwrap().set_modified(mtime).unwrap();
    assert_eq!(setup.json(&["status"])["stale"], true);
    assert_eq!(setup.index()["read"], 1);
    assert_eq!(setup.documents(), setup.truth());
    assert_eq!(setup.json(&["status"])["stale"], false);
}

#[test]
fn touching_a_file_makes_no_generation() {
    let setup = Setup::new(&[("a", "one")]);
    setup.age();
    setup.index();
    let path = setup.tree().join("a");
    let touch = |path: &Path| {
        File::open(path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    };
    let allow = |path: &Path| fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    let link = |path: &Path| fs::hard_link(path, setup.dir.path().join("link")).unwrap();
    for change in [&touch as &dyn Fn(&Path), &allow, &link] {
        change(&path);
        assert_eq!(setup.json(&["status"])["stale"], false);
        let report = setup.index();
        assert_eq!((&report["generation"], &report["read"]), (&1.into(), &1.into()));
        setup.age();
        assert_eq!(setup.index()["read"], 0);
        assert_eq!(setup.json(&["status"])["stale"], false);
    }
}

/// Lines that hold `text`, by the exact search.
#[track_caller]
fn lines(setup: &Setup, text: &str) -> Vec<String> {
    let output = setup.run(&["search", "--literal", text]);
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn edits_that_keep_size_time_and_inode_are_seen() {
    let setup = Setup::new(&[("a", "old alpha"), ("b/c", "x")]);
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_500_000_000);
    let age = |path: &str| {
        File::open(setup.tree().join(path)).unwrap().set_modified(then).unwrap();
    };
    ["a", "b/c", "b"].into_iter().for_each(age);
    setup.age();
    assert_eq!(setup.index()["documents"], 2);
    setup.write("a", "new gamma");
    age("a");
    assert_eq!(setup.json(&["status"])["stale"], true);
    assert_eq!(lines(&setup, "gamma"), ["a:1:new gamma"]);
    assert_eq!(lines(&setup, "alpha"), [""; 0]);
    setup.age();
    setup.index();
    setup.write("b/d", "gamma too");
    age("b/d");
    age("b");
    assert_eq!(lines(&setup, "gamma"), ["a:1:new gamma", "b/d:1:gamma too"]);
}

#[test]
fn what_an_answer_finds_out_is_written_back() {
    use sigla::store::catalogue::Catalogue;
    let setup = Setup::new(&[("a", "first alpha"), ("b", "other")]);
    setup.age();
    setup.index();
    // As on a system whose stamps do not show every change.
    setup.write("a", "first gamma");
    let home = Home::locate(Some(&setup.cache())).unwrap();
    let place = Place::of(&setup.tree(), &home, &Rules::default()).unwrap();
    let stamp = sigla::tree::root::Root::open(&setup.tree())
        .unwrap()
        .stamp(b"a", rustix::fs::FileType::RegularFile)
        .unwrap();
    let mut catalogue = Catalogue::create(&place.folder.catalogue(), &setup.tree()).unwrap();
    let (mut generation, known) = (catalogue.generation().unwrap(), catalogue.tree().unwrap());
    let mut hidden = known.clone();
    hidden.files[0].stamp = stamp;
    generation.at = i64::MAX;
    catalogue.commit(&generation, &known, &hidden).unwrap();
    drop(catalogue);
    assert_eq!(setup.json(&["status"])["stale"], false);
    assert_eq!(lines(&setup, "gamma"), [""; 0], "nothing tells that it is there");
    let output = setup.run(&["search", "--literal", "first"]);
    assert!(stderr(&output).contains("a has changed since it was indexed"), "{output:?}");
    assert_eq!(setup.json(&["status"])["stale"], true);
    assert_eq!(lines(&setup, "gamma"), ["a:1:first gamma"]);
}

#[test]
fn what_is_left_out_is_said() {
    let setup = Setup::new(&[("a.rs", "fn one() {}"), ("sub/c", "two"), (".ignore", "x\n[z-a]\n")]);
    setup.write("sub/large.sql", "insert row;\n".repeat(100));
    setup.write("sub/large.bin", [b"PNG\0".as_slice(), &[b'x'; 2000]].concat());
    fn with<'a>(args: &[&'a str]) -> Vec<&'a str> {
        [args, &["--max-filesize", "1K"]].concat()
    }
    let output = setup.run(&with(&["index"]));
    let (large, broken) =
        ("1 file larger than 1.00 KiB left out, sub/large.sql", ".ignore: line 2");
    assert!(stderr(&output).contains(large) && stderr(&output).contains(broken), "{output:?}");
    assert_eq!(output.status.code(), Some(0), "it is no error");
    let said = |args: &[&str]| {
        let output = setup.run(&with(args));
        let (said, of_rules) = (stderr(&output).contains(large), stderr(&output).contains(broken));
        assert!(of_rules || args.contains(&"-q"), "{output:?}");
        said
    };
    // Nothing has changed, and each answer says it still.
    for _ in 0..2 {
        assert!(said(&["search", "two"]) && said(&["search", "-F", "two"]));
        assert!(said(&["symbol", "one"]));
    }
    // Who could not have found it is not told.
    assert!(!said(&["search", "one", "-g", "*.rs"]) && !said(&["search", "one", "-t", "rust"]));
    assert!(said(&["search", "row", "sub"]) && said(&["search", "row", "-g", "*.sql"]));
    assert!(!said(&["search", "two", "-q"]));
    let status = setup.json(&with(&["status"]));
    assert_eq!(status["large"], serde_json::json!(["sub/large.sql"]));
    assert_eq!(status["broken_rules"].as_array().unwrap().len(), 1);
    let people = setup.run(&with(&["status"]));
    let people = String::from_utf8_lossy(&people.stdout).into_owned();
    assert!(people.contains("1 texts larger than 1.00 KiB\n  sub/large.sql"), "{people}");
    // A file that is named is read whatever its size.
    let named = setup.run(&with(&["search", "-c", "-F", "row", "sub/large.sql"]));
    assert_eq!(named.stdout, b"sub/large.sql:100\n");
    // It is carried along by updates that do not touch it, until it is gone.
    setup.write("sub/d", "three");
    assert!(said(&["search", "three"]));
    fs::remove_file(setup.tree().join("sub/large.sql")).unwrap();
    assert!(!said(&["search", "three"]));
}

#[test]
fn a_line_that_is_not_utf_8_does_not_end_the_rules() {
    let setup = Setup::new(&[("a.tmp", "one"), ("b", "two")]);
    fs::create_dir(setup.tree().join(".git")).unwrap();
    setup.write(".gitignore", b"# caf\xe9\n*.tmp\n");
    // Nothing is said of a comment.
    assert_eq!(setup.index()["documents"], 1);
    setup.write(".gitignore", b"# caf\xe9\ncaf\xe9\n*.tmp\n");
    let output = setup.run(&["index"]);
    assert!(stderr(&output).contains("1 ignore rule cannot be used"), "{output:?}");
    assert!(stderr(&output).contains(".gitignore: line 2"), "{output:?}");
    assert_eq!(keys(&setup.documents()), ["b"]);
}

#[test]
fn one_bad_folder_leaves_the_others_to_be_indexed() {
    let setup = Setup::new(&[("a/b", "one"), ("c", "two")]);
    let output = setup.run(&["index", "none", "a", "c"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).contains("a: generation 1"), "{output:?}");
    let message = stderr(&output);
    assert!(message.contains("cannot find none") && message.contains("c is a file"), "{message}");
}

#[test]
fn the_rules_are_those_of_the_environment() {
    let setup = Setup::new(&[("a.log", "needle"), ("b", "needle")]);
    fs::create_dir(setup.tree().join(".git")).unwrap();
    let homes = ["h1", "h2"].map(|home| setup.dir.path().join(home));
    fs::create_dir_all(homes[0].join(".config/git")).unwrap();
    fs::create_dir_all(&homes[1]).unwrap();
    fs::write(homes[0].join(".config/git/ignore"), "*.log\n").unwrap();
    setup.age();
    let found = |home: &Path| {
        let mut command = setup.command(&["search", "-F", "-l", "needle"]);
        let output = command.env("HOME", home).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for _ in 0..2 {
        assert_eq!(found(&homes[0]), "b\n");
        assert_eq!(found(&homes[1]), "a.log\nb\n");
    }
}

#[test]
fn wrong_paths_and_flags_are_explained() {
    let setup = Setup::new(&[("a", "one")]);
    fails(&setup.run(&["index", "none"]), &["cannot find none"]);
    fails(&setup.run(&["index", "a"]), &["a is a file"]);
    fails(&setup.run(&["index", "-g", "*.rs"]), &["no -g", "pack", ".ignore"]);
    fails(&setup.run(&["index", "--max-filesize", "4X"]), &["64K"]);
    fails(&setup.run(&["status", "none"]), &["cannot find none"]);
    fails(&setup.run(&["pack", "none", "-o", "x"]), &["cannot find none"]);
    fails(&setup.run(&["pack", ".", "-o", "none/x"]), &["none"]);
    fails(&setup.run(&["pack", ".", "-o", "../x", "-g", "a{"]), &["a{"]);
    fails(&setup.run(&["verify", "none"]), &["none: cannot read"]);
    let output = setup.run(&["status"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("not indexed"));
}

#[test]
fn unreadable_files_and_folders_are_reported_and_left_out() {
    let setup = Setup::new(&[("a", "one"), ("secret", "two"), ("folder/b", "three")]);
    let paths = [setup.tree().join("secret"), setup.tree().join("folder")];
    // Root reads everything: become nobody, who owns all of it.
    let program = setup.dir.path().join("sigla");
    // By another process: a file that this one writes is held open by whatever a test
    // beside this one starts meanwhile, and then cannot be run.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_sigla")).arg(&program).status();
    assert!(copied.unwrap().success());
    let nobody = 65_534;
    let root = rustix::process::geteuid().is_root();
    if root {
        fs::set_permissions(setup.dir.path(), Permissions::from_mode(0o755)).unwrap();
        for path in [setup.tree(), setup.cache()].iter().chain(&paths) {
            std::os::unix::fs::chown(path, Some(nobody), Some(nobody)).unwrap();
        }
    }
    let run = || {
        let mut command = setup.prepare(Command::new(&program), &["index", "--json"]);
        if root {
            command.uid(nobody).gid(nobody);
        }
        command.output().unwrap()
    };
    let forbid = |mode| {
        for path in &paths {
            fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        }
    };
    forbid(0o000);
    for _ in 0..2 {
        let output = run();
        fails(&output, &["secret: Permission denied", "folder: Permission denied"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&report["documents"], &report["generation"]), (&1.into(), &1.into()));
    }
    forbid(0o755);
    assert_eq!(run().status.code(), Some(0));
    assert_eq!(keys(&setup.documents()), ["a", "folder/b", "secret"]);
    // And back: what could be read once must not be answered any more.
    forbid(0o000);
    setup.write("a", "one more");
    fails(&run(), &["secret: Permission denied"]);
}

#[test]
fn pipes_sockets_and_loops_are_passed_over() {
    let setup = Setup::new(&[("a", "one"), ("b/c", "two")]);
    let tree = setup.tree();
    std::os::unix::fs::symlink("..", tree.join("b/up")).unwrap();
    std::os::unix::fs::symlink("self", tree.join("self")).unwrap();
    std::os::unix::fs::symlink("gone", tree.join("dangling")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, tree.join("pipe"), rustix::fs::Mode::RWXU).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(tree.join("socket")).unwrap();
    setup.index();
    assert_eq!(keys(&setup.documents()), ["a", "b/c"]);
    // A pipe that takes the place of a known file must not hang the next run.
    fs::remove_file(tree.join("a")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, tree.join("a"), rustix::fs::Mode::RWXU).unwrap();
    setup.index();
    assert_eq!(keys(&setup.documents()), ["b/c"]);
}

#[test]
fn names_and_contents_may_be_any_bytes() {
    let setup = Setup::new(&[]);
    for name in [&b"\xff\xfe"[..], b"a\nb", b"caf\xc3\xa9", b"caf\xe9"] {
        fs::write(setup.tree().join(OsStr::from_bytes(name)), b"broken \xff\xc3( text").unwrap();
    }
    setup.write("binary", b"text\0more");
    let utf16: Vec<u8> = "\u{feff}wide".encode_utf16().flat_map(u16::to_le_bytes).collect();
    setup.write("wide", utf16);
    assert_eq!(setup.index()["documents"], 5);
    let mut truth = setup.truth();
    truth.remove(&b"binary"[..]);
    assert_eq!(setup.documents(), truth);
}

#[test]
fn a_line_of_100_mb_is_left_out_unless_wanted() {
    let setup = Setup::new(&[("a", "one")]);
    setup.write("line", vec![b'x'; 100 << 20]);
    let output = setup.run(&["index", "--json"]);
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["documents"], 1);
    assert!(stderr(&output).contains("larger than 16.00 MiB left out, line"), "{output:?}");
    assert_eq!(setup.json(&["index", "--max-filesize", "200M"])["documents"], 2);
    // Shrunk in place, which changes no folder: it must be noticed.
    setup.age();
    setup.json(&["index", "-q"]);
    File::options().write(true).open(setup.tree().join("line")).unwrap().set_len(9).unwrap();
    assert_eq!(setup.index()["documents"], 2);
}

#[test]
fn a_hundred_thousand_empty_files_are_documents_too() {
    let setup = Setup::new(&[]);
    for folder in 0..100 {
        let folder = setup.tree().join(folder.to_string());
        fs::create_dir(&folder).unwrap();
        (0..1000).for_each(|file| drop(File::create(folder.join(file.to_string())).unwrap()));
    }
    assert_eq!(setup.index()["documents"], 100_000);
    fs::remove_file(setup.tree().join("50/500")).unwrap();
    let report = setup.index();
    assert_eq!((&report["documents"], &report["removed"]), (&99_999.into(), &1.into()));
}

/// Runs `script` in a mount namespace of its own; `None`, loudly, where this
/// machine does not allow that.
fn mounted(setup: &Setup, script: &str) -> Option<Output> {
    let script = format!("{script} || {{ echo no mount >&2; exit 99; }}; exec \"$SIGLA\" \"$@\"");
    let output = setup
        .prepare(Command::new("unshare"), &["-rm", "sh", "-c", &script, "sh", "index"])
        .env("SIGLA", env!("CARGO_BIN_EXE_sigla"))
        .output();
    match output {
        Ok(output) if output.status.code() != Some(99) && !stderr(&output).contains("unshare") => {
            Some(output)
        }
        other => {
            use std::io::Write;
            // libtest swallows `eprintln!`.
            let _ = writeln!(std::io::stderr(), "SKIPPED: cannot mount here: {other:?}");
            None
        }
    }
}

#[test]
fn a_read_only_cache_is_said_by_index_and_read_by_the_others() {
    let setup = Setup::new(&[("a", "one")]);
    setup.age();
    let read_only =
        "mount --bind \"$SIGLA_DIR\" \"$SIGLA_DIR\" && mount -o remount,ro,bind \"$SIGLA_DIR\"";
    if let Some(output) = mounted(&setup, read_only) {
        fails(&output, &["Read-only file system", "--index-dir", "SIGLA_DIR"]);
    }
    setup.index();
    // Nothing but reading: shut the catalogue's folder for good.
    if let Some(output) = mounted(&setup, &format!("{read_only} && set -- status --json")) {
        let status: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&status["generation"], &status["stale"]), (&1.into(), &false.into()));
    }
}

#[test]
fn where_nothing_can_be_kept_the_index_lives_in_memory() {
    let setup = Setup::new(&[("a", "one"), ("b", "two")]);
    let home = Home::locate(Some(Path::new("/proc/none"))).unwrap();
    let settings = Settings { rules: Rules::default(), threads: 0, memory: 1 << 20 };
    let place = Place::of(&setup.tree(), &home, &settings.rules).unwrap();
    let (home, settings, pool) = (&home, &settings, &Pool::new(0));
    let (stale_ok, mmap, progress) = (false, false, &Silent);
    let opening = Opening { home, settings, stale_ok, mmap, pool, progress };
    let served = current::open(&place, &opening).unwrap();
    assert_eq!((served.index.generation(), served.stale), (None, Some(false)));
    assert_eq!(live(&served.index), setup.truth());
    assert!(matches!(&*served.notes, [Note::InMemory(_)]), "{:?}", served.notes);
    assert!(served.index.file(b"b").unwrap().is_some());
    fails(&setup.run(&["index", "--index-dir", "/proc/none"]), &["/proc/none", "--index-dir"]);
}

#[test]
fn a_search_updates_the_index_or_says_that_it_is_stale() {
    let setup = Setup::new(&[("a", "one")]);
    let home = Home::locate(Some(&setup.cache())).unwrap();
    let settings = Settings { rules: Rules::default(), threads: 0, memory: 1 << 20 };
    let place = Place::of(&setup.tree(), &home, &settings.rules).unwrap();
    let (home, settings, pool) = (&home, &settings, &Pool::new(0));
    let ask = |stale_ok| {
        let (mmap, progress) = (false, &Silent);
        let opening = Opening { home, settings, stale_ok, mmap, pool, progress };
        current::open(&place, &opening).unwrap()
    };
    assert_eq!(ask(false).index.generation(), Some(1));
    setup.write("b", "two");
    let blind = ask(true);
    assert_eq!((blind.index.documents(), blind.stale), (1, None));
    let lock = place.folder.lock(sigla::store::home::Wait::Never).unwrap().unwrap();
    let waiting = ask(false);
    assert_eq!((waiting.index.documents(), waiting.stale), (1, Some(true)));
    drop(lock);
    let fresh = ask(false);
    assert_eq!((fresh.index.generation(), fresh.stale), (Some(2), Some(false)));
    assert_eq!(live(&fresh.index), setup.truth());
    // A reader of a generation that was swept reads on.
    setup.write("c", "three");
    setup.index();
    setup.write("d", "four");
    setup.index();
    assert_eq!(live(&fresh.index).len(), 2);
}

#[test]
fn readers_see_whole_generations_while_a_writer_is_at_work() {
    let setup = Setup::new(&[("count", "0")]);
    for file in 0..30 {
        setup.write(&format!("{file}"), format!("text {file}"));
    }
    setup.index();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let (mut seen, mut last) = (0, 0);
                    while !done.load(std::sync::atomic::Ordering::Relaxed) {
                        let index = setup.open().unwrap();
                        assert_eq!(live(&index).len(), 31);
                        let generation = index.generation().unwrap();
                        assert!(generation >= last, "{generation} after {last}");
                        seen += u64::from(generation > last);
                        last = generation;
                    }
                    seen
                })
            })
            .collect();
        for round in 1..40 {
            setup.write("count", round.to_string());
            setup.write(&format!("{}", round % 30), format!("round {round}"));
            setup.index();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        for reader in readers {
            assert!(reader.join().unwrap() > 1, "the reader never saw a new generation");
        }
    });
}

#[test]
fn a_build_nobody_asked_for_stops_at_its_guard() {
    let setup = Setup::new(&[("a", "one"), ("b", "two")]);
    let home = Home::locate(Some(&setup.cache())).unwrap();
    let settings = Settings { rules: Rules::default(), threads: 0, memory: 1 << 20 };
    let place = Place::of(&setup.tree(), &home, &settings.rules).unwrap();
    let update = sigla::store::update::Update {
        place: &place,
        settings: &settings,
        wait: sigla::store::home::Wait::ForIt,
        guard: Some(Guard { files: 1, bytes: 100 }),
        pool: &Pool::new(0),
        progress: &Silent,
    };
    assert!(update.run().unwrap_err().is::<TooLarge>());
    assert!(setup.open().is_none());
}

#[test]
fn a_full_disk_leaves_the_index_as_it_was() {
    let setup = Setup::new(&[("a", "one")]);
    setup.index();
    let before = setup.documents();
    let text: String = (0..200_000).map(|word| format!("w{word} ")).collect();
    setup.write("b", text);
    let limited = |blocks: u32, args: &str| {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$SIGLA\" {args}");
        let mut command = setup.prepare(Command::new("sh"), &["-c", &script]);
        command.env("SIGLA", env!("CARGO_BIN_EXE_sigla")).output().unwrap()
    };
    fails(&limited(200, "index"), &["File too large"]);
    assert_eq!(setup.documents(), before);
    fails(&limited(200, "pack . -o ../x.sigla"), &["File too large"]);
    assert!(!setup.dir.path().join("x.sigla").exists());
    let left = |folder: PathBuf| {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.as_bytes().starts_with(b".sigla-draft")).count()
    };
    assert_eq!(left(setup.dir.path().to_owned()), 0);
    let full = "mount -t tmpfs -o size=300k tmpfs \"$SIGLA_DIR\"";
    if let Some(output) = mounted(&setup, full) {
        fails(&output, &["No space left on device"]);
    }
    // A search needs no room: the index is in memory, as where it may not be written.
    if let Some(output) = mounted(&setup, &format!("{full} && set -- search -F w77777")) {
        assert!(stderr(&output).contains("in memory"), "{output:?}");
        assert_eq!((output.status.code(), output.stdout.starts_with(b"b:1:")), (Some(0), true));
    }
    setup.index();
    assert_eq!(setup.documents(), setup.truth());
}

#[test]
fn several_runs_at_once_take_turns() {
    let files: Vec<_> = (0..200).map(|i| (format!("{i}"), format!("text {i}"))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let setup = Setup::new(&files);
    let runs: Vec<_> = (0..4)
        .map(|_| setup.command(&["index", "-q"]).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert_eq!((stderr(&output), output.status.code()), (String::new(), Some(0)));
    }
    assert_eq!(setup.json(&["status"])["generation"], 1);
    assert_eq!(setup.documents(), setup.truth());
}

#[test]
fn a_kill_at_any_moment_leaves_the_generation_before_or_after() {
    let files: Vec<_> = (0..40).map(|i| (format!("{i}"), format!("first {i}"))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let setup = Setup::new(&files);
    let start = Instant::now();
    setup.index();
    let whole = start.elapsed();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let (mut killed, mut finished) = (0, 0);
    for round in 0..50 {
        let before = setup.documents();
        for file in 0..12 {
            setup.write(&format!("{}", (round * 5 + file * 3) % 40), format!("{round} {file}"));
        }
        setup.write(&format!("new{round}"), "new");
        let _ = fs::remove_file(setup.tree().join(format!("new{}", round - 3)));
        let mut run = setup.command(&["index", "-q"]).spawn().unwrap();
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        std::thread::sleep(whole.mul_f64((random % 1000) as f64 / 1000.0));
        run.kill().unwrap();
        match run.wait().unwrap().success() {
            true => finished += 1,
            false => killed += 1,
        }
        let after = setup.documents();
        assert!(after == before || after == setup.truth(), "round {round}: a mixture");
        if round % 10 == 9 {
            let generation = setup.json(&["status"])["generation"].as_u64().unwrap();
            let report = setup.index();
            assert!(report["generation"].as_u64().unwrap() >= generation);
            assert_eq!(setup.documents(), setup.truth(), "round {round}");
        }
    }
    assert!(killed > 0, "no run was killed, {finished} finished");
}

#[test]
fn a_damaged_index_is_built_anew() {
    let setup = Setup::new(&[("a", "one"), ("b", "two")]);
    setup.age();
    let files = || {
        let folder = fs::read_dir(setup.cache()).unwrap().next().unwrap().unwrap().path();
        let paths: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        let (segments, others): (Vec<_>, Vec<_>) =
            paths.into_iter().partition(|path| path.extension() == Some(OsStr::new("segment")));
        (segments, others.into_iter().find(|path| path.ends_with("catalogue.db")).unwrap())
    };
    setup.index();
    fs::remove_file(&files().0[0]).unwrap();
    setup.index();
    assert_eq!(setup.documents(), setup.truth());
    let segment = &files().0[0];
    fs::remove_file(segment).unwrap();
    fs::write(segment, "no image").unwrap();
    setup.index();
    assert_eq!(setup.documents(), setup.truth());
    fs::write(files().1, vec![b'x'; 9000]).unwrap();
    setup.index();
    assert_eq!(setup.documents(), setup.truth());
}

#[test]
fn a_pack_depends_on_the_files_alone() {
    let setup = Setup::new(&[("a.rs", "fn one() {}"), ("b/c.py", "def two(): pass"), ("d", "")]);
    for i in 0..300 {
        setup.write(&format!("many/{i}"), format!("text number {i} {}", "word ".repeat(i)));
    }
    let pack = |args: &[&str]| {
        let image = setup.dir.path().join("x.sigla");
        let args = [&["pack", ".", "-q", "-o", image.to_str().unwrap()], args].concat();
        let output = setup.run(&args);
        assert_eq!((stderr(&output), output.status.code()), (String::new(), Some(0)));
        fs::read(image).unwrap()
    };
    let image = pack(&[]);
    // Little memory makes many runs.
    assert!(image == pack(&["--threads", "1", "--memory", "64K"]));
    assert!(image == pack(&["--threads", "7", "--memory", "1M"]));
    setup.age();
    assert!(image == pack(&[]));
    assert!(image != pack(&["-g", "!*.py"]));
    let only = pack(&["-g", "*.rs", "-g", "*.py"]);
    let only = sigla_core::image::Image::open(&only).unwrap();
    assert_eq!(only.meta().documents, 2);
    let none = pack(&["-g", "*.none"]);
    assert_eq!(sigla_core::image::Image::open(&none).unwrap().meta().documents, 0);
}

#[test]
fn verify_tells_whole_images_from_others() {
    let setup = Setup::new(&[("a.rs", "fn one() {}"), ("b", "two")]);
    setup.run(&["pack", ".", "-o", "../x.sigla"]);
    let whole = fs::read(setup.dir.path().join("x.sigla")).unwrap();
    let output = setup.run(&["verify", "../x.sigla"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("whole, 2 documents"));
    let bad = |bytes: &[u8]| {
        fs::write(setup.dir.path().join("bad"), bytes).unwrap();
        setup.run(&["verify", "../bad", "../x.sigla"])
    };
    fails(&bad(b""), &["bad: "]);
    fails(
        &bad(b"#!/bin/sh\necho no image at all, but long enough to be one, or so it seems\n"),
        &["bad: "],
    );
    fails(&bad(&whole[..whole.len() - 1]), &["bad: "]);
    // Zeros between sections belong to nothing.
    for at in (0..whole.len()).filter(|&at| whole[at] != 0).step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        let output = bad(&bytes);
        fails(&output, &["bad: "]);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let setup = Setup::new(&[("a", "one")]);
    setup.index();
    for args in [&["index"][..], &["status"], &["status", "--json"]] {
        let mut run =
            setup.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(run.stdout.take());
        let output = run.wait_with_output().unwrap();
        assert_eq!((stderr(&output), output.status.code()), (String::new(), Some(0)), "{args:?}");
    }
}
