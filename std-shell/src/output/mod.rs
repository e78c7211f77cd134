//! How an answer is shown: to people ([`human`]) and to programs ([`json`]);
//! and the lines of an exact search to both ([`lines`]).

pub mod human;
pub mod json;
pub mod lines;
pub mod symbols;

use std::ops::Range;

use serde::Serialize;
use sigla_core::outline::Lang;
use sigla_core::rank::features::Feature;
use sigla_core::rank::{Class, Features, Weights};

use crate::engine::explain::Passage;

/// A hit, with all that is said about it.
#[derive(Debug, Clone)]
pub struct Found<'t> {
    /// The path relative to the searched place.
    pub path: Vec<u8>,
    /// The place, where several were searched, as bytes of a path.
    pub root: Option<Vec<u8>>,
    /// The path as the user can use it.
    pub shown: Vec<u8>,
    /// Where the file is on this machine.
    pub file: Option<std::path::PathBuf>,
    /// Its score.
    pub score: i32,
    /// Its language.
    pub lang: Lang,
    /// What answers.
    pub passage: Passage<'t>,
    /// Other chunks of it that answer, too.
    pub more: u32,
    /// Those of them that are not shown, either.
    pub left: u32,
    /// Why it stands where it stands, where that was asked.
    pub reasons: Option<Reasons>,
}

/// How the score of a hit came about: the sum of the parts, in 1/64.
#[derive(Debug, Clone, Serialize)]
pub struct Reasons {
    /// The class of the query, which chose the weights.
    pub class: &'static str,
    /// Features that are not 0; none for a hit behind the candidates, which its
    /// BM25 score alone put there.
    pub features: Vec<Part>,
}

/// What one feature adds to a score.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: i32,
    /// The weight of the class.
    pub weight: i32,
    /// Their product.
    pub adds: i64,
}

impl Reasons {
    /// Those of `features` weighed by `weights` for a query of `class`.
    pub fn new(class: Class, features: Option<&Features>, weights: &Weights) -> Reasons {
        let values = features.map_or(&[][..], |features| &features.0);
        let parts = Feature::ALL.iter().zip(values).zip(weights.of(class));
        let features = parts
            .filter(|((_, value), _)| **value != 0)
            .map(|((feature, &value), &weight)| {
                let adds = i64::from(value) * i64::from(weight);
                Part { name: feature.name(), value, weight, adds }
            })
            .collect();
        Reasons { class: class.name(), features }
    }
}

/// The part of a line that is shown: `most` bytes around the first mark, cut at
/// character borders.
fn cut(bytes: &[u8], marks: &[Range<usize>], most: usize) -> Range<usize> {
    if bytes.len() <= most {
        return 0..bytes.len();
    }
    let border = |mut at: usize| {
        // A character has at most three bytes behind its first.
        for _ in 0..3 {
            if bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
                at -= 1;
            }
        }
        at
    };
    let mark = marks.first().map_or(0, |mark| mark.start);
    let start = if mark < most / 2 { 0 } else { mark - most / 4 };
    let start = start.min(bytes.len() - most);
    border(start)..border(start + most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_around_its_first_mark_at_character_borders() {
        let line = "é".repeat(500);
        assert_eq!(cut(b"short", &[], 10), 0..5);
        assert_eq!(cut(line.as_bytes(), &[], 101), 0..100);
        let cut = cut(line.as_bytes(), std::slice::from_ref(&(400..402)), 101);
        assert!(cut.start <= 400 && cut.end >= 402 && cut.len() <= 102, "{cut:?}");
        assert!(line.get(cut).is_some());
    }
}
