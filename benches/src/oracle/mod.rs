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
//! - constants and variables: Rust's `const` and `static`, Go's top-level `const` and `var`,
//!   JavaScript's and TypeScript's top-level constants in ALL_CAPS, what Python's top level assigns
//!   to a name (`name = …`, `name: type = …`, the first of each name) or declares in ALL_CAPS;
//!   JavaScript's and TypeScript's functions and classes bound to a `const`, `let`, `var`, a
//!   property or a class field.
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
//! (equations after a signature or one another): they are one definition, at the first; `@once` one
//! of which only the first in the file is. `@type`
//! captures a type that wraps the name in references and the like; `@function` and `@typedef` capture a declarator of C or C++, which may wrap it in pointers and scopes. Within `@blind`, and where the grammar could not read the
//! text, the oracle is no judge: what either side finds there does not count.

mod grammar;
#[cfg(test)]
mod tests;

pub use grammar::Grammar;

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use anyhow::{Context, Result};
use tree_sitter::{Node, Parser, Query, QueryCursor, StreamingIterator, Tree};

/// A definition, as either side sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The line of its name, from 1.
    pub line: usize,
    /// Its name without blanks and quotes.
    pub name: String,
    /// What the side that found it calls it: our kind, or the node around tree-sitter's name.
    pub kind: String,
    /// Offset of the name.
    pub at: usize,
}

/// What tree-sitter finds in a text.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// The definitions, in the order of their lines.
    pub definitions: Vec<Found>,
    /// Where it is no judge, in the order of the text.
    blind: Vec<Range<usize>>,
}

impl Truth {
    /// Whether it can tell what is at an offset.
    pub fn judges(&self, at: usize) -> bool {
        !self.blind.iter().any(|range| range.contains(&at))
    }
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

    /// The definitions in a tree.
    pub fn definitions(&mut self, tree: &Tree, text: &[u8]) -> Truth {
        let names = self.query.capture_names();
        let mut seen: Vec<Name> = Vec::new();
        let mut blind = Vec::new();
        unread(tree.root_node(), &mut blind);
        let mut matches = self.cursor.matches(&self.query, tree.root_node(), text);
        while let Some(found) = matches.next() {
            let mut name = None;
            for part in found.captures() {
                let node = part.node;
                match names.get(part.index as usize).copied() {
                    Some("end") => {
                        if let Some(Name { bytes, .. }) = &mut name {
                            bytes.end = node.end_byte();
                        }
                    }
                    Some("blind") => blind.push(node.byte_range()),
                    Some("name") => name = Some(Name::new(node)),
                    Some("tail") => name = Some(Name::tail(node, text)),
                    Some("once") => name = Some(Name { once: true, ..Name::new(node) }),
                    Some("group") => name = Some(Name { group: list(node), ..Name::new(node) }),
                    Some("type") => name = Name::of_type(node),
                    Some("function") => name = Name::declared(node, true),
                    Some("typedef") => name = Name::declared(node, false),
                    _ => {}
                }
            }
            seen.extend(name);
        }
        seen.sort_by_key(|name| name.bytes.start);
        seen.dedup_by_key(|name| name.bytes.start);
        let (mut grouped, mut known) = (HashMap::new(), HashSet::new());
        let mut last = None;
        let mut truth = Truth { definitions: Vec::with_capacity(seen.len()), blind };
        for Name { bytes, row, kind, group, once } in seen {
            let name = bare(text.get(bytes.clone()).unwrap_or_default());
            if once && !known.insert(name.clone()) {
                continue;
            }
            let signature = matches!(&*kind, "signature" | "binding_list");
            let key = group.map(|list| (list, name.clone()));
            let first = key.as_ref().is_none_or(|key| {
                // What comes after a signature is of it; an equation goes on with its own kind.
                match grouped.insert(key.clone(), signature) {
                    Some(true) => false,
                    Some(false) => signature || last.as_ref() != Some(key),
                    None => true,
                }
            });
            last = key;
            if first && truth.judges(bytes.start) {
                truth.definitions.push(Found { line: row + 1, name, kind, at: bytes.start });
            }
        }
        truth.definitions.sort();
        truth
    }
}

