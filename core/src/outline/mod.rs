//! The outline of a text: its definitions, and the borders of its chunks.
//!
//! One streaming pass over the bytes, without allocation: a table row a
//! language (`languages`) says how comments, strings and blocks look and which
//! words begin a definition; one lexer (`lexer`) serves every row, one scanner
//! (`lines`) the rows of markup and other languages of lines, and `chunk` cuts
//! the text while they read it. It is no parser: it looks at the beginnings of
//! statements and skips the rest, so that a broken file loses a definition at
//! worst and never its chunks.
//!
//! Invariants, for any bytes: chunks tile the text; events are properly
//! nested and their offsets do not decrease; `depth` is the number of
//! definitions open; time is linear, memory constant, nesting beyond
//! [`NESTING`] is counted and not remembered. The idea is that of ctags and of
//! editors' syntax tables; a syntax tree costs tens of times as much.

mod blocks;
mod chunk;
mod declaration;
mod declare;
mod definitions;
mod head;
mod heredoc;
mod indentation;
mod kind;
mod lang;
mod languages;
mod layout;
mod lexer;
mod lines;
mod literal;
mod log;
mod markup;
mod names;
mod objc;
mod role;
mod shell;
mod statement;
mod table;
mod uses;
mod words;

#[cfg(test)]
mod tests;

pub use chunk::{CHUNK_MAX, log_border};
pub use kind::Kind;
pub use lang::Lang;
pub use role::Role;

use chunk::Chunker;

/// The revision of what the outline finds. Add one on any change that gives any text
/// another language, role, definition or chunk border: indexes of an older revision are
/// then built anew.
pub const REVISION: u32 = 4;

/// Definitions and blocks nested deeper are counted, not remembered.
pub const NESTING: usize = 64;

/// The beginning of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Definition<'t> {
    /// What it is.
    pub kind: Kind,
    /// Its name as the text has it, for an `impl` that of the type it is for.
    pub name: &'t [u8],
    /// What it belongs to, where the text says so at its name: `A` of C++'s
    /// `void A::b()` and of Go's `func (a *A) b()`. Else that is the
    /// definition it is nested in.
    pub container: Option<&'t [u8]>,
    /// Offset of the line where its doc comment, its attributes or else its
    /// signature starts; where an earlier definition reaches into it, of the
    /// byte after that one.
    pub start: usize,
    /// Offset of its first word; from `start` up to here are its doc comment
    /// and its attributes.
    pub signature: usize,
    /// The line of the name, from 0.
    pub line: u32,
    /// How many definitions it is nested in.
    pub depth: u8,
}

/// A definition begins, the innermost open one ends, or something is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Event<'t> {
    /// A definition begins.
    Open(Definition<'t>),
    /// The innermost open definition ends.
    Close {
        /// Offset at which its body begins, with its brace where it has one;
        /// `end` where it has none. The signature ends here.
        body: usize,
        /// Offset of the byte after its body or statement.
        end: usize,
        /// The line, from 0, of its last byte.
        end_line: u32,
    },
    /// A file or module is imported. Only from [`outline`].
    Import {
        /// What is imported, as the text has it up to the end of the line, or of
        /// the brackets open there: `std::fmt`, `"os"`, `{ a, b } from './c.js'`.
        path: &'t [u8],
        /// The line, from 0.
        line: u32,
    },
    /// Something is called. Only from [`outline`].
    Call {
        /// The name before the parenthesis: `b` of `a.b(c)`.
        name: &'t [u8],
        /// The line of the name, from 0.
        line: u32,
    },
    /// What is no code: a comment, a string, a regular expression. Only from
    /// [`outline`]; code inside a string (`${…}`) is left out of it.
    Inert {
        /// Offset of its first byte, at the latest of that after its opening.
        start: usize,
        /// Offset of the byte after its last.
        end: usize,
    },
}

/// A piece of the text: about 40 lines (32 in logs), at most [`CHUNK_MAX`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Chunk {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset of the byte after its last.
    pub end: usize,
    /// The line, from 0, that its first byte is on.
    pub first_line: u32,
    /// How many lines it touches.
    pub lines: u32,
}

/// What [`chunks`] finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Step<'t> {
    /// A definition begins or ends.
    Event(Event<'t>),
    /// A chunk is complete.
    Chunk(Chunk),
}

/// Visits all that the outline knows of a text, in order: definitions, properly
/// nested, imports, calls, and what is no code.
pub fn outline<'t>(lang: Lang, text: &'t [u8], visit: &mut impl FnMut(Event<'t>)) {
    run(lang, text, true, &mut |step| {
        if let Step::Event(event) = step {
            visit(event);
        }
    });
}

/// Visits definitions and chunks in one pass, without imports and calls. Each of
/// the two kinds of step comes in the order of the text; a chunk comes some lines
/// after its end has been read, so events inside it mostly come before it, but a
/// definition may also come late (after a long doc comment, or where its name is
/// at its end) and find its first chunk already given.
pub fn chunks<'t>(lang: Lang, text: &'t [u8], visit: &mut impl FnMut(Step<'t>)) {
    run(lang, text, false, visit);
}

fn run<'t>(lang: Lang, text: &'t [u8], uses: bool, visit: &mut impl FnMut(Step<'t>)) {
    let mut out = Chunker::new(lang, text, visit);
    scan(lang, text, uses, &mut out);
    out.finish();
}

/// How many bytes an outline of the text looks at, again and again apart where
/// that is bounded by a constant. Linear in the text, or there is a bug.
#[cfg(any(test, fuzzing))]
pub fn looked(lang: Lang, text: &[u8]) -> u64 {
    let visit = &mut |_: Step<'_>| {};
    let mut out = Chunker::new(lang, text, visit);
    scan(lang, text, true, &mut out);
    out.looked()
}

fn scan<'t, V: FnMut(Step<'t>)>(
    lang: Lang,
    text: &'t [u8],
    uses: bool,
    out: &mut Chunker<'t, '_, V>,
) {
    match (languages::row(lang), languages::lines(lang)) {
        (Some(row), _) => {
            lexer::Lexer::new(row, text, uses, out).run();
        }
        (None, Some(row)) => lines::run(row, text, uses, out),
        (None, None) => {
            for (at, _) in text.iter().enumerate().filter(|&(_, &b)| b == b'\n') {
                out.line(at + 1, false, at + 1);
            }
        }
    }
}
