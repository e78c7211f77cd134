//! Declarations by layout: Haskell's, where no word begins a function, and
//! those of OCaml and F#, where `let` begins one only if nothing is around it.
//!
//! A line of the file's first column, or of the first column of a class's, an
//! instance's or a module's body, begins a declaration. Haskell's first sign outside of brackets says
//! what it is: `::` a signature, `=` or `|` an equation of the name it begins
//! with, another operator one of that operator. Signatures and equations of one
//! name that follow each other are one definition.

use super::definitions::Open;
use super::head::{AHEAD, Ahead};
use super::lexer::Lexer;
use super::table::{Ends, Layout};
use super::{Kind, Step};
use core::ops::Range;
use heapless::Vec;

/// How many names a signature may have; further ones are passed over.
const NAMES: usize = 8;

/// Words that begin a line without beginning a declaration.
const RESERVED: &[&[u8]] =
    &[b"where", b"let", b"in", b"case", b"of", b"if", b"then", b"else", b"do"];

/// What a declaration declares.
struct Declaration {
    kind: Kind,
    names: Vec<Range<usize>, NAMES>,
    /// Where the first declaration in it is, if that is on its line.
    body: Option<usize>,
}

impl Declaration {
    fn new(kind: Kind, name: Range<usize>) -> Self {
        let mut names = Vec::new();
        let _ = names.push(name);
        Self { kind, names, body: None }
    }
}

/// The name that was declared last, and how far its line is indented.
#[derive(Clone)]
pub(super) struct Declared {
    kind: Kind,
    name: Range<usize>,
    indent: u32,
}

impl Declared {
    pub const NOTHING: Declared = Declared { kind: Kind::Text, name: 0..0, indent: 0 };
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// A line begins at the position: does it declare something? Passes its first
    /// word or sign.
    pub(super) fn line_declares(&mut self) {
        if self.pos == self.line_start && self.at(b"#") {
            // The preprocessor's.
            return self.pass_rest_of_line();
        }
        if self.row.layout == Layout::Words && self.at(b"[<") {
            // F#: an attribute belongs to what follows.
            self.attach();
            self.firm = true;
            return self.pass_rest_of_line();
        }
        self.declare();
        self.pos += self.word_ahead().len().max(1);
    }

    /// Defines what the line that begins at the position declares.
    pub(super) fn declare(&mut self) {
        if self.row.layout == Layout::Equations && RESERVED.contains(&self.word_ahead()) {
            // It goes on, however little it is indented.
            self.fresh = false;
            return;
        }
        let indent = self.indent(self.pos);
        let inside = self.open.iter().rposition(|open| open.level < indent);
        let begins = match inside.and_then(|at| self.open.get(at)) {
            None => indent == 0,
            Some(Open { inner: 0, kind, .. }) => matches!(
                kind,
                Kind::Trait | Kind::Impl | Kind::Module | Kind::Class | Kind::Interface
            ),
            Some(top) => top.inner == indent,
        };
        let found = if begins { self.read_declaration(self.pos, indent) } else { None };
        let Some(found) = found else {
            self.begin_plain();
            return;
        };
        if let Some(top) = inside.and_then(|at| self.open.get_mut(at)) {
            top.inner = indent;
        }
        if self.declared_before(&found, indent) {
            // Goes on with it, if nothing came between them.
            if self.open.last().is_some_and(|top| top.level == indent) {
                self.fresh = false;
                self.lead = None;
            } else {
                self.begin_plain();
            }
            return;
        }
        self.begin_plain();
        let body = found.body;
        self.define_names(found, self.pos, indent);
        // `instance A B where c = d`
        if let Some(body) = body
            && let column = body.saturating_sub(self.line_start) as u32
            && let Some(found) = self.read_declaration(body, column)
        {
            if let Some(top) = self.open.last_mut() {
                top.inner = column;
            }
            self.level = column;
            self.define_names(found, body, column);
        }
    }

    fn declared_before(&self, found: &Declaration, indent: u32) -> bool {
        let text = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        let same =
            matches!(found.names.as_slice(), [name] if text(name) == text(&self.declared.name));
        same && self.row.layout == Layout::Equations
            && found.kind == Kind::Function
            && self.declared.indent == indent
    }

