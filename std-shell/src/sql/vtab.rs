//! The adapter between [`Relation`]s and SQLite's virtual tables: the one place
//! in the shell, beside the opening of maps, that needs `unsafe`.
//!
//! SQLite asks a table how it would answer given certain constraints
//! (`best_index`), and then opens cursors and gives them the values (`filter`).
//! Which constraints were chosen travels from one to the other in the index
//! string: one entry of a column and a sign for each value.
#![allow(unsafe_code, reason = "rusqlite's traits for virtual tables are unsafe to implement")]

use std::borrow::Cow;
use std::ffi::{CStr, CString, c_int};
use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::vtab::{
    Context, Filters, IndexConstraintOp, IndexInfo, Module, VTab, VTabConfig, VTabConnection,
    VTabCursor,
};
use rusqlite::{Connection, Error, Result, ffi};

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type as SQL has it.
    pub kind: &'static str,
    /// It is an argument: `table(argument)`.
    pub hidden: bool,
    /// The relation is faster where it must equal something.
    pub keyed: bool,
    /// The relation is faster where it must begin with something.
    pub begun: bool,
}

/// What of a relation is asked for. Rows that do not fit `equal` and `begins` may
/// come all the same, unless the column is hidden.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Constraints {
    /// Columns, by number, that equal a value.
    pub equal: Vec<(usize, Value)>,
    /// Columns that begin with some bytes.
    pub begins: Vec<(usize, Vec<u8>)>,
    /// No more rows will be looked at.
    pub limit: Option<u64>,
}

impl Constraints {
    /// The text that the column must equal.
    pub fn text(&self, column: usize) -> Option<&str> {
        self.equal.iter().find(|(at, _)| *at == column).and_then(|(_, value)| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }
}

/// A table that is computed.
pub trait Relation: Send + Sync + 'static {
    /// Its columns.
    fn columns(&self) -> &'static [Column];
    /// About how many rows it has.
    fn size(&self) -> u64;
    /// Its rows.
    ///
    /// # Errors
    /// What is wrong with the question or with an image.
    fn rows<'r>(&'r self, asked: &Constraints) -> anyhow::Result<Box<dyn Rows + 'r>>;
}

/// Rows, one after the other.
pub trait Rows {
    /// Goes to the next row, at first to the first; false behind the last.
    ///
    /// # Errors
    /// An image is damaged.
    fn next(&mut self) -> anyhow::Result<bool>;
    /// A value of the row at hand.
    ///
    /// # Errors
    /// An image is damaged.
    fn value(&self, column: usize) -> anyhow::Result<Value>;
}

/// Makes `relation` a table of `db`.
///
/// # Errors
/// What SQLite reports.
pub fn register(db: &Connection, name: &str, relation: Arc<dyn Relation>) -> Result<()> {
    const MODULE: &Module<'static, VirtualTable> = &Module::eponymous_only_module();
    db.create_module(name, MODULE, Some(relation))
}

/// A virtual table.
#[repr(C)]
struct VirtualTable {
    /// SQLite's part.
    base: ffi::sqlite3_vtab,
    relation: Arc<dyn Relation>,
}

// SAFETY: the trait asks that the struct be `repr(C)` and begin with a
// `sqlite3_vtab`, so that a pointer to one is a pointer to the other: both are so
// above. `connect` sets it to its default, as SQLite demands of it.
unsafe impl<'v> VTab<'v> for VirtualTable {
    type Aux = Arc<dyn Relation>;
    type Cursor = Cursor<'v>;

