//! A random query, and how it is asked.

use std::fmt;
use std::path::Path;

use crate::random::Random;
use crate::tree::Tree;

/// Expressions, of which some match nothing, or the empty text.
const EXPRESSIONS: &[&str] = &[
    "fo+",
    "^retry",
    "off$",
    "a|b",
    "re.*y",
    "[a-z]{3,}_",
    r"\bfo\b",
    "(?i)RETRY",
    r"\w+",
    "^$",
    r"\(\)",
    "größe",
    r"(foo|ab) ?\w",
    "[^a-z ]+",
    ".",
    r"\d\.\d",
    "日",
    r"r(et)?.y",
    "x*",
    r"\s+$",
    "(?-u:\\xf6)",
    "o{2}b",
    "^",
    "b*$",
    r"retr(y|ies)",
    r"\\",
    "[äöü]",
    "a.b",
];
/// Whether a glob takes a path.
type Takes = fn(&str) -> bool;

/// Globs, and what they take.
const GLOBS: &[(&str, Takes)] = &[
    ("*.rs", |path| path.ends_with(".rs")),
    ("*.{py,md}", |path| path.ends_with(".py") || path.ends_with(".md")),
    ("!*.txt", |path| !path.ends_with(".txt")),
    ("!d0", |path| !path.starts_with("d0/")),
    ("!e/", |path| !format!("/{path}").contains("/e/")),
    ("d0/*.rs", |path| {
        path.strip_prefix("d0/").is_some_and(|name| !name.contains('/') && name.ends_with(".rs"))
    }),
    ("/f*.json", |path| !path.contains('/') && path.ends_with(".json")),
];
const TYPES: &[(&str, &str)] =
    &[("rust", ".rs"), ("py", ".py"), ("md", ".md"), ("json", ".json"), ("config", ".conf")];

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    Lines,
    Only,
    Count,
    CountMatches,
    Paths,
    Json,
}

/// How the patterns are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    Query,
    Flags,
    File,
}

/// A query.
#[derive(Debug, Clone)]
pub struct Query {
    pub patterns: Vec<String>,
    given: Given,
    pub regex: bool,
    pub any_case: bool,
    pub smart_case: bool,
    pub word: bool,
    pub line: bool,
    pub invert: bool,
    around: Option<usize>,
    before: Option<usize>,
    after: Option<usize>,
    pub output: Output,
    glob: Option<usize>,
    named: Option<usize>,
    /// A folder that is searched, not all of the tree.
    pub folder: Option<&'static str>,
}

impl Query {
    pub fn new(random: &mut Random, tree: &Tree) -> Query {
        let regex = random.one_in(2);
        let many = match random.below(4) {
            0 => 2 + random.below(3),
            _ => 1,
        };
        let texts: Vec<Vec<u8>> = tree.files().into_values().collect();
        let patterns: Vec<String> = (0..many).map(|_| pattern(random, regex, &texts)).collect();
        let given = match (many, random.below(3)) {
            (_, 0) => Given::File,
            // What a query of this sign is, standard input says.
            (1, 1) if patterns[0] != "-" => Given::Query,
            _ => Given::Flags,
        };
        let lines = |random: &mut Random| random.one_in(5).then(|| random.below(4));
        let output = match random.below(8) {
            0..=2 => Output::Lines,
            3 => Output::Only,
            4 => Output::Count,
            5 => Output::CountMatches,
            6 => Output::Paths,
            _ => Output::Json,
        };
        let folder = random.of(&["d0", "d2"]);
        let any_case = random.one_in(4);
        Query {
            patterns,
            given,
            regex,
            any_case,
            smart_case: !any_case && random.one_in(6),
            word: random.one_in(5),
            line: random.one_in(8),
            invert: random.one_in(6),
            around: lines(random),
            before: lines(random),
            after: lines(random),
            output,
            glob: random.one_in(5).then(|| random.below(GLOBS.len())),
            named: random.one_in(5).then(|| random.below(TYPES.len())),
            folder: (random.one_in(6) && tree.root().join(folder).is_dir()).then_some(folder),
        }
    }

    /// Without that by which ripgrep means something else: globs are relative to where it
    /// was started, one that takes a file does so whatever its type, an empty match at the
    /// very end of a text without a line end is none, and of context `-v -o` shows parts.
    pub fn for_ripgrep(&self) -> Query {
        let mut query = self.clone();
        if query.glob.is_some() {
            query.folder = None;
            query.named = None;
        }
        if query.invert && query.output == Output::Only {
            (query.around, query.before, query.after) = (None, None, None);
        }
        let matches = matches!(query.output, Output::Only | Output::CountMatches | Output::Json);
        if matches {
            let bare = |pattern: &String| !["x*", "^", "b*$", "^$", ""].contains(&&**pattern);
            query.patterns.retain(bare);
            if query.patterns.is_empty() {
                query.patterns.push("fo".to_owned());
            }
        }
        query
    }

