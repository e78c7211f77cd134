//! Finding uses of a name: the image says which documents may have some, their
//! texts decide.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use sigla_core::image::{ChunkId, Family, Segment};
use sigla_core::outline::{Lang, Role};

use crate::engine::view::{DocAt, Gathered, View};
use crate::machine::progress::Cancel;
use crate::symbols::definitions::{aside, listed, qualifier};
use crate::symbols::names::{Wanted, components, same};
use crate::symbols::outline::{Outline, Reader, Use, UseKind, line_at};

/// A line that uses a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its document.
    pub at: DocAt,
    /// The line, from 1.
    pub line: u32,
    /// The first byte of the name in its line, from 1.
    pub column: u32,
    /// How it is used; of several uses on the line, by the first of [`UseKind`].
    pub kind: UseKind,
    /// The definition around it, qualified.
    pub inside: Option<Vec<u8>>,
    /// The line, without space around it; those of one line share it.
    pub text: Arc<[u8]>,
    /// Where the line begins in the text.
    start: usize,
}

/// The lines that use the name of `wanted`; where it is qualified, not those
/// that say of it that it belongs to something else. Code comes before tests,
/// examples and others' code, and these before prose; then in the order of places
/// and paths.
///
/// # Errors
/// A segment is damaged.
pub fn find(
    corpus: &View,
    segments: &[Segment<'_>],
    wanted: &Wanted<'_>,
    reader: Reader,
    cancel: &dyn Cancel,
) -> Result<Gathered<Reference>> {
    let documents = candidates(segments, wanted.name)?;
    let reading = corpus.read(segments, &documents, cancel, |at, lang, text| {
        of_text(at, &reader(lang, text), lang, text, wanted)
    })?;
    let mut found = vec![];
    for all in reading.found {
        let Some(first) = all.first() else { continue };
        let Some(segment) = segments.get(first.at.segment) else { continue };
        let doc = segment.image.docs().get(first.at.doc)?;
        let key: Vec<u8> = doc.key.bytes().collect();
        let prose = doc.role.has(Role::DOCS)
            || matches!(doc.lang, Lang::Text | Lang::Log | Lang::Markdown | Lang::Rst);
        found.push(((prose, aside(doc.role), segment.place, key), all));
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let found = found.into_iter().flat_map(|(_, all)| all).collect();
    Ok(Gathered { found, moved: reading.moved, unreadable: reading.unreadable })
}

/// The documents, of those that may answer, in which `name` may stand: those with
/// all its pieces in one chunk.
///
/// # Errors
/// A segment is damaged.
pub fn candidates(segments: &[Segment<'_>], name: &[u8]) -> Result<Vec<DocAt>> {
    let mut documents = vec![];
    for (index, segment) in segments.iter().enumerate() {
        let Some(chunks) = listed(&segment.image, Family::Words, name)? else {
            // No word of it is listed: an operator, perhaps.
            return Ok(View::documents(segments));
        };
        let mut last = None;
        for chunk in chunks {
            let at = DocAt { segment: index, doc: segment.image.doc_of(ChunkId(chunk))? };
            if last.replace(at) != Some(at) && segment.may_answer(at.doc) {
                documents.push(at);
            }
        }
    }
    Ok(documents)
}

/// The lines of one text.
pub fn of_text(
    at: DocAt,
    outlined: &Outline<'_>,
    lang: Lang,
    text: &[u8],
    wanted: &Wanted<'_>,
) -> Vec<Reference> {
    let mut lines: Vec<Reference> = vec![];
    for used in outlined.uses(wanted.name) {
        if !belongs(outlined, &used, text, &wanted.qualifiers) {
            continue;
        }
        if let Some(last) = lines.last_mut().filter(|last| last.line == used.line) {
            last.kind = last.kind.min(used.kind);
            continue;
        }
        let new = Reference::new(at, outlined, lang, text, &used, lines.last());
        lines.push(new);
    }
    lines
}

impl Reference {
    /// What is said of `used`, a use in the document `at`; `last` is the one before it.
    pub fn new(
        at: DocAt,
        outlined: &Outline<'_>,
        lang: Lang,
        text: &[u8],
        used: &Use,
        last: Option<&Reference>,
    ) -> Reference {
        let inside = used.inside.and_then(|index| outlined.definitions.get(index));
        // A line may be long, and hold many names.
        let (start, shown) = match last.filter(|last| last.line == used.line) {
            Some(last) => (last.start, Arc::clone(&last.text)),
            None => {
                let line = line_at(text, used.at);
                (line.as_ptr().addr() - text.as_ptr().addr(), Arc::from(line.trim_ascii()))
            }
        };
        Reference {
            at,
            line: used.line,
            column: (used.at - start) as u32 + 1,
            kind: used.kind,
            inside: inside.map(|definition| {
                let chain = outlined.chain(definition);
                [&*qualifier(lang, &chain), definition.name].concat()
            }),
            text: shown,
            start,
        }
    }
}

/// Whether a use may be of the name that belongs to the first of `qualifiers`.
/// The text is no proof: only what it says before the name (`Other::name`,
/// `self.name` in another type) speaks against it.
fn belongs(outlined: &Outline<'_>, used: &Use, text: &[u8], qualifiers: &[&[u8]]) -> bool {
    let Some(container) = qualifiers.first() else { return true };
    let before = text.get(..used.at).unwrap_or_default();
    let said = |mark: &[u8]| {
        let rest = before.strip_suffix(mark)?;
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
        let start = rest.iter().rposition(|byte| !word(byte)).map_or(0, |at| at + 1);
        rest.get(start..)
    };
    let own: [&[u8]; 6] = [b"self", b"Self", b"this", b"cls", b"static", b"super"];
    let in_container = || {
        let mut around = used.inside.and_then(|index| outlined.definitions.get(index));
        let mut typed = false;
        while let Some(definition) = around {
            let named = [Some(definition.name), definition.container];
            typed |= definition.container.is_some() || definition.parent.is_none();
            if named.into_iter().flatten().flat_map(components).any(|part| same(part, container)) {
                return true;
            }
            around = definition.parent.and_then(|index| outlined.definitions.get(index));
        }
        !typed
    };
    let arrow = said(b"->").or_else(|| said(b"."));
    match (said(b"::").or_else(|| said(b"\\")), arrow) {
        (Some(said), _) | (_, Some(said)) if own.contains(&said) => in_container(),
        (Some(b""), _) => true,
        (Some(said), _) => same(said, container),
        // A variable may be of any type; a type's name is that of a type.
        (_, Some(said)) if said.first().is_some_and(u8::is_ascii_uppercase) => {
            same(said, container)
        }
        _ => true,
    }
}

/// The distinct documents of `all`, in order.
pub fn distinct(all: impl Iterator<Item = DocAt>) -> Vec<DocAt> {
    all.collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigla_core::image::DocId;

    fn lines(lang: Lang, text: &str, asked: &str) -> Vec<String> {
        let at = DocAt { segment: 0, doc: DocId(0) };
        let outlined = Outline::of(lang, text.as_bytes());
        let wanted = Wanted::qualified(asked.as_bytes());
        let found = of_text(at, &outlined, lang, text.as_bytes(), &wanted);
        let shown = found.into_iter().map(|r| {
            let inside = String::from_utf8(r.inside.unwrap_or_default()).unwrap();
            format!("{}:{} {} {inside}", r.line, r.column, r.kind.name())
        });
        shown.collect()
    }

    #[test]
    fn what_belongs_to_another_is_left_out() {
        let text = "impl A {\n    fn b() { Self::b(); }\n}\nimpl C {\n    fn d(&self) {\n        \
                    Self::b();\n        A::b(); C::b();\n        x.b();\n        C::b();\n    \
                    }\n}\nfn e() { b(); }\n";
        let all = lines(Lang::Rust, text, "b");
        assert_eq!(all.len(), 6, "{all:?}");
        assert_eq!(
            lines(Lang::Rust, text, "A::b"),
            ["2:20 call A::b", "7:12 call C::d", "8:11 call C::d", "12:10 call e"]
        );
    }

    #[test]
    fn a_line_counts_once() {
        assert_eq!(lines(Lang::C, "int a = b + b(b);\n", "b"), ["1:9 call "]);
    }
}
