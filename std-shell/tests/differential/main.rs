//! Exact search over random trees that change, beside a model too simple to be wrong, and,
//! by hand, beside ripgrep.
//!
//! A case is a seed: it makes a tree, changes it again and again, and asks after each round.
//! A failure prints the seed and what was done; `SEED=… cargo test --test differential`
//! begins with it. Beside ripgrep 14 or later, named by `RG`, for so many queries:
//!
//! ```text
//! RG=rg QUERIES=50000 cargo test -p sigla --test differential -- --ignored --nocapture
//! ```
#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of the tests, too")]

mod model;
mod query;
mod random;
mod ripgrep;
mod tree;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use query::Query;
use random::Random;
use tree::Tree;

/// Changes that keep size, modification time and inode are made, too: found by nothing but
/// the time at which the inode changed, or by reading.
const KEPT_STAMPS: bool = true;

/// Trees that are made in every run of the tests.
const TREES: u64 = 40;
/// Rounds of changes to each.
const ROUNDS: usize = 5;
/// Queries after each.
const QUERIES: usize = 5;

/// `sigla search` in a tree; `SIGLA` names another build of it.
fn sigla(tree: &Tree, args: &[String]) -> Output {
    let program = std::env::var_os("SIGLA");
    let mut command = Command::new(program.unwrap_or(env!("CARGO_BIN_EXE_sigla").into()));
    run(command.arg("search").env("SIGLA_DIR", tree.cache()), tree, args)
}

fn run(command: &mut Command, tree: &Tree, args: &[String]) -> Output {
    command.args(args).current_dir(tree.root()).stdin(Stdio::null()).env("HOME", tree.cache());
    command.env("GIT_CONFIG_SYSTEM", "/dev/null").env_remove("GIT_CONFIG_GLOBAL");
    command.env_remove("XDG_CONFIG_HOME").env_remove("RIPGREP_CONFIG_PATH");
    command.output().unwrap()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

/// Makes trees from `first` on and changes them, and calls `ask` with each query until it
/// has enough.
fn each(first: u64, mut ask: impl FnMut(&Tree, &Query, &str) -> bool) {
    for seed in first.. {
        let mut random = Random::new(seed);
        let mut tree = Tree::new(&mut random);
        for _ in 0..ROUNDS {
            tree.change(&mut random, KEPT_STAMPS);
            for _ in 0..QUERIES {
                let query = Query::new(&mut random, &tree);
                let what = format!("SEED={seed}: {}\nin {:#?}", query, tree.history);
                if !ask(&tree, &query, &what) {
                    return;
                }
            }
        }
    }
}

#[test]
fn it_finds_what_a_model_finds() {
    let first = number("SEED").unwrap_or(1);
    let most = TREES * (ROUNDS * QUERIES) as u64;
    let (mut asked, mut found) = (0, 0);
    each(first, |tree, query, what| {
        let expected = model::answer(&tree.files(), query);
        let output = sigla(tree, &query.sigla(tree.patterns()));
        let code = if expected.is_empty() { 1 } else { 0 };
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{stderr}\n{what}");
        match query.is_json() {
            false => assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&expected),
                "{stderr}\n{what}"
            ),
            true => assert_eq!(
                model::lines_of_json(&output.stdout, query.folder),
                String::from_utf8_lossy(&expected),
                "{stderr}\n{what}"
            ),
        }
        found += u64::from(code == 0);
        asked += 1;
        asked < most
    });
    // A model that finds nothing would prove nothing.
    assert!(found * 3 > asked, "{found} of {asked}");
}

#[test]
#[ignore = "needs rg, and a while"]
fn it_finds_what_ripgrep_finds() {
    let rg = std::env::var("RG").unwrap_or_else(|_| "rg".to_owned());
    let most = number("QUERIES").unwrap_or(2000);
    let (mut asked, mut found, mut different) = (0, 0, 0);
    let mut flags: BTreeMap<String, u64> = BTreeMap::new();
    each(number("SEED").unwrap_or(1_000_000), |tree, query, what| {
        let query = &query.for_ripgrep();
        let ours = sigla(tree, &query.sigla(tree.patterns()));
        let theirs = run(&mut Command::new(Path::new(&rg)), tree, &query.ripgrep(tree.patterns()));
        let (left, right) = match query.is_json() {
            true => (
                model::lines_of_json(&ours.stdout, query.folder),
                ripgrep::lines_of_json(&theirs.stdout),
            ),
            false => {
                let text = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
                (text(&ours), text(&theirs))
            }
        };
        // It takes no file at all for an error.
        let none = theirs.stderr.starts_with(b"rg: No files were searched");
        let code = if none { Some(1) } else { theirs.status.code() };
        if left != right || ours.status.code() != code {
            different += 1;
            eprintln!(
                "DIFFERENT {what}\nsigla {:?}:\n{left}\nrg {:?}:\n{right}",
                (ours.status.code(), String::from_utf8_lossy(&ours.stderr)),
                (theirs.status.code(), String::from_utf8_lossy(&theirs.stderr)),
            );
        }
        query.flags().for_each(|flag| *flags.entry(flag).or_default() += 1);
        found += u64::from(ours.status.code() == Some(0));
        asked += 1;
        if asked % 1000 == 0 {
            eprintln!("{asked} queries, {found} with an answer, {different} different");
        }
        asked < most
    });
    eprintln!("{asked} queries, {found} with an answer, {different} different; {flags:?}");
    assert_eq!(different, 0);
    assert!(found * 3 > asked, "{found} of {asked}");
}
