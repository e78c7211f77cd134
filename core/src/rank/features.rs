//! What is known of a candidate document, and how much each of it counts.
//!
//! A linear ranker: the dot product of some 25 integers with constant
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
    /// The five best chunks, each counting half of the one before, over twice the same.
    Halved,
    /// The sum of all its chunks, over eight times the same.
    Sum,
    /// All of it as one text by BM25, over twice the same.
    Whole,
    /// The document's first chunk, over the best of all documents.
    Lead,
    /// The best chunk by BM25 and the names defined in it together, over the most
    /// that could be.
    Together,
    /// Share of the query's weight that the best chunk holds.
    ChunkCoverage,
    /// Share of the query's weight that the document holds, its path included.
    Coverage,
    /// Share of the query's weight that the file name has and the text lacks.
    FileOnly,
    /// Share of the query's weight in all defined names together.
    Names,
    /// The best defined name is a word of the query, upper and lower case alike.
    Spelt,
    /// Share of the query's weight in the path; folders count half.
    Path,
    /// File name wholly covered by the query, and the query by the file name.
    FileEqual,
    /// Share of the file name that the query covers, times the root of the share of
    /// the query's weight in it: a short name that says little of the query is no find.
    FileCovered,
    /// The same for words that begin with the same four letters.
    FilePrefix,
    /// Share of the query's weight in the folders.
    Folders,
    /// Data and recipes: JSON, YAML, Make, …
    Data,
    /// Documents, plain text, logs, styles: no code.
    Prose,
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
    /// How long it is: 64 for each doubling of its chunks.
    Length,
    /// A document whose headings have more than half of the query's weight: twice
    /// what they have beyond it.
    Heading,
}

impl Features {
    /// Sets one feature.
    pub fn set(&mut self, feature: Feature, value: i32) {
        if let Some(slot) = self.0.get_mut(feature as usize) {
            *slot = value;
        }
    }

    /// Sets a feature that holds or does not.
    pub fn flag(&mut self, feature: Feature, holds: bool) {
        self.set(feature, if holds { 1024 } else { 0 });
    }

    /// Sets the features of a language.
    pub fn set_lang(&mut self, lang: Lang) {
        use Lang::{CMake, Diff, Docker, Ini, Json, Log, Make, Nix, Text, Toml, Xml, Yaml};
        let data =
            matches!(lang, Json | Yaml | Toml | Ini | Xml | Diff | Make | CMake | Docker | Nix);
        self.flag(Feature::Data, data);
        self.flag(Feature::Prose, matches!(lang, Text | Log) || is_markup(lang));
    }

    /// Sets the features of a role.
    pub fn set_role(&mut self, role: Role) {
        for (feature, flag) in [
            (Feature::Test, Role::TEST),
            (Feature::Example, Role::EXAMPLE),
            (Feature::Docs, Role::DOCS),
            (Feature::Vendored, Role::VENDORED),
            (Feature::Generated, Role::GENERATED | Role::MINIFIED),
        ] {
            self.flag(feature, role.0 & flag.0 != 0);
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

/// Whether a language is one of documents.
pub(crate) const fn is_markup(lang: Lang) -> bool {
    use Lang::{AsciiDoc, Css, Html, Markdown, Rst, Tex};
    matches!(lang, Html | Css | Markdown | Rst | AsciiDoc | Tex)
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
