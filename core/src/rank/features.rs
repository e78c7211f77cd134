//! What is known of a candidate document, and how much each of it counts.
//!
//! A linear ranker: the dot product of some forty integers with constant
//! weights. On code this beats rank fusion of the same signals and rules set by
//! hand on top of a sum. Names and paths are features here and no fields of one
//! BM25 formula.

use super::Class;
use crate::outline::{Lang, Role};

/// How many features there are.
pub const FEATURES: usize = Feature::ALL.len();

/// The features of a candidate; shares are in 1/1024 and never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Features(pub [i32; FEATURES]);

impl Default for Features {
    fn default() -> Self {
        Self([0; FEATURES])
    }
}

/// The weights of the features, 1/64 each, for each [`Class`] of query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights(pub [[i32; FEATURES]; Class::COUNT]);

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The name and place of every feature.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Feature {
            $($(#[$doc])* $name,)*
        }

        impl Feature {
            /// Every feature, in the order of its place.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name, as `--explain` and the trainer write it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
        }
    };
}

features! {
    /// Best chunk by BM25, over the best of all documents.
    Best,
    /// Second best chunk of the document, over the same.
    Second,
    /// Third best chunk, over the same.
    Third,
    /// Best chunk by BM25, over what the query could score at most.
    Absolute,
    /// The sum of all its chunks, over eight times the same.
    Sum,
    /// The mean of all its chunks, over the same.
    Mean,
    /// The document's first chunk, over the best of all documents.
    Lead,
    /// The best chunk by BM25 and the names defined in it together, over the most
    /// that could be.
    Together,
    /// Share of the query's weight that the best chunk holds.
    ChunkCoverage,
    /// Share of the query's weight that the document holds.
    DocCoverage,
    /// The best defined name: matched weight times covered share, over the
    /// query's weight.
    Name,
    /// Share of the query's weight in all defined names together.
    Names,
    /// What all defined names match, over four times the query's weight.
    NamesSum,
    /// A defined name is exactly a word of the query: its share of the weight.
    Exact,
    /// That name is spelt as in the query, upper and lower case alike.
    Spelt,
    /// The best defined name is a type.
    NameType,
    /// The best defined name stands in no other definition.
    NameOuter,
    /// How long the definition of the best name is: 64 for each doubling of lines.
    NameLines,
    /// Share of the query's weight in the file name.
    FileName,
    /// Share of the file name that the query covers.
    FileNameCovered,
    /// File name wholly covered by the query, and the query by the file name.
    FileNameEqual,
    /// Share of the query's weight whose first four letters begin a word of the
    /// file name.
    FileNamePrefix,
    /// Share of the words of the file name that begin as words of the query.
    FileNamePrefixCovered,
    /// Share of the query's weight in the folders.
    Folders,
    /// Share of the query's weight whose first four letters begin a word of the
    /// folders.
    FolderPrefix,
    /// The same for the folder it is in.
    ParentPrefix,
    /// Data: JSON, YAML, …
    Data,
    /// Text of no known language.
    Plain,
    /// A test.
    Test,
    /// An example.
    Example,
    /// Documentation.
    Docs,
    /// Vendored.
    Vendored,
    /// Generated or minified.
    Generated,
    /// Legacy, compatibility or internal.
    Legacy,
    /// A file that mostly hands on other files' names: imports and re-exports.
    Barrel,
    /// Folders above it, 16 at most, times 64.
    Depth,
    /// How long it is: 64 for each doubling of its chunks.
    Length,
    /// How much it defines: 64 for each doubling of its symbols.
    Definitions,
}

impl Features {
    /// Sets one feature.
    pub fn set(&mut self, feature: Feature, value: i32) {
        if let Some(slot) = self.0.get_mut(feature as usize) {
            *slot = value;
        }
    }

    /// Sets the features of a language.
    pub fn set_lang(&mut self, lang: Lang) {
        use Lang::{Diff, Ini, Json, Log, Text, Toml, Xml, Yaml};
        let data = matches!(lang, Json | Yaml | Toml | Ini | Xml | Diff);
        self.set(Feature::Data, if data { 1024 } else { 0 });
        self.set(Feature::Plain, if matches!(lang, Text | Log) { 1024 } else { 0 });
    }

    /// Sets the features of a role.
    pub fn set_role(&mut self, role: Role) {
        for (feature, flag) in [
            (Feature::Test, Role::TEST),
            (Feature::Example, Role::EXAMPLE),
            (Feature::Docs, Role::DOCS),
            (Feature::Vendored, Role::VENDORED),
            (Feature::Generated, Role::GENERATED | Role::MINIFIED),
            (Feature::Legacy, Role::LEGACY),
            (Feature::Barrel, Role::BARREL | Role::REEXPORT),
        ] {
            self.set(feature, if role.0 & flag.0 != 0 { 1024 } else { 0 });
        }
    }

    /// The weighted sum.
    pub fn score(&self, weights: &[i32; FEATURES]) -> i32 {
        let sum =
            self.0.iter().zip(weights).fold(0i64, |sum, (&feature, &weight)| {
                sum + i64::from(feature) * i64::from(weight)
            });
        (sum >> 6).clamp(i64::from(i32::MIN + 1), i64::from(i32::MAX)) as i32
    }
}

impl Weights {
    /// The weights for queries of a class.
    pub fn of(&self, class: Class) -> &[i32; FEATURES] {
        let [words, ..] = &self.0;
        self.0.get(class as usize).unwrap_or(words)
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self::DEFAULT
    }
}
