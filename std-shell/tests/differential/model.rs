//! What grep would print, line by line, and without any of our code but the engine of
//! expressions.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use grep_matcher::Matcher;
use grep_regex::{RegexMatcher, RegexMatcherBuilder};

use crate::query::{Output, Query};

/// What is to be printed of `files`; lines of JSON in the form of [`lines_of_json`].
pub fn answer(files: &BTreeMap<String, Vec<u8>>, query: &Query) -> Vec<u8> {
    let engine = engine(query);
    let mut out = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| query.takes(path)) {
        let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
        let lines: Vec<&[u8]> =
            lines.iter().map(|line| line.strip_suffix(b"\n").unwrap_or(line)).collect();
        let marks: Vec<Vec<Range<usize>>> = lines.iter().map(|line| marks(&engine, line)).collect();
        let wanted: Vec<bool> =
            marks.iter().map(|marks| marks.is_empty() == query.invert).collect();
        if wanted.contains(&true) {
            file(&mut out, query, path, &lines, &marks, &wanted);
        }
    }
    out
}

/// One expression that says all that the flags say.
fn engine(query: &Query) -> RegexMatcher {
    let upper = |pattern: &String| pattern.replace(r"\W", "").chars().any(char::is_uppercase);
    let any = query.any_case || query.smart_case && !query.patterns.iter().any(upper);
    let fold = if any { "i" } else { "" };
    let group = |pattern: &String| match query.regex {
        true => format!("(?{fold}:{pattern})"),
        false => format!("(?{fold}:{})", regex_syntax::escape(pattern)),
    };
    let all = query.patterns.iter().map(group).collect::<Vec<_>>().join("|");
    let all = match (query.line, query.word) {
        (true, _) => format!("^(?:{all})$"),
        (false, true) => format!(r"\b{{start-half}}(?:{all})\b{{end-half}}"),
        (false, false) => all,
    };
    let mut builder = RegexMatcherBuilder::new();
    builder.multi_line(true).build(&all).unwrap()
}

fn marks(engine: &RegexMatcher, line: &[u8]) -> Vec<Range<usize>> {
    let mut marks = Vec::new();
    let each = engine.find_iter(line, |found| {
        marks.push(found.start()..found.end());
        true
    });
    each.unwrap();
    marks
}

fn file(
    out: &mut Vec<u8>,
    query: &Query,
    path: &str,
    lines: &[&[u8]],
    marks: &[Vec<Range<usize>>],
    wanted: &[bool],
) {
    let count = wanted.iter().filter(|wanted| **wanted).count();
    let (before, after) = query.context();
    match query.output {
        Output::Paths => writeln!(out, "{path}").unwrap(),
        Output::Count => writeln!(out, "{path}:{count}").unwrap(),
        Output::CountMatches => {
            let matches: usize = marks.iter().map(Vec::len).sum();
            writeln!(out, "{path}:{}", if query.invert { count } else { matches }).unwrap();
        }
        Output::Json => {
            let mut offset = 0;
            for ((line, marks), (wanted, number)) in
                lines.iter().zip(marks).zip(wanted.iter().zip(1..))
            {
                if *wanted {
                    let text = String::from_utf8_lossy(line);
                    let marks: Vec<[usize; 2]> = marks.iter().map(|m| [m.start, m.end]).collect();
                    let object = describe(path, number, offset, &text, &marks);
                    writeln!(out, "{object}").unwrap();
                }
                offset += line.len() as u64 + 1;
            }
        }
        Output::Lines | Output::Only => {
            // Between files, too.
            let mut apart = !out.is_empty();
            for (at, line) in lines.iter().enumerate() {
                let near = at.saturating_sub(after)..(at + before + 1).min(lines.len());
                if !wanted[near].contains(&true) {
                    apart = true;
                    continue;
                }
                if apart && before + after > 0 && !out.is_empty() {
                    writeln!(out, "--").unwrap();
                }
                apart = false;
                let number = at + 1;
                let mut print = |sign: char, text: &[u8]| {
                    write!(out, "{path}{sign}{number}{sign}").unwrap();
                    out.extend_from_slice(text);
                    out.push(b'\n');
                };
                match (wanted[at], query.output) {
                    (false, _) => print('-', line),
                    (true, Output::Only) if !query.invert => {
                        marks[at].iter().for_each(|mark| print(':', &line[mark.clone()]));
                    }
                    (true, _) => print(':', line),
                }
            }
        }
    }
}

/// A line of JSON in the form that all are compared in.
pub fn describe(path: &str, line: u64, offset: u64, text: &str, marks: &[[usize; 2]]) -> String {
    format!("{path} {line} {offset} {text:?} {marks:?}")
}

/// The lines that sigla tells as JSON, without the last object. Its paths begin in the folder
/// that was searched.
pub fn lines_of_json(json: &[u8], folder: Option<&str>) -> String {
    let folder = folder.map(|folder| format!("{folder}/")).unwrap_or_default();
    let mut lines = String::new();
    let text = String::from_utf8_lossy(json);
    for object in text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
    {
        if object["done"] == true {
            return lines;
        }
        let number = |name: &str| object[name].as_u64().unwrap();
        let marks: Vec<[usize; 2]> = serde_json::from_value(object["matches"].clone()).unwrap();
        let (path, text) = (object["path"].as_str().unwrap(), object["text"].as_str().unwrap());
        let path = format!("{folder}{path}");
        lines += &describe(&path, number("line"), number("offset"), text, &marks);
        lines.push('\n');
    }
    panic!("there is no last object");
}
