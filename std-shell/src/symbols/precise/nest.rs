//! What a query found becomes events, nested and in order.

use std::ops::Range;

use sigla_core::outline::{Definition, Event, Kind, NESTING};
use tree_sitter::Node;

use super::{Named, Read};

/// A definition as its node tells it.
pub(super) struct Defined {
    kind: Kind,
    name: Range<usize>,
    container: Option<Range<usize>>,
    /// The row of its name, from 0.
    row: usize,
    /// From its first word to its end.
    bytes: Range<usize>,
    /// Where its doc comment and attributes begin: the start of a line if possible.
    start: usize,
    body: usize,
}

/// Nodes that are a part of what they hold.
const WRAPPERS: [&str; 4] =
    ["export_statement", "ambient_declaration", "decorated_definition", "template_declaration"];

/// Nodes that are a part of what they hold if that is one thing alone.
const GROUPS: [&str; 5] = [
    "lexical_declaration",
    "variable_declaration",
    "type_declaration",
    "const_declaration",
    "var_declaration",
];

/// Nodes that stand before a definition and belong to it.
const ATTACHED: [&str; 7] = [
    "comment",
    "line_comment",
    "block_comment",
    "attribute_item",
    "decorator",
    "annotation",
    "marker_annotation",
];

impl Defined {
    pub fn new(kind: Kind, node: Node<'_>, named: Named, text: &[u8]) -> Self {
        let Named { bytes: name, row, container } = named;
        let (mut outer, mut signature) = (node, node.start_byte());
        while let Some(parent) = outer.parent() {
            // `const a = …, b = …` and `const (…)` hold several.
            let several = parent.named_child_count() > 1 || parent.child(1).is_some_and(is_open);
            let groups = GROUPS.contains(&parent.kind()) && !several;
            if !groups && !WRAPPERS.contains(&parent.kind()) {
                break;
            }
            outer = parent;
            if outer.kind() != "decorated_definition" {
                signature = outer.start_byte();
            }
        }
        let signature = signature.max(first_word(outer).min(name.start));
        let mut first = outer;
        while let Some(before) = first.prev_sibling() {
            let gap = text.get(before.end_byte()..first.start_byte()).unwrap_or_default();
            let blank = gap.iter().filter(|&&b| b == b'\n').count() > 1;
            if blank || !ATTACHED.contains(&before.kind()) || !begins_line(text, before) {
                break;
            }
            first = before;
        }
        let start = match begins_line(text, first) {
            true => line_start(text, first.start_byte()),
            false => first.start_byte(),
        };
        let end = node.end_byte().max(name.end);
        let code = text.get(signature..end).unwrap_or_default().trim_ascii_end();
        let end = signature + code.len();
        let body = node.child_by_field_name("body").or_else(|| {
            // Go's `type A struct { … }`.
            let of = node.child_by_field_name("type")?;
            let of = matches!(of.kind(), "struct_type" | "interface_type").then_some(of)?;
            of.children(&mut of.walk()).find(|part| is_open(*part))
        });
        let body = body.map_or(end, |body| body.start_byte());
        Self { kind, name, container, row, bytes: signature..end, start, body: body.min(end) }
    }
}

/// The first byte of a node that is no decorator or annotation.
fn first_word(mut node: Node<'_>) -> usize {
    let mut child = node.child(0);
    while let Some(part) = child {
        if ATTACHED.contains(&part.kind()) {
            child = part.next_sibling();
        } else if part.kind() == "modifiers" {
            node = part;
            child = part.child(0);
        } else {
            return part.start_byte();
        }
    }
    // Nothing but annotations among the modifiers: what follows them.
    node.next_sibling().map_or(node.start_byte(), |next| next.start_byte())
}

/// Whether a node begins with a bracket: it is one, or a list in braces.
fn is_open(node: Node<'_>) -> bool {
    matches!(node.kind(), "(" | "{" | "field_declaration_list")
}

fn line_start(text: &[u8], at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.iter().rposition(|&b| b == b'\n').map_or(0, |newline| newline + 1)
}

