//! What a row of the table of languages says: all that the lexer knows of one.
//!
//! A row classes the 256 bytes (so that the inner loop is one look-up a byte),
//! names the comments, and lists the words that begin a definition, with its
//! kind and the way to its name. What cannot be said in a table is a named
//! rule ([`Find`], [`Class`]) that a row opts into. The rows themselves are in
//! [`languages`](super::languages), a file a language.

use super::Kind;

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
    /// Python's: over several lines when tripled, with code inside after `f`.
    Python,
    /// A string over several lines without escapes.
    Raw,
    /// `'` that may begin Nix's string, twice at each end.
    Double,
    /// `@` that may begin a PowerShell here-string: `@"`.
    AtQuote,
    /// A string over several lines with escapes.
    Lines,
    /// The same with code inside, where the row says how that begins.
    Text,
    /// The same, tripled or not.
    Tripled,
    /// The same, over several lines only where tripled.
    TripledLine,
    /// The same, and without escapes where tripled.
    TripledRaw,
    /// The same as `TripledLine`, raw where a `#` stands before it (Swift).
    Hashed,
    /// `%` of Ruby's and `~` of Elixir's literals with delimiters of choice.
    Sigil,
    /// `<` of `<<END`.
    Here,
    /// Takes the next byte's meaning away.
    Escape,
    /// `$` that may begin a variable named by a sign: `$"`; the shell's expansions.
    Dollar,
    /// `[` that may begin Lua's `[==[`.
    Long,
    /// `?` that may begin a character: `?"`.
    Character,
    /// `/` that may begin a regular expression over several lines.
    Regex,
    /// Rust's quote: a character or a lifetime.
    Quote,
    /// Haskell's quote: a character, or a prime of a name.
    Prime,
    /// Begins an attribute or decorator before a statement: `#[…]`, `@…`.
    Attribute,
    /// `#` of a preprocessor's line.
    Directive,
    /// `>` that may end `=>`.
    Arrow,
    /// `,` that may part what a script's `const`, `let` or `var` declares.
    Comma,
    /// `[` that begins an attribute before a statement, as C#'s.
    Bracket,
    /// C#'s and F#'s string: verbatim after `@`, raw where tripled, with code
    /// inside after `$`.
    Verbatim,
    /// `{` that may begin OCaml's `{id|…|id}`, `[` that may begin Haskell's `[id|…|]`.
    Quoted,
    /// `\` that may begin R's `\(x) …`.
    Lambda,
    /// `<` that may begin an element of markup in a script.
    Tag,
    /// `@` that may begin a part of a class of Objective-C's: `@interface`.
    Message,
    /// C++'s string: raw after `R`.
    Delimited,
    /// A byte that begins a comment (but `#[` an attribute), or a line of Zig's
    /// strings.
    Note,
    /// `?` of `?>`, behind which there is no code up to the next `<?` (PHP).
    Leave,
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
    /// Ruby's `def name`, `def self.name`, `def ==`.
    Method,
    /// The last part of `A::B`.
    Path,
    /// The same, if a brace follows.
    Package,
    /// Lua's `function a.b:c`, or `a.b = function`.
    Assigned,
    /// A shell's `function name`, with or without `()`.
    Command,
    /// Elixir's `def name`, `def a + b`, `def unquote(name)`, which is none.
    Clause,
    /// The name follows, and then what only a definition can have, not `=` or
    /// `.`: the word is a name elsewhere (Java's `record`).
    Contextual,
    /// C's `struct MACRO name : base {`: one with a body.
    Tagged,
    /// `namespace a.b {`: one with a block. Without a name it is none, but what
    /// is in it stands at file level.
    Space,
    /// C++'s `using name = type`.
    Alias,
    /// The word is the name itself: `init(`.
    Own,
    /// The name follows, which may be made of signs: `func ==`.
    Named,
    /// Kotlin's `fun <T> Receiver.name(`.
    Extension,
    /// The last part of `a.b.name`.
    Last,
    /// Kotlin's `val name: type get() = …`: one with accessors.
    Accessors,
    /// Swift's `var name: type { … }`.
    Computed,
    /// Zig's `const name = struct { … }`.
    Container,
    /// C#'s `delegate type name(…)`: the word before the parenthesis.
    Signature,
    /// Nim's `type name = …`, or alone on its line, several of such below it.
    Section,
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
    /// With the word that closes the block that its own word opens.
    Word,
}

