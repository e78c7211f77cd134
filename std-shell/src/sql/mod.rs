//! Documents, symbols and uses as tables of SQLite.
//!
//! A database in memory holds no table but virtual ones ([`tables`]), which read
//! images and texts when they are asked; the catalogue of the index is attached
//! beside them. Nothing is written, neither by an index run nor by a question: an
//! authorizer refuses whatever is no reading.

pub mod tables;
mod vtab;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::engine::Engine;
use crate::engine::opening::Body;
use crate::engine::scopes::Choice;
use crate::engine::view::View;
use crate::store::catalogue::read_only_uri;
use tables::{TABLES, Table};

/// A database over what may answer.
pub struct Database {
    db: Connection,
}

impl Database {
    /// The tables over `view`. Costs the same for every size.
    ///
    /// # Errors
    /// A segment is damaged, the catalogue cannot be read.
    pub fn open(view: Arc<View>) -> Result<Database> {
        let mut db = Connection::open_with_flags(
            ":memory:",
            OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX
                | OpenFlags::SQLITE_OPEN_URI,
        )?;
        let segments = view.segments()?;
        let documents = segments.iter().map(|s| u64::from(s.image.meta().documents)).sum();
        drop(segments);
        for (number, (name, _)) in TABLES.iter().enumerate() {
            let table = Table { number, view: Arc::clone(&view), documents };
            vtab::register(&db, name, Arc::new(table))?;
        }
        if let [Body::Tree { place, current, .. }] = view.corpus().bodies()
            && current.index.generation().is_some()
        {
            attach(&db, &place.folder.catalogue())?;
        }
        db.authorizer(Some(only_reading))?;
        Ok(Database { db })
    }

    /// Runs one statement and hands its columns' names, then each row, to `take`.
    ///
    /// # Errors
    /// The statement is wrong, with a hint at what there is; `take` fails.
    pub fn run(&self, sql: &str, mut take: impl FnMut(Output<'_, '_>) -> Result<()>) -> Result<()> {
        let mut statement = self.db.prepare(sql).map_err(explain)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        take(Output::Names(&names))?;
        let mut rows = statement.query([]).map_err(explain)?;
        while let Some(row) = rows.next().map_err(explain)? {
            take(Output::Row(row))?;
        }
        Ok(())
    }
}

impl Engine {
    /// The tables over what `choice` lets answer, and the same for whoever wants to tell of it.
    ///
    /// # Errors
    /// As [`Engine::view`] and [`Database::open`].
    pub fn sql(&self, choice: &Choice<'_>) -> Result<(Database, Arc<View>)> {
        let view = Arc::new(self.view(choice)?);
        Ok((Database::open(Arc::clone(&view))?, view))
    }
}

/// What [`Database::run`] gives.
pub enum Output<'l, 's> {
    /// The names of the columns, once, first.
    Names(&'l [String]),
    /// A row.
    Row(&'l rusqlite::Row<'s>),
}

/// The catalogue that is at `path`, as `catalogue`.
fn attach(db: &Connection, path: &Path) -> Result<()> {
    db.execute("attach ? as catalogue", [read_only_uri(path)])
        .with_context(|| format!("cannot read the catalogue {}", path.display()))?;
    Ok(())
}

fn only_reading(asked: AuthContext<'_>) -> Authorization {
    match asked.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => {
            Authorization::Allow
        }
        AuthAction::Function { function_name } if function_name != "load_extension" => {
            Authorization::Allow
        }
        // What `pragma table_list` and `table_xinfo` need to tell.
        AuthAction::Pragma { pragma_name, .. }
            if pragma_name.starts_with("table_") || pragma_name.ends_with("_list") =>
        {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }
}

fn explain(error: rusqlite::Error) -> anyhow::Error {
    let message = error.to_string();
    if let rusqlite::Error::MultipleStatement = error {
        return anyhow!("one statement at a time");
    }
    let denied = error.sqlite_error_code() == Some(ErrorCode::AuthorizationForStatementDenied)
        || message.contains("not authorized")
        || message.contains("may not be modified")
        || message.contains("may not be altered");
    if denied {
        return anyhow!(
            "sigla sql only reads: ask with select; files and indexes stay as they are"
        );
    }
    let unknown = ["no such table", "no such column", "no such function"];
    if unknown.iter().any(|what| message.contains(what)) || message.contains("syntax error") {
        return anyhow!("{message}\n\n{}", schema());
    }
    anyhow!(message)
}

/// The tables and their columns, for people.
pub fn schema() -> String {
    let mut text = String::from("tables:\n");
    for (name, columns) in TABLES {
        let arguments = columns.iter().filter(|column| column.hidden).map(|column| column.name);
        let arguments = arguments.collect::<Vec<_>>().join(", ");
        let call = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
        let shown = columns.iter().filter(|column| !column.hidden).map(|column| column.name);
        let shown = shown.collect::<Vec<_>>().join(", ");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name}{call}: {shown}");
    }
    text + "of the index, where there is one:\n  \
            catalogue.files, .directories, .segments, .generations\n\
            sigla sql --help has examples, docs/sql.md describes them"
}
