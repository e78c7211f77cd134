//! Declarations that no word begins: `type name(…) {`, as in C, C++, C#, Java.
//!
//! The head is read from the statement's first word: words are types and
//! modifiers until a parenthesis says that the one before it is a name. What
//! may stand there depends on the block around ([`Scope`]): in the body of a
//! type a method needs no more; in that of a function only a body tells a
//! declaration from a call; a name alone is a constructor's if the type around
//! has it. The parentheses and what follows them are read over in the same
//! bounded way, so a statement costs constant time.

use super::blocks::Mark;
use super::head::{Ahead, Head};
use super::lexer::Lexer;
use super::table::{Declares, same};
use super::{Kind, Step};
use core::ops::Range;

/// What the statement stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// The file, or a namespace.
    File,
    /// The body of a type.
    Type,
    /// Any other block.
    Code,
}

/// What the text after a name's parentheses says.
enum Follow {
    /// It is a definition; `true`: a constructor whose initialisers come first.
    Definition(bool),
    /// It is none.
    Nothing,
    /// More than is read: a body may still tell.
    Unknown,
    /// The name and its parentheses were a macro or a part of the type.
    Type,
}

/// Words of statements that are no declaration, whatever follows.
const STATEMENTS: &[&[u8]] = &[
    b"return",
    b"new",
    b"throw",
    b"else",
    b"case",
    b"yield",
    b"assert",
    b"await",
    b"goto",
    b"delete",
    b"import",
    b"package",
    b"if",
    b"for",
    b"foreach",
    b"while",
    b"switch",
    b"catch",
    b"do",
    b"try",
    b"co_return",
    b"co_await",
    b"co_yield",
    b"static_assert",
    b"_Static_assert",
    b"asm",
];

/// Words after the parentheses that belong to the definition.
const QUALIFIERS: &[&[u8]] = &[
    b"const",
    b"noexcept",
    b"override",
    b"final",
    b"volatile",
    b"throws",
    b"throw",
    b"where",
    b"requires",
    b"mutable",
    b"try",
    b"async",
    b"sync",
    b"default",
];

/// Names of compilers' attributes, which take parentheses.
fn is_attribute(word: &[u8]) -> bool {
    word.starts_with(b"__attribute")
        || word.starts_with(b"__declspec")
        || matches!(
            word,
            b"alignas"
                | b"_Alignas"
                | b"decltype"
                | b"explicit"
                | b"noexcept"
                | b"requires"
                | b"typeof"
        )
}

