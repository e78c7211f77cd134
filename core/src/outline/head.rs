//! The beginning of a statement: does it define something, and what name?
//!
//! A head is read ahead of the lexer, at most [`AHEAD`] bytes and without
//! moving it, so that a statement costs constant time however it goes on.
//! Where only what follows decides (`const f = (a, b) => …`, C's functions) the
//! name is kept as a [`Maybe`] until the lexer sees the `=>` or the body.

use super::lexer::{Lexer, Mark, Maybe};
use super::table::{Ends, Find, Form, Row};
use super::{Kind, Step};
use core::ops::Range;

/// How far a head is read.
pub(super) const AHEAD: usize = 1024;

/// A reading position ahead of the lexer.
pub(super) struct Ahead<'t> {
    pub row: &'static Row,
    pub text: &'t [u8],
    pub at: usize,
}

impl<'t> Ahead<'t> {
    pub fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub fn sees(&self, mark: &[u8]) -> bool {
        self.text.get(self.at..).is_some_and(|ahead| ahead.starts_with(mark))
    }

    /// Over spaces, line ends and comments.
    pub fn space(&mut self) {
        loop {
            let ahead = self.text.get(self.at..).unwrap_or_default();
            self.at += ahead.len() - ahead.trim_ascii_start().len();
            let ahead = self.text.get(self.at..).unwrap_or_default();
            let end: &[u8] = match self.row.block_comment {
                Some((open, close)) if ahead.starts_with(open) => close,
                _ if ahead.starts_with(self.row.line_comment) => b"\n",
                _ => return,
            };
            let comment = ahead.windows(end.len()).position(|window| window == end);
            self.at += comment.map_or(ahead.len(), |at| at + end.len());
        }
    }

