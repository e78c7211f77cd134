//! Which language a file is in: by its extension, its name, the `#!` line, or the
//! shape of its first lines.
//!
//! One row a language: number, name, extensions, whole file names, and the
//! interpreters of a `#!` line. Everything else is derived from the rows.

use super::log;

/// A language, as far as `lang:` filters and the outline tell them apart.
/// The numbers are part of the image format: new languages are appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each is the language of that name")]
pub enum Lang {
    /// Plain text, and everything that is not recognised.
    Text = 0,
    /// Lines of a log.
    Log,
    Markdown,
    Rust,
    Python,
    JavaScript,
    TypeScript,
    Go,
    C,
    Cpp,
    Java,
    CSharp,
    Kotlin,
    Swift,
    Scala,
    Ruby,
    Php,
    Perl,
    Lua,
    Shell,
    Sql,
    Html,
    Css,
    Xml,
    Json,
    Toml,
    Yaml,
    Ini,
    Make,
    CMake,
    Docker,
    Protobuf,
    Haskell,
    OCaml,
    Elixir,
    Erlang,
    Clojure,
    Lisp,
    Julia,
    R,
    Dart,
    Zig,
    Nim,
    Assembly,
    Rst,
    Tex,
    Diff,
    AsciiDoc,
    Hcl,
    GraphQl,
    Vue,
    Svelte,
    Notebook,
    Groovy,
    FSharp,
    PowerShell,
    Nix,
    ObjectiveC,
    Starlark,
}

/// How a language is recognised.
struct Known {
    lang: Lang,
    name: &'static str,
    extensions: &'static [&'static str],
    files: &'static [&'static str],
    interpreters: &'static [&'static str],
}

const fn known(
    lang: Lang,
    name: &'static str,
    extensions: &'static [&'static str],
    files: &'static [&'static str],
    interpreters: &'static [&'static str],
) -> Known {
    Known { lang, name, extensions, files, interpreters }
}

