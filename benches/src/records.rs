//! The codec's corpora: records of at most [`RECORD_MAX`] bytes of seven kinds.
//!
//! `corpus/records/` in this package names npm packages, Debian packages and wheels with their
//! versions; the ordinary clients fetch them, and `corpus/data/records/` gets their JSON, Python and
//! prose. The crates, wheels and documents of the speed corpus ([`corpus::all`]) come to those. What
//! one is trained on and what is tested are of different projects, except for logs: there the first
//! half of each trains, and the second is tested.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    path::{Component, Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde_json::Value;
use sigla_core::outline::{Event, Kind, Lang, outline};
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    corpus::{self, Tree, copy, npm, packages, quiet, scratch, wheels},
    samples,
};

/// The longest record.
pub const RECORD_MAX: usize = 2048;
/// Lines of a log that share an anchor.
pub const GROUP: usize = 32;
/// What is trained on at most, in bytes.
const TRAIN: usize = 3_000_000;
/// What is tested at most, in bytes.
const TEST: usize = 1_500_000;
/// Lines of code in a record.
const LINES: usize = 40;
/// Shorter pieces of code are no records.
const CODE_MIN: usize = 64;
/// Shorter paragraphs are headings.
const PARAGRAPH_MIN: usize = 40;
/// Smaller objects are parts of records.
const OBJECT_MIN: usize = 150;
/// What one package gives of JSON at most, in bytes, so that none drowns the others.
const JSON_EACH: usize = 300_000;
/// The largest file of JSON: some packages are one file.
const JSON_MAX: u64 = 32 << 20;
/// The largest file of text.
const TEXT_MAX: u64 = 1 << 20;
/// What the general codebook takes of a large part, in bytes.
const GENERAL: usize = 500_000;
/// The lines taken of one log at most.
const LOG_LINES: usize = 10_000;

/// A record's bytes.
pub type Text = Vec<u8>;

/// Records to train on, and those to test.
#[derive(Clone, Debug, Default)]
pub struct Halves {
    /// Of the projects that are trained on, or the first halves of logs.
    pub train: Vec<Text>,
    /// Of the others.
    pub test: Vec<Text>,
}

impl Halves {
    /// "2,000 records of 1,215 bytes to train on, ..."
    pub fn describe(&self) -> String {
        let half = |records: &[Text]| {
            let bytes: usize = records.iter().map(Vec::len).sum();
            let mean = bytes / records.len().max(1);
            format!("{} records of {mean} bytes ({:.2} MB)", records.len(), bytes as f64 / 1e6)
        };
        format!("train {}, test {}", half(&self.train), half(&self.test))
    }
}

/// The records of each project.
type Projects = BTreeMap<String, Vec<Text>>;

impl Halves {
    /// One project of four is tested, by the hash of its name; records in the order of theirs.
    /// Nothing that is trained on is tested, and nothing is there twice.
    fn split(projects: Projects) -> Self {
        let (mut halves, mut seen) = (Self::default(), HashSet::new());
        for (test, half, most) in
            [(false, &mut halves.train, TRAIN), (true, &mut halves.test, TEST)]
        {
            let ours = |name: &str| xxh3_64(name.as_bytes()).is_multiple_of(4) == test;
            let records = projects.iter().filter(|(name, _)| ours(name));
            for record in records.flat_map(|(_, records)| records) {
                if seen.insert(xxh3_64(record)) {
                    half.push(record.clone());
                }
            }
            take(half, most);
        }
        halves
    }
}

/// Keeps `most` bytes of the records, those of the least hashes.
fn take(records: &mut Vec<Text>, most: usize) {
    records.sort_by_cached_key(|record| xxh3_64(record));
    let mut left = most;
    records.retain(|record| {
        let taken = record.len() <= left;
        left = if taken { left - record.len() } else { 0 };
        taken
    });
}

/// The packages that only the codec's bench uses.
fn own() -> Result<Tree> {
    let lists = ["npm.txt", "packages.txt", "wheels.txt", "old.txt", "new.txt"]
        .map(|list| format!("records/{list}"));
    let [of_npm, of_debian, of_pip, old, new] = &lists;
    corpus::ensure("records", &lists.each_ref().map(String::as_str), |to| {
        let raw = scratch("records.raw")?;
        let mut folders = Vec::new();
        for (name, from) in npm(of_npm, &raw.join("npm"))? {
            folders.push((format!("npm/{name}"), from));
        }
        for (name, from) in packages(of_debian, &raw.join("packages"))? {
            folders.push((format!("packages/{name}"), from));
        }
        for (name, list) in [("wheels", of_pip), ("old", old), ("new", new)] {
            folders.push((name.to_owned(), wheels(list, &raw.join(name))?));
        }
        let packed = ["-name", "*.gz", "-exec", "gzip", "-dqf", "{}", "+"];
        quiet(Command::new("find").arg(&raw).args(["-type", "f"]).args(packed))?;
        for (name, from) in folders {
            let to = to.join(name);
            copy(&from, &to, JSON_MAX, |path| has_extension(path, &["json"]))?;
            copy(&from, &to, TEXT_MAX, |path| has_extension(path, &["py", "md", "rst", "txt"]))?;
        }
        Ok(fs::remove_dir_all(raw)?)
    })
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.contains(&e))
}

