//! Why a document answers: the lines that say it, and the symbol they are in.

use std::ops::Range;

use anyhow::Result;
use serde::Serialize;
use sigla_core::image::{Chunk, Doc, Image, Symbol, SymbolId};
use sigla_core::outline::Kind;
use sigla_core::search::{Ask, Filters, Hit, Marks, Plan, Query, Snippet, Source};
use sigla_core::text;

use crate::engine::answer;
use crate::engine::texts::Text;

/// The most bytes of a line that are kept.
const LONG: usize = 64 << 10;

/// A line of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SnippetLine {
    /// Its number, from 1.
    pub number: u32,
    /// Its bytes, without the line end. The first may begin inside a line of
    /// the file where that is very long, and of any so long those around its first mark are here.
    #[serde(serialize_with = "answer::bytes")]
    pub bytes: Vec<u8>,
    /// The words that the query asks for.
    pub marks: Vec<Range<usize>>,
}

/// The place in a document that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Its first line, from 1.
    pub start: u32,
    /// Its last line.
    pub end: u32,
    /// Where to look: the first of `lines` with a mark, else the symbol.
    pub line: u32,
    /// What the symbol is.
    #[serde(serialize_with = "answer::kind")]
    pub kind: Kind,
    /// The definition that answers, or that holds the lines.
    #[serde(serialize_with = "answer::maybe_bytes")]
    pub symbol: Option<Vec<u8>>,
    /// The few lines that say the most.
    pub lines: Vec<SnippetLine>,
}

/// Explains the hits of one query.
#[derive(Debug)]
pub struct Explainer<'q> {
    /// What was asked.
    pub query: Query<'q>,
    /// Its terms.
    pub marks: Marks,
    /// What it demands of symbols.
    pub filters: Filters<'q>,
    /// Lines to show.
    pub lines: usize,
}

impl<'q> Explainer<'q> {
    /// An explainer of what `plan` answered, that shows `lines` lines.
    pub fn new<S: Source>(plan: &Plan<'_, 'q, S>, lines: usize) -> Self {
        Explainer {
            query: plan.query(),
            marks: plan.marks(),
            filters: plan.filters().clone(),
            lines,
        }
    }

    /// The passage of `hit` in `image`. Without a text it has no lines.
    ///
    /// # Errors
    /// The image is damaged.
    pub fn explain(
        &self,
        image: &Image<'_>,
        doc: &Doc<'_>,
        hit: &Hit,
        text: Option<Text<'_>>,
    ) -> Result<Passage> {
        let chunks =
            image.chunks().of(doc).map(|chunk| Ok(chunk?.1)).collect::<Result<Vec<_>>>()?;
        let place = |id: u32| chunks.get(id.wrapping_sub(doc.first_chunk.0) as usize);
        let Some(chunk) = hit.chunk.and_then(|id| place(id.0)) else {
            // An empty file, found by its path.
            let (kind, symbol, lines) = (Kind::Text, None, vec![]);
            return Ok(Passage { start: 1, end: 1, line: 1, kind, symbol, lines });
        };
        let (start, end) = (chunk.first_line + 1, chunk.first_line + chunk.lines);
        let mut symbols = Vec::new();
        for id in doc.first_symbol.0..doc.end_symbol.0 {
            let symbol = image.symbols().get(SymbolId(id))?;
            if let Some(chunk) = place(symbol.chunk.0) {
                symbols.push((chunk.first_line + u32::from(symbol.line) + 1, symbol));
            }
        }
        let own = |symbol: &Symbol<'_>| Some(symbol.chunk) == hit.chunk;
        let named = self.named(&symbols, own);
        let asked = named.filter(|(_, symbol)| self.asks_for(symbol));
        let lines = text.map_or(vec![], |text| {
            let within = |at: u32| (at as usize).saturating_sub(text.start) as u32;
            let chunk = Chunk { start: within(chunk.start), end: within(chunk.end), ..*chunk };
            self.lines(text.bytes, &chunk, named.map(|(line, _)| (*line, asked.is_some())))
        });
        let marked = lines.iter().find(|line| !line.marks.is_empty()).map(|line| line.number);
        let at = marked.unwrap_or(start);
        let around = |(first, symbol): &&(u32, Symbol<'_>)| {
            (*first..first + symbol.lines.max(1)).contains(&at)
        };
        // A name is no heading for lines of another definition, unless asked for.
        let fits = |named: &&(u32, Symbol<'_>)| {
            self.filtered() || around(named) || lines.iter().any(|line| line.number == named.0)
        };
        let found = named
            .filter(fits)
            .or_else(|| symbols.iter().rfind(around))
            .or(named)
            .or_else(|| symbols.iter().find(|(_, symbol)| own(symbol)));
        let line = asked
            .map(|(line, _)| *line)
            .or(marked)
            .or(found.filter(|(_, symbol)| own(symbol)).map(|(line, _)| *line))
            .or(lines.first().map(|line| line.number))
            .unwrap_or(start);
        let (kind, symbol) = match found {
            Some((_, symbol)) => (symbol.kind, Some(symbol.name.to_vec())),
            None => (Kind::Text, None),
        };
        Ok(Passage { start, end, line, kind, symbol, lines })
    }

