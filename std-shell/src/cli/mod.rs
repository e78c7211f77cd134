//! The command line: every flag is defined here, once.

mod code;
mod exact;
pub mod hints;

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};
use sigla_core::glyph::RECORD_MAX;
use sigla_core::image::CHAIN_MAX;
use sigla_core::outline::Lang;

use crate::engine::Request;
use crate::engine::search::Effort;
use crate::machine;
use crate::machine::pool::Pool;
use crate::store::home::Home;
use crate::store::update::Settings;
use crate::tree::types::{Type, unknown};
use crate::tree::walk::Rules;

pub use code::{MapArgs, OutlineArgs, ScopeArgs, SqlArgs, SymbolArgs};
pub use exact::ExactArgs;

/// Search code, docs and logs by words and symbols
#[derive(Debug, Parser)]
#[command(name = "sigla", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// One variant a command.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub enum Command {
    /// Find the files that answer a question best
    Search(SearchArgs),
    /// Find where a name is defined, and where it is used
    Symbol(SymbolArgs),
    /// List what files define
    Outline(OutlineArgs),
    /// Show what a project is made of: its folders, files and main symbols
    Map(MapArgs),
    /// Ask for documents, symbols and uses in SQL
    Sql(SqlArgs),
    /// Bring the index of a folder up to date, or make it
    Index(IndexArgs),
    /// Say where the index of a path is, what is in it, and whether it is fresh
    Status(StatusArgs),
    /// List the indexes that there are
    List(ListArgs),
    /// Remove indexes; the trees stay as they are
    Rm(RmArgs),
    /// Write one image of a folder or a log, with its text
    Pack(PackArgs),
    /// Print files of an image, byte for byte
    Cat(CatArgs),
    /// Write the tree that an image was made of
    Unpack(UnpackArgs),
    /// Show what an image is made of, and how well its texts are packed
    Inspect(InspectArgs),
    /// Check every byte of images
    Verify(VerifyArgs),
}

/// Which files are wanted; the same for every command that walks.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Files")]
pub struct RuleArgs {
    /// Take files that .gitignore, .ignore and the like exclude
    #[arg(long)]
    pub no_ignore: bool,
    /// Take hidden files and folders
    #[arg(long)]
    pub hidden: bool,
    /// Leave larger files out
    #[arg(long, value_name = "BYTES", value_parser = bytes, default_value = "16M")]
    pub max_filesize: u64,
}

impl RuleArgs {
    /// The same as a walk's rules.
    pub fn rules(&self) -> Rules {
        let RuleArgs { no_ignore, hidden, max_filesize } = *self;
        Rules { hidden, no_ignore, max_filesize }
    }
}

/// The most threads that are started for each core.
const THREADS_A_CORE: usize = 4;

/// How much of the machine to use.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Machine")]
pub struct MachineArgs {
    /// Threads, at most four for each core; 0 is as many as there are cores
    #[arg(short = 'j', long, value_name = "NUM", default_value_t = 0)]
    pub threads: usize,
    /// Bytes that building may hold in memory (K, M and G are understood)
    #[arg(long, value_name = "BYTES", value_parser = bytes, default_value = "64M")]
    pub memory: u64,
    /// Keep indexes in this folder instead of $SIGLA_DIR or the cache folder
    #[arg(long, value_name = "DIR")]
    pub index_dir: Option<PathBuf>,
    /// Show no progress, and no summary
    #[arg(short, long)]
    pub quiet: bool,
}

impl MachineArgs {
    /// The folder of indexes.
    ///
    /// # Errors
    /// The user has no home folder.
    pub fn home(&self) -> Result<Home> {
        Home::locate(self.index_dir.as_deref())
    }

    /// How to index under these rules.
    pub fn settings(&self, rules: Rules) -> Settings {
        let memory = usize::try_from(self.memory).unwrap_or(usize::MAX);
        Settings { rules, threads: self.threads(), memory }
    }

    /// How many threads to start: more than a few for each core only cost.
    pub fn threads(&self) -> usize {
        self.threads.min(machine::cores() * THREADS_A_CORE)
    }

    /// What is asked of an engine.
    pub fn request(
        &self,
        places: &[PathBuf],
        rules: &RuleArgs,
        stale_ok: bool,
        mmap: bool,
    ) -> Request {
        Request {
            places: places.to_vec(),
            index_dir: self.index_dir.clone(),
            settings: self.settings(rules.rules()),
            stale_ok,
            mmap,
        }
    }

    /// The threads that work, as many as wanted and as there are to be had.
    pub fn pool(&self) -> Pool {
        Pool::new(self.threads())
    }
}

