//! What the outline must find, a file a language; and what it must bear.

mod asciidoc;
mod assembly;
mod borders;
mod c;
mod clojure;
mod cmake;
mod component;
mod cpp;
mod csharp;
mod css;
mod dart;
mod diff;
mod docker;
mod elixir;
mod erlang;
mod fsharp;
mod go;
mod graphql;
mod groovy;
mod haskell;
mod hcl;
mod hostile;
mod html;
mod ini;
mod java;
mod json;
mod julia;
mod kotlin;
mod lisp;
mod lua;
mod make;
mod markdown;
mod nim;
mod nix;
mod notebook;
mod objc;
mod ocaml;
mod perl;
mod php;
mod powershell;
mod protobuf;
mod python;
mod r;
mod rst;
mod ruby;
mod rust;
mod scala;
mod script;
mod shell;
mod sql;
mod starlark;
mod swift;
mod tex;
mod toml;
mod words;
mod yaml;
mod zig;

use super::{CHUNK_MAX, Chunk, Definition, Event, Lang, Step, chunks, outline};
use std::{format, string::String, vec::Vec};

/// A definition with its end.
struct Found<'t> {
    definition: Definition<'t>,
    end: usize,
    end_line: u32,
}

/// All definitions of a text, after checking what holds for any text.
fn read(lang: Lang, text: &[u8]) -> (Vec<Found<'_>>, Vec<Chunk>) {
    let (mut found, mut open, mut cut) = (Vec::<Found>::new(), Vec::new(), Vec::<Chunk>::new());
    let mut at = 0;
    chunks(lang, text, &mut |step| match step {
        Step::Event(Event::Open(definition)) => {
            assert_eq!(usize::from(definition.depth), open.len());
            assert!(at <= definition.start, "starts do not decrease");
            at = definition.start;
            open.push(found.len());
            found.push(Found { definition, end: 0, end_line: 0 });
        }
        Step::Event(Event::Close { body, end, end_line }) => {
            assert!(at <= end && end <= text.len(), "{at} {end}");
            at = end;
            let found = &mut found[open.pop().expect("nothing is open")];
            let signature = found.definition.signature;
            assert!(found.definition.start <= signature && signature <= body && body <= end);
            found.end = end;
            found.end_line = end_line;
            assert!(found.definition.start <= end);
        }
        Step::Event(Event::Import { .. } | Event::Call { .. } | Event::Inert { .. }) => {
            unreachable!("not wanted")
        }
        Step::Chunk(chunk) => {
            assert_eq!(chunk.start, cut.last().map_or(0, |last| last.end));
            assert!((1..=CHUNK_MAX).contains(&(chunk.end - chunk.start)));
            if let Some(last) = cut.last() {
                let whole = text[last.end - 1] == b'\n';
                assert_eq!(chunk.first_line, last.first_line + last.lines - u32::from(!whole));
            }
            let inner = &text[chunk.start..chunk.end - 1];
            let breaks = inner.iter().filter(|&&b| b == b'\n').count();
            assert_eq!(chunk.lines as usize, breaks + 1);
            cut.push(chunk);
        }
    });
    assert!(open.is_empty(), "all that opens closes");
    assert_eq!(cut.last().map_or(0, |last| last.end), text.len());
    borders::check(text, &found, &cut);
    (found, cut)
}

/// Compares with lines of "line kind name", indented by depth. The sources
/// begin with a line end, so that their first line is number 1.
#[track_caller]
fn expect(lang: Lang, text: &str, expected: &[&str]) {
    let (found, _) = read(lang, text.as_bytes());
    let seen: Vec<String> = found
        .iter()
        .map(|Found { definition: d, .. }| {
            let name = String::from_utf8_lossy(d.name);
            let indent = 2 * usize::from(d.depth);
            format!("{:indent$}{} {} {name}", "", d.line, d.kind.name())
        })
        .collect();
    assert_eq!(seen, expected);
    // Line ends of another fashion change nothing.
    if !text.contains('\r') {
        let other = text.replace('\n', "\r\n");
        let (again, _) = read(lang, other.as_bytes());
        let lines = |found: &[Found]| -> Vec<_> {
            found.iter().map(|f| (f.definition.line, f.definition.kind, f.end_line)).collect()
        };
        assert_eq!(lines(&again), lines(&found), "with CR LF");
    }
}

/// Compares imports and calls with lines of "line import path" or "line call name".
#[track_caller]
fn expect_uses(lang: Lang, text: &str, expected: &[&str]) {
    let mut seen = Vec::new();
    outline(lang, text.as_bytes(), &mut |event| match event {
        Event::Import { path, line } => {
            seen.push(format!("{line} import {}", String::from_utf8_lossy(path)));
        }
        Event::Call { name, line } => {
            seen.push(format!("{line} call {}", String::from_utf8_lossy(name)));
        }
        Event::Open(_) | Event::Close { .. } | Event::Inert { .. } => {}
    });
    assert_eq!(seen, expected);
}

/// Compares what is left of a text when comments and strings are taken out.
#[track_caller]
fn expect_code(lang: Lang, text: &str, expected: &str) {
    let (mut code, mut at) = (String::new(), 0);
    outline(lang, text.as_bytes(), &mut |event| {
        if let Event::Inert { start, end } = event {
            code.push_str(&text[at..start]);
            at = end;
        }
    });
    code.push_str(&text[at..]);
    assert_eq!(code, expected);
}

/// Compares the text, from start to end, of the definition of that name.
#[track_caller]
fn expect_span(lang: Lang, text: &str, name: &str, span: &str) {
    let (found, _) = read(lang, text.as_bytes());
    let one = found.iter().find(|found| found.definition.name == name.as_bytes());
    let one = one.unwrap_or_else(|| panic!("{name} is not found"));
    assert_eq!(&text[one.definition.start..one.end], span);
    let breaks = |to: usize| text[..to].bytes().filter(|&b| b == b'\n').count();
    assert_eq!(one.end_line as usize, breaks(one.end));
}
