//! C's definitions, which no word begins: functions, typedefs, macros.
//!
//! At file level the word before a parenthesis may be a function's name; the
//! body that follows confirms it, anything else forgets it. Structures are
//! read backwards from their brace. Preprocessor lines are taken whole, so
//! that braces inside macros do not count.

use super::lexer::{Lexer, Mark, Maybe};
use super::table::{Class, Ends};
use super::{Kind, Step};
use core::ops::Range;

/// Words that a parenthesis follows without making them a function.
const NO_NAMES: &[&[u8]] = &[
    b"if",
    b"for",
    b"while",
    b"switch",
    b"return",
    b"sizeof",
    b"typeof",
    b"asm",
    b"alignas",
    b"defined",
    b"throw",
    b"noexcept",
];

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

    /// Keeps a name before the position that a body would confirm.
    fn keep(&mut self, kind: Kind, name: Range<usize>) {
        let after = self.text.get(name.start..self.pos).unwrap_or_default();
        let line = self.line.saturating_sub(lines(after));
        self.now.maybe = Some(Maybe { name, line, start: self.now.line_start, kind });
    }

    /// A parenthesis opens at file level: the word before it may be a name.
    pub(super) fn declarator(&mut self) {
        if self.level != self.outer {
            return;
        }
        let (before, end) = self.statement_text();
        let name = self.last_word(before);
        if self.wrapped_name() {
            return;
        }
        let attribute = name.starts_with(b"__") && self.now.maybe.is_some();
        let shouts = |name: &[u8]| !name.iter().any(u8::is_ascii_lowercase);
        let old = self.now.maybe.as_ref().and_then(|maybe| self.text.get(maybe.name.clone()));
        // `f(int a) ATTRIBUTE(x)`, not `MACRO(x) f(int a)`.
        let trailing = old.is_some_and(|old| !shouts(old) && shouts(name));
        let known = name.starts_with(b"__attribute") || name.starts_with(b"__declspec");
        let number = name.first().is_none_or(u8::is_ascii_digit);
        if !(attribute || trailing || known || number || NO_NAMES.contains(&name)) {
            let kind = if self.now.typedef { Kind::Type } else { Kind::Function };
            let name = self.range(end, name);
            self.keep(kind, name);
        }
    }

    /// `typedef void (CALL *name)(…)`, `int (*name(…))(…)`, `int (name)(…)`:
    /// the last word in the parentheses is the name, if others follow.
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
            let kind = if self.now.typedef { Kind::Type } else { Kind::Function };
            let name = self.range(self.pos + 1 + inside.len(), name);
            self.now.maybe = Some(Maybe { name, line, start: self.now.line_start, kind });
        }
        true
    }

    /// A brace opens: is it the body of a function or a structure?
    pub(super) fn body(&mut self) -> Mark {
        let (before, end) = self.statement_text();
        let at_file = self.level == self.outer;
        if at_file && (before.ends_with(b"\"C\"") || before.ends_with(b"\"C++\"")) {
            return Mark::Outer;
        }
        let name = self.last_word(before);
        if let Some(kind) = structure(name) {
            self.now.nameless = Some(kind);
            return Mark::Block;
        }
        if !name.is_empty()
            && let Some(kind) = self.structure_before(before, name.len())
        {
            let name = self.range(end, name);
            let line = self.line
                - lines(self.text.get(name.start..self.pos).unwrap_or_default()).min(self.line);
            let start = if at_file { self.now.line_start } else { self.line_of(name.start) };
            if self.define(kind, name, line, start) {
                self.set_top(Ends::Block, true);
            }
            return Mark::Block;
        }
        let function = before.last().is_some_and(|&b| b == b')' || self.row.is_word(b));
        if at_file && function && !self.now.typedef && self.now.maybe.is_some() {
            self.confirm(Ends::Block, true);
        }
        Mark::Block
    }

    /// The start of the line of `at`, which lies in the statement in hand.
    fn line_of(&self, at: usize) -> usize {
        let before = self.text.get(self.now.start..at).unwrap_or_default();
        match before.iter().rposition(|&b| b == b'\n') {
            Some(newline) => self.now.start + newline + 1,
            None => self.now.line_start,
        }
    }

    /// `struct` before the last word of `before`, macros between them allowed.
    fn structure_before(&self, before: &[u8], name: usize) -> Option<Kind> {
        let mut before = before.get(..before.len() - name)?;
        for _ in 0..3 {
            before = before.trim_ascii_end();
            let word = self.last_word(before);
            if word.is_empty() {
                return None;
            }
            if let Some(kind) = structure(word) {
                return Some(kind);
            }
            before = before.get(..before.len() - word.len())?;
        }
        None
    }

    /// A typedef's `;`: its name is the last word, or the one that the
    /// parentheses told.
    pub(super) fn end_typedef(&mut self) {
        let (mut before, _) = self.statement_text();
        while let Some(array) = before.strip_suffix(b"]") {
            let open = array.iter().rposition(|&b| b == b'[').unwrap_or(0);
            before = array.get(..open).unwrap_or_default().trim_ascii_end();
        }
        let end = self.now.start + before.len();
        let maybe = self.now.maybe.take();
        let kind = self.now.nameless.take().unwrap_or(Kind::Type);
        let name = match &maybe {
            Some(maybe) if before.ends_with(b")") => maybe.name.clone(),
            _ => self.range(end, self.last_word(before)),
        };
        if name.is_empty() {
            return;
        }
        let after = self.text.get(name.start..self.pos).unwrap_or_default();
        let line = self.line.saturating_sub(lines(after));
        if self.define(kind, name, line, self.now.line_start) {
            self.set_top(Ends::Statement, false);
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
                    let start = self.pos;
                    self.string(Class::Line, byte);
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

fn lines(text: &[u8]) -> u32 {
    text.iter().filter(|&&b| b == b'\n').count() as u32
}

fn structure(word: &[u8]) -> Option<Kind> {
    match word {
        b"struct" => Some(Kind::Struct),
        b"union" => Some(Kind::Union),
        b"enum" => Some(Kind::Enum),
        _ => None,
    }
}
