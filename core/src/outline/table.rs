//! The languages, a row each: all that the lexer knows of them.
//!
//! A row classes the 256 bytes (so that the inner loop is one look-up a byte),
//! names the comments, and lists the words that begin a definition, with its
//! kind and the way to its name. What cannot be said in a table is a named
//! rule ([`Find`], [`Class`]) that a row opts into.

use super::{Kind, Lang};

/// What a byte may begin. Up to [`Class::Word`] the lexer passes over it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
#[repr(u8)]
pub(super) enum Class {
    /// Operators and the like.
    Plain,
    Space,
    Digit,
    /// Letters, `_`, everything beyond ASCII.
    Word,
    Newline,
    /// `(` or `[`.
    Open,
    /// `)` or `]`.
    Shut,
    /// `{` that begins a block.
    Begin,
    /// `}` that ends it.
    End,
    Semicolon,
    /// The first byte of a comment's opening.
    Comment,
    /// A string with escapes that ends at the line's end at the latest.
    Line,
    /// Rust's: over several lines, raw after `r##`.
    Rust,
    /// Python's: over several lines when tripled.
    Python,
    /// A string over several lines without escapes.
    Raw,
    /// JavaScript's, with `${…}` inside.
    Template,
    /// Rust's quote: a character or a lifetime.
    Quote,
    /// Begins an attribute or decorator before a statement: `#[…]`, `@…`.
    Attribute,
    /// `#` of a preprocessor's line.
    Directive,
    /// `>` that may end `=>`.
    Arrow,
}

/// The way from a word to the name it defines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Find {
    /// The name follows.
    Next,
    /// Rust's `impl<T> Trait for Name<T>`.
    Impl,
    /// Go's `func (receiver) Name`.
    Receiver,
    /// Go's `type Name struct`, or a group of such in parentheses.
    Type,
    /// Go's `const Name` or a group of such; at the top level.
    Group,
    /// JavaScript's `const name = function`, or `=>`, or a top-level constant.
    Binding,
}

/// Where a definition ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// With its block, or its statement where it has none.
    Block,
    /// With its block, however many lines later it begins.
    BlockOnly,
    /// With its statement, blocks inside it notwithstanding.
    Statement,
}

/// A word that begins a definition.
pub(super) struct Form {
    pub word: &'static [u8],
    pub kind: Kind,
    pub find: Find,
    pub ends: Ends,
}

/// What ends a statement, besides `;` and blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Newline {
    /// Nothing.
    Never,
    /// A line that could end one (Go's rule).
    Always,
    /// The same, unless the next line goes on with an operator.
    Guess,
}

/// A language.
pub(super) struct Row {
    pub class: [Class; 256],
    pub line_comment: &'static [u8],
    pub block_comment: Option<(&'static [u8], &'static [u8])>,
    /// Whether comments nest.
    pub nests: bool,
    /// Blocks by indentation, not by braces.
    pub indented: bool,
    pub newline: Newline,
    /// Words and signs passed over before and after a form's word.
    pub modifiers: &'static [&'static [u8]],
    pub forms: &'static [Form],
    /// Kinds whose bodies list `name(…)` members without a word before them.
    pub members: &'static [Kind],
    /// C's definitions, which no word begins.
    pub declarators: bool,
    /// `/` may begin a regular expression, and text may stand between tags.
    pub regex: bool,
}

impl Row {
    #[inline]
    #[allow(clippy::indexing_slicing, reason = "a byte is less than 256")]
    pub fn class(&self, byte: u8) -> Class {
        self.class[usize::from(byte)]
    }

    #[inline]
    pub fn is_word(&self, byte: u8) -> bool {
        matches!(self.class(byte), Class::Word | Class::Digit)
    }

    pub fn form(&self, word: &[u8]) -> Option<&'static Form> {
        self.forms.iter().find(|form| form.word == word)
    }

    pub fn is_modifier(&self, word: &[u8]) -> bool {
        self.modifiers.contains(&word)
    }
}

/// The row of a language that has one.
pub(super) fn row(lang: Lang) -> Option<&'static Row> {
    Some(match lang {
        Lang::Rust => &RUST,
        Lang::Python => &PYTHON,
        Lang::JavaScript => &JAVASCRIPT,
        Lang::TypeScript => &TYPESCRIPT,
        Lang::Go => &GO,
        Lang::C => &C,
        _ => return None,
    })
}

/// The classes that most languages share, then those of one.
#[allow(clippy::indexing_slicing, reason = "evaluated while compiling")]
const fn classes(own: &[(u8, Class)]) -> [Class; 256] {
    let mut class = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 256 {
        class[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => Class::Word,
            b'0'..=b'9' => Class::Digit,
            b' ' | b'\t' | b'\r' | 0x0B | 0x0C => Class::Space,
            b'\n' => Class::Newline,
            b'(' | b'[' => Class::Open,
            b')' | b']' => Class::Shut,
            b'{' => Class::Begin,
            b'}' => Class::End,
            b';' => Class::Semicolon,
            b'/' => Class::Comment,
            b'"' => Class::Line,
            _ => Class::Plain,
        };
        byte += 1;
    }
    let mut at = 0;
    while at < own.len() {
        class[own[at].0 as usize] = own[at].1;
        at += 1;
    }
    class
}

