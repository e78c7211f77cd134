//! The ways from a word to the name that it defines.

use super::head::{Ahead, Head};
use super::lexer::Lexer;
use super::table::{Find, Form, Newline};
use super::{Kind, Step};
use core::ops::Range;

/// The bytes of names that are signs: `+`, `<=`.
fn is_sign(byte: u8) -> bool {
    b"!#%&*+-/:<=>?@\\^|~".contains(&byte)
}

/// Whether a word of C is likely a macro.
fn is_macro(word: &[u8]) -> bool {
    word.starts_with(b"__") || word == b"alignas" || !word.iter().any(u8::is_ascii_lowercase)
}

impl<'t> Ahead<'t> {
    /// What a form's word, which was just read, defines; nothing where the way
    /// to its name is not one of these.
    pub(super) fn name_of(&mut self, form: &'static Form) -> Option<Option<Head>> {
        let word = self.at.saturating_sub(form.word.len())..self.at;
        let head = |name| Head { ends: form.ends, ..Head::new(form.kind, name) };
        self.space();
        Some(match form.find {
            Find::Alias => self.alias().map(head),
            Find::Contextual => self.contextual().map(head),
            Find::Signature => self.before_parenthesis().map(head),
            Find::Own => {
                matches!(self.peek(), Some(b'(' | b'{' | b'<' | b'?' | b'!')).then(|| head(word))
            }
            Find::Named => self.name_or_sign().map(head),
            Find::Extension => {
                self.with_receiver().map(|(name, container)| Head { container, ..head(name) })
            }
            Find::Last => self.dotted().map(|path| {
                let text = self.get(&path);
                let dot = text.iter().rposition(|&b| b == b'.').map_or(0, |dot| dot + 1);
                head(path.start + dot..path.end)
            }),
            Find::Accessors => self.with_accessors().map(head),
            Find::Computed => self.computed().map(head),
            Find::Container => self
                .container()
                .map(|(name, kind)| Head { ends: form.ends, ..Head::new(kind, name) }),
            _ => return None,
        })
    }

    /// A name, perhaps in backquotes or Zig's `@"…"`, which are not part of it.
    pub(super) fn name(&mut self) -> Option<Range<usize>> {
        if self.sees(b"@\"") {
            self.at += 1;
            return self.quoted();
        }
        if self.peek() != Some(b'`') {
            return self.word();
        }
        let start = self.at + 1;
        let length = self.text.get(start..)?.iter().position(|&b| b == b'`' || b == b'\n')?;
        self.at = start + length + 1;
        Some(start..start + length)
    }

    /// A name that may be, or end with, signs: `a`, `+`, `a_=`.
    fn name_or_sign(&mut self) -> Option<Range<usize>> {
        // PHP's reference.
        if self.peek() == Some(b'&') && self.rest().get(1).is_some_and(|&b| self.row.is_word(b)) {
            self.at += 1;
        }
        let name = self.name();
        let start = name.as_ref().map_or(self.at, |name| name.start);
        if name.as_ref().is_none_or(|name| self.get(name).ends_with(b"_")) {
            let rest = self.rest();
            let signs = rest.iter().take_while(|&&b| is_sign(b)).count();
            let signs = rest.get(..signs).unwrap_or_default();
            // Swift's `func ||<T>(`.
            let generic = signs.len() > 1
                && self.row.newline == Newline::Guess
                && rest.get(signs.len()).is_some_and(|&b| self.row.is_word(b));
            let signs = if generic { signs.strip_suffix(b"<").unwrap_or(signs) } else { signs };
            self.at += signs.len();
            return (start < self.at).then_some(start..self.at);
        }
        name
    }

    /// C++'s `name = type`, Dart's `name<T> = type` and `type name(…)`.
    fn alias(&mut self) -> Option<Range<usize>> {
        let begin = self.at;
        let name = self.word()?;
        self.space();
        if self.sees(b"[[") && !self.pair(false) || self.sees(b"<") && !self.angles() {
            return None;
        }
        self.space();
        let signatures = self.row.declares.is_some_and(|declares| declares.signatures);
        if self.sees(b"=") || signatures && self.sees(b"(") {
            return Some(name);
        }
        self.at = begin;
        if signatures { self.before_parenthesis() } else { None }
    }

