//! The rows of the languages, a file each.

mod c;
mod elixir;
mod go;
mod javascript;
mod lua;
mod python;
mod ruby;
mod rust;
mod typescript;

use super::Lang;
use super::table::Row;

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
        Lang::Lua => &lua::ROW,
        Lang::Elixir => &elixir::ROW,
        _ => return None,
    })
}
