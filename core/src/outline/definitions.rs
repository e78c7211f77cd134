//! Definitions that are open, from the name that became one to the end of its body.

use super::lexer::Lexer;
use super::table::Ends;
use super::{Definition, Event, Kind, Step};
use core::ops::Range;

/// An open definition.
pub(super) struct Open {
    pub kind: Kind,
    pub name: Range<usize>,
    /// Where its signature begins; its body does not begin before that.
    pub signature: usize,
    /// How many blocks it stands in; by indentation: how far.
    pub level: u32,
    pub ends: Ends,
    /// Whether its block has begun.
    pub body: bool,
    /// Where it began; 0 where it has not.
    pub body_at: usize,
    /// By layout: how far the declarations in it are indented; 0 where none was.
    pub inner: u32,
    /// Whether its block ends by indentation, and how far in its own line is.
    pub offside: bool,
    pub column: u32,
}

/// A name that is a definition if what follows says so.
#[derive(Clone)]
pub(super) struct Maybe {
    pub name: Range<usize>,
    pub line: u32,
    pub start: usize,
    pub kind: Kind,
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// Opens a definition; forgotten where the stack is full.
    pub(super) fn define(
        &mut self,
        kind: Kind,
        name: Range<usize>,
        line: u32,
        start: usize,
    ) -> bool {
        // One that waits at this level was broken off.
        if self.open.last().is_some_and(|top| top.level >= self.level && !top.body) {
            self.close(self.floor.max(self.code_end), self.code_line);
        }
        let depth = self.open.len();
        let method = self.open.last().is_some_and(|top| top.kind.has_methods() && top.body)
            && !self.row.has_messages();
        let kind = if kind == Kind::Function && method { Kind::Method } else { kind };
        let (level, body) = (self.level, self.row.indented);
        let Some(text) = self.text.get(name.clone()) else { return false };
        let column = if self.row.offside { self.indent(self.first) } else { 0 };
        let start = start.max(self.floor);
        let signature = self.now.start.max(start).min(name.start.max(start));
        let open = Open {
            kind,
            name: name.clone(),
            signature,
            level,
            ends: Ends::Block,
            body,
            body_at: 0,
            inner: 0,
            offside: false,
            column,
        };
        if self.open.push(open).is_err() {
            return false;
        }
        self.named = name.start;
        self.floor = signature;
        let (container, depth) = (self.now.container.take(), depth as u8);
        let container = container.and_then(|range| self.text.get(range));
        let definition = Definition { kind, name: text, container, start, signature, line, depth };
        self.out.event(Event::Open(definition));
        true
    }

    /// What stood before the `=>`, or before the body, was a definition.
    pub(super) fn confirm(&mut self, ends: Ends, body: bool) {
        let Some(maybe) = self.now.maybe.take() else { return };
        if self.define(maybe.kind, maybe.name, maybe.line, maybe.start) {
            self.set_top(ends, body);
        }
    }

    /// Says how the definition just opened ends, and whether its block began.
    pub(super) fn set_top(&mut self, ends: Ends, body: bool) {
        if let Some(top) = self.open.last_mut() {
            top.ends = ends;
            top.body = body;
            if body && !self.row.indented {
                top.body_at = self.pos;
            }
        }
    }

    /// Closes what is deeper than `level`: its own ends are missing.
    pub(super) fn close_above(&mut self, level: u32, end: usize) {
        while self.open.last().is_some_and(|top| top.level > level) {
            self.close(end, self.line);
        }
    }

    /// Closes the innermost definition.
    pub(super) fn close(&mut self, end: usize, end_line: u32) {
        if let Some(open) = self.open.pop() {
            let end = end.max(self.floor);
            self.floor = end;
            // At the start of a line its last byte is on the line before.
            let end_line = if end <= self.line_start {
                end_line.min(self.line.saturating_sub(1))
            } else {
                end_line
            };
            let body =
                if open.body_at == 0 { end } else { open.body_at.max(open.signature).min(end) };
            self.out.event(Event::Close { body, end, end_line });
        }
    }
}
