//! `sigla search --literal` as a whole process on an indexed tree, beside `rg -F`: the same lines of
//! the same files, for 200 literals that stand in the tree. And what GRAMS costs: its size, and the
//! time it adds to building an image.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Result, bail, ensure};
use clap::Parser;
use sigla_benches::{
    body::{self, Body},
    clock::{in_turns, median, quantile, seconds},
    corpus::{self, Tree},
    options::{Options, RIPGREP, pool, ripgrep},
    process,
    report::{Better, Report},
};
use sigla_core::{
    build,
    image::{Image, Section},
};

/// Find 200 literals in the indexed corpus with the release binary, beside ripgrep.
#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    options: Options,
}

/// How many literals of each kind are looked for.
const EACH: usize = 50;

/// A kind of literal: its name, and which texts are of it.
type Sort = (&'static str, fn(&[u8]) -> bool);

/// What a literal is taken from, and what it must hold.
const KINDS: [Sort; 4] = [
    ("part of a word", |text| text.iter().all(u8::is_ascii_alphanumeric)),
    ("punctuation", |text| {
        let marks = text.iter().filter(|byte| byte.is_ascii_punctuation()).count();
        marks >= 2 && !text.contains(&b' ')
    }),
    ("across words", |text| text.contains(&b' ') && text.iter().any(u8::is_ascii_alphanumeric)),
    ("long", |text| text.len() >= 20),
];

fn main() -> Result<()> {
    let options = Cli::parse().options;
    let rounds = options.rounds;
    let mut report = Report::new("literal", options.json);
    let (sigla, rg) = (options.sigla()?, ripgrep(&corpus::data())?);
    let tree = corpus::all()?;
    let bodies = Body::read(&tree.root)?;
    let literals = literals(&bodies);
    ensure!(literals.len() == EACH * KINDS.len(), "only {} literals", literals.len());
    report.remark(&format!("{}, {} literals", tree.describe(), literals.len()));
    beside_ripgrep(rounds, &sigla, &rg, &tree, &literals, &mut report)?;
    cost(rounds, &bodies, &mut report)
}

/// Parts of lines of all documents, a kind after the other; always the same for the same tree.
fn literals(bodies: &[Body]) -> Vec<(&'static str, String)> {
    let mut state = 42u64;
    let mut below = |end: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(state) * end as u128) >> 64) as usize
    };
    let mut literals = Vec::new();
    // Many a place is refused: it is at the end of a line, or blank.
    for (kind, wanted) in KINDS {
        let mut found = 0;
        for _ in 0..10_000_000 {
            let body = &bodies[below(bodies.len())];
            let len = if kind == "long" { 20 + below(21) } else { 4 + below(13) };
            let Some(last) = body.text.len().checked_sub(len) else { continue };
            let start = below(last + 1);
            let part = &body.text[start..start + len];
            let whole = part.trim_ascii() == part && !part.contains(&b'\n');
            if whole
                && wanted(part)
                && let Ok(part) = str::from_utf8(part)
            {
                literals.push((kind, part.to_owned()));
                found += 1;
                if found == EACH {
                    break;
                }
            }
        }
    }
    literals
}

