//! A tree of files that changes.

use std::collections::BTreeMap;
use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::random::Random;

/// What lines are made of: words that are alike, signs, letters of other scripts.
const WORDS: &[&str] = &[
    "retry", "Retry", "RETRIES", "back_off", "backoff", "foo", "fo", "ab", "a", "x", "foobar",
    "größe", "GRÖßE", "日本", "fn", "()", "(a|b)", "1.5", "15", "//", "\t", "a.b", "-x", "{", "\\",
];
const ENDS: &[&str] = &["rs", "py", "md", "json", "conf", "txt", "ign"];
const FOLDERS: &[&str] = &["", "", "d0/", "d1/", "d0/e/", "d2/e/"];
/// Rules of an ignore file; none of what a glob asks for, which ripgrep then takes.
const IGNORED: &[&str] = &["*.ign", "d1/", "f3.conf"];

/// A folder with files, beside a cache and a file of patterns.
pub struct Tree {
    dir: TempDir,
    /// What was done, for whoever reads of a failure.
    pub history: Vec<String>,
}

impl Tree {
    /// A small one.
    pub fn new(random: &mut Random) -> Tree {
        let dir = tempfile::tempdir().unwrap();
        let mut tree = Tree { dir, history: vec![] };
        fs::create_dir_all(tree.root().join(".git")).unwrap();
        for _ in 0..1 + random.below(12) {
            tree.write(random);
        }
        tree
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("tree")
    }

    pub fn cache(&self) -> PathBuf {
        self.dir.path().join("cache")
    }

    /// Where a query's patterns are written, outside the tree.
    pub fn patterns(&self) -> &Path {
        self.dir.path()
    }

    /// What is searched: paths and decoded texts, found without any of our code.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let ignored = fs::read_to_string(self.root().join(".ignore")).unwrap_or_default();
        let ignored: Vec<&str> = ignored.lines().collect();
        let mut files = BTreeMap::new();
        collect(&self.root(), "", &ignored, &mut files);
        files
    }

    /// A word that texts have.
    pub fn word(random: &mut Random) -> &'static str {
        random.of(WORDS)
    }

    /// A few changes, now and then none.
    pub fn change(&mut self, random: &mut Random, kept_stamps: bool) {
        for _ in 0..random.below(4) {
            match random.below(if kept_stamps { 10 } else { 9 }) {
                0..=2 => self.write(random),
                3 => self.append(random),
                4 => self.remove(random),
                5 => self.rename(random),
                6 => self.rename_folder(random),
                7 => self.ignore(random),
                8 => self.replace(random),
                _ => self.edit_in_secret(random),
            }
        }
    }

    fn did(&mut self, what: String) {
        self.history.push(what);
    }

    fn write(&mut self, random: &mut Random) {
        let path = name(random);
        let full = self.root().join(&path);
        let text = content(random);
        // A file stands where a folder was to be, or the other way round.
        if fs::create_dir_all(full.parent().unwrap()).is_ok() && fs::write(&full, &text).is_ok() {
            self.did(format!("write {path}: {:?}", String::from_utf8_lossy(&text)));
        }
    }

    fn append(&mut self, random: &mut Random) {
        let Some(path) = self.some_file(random) else { return };
        let mut text = fs::read(&path).unwrap();
        text.extend(line(random).into_bytes());
        fs::write(&path, &text).unwrap();
        self.did(format!("append to {}: {:?}", path.display(), String::from_utf8_lossy(&text)));
    }

    fn remove(&mut self, random: &mut Random) {
        let Some(path) = self.some_file(random) else { return };
        fs::remove_file(&path).unwrap();
        self.did(format!("remove {}", path.display()));
    }

    fn rename(&mut self, random: &mut Random) {
        let Some(path) = self.some_file(random) else { return };
        let to = name(random);
        let full = self.root().join(&to);
        if fs::create_dir_all(full.parent().unwrap()).is_ok() && fs::rename(&path, full).is_ok() {
            self.did(format!("rename {} to {to}", path.display()));
        }
    }

    fn rename_folder(&mut self, random: &mut Random) {
        let (from, to) = (random.of(&["d0", "d1", "d2"]), random.of(&["d0", "d1", "d3"]));
        if fs::rename(self.root().join(from), self.root().join(to)).is_ok() {
            self.did(format!("rename {from} to {to}"));
        }
    }

    fn ignore(&mut self, random: &mut Random) {
        let rules: Vec<&str> = IGNORED.iter().copied().filter(|_| random.one_in(2)).collect();
        let path = self.root().join(".ignore");
        let _ = fs::remove_file(&path);
        if !rules.is_empty() {
            fs::write(path, rules.join("\n")).unwrap();
        }
        self.did(format!("ignore {rules:?}"));
    }

    /// As editors do it: a new file takes the place of the old one.
    fn replace(&mut self, random: &mut Random) {
        let Some(path) = self.some_file(random) else { return };
        let (new, text) = (self.dir.path().join("new"), content(random));
        fs::write(&new, &text).unwrap();
        fs::rename(new, &path).unwrap();
        self.did(format!("replace {}: {:?}", path.display(), String::from_utf8_lossy(&text)));
    }

    /// Other bytes, as many, in the same file, which then has the same time.
    fn edit_in_secret(&mut self, random: &mut Random) {
        let Some(path) = self.some_file(random) else { return };
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        let mut text = fs::read(&path).unwrap();
        let by = random.below(text.len().max(1));
        text.rotate_left(by);
        fs::write(&path, &text).unwrap();
        let times = FileTimes::new().set_modified(time);
        File::options().write(true).open(&path).unwrap().set_times(times).unwrap();
        self.did(format!("edit {}: {:?}", path.display(), String::from_utf8_lossy(&text)));
    }

    fn some_file(&self, random: &mut Random) -> Option<PathBuf> {
        let mut files = BTreeMap::new();
        collect(&self.root(), "", &[], &mut files);
        let paths: Vec<&String> = files.keys().collect();
        (!paths.is_empty()).then(|| self.root().join(random.of(&paths)))
    }
}

