//! The commands that answer in symbols.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use sigla_core::outline::{Kind, Lang};

use super::{MachineArgs, RuleArgs, When, lang};
use crate::engine::Engine;
use crate::engine::scopes::Choice;
use crate::output::progress::Bar;
use crate::symbols::outline::{Outline, Reader};
use crate::tree::types::{Type, unknown};

/// Which documents may answer, and how what serves them is opened.
#[derive(Debug, Clone, Args)]
pub struct ScopeArgs {
    /// Only files of this language or type: see `sigla search --type-list`
    ///
    /// May be repeated: then any of them.
    #[arg(short = 't', long = "type", value_name = "TYPE", value_parser = Type::parse)]
    pub types: Vec<Type>,
    /// Only files that match, or with ! in front, none of these
    ///
    /// Relative to the place; may be repeated; the last that matches decides.
    #[arg(short, long, value_name = "GLOB")]
    pub glob: Vec<String>,
    /// Answer from the index as it is, without looking whether files have changed
    ///
    /// Files that are read for the answer are read as they are now even so.
    #[arg(long)]
    pub stale_ok: bool,
    /// Map images instead of reading and checking them: faster, but they must not change
    ///
    /// An image that is written to while it is mapped may give wrong answers, or end the program.
    #[arg(long)]
    pub mmap: bool,
    /// Which files.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// How much of the machine.
    #[command(flatten)]
    pub machine: MachineArgs,
}

impl ScopeArgs {
    /// What answers questions about `places`, with progress for the user.
    pub fn engine(&self, places: &[PathBuf]) -> Engine {
        let request = self.machine.request(places, &self.rules, self.stale_ok, self.mmap);
        Engine::with_progress(request, Bar::new(self.machine.quiet))
    }

    /// Which documents may answer.
    pub fn choice(&self) -> Choice<'_> {
        Choice { types: &self.types, globs: &self.glob }
    }
}

/// How texts are read for what they define and use.
#[derive(Debug, Clone, Copy, Args)]
pub struct ReadingArgs {
    /// Read C, C++, Go, Java, JavaScript, Python, Rust and TypeScript by syntax trees: slower
    ///
    /// tree-sitter reads what it can; a text that it cannot read is outlined as without the flag.
    #[cfg(feature = "precise")]
    #[arg(long)]
    pub precise: bool,
}

impl ReadingArgs {
    /// What reads them.
    pub fn reader(self) -> Reader {
        #[cfg(feature = "precise")]
        if self.precise {
            return |lang, text| Outline::precise(lang, text);
        }
        |lang, text| Outline::of(lang, text)
    }
}

/// `sigla symbol`
#[derive(Debug, Args)]
#[command(
    after_help = SYMBOL,
    mut_arg("quiet", |arg| arg.help("Print nothing: the exit code is the answer"))
)]
pub struct SymbolArgs {
    /// The name: open, Client::open, Client.open, net::Client::open, Client#open
    ///
    /// What stands before the last part may be a type, a namespace, a module or a folder. `::`, `.`,
    /// `#`, `/` and `\` part alike.
    pub name: String,
    /// Folders, files or images
    ///
    /// The index of a folder answers, and is built where there is none.
    #[arg(default_value = ".", value_name = "PLACE")]
    pub places: Vec<PathBuf>,
    /// Show where it is used, too
    ///
    /// Lines that call, import or mention the name in code. Words in comments and strings are no
    /// uses.
    #[arg(short, long)]
    pub refs: bool,
    /// Only symbols of this kind: function, method, struct, class, …
    ///
    /// May be repeated: then any of them.
    #[arg(short, long, value_name = "KIND", value_parser = kind)]
    pub kind: Vec<Kind>,
    /// Only this name, in this case
    ///
    /// Without it the name in another case answers where it is nowhere as it stands.
    #[arg(long, conflicts_with_all = ["prefix", "fuzzy"])]
    pub exact: bool,
    /// Every name that begins so
    ///
    /// In any case of letters.
    #[arg(long, conflicts_with = "fuzzy")]
    pub prefix: bool,
    /// Every name that resembles it: a part of it, misspelt, or its initials
    ///
    /// `wb` finds with_backoff; `fndby` finds find_by.
    #[arg(long)]
    pub fuzzy: bool,
    /// How uses are found.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// The most definitions to show, and the most lines of uses [default: 20, and 50 uses]
    ///
    /// Fewer are always the first of more.
    #[arg(short = 'n', long, visible_short_alias = 'm', value_name = "NUM",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// Print one JSON object a definition and a use, and one at the end
    ///
    /// Objects stand on a line each.
    #[arg(long)]
    pub json: bool,
    /// Print in colour
    ///
    /// `auto` colours on a terminal, unless NO_COLOR is set.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub color: When,
    /// Which documents.
    #[command(flatten)]
    pub scope: ScopeArgs,
}

const SYMBOL: &str = "Examples:
  sigla symbol with_backoff            where it is defined
  sigla symbol Client::open --refs     and where it is called, imported, mentioned
  sigla symbol 'Client.open' src       the same as Client::open, below src only
  sigla symbol wb --fuzzy -k function  functions like with_backoff, by their initials

Without --exact, --prefix or --fuzzy the best that there is answers: the name as it
stands, else in another case, else names that begin so, else names that resemble it.
A name may be qualified by what it belongs to: type, namespace, module, folder.

