//! Under a limit of memory every command ends with an answer or with an error that says so,
//! never by a signal or a panic.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "the helpers of the tests, too")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Runs a command in `dir` with at most so many megabytes of addresses.
fn limited(dir: &Path, megabytes: u32, args: &str) -> Output {
    let mut shell = Command::new("sh");
    let sigla = env!("CARGO_BIN_EXE_sigla");
    let limit = megabytes * 1024;
    shell.arg("-c").arg(format!("ulimit -v {limit}; exec '{sigla}' {args}"));
    shell.current_dir(dir).env("SIGLA_DIR", dir.join("cache")).env("HOME", dir);
    shell.env("RUST_BACKTRACE", "0").output().unwrap()
}

#[test]
fn every_command_ends_with_an_answer_or_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    fs::create_dir(dir.join("tree")).unwrap();
    for n in 0..60 {
        let text = format!("fn open{n}() {{\n    retry(open{}());\n}}\n", n / 2).repeat(300);
        fs::write(dir.join(format!("tree/f{n}.rs")), text).unwrap();
    }
    let line = |n: u32| format!("12:00:{:02} host{} retry {n}\n", n % 60, n % 7);
    fs::write(dir.join("a.log"), (0..150_000).map(line).collect::<String>()).unwrap();
    fs::write(dir.join("line.txt"), "x".repeat(30 << 20) + " retry\n").unwrap();
    let commands = [
        "index tree",
        "search 'retry open' tree",
        "search -F 'retry(' tree",
        "search --regex 'fn \\w+7' tree -j 8",
        "search -a -L -F 'retry(' tree",
        "symbol open7 tree --refs",
        "map tree",
        "sql 'select count(*) from symbols' tree",
        "status tree",
        "search retry a.log",
        "search -F '149999' a.log",
        "search -F retry line.txt -c",
    ];
    let (mut answers, mut errors) = (0, 0);
    for args in commands {
        for megabytes in [18, 22, 26, 34, 44, 60, 90, 170, 1000] {
            if args == "index tree" {
                let _ = fs::remove_dir_all(dir.join("cache"));
            }
            let output = limited(dir, megabytes, args);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let what = format!("{args:?} in {megabytes} MB: {:?} {said}", output.status);
            assert!(!said.contains("panicked"), "{what}");
            match output.status.code() {
                Some(0) => answers += 1,
                Some(2) => errors += 1,
                // The system's loader has no room for the program.
                Some(127) if megabytes < 30 && said.contains("shared libraries") => {}
                _ => panic!("{what}"),
            }
            assert!(output.status.success() || !said.is_empty(), "{what}");
            assert!(output.status.success() || megabytes < 1000, "{what}");
        }
    }
    assert!(answers > errors && errors > 0, "{answers} answers, {errors} errors");
}