/// In the order of the numbers.
const KNOWN: [Known; 59] = [
    known(Lang::Text, "text", &["txt", "text"], &[], &[]),
    known(Lang::Log, "log", &["log"], &[], &[]),
    known(Lang::Markdown, "markdown", &["md", "markdown", "mdown", "mkd", "mdx"], &[], &[]),
    known(Lang::Rust, "rust", &["rs"], &[], &["rust-script"]),
    known(
        Lang::Python,
        "python",
        &["py", "pyi", "pyw", "pyx"],
        &["SConstruct", "SConscript", "wscript"],
        &["python", "pypy"],
    ),
    known(
        Lang::JavaScript,
        "javascript",
        &["js", "mjs", "cjs", "jsx"],
        &[],
        &["node", "nodejs", "bun"],
    ),
    known(
        Lang::TypeScript,
        "typescript",
        &["ts", "tsx", "mts", "cts"],
        &[],
        &["deno", "ts-node", "tsx"],
    ),
    known(Lang::Go, "go", &["go"], &[], &[]),
    known(Lang::C, "c", &["c", "h"], &[], &["tcc"]),
    known(
        Lang::Cpp,
        "cpp",
        &["cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "inl", "ipp", "tcc", "cu", "cuh"],
        &[],
        &[],
    ),
    known(Lang::Java, "java", &["java"], &[], &[]),
    known(Lang::CSharp, "csharp", &["cs", "csx"], &[], &[]),
    known(Lang::Kotlin, "kotlin", &["kt", "kts"], &[], &["kotlin"]),
    known(Lang::Swift, "swift", &["swift"], &[], &["swift"]),
    known(Lang::Scala, "scala", &["scala", "sc", "sbt"], &[], &["scala"]),
    known(
        Lang::Ruby,
        "ruby",
        &["rb", "rake", "gemspec"],
        &["Rakefile", "Gemfile", "Vagrantfile", "Podfile"],
        &["ruby", "jruby"],
    ),
    known(Lang::Php, "php", &["php", "phtml"], &[], &["php"]),
    known(Lang::Perl, "perl", &["pl", "pm", "t"], &[], &["perl"]),
    known(Lang::Lua, "lua", &["lua"], &[], &["lua", "luajit"]),
    known(
        Lang::Shell,
        "shell",
        &["sh", "bash", "zsh", "fish", "ksh"],
        &[".bashrc", ".bash_profile", ".profile", ".zshrc"],
        &["sh", "bash", "zsh", "dash", "ksh", "fish", "ash"],
    ),
    known(Lang::Sql, "sql", &["sql"], &[], &[]),
    known(Lang::Html, "html", &["html", "htm", "xhtml"], &[], &[]),
    known(Lang::Css, "css", &["css", "scss", "sass", "less"], &[], &[]),
    known(Lang::Xml, "xml", &["xml", "xsd", "xsl", "xslt", "svg"], &[], &[]),
    known(Lang::Json, "json", &["json", "jsonc", "json5", "jsonl", "ndjson"], &[], &[]),
    known(Lang::Toml, "toml", &["toml"], &["Cargo.lock", "poetry.lock"], &[]),
    known(Lang::Yaml, "yaml", &["yaml", "yml"], &[], &[]),
    known(
        Lang::Ini,
        "ini",
        &["ini", "cfg", "conf", "properties", "desktop"],
        &[".editorconfig", ".gitconfig"],
        &[],
    ),
    known(
        Lang::Make,
        "make",
        &["mk", "mak", "make"],
        &["Makefile", "makefile", "GNUmakefile"],
        &["make"],
    ),
    known(Lang::CMake, "cmake", &["cmake"], &["CMakeLists.txt"], &[]),
    known(Lang::Docker, "docker", &["dockerfile"], &["Dockerfile", "Containerfile"], &[]),
    known(Lang::Protobuf, "protobuf", &["proto"], &[], &[]),
    known(Lang::Haskell, "haskell", &["hs", "lhs"], &[], &["runhaskell"]),
    known(Lang::OCaml, "ocaml", &["ml", "mli"], &[], &["ocaml"]),
    known(Lang::Elixir, "elixir", &["ex", "exs"], &[], &["elixir"]),
    known(Lang::Erlang, "erlang", &["erl", "hrl"], &[], &["escript"]),
    known(Lang::Clojure, "clojure", &["clj", "cljs", "cljc", "edn"], &[], &["clojure", "bb"]),
    known(Lang::Lisp, "lisp", &["el", "lisp", "lsp", "cl", "scm", "rkt"], &[], &["sbcl", "guile"]),
    known(Lang::Julia, "julia", &["jl"], &[], &["julia"]),
    known(Lang::R, "r", &["r", "rmd"], &[], &["rscript"]),
    known(Lang::Dart, "dart", &["dart"], &[], &["dart"]),
    known(Lang::Zig, "zig", &["zig", "zon"], &[], &[]),
    known(Lang::Nim, "nim", &["nim", "nims"], &[], &["nim"]),
    known(Lang::Assembly, "assembly", &["s", "asm", "nasm"], &[], &[]),
    known(Lang::Rst, "rst", &["rst", "rest"], &[], &[]),
    known(Lang::Tex, "tex", &["tex", "sty", "cls", "bib"], &[], &[]),
    known(Lang::Diff, "diff", &["diff", "patch"], &[], &[]),
    known(Lang::AsciiDoc, "asciidoc", &["adoc", "asciidoc", "asc"], &[], &[]),
    known(Lang::Hcl, "hcl", &["tf", "hcl", "tfvars", "nomad"], &[], &[]),
    known(Lang::GraphQl, "graphql", &["graphql", "gql", "graphqls"], &[], &[]),
    known(Lang::Vue, "vue", &["vue"], &[], &[]),
    known(Lang::Svelte, "svelte", &["svelte"], &[], &[]),
    known(Lang::Notebook, "notebook", &["ipynb"], &[], &[]),
    known(Lang::Groovy, "groovy", &["groovy", "gradle", "gvy"], &["Jenkinsfile"], &["groovy"]),
    known(Lang::FSharp, "fsharp", &["fs", "fsi", "fsx"], &[], &["dotnet-fsi"]),
    known(Lang::PowerShell, "powershell", &["ps1", "psm1", "psd1"], &[], &["pwsh"]),
    known(Lang::Nix, "nix", &["nix"], &[], &[]),
    known(Lang::ObjectiveC, "objectivec", &["m", "mm"], &[], &[]),
    known(
        Lang::Starlark,
        "starlark",
        &["bzl", "bazel", "star", "sky"],
        &["BUILD", "BUCK", "WORKSPACE", "Tiltfile"],
        &[],
    ),
];

impl Lang {
    /// Bytes of a file that [`Lang::detect`] looks at.
    pub const HEAD: usize = log::LOOK;

    /// Every language, in the order of its number.
    #[allow(clippy::indexing_slicing, reason = "evaluated while compiling")]
    pub const ALL: [Lang; KNOWN.len()] = {
        let mut all = [Lang::Text; KNOWN.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = KNOWN[at].lang;
            at += 1;
        }
        all
    };

    /// The language of a file from its path and its first bytes ([`Lang::HEAD`] are
    /// enough): its whole name, else its extension in either case, else the
    /// interpreter of a `#!` line. Else it is a log, where its name or its first lines
    /// say so (JSON that is written line by line, too), or plain text.
    pub fn detect(path: &[u8], head: &[u8]) -> Lang {
        let file = path.rsplit(|&b| b == b'/' || b == b'\\').next().unwrap_or(path);
        let by_name = || find(|known| known.files.iter().any(|name| name.as_bytes() == file));
        let by_extension = || {
            let dot = file.iter().rposition(|&b| b == b'.')?;
            let extension = file.get(dot + 1..)?;
            find(|known| names(known.extensions, extension))
        };
        let by_interpreter = || {
            let interpreter = interpreter(head)?;
            find(|known| names(known.interpreters, interpreter))
        };
        let known = by_name().or_else(by_extension).or_else(by_interpreter).unwrap_or(Lang::Text);
        match known {
            Lang::Text if log::named(file) => Lang::Log,
            Lang::Text | Lang::Json if log::looks(head) => Lang::Log,
            known => known,
        }
    }

    /// The name that `lang:` and `--json` use.
    pub fn name(self) -> &'static str {
        KNOWN.get(usize::from(self as u8)).map_or("text", |known| known.name)
    }

    /// The extensions of its files, without the dot.
    pub fn extensions(self) -> &'static [&'static str] {
        KNOWN.get(usize::from(self as u8)).map_or(&[], |known| known.extensions)
    }

    /// The names of files that are in it whatever their extension.
    pub fn files(self) -> &'static [&'static str] {
        KNOWN.get(usize::from(self as u8)).map_or(&[], |known| known.files)
    }

    /// The language of that name or usual extension (`py`, `C++`), in either case.
    pub fn from_name(name: &str) -> Option<Lang> {
        find(|known| known.name.eq_ignore_ascii_case(name))
            .or_else(|| find(|known| names(known.extensions, name.as_bytes())))
    }

    /// The language of that number.
    pub fn from_u8(number: u8) -> Option<Lang> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

