//! Cutting a text into chunks while it is being read.
//!
//! The lexer reports every line it begins and every definition it finds; the
//! chunker remembers the lines since the last border, each with the strength of
//! the border it would make, and cuts only when it has read as far past the
//! longest chunk as a chunk is long. Any definition that begins before such a
//! border has ended by then, or does not fit a chunk, and one that fits is never
//! cut: a border lies inside of it only where definitions that share lines, the
//! end of one with the beginning of the next, leave no other in reach. Chunks
//! tile the text exactly, hold no more than [`CHUNK_MAX`] bytes, and cost
//! constant memory: a line longer than a chunk is split where it stands.

use super::{Chunk, Event, Lang, NESTING, Step};
use core::cell::Cell;
use core::cmp::Reverse;
use core::ops::Range;
use heapless::Vec;

/// The most bytes a chunk holds.
pub const CHUNK_MAX: usize = 4096;

/// Sizes in lines: at least, best, at most.
#[derive(Clone, Copy)]
struct Plan {
    least: usize,
    best: usize,
    most: usize,
}

const CODE: Plan = Plan { least: 24, best: 42, most: 56 };
const LOG: Plan = Plan { least: 32, best: 32, most: 32 };

/// Lines that may be waiting for a border: a chunk, one that might begin in its
/// last line, and some that tell of a definition only after its end.
const WINDOW: usize = 2 * CODE.most + 8;

#[derive(Clone, Copy)]
struct Line {
    start: usize,
    strength: u8,
    /// A border here would cut a definition that fits a chunk.
    inside: bool,
}

impl Line {
    fn new(start: usize, strength: u8) -> Self {
        Self { start, strength, inside: false }
    }
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
    /// Where the open definitions start, the outermost first, and how many there are.
    open: Vec<usize, NESTING>,
    depth: usize,
    /// The end of the code read, comments and space after it apart: of what is open,
    /// it is the end if no more comes.
    code_end: usize,
    /// The end of the line in which a definition ended last.
    line_end: Cell<usize>,
    #[cfg(any(test, fuzzing))]
    looked: Cell<u64>,
}

/// Where the log that begins with `text` may be cut: the last border of its chunks that
/// stands behind a line feed, and that the text to come cannot move. 0 where there is
/// none. Each part then has the chunks that it has in the whole: those of a log depend
/// only on where the one before ends.
pub fn log_border(text: &[u8]) -> usize {
    // Who chooses a border looks at the lines that begin within a chunk's reach, and at
    // the length of the last of them as far as it could be split.
    const AHEAD: usize = 2 * CHUNK_MAX + 8;
    let mut border = 0;
    super::chunks(Lang::Log, text, &mut |step| {
        if let Step::Chunk(Chunk { end, .. }) = step
            && text.len().saturating_sub(end) >= AHEAD
            && end.checked_sub(1).and_then(|last| text.get(last)) == Some(&b'\n')
        {
            border = end;
        }
    });
    border
}

