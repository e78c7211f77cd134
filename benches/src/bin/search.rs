//! `sigla search` as a whole process on an indexed tree, beside `rg -F`.
//!
//! Fifty words from rare to common, evenly spread over the logarithm of how many files hold them.
//! Both print what they print by default, into a pipe that is drained: we the ten best hits with
//! their lines, ripgrep every line that matches.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use anyhow::{Result, ensure};
use clap::Parser;
use sigla_benches::{
    body::Body,
    clock::{in_turns, median},
    corpus::{self, Tree},
    options::{Options, RIPGREP, ripgrep},
    process,
    report::{Better, Report},
    words,
};
use sigla_core::text;

/// Search the indexed corpus with the release binary, beside ripgrep.
#[derive(Parser)]
struct Cli {
    /// Also on a tree ten times larger
    #[arg(long)]
    tenfold: bool,
    #[command(flatten)]
    options: Options,
}

/// How many words are searched.
const WORDS: usize = 50;

fn main() -> Result<()> {
    let cli = Cli::parse();
    let mut report = Report::new("search", cli.options.json);
    let (sigla, rg) = (cli.options.sigla()?, ripgrep(&corpus::data())?);
    let all = corpus::all()?;
    let words = words(&all)?;
    beside_ripgrep(&cli.options, &sigla, &rg, &all, &words, &mut report)?;
    if cli.tenfold {
        let tree = corpus::tenfold()?;
        beside_ripgrep(&cli.options, &sigla, &rg, &tree, &words, &mut report)?;
    }
    Ok(())
}

/// Lower-case words of at least four letters, from one that a single file holds to the commonest.
fn words(tree: &Tree) -> Result<Vec<String>> {
    let mut files: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    for body in Body::read(&tree.root)? {
        let words = text::words(&body.text).map(|word| word.bytes);
        let plain = |word: &&[u8]| word.len() >= 4 && word.iter().all(u8::is_ascii_lowercase);
        for word in words.filter(plain).collect::<BTreeSet<_>>() {
            *files.entry(word.to_vec()).or_default() += 1;
        }
    }
    let words = words::spread(files, WORDS)?;
    ensure!(words.len() == WORDS, "only {} words in the corpus", words.len());
    Ok(words)
}

fn beside_ripgrep(
    options: &Options,
    sigla: &Path,
    rg: &Path,
    tree: &Tree,
    words: &[String],
    report: &mut Report,
) -> Result<()> {
    report.remark(&format!("{}, words: {}", tree.describe(), words.join(" ")));
    let place = tempfile::tempdir()?;
    let mut index = Command::new(sigla);
    index.args(["index", "--quiet", "--index-dir"]).arg(place.path()).arg(&tree.root);
    process::run(&mut index, &[0])?;

    let ask = |word: &str, flags: &[&str]| {
        let mut search = Command::new(sigla);
        search.args(["search", word]).arg(&tree.root).arg("--index-dir").arg(place.path());
        let taken = process::run(search.args(flags), &[0])?;
        ensure!(taken.output > 0, "sigla printed nothing for {word:?}");
        Ok(taken.wall)
    };
    let scan = |word: &str| {
        let mut scan = Command::new(rg);
        Ok(process::run(scan.args(["-F", word]).arg(&tree.root), &[0])?.wall)
    };
    let (mut fresh, mut stale, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for word in words {
        let taken = in_turns(
            options.rounds,
            &mut [&mut || ask(word, &[]), &mut || ask(word, &["--stale-ok"]), &mut || scan(word)],
        )?;
        if let [a, b, c] = *taken {
            fresh.push(a);
            stale.push(b);
            theirs.push(c);
        }
    }
    let peer = format!("ripgrep {RIPGREP}, rg -F");
    let theirs = median(&mut theirs) * 1e3;
    let files = tree.files.len();
    let metric = ("wall", "ms", Better::Less);
    for (how, times) in [("freshness checked", &mut fresh), ("--stale-ok", &mut stale)] {
        let case = format!("one word in {files} files, {how}");
        report.beside(&case, metric, median(times) * 1e3, (&peer, theirs));
    }
    Ok(())
}
