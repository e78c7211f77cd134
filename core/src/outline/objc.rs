//! What is peculiar to Objective-C: classes between `@interface` and `@end`, which
//! no brace opens, and methods that begin with `-` or `+`.

use super::blocks::Mark;
use super::head::{AHEAD, Ahead, Head};
use super::lexer::Lexer;
use super::table::Ends;
use super::{Kind, Step};

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// At a line's start: a method in the first column, or what begins or ends a
    /// class, is in no block.
    pub(super) fn part_of_class(&mut self) {
        let line = self.text.get(self.pos..).unwrap_or_default();
        let method = matches!(line, [b'-' | b'+', b'(', ..] | [b'-' | b'+', b' ', b'(', ..]);
        let part = [&b"@end"[..], b"@implementation ", b"@interface "];
        if self.pos != self.line_start || !(method || part.iter().any(|p| line.starts_with(p))) {
            return;
        }
        if !self.has_mark(|mark| mark == Mark::Outer) || self.fresh && self.level == self.outer {
            return;
        }
        while self.level > self.outer {
            self.pop();
        }
        self.now.parens = 0;
        // A method that is open is a sibling of what comes.
        self.close_above(self.level.saturating_sub(1), self.code_before(self.line_start));
        self.end_statement_here();
    }

    /// At `@`: a part of a class begins or ends, a property, or nothing.
    pub(super) fn message(&mut self) {
        let first = self.fresh && self.pos == self.first;
        let at = self.pos + 1;
        let end = self.text.len().min(at.saturating_add(AHEAD));
        let text = self.text.get(..end).unwrap_or_default();
        let mut ahead = Ahead { row: self.row, text, at };
        let word = if first { ahead.word() } else { None };
        match word.map_or(&b""[..], |word| ahead.get(&word)) {
            b"end" => {
                self.begin_plain();
                self.pos = ahead.at;
                self.end_part(self.pos);
            }
            b"interface" => self.begin_part(&mut ahead, Kind::Class),
            b"implementation" => self.begin_part(&mut ahead, Kind::Impl),
            b"protocol" => self.begin_part(&mut ahead, Kind::Interface),
            b"property" => self.property(&mut ahead),
            b"optional" | b"required" | b"public" | b"private" | b"protected" | b"package" => {
                self.pos = ahead.at;
            }
            _ => {
                self.begin_plain();
                self.pos += 1;
            }
        }
    }

    /// `Name : Super <Protocol>`, `Name (Category)`; not the list of `@protocol A, B;`.
    fn begin_part(&mut self, ahead: &mut Ahead<'t>, kind: Kind) {
        self.end_part(self.code_before(self.pos));
        self.begin_plain();
        // On its line, as the position goes on behind it and lines are counted on the way.
        ahead.blank();
        let name = ahead.word();
        ahead.blank();
        let kind = if ahead.peek() == Some(b'(') { Kind::Impl } else { kind };
        let Some(name) = name.filter(|_| !matches!(ahead.peek(), Some(b';' | b','))) else {
            self.pos += 1;
            return;
        };
        let end = name.end;
        let defined = self.define(kind, name, self.line, self.now.line_start);
        self.pos = end;
        self.pass_rest_of_line();
        // Its variables may begin in braces on the line.
        let line = self.text.get(end..self.pos).unwrap_or_default();
        if let Some(brace) = line.iter().position(|&b| b == b'{' || b == b'/') {
            self.pos = end + brace;
        }
        if defined {
            self.set_top(Ends::BlockOnly, true);
        }
        self.push(Mark::Outer);
        self.fresh = true;
    }

    /// Ends the part of a class that is open.
    fn end_part(&mut self, end: usize) {
        if !self.has_mark(|mark| mark == Mark::Outer) {
            return;
        }
        while self.level > 0 {
            if self.pop() == Some(Mark::Outer) {
                break;
            }
        }
        self.close_above(self.level, end);
        if self.open.last().is_some_and(|top| top.level == self.level && top.body) {
            self.close(end, self.line);
        }
        (self.fresh, self.lead) = (true, None);
    }

    /// The last word before the `;`, or that of a block: `int (^name)(int)`.
    fn property(&mut self, ahead: &mut Ahead<'t>) {
        self.begin_plain();
        self.pos = ahead.at;
        let mut name = None;
        loop {
            ahead.space();
            if let Some(word) = ahead.word() {
                name = Some(word);
                continue;
            }
            match ahead.peek() {
                Some(b';') => break,
                Some(b'(') if ahead.sees(b"(^") => {
                    ahead.at += 2;
                    name = ahead.next_word();
                    break;
                }
                Some(b'(' | b'[') if ahead.pair(false) => {}
                Some(b'<') if ahead.angles() => {}
                Some(b'*' | b',' | b'=') => ahead.at += 1,
                _ => return,
            }
        }
        if let Some(name) = name {
            let before = self.text.get(self.pos..name.start).unwrap_or_default();
            let line = self.line + before.iter().filter(|&&b| b == b'\n').count() as u32;
            if self.define(Kind::Property, name, line, self.now.line_start) {
                self.set_top(Ends::Statement, false);
            }
        }
    }

    /// `- (type)name:(type)argument`, if it has a body or is a protocol's.
    pub(super) fn method(&self, ahead: &mut Ahead<'t>) -> Option<Head> {
        ahead.at += 1;
        ahead.space();
        if ahead.peek() == Some(b'(') && !ahead.pair(false) {
            return None;
        }
        let name = ahead.next_word()?;
        let protocol = self.open.last().is_some_and(|top| top.kind == Kind::Interface);
        loop {
            ahead.space();
            if ahead.word().is_some() {
                continue;
            }
            match ahead.peek()? {
                b'{' => break,
                b';' if protocol => break,
                b'(' | b'[' if ahead.pair(false) => {}
                b'<' if ahead.angles() => {}
                b':' | b',' | b'.' | b'*' => ahead.at += 1,
                _ => return None,
            }
        }
        Some(Head::new(Kind::Method, name))
    }
}