/// `sigla search`
#[derive(Debug, Args)]
#[command(
    after_help = SYNTAX,
    mut_arg("quiet", |arg| arg.help("Print nothing: the exit code is the answer"))
)]
pub struct SearchArgs {
    /// What to look for; - reads it from standard input
    #[arg(required_unless_present_any = ["regexp", "file", "files", "type_list"])]
    pub query: Option<OsString>,
    /// Folders, files, images or pipes; - is standard input [default: .]
    #[arg(value_name = "PLACE")]
    pub named: Vec<PathBuf>,
    /// The most files and places in logs to show [default: 10; all in an exact search]
    #[arg(short = 'n', long, visible_short_alias = 'm', value_name = "NUM",
        value_parser = limit)]
    pub limit: Option<u16>,
    /// Only files of this language, by name or extension, or of this type: see --type-list
    #[arg(short = 't', long = "type", value_name = "TYPE", value_parser = Type::parse)]
    pub types: Vec<Type>,
    /// Only files that match, or with ! in front, none of these
    #[arg(short, long, value_name = "GLOB")]
    pub glob: Vec<String>,
    /// Lines to show before and after [default: 1; 0 in an exact search]
    #[arg(short = 'C', long, value_name = "NUM")]
    pub context: Option<u16>,
    /// Print paths only
    #[arg(short = 'l', long, conflicts_with = "json")]
    pub files_with_matches: bool,
    /// Print one JSON object a hit, and one at the end
    #[arg(long)]
    pub json: bool,
    /// Print in colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub color: When,
    /// Take every character of the query as text, none as syntax
    #[arg(long, conflicts_with = "exact")]
    pub words: bool,
    /// Answer from the index as it is, without looking whether files have changed
    #[arg(long)]
    pub stale_ok: bool,
    /// Map images instead of reading and checking them: faster, but they must not change
    #[arg(long)]
    pub mmap: bool,
    /// Search as a desktop (full) or as a microcontroller (small) would
    #[arg(long, value_enum, default_value_t = Profile::Full, conflicts_with = "exact")]
    pub profile: Profile,
    /// Show how each score came about: features, their weights, and what they add
    #[arg(long, conflicts_with_all = ["files_with_matches", "exact"])]
    pub explain: bool,
    /// Say on standard error what was searched, and how long it took
    #[arg(long)]
    pub stats: bool,
    /// What an exact search is.
    #[command(flatten)]
    pub exact: ExactArgs,
    /// Which files.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// How much of the machine.
    #[command(flatten)]
    pub machine: MachineArgs,
}

const SYNTAX: &str = "Query:
  retry backoff      files with any of the words, those with more and rarer ones first
  \"retry with\"       these words one after the other
  back*              words that begin so
  -test              files without the word
  lang:rust          only files of a language
  path:src/net       only paths that hold it, or match it where it holds *
  kind:function      only where such a symbol is defined
  sym:parse          only where this name is defined, or one that matches where it holds *

Exit code: 0 found, 1 nothing found, 2 an error";

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How much a search may look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// Within 16 KiB of memory for 10 hits
    Small,
    /// As much as helps
    Full,
}

impl From<Profile> for Effort {
    fn from(profile: Profile) -> Effort {
        match profile {
            Profile::Small => Effort::Small,
            Profile::Full => Effort::Full,
        }
    }
}

/// `sigla index`
#[derive(Debug, Args)]
pub struct IndexArgs {
    /// Folders to index
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Refused: an index holds all files; `search` and `pack` can choose
    #[arg(short, long, value_name = "GLOB", hide = true)]
    pub glob: Vec<String>,
    /// Print the summary as one JSON object a folder
    #[arg(long)]
    pub json: bool,
    /// Which files.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// How much of the machine.
    #[command(flatten)]
    pub machine: MachineArgs,
}

/// `sigla status`
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// A folder or file; its index is that of the nearest indexed folder above
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Which files.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// How much of the machine.
    #[command(flatten)]
    pub machine: MachineArgs,
}

/// `sigla list`
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Print one JSON object an index
    #[arg(long)]
    pub json: bool,
    /// Look for indexes in this folder instead of $SIGLA_DIR or the cache folder
    #[arg(long, value_name = "DIR")]
    pub index_dir: Option<PathBuf>,
}

/// `sigla rm`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true))]
pub struct RmArgs {
    /// Folders whose indexes are removed
    #[arg(value_name = "FOLDER", group = "which")]
    pub paths: Vec<PathBuf>,
    /// Remove all indexes
    #[arg(long, group = "which")]
    pub all: bool,
    /// Remove the indexes of folders that are there no longer
    #[arg(long, group = "which")]
    pub gone: bool,
    /// Print one JSON object an index that was removed
    #[arg(long)]
    pub json: bool,
    /// Do not say what was removed
    #[arg(short, long)]
    pub quiet: bool,
    /// Look for indexes in this folder instead of $SIGLA_DIR or the cache folder
    #[arg(long, value_name = "DIR")]
    pub index_dir: Option<PathBuf>,
}

