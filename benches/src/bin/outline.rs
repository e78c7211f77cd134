//! The outline's definitions beside tree-sitter's, and the speed of both.
//!
//! Files are taken from `--tree`, or from the pinned corpus: those of at most 512 KiB in UTF-8 that
//! somebody wrote there (nothing generated, compiled, minified or vendored, no copy of another, see
//! [`is_source`]) and that the grammar can read but for [`UNREAD`] of their bytes; by turns of the
//! top folders (projects), within one in the order of a hash of the path. `skipped` counts the
//! others met on the way.
//! What a definition is: see [`sigla_benches::oracle`].

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use ignore::WalkBuilder;
use sigla_benches::{
    clock::{self, seconds},
    corpus::LARGEST,
    oracle::{self, Found, Grammar, Oracle},
    report::{Better, Report},
    samples::{self, LANGS},
};
use sigla_core::outline::{Event, Lang, Role, outline};
use xxhash_rust::xxh3::xxh3_64;

/// A file of which the grammar cannot read more than this share of the bytes is no judge.
const UNREAD: f64 = 0.01;
/// Files whose lines are longer on average are no sources that anyone wrote.
const LINE: usize = 200;

/// Compare the outline with tree-sitter, language by language.
#[derive(Parser)]
struct Cli {
    /// Print one JSON object a figure instead of a table
    #[arg(long)]
    json: bool,
    /// How many times each side's speed is measured; 0 measures none
    #[arg(long, value_name = "NUM", default_value_t = 3)]
    rounds: usize,
    /// Only these languages [default: all that were compiled in]
    #[arg(long, value_name = "LANG", value_delimiter = ',')]
    lang: Vec<String>,
    /// Take the files from here, not from the pinned corpus
    #[arg(long, value_name = "DIR")]
    tree: Option<PathBuf>,
    /// How many files a language; 0 for all
    #[arg(long, value_name = "NUM", default_value_t = 200)]
    files: usize,
    /// List up to NUM definitions that we miss, and NUM that only we see
    #[arg(long, value_name = "NUM", default_value_t = 0)]
    show: usize,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let root = match &cli.tree {
        Some(tree) => tree.clone(),
        None => samples::all()?.root,
    };
    let wanted: Vec<Lang> = cli
        .lang
        .iter()
        .map(|name| Lang::from_name(name).with_context(|| format!("no language {name}")))
        .collect::<Result<_>>()?;
    for lang in &wanted {
        ensure!(
            Grammar::of(*lang, Path::new("")).is_some(),
            "the grammar of {} is not compiled in: --features oracle-{}",
            lang.name(),
            lang.name()
        );
    }
    let all = candidates(&root)?;
    let mut report = Report::new("outline", cli.json);
    if !cli.json {
        println!(
            "{:<11} {:>5} {:>7} {:>7} {:>7} {:>9} {:>7} {:>6} {:>9} {:>9} {:>6}",
            "language",
            "files",
            "skipped",
            "truth",
            "found",
            "precision",
            "recall",
            "F1",
            "ours MB/s",
            "tree-s.",
            "ratio"
        );
    }
    for lang in LANGS {
        let asked = wanted.is_empty() || wanted.contains(&lang);
        if !asked || Grammar::of(lang, Path::new("")).is_none() {
            continue;
        }
        let Some(paths) = all.get(&lang) else {
            report.remark(&format!("no file of {} in {}", lang.name(), root.display()));
            continue;
        };
        let mut reader = Reader { lang, oracles: HashMap::new() };
        let sample = Sample::read(&root, paths, &cli, &mut reader)?;
        let speed =
            if cli.rounds > 0 { Some(sample.speed(&mut reader, cli.rounds)?) } else { None };
        if cli.json {
            sample.figures(&mut report, lang, speed);
        } else {
            sample.row(lang, speed);
        }
        sample.list(cli.show);
    }
    Ok(())
}

/// The files below a folder by language, in the order in which they are taken.
fn candidates(root: &Path) -> Result<BTreeMap<Lang, Vec<PathBuf>>> {
    type Projects = BTreeMap<PathBuf, Vec<(u64, PathBuf)>>;
    let mut by_project: BTreeMap<Lang, Projects> = BTreeMap::new();
    for entry in WalkBuilder::new(root).standard_filters(false).hidden(true).build() {
        let entry = entry?;
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let inner = entry.path().strip_prefix(root)?.to_path_buf();
        let mut head = Vec::new();
        if inner.extension().is_none() {
            fs::File::open(entry.path())?.take(512).read_to_end(&mut head)?;
        }
        let lang = Lang::detect(inner.as_os_str().as_encoded_bytes(), &head);
        if LANGS.contains(&lang) {
            let project = inner
                .components()
                .next()
                .map(|part| PathBuf::from(part.as_os_str()))
                .unwrap_or_default();
            let hash = xxh3_64(inner.as_os_str().as_encoded_bytes());
            by_project.entry(lang).or_default().entry(project).or_default().push((hash, inner));
        }
    }
    let in_turns = |projects: Projects| {
        let mut ranked = Vec::new();
        for (project, mut files) in projects {
            files.sort();
            ranked.extend(
                files
                    .into_iter()
                    .enumerate()
                    .map(|(turn, (_, file))| (turn, project.clone(), file)),
            );
        }
        ranked.sort();
        ranked.into_iter().map(|(_, _, file)| file).collect()
    };
    Ok(by_project.into_iter().map(|(lang, projects)| (lang, in_turns(projects))).collect())
}

