//! The flags of an exact search: those of grep and ripgrep, as far as they fit.

use std::ffi::OsString;
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{ArgGroup, Args};

use super::SearchArgs;
use crate::engine::exact::pattern::{Case, How};

/// What `sigla search` looks for exactly, and how it prints that.
#[derive(Debug, Clone, Args)]
#[command(
    next_help_heading = "Exact search",
    group = ArgGroup::new("exact").multiple(true).args(["literal", "regex", "regexp", "file"]),
)]
pub struct ExactArgs {
    /// Print every line that holds the query as it is written, as grep -F would
    ///
    /// An index reads only the files that may hold it; a file, a pipe or a tree without an index is
    /// read as it is. The lines are those that grep prints.
    #[arg(short = 'F', long, visible_alias = "fixed-strings", conflicts_with = "regex")]
    pub literal: bool,
    /// Print every line that the query matches as a regular expression
    ///
    /// The syntax is that of Rust's crate regex, as in ripgrep: no look-around, no back-references,
    /// but linear in the text.
    #[arg(long)]
    pub regex: bool,
    /// A regular expression, with -F a text, in place of the query; may be repeated
    ///
    /// A line is printed where any of them matches. With -F each is a text. A pattern may begin with
    /// a dash.
    #[arg(short = 'e', long, value_name = "PATTERN", allow_hyphen_values = true)]
    pub regexp: Vec<OsString>,
    /// The same from a file, one a line; - is standard input
    ///
    /// An empty line matches every line, as in grep.
    #[arg(short = 'f', long, value_name = "FILE")]
    pub file: Vec<PathBuf>,
    /// Let letters match in any case
    ///
    /// By Unicode's simple case folding.
    #[arg(short, long, requires = "exact")]
    pub ignore_case: bool,
    /// The same, unless the query has an upper-case letter
    ///
    /// Of several patterns, all of them count together. Escapes such as \S are no letters.
    #[arg(short = 'S', long, requires = "exact", conflicts_with = "ignore_case")]
    pub smart_case: bool,
    /// Match whole words only
    ///
    /// Before and behind a match stands no letter, digit or underscore.
    #[arg(short, long = "word-regexp", requires = "exact")]
    pub word: bool,
    /// Match whole lines only
    ///
    /// As if every pattern stood between ^ and $.
    #[arg(short = 'x', long = "line-regexp", requires = "exact")]
    pub line: bool,
    /// Print the lines that do not match
    ///
    /// With -l and -c, too, it is the lines that do not match that count.
    #[arg(short = 'v', long = "invert-match", requires = "exact")]
    pub invert: bool,
    /// Let a match of an expression go over several lines
    ///
    /// \n and \s then match the ends of lines; a dot matches none of them. A file is held whole.
    #[arg(short = 'U', long, requires = "exact")]
    pub multiline: bool,
    /// Print what matches, each match on a line
    ///
    /// Empty matches are not printed. With --json the spans stand beside their lines in any case.
    #[arg(short, long, requires = "exact", conflicts_with = "files_with_matches")]
    pub only_matching: bool,
    /// Lines to show behind each
    ///
    /// Goes before -C on its side.
    #[arg(short = 'A', long, value_name = "NUM", requires = "exact")]
    pub after_context: Option<u16>,
    /// Lines to show before each
    ///
    /// Goes before -C on its side.
    #[arg(short = 'B', long, value_name = "NUM", requires = "exact")]
    pub before_context: Option<u16>,
    /// Print how many lines match in each file that has some, with -o how many matches
    ///
    /// With a single file that was named only the number is printed, as grep does.
    #[arg(short, long, requires = "exact", conflicts_with_all = ["json", "files_with_matches"])]
    pub count: bool,
    /// Search binary files as if they were text; reads all files, without an index
    ///
    /// A file counts as binary where it holds a NUL; of one that matches only that is said.
    #[arg(short = 'a', long, requires = "exact")]
    pub text: bool,
    /// Follow symbolic links; reads all files, without an index
    ///
    /// A link that leads back to a folder above it is left out, and said.
    #[arg(short = 'L', long)]
    pub follow: bool,
    /// End each path with a NUL
    ///
    /// For xargs -0. Goes with -l, --files and the lines of an exact search.
    #[arg(short = '0', long, conflicts_with = "json")]
    pub null: bool,
    /// Print the paths of the files that would be read, binary ones, too; there is no query
    ///
    /// What the rules, -g and -t leave. Nothing is indexed for it.
    #[arg(long, conflicts_with_all = ["exact", "json", "explain", "words", "count"])]
    pub files: bool,
    /// Print the types that -t knows, and the globs of their files
    ///
    /// Languages that sigla outlines, and ripgrep's types.
    #[arg(long)]
    pub type_list: bool,
}