    /// A name and then what only a definition has; `struct` may stand before it.
    fn contextual(&mut self) -> Option<Range<usize>> {
        let mut name = self.word()?;
        if self.row.form(self.get(&name)).is_some() {
            name = self.next_word()?;
        }
        self.space();
        matches!(self.peek(), Some(b'(' | b'<' | b'{' | b':' | b';')).then_some(name)
    }

    /// The word before a parenthesis, a type being before it.
    fn before_parenthesis(&mut self) -> Option<Range<usize>> {
        let (mut name, mut words) = (None, 0);
        loop {
            self.space();
            if let Some(word) = self.word() {
                name = Some(word);
                words += 1;
                continue;
            }
            match self.peek()? {
                b'(' if words > 1 => return name,
                b'(' | b'[' if self.pair(false) => words += 1,
                b'<' if self.angles() => {}
                b'.' | b'?' | b'*' | b':' => self.at += 1,
                _ => return None,
            }
        }
    }

    /// Kotlin's `<T> Receiver<T>.name`, and the receiver.
    fn with_receiver(&mut self) -> Option<(Range<usize>, Option<Range<usize>>)> {
        let (mut last, mut owner, mut joined) = (None, None, false);
        loop {
            self.space();
            if let Some(name) = self.name() {
                if last.is_some() && !joined {
                    return None;
                }
                owner = last.replace(name);
                joined = false;
                continue;
            }
            match self.peek() {
                Some(b'<') if self.angles() => {}
                Some(b'(') if last.is_none() && self.pair(false) => joined = true,
                Some(b'@') => self.annotation(),
                Some(b'?') => self.at += 1,
                Some(b'.') => {
                    joined = true;
                    self.at += 1;
                }
                _ => return Some((last?, owner)),
            }
        }
    }

    /// Kotlin's property, if `get` or `set` follow its type or value, on its own
    /// line or the next.
    fn with_accessors(&mut self) -> Option<Range<usize>> {
        let (mut last, mut typed, mut valued) = (None, false, false);
        loop {
            self.blank();
            if let Some(word) = self.name() {
                let text = self.get(&word);
                let accessor = matches!(text, b"get" | b"set") && self.peek() == Some(b'(');
                if accessor && !valued && last.is_some() {
                    return last;
                }
                if text == b"by" && !valued {
                    return None;
                }
                if !typed {
                    last = Some(word);
                }
                continue;
            }
            match self.peek()? {
                b'\n' | b'\r' | b';' => {
                    self.at += 1;
                    if self.accessor_begins() {
                        return last;
                    }
                    if !matches!(self.peek(), Some(b'.' | b'?' | b':' | b'=')) {
                        return None;
                    }
                }
                b'<' if !valued => {
                    if !self.angles() {
                        return None;
                    }
                }
                b'(' | b'[' | b'{' => {
                    if !self.pair(true) {
                        return None;
                    }
                    typed |= last.is_some();
                }
                b'"' => self.literal(b'"'),
                byte => {
                    typed |= byte == b':' || byte == b'=';
                    valued |= byte == b'=';
                    self.at += 1;
                }
            }
        }
    }

    /// Whether Kotlin's `private set`, `get()` or the like begins after spaces.
    fn accessor_begins(&mut self) -> bool {
        self.space();
        let at = self.at;
        for _ in 0..4 {
            self.space();
            if self.peek() == Some(b'@') {
                self.annotation();
                continue;
            }
            let Some(word) = self.word() else { break };
            let text = self.get(&word);
            if matches!(text, b"get" | b"set") {
                self.blank();
                return matches!(self.peek(), None | Some(b'(' | b'\n' | b'\r' | b'}'));
            }
            if !self.row.is_modifier(text) || self.row.form(text).is_some() {
                break;
            }
        }
        self.at = at;
        false
    }