/// The project that a file belongs to, by its path in a tree; crates and wheels of one family
/// (`swc_ecma_parser`, `swc_ecma_minifier`) are one. `None` of a wheel's description.
fn project(inner: &Path) -> Option<String> {
    let parts: Vec<&str> = inner
        .components()
        .filter_map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    let name = match parts[..] {
        ["wheels", name, ..] if name.ends_with(".dist-info") => return None,
        ["wheels" | "crates", name, ..] => name.split(['-', '_', '.']).find(|s| !s.is_empty())?,
        ["packages", name, "usr", "lib", "python3.11", module, ..] if name.contains("stdlib") => {
            module.trim_end_matches(".py")
        }
        [_, name, _, ..] => name,
        _ => return None,
    };
    Some(name.to_owned())
}

/// The records of the files that are wanted, by their projects.
fn gather(
    trees: &[&Tree],
    wanted: impl Fn(&Path) -> bool,
    records: impl Fn(&[u8], &mut Vec<Text>),
) -> Result<Projects> {
    let mut projects = Projects::new();
    for tree in trees {
        for file in &tree.files {
            let inner = file.strip_prefix(&tree.root)?;
            if let (true, Some(project)) = (wanted(inner), project(inner)) {
                records(&fs::read(file)?, projects.entry(project).or_default());
            }
        }
    }
    Ok(projects)
}

/// [`LINES`] lines a record, less where they are too long.
fn code(text: &[u8], records: &mut Vec<Text>) {
    let lines: Vec<&[u8]> = text.split_inclusive(|&b| b == b'\n').collect();
    for lines in lines.chunks(LINES) {
        let lines = lines.concat();
        let pieces = lines.chunks(RECORD_MAX).filter(|piece| piece.len() >= CODE_MIN);
        records.extend(pieces.map(<[u8]>::to_vec));
    }
}

/// Rust, of the crates of the speed corpus.
pub fn rust() -> Result<Halves> {
    let wanted = |inner: &Path| inner.starts_with("crates") && has_extension(inner, &["rs"]);
    Ok(Halves::split(gather(&[&corpus::all()?], wanted, code)?))
}

/// Python, of wheels and the standard library.
pub fn python() -> Result<Halves> {
    python_besides(|_| false)
}

/// Python of other projects than those.
pub fn python_besides(those: impl Fn(&str) -> bool) -> Result<Halves> {
    let wanted = |inner: &Path| !is_release(inner) && has_extension(inner, &["py"]);
    let mut projects = gather(&[&corpus::all()?, &own()?], wanted, code)?;
    projects.retain(|project, _| !those(project));
    Ok(Halves::split(projects))
}

/// Whether a file is of the packages that [`changed`] compares.
fn is_release(inner: &Path) -> bool {
    inner.starts_with("old") || inner.starts_with("new")
}

/// Paragraphs of documents and READMEs.
pub fn prose() -> Result<Halves> {
    let wanted = |inner: &Path| {
        // Text files of crates are mostly test data.
        let extensions: &[&str] =
            if inner.starts_with("crates") { &["md"] } else { &["md", "rst", "txt"] };
        !is_release(inner) && has_extension(inner, extensions)
    };
    let paragraphs = |text: &[u8], records: &mut Vec<Text>| {
        let text = String::from_utf8_lossy(text);
        let paragraphs = text.split("\n\n").map(|paragraph| format!("{paragraph}\n"));
        records.extend(
            paragraphs
                .map(String::into_bytes)
                .filter(|p| (PARAGRAPH_MIN..=RECORD_MAX).contains(&p.len())),
        );
    };
    Ok(Halves::split(gather(&[&corpus::all()?, &own()?], wanted, paragraphs)?))
}

/// Objects of the JSON that programs are published with: packages, locales, schemas.
pub fn json() -> Result<Halves> {
    let files = corpus::ensure("files", &["records/files.txt"], |to| {
        let raw = scratch("files.raw")?;
        for (name, from) in npm("records/files.txt", &raw)? {
            copy(&from, &to.join("npm").join(name), JSON_MAX, |path| {
                has_extension(path, &["json"])
            })?;
        }
        Ok(fs::remove_dir_all(raw)?)
    })?;
    objects_of(&files)
}

