//! One engine, asked from many threads, by whoever links the library.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy knows helpers of tests from tests by their place"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use sigla::engine::exact::pattern::{How, Pattern};
use sigla::engine::exact::{self, File, LineHit, Lines, Sink, Sum};
use sigla::engine::scopes::Choice;
use sigla::engine::{Engine, Request, search};
use sigla::machine::progress::{Cancel, Cancelled, Progress, Silent};
use sigla::sql::Output;
use sigla::symbols::map::Bounds;
use sigla::symbols::outline::Outline;
use sigla::symbols::{file, find};

const FILES: u64 = 6;
const ASKED: u64 = 24;

/// What the file of this number holds in its version.
fn content(file: u64, version: u64) -> String {
    format!("// needle {file} in version {version}.\npub fn item_{file}() {{}}\n")
}

/// The version of the file of this number that a line of it tells.
fn version(file: u64, line: &[u8]) -> Option<u64> {
    let line = std::str::from_utf8(line).ok()?;
    let told = line.strip_prefix(&format!("// needle {file} in version "))?;
    told.strip_suffix('.')?.parse().ok()
}

fn number(path: &[u8]) -> Option<u64> {
    let name = std::str::from_utf8(path).ok()?.strip_suffix(".rs")?;
    name.strip_prefix("src/f")?.parse().ok()
}

/// A tree of a few files whose versions go up, and what is known of them.
struct Tree {
    dir: tempfile::TempDir,
    /// Versions that are there for sure: written before anyone looks.
    written: Vec<AtomicU64>,
    /// Versions that may be there.
    begun: Vec<AtomicU64>,
}

impl Tree {
    fn new() -> Tree {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("tree/src")).unwrap();
        let counts = || (0..FILES).map(|_| AtomicU64::new(0)).collect();
        let tree = Tree { dir, written: counts(), begun: counts() };
        (0..FILES).for_each(|file| tree.write(file));
        tree
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("tree")
    }

    fn engine(&self) -> Engine {
        let index_dir = Some(self.dir.path().join("cache"));
        Engine::open(Request { index_dir, ..Request::new([self.root()]) })
    }

    /// Puts the next version in the place of the last one, at once.
    fn write(&self, file: u64) {
        let version = self.begun[file as usize].fetch_add(1, Ordering::SeqCst) + 1;
        let draft = self.dir.path().join("draft");
        fs::write(&draft, content(file, version)).unwrap();
        fs::rename(&draft, self.root().join(format!("src/f{file}.rs"))).unwrap();
        self.written[file as usize].store(version, Ordering::SeqCst);
    }

    fn known(&self) -> Vec<u64> {
        self.written.iter().map(|version| version.load(Ordering::SeqCst)).collect()
    }

    /// Checks that what was told of a file is what it held at some time, and not long ago
    /// unless the answer says so.
    fn check(&self, known: &[u64], stale: bool, path: &[u8], line: &[u8]) {
        let file = number(path).expect("only these files have needles");
        let told = version(file, line);
        let told = told.unwrap_or_else(|| panic!("torn: {:?}", String::from_utf8_lossy(line)));
        let last = self.begun[file as usize].load(Ordering::SeqCst);
        assert!(told <= last, "f{file} has not had version {told}, only {last}");
        let least = known[file as usize];
        assert!(stale || told >= least, "f{file} is told in version {told}, not in {least}");
    }

    /// Asks one of the questions.
    fn ask(&self, engine: &Engine, nth: u64) {
        let known = self.known();
        engine.refresh();
        let file = nth % FILES;
        match nth % 7 {
            0 => {
                let answer = engine.search(&search::Question::new(b"needle"), &Silent).unwrap();
                assert!(answer.stale || answer.hits.len() as u64 == FILES, "{answer:?}");
                for hit in &answer.hits {
                    let lines = &hit.passage.as_ref().unwrap().lines;
                    self.check(&known, answer.stale, &hit.path, &lines[0].bytes);
                }
            }
            1 => {
                let pattern = Pattern::new(&["needle"], How::default()).unwrap();
                let mut found: Vec<(Vec<u8>, LineHit)> = vec![];
                let mut sink = |file: File<'_>, lines: Vec<LineHit>| {
                    found.extend(lines.into_iter().map(|line| (file.name.path.clone(), line)));
                    Ok(())
                };
                let question = exact::Question::new(&pattern);
                let page = |_: File<'_>| Lines::default();
                let answer = engine.exact(&question, page, &mut sink, &Silent).unwrap();
                assert_eq!(answer.lines, found.len() as u64);
                assert!(answer.stale || answer.files == FILES, "{answer:?}");
                for (path, line) in &found {
                    self.check(&known, answer.stale, path, &line.bytes);
                }
            }
            2 => {
                let name = format!("item_{file}");
                let question = find::Question {
                    uses: Some((50, |lang, text| Outline::of(lang, text))),
                    ..find::Question::new(name.as_bytes())
                };
                let answer = engine.symbols(&question, &Silent).unwrap();
                assert!(answer.stale || answer.definitions.len() == 1, "{answer:?}");
                for definition in &answer.definitions {
                    assert_eq!((number(&definition.named.path), definition.line), (Some(file), 2));
                    self.check(
                        &known,
                        answer.stale,
                        &definition.named.path,
                        format!("// {}", definition.doc).as_bytes(),
                    );
                }
            }
            3 => {
                let path = self.root().join(format!("src/f{file}.rs"));
                let question = file::Question {
                    file: &path,
                    bytes: None,
                    lang: None,
                    kinds: &[],
                    depth: None,
                    reader: |lang, text| Outline::of(lang, text),
                };
                let answer = engine.outline(&question).unwrap();
                assert_eq!(answer.definitions.len(), 1);
                let doc = format!("// {}", answer.definitions[0].definition.doc);
                self.check(&known, false, format!("src/f{file}.rs").as_bytes(), doc.as_bytes());
            }
            4 => {
                let bounds =
                    Bounds { bytes: 8000, symbols: usize::MAX, depth: usize::MAX, kinds: &[] };
                let answer = engine.map(&Choice::default(), &bounds, &Silent).unwrap();
                assert!(answer.stale || u64::from(answer.map.size.files) >= FILES, "{answer:?}");
                for file in answer.map.folders.values().flat_map(|folder| &folder.files) {
                    let name = String::from_utf8_lossy(&file.named.path);
                    let number = number(&file.named.path).map(|number| format!("item_{number}"));
                    for entry in &file.entries {
                        let found = String::from_utf8_lossy(&entry.name).into_owned();
                        assert!(number.as_ref().is_none_or(|wanted| *wanted == found), "{name}");
                    }
                }
            }
            5 => {
                let path = format!("src/f{file}.rs");
                let answer = engine.text(None, path.as_bytes()).unwrap();
                let line = answer.text.split(|&byte| byte == b'\n').next().unwrap();
                self.check(&known, answer.stale, path.as_bytes(), line);
                let told = version(file, line).unwrap();
                assert_eq!(answer.text, content(file, told).as_bytes());
            }
            _ => {
                let (database, view) = engine.sql(&Choice::default()).unwrap();
                let mut rows = 0;
                let sql = "select path from symbols where name glob 'item_*'";
                let take = |row: Output<'_, '_>| {
                    rows += u64::from(matches!(row, Output::Row(_)));
                    Ok(())
                };
                database.run(sql, take).unwrap();
                assert!(view.stale() || rows == FILES, "{rows}");
            }
        }
    }
}

