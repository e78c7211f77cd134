//! What is peculiar to shells: words mean something only where a command is due,
//! parentheses need not balance (`case x in a)`), and a brace is a word.

use super::blocks::Mark;
use super::lexer::Lexer;
use super::literal::Literal;
use super::table::{Ends, Form};
use super::{Event, Step};

/// The longest name of a function.
const NAME: usize = 256;

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// Whether the `#` at the position begins a comment: it must begin a word.
    pub(super) fn is_shell_comment(&self) -> bool {
        let before = self.text.get(..self.pos).and_then(|before| before.last());
        before.is_none_or(|b| b.is_ascii_whitespace() || b";()|&`".contains(b))
    }

    /// Whether the brace at the position stands where a command is due.
    pub(super) fn is_shell_brace(&self) -> bool {
        let after = self.text.get(self.pos + 1);
        let opens = self.at(b"{");
        let literal = matches!(self.mark(), Some(Mark::Literal(_)));
        self.fresh && if opens { after.is_none_or(u8::is_ascii_whitespace) } else { !literal }
    }

    /// At `$`: over `${…}`, `$((…))` and `$'…'`, into `$(…)`.
    pub(super) fn expansion(&mut self) {
        self.begin_plain();
        let start = self.pos;
        self.pos += 1;
        match self.text.get(self.pos) {
            Some(b'{') => self.balanced_on_line(b'{', b'}'),
            Some(b'(') if self.at(b"((") => self.balanced_on_line(b'(', b')'),
            Some(b'(') => {
                self.pos += 1;
                self.push(Mark::Parens(false));
                self.fresh = true;
            }
            Some(b'\'') => {
                self.pos += 1;
                self.literal(Literal { code: false, ..Literal::to(b'\'') });
                self.inert(start);
            }
            Some(b'#' | b'?' | b'!' | b'$' | b'*' | b'@' | b'-') => self.pos += 1,
            _ => {}
        }
    }

    /// Over a balanced pair that opens here, up to the line's end at most.
    fn balanced_on_line(&mut self, open: u8, close: u8) {
        let mut depth = 0_u32;
        while let Some(&byte) = self.text.get(self.pos) {
            match byte {
                b'\n' => return,
                b'\\' if self.text.get(self.pos + 1) != Some(&b'\n') => self.pos += 1,
                _ if byte == open => depth = depth.saturating_add(1),
                _ if byte == close => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.pos += 1;
            if depth == 0 {
                return;
            }
        }
        self.pos = self.pos.min(self.text.len());
    }

    /// At `(`: of a function's name, of arithmetic, of a subshell or of a list.
    pub(super) fn shell_open(&mut self) {
        let (fresh, start) = (self.fresh, self.now.start);
        self.begin_plain();
        if self.at(b"((") {
            return self.balanced_on_line(b'(', b')');
        }
        let command = self.text.get(start..self.pos).unwrap_or_default();
        let ahead = self.text.get(self.pos + 1..).unwrap_or_default();
        let blanks = ahead.iter().take(NAME).take_while(|&&b| b == b' ' || b == b'\t').count();
        if !fresh && ahead.get(blanks) == Some(&b')') && command.len() <= NAME {
            let name = command.trim_ascii_end();
            let odd = |b: &u8| b.is_ascii_whitespace() || b"=$\"'`(){}<>\\;|&#".contains(b);
            if !name.is_empty() && !name.iter().any(odd) {
                self.pos += blanks + 2;
                let range = start..start + name.len();
                return self.define_command(range);
            }
        }
        self.pos += 1;
        if fresh {
            self.begin_body();
            self.push(Mark::Parens(true));
            self.fresh = true;
        } else {
            self.now.parens = self.now.parens.saturating_add(1);
        }
    }

    /// At `)`: of any of these, of a command in a string, or of a `case`'s pattern.
    pub(super) fn shell_shut(&mut self) {
        self.begin_plain();
        if self.now.parens > 0 {
            self.now.parens -= 1;
            self.pos += 1;
            return;
        }
        let end = self.pos;
        self.pos += 1;
        match self.mark() {
            Some(Mark::Parens(command)) => {
                self.pop();
                self.close_above(self.level, end);
                if self.open.last().is_some_and(|top| top.level == self.level && top.body) {
                    self.close(self.pos, self.line);
                }
                self.fresh = command && self.mark() == Some(Mark::Words);
            }
            Some(Mark::Literal(_)) => {
                self.end_code();
            }
            _ => self.fresh = true,
        }
    }

    /// `function name`, read from `at` behind the word.
    pub(super) fn command_by(&mut self, form: &'static Form, at: usize) {
        let blanks = |at: usize| {
            let ahead = self.text.get(at..).unwrap_or_default();
            at + ahead.iter().take(NAME).take_while(|&&b| b == b' ' || b == b'\t').count()
        };
        let start = blanks(at);
        let ahead = self.text.get(start..).unwrap_or_default();
        let odd = |b: &u8| b.is_ascii_whitespace() || b"=$\"'`(){}<>\\;|&#".contains(b);
        let length = ahead.iter().take(NAME).take_while(|b| !odd(b)).count();
        self.pos = at;
        if length > 0 && form.ends == Ends::Block {
            let after = blanks(start + length);
            let parentheses = self.text.get(after..).is_some_and(|text| text.starts_with(b"()"));
            self.pos = if parentheses { after + 2 } else { start + length };
            self.define_command(start..start + length);
        }
    }

    fn define_command(&mut self, name: core::ops::Range<usize>) {
        let start = self.now.line_start;
        if self.define(super::Kind::Function, name, self.line, start) {
            self.set_top(Ends::Block, false);
        }
        self.fresh = true;
    }

    /// The first word of a command: a call, or an import.
    pub(super) fn command(&mut self, word: &'t [u8], after: &'t [u8]) {
        let assigned = matches!(after.first(), Some(b'=' | b'(' | b'"' | b'\'' | b'$'))
            || after.starts_with(b" ()");
        // Not the pattern of a `case`.
        let assigned = assigned
            || self.mark() == Some(Mark::Words) && matches!(after.first(), Some(b')' | b'|'));
        if self.row.is_import(word) {
            self.import_by(after);
        } else if !assigned && !self.row.no_calls.contains(&word) {
            self.event(Event::Call { name: word, line: self.line });
        }
    }
}
