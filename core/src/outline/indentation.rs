//! Lines, and the blocks that indentation makes of them.

use super::definitions::Open;
use super::lexer::Lexer;
use super::table::{Ends, Newline};
use super::{Kind, Step};

/// Nim's `type`, `const`, `let` or `var`, alone on its line.
#[derive(Clone, Copy)]
pub(super) struct Section {
    pub kind: Kind,
    /// Where its word begins.
    pub start: usize,
    /// How far it is indented, and what is in it; 0 where nothing was yet.
    pub indent: u32,
    pub inner: u32,
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// At a line's end; `inside` a comment or string it is no more than that.
    pub(super) fn newline(&mut self, inside: bool) {
        if !inside {
            self.settle();
        }
        self.pos += 1;
        self.line = self.line.saturating_add(1);
        self.line_start = self.pos;
        self.out.line(self.pos, inside, self.code_end);
        if inside {
            return;
        }
        if !self.here.is_empty() {
            self.documents();
        }
        if !self.row.pages.is_empty() {
            self.pages();
        }
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let indent = ahead.iter().position(|&b| b != b' ' && b != b'\t');
        self.first = self.pos + indent.unwrap_or(ahead.len());
        self.pos = self.first;
        self.resume = self.first;
        let next = self.text.get(self.first).copied();
        let blank = matches!(next, None | Some(b'\n' | b'\r'));
        if blank && !self.firm {
            self.lead = None;
        }
        if self.row.has_messages() && !blank {
            self.part_of_class();
        }
        if self.row.indented {
            self.logical_line();
        } else if !self.row.words.is_empty() {
            self.line_of_words(next);
        } else if self.now.parens == 0 && !self.fresh {
            let code = self.text.get(..self.code_end).unwrap_or_default();
            let last = code.last().copied();
            let could_end = last.is_some_and(|b| {
                self.row.is_word(b) || matches!(b, b')' | b']' | b'}' | b'"' | b'\'' | b'`')
            });
            let ends = match self.row.newline {
                // C: a macro's call without `;`, then a blank line.
                Newline::Never => {
                    let waits = |top: &Open| top.level == self.level && !top.body;
                    self.row.has_macros()
                        && blank
                        && last == Some(b')')
                        && !self.open.last().is_some_and(waits)
                }
                Newline::Always => could_end || code.ends_with(b"++"),
                // `/regex/`, `value!`, `type A = B<C>`.
                Newline::Guess => {
                    let could_end = could_end
                        || matches!(last, Some(b'/' | b'!' | b'>'))
                            && !(self.row.regex && code.ends_with(b"=>"))
                        // Kotlin's and Swift's `type?`, Scala's `type*`, Swift's `#"…"#`.
                        || matches!(last, Some(b'?' | b'*' | b'#')) && !self.row.regex;
                    // `var` alone on its line; `as const` may end one.
                    let binds = self.now.binds == Some(Kind::Variable)
                        && self.ends_with(code, &[b"var", b"let"]);
                    could_end && !blank && !binds && !self.goes_on(next)
                }
            };
            if ends {
                let class = |top: &Open| top.ends == Ends::BlockOnly && !top.body;
                if !self.open.last().is_some_and(class) {
                    self.end_statement(self.code_end, self.code_line);
                }
                self.fresh = true;
            } else if self.row.offside && !blank {
                self.begin_offside(last);
            }
        }
        if self.row.offside && !blank && self.now.parens == 0 {
            self.end_offside();
        }
    }

    /// A line ended with `last`, and its statement has not: where that is a `:`
    /// or `=`, the block of the definition begins on the next line.
    pub(super) fn begin_offside(&mut self, last: Option<u8>) {
        let indent = self.indent(self.first);
        if !matches!(last, Some(b':' | b'=')) {
            return;
        }
        let (level, first) = (self.level, self.first);
        if let Some(top) = self.open.last_mut().filter(|top| top.level == level && !top.body)
            && indent > top.column
        {
            (top.body, top.body_at, top.offside) = (true, first, true);
        }
        self.fresh = true;
    }

