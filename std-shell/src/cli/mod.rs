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
    ///
    /// Without it a walk obeys `.gitignore`, `.ignore`, `.git/info/exclude` and git's own file of the
    /// user, as git and ripgrep do. A tree has an index of its own for each setting of this flag. A
    /// file or folder that is named is searched in either case.
    #[arg(long)]
    pub no_ignore: bool,
    /// Take hidden files and folders
    ///
    /// Names that begin with a dot are hidden. `.git` is left out even so.
    #[arg(long)]
    pub hidden: bool,
    /// Leave larger files out
    ///
    /// Larger texts are dumps and logs more often than sources, and cost their size in memory while
    /// they are indexed. What is left out is counted and said. A file that is named itself is
    /// searched whatever its size. K, M and G are understood.
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
    ///
    /// They walk, read and index; the answer is the same with any number of them. Where the system
    /// gives fewer, the work is done with those.
    #[arg(short = 'j', long, value_name = "NUM", default_value_t = 0)]
    pub threads: usize,
    /// Bytes that building may hold in memory (K, M and G are understood)
    ///
    /// What is built goes to disk in runs of this size, which are merged. The bytes of an image do
    /// not depend on it. The program around it, and the largest file at hand, come on top.
    #[arg(long, value_name = "BYTES", value_parser = bytes, default_value = "64M")]
    pub memory: u64,
    /// Keep indexes in this folder instead of $SIGLA_DIR or the cache folder
    ///
    /// Nothing is ever written into the tree that is searched. The cache folder is
    /// `$XDG_CACHE_HOME/sigla` or `~/.cache/sigla`. Where it cannot be written, the index is built in
    /// memory.
    #[arg(long, value_name = "DIR")]
    pub index_dir: Option<PathBuf>,
    /// Show no progress, and no summary
    ///
    /// Errors are still said.
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
    ///
    /// Words, phrases, prefixes and filters, see below. Pasted text is a question, too: what is no
    /// syntax is words. In an exact search it is a text (-F) or a regular expression (--regex).
    #[arg(required_unless_present_any = ["regexp", "file", "files", "type_list"])]
    pub query: Option<OsString>,
    /// Folders, files, images or pipes; - is standard input [default: .]
    ///
    /// A folder is searched by the index of the nearest indexed folder above it, else by that of its
    /// repository, which is built where there is none. A file is searched by itself where no index
    /// has it, an image (.sigla) by what it holds. Of several places those that cannot be searched
    /// are errors, and the others answer.
    #[arg(value_name = "PLACE")]
    pub named: Vec<PathBuf>,
    /// The most files and places in logs to show [default: 10; all in an exact search]
    ///
    /// Fewer hits are always the first of more.
    #[arg(short = 'n', long, visible_short_alias = 'm', value_name = "NUM",
        value_parser = limit)]
    pub limit: Option<u16>,
    /// Only files of this language, by name or extension, or of this type: see --type-list
    ///
    /// May be repeated: then any of them. Languages are told by name and content; ripgrep's types by
    /// globs.
    #[arg(short = 't', long = "type", value_name = "TYPE", value_parser = Type::parse)]
    pub types: Vec<Type>,
    /// Only files that match, or with ! in front, none of these
    ///
    /// As in ripgrep, relative to the place: `-g '*.rs'`, `-g '!tests/'`. May be repeated; the last
    /// that matches decides. It chooses among what is indexed, and brings nothing that the rules
    /// leave out.
    #[arg(short, long, value_name = "GLOB")]
    pub glob: Vec<String>,
    /// Lines to show before and after [default: 1; 0 in an exact search]
    ///
    /// Counted from the lines that say most of the query, or from each line that matches.
    #[arg(short = 'C', long, value_name = "NUM")]
    pub context: Option<u16>,
    /// Print paths only
    ///
    /// One a line, best first; with -0 each ends with a NUL.
    #[arg(short = 'l', long, conflicts_with = "json")]
    pub files_with_matches: bool,
    /// Print one JSON object a hit, and one at the end
    ///
    /// Objects stand on a line each and keep their meaning from one version to the next. Text that is
    /// not UTF-8 has U+FFFD in its place.
    #[arg(long)]
    pub json: bool,
    /// Print in colour
    ///
    /// `auto` colours on a terminal whose TERM is not dumb, unless NO_COLOR is set.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub color: When,
    /// Take every character of the query as text, none as syntax
    ///
    /// For queries that a program brings: a quotation mark, a dash or `lang:` in them is text like
    /// any other.
    #[arg(long, conflicts_with = "exact")]
    pub words: bool,
    /// Answer from the index as it is, without looking whether files have changed
    ///
    /// Saves the comparison of the tree with the index, some microseconds a file. The answer says of
    /// which generation it is. A file whose lines are shown is still read as it is now.
    #[arg(long)]
    pub stale_ok: bool,
    /// Map images instead of reading and checking them: faster, but they must not change
    ///
    /// An image that is written to while it is mapped may give wrong answers, or end the program.
    #[arg(long)]
    pub mmap: bool,
    /// Search as a desktop (full) or as a microcontroller (small) would
    ///
    /// The small one is what firmware has: 12 terms, 48 candidates, 10 hits within 16 KiB. It shows
    /// what an image will answer there.
    #[arg(long, value_enum, default_value_t = Profile::Full, conflicts_with = "exact")]
    pub profile: Profile,
    /// Show how each score came about: features, their weights, and what they add
    ///
    /// A score is a sum of features times weights; the weights depend on what kind of question it is.
    #[arg(long, conflicts_with_all = ["files_with_matches", "exact"])]
    pub explain: bool,
    /// Say on standard error what was searched, and how long it took
    ///
    /// Documents, chunks, segments, the generation, and the time of each stage.
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
    ///
    /// Every search indexes and updates by itself: this is for doing it ahead, or for a tree that is
    /// too large to be indexed unasked.
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Refused: an index holds all files; `search` and `pack` can choose
    #[arg(short, long, value_name = "GLOB", hide = true)]
    pub glob: Vec<String>,
    /// Print the summary as one JSON object a folder
    ///
    /// With what was read, kept, removed and left out.
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
    ///
    /// Says what the index holds, whether the tree has moved on since, and what was left out and why.
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Print one JSON object
    ///
    /// The same figures, with their names.
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
    ///
    /// With its folder, files, bytes on disk and when it was used last.
    #[arg(long)]
    pub json: bool,
    /// Look for indexes in this folder instead of $SIGLA_DIR or the cache folder
    ///
    /// As the commands that search know it.
    #[arg(long, value_name = "DIR")]
    pub index_dir: Option<PathBuf>,
}

