//! `sigla search --literal`, `--regex` and their kin: print every line that matches.
//!
//! Each worker prints what it finds in a file into memory; the engine hands that on in the
//! order of paths.

use std::io::{self, BufWriter, Stdout, Write};

use anyhow::Result;
use sigla_core::outline::Lang;

use super::search::{engine, look, stats};
use super::{Outcome, complain, remark};
use crate::cli::SearchArgs;
use crate::engine::exact::pattern::{Line, Pattern};
use crate::engine::exact::windows::Window;
use crate::engine::exact::{File, Page, Question, Sink, Sum, Want};
use crate::engine::scopes::Choice;
use crate::machine::progress::Silent;
use crate::output::lines::{self, Printer, Style};
use crate::tree::types;

/// Runs the command.
pub fn run(args: &SearchArgs) -> Result<Outcome> {
    if args.exact.type_list {
        return type_list();
    }
    let pattern = match args.exact.files {
        true => Pattern::new::<&[u8]>(&[], args.exact.how())?,
        false => Pattern::new(&args.patterns()?, args.exact.how())?,
    };
    let style = Style {
        look: look(args.color),
        before: args.exact.before_context.or(args.context).unwrap_or(0).into(),
        after: args.exact.after_context.or(args.context).unwrap_or(0).into(),
        only: args.exact.only_matching,
        null: args.exact.null,
    };
    let quiet = args.machine.quiet;
    let marks = args.json || style.look.color || style.only;
    let question = Question {
        pattern: &pattern,
        choice: Choice { types: &args.types, globs: &args.glob },
        want: if args.exact.files {
            Want::Paths
        } else if quiet || args.files_with_matches {
            Want::Any
        } else if args.exact.count {
            Want::Count { marks }
        } else {
            Want::Lines { before: style.before, marks }
        },
        text: args.exact.text,
        follow: args.exact.follow,
        limit: if quiet { Some(1) } else { args.limit.map(u64::from) },
    };
    let page = |File { name, lang }: File<'_>| Print {
        printer: Printer::new(style, name),
        json: args.json.then_some(lang),
        bytes: Vec::new(),
    };
    let out = BufWriter::new(io::stdout());
    let mut printed = Printed { args, style, want: question.want, out, files: 0, begun: false };
    let answer = engine(args).exact(&question, page, &mut printed, &Silent)?;
    let mut out = printed.out;
    if args.json && !quiet {
        lines::done(&mut out, &answer)?;
    }
    out.flush()?;
    answer.remarks.iter().for_each(|it| remark(it, quiet));
    if answer.files == 0 && !args.json && !quiet {
        complain(format_args!("nothing found in {} documents", answer.of));
    }
    if args.stats {
        stats(&answer.stats);
        let (candidates, of, read) = (answer.candidates, answer.of, answer.read);
        complain(format_args!("candidates {candidates} of {of}, read {read}"));
    }
    answer.troubles.iter().for_each(complain);
    Ok(match (quiet, answer.is_troubled()) {
        (true, _) if answer.files > 0 => Outcome::Done,
        (_, true) => Outcome::Troubled,
        _ if answer.files == 0 => Outcome::Nothing,
        _ => Outcome::Done,
    })
}

/// Prints what `-t` knows.
fn type_list() -> Result<Outcome> {
    let mut out = BufWriter::new(io::stdout().lock());
    for (name, globs) in types::all() {
        writeln!(out, "{name}: {}", globs.join(", "))?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The lines of one file, printed.
struct Print {
    printer: Printer,
    /// The file's language, where lines are objects.
    json: Option<Lang>,
    bytes: Vec<u8>,
}

impl Page for Print {
    fn line(&mut self, window: &Window<'_>, line: &Line<'_>) -> io::Result<()> {
        match self.json {
            Some(lang) => lines::json(&mut self.bytes, self.printer.name(), lang, line),
            None => self.printer.line(&mut self.bytes, window, line),
        }
    }

    fn end(&mut self, window: &Window<'_>) -> io::Result<()> {
        match &self.json {
            Some(_) => Ok(()),
            None => self.printer.end(&mut self.bytes, window),
        }
    }

    fn held(&self) -> usize {
        self.bytes.len()
    }

    fn clear(&mut self) {
        self.bytes.clear();
    }
}

/// What goes out.
struct Printed<'a> {
    args: &'a SearchArgs,
    style: Style,
    want: Want,
    out: BufWriter<Stdout>,
    /// Files that are done.
    files: u64,
    /// Something of the next one has gone out.
    begun: bool,
}

impl Sink<Print> for Printed<'_> {
    fn begin(&mut self, notes: &[String]) -> Result<()> {
        if !self.args.machine.quiet {
            notes.iter().for_each(complain);
        }
        Ok(())
    }

    fn take(&mut self, file: File<'_>, page: &mut Print, sum: Sum) -> Result<()> {
        let Printed { args, style, out, .. } = self;
        match self.want {
            _ if args.machine.quiet => {}
            Want::Any | Want::Paths => style.path(out, file.name, b'\n')?,
            Want::Count { .. } => {
                style.path(out, file.name, b':')?;
                // Lines that do not match have nothing else to be counted.
                let only = style.only && sum.matches > 0;
                writeln!(out, "{}", if only { sum.matches } else { sum.lines })?;
            }
            Want::Lines { .. } => {
                let parted = !args.json && style.has_context() && self.files > 0 && !self.begun;
                if parted && !page.bytes.is_empty() {
                    style.look.paint(out, "36", "--")?;
                    writeln!(out)?;
                }
                self.begun = true;
                out.write_all(&page.bytes)?;
                page.bytes.clear();
            }
        }
        if sum.ended {
            self.files += 1;
            self.begun = false;
        }
        Ok(())
    }

    fn pause(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}
