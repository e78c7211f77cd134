//! Documents to index, and queries that fit them.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sigla_core::build::{BuildError, Builder, Document, Options};
use sigla_core::outline::{Lang, Role};
use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// A document that owns its bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Doc {
    /// Its path.
    pub key: Vec<u8>,
    /// Its language.
    pub lang: Lang,
    /// Its role.
    pub role: Role,
    /// A hash of its text.
    pub hash: u64,
    /// Its text.
    pub text: Vec<u8>,
}

/// For people to read.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

impl fmt::Debug for Doc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {:?}", lossy(&self.key), lossy(&self.text))
    }
}

impl Doc {
    /// A document as the shell would make it of a file.
    pub fn new(key: impl Into<Vec<u8>>, text: impl Into<Vec<u8>>) -> Self {
        let (key, text) = (key.into(), text.into());
        let hash = text.iter().fold(text.len() as u64, |hash, &b| {
            (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { lang: Lang::detect(&key, &text), role: Role::of(&key, &text), hash, key, text }
    }
}

/// The image of `docs`, which must come in the order of their keys.
///
/// # Errors
/// As [`Builder::add`].
pub fn image<'d>(
    docs: impl IntoIterator<Item = &'d Doc>,
    text: bool,
) -> Result<Vec<u8>, BuildError> {
    let mut builder = Builder::new(Options { text, grams: true });
    for Doc { key, lang, role, hash, text } in docs {
        let text = text.as_slice().into();
        builder.add(Document { key, lang: *lang, role: *role, hash: *hash, text })?;
    }
    let mut out = Vec::new();
    builder.finish(&mut out)?;
    Ok(out)
}

/// What texts are made of. Words that meet in a stem, in pieces and wholes, in
/// any script, and ids; no two are one edit apart by accident except `config` and `confit`.
pub const WORDS: [&str; 39] = [
    "retry",
    "retries",
    "retrying",
    "backoff",
    "config",
    "confit",
    "configure",
    "parse",
    "parser",
    "parseConfig",
    "parse_config",
    "HTTPServer2",
    "readFile",
    "read",
    "file",
    "retry-with-backoff",
    "vecdeque",
    "VecDeque",
    "network",
    "socket",
    "timeout",
    "the",
    "of",
    "x",
    "i",
    "42",
    "utf8",
    "größe",
    "Straße",
    "naïve",
    "don't",
    "данные",
    "東京",
    "self",
    "return",
    "error",
    "4bf92f3577b34da6",
    "req_4BF92F3577B34DA6",
    "0x7fffffff",
];

/// Words of no text above: misspelt, absent, odd.
pub const STRAY: [&str; 7] = ["retyr", "confgi", "netwrok", "zzzzzz", "parsr", "sockets", "日本"];

fn word() -> impl Strategy<Value = &'static str> + Clone {
    // The first few are far commoner than the rest.
    prop_oneof![select(&WORDS[..6]), select(&WORDS[..])]
}

fn line() -> impl Strategy<Value = String> {
    let words = vec(word(), 0..7).prop_map(|words| words.join(" "));
    let name = word().prop_map(|word| word.replace(['-', '\''], "_"));
    prop_oneof![
        6 => words.clone(),
        1 => words.prop_map(|words| format!("    {words};")),
        1 => name.clone().prop_map(|name| format!("fn {name}() {{")),
        1 => name.clone().prop_map(|name| format!("struct {name};")),
        1 => name.clone().prop_map(|name| format!("def {name}(x):")),
        1 => (name.clone(), name.clone()).prop_map(|(of, name)| format!("func (r *{of}) {name}() {{")),
        1 => (name.clone(), name.clone()).prop_map(|(of, name)| format!("void {of}::{name}() {{")),
        1 => name.prop_map(|name| format!("# {name}")),
        1 => (0..150u64).prop_map(|id| {
            let hex = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            format!("{:010} {hex:016x}7a7 {}", 1_700_000_000 + id / 3, id % 7)
        }),
        2 => select(&["}", "", "/*", "*/", "\"", "```", "\t// x", "impl parser {"][..])
            .prop_map(String::from),
    ]
}

/// A text of up to about 130 lines.
pub fn text() -> impl Strategy<Value = String> {
    let lines = prop_oneof![6 => 0..12usize, 2 => 30..60usize, 1 => 90..130usize];
    (lines.prop_flat_map(|lines| vec(line(), lines)), any::<bool>())
        .prop_map(|(lines, end)| lines.join("\n") + if end { "\n" } else { "" })
}

fn key() -> impl Strategy<Value = String> {
    let folder = select(&["", "src/", "src/net/", "tests/", "docs/api/", "retry/parser/"][..]);
    let name = prop_oneof![word().prop_map(String::from), (0..400u32).prop_map(|n| n.to_string())];
    let extension = select(&["", ".rs", ".py", ".md", ".txt", ".log", ".c", ".cc", ".go"][..]);
    (folder, name, extension).prop_map(|(folder, name, end)| format!("{folder}{name}{end}"))
}

/// Up to `most` documents in the order of their keys. Many share their text, so
/// that scores are equal.
pub fn corpus(most: usize) -> impl Strategy<Value = Vec<Doc>> {
    (vec(text(), 1..7), btree_map(key(), any::<Index>(), 0..most)).prop_map(|(texts, keys)| {
        let doc = |(key, index): (String, Index)| Doc::new(key, index.get(&texts).clone());
        let mut docs: Vec<Doc> = keys.into_iter().map(doc).collect();
        docs.sort_by(|a, b| a.key.cmp(&b.key));
        docs
    })
}

/// Steps of a linear congruence, for bodies too large to be shrunk.
#[derive(Debug, Clone)]
pub struct Lot(u32);

impl Lot {
    /// Starts at `seed`.
    pub fn new(seed: u32) -> Self {
        Self(seed)
    }

