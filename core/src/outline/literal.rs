//! Skipping comments, strings and regular expressions.
//!
//! Each function starts at the opening and leaves the lexer after the end of
//! what it skips, having counted the lines; unterminated ones end with the
//! line or the text, as the language has it.

use super::Step;
use super::blocks::Mark;
use super::lexer::Lexer;
use super::table::{Class, Layout};
use heapless::Vec;

/// How a string that may hold code ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Literal {
    /// What ends it, `count` times (once to thrice).
    pub close: u8,
    pub count: u8,
    /// The bracket that nests in it, or 0; `depth` are open.
    pub open: u8,
    pub depth: u32,
    /// Whether a `\` takes the next byte's meaning away.
    pub escapes: bool,
    /// Whether it may hold code.
    pub code: bool,
    /// Whether it may go on over line ends.
    pub lines: bool,
    /// Whether it has gone over one, and so is known to be closed.
    pub closed: bool,
}

impl Literal {
    /// One that a single `close` ends.
    pub const fn to(close: u8) -> Literal {
        let (count, open, depth) = (1, 0, 0);
        let (escapes, code, lines, closed) = (true, true, true, false);
        Literal { close, count, open, depth, escapes, code, lines, closed }
    }
}

/// How many kinds of ends are remembered that do not follow.
const ENDS: usize = 8;

/// The ends of strings, a byte so many times, that follow nowhere in the text.
pub(super) type Unclosed = Vec<(u8, u8), ENDS>;

/// How deep strings with code in strings with code are read.
const HOLES: u8 = 4;

/// A string whose code is told from its text where it stands, no block being open
/// in it: Python's `f"…"`, C#'s `$"…"`.
#[derive(Clone, Copy)]
struct Format {
    /// What ends it, so many times.
    close: u8,
    count: usize,
    /// Whether a `\` takes the next byte's meaning away.
    escapes: bool,
    /// Whether its end doubled stands for itself.
    doubled: bool,
    /// Whether it may go on over line ends.
    lines: bool,
    /// How many braces begin code.
    braces: usize,
}