impl<'t, 'v, V: FnMut(Step<'t>)> Chunker<'t, 'v, V> {
    pub(super) fn new(lang: Lang, text: &'t [u8], visit: &'v mut V) -> Self {
        let mut lines = Vec::new();
        if !text.is_empty() {
            let _ = lines.push(Line::new(0, 0));
        }
        let plan = if lang == Lang::Log { LOG } else { CODE };
        Self {
            text,
            visit,
            plan,
            first_line: 0,
            lines,
            open: Vec::new(),
            depth: 0,
            code_end: 0,
            line_end: Cell::new(0),
            #[cfg(any(test, fuzzing))]
            looked: Cell::new(0),
        }
    }

    /// A line begins; `inside` a comment or a string it makes a poor border. The
    /// code before it ends at `code_end`.
    #[inline]
    pub(super) fn line(&mut self, start: usize, inside: bool, code_end: usize) {
        let strength = if inside { u8::from(self.after_blank(start)) } else { self.gap(start) };
        self.code_end = code_end;
        self.push(Line::new(start, strength));
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

    /// Passes an event on, and remembers the border before a definition and those
    /// inside of it.
    pub(super) fn event(&mut self, event: Event<'t>) {
        match &event {
            Event::Open(definition) => {
                let start = definition.start;
                let line = self.lines.iter_mut().rev().find(|line| line.start <= start);
                if let Some(line) = line.filter(|line| line.start == start) {
                    let rank = 9 - definition.depth.min(3);
                    let gap = u8::from(line.strength > 0);
                    line.strength = line.strength.max(rank * 2 + gap);
                }
                self.depth += 1;
                let _ = self.open.push(start);
            }
            Event::Close { end, .. } => {
                if self.depth == self.open.len()
                    && let Some(start) = self.open.pop()
                {
                    let inner = self.inner_lines(start, *end);
                    for line in self.lines.get_mut(inner).unwrap_or_default() {
                        line.inside = true;
                    }
                }
                self.depth = self.depth.saturating_sub(1);
            }
            Event::Import { .. } | Event::Call { .. } | Event::Inert { .. } => {}
        }
        (self.visit)(Step::Event(event));
    }

    /// Which lines in hand begin inside of the definition `start..end`; none if it
    /// does not fit a chunk.
    fn inner_lines(&self, start: usize, end: usize) -> Range<usize> {
        let lines = self.lines.iter();
        let first = lines.clone().rposition(|line| line.start <= start);
        let last = lines.clone().rposition(|line| line.start < end);
        let (Some(first), Some(last)) = (first, last) else { return 0..0 };
        if last <= first || last - first >= self.plan.most {
            return 0..0;
        }
        let begin = self.lines.get(first).map_or(start, |line| line.start);
        let after = match self.lines.get(last + 1) {
            Some(next) => next.start,
            None => self.end_of_line(end),
        };
        if after - begin <= CHUNK_MAX { first + 1..last + 1 } else { 0..0 }
    }

    /// The end of the line that the byte before `at` is on. As definitions end in
    /// the order of the text, every byte is looked at once.
    fn end_of_line(&self, at: usize) -> usize {
        if at > self.line_end.get() {
            let rest = self.text.get(at - 1..).unwrap_or_default();
            let length = rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |nl| nl + 1);
            self.look(length);
            self.line_end.set(at - 1 + length);
        }
        self.line_end.get()
    }

    /// The text is over: gives the chunks still in hand.
    pub(super) fn finish(mut self) {
        let end = self.text.len();
        if self.lines.last().is_some_and(|line| line.start < end) {
            self.push(Line::new(end, 0));
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
            || self.lines.first().is_some_and(|first| line.start - first.start > 2 * CHUNK_MAX)
        {
            match self.lines.as_slice() {
                // The only line in hand is over and does not fit.
                [only] => self.split(only.start, line.start),
                _ => self.choose(),
            }
        }
        let _ = self.lines.push(line);
    }

    /// Cuts at the strongest border in reach that is inside of no definition that
    /// fits a chunk, the nearest to the best size among equals; if there is none,
    /// before the definition that is in the way.
    fn choose(&mut self) {
        let Plan { least, best, most } = self.plan;
        let Some(first) = self.lines.first().copied() else { return };
        let fits = |line: &Line| line.start - first.start <= CHUNK_MAX;
        let last = self.lines.iter().rposition(fits).unwrap_or(0).min(most);
        if let (0, Some(next)) = (last, self.lines.get(1)) {
            return self.split(first.start, next.start);
        }
        // What is open still may have ended with the last code.
        let reach = first.start..self.lines.get(last).map_or(0, |line| line.start);
        let held = (self.open.iter().filter(|start| reach.contains(start)))
            .map(|&start| self.inner_lines(start, self.code_end))
            .find(|inner| !inner.is_empty())
            .unwrap_or_default();
        let least = (least * last / most).max(1);
        let borders = self.lines.iter().enumerate().take(last + 1).skip(1);
        let mut free = borders.clone().filter(|(at, line)| !line.inside && !held.contains(at));
        let strongest = |(at, line): &(usize, &Line)| (line.strength, Reverse(at.abs_diff(best)));
        let border = (free.clone().filter(|&(at, _)| at >= least).max_by_key(strongest))
            .or_else(|| free.next_back())
            .or_else(|| borders.skip(least - 1).max_by_key(strongest));
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
