//! The speed corpus: real sources, pinned, the same on every machine.
//!
//! `corpus/` in this package names crates, wheels and Debian packages with their versions; the
//! ordinary clients (cargo, pip, apt) fetch and unpack them below `corpus/data/`, which git
//! ignores. From what they bring, three trees are laid out:
//!
//! - `all/`: every source and documentation file of at most 512 KiB (larger ones are tables,
//!   bundles and test data) that is valid UTF-8;
//! - `parsed/`: the files of `all/` that have a tree-sitter grammar in the bench (hard links);
//! - `tenfold/`: `all/` ten times over under different top folders, laid out only on demand. Its
//!   vocabulary does not grow: that favours an index over a scan, a little.
//!
//! `logs/` is not fetched but made: `corpus/logs/make` runs the programs that write them.
//!
//! Each tree holds an empty `.git`, so that no tool takes the surrounding project for its root.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;
use xxhash_rust::xxh3::xxh3_64;

/// Files of more bytes than this are no sources that anyone wrote.
pub const LARGEST: u64 = 512 << 10;
/// What the speed corpus is made of.
const LISTS: [&str; 4] = ["crates/Cargo.toml", "crates/Cargo.lock", "wheels.txt", "packages.txt"];
/// What makes the logs.
const LOGS: [&str; 8] = [
    "logs/make",
    "logs/packages.txt",
    "logs/nginx.conf",
    "logs/visitors.py",
    "logs/shop.sql",
    "logs/order.sql",
    "logs/browse.sql",
    "logs/report.sql",
];
/// How many copies make the large tree.
const COPIES: usize = 10;

const PLAIN: [&str; 20] = [
    "S", "asm", "cc", "cfg", "cpp", "css", "hpp", "html", "ini", "json", "md", "pl", "pm", "rst",
    "s", "sh", "toml", "txt", "yaml", "yml",
];

/// The languages that have a grammar in the bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Grammar {
    C,
    Go,
    JavaScript,
    Python,
    Rust,
    TypeScript,
    Tsx,
}

impl Grammar {
    /// The grammar of a file, by its extension.
    pub fn of(path: &Path) -> Option<Self> {
        Some(match path.extension()?.to_str()? {
            "c" | "h" => Self::C,
            "go" => Self::Go,
            "js" | "mjs" | "cjs" | "jsx" => Self::JavaScript,
            "py" | "pyi" => Self::Python,
            "rs" => Self::Rust,
            "ts" | "mts" | "cts" => Self::TypeScript,
            "tsx" => Self::Tsx,
            _ => return None,
        })
    }
}

/// A tree of files, with what it holds.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Its root.
    pub root: PathBuf,
    /// Its files, sorted by path.
    pub files: Vec<PathBuf>,
    /// Their bytes.
    pub bytes: u64,
}

impl Tree {
    /// Lists a tree.
    pub fn list(root: &Path) -> Result<Self> {
        let (mut files, mut bytes) = (Vec::new(), 0);
        for entry in WalkBuilder::new(root).build() {
            let entry = entry?;
            if entry.file_type().is_some_and(|t| t.is_file()) {
                bytes += entry.metadata()?.len();
                files.push(entry.into_path());
            }
        }
        files.sort();
        Ok(Self { root: root.to_path_buf(), files, bytes })
    }

    /// "10,000 files, 128.0 MB".
    pub fn describe(&self) -> String {
        format!("{} files, {:.1} MB", self.files.len(), self.bytes as f64 / 1e6)
    }
}

/// Where the lists of pinned things are, and `data/` with what they bring.
pub(crate) fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The folder for everything fetched and laid out.
pub fn data() -> PathBuf {
    home().join("data")
}

/// The whole corpus, fetched and laid out if it is not there.
pub fn all() -> Result<Tree> {
    ensure("all", &LISTS, |to| {
        let fetched = fetch()?;
        for (name, from) in &fetched {
            lay_out(from, &to.join(name))?;
        }
        Ok(())
    })
}

/// The files of the corpus that have a grammar.
pub fn parsed() -> Result<Tree> {
    let all = all()?;
    ensure("parsed", &LISTS, |to| {
        for file in all.files.iter().filter(|f| Grammar::of(f).is_some()) {
            let target = to.join(file.strip_prefix(&all.root)?);
            fs::create_dir_all(target.parent().unwrap_or(to))?;
            fs::hard_link(file, target)?;
        }
        Ok(())
    })
}

/// Packages with documented functions that nothing else uses: no weight was learned from them.
pub fn pairs() -> Result<Tree> {
    let lists = ["pairs/Cargo.toml", "pairs/Cargo.lock", "pairs/wheels.txt"];
    ensure("pairs", &lists, |to| {
        let raw = scratch("raw-pairs")?;
        let mut folders = crates("pairs/Cargo.toml", &raw.join("crates"))?;
        folders.push(("wheels".into(), wheels("pairs/wheels.txt", &raw.join("wheels"))?));
        for (name, from) in &folders {
            lay_out(from, &to.join(name))?;
        }
        Ok(fs::remove_dir_all(&raw)?)
    })
}

