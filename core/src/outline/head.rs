//! The beginning of a statement: does it define something, and what name?
//!
//! A head is read ahead of the lexer, at most [`AHEAD`] bytes and without
//! moving it, so that a statement costs constant time however it goes on.
//! Where only what comes later decides (`const f = (a, b) => …`, parameters
//! longer than is read) the name is kept as a [`Maybe`] until the lexer sees the
//! `=>` or the body. The ways from a word to its name are in
//! [`names`](super::names), definitions that no word begins in
//! [`declaration`](super::declaration).

use super::blocks::Mark;
use super::definitions::Maybe;
use super::indentation::Section;
use super::lexer::{Lexer, NAMES};
use super::table::{Class, Ends, Find, Form, Newline, Row, Shape};
use super::{Kind, Step};
use core::ops::Range;

/// How far a head is read.
pub(super) const AHEAD: usize = 1024;

/// A reading position ahead of the lexer.
pub(super) struct Ahead<'t> {
    pub row: &'static Row,
    /// The text up to where may be read.
    pub text: &'t [u8],
    pub at: usize,
}

impl<'t> Ahead<'t> {
    pub fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Whether all that may be read was read.
    pub fn is_over(&self) -> bool {
        self.at >= self.text.len()
    }

    pub fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub fn sees(&self, mark: &[u8]) -> bool {
        self.text.get(self.at..).is_some_and(|ahead| ahead.starts_with(mark))
    }