    /// The passage of a text that is no longer the one that was indexed; `None`
    /// where it has no word of the query.
    pub fn anew(&self, text: &[u8]) -> Option<Passage> {
        let end = u32::try_from(text.len()).ok()?;
        let lines = self.lines(text, &Chunk { start: 0, end, first_line: 0, lines: 0 }, None);
        let line = lines.iter().find(|line| !line.marks.is_empty())?.number;
        let (start, end) = (lines.first()?.number, lines.last()?.number);
        Some(Passage { start, end, line, kind: Kind::Text, symbol: None, lines })
    }

    /// Of a document's symbols with their lines: the one of the chunk whose name
    /// has the most of the query, or that its filters ask for.
    fn named<'s, 'a>(
        &self,
        symbols: &'s [(u32, Symbol<'a>)],
        own: impl Fn(&Symbol<'_>) -> bool,
    ) -> Option<&'s (u32, Symbol<'a>)> {
        symbols
            .iter()
            .filter(|(_, symbol)| own(symbol) && self.filters.want(symbol))
            .filter(|(_, symbol)| self.filtered() || self.marks.weight(symbol.name) > 0)
            // Of equals the shorter name, of these the definition of a type, of these the first.
            .min_by_key(|(_, s)| {
                (std::cmp::Reverse(self.marks.weight(s.name)), s.name.len(), !s.kind.is_type())
            })
    }

    /// Whether the query is a name, and that of this symbol: its definition is wanted then.
    fn asks_for(&self, symbol: &Symbol<'_>) -> bool {
        let mut words = self.query.clauses().filter(|clause| !clause.not).filter_map(|clause| {
            match clause.ask {
                Ask::Words(run) => Some(run),
                _ => None,
            }
        });
        let (run, rest) = (words.next().unwrap_or_default(), words.next());
        let spoken = run.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        rest.is_none()
            && spoken.count() == 1
            && text::words(run).last().is_some_and(|w| w.bytes.eq_ignore_ascii_case(symbol.name))
    }

    /// Whether the query asks for kinds or names of symbols.
    fn filtered(&self) -> bool {
        self.filters.want_symbols()
    }

    /// The lines of `chunk` with the most of the query, of equals those from line
    /// `named` on (always those, where that is asked for), in the middle of as many as are to
    /// be shown; the lines around them may lie outside the chunk.
    fn lines(&self, text: &[u8], chunk: &Chunk, named: Option<(u32, bool)>) -> Vec<SnippetLine> {
        let offset = chunk.start as usize;
        let Some(body) = text.get(offset..chunk.end as usize) else { return vec![] };
        let mut best = self.marks.snippet(body, self.lines);
        if let Some((line, asked)) = named
            && let Some(definition) = self.from(body, line - chunk.first_line - 1)
            && (self.filtered()
                || asked
                || self.count(body, &definition) == self.count(body, &best))
        {
            best = definition;
        }
        let (mut start, mut end) = (offset + best.start, offset + best.end);
        let marked = |from, to| self.marks.weight(text.get(from..to).unwrap_or_default()) > 0;
        let mut missing = self.lines.saturating_sub(best.lines as usize);
        let mut number = chunk.first_line + best.line + 1;
        if marked(start, end) {
            while let Some(next) = line_end(text, start).filter(|&next| !marked(start, next)) {
                (start, number, missing) = (next, number + 1, missing + 1);
            }
            while let Some(last) = last_line(text, start, end).filter(|&last| !marked(last, end)) {
                (end, missing) = (last, missing + 1);
            }
        }
        // A definition that is asked for begins what is shown.
        let asked = named.is_some_and(|(_, asked)| asked);
        for turn in [missing / 2, usize::MAX] {
            let mut turn = if asked { 0 } else { turn.min(missing) };
            while turn > 0
                && let Some(before) = line_before(text, start)
            {
                (start, number, missing, turn) = (before, number - 1, missing - 1, turn - 1);
            }
            while missing > 0
                && let Some(after) = line_end(text, end)
            {
                (end, missing) = (after, missing - 1);
            }
        }
        let shown = text.get(start..end).unwrap_or_default().split_inclusive(|&b| b == b'\n');
        let mut lines: Vec<SnippetLine> =
            shown.zip(number..).map(|(bytes, number)| self.line(number, bytes)).collect();
        let blank = |line: &SnippetLine| line.bytes.trim_ascii().is_empty();
        lines.truncate(lines.iter().rposition(|line| !blank(line)).map_or(0, |last| last + 1));
        lines.drain(..lines.iter().position(|line| !blank(line)).unwrap_or(0));
        lines
    }

    /// As many lines of `body` as are to be shown, after the first `skipped`.
    fn from(&self, body: &[u8], skipped: u32) -> Option<Snippet> {
        let mut ends = body.split_inclusive(|&b| b == b'\n').scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        });
        let start = match skipped.checked_sub(1) {
            Some(last) => ends.nth(last as usize)?,
            None => 0,
        };
        let (lines, end) = (1u32..).zip(ends.take(self.lines.clamp(1, 16))).last()?;
        Some(Snippet { start, end, line: skipped, lines })
    }

    fn count(&self, body: &[u8], lines: &Snippet) -> u32 {
        self.marks.weight(body.get(lines.start..lines.end).unwrap_or_default())
    }

    fn line(&self, number: u32, bytes: &[u8]) -> SnippetLine {
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let marks: Vec<_> = self.marks.spans(bytes).collect();
        let kept = cut(bytes, &marks, LONG);
        let inside =
            marks.into_iter().filter(|mark| kept.start <= mark.start && mark.end <= kept.end);
        let marks = inside.map(|mark| mark.start - kept.start..mark.end - kept.start).collect();
        SnippetLine { number, bytes: bytes.get(kept).unwrap_or_default().to_vec(), marks }
    }
}

/// Where the line that begins at `at` ends; `None` where none begins.
fn line_end(text: &[u8], at: usize) -> Option<usize> {
    let begins = at == 0 || text.get(at - 1) == Some(&b'\n');
    let rest = text.get(at..).filter(|rest| begins && !rest.is_empty())?;
    Some(rest.iter().position(|&b| b == b'\n').map_or(text.len(), |end| at + end + 1))
}

/// Where the line begins that ends at `at`; `None` where none ends.
fn line_before(text: &[u8], at: usize) -> Option<usize> {
    let line = text.get(..at)?.strip_suffix(b"\n")?;
    Some(line.iter().rposition(|&b| b == b'\n').map_or(0, |end| end + 1))
}

/// Where the last line of `start..end` begins, unless it is the first.
fn last_line(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let body = text.get(start..end)?;
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    body.iter().rposition(|&b| b == b'\n').map(|at| start + at + 1)
}

/// The part of a line that is shown: `most` bytes around the first mark, cut at
/// character borders.
pub(crate) fn cut(bytes: &[u8], marks: &[Range<usize>], most: usize) -> Range<usize> {
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