fn name(random: &mut Random) -> String {
    let folder = random.of(FOLDERS);
    // With an end that no query asks for: ripgrep then takes what is hidden.
    if random.one_in(12) {
        return format!("{folder}.f{}.hid", random.below(6));
    }
    format!("{folder}f{}.{}", random.below(6), random.of(ENDS))
}

fn line(random: &mut Random) -> String {
    let mut line = String::new();
    for _ in 0..random.below(6) {
        line.push_str(random.of(WORDS));
        line.push_str(random.of(&[" ", " ", "", ".", "_"]));
    }
    line + random.of(&["\n", "\n", "\n", "\n\n", "\r\n", ""])
}

fn content(random: &mut Random) -> Vec<u8> {
    let text: String = (0..random.below(12)).map(|_| line(random)).collect();
    match random.below(20) {
        0 => format!("\0{text}").into_bytes(),
        1 => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        2 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        3 => [text.as_bytes(), b"gr\xf6\xdfe foo\n", text.as_bytes()].concat(),
        _ => text.into_bytes(),
    }
}

fn collect(folder: &Path, key: &str, ignored: &[&str], files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let (path, below) = (entry.path(), format!("{key}{name}"));
        let is = |rule: &&str| match rule.strip_prefix('*') {
            Some(end) => name.ends_with(end),
            None => *rule == name || (path.is_dir() && *rule == format!("{name}/")),
        };
        if name.starts_with('.') || ignored.iter().any(is) {
            continue;
        }
        if path.is_dir() {
            collect(&path, &format!("{below}/"), ignored, files);
        } else if let Some(text) = text(fs::read(&path).unwrap()) {
            files.insert(below, text);
        }
    }
}

fn text(raw: Vec<u8>) -> Option<Vec<u8>> {
    let text = if let Some(wide) = raw.strip_prefix(b"\xff\xfe") {
        let units = wide.chunks(2).map(|pair| match *pair {
            [low, high] => u16::from_le_bytes([low, high]),
            // A lone byte at the end is half a character.
            _ => 0xFFFD,
        });
        let chars = char::decode_utf16(units).map(|char| char.unwrap_or('\u{fffd}'));
        chars.collect::<String>().into_bytes()
    } else {
        raw.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(raw)
    };
    (!text.contains(&0)).then_some(text)
}