impl ExactArgs {
    /// Whether the search is an exact one.
    pub fn wanted(&self) -> bool {
        self.literal || self.regex || self.brings_patterns()
    }

    /// Whether there is no query, as flags take its place.
    fn brings_patterns(&self) -> bool {
        !self.regexp.is_empty() || !self.file.is_empty()
    }

    /// How the patterns are meant.
    pub fn how(&self) -> How {
        let case = match (self.ignore_case, self.smart_case) {
            (true, _) => Case::Any,
            (_, true) => Case::Smart,
            _ => Case::Exact,
        };
        let (word, line) = (self.word, self.line);
        let (regex, multiline, invert) = (!self.literal, self.multiline, self.invert);
        How { regex, case, word, line, multiline, invert }
    }
}

impl SearchArgs {
    /// The places, in the order in which they were named.
    pub fn places(&self) -> Vec<PathBuf> {
        let query = self.query.iter().filter(|_| self.exact.brings_patterns() || self.exact.files);
        let mut places: Vec<PathBuf> = query.map(PathBuf::from).collect();
        places.extend(self.named.iter().cloned());
        if places.is_empty() {
            places.push(PathBuf::from("."));
        }
        places
    }

    /// The bytes of the query.
    ///
    /// # Errors
    /// Standard input cannot be read, or is wanted twice.
    pub fn query(&self) -> Result<Vec<u8>> {
        match &self.query {
            Some(query) if query == "-" => self.standard_input("the query"),
            query => Ok(query.as_ref().map(|query| query.as_bytes().to_vec()).unwrap_or_default()),
        }
    }

    /// What an exact search looks for.
    ///
    /// # Errors
    /// The query is empty, a file of patterns cannot be read, and as [`SearchArgs::query`].
    pub fn patterns(&self) -> Result<Vec<Vec<u8>>> {
        if !self.exact.brings_patterns() {
            let query = self.query()?;
            if query.is_empty() {
                bail!("an empty text is everywhere: say what to look for");
            }
            return Ok(vec![query]);
        }
        let flags = self.exact.regexp.iter().map(|pattern| pattern.clone().into_vec());
        let mut patterns: Vec<Vec<u8>> = flags.collect();
        for file in &self.exact.file {
            let text = match file == Path::new("-") {
                true => self.standard_input("patterns")?,
                false => std::fs::read(file)
                    .with_context(|| format!("cannot read patterns from {}", file.display()))?,
            };
            let lines = text.strip_suffix(b"\n").unwrap_or(&text).split(|&byte| byte == b'\n');
            let lines = lines.take(if text.is_empty() { 0 } else { usize::MAX });
            patterns.extend(lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec()));
        }
        Ok(patterns)
    }

    fn standard_input(&self, what: &str) -> Result<Vec<u8>> {
        if self.places().iter().any(|place| place == Path::new("-")) {
            bail!("standard input cannot bring both {what} and a text to search");
        }
        let mut bytes = Vec::new();
        let read = std::io::stdin().read_to_end(&mut bytes);
        read.with_context(|| format!("cannot read {what} from standard input"))?;
        Ok(bytes)
    }
}
