//! Any bytes: nothing panics, the chunks tile, the events nest, time is linear.

use super::read;
use crate::outline::{CHUNK_MAX, Lang, NESTING, Role, looked};
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
    Role::of(b"a", text);
}

/// Pieces of all languages that begin or end something.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "`",
    "/*",
    "*/",
    "//",
    "#",
    "--",
    ";",
    "%",
    "{-",
    "-}",
    "(*",
    "*)",
    "r##\"",
    "'''",
    "\"\"\"",
    "`${",
    "${",
    "#{",
    "#define x \\\n",
    "#define x /*",
    "#if a\n",
    "#endif\n",
    "\\",
    "/",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "#[",
    "@a(",
    "@",
    "fn a(",
    "impl<",
    "impl",
    "const (",
    "func (",
    "class A",
    "typedef ",
    "typedef struct {",
    "```\n",
    "~~~\n",
    "<!--",
    "-->",
    "---\n",
    "===\n",
    "int f(",
    "x = (",
    "a: ",
    "struct ",
    "'\\",
    "\r",
    "<<A\n",
    "<<-'B'\n",
    "%w(",
    "%Q{",
    "~s(",
    "[==[",
    "]==]",
    "--[[",
    "=begin\n",
    "=end\n",
    "__END__\n",
    "R\"x(",
    "@\"",
    "$\"",
    "$\"{",
    "f\"{",
    "f'''{",
    "{|",
    "[a|",
    "|]",
    "a <- \\(b) ",
    "a = (*) ",
    "|}",
    "r\"-(",
    "= <a>",
    "<a b='",
    "</a>",
    "<>",
    "/>",
    "#if 0\n",
    "#else\n",
    "int f(a) int a; {",
    "@interface A\n",
    "@interface ",
    "@property ",
    "abstract ",
    "abstract type ",
    "@end\n",
    "- (a)b:c {\n",
    "a(name = \"b\"",
    "type\n  A = object\n",
    "proc a() =\n",
    "a() ->\n",
    "b.\n",
    "s,a,",
    "<<< A\n",
    "extension (a) ",
    "$$",
    "$a$",
    "def a\n",
    "end\n",
    "do\n",
    "if x\n",
    "case x in\n",
    "esac\n",
    "then\n",
    "fi\n",
    "function f()\n",
    "module A where\n",
    "where\n",
    "let\n",
    "create table a (",
    "begin\n",
    "(defn a ",
    "(defun ",
    "#|",
    "|#",
    "define a\n",
    "endef\n",
    "a:\n",
    "\tb\n",
    "function(a)\n",
    "endfunction()\n",
    "FROM a AS b\n",
    "\\section{",
    "\\begin{verbatim}\n",
    "[a]\n",
    "- a:\n",
    "  a: |\n",
    "\"a\": {\n",
    "\"cell_type\": \"code\",\n",
    "\"source\": [\n",
    "\"def a():\\n\",\n",
    "<script>\n",
    "</script>\n",
    "<h1>",
    "<style>\n",
    ".a {\n",
    "resource \"a\" \"b\" {\n",
    "import a;",
    "use a;",
    "=> ",
    "<?php ",
    "?>",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "\t",
    "\0",
    "a",
    "A.b(",
    "\u{e9}",
    "\u{FEFF}",
    "\u{4e2d}",
];

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
    for opening in PIECES {
        for tail in
            ["", "\n", "\r\n", "\r", "\\", "\\\n", "\nfn a() {}\n", " \u{e9}", "\0", "}", "}\n}"]
        {
            all(format!("{opening}{tail}").as_bytes());
            all(format!("{opening}{tail}").repeat(20).as_bytes());
        }
    }
}

/// What is repeated may be read again, but only so often as a constant says.
#[test]
fn work_is_linear() {
    let size = 1 << 15;
    let mut random = Random(0x11AEA2);
    let mixed = (0..if cfg!(debug_assertions) { 200 } else { 5_000 }).map(|_| {
        let mut unit = String::new();
        for _ in 0..2 + random.below(4) {
            unit += PIECES[random.below(PIECES.len())];
        }
        unit
    });
    for unit in PIECES.iter().map(|&piece| String::from(piece)).chain(mixed) {
        let text = unit.repeat(size / unit.len());
        for lang in Lang::ALL {
            let looked = looked(lang, text.as_bytes());
            assert!(looked <= 8 * text.len() as u64, "{lang:?} {unit:?}: {looked}");
        }
    }
}

