//! The one lexer: a position, a stack of blocks, a stack of open definitions.
//!
//! It passes over plain bytes by class, skips comments and strings
//! ([`literal`](super::literal)), and looks for a definition only where a
//! statement begins ([`head`](super::head)): after a block's brace, a `;`, or
//! a line's end where the language has it so. A definition that has a block
//! waits for it and ends with it; one without ends with its statement.

use super::chunk::Chunker;
use super::head::AHEAD;
use super::heredoc::Here;
use super::layout::Declared;
use super::literal::{Literal, Unclosed};
use super::markup::Markup;
use super::table::{Class, Ends, Layout, Newline, Row, same};
use super::{Definition, Event, Kind, NESTING, Step};
use core::ops::Range;
use heapless::Vec;

/// How many of a file's variables are remembered, so that each is one definition.
pub(super) const NAMES: usize = 128;

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

struct Frame {
    mark: Mark,
    /// The statement that the block is inside of.
    outside: Statement,
}

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

pub(super) struct Lexer<'t, 'o, 'v, V> {
    pub(super) row: &'static Row,
    pub(super) text: &'t [u8],
    pub(super) out: &'o mut Chunker<'t, 'v, V>,
    pub(super) pos: usize,
    pub(super) line: u32,
    pub(super) line_start: usize,
    /// The line's first byte that is no space.
    pub(super) first: usize,
    /// The end of the last comment or line: code since then is not settled.
    pub(super) resume: usize,
    /// The end of the code before [`Self::resume`], and its line.
    pub(super) code_end: usize,
    code_line: u32,
    /// A statement begins here.
    pub(super) fresh: bool,
    pub(super) now: Statement,
    /// The line of the comment or attribute that would belong to the next statement.
    pub(super) lead: Option<usize>,
    /// Scripts: the kind that the statement before the comma gives to this one.
    pub(super) bound: Option<Kind>,
    /// An attribute was read: blank lines do not part it from its statement.
    pub(super) firm: bool,
    /// Blocks open; the first [`NESTING`] are on the stack.
    pub(super) level: u32,
    frames: Vec<Frame, NESTING>,
    /// How many of the outermost frames are [`Mark::Outer`].
    pub(super) outer: u32,
    pub(super) open: Vec<Open, NESTING>,
    /// No definition starts before the end of the one before.
    pub(super) floor: usize,
    pub(super) no_regex_until: usize,
    /// How many bytes were read ahead for the ends of elements.
    pub(super) searched: usize,
    /// How strings end of which no end follows.
    pub(super) unclosed: Unclosed,
    /// How many strings around the position have it in code of theirs.
    pub(super) holes: u8,
    /// By layout: what was declared last.
    pub(super) declared: Declared,
    /// The here-documents that begin on the next line.
    pub(super) here: Here,
    /// Nim: the section that the lines further in belong to.
    pub(super) section: Option<Section>,
    /// By indentation: marks of the file's variables so far.
    pub(super) bound_names: [u32; NAMES],
    /// Whether imports and calls are wanted.
    pub(super) uses: bool,
    /// Where the name of the last definition begins: a parenthesis behind it
    /// makes no call.
    named: usize,
}

