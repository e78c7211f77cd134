//! The outline by syntax trees, where exactness is worth their price.
//!
//! Only with the feature `precise`, which compiles tree-sitter and a grammar for
//! each of eight languages in. [`outline`] tells the same events as the core's
//! outline, so that whatever reads those reads these: definitions, calls, imports
//! and what is no code. Queries are compiled once a process, a parser serves a
//! thread. A text is refused, and the core's outline to be taken, where no grammar
//! is there, where the text is longer than [`LONGEST`], reading it takes longer
//! than [`PATIENCE`], or more than one byte in [`UNREAD`] is no syntax.

mod grammar;
mod nest;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};

use sigla_core::outline::{Event, Kind, Lang};
use tree_sitter::{
    Node, ParseOptions, Parser, Query, QueryCursor, QueryCursorOptions, StreamingIterator, Tree,
};

use grammar::Grammar;
use nest::Defined;

/// Texts of more bytes are refused.
pub const LONGEST: usize = 4 << 20;
/// A text that takes longer to read is refused.
pub const PATIENCE: Duration = Duration::from_millis(500);
/// A text is refused if more than one byte in so many is no syntax.
pub const UNREAD: usize = 100;

thread_local! {
    static READER: RefCell<(Parser, QueryCursor)> = RefCell::default();
}

/// Visits all that a syntax tree tells of a text, in order, as
/// [`sigla_core::outline::outline`] does. Returns whether it did: it visits
/// nothing of a text that it refuses.
pub fn outline<'t>(lang: Lang, text: &'t [u8], visit: &mut impl FnMut(Event<'t>)) -> bool {
    // The dialects of a language in turn.
    let Some(read) = Grammar::of(lang).find_map(|grammar| read(grammar, text)) else {
        return false;
    };
    nest::events(text, read).into_iter().for_each(visit);
    true
}

fn read(grammar: &Grammar, text: &[u8]) -> Option<Read> {
    let query = grammar.query()?;
    let until = Instant::now() + PATIENCE;
    READER.with_borrow_mut(|(parser, cursor)| {
        let tree = parse(parser, grammar, text, until)?;
        gather(cursor, query, &tree, text, until)
    })
}

/// What a query found in a text.
#[derive(Default)]
struct Read {
    definitions: Vec<Defined>,
    calls: Vec<Range<usize>>,
    imports: Vec<Range<usize>>,
    inert: Vec<Range<usize>>,
}

fn late(until: Instant) -> ControlFlow<()> {
    if Instant::now() > until { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

fn parse(parser: &mut Parser, grammar: &Grammar, text: &[u8], until: Instant) -> Option<Tree> {
    if text.len() > LONGEST || parser.set_language(&grammar.language()).is_err() {
        return None;
    }
    // What was broken off is not gone on with.
    parser.reset();
    let mut read = |at: usize, _| text.get(at..).unwrap_or_default();
    let mut progress = |_: &_| late(until);
    let options = ParseOptions::new().progress_callback(&mut progress);
    let tree = parser.parse_with_options(&mut read, None, Some(options))?;
    (unread(&tree) <= text.len() / UNREAD).then_some(tree)
}

/// The bytes that the grammar could not read. By a cursor: trees may be deep.
fn unread(tree: &Tree) -> usize {
    let mut cursor = tree.walk();
    let mut bytes = 0;
    loop {
        let node = cursor.node();
        let wrong = node.is_error() || node.is_missing();
        bytes += if wrong { node.byte_range().len().max(1) } else { 0 };
        if !wrong && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return bytes;
            }
        }
    }
}

fn gather(
    cursor: &mut QueryCursor,
    query: &Query,
    tree: &Tree,
    text: &[u8],
    until: Instant,
) -> Option<Read> {
    let names = query.capture_names();
    let mut read = Read::default();
    let mut known = HashSet::new();
    let mut ended = ControlFlow::Continue(());
    let mut progress = |_: &_| {
        ended = late(until);
        ended
    };
    let options = QueryCursorOptions::new().progress_callback(&mut progress);
    let mut matches = cursor.matches_with_options(query, tree.root_node(), text, options);
    while let Some(found) = matches.next() {
        let (mut name, mut container, mut whole, mut first) = (None, None, None, true);
        for part in found.captures() {
            let bytes = part.node.byte_range();
            match names.get(part.index as usize).copied().unwrap_or_default() {
                "name" => name = Some(part.node),
                "once" => {
                    first = known.insert(text.get(bytes).unwrap_or_default());
                    name = Some(part.node);
                }
                "container" => container = Some(part.node),
                "call" => read.calls.push(bytes),
                "import" => read.imports.push(bytes),
                "inert" => read.inert.push(bytes),
                kind => whole = Kind::from_name(kind).map(|kind| (kind, part.node)).or(whole),
            }
        }
        if let (Some(name), Some((kind, whole)), true) = (name, whole, first)
            && let Some(name) = named(name, whole)
        {
            let receiver = container.and_then(|node| named(node, node)).map(|named| named.bytes);
            let container = receiver.or(name.container.clone());
            read.definitions.push(Defined::new(kind, whole, Named { container, ..name }, text));
        }
    }
    drop(matches);
    ended.is_continue().then_some(read)
}

/// A name, where it stands, and what it says that it belongs to.
struct Named {
    bytes: Range<usize>,
    /// From 0.
    row: usize,
    container: Option<Range<usize>>,
}

/// The name in a declarator, a qualified name or a type: down the fields that
/// lead there. None where there is none, and where what declares a function
/// declares something else.
fn named(start: Node<'_>, whole: Node<'_>) -> Option<Named> {
    let mut node = start;
    let mut container = None;
    let mut declares = whole.kind() != "function_definition"
        || whole.child_by_field_name("declarator") != Some(start);
    loop {
        declares |= matches!(node.kind(), "function_declarator" | "operator_cast");
        if let Some(scope) = node.child_by_field_name("scope") {
            container = named(scope, scope).map(|scope| scope.bytes);
        }
        if node.kind() == "operator_cast" {
            break;
        }
        let fields = ["declarator", "name", "type", "trait", "element"];
        let next = fields.into_iter().find_map(|field| node.child_by_field_name(field));
        let wraps = ["reference_declarator", "parenthesized_declarator", "pointer_type"];
        let inner = || node.children(&mut node.walk()).filter(Node::is_named).last();
        match next.or_else(|| wraps.contains(&node.kind()).then(inner).flatten()) {
            Some(next) => node = next,
            None => break,
        }
    }
    let end = match node.kind() {
        "operator_cast" => node.child_by_field_name("type")?.end_byte(),
        // `impl A for (B, C)`
        kind if kind.ends_with("_type") && kind != "primitive_type" => return None,
        _ => node.end_byte(),
    };
    let bytes = node.start_byte()..end;
    declares.then_some(Named { bytes, row: node.start_position().row, container })
}