/// Words after which an expression begins, in JavaScript.
const OPERATORS: &[&[u8]] = &[
    b"return",
    b"typeof",
    b"case",
    b"in",
    b"of",
    b"do",
    b"else",
    b"void",
    b"delete",
    b"new",
    b"instanceof",
    b"throw",
    b"yield",
    b"await",
    b"default",
    b"from",
    b"import",
    b"extends",
];

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// A comment at the position, if its first byte begins one.
    pub(super) fn comment(&mut self) -> bool {
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        // `-->` is an operator.
        if self.row.layout == Layout::Equations
            && let Some(after) = ahead.iter().take(64).find(|&&b| b != b'-')
            && b"!#$%&*+./<=>?@\\^|~:".contains(after)
        {
            return false;
        }
        // F#'s multiplication.
        let times = self.row.layout == Layout::Words && ahead.starts_with(b"(*)");
        if times && !self.row.line_comment.is_empty() {
            return false;
        }
        if self.row.shell && !self.is_shell_comment() {
            return false;
        }
        let block = self.row.block_comment.filter(|(open, _)| ahead.starts_with(open));
        let line = self.row.line_comment;
        let Some((open, close)) = block else {
            if line.is_empty() || !ahead.starts_with(line) {
                return false;
            }
            if self.row.class(b'[') == Class::Long {
                self.attach();
                self.settle();
                self.pos += self.row.line_comment.len();
                if self.long_bracket() {
                    self.resume = self.pos;
                    return true;
                }
            }
            self.comment_line();
            return true;
        };
        self.attach();
        self.settle();
        self.pos += open.len();
        let first = open.first().filter(|_| self.row.nests);
        let last = close.first();
        let counts = |b: &u8| *b == b'\n' || Some(b) == last || Some(b) == first;
        let mut depth = 1_u32;
        while let Some(ahead) = self.text.get(self.pos..)
            && let Some(plain) = ahead.iter().position(counts)
        {
            self.pos += plain;
            if self.at(b"\n") {
                self.newline(true);
            } else if self.at(close) {
                self.pos += close.len();
                depth -= 1;
                if depth == 0 {
                    break;
                }
            } else if self.row.nests && self.at(open) {
                self.pos += open.len();
                depth = depth.saturating_add(1);
            } else {
                self.pos += 1;
            }
        }
        if depth > 0 {
            self.pos = self.text.len();
        }
        self.resume = self.pos;
        true
    }

    /// A comment up to the line's end, or to PHP's `?>`.
    pub(super) fn comment_line(&mut self) {
        self.attach();
        self.settle();
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let end = if self.row.class(b'?') == Class::Leave {
            let leaves = |at: usize| ahead.get(at + 1) == Some(&b'>');
            let mut bytes = ahead.iter().enumerate();
            bytes.position(|(at, &b)| b == b'\n' || b == b'?' && leaves(at))
        } else {
            ahead.iter().position(|&b| b == b'\n')
        };
        self.pos += end.unwrap_or(ahead.len());
        self.resume = self.pos;
    }

    /// PHP: over text that is no code, up to and with the next `<?php`.
    pub(super) fn leave(&mut self) {
        let start = self.pos;
        while let Some(&byte) = self.text.get(self.pos) {
            match byte {
                b'\n' => self.newline(true),
                b'<' if self.at(b"<?") => {
                    self.pos += 2;
                    let ahead = self.text.get(self.pos..).unwrap_or_default();
                    let word = ahead.iter().position(|&b| b != b'=' && !self.row.is_word(b));
                    self.pos += word.unwrap_or(ahead.len());
                    break;
                }
                _ => self.pos += 1,
            }
        }
        self.inert(start);
        // The code before the text is not before what follows.
        self.resume = self.pos;
        self.floor = self.pos;
    }

    /// A string at the position, of the style that its quote's class says. Gives
    /// where the last part of it begins that is no code.
    pub(super) fn string(&mut self, class: Class, quote: u8) -> usize {
        let start = self.pos;
        match class {
            Class::Python if self.is_format() => {
                let count = if self.at(&[quote; 3]) { 3 } else { 1 };
                return self.format(Format {
                    close: quote,
                    count,
                    escapes: true,
                    doubled: false,
                    lines: count == 3,
                    braces: 1,
                });
            }
            Class::Verbatim => return self.verbatim(quote),
            Class::Quoted if quote == b'[' => self.quasi_quoted(),
            Class::Quoted => self.between_bars(),
            Class::Lines if self.row.arrows && self.is_raw() => self.raw_in_brackets(quote),
            Class::Rust => match self.hashes() {
                Some(hashes) => self.raw_string(quote, hashes),
                None => self.escaped(quote, true),
            },
            Class::Python if self.at(&[quote; 3]) => self.tripled(quote),
            Class::Raw => self.raw_string(quote, 0),
            Class::Delimited if self.is_delimited() => self.delimited(),
            Class::Hashed if self.text.get(..self.pos).is_some_and(|b| b.ends_with(b"#")) => {
                self.hashed(quote);
            }
            // Dart's `r'…'`.
            Class::TripledLine if self.is_raw() => {
                let count = if self.at(&[quote; 3]) { 3 } else { 1 };
                self.pos += usize::from(count);
                let lines = count == 3;
                let raw = Literal { escapes: false, code: false, ..Literal::to(quote) };
                self.literal(Literal { count, lines, ..raw });
            }
            Class::Text
            | Class::Tripled
            | Class::TripledLine
            | Class::TripledRaw
            | Class::Hashed => {
                let count = if class != Class::Text && self.at(&[quote; 3]) { 3 } else { 1 };
                self.pos += usize::from(count);
                let escapes = class != Class::TripledRaw || count == 1;
                let lines = count == 3 || matches!(class, Class::Text | Class::Tripled);
                self.literal(Literal { count, escapes, lines, ..Literal::to(quote) });
            }
            Class::Lines => self.escaped(quote, true),
            Class::Double if self.at(b"''") => {
                self.pos += 2;
                self.literal(Literal { count: 2, escapes: false, ..Literal::to(quote) });
            }
            Class::Double => self.pos += 1,
            Class::AtQuote => self.here_string(),
            Class::Quote => self.character(),
            Class::Prime => {
                let before = self.text.get(..self.pos).and_then(|before| before.last());
                if before.is_some_and(|&b| self.row.is_word(b) || b"')]}".contains(&b)) {
                    self.pos += 1;
                } else {
                    self.character();
                }
            }
            _ if quote == b'\'' && self.is_apostrophe() => self.pos += 1,
            _ => self.escaped(quote, false),
        }
        start
    }

    /// To the closing quote, over `\` escapes; up to the line's end unless it
    /// may span `lines` and is closed in one of them.
    fn escaped(&mut self, quote: u8, lines: bool) {
        self.pos += 1;
        let (mut lines, begin) = (lines, self.line);
        while let Some(&byte) = self.text.get(self.pos) {
            match byte {
                b'\\' => {
                    self.pos += if self.at(b"\\\r\n") { 2 } else { 1 };
                    match self.text.get(self.pos) {
                        Some(b'\n') => self.newline(true),
                        Some(_) => self.pos += 1,
                        None => {}
                    }
                }
                b'\n' if lines => {
                    lines = self.line > begin || self.closes(quote, 1);
                    if lines {
                        self.newline(true);
                    }
                }
                b'\n' => return,
                _ => {
                    self.pos += 1;
                    if byte == quote {
                        return;
                    }
                }
            }
        }
    }

    /// Whether an end of so many of `close` follows. A string that nothing ends,
    /// half-typed, is over with its line; so is one that goes over the head of a
    /// definition to where another string begins: a word is right behind its quote.
    /// That there is no end is asked once for all.
    fn closes(&mut self, close: u8, count: u8) -> bool {
        if self.unclosed.contains(&(close, count)) {
            return false;
        }
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let (mut run, mut heads, mut first) = (0, false, false);
        let end = ahead.iter().enumerate().position(|(at, &byte)| {
            if core::mem::replace(&mut first, byte == b'\n') && byte.is_ascii_lowercase() {
                heads |= self.is_head(ahead.get(at..).unwrap_or_default());
            }
            run = if byte == close { run + 1 } else { 0 };
            run == count
        });
        self.out.look(end.unwrap_or(ahead.len()));
        let Some(end) = end else {
            let _ = self.unclosed.push((close, count));
            return false;
        };
        let word = |at: usize| ahead.get(at).is_some_and(|&b| self.row.is_word(b));
        !(count == 1 && heads && word(end + 1))
    }

    /// Python: whether an `f` or `t` stands before the quote.
    fn is_format(&self) -> bool {
        let from = self.pos.saturating_sub(3);
        let before = self.text.get(from..self.pos).unwrap_or_default();
        let prefix = self.last_word(before);
        let raw = |b: &u8| b"rR".contains(b);
        self.holes < HOLES
            && prefix.len() <= 2
            && prefix.iter().all(|b| b"fFtT".contains(b) || raw(b))
            && prefix.iter().filter(|b| !raw(b)).count() == 1
    }

    /// Over a string with code in it; gives where its last part begins.
    fn format(&mut self, format: Format) -> usize {
        let Format { close, count, escapes, doubled, lines, braces } = format;
        let mut part = self.pos;
        self.pos += count;
        while let Some(&byte) = self.text.get(self.pos) {
            match byte {
                b'\n' if lines => self.newline(true),
                b'\n' => break,
                b'\\' if escapes => {
                    self.pos += if self.at(b"\\\r\n") { 2 } else { 1 };
                    match self.text.get(self.pos) {
                        Some(b'\n') => self.newline(true),
                        None | Some(b'{') => {}
                        Some(_) => self.pos += 1,
                    }
                }
                b'{' => {
                    let ahead = self.text.get(self.pos..).unwrap_or_default();
                    let run = ahead.iter().take_while(|&&b| b == b'{').count();
                    // Of single braces two stand for one; of several the last begin code.
                    let opens = if braces == 1 { run % 2 == 1 } else { run >= braces };
                    self.pos += if opens { run - braces } else { run };
                    if opens {
                        self.inert(part);
                        self.pos += braces;
                        self.hole(format);
                        part = self.pos;
                    }
                }
                _ if byte == close => {
                    let ahead = self.text.get(self.pos..).unwrap_or_default();
                    let run = ahead.iter().take(count.max(2)).take_while(|&&b| b == close).count();
                    self.pos += if doubled && run > 1 { 2 } else { run.min(count) };
                    if run >= count && !(doubled && run > 1) {
                        break;
                    }
                }
                _ => self.pos += 1,
            }
        }
        part
    }

    /// Code in a string, behind its brace: tells what it calls, passes the brace
    /// that ends it.
    fn hole(&mut self, format: Format) {
        let mut depth = 0_u32;
        self.holes += 1;
        while let Some(&byte) = self.text.get(self.pos) {
            match byte {
                b'\n' if format.lines => {
                    self.newline(true);
                    continue;
                }
                b'\n' => break,
                b'(' => {
                    if self.uses {
                        self.call();
                    }
                    depth = depth.saturating_add(1);
                }
                b'[' | b'{' => depth = depth.saturating_add(1),
                b'}' if depth == 0 => {
                    let ahead = self.text.get(self.pos..).unwrap_or_default();
                    let run = ahead.iter().take(format.braces).take_while(|&&b| b == b'}').count();
                    self.pos += run;
                    break;
                }
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                // How it is shown.
                b':' if depth == 0 && !self.at(b"::") => {
                    let start = self.pos;
                    let ahead = self.text.get(self.pos..).unwrap_or_default();
                    let stop = |b: &u8| *b == format.close || b"{}\n".contains(b);
                    self.pos += ahead.iter().position(stop).unwrap_or(ahead.len());
                    self.inert(start);
                    if self.at(b"{") && self.holes < HOLES {
                        self.pos += 1;
                        self.hole(format);
                    } else if self.at(&[format.close]) {
                        break;
                    } else if self.at(b"{") {
                        self.pos += 1;
                    }
                    continue;
                }
                b'"' | b'\'' => {
                    let part = self.string(self.row.class(byte), byte);
                    self.inert(part);
                    continue;
                }
                b':' if depth == 0 => self.pos += 1,
                _ => {}
            }
            self.pos += 1;
        }
        self.pos = self.pos.min(self.text.len());
        self.holes -= 1;
    }

    /// C#'s and F#'s strings; gives where the last part begins that is no code.
    fn verbatim(&mut self, quote: u8) -> usize {
        let start = self.pos;
        let before = self.text.get(..self.pos).unwrap_or_default();
        let signs = before.iter().rev().take(16).take_while(|&&b| b == b'@' || b == b'$');
        let doubled = signs.clone().any(|&b| b == b'@');
        let braces = signs.filter(|&&b| b == b'$').count();
        // F#'s go over lines.
        let lines = doubled || self.row.layout == Layout::Words;
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let run = ahead.iter().take_while(|&&b| b == quote).count();
        let tripled = !doubled && run >= 3;
        if braces > 0 && self.holes < HOLES {
            let count = if tripled { run } else { 1 };
            let escapes = !doubled && !tripled;
            let lines = lines || tripled;
            return self.format(Format { close: quote, count, escapes, doubled, lines, braces });
        }
        match (doubled, tripled) {
            (true, _) => self.doubled(quote),
            (_, true) => self.tripled_raw(quote),
            _ => self.escaped(quote, lines),
        }
        start
    }

    /// OCaml: over `{id|…|id}`, if that is what begins here.
    fn between_bars(&mut self) {
        self.pos += 1;
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        // `{%name id|…|id}` is for a preprocessor.
        let word = |text: &[u8]| {
            text.iter().take(64).take_while(|&&b| b.is_ascii_lowercase() || b == b'_').count()
        };
        let mut from = 0;
        if ahead.starts_with(b"%") {
            let ahead = ahead.get(1..).unwrap_or_default();
            let name = ahead.iter().take(64).take_while(|&&b| self.row.is_word(b) || b == b'.');
            let name = 1 + name.count();
            from = name + usize::from(ahead.get(name - 1) == Some(&b' '));
        }
        let length = word(ahead.get(from..).unwrap_or_default());
        let mark = ahead.get(from..from + length).unwrap_or_default();
        if ahead.get(from + length) != Some(&b'|') {
            return;
        }
        self.pos += from + length + 1;
        while let Some(&byte) = self.text.get(self.pos) {
            if byte == b'\n' {
                self.newline(true);
                continue;
            }
            self.pos += 1;
            if byte == b'|' && self.at(mark) && self.text.get(self.pos + length) == Some(&b'}') {
                self.pos += length + 1;
                return;
            }
        }
    }

    /// Haskell: over `[name|…|]`, if that is what begins here and not a list.
    fn quasi_quoted(&mut self) {
        self.pos += 1;
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let name = ahead.iter().take(64).take_while(|&&b| self.row.is_word(b) || b == b'.').count();
        let text = ahead.get(name + 1..).unwrap_or_default();
        // `[x|x <- xs]` ends on its line; brackets of code hold code.
        let code = matches!(ahead.get(..name), Some(b"" | b"d" | b"e" | b"t" | b"p"));
        let line = text.split(|&b| b == b'\n').next().unwrap_or_default();
        let list = line
            .iter()
            .position(|&b| b == b']')
            .is_some_and(|at| at.checked_sub(1).and_then(|before| line.get(before)) != Some(&b'|'));
        let unclosed = self.unclosed.contains(&(b'[', 1));
        if code || list || unclosed || ahead.get(name) != Some(&b'|') {
            return;
        }
        let end = text.windows(2).position(|two| two == b"|]");
        self.out.look(end.unwrap_or(text.len()));
        if end.is_none() {
            let _ = self.unclosed.push((b'[', 1));
            return;
        }
        self.pos += name + 1;
        while self.pos < self.text.len() && !self.at(b"|]") {
            if self.at(b"\n") {
                self.newline(true);
            } else {
                self.pos += 1;
            }
        }
        self.pos = self.text.len().min(self.pos + 2);
    }

    /// Whether an `r` stands before the quote.
    fn is_raw(&self) -> bool {
        let before = self.text.get(..self.pos).unwrap_or_default();
        self.ends_with(before, &[b"r", b"R"])
    }

    /// R's `r"---(…)---"`, with any brackets.
    fn raw_in_brackets(&mut self, quote: u8) {
        let ahead = self.text.get(self.pos + 1..).unwrap_or_default();
        let dashes = ahead.iter().take(64).take_while(|&&b| b == b'-').count();
        let close = match ahead.get(dashes) {
            Some(b'(') => b')',
            Some(b'[') => b']',
            Some(b'{') => b'}',
            _ => return self.escaped(quote, true),
        };
        self.pos += dashes + 2;
        while let Some(&byte) = self.text.get(self.pos) {
            if byte == b'\n' {
                self.newline(true);
                continue;
            }
            self.pos += 1;
            if byte == close {
                let ahead = self.text.get(self.pos..).unwrap_or_default();
                let seen = ahead.iter().take(dashes).take_while(|&&b| b == b'-').count();
                self.pos += seen;
                if seen == dashes && self.text.get(self.pos) == Some(&quote) {
                    self.pos += 1;
                    return;
                }
            }
        }
    }

    fn tripled(&mut self, quote: u8) {
        self.pos += 3;
        while let Some(&byte) = self.text.get(self.pos) {
            match byte {
                b'\n' => self.newline(true),
                b'\\' if !matches!(self.text.get(self.pos + 1), None | Some(b'\n')) => {
                    self.pos += 2;
                }
                _ if byte == quote && self.at(&[quote; 3]) => {
                    self.pos += 3;
                    return;
                }
                _ => self.pos += 1,
            }
        }
    }

    /// Swift's `##"…"##`, tripled or not, the position being behind the signs.
    fn hashed(&mut self, quote: u8) {
        let before = self.text.get(..self.pos).unwrap_or_default();
        let hashes = before.iter().rev().take(255).take_while(|&&b| b == b'#').count();
        if self.at(&[quote; 3]) {
            self.pos += 2;
        }
        self.raw_string(quote, hashes);
    }

    /// C++: whether `R` stands before the quote.
    fn is_delimited(&self) -> bool {
        let before = self.text.get(..self.pos).unwrap_or_default();
        self.ends_with(before, &[b"R", b"u8R", b"LR", b"uR", b"UR"])
    }

    /// C++'s `"mark(…)mark"`.
    fn delimited(&mut self) {
        self.pos += 1;
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        // The longest mark has 16 bytes.
        let length = ahead.iter().take(17).position(|&b| b == b'(');
        let mark = ahead.get(..length.unwrap_or(0)).unwrap_or_default();
        let mark = if mark.iter().any(u8::is_ascii_whitespace) { b"" } else { mark };
        while let Some(&byte) = self.text.get(self.pos) {
            if byte == b'\n' {
                self.newline(true);
                continue;
            }
            self.pos += 1;
            if byte == b')' && self.at(mark) && self.text.get(self.pos + mark.len()) == Some(&b'"')
            {
                self.pos += mark.len() + 1;
                return;
            }
        }
    }

    /// To the closing quote, which doubled stands for itself.
    fn doubled(&mut self, quote: u8) {
        self.pos += 1;
        while let Some(&byte) = self.text.get(self.pos) {
            match byte {
                b'\n' => self.newline(true),
                _ if byte == quote => {
                    self.pos += 1;
                    if self.text.get(self.pos) != Some(&quote) {
                        return;
                    }
                    self.pos += 1;
                }
                _ => self.pos += 1,
            }
        }
    }

    /// Raw between as many quotes as it begins with, three or more.
    fn tripled_raw(&mut self, quote: u8) {
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let quotes = ahead.iter().take_while(|&&b| b == quote).count();
        self.pos += quotes;
        let mut seen = 0;
        while let Some(&byte) = self.text.get(self.pos) {
            if byte == b'\n' {
                seen = 0;
                self.newline(true);
                continue;
            }
            self.pos += 1;
            seen = if byte == quote { seen + 1 } else { 0 };
            if seen == quotes {
                return;
            }
        }
    }

    /// How many `#` of a Rust raw string stand before the quote.
    fn hashes(&self) -> Option<usize> {
        let before = self.text.get(..self.pos)?;
        let hashes = before.iter().rev().take(255).take_while(|&&b| b == b'#').count();
        let before = before.get(..before.len() - hashes)?.strip_suffix(b"r")?;
        let prefix = before.strip_suffix(b"b").or_else(|| before.strip_suffix(b"c"));
        let word = |text: &[u8]| text.last().is_some_and(|&b| self.row.is_word(b));
        (!word(prefix.unwrap_or(before))).then_some(hashes)
    }

    fn raw_string(&mut self, quote: u8, hashes: usize) {
        self.pos += 1;
        while let Some(&byte) = self.text.get(self.pos) {
            if byte == b'\n' {
                self.newline(true);
                continue;
            }
            self.pos += 1;
            if byte == quote {
                let ahead = self.text.get(self.pos..).unwrap_or_default();
                let seen = ahead.iter().take(hashes).take_while(|&&b| b == b'#').count();
                self.pos += seen;
                if seen == hashes {
                    return;
                }
            }
        }
    }

    /// The rest of a literal, up to its end or to the code inside it.
    pub(super) fn literal(&mut self, mut literal: Literal) {
        let Literal { open, close, count, escapes, code, .. } = literal;
        let code = if code { self.row.code } else { b"" };
        let first = code.first().copied();
        while let Some(&byte) = self.text.get(self.pos) {
            if byte == b'\n' {
                literal.closed |= open != 0;
                if !literal.lines || !literal.closed && !self.closes(close, count) {
                    return;
                }
                literal.closed = true;
                self.newline(true);
            } else if byte == close {
                if count == 1 && literal.depth == 0 {
                    self.pos += 1;
                    return;
                }
                if count == 3 && self.at(&[close; 3]) {
                    self.pos += 3;
                    // Of a longer run the last three end it.
                    while !escapes && self.text.get(self.pos) == Some(&close) {
                        self.pos += 1;
                    }
                    return;
                }
                if count == 2 && self.at(&[close; 2]) {
                    // Nix: `'''`, `''$` and `''\` are escapes.
                    let escape = self.text.get(self.pos + 2).is_some_and(|b| b"'$\\".contains(b));
                    self.pos += if escape { 3 } else { 2 };
                    if escape {
                        continue;
                    }
                    return;
                }
                literal.depth = literal.depth.saturating_sub(1);
                self.pos += 1;
            } else if Some(byte) == first && self.at(code) && self.push(Mark::Literal(literal)) {
                self.pos += code.len();
                self.fresh |= self.row.shell;
                return;
            } else if escapes
                && byte == self.row.escape
                && self.text.get(self.pos + 1) != Some(&b'\n')
            {
                self.pos += 2;
            } else {
                literal.depth += u32::from(byte == open && open != 0);
                self.pos += 1;
            }
        }
        self.pos = self.text.len();
    }

    /// Lua: over `[==[ … ]==]`, if that is what begins here.
    pub(super) fn long_bracket(&mut self) -> bool {
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let signs = |text: &[u8]| text.iter().take(255).take_while(|&&b| b == b'=').count();
        let level = signs(ahead.get(1..).unwrap_or_default());
        if ahead.first() != Some(&b'[') || ahead.get(1 + level) != Some(&b'[') {
            return false;
        }
        self.pos += 2 + level;
        while let Some(&byte) = self.text.get(self.pos) {
            if byte == b'\n' {
                self.newline(true);
                continue;
            }
            self.pos += 1;
            if byte == b']' {
                let seen = signs(self.text.get(self.pos..).unwrap_or_default());
                self.pos += seen;
                if seen == level && self.text.get(self.pos) == Some(&b']') {
                    self.pos += 1;
                    break;
                }
            }
        }
        true
    }

    /// Rust: `'a'` or `'\n'`, else a lifetime, of which only the quote is passed.
    fn character(&mut self) {
        let ahead = self.text.get(self.pos + 1..).unwrap_or_default();
        // `\u{10FFFF}` is the longest.
        let ahead = ahead.get(..12).unwrap_or(ahead);
        let ahead = ahead.split(|&b| b == b'\n').next().unwrap_or_default();
        let quote = |from: usize| Some(from + ahead.get(from..)?.iter().position(|&b| b == b'\'')?);
        let length = match ahead.first() {
            Some(b'\\') => quote(2),
            _ => quote(1).filter(|&end| {
                ahead.get(1..end).is_some_and(|rest| rest.iter().all(|b| b & 0xC0 == 0x80))
            }),
        };
        self.pos += length.map_or(1, |length| length + 2);
    }

    /// A quote inside a word: `don't` between tags, `1'000` in C.
    fn is_apostrophe(&self) -> bool {
        let Some(before) = self.text.get(..self.pos) else { return false };
        if self.row.regex {
            before.last().is_some_and(|&b| self.row.is_word(b)) && !self.after_operator()
        } else {
            before.last().is_some_and(u8::is_ascii_hexdigit)
                && self.row.has_macros()
                && self.text.get(self.pos + 1).is_some_and(u8::is_ascii_hexdigit)
                && self.text.get(self.pos + 2) != Some(&b'\'')
        }
    }

    /// Whether an expression, not an operator, is due at the position.
    pub(super) fn after_operator(&self) -> bool {
        let before = self.code_before(self.pos);
        let before = self.text.get(..before).unwrap_or_default();
        match before.last() {
            None => true,
            Some(b')' | b']' | b'}' | b'"' | b'\'' | b'`') => false,
            Some(&b) if self.row.is_word(b) => self.ends_with(before, OPERATORS),
            Some(_) => true,
        }
    }

    /// A regular expression at the position: up to its closing slash on the
    /// same line, or only the slash where it is a division.
    pub(super) fn slash(&mut self) {
        self.pos += 1;
        if !self.row.regex || self.pos < self.no_regex_until {
            return;
        }
        self.pos -= 1;
        let begins = self.after_operator();
        self.pos += 1;
        if !begins {
            return;
        }
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let (mut at, mut in_class) = (0, false);
        while let Some(&byte) = ahead.get(at) {
            match byte {
                b'\n' => break,
                b'\\' if ahead.get(at + 1) != Some(&b'\n') => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    self.pos += at + 1;
                    return;
                }
                _ => {}
            }
            at += 1;
        }
        // No expression up to there: not asked again, so the time stays linear.
        self.no_regex_until = self.pos + at;
    }

    /// The byte that ends code in a string; nothing where a brace does, which ends
    /// blocks as well.
    pub(super) fn code_end_byte(&self) -> Option<u8> {
        match self.row.code.last() {
            Some(b'{') => Some(b'}'),
            Some(b'(') => Some(b')'),
            _ => None,
        }
    }

    /// Code in a string ends behind the position: goes on with the string, if there
    /// is one.
    pub(super) fn end_code(&mut self) -> bool {
        let literal = |mark| matches!(mark, Mark::Literal(_));
        if self.mark().is_none() || !self.has_mark(literal) {
            return false;
        }
        while let Some(mark) = self.pop() {
            if let Mark::Literal(literal) = mark {
                self.fresh = false;
                let start = self.pos;
                self.literal(literal);
                self.inert(start);
                return true;
            }
        }
        false
    }

    pub(super) fn at(&self, mark: &[u8]) -> bool {
        self.text.get(self.pos..).is_some_and(|ahead| ahead.starts_with(mark))
    }
}