    /// Over spaces on the line.
    pub fn blank(&mut self) {
        while let Some(b' ' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// The word here, if one begins.
    pub fn word(&mut self) -> Option<Range<usize>> {
        let raw =
            self.sees(b"r#") && self.text.get(self.at + 2).is_some_and(|b| b.is_ascii_alphabetic());
        let start = if raw { self.at + 2 } else { self.at };
        let ahead = self.text.get(start..)?;
        if !ahead.first().is_some_and(|&b| self.row.is_word(b) && !b.is_ascii_digit()) {
            return None;
        }
        let length = ahead.iter().position(|&b| !self.row.is_word(b)).unwrap_or(ahead.len());
        self.at = start + length;
        Some(start..self.at)
    }

    pub fn next_word(&mut self) -> Option<Range<usize>> {
        self.space();
        self.word()
    }

    pub fn get(&self, range: &Range<usize>) -> &'t [u8] {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Over a balanced pair that opens here, strings not looked into.
    pub fn balanced(&mut self, open: u8, close: u8) {
        let mut depth = 0_u32;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == open {
                depth += 1;
            } else if byte == close
                && !(close == b'>' && matches!(self.text.get(self.at - 2), Some(b'-' | b'=')))
            {
                depth -= 1;
                if depth == 0 {
                    return;
                }
            }
        }
    }

    /// What stands in quotes here.
    pub fn quoted(&mut self) -> Option<Range<usize>> {
        let quote = self.peek().filter(|&b| b == b'"' || b == b'\'')?;
        let start = self.at + 1;
        let length = self.text.get(start..)?.iter().position(|&b| b == quote || b == b'\n')?;
        self.at = start + length + 1;
        Some(start..start + length)
    }

    /// A name with its dots: `a.b.c`.
    pub fn dotted(&mut self) -> Option<Range<usize>> {
        let mut name = self.word()?;
        while self.peek() == Some(b'.') {
            self.at += 1;
            match self.word() {
                Some(part) => name.end = part.end,
                None => break,
            }
        }
        Some(name)
    }

    /// The type that a Rust `impl` is for.
    pub fn implemented(&mut self) -> Option<Range<usize>> {
        self.space();
        if self.peek() == Some(b'<') {
            self.balanced(b'<', b'>');
        }
        let (mut name, mut path, mut brackets) = (None, true, 0_u32);
        loop {
            self.space();
            if let Some(word) = self.word() {
                match self.get(&word) {
                    b"where" => return name,
                    b"for" => {
                        self.space();
                        if self.peek() != Some(b'<') {
                            name = None;
                        }
                    }
                    b"dyn" | b"mut" | b"const" | b"crate" | b"self" | b"super" => {}
                    _ if path || name.is_none() => name = Some(word),
                    _ => {}
                }
                path = false;
                continue;
            }
            match self.peek()? {
                b'{' | b'}' => return name,
                b';' if brackets == 0 => return name,
                b'<' => self.balanced(b'<', b'>'),
                b'\'' => {
                    self.at += 1;
                    self.word();
                }
                b'$' => return None,
                byte => {
                    self.at += 1;
                    match byte {
                        b'[' => brackets += 1,
                        b']' => brackets = brackets.saturating_sub(1),
                        _ => {}
                    }
                    path = byte == b':' && self.text.get(self.at) == Some(&b':');
                    self.at += usize::from(path);
                }
            }
        }
    }
}

/// Whether a name is spelt as constants are: `MAX_SIZE`.
fn shouts(name: &[u8]) -> bool {
    let upper = name.iter().any(u8::is_ascii_uppercase);
    name.len() > 1 && upper && !name.iter().any(u8::is_ascii_lowercase)
}

/// What a head defines.
struct Head {
    kind: Kind,
    name: Range<usize>,
    ends: Ends,
    /// Only if a `=>` follows.
    unsure: bool,
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// Reads the head of the statement at the position, and passes its first word.
    pub(super) fn head(&mut self) {
        let end = self.text.len().min(self.pos.saturating_add(AHEAD));
        let mut ahead =
            Ahead { row: self.row, text: self.text.get(..end).unwrap_or_default(), at: self.pos };
        let head = if self.row.declarators {
            self.now.typedef = ahead.word().is_some_and(|word| ahead.get(&word) == b"typedef");
            None
        } else {
            self.read_head(&mut ahead)
        };
        if let Some(head) = head {
            let before = self.text.get(self.pos..head.name.start).unwrap_or_default();
            let line = self.line + before.iter().filter(|&&b| b == b'\n').count() as u32;
            let start = self.now.line_start;
            if head.unsure {
                self.now.maybe = Some(Maybe { name: head.name, line, start, kind: head.kind });
            } else if self.define(head.kind, head.name, line, start) {
                self.set_top(head.ends, self.row.indented);
            }
        }
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let word = ahead.iter().position(|&b| !self.row.is_word(b)).unwrap_or(ahead.len());
        if self.row.is_import(ahead.get(..word).unwrap_or_default()) {
            self.import(self.pos + word);
        }
        self.pos += word;
    }

    fn read_head(&mut self, ahead: &mut Ahead<'t>) -> Option<Head> {
        if let Some(kind) = self.group() {
            let name = ahead.word()?;
            let form = self.row.forms.iter().find(|form| form.kind == kind)?;
            return self.found(ahead, form, name);
        }
        let mut default = None;
        for _ in 0..8 {
            ahead.space();
            if ahead.sees(b"*") {
                ahead.at += 1;
                continue;
            }
            let begin = ahead.at;
            let word = ahead.word()?;
            let text = ahead.get(&word);
            let after = ahead.at;
            if let Some(form) = self.row.form(text) {
                // `const fn`, `const enum`: the first word is a modifier.
                if form.kind == Kind::Const
                    && let Some(next) = ahead.next_word()
                    && self.leads(ahead, &next)
                {
                    ahead.at = next.start;
                    continue;
                }
                ahead.at = after;
                if let Some(head) = self.by_form(ahead, form, default) {
                    return Some(head);
                }
                ahead.at = begin;
                return self.by_shape(ahead);
            }
            ahead.space();
            let named =
                matches!(ahead.peek(), Some(b'(' | b'=' | b':' | b'<' | b'?' | b'.' | b';'));
            if !self.row.is_modifier(text) || (named && text != b"pub") {
                ahead.at = begin;
                return self.by_shape(ahead);
            }
            match (text, ahead.peek()) {
                (b"pub", Some(b'(')) => ahead.balanced(b'(', b')'),
                (b"extern", Some(b'"')) => {
                    ahead.quoted();
                }
                (b"default", _) => default = Some(word),
                _ => {}
            }
        }
        None
    }

