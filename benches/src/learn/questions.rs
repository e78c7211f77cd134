//! Questions made from the trees themselves: what is asked for is known, since it is the file that
//! the question was taken from, and no other fits as well.
//!
//! They hold a ranker to what a benchmark has too few of: names, paths, messages, files whose name
//! says what their text does not, and questions after documents, tests and configuration. Each
//! [`Kind`] states its rule.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use sigla_core::{
    outline::{Event, Kind as Defines, Lang, Role, outline},
    rank::Class,
    text::{self, Part},
};
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    body::{Body, is_code, is_data},
    library::Library,
    score::{Query, Target},
};

/// The most questions of a kind from one tree.
const MOST: usize = 5;

/// How a question is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The words of the name of a file of code (of its folder, where it is an entrance).
    Name,
    /// A verb that the text of the file lacks, and its name.
    Verb,
    /// A word of the name of one of its functions, and its name.
    Function,
    /// A definition's name, qualified by what it is nested in.
    Qualified,
    /// The path, or its last two parts.
    Path,
    /// A string of several words in the code, behind `error:`.
    Message,
    /// As [`Kind::Verb`], where the text lacks a word of the name, too.
    Missing,
    /// As [`Kind::Verb`], where a word of the name has less than an eighth of the weight of the
    /// rarest word of the question.
    Common,
    /// The name of a type or function that is defined once.
    Identifier,
    /// The name of a file of code, and that tests are wanted: the file of tests by the same name.
    Tests,
    /// The name of a document, and that documentation is wanted.
    Docs,
    /// A heading of a document, three words or more.
    Heading,
    /// The name of an example, and that an example is wanted.
    Examples,
    /// The name of a file of data, and that configuration is wanted.
    Configuration,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Name,
        Self::Verb,
        Self::Function,
        Self::Qualified,
        Self::Path,
        Self::Message,
        Self::Missing,
        Self::Common,
        Self::Identifier,
        Self::Tests,
        Self::Docs,
        Self::Heading,
        Self::Examples,
        Self::Configuration,
    ];

    /// The category of its questions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Verb => "verb",
            Self::Function => "function",
            Self::Qualified => "qualified",
            Self::Path => "path",
            Self::Message => "message",
            Self::Missing => "missing",
            Self::Common => "common",
            Self::Identifier => "identifier",
            Self::Tests => "tests",
            Self::Docs => "docs",
            Self::Heading => "heading",
            Self::Examples => "examples",
            Self::Configuration => "configuration",
        }
    }

    /// Whether something else than code is wanted.
    pub const fn wants_other(self) -> bool {
        matches!(
            self,
            Self::Tests | Self::Docs | Self::Heading | Self::Examples | Self::Configuration
        )
    }

    /// Which class a question must be of, where it is made for one.
    const fn class(self) -> Option<Class> {
        match self {
            Self::Qualified => Some(Class::Qualified),
            Self::Path => Some(Class::Path),
            Self::Message => Some(Class::Message),
            Self::Identifier => Some(Class::Identifier),
            _ => None,
        }
    }
}

/// Verbs that people ask with.
const VERBS: [&str; 24] = [
    "resolve", "handle", "parse", "load", "build", "check", "update", "create", "write", "read",
    "convert", "render", "validate", "register", "remove", "merge", "format", "send", "open",
    "start", "apply", "compute", "support", "fix",
];

/// A file and what questions are made of.
struct File<'b> {
    body: &'b Body,
    key: &'b str,
    /// The words of its name, lower-cased, in order.
    name: Vec<String>,
    /// Their terms.
    terms: BTreeSet<Vec<u8>>,
}

impl<'b> File<'b> {
    fn new(body: &'b Body) -> Option<Self> {
        let key = std::str::from_utf8(&body.key).ok()?;
        let mut parts = key.rsplit('/');
        let file = parts.next()?;
        let stem = match file.rsplit_once('.') {
            Some(("", _)) | None => file,
            Some((stem, _)) => stem,
        };
        let named = if body.role.has(Role::BARREL) { parts.next()? } else { stem };
        let name = pieces(named.as_bytes());
        let terms = name.iter().flat_map(|word| terms(word.as_bytes())).collect();
        Some(Self { body, key, name, terms })
    }

    fn is_code(&self) -> bool {
        let other = Role::TEST
            | Role::EXAMPLE
            | Role::VENDORED
            | Role::GENERATED
            | Role::DOCS
            | Role::MINIFIED;
        self.body.role.0 & other.0 == 0 && is_code(self.body.lang)
    }

    fn asks(&self) -> String {
        self.name.join(" ")
    }
}

