//! Any bytes: nothing panics, the chunks tile, the events nest, time is linear.

use super::read;
use crate::outline::{CHUNK_MAX, Lang, NESTING};
use std::{format, string::String, vec::Vec};

/// A small generator (xorshift), so that a failure can be repeated.
pub(super) struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }
}

fn all(text: &[u8]) {
    for lang in Lang::ALL {
        read(lang, text);
    }
}

#[test]
fn every_byte() {
    let bytes: Vec<u8> = (0..=255).collect();
    all(&bytes);
    all(&bytes.repeat(40));
    for byte in 0..=255 {
        all(&[byte]);
        all(&[byte; 300]);
        all(&[b'f', b'n', b' ', byte, b'\n', byte]);
    }
}

#[test]
fn unterminated() {
    let openings = [
        "\"",
        "'",
        "`",
        "/*",
        "r##\"",
        "'''",
        "\"\"\"",
        "`${",
        "`${`",
        "#define x \\",
        "#define x /*",
        "\\",
        "/",
        "(",
        "[",
        "{",
        "#[",
        "@a(",
        "fn a(",
        "impl<",
        "impl",
        "const (",
        "func (",
        "class A",
        "typedef ",
        "typedef struct {",
        "```",
        "<!--",
        "---",
        "int f(",
        "x = (",
        "a: ",
        "struct",
        "'\\",
        "\r",
    ];
    for opening in openings {
        for tail in
            ["", "\n", "\r\n", "\r", "\\", "\\\n", "\nfn a() {}\n", " \u{e9}", "\0", "}", "}\n}"]
        {
            all(format!("{opening}{tail}").as_bytes());
            all(format!("{opening}{tail}").repeat(50).as_bytes());
        }
    }
}

#[test]
fn deep_nesting_is_counted() {
    for (open, close) in
        [("{", "}"), ("(", ")"), ("`${", "}`"), ("/*", "*/"), ("fn a(){", "}"), ("<", ">")]
    {
        let count = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
        for lang in [Lang::Rust, Lang::Python, Lang::TypeScript, Lang::Go, Lang::C] {
            read(lang, open.repeat(count).as_bytes());
            read(lang, close.repeat(count).as_bytes());
        }
        let text = format!("{}{};\nfn after() {{}}\n", open.repeat(count), close.repeat(count));
        let (found, _) = read(Lang::Rust, text.as_bytes());
        if open != "`${" {
            let last = &found.last().expect("the last one").definition;
            assert_eq!((last.name, last.depth), (&b"after"[..], 0), "{open}");
        }
        assert!(found.len() <= NESTING + 1);
    }
}

#[test]
fn one_line_of_many_megabytes() {
    let size = if cfg!(debug_assertions) { 2 << 20 } else { 100 << 20 };
    for unit in ["a", "a/", "'", "{;", "/[", "\u{e9}x ", "a=(", "#\"", "f ("] {
        let text = unit.repeat(size / unit.len());
        for lang in [Lang::Text, Lang::JavaScript, Lang::C, Lang::Rust] {
            let (_, cut) = read(lang, text.as_bytes());
            assert!(cut.len() <= text.len() / (CHUNK_MAX - 3) + 1);
        }
    }
}

#[test]
fn random_fragments() {
    let fragments = [
        "fn ",
        "a",
        "impl",
        " for ",
        "B",
        "<",
        ">",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ";",
        ",",
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "    ",
        "\t",
        "/*",
        "*/",
        "//",
        "#",
        "#[",
        "@",
        "\"",
        "'",
        "`",
        "${",
        "\\",
        "r#\"",
        "\"#",
        "'''",
        "\"\"\"",
        "=",
        "=>",
        "class ",
        "def ",
        "async ",
        "const ",
        "func ",
        "type ",
        "struct ",
        "typedef ",
        "#define X ",
        "export ",
        "default ",
        "function ",
        "interface ",
        "```",
        "---\n",
        "===\n",
        "# T\n",
        "\u{e9}",
        "\u{FEFF}",
        "\0",
        ":",
        ".",
        "*",
        "|",
        "/",
        "extern \"C\" ",
        "enum ",
        "X = ",
    ];
    let rounds = if cfg!(debug_assertions) { 3_000 } else { 100_000 };
    let mut random = Random(0x5EED);
    for _ in 0..rounds {
        let mut text = String::new();
        for _ in 0..random.below(120) {
            text += fragments[random.below(fragments.len())];
        }
        for lang in Lang::ALL.into_iter().take(Lang::C as usize + 1) {
            read(lang, text.as_bytes());
        }
    }
}

#[test]
fn random_bytes() {
    let mut random = Random(0xB17E5);
    for _ in 0..500 {
        let bytes: Vec<u8> = (0..random.below(9000)).map(|_| random.below(256) as u8).collect();
        for lang in Lang::ALL.into_iter().take(Lang::C as usize + 1) {
            read(lang, &bytes);
        }
    }
}

#[test]
fn any_cut_of_a_file() {
    let source = include_str!("../lexer.rs");
    for end in (0..source.len()).step_by(if cfg!(debug_assertions) { 97 } else { 1 }) {
        read(Lang::Rust, &source.as_bytes()[..end]);
        read(Lang::TypeScript, &source.as_bytes()[end..]);
    }
}