    /// Whether the word after `const` is not its name but the real beginning.
    fn leads(&self, ahead: &mut Ahead<'t>, next: &Range<usize>) -> bool {
        let word = ahead.get(next);
        ahead.space();
        let goes_on = ahead.peek().is_some_and(|b| b == b'"' || self.row.is_word(b));
        goes_on && (self.row.form(word).is_some() || self.row.is_modifier(word))
    }

    /// The name that a form's word defines.
    fn by_form(
        &self,
        ahead: &mut Ahead<'t>,
        form: &'static Form,
        default: Option<Range<usize>>,
    ) -> Option<Head> {
        ahead.space();
        match form.find {
            Find::Impl => {
                let name = ahead.implemented()?;
                Some(Head { kind: form.kind, name, ends: form.ends, unsure: false })
            }
            Find::Receiver => {
                let method = ahead.peek() == Some(b'(');
                if method {
                    ahead.balanced(b'(', b')');
                }
                let name = ahead.next_word()?;
                let kind = if method { Kind::Method } else { form.kind };
                ahead.space();
                matches!(ahead.peek(), Some(b'(' | b'[')).then_some(Head {
                    kind,
                    name,
                    ends: form.ends,
                    unsure: false,
                })
            }
            _ => {
                while let Some(byte) = ahead.peek().filter(|&b| b == b'*' || b == b'!') {
                    if !self.row.is_modifier(&[byte]) {
                        return None;
                    }
                    ahead.at += 1;
                    ahead.space();
                }
                let mut name = match ahead.quoted() {
                    Some(name) if form.kind == Kind::Module => name,
                    _ => ahead.dotted().or(default.filter(|_| form.find == Find::Next))?,
                };
                while !self.row.indented && matches!(ahead.get(&name), b"mut" | b"ref") {
                    name = ahead.next_word()?;
                }
                self.found(ahead, form, name)
            }
        }
    }

    /// A form's name is known: the rest of its head decides.
    fn found(
        &self,
        ahead: &mut Ahead<'t>,
        form: &'static Form,
        name: Range<usize>,
    ) -> Option<Head> {
        let mut head = Head { kind: form.kind, name, ends: form.ends, unsure: false };
        ahead.space();
        match form.find {
            Find::Type => {
                if ahead.peek() == Some(b'[') && !ahead.sees(b"[]") {
                    ahead.balanced(b'[', b']');
                }
                head.kind = match ahead.next_word().map(|word| ahead.get(&word)) {
                    Some(b"struct") => Kind::Struct,
                    Some(b"interface") => Kind::Interface,
                    _ => return Some(head),
                };
                head.ends = Ends::BlockOnly;
                Some(head)
            }
            Find::Group => (self.open.is_empty() && ahead.get(&head.name) != b"_").then_some(head),
            Find::Binding => self.binding(ahead, head),
            _ if ahead.get(&head.name) == b"_" && head.kind == Kind::Const => None,
            // `import { type Name, type Other as Alias }`.
            _ if head.kind == Kind::Type
                && (matches!(ahead.peek(), Some(b',' | b'}')) || ahead.sees(b"as ")) =>
            {
                None
            }
            _ => Some(head),
        }
    }

    /// After a script's `const name`: a function, a class, a constant?
    fn binding(&self, ahead: &mut Ahead<'t>, mut head: Head) -> Option<Head> {
        let constant = head.kind == Kind::Const && self.open.is_empty() && self.level == 0;
        head.kind = Kind::Function;
        let assigned = matches!(ahead.peek(), Some(b'=' | b':'));
        if constant && assigned && shouts(ahead.get(&head.name)) {
            head.kind = Kind::Const;
            return Some(head);
        }
        if ahead.peek() == Some(b':') {
            head.unsure = true;
            return Some(head);
        }
        self.assigned(ahead, head)
    }