#[test]
fn eight_threads_ask_one_engine_while_the_tree_changes() {
    let tree = Tree::new();
    let engine = tree.engine();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let extra = tree.root().join("src/extra.rs");
            for step in 0.. {
                if done.load(Ordering::SeqCst) {
                    break;
                }
                tree.write(step % FILES);
                match step % 10 {
                    3 => fs::write(&extra, "pub fn extra() {}\n").unwrap(),
                    8 => fs::remove_file(&extra).unwrap(),
                    _ => {}
                }
                thread::yield_now();
            }
        });
        let ask = |first: u64| {
            let (tree, engine) = (&tree, &engine);
            scope.spawn(move || (0..ASKED).for_each(|nth| tree.ask(engine, first + nth)))
        };
        let asked: Vec<_> = (0..8).map(ask).collect();
        let all: Vec<_> = asked.into_iter().map(|thread| thread.join()).collect();
        done.store(true, Ordering::SeqCst);
        writer.join().unwrap();
        assert!(all.iter().all(Result::is_ok));
    });
    // When all is still, the answer is that of the tree.
    engine.refresh();
    let answer = engine.search(&search::Question::new(b"needle"), &Silent).unwrap();
    assert!(!answer.stale, "{answer:?}");
    let known = tree.known();
    let mut seen = BTreeSet::new();
    for hit in &answer.hits {
        let file = number(&hit.path).unwrap();
        let line = &hit.passage.as_ref().unwrap().lines[0].bytes;
        assert_eq!(version(file, line), Some(known[file as usize]));
        seen.insert(file);
    }
    assert_eq!(seen, (0..FILES).collect());
}

#[test]
fn an_engine_can_be_shared() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Engine>();
}

/// Wants nothing any more.
#[derive(Debug)]
struct Off;

impl Cancel for Off {
    fn cancelled(&self) -> bool {
        true
    }
}

impl Progress for Off {}

