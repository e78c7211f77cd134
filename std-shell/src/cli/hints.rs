//! What to do instead of flags that people of grep and ripgrep know and that are not here.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// The flags, by their names, and what to do instead.
const INSTEAD: &[(&[&str], &str)] = &[
    (
        &["-P", "--pcre2", "--perl-regexp", "--engine", "--auto-hybrid-regex"],
        "expressions are those of Rust's regex crate, without look-around and back-references: \
         search for the rest, and let `grep -P` choose among the lines",
    ),
    (
        &["-r", "--replace", "--recursive"],
        "nothing is replaced: -o prints the matches, and `sed` changes them. Folders are \
         searched with all that is below them, without a flag",
    ),
    (
        &["-z", "--search-zip", "--pre", "--pre-glob"],
        "files are read as they are: unpack first, as in `zcat x.gz | sigla search -F TEXT -`",
    ),
    (
        &[
            "-H",
            "-N",
            "--line-number",
            "--no-line-number",
            "--with-filename",
            "--heading",
            "--no-heading",
            "--vimgrep",
            "-p",
            "--pretty",
            "-h",
            "-I",
            "--no-filename",
        ],
        "a line is printed with its path and number, `path:line:text`, always",
    ),
    (&["-b", "--byte-offset", "--column"], "--json says column, offset and every match of a line"),
    (
        &[
            "-u",
            "-uu",
            "-uuu",
            "--unrestricted",
            "-.",
            "--no-ignore-vcs",
            "--no-ignore-parent",
            "--no-ignore-global",
            "--no-ignore-dot",
            "--no-ignore-exclude",
        ],
        "--no-ignore takes ignored files, --hidden hidden ones, --text binary ones",
    ),
    (
        &["-T", "--type-not", "--type-add", "--type-clear", "--iglob"],
        "-g chooses by name: -g '*.[jJ][sS]' takes, -g '!*.js' leaves out",
    ),
    (&["--max-count"], "-n NUM ends after so many files, and `| head` after so many lines"),
    (
        &["-M", "--max-columns", "--max-columns-preview", "--trim"],
        "a terminal gets long lines cut, a pipe all of them: `| cut -c -200`",
    ),
    (&["--sort", "--sortr", "--sort-files"], "lines come in the order of paths, always"),
    (&["--passthru"], "-C 65535 prints the lines around, too"),
    (&["--count-matches"], "-c -o counts matches, -c lines"),
    (
        &["--include-zero", "--files-without-match"],
        "-l names the files with a line; compare it with --files for the others",
    ),
    (
        &["-s", "--case-sensitive", "--no-messages"],
        "case counts unless -i or -S says otherwise; `2>/dev/null` hides messages",
    ),
    (
        &["-E", "--encoding", "--extended-regexp", "-G", "--basic-regexp"],
        "expressions are those of Rust's regex crate. UTF-8 and UTF-16 are told by themselves; \
         other encodings: `iconv -f latin1 FILE | sigla search -F TEXT -`",
    ),
    (
        &["--crlf", "--null-data", "--multiline-dotall", "--no-unicode"],
        "say it in the expression: `\\r?$`, `(?s)`, `(?-u)`; -U lets a match go over lines",
    ),
    (&["-d", "--max-depth", "--maxdepth"], "-g '!/*/*/' leaves out what is deeper than two"),
    (
        &["--include", "--exclude", "--exclude-dir"],
        "-g takes files by name: -g '*.c', and leaves them out: -g '!*.o', -g '!target/'",
    ),
    (&["--binary"], "--text searches binary files"),
    (
        &["--no-config", "--line-buffered", "--block-buffered", "--no-mmap", "--one-file-system"],
        "leave it out: there is nothing here that it would change",
    ),
    (
        &[
            "--context-separator",
            "--field-match-separator",
            "--field-context-separator",
            "--colors",
            "--hyperlink-format",
            "--path-separator",
        ],
        "how lines look is fixed: --json is for programs",
    ),
];

/// The error `error` of reading the command line, where `sigla search` was given a flag that
/// is not there with what to do instead.
pub fn at_flag(mut error: Error) -> Error {
    if std::env::args_os().nth(1).is_none_or(|command| command != "search") {
        return error;
    }
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else { return error };
    if error.kind() == ErrorKind::UnknownArgument
        && let Some(hint) = instead(flag)
    {
        // Flags that look alike mean something else.
        error.remove(ContextKind::SuggestedArg);
        let hint = ContextValue::StyledStrs(vec![StyledStr::from(hint)]);
        error.insert(ContextKind::Suggested, hint);
    }
    error
}

fn instead(flag: &str) -> Option<&'static str> {
    let name = flag.split('=').next().unwrap_or(flag);
    INSTEAD.iter().find(|(names, _)| names.contains(&name)).map(|(_, hint)| *hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;

    #[test]
    fn a_hint_is_at_a_flag_that_is_not_there() {
        let cli = Cli::command();
        let search = cli.find_subcommand("search").unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for name in INSTEAD.iter().flat_map(|(names, _)| *names) {
            assert!(seen.insert(name), "{name} twice");
            let known = |arg: &clap::Arg| match name.strip_prefix("--") {
                Some(long) => {
                    arg.get_long_and_visible_aliases().unwrap_or_default().contains(&long)
                }
                None => name.chars().nth(1) == arg.get_short() && name.chars().count() == 2,
            };
            assert!(!search.get_arguments().any(known), "{name} is there");
        }
    }
}