    /// After a name: `= function`, `= class`, `= a =>`, perhaps `= (…) =>`.
    fn assigned(&self, ahead: &mut Ahead<'t>, mut head: Head) -> Option<Head> {
        if ahead.peek() != Some(b'=') || ahead.sees(b"==") || ahead.sees(b"=>") {
            return None;
        }
        ahead.at += 1;
        ahead.space();
        head.ends = Ends::Statement;
        let begin = ahead.at;
        let mut word = ahead.word();
        if word.as_ref().is_some_and(|word| ahead.get(word) == b"async") {
            ahead.space();
            if !ahead.sees(b"=>") {
                word = ahead.word();
            }
        }
        match word {
            Some(word) => {
                let own = |ahead: &mut Ahead<'t>| {
                    ahead.space();
                    ahead.at += usize::from(ahead.peek() == Some(b'*'));
                    ahead.next_word()
                };
                match ahead.get(&word) {
                    b"function" => head.ends = Ends::Block,
                    b"class" => {
                        head.kind = Kind::Class;
                        head.ends = Ends::BlockOnly;
                    }
                    _ => {
                        ahead.space();
                        return ahead.sees(b"=>").then_some(head);
                    }
                }
                if ahead.get(&head.name) == b"exports" {
                    head.name = own(ahead)?;
                }
                Some(head)
            }
            None => {
                let arrow = matches!(ahead.peek(), Some(b'(' | b'<'));
                head.unsure = true;
                (arrow || ahead.at > begin).then_some(head)
            }
        }
    }

    /// No word begins a definition here: members, assignments, constants.
    fn by_shape(&self, ahead: &mut Ahead<'t>) -> Option<Head> {
        if self.row.indented {
            let name = ahead.word()?;
            ahead.space();
            let assigned = (ahead.sees(b"=") && !ahead.sees(b"==")) || ahead.sees(b":");
            let constant = self.level == 0 && assigned && shouts(ahead.get(&name));
            return constant.then_some(Head {
                kind: Kind::Const,
                name,
                ends: Ends::Statement,
                unsure: false,
            });
        }
        let member = self.open.last().filter(|top| {
            top.body && top.level + 1 == self.level && self.row.members.contains(&top.kind)
        });
        if let Some(top) = member {
            let name = ahead.word()?;
            ahead.space();
            if ahead.sees(b"?") || ahead.sees(b"!") {
                ahead.at += 1;
            }
            let mut head = Head { kind: Kind::Method, name, ends: Ends::Block, unsure: false };
            return match ahead.peek()? {
                b'(' | b'<' => Some(head),
                b':' if top.kind == Kind::Class => {
                    head.unsure = true;
                    Some(head)
                }
                _ => self.assigned(ahead, head),
            };
        }
        if !self.row.regex {
            return None;
        }
        let path = ahead.dotted()?;
        let text = ahead.get(&path);
        let last = text.iter().rposition(|&b| b == b'.').map_or(0, |dot| dot + 1);
        let of_type = text.windows(11).any(|part| part == b".prototype.");
        let kind = if of_type { Kind::Method } else { Kind::Function };
        let name = path.start + last..path.end;
        ahead.space();
        self.assigned(ahead, Head { kind, name, ends: Ends::Statement, unsure: false })
    }

    /// Whether the brace at the position belongs to a type in a signature, not to the body.
    pub(super) fn is_type(&self, kind: Kind) -> bool {
        let before = self.text.get(self.now.start..self.code_before(self.pos)).unwrap_or_default();
        match before.last() {
            Some(b':' | b'|' | b'&' | b'<') => true,
            Some(&b) if self.row.is_word(b) => {
                matches!(kind, Kind::Function | Kind::Method)
                    && matches!(self.last_word(before), b"struct" | b"interface")
            }
            _ => false,
        }
    }

    /// Begins a group of definitions, if the `(` at the position is one.
    pub(super) fn begin_group(&mut self) -> bool {
        let before = self.text.get(self.now.start..self.code_before(self.pos)).unwrap_or_default();
        match self.row.form(before) {
            Some(form) if matches!(form.find, Find::Group | Find::Type) => {
                self.push(Mark::Group(form.kind));
                true
            }
            _ => false,
        }
    }
}