fn find(mut fits: impl FnMut(&Known) -> bool) -> Option<Lang> {
    KNOWN.iter().find(|known| fits(known)).map(|known| known.lang)
}

fn names(list: &[&str], word: &[u8]) -> bool {
    list.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(word))
}

/// `python` of `#!/usr/bin/env -S python3.12 -u`.
fn interpreter(head: &[u8]) -> Option<&[u8]> {
    let line = head.strip_prefix(b"#!")?.split(|&b| b == b'\n').next()?;
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let base = |word: &'_ [u8]| word.iter().rposition(|&b| b == b'/').map_or(0, |slash| slash + 1);
    let mut program = words.next()?;
    program = program.get(base(program)..)?;
    if program == b"env" {
        program = words.find(|word| !word.starts_with(b"-") && !word.contains(&b'='))?;
        program = program.get(base(program)..)?;
    }
    let version = program.iter().rposition(|b| !b.is_ascii_digit() && *b != b'.')?;
    program.get(..=version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_lead_back() {
        for (number, lang) in Lang::ALL.into_iter().enumerate() {
            assert_eq!(lang as usize, number);
            assert_eq!(Lang::from_u8(number as u8), Some(lang));
            assert_eq!(Lang::from_name(lang.name()), Some(lang));
        }
        assert_eq!(Lang::from_u8(Lang::ALL.len() as u8), None);
        assert_eq!(Lang::from_name("TypeScript"), Some(Lang::TypeScript));
        assert_eq!(Lang::from_name("c++"), Some(Lang::Cpp));
        assert_eq!(Lang::from_name("klingon"), None);
    }

    #[test]
    fn an_extension_is_claimed_once() {
        for (at, one) in KNOWN.iter().enumerate() {
            for other in &KNOWN[at + 1..] {
                for extension in one.extensions {
                    assert!(!other.extensions.contains(extension), "{extension}");
                }
            }
        }
    }

    #[test]
    fn detection() {
        let cases: [(&str, &str, Lang); 26] = [
            ("src/lib.rs", "", Lang::Rust),
            ("A.PY", "", Lang::Python),
            ("web/app.d.ts", "", Lang::TypeScript),
            ("web/App.tsx", "", Lang::TypeScript),
            ("x.mjs", "", Lang::JavaScript),
            ("include/x.H", "", Lang::C),
            ("x.hpp", "", Lang::Cpp),
            ("README.md", "", Lang::Markdown),
            ("var/boot.LOG", "", Lang::Log),
            ("var/app.log.1", "", Lang::Log),
            ("var/syslog", "Nov 30 22:44:48 a b\nNov 30 22:44:49 a c\n", Lang::Log),
            ("notes.md", "Nov 30 22:44:48 a b\nNov 30 22:44:49 a c\n", Lang::Markdown),
            ("app.log.rs", "", Lang::Rust),
            ("Makefile", "", Lang::Make),
            ("sub/CMakeLists.txt", "", Lang::CMake),
            ("notes.txt", "", Lang::Text),
            ("LICENSE", "", Lang::Text),
            ("dir.rs/file", "", Lang::Text),
            (".rs", "", Lang::Rust),
            ("run", "#!/bin/sh\nset -e", Lang::Shell),
            ("run", "#!/usr/bin/env python3.12 -u\n", Lang::Python),
            ("run", "#! /usr/bin/env -S A=1 node --x\n", Lang::JavaScript),
            ("run", "#!/usr/local/bin/python3\r\n", Lang::Python),
            ("run", "#!", Lang::Text),
            ("run", "#!/123", Lang::Text),
            ("", "", Lang::Text),
        ];
        for (path, head, lang) in cases {
            assert_eq!(Lang::detect(path.as_bytes(), head.as_bytes()), lang, "{path} {head}");
        }
    }
}