/// `sigla pack`
#[derive(Debug, Args)]
pub struct PackArgs {
    /// The folder, or one file: a log
    pub path: PathBuf,
    /// The image to write
    #[arg(short, long, value_name = "IMAGE")]
    pub output: PathBuf,
    /// Only files that match, or with ! in front, none of these
    #[arg(short, long, value_name = "GLOB")]
    pub glob: Vec<String>,
    /// Keep the bytes of files that are no text, too, to be unpacked
    #[arg(long)]
    pub all: bool,
    /// How texts are kept: as glyphs over a codebook, or as they are
    #[arg(long, value_enum, default_value_t)]
    pub codec: Codec,
    /// Where the codebook's phrases come from; the texts decide which of them stay
    #[arg(long, value_enum, default_value_t)]
    pub codebook: Codebook,
    /// Bytes of text that are decoded at once, 64 to 4096: a small machine needs
    /// three times as much memory
    #[arg(long, value_name = "BYTES", default_value_t = 2048,
          value_parser = clap::value_parser!(u16).range(record_max()))]
    pub record_max: u16,
    /// How many other records may have to be decoded before one, 0 to 7: more make
    /// like texts smaller, and slower to read
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u8).range(0..CHAIN_MAX as i64))]
    pub chain: u8,
    /// Print the summary as one JSON object
    #[arg(long)]
    pub json: bool,
    /// Which files.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// How much of the machine.
    #[command(flatten)]
    pub machine: MachineArgs,
}

/// How an image keeps its texts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Codec {
    /// Packed several times over
    #[default]
    Glyph,
    /// As they are
    None,
}

/// What a codebook is made from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Codebook {
    /// Phrases of code, English, markup and logs that sigla knows
    General,
    /// Phrases learned from these texts
    #[default]
    Learned,
    /// Either
    Both,
}

fn record_max() -> std::ops::RangeInclusive<i64> {
    i64::from(*RECORD_MAX.start())..=i64::from(*RECORD_MAX.end())
}

/// `sigla cat`
#[derive(Debug, Args)]
pub struct CatArgs {
    /// The image
    pub image: PathBuf,
    /// The file, PATH or PATH:FIRST-LAST; an image of one file needs none
    pub path: Option<PathBuf>,
}

/// `sigla unpack`
#[derive(Debug, Args)]
pub struct UnpackArgs {
    /// The image
    pub image: PathBuf,
    /// The folder to write: one that is not there, or empty
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// Print the summary as one JSON object
    #[arg(long)]
    pub json: bool,
    /// Show no summary
    #[arg(short, long)]
    pub quiet: bool,
}

/// `sigla inspect`
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The image
    pub image: PathBuf,
    /// List the files instead
    #[arg(long)]
    pub files: bool,
    /// Leave out the comparison with zstd and zlib, which takes the time
    #[arg(long)]
    pub quick: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `sigla verify`
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Images
    #[arg(required = true, value_name = "IMAGE")]
    pub images: Vec<PathBuf>,
    /// Print nothing about images that are whole
    #[arg(short, long)]
    pub quiet: bool,
}

/// The language of that name or extension.
///
/// # Errors
/// Says what may have been meant.
pub fn lang(name: &str) -> Result<Lang, String> {
    Lang::from_name(name)
        .ok_or_else(|| unknown("language", name, Lang::ALL.iter().map(|lang| lang.name())))
}

/// Parses the most files that are shown.
///
/// # Errors
/// What is wrong with it.
fn limit(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(0) => Err("0 files are none; -q prints nothing".to_owned()),
        Ok(number) => Ok(number),
        // grep's -n.
        Err(_) => Err("expected a number of files; lines are numbered without a flag".to_owned()),
    }
}

/// Parses a number of bytes: `300`, `64K`, `4M`, `2G`.
///
/// # Errors
/// What is wrong with it.
pub fn bytes(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'k' | b'K') => (text.get(..text.len() - 1), 10),
        Some(b'm' | b'M') => (text.get(..text.len() - 1), 20),
        Some(b'g' | b'G') => (text.get(..text.len() - 1), 30),
        _ => (Some(text), 0),
    };
    digits
        .and_then(|digits| digits.parse::<u64>().ok())
        .and_then(|number| number.checked_mul(1 << shift))
        .ok_or_else(|| "expected a number of bytes like 300, 64K, 4M or 2G".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_understood() {
        assert_eq!(bytes("0"), Ok(0));
        assert_eq!(bytes("64K"), Ok(65_536));
        assert_eq!(bytes("4m"), Ok(4 << 20));
        assert_eq!(bytes("2G"), Ok(2 << 30));
        for wrong in ["", "K", "-1", "1.5M", "4MB", "99999999999G", "é"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_absurd_number_of_threads_is_capped() {
        let machine = |threads| MachineArgs { threads, memory: 0, index_dir: None, quiet: true };
        assert_eq!((machine(0).threads(), machine(1).threads()), (0, 1));
        let cores = std::thread::available_parallelism().unwrap().get();
        assert_eq!(machine(99_999).threads(), 4 * cores);
        assert_eq!(machine(99_999).settings(Rules::default()).threads, 4 * cores);
    }

    #[test]
    fn flags_are_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
