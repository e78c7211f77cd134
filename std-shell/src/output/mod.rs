//! How an answer is shown: to people ([`human`]) and to programs ([`json`]);
//! and the lines of an exact search to both ([`lines`]).

pub mod human;
pub mod json;
pub mod lines;
pub mod symbols;

use std::ops::Range;

use crate::explain::Passage;
use sigla_core::outline::Lang;

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
    pub more: u16,
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
