//! Definitions and uses, for people and for programs.
//!
//! ```text
//! src/retry.rs:41  Policy::with_backoff (method)
//!   41 │ pub fn with_backoff(&self, f: impl Fn())
//!      │ Runs `f` again, later and later.
//!
//! 1 use
//! src/main.rs
//!    9 │ policy.with_backoff(connect);  (call in main)
//! ```

use std::io::{self, Write};

use serde::Serialize;

use super::human::{Look, harmless};
use crate::engine::view::DocName;
use crate::symbols::definitions::container;
use crate::symbols::find::{Definition, Use, shortened};

/// The most characters of a line that people see.
const WIDTH: usize = 160;
/// The most bytes of a line that programs get.
const LONG: usize = 1000;

/// The part of an object that says which file it is about.
#[derive(Debug, Serialize)]
pub struct File<'a> {
    path: std::borrow::Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<std::borrow::Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<&'a [u8]>,
}

impl<'a> File<'a> {
    /// What programs get of a document's name.
    pub fn of(named: &'a DocName) -> File<'a> {
        let path = String::from_utf8_lossy(&named.path);
        let broken = matches!(path, std::borrow::Cow::Owned(_));
        File {
            path,
            root: named.root.as_deref().map(String::from_utf8_lossy),
            path_bytes: broken.then_some(&named.path),
        }
    }
}

/// A definition, for programs.
#[derive(Debug, Serialize)]
struct DefinitionObject<'a> {
    #[serde(flatten)]
    file: File<'a>,
    line: u32,
    end: u32,
    kind: &'static str,
    name: std::borrow::Cow<'a, str>,
    container: Option<String>,
    lang: &'static str,
    signature: &'a str,
    doc: Option<&'a str>,
}

/// A use, for programs.
#[derive(Debug, Serialize)]
struct UseObject<'a> {
    #[serde(flatten)]
    file: File<'a>,
    line: u32,
    column: u32,
    #[serde(rename = "use")]
    kind: &'static str,
    #[serde(rename = "in")]
    inside: Option<std::borrow::Cow<'a, str>>,
    lang: &'static str,
    text: String,
}

/// Writes a definition as one JSON object.
///
/// # Errors
/// What `out` reports.
pub fn definition_json(out: &mut impl Write, found: &Definition) -> io::Result<()> {
    let object = DefinitionObject {
        file: File::of(&found.named),
        line: found.line,
        end: found.end,
        kind: found.kind.name(),
        name: String::from_utf8_lossy(&found.name),
        container: container(&found.qualifier),
        lang: found.named.lang.name(),
        signature: &found.signature,
        doc: Some(&*found.doc).filter(|doc| !doc.is_empty()),
    };
    serde_json::to_writer(&mut *out, &object)?;
    writeln!(out)
}

/// Writes a use as one JSON object.
///
/// # Errors
/// What `out` reports.
pub fn use_json(out: &mut impl Write, used: &Use) -> io::Result<()> {
    let object = UseObject {
        file: File::of(&used.named),
        line: used.line,
        column: used.column,
        kind: used.kind.name(),
        inside: used.inside.as_deref().map(String::from_utf8_lossy),
        lang: used.named.lang.name(),
        text: shortened(&String::from_utf8_lossy(&used.text), LONG),
    };
    serde_json::to_writer(&mut *out, &object)?;
    writeln!(out)
}

impl Look {
    /// Writes a definition.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn definition(self, out: &mut impl Write, found: &Definition) -> io::Result<()> {
        self.path(out, &found.named.shown, found.named.file.as_deref())?;
        write!(out, ":")?;
        self.paint(out, "32", &found.line.to_string())?;
        write!(out, "  {}", harmless(&found.qualifier))?;
        self.paint(out, "1", &harmless(&found.name))?;
        writeln!(out, " ({})", found.kind.name())?;
        if !found.signature.is_empty() {
            self.paint(out, "2", &format!("{:>4} │ ", found.line))?;
            writeln!(out, "{}", harmless(shortened(&found.signature, WIDTH).as_bytes()))?;
        }
        if !found.doc.is_empty() {
            self.paint(out, "2", &format!("{:>4} │ ", ""))?;
            let doc = harmless(shortened(&found.doc, WIDTH).as_bytes());
            self.paint(out, "2", &doc)?;
            writeln!(out)?;
        }
        Ok(())
    }

    /// Writes a line that uses a name.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn reference(self, out: &mut impl Write, used: &Use) -> io::Result<()> {
        self.paint(out, "2", &format!("{:>4} │ ", used.line))?;
        let text = String::from_utf8_lossy(&used.text);
        write!(out, "{}  ", harmless(shortened(&text, WIDTH).as_bytes()))?;
        let kind = match &used.inside {
            Some(inside) => format!("({} in {})", used.kind.name(), harmless(inside)),
            None => format!("({})", used.kind.name()),
        };
        self.paint(out, "2", &kind)?;
        writeln!(out)
    }
}
