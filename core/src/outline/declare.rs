//! C's typedefs and preprocessor lines.
//!
//! A typedef's name is its last word, or the one that its parentheses tell.
//! Preprocessor lines are taken whole, so that braces inside macros do not
//! count.

use super::definitions::Maybe;
use super::lexer::Lexer;
use super::table::{Class, Ends};
use super::{Kind, Step};
use core::ops::Range;
use heapless::Vec;

/// How many names one typedef may have; further ones are passed over.
const TYPEDEFS: usize = 8;

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// Where the subslice `part` of the text lies.
    fn range(&self, end: usize, part: &[u8]) -> Range<usize> {
        end - part.len()..end
    }

    /// The code of the statement in hand, comments after it apart.
    fn statement_text(&self) -> (&'t [u8], usize) {
        let end = self.code_before(self.pos).max(self.now.start);
        (self.text.get(self.now.start..end).unwrap_or_default(), end)
    }

    /// Keeps a name before the position that the statement's end would confirm.
    fn keep(&mut self, name: Range<usize>) {
        let after = self.text.get(name.start..self.pos).unwrap_or_default();
        self.out.look(after.len());
        let line = self.line.saturating_sub(lines(after));
        let (start, kind) = (self.now.line_start, Kind::Type);
        self.now.maybe = Some(Maybe { name, line, start, kind });
    }

    /// A typedef's parenthesis opens: the word before it may be its name.
    pub(super) fn declarator(&mut self) {
        if self.wrapped_name() {
            return;
        }
        let (before, end) = self.statement_text();
        let name = self.last_word(before);
        if name.first().is_some_and(|b| !b.is_ascii_digit()) && !name.starts_with(b"__") {
            let name = self.range(end, name);
            self.keep(name);
        }
    }

    /// `typedef void (CALL *name)(…)`: the last word in the parentheses is the
    /// name, if others follow.
    fn wrapped_name(&mut self) -> bool {
        let ahead = self.text.get(self.pos + 1..).unwrap_or_default();
        let ahead = ahead.get(..128).unwrap_or(ahead);
        let end = ahead.iter().position(|&b| !self.row.is_word(b) && !b" \t\r\n*".contains(&b));
        let (inside, after) = ahead.split_at(end.unwrap_or(ahead.len()));
        let inside = inside.trim_ascii_end();
        let wrapped = match after.split_first() {
            Some((b')', after)) => after.trim_ascii_start().first() == Some(&b'('),
            Some((b'(' | b'[', _)) => inside.contains(&b'*'),
            _ => false,
        };
        let name = self.last_word(inside);
        if !wrapped || name.is_empty() {
            return false;
        }
        if self.now.maybe.is_none() {
            let line = self.line + lines(inside);
            let name = self.range(self.pos + 1 + inside.len(), name);
            let (start, kind) = (self.now.line_start, Kind::Type);
            self.now.maybe = Some(Maybe { name, line, start, kind });
        }
        true
    }

    /// A typedef's `;`: its name is the last word, or the one that the
    /// parentheses told.
    pub(super) fn end_typedef(&mut self) {
        let (mut before, _) = self.statement_text();
        let maybe = self.now.maybe.take();
        let kind = self.now.nameless.take().unwrap_or(Kind::Type);
        // `type a, *b`: the last name comes first.
        let mut names = Vec::<Range<usize>, TYPEDEFS>::new();
        loop {
            while let Some(array) = before.strip_suffix(b"]") {
                let open = array.iter().rposition(|&b| b == b'[').unwrap_or(0);
                before = array.get(..open).unwrap_or_default().trim_ascii_end();
            }
            let name = match &maybe {
                Some(maybe) if before.ends_with(b")") && names.is_empty() => maybe.name.clone(),
                _ => self.range(self.now.start + before.len(), self.last_word(before)),
            };
            if name.is_empty() || names.push(name.clone()).is_err() {
                break;
            }
            let rest = before.get(..name.start.saturating_sub(self.now.start)).unwrap_or_default();
            let stars = |b: &u8| *b != b'*' && !b.is_ascii_whitespace();
            let rest = rest.get(..rest.iter().rposition(stars).map_or(0, |at| at + 1));
            match rest.and_then(|rest| rest.strip_suffix(b",")) {
                Some(rest) => before = rest.trim_ascii_end(),
                None => break,
            }
        }
        while let Some(name) = names.pop() {
            let after = self.text.get(name.start..self.pos).unwrap_or_default();
            let line = self.line.saturating_sub(lines(after));
            let end = name.end;
            if self.define(kind, name, line, self.now.line_start) {
                self.set_top(Ends::Statement, false);
                if !names.is_empty() {
                    self.close(end, line);
                }
            }
        }
    }

    /// A preprocessor's line with its continuations; `#define` defines.
    pub(super) fn directive(&mut self) {
        let start = self.lead.filter(|_| self.fresh).unwrap_or(self.line_start);
        let rest = self.text.get(self.pos + 1..).unwrap_or_default();
        let indent = rest.iter().position(|&b| b != b' ' && b != b'\t');
        self.pos += 1 + indent.unwrap_or(rest.len());
        let mut defines = false;
        if self.at(b"include") {
            self.import(self.pos + 7);
        } else if self.at(b"import") {
            self.import(self.pos + 6);
        }
        if self.is_disabled() {
            return self.pass_disabled();
        }
        if self.at(b"define ") || self.at(b"define\t") {
            let rest = self.text.get(self.pos + 7..).unwrap_or_default();
            let blank = rest.iter().position(|&b| b != b' ' && b != b'\t').unwrap_or(rest.len());
            let name = rest.get(blank..).unwrap_or_default();
            let length = name.iter().position(|&b| !self.row.is_word(b)).unwrap_or(name.len());
            let at = self.pos + 7 + blank;
            defines = length > 0 && self.define(Kind::Macro, at..at + length, self.line, start);
        }
        while let Some(&byte) = self.text.get(self.pos) {
            match byte {
                b'\n' => break,
                b'\\' if self.at(b"\\\r\n") => {
                    self.pos += 2;
                    self.newline(true);
                }
                b'\\' if self.at(b"\\\n") => {
                    self.pos += 1;
                    self.newline(true);
                }
                b'/' if self.at(b"//") || self.at(b"/*") => {
                    let start = self.pos;
                    let _ = self.comment();
                    self.inert(start);
                }
                b'"' | b'\'' => {
                    let start = self.string(Class::Line, byte);
                    self.inert(start);
                }
                _ => self.pos += 1,
            }
        }
        self.pos = self.pos.min(self.text.len());
        let line = self.text.get(self.line_start..self.pos).unwrap_or_default();
        if defines {
            self.close(self.line_start + line.trim_ascii_end().len(), self.line);
        }
        self.resume = self.pos;
        self.lead = None;
    }
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// Whether an `if 0` is at the position, behind its sign.
    fn is_disabled(&self) -> bool {
        let line = self.whole_line();
        let Some(condition) = line.strip_prefix(b"if") else { return false };
        let blank = condition.first().is_some_and(|b| b" \t(".contains(b));
        let condition = condition.trim_ascii();
        let condition = condition.strip_prefix(b"(").unwrap_or(condition);
        let word = condition.iter().position(|&b| !self.row.is_word(b));
        let (word, rest) = condition.split_at(word.unwrap_or(condition.len()));
        let rest = rest.strip_prefix(b")").unwrap_or(rest).trim_ascii_start();
        let never = matches!(word, b"0" | b"false" | b"FALSE");
        blank && never && (rest.is_empty() || rest.starts_with(b"/") || rest.starts_with(b"&&"))
    }

    /// Over the lines that an `if 0` at the position takes out, up to the branch or
    /// the end that belongs to it.
    fn pass_disabled(&mut self) {
        let start = self.pos;
        let mut depth = 0_u32;
        loop {
            self.pass_line();
            let line = self.whole_line();
            self.out.look(line.len());
            let blank = line.iter().position(|&b| b != b' ' && b != b'\t').unwrap_or(line.len());
            let sign = line.get(blank..).and_then(|line| line.strip_prefix(b"#"));
            let word = sign.unwrap_or_default().trim_ascii_start();
            match word {
                _ if word.starts_with(b"if") => depth = depth.saturating_add(1),
                _ if word.starts_with(b"endif") && depth > 0 => depth -= 1,
                _ if depth == 0 && (word.starts_with(b"el") || word.starts_with(b"endif")) => {
                    self.inert(start);
                    (self.first, self.resume) = (self.pos + blank, self.pos);
                    self.lead = None;
                    return;
                }
                _ if self.pos >= self.text.len() => break,
                _ => {}
            }
        }
        self.inert(start);
        (self.first, self.resume, self.lead) = (self.pos, self.pos, None);
    }
}

fn lines(text: &[u8]) -> u32 {
    text.iter().filter(|&&b| b == b'\n').count() as u32
}