/// `sigla rm`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true))]
pub struct RmArgs {
    /// Folders whose indexes are removed
    ///
    /// The index of exactly that folder; nothing of the folder itself is touched.
    #[arg(value_name = "FOLDER", group = "which")]
    pub paths: Vec<PathBuf>,
    /// Remove all indexes
    ///
    /// Of the folder that holds indexes; the next search builds what it needs anew.
    #[arg(long, group = "which")]
    pub all: bool,
    /// Remove the indexes of folders that are there no longer
    ///
    /// An index that does not say of which folder it is counts as gone.
    #[arg(long, group = "which")]
    pub gone: bool,
    /// Print one JSON object an index that was removed
    ///
    /// With its folder and the bytes that it had.
    #[arg(long)]
    pub json: bool,
    /// Do not say what was removed
    ///
    /// Errors are still said.
    #[arg(short, long)]
    pub quiet: bool,
    /// Look for indexes in this folder instead of $SIGLA_DIR or the cache folder
    ///
    /// As the commands that search know it.
    #[arg(long, value_name = "DIR")]
    pub index_dir: Option<PathBuf>,
}

/// `sigla pack`
#[derive(Debug, Args)]
pub struct PackArgs {
    /// The folder, or one file: a log
    ///
    /// The same rules choose files as in a search. A long log is read in parts and never held whole.
    pub path: PathBuf,
    /// The image to write
    ///
    /// Written beside it under another name, checked and renamed: what was there is replaced by a
    /// whole image or not at all. A pipe or a device is written into.
    #[arg(short, long, value_name = "IMAGE")]
    pub output: PathBuf,
    /// Only files that match, or with ! in front, none of these
    ///
    /// Relative to the folder; may be repeated; the last that matches decides.
    #[arg(short, long, value_name = "GLOB")]
    pub glob: Vec<String>,
    /// Keep the bytes of files that are no text, too, to be unpacked
    ///
    /// So that `unpack` gives the whole tree back: binaries, texts over the size limit, links, empty
    /// folders. They are copied as they are and not searched.
    #[arg(long)]
    pub all: bool,
    /// How texts are kept: as glyphs over a codebook, or as they are
    ///
    /// Glyphs are records of phrases that decode alone, several times smaller than the text.
    #[arg(long, value_enum, default_value_t)]
    pub codec: Codec,
    /// Where the codebook's phrases come from; the texts decide which of them stay
    ///
    /// Learned phrases are smallest for a large body, the general ones save learning for a small one.
    /// Either way the image carries every phrase that it uses.
    #[arg(long, value_enum, default_value_t)]
    pub codebook: Codebook,
    /// Bytes of text that are decoded at once, 64 to 4096: a small machine needs
    /// three times as much memory
    ///
    /// Firmware with 16 KiB for a search reads records of 512.
    #[arg(long, value_name = "BYTES", default_value_t = 2048,
          value_parser = clap::value_parser!(u16).range(record_max()))]
    pub record_max: u16,
    /// How many other records may have to be decoded before one, 0 to 7: more make
    /// like texts smaller, and slower to read
    ///
    /// With 0 each record decodes alone; 1 is the best of both for most bodies.
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u8).range(0..CHAIN_MAX as i64))]
    pub chain: u8,
    /// Print the summary as one JSON object
    ///
    /// With documents, bytes of text and of the image, and what was left out.
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
    ///
    /// As `sigla pack` writes it.
    pub image: PathBuf,
    /// The file, PATH or PATH:FIRST-LAST; an image of one file needs none
    ///
    /// Lines are counted from 1; of a log only what is wanted is decoded. `sigla inspect --files`
    /// lists the paths.
    pub path: Option<PathBuf>,
}