/// Objects of JSON that is data: models of services, tables of browsers, countries, licences.
pub fn data_json() -> Result<Halves> {
    objects_of(&own()?)
}

/// Objects of JSON, the outermost that fit a record, as a program writes them: no blanks.
fn objects_of(tree: &Tree) -> Result<Halves> {
    let wanted = |inner: &Path| !is_release(inner) && has_extension(inner, &["json"]);
    let mut projects = gather(&[tree], wanted, |text, records| {
        if let Ok(value) = serde_json::from_slice(text) {
            objects(&value, records);
        }
    })?;
    for records in projects.values_mut() {
        records.sort();
        records.dedup();
        take(records, JSON_EACH);
    }
    Ok(Halves::split(projects))
}

fn objects(value: &Value, records: &mut Vec<Text>) {
    match value {
        Value::Object(members) => {
            let text = value.to_string().into_bytes();
            if (OBJECT_MIN..=RECORD_MAX).contains(&text.len()) {
                records.push(text);
            } else if text.len() > RECORD_MAX {
                members.values().for_each(|value| objects(value, records));
            }
        }
        Value::Array(values) => values.iter().for_each(|value| objects(value, records)),
        _ => {}
    }
}

/// What the general codebook is learned from, part after part: Rust, Python, each other language of
/// the outline's corpus, prose, JSON, and lines of logs; nothing that the bench tests.
pub fn general() -> Result<Vec<(&'static str, Vec<Text>)>> {
    let mut parts = Vec::new();
    let mut part = |name, mut records: Vec<Text>, most| {
        take(&mut records, most);
        parts.push((name, records));
    };
    part("Rust", rust()?.train, GENERAL);
    part("Python", python()?.train, GENERAL);
    let samples = samples::all()?;
    for lang in samples::LANGS.into_iter().filter(|l| !matches!(l, Lang::Rust | Lang::Python)) {
        let mut records = Vec::new();
        for file in &samples.files {
            if Lang::detect(file.as_os_str().as_encoded_bytes(), &[]) == lang {
                code(&fs::read(file)?, &mut records);
            }
        }
        part(lang.name(), records, GENERAL / 8);
    }
    part("prose", prose()?.train, GENERAL);
    part("JSON", json()?.train, GENERAL / 4);
    part("data", data_json()?.train, GENERAL / 4);
    let logs = corpus::ensure("codebook", &["codebook/packages.txt"], |to| {
        let raw = scratch("codebook.raw")?;
        for (name, from) in packages("codebook/packages.txt", &raw)? {
            let logs = |path: &Path| path.parent().is_some_and(|p| p.ends_with("files/logs"));
            copy(&from, &to.join(name), TEXT_MAX, logs)?;
        }
        Ok(fs::remove_dir_all(raw)?)
    })?;
    let mut lines = Vec::new();
    for file in &logs.files {
        let text = fs::read(file)?;
        // The tests say what they expect in comments.
        let own = text.split_inclusive(|&b| b == b'\n').filter(|line| !line.starts_with(b"#"));
        lines.extend(own.filter(|line| (2..=RECORD_MAX).contains(&line.len())).map(<[u8]>::to_vec));
    }
    part("logs", lines, GENERAL);
    Ok(parts)
}

/// The lines of a log, in two halves.
#[derive(Clone, Debug)]
pub struct Log {
    /// Its file's name.
    pub name: String,
    /// The lines of its first half.
    pub train: Vec<Text>,
    /// The lines of its second half.
    pub test: Vec<Text>,
}

/// The logs of `folder`, and those that the package manager left on this machine.
pub fn logs(folder: Option<&Path>) -> Result<Vec<Log>> {
    let mut files: Vec<PathBuf> = ["dpkg.log", "apt/history.log", "apt/term.log"]
        .map(|log| Path::new("/var/log").join(log))
        .into();
    files.retain(|file| fs::File::open(file).is_ok());
    if let Some(folder) = folder {
        let tree = Tree::list(folder)?;
        files.splice(..0, tree.files.into_iter().filter(|file| has_extension(file, &["log"])));
    }
    let mut logs = Vec::new();
    for file in files {
        let text = fs::read(&file).with_context(|| file.display().to_string())?;
        let lines = text.split_inclusive(|&b| b == b'\n');
        let mut train: Vec<Text> = lines
            .filter(|line| line.len() <= RECORD_MAX && !line.trim_ascii().is_empty())
            .take(LOG_LINES)
            .map(<[u8]>::to_vec)
            .collect();
        let test = train.split_off(train.len() / 2);
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        logs.push(Log { name, train, test });
    }
    Ok(logs)
}

/// A function before and after it was changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// What it was.
    pub old: Text,
    /// What it is.
    pub new: Text,
}