/// Logs of real programs: about 100 MB in three files.
pub fn logs() -> Result<Tree> {
    ensure("logs", &LOGS, |to| {
        eprintln!("corpus: running dpkg, nginx and PostgreSQL for their logs, some minutes");
        quiet(Command::new(home().join(LOGS[0])).arg(to))
    })
}

/// The corpus ten times over.
pub fn tenfold() -> Result<Tree> {
    let all = all()?;
    ensure("tenfold", &LISTS, |to| {
        for file in &all.files {
            let inner = file.strip_prefix(&all.root)?;
            for copy in 0..COPIES {
                let target = to.join(format!("copy{copy}")).join(inner);
                fs::create_dir_all(target.parent().unwrap_or(to))?;
                fs::copy(file, target)?;
            }
        }
        Ok(())
    })
}

/// A tree below `data/`, made anew when it is absent or the pins have changed since. It appears
/// whole, by a rename, or not at all.
///
/// `lists` are the files of pins below `corpus/`.
pub(crate) fn ensure(
    name: &str,
    lists: &[&str],
    fill: impl FnOnce(&Path) -> Result<()>,
) -> Result<Tree> {
    let root = data().join(name);
    let stamp = data().join(format!("{name}.pins"));
    let pins = format!("{:016x}", pins(lists)?);
    if fs::read_to_string(&stamp).ok().as_deref() != Some(&pins) {
        eprintln!("corpus: laying out {}", root.display());
        fs::create_dir_all(data())?;
        let half = data().join(format!("{name}.half"));
        for old in [&half, &root] {
            if old.exists() {
                fs::remove_dir_all(old)?;
            }
        }
        fs::create_dir_all(half.join(".git"))?;
        fill(&half)?;
        fs::rename(&half, &root)?;
        fs::write(&stamp, &pins)?;
    }
    Tree::list(&root)
}

/// Identity of everything pinned, and of the rules above.
fn pins(lists: &[&str]) -> Result<u64> {
    let mut text = format!("{LARGEST} {PLAIN:?} {COPIES}").into_bytes();
    for list in lists {
        let path = home().join(list);
        text.extend(fs::read(&path).with_context(|| path.display().to_string())?);
    }
    Ok(xxh3_64(&text))
}

/// An empty folder below [`data`], to fetch into.
pub(crate) fn scratch(name: &str) -> Result<PathBuf> {
    let folder = data().join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Fetches what is pinned; returns the folders to lay out and the names they get.
fn fetch() -> Result<Vec<(String, PathBuf)>> {
    let raw = scratch("raw")?;
    let mut folders = crates("crates/Cargo.toml", &raw.join("crates"))?;
    folders.push(("wheels".into(), wheels("wheels.txt", &raw.join("wheels"))?));
    let named = packages("packages.txt", &raw.join("packages"))?;
    folders.extend(named.into_iter().map(|(name, from)| (format!("packages/{name}"), from)));
    Ok(folders)
}

/// The lines of a list of pins below `corpus/`, without its remarks.
pub(crate) fn lines(list: &str) -> Result<Vec<String>> {
    let path = home().join(list);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

/// The crates named in a manifest, by `cargo vendor`.
fn crates(manifest: &str, to: &Path) -> Result<Vec<(String, PathBuf)>> {
    let manifest = home().join(manifest);
    eprintln!("corpus: cargo vendor");
    quiet(Command::new("cargo").args(["vendor", "--locked", "--versioned-dirs"]).args([
        "--manifest-path".as_ref(),
        manifest.as_os_str(),
        to.as_os_str(),
    ]))?;
    let manifest = fs::read_to_string(manifest)?;
    let named: BTreeSet<(&str, &str)> = manifest
        .lines()
        .filter_map(|line| line.split_once(" = \"="))
        .map(|(name, version)| (name, version.trim_end_matches('"')))
        .collect();
    named
        .into_iter()
        .map(|(name, version)| {
            let stem = format!("{name}-{version}");
            let folder = fs::read_dir(to)?
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .find(|path| {
                    // `zstd-sys-2.1.2+zstd.1.5.7`: what follows the plus is no part of a pin.
                    path.file_name()
                        .and_then(|n| n.to_str())
                        .is_some_and(|n| n.split('+').next() == Some(stem.as_str()))
                })
                .with_context(|| format!("cargo vendor brought no {stem}"))?;
            Ok((format!("crates/{stem}"), folder))
        })
        .collect()
}

/// The wheels of a list, unpacked by pip.
pub(crate) fn wheels(list: &str, to: &Path) -> Result<PathBuf> {
    eprintln!("corpus: pip install --target");
    quiet(
        Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"])
            .args(["--only-binary=:all:", "--platform=any", "--python-version=3.11", "--target"])
            .arg(to)
            .arg("-r")
            .arg(home().join(list)),
    )?;
    Ok(to.to_path_buf())
}

/// The Debian packages of a list. A version that the archive no longer holds is replaced by the
/// current one, and said so: figures then compare only within one corpus, whose bytes are printed.
pub(crate) fn packages(list: &str, to: &Path) -> Result<Vec<(String, PathBuf)>> {
    fs::create_dir_all(to)?;
    eprintln!("corpus: apt-get download");
    let mut folders = Vec::new();
    for pin in &lines(list)? {
        let name = pin.split('=').next().unwrap_or(pin);
        let place = to.join(name);
        fs::create_dir_all(&place)?;
        let download = |what: &str| {
            quiet(Command::new("apt-get").args(["download", "-qq", what]).current_dir(&place))
        };
        if download(pin).is_err() {
            eprintln!("corpus: {pin} is gone from the archive: taking its current version");
            download(name)?;
        }
        let archive = fs::read_dir(&place)?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|e| e == "deb"))
            .with_context(|| format!("apt-get brought no {name}"))?;
        let unpacked = place.join("root");
        quiet(Command::new("dpkg").arg("-x").args([archive, unpacked.clone()]))?;
        folders.push((name.to_owned(), unpacked));
    }
    Ok(folders)
}