    /// Over spaces, line ends, comments and a preprocessor's lines.
    pub fn space(&mut self) {
        loop {
            let ahead = self.rest();
            self.at += ahead.len() - ahead.trim_ascii_start().len();
            let ahead = self.rest();
            let end: &[u8] = match self.row.block_comment {
                Some((open, close)) if ahead.starts_with(open) => close,
                _ if !self.row.line_comment.is_empty()
                    && ahead.starts_with(self.row.line_comment) =>
                {
                    b"\n"
                }
                _ if ahead.starts_with(b"#") && self.row.class(b'#') == Class::Directive => b"\n",
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

    /// Over parentheses or brackets that open here with all that is in them;
    /// false where they end later than is read, or a `;`, a stray `}` or (unless
    /// `braces` may stand in them) a `{` shows that they are broken.
    pub(super) fn pair(&mut self, braces: bool) -> bool {
        let mut depth = 0_u32;
        while let Some(byte) = self.peek() {
            match byte {
                b'(' | b'[' => depth += 1,
                b'{' if braces => depth += 1,
                b')' | b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.at += 1;
                        return byte != b'}';
                    }
                }
                b';' | b'{' => return false,
                b'"' | b'\'' => {
                    self.literal(byte);
                    continue;
                }
                b'/' => {
                    let at = self.at;
                    self.space();
                    if self.at > at {
                        continue;
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        false
    }

    /// Over a string on one line, or a character.
    pub(super) fn literal(&mut self, quote: u8) {
        self.at += 1;
        let rest = self.rest();
        let mut at = 0;
        while let Some(&byte) = rest.get(at) {
            match byte {
                b'\\' => at += 1,
                b'\n' => return,
                _ if byte == quote => {
                    self.at += at + 1;
                    return;
                }
                _ if quote == b'\'' && at > 8 => return,
                _ => {}
            }
            at += 1;
        }
    }

    /// Over the `<…>` that opens here; false where it is none.
    pub(super) fn angles(&mut self) -> bool {
        let mut depth = 0_u32;
        while let Some(byte) = self.peek() {
            match byte {
                b'<' => depth += 1,
                b'>' if !matches!(self.text.get(self.at - 1), Some(b'-' | b'=')) => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return true;
                    }
                }
                b'(' => {
                    if !self.pair(false) {
                        return false;
                    }
                    continue;
                }
                b';' | b'{' | b'}' | b')' | b'"' => return false,
                b'\n' if self.row.newline != Newline::Never => return false,
                _ => {}
            }
            self.at += 1;
        }
        false
    }

    /// C's `(*name(…))(…)`, `(*name(…))[…]` and `(name)(…)`, which open here: the
    /// name. What was read then ends before the last brackets.
    pub(super) fn wrapped(&mut self) -> Option<Range<usize>> {
        let begin = self.at;
        self.at += 1;
        let mut name = None;
        loop {
            self.space();
            match self.peek() {
                Some(b'*') => self.at += 1,
                Some(b')' | b'(') => break,
                _ => match self.word() {
                    Some(word) => name = Some(word),
                    None => break,
                },
            }
        }
        // Of an array it is a function only where it has parameters.
        let called = self.peek() == Some(b'(');
        self.at = begin;
        if self.pair(false) {
            let after = self.at;
            self.space();
            if self.peek() == Some(b'(') || called && self.peek() == Some(b'[') {
                return name;
            }
            self.at = after;
        }
        self.at = begin;
        None
    }

    /// Over a modifier's `(…)` or `[…]`, or several of an `extension`'s, if a word
    /// follows on the line.
    fn scope(&mut self) {
        let at = self.at;
        self.blank();
        for _ in 0..4 {
            if !matches!(self.peek(), Some(b'(' | b'[')) || !self.pair(false) {
                break;
            }
            self.blank();
            if self.peek().is_some_and(|b| self.row.is_word(b)) {
                return;
            }
        }
        self.at = at;
    }

    /// Over the `@name(…)` that begins here.
    pub(super) fn annotation(&mut self) {
        self.at += 1;
        self.dotted();
        if self.peek() == Some(b'(') {
            self.pair(true);
        }
    }

    /// Whether a block opens before the statement ends.
    pub(super) fn leads_to_block(&mut self) -> bool {
        while let Some(byte) = self.peek() {
            let at = self.at;
            match byte {
                b'{' | b';' | b'}' | b'=' => break,
                b'/' => self.space(),
                _ => {}
            }
            self.at += usize::from(self.at == at);
        }
        self.peek() == Some(b'{')
    }

    /// Whether a `=` follows the type that the `:` here begins, before the line ends.
    fn leads_to_value(&mut self) -> bool {
        while let Some(byte) = self.peek() {
            match byte {
                b'=' => return true,
                b'\n' | b'#' | b';' => return false,
                b'(' | b'[' | b'{' if !self.pair(true) => return false,
                b'(' | b'[' | b'{' => {}
                b'"' | b'\'' => self.literal(byte),
                _ => self.at += 1,
            }
        }
        false
    }

    /// Over Go's `(name *Type[T])`, whose type is the word before a `[` or the
    /// last one.
    fn receiver(&mut self) -> Option<Range<usize>> {
        let begin = self.at;
        self.balanced(b'(', b')');
        let inside = self.text.get(begin..self.at.saturating_sub(1))?;
        let end = inside.iter().position(|&b| b == b'[').unwrap_or(inside.len());
        let inside = inside.get(..end)?.trim_ascii_end();
        let word = inside.iter().rposition(|&b| !self.row.is_word(b)).map_or(0, |at| at + 1);
        (word < inside.len()).then_some(begin + word..begin + inside.len())
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
pub(super) struct Head {
    pub(super) kind: Kind,
    pub(super) name: Range<usize>,
    pub(super) ends: Ends,
    /// Only if a `=>` follows, or a body.
    pub(super) unsure: bool,
    /// What it says that it belongs to.
    pub(super) container: Option<Range<usize>>,
    /// Whether others may follow it, parted by commas.
    pub(super) listed: bool,
}

impl Head {
    pub(super) fn new(kind: Kind, name: Range<usize>) -> Self {
        Self { kind, name, ends: Ends::Block, unsure: false, container: None, listed: false }
    }
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// Reads the head of the statement at the position, and passes its first word.
    pub(super) fn head(&mut self) {
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let word = ahead.iter().position(|&b| !self.row.is_word(b)).unwrap_or(ahead.len());
        if word > 0 && self.row.has_macros() {
            if self.label(word) {
                return;
            }
            // In the body of a function most statements end here.
            let text = ahead.get(..word).unwrap_or_default();
            if self.is_code() && self.row.form(text).is_none() && !self.row.is_modifier(text) {
                self.pos += word;
                return;
            }
        }
        let end = self.text.len().min(self.pos.saturating_add(AHEAD));
        let text = self.text.get(..end).unwrap_or_default();
        let head = self.read_head(&mut Ahead { row: self.row, text, at: self.pos });
        if let Some(head) = head {
            let before = self.text.get(self.pos..head.name.start).unwrap_or_default();
            let line = self.line + before.iter().filter(|&&b| b == b'\n').count() as u32;
            let start = self.now.line_start;
            self.now.container = head.container;
            if head.unsure {
                self.now.maybe = Some(Maybe { name: head.name, line, start, kind: head.kind });
            } else {
                let after = head.name.end;
                if self.define(head.kind, head.name, line, start) {
                    self.set_top(head.ends, self.row.indented);
                }
                if head.listed {
                    self.define_others(head.kind, line, Ahead { row: self.row, text, at: after });
                }
            }
        }
        if self.row.is_import(ahead.get(..word).unwrap_or_default()) && !self.is_code() {
            self.import(self.pos + word);
        }
        self.pos += word;
    }

    /// Go's `, b, c` behind the first name of a declaration.
    fn define_others(&mut self, kind: Kind, mut line: u32, mut ahead: Ahead<'t>) {
        loop {
            let end = ahead.at;
            ahead.blank();
            if ahead.peek() != Some(b',') {
                return;
            }
            ahead.at += 1;
            let Some(name) = ahead.next_word() else { return };
            let between = ahead.get(&(end..name.start));
            if ahead.get(&name) == b"_" {
                line += between.iter().filter(|&&b| b == b'\n').count() as u32;
                continue;
            }
            if self.open.last().is_some_and(|top| top.level == self.level && !top.body) {
                self.close(end, line);
            }
            line += between.iter().filter(|&&b| b == b'\n').count() as u32;
            if self.define(kind, name, line, self.now.line_start) {
                self.set_top(Ends::Statement, false);
            }
        }
    }

    /// C: over a label, or a macro alone on its line, if the word of this length
    /// is one: it is a statement by itself.
    fn label(&mut self, word: usize) -> bool {
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        let (name, after) = ahead.split_at(word);
        let blank = after.iter().position(|&b| b != b' ' && b != b'\t' && b != b'\r');
        let after = after.get(blank.unwrap_or(0)..).unwrap_or_default();
        let access = matches!(name, b"public" | b"protected" | b"private");
        let slots = if access { self.slots(after) } else { None };
        if after.starts_with(b":") && !after.starts_with(b"::") {
            self.pos += word + blank.unwrap_or(0) + 1;
        } else if let Some(slots) = slots {
            self.pos += word + blank.unwrap_or(0) + slots;
        } else if after.starts_with(b"\n") && shouts(name) {
            self.pos += word;
        } else {
            return false;
        }
        self.fresh = true;
        true
    }

    /// Qt's second word of a label, `slots:` or the like: how long it is.
    fn slots(&self, after: &[u8]) -> Option<usize> {
        let word = after.iter().position(|&b| !self.row.is_word(b)).filter(|&word| word > 0)?;
        let rest = after.get(word..)?;
        let blank = rest.iter().take_while(|&&b| b == b' ' || b == b'\t').count();
        let rest = rest.get(blank..)?;
        (rest.starts_with(b":") && !rest.starts_with(b"::")).then_some(word + blank + 1)
    }

    fn read_head(&mut self, ahead: &mut Ahead<'t>) -> Option<Head> {
        if let Some(declares) = self.row.declares {
            return self.declaration(ahead, declares);
        }
        if let Some(kind) = self.group() {
            let name = ahead.word()?;
            let form = self.row.forms.iter().find(|form| form.kind == kind)?;
            return self.found(ahead, form, name);
        }
        if let Some(kind) = self.bound.take() {
            self.now.binds = Some(kind);
            return self.another(ahead, kind);
        }
        let mut default = None;
        for _ in 0..8 {
            ahead.space();
            if ahead.sees(b"*") {
                ahead.at += 1;
                continue;
            }
            if ahead.sees(b"@") && self.row.class(b'@') == Class::Attribute {
                ahead.annotation();
                continue;
            }
            let begin = ahead.at;
            if self.section.is_some() && ahead.peek() == Some(b'`') {
                return self.by_shape(ahead);
            }
            let word = ahead.word()?;
            let text = ahead.get(&word);
            let after = ahead.at;
            if let Some(form) = self.row.form(text) {
                // `const fn`, `class func`: the first word is a modifier.
                if (form.kind == Kind::Const || self.row.is_modifier(text))
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
            // Swift's `private(set) var`, Scala's `private[a] def`.
            if self.row.scoped && self.row.is_modifier(text) {
                ahead.scope();
            }
            ahead.space();
            let named =
                matches!(ahead.peek(), Some(b'(' | b'=' | b':' | b'<' | b'?' | b'.' | b';'));
            let parted = self.row.newline == Newline::Guess
                && ahead.text.get(after..ahead.at).is_some_and(|gap| gap.contains(&b'\n'));
            if !self.row.is_modifier(text) || (named && text != b"pub") || parted {
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
    pub(super) fn by_form(
        &mut self,
        ahead: &mut Ahead<'t>,
        form: &'static Form,
        default: Option<Range<usize>>,
    ) -> Option<Head> {
        if let Some(found) = ahead.name_of(form) {
            return found;
        }
        self.now.binds = (form.find == Find::Binding).then_some(form.kind);
        ahead.space();
        match form.find {
            Find::Impl => {
                let name = ahead.implemented()?;
                Some(Head { ends: form.ends, ..Head::new(form.kind, name) })
            }
            Find::Receiver => {
                let method = ahead.peek() == Some(b'(');
                let container = method.then(|| ahead.receiver()).flatten();
                let name = ahead.next_word()?;
                let kind = if method { Kind::Method } else { form.kind };
                ahead.space();
                let head = Head { ends: form.ends, container, ..Head::new(kind, name) };
                matches!(ahead.peek(), Some(b'(' | b'[')).then_some(head)
            }
            Find::Tagged => self.tagged(ahead, form),
            Find::Section => self.section(ahead, form),
            Find::Space => self.space(ahead, form),
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
        let mut head = Head { ends: form.ends, ..Head::new(form.kind, name) };
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
            Find::Group if self.open.is_empty() => {
                // `_, a = …`
                while ahead.get(&head.name) == b"_" {
                    ahead.space();
                    if ahead.peek() != Some(b',') {
                        return None;
                    }
                    ahead.at += 1;
                    head.name = ahead.next_word()?;
                }
                head.listed = true;
                Some(head)
            }
            Find::Group => None,
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
        let constant = head.kind == Kind::Const && self.level == 0;
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

    /// A script's `name = …` after a comma.
    fn another(&self, ahead: &mut Ahead<'t>, kind: Kind) -> Option<Head> {
        let form = self.row.forms.iter().find(|form| form.kind == kind)?;
        let name = ahead.next_word()?;
        self.found(ahead, form, name)
    }

    /// Whether the comma at the position comes before one more definition of a
    /// script's `const`, `let` or `var`.
    pub(super) fn binds_another(&mut self) -> bool {
        let Some(kind) = self.now.binds.filter(|_| self.now.parens == 0) else { return false };
        let end = self.text.len().min(self.pos.saturating_add(AHEAD));
        let text = self.text.get(..end).unwrap_or_default();
        let head = self.another(&mut Ahead { row: self.row, text, at: self.pos + 1 }, kind);
        // Where a name is in doubt, it may be the comma of its type: only a function
        // tells that this one is none.
        let begins = head.is_some_and(|head| !head.unsure || self.now.maybe.is_none());
        self.bound = begins.then_some(kind);
        begins
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

    /// Nim: what stands behind a section's word on its line. Where nothing does, the
    /// lines further in belong to it.
    fn section(&mut self, ahead: &mut Ahead<'t>, form: &'static Form) -> Option<Head> {
        let word = self.pos + form.word.len();
        self.section = None;
        // Variables of functions are locals.
        if form.kind != Kind::Type && self.level > 0 {
            return None;
        }
        if self.text.get(word..ahead.at).is_some_and(|gap| gap.contains(&b'\n')) {
            let (kind, start, indent) = (form.kind, self.pos, self.level);
            self.section = Some(Section { kind, start, indent, inner: 0 });
            return None;
        }
        self.entry(ahead, form.kind)
    }

    /// Nim's `name*[T] {.pragma.} = …` in a section.
    fn entry(&self, ahead: &mut Ahead<'t>, kind: Kind) -> Option<Head> {
        let name = ahead.name()?;
        let mut value = None;
        while value.is_none() {
            ahead.blank();
            match ahead.peek() {
                Some(b'=') => {
                    ahead.at += 1;
                    value = ahead.next_word();
                    // `ref object`
                    if value.as_ref().is_some_and(|word| matches!(ahead.get(word), b"ref" | b"ptr"))
                    {
                        value = ahead.next_word();
                    }
                    break;
                }
                Some(b'[' | b'(') if ahead.pair(true) => {}
                Some(b'{') => ahead.balanced(b'{', b'}'),
                None | Some(b'\n' | b'\r' | b'#' | b'[' | b'(') => break,
                Some(_) => ahead.at += 1,
            }
        }
        let kind = match value.map_or(&b""[..], |word| ahead.get(&word)) {
            b"object" | b"tuple" if kind == Kind::Type => Kind::Struct,
            b"enum" if kind == Kind::Type => Kind::Enum,
            b"concept" if kind == Kind::Type => Kind::Interface,
            _ => kind,
        };
        Some(Head { ends: Ends::Statement, ..Head::new(kind, name) })
    }

    /// Bazel's `rule(…, name = "a", …)`: what it builds.
    fn target(&self, ahead: &mut Ahead<'t>) -> Option<Head> {
        ahead.at += 1;
        loop {
            let word = ahead.next_word().map(|word| ahead.get(&word));
            ahead.space();
            if word == Some(b"name") && ahead.sees(b"=") && !ahead.sees(b"==") {
                ahead.at += 1;
                ahead.space();
                let name = ahead.quoted()?;
                return Some(Head { ends: Ends::Statement, ..Head::new(Kind::Module, name) });
            }
            loop {
                match ahead.peek()? {
                    b',' => break,
                    b')' => return None,
                    b'(' | b'[' | b'{' if !ahead.pair(true) => return None,
                    b'(' | b'[' | b'{' => {}
                    quote @ (b'"' | b'\'') => ahead.literal(quote),
                    _ => ahead.at += 1,
                }
            }
            ahead.at += 1;
        }
    }

    /// Python's `name = …`, `name: type = …` and `NAME: type` of a file's own level;
    /// of each name the first.
    fn variable(&mut self, ahead: &mut Ahead<'t>) -> Option<Head> {
        if let Some(section) = &mut self.section {
            if self.level > section.indent {
                section.inner = if section.inner == 0 { self.level } else { section.inner };
                let (kind, own) = (section.kind, section.inner == self.level);
                return if own { self.entry(ahead, kind) } else { None };
            }
            if section.start == self.pos {
                return None;
            }
            self.section = None;
        }
        let name = ahead.word().filter(|_| self.level == 0)?;
        let text = ahead.get(&name);
        ahead.blank();
        if self.row.shape == Shape::Target && ahead.peek() == Some(b'(') {
            return self.target(ahead);
        }
        // Nim's assignments define nothing.
        if self.row.block_comment.is_some() {
            return None;
        }
        let declared = ahead.peek() == Some(b':');
        if declared && !ahead.leads_to_value() && !shouts(text)
            || !declared && (!ahead.sees(b"=") || ahead.sees(b"=="))
            || matches!(text, b"else" | b"try" | b"finally" | b"lambda")
            || !self.is_new(text)
        {
            return None;
        }
        let kind = if shouts(text) { Kind::Const } else { Kind::Variable };
        Some(Head { ends: Ends::Statement, ..Head::new(kind, name) })
    }

    /// Notes a variable's name; false where it was noted before. A name whose mark
    /// has been overwritten by another's since then counts as new.
    fn is_new(&mut self, name: &[u8]) -> bool {
        let hash = name
            .iter()
            .fold(0x811C_9DC5_u32, |hash, &b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193));
        // FNV-1a; 0 is the mark of no name.
        let mark = hash.max(1);
        let slot = (hash >> 16) as usize % NAMES;
        self.bound_names.get_mut(slot).is_some_and(|known| core::mem::replace(known, mark) != mark)
    }

    /// No word begins a definition here: members, assignments, constants.
    fn by_shape(&mut self, ahead: &mut Ahead<'t>) -> Option<Head> {
        if self.row.indented {
            return self.variable(ahead);
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
            let mut head = Head::new(Kind::Method, name);
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
        self.assigned(ahead, Head { ends: Ends::Statement, ..Head::new(kind, name) })
    }

    /// Whether the brace at the position belongs to a type in a signature, not to the body.
    pub(super) fn is_type(&self, kind: Kind) -> bool {
        let before = self.text.get(self.now.start..self.code_before(self.pos)).unwrap_or_default();
        match before.last() {
            Some(&b) if self.row.declares.is_some() => {
                self.now.initialised && (b == b'>' || self.row.is_word(b))
            }
            Some(b':' | b'|' | b'&' | b'<') => true,
            Some(&b) if self.row.is_word(b) => {
                matches!(kind, Kind::Function | Kind::Method)
                    && self.ends_with(before, &[b"struct", b"interface"])
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