/// The oracles of a language: one, or one a dialect.
struct Reader {
    lang: Lang,
    oracles: HashMap<bool, Oracle>,
}

impl Reader {
    fn of(&mut self, path: &Path) -> Result<&mut Oracle> {
        let dialect = path.extension().is_some_and(|e| e == "tsx");
        if !self.oracles.contains_key(&dialect) {
            let grammar = Grammar::of(self.lang, path).context("compiled in, checked above")?;
            self.oracles.insert(dialect, Oracle::new(&grammar)?);
        }
        self.oracles.get_mut(&dialect).context("inserted above")
    }
}

/// A file with what both sides find in it.
struct File {
    path: PathBuf,
    text: Vec<u8>,
    truth: Vec<Found>,
    ours: Vec<Found>,
}

impl File {
    /// What one side has and the other has not, by name and line.
    fn difference<'f>(these: &'f [Found], others: &[Found]) -> Vec<&'f Found> {
        let mut left: HashMap<(usize, &str), usize> = HashMap::new();
        for other in others {
            *left.entry((other.line, &other.name)).or_default() += 1;
        }
        these
            .iter()
            .filter(|this| match left.get_mut(&(this.line, &*this.name)) {
                Some(count @ 1..) => {
                    *count -= 1;
                    false
                }
                _ => true,
            })
            .collect()
    }

    fn missed(&self) -> Vec<&Found> {
        Self::difference(&self.truth, &self.ours)
    }

    fn extra(&self) -> Vec<&Found> {
        Self::difference(&self.ours, &self.truth)
    }

    fn line(&self, number: usize) -> String {
        let line = self.text.split(|&b| b == b'\n').nth(number - 1).unwrap_or_default();
        String::from_utf8_lossy(line).trim().chars().take(100).collect()
    }
}

/// The files of one language.
struct Sample {
    files: Vec<File>,
    skipped: usize,
}

/// Megabytes a second: ours and tree-sitter's, parsing and query.
type Speed = (f64, f64);

impl Sample {
    fn read(root: &Path, paths: &[PathBuf], cli: &Cli, reader: &mut Reader) -> Result<Self> {
        let limit = if cli.files == 0 { usize::MAX } else { cli.files };
        let mut sample = Self { files: Vec::new(), skipped: 0 };
        let mut known = HashSet::new();
        for inner in paths {
            if sample.files.len() == limit {
                break;
            }
            let path = root.join(inner);
            let text = fs::read(&path).with_context(|| path.display().to_string())?;
            let oracle = reader.of(inner)?;
            if !is_source(inner, &text) || !known.insert(xxh3_64(&text)) {
                sample.skipped += 1;
                continue;
            }
            let tree = oracle.parse(&text)?;
            if oracle::share_unread(&tree) > UNREAD {
                sample.skipped += 1;
                continue;
            }
            let truth = oracle.definitions(&tree, &text);
            let mut ours = Vec::new();
            outline(reader.lang, &text, &mut |event| {
                let Event::Open(definition) = event else { return };
                // The name is a part of the text.
                let at = definition.name.as_ptr().addr() - text.as_ptr().addr();
                if truth.judges(at) {
                    ours.push(Found {
                        line: definition.line as usize + 1,
                        name: oracle::bare(definition.name),
                        kind: definition.kind.name().to_owned(),
                        at,
                    });
                }
            });
            let truth = truth.definitions;
            sample.files.push(File { path, text, truth, ours });
        }
        if sample.files.is_empty() {
            bail!("no file of {} that its grammar can read", reader.lang.name());
        }
        Ok(sample)
    }

    fn sum(&self, count: impl Fn(&File) -> usize) -> usize {
        self.files.iter().map(count).sum()
    }

    /// Precision, recall, F1.
    fn quality(&self) -> [f64; 3] {
        let truth = self.sum(|file| file.truth.len());
        let ours = self.sum(|file| file.ours.len());
        let both = truth - self.sum(|file| file.missed().len());
        let share = |of: usize| if of == 0 { 1.0 } else { both as f64 / of as f64 };
        let total = truth + ours;
        let f1 = if total == 0 { 1.0 } else { 2.0 * both as f64 / total as f64 };
        [share(ours), share(truth), f1]
    }

