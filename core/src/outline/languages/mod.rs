//! The rows of the languages, a file each.

mod asciidoc;
mod assembly;
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
mod html;
mod ini;
mod java;
mod javascript;
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
mod shell;
mod sql;
mod starlark;
mod swift;
mod tex;
mod toml;
mod typescript;
mod yaml;
mod zig;

use super::table::Row;
use super::{Lang, lines};

// Rows that others begin with.
static C: Row = c::ROW;
static JAVASCRIPT: Row = javascript::ROW;
static PYTHON: Row = python::ROW;

/// The row of a language that has one.
pub(super) fn row(lang: Lang) -> Option<&'static Row> {
    Some(match lang {
        Lang::Rust => &rust::ROW,
        Lang::Python => &PYTHON,
        Lang::JavaScript => &JAVASCRIPT,
        Lang::TypeScript => &typescript::ROW,
        Lang::Go => &go::ROW,
        Lang::C => &C,
        Lang::Ruby => &ruby::ROW,
        Lang::Shell => &shell::ROW,
        Lang::Haskell => &haskell::ROW,
        Lang::Julia => &julia::ROW,
        Lang::R => &r::ROW,
        Lang::Perl => &perl::ROW,
        Lang::OCaml => &ocaml::ROW,
        Lang::FSharp => &fsharp::ROW,
        Lang::PowerShell => &powershell::ROW,
        Lang::Nix => &nix::ROW,
        Lang::Lua => &lua::ROW,
        Lang::Elixir => &elixir::ROW,
        Lang::Cpp => &cpp::ROW,
        Lang::Java => &java::ROW,
        Lang::Kotlin => &kotlin::ROW,
        Lang::Swift => &swift::ROW,
        Lang::Scala => &scala::ROW,
        Lang::Php => &php::ROW,
        Lang::Zig => &zig::ROW,
        Lang::Dart => &dart::ROW,
        Lang::Groovy => &groovy::ROW,
        Lang::CSharp => &csharp::ROW,
        Lang::Protobuf => &protobuf::ROW,
        Lang::GraphQl => &graphql::ROW,
        Lang::Nim => &nim::ROW,
        Lang::ObjectiveC => &objc::ROW,
        Lang::Starlark => &starlark::ROW,
        _ => return None,
    })
}

/// The row of a language of lines that has one.
pub(super) fn lines(lang: Lang) -> Option<&'static lines::Row> {
    Some(match lang {
        Lang::Markdown => &markdown::ROW,
        Lang::Rst => &rst::ROW,
        Lang::AsciiDoc => &asciidoc::ROW,
        Lang::Tex => &tex::ROW,
        Lang::Make => &make::ROW,
        Lang::CMake => &cmake::ROW,
        Lang::Docker => &docker::ROW,
        Lang::Toml => &toml::ROW,
        Lang::Ini => &ini::ROW,
        Lang::Yaml => &yaml::ROW,
        Lang::Diff => &diff::ROW,
        Lang::Sql => &sql::ROW,
        Lang::Hcl => &hcl::ROW,
        Lang::Clojure => &clojure::ROW,
        Lang::Lisp => &lisp::ROW,
        Lang::Css => &css::ROW,
        Lang::Html => &html::ROW,
        Lang::Vue | Lang::Svelte => &component::ROW,
        Lang::Json => &json::ROW,
        Lang::Notebook => &notebook::ROW,
        Lang::Assembly => &assembly::ROW,
        Lang::Erlang => &erlang::ROW,
        _ => return None,
    })
}