/// The npm packages of a list, as they were published.
pub(crate) fn npm(list: &str, to: &Path) -> Result<Vec<(String, PathBuf)>> {
    eprintln!("corpus: npm pack");
    let mut folders = Vec::new();
    for pin in lines(list)? {
        let (name, _) = pin.rsplit_once('@').context("name@version")?;
        let place = to.join(name);
        fs::create_dir_all(&place)?;
        quiet(Command::new("npm").args(["pack", "--silent", &pin]).current_dir(&place))?;
        let archive = fs::read_dir(&place)?.next().context("npm pack brought nothing")??.path();
        quiet(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&place))?;
        folders.push((name.replace('/', "-"), only_folder(&place)?));
    }
    Ok(folders)
}

/// The folder that appeared in another.
pub(crate) fn only_folder(of: &Path) -> Result<PathBuf> {
    fs::read_dir(of)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.is_dir())
        .with_context(|| format!("nothing was unpacked in {}", of.display()))
}

/// Copies the sources and documents below `from`.
fn lay_out(from: &Path, to: &Path) -> Result<()> {
    copy(from, to, LARGEST, |path| Grammar::of(path).is_some() || is_plain(path))
}

/// Copies those of the texts below `from` that are wanted and have at most `largest` bytes.
pub(crate) fn copy(
    from: &Path,
    to: &Path,
    largest: u64,
    wanted: impl Fn(&Path) -> bool,
) -> Result<()> {
    for entry in WalkBuilder::new(from).standard_filters(false).hidden(true).build() {
        let entry = entry?;
        let path = entry.path();
        let wanted = entry.file_type().is_some_and(|t| t.is_file())
            && wanted(path)
            && (1..=largest).contains(&entry.metadata()?.len());
        if !wanted {
            continue;
        }
        let bytes = fs::read(path)?;
        if !bytes.contains(&0) && std::str::from_utf8(&bytes).is_ok() {
            let target = to.join(path.strip_prefix(from)?);
            fs::create_dir_all(target.parent().unwrap_or(to))?;
            fs::write(target, bytes)?;
        }
    }
    Ok(())
}

fn is_plain(path: &Path) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| PLAIN.contains(&e))
}

/// Runs a client; its last words are the error.
pub(crate) fn quiet(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let last: Vec<&str> = words.trim().lines().rev().take(5).collect();
        bail!(
            "{command:?} ended with {}: {}",
            output.status,
            last.into_iter().rev().collect::<Vec<_>>().join("\n")
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammars_go_by_extension() {
        assert_eq!(Grammar::of(Path::new("a/b.pyi")), Some(Grammar::Python));
        assert_eq!(Grammar::of(Path::new("README.md")), None);
        assert!(is_plain(Path::new("README.md")) && !is_plain(Path::new("logo.png")));
    }

    #[test]
    fn what_is_pinned_is_there() -> Result<()> {
        assert_eq!(pins(&LISTS)?, pins(&LISTS)?);
        assert!(pins(&["absent.txt"]).is_err());
        Ok(())
    }

    #[test]
    fn only_sources_are_laid_out() -> Result<()> {
        let (from, to) = (tempfile::tempdir()?, tempfile::tempdir()?);
        fs::write(from.path().join("a.rs"), "fn a() {}")?;
        fs::write(from.path().join("b.png"), "PNG")?;
        fs::write(from.path().join("c.txt"), [0xff, 0xfe])?;
        fs::write(from.path().join("d.md"), "")?;
        lay_out(from.path(), to.path())?;
        let tree = Tree::list(to.path())?;
        assert_eq!(tree.files, [to.path().join("a.rs")]);
        assert_eq!(tree.describe(), "1 files, 0.0 MB");
        Ok(())
    }
}