    /// Defines all names of a declaration that begins at `from`.
    fn define_names(&mut self, found: Declaration, from: usize, indent: u32) {
        for name in found.names {
            let before = self.text.get(from..name.start).unwrap_or_default();
            let line = self.line + before.iter().filter(|&&b| b == b'\n').count() as u32;
            while self.open.last().is_some_and(|top| top.level >= indent) {
                self.close(name.start, line);
            }
            if self.define(found.kind, name.clone(), line, self.now.line_start) {
                self.set_top(Ends::Block, true);
            }
            self.declared = Declared { kind: found.kind, name, indent };
        }
    }

    /// Whether a pattern's equation goes on here, and not its signature.
    fn is_pattern(&self, ahead: &mut Ahead<'t>) -> bool {
        let at = ahead.at;
        ahead.blank();
        let upper = ahead.peek().is_some_and(|b| b.is_ascii_uppercase());
        name(ahead);
        ahead.blank();
        let equation = upper && !ahead.sees(b"::") && !ahead.sees(b",");
        ahead.at = at;
        equation
    }

    fn read_declaration(&mut self, at: usize, indent: u32) -> Option<Declaration> {
        let end = self.text.len().min(at.saturating_add(AHEAD));
        let text = self.text.get(..end).unwrap_or_default();
        let mut ahead = Ahead { row: self.row, text, at };
        if self.row.layout == Layout::Words {
            if name(&mut ahead).is_some_and(|word| self.row.is_import(ahead.get(&word))) {
                self.import(ahead.at);
                return None;
            }
            ahead.at = at;
            return self.by_word(&mut ahead, indent);
        }
        let word = name(&mut ahead);
        let kind = match word.as_ref().map_or(&b""[..], |word| ahead.get(word)) {
            b"import" => {
                self.import(ahead.at);
                return None;
            }
            b"module" | b"infix" | b"infixl" | b"infixr" | b"default" | b"deriving" => return None,
            b"data" => Kind::Enum,
            b"newtype" => Kind::Struct,
            b"type" => Kind::Type,
            b"class" => Kind::Trait,
            b"instance" => Kind::Impl,
            b"pattern" if self.is_pattern(&mut ahead) => Kind::Function,
            b"foreign" => return foreign(&mut ahead, indent),
            _ => {
                ahead.at = at;
                return function(&mut ahead, indent);
            }
        };
        let mut found = Declaration::new(kind, type_name(&mut ahead, indent)?);
        let before = ahead.text.get(..ahead.at).unwrap_or_default();
        if matches!(kind, Kind::Trait | Kind::Impl) && before.ends_with(b"where") {
            ahead.blank();
            let on_line = ahead.peek().is_some_and(|b| !b"\r\n-{".contains(&b));
            found.body = on_line.then_some(ahead.at);
        }
        Some(found)
    }
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// OCaml's and F#'s: a form's word, modifiers, the name.
    fn by_word(&self, ahead: &mut Ahead<'t>, indent: u32) -> Option<Declaration> {
        let mut kind = None;
        for _ in 0..6 {
            let word = name(ahead)?;
            let text = ahead.get(&word);
            if text == b"and" && kind.is_none() {
                let last = &self.declared;
                kind = Some(if last.indent == indent { last.kind } else { Kind::Type });
            } else if let Some(form) = self.row.form(text) {
                // `module type`, `static member`: the last word says it.
                let module_type = kind == Some(Kind::Module) && form.kind == Kind::Type;
                kind = Some(if module_type { Kind::Interface } else { form.kind });
            } else if !self.row.is_modifier(text) {
                let mut word = word;
                if text == b"_" && ahead.peek() != Some(b'.') {
                    return None;
                }
                // `member this.name`
                if ahead.peek() == Some(b'.') && matches!(kind?, Kind::Method) {
                    ahead.at += 1;
                    word = name(ahead)?;
                }
                return Some(self.bound(ahead, kind?, word));
            }
            // `let%lwt`, `let[@inline]`, `type 'a t`, `type ('a, 'b) t`
            loop {
                ahead.blank();
                match ahead.peek()? {
                    b'%' => {
                        ahead.at += 1;
                        name(ahead)?;
                    }
                    b'\'' => {
                        ahead.at += 1;
                        name(ahead)?;
                    }
                    b'+' | b'-' | b'!' => ahead.at += 1,
                    b'[' => brackets(ahead),
                    b'(' if kind == Some(Kind::Type) => brackets(ahead),
                    b'(' if ahead.sees(b"(|") => {
                        // F#: `(|Even|Odd|)`
                        let start = ahead.at + 1;
                        let rest = ahead.text.get(start..)?;
                        let length = rest.windows(2).position(|end| end == b"|)")? + 1;
                        return Some(Declaration::new(kind?, start..start + length));
                    }
                    b'(' => {
                        let Some(Token::Operator(sign)) = token(ahead, 0) else { return None };
                        return Some(Declaration::new(kind?, sign));
                    }
                    b'`' if ahead.sees(b"``") => {
                        let start = ahead.at + 2;
                        let rest = ahead.text.get(start..)?;
                        let length = rest.windows(2).position(|end| end == b"``")?;
                        return Some(Declaration::new(kind?, start..start + length));
                    }
                    _ => break,
                }
            }
        }
        None
    }

