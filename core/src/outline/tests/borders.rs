//! No border falls inside of a definition that fits a chunk.

use super::hostile::Random;
use super::{Found, read};
use crate::outline::{CHUNK_MAX, Chunk, Lang};
use std::{format, string::String, vec, vec::Vec};

/// The most lines of a chunk of code.
const LINES: usize = 56;

/// Checks the law for a text, and gives how many borders are its exception: those in
/// whose reach every line begins inside of a definition that fits. That takes
/// definitions that end on the line on which the next one begins.
pub(super) fn check(text: &[u8], found: &[Found<'_>], cut: &[Chunk]) -> usize {
    let breaks = text.iter().enumerate().filter(|&(_, &b)| b == b'\n');
    let mut starts: Vec<usize> = [0].into_iter().chain(breaks.map(|(at, _)| at + 1)).collect();
    if starts.last() != Some(&text.len()) {
        starts.push(text.len());
    }
    let mut inside = vec![false; starts.len()];
    for Found { definition, end, .. } in found {
        let first = starts.partition_point(|&line| line <= definition.start) - 1;
        let after = starts.partition_point(|line| line < end).max(first + 1);
        let lines = inside.get_mut(first + 1..after).unwrap_or_default();
        if lines.len() < LINES && starts[after.min(starts.len() - 1)] - starts[first] <= CHUNK_MAX {
            lines.fill(true);
        }
    }
    let mut exceptions = 0;
    for chunk in cut {
        // Within a line that is longer than a chunk there is none.
        let Ok(border) = starts.binary_search(&chunk.end) else { continue };
        if inside[border] {
            let next = starts.partition_point(|&line| line <= chunk.start);
            let mut reach = (next..starts.len())
                .take(LINES)
                .take_while(|&line| starts[line] - chunk.start <= CHUNK_MAX);
            assert!(reach.all(|line| inside[line]), "line {border} begins inside of a definition");
            exceptions += 1;
        }
    }
    exceptions
}

fn exceptions(lang: Lang, text: &str) -> usize {
    let (found, cut) = read(lang, text.as_bytes());
    check(text.as_bytes(), &found, &cut)
}

/// How a language writes a comment, a statement, and what defines something, its
/// beginning up to the name, from there on, and its end.
struct Style {
    lang: Lang,
    comment: &'static str,
    statement: &'static str,
    forms: &'static [[&'static str; 3]],
}

const STYLES: &[Style] = &[
    Style {
        lang: Lang::Rust,
        comment: "/// b",
        statement: "b();",
        forms: &[["fn ", "() {", "}"], ["mod ", " {", "}"], ["impl ", " {", "}"]],
    },
    Style {
        lang: Lang::JavaScript,
        comment: "// b",
        statement: "b(() => c)",
        forms: &[
            ["function ", "() {", "}"],
            ["const ", " = () => {", "}"],
            ["class ", " {", "}"],
            ["a.", " = function () {", "};"],
        ],
    },
    Style {
        lang: Lang::Java,
        comment: "// b",
        statement: "int b;",
        forms: &[["class ", " {", "}"], ["void ", "() {", "}"]],
    },
    Style {
        lang: Lang::Cpp,
        comment: "// b",
        statement: "b();",
        forms: &[["void ", "() {", "}"], ["class ", " {", "};"], ["namespace ", " {", "}"]],
    },
    Style {
        lang: Lang::C,
        comment: "/* b */",
        statement: "b();",
        forms: &[["int ", "(void) {", "}"], ["struct ", " {", "};"]],
    },
    Style {
        lang: Lang::Go,
        comment: "// b",
        statement: "b()",
        forms: &[["func ", "() {", "}"], ["type ", " struct {", "}"]],
    },
    Style {
        lang: Lang::Python,
        comment: "# b",
        statement: "b()",
        forms: &[["def ", "():", ""], ["class ", ":", ""]],
    },
    Style {
        lang: Lang::Ruby,
        comment: "# b",
        statement: "b",
        forms: &[["def ", "", "end"], ["class ", "", "end"], ["module ", "", "end"]],
    },
    Style {
        lang: Lang::Lua,
        comment: "-- b",
        statement: "b()",
        forms: &[["function ", "()", "end"], ["local ", " = function()", "end"]],
    },
    Style {
        lang: Lang::Elixir,
        comment: "# b",
        statement: "b",
        forms: &[["def ", " do", "end"], ["defmodule ", " do", "end"]],
    },
    Style {
        lang: Lang::Shell,
        comment: "# b",
        statement: "b",
        forms: &[["", "() {", "}"], ["function ", " {", "}"]],
    },
    Style {
        lang: Lang::Scala,
        comment: "// b",
        statement: "b()",
        forms: &[["def ", "() = {", "}"], ["object ", " {", "}"], ["class ", ":", ""]],
    },
    Style { lang: Lang::Json, comment: "", statement: "1,", forms: &[["\"", "\": {", "},"]] },
    Style { lang: Lang::Yaml, comment: "# b", statement: "- b", forms: &[["", ":", ""]] },
];