    /// A line begins: ends the definitions by indentation that it is not in.
    pub(super) fn end_offside(&mut self) {
        let ends = |top: &Open, level: u32, indent: u32| {
            top.offside && top.level == level && top.column >= indent
        };
        let indent = self.indent(self.first);
        while self.open.last().is_some_and(|top| ends(top, self.level, indent)) {
            self.close(self.code_end, self.code_line);
            self.now.maybe = None;
            self.fresh = true;
        }
    }

    /// Whether a line that begins with this byte goes on with the statement before.
    pub(super) fn goes_on(&self, next: Option<u8>) -> bool {
        match next {
            Some(b'.' | b'?' | b':' | b'|' | b'&' | b'=' | b',' | b'+' | b'-' | b'%' | b'>') => {
                true
            }
            Some(b'{') => self.waits(),
            // Scala's further parameters, Kotlin's accessors.
            Some(b'(') => !self.row.regex && self.waits(),
            Some(b'w' | b'e' | b'd' | b'g' | b's' | b'p' | b'i') if !self.row.regex => {
                let ahead = self.text.get(self.first..).unwrap_or_default();
                let mut words = ahead.get(..32).unwrap_or(ahead).split(|&b| !self.row.is_word(b));
                let property = |top: &Open| top.kind == Kind::Property;
                match (words.next(), words.next()) {
                    (
                        Some(b"where" | b"extends" | b"with" | b"derives" | b"implements"),
                        Some(_),
                    ) => self.waits(),
                    (Some(b"get" | b"set"), _)
                    | (Some(b"private" | b"internal" | b"protected"), Some(b"get" | b"set")) => {
                        self.waits() && self.open.last().is_some_and(property)
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether an open definition waits for its block here.
    pub(super) fn waits(&self) -> bool {
        self.open
            .last()
            .is_some_and(|top| top.level == self.level && !top.body && top.ends != Ends::Statement)
    }

    /// By indentation: a line begins a statement unless a bracket or a `\` holds on.
    pub(super) fn logical_line(&mut self) {
        let continued = matches!(
            self.text.get(..self.line_start),
            Some([.., b'\\', b'\n'] | [.., b'\\', b'\r', b'\n'])
        );
        if self.now.parens > 0 && self.is_head(self.text.get(self.pos..).unwrap_or_default()) {
            // No bracket holds a definition: it was never closed.
            self.now.parens = 0;
        }
        if self.now.parens == 0 && !continued {
            self.fresh = true;
            self.now.attribute = false;
            // The line after a head is where its block begins.
            let pos = self.pos;
            let ended = |top: &&mut Open| top.body_at == 0 && top.name.end <= pos;
            if let Some(top) = self.open.last_mut().filter(ended) {
                top.body_at = pos;
            }
        }
    }

    /// Whether a line can only be the head of a definition, whatever is before it.
    pub(super) fn is_head(&self, line: &[u8]) -> bool {
        let mut rest = line.get(..64).unwrap_or(line);
        for _ in 0..4 {
            let Some(word) = rest.iter().position(|&b| b == b' ') else { return false };
            let (word, after) = rest.split_at(word);
            rest = after.get(1..).unwrap_or_default();
            let named = rest.first().is_some_and(|&b| self.row.is_word(b) && !b.is_ascii_digit());
            let sure = |kind| !matches!(kind, Kind::Type | Kind::Const | Kind::Variable);
            match self.row.form(word) {
                Some(form) => return named && sure(form.kind),
                None if named && self.row.is_modifier(word) => {}
                None => return false,
            }
        }
        false
    }

    /// By indentation: closes what a statement at `at` is not inside of.
    pub(super) fn dedent(&mut self, at: usize) {
        let indent = self.indent(at);
        while self.open.last().is_some_and(|top| top.level >= indent) {
            self.close(self.code_end, self.code_line);
        }
        self.level = indent;
    }

    pub(super) fn indent(&self, at: usize) -> u32 {
        let line = self.text.get(self.line_start..at.min(self.first)).unwrap_or_default();
        self.out.look(line.len());
        line.iter().fold(0, |width: u32, &b| match b {
            b'\t' => (width / 8).saturating_add(1).saturating_mul(8),
            b' ' => width.saturating_add(1),
            _ => width,
        })
    }
}