    /// A `let` without parameters binds a value.
    fn bound(&self, ahead: &mut Ahead<'t>, kind: Kind, word: Range<usize>) -> Declaration {
        ahead.blank();
        let value = kind == Kind::Function
            && (ahead.sees(b"=") || ahead.sees(b":"))
            && !ahead.text.get(ahead.at..).is_some_and(|rest| {
                let line = rest.split(|&b| b == b'\n').next().unwrap_or_default();
                line.windows(3).any(|part| part == b"fun" || part == b" ->")
            });
        let kind = if value { Kind::Const } else { kind };
        Declaration::new(kind, word)
    }
}

/// A name with its primes.
fn name(ahead: &mut Ahead<'_>) -> Option<Range<usize>> {
    let mut name = ahead.word()?;
    while ahead.peek().is_some_and(|b| b == b'\'' || b == b'#' || ahead.row.is_word(b)) {
        ahead.at += 1;
    }
    name.end = ahead.at;
    Some(name)
}

/// What a declaration consists of.
enum Token {
    /// A name, not in brackets.
    Name(Range<usize>),
    /// A sign of several bytes, not in brackets.
    Sign(Range<usize>),
    /// A name in backquotes.
    Quoted(Range<usize>),
    /// An operator in parentheses.
    Operator(Range<usize>),
    /// Brackets, literals.
    Other,
}

fn is_sign(byte: u8) -> bool {
    b"!#$%&*+./<=>?@\\^|-~:".contains(&byte)
}

/// The next token of a declaration that is indented by so much.
fn token(ahead: &mut Ahead<'_>, indent: u32) -> Option<Token> {
    let from = ahead.at;
    ahead.space();
    let passed = ahead.text.get(from..ahead.at).unwrap_or_default();
    if let Some(newline) = passed.iter().rposition(|&b| b == b'\n') {
        let blanks = passed.len() - newline - 1;
        if blanks as u32 <= indent {
            return None;
        }
    }
    if let Some(name) = name(ahead) {
        return Some(Token::Name(name));
    }
    let signs = |ahead: &mut Ahead<'_>| {
        let start = ahead.at;
        while ahead.peek().is_some_and(is_sign) {
            ahead.at += 1;
        }
        start..ahead.at
    };
    let byte = ahead.peek()?;
    match byte {
        b'(' | b'[' | b'{' => {
            let start = ahead.at;
            ahead.at += 1;
            ahead.blank();
            let sign = signs(ahead);
            ahead.blank();
            if byte == b'(' && !sign.is_empty() && ahead.peek() == Some(b')') {
                ahead.at += 1;
                return Some(Token::Operator(sign));
            }
            ahead.at = start;
            brackets(ahead);
            Some(Token::Other)
        }
        b'`' => {
            ahead.at += 1;
            let quoted = name(ahead)?;
            ahead.at += 1;
            Some(Token::Quoted(quoted))
        }
        b'"' => {
            // Not over several lines: a head has no such string.
            let literal = ahead.quoted()?;
            let closed = ahead.text.get(literal.end) == Some(&b'"');
            closed.then_some(Token::Other)
        }
        b'\'' => {
            let rest = ahead.text.get(ahead.at + 1..)?;
            let rest = rest.get(..12).unwrap_or(rest);
            let skip = if rest.first() == Some(&b'\\') { 2 } else { 1 };
            let end = rest.iter().skip(skip).position(|&b| b == b'\'');
            let near = end.filter(|&end| skip == 2 || end < 4);
            ahead.at += near.map_or(1, |end| end + skip + 2);
            Some(Token::Other)
        }
        _ if is_sign(byte) => Some(Token::Sign(signs(ahead))),
        _ => {
            ahead.at += 1;
            Some(Token::Other)
        }
    }
}