/// `sigla unpack`
#[derive(Debug, Args)]
pub struct UnpackArgs {
    /// The image
    ///
    /// One packed with --all gives the whole tree back; another the texts, and says what it lacks.
    pub image: PathBuf,
    /// The folder to write: one that is not there, or empty
    ///
    /// Files have the modes that they had, less what the umask takes. Nothing is written outside it,
    /// whatever the image says.
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// Print the summary as one JSON object
    ///
    /// With what was written, and what the image does not hold.
    #[arg(long)]
    pub json: bool,
    /// Show no summary
    ///
    /// Errors are still said.
    #[arg(short, long)]
    pub quiet: bool,
}

/// `sigla inspect`
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The image
    ///
    /// Of an index, its segments are images without texts.
    pub image: PathBuf,
    /// List the files instead
    ///
    /// Each with its language, bytes of text and role.
    #[arg(long)]
    pub files: bool,
    /// Leave out the comparison with zstd and zlib, which takes the time
    ///
    /// zstd -19 and zlib -9 pack the same texts whole and record by record.
    #[arg(long)]
    pub quick: bool,
    /// Print one JSON object
    ///
    /// The same figures, with their names.
    #[arg(long)]
    pub json: bool,
}

/// `sigla verify`
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Images
    ///
    /// Checksums, every offset, every record: linear in the image and its texts.
    #[arg(required = true, value_name = "IMAGE")]
    pub images: Vec<PathBuf>,
    /// Print nothing about images that are whole
    ///
    /// The exit code is 2 where one is damaged.
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

    /// `-h` says in a line what a flag does, `--help` what there is to know.
    #[test]
    fn every_flag_has_a_long_help() {
        use clap::CommandFactory;
        for command in Cli::command().get_subcommands() {
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                let name = format!("{} {}", command.get_name(), arg.get_id());
                let (short, long) = (arg.get_help(), arg.get_long_help());
                let short = short.unwrap_or_else(|| panic!("{name}: no help")).to_string();
                assert!(!short.contains('\n') && !short.ends_with('.'), "{name}: {short}");
                let long = long.unwrap_or_else(|| panic!("{name}: no long help")).to_string();
                assert!(long.len() > short.len() + 10, "{name}: {long}");
            }
        }
    }
}