fn beside_ripgrep(
    rounds: usize,
    sigla: &Path,
    rg: &Path,
    tree: &Tree,
    literals: &[(&'static str, String)],
    report: &mut Report,
) -> Result<()> {
    let place = tempfile::tempdir()?;
    let mut index = Command::new(sigla);
    index.args(["index", "--quiet", "--index-dir"]).arg(place.path()).arg(&tree.root);
    process::run(&mut index, &[0])?;
    sizes(sigla, place.path(), tree, report)?;

    let ask = |literal: &str, flags: &[&str]| {
        let mut search = Command::new(sigla);
        search.arg("search").args(flags).arg("--index-dir").arg(place.path());
        search.args(["--literal", "--", literal]).arg(&tree.root);
        search
    };
    let scan = |literal: &str| {
        let mut scan = Command::new(rg);
        scan.args(["-n", "-F", "--", literal]).arg(&tree.root);
        scan
    };
    let (mut fresh, mut stale, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    let mut lines = Vec::new();
    for (kind, literal) in literals {
        let same = [sorted(&mut ask(literal, &[]))?, sorted(&mut scan(literal))?];
        let [ours, rgs] = &same;
        ensure!(ours == rgs, "{kind} {literal:?}: {} lines, ripgrep {}", ours.len(), rgs.len());
        lines.push(ours.len() as f64);
        let wall = |mut command: Command| Ok(process::run(&mut command, &[0])?.wall);
        let taken = in_turns(
            rounds,
            &mut [
                &mut || wall(ask(literal, &[])),
                &mut || wall(ask(literal, &["--stale-ok"])),
                &mut || wall(scan(literal)),
            ],
        )?;
        let [a, b, c] = *taken else { bail!("three were measured") };
        fresh.push(a);
        stale.push(b);
        theirs.push(c);
    }
    report.remark(&format!("the same lines each time, {} in the median", median(&mut lines)));
    let peer = format!("ripgrep {RIPGREP}, rg -n -F");
    for (how, times) in [("freshness checked", &fresh), ("--stale-ok", &stale)] {
        let mut ratios: Vec<f64> = theirs.iter().zip(times).map(|(b, a)| b / a).collect();
        for (kind, _) in KINDS {
            let of_kind = literals.iter().zip(&ratios).filter(|((k, _), _)| *k == kind);
            let mut ratios: Vec<f64> = of_kind.map(|(_, ratio)| *ratio).collect();
            report.alone(&format!("{kind}, {how}"), "ratio", "", median(&mut ratios));
        }
        let (mut times, mut theirs) = (times.clone(), theirs.clone());
        let case = format!("all, {how}");
        for (name, q) in [("median", 0.5), ("P95", 0.95)] {
            let (ours, theirs) = (quantile(&mut times, q) * 1e3, quantile(&mut theirs, q) * 1e3);
            report.beside(&case, (name, "ms", Better::Less), ours, (&peer, theirs));
        }
        report.alone(&case, "ratio, median", "", median(&mut ratios));
        report.alone(&case, "ratio, worst 5 %", "", quantile(&mut ratios, 0.05));
    }
    Ok(())
}

/// The lines that a command prints, in order.
fn sorted(command: &mut Command) -> Result<Vec<Vec<u8>>> {
    let output = command.stdin(Stdio::null()).output()?;
    ensure!(output.status.success(), "{command:?} ended with {}", output.status);
    let lines = output.stdout.split_inclusive(|&byte| byte == b'\n');
    let mut lines: Vec<Vec<u8>> = lines.map(<[u8]>::to_vec).collect();
    lines.sort();
    Ok(lines)
}

/// What GRAMS takes of the index, and beside the text.
fn sizes(sigla: &Path, place: &Path, tree: &Tree, report: &mut Report) -> Result<()> {
    let mut status = Command::new(sigla);
    status.args(["status", "--json", "--index-dir"]).arg(place).arg(&tree.root);
    let status: serde_json::Value = serde_json::from_slice(&status.output()?.stdout)?;
    let segments = status["segments"].as_array().map_or(&[][..], Vec::as_slice);
    let name = Section::Grams.name();
    let grams = segments.iter().filter_map(|segment| segment["sections"][name].as_f64());
    let (grams, whole) = (grams.sum::<f64>(), status["bytes"].as_f64().unwrap_or(0.0));
    report.alone("GRAMS", "size", "MB", grams / 1e6);
    report.alone("GRAMS", "of text, %", "", 100.0 * grams / tree.bytes as f64);
    report.alone("the index without it", "size", "MB", (whole - grams) / 1e6);
    Ok(())
}

/// What GRAMS adds to building an image of all documents, on two threads.
fn cost(rounds: usize, bodies: &[Body], report: &mut Report) -> Result<()> {
    let pool = pool()?;
    let build = |grams| {
        let options = build::Options { text: false, grams };
        let (wall, image) = seconds(|| pool.install(|| body::build_with(bodies, options)))?;
        let image = Image::open(&image).map_err(|error| anyhow::anyhow!("{error}"))?;
        ensure!(image.grams().is_some() == grams, "GRAMS are there or not");
        Ok(wall)
    };
    let taken = in_turns(rounds, &mut [&mut || build(true), &mut || build(false)])?;
    let [with, without] = *taken else { bail!("two were measured") };
    let metric = ("wall", "s", Better::Less);
    report.beside("one image with GRAMS", metric, with, ("ours, without", without));
    Ok(())
}