/// Over brackets that open here, all kinds alike, down to a line that begins with
/// something else than a bracket.
fn brackets(ahead: &mut Ahead<'_>) {
    let mut depth = 0_u32;
    while let Some(byte) = ahead.peek() {
        match byte {
            b'(' | b'[' | b'{' => depth = depth.saturating_add(1),
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' if ahead.quoted().is_some() => continue,
            b'\n' => match ahead.text.get(ahead.at + 1) {
                Some(b) if !b.is_ascii_whitespace() && !b")]},".contains(b) => return,
                _ => {}
            },
            _ => {}
        }
        ahead.at += 1;
        if depth == 0 {
            return;
        }
    }
}

/// `name ::`, `name, name ::`, `name x =`, `x + y =`.
fn function(ahead: &mut Ahead<'_>, indent: u32) -> Option<Declaration> {
    let mut names = Vec::new();
    let (mut infix, mut only_names) = (None, true);
    loop {
        let last = ahead.at;
        match token(ahead, indent)? {
            Token::Name(name) => {
                let lower = |b: &u8| b.is_ascii_lowercase() || *b == b'_' || *b >= 0x80;
                let comma = ahead.text.get(..name.start)?.trim_ascii_end().ends_with(b",");
                if ahead.get(&name).first().is_some_and(lower) && (names.is_empty() || comma) {
                    if names.is_empty() && !only_names {
                        continue;
                    }
                    let _ = names.push(name);
                } else {
                    only_names = false;
                }
            }
            Token::Operator(name) => {
                if names.is_empty() && only_names {
                    let _ = names.push(name);
                }
            }
            Token::Quoted(name) => infix = infix.or(Some(name)),
            Token::Other => {
                let comma = ahead.text.get(last..ahead.at).is_some_and(|t| t.ends_with(b","));
                only_names &= comma;
            }
            Token::Sign(sign) => match ahead.get(&sign) {
                b"::" => {
                    let signature = infix.is_none() && !names.is_empty();
                    let kind = Kind::Function;
                    return signature.then_some(Declaration { kind, names, body: None });
                }
                b"=" | b"|" => break,
                // Strict, lazy and named patterns.
                b"!" | b"~" | b"@" | b"$" | b"$$"
                    if ahead.peek().is_some_and(|b| !b.is_ascii_whitespace()) =>
                {
                    only_names = false;
                }
                b"->" | b"<-" | b"=>" => return None,
                text => {
                    // A constructor makes a pattern.
                    match text.first() {
                        Some(b':') => names.clear(),
                        _ => infix = infix.or(Some(sign)),
                    }
                    only_names = false;
                }
            },
        }
    }
    let name = infix.or_else(|| names.first().cloned())?;
    Some(Declaration::new(Kind::Function, name))
}

/// `foreign import ccall "name" name :: …`.
fn foreign(ahead: &mut Ahead<'_>, indent: u32) -> Option<Declaration> {
    let mut last = None;
    loop {
        match token(ahead, indent)? {
            Token::Name(name) => last = Some(name),
            Token::Sign(sign) if ahead.get(&sign) == b"::" => {
                return Some(Declaration::new(Kind::Function, last?));
            }
            _ => {}
        }
    }
}

/// The name behind `data`, `class (Context a) =>` and the like.
fn type_name(ahead: &mut Ahead<'_>, indent: u32) -> Option<Range<usize>> {
    let mut found = None;
    loop {
        match token(ahead, indent) {
            Some(Token::Name(name)) => {
                match ahead.get(&name) {
                    b"where" => return found,
                    b"family" | b"instance" if found.is_none() => continue,
                    b"role" => return None,
                    _ => {}
                }
                let upper = ahead.get(&name).first().is_some_and(u8::is_ascii_uppercase);
                // Of `A.B` the last.
                let part = found.as_ref().is_some_and(|found: &Range<usize>| {
                    found.end + 1 == name.start && ahead.text.get(found.end) == Some(&b'.')
                });
                if upper && (found.is_none() || part) {
                    found = Some(name);
                }
            }
            Some(Token::Sign(sign)) => match ahead.get(&sign) {
                b"=>" => found = None,
                b"=" | b"::" | b"|" => return found,
                _ => {}
            },
            Some(_) => {}
            None => return found,
        }
    }
}
