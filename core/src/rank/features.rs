//! What is known of a candidate document, and how much each of it counts.
//!
//! A linear ranker: the dot product of some twenty integers with constant
//! weights. On code this beats rank fusion of the same signals and rules set by
//! hand on top of a sum. Names and paths are features here and no fields of one
//! BM25 formula.

use crate::outline::Role;

/// How many features there are.
pub const FEATURES: usize = 22;

/// The features of a candidate; shares are in 1/1024 and never negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Features(pub [i32; FEATURES]);

/// The weights of the features, for a kind of query; 1/64 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    /// Queries of several words.
    pub words: [i32; FEATURES],
    /// Queries that are one identifier.
    pub symbol: [i32; FEATURES],
}

/// The name and place of every feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Feature {
    /// Best chunk by BM25, over the best of all documents.
    Best,
    /// Second best chunk of the document, over the same.
    Second,
    /// Third best chunk, over the same.
    Third,
    /// Best chunk by BM25, over what the query could score at most.
    Absolute,
    /// Share of the query's weight that the best chunk holds.
    ChunkCoverage,
    /// Share of the query's weight that the document holds.
    DocCoverage,
    /// The best defined name: matched weight times covered share, over the
    /// query's weight.
    Name,
    /// Share of the query's weight in all defined names together.
    Names,
    /// A defined name is exactly a word of the query: its share of the weight.
    Exact,
    /// Share of the query's weight in the file name.
    FileName,
    /// Share of the file name that the query covers.
    FileNameCovered,
    /// Share of the query's weight in the folders.
    Folders,
    /// File name wholly covered by the query, and the query by the file name.
    FileNameEqual,
    /// A test.
    Test,
    /// An example.
    Example,
    /// Documentation.
    Docs,
    /// Vendored.
    Vendored,
    /// Generated.
    Generated,
    /// Legacy, compatibility or internal.
    Legacy,
    /// A file that mostly hands on other files' names.
    Barrel,
    /// A header or declaration file.
    Header,
    /// Folders above it, 16 at most, times 64.
    Depth,
}

impl Features {
    /// Sets one feature.
    pub fn set(&mut self, feature: Feature, value: i32) {
        if let Some(slot) = self.0.get_mut(feature as usize) {
            *slot = value;
        }
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
            (Feature::Header, Role::HEADER),
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
    /// Round weights set by hand.
    pub const DEFAULT: Self = Self {
        //      best 2nd 3rd abs ccov dcov name names exact file fcov fold feq
        words: [
            48, 16, 8, 0, 0, 8, 12, 12, 24, 48, 24, 24, 24, //
            -32, -16, -8, -24, -24, -12, 0, -4, 0,
        ],
        symbol: [
            48, 8, 4, 0, 8, 8, 32, 8, 96, 24, 24, 4, 32, //
            -32, -24, -16, -32, -24, -16, -4, -8, 0,
        ],
    };
}

impl Default for Weights {
    fn default() -> Self {
        Self::DEFAULT
    }
}