#[test]
fn who_does_not_want_an_answer_gets_none() {
    let tree = Tree::new();
    let engine = tree.engine();
    let cancelled = |error: anyhow::Error| error.is::<Cancelled>();
    let question = search::Question::new(b"needle");
    assert!(cancelled(engine.search(&question, &Off).unwrap_err()));
    let name = find::Question {
        uses: Some((50, |lang, text| Outline::of(lang, text))),
        ..find::Question::new(b"item_1")
    };
    assert!(cancelled(engine.symbols(&name, &Off).unwrap_err()));
    let pattern = Pattern::new(&["needle"], How::default()).unwrap();
    let mut sink = |_: File<'_>, _: Vec<LineHit>| Ok(());
    let exact = exact::Question::new(&pattern);
    let found = engine.exact(&exact, |_: File<'_>| Lines::default(), &mut sink, &Off);
    assert!(cancelled(found.unwrap_err()));
    // An index that is being built is given up.
    let place = tree.root().join("src");
    let index_dir = Some(tree.dir.path().join("another"));
    let building = Engine::with_progress(Request { index_dir, ..Request::new([place]) }, Off);
    assert!(cancelled(building.search(&question, &Silent).unwrap_err()));
}

#[test]
fn answers_can_be_serialised_whatever_files_are_called() {
    use std::os::unix::ffi::OsStrExt;
    let tree = Tree::new();
    let name = std::ffi::OsStr::from_bytes(b"src/\xff.rs");
    fs::write(tree.root().join(name), "// needle\npub fn odd() {}\n").unwrap();
    let engine = tree.engine();
    let answer = engine.search(&search::Question::new(b"needle odd"), &Silent).unwrap();
    let json = serde_json::to_value(&answer).unwrap();
    assert_eq!(json["hits"][0]["path"], serde_json::json!(b"src/\xff.rs"));
    assert_eq!(json["hits"][0]["passage"]["symbol"], "odd");
    let answer = engine.symbols(&find::Question::new(b"odd"), &Silent).unwrap();
    assert_eq!(serde_json::to_value(&answer).unwrap()["definitions"][0]["kind"], "function");
    let bounds = Bounds { bytes: 8000, symbols: 9, depth: 9, kinds: &[] };
    let answer = engine.map(&Choice::default(), &bounds, &Silent).unwrap();
    let json = serde_json::to_value(&answer).unwrap();
    assert_eq!(json["size"]["files"], FILES + 1, "{json}");
}

/// Counts what comes before the end of a file.
#[derive(Default)]
struct Parts {
    early: usize,
    lines: usize,
    most: usize,
}

impl Sink<Lines> for Parts {
    fn take(&mut self, _: File<'_>, page: &mut Lines, sum: Sum) -> anyhow::Result<()> {
        self.early += usize::from(!sum.ended);
        self.lines += page.lines.len();
        self.most = self.most.max(page.lines.len());
        exact::Page::clear(page);
        Ok(())
    }
}

#[test]
fn lines_of_a_long_file_come_before_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.txt");
    let lines = 600_000;
    fs::write(&path, "a line with a needle and more\n".repeat(lines)).unwrap();
    let engine = Engine::open(Request::new([path]));
    let pattern = Pattern::new(&["needle"], How::default()).unwrap();
    let mut parts = Parts::default();
    let question = exact::Question::new(&pattern);
    let answer =
        engine.exact(&question, |_: File<'_>| Lines::default(), &mut parts, &Silent).unwrap();
    assert_eq!((answer.lines, parts.lines), (lines as u64, lines));
    assert!(parts.early > 10 && parts.most < lines / 10, "{} {}", parts.early, parts.most);
}

fn rows(engine: &Engine, sql: &str) -> Vec<String> {
    let (database, _) = engine.sql(&Choice::default()).unwrap();
    let mut rows = vec![];
    let take = |row: Output<'_, '_>| {
        if let Output::Row(row) = row {
            rows.push(row.get::<usize, String>(0)?);
        }
        Ok(())
    };
    database.run(sql, take).unwrap();
    rows
}

#[test]
fn sql_finds_the_places_in_a_packed_log_that_search_finds() {
    let dir = tempfile::tempdir().unwrap();
    let line = |n: u32| match n % 500 {
        7 => format!("2026-01-01 00:00:{:02} ERROR retry {n} of the backoff failed\n", n % 60),
        _ => format!("2026-01-01 00:00:{:02} INFO request {n} done\n", n % 60),
    };
    let log: String = (0..6000).map(line).collect();
    fs::write(dir.path().join("a.log"), log).unwrap();
    let image = dir.path().join("a.sigla");
    let packed = assert_cmd::Command::new(env!("CARGO_BIN_EXE_sigla"))
        .args([Path::new("pack"), &dir.path().join("a.log"), Path::new("-o"), &image])
        .assert();
    packed.success();
    let engine = Engine::open(Request::new([image]));
    let answer = engine.search(&search::Question::new(b"backoff failed"), &Silent).unwrap();
    let told = answer.hits.iter().map(|hit| {
        let passage = hit.passage.as_ref().unwrap();
        let lines = passage.lines.iter().map(|line| String::from_utf8_lossy(&line.bytes));
        format!("{} {}", passage.line, lines.collect::<Vec<_>>().join("\n"))
    });
    let told: Vec<String> = told.collect();
    assert!(told.len() > 5, "{told:?}");
    let sql = "select line || ' ' || snippet from search('backoff failed') limit 10";
    assert_eq!(rows(&engine, sql), told);
}