    fn connect(
        db: &mut VTabConnection,
        aux: Option<&Self::Aux>,
        _module: &[u8],
        _database: &[u8],
        _table: &[u8],
        _args: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self)> {
        let relation = aux.ok_or_else(|| failed("a table without a relation"))?.clone();
        db.config(VTabConfig::Innocuous)?;
        let columns = relation.columns().iter().map(|column| {
            let hidden = if column.hidden { " hidden" } else { "" };
            format!("\"{}\" {}{hidden}", column.name, column.kind)
        });
        let schema = format!("create table x({})", columns.collect::<Vec<_>>().join(", "));
        let schema = CString::new(schema).map_err(failed)?;
        Ok((Cow::Owned(schema), VirtualTable { base: ffi::sqlite3_vtab::default(), relation }))
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        use IndexConstraintOp as Op;
        let columns = self.relation.columns();
        let mut plan = String::new();
        let (mut chosen, mut others, mut limit) = (vec![], false, None);
        let (mut equal, mut begins) = (false, false);
        for (at, constraint) in info.constraints().enumerate() {
            let operator = constraint.operator();
            let number = usize::try_from(constraint.column()).unwrap_or(usize::MAX);
            let column = columns.get(number);
            match operator {
                Op::SQLITE_INDEX_CONSTRAINT_LIMIT if constraint.is_usable() => limit = Some(at),
                Op::SQLITE_INDEX_CONSTRAINT_LIMIT => {}
                // Rows are skipped by SQLite, so more of them than the limit are needed.
                Op::SQLITE_INDEX_CONSTRAINT_OFFSET => others = true,
                Op::SQLITE_INDEX_CONSTRAINT_EQ if column.is_some_and(|c| c.keyed || c.hidden) => {
                    let hidden = column.is_some_and(|column| column.hidden);
                    if !constraint.is_usable() {
                        // An argument must be known before the table can be read.
                        if hidden {
                            return Ok(false);
                        }
                        others = true;
                    } else if info.collation(at)? == "BINARY" {
                        others |= !hidden;
                        equal = true;
                        chosen.push((at, number, '=', hidden));
                    } else {
                        others = true;
                    }
                }
                Op::SQLITE_INDEX_CONSTRAINT_GLOB if column.is_some_and(|c| c.begun) => {
                    others = true;
                    if constraint.is_usable() {
                        begins = true;
                        chosen.push((at, number, '*', false));
                    }
                }
                _ => others = true,
            }
        }
        if let Some(at) = limit.filter(|_| !others && info.num_of_order_by() == 0) {
            chosen.push((at, 0, '#', false));
        }
        for ((at, column, sign, omit), order) in chosen.into_iter().zip(1..) {
            let mut usage = info.constraint_usage(at);
            usage.set_argv_index(order);
            usage.set_omit(omit);
            plan.push_str(&format!("{column}{sign} "));
        }
        let size = self.relation.size().max(1);
        let rows = match (equal, begins) {
            (true, _) => 10.min(size),
            (_, true) => size / 10 + 1,
            _ => size,
        };
        info.set_idx_str(&plan);
        info.set_estimated_rows(i64::try_from(rows).unwrap_or(i64::MAX));
        // A scan costs for every row that there is, wanted or not.
        info.set_estimated_cost(if equal { 100.0 } else { size as f64 });
        Ok(true)
    }

    fn open(&'v mut self) -> Result<Cursor<'v>> {
        let base = ffi::sqlite3_vtab_cursor::default();
        Ok(Cursor { base, relation: &*self.relation, rows: None, row: 0, over: true })
    }
}

/// A place in the rows of a table.
#[repr(C)]
struct Cursor<'v> {
    /// SQLite's part.
    base: ffi::sqlite3_vtab_cursor,
    relation: &'v dyn Relation,
    rows: Option<Box<dyn Rows + 'v>>,
    row: i64,
    over: bool,
}

// SAFETY: as above, `repr(C)` and SQLite's part first. A cursor borrows its table,
// which SQLite disconnects only when all its cursors are closed.
unsafe impl VTabCursor for Cursor<'_> {
    fn filter(&mut self, _: c_int, plan: Option<&str>, args: &Filters<'_>) -> Result<()> {
        let mut asked = Constraints::default();
        for (entry, at) in plan.unwrap_or_default().split_terminator(' ').zip(0..) {
            let Some((at_sign, sign)) = entry.char_indices().last() else { continue };
            let column: usize = entry.get(..at_sign).unwrap_or_default().parse().map_err(failed)?;
            let value: Value = args.get(at)?;
            match (sign, value) {
                ('#', Value::Integer(limit)) => asked.limit = u64::try_from(limit).ok(),
                ('*', Value::Text(pattern)) => {
                    let fixed = pattern.split(['*', '?', '[']).next().unwrap_or_default();
                    asked.begins.push((column, fixed.as_bytes().to_vec()));
                }
                ('=', value) => asked.equal.push((column, value)),
                _ => {}
            }
        }
        self.row = 0;
        self.rows = Some(self.relation.rows(&asked).map_err(explained)?);
        self.next()
    }

    fn next(&mut self) -> Result<()> {
        self.row += 1;
        self.over = match &mut self.rows {
            Some(rows) => !rows.next().map_err(explained)?,
            None => true,
        };
        Ok(())
    }

    fn eof(&self) -> bool {
        self.over
    }

    fn column(&self, context: &mut Context, column: c_int) -> Result<()> {
        let value = match (&self.rows, usize::try_from(column)) {
            (Some(rows), Ok(column)) => rows.value(column).map_err(explained)?,
            _ => Value::Null,
        };
        context.set_result(value)
    }

    fn rowid(&self) -> Result<i64> {
        Ok(self.row)
    }
}

fn failed(why: impl ToString) -> Error {
    Error::ModuleError(why.to_string())
}

fn explained(error: anyhow::Error) -> Error {
    Error::ModuleError(format!("{error:#}"))
}
