//! Where candidates come from: each signal lists its best documents.
//!
//! A signal is not a posting family: one may have no postings at all, and a family no
//! signal. Whatever holds something for each signal is an array in the order of
//! [`Signal::ALL`], so that another one is a line in each `match` below.

use super::{analysis::Analysis, pool::share};
use crate::image::Family;

/// A list of documents, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// BM25 over chunks.
    Words,
    /// Words of defined names.
    Names,
    /// Words of paths.
    Paths,
}

/// How many there are. A row holds them, and which of them lead, in eight bits.
pub(super) const SIGNALS: usize = Signal::ALL.len();
const _: () = assert!(SIGNALS <= 4);

/// Queries of so many words may be after a name, which many documents mention and
/// few define. For longer ones BM25 finds what names would find: a name's words
/// are in the text.
const NAMED: u32 = 2;

impl Signal {
    /// All of them; where a document leads in several lists, the first one names its chunk.
    pub(super) const ALL: [Self; 3] = [Self::Words, Self::Names, Self::Paths];

    /// The posting lists that it scans.
    pub(super) const fn family(self) -> Family {
        match self {
            Self::Words => Family::Words,
            Self::Names => Family::Names,
            Self::Paths => Family::Paths,
        }
    }

    /// Whether it has something to say of the query; without terms that score, the first one
    /// lists the documents that pass the filters.
    pub(super) const fn answers(self, analysis: &Analysis<'_>, scores: bool) -> bool {
        match self {
            Self::Words => true,
            Self::Names => scores && analysis.words <= NAMED,
            Self::Paths => scores,
        }
    }

    /// What its `score` adds to the rough sum by which candidates are chosen, `best` being
    /// the best score by BM25.
    pub(super) fn rough(self, score: i32, analysis: &Analysis<'_>, best: i32) -> i32 {
        let [_, names, paths] = analysis.totals;
        match self {
            Self::Words => share(score, best),
            Self::Names => share(score, names) / 2,
            Self::Paths => share(score, paths) * 3 / 4,
        }
    }
}

/// In which order documents come behind the pool: those with a score by the first signal by
/// that, behind them those with one by the second, and so on.
pub(super) fn behind(scores: &[i32; SIGNALS]) -> (usize, i32) {
    let found = scores.iter().enumerate().find(|(_, score)| **score != 0);
    found.map_or((0, 0), |(at, &score)| (SIGNALS - at, score))
}
