//! Blocks that words open and close: `do … end`, `if … fi`.
//!
//! Where braces stand, a definition need be looked for only at the beginning
//! of a statement; words may stand anywhere. So these languages are read word by
//! word, a look-up each, and a word that defines does so wherever it stands
//! (`private def name`, `local f = function`). A block of words and one of
//! braces do not close each other: what one is mistaken about ends with the other.

use super::blocks::Mark;
use super::head::{AHEAD, Ahead};
use super::lexer::Lexer;
use super::literal::Literal;
use super::table::{Class, Does, Ends, Find, Form, Shape};
use super::{Event, Kind, Step};
use core::ops::Range;

/// How far back the name of an assigned function is looked for.
const BACK: usize = 256;

/// A name that a word defines.
struct Name {
    kind: Kind,
    name: Range<usize>,
    container: Option<Range<usize>>,
    ends: Ends,
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// Over code, up to a byte that means more.
    pub(super) fn words(&mut self) {
        loop {
            if !self.fresh && !self.uses {
                self.pos = self.next_known();
            }
            let Some(&byte) = self.text.get(self.pos) else { return };
            match self.row.class(byte) {
                Class::Space => self.pos += 1,
                Class::Plain => {
                    self.begin_plain();
                    self.pos += 1;
                }
                Class::Digit => {
                    self.begin_plain();
                    self.pos += self.word_ahead().len();
                }
                Class::Word => self.word(),
                _ => return,
            }
        }
    }

    /// The next place where a word begins that may mean something, or a byte that
    /// does.
    #[inline]
    fn next_known(&self) -> usize {
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let mut inside = false;
        let known = ahead.iter().position(|&byte| {
            let class = self.row.class(byte);
            let begins = class == Class::Word && !inside && self.row.words.may_begin(byte);
            inside = class >= Class::Digit;
            begins || class > Class::Word
        });
        self.pos + known.unwrap_or(ahead.len())
    }

