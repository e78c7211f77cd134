//! The oracle of the outline: what tree-sitter finds, by a query of our own a grammar.
//!
//! # What a definition is
//!
//! The queries in `oracle/` and the outline keep to the same contract; where they differ, one of
//! the two is wrong.
//!
//! Definitions are
//!
//! - functions, methods, constructors, destructors, operators, with their body; getters, setters
//!   and properties that have accessors; where the language has named functions inside functions,
//!   these too;
//! - signatures without a body where they are the contract of a type: methods of an interface,
//!   trait, protocol or abstract class (Java, Kotlin, C#, Swift, Scala, PHP, Rust, Go, TypeScript,
//!   Haskell's classes), TypeScript's overloads; not C's and C++'s prototypes and members declared
//!   without a body;
//! - types: class, struct, record, enum, union, interface, trait, protocol, object, type alias,
//!   typedef, data type; an extension or `impl`, named after its type; not a forward declaration;
//! - modules and namespaces with a block of their own, not the `package` or `namespace` of a file;
//! - macros;
//! - constants: Rust's `const` and `static`, Go's top-level `const` and `var`, JavaScript's,
//!   TypeScript's and Python's top-level ones in ALL_CAPS; JavaScript's and TypeScript's functions
//!   and classes bound to a `const`, `let`, `var`, a property or a class field.
//!
//! No definitions are locals, parameters, fields, enum cases, imports, and aliases by a call
//! (`alias_method`, `define`).
//!
//! The name is the bare one: `b` of `void A::b()`, of `function M.a.b()`, of `class A::B`;
//! namespaces have theirs as written, dots and all; a destructor is `~A`, an operator `operator ==`
//! (blanks inside a name do not count). The line is that of the name.
//!
//! # Queries
//!
//! `@name` captures the name, `@end` the last part of one that is no single node, `@tail` a name of
//! which only the last word counts. `@group` captures a name that is written several times in a row
//! (a signature and its equations): siblings of one name are one definition, at the first.

mod grammar;

pub use grammar::{Grammar, LANGS};

use anyhow::{Context, Result};
use tree_sitter::{Node, Parser, Query, QueryCursor, StreamingIterator, Tree};

/// A definition, as either side sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The line of its name, from 1.
    pub line: usize,
    /// Its name without blanks.
    pub name: String,
    /// What the side that found it calls it: our kind, or the node around tree-sitter's name.
    pub kind: String,
}

/// The parser and the query of one grammar.
pub struct Oracle {
    parser: Parser,
    query: Query,
    cursor: QueryCursor,
}

impl Oracle {
    /// Compiles the query of a grammar.
    pub fn new(grammar: &Grammar) -> Result<Self> {
        let language = grammar.language();
        let mut parser = Parser::new();
        parser.set_language(&language)?;
        let query = Query::new(&language, grammar.query)?;
        Ok(Self { parser, query, cursor: QueryCursor::new() })
    }

    /// Parses a text.
    pub fn parse(&mut self, text: &[u8]) -> Result<Tree> {
        self.parser.parse(text, None).context("tree-sitter gave no tree")
    }

    /// How many matches the query has in a tree: what it costs to find the definitions, without
    /// what it costs to keep them.
    pub fn count(&mut self, tree: &Tree, text: &[u8]) -> usize {
        let mut matches = self.cursor.matches(&self.query, tree.root_node(), text);
        let mut count = 0;
        while matches.next().is_some() {
            count += 1;
        }
        count
    }

    /// The definitions in a tree, in the order of their lines.
    pub fn definitions(&mut self, tree: &Tree, text: &[u8]) -> Vec<Found> {
        let names = self.query.capture_names();
        let mut seen: Vec<Capture> = Vec::new();
        let mut matches = self.cursor.matches(&self.query, tree.root_node(), text);
        while let Some(found) = matches.next() {
            let mut capture = None;
            for part in found.captures() {
                match names.get(part.index as usize).copied() {
                    Some("end") => {
                        if let Some(Capture { end, .. }) = &mut capture {
                            *end = part.node.end_byte();
                        }
                    }
                    Some(role @ ("name" | "tail" | "group")) => {
                        capture = Some(Capture::new(part.node, role));
                    }
                    _ => {}
                }
            }
            seen.extend(capture);
        }
        seen.sort_by_key(|capture| capture.start);
        seen.dedup_by_key(|capture| capture.start);
        let mut last: Option<(usize, String)> = None;
        let mut all = Vec::with_capacity(seen.len());
        for capture in seen {
            let found = capture.found(text);
            let sibling = capture.group.map(|parent| (parent, found.name.clone()));
            if sibling.is_none() || sibling != last {
                all.push(found);
            }
            last = sibling;
        }
        all.sort();
        all
    }
}

/// A name that a query captured.
struct Capture {
    start: usize,
    end: usize,
    row: usize,
    kind: String,
    tail: bool,
    /// The node whose children of one name are one definition.
    group: Option<usize>,
}

impl Capture {
    fn new(node: Node<'_>, role: &str) -> Self {
        let parent = node.parent();
        let group = parent.and_then(|p| p.parent()).filter(|_| role == "group");
        Self {
            start: node.start_byte(),
            end: node.end_byte(),
            row: if role == "tail" { node.end_position().row } else { node.start_position().row },
            kind: parent.map_or_else(String::new, |p| p.kind().to_owned()),
            tail: role == "tail",
            group: group.map(|g| g.id()),
        }
    }

    fn found(&self, text: &[u8]) -> Found {
        let mut name = text.get(self.start..self.end).unwrap_or_default();
        if self.tail {
            let end = name.iter().rposition(|b| b".:\\".contains(b)).map_or(0, |at| at + 1);
            name = name.get(end..).unwrap_or_default();
        }
        Found { line: self.row + 1, name: bare(name), kind: self.kind.clone() }
    }
}

/// A name without blanks.
pub fn bare(name: &[u8]) -> String {
    String::from_utf8_lossy(name).split_whitespace().collect()
}

/// The share of a tree's bytes that the grammar could not read.
pub fn unread(tree: &Tree) -> f64 {
    fn bytes(node: Node<'_>) -> usize {
        if node.is_error() || node.is_missing() {
            return node.byte_range().len().max(1);
        }
        if !node.has_error() {
            return 0;
        }
        node.children(&mut node.walk()).map(bytes).sum()
    }
    let root = tree.root_node();
    bytes(root) as f64 / root.byte_range().len().max(1) as f64
}
