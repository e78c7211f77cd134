//! The rows of the languages, a file each.

mod asciidoc;
mod c;
mod cmake;
mod cpp;
mod csharp;
mod diff;
mod docker;
mod elixir;
mod go;
mod ini;
mod java;
mod javascript;
mod lua;
mod make;
mod markdown;
mod python;
mod rst;
mod ruby;
mod rust;
mod shell;
mod tex;
mod toml;
mod typescript;
mod yaml;

use super::table::Row;
use super::{Lang, lines};

static JAVASCRIPT: Row = javascript::ROW;

/// The row of a language that has one.
pub(super) fn row(lang: Lang) -> Option<&'static Row> {
    Some(match lang {
        Lang::Rust => &rust::ROW,
        Lang::Python => &python::ROW,
        Lang::JavaScript => &JAVASCRIPT,
        Lang::TypeScript => &typescript::ROW,
        Lang::Go => &go::ROW,
        Lang::C => &c::ROW,
        Lang::Ruby => &ruby::ROW,
        Lang::Shell => &shell::ROW,
        Lang::Lua => &lua::ROW,
        Lang::Elixir => &elixir::ROW,
        Lang::Cpp => &cpp::ROW,
        Lang::Java => &java::ROW,
        Lang::CSharp => &csharp::ROW,
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
        _ => return None,
    })
}