    pub(super) fn word_ahead(&self) -> &'t [u8] {
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let length = ahead.iter().position(|&b| !self.row.is_word(b)).unwrap_or(ahead.len());
        ahead.get(..length).unwrap_or_default()
    }

    fn word(&mut self) {
        let word = self.word_ahead();
        let known = |does: &Does| match does {
            Does::Quote(_) => true,
            // Elixir: `@spec def(call)`.
            Does::Define if self.now.annotates => false,
            _ => !self.is_name(word.len()) && (self.fresh || !self.row.shell),
        };
        let Some(does) = self.row.words.does(word).filter(known) else {
            let first = self.fresh;
            self.begin_plain();
            if self.uses {
                self.used(word, first);
            }
            if first && self.row.shape != Shape::None {
                self.by_its_shape();
            }
            self.pos += word.len();
            return;
        };
        let opens = match does {
            Does::Open => true,
            Does::OpenOutside => self.now.parens == 0 || self.due(),
            Does::OpenFirst | Does::Loop => self.due(),
            _ => false,
        };
        self.begin_plain();
        match does {
            Does::Open | Does::OpenOutside | Does::OpenFirst | Does::Loop => {
                self.pos += word.len();
                if opens {
                    self.open_words();
                    self.now.start = self.pos;
                    self.now.loops = does == Does::Loop;
                }
            }
            Does::Do => {
                self.pos += word.len();
                if self.now.loops {
                    self.now.loops = false;
                } else {
                    self.begin_body();
                    self.open_words();
                }
                self.fresh = true;
            }
            Does::Close => self.end_words(word.len()),
            Does::Part => {
                self.pos += word.len();
                self.fresh = true;
            }
            Does::Define => {
                let at = self.pos + word.len();
                if let Some(form) = self.row.form(word) {
                    self.define_by(form, at);
                }
            }
            Does::GoOn => self.pos += word.len(),
            Does::Quote(parts) => self.quote(word.len(), parts),
        }
    }

    /// Whether the word of that length at the position is a name for all that:
    /// `.class`, `:if`, `@end`, `do:`, `end?`.
    fn is_name(&self, length: usize) -> bool {
        let before = self.text.get(..self.pos).unwrap_or_default();
        let after = self.text.get(self.pos + length..).unwrap_or_default();
        let named = match before {
            [.., b'.', b'.'] => false,
            [.., b'.' | b':' | b'@' | b'$'] => true,
            _ => false,
        };
        named
            || match after {
                [b':', b':', ..] => false,
                [b':' | b'?' | b'!', ..] => true,
                _ => false,
            }
    }

    /// Whether an expression begins at the position: nothing is before it that
    /// it could be a part of.
    pub(super) fn due(&self) -> bool {
        let before = self.text.get(..self.code_before(self.pos)).unwrap_or_default();
        match before {
            _ if self.fresh => true,
            [.., one, b'!' | b'?'] => !self.row.is_word(*one) && *one != b'$',
            [.., b')' | b']' | b'}' | b'"' | b'\'' | b'`' | b'/' | b'\\'] => false,
            [.., last] => !self.row.is_word(*last),
            [] => true,
        }
    }

    /// A block begins here; it is the body of the definition that waits for one.
    pub(super) fn begin_body(&mut self) {
        if self.now.parens == 0
            && let Some(top) = self.open.last_mut()
            && top.level == self.level
            && top.ends == Ends::Block
            && !top.body
        {
            (top.body, top.body_at) = (true, self.pos);
        }
    }

    fn open_words(&mut self) {
        self.push(Mark::Words);
        self.lead = None;
    }

    /// The word at the position closes the innermost block of words.
    fn end_words(&mut self, length: usize) {
        let end = self.pos;
        self.pos += length;
        self.fresh = false;
        // Julia: `a[end]`.
        let index = self.row.bangs && self.now.parens > 0;
        if index || self.mark().is_some_and(|mark| mark != Mark::Words) || self.level == 0 {
            return;
        }
        self.pop();
        self.close_above(self.level, end);
        if self.open.last().is_some_and(|top| top.level == self.level && top.body) {
            self.close(self.pos, self.line);
        }
    }

    /// A closing brace: blocks of words in it are over. False if no brace is open.
    pub(super) fn end_brace_of_words(&mut self) -> bool {
        let words = |mark| matches!(mark, Mark::Words | Mark::Parens(_));
        if !self.has_mark(|mark| !words(mark)) {
            return false;
        }
        while self.mark().is_some_and(words) {
            self.pop();
        }
        true
    }

    /// At a line's end: the statement is over unless something holds on.
    pub(super) fn line_of_words(&mut self, next: Option<u8>) {
        if self.now.parens > 0 || self.fresh {
            return;
        }
        let code = self.text.get(..self.code_end).unwrap_or_default();
        if self.row.shell {
            if !code.ends_with(b"\\") {
                self.end_statement_here();
            }
            return;
        }
        let goes_on = |word: &[u8]| self.row.words.does(word) == Some(Does::GoOn);
        let holds = match code {
            [.., b'-', b'>'] => false,
            [.., b'|', b'|'] => true,
            [.., b',' | b'\\' | b'.' | b'+' | b'-' | b'*' | b'=' | b'<' | b'>' | b'&'] => true,
            [.., b':'] => true,
            _ => goes_on(self.last_word(code)),
        };
        let holds = holds
            || match next {
                Some(b'.' | b'|' | b'&' | b',' | b'<' | b'=' | b'+') => true,
                Some(b'{') => {
                    self.open.last().is_some_and(|top| top.level == self.level && !top.body)
                }
                Some(b'a'..=b'z') => goes_on(self.word_ahead()),
                _ => false,
            };
        if !holds {
            self.end_statement_here();
        }
    }

    /// The name that a form's word defines, read from `at` behind it.
    pub(super) fn define_by(&mut self, form: &'static Form, at: usize) {
        let end = self.text.len().min(at.saturating_add(AHEAD));
        let text = self.text.get(..end).unwrap_or_default();
        let mut ahead = Ahead { row: self.row, text, at };
        ahead.blank();
        let found = match form.find {
            Find::Method => method(&mut ahead, form),
            Find::Path => path(&mut ahead, form),
            Find::Assigned => path(&mut ahead, form).or_else(|| self.assigned_to(form)),
            Find::Package => {
                let found = path(&mut ahead, form);
                ahead.blank();
                found.filter(|_| ahead.peek() == Some(b'{'))
            }
            Find::Clause => clause(&mut ahead, form),
            Find::Command => return self.command_by(form, at),
            _ => {
                let mut name = ahead.word();
                // `abstract type Name`
                while name.as_ref().is_some_and(|name| self.row.is_modifier(ahead.get(name))) {
                    ahead.blank();
                    name = ahead.word();
                }
                name.map(|name| Name { kind: form.kind, name, container: None, ends: form.ends })
            }
        };
        let word = self.pos;
        self.pos = at;
        let Some(mut found) = found else {
            if form.ends == Ends::Word {
                self.open_words();
                self.fresh = true;
            }
            return;
        };
        if form.find == Find::Method && self.open.last().is_some_and(|top| top.kind != form.kind) {
            found.kind = Kind::Method;
        }
        let (line, start) = self.line_and_start(word, &found.name);
        self.now.container = found.container;
        let name_end = found.name.end;
        let defined = self.define(found.kind, found.name, line, start);
        self.pos = self.pos.max(name_end);
        if defined {
            self.set_top(found.ends, found.ends == Ends::Word);
        }
        if found.ends == Ends::Word {
            self.open_words();
            self.fresh = true;
        }
    }

    /// The line of a name near the word at `word`, on its line or before it, and
    /// where its definition starts.
    fn line_and_start(&self, word: usize, name: &Range<usize>) -> (u32, usize) {
        let between = self.text.get(name.start..word).unwrap_or_default();
        let breaks = between.iter().filter(|&&b| b == b'\n').count() as u32;
        (self.line.saturating_sub(breaks), self.now.line_start)
    }

    /// `name` of `a.name =`, or of R's `name <-`, before the position.
    fn assigned_to(&self, form: &'static Form) -> Option<Name> {
        let end = self.code_before(self.pos);
        let from = end.saturating_sub(BACK);
        let before = self.text.get(from..end)?;
        let arrow = before.strip_suffix(b"<-");
        let arrow = arrow.map(|before| before.strip_suffix(b"<").unwrap_or(before));
        let before = match (arrow, before.strip_suffix(b"=")) {
            (Some(before), _) if self.row.arrows => before,
            // An argument's name is none.
            (_, Some(before)) if !self.row.arrows || self.now.parens == 0 => before,
            _ => return None,
        };
        if matches!(before.last(), Some(b'=' | b'~' | b'<' | b'>' | b'!')) {
            return None;
        }
        let before = before.trim_ascii_end();
        if self.row.arrows
            && let Some(quoted) = before.strip_suffix(b"`")
            && let Some(quote) = quoted.iter().rposition(|&b| b == b'`' || b == b'\n')
        {
            let name = from + quote + 1..from + quoted.len();
            return Some(Name { kind: form.kind, name, container: None, ends: form.ends });
        }
        let name = self.last_word(before);
        let stem = before.get(..before.len() - name.len())?;
        // Of `a, b = …` no single one is meant, unless it is a table's field.
        if stem.trim_ascii_end().ends_with(b",") && self.mark() != Some(Mark::Block) {
            return None;
        }
        if name.first().is_none_or(u8::is_ascii_digit) || name.len() == before.len() && from > 0 {
            return None;
        }
        let stop = from + before.len();
        let container = stem.strip_suffix(b".").and_then(|stem| {
            let dotted = |&b: &u8| !self.row.is_word(b) && b != b'.';
            let begin = stem.iter().rposition(dotted).map_or(0, |at| at + 1);
            (begin < stem.len()).then_some(from + begin..from + stem.len())
        });
        let name = stop - name.len()..stop;
        Some(Name { kind: form.kind, name, container, ends: form.ends })
    }

    /// A word begins a statement that may define a function without a word for it:
    /// Julia's `f(x) = …`, Nix's `f = x: …`.
    fn by_its_shape(&mut self) {
        let end = self.text.len().min(self.pos.saturating_add(AHEAD));
        let text = self.text.get(..end).unwrap_or_default();
        let mut ahead = Ahead { row: self.row, text, at: self.pos };
        let form =
            &Form { word: b"", kind: Kind::Function, find: Find::Path, ends: Ends::Statement };
        let Some(found) = path(&mut ahead, form) else { return };
        let function = match self.row.shape {
            Shape::None | Shape::Target => false,
            Shape::Call => {
                let called = ahead.peek() == Some(b'(');
                if called {
                    ahead.balanced(b'(', b')');
                    ahead.blank();
                    if ahead.sees(b"where ") || ahead.sees(b"::") {
                        let rest = text.get(ahead.at..).unwrap_or_default();
                        let sign = rest.iter().position(|b| b"=\n".contains(b));
                        ahead.at += sign.unwrap_or(rest.len());
                    }
                }
                called && ahead.sees(b"=") && !ahead.sees(b"==") && !ahead.sees(b"=>")
            }
            Shape::Lambda => {
                ahead.blank();
                let assigned = ahead.sees(b"=") && !ahead.sees(b"==");
                ahead.at += 1;
                ahead.space();
                if ahead.peek() == Some(b'{') {
                    ahead.balanced(b'{', b'}');
                    ahead.blank();
                    if ahead.peek() == Some(b'@') {
                        ahead.at += 1;
                        ahead.word();
                    }
                } else if ahead.word().is_none() {
                    return;
                }
                ahead.blank();
                let after = ahead.text.get(ahead.at + 1).copied();
                assigned && ahead.peek() == Some(b':') && after.is_none_or(|b| b != b'/')
            }
        };
        if function {
            self.now.container = found.container;
            if self.define(found.kind, found.name, self.line, self.now.line_start) {
                self.set_top(Ends::Statement, false);
            }
        }
    }

    /// Perl's `qw(…)`, `s/…/…/`: over so many parts behind the word, if a
    /// delimiter follows.
    fn quote(&mut self, length: usize, parts: u8) {
        let start = self.pos;
        let before = self.text.get(..start).and_then(|before| before.last());
        self.pos += length;
        if before.is_some_and(|b| b"$@%&>-*:".contains(b)) {
            return;
        }
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let blanks = ahead.iter().take(8).take_while(|&&b| b == b' ').count();
        // A comma parts what is in a list; where a match is due it is a delimiter.
        let code = self.text.get(..self.code_before(start)).unwrap_or_default();
        let due = code.last().is_none_or(|b| b"~{;(}".contains(b));
        let open = match ahead.get(blanks..) {
            Some([b',', ..]) if due && blanks == 0 => b',',
            Some([b'=', b'>' | b' ' | b'=' | b'~', ..] | [b',' | b';' | b')' | b'}', ..]) => return,
            Some([open, ..]) if blanks > 0 && !b"{([</|'\"".contains(open) => return,
            Some([open, ..]) if open.is_ascii_punctuation() && *open != b'_' => *open,
            _ => return,
        };
        self.pos += blanks;
        for part in 0..parts {
            if part > 0 && open != closing(open) {
                // `s{…} {…}`
                let ahead = self.text.get(self.pos..).unwrap_or_default();
                self.pos += ahead.iter().take(8).take_while(|&&b| b == b' ').count();
                if self.text.get(self.pos) != Some(&open) {
                    break;
                }
            }
            let nests = open != closing(open);
            self.pos += usize::from(part == 0 || nests);
            let open = if nests { open } else { 0 };
            let close = self.text.get(self.pos.saturating_sub(1)).copied().map_or(0, closing);
            self.literal(Literal { open, code: false, ..Literal::to(close) });
        }
        self.pos += self.word_ahead().len();
        self.inert(start);
    }

    /// At `%w[…]` or `~r/…/`: over the literal, if it is one.
    pub(super) fn sigil(&mut self, sign: u8) {
        let ahead = self.text.get(self.pos + 1..).unwrap_or_default();
        let letters = ahead.iter().take(16).take_while(|b| b.is_ascii_alphabetic()).count();
        let letter = ahead.first().filter(|_| letters > 0).copied();
        let delimiter = ahead.get(letters).copied();
        let elixir = sign == b'~';
        let sure = match (letter, delimiter) {
            (_, None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'=' | b')')) => false,
            (Some(_), Some(delimiter)) if elixir => b"/|\"'([{<".contains(&delimiter),
            (Some(letter), Some(b)) => {
                letters == 1 && b"wWiIqQrsx".contains(&letter) && !self.row.is_word(b)
            }
            (None, Some(delimiter)) => {
                !elixir && b"([{<|!/^".contains(&delimiter) && (self.due() || self.argument())
            }
        };
        self.begin_plain();
        let start = self.pos;
        self.pos += 1;
        let (true, Some(open)) = (sure, delimiter) else { return };
        self.pos += letters;
        let close = closing(open);
        let code = match letter {
            Some(letter) if elixir => letter.is_ascii_lowercase(),
            Some(letter) => !b"wiqs".contains(&letter),
            None => true,
        };
        let quote = matches!(open, b'"' | b'\'');
        let count = if quote && self.at(&[open; 3]) { 3 } else { 1 };
        let open = if open == close { 0 } else { open };
        self.pos += usize::from(count);
        self.literal(Literal { count, open, code, ..Literal::to(close) });
        self.inert(start);
    }

    /// Whether what is at the position follows a blank and is followed by none:
    /// behind a name it is an argument, not an operator.
    fn argument(&self) -> bool {
        let blank = |b: Option<&u8>| b.is_none_or(|b| b.is_ascii_whitespace() || *b == b'=');
        let before = self.text.get(..self.pos).and_then(|before| before.last());
        blank(before) && !blank(self.text.get(self.pos + 1))
    }

    /// At `/`: over a regular expression, if one is due.
    pub(super) fn regex(&mut self) {
        let before = self.text.get(..self.pos).unwrap_or_default();
        let symbol = before.ends_with(b":");
        let regex = !symbol && (self.due() || (self.argument() && self.closes_on_line()));
        self.begin_plain();
        self.pos += 1;
        if regex {
            let start = self.pos;
            self.literal(Literal::to(b'/'));
            // Its flags.
            self.pos += self.word_ahead().len();
            self.inert(start);
        }
    }

    /// Whether another `/` follows on the line. Where there is none, that is not
    /// asked again, so the time stays linear.
    fn closes_on_line(&mut self) -> bool {
        if self.pos < self.no_regex_until {
            return false;
        }
        let ahead = self.text.get(self.pos + 1..).unwrap_or_default();
        let stop = ahead.iter().position(|&b| b == b'/' || b == b'\n').unwrap_or(ahead.len());
        self.out.look(stop);
        let closes = ahead.get(stop) == Some(&b'/');
        if !closes {
            self.no_regex_until = self.pos + 1 + stop;
        }
        closes
    }

    /// At `?`: over a character, if it is one that could mean something else.
    pub(super) fn one_character(&mut self) {
        let before = self.text.get(..self.pos).and_then(|before| before.last());
        let free = before.is_none_or(|&b| !self.row.is_word(b) && b != b')');
        self.begin_plain();
        let length = match self.text.get(self.pos + 1..) {
            Some([b'\\', b, ..]) if *b != b'\n' => 3,
            Some([b, after, ..]) if !b.is_ascii_whitespace() && !self.row.is_word(*after) => 2,
            _ => 1,
        };
        self.pos += if free { length } else { 1 };
    }

    /// At `@`: an annotation belongs to what follows its statement, unless it
    /// defines something itself.
    pub(super) fn annotation(&mut self) {
        let first = self.fresh;
        if self.row.annotations.is_empty() {
            // Julia's macros: what they are for follows on the line.
            self.pos += 1;
            self.pos += self.word_ahead().len();
            return;
        }
        self.begin_plain();
        self.pos += 1;
        let name = self.word_ahead();
        if !first {
            self.pos += name.len();
        } else if let Some(form) = self.row.form(name).filter(|form| form.ends == Ends::Statement) {
            self.define_by(form, self.pos + name.len());
        } else {
            self.now.annotates = self.row.annotations.contains(&name);
            self.pos += name.len();
        }
    }

    /// `require "a"`, `require("a")`, `import A.B`, with what follows the word.
    pub(super) fn import_by(&mut self, after: &'t [u8]) {
        let at = self.text.len() - after.len();
        let open = after.iter().take(AHEAD).take_while(|&&b| b == b' ' || b == b'(').count();
        let rest = after.get(open..).unwrap_or_default();
        let rest = rest.get(..AHEAD).unwrap_or(rest);
        match rest.first() {
            Some(&quote @ (b'"' | b'\'')) => {
                let line = rest.split(|&b| b == b'\n').next().unwrap_or_default();
                let inner = line.get(1..).unwrap_or_default();
                let length = inner.iter().position(|&b| b == quote).unwrap_or(inner.len());
                let path = line.get(..length + 2).unwrap_or(line);
                self.event(Event::Import { path, line: self.line });
            }
            Some(b) if after.starts_with(b"(") && self.row.is_word(*b) => {
                let length = rest.iter().position(|&b| !self.row.is_word(b));
                let path = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
                self.event(Event::Import { path, line: self.line });
            }
            Some(b) if open > 0 && (self.row.is_word(*b) || *b == b'.') => self.import(at),
            _ => {}
        }
    }

    /// A word that is no word of the language: a call without parentheses?
    fn used(&mut self, word: &'t [u8], first: bool) {
        let after = self.text.get(self.pos + word.len()..).unwrap_or_default();
        if self.row.shell {
            if first {
                self.command(word, after);
            }
            return;
        }
        let known = |word: &[u8]| self.row.no_calls.contains(&word);
        if self.row.is_import(word) {
            return self.import_by(after);
        }
        let called = match after {
            [b' ', b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] if first && self.row.commands => {
                let ahead = after.get(1..).unwrap_or_default();
                let length = ahead.iter().position(|&b| !self.row.is_word(b));
                let next = ahead.get(..length.unwrap_or(ahead.len())).unwrap_or_default();
                !known(next) && self.row.words.does(next).is_none()
            }
            [b' ', b'"' | b'\'' | b':' | b'@', after, ..] if first && self.row.commands => {
                !after.is_ascii_whitespace()
            }
            [b'(', ..] => false,
            [b' ', b'=', ..] => false,
            _ => {
                let before = self.text.get(..self.pos).unwrap_or_default();
                self.row.sends && before.ends_with(b".") && !before.ends_with(b"..")
            }
        };
        if called && !known(word) {
            self.event(Event::Call { name: word, line: self.line });
        }
    }
}

