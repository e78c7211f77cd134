//! `sigla index` as a whole process: cold, unchanged, one file changed; time and memory.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;
use clap::Parser;
use ignore::{WalkBuilder, WalkState};
use sigla_benches::{
    clock::{self, seconds},
    corpus,
    options::{Options, THREADS},
    process,
    report::{Better, Report},
};

/// Index the corpus with the release binary, beside tree-sitter and a bare walk.
#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    options: Options,
}

/// How many times memory is watched; the worst counts.
const WATCHES: usize = 3;

fn main() -> Result<()> {
    let options = Cli::parse().options;
    let sigla = options.sigla()?;
    let mut report = Report::new("index", options.json);
    cold(&options, &sigla, &mut report)?;
    memory(&sigla, &mut report)?;
    again(&options, &sigla, &mut report)
}

fn index(sigla: &Path, tree: &Path, place: &Path) -> Command {
    let mut command = Command::new(sigla);
    command.args(["index", "--quiet", "--threads", &THREADS.to_string(), "--index-dir"]);
    command.arg(place).arg(tree);
    command
}

/// The files that have a grammar, from nothing, beside parsing them.
fn cold(options: &Options, sigla: &Path, report: &mut Report) -> Result<()> {
    let tree = corpus::parsed()?;
    report.remark(&format!("files with a grammar: {}, {THREADS} threads each", tree.describe()));
    let mut ours = || {
        let place = tempfile::tempdir()?;
        Ok(process::run(&mut index(sigla, &tree.root, place.path()), &[0])?.wall)
    };
    const CASE: &str = "cold index of the files with a grammar";
    #[cfg(feature = "peers")]
    {
        use sigla_benches::{
            options::pool,
            peers::{TREE_SITTER, tree_sitter},
        };
        let pool = pool()?;
        let mut clean = 0;
        let mut theirs = || {
            let (wall, parsed) = seconds(|| pool.install(|| tree_sitter::parse(&tree.files)))?;
            clean = parsed;
            Ok(wall)
        };
        let rounds = options.rounds.min(3);
        if let [ours, theirs] = *clock::in_turns(rounds, &mut [&mut ours, &mut theirs])? {
            let peer = format!("{TREE_SITTER}, parse only");
            report.beside(CASE, ("wall", "s", Better::Less), ours, (&peer, theirs));
        }
        report.remark(&format!("tree-sitter parsed {clean} of them without an error"));
    }
    #[cfg(not(feature = "peers"))]
    for wall in clock::in_turns(options.rounds, &mut [&mut ours])? {
        report.alone(CASE, "wall", "s", wall);
    }
    Ok(())
}

/// Memory of a cold index of the whole corpus.
fn memory(sigla: &Path, report: &mut Report) -> Result<()> {
    let tree = corpus::all()?;
    report.remark(&format!("corpus: {}", tree.describe()));
    let cases: [(&str, &[&str]); 2] =
        [("cold index of the corpus", &[]), ("cold index, --memory 16M", &["--memory", "16M"])];
    for (case, flags) in cases {
        let mut worst = process::Taken::default();
        for _ in 0..WATCHES {
            let place = tempfile::tempdir()?;
            let mut index = index(sigla, &tree.root, place.path());
            let taken = process::watch(index.args(flags), &[0])?;
            worst.anonymous = worst.anonymous.max(taken.anonymous);
            worst.peak = worst.peak.max(taken.peak);
        }
        report.alone(case, "anonymous", "MB", worst.anonymous as f64 / 1e6);
        report.alone(case, "peak RSS", "MB", worst.peak as f64 / 1e6);
    }
    Ok(())
}

/// The corpus from nothing; again unchanged, beside a walk; again with one file changed.
fn again(options: &Options, sigla: &Path, report: &mut Report) -> Result<()> {
    let tree = corpus::all()?;
    let mut cold = || {
        let place = tempfile::tempdir()?;
        Ok(process::run(&mut index(sigla, &tree.root, place.path()), &[0])?.wall)
    };
    for wall in clock::in_turns(options.rounds.min(3), &mut [&mut cold])? {
        report.alone("cold index of the corpus", "wall", "s", wall);
    }

    let changing = Changing::new(&tree.root)?;
    let place = tempfile::tempdir()?;
    let mut unchanged =
        || Ok(process::run(&mut index(sigla, &tree.root, place.path()), &[0])?.wall);
    let mut walk = || Ok(seconds(|| walk(&tree.root))?.0);
    unchanged()?;
    let wall = clock::in_turns(options.rounds.max(9), &mut [&mut unchanged, &mut walk])?;
    let [nothing, walked] = *wall else { return Ok(()) };
    let metric = ("wall", "s", Better::Less);
    report.beside("nothing changed", metric, nothing, ("ignore walk + lstat", walked));

    let mut turn = 0;
    let mut changed = || {
        turn += 1;
        changing.write(turn)?;
        Ok(process::run(&mut index(sigla, &tree.root, place.path()), &[0])?.wall)
    };
    if let [one] = *clock::in_turns(options.rounds.max(9), &mut [&mut changed])? {
        report.beside("one file changed", metric, one, ("ignore walk + lstat", walked));
        report.beside("one file changed", metric, one, ("ours, nothing changed", nothing));
    }
    Ok(())
}

/// What must be done at the least: every entry below `root` seen and lstat-ed, on as many threads.
fn walk(root: &Path) -> Result<()> {
    WalkBuilder::new(root).threads(THREADS).build_parallel().run(|| {
        Box::new(|entry| {
            if let Ok(entry) = entry {
                std::hint::black_box(fs::symlink_metadata(entry.path()).is_ok());
            }
            WalkState::Continue
        })
    });
    Ok(())
}

/// A file of our own in the corpus, gone when the bench ends.
struct Changing(PathBuf);

impl Changing {
    fn new(root: &Path) -> Result<Self> {
        let changing = Self(root.join("changing.rs"));
        changing.write(0)?;
        Ok(changing)
    }

    fn write(&self, turn: usize) -> Result<()> {
        Ok(fs::write(&self.0, format!("/// Turn {turn}.\npub fn turn_{turn}() {{}}\n"))?)
    }
}

impl Drop for Changing {
    fn drop(&mut self) {
        // Left behind it would only be one more file of the corpus.
        let _ = fs::remove_file(&self.0);
    }
}
