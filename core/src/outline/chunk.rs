//! Cutting a text into chunks while it is being read.
//!
//! The lexer reports every line it begins and every definition it finds; the
//! chunker remembers the lines since the last border (at most 64), each with
//! the strength of the border it would make, and cuts once it has read some
//! lines past the longest chunk it wants: the lookahead lets a definition
//! whose doc comment starts near the limit still be recognised. Chunks tile
//! the text exactly, hold no more than [`CHUNK_MAX`] bytes, and cost constant
//! memory: a line longer than a chunk is split where it stands.

use super::{Chunk, Event, Lang, Step};
use heapless::Vec;

/// The most bytes a chunk holds.
pub const CHUNK_MAX: usize = 4096;

/// Lines that may be waiting for a border.
const WINDOW: usize = 64;

/// Sizes in lines: at least, best, at most.
#[derive(Clone, Copy)]
struct Plan {
    least: usize,
    best: usize,
    most: usize,
}

const CODE: Plan = Plan { least: 24, best: 42, most: 56 };
const LOG: Plan = Plan { least: 32, best: 32, most: 32 };

#[derive(Clone, Copy)]
struct Line {
    start: usize,
    strength: u8,
}

/// Takes lines and events in the order of the text, gives [`Step`]s.
pub(super) struct Chunker<'t, 'v, V> {
    text: &'t [u8],
    visit: &'v mut V,
    plan: Plan,
    /// The line the chunk in hand starts on.
    first_line: u32,
    /// The lines begun since then; the first is where the chunk starts.
    lines: Vec<Line, { WINDOW + 1 }>,
    #[cfg(any(test, fuzzing))]
    looked: core::cell::Cell<u64>,
}

impl<'t, 'v, V: FnMut(Step<'t>)> Chunker<'t, 'v, V> {
    pub(super) fn new(lang: Lang, text: &'t [u8], visit: &'v mut V) -> Self {
        let mut lines = Vec::new();
        if !text.is_empty() {
            let _ = lines.push(Line { start: 0, strength: 0 });
        }
        let plan = if lang == Lang::Log { LOG } else { CODE };
        Self {
            text,
            visit,
            plan,
            first_line: 0,
            lines,
            #[cfg(any(test, fuzzing))]
            looked: core::cell::Cell::new(0),
        }
    }

    /// A line begins; `inside` a comment or a string it makes a poor border.
    #[inline]
    pub(super) fn line(&mut self, start: usize, inside: bool) {
        let strength = if inside { u8::from(self.after_blank(start)) } else { self.gap(start) };
        self.push(Line { start, strength });
    }

    /// Counts bytes that are looked at, where tests ask whether that is linear.
    #[inline]
    pub(super) fn look(&self, bytes: usize) {
        #[cfg(any(test, fuzzing))]
        self.looked.set(self.looked.get() + bytes as u64);
        let _ = bytes;
    }

    #[cfg(any(test, fuzzing))]
    pub(super) fn looked(&self) -> u64 {
        self.looked.get()
    }

    /// Passes an event on, and remembers the border before a definition.
    pub(super) fn event(&mut self, event: Event<'t>) {
        if let Event::Open(definition) = &event {
            let line = self.lines.iter_mut().rev().find(|line| line.start <= definition.start);
            if let Some(line) = line.filter(|line| line.start == definition.start) {
                let rank = 9 - definition.depth.min(3);
                let gap = u8::from(line.strength > 0);
                line.strength = line.strength.max(rank * 2 + gap);
            }
        }
        (self.visit)(Step::Event(event));
    }

    /// The text is over: gives the chunks still in hand.
    pub(super) fn finish(mut self) {
        let end = self.text.len();
        if self.lines.last().is_some_and(|line| line.start < end) {
            self.push(Line { start: end, strength: 0 });
        }
        while let [first, .., last] = self.lines.as_slice() {
            if last.start - first.start <= CHUNK_MAX && self.lines.len() - 1 <= self.plan.most {
                self.cut(self.lines.len() - 1);
            } else {
                self.choose();
            }
        }
    }

    fn push(&mut self, line: Line) {
        while self.lines.is_full()
            || self.lines.first().is_some_and(|first| line.start - first.start > CHUNK_MAX)
        {
            match self.lines.as_slice() {
                // The only line in hand is over and does not fit.
                [only] => self.split(only.start, line.start),
                _ => self.choose(),
            }
        }
        let _ = self.lines.push(line);
    }

    /// Cuts at the strongest border in reach, the nearest to the best size
    /// among equals.
    fn choose(&mut self) {
        let Plan { least, best, most } = self.plan;
        let Some(first) = self.lines.first().copied() else { return };
        let fits = |line: &Line| line.start - first.start <= CHUNK_MAX;
        let last = self.lines.iter().rposition(fits).unwrap_or(0).min(most);
        if let (0, Some(next)) = (last, self.lines.get(1)) {
            return self.split(first.start, next.start);
        }
        let least = (least * last / most).max(1);
        let borders = self.lines.iter().enumerate().take(last + 1).skip(least);
        let border =
            borders.max_by_key(|(at, line)| (line.strength, core::cmp::Reverse(at.abs_diff(best))));
        self.cut(border.map_or(1, |(at, _)| at));
    }

    /// Gives the first `count` lines in hand as a chunk.
    fn cut(&mut self, count: usize) {
        let (Some(first), Some(next)) = (self.lines.first(), self.lines.get(count)) else { return };
        let lines = count as u32;
        let chunk =
            Chunk { start: first.start, end: next.start, first_line: self.first_line, lines };
        (self.visit)(Step::Chunk(chunk));
        self.first_line = self.first_line.saturating_add(lines);
        let left = self.lines.len() - count;
        self.lines.copy_within(count.., 0);
        self.lines.truncate(left);
    }

    /// Gives pieces of the long line `start..end` until the rest fits.
    fn split(&mut self, mut start: usize, end: usize) {
        while end - start > CHUNK_MAX {
            let piece = char_border(self.text, start + CHUNK_MAX);
            (self.visit)(Step::Chunk(Chunk {
                start,
                end: piece,
                first_line: self.first_line,
                lines: 1,
            }));
            start = piece;
        }
        if let Some(first) = self.lines.first_mut() {
            first.start = start;
        }
    }

    /// The strength of a border at `start` by blank lines and indentation alone.
    fn gap(&self, start: usize) -> u8 {
        if !self.after_blank(start) {
            return 0;
        }
        let ahead = self.text.get(start..).unwrap_or_default();
        let indent = ahead.iter().take(16).take_while(|&&b| b == b' ' || b == b'\t').count();
        match (indent, ahead.get(indent)) {
            (_, None | Some(b'\n' | b'\r')) => 0,
            (0, _) => 6,
            (1..=4, _) => 5,
            (5..=8, _) => 4,
            _ => 3,
        }
    }

    fn after_blank(&self, start: usize) -> bool {
        let Some(last) = self.lines.last() else { return false };
        self.text.get(last.start..start).is_some_and(|line| line.trim_ascii_start().is_empty())
    }
}