/// What closes a literal with that delimiter.
fn closing(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        other => other,
    }
}

/// Ruby: `name?`, `self.name=`, `==`; with its statement where a `=` follows.
fn method(ahead: &mut Ahead<'_>, form: &'static Form) -> Option<Name> {
    let mut container = None;
    // `def @@one.name`
    while ahead.peek() == Some(b'@') {
        ahead.at += 1;
    }
    let name = loop {
        let Some(mut name) = ahead.word() else {
            let operator = |b: Option<u8>| b.is_some_and(|b| b"+-*/%<>=!~^&|@[]`".contains(&b));
            let start = ahead.at;
            while operator(ahead.peek()) {
                ahead.at += 1;
            }
            let name = start..ahead.at;
            return (!name.is_empty()).then_some(Name {
                kind: form.kind,
                name,
                container,
                ends: form.ends,
            });
        };
        if ahead.peek() == Some(b'.') {
            ahead.at += 1;
            container = (ahead.get(&name) != b"self").then_some(name);
            continue;
        }
        let setter =
            ahead.sees(b"=") && !matches!(ahead.text.get(ahead.at + 1), Some(b'=' | b'~' | b'>'));
        if setter || matches!(ahead.peek(), Some(b'?' | b'!')) {
            ahead.at += 1;
            name.end = ahead.at;
        }
        break name;
    };
    ahead.blank();
    if ahead.peek() == Some(b'(') {
        ahead.balanced(b'(', b')');
        ahead.blank();
    }
    let endless = ahead.sees(b"=") && !ahead.sees(b"==");
    let ends = if endless { Ends::Statement } else { form.ends };
    Some(Name { kind: form.kind, name, container, ends })
}