fn begins_line(text: &[u8], node: Node<'_>) -> bool {
    let before = text.get(line_start(text, node.start_byte())..node.start_byte());
    before.unwrap_or_default().trim_ascii().is_empty()
}

/// The events of a text, in the order of their offsets, definitions properly nested.
pub(super) fn events(text: &[u8], mut read: Read) -> Vec<Event<'_>> {
    let part = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
    let mut all: Vec<(usize, Event<'_>)> = Vec::new();
    let mut open: Vec<Defined> = Vec::new();
    // Several patterns may find one definition: the first says most of it.
    read.definitions.sort_by_key(|d| (d.name.start, d.kind == Kind::Type));
    read.definitions.dedup_by_key(|defined| defined.name.start);
    read.definitions.sort_by_key(|d| (d.bytes.start, std::cmp::Reverse(d.bytes.end), d.name.start));
    let mut lines = Lines { text, at: 0, line: 0 };
    let mut at = 0;
    for mut defined in read.definitions {
        close(&mut open, &mut all, &mut at, &mut lines, defined.bytes.start);
        if let Some(around) = open.last() {
            defined.bytes.end = defined.bytes.end.min(around.bytes.end);
            defined.body = defined.body.min(defined.bytes.end);
            if defined.kind == Kind::Function && has_methods(around.kind) {
                defined.kind = Kind::Method;
            }
        }
        if open.len() == NESTING {
            continue;
        }
        at = at.max(defined.start);
        let name = part(&defined.name);
        let definition = Definition {
            kind: defined.kind,
            name: name.strip_prefix(b"r#").unwrap_or(name),
            container: defined.container.as_ref().map(part),
            start: at,
            signature: defined.bytes.start.max(at),
            line: defined.row as u32,
            depth: open.len() as u8,
        };
        all.push((at, Event::Open(definition)));
        open.push(defined);
    }
    close(&mut open, &mut all, &mut at, &mut lines, usize::MAX);
    uses(text, read.calls, read.imports, read.inert, &mut all);
    // Stable: what is at one place stays in the order in which it was put.
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, event)| event).collect()
}

/// Closes what ends before `start`.
fn close(
    open: &mut Vec<Defined>,
    all: &mut Vec<(usize, Event<'_>)>,
    at: &mut usize,
    lines: &mut Lines<'_>,
    start: usize,
) {
    while let Some(closed) = open.pop_if(|last| last.bytes.end <= start) {
        *at = closed.bytes.end.max(*at);
        let end_line = lines.of(at.saturating_sub(1));
        all.push((*at, Event::Close { body: closed.body, end: *at, end_line }));
    }
}

/// Lines of ascending offsets.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn of(&mut self, at: usize) -> u32 {
        if let Some(since) = self.text.get(self.at..at) {
            self.line += since.iter().filter(|&&b| b == b'\n').count() as u32;
            self.at = at;
        }
        self.line
    }
}

fn uses<'t>(
    text: &'t [u8],
    calls: Vec<Range<usize>>,
    imports: Vec<Range<usize>>,
    inert: Vec<Range<usize>>,
    all: &mut Vec<(usize, Event<'t>)>,
) {
    let mut each = |mut ranges: Vec<Range<usize>>, event: fn(&'t [u8], usize, u32) -> Event<'t>| {
        ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut lines = Lines { text, at: 0, line: 0 };
        let mut end = 0;
        // Of what overlaps, the outer.
        for range in ranges.into_iter().filter(|range| !range.is_empty()) {
            if range.start < end {
                continue;
            }
            end = range.end;
            let line = lines.of(range.start);
            let part = text.get(range.clone()).unwrap_or_default();
            all.push((range.start, event(part, range.start, line)));
        }
    };
    each(calls, |name, _, line| Event::Call { name, line });
    each(imports, |path, _, line| Event::Import { path, line });
    each(inert, |part, start, _| Event::Inert { start, end: start + part.len() });
}

/// Whether a function directly inside is a method.
fn has_methods(kind: Kind) -> bool {
    matches!(kind, Kind::Impl | Kind::Trait | Kind::Class | Kind::Interface | Kind::Struct)
}
