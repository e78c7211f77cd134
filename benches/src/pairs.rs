//! Doc comments and the functions they document, parted from each other.
//!
//! What a person wrote above a function is the nearest thing to a question about it. Its first
//! paragraph becomes the query; all doc comments are taken out of the texts (their lines stay,
//! empty), so that only code is left to find; and the function is the answer.

use sigla_core::outline::{Event, Kind, Lang, outline};
use xxhash_rust::xxh3::xxh3_64;

use crate::body::Body;

/// A question and the place that answers it.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The first paragraph of the doc comment.
    pub question: String,
    /// Index of the document.
    pub body: usize,
    /// First and last line of the definition without its comment, from 1.
    pub lines: (u32, u32),
}

/// Fewer words are no description.
const LEAST: usize = 5;
/// More words are no question.
const MOST: usize = 40;

/// Takes the doc comments of functions and types out of Rust and Python `bodies` and gives at
/// most `count` pairs, those whose hash is least.
pub fn part(bodies: &mut [Body], count: usize) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (at, body) in bodies.iter_mut().enumerate() {
        if !matches!(body.lang, Lang::Rust | Lang::Python) {
            continue;
        }
        for documented in documented(body) {
            let bytes = body.text.get(documented.comment.clone()).unwrap_or_default();
            let question = question(bytes);
            if documented.function && (LEAST..=MOST).contains(&question.split(' ').count()) {
                pairs.push(Pair { question, body: at, lines: documented.lines });
            }
        }
        blank(body);
    }
    // The same sentence above several functions asks for none of them.
    pairs.sort_by(|a, b| a.question.cmp(&b.question).then(a.body.cmp(&b.body)));
    let same = |a: usize, b: usize| match (pairs.get(a), pairs.get(b)) {
        (Some(a), Some(b)) => a.question == b.question,
        _ => false,
    };
    let lone = |at: usize| !same(at, at + 1) && !at.checked_sub(1).is_some_and(|b| same(at, b));
    let mut pairs: Vec<_> =
        pairs.iter().enumerate().filter(|(at, _)| lone(*at)).map(|(_, p)| p.clone()).collect();
    pairs.sort_by_key(|pair| xxh3_64(pair.question.as_bytes()));
    pairs.truncate(count);
    pairs
}

/// A definition with a doc comment.
struct Documented {
    comment: std::ops::Range<usize>,
    lines: (u32, u32),
    function: bool,
}

fn documented(body: &Body) -> Vec<Documented> {
    let (mut open, mut found) = (Vec::new(), Vec::new());
    outline(body.lang, &body.text, &mut |event| match event {
        Event::Open(definition) => open.push(definition),
        Event::Close { body: begin, end, end_line } => {
            let Some(definition) = open.pop() else { return };
            let comment = match body.lang {
                Lang::Python => docstring(&body.text, begin, end),
                _ => lead(&body.text, definition.start, definition.signature),
            };
            found.extend(comment.map(|comment| Documented {
                comment,
                lines: (definition.line + 1, end_line + 1),
                function: matches!(definition.kind, Kind::Function | Kind::Method),
            }));
        }
        _ => {}
    });
    found
}

/// Rust's comment before a definition: from the first `///` or `/**` up to the last.
fn lead(text: &[u8], start: usize, signature: usize) -> Option<std::ops::Range<usize>> {
    let lead = text.get(start..signature)?;
    let mut range: Option<std::ops::Range<usize>> = None;
    let (mut at, mut block) = (start, false);
    for line in lead.split_inclusive(|&b| b == b'\n') {
        let bare = line.trim_ascii();
        block |= bare.starts_with(b"/**");
        if block || bare.starts_with(b"///") {
            range = Some(range.map_or(at, |range| range.start)..at + line.len());
        }
        block &= !bare.ends_with(b"*/");
        at += line.len();
    }
    range
}

/// Python's string at the beginning of a body.
fn docstring(text: &[u8], start: usize, end: usize) -> Option<std::ops::Range<usize>> {
    let body = text.get(start..end)?;
    let at = start + body.len() - body.trim_ascii_start().len();
    let string = text.get(at..end)?;
    let prefix = string.iter().position(|b| !b"rRuU".contains(b))?;
    let quotes = [&b"\"\"\""[..], b"'''"];
    let quote =
        quotes.into_iter().find(|q| string.get(prefix..).is_some_and(|s| s.starts_with(q)))?;
    let inner = string.get(prefix + 3..)?;
    let length = inner.windows(3).position(|window| window == quote)?;
    Some(at..at + prefix + 3 + length + 3)
}

/// The first paragraph, without the marks of comments and of markup.
fn question(comment: &[u8]) -> String {
    let text = String::from_utf8_lossy(comment);
    let mut words: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.trim().trim_start_matches(['r', 'R']);
        let line =
            line.trim_start_matches(['/', '*', '"', '\'', '!']).trim_end_matches(['"', '*', '/']);
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', '@', ':', '>', '=']) {
            if words.is_empty() {
                continue;
            }
            break;
        }
        let plain = line.split_whitespace().map(|word| word.replace(['`', '[', ']'], ""));
        words.extend(plain.filter(|word| !word.is_empty()));
    }
    words.join(" ")
}

/// Takes all doc comments out, the line ends apart.
fn blank(body: &mut Body) {
    let comments: Vec<_> = documented(body).into_iter().map(|one| one.comment).collect();
    for comment in comments {
        for byte in body.text.get_mut(comment).unwrap_or_default() {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigla_core::outline::Role;

    fn body(lang: Lang, text: &str) -> Body {
        Body { key: b"a".to_vec(), text: text.into(), lang, role: Role::default() }
    }

    #[test]
    fn comments_are_asked_and_taken_out() {
        let rust = "/// Waits longer after each\n/// failure of `f`.\n///\n/// More.\n\
                    #[inline]\nfn retry() {\n    go()\n}\n";
        let python = "class A:\n    '''Not asked for, as it is no function.'''\n    def f(self):\n        \
                      r\"\"\"Gives the sum of all numbers.\n\n        More.\"\"\"\n        return 1\n";
        let mut bodies = [body(Lang::Rust, rust), body(Lang::Python, python)];
        let mut pairs = part(&mut bodies, 10);
        pairs.sort_by_key(|pair| pair.body);
        let [first, second] = &pairs[..] else { panic!("{pairs:?}") };
        assert_eq!(first.question, "Waits longer after each failure of f.");
        assert_eq!((first.body, first.lines), (0, (6, 8)));
        assert_eq!(second.question, "Gives the sum of all numbers.");
        assert_eq!((second.body, second.lines), (1, (3, 7)));
        let left: Vec<_> =
            bodies.iter().map(|body| String::from_utf8_lossy(&body.text).into_owned()).collect();
        assert_eq!(left[0].trim(), "#[inline]\nfn retry() {\n    go()\n}");
        assert!(!left[1].contains("asked") && !left[1].contains("sum"), "{}", left[1]);
        assert_eq!(left[1].lines().count(), python.lines().count());
    }
}