impl<'t, 'o, 'v, V: FnMut(Step<'t>)> Lexer<'t, 'o, 'v, V> {
    pub(super) fn new(
        row: &'static Row,
        text: &'t [u8],
        uses: bool,
        out: &'o mut Chunker<'t, 'v, V>,
    ) -> Self {
        Self {
            row,
            text,
            out,
            pos: 0,
            line: 0,
            line_start: 0,
            first: 0,
            resume: 0,
            code_end: 0,
            code_line: 0,
            fresh: true,
            now: Statement::default(),
            lead: None,
            bound: None,
            firm: false,
            level: 0,
            frames: Vec::new(),
            outer: 0,
            open: Vec::new(),
            floor: 0,
            no_regex_until: 0,
            searched: 0,
            unclosed: Unclosed::new(),
            holes: 0,
            declared: Declared::NOTHING,
            here: Vec::new(),
            section: None,
            bound_names: [0; NAMES],
            uses,
            named: usize::MAX,
        }
    }

    /// Lets it begin at the start of a line, as if nothing were before it.
    pub(super) fn from(mut self, start: usize, line: u32) -> Self {
        (self.pos, self.line_start, self.code_end, self.floor) = (start, start, start, start);
        (self.line, self.code_line) = (line, line);
        self
    }

    /// Reads the whole text; gives the number of the line after it.
    pub(super) fn run(mut self) -> u32 {
        if self.at(b"\xEF\xBB\xBF") {
            self.pos += 3;
        }
        if self.at(b"#!") && !self.at(b"#![") {
            let ahead = self.text.get(self.pos..).unwrap_or_default();
            let line = ahead.iter().position(|&b| b == b'\n');
            self.pos += line.unwrap_or(ahead.len());
        }
        self.pages();
        if self.row.class(b'?') == Class::Leave {
            self.leave();
        }
        self.first = self.pos;
        self.resume = self.pos;
        let braces = self.row.words.is_empty();
        while let Some(&byte) = self.text.get(self.pos) {
            let before = self.pos;
            let class = self.row.class(byte);
            if class <= Class::Word && !self.fresh && braces {
                self.skip();
            } else {
                self.step(byte, class);
            }
            self.out.look(1 + self.pos.saturating_sub(before));
        }
        self.settle();
        let (end, line) = if self.row.indented {
            (self.code_end, self.code_line)
        } else {
            // An open block at the end of the text: it ends with the text.
            let breaks = u32::from(self.text.last() == Some(&b'\n'));
            (self.text.len(), self.line.saturating_sub(breaks))
        };
        while !self.open.is_empty() {
            self.close(end, line);
        }
        self.line
    }

    /// All but what [`Self::skip`] passes over.
    fn step(&mut self, byte: u8, class: Class) {
        match class {
            Class::Plain | Class::Space | Class::Digit | Class::Word => {
                if !self.row.words.is_empty() {
                    self.words();
                } else if class == Class::Space {
                    self.pos += 1;
                } else {
                    self.begin(class);
                }
            }
            Class::Newline => self.newline(false),
            Class::Comment => {
                let start = self.pos;
                if !self.comment() {
                    self.begin_plain();
                    self.slash();
                }
                self.inert(start);
            }
            Class::Attribute if !self.row.words.is_empty() => self.annotation(),
            Class::Attribute | Class::Bracket if self.fresh && self.is_attribute() => {
                self.attribute();
            }
            Class::Attribute if self.fresh => self.begin(Class::Plain),
            Class::Directive if self.pos == self.first => self.directive(),
            Class::Attribute | Class::Directive => self.pos += 1,
            Class::Comma if self.binds_another() => {
                self.end_statement(self.pos, self.line);
                self.pos += 1;
                self.fresh = true;
            }
            Class::Comma => {
                // The statement goes on after its function's block.
                self.fresh &= self.now.binds.is_none();
                self.begin_plain();
                self.pos += 1;
            }
            Class::Arrow => {
                if self.now.parens == 0
                    && self.now.maybe.is_some()
                    && self.text.get(..self.pos).is_some_and(|before| before.ends_with(b"="))
                {
                    self.confirm(Ends::Statement, false);
                }
                self.pos += 1;
            }
            Class::Open if self.row.shell => self.shell_open(),
            Class::Shut if self.row.shell => self.shell_shut(),
            Class::Begin | Class::End if self.row.shell && !self.is_shell_brace() => {
                self.begin_plain();
                self.pos += 1;
            }
            Class::Open | Class::Bracket => {
                self.begin_plain();
                if self.uses && byte == b'(' {
                    self.call();
                }
                if self.now.parens == 0 {
                    if self.now.typedef {
                        self.declarator();
                    } else if self.row.newline == Newline::Always && self.begin_group() {
                        self.pos += 1;
                        self.fresh = true;
                        return;
                    }
                }
                self.now.parens = self.now.parens.saturating_add(1);
                self.pos += 1;
            }
            Class::Shut => self.shut(),
            Class::Begin => self.begin_block(),
            Class::End => self.end_block(),
            Class::Semicolon => {
                if self.now.typedef && self.now.parens == 0 {
                    self.end_typedef();
                }
                self.pos += 1;
                if self.now.parens == 0 && !self.now.old_style {
                    self.end_statement(self.pos, self.line);
                    self.fresh = true;
                }
            }
            Class::Tag => self.tag(),
            Class::Lambda => {
                self.begin_plain();
                match self.row.form(b"function").filter(|_| self.at(b"\\(")) {
                    Some(form) => self.define_by(form, self.pos + 1),
                    None => self.pos += 1,
                }
            }
            Class::Message => self.message(),
            Class::Here => {
                self.begin_plain();
                self.announce();
            }
            Class::Escape => {
                self.begin_plain();
                let line_end = matches!(self.text.get(self.pos + 1), Some(b'\n' | b'\r'));
                self.pos += if line_end { 1 } else { 2 };
            }
            Class::Dollar if self.row.shell => self.expansion(),
            Class::Dollar => {
                self.begin_plain();
                let named = self.text.get(self.pos + 1);
                let sign = named.is_some_and(|b| b.is_ascii_punctuation() && !b"{([_".contains(b));
                self.pos += if sign { 2 } else { 1 };
            }
            Class::Long => {
                self.begin_plain();
                let start = self.pos;
                if self.long_bracket() {
                    self.inert(start);
                } else {
                    self.now.parens = self.now.parens.saturating_add(1);
                    self.pos += 1;
                }
            }
            Class::Note if self.at(b"#[") && self.fresh => self.attribute(),
            Class::Note if self.at(b"#[") => self.pos += 1,
            Class::Note => {
                let start = self.pos;
                self.comment_line();
                self.inert(start);
            }
            Class::Leave if self.at(b"?>") => {
                self.settle();
                if self.now.parens == 0 {
                    self.end_statement(self.pos, self.line);
                    self.fresh = true;
                }
                self.pos += 2;
                self.leave();
            }
            Class::Leave => {
                self.begin_plain();
                self.pos += 1;
            }
            Class::Sigil => self.sigil(byte),
            Class::Regex => self.regex(),
            Class::Character => self.one_character(),
            _ => {
                if self.row.layout != Layout::None && self.fresh {
                    self.declare();
                }
                self.begin_plain();
                let start = self.string(class, byte);
                self.inert(start);
            }
        }
    }

    /// Tells of a comment or a string from `start` up to here.
    pub(super) fn inert(&mut self, start: usize) {
        // A lone quote or slash hides no name.
        if self.uses && self.pos > start.saturating_add(1) {
            self.out.event(Event::Inert { start, end: self.pos.min(self.text.len()) });
        }
    }

    /// Over bytes that mean nothing inside a statement.
    #[inline]
    fn skip(&mut self) {
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let plain = ahead.iter().position(|&b| self.row.class(b) > Class::Word);
        self.pos += plain.unwrap_or(ahead.len());
    }

    /// A statement begins with a word or a sign.
    fn begin(&mut self, class: Class) {
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

    /// Where what begins at the position starts: its line does, unless code is
    /// before it there.
    fn after_code(&self) -> usize {
        let first = self.pos <= self.first;
        let code = if first { 0 } else { self.code_before(self.pos) };
        self.line_start.max(code)
    }

    /// Whether an attribute, not Java's `@interface`, begins here.
    fn is_attribute(&self) -> bool {
        let word = self.text.get(self.pos + 1..).unwrap_or_default();
        !word.starts_with(b"interface ")
    }

    /// `#[…]`, `[…]` or `@name(…)` before a statement.
    fn attribute(&mut self) {
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

    fn shut(&mut self) {
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

    fn begin_block(&mut self) {
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

    fn end_block(&mut self) {
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
    fn begin_offside(&mut self, last: Option<u8>) {
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
    fn end_offside(&mut self) {
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
    fn goes_on(&self, next: Option<u8>) -> bool {
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
    fn waits(&self) -> bool {
        self.open
            .last()
            .is_some_and(|top| top.level == self.level && !top.body && top.ends != Ends::Statement)
    }

    /// By indentation: a line begins a statement unless a bracket or a `\` holds on.
    fn logical_line(&mut self) {
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
    fn dedent(&mut self, at: usize) {
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

    /// The statement ended with the code before the line's end.
    pub(super) fn end_statement_here(&mut self) {
        self.end_statement(self.code_end, self.code_line);
        self.fresh = true;
    }

    /// The statement ends: closes the definition that is without a block.
    fn end_statement(&mut self, end: usize, line: u32) {
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

    pub(super) fn event(&mut self, event: Event<'t>) {
        self.out.event(event);
    }

    /// A parenthesis opens: the word right before it is called, unless it is the
    /// name of a definition or a word of the language.
    pub(super) fn call(&mut self) {
        let before = self.text.get(..self.pos).unwrap_or_default();
        // `println!(` is a call, too.
        let before = before.strip_suffix(b"!").unwrap_or(before);
        let before = without_arguments(before);
        let name = self.last_word(before);
        let start = before.len() - name.len();
        let named =
            start == self.named || self.now.maybe.as_ref().is_some_and(|m| m.name.start == start);
        let called = name.first().is_some_and(|b| !b.is_ascii_digit());
        if called && !named && !self.row.no_calls.iter().any(|word| same(word, name)) {
            self.out.event(Event::Call { name, line: self.line });
        }
    }

    /// An import, `at` being behind the word that begins it: its line, or more if
    /// brackets are open at the line's end. Of a group in parentheses (Go's)
    /// each line is one.
    pub(super) fn import(&mut self, at: usize) {
        if !self.uses {
            return;
        }
        let ahead = self.text.get(at..).unwrap_or_default();
        let ahead = ahead.get(..AHEAD).unwrap_or(ahead);
        let (mut depth, mut line) = (0_u32, None);
        let end = ahead.iter().enumerate().position(|(at, &byte)| {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'\n' => _ = line.get_or_insert(at),
                _ => {}
            }
            depth == 0 && matches!(byte, b'\n' | b';')
        });
        let end = end.or(line).unwrap_or(ahead.len());
        let path = ahead.get(..end).unwrap_or_default().trim_ascii();
        let Some(group) = path.strip_prefix(b"(").and_then(|path| path.strip_suffix(b")")) else {
            if !path.is_empty() {
                self.out.event(Event::Import { path, line: self.line });
            }
            return;
        };
        let mut number = self.line;
        for line in group.split(|&b| b == b'\n') {
            for path in line.split(|&b| b == b';').map(<[u8]>::trim_ascii) {
                if !path.is_empty() && !path.starts_with(self.row.line_comment) {
                    self.out.event(Event::Import { path, line: number });
                }
            }
            number = number.saturating_add(1);
        }
    }
}

/// `name` of `name<A, B<C>>` and of Rust's `name::<A>`, if they are short.
fn without_arguments(text: &[u8]) -> &[u8] {
    let mut depth = 0_u32;
    if text.last() != Some(&b'>') {
        return text;
    }
    for (at, &byte) in text.iter().enumerate().rev().take(128) {
        match byte {
            b'>' => depth += 1,
            b'<' => {
                depth -= 1;
                if depth == 0 {
                    let name = text.get(..at).unwrap_or_default();
                    return name.strip_suffix(b"::").unwrap_or(name);
                }
            }
            b',' | b'.' | b'?' | b'[' | b']' | b':' | b'&' | b'*' | b' ' | b'_' | b'$' | 0x80.. => {
            }
            _ if byte.is_ascii_alphanumeric() => {}
            _ => return text,
        }
    }
    text
}