/// The last part of `A::B`, `a.b:c`; with a `!` where that belongs to names.
fn path(ahead: &mut Ahead<'_>, form: &'static Form) -> Option<Name> {
    if ahead.sees(b"::") {
        ahead.at += 2;
    }
    let mut name = ahead.word()?;
    let mut container: Option<Range<usize>> = None;
    loop {
        let at = ahead.at;
        ahead.at += match ahead.peek() {
            Some(b':') if ahead.sees(b"::") => 2,
            Some(b':' | b'.') => 1,
            _ => break,
        };
        let Some(part) = ahead.word() else {
            ahead.at = at;
            break;
        };
        let begin = container.as_ref().map_or(name.start, |container| container.start);
        container = Some(begin..name.end);
        name = part;
    }
    if ahead.row.bangs && ahead.sees(b"!") && !ahead.sees(b"!=") {
        ahead.at += 1;
        name.end = ahead.at;
    }
    Some(Name { kind: form.kind, name, container, ends: form.ends })
}

/// Elixir: `name`, `name?`, `A.B`, the `+` of `a + b`.
fn clause(ahead: &mut Ahead<'_>, form: &'static Form) -> Option<Name> {
    if ahead.peek() == Some(b'(') {
        ahead.at += 1;
    }
    let mut name = ahead.dotted()?;
    if matches!(ahead.peek(), Some(b'?' | b'!')) {
        ahead.at += 1;
        name.end = ahead.at;
    }
    let text = ahead.get(&name);
    let module = matches!(form.kind, Kind::Module | Kind::Interface | Kind::Impl);
    // A module named by a variable has no name yet.
    let variable = module && text.first().is_some_and(u8::is_ascii_lowercase);
    if variable || matches!(text, b"unquote" | b"not") {
        return None;
    }
    let parenthesis = ahead.peek() == Some(b'(');
    ahead.blank();
    let start = ahead.at;
    if !parenthesis && form.kind != Kind::Type {
        match ahead.word() {
            Some(word) if matches!(ahead.get(&word), b"and" | b"or" | b"in") => name = word,
            Some(_) => {}
            None => {
                while ahead.peek().is_some_and(|b| b"+-*/<>=|&^~.!@".contains(&b)) {
                    ahead.at += 1;
                }
                if ahead.at > start {
                    name = start..ahead.at;
                }
            }
        }
    }
    Some(Name { kind: form.kind, name, container: None, ends: form.ends })
}