const fn form(word: &'static [u8], kind: Kind, find: Find, ends: Ends) -> Form {
    Form { word, kind, find, ends }
}

const SLASHES: Row = Row {
    class: classes(&[]),
    line_comment: b"//",
    block_comment: Some((b"/*", b"*/")),
    nests: false,
    indented: false,
    newline: Newline::Never,
    modifiers: &[],
    forms: &[],
    members: &[],
    declarators: false,
    regex: false,
};

static RUST: Row = Row {
    class: classes(&[(b'"', Class::Rust), (b'\'', Class::Quote), (b'#', Class::Attribute)]),
    nests: true,
    modifiers: &[
        b"pub", b"async", b"unsafe", b"extern", b"default", b"safe", b"auto", b"mut", b"ref", b"!",
    ],
    forms: &[
        form(b"fn", Kind::Function, Find::Next, Ends::Block),
        form(b"struct", Kind::Struct, Find::Next, Ends::Block),
        form(b"enum", Kind::Enum, Find::Next, Ends::Block),
        form(b"union", Kind::Union, Find::Next, Ends::Block),
        form(b"trait", Kind::Trait, Find::Next, Ends::Block),
        form(b"impl", Kind::Impl, Find::Impl, Ends::Block),
        form(b"mod", Kind::Module, Find::Next, Ends::Block),
        form(b"const", Kind::Const, Find::Next, Ends::Statement),
        form(b"static", Kind::Variable, Find::Next, Ends::Statement),
        form(b"type", Kind::Type, Find::Next, Ends::Statement),
        form(b"macro_rules", Kind::Macro, Find::Next, Ends::Block),
    ],
    ..SLASHES
};

static PYTHON: Row = Row {
    class: classes(&[
        (b'{', Class::Open),
        (b'}', Class::Shut),
        (b';', Class::Plain),
        (b'/', Class::Plain),
        (b'#', Class::Comment),
        (b'"', Class::Python),
        (b'\'', Class::Python),
        (b'@', Class::Attribute),
    ]),
    line_comment: b"#",
    block_comment: None,
    indented: true,
    modifiers: &[b"async", b"cdef", b"cpdef"],
    forms: &[
        form(b"def", Kind::Function, Find::Next, Ends::Block),
        form(b"class", Kind::Class, Find::Next, Ends::Block),
        form(b"type", Kind::Type, Find::Next, Ends::Block),
    ],
    ..SLASHES
};

const SCRIPT: Row = Row {
    class: classes(&[
        (b'\'', Class::Line),
        (b'`', Class::Template),
        (b'$', Class::Word),
        (b'#', Class::Word),
        (b'@', Class::Attribute),
        (b'>', Class::Arrow),
    ]),
    newline: Newline::Guess,
    modifiers: &[b"export", b"default", b"async", b"static", b"get", b"set", b"*"],
    forms: &[
        form(b"function", Kind::Function, Find::Next, Ends::Block),
        form(b"class", Kind::Class, Find::Next, Ends::BlockOnly),
        form(b"const", Kind::Const, Find::Binding, Ends::Statement),
        form(b"let", Kind::Variable, Find::Binding, Ends::Statement),
        form(b"var", Kind::Variable, Find::Binding, Ends::Statement),
    ],
    members: &[Kind::Class],
    regex: true,
    ..SLASHES
};

static JAVASCRIPT: Row = SCRIPT;

static TYPESCRIPT: Row = Row {
    modifiers: &[
        b"export",
        b"default",
        b"async",
        b"static",
        b"get",
        b"set",
        b"*",
        b"declare",
        b"abstract",
        b"public",
        b"private",
        b"protected",
        b"readonly",
        b"override",
        b"accessor",
    ],
    forms: &[
        form(b"function", Kind::Function, Find::Next, Ends::Block),
        form(b"class", Kind::Class, Find::Next, Ends::BlockOnly),
        form(b"const", Kind::Const, Find::Binding, Ends::Statement),
        form(b"let", Kind::Variable, Find::Binding, Ends::Statement),
        form(b"var", Kind::Variable, Find::Binding, Ends::Statement),
        form(b"interface", Kind::Interface, Find::Next, Ends::BlockOnly),
        form(b"type", Kind::Type, Find::Next, Ends::Statement),
        form(b"enum", Kind::Enum, Find::Next, Ends::BlockOnly),
        form(b"namespace", Kind::Module, Find::Next, Ends::Block),
        form(b"module", Kind::Module, Find::Next, Ends::Block),
    ],
    members: &[Kind::Class, Kind::Interface],
    ..SCRIPT
};

static GO: Row = Row {
    class: classes(&[(b'`', Class::Raw), (b'\'', Class::Line)]),
    newline: Newline::Always,
    forms: &[
        form(b"func", Kind::Function, Find::Receiver, Ends::Block),
        form(b"type", Kind::Type, Find::Type, Ends::Statement),
        form(b"const", Kind::Const, Find::Group, Ends::Statement),
        form(b"var", Kind::Variable, Find::Group, Ends::Statement),
    ],
    members: &[Kind::Interface],
    ..SLASHES
};

static C: Row = Row {
    class: classes(&[(b'\'', Class::Line), (b'#', Class::Directive)]),
    declarators: true,
    ..SLASHES
};