/// What a word does to the blocks, in languages that have words for braces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Opens a block.
    Open,
    /// Opens a block where an expression begins; behind one it is but its
    /// condition.
    OpenFirst,
    /// The same in brackets, where it is a generator's; outside of them it always
    /// opens one.
    OpenOutside,
    /// Ruby's `while`: where an expression begins, and the `do` behind its own condition opens none.
    Loop,
    /// Opens the block of the definition that waits for one, or a plain one.
    Do,
    /// Closes a block.
    Close,
    /// A statement begins behind it.
    Part,
    /// Begins a definition, as a [`Form`] says.
    Define,
    /// A line that begins with it goes on with the statement before.
    GoOn,
    /// Begins a literal of so many parts with a delimiter of choice: Perl's `qw`.
    Quote(u8),
}

/// How a line declares something, where that is so by its indentation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Not by that alone.
    None,
    /// Haskell's signatures and equations, and words known to the lexer.
    Equations,
    /// OCaml's and F#'s `let`, `type`, `member`: the words of the row's forms.
    Words,
}

/// The shape of a statement that defines a function without a word for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    None,
    /// Julia's `f(x) = …`.
    Call,
    /// Nix's `f = x: …`, `f = { a, b }: …`.
    Lambda,
    /// Bazel's `rule(name = "a", …)`: no function, but what it builds.
    Target,
}

/// A word that opens or closes blocks.
pub(super) struct Word {
    pub word: &'static [u8],
    pub does: Does,
}

/// A word that begins a definition.
pub(super) struct Form {
    pub word: &'static [u8],
    pub kind: Kind,
    pub find: Find,
    pub ends: Ends,
}

/// What of a declaration without a word of its own, `type name(…)`, defines.
#[derive(Clone, Copy)]
pub(super) struct Declares {
    /// In the body of a type, methods without a body.
    pub signatures: bool,
    /// In the body of a function, functions, or methods of a class without name.
    pub local: Option<Kind>,
    /// Properties: `type name { get; }`, `type name => …`.
    pub properties: bool,
    /// C's rules: macros stand anywhere, names have owners (`A::b`), after the
    /// parentheses come qualifiers and a constructor's initialisers.
    pub macros: bool,
    /// Methods: `- (type)name:(type)argument`.
    pub messages: bool,
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
    /// The words that make blocks, if words do.
    pub words: Words,
    /// What begins code in a string: `${`, `#{`; nothing if strings hold none.
    pub code: &'static [u8],
    /// What takes the next byte's meaning away in strings; 0 if nothing does.
    pub escape: u8,
    /// Comments of whole lines, from one that begins with the first to one that
    /// begins with the second, or to the end where that is empty.
    pub pages: &'static [(&'static [u8], &'static [u8])],
    pub newline: Newline,
    /// A block may begin where a line ends with `=` or `:`, and then ends where a
    /// line is not further in than the definition (Scala).
    pub offside: bool,
    /// Modifiers may have parentheses or brackets of their own.
    pub scoped: bool,
    /// Words and signs passed over before and after a form's word.
    pub modifiers: &'static [&'static [u8]],
    pub forms: &'static [Form],
    /// Kinds whose bodies list `name(…)` members without a word before them.
    pub members: &'static [Kind],
    /// Definitions that no word begins: `type name(…) {`.
    pub declares: Option<Declares>,
    /// `/` may begin a regular expression, and text may stand between tags.
    pub regex: bool,
    /// Statements behind an `@` that belong to the next one: `@doc "…"`.
    pub annotations: &'static [&'static [u8]],
    /// The shape of functions that no word begins.
    pub shape: Shape,
    /// Names may end with `!`, and `a[end]` is an index: Julia.
    pub bangs: bool,
    /// `<-` assigns, and `=` before a function does so outside parentheses only: R.
    pub arrows: bool,
    /// How its lines declare, if they do.
    pub layout: Layout,
    /// It is a shell's language.
    pub shell: bool,
    /// A statement's first word is called where an argument follows it.
    pub commands: bool,
    /// `a.name` calls it.
    pub sends: bool,
    /// Words that begin an import; what is imported follows on their line.
    pub imports: &'static [&'static [u8]],
    /// Words that a parenthesis follows without making them a call.
    pub no_calls: &'static [&'static [u8]],
}

