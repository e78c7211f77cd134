//! The searchable image of a log, everything in it counted, beside `gzip -9` and `zstd -19` of the
//! log, which nothing can search, and beside tantivy with a line a document, stored.
//!
//! Images are written by the release binary. `sigla cat` must give each log back byte for byte, and a
//! search must find lines that were taken from it.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, anyhow, ensure};
use clap::Parser;
use sigla_benches::{
    clock::median,
    corpus::{self, Tree},
    library::{self, Library},
    options::Options,
    process,
    report::{Better, Report},
    score::DEPTH,
    words,
};
use sigla_core::{
    image::Image,
    outline::CHUNK_MAX,
    search::{Limits, Scored},
    text,
};

/// Pack real logs into searchable images, beside gzip, zstd and tantivy.
#[derive(Parser)]
struct Cli {
    /// A folder of *.log files [default: those that corpus/logs/make makes]
    #[arg(long, value_name = "DIR")]
    logs: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

/// Words of each log that are searched.
const WORDS: usize = 40;
/// Lines of each log that an exact search must find.
const LINES: usize = 5;
/// The ten best chunks of ours, the ten best lines of the peer's.
const RANKED: &str = "one word, ten best";
const DECODED: &str = "one word, ten best with text";
/// Larger files would be left out of the image of the folder.
const LARGEST: &str = "4G";

fn main() -> Result<()> {
    let cli = Cli::parse();
    let mut report = Report::new("logs", cli.options.json);
    let tree = match &cli.logs {
        Some(folder) => Tree::list(folder)?,
        None => corpus::logs()?,
    };
    let place = tempfile::tempdir()?;
    let bench = Bench { options: &cli.options, sigla: cli.options.sigla()?, place: place.path() };
    let mut sum = Sizes::default();
    let logs = tree.files.iter().filter(|file| file.extension().is_some_and(|e| e == "log"));
    for file in logs {
        let sizes = bench.one(file, &mut report)?;
        sum = sum.and(sizes);
    }
    ensure!(sum.text > 0.0, "no *.log files in {}", tree.root.display());
    sum.report("all, an image each", &mut report);
    let (image, _) = bench.pack(&tree.root, "all")?;
    let ratio = sum.text / image.len() as f64;
    report.alone("all, one image of the folder", "ratio", "", ratio);
    Ok(())
}

/// A log in bytes and lines, and in bytes its image with the sections, and what the peers make of
/// it, in their order.
#[derive(Default)]
struct Sizes {
    text: f64,
    lines: f64,
    image: f64,
    sections: Vec<(&'static str, f64)>,
    peers: Vec<(&'static str, f64)>,
}

impl Sizes {
    fn and(mut self, other: Self) -> Self {
        self.text += other.text;
        self.lines += other.lines;
        self.image += other.image;
        add(&mut self.sections, other.sections);
        add(&mut self.peers, other.peers);
        self
    }

    /// Bytes a line, by section, those of less than 0.01 and what lies between as the rest; and how
    /// many times smaller than the log our image is, and each peer's.
    fn report(&self, case: &str, report: &mut Report) {
        let all = self.image / self.lines;
        let mut rest = all;
        for (section, bytes) in &self.sections {
            let bytes = bytes / self.lines;
            if bytes >= 0.01 {
                report.alone(&format!("{case}, {section}"), "a line", "B", bytes);
                rest -= bytes;
            }
        }
        report.alone(&format!("{case}, the rest"), "a line", "B", rest);
        report.alone(&format!("{case}, the image"), "a line", "B", all);
        report.alone(case, "image", "MB", self.image / 1e6);
        for &(peer, bytes) in &self.peers {
            let (ours, theirs) = (self.text / self.image, self.text / bytes);
            report.beside(case, ("ratio", "", Better::More), ours, (peer, theirs));
        }
    }
}

/// Adds figures to those of the same name.
fn add(sums: &mut Vec<(&'static str, f64)>, figures: Vec<(&'static str, f64)>) {
    for (name, figure) in figures {
        match sums.iter_mut().find(|(sum, _)| *sum == name) {
            Some((_, sum)) => *sum += figure,
            None => sums.push((name, figure)),
        }
    }
}

/// A log, and what is asked of it.
struct Log {
    name: String,
    text: Vec<u8>,
    words: Vec<String>,
}

impl Log {
    fn read(file: &Path) -> Result<Self> {
        let text = fs::read(file).with_context(|| file.display().to_string())?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let words = words(&text)?;
        Ok(Self { name, text, words })
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.text.split_inclusive(|&b| b == b'\n')
    }

    fn case(&self, what: &str) -> String {
        format!("{}, {what}", self.name)
    }
}

/// Words of at least three letters or digits, from those of a single line to the commonest, evenly
/// spread over the logarithm of how many lines hold them.
fn words(text: &[u8]) -> Result<Vec<String>> {
    let mut lines: HashMap<Vec<u8>, (u32, usize)> = HashMap::new();
    for (at, line) in text.split(|&b| b == b'\n').enumerate() {
        let plain = |word: &&[u8]| {
            word.len() >= 3 && word.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        for word in text::words(line).map(|word| word.bytes).filter(plain) {
            match lines.get_mut(word) {
                Some((_, last)) if *last == at => {}
                Some((count, last)) => (*count, *last) = (*count + 1, at),
                None => drop(lines.insert(word.to_vec(), (1, at))),
            }
        }
    }
    words::spread(lines.into_iter().map(|(word, (n, _))| (word, n)), WORDS)
}

struct Bench<'a> {
    options: &'a Options,
    sigla: PathBuf,
    place: &'a Path,
}

impl Bench<'_> {
    /// Packs a log or a folder of them.
    fn pack(&self, from: &Path, name: &str) -> Result<(Vec<u8>, process::Taken)> {
        let to = self.image(name);
        let mut pack = Command::new(&self.sigla);
        pack.args(["pack", "--quiet", "--max-filesize", LARGEST]).arg(from).arg("-o").arg(&to);
        let taken = process::watch(&mut pack, &[0])?;
        Ok((fs::read(to)?, taken))
    }

    fn image(&self, name: &str) -> PathBuf {
        self.place.join(name).with_extension("sigla")
    }

    /// All that is measured of one log.
    fn one(&self, file: &Path, report: &mut Report) -> Result<Sizes> {
        let log = Log::read(file)?;
        let lines = log.lines().count() as f64;
        let bytes = log.text.len() as f64;
        let mean = bytes / lines;
        let megabytes = bytes / 1e6;
        report.remark(&format!(
            "{}: {megabytes:.1} MB, {lines} lines of {mean:.1} bytes; words: {}",
            log.name,
            log.words.join(" ")
        ));
        let (image, packed) = self.pack(file, &log.name)?;
        self.check(&log, report)?;
        let opened = Image::open(&image).map_err(|error| anyhow!("{error}"))?;
        let mut sizes = Sizes {
            text: bytes,
            lines,
            image: image.len() as f64,
            sections: opened.sections().map(|(of, bytes)| (of.name(), bytes as f64)).collect(),
            peers: Vec::new(),
        };
        let mut gzip = Command::new("gzip");
        let gzip = process::run(gzip.args(["-9", "-c"]).arg(file), &[0])?;
        sizes.peers.push(("gzip -9, not searchable", gzip.output as f64));
        #[cfg(feature = "peers")]
        self.beside(&log, image, &packed, &mut sizes, report)?;
        #[cfg(not(feature = "peers"))]
        {
            report.alone(&log.case("pack"), "cpu", "s", packed.cpu);
            let (ranked, decoded) = ours(&log, image, self.options.rounds)?;
            report.alone(&log.case(RANKED), "median", "us", ranked);
            report.alone(&log.case(DECODED), "median", "us", decoded);
        }
        report.alone(&log.case("pack"), "wall", "s", packed.wall);
        report.alone(&log.case("pack"), "anonymous", "MB", packed.anonymous as f64 / 1e6);
        report.alone(&log.case("pack"), "peak_rss", "MB", packed.peak as f64 / 1e6);
        sizes.report(&log.name, report);
        Ok(sizes)
    }

    /// The image gives the log back, and finds lines and rare words of it.
    fn check(&self, log: &Log, report: &mut Report) -> Result<()> {
        let image = self.image(&log.name);
        let cat = Command::new(&self.sigla).arg("cat").arg(&image).stdin(Stdio::null()).output()?;
        ensure!(cat.status.success(), "sigla cat ended with {}", cat.status);
        ensure!(cat.stdout == log.text, "sigla cat gave another log than {}", log.name);
        let lines: Vec<&[u8]> = log.lines().collect();
        for step in 0..LINES {
            let at = lines.len() * (2 * step + 1) / (2 * LINES);
            let line = lines.get(at).map_or(&[][..], |line| line.trim_ascii());
            let line = str::from_utf8(line)?;
            let found = self.search("--literal", line, &image)?;
            let wanted = format!("\"line\":{},", at + 1);
            ensure!(found.contains(&wanted), "no search found {line:?} of {}", log.name);
        }
        for word in log.words.iter().take(LINES) {
            let found = self.search("--words", word, &image)?;
            ensure!(found.contains(word), "no search found {word:?} of {}", log.name);
        }
        report.remark(&format!("{}: all came back, all was found", log.name));
        Ok(())
    }

    /// What a search of an image prints.
    fn search(&self, how: &str, query: &str, image: &Path) -> Result<String> {
        let mut search = Command::new(&self.sigla);
        search.args(["search", how, "--json", "--", query]).arg(image).stdin(Stdio::null());
        Ok(String::from_utf8(search.output()?.stdout)?)
    }

    /// The other peers: sizes, what indexing costs, and searches.
    #[cfg(feature = "peers")]
    fn beside(
        &self,
        log: &Log,
        image: Vec<u8>,
        packed: &process::Taken,
        sizes: &mut Sizes,
        report: &mut Report,
    ) -> Result<()> {
        use sigla_benches::{
            clock::all_cpu_seconds,
            options::THREADS,
            peers::{
                TANTIVY, codecs,
                tantivy::{self, Store},
            },
        };

        sizes.peers.push(("zstd -19, not searchable", codecs::whole(&log.text)? as f64));
        let text = String::from_utf8_lossy(&log.text);
        let folder = tempfile::tempdir()?;
        for (name, store) in [
            ("tantivy 0.27, lines stored, lz4", Store::Lz4),
            ("tantivy 0.27, lines stored, zstd", Store::Zstd),
        ] {
            let to = folder.path().join(format!("{store:?}"));
            fs::create_dir(&to)?;
            let (cpu, built) = all_cpu_seconds(|| {
                tantivy::build_lines(&to, text.lines(), store, THREADS, 100_000_000)
            })?;
            let metric = ("cpu", "s", Better::Less);
            report.beside(&log.case("pack"), metric, packed.cpu, (name, cpu));
            sizes.peers.push((name, built.bytes as f64));
        }
        let index = tantivy::Opened::open(&folder.path().join(format!("{:?}", Store::Lz4)))?;
        ensure!(index.segments() == 1, "tantivy's index has {} segments", index.segments());
        let rounds = self.options.rounds;
        let (ranked, decoded) = ours(log, image, rounds)?;
        let bare = took(&log.words, rounds, |word| {
            let (_, count) = index.top_ten(&[word.to_owned()])?;
            ensure!(count > 0, "tantivy has no {word:?}");
            Ok(())
        })?;
        let lines = took(&log.words, rounds, |word| {
            let lines = index.top_ten_lines(word)?;
            ensure!(!lines.is_empty(), "tantivy has no {word:?}");
            Ok(())
        })?;
        let metric = ("median", "us", Better::Less);
        report.beside(&log.case(RANKED), metric, ranked, (TANTIVY, bare));
        report.beside(&log.case(DECODED), metric, decoded, (TANTIVY, lines));
        Ok(())
    }
}

/// The words of a log asked of our image: what it took to rank, and to decode the ten best chunks
/// too. Medians in microseconds.
fn ours(log: &Log, image: Vec<u8>, rounds: usize) -> Result<(f64, f64)> {
    let library = Library::of_image(image);
    let image = library.open()?;
    let limits = &Limits::FULL;
    let mut scratch = library::scratch(limits);
    let mut best = [Scored::NONE; DEPTH];
    let mut memory = image.memory();
    let mut out = [0; CHUNK_MAX];
    let ranked = took(&log.words, rounds, |word| {
        let count = image.bare(word, limits, &mut scratch, &mut best)?;
        ensure!(count > 0, "no chunk has {word:?}");
        Ok(())
    })?;
    let decoded = took(&log.words, rounds, |word| {
        let count = image.bare(word, limits, &mut scratch, &mut best)?;
        for &Scored { chunk, .. } in best.iter().take(count) {
            image.read(chunk, &mut memory, &mut out)?;
        }
        Ok(())
    })?;
    Ok((ranked, decoded))
}

/// The median over the words of microseconds, each the median of the rounds after one that warms up.
fn took(words: &[String], rounds: usize, mut ask: impl FnMut(&str) -> Result<()>) -> Result<f64> {
    let mut times = vec![Vec::new(); words.len()];
    for round in 0..=rounds {
        for (word, times) in words.iter().zip(&mut times) {
            let (seconds, ()) = sigla_benches::clock::seconds(|| ask(word))?;
            if round > 0 {
                times.push(seconds * 1e6);
            }
        }
    }
    Ok(median(&mut times.iter_mut().map(|times| median(times)).collect::<Vec<_>>()))
}