    /// Swift's property whose block follows its type.
    fn computed(&mut self) -> Option<Range<usize>> {
        let name = self.name()?;
        self.blank();
        if self.peek() != Some(b':') {
            return None;
        }
        loop {
            match self.peek()? {
                b'{' => return Some(name),
                b'\n' => {
                    self.space();
                    return (self.peek() == Some(b'{')).then_some(name);
                }
                b'(' | b'[' => {
                    if !self.pair(false) {
                        return None;
                    }
                }
                b'=' | b';' | b'}' => return None,
                b'/' => {
                    let at = self.at;
                    self.space();
                    self.at += usize::from(self.at == at);
                }
                _ => self.at += 1,
            }
        }
    }

    /// Zig's `name = struct {` and the like.
    fn container(&mut self) -> Option<(Range<usize>, Kind)> {
        let name = self.name()?;
        let rest = self.rest();
        let value = rest.iter().position(|&b| matches!(b, b'=' | b';' | b'{' | b'\n'))?;
        self.at += value + 1;
        if rest.get(value) != Some(&b'=') {
            return None;
        }
        for _ in 0..2 {
            let word = self.next_word()?;
            let kind = match self.get(&word) {
                b"struct" | b"opaque" => Kind::Struct,
                b"enum" => Kind::Enum,
                b"union" => Kind::Union,
                b"error" => {
                    self.space();
                    return (self.peek() == Some(b'{')).then_some((name, Kind::Enum));
                }
                b"packed" | b"extern" => continue,
                _ => return None,
            };
            return Some((name, kind));
        }
        None
    }
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// C's `struct MACRO(…) owner::name<…> final : base {`.
    pub(super) fn tagged(&mut self, ahead: &mut Ahead<'t>, form: &'static Form) -> Option<Head> {
        let (mut name, mut container) = (None::<Range<usize>>, None);
        let (mut joined, mut after_macro) = (false, false);
        loop {
            ahead.space();
            if let Some(word) = ahead.word() {
                match ahead.get(&word) {
                    b"class" | b"struct" if form.kind == Kind::Enum => {}
                    b"final" if name.is_some() => {}
                    _ if joined => container = name.replace(word),
                    // A type, and then the name of something of that type.
                    _ if name.as_ref().is_some_and(|name| !is_macro(ahead.get(name))) => {
                        return None;
                    }
                    _ => {
                        container = None;
                        name = Some(word);
                    }
                }
                joined = false;
                continue;
            }
            match ahead.peek()? {
                b':' if ahead.sees(b"::") => {
                    joined = true;
                    ahead.at += 2;
                }
                // A macro's, if the name is still to come; else a function's.
                b'(' if ahead.pair(false) => {
                    name = None;
                    after_macro = true;
                }
                b'[' if ahead.pair(false) => {}
                b'<' if ahead.angles() => {}
                b':' | b'{' => break,
                _ => return None,
            }
        }
        let block = ahead.leads_to_block();
        let Some(name) = name.filter(|_| block) else {
            self.now.nameless = Some(form.kind).filter(|_| block && !after_macro);
            return None;
        };
        Some(Head { ends: form.ends, container, ..Head::new(form.kind, name) })
    }

    /// `namespace a::b {`.
    pub(super) fn space(&mut self, ahead: &mut Ahead<'t>, form: &'static Form) -> Option<Head> {
        let mut name = None::<Range<usize>>;
        loop {
            // Where lines end statements, the block begins on the same.
            if self.row.newline == Newline::Never {
                ahead.space();
            } else {
                ahead.blank();
            }
            if let Some(word) = ahead.word() {
                let before = name.take().filter(|name| ahead.text.get(name.end) != Some(&b' '));
                name = Some(before.map_or(word.start, |name| name.start)..word.end);
                continue;
            }
            match ahead.peek()? {
                b':' | b'.' | b'\\' => ahead.at += 1,
                b'(' | b'[' if ahead.pair(false) => {}
                b'{' => break,
                _ => return None,
            }
        }
        self.now.outer = true;
        Some(Head { ends: form.ends, ..Head::new(form.kind, name?) })
    }
}
