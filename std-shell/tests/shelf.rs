//! `sigla list` and `rm` as a user at a prompt meets them.
#![allow(clippy::unwrap_used, reason = "the helpers of the tests, too")]

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Some trees and a cache folder.
struct Setup {
    dir: TempDir,
}

impl Setup {
    fn new(trees: &[&str]) -> Setup {
        let setup = Setup { dir: tempfile::tempdir().unwrap() };
        for tree in trees {
            fs::create_dir(setup.path(tree)).unwrap();
            fs::write(setup.path(tree).join("a.txt"), "alpha\n").unwrap();
            assert_eq!(setup.sigla(&["index", "-q", tree]).status.code(), Some(0));
        }
        setup
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join(name)
    }

    fn sigla(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sigla"));
        command.args(args).current_dir(self.path("")).env("SIGLA_DIR", self.path("cache"));
        command.env("HOME", self.path("")).output().unwrap()
    }

    fn listed(&self) -> Vec<Value> {
        let output = self.sigla(&["list", "--json"]);
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The names of the trees that have an index, each as often as it has one.
    fn names(&self) -> Vec<String> {
        let name = |kept: &Value| {
            let root = PathBuf::from(kept["root"].as_str().unwrap());
            root.file_name().unwrap().to_str().unwrap().to_owned()
        };
        self.listed().iter().map(name).collect()
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn indexes_are_listed_with_what_is_known_of_them() {
    let setup = Setup::new(&["one", "two"]);
    assert_eq!(setup.sigla(&["index", "-q", "--hidden", "one"]).status.code(), Some(0));
    assert_eq!(setup.names(), ["one", "one", "two"]);
    let two = setup.listed().pop().unwrap();
    assert_eq!(
        (&two["files"], &two["exists"], &two["current"]),
        (&1.into(), &true.into(), &true.into())
    );
    assert!(two["bytes"].as_u64().unwrap() > 1000);
    assert!(PathBuf::from(two["index"].as_str().unwrap()).is_dir());
    fs::remove_dir_all(setup.path("two")).unwrap();
    let list = stdout(&setup.sigla(&["list"]));
    let gone = list.lines().last().unwrap();
    assert!(gone.trim_start().starts_with("1 files") && gone.ends_with("two  (gone)"), "{list}");
}

#[test]
fn a_search_is_a_use_and_looking_is_none() {
    let setup = Setup::new(&["one"]);
    let lock = PathBuf::from(setup.listed()[0]["index"].as_str().unwrap()).join("lock");
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    File::open(&lock).unwrap().set_modified(long_ago).unwrap();
    setup.sigla(&["status", "one"]);
    assert_eq!(setup.listed()[0]["used"], 1_000_000);
    assert_eq!(setup.sigla(&["search", "alpha", "one"]).status.code(), Some(0));
    assert!(setup.listed()[0]["used"].as_u64().unwrap() > 1_700_000_000);
}

#[test]
fn what_is_named_is_removed_and_nothing_else() {
    let setup = Setup::new(&["one", "two", "three"]);
    fs::write(setup.path("cache/notes"), "mine").unwrap();
    let output = setup.sigla(&["rm", "two", "two"]);
    assert_eq!(output.status.code(), Some(0));
    let said = stdout(&output);
    assert!(
        said.starts_with("removed ") && said.contains("two, ") && said.lines().count() == 1,
        "{said}"
    );
    assert_eq!(setup.names(), ["one", "three"]);
    assert!(setup.path("two/a.txt").exists());

    fs::create_dir(setup.path("one/sub")).unwrap();
    let output = setup.sigla(&["rm", "one/sub"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()));
    assert!(stderr(&output).contains("has no index of its own"), "{}", stderr(&output));

    fs::remove_dir_all(setup.path("three")).unwrap();
    assert_eq!(setup.sigla(&["rm", "--gone"]).status.code(), Some(0));
    assert_eq!(setup.names(), ["one"]);
    assert_eq!(setup.sigla(&["rm", "--gone"]).status.code(), Some(1));
    assert_eq!(setup.sigla(&["rm", "--all", "-q"]).stdout, b"");
    assert_eq!(setup.sigla(&["list"]).status.code(), Some(1));
    assert_eq!(setup.sigla(&["rm"]).status.code(), Some(2));
    let left: Vec<_> = fs::read_dir(setup.path("cache")).unwrap().collect();
    assert_eq!(left.len(), 1, "what is not ours stays");
}

#[test]
fn an_index_that_is_being_written_stays() {
    let setup = Setup::new(&["one"]);
    let index = PathBuf::from(setup.listed()[0]["index"].as_str().unwrap());
    let lock = File::open(index.join("lock")).unwrap();
    lock.lock().unwrap();
    let output = setup.sigla(&["rm", "--all"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("another sigla is writing"), "{}", stderr(&output));
    assert_eq!(setup.names(), ["one"]);
    drop(lock);
    assert_eq!(setup.sigla(&["rm", "--all"]).status.code(), Some(0));
}

#[test]
fn an_index_of_another_version_is_listed_and_can_be_removed() {
    let setup = Setup::new(&["one"]);
    let index = PathBuf::from(setup.listed()[0]["index"].as_str().unwrap());
    let db = rusqlite::Connection::open(index.join("catalogue.db")).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    drop(db);
    assert_eq!(setup.listed()[0]["current"], false);
    assert!(stdout(&setup.sigla(&["list"])).contains("of another version"));
    fs::write(index.join("catalogue.db"), "no database").unwrap();
    assert_eq!(setup.listed()[0]["root"], Value::Null);
    assert_eq!(setup.sigla(&["rm", "--gone"]).status.code(), Some(0));
    assert!(!index.exists());
}