/// The pieces of the words of `name`, lower-cased and not stemmed.
fn pieces(name: &[u8]) -> Vec<String> {
    let mut pieces = Vec::new();
    let Ok(name) = std::str::from_utf8(name) else { return pieces };
    let mut piece = String::new();
    let mut last = ' ';
    for c in name.chars().chain([' ']) {
        let parts = !c.is_alphanumeric() || (c.is_uppercase() && last.is_lowercase());
        if parts && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
        }
        if c.is_alphanumeric() {
            piece.extend(c.to_lowercase());
        }
        last = c;
    }
    pieces
}

/// The terms of the pieces of all words of a text.
fn terms(text: &[u8]) -> BTreeSet<Vec<u8>> {
    let mut all = BTreeSet::new();
    for word in text::words(text) {
        text::terms(word.bytes, &mut |term, part| {
            if !matches!(part, Part::Whole) {
                all.insert(term.to_vec());
            }
        });
    }
    all
}

/// A number of the bytes of several strings.
fn hash(parts: &[&str]) -> u64 {
    xxh3_64(parts.join("\0").as_bytes())
}

/// Questions of all kinds from the documents of one tree, which `like` is a query of.
/// Deterministic: those whose hash is least.
pub fn from_tree(bodies: &[Body], library: &Library, like: &Query) -> Result<Vec<Query>> {
    let library = library.open()?;
    let files: Vec<_> = bodies.iter().filter_map(File::new).collect();
    let mut asked: BTreeMap<(Kind, String), BTreeSet<usize>> = BTreeMap::new();
    let mut add = |kind: Kind, question: String, at: usize| {
        asked.entry((kind, question)).or_default().insert(at);
    };
    // Who else is called so.
    let mut named: BTreeMap<(bool, &BTreeSet<Vec<u8>>), u32> = BTreeMap::new();
    let mut defined: BTreeMap<Vec<u8>, BTreeSet<usize>> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        *named.entry((file.is_code(), &file.terms)).or_default() += 1;
        if file.is_code() {
            for (name, _) in definitions(file.body) {
                defined.entry(name).or_default().insert(at);
            }
        }
    }
    for (at, file) in files.iter().enumerate() {
        let name = file.asks();
        let role = file.body.role;
        let speaks = name.len() >= 4 && name.contains(|c: char| c.is_alphabetic());
        for path in paths(file.key) {
            add(Kind::Path, path, at);
        }
        if file.is_code() {
            for name in qualified(file.body) {
                add(Kind::Qualified, name, at);
            }
            for message in messages(file.body) {
                add(Kind::Message, format!("error: {message}"), at);
            }
            for (name, kind) in definitions(file.body) {
                let asks = matches!(kind, Defines::Function | Defines::Method) || kind.is_type();
                if name.len() >= 5
                    && asks
                    && defined.get(&name).is_some_and(|files| files.len() == 1)
                    && let Ok(name) = String::from_utf8(name)
                {
                    add(Kind::Identifier, name, at);
                }
            }
            if !speaks || named.get(&(true, &file.terms)) != Some(&1) {
                continue;
            }
            add(Kind::Name, name.clone(), at);
            let text = terms(&file.body.text);
            let lacked = VERBS.iter().filter(|verb| terms(verb.as_bytes()).is_disjoint(&text));
            if let Some(verb) = lacked.min_by_key(|verb| hash(&[verb, file.key])) {
                let question = format!("{verb} {name}");
                if !file.terms.is_subset(&text) {
                    add(Kind::Missing, question.clone(), at);
                }
                if library.has_common(&question, &file.terms)? {
                    add(Kind::Common, question.clone(), at);
                }
                add(Kind::Verb, question, at);
            }
            let functions = definitions(file.body).into_iter().filter_map(|(name, kind)| {
                matches!(kind, Defines::Function | Defines::Method).then_some(name)
            });
            let word = functions
                .flat_map(|name| pieces(&name))
                .filter(|word| word.len() >= 4 && !file.name.contains(word))
                .min_by_key(|word| hash(&[word, file.key]));
            if let Some(word) = word {
                add(Kind::Function, format!("{word} {name}"), at);
            }
        } else if role.has(Role::VENDORED) || role.has(Role::GENERATED) {
        } else if role.has(Role::TEST) {
            let tested: Vec<_> = file
                .name
                .iter()
                .filter(|word| !matches!(word.as_str(), "test" | "tests" | "spec" | "unittest"))
                .map(String::as_str)
                .collect();
            let subject = terms(tested.join(" ").as_bytes());
            if !subject.is_empty()
                && named.get(&(true, &subject)) == Some(&1)
                && tested.join("").len() >= 4
            {
                let asks = tested.join(" ");
                let question = match hash(&[file.key]) % 3 {
                    0 => format!("{asks} tests"),
                    1 => format!("test for {asks}"),
                    _ => format!("where is {asks} tested"),
                };
                add(Kind::Tests, question, at);
            }
        } else if role.has(Role::EXAMPLE) && speaks && !is_data(file.body.lang) {
            let words: Vec<_> = file
                .name
                .iter()
                .filter(|word| !word.starts_with("example"))
                .map(String::as_str)
                .collect();
            if !words.is_empty() {
                add(Kind::Examples, format!("{} example", words.join(" ")), at);
            }
        } else if role.has(Role::DOCS) && speaks {
            if matches!(file.body.lang, Lang::Markdown | Lang::Rst) {
                for heading in headings(file.body) {
                    add(Kind::Heading, heading, at);
                }
            }
            let question = match hash(&[file.key]) % 2 {
                0 => format!("{name} documentation"),
                _ => format!("docs on {name}"),
            };
            add(Kind::Docs, question, at);
        } else if is_data(file.body.lang) && speaks {
            let question = match hash(&[file.key]) % 2 {
                0 => format!("{name} configuration"),
                _ => format!("config for {name}"),
            };
            add(Kind::Configuration, question, at);
        }
    }
    let mut chosen: BTreeMap<Kind, Vec<(u64, Query)>> = BTreeMap::new();
    for ((kind, query), places) in asked {
        let words = query.as_bytes().split(u8::is_ascii_whitespace);
        let Some(&at) = places.first().filter(|_| places.len() == 1) else { continue };
        if kind.class().is_some_and(|class| Class::of(words) != class) {
            continue;
        }
        let Some(file) = files.get(at) else { continue };
        let key = file.key;
        let path = if like.root == "." { key.to_owned() } else { format!("{}/{key}", like.root) };
        let target = Target { path, start: None, end: None };
        let hash = xxh3_64(query.as_bytes());
        let query = Query {
            query,
            relevant: vec![target],
            secondary: vec![],
            category: kind.name().to_owned(),
            ..like.clone()
        };
        chosen.entry(kind).or_default().push((hash, query));
    }
    let least = |mut queries: Vec<(u64, Query)>| {
        queries.sort_by_key(|(hash, _)| *hash);
        queries.truncate(MOST);
        queries.into_iter().map(|(_, query)| query)
    };
    Ok(chosen.into_values().flat_map(least).collect())
}