/// Definitions in definitions, of sizes around those of chunks.
fn write(style: &Style, random: &mut Random, depth: usize, text: &mut String) {
    let most = [3, 12, 40, 60][random.below(4)];
    for _ in 0..1 + random.below(most) {
        let indent = depth * 4;
        let line = match random.below(12) {
            0 => "",
            1 => style.comment,
            _ => style.statement,
        };
        *text += &format!("{:indent$}{line}", "");
        if random.below(60) == 0 {
            *text += &" b".repeat(random.below(1200));
        }
        *text += "\n";
        if depth < 5 && random.below(16) == 0 {
            for _ in 0..random.below(4) * random.below(8) {
                *text += &format!("{:indent$}{}\n", "", style.comment);
            }
            let [begin, middle, end] = style.forms[random.below(style.forms.len())];
            *text += &format!("{:indent$}{begin}name{}{middle}\n", "", random.below(100));
            write(style, random, depth + 1, text);
            *text += &format!("{:indent$}{end}\n", "");
        }
    }
}

#[test]
fn any_nesting_of_definitions_of_any_size() {
    let rounds = if cfg!(debug_assertions) { 40 } else { 2_000 };
    let mut random = Random(0xB02DE2);
    for style in STYLES {
        let (mut definitions, mut chunks) = (0, 0);
        for _ in 0..rounds {
            let mut text = String::new();
            while text.len() < 20_000 {
                write(style, &mut random, 0, &mut text);
            }
            let (found, cut) = read(style.lang, text.as_bytes());
            assert_eq!(check(text.as_bytes(), &found, &cut), 0, "{:?}", style.lang);
            (definitions, chunks) = (definitions + found.len(), chunks + cut.len());
        }
        assert!(definitions > chunks / 4, "{:?}: {definitions} in {chunks}", style.lang);
    }
}

#[test]
fn real_text() {
    for text in [
        include_str!("../chunk.rs"),
        include_str!("../head.rs"),
        include_str!("../lexer.rs"),
        include_str!("../lines/mod.rs"),
        include_str!("../../build/builder.rs"),
        include_str!("../../search/pool.rs"),
    ] {
        assert_eq!(exceptions(Lang::Rust, text), 0);
    }
    assert_eq!(exceptions(Lang::Markdown, include_str!("../../../../docs/format.md")), 0);
    assert_eq!(exceptions(Lang::Toml, include_str!("../../../../Cargo.toml")), 0);
}

/// A definition begun before the least size goes into the next chunk if it fits.
#[test]
fn a_definition_that_fits_is_whole_however_early_it_begins() {
    for begin in 1..24 {
        for lines in 3..=LINES {
            let body = "    b();\n".repeat(lines - 2);
            let text = format!("{}fn a() {{\n{body}}}\n", "c!();\n".repeat(begin)).repeat(4);
            assert_eq!(exceptions(Lang::Rust, &text), 0, "{begin} {lines}");
            // One whose name comes last.
            let text = text.replace("fn a()", "typedef struct").replace("\n}\n", "\n} a;\n");
            assert_eq!(exceptions(Lang::C, &text), 0, "{begin} {lines}");
        }
    }
    // By bytes, too.
    let wide = format!("    b({});\n", "1".repeat(180));
    for lines in 3..22 {
        let text = format!("{}fn a() {{\n{}}}\n", wide.repeat(9), wide.repeat(lines)).repeat(4);
        assert_eq!(exceptions(Lang::Rust, &text), 0, "{lines}");
    }
}

/// What comes after a definition that ends by indentation does not end it at once.
#[test]
fn comments_after_a_definition_are_not_part_of_it() {
    for text in ["# b\n", "\n"] {
        let text = format!(
            "x = 1\n{}def a():\n{}{}c()\n",
            "b()\n".repeat(20),
            "    b()\n".repeat(50),
            text.repeat(300)
        );
        assert_eq!(exceptions(Lang::Python, &text), 0);
    }
}

/// The exception: one ends on the line on which the next begins, and so on, so that
/// there is no border between them.
#[test]
fn definitions_that_share_lines() {
    let body = "    b();\n".repeat(40);
    let text = format!("function a() {{\n{body}}} ").repeat(5);
    assert!(exceptions(Lang::JavaScript, &text) > 0);
    let text = format!("function a() {{\n{body}}}\n").repeat(5);
    assert_eq!(exceptions(Lang::JavaScript, &text), 0);
}