#[test]
fn deep_nesting_is_counted() {
    for (open, close) in [
        ("{", "}"),
        ("(", ")"),
        ("`${", "}`"),
        ("/*", "*/"),
        ("fn a(){", "}"),
        ("<", ">"),
        ("do\n", "end\n"),
        ("#{\"", "\"}"),
    ] {
        let count = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };
        for lang in Lang::ALL {
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
    let size = if cfg!(debug_assertions) { 1 << 17 } else { 50 << 20 };
    for unit in ["a", "a/", "'", "{;", "/[", "\u{e9}x ", "a=(", "#\"", "f (", "import a;", "<h1>"] {
        let text = unit.repeat(size / unit.len());
        for lang in Lang::ALL {
            let (_, cut) = read(lang, text.as_bytes());
            assert!(cut.len() <= text.len() / (CHUNK_MAX - 3) + 1);
        }
        Role::of(b"a.js", text.as_bytes());
    }
}

#[test]
fn a_name_of_100_kilobytes() {
    let name = "n\u{e9}".repeat(40_000);
    let texts = [
        (Lang::Rust, format!("fn {name}() {{}}\n")),
        (Lang::C, format!("int {name}(void) {{}}\n")),
        (Lang::Java, format!("class {name} {{}}\n")),
        (Lang::Ruby, format!("def {name}\nend\n")),
        (Lang::Markdown, format!("# {name}\n")),
        (Lang::Make, format!("{name}:\n\tx\n")),
        (Lang::Lisp, format!("(defun {name} ())\n")),
    ];
    for (lang, text) in texts {
        let (found, _) = read(lang, text.as_bytes());
        assert!(found.len() <= 1, "{lang:?}");
    }
    for lang in Lang::ALL {
        read(lang, name.as_bytes());
        read(lang, format!("class {name}:\ndef {name}\n\\section{{{name}").as_bytes());
    }
}

#[test]
fn mixed_line_ends_and_nul_bytes() {
    let source = include_str!("../lexer.rs");
    let mut random = Random(0x0DDE);
    for lang in Lang::ALL {
        let mut text = Vec::new();
        for line in source.lines().take(300) {
            text.extend_from_slice(line.as_bytes());
            let end = ["\n", "\r\n", "\r", "\0\n", "\n\r"][random.below(5)];
            text.extend_from_slice(end.as_bytes());
        }
        read(lang, &text);
    }
}

/// A file may be in any language but the one that its name says.
#[test]
fn files_that_lie_about_their_language() {
    let sources = [
        include_str!("../lexer.rs"),
        include_str!("../../../../docs/format.md"),
        include_str!("../../../../Cargo.toml"),
        include_str!("python.rs"),
    ];
    for source in sources {
        all(source.as_bytes());
    }
}

#[test]
fn random_fragments() {
    let rounds = if cfg!(debug_assertions) { 1_000 } else { 50_000 };
    let mut random = Random(0x5EED);
    let words = [
        "fn ",
        "class ",
        "def ",
        "async ",
        "const ",
        "func ",
        "type ",
        "struct ",
        "enum ",
        "export ",
        "default ",
        "function ",
        "interface ",
        "extern \"C\" ",
        "X = ",
        ".",
        "*",
        "|",
        "=",
        ",",
        ":",
    ];
    for _ in 0..rounds {
        let mut text = String::new();
        for _ in 0..random.below(120) {
            let piece = random.below(PIECES.len() + words.len());
            text += PIECES.get(piece).unwrap_or_else(|| &words[piece - PIECES.len()]);
        }
        for lang in Lang::ALL {
            read(lang, text.as_bytes());
        }
    }
}

#[test]
fn random_bytes() {
    let mut random = Random(0xB17E5);
    for _ in 0..500 {
        let bytes: Vec<u8> = (0..random.below(9000)).map(|_| random.below(256) as u8).collect();
        for lang in Lang::ALL {
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

/// Found by fuzzing: what was read ahead for the ends of elements was a constant, much
/// for a short text; the end of a string was looked for behind each code in it.
#[test]
fn work_is_linear_in_short_texts() {
    for unit in ["= <a\n", "= <a>\n", "= <>", "= <a b='", "${}\n"] {
        let text = format!("{}`{}`", unit.repeat(40), unit.repeat(40));
        let looked = looked(Lang::JavaScript, text.as_bytes());
        assert!(looked <= 8 * text.len() as u64 + 64, "{unit:?}: {looked} of {}", text.len());
    }
}

/// Found by fuzzing: each blank line asked what word stands before it.
#[test]
fn a_long_word_is_not_looked_through_at_each_line_after_it() {
    let text = format!("{{ var {}{} b }}", "a".repeat(200), "\n".repeat(200));
    for lang in Lang::ALL {
        let looked = looked(lang, text.as_bytes());
        assert!(looked <= 8 * text.len() as u64 + 64, "{lang:?}: {looked} of {}", text.len());
    }
}
