//! `sigla sql`: questions in SQL, answered as a table, as lines or as JSON.

use std::io::{self, BufWriter, IsTerminal, Read, Write};

use anyhow::{Context, Result, bail};
use rusqlite::types::ValueRef;
use serde_json::{Map, Value};

use super::{Outcome, complain, note};
use crate::cli::SqlArgs;
use crate::output::human::harmless;
use crate::sql::{Output, schema};

/// The most characters of a column that people see.
const WIDTH: usize = 80;

/// Runs the command.
pub fn run(args: &SqlArgs) -> Result<Outcome> {
    let mut sql = match &args.sql {
        None => {
            writeln!(io::stdout(), "{}", schema())?;
            return Ok(Outcome::Done);
        }
        Some(sql) => sql.clone(),
    };
    if sql == "-" {
        sql.clear();
        io::stdin().read_to_string(&mut sql).context("cannot read standard input")?;
    }
    if !has_statement(&sql) {
        bail!(
            "there is no statement to run: try sigla sql 'select path, lang from documents', \
             or sigla sql alone for the tables that there are"
        );
    }
    let quiet = args.scope.machine.quiet;
    let (database, view) = args.scope.engine(&args.places).sql(&args.scope.choice())?;
    note(view.notes(), quiet);
    let mut out = BufWriter::new(io::stdout().lock());
    let aligned = !args.json && io::stdout().is_terminal();
    let mut names: Vec<String> = vec![];
    let mut table: Vec<Vec<String>> = vec![];
    let mut rows = 0_u64;
    database.run(&sql, |line| {
        match line {
            Output::Names(all) => names = all.to_vec(),
            Output::Row(row) => {
                rows += 1;
                let values = (0..names.len()).map(|at| row.get_ref(at));
                let values = values.collect::<rusqlite::Result<Vec<_>>>()?;
                if quiet {
                } else if args.json {
                    let object: Map<String, Value> =
                        names.iter().cloned().zip(values.into_iter().map(json)).collect();
                    serde_json::to_writer(&mut out, &object)?;
                    writeln!(out)?;
                } else if aligned {
                    table.push(values.into_iter().map(shown).collect());
                } else {
                    if rows == 1 {
                        writeln!(out, "{}", names.join("\t"))?;
                    }
                    let cells: Vec<String> = values.into_iter().map(cell).collect();
                    writeln!(out, "{}", cells.join("\t"))?;
                }
            }
        }
        Ok(())
    })?;
    if !table.is_empty() {
        align(&mut out, &names, &table)?;
    }
    out.flush()?;
    view.corpus().troubles().for_each(complain);
    Ok(match (view.corpus().troubles().next().is_some(), rows) {
        (true, _) => Outcome::Troubled,
        (false, 0) => Outcome::Nothing,
        (false, _) => Outcome::Done,
    })
}

/// Whether there is anything besides white space, comments and semicolons.
fn has_statement(mut sql: &str) -> bool {
    loop {
        sql = sql.trim_start_matches(|sign: char| sign.is_whitespace() || sign == ';');
        let comment = if sql.starts_with("--") { "\n" } else { "*/" };
        if !sql.starts_with("--") && !sql.starts_with("/*") {
            return !sql.is_empty();
        }
        sql = sql.split_once(comment).map_or("", |(_, rest)| rest);
    }
}

/// A value for programs: what is no text in UTF-8 as an array of its bytes.
fn json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into(),
        ValueRef::Blob(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => bytes.into(),
        },
    }
}

fn words(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into(),
    }
}

/// A value on one line without tabs.
fn cell(value: ValueRef<'_>) -> String {
    let text = words(value);
    let escaped = text.replace('\\', "\\\\").replace('\t', "\\t");
    escaped.replace('\n', "\\n").replace('\r', "\\r")
}

/// A value for people: its first line.
fn shown(value: ValueRef<'_>) -> String {
    let text = words(value);
    let mut lines = text.lines();
    let first = harmless(lines.next().unwrap_or_default().replace('\t', " ").as_bytes());
    let cut = first.chars().count() > WIDTH || lines.next().is_some();
    let kept: String = first.chars().take(WIDTH).collect();
    kept + if cut { "…" } else { "" }
}

/// Columns under their names.
fn align(out: &mut impl Write, names: &[String], table: &[Vec<String>]) -> io::Result<()> {
    let width = |column: usize| {
        let cells = table.iter().filter_map(|row| row.get(column)).chain(names.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    for row in std::iter::once(names).chain(table.iter().map(Vec::as_slice)) {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_semicolons_are_no_statement() {
        for nothing in ["", " \n", ";;", "-- select", "/* select */ ;", "/* open", "--a\n--b"] {
            assert!(!has_statement(nothing), "{nothing:?}");
        }
        for some in ["select 1", "-- a\nselect 1", "/* a */select 1", "/", "- 1"] {
            assert!(has_statement(some), "{some:?}");
        }
    }
}