    /// Lines before and behind each.
    pub fn context(&self) -> (usize, usize) {
        let around = self.around.unwrap_or(0);
        (self.before.unwrap_or(around), self.after.unwrap_or(around))
    }

    /// Whether the file `path` may answer.
    pub fn takes(&self, path: &str) -> bool {
        let inside = match self.folder {
            Some(folder) => path.strip_prefix(folder).and_then(|path| path.strip_prefix('/')),
            None => Some(path),
        };
        let Some(inside) = inside else { return false };
        self.glob.is_none_or(|glob| GLOBS[glob].1(inside))
            && self.named.is_none_or(|named| path.ends_with(TYPES[named].1))
    }

    pub fn is_json(&self) -> bool {
        self.output == Output::Json
    }

    /// The flags that both know.
    pub fn flags(&self) -> impl Iterator<Item = String> {
        let mut flags: Vec<String> = Vec::new();
        let literal = (!self.regex, "-F");
        let switches = [
            literal,
            (self.any_case, "-i"),
            (self.smart_case, "-S"),
            (self.word, "-w"),
            (self.line, "-x"),
            (self.invert, "-v"),
            (self.output == Output::Only, "-o"),
            (matches!(self.output, Output::Count | Output::CountMatches), "-c"),
            (self.output == Output::CountMatches, "-o"),
            (self.output == Output::Paths, "-l"),
            (self.output == Output::Json, "--json"),
        ];
        flags.extend(switches.iter().filter(|(on, _)| *on).map(|(_, flag)| (*flag).to_owned()));
        let lines = [("-C", self.around), ("-B", self.before), ("-A", self.after)];
        flags.extend(lines.iter().filter_map(|(flag, lines)| Some(format!("{flag}{}", (*lines)?))));
        flags.extend(self.glob.map(|glob| format!("-g{}", GLOBS[glob].0)));
        flags.extend(self.named.map(|named| format!("-t{}", TYPES[named].0)));
        flags.extend((self.given == Given::File).then(|| "-f".to_owned()));
        flags.extend((self.given == Given::Flags).then(|| "-e".to_owned()));
        flags.into_iter()
    }

    fn arguments(&self, patterns: &Path) -> Vec<String> {
        let flags = self.flags().filter(|flag| flag != "-f" && flag != "-e");
        let mut arguments: Vec<String> = flags.collect();
        match self.given {
            Given::File => {
                let file = patterns.join("patterns");
                let lines = self.patterns.iter().map(|pattern| format!("{pattern}\n"));
                std::fs::write(&file, lines.collect::<String>()).unwrap();
                arguments.extend(["-f".to_owned(), file.to_str().unwrap().to_owned()]);
            }
            Given::Flags => {
                let each = self.patterns.iter().flat_map(|one| ["-e".to_owned(), one.clone()]);
                arguments.extend(each);
            }
            Given::Query => arguments.extend(["--".to_owned(), self.patterns[0].clone()]),
        }
        arguments.extend(self.folder.map(str::to_owned));
        arguments
    }

    /// What `sigla search` is asked with.
    pub fn sigla(&self, patterns: &Path) -> Vec<String> {
        let mut arguments = self.arguments(patterns);
        if self.regex && self.given == Given::Query {
            arguments.insert(0, "--regex".to_owned());
        }
        arguments
    }

    /// What `rg` is asked with.
    pub fn ripgrep(&self, patterns: &Path) -> Vec<String> {
        let form = ["--no-config", "--sort=path", "--color=never"];
        let lines = ["-n", "-H", "--no-heading"];
        let form = form.iter().chain(lines.iter().filter(|_| !self.is_json()));
        form.map(|flag| (*flag).to_owned()).chain(self.arguments(patterns)).collect()
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?} {:?}", self.patterns, self.flags().collect::<Vec<_>>(), self.folder)
    }
}

/// A pattern, mostly one that something has.
fn pattern(random: &mut Random, regex: bool, texts: &[Vec<u8>]) -> String {
    if regex {
        return random.of(EXPRESSIONS).to_owned();
    }
    if random.one_in(3) || texts.is_empty() {
        return Tree::word(random).to_owned();
    }
    let text = String::from_utf8_lossy(&texts[random.below(texts.len())]).into_owned();
    let lines: Vec<&str> = text.lines().filter(|line| line.chars().count() > 1).collect();
    if lines.is_empty() {
        return "foo".to_owned();
    }
    let chars: Vec<char> = random.of(&lines).chars().filter(|char| *char != '\r').collect();
    let start = random.below(chars.len());
    let part: String = chars.iter().skip(start).take(1 + random.below(9)).collect();
    if part.contains('\u{fffd}') { "fo".to_owned() } else { part }
}