fn shouts(word: &[u8]) -> bool {
    !word.iter().any(u8::is_ascii_lowercase)
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    fn scope(&self) -> Scope {
        if self.level == self.outer || self.mark() == Some(Mark::Outer) {
            return Scope::File;
        }
        if self.mark() == Some(Mark::Nameless) {
            return Scope::Type;
        }
        match self.open.last() {
            Some(top) if top.body && top.level + 1 == self.level && top.kind.has_methods() => {
                Scope::Type
            }
            _ => Scope::Code,
        }
    }

    /// Whether a statement here, in a language with declarations, is code.
    pub(super) fn is_code(&self) -> bool {
        self.row.declares.is_some() && self.scope() == Scope::Code
    }

    /// Whether `name` is that of the type whose body this is.
    fn names_type(&self, name: &[u8]) -> bool {
        self.open.last().and_then(|top| self.text.get(top.name.clone())) == Some(name)
    }

    /// Reads the declaration that begins here.
    pub(super) fn declaration(
        &mut self,
        ahead: &mut Ahead<'t>,
        declares: Declares,
    ) -> Option<Head> {
        let scope = self.scope();
        // The words of type and name so far, and the last of them.
        let (mut words, mut last) = (0_u32, None::<Range<usize>>);
        let mut container = None;
        let mut first = scope != Scope::Type;
        // After `.` or `::` a word goes on with the one before.
        let mut joined = false;
        loop {
            ahead.space();
            if let Some(word) = ahead.word() {
                let text = ahead.get(&word);
                if joined {
                    container = last.take();
                } else {
                    container = None;
                    if let Some(form) = self.row.form(text) {
                        if let Some(head) = self.by_form(ahead, form, None) {
                            return Some(head);
                        }
                        ahead.at = word.end;
                    }
                    if core::mem::take(&mut first) && STATEMENTS.iter().any(|word| same(word, text))
                    {
                        return None;
                    }
                    if self.row.is_modifier(text) {
                        self.now.typedef |= text == b"typedef";
                        last = None;
                        continue;
                    }
                    words += 1;
                }
                joined = false;
                last = Some(if text == b"operator" { self.operator(ahead, word) } else { word });
                continue;
            }
            match ahead.peek()? {
                b'-' | b'+' if declares.messages && words == 0 && scope == Scope::File => {
                    return self.method(ahead);
                }
                b'(' if self.now.typedef => return None,
                b'"' if declares.macros => {
                    ahead.quoted()?;
                    ahead.space();
                    self.now.outer = ahead.sees(b"{");
                }
                b'(' => {
                    if declares.macros
                        && scope != Scope::Code
                        && let Some(name) = ahead.wrapped()
                    {
                        last = Some(name);
                    }
                    let Some(name) = last.take() else {
                        // A type in parentheses.
                        if !ahead.pair(false) {
                            return None;
                        }
                        words += 1;
                        continue;
                    };
                    let text = ahead.get(&name);
                    let alone = words < 2 && container.is_none();
                    let head =
                        Head { container: container.clone(), ..Head::new(Kind::Function, name) };
                    match scope {
                        Scope::Code if alone || declares.local.is_none() => return None,
                        Scope::File if alone && !declares.macros => return None,
                        Scope::Type if declares.signatures => {
                            return (!alone || self.names_type(text)).then_some(head);
                        }
                        _ => {}
                    }
                    if declares.macros && is_attribute(text) {
                        if !ahead.pair(true) {
                            return None;
                        }
                        continue;
                    }
                    match self.follow(ahead, declares, scope, text, words > 1) {
                        Follow::Definition(initialised) => {
                            self.now.initialised = initialised;
                            let kind = declares.local.filter(|_| scope == Scope::Code);
                            return Some(Head { kind: kind.unwrap_or(head.kind), ..head });
                        }
                        Follow::Unknown => return Some(Head { unsure: true, ..head }),
                        Follow::Nothing => return None,
                        Follow::Type => {}
                    }
                }
                b'<' => {
                    if !ahead.angles() {
                        return None;
                    }
                }
                b'[' => {
                    if let Some(name) = last.clone()
                        && declares.properties
                        && scope == Scope::Type
                        && ahead.get(&name) == b"this"
                    {
                        return Some(Head { container, ..Head::new(Kind::Property, name) });
                    }
                    if !ahead.pair(false) {
                        return None;
                    }
                }
                b'{' => {
                    let name = last?;
                    let text = ahead.get(&name);
                    let kind = match scope {
                        Scope::Type if declares.properties && words > 1 => Kind::Property,
                        // Java's constructor of a record.
                        Scope::Type if declares.signatures && self.names_type(text) => Kind::Method,
                        _ => return None,
                    };
                    return Some(Head { container, ..Head::new(kind, name) });
                }
                b'=' => {
                    let arrow = ahead.sees(b"=>") && declares.properties && words > 1;
                    let name = last.filter(|_| arrow && scope == Scope::Type)?;
                    return Some(Head { container, ..Head::new(Kind::Property, name) });
                }
                b'.' => {
                    joined = true;
                    ahead.at += 1;
                }
                b':' if ahead.sees(b"::") => {
                    joined = last.is_some();
                    ahead.at += 2;
                }
                b'~' if scope != Scope::Code => {
                    ahead.at += 1;
                    let name = ahead.next_word()?;
                    if joined {
                        container = last.take();
                    }
                    joined = false;
                    words += 2;
                    last = Some(begin_at(ahead, name));
                }
                b'@' if ahead.sees(b"@interface") => ahead.at += 1,
                b'@' => ahead.annotation(),
                // Java's modifier with a hyphen.
                b'-' if ahead.sees(b"-sealed")
                    && last.take().is_some_and(|last| ahead.get(&last) == b"non") =>
                {
                    ahead.at += 7;
                    words = words.saturating_sub(1);
                }
                b'*' | b'&' | b'?' | b'|' | b'!' => {
                    ahead.at += 1;
                    if last.is_none() && words == 0 {
                        return None;
                    }
                }
                _ => return None,
            }
        }
    }

    /// The name that begins with `operator`: up to its parenthesis.
    fn operator(&self, ahead: &mut Ahead<'t>, word: Range<usize>) -> Range<usize> {
        ahead.space();
        if ahead.sees(b"()") {
            ahead.at += 2;
            return word.start..ahead.at;
        }
        let rest = ahead.rest();
        let length = rest.iter().position(|&b| matches!(b, b'(' | b';' | b'{' | b'\n'));
        let name = rest.get(..length.unwrap_or(0)).unwrap_or_default().trim_ascii_end();
        ahead.at += name.len();
        word.start..ahead.at
    }

    /// Whether the brace at the position may be a body that confirms a name.
    pub(super) fn is_body(&self) -> bool {
        let before = self.text.get(..self.code_before(self.pos)).unwrap_or_default();
        before.last().is_some_and(|&b| b == b')' || self.row.is_word(b))
    }

    /// Whether a definition's body follows the parentheses that open here; the
    /// word before them is `name`, and has a type before it where it is `typed`.
    fn follow(
        &mut self,
        ahead: &mut Ahead<'t>,
        declares: Declares,
        scope: Scope,
        name: &[u8],
        typed: bool,
    ) -> Follow {
        let begin = ahead.at;
        if !ahead.pair(scope != Scope::Code) {
            return if ahead.is_over() && scope != Scope::Code {
                Follow::Unknown
            } else {
                Follow::Nothing
            };
        }
        let (mut arrow, mut qualified) = (false, false);
        loop {
            let before = ahead.at;
            ahead.space();
            if let Some(word) = ahead.word() {
                let text = ahead.get(&word);
                let own = QUALIFIERS.iter().any(|word| same(word, text));
                let gap = self.text.get(before..word.start).unwrap_or_default();
                // The other head of one body.
                let branch = gap.windows(3).any(|part| part == b"#el");
                // A macro's call behind a function whose type is known is an annotation.
                if declares.macros && scope == Scope::File && !qualified && !branch {
                    ahead.at = word.start;
                    if old_style(ahead, begin) {
                        self.now.old_style = true;
                        return Follow::Definition(false);
                    }
                    ahead.at = word.end;
                }
                let behind = typed && (text.starts_with(b"__") || !gap.contains(&b'\n'));
                let attribute = declares.macros
                    && !branch
                    && (is_attribute(text) || !shouts(name) && (shouts(text) || behind));
                if !(own || attribute || arrow) {
                    // A macro's call on a line of its own.
                    let parted = gap.iter().filter(|&&b| b == b'\n').count() > 1;
                    if parted && !branch || !declares.macros || qualified && !branch {
                        return Follow::Nothing;
                    }
                    ahead.at = word.start;
                    return Follow::Type;
                }
                if text == b"where" || text == b"throws" {
                    return Follow::Definition(false);
                }
                qualified = true;
                continue;
            }
            let Some(byte) = ahead.peek() else { return Follow::Unknown };
            match byte {
                b'{' => return Follow::Definition(false),
                b'=' if ahead.sees(b"=>") && declares.properties => {
                    return Follow::Definition(false);
                }
                b':' if ahead.sees(b"::") => ahead.at += 2,
                b':' if scope != Scope::Code => return Follow::Definition(true),
                b'-' if ahead.sees(b"->") && declares.macros => {
                    arrow = true;
                    ahead.at += 2;
                }
                b'(' | b'[' if qualified || arrow || byte == b'[' => {
                    if !ahead.pair(true) {
                        return Follow::Nothing;
                    }
                }
                b'<' if arrow || qualified => {
                    if !ahead.angles() {
                        return Follow::Nothing;
                    }
                }
                b'&' | b'|' | b'!' => ahead.at += 1,
                b'*' if arrow => ahead.at += 1,
                b'*' if declares.macros && !qualified => return Follow::Type,
                _ => return Follow::Nothing,
            }
        }
    }
}