/// The functions and methods of each package that changed between two of its releases.
pub fn changed() -> Result<BTreeMap<String, Vec<Change>>> {
    let tree = own()?;
    let mut releases = [HashMap::new(), HashMap::new()];
    for (release, functions) in ["old", "new"].into_iter().zip(&mut releases) {
        let root = tree.root.join(release);
        for file in tree.files.iter().filter(|file| has_extension(file, &["py"])) {
            if let Ok(inner) = file.strip_prefix(&root) {
                functions_of(inner, &fs::read(file)?, functions);
            }
        }
    }
    let [old, new] = releases;
    let mut changes: BTreeMap<String, Vec<(Function, Change)>> = BTreeMap::new();
    for (function, new) in new {
        let Some(old) = old.get(&function).filter(|old| **old != new) else { continue };
        let top = function.0.components().next().context("a file in a folder")?;
        let package = top.as_os_str().to_string_lossy().into_owned();
        if old.len().max(new.len()) <= RECORD_MAX {
            let change = Change { old: old.clone(), new };
            changes.entry(package).or_default().push((function, change));
        }
    }
    let in_order = |(package, mut changes): (String, Vec<(Function, Change)>)| {
        changes.sort_by(|(a, _), (b, _)| a.cmp(b));
        (package, changes.into_iter().map(|(_, change)| change).collect())
    };
    Ok(changes.into_iter().map(in_order).collect())
}

/// Where a function stands: its file, its classes and its name.
type Function = (PathBuf, String);

/// Finds the functions and methods of a file of Python; of two of one name the last.
fn functions_of(file: &Path, text: &[u8], functions: &mut HashMap<Function, Text>) {
    let mut open: Vec<(Kind, &[u8], usize)> = Vec::new();
    outline(Lang::Python, text, &mut |event| match event {
        Event::Open(found) => open.push((found.kind, found.name, found.signature)),
        Event::Close { end, .. } => {
            let name = open.iter().map(|&(_, name, _)| String::from_utf8_lossy(name));
            let name = name.collect::<Vec<_>>().join(".");
            let Some((kind, _, start)) = open.pop() else { return };
            let inside = open.iter().any(|&(kind, ..)| is_function(kind));
            let before = text.get(..start).unwrap_or_default();
            let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
            if let (true, false, Some(body)) = (is_function(kind), inside, text.get(start..end)) {
                functions.insert((file.to_path_buf(), name), body.to_vec());
            }
        }
        _ => {}
    });
}

fn is_function(kind: Kind) -> bool {
    matches!(kind, Kind::Function | Kind::Method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_one_project() {
        let of = |path: &str| project(Path::new(path)).unwrap_or_default();
        assert_eq!(of("crates/swc_ecma_parser-47.0.0/src/lib.rs"), "swc");
        assert_eq!(of("wheels/_pytest/main.py"), "pytest");
        assert_eq!(of("packages/libpython3.11-stdlib/usr/lib/python3.11/ast.py"), "ast");
        assert_eq!(of("npm/cldr-core/a.json"), "cldr-core");
        assert_eq!(of("wheels/rich-15.0.0.dist-info/README.md"), "");
    }

    #[test]
    fn halves_have_nothing_in_common() {
        let text = |text: &str| text.repeat(20).into_bytes();
        let mut projects = Projects::new();
        for name in 'a'..='z' {
            projects.insert(name.into(), vec![text("same"), text(&format!("only {name}"))]);
        }
        let halves = Halves::split(projects);
        assert_eq!(halves.train.len() + halves.test.len(), 27);
        assert!(!halves.test.contains(&text("same")) && !halves.test.is_empty());
    }

    #[test]
    fn the_largest_objects_that_fit_are_records() -> Result<()> {
        let inner = format!("{{\"b\":\"{}\",\"a\":{{}}}}", "x".repeat(OBJECT_MIN));
        let text = format!("[{{ \"more\": [{}] }}]", vec![inner.clone(); 30].join(", "));
        let mut records = Vec::new();
        objects(&serde_json::from_str(&text)?, &mut records);
        assert_eq!(records, vec![inner.into_bytes(); 30]);
        Ok(())
    }

    #[test]
    fn functions_have_qualified_names() {
        let text = b"import a\n\n@b\ndef f(x):\n    def g():\n        pass\n    return g\n\nclass C:\n    \
                     async def m(self):\n        return 1\n";
        let mut functions = HashMap::new();
        functions_of(Path::new("a.py"), text, &mut functions);
        let mut found: Vec<_> =
            functions.iter().map(|((_, name), text)| (&**name, &**text)).collect();
        found.sort();
        let [(first, f), (second, m)] = found[..] else { panic!("{found:?}") };
        assert_eq!((first, second), ("C.m", "f"));
        assert!(f.starts_with(b"    async def m") && m.starts_with(b"def f"), "{found:?}");
    }
}