/// The words that make blocks.
pub(super) struct Words {
    all: &'static [Word],
    /// A bit for each lower-case letter that one begins with.
    initials: u32,
}

impl Words {
    pub const NONE: Words = Words::new(&[]);

    #[allow(clippy::indexing_slicing, reason = "evaluated while compiling")]
    pub const fn new(all: &'static [Word]) -> Words {
        let (mut initials, mut at) = (0, 0);
        while at < all.len() {
            initials |= 1 << (all[at].word[0] & 31);
            at += 1;
        }
        Words { all, initials }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a word that begins with this byte may be one.
    #[inline]
    pub fn may_begin(&self, byte: u8) -> bool {
        self.initials >> (byte & 31) & 1 != 0
    }

    #[inline]
    pub fn does(&self, word: &[u8]) -> Option<Does> {
        if !self.may_begin(*word.first()?) {
            return None;
        }
        self.all.iter().find(|known| known.word == word).map(|known| known.does)
    }
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
        self.forms.iter().find(|form| same(form.word, word))
    }

    /// Whether C's preprocessor may have been at work.
    pub fn has_macros(&self) -> bool {
        self.declares.is_some_and(|declares| declares.macros)
    }

    /// Whether methods have a shape of their own, so that functions are none.
    pub fn has_messages(&self) -> bool {
        self.declares.is_some_and(|declares| declares.messages)
    }

    pub fn is_import(&self, word: &[u8]) -> bool {
        self.imports.iter().any(|import| same(import, word))
    }

    pub fn is_modifier(&self, word: &[u8]) -> bool {
        self.modifiers.iter().any(|modifier| same(modifier, word))
    }
}

/// Whether two words are the same; their first bytes mostly tell.
#[inline]
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    one.first() == other.first() && one == other
}

/// The classes that most languages share, then those of one.
#[allow(clippy::indexing_slicing, reason = "evaluated while compiling")]
pub(super) const fn classes(own: &[(u8, Class)]) -> [Class; 256] {
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

pub(super) const fn form(word: &'static [u8], kind: Kind, find: Find, ends: Ends) -> Form {
    Form { word, kind, find, ends }
}

pub(super) const fn word(word: &'static [u8], does: Does) -> Word {
    Word { word, does }
}

/// C's comments and braces, and nothing else: what most rows begin with.
pub(super) const SLASHES: Row = Row {
    class: classes(&[]),
    line_comment: b"//",
    block_comment: Some((b"/*", b"*/")),
    nests: false,
    indented: false,
    words: Words::NONE,
    code: b"",
    escape: b'\\',
    pages: &[],
    newline: Newline::Never,
    offside: false,
    scoped: false,
    modifiers: &[],
    forms: &[],
    members: &[],
    declares: None,
    regex: false,
    annotations: &[],
    shape: Shape::None,
    bangs: false,
    arrows: false,
    layout: Layout::None,
    shell: false,
    commands: false,
    sends: false,
    imports: &[],
    no_calls: &[b"if", b"for", b"while", b"switch", b"return", b"catch", b"match", b"in"],
};