    /// The next number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((u64::from(self.0) * end as u64) >> 32) as usize
    }
}

/// About 1,300 documents and 1,800 chunks, always the same: `common` is in each,
/// `often` in most, so that lists have many blocks; `rare17` in a few. A third of
/// the texts come three times over.
pub fn large() -> Vec<Doc> {
    let mut lot = Lot::new(7);
    let mut text = String::new();
    let mut docs: Vec<Doc> = (0..1300)
        .map(|at| {
            if at % 3 != 2 || text.len() > 2000 {
                text.clear();
                // Every fortieth has some hundred lines.
                for _ in 0..if at % 40 == 0 { 300 + lot.below(300) } else { 1 + lot.below(6) } {
                    text += "common";
                    for _ in 0..lot.below(5) {
                        // The square of a uniform number: a few words are common.
                        let word = lot.below(30) * lot.below(30) / 25;
                        let _ = write!(text, " {}", WORDS.get(word).copied().unwrap_or("often"));
                    }
                    if lot.below(8) > 0 {
                        text += " often";
                    }
                    if lot.below(40) == 0 {
                        let _ = write!(text, " rare{}", lot.below(40));
                    }
                    text += "\n";
                }
            }
            let folder = ["src", "src/net", "tests", "docs"][at % 4];
            let end = [".rs", ".txt", ".log"][lot.below(3)];
            Doc::new(format!("{folder}/{}{at}{end}", WORDS[lot.below(15)]), text.clone())
        })
        .collect();
    docs.sort_by(|a, b| a.key.cmp(&b.key));
    docs
}

/// A few words, any of which may be stray.
pub fn words() -> impl Strategy<Value = String> {
    let any = prop_oneof![5 => word(), 1 => select(&STRAY[..])];
    vec(any, 1..6).prop_map(|words| words.join(" "))
}

/// A query with all of the syntax.
pub fn query() -> impl Strategy<Value = String> {
    let prefix = select(&["--", "re*", "p*", "conf*", "parse.c*", "-vec*", "ü*", "zz*"][..]);
    let filter = select(
        &[
            "lang:rust",
            "-lang:python",
            "lang:text",
            "path:src",
            "path:*.rs",
            "-path:tests",
            "kind:function",
            "kind:struct",
            "-kind:section",
            "sym:parse*",
            "sym:retry",
            "-sym:read*",
            "path:net/",
            "sym:READ",
        ][..],
    );
    let clause = prop_oneof![
        8 => prop_oneof![5 => word(), 1 => select(&STRAY[..])].prop_map(String::from),
        1 => word().prop_map(|word| format!("-{word}")),
        1 => (word(), word()).prop_map(|(a, b)| format!("\"{a} {b}\"")),
        1 => (word(), word()).prop_map(|(a, b)| format!("-\"{a} {b}\"")),
        1 => prefix.prop_map(String::from),
        2 => filter.prop_map(String::from),
    ];
    vec(clause, 1..6).prop_map(|clauses| clauses.join(" "))
}
