//! Blocks: what opens and closes them, and what each one is.

use super::lexer::Lexer;
use super::literal::Literal;
use super::markup::Markup;
use super::statement::Statement;
use super::table::Ends;
use super::{Kind, Step};

/// What a block is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Block,
    /// Code inside a string.
    Literal(Literal),
    /// Code inside the text or a tag of an element.
    Markup(Markup),
    /// The body of a type without a name.
    Nameless,
    /// A block that a word began.
    Words,
    /// Shell: a command in parentheses, `true` where another may follow them.
    Parens(bool),
    /// A block whose content is at file level: `extern "C" { … }`, a namespace.
    Outer,
    /// Go: definitions in parentheses, each without its word.
    Group(Kind),
}

pub(super) struct Frame {
    pub mark: Mark,
    /// The statement that the block is inside of.
    pub outside: Statement,
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    pub(super) fn begin_block(&mut self) {
        self.begin_plain();
        let mut mark = Mark::Block;
        if self.now.parens == 0 {
            if self.row.declares.is_some() && !self.now.typedef {
                if self.is_body() {
                    self.confirm(Ends::Block, false);
                }
                self.now.maybe = None;
            }
            if core::mem::take(&mut self.now.outer) {
                mark = Mark::Outer;
            } else if self.now.nameless.is_some() {
                mark = Mark::Nameless;
            }
            if let Some(top) = self.open.last()
                && top.level == self.level
                && top.ends != Ends::Statement
                && !top.body
                && !self.is_type(top.kind)
                && let Some(top) = self.open.last_mut()
            {
                (top.body, top.body_at) = (true, self.pos);
            }
        }
        self.push(mark);
        self.pos += 1;
        self.fresh = true;
        self.lead = None;
    }

    pub(super) fn end_block(&mut self) {
        // C, where `#if` may open a block twice: a brace in the first column
        // closes all that is open, down to the file's own level.
        if self.row.has_macros() && self.pos == self.line_start {
            while self.level > self.outer + 1 {
                self.pop();
            }
        }
        if !self.row.words.is_empty() && !self.end_brace_of_words() {
            self.begin_plain();
            self.pos += 1;
            return;
        }
        let stray = self.level == 0;
        let mark = self.pop();
        self.pos += 1;
        if stray {
            // More blocks were closed than opened: nothing can be open now.
            while !self.open.is_empty() {
                self.close(self.pos - 1, self.line);
            }
        }
        self.close_above(self.level, self.pos - 1);
        if self.open.last().is_some_and(|top| top.level == self.level && top.body && !top.offside) {
            self.close(self.pos, self.line);
        }
        self.lead = None;
        self.firm = false;
        match mark {
            Some(Mark::Literal(literal)) => {
                self.fresh = false;
                let start = self.pos;
                self.literal(literal);
                return self.inert(start);
            }
            Some(Mark::Markup(markup)) => {
                self.fresh = false;
                return self.markup(markup);
            }
            _ => {}
        }
        // C's `struct { … } name;` goes on; so does an open statement.
        let waits = self.now.typedef
            || self.now.maybe.is_some()
            || self.open.last().is_some_and(|top| top.level == self.level && !top.body);
        self.fresh = self.now.parens == 0 && !waits;
    }

    /// Opens a block; false where the stack is full, and it is only counted.
    pub(super) fn push(&mut self, mark: Mark) -> bool {
        let room = self.level as usize == self.frames.len() && !self.frames.is_full();
        if room {
            let _ = self.frames.push(Frame { mark, outside: core::mem::take(&mut self.now) });
        } else if matches!(mark, Mark::Literal(_) | Mark::Markup(_)) {
            return false;
        }
        if mark == Mark::Outer && self.outer == self.level {
            self.outer += 1;
        }
        self.level = self.level.saturating_add(1);
        self.now = Statement::default();
        room
    }

    /// What the innermost block is; nothing where there is none, or it is too deep
    /// to be known.
    pub(super) fn mark(&self) -> Option<Mark> {
        let known = self.frames.len() == self.level as usize;
        self.frames.last().filter(|_| known).map(|frame| frame.mark)
    }

    /// Whether a block that is open is such a one, or may be.
    pub(super) fn has_mark(&self, fits: impl Fn(Mark) -> bool) -> bool {
        self.frames.len() < self.level as usize || self.frames.iter().any(|f| fits(f.mark))
    }

    pub(super) fn pop(&mut self) -> Option<Mark> {
        self.now = Statement::default();
        self.level = self.level.checked_sub(1)?;
        self.outer = self.outer.min(self.level);
        if (self.level as usize) < self.frames.len() {
            let frame = self.frames.pop()?;
            self.now = frame.outside;
            return Some(frame.mark);
        }
        None
    }

    /// The kind that the group around gives to its definitions.
    pub(super) fn group(&self) -> Option<Kind> {
        match self.mark() {
            Some(Mark::Group(kind)) => Some(kind),
            _ => None,
        }
    }
}