/// The last character border at or before `at`; `at` itself in bytes that are
/// no UTF-8.
fn char_border(text: &[u8], at: usize) -> usize {
    let continues = |at: &usize| text.get(*at).is_some_and(|b| b & 0xC0 == 0x80);
    (at.saturating_sub(3)..=at).rev().find(|at| !continues(at)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::super::{Lang, chunks};
    use super::*;
    use std::{string::String, vec::Vec};

    fn cut(lang: Lang, text: &[u8]) -> Vec<Chunk> {
        let mut all = Vec::new();
        chunks(lang, text, &mut |step| {
            if let Step::Chunk(chunk) = step {
                all.push(chunk);
            }
        });
        all
    }

    fn lines(chunks: &[Chunk]) -> Vec<u32> {
        chunks.iter().map(|chunk| chunk.lines).collect()
    }

    #[test]
    fn empty_text_has_no_chunk() {
        for lang in Lang::ALL {
            assert!(cut(lang, b"").is_empty());
        }
        assert_eq!(cut(Lang::Text, b"\n"), [Chunk { start: 0, end: 1, first_line: 0, lines: 1 }]);
        assert_eq!(cut(Lang::Text, b"a"), [Chunk { start: 0, end: 1, first_line: 0, lines: 1 }]);
        assert_eq!(cut(Lang::Rust, b"a\nb").len(), 1);
    }

    #[test]
    fn a_log_has_32_lines_a_chunk() {
        let text = "now: all is well\n\nfn x() {\n".repeat(25);
        assert_eq!(lines(&cut(Lang::Log, text.as_bytes())), [32, 32, 11]);
    }

    #[test]
    fn small_definitions_share_and_are_not_torn() {
        let mut text = String::new();
        for _ in 0..20 {
            text += "/// Doc.\n#[inline]\nfn a() {\n    b();\n\n    c();\n}\n\n";
        }
        let all = cut(Lang::Rust, text.as_bytes());
        assert_eq!(lines(&all), [40, 40, 40, 40]);
        for chunk in &all {
            assert!(text[chunk.start..].starts_with("/// Doc."));
        }
    }

    #[test]
    fn a_long_definition_is_split_at_inner_definitions_then_blank_lines() {
        let mut text = String::from("impl A {\n");
        for _ in 0..6 {
            text += "    /// Doc.\n    fn a() {\n";
            text += &"        b();\n\n".repeat(8);
            text += "    }\n";
        }
        text += "}\n";
        let all = cut(Lang::Rust, text.as_bytes());
        assert!(all.len() > 1);
        for chunk in &all[1..] {
            assert!(text[chunk.start..].starts_with("    /// Doc."));
        }
        let text = std::format!("fn a() {{\n{}}}\n", "    b();\n    c();\n\n".repeat(60));
        for chunk in &cut(Lang::Rust, text.as_bytes())[1..] {
            assert!(text[chunk.start..].starts_with("    b();"));
        }
    }

    #[test]
    fn long_lines_are_split_at_characters() {
        let text = "aé".repeat(10_000);
        let all = cut(Lang::Text, text.as_bytes());
        assert_eq!(all.len(), 30_000_usize.div_ceil(4095));
        for chunk in &all {
            assert!(text.is_char_boundary(chunk.end));
            assert_eq!((chunk.first_line, chunk.lines), (0, 1));
        }
        let all = cut(Lang::Text, &[0x80; 10_000]);
        assert_eq!(all.iter().map(|c| c.end - c.start).collect::<Vec<_>>(), [4096, 4096, 1808]);
    }

    #[test]
    fn the_rest_of_a_long_line_shares_a_chunk() {
        let text = std::format!("a\n{}\nb\n", "x".repeat(5000));
        let all = cut(Lang::Text, text.as_bytes());
        assert_eq!(lines(&all), [1, 1, 2]);
        assert_eq!(all.iter().map(|c| c.first_line).collect::<Vec<_>>(), [0, 1, 1]);
    }
}