/// A name that a query captured.
struct Name {
    bytes: Range<usize>,
    row: usize,
    kind: String,
    /// The list of declarations in which all of this name are one definition.
    group: Option<usize>,
    /// Of this name only the first in the file counts.
    once: bool,
}

impl Name {
    fn new(node: Node<'_>) -> Self {
        let kind = node.parent().map_or_else(String::new, |parent| parent.kind().to_owned());
        Self {
            bytes: node.byte_range(),
            row: node.start_position().row,
            kind,
            group: None,
            once: false,
        }
    }

    /// `b` of `a.b` and of `a::b<c::d>`, on the line where that ends.
    fn tail(node: Node<'_>, text: &[u8]) -> Self {
        let mut this = Self::new(node);
        let name = text.get(this.bytes.clone()).unwrap_or_default();
        let name = name.split(|&b| b == b'<').next().unwrap_or(name);
        let before = name.iter().rposition(|b| b".:\\".contains(b)).map_or(0, |at| at + 1);
        let blank = name.get(before..).unwrap_or_default().iter();
        let before = before + blank.take_while(|b| b.is_ascii_whitespace()).count();
        this.row += name.iter().take(before).filter(|&&b| b == b'\n').count();
        this.bytes = this.bytes.start + before..this.bytes.start + name.len();
        this
    }

    /// `A` of `&mut path::A<B>`, of `dyn A` and of `[A]`.
    fn of_type(mut node: Node<'_>) -> Option<Self> {
        let fields = ["type", "name", "trait", "element"];
        while let Some(inner) = fields.iter().find_map(|field| node.child_by_field_name(field)) {
            node = inner;
        }
        matches!(node.kind(), "type_identifier" | "primitive_type").then(|| Self::new(node))
    }

    /// What a declarator declares, if it is a function where one is wanted.
    fn declared(mut node: Node<'_>, function: bool) -> Option<Self> {
        let mut is_function = false;
        loop {
            is_function |= node.kind() == "function_declarator";
            node = match node.kind() {
                "operator_cast" => {
                    let mut name = Self::new(node);
                    name.bytes.end = node.child_by_field_name("type")?.end_byte();
                    return Some(name);
                }
                "identifier" | "field_identifier" | "type_identifier" | "destructor_name"
                | "operator_name" | "primitive_type" => {
                    return (is_function || !function).then(|| Self::new(node));
                }
                _ => node
                    .child_by_field_name("declarator")
                    .or_else(|| node.child_by_field_name("name"))
                    .or_else(|| {
                        let last = node.named_child_count().checked_sub(1)?;
                        node.named_child(last as _)
                    })?,
            };
        }
    }
}

/// The list of declarations that a node is in.
fn list(node: Node<'_>) -> Option<usize> {
    let mut node = node.parent()?;
    while !node.kind().ends_with("declarations") {
        node = node.parent()?;
    }
    Some(node.id())
}

/// A name without blanks, quotes and what marks it as one.
pub fn bare(name: &[u8]) -> String {
    let name: String = String::from_utf8_lossy(name).split_whitespace().collect();
    let name = name.strip_prefix("r#").unwrap_or(&name);
    let name = name.strip_prefix('@').filter(|rest| rest.starts_with('"')).unwrap_or(name);
    let inside = |quote: char| name.strip_prefix(quote)?.strip_suffix(quote);
    let quoted = ['`', '"', '\''].into_iter().find_map(inside).unwrap_or(name);
    let operator = quoted.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    operator.filter(|inner| !inner.is_empty()).unwrap_or(quoted).to_owned()
}

/// The share of a tree's bytes that the grammar could not read.
pub fn share_unread(tree: &Tree) -> f64 {
    let root = tree.root_node();
    let mut ranges = Vec::new();
    unread(root, &mut ranges);
    let bytes: usize = ranges.iter().map(|range| range.len().max(1)).sum();
    bytes as f64 / root.byte_range().len().max(1) as f64
}

/// What the grammar could not read, or read only by adding to it.
fn unread(node: Node<'_>, ranges: &mut Vec<Range<usize>>) {
    if node.is_error() || node.is_missing() {
        ranges.push(node.byte_range());
    } else if node.has_error() {
        for child in node.children(&mut node.walk()) {
            unread(child, ranges);
        }
    }
}