    /// Both sides in turns over the same bytes in memory, one thread.
    fn speed(&self, reader: &mut Reader, rounds: usize) -> Result<Speed> {
        let lang = reader.lang;
        let mut found = 0_usize;
        let mut ours = || {
            let (taken, ()) = seconds(|| {
                for file in &self.files {
                    outline(lang, &file.text, &mut |_| found += 1);
                }
                Ok(())
            })?;
            Ok(taken)
        };
        let mut theirs = || {
            let (taken, ()) = seconds(|| {
                for file in &self.files {
                    let oracle = reader.of(&file.path)?;
                    let tree = oracle.parse(&file.text)?;
                    ensure!(oracle.count(&tree, &file.text) >= file.truth.len());
                }
                Ok(())
            })?;
            Ok(taken)
        };
        let taken = clock::in_turns(rounds, &mut [&mut ours, &mut theirs])?;
        let [ours, theirs] = *taken else { bail!("two sides have two medians") };
        let bytes = self.sum(|file| file.text.len()) as f64 / 1e6;
        Ok((bytes / ours, bytes / theirs))
    }

    fn row(&self, lang: Lang, speed: Option<Speed>) {
        let [precision, recall, f1] = self.quality();
        let (ours, theirs) = speed.unwrap_or_default();
        println!(
            "{:<11} {:>5} {:>7} {:>7} {:>7} {:>9.3} {:>7.3} {:>6.3} {:>9.1} {:>9.1} {:>6.1}",
            lang.name(),
            self.files.len(),
            self.skipped,
            self.sum(|file| file.truth.len()),
            self.sum(|file| file.ours.len()),
            precision,
            recall,
            f1,
            ours,
            theirs,
            if theirs > 0.0 { ours / theirs } else { 0.0 },
        );
    }

    fn figures(&self, report: &mut Report, lang: Lang, speed: Option<Speed>) {
        let name = lang.name();
        let [precision, recall, f1] = self.quality();
        for (metric, count) in [
            ("files", self.files.len()),
            ("skipped", self.skipped),
            ("definitions", self.sum(|file| file.truth.len())),
        ] {
            report.alone(name, metric, "", count as f64);
        }
        for (metric, share) in [("precision", precision), ("recall", recall), ("F1", f1)] {
            report.alone(name, metric, "", share);
        }
        if let Some((ours, theirs)) = speed {
            let metric = ("speed", "MB/s", Better::More);
            report.beside(name, metric, ours, ("tree-sitter", theirs));
        }
    }

    /// Up to `limit` differences of either kind, evenly spread over all of them.
    fn list(&self, limit: usize) {
        if limit == 0 {
            return;
        }
        type Side = fn(&File) -> Vec<&Found>;
        for (title, side) in [("missed", File::missed as Side), ("extra", File::extra as Side)] {
            let all: Vec<(&File, &Found)> = self
                .files
                .iter()
                .flat_map(|file| side(file).into_iter().map(move |found| (file, found)))
                .collect();
            let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
            for (_, found) in &all {
                *kinds.entry(&found.kind).or_default() += 1;
            }
            let mut kinds: Vec<_> = kinds.into_iter().map(|(kind, count)| (count, kind)).collect();
            kinds.sort_by(|a, b| b.cmp(a));
            let kinds: Vec<_> =
                kinds.iter().map(|(count, kind)| format!("{count} {kind}")).collect();
            println!("\n{} {title}: {}", all.len(), kinds.join(", "));
            let shown = limit.min(all.len());
            for turn in 0..shown {
                if let Some((file, found)) = all.get(turn * all.len() / shown) {
                    let place = format!("{}:{}", file.path.display(), found.line);
                    println!("{place}: {} ({})", found.name, found.kind);
                    println!("    {}", file.line(found.line));
                }
            }
        }
        println!();
    }
}

/// Whether somebody wrote a file, for this project, and in UTF-8.
fn is_source(path: &Path, text: &[u8]) -> bool {
    let lines = text.iter().filter(|&&b| b == b'\n').count() + 1;
    let inner = path.as_os_str().as_encoded_bytes();
    let role = Role::of(inner, text);
    let end = text.get(text.len().saturating_sub(256)..).unwrap_or(text);
    (1..=LARGEST as usize).contains(&text.len())
        && text.len() / lines <= LINE
        && std::str::from_utf8(text).is_ok()
        && !role.has(Role::GENERATED)
        && !role.has(Role::VENDORED)
        // What a compiler put out: beside its map, or its types without the code.
        && !end.windows(16).any(|words| words == b"sourceMappingURL")
        && ![&b".d.ts"[..], b".d.mts", b".d.cts"].iter().any(|types| inner.ends_with(types))
}