/// The names of what a text defines.
fn definitions(body: &Body) -> Vec<(Vec<u8>, Defines)> {
    let mut names = Vec::new();
    outline(body.lang, &body.text, &mut |event| {
        if let Event::Open(definition) = event {
            names.push((definition.name.to_vec(), definition.kind));
        }
    });
    names
}

/// Headings of three to ten words.
fn headings(body: &Body) -> Vec<String> {
    let all = definitions(body).into_iter().filter_map(|(name, _)| String::from_utf8(name).ok());
    all.map(|heading| heading.replace(['`', '"'], ""))
        .filter(|heading| {
            (3..=10).contains(&heading.split_whitespace().count())
                && heading.chars().all(|c| c.is_alphanumeric() || " ,.'-_/".contains(c))
        })
        .collect()
}

/// Names of definitions with that of what they are nested in.
fn qualified(body: &Body) -> Vec<String> {
    let mark = match body.lang {
        Lang::Rust | Lang::Cpp | Lang::Php => "::",
        Lang::Ruby => "#",
        _ => ".",
    };
    let (mut open, mut names): (Vec<&[u8]>, Vec<String>) = (vec![], vec![]);
    outline(body.lang, &body.text, &mut |event| match event {
        Event::Open(definition) => {
            let outer = definition.container.or(open.last().copied());
            let name = |bytes| std::str::from_utf8(bytes).ok().filter(|name| name.len() > 3);
            if let Some(outer) = outer.and_then(name)
                && let Some(name) = name(definition.name)
            {
                names.push(format!("{outer}{mark}{name}"));
            }
            open.push(definition.name);
        }
        Event::Close { .. } => {
            open.pop();
        }
        _ => {}
    });
    names
}

/// The file name, and with the folder it is in.
fn paths(key: &str) -> Vec<String> {
    let mut parts = key.rsplit('/');
    let file = parts.next().unwrap_or(key);
    match parts.next() {
        Some(folder) => vec![file.to_owned(), format!("{folder}/{file}")],
        None => vec![file.to_owned()],
    }
}

/// What programs say when they fail: strings of several words on one line of code.
fn messages(body: &Body) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(&body.text) else { return vec![] };
    let says = |part: &&str| {
        let words = part.split(' ').count();
        (4..=14).contains(&words)
            && part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || " ,.:'-_()".contains(c))
    };
    let quoted = |line: &str| {
        line.split('"').skip(1).step_by(2).filter(says).map(str::to_owned).collect::<Vec<_>>()
    };
    text.lines().flat_map(quoted).collect()
}