Exit code: 0 found, 1 nothing found, 2 an error";

/// `sigla outline`
#[derive(Debug, Args)]
#[command(after_help = OUTLINE)]
pub struct OutlineArgs {
    /// Files; - reads from standard input
    ///
    /// Any file, in any folder; what has no language that is known has no definitions.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How they are read.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// The language, instead of what the file's name and beginning say
    ///
    /// For standard input, and for files whose name misleads: a name or an extension.
    #[arg(short, long, value_name = "LANG", value_parser = lang)]
    pub lang: Option<Lang>,
    /// Only definitions that are nested less deep: 1 shows the outermost
    ///
    /// 2 shows the members of classes, too.
    #[arg(short, long, value_name = "NUM", value_parser = clap::value_parser!(u8).range(1..))]
    pub depth: Option<u8>,
    /// Only symbols of this kind: function, method, struct, class, …
    ///
    /// May be repeated: then any of them.
    #[arg(short, long, value_name = "KIND", value_parser = kind)]
    pub kind: Vec<Kind>,
    /// Print one JSON object a definition
    ///
    /// With the lines of its doc comment, its signature and what it belongs to.
    #[arg(long)]
    pub json: bool,
    /// Print in colour
    ///
    /// `auto` colours on a terminal, unless NO_COLOR is set.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub color: When,
}

const OUTLINE: &str = "Examples:
  sigla outline src/lib.rs             lines, kind, signature, first line of the doc
  sigla outline -d 1 src/*.rs          the outermost definitions of several files
  git show HEAD~9:a.py | sigla outline - --lang python

Needs no index, and reads any file. Exit code: 0 found, 1 no definitions, 2 an error";

/// `sigla map`
#[derive(Debug, Args)]
#[command(after_help = MAP)]
pub struct MapArgs {
    /// Folders, files or images
    ///
    /// All texts are read for it: who uses a name is in no index.
    #[arg(default_value = ".", value_name = "PLACE")]
    pub places: Vec<PathBuf>,
    /// About as many tokens (of four bytes) may the map have [default: 2000, or any with -n]
    ///
    /// For the context of a language model: the most important symbols come first, and as many as
    /// fit.
    #[arg(short, long, value_name = "TOKENS", value_parser = clap::value_parser!(u32).range(1..))]
    pub budget: Option<u32>,
    /// The most symbols to show
    ///
    /// Over all folders together.
    #[arg(short = 'n', long, visible_short_alias = 'm', value_name = "NUM")]
    pub limit: Option<u32>,
    /// How deep folders are told apart; those below count for the one above
    ///
    /// 1 tells the outermost folders apart.
    #[arg(short, long, value_name = "NUM", value_parser = clap::value_parser!(u8).range(1..))]
    pub depth: Option<u8>,
    /// Only symbols of this kind: function, method, struct, class, …
    ///
    /// May be repeated: then any of them.
    #[arg(short, long, value_name = "KIND", value_parser = kind)]
    pub kind: Vec<Kind>,
    /// Print one JSON object a folder, a file and a symbol, and one at the end
    ///
    /// Objects stand on a line each.
    #[arg(long)]
    pub json: bool,
    /// Print in colour
    ///
    /// `auto` colours on a terminal, unless NO_COLOR is set.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub color: When,
    /// Which documents.
    #[command(flatten)]
    pub scope: ScopeArgs,
}

const MAP: &str = "Examples:
  sigla map                   this project: folders, their files, their main symbols
  sigla map --budget 8000     more of it
  sigla map src -n 30         the 30 most important symbols below src
  sigla map --depth 1         the outermost folders only

A symbol counts the more, the more lines use it, above all in other files, and the fewer
define one of its name; tests, examples and others' code count little. ×N: lines that use it.

Exit code: 0 all well, 1 nothing is defined, 2 an error";

/// `sigla sql`
#[derive(Debug, Args)]
#[command(after_help = SQL)]
pub struct SqlArgs {
    /// The question; - reads it from standard input; without one the tables are listed
    ///
    /// One statement of SQLite that only reads.
    #[arg(value_name = "SELECT")]
    pub sql: Option<String>,
    /// Folders, files or images
    ///
    /// All of them are in the same tables; the column `place` tells them apart.
    #[arg(default_value = ".", value_name = "PLACE")]
    pub places: Vec<PathBuf>,
    /// Print one JSON object a row
    ///
    /// Its keys are the names of the columns.
    #[arg(long)]
    pub json: bool,
    /// Which documents.
    #[command(flatten)]
    pub scope: ScopeArgs,
}

const SQL: &str = "Examples:
  sigla sql \"select lang, count(*), sum(lines) from documents group by lang\"
  sigla sql \"select path, line, signature from symbols where name = 'open'\"
  sigla sql \"select path, line from search('retry backoff') limit 5\"
  sigla sql                    lists the tables and their columns

Read only. On a terminal columns are aligned; elsewhere they are separated by tabs, after
a line with their names. docs/sql.md describes the tables.

Exit code: 0 rows, 1 no rows, 2 an error";

/// The kind of that name.
fn kind(name: &str) -> Result<Kind, String> {
    Kind::from_name(name)
        .ok_or_else(|| unknown("kind", name, Kind::ALL.iter().map(|kind| kind.name())))
}