/// The name with the `~` right before it.
fn begin_at(ahead: &Ahead<'_>, name: Range<usize>) -> Range<usize> {
    let before = ahead.text.get(..name.start).unwrap_or_default();
    let blank = before.len() - before.trim_ascii_end().len();
    name.start - blank - 1..name.end
}

/// C as it was: whether the declarations of the parameters, of which the
/// parentheses at `begin` hold but the names, and then a body follow here.
fn old_style(ahead: &mut Ahead<'_>, begin: usize) -> bool {
    let at = ahead.at;
    ahead.at = begin + 1;
    let mut names = 0;
    let only_names = loop {
        let Some(_) = ahead.next_word() else { break false };
        names += 1;
        ahead.space();
        match ahead.peek() {
            Some(b',') => ahead.at += 1,
            Some(b')') => break names > 0,
            _ => break false,
        }
    };
    ahead.at = at;
    if !only_names {
        return false;
    }
    let (mut words, mut declared) = (0, 0);
    loop {
        ahead.space();
        if ahead.word().is_some() {
            words += 1;
            continue;
        }
        match ahead.peek() {
            Some(b'*' | b',') if words > 0 => ahead.at += 1,
            Some(b'(' | b'[') if words > 0 && ahead.pair(false) => {}
            Some(b';') if words > 1 => {
                ahead.at += 1;
                (words, declared) = (0, declared + 1);
            }
            Some(b'{') => return words == 0 && declared > 0,
            _ => return false,
        }
    }
}
