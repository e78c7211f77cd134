//! The one lexer: a position, a stack of blocks, a stack of open definitions.
//!
//! It passes over plain bytes by class, skips comments and strings
//! ([`literal`](super::literal)), and looks for a definition only where a
//! statement begins ([`head`](super::head)): after a block's brace, a `;`, or
//! a line's end where the language has it so. A definition that has a block
//! waits for it and ends with it; one without ends with its statement.

use super::blocks::Frame;
use super::chunk::Chunker;
use super::definitions::Open;
use super::heredoc::Here;
use super::indentation::Section;
use super::layout::Declared;
use super::literal::Unclosed;
use super::statement::Statement;
use super::table::{Class, Ends, Layout, Newline, Row};
use super::{Event, Kind, NESTING, Step};
use heapless::Vec;

/// How many of a file's variables are remembered, so that each is one definition.
pub(super) const NAMES: usize = 128;

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
    pub(super) code_line: u32,
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
    pub(super) frames: Vec<Frame, NESTING>,
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
    pub(super) named: usize,
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
}
