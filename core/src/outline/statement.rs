//! Statements: where one begins and ends, and what comes before it and belongs to it.

use super::blocks::{Frame, Mark};
use super::definitions::Maybe;
use super::lexer::Lexer;
use super::table::{Class, Layout};
use super::{Kind, Step};
use core::ops::Range;

/// The statement in hand.
#[derive(Clone, Default)]
pub(super) struct Statement {
    /// Where it began.
    pub start: usize,
    /// The line that a definition in it would start at.
    pub line_start: usize,
    /// Parentheses open in it.
    pub parens: u32,
    /// They are those of an attribute before it.
    pub attribute: bool,
    /// The name that may become a definition.
    pub maybe: Option<Maybe>,
    /// C: it is a typedef.
    pub typedef: bool,
    /// C: the kind of its body, if that has no name.
    pub nameless: Option<Kind>,
    /// What the next definition says at its name that it belongs to.
    pub container: Option<Range<usize>>,
    /// Ruby: it is a loop's condition, and the next `do` its own.
    pub loops: bool,
    /// It belongs to the statement after it, as a doc comment does.
    pub annotates: bool,
    /// C++: a constructor whose initialisers come before its body.
    pub initialised: bool,
    /// Its block's content is at file level.
    pub outer: bool,
    /// Scripts: the kind of what it declares, one after the other.
    pub binds: Option<Kind>,
    /// C: its parameters are declared between their names and the body.
    pub old_style: bool,
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// A statement begins with a word or a sign.
    pub(super) fn begin(&mut self, class: Class) {
        if self.row.layout != Layout::None {
            return self.line_declares();
        }
        self.begin_plain();
        if class == Class::Word || class == Class::Plain {
            self.head();
        }
        if class != Class::Word {
            self.pos += 1;
        }
    }

    /// A statement begins.
    #[inline]
    pub(super) fn begin_plain(&mut self) {
        if !self.fresh {
            return;
        }
        self.fresh = false;
        self.now = Statement {
            start: self.pos,
            line_start: self.lead.unwrap_or_else(|| self.after_code()),
            parens: self.now.parens,
            ..Statement::default()
        };
        self.lead = None;
        self.firm = false;
        if self.row.indented {
            self.dedent(self.pos);
        }
    }

    /// Whether an attribute, not Java's `@interface`, begins here.
    pub(super) fn is_attribute(&self) -> bool {
        let word = self.text.get(self.pos + 1..).unwrap_or_default();
        !word.starts_with(b"interface ")
    }

    /// `#[…]`, `[…]` or `@name(…)` before a statement.
    pub(super) fn attribute(&mut self) {
        if self.row.indented {
            self.dedent(self.pos);
        }
        let line_start = *self.lead.get_or_insert(self.line_start);
        self.firm = true;
        self.pos += usize::from(!self.at(b"["));
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let path = ahead.iter().position(|&b| !self.row.is_word(b) && !b".!:\\".contains(&b));
        self.pos += path.unwrap_or(ahead.len());
        if matches!(self.text.get(self.pos), Some(b'(' | b'[')) {
            // The comment before it may be forgotten inside; it is kept here.
            self.now.line_start = line_start;
            self.now.attribute = true;
            self.fresh = false;
        } else {
            // By indentation, the line is the decorator's alone.
            self.fresh = !self.row.indented;
        }
    }

    pub(super) fn shut(&mut self) {
        self.begin_plain();
        let byte = self.text.get(self.pos).copied();
        self.pos += 1;
        if self.now.parens == 0 && byte == self.code_end_byte() && self.end_code() {
        } else if self.now.parens > 0 {
            self.now.parens -= 1;
            if self.now.parens == 0 && self.now.attribute {
                self.now.attribute = false;
                self.lead = Some(self.now.line_start);
                self.firm = true;
                self.fresh = !self.row.indented;
            }
        } else if matches!(self.frames.last(), Some(Frame { mark: Mark::Group(_), .. })) {
            self.end_statement(self.pos - 1, self.line);
            self.pop();
            self.fresh = true;
        }
    }

    /// The statement ended with the code before the line's end.
    pub(super) fn end_statement_here(&mut self) {
        self.end_statement(self.code_end, self.code_line);
        self.fresh = true;
    }

    /// The statement ends: closes the definition that is without a block.
    pub(super) fn end_statement(&mut self, end: usize, line: u32) {
        self.now.maybe = None;
        self.now.typedef = false;
        // A doc in an annotation goes with what follows.
        self.firm = core::mem::take(&mut self.now.annotates);
        self.lead = self.firm.then_some(self.now.line_start);
        if self.open.last().is_some_and(|top| top.level == self.level && !top.body) {
            self.close(end, line);
        }
    }

    /// A comment begins: if it is the first thing on its line and a statement
    /// is due, it may belong to that.
    pub(super) fn attach(&mut self) {
        if self.fresh && self.pos == self.first {
            self.lead.get_or_insert(self.line_start);
        }
    }

    /// Notes the end of the code since [`Self::resume`].
    pub(super) fn settle(&mut self) {
        let end = self.code_before(self.pos);
        if end != self.code_end {
            self.code_end = end;
            self.code_line = self.line;
        }
    }

    /// The end of the last code before `at`, comments and spaces apart.
    pub(super) fn code_before(&self, at: usize) -> usize {
        let all = self.text.get(self.resume..at).unwrap_or_default();
        let since = all.trim_ascii_end();
        self.out.look(1 + all.len() - since.len());
        if since.is_empty() { self.code_end } else { self.resume + since.len() }
    }

    /// Whether `text` ends with a word that is one of `words`. A longer one is not looked
    /// through wherever that is asked, as before each of many blank lines.
    pub(super) fn ends_with(&self, text: &[u8], words: &[&[u8]]) -> bool {
        let longest = words.iter().fold(0, |longest, word| longest.max(word.len()));
        let cut = text.get(text.len().saturating_sub(longest + 1)..).unwrap_or_default();
        words.contains(&self.last_word(cut))
    }

    /// The word at the end of `text`, or nothing.
    pub(super) fn last_word<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        let start = text.iter().rposition(|&b| !self.row.is_word(b)).map_or(0, |at| at + 1);
        self.out.look(1 + text.len() - start);
        text.get(start..).unwrap_or_default()
    }

    /// Where what begins at the position starts: its line does, unless code is
    /// before it there.
    pub(super) fn after_code(&self) -> usize {
        let first = self.pos <= self.first;
        let code = if first { 0 } else { self.code_before(self.pos) };
        self.line_start.max(code)
    }
}
