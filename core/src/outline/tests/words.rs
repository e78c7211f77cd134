//! Languages whose blocks are words or layout: any bytes.

use super::hostile::Random;
use super::{Lang, read};
use std::{format, string::String};

const LANGS: [Lang; 12] = [
    Lang::Ruby,
    Lang::Lua,
    Lang::Elixir,
    Lang::Shell,
    Lang::Haskell,
    Lang::Julia,
    Lang::R,
    Lang::Perl,
    Lang::OCaml,
    Lang::FSharp,
    Lang::PowerShell,
    Lang::Nix,
];

#[test]
fn any_fragments_in_any_order() {
    let fragments = [
        "def ",
        "function ",
        "class ",
        "module ",
        "end",
        "end\n",
        "do ",
        "do\n",
        "if ",
        "while ",
        "then ",
        "else\n",
        "case ",
        "fn ",
        "a",
        "B",
        ".",
        ":",
        "::",
        "=",
        "==",
        " = ",
        "?",
        "!",
        ",",
        ";",
        "(",
        ")",
        "[",
        "]",
        "[[",
        "]]",
        "[=[",
        "]=]",
        "{",
        "}",
        "|",
        "\n",
        "\n\n",
        "\r\n",
        "  ",
        "#",
        "--",
        "--[[",
        "#{",
        "\"",
        "'",
        "`",
        "\"\"\"",
        "'''",
        "/",
        "%",
        "%w[",
        "%(",
        "~s(",
        "~S\"\"\"",
        "<<~A\n",
        "<<'B'\n",
        "A\n",
        "<<",
        "\\",
        "$",
        "$\"",
        "@",
        "@doc ",
        "@type ",
        "=begin\n",
        "=end\n",
        "__END__\n",
        "\u{e9}",
        "\0",
        "->",
        "&",
        "unquote(",
        "end.x",
        "x ::",
        "let ",
        "f(x) = ",
        "sub a ",
        "s/",
        "qw(",
        "@\"\n",
        "\"@",
        "<#",
        "#=",
        "(*",
        "*)",
        "''",
        "<- ",
        "x: ",
        "[<",
        "member a.",
        "=head\n",
        "type 'a ",
        "instance A where ",
        "where\n",
        "{-",
        "`a` ",
        " <> ",
        "\n#if",
        "$(",
        "${",
        "$((",
        "a() {\n",
        "case x in\n",
        "esac\n",
        "$'",
        "$(",
        "$((",
        "${",
        "a(",
        "(",
        "{ ",
        "qw(",
        "s{",
        "s/",
        "f(",
        "a = ",
        "let (",
        "@\"\n",
        "''",
        "-",
    ];
    let rounds = if cfg!(debug_assertions) { 3_000 } else { 20_000 };
    let mut random = Random(0x0D0E4D);
    for _ in 0..rounds {
        let mut text = String::new();
        for _ in 0..random.below(120) {
            text += fragments[random.below(fragments.len())];
        }
        for lang in LANGS {
            read(lang, text.as_bytes());
        }
    }
}

#[test]
fn deep_nesting_is_counted() {
    let count = if cfg!(debug_assertions) { 30_000 } else { 300_000 };
    for (open, close) in [("do\n", "end\n"), ("\"#{", "}\""), ("def a\n", "end\n"), ("{", "}")] {
        for lang in LANGS {
            read(lang, open.repeat(count).as_bytes());
            read(lang, close.repeat(count).as_bytes());
            read(lang, format!("{}{}", open.repeat(count), close.repeat(count)).as_bytes());
        }
    }
    let text = format!("{}{}\ndef after; end\n", "do\n".repeat(count), "end\n".repeat(count));
    let (found, _) = read(Lang::Ruby, text.as_bytes());
    assert_eq!((found[0].definition.name, found[0].definition.depth), (&b"after"[..], 0));
}

#[test]
fn time_is_linear() {
    let size = if cfg!(debug_assertions) { 1 << 18 } else { 1 << 21 };
    let units = [
        "<<A",
        "<<A\n",
        "%(",
        "/",
        " /a",
        "?",
        "~s(",
        "[=",
        "]=",
        "[==[",
        "x = function ",
        "def ",
        "def a.",
        "a.",
        "@type ",
        "=\n",
        ",\n",
        "=begin\n",
        "f \"",
        "#{",
        "do ",
        "end ",
        "$'",
        "$(",
        "$((",
        "${",
        "a(",
        "(",
        "{ ",
        "qw(",
        "s{",
        "s/",
        "f(",
        "a = ",
        "let (",
        "@\"\n",
        "''",
        "-",
    ];
    for unit in units {
        let text = unit.repeat(size / unit.len());
        for lang in LANGS {
            read(lang, text.as_bytes());
        }
    }
}
