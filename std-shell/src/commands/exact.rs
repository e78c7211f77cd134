//! `sigla search --literal` and `--regex`: print every line that matches.
//!
//! The candidates are read in windows, in parallel; each worker prints what it
//! finds into memory, and the windows go out in the order of paths. The first
//! window is small, so that the first lines come early; none holds more text
//! than some megabytes, so that memory does not follow the answer.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;

use anyhow::{Context, Result};
use rayon::prelude::*;
use sigla_core::image::{Corrupt, Segment};
use sigla_core::outline::Lang;

use super::search::{Clock, look, open, origins, query, stats};
use super::{Outcome, complain};
use crate::cli::SearchArgs;
use crate::exact::pattern::{How, Pattern};
use crate::exact::{Candidate, Candidates, candidates};
use crate::output::human::harmless;
use crate::output::lines::{self, Printer, Style};
use crate::searcher::{Body, Choice, Name, Searcher};
use crate::texts::{Loss, Texts};

/// The most documents of a window.
const DOCUMENTS: usize = 512;
/// The bytes of text behind which a window ends.
const BYTES: u64 = 16 << 20;

/// Runs the command.
pub fn run(args: &SearchArgs) -> Result<Outcome> {
    let how = How { regex: args.regex, ignore_case: args.ignore_case, word: args.word };
    let pattern = Pattern::new(&query(args)?, how)?;
    let mut clock = Clock::start();
    let searcher = open(args)?;
    clock.lap("open");

    let plain = searcher.segments()?;
    let choice = Choice { langs: &args.langs, globs: &args.glob };
    let scopes = searcher.scopes(&plain, &choice)?;
    let segments: Vec<Segment<'_>> = plain
        .into_iter()
        .zip(&scopes)
        .map(|(segment, scope)| Segment { scope: scope.as_deref(), ..segment })
        .collect();
    let found = candidates(&searcher, &segments, pattern.need())?;
    clock.lap("candidates");

    let raw = !io::stdout().is_terminal();
    let look = look(args.color);
    let style = Style { look, raw: raw && !look.color, context: args.context.unwrap_or(0).into() };
    let texts = Texts::new(&searcher, &segments, args.rules.max_filesize);
    let job = Job { args, style, pattern: &pattern };
    let mut show = Show { job, searcher: &searcher, segments: &segments, tally: Tally::default() };
    let mut out = BufWriter::new(io::stdout().lock());
    show.notes(&found)?;
    show.all(&mut out, &found.all, &texts)?;
    if args.json && !args.machine.quiet {
        lines::done(&mut out, &show.done(&found))?;
    }
    out.flush()?;
    clock.lap("read");
    let tally = show.tally;
    if tally.files == 0 && !args.json && !args.machine.quiet {
        complain(format_args!("nothing found in {} documents", found.of));
    }
    if args.stats {
        stats(&searcher, &segments, &clock);
        complain(format_args!(
            "candidates {} of {}, read {}",
            found.all.len(),
            found.of,
            tally.read
        ));
    }
    searcher.troubles().for_each(complain);
    let troubled = tally.troubled || searcher.troubles().next().is_some();
    Ok(match (args.machine.quiet, troubled) {
        (true, _) if tally.files > 0 => Outcome::Done,
        (_, true) => Outcome::Troubled,
        _ if tally.files == 0 => Outcome::Nothing,
        _ => Outcome::Done,
    })
}

/// What a worker needs to know.
#[derive(Clone, Copy)]
struct Job<'s> {
    args: &'s SearchArgs,
    style: Style,
    pattern: &'s Pattern,
}

/// What came of one document.
#[derive(Debug, Default)]
struct Page {
    /// To be printed.
    bytes: Vec<u8>,
    lines: u64,
    matches: u64,
    changed: bool,
    loss: Option<Loss>,
}

impl Job<'_> {
    /// Looks for the pattern in one document.
    fn page(
        &self,
        pattern: &Pattern,
        texts: &mut Texts<'_>,
        at: &Candidate,
        name: &Name,
        lang: Lang,
    ) -> io::Result<Page> {
        let mut page = Page::default();
        let text = match texts.get(at.segment, at.doc) {
            Ok(text) => text,
            Err(loss) => return Ok(Page { loss: Some(loss), ..page }),
        };
        page.changed = text.changed;
        let SearchArgs { json, files_with_matches, count, .. } = *self.args;
        let one = files_with_matches || self.args.machine.quiet;
        let mut printer = Printer::new(self.style, name, text.bytes);
        let mut failed = Ok(());
        let Page { bytes, lines, matches, .. } = &mut page;
        let _ = pattern.lines(text.bytes, json || self.style.look.color, |line| {
            *lines += 1;
            *matches += line.marks.len() as u64;
            failed = match (one || count, json) {
                (true, _) => Ok(()),
                (false, true) => lines::json(bytes, name, lang, line),
                (false, false) => printer.line(bytes, line),
            };
            if one || failed.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        failed?;
        if page.lines > 0 && !self.args.machine.quiet {
            let Page { bytes, lines, .. } = &mut page;
            if files_with_matches || count {
                self.style.look.path(bytes, &name.shown, name.file.as_deref())?;
                if count {
                    write!(bytes, ":{lines}")?;
                }
                writeln!(bytes)?;
            } else if !json {
                printer.end(bytes)?;
            }
        }
        Ok(page)
    }
}

/// What was found so far.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    files: u64,
    lines: u64,
    matches: u64,
    read: u64,
    /// A file was not what was indexed.
    moved: bool,
    /// A file could not be read.
    troubled: bool,
    /// Candidates were left unread, as enough was found.
    capped: bool,
}

/// Shows pages, one after the other.
struct Show<'s> {
    job: Job<'s>,
    searcher: &'s Searcher,
    segments: &'s [Segment<'s>],
    tally: Tally,
}

impl Show<'_> {
    fn note(&self, note: impl std::fmt::Display) {
        if !self.job.args.machine.quiet {
            complain(note);
        }
    }

    /// What there is to say before the first line.
    fn notes(&self, found: &Candidates) -> Result<()> {
        for note in self.searcher.notes(self.job.args.stale_ok)? {
            self.note(note);
        }
        if found.scanned && found.indexed {
            self.note(format_args!(
                "the query holds no three bytes that every match has: reading all {} documents",
                found.of
            ));
        }
        Ok(())
    }

    /// Reads the candidates and prints what matches.
    fn all(
        &mut self,
        out: &mut impl Write,
        mut candidates: &[Candidate],
        texts: &Texts<'_>,
    ) -> Result<()> {
        let most = match (self.job.args.machine.quiet, self.job.args.limit) {
            (true, _) => 1,
            (false, limit) => limit.map_or(u64::MAX, u64::from),
        };
        let mut size = rayon::current_num_threads();
        while !candidates.is_empty() {
            let (window, rest) = candidates.split_at(self.window(candidates, size)?);
            candidates = rest;
            size = (size * 2).min(DOCUMENTS);
            let window = window.iter().map(|at| self.named(at)).collect::<Result<Vec<_>>>()?;
            let job = self.job;
            let pages: Vec<io::Result<Page>> = window
                .par_iter()
                .map_init(
                    || (texts.clone(), job.pattern.clone()),
                    |(texts, pattern), (at, name, lang)| job.page(pattern, texts, at, name, *lang),
                )
                .collect();
            for ((_, name, _), page) in window.iter().zip(pages) {
                if self.tally.files == most {
                    self.tally.capped = true;
                    return Ok(());
                }
                self.page(out, name, page?)?;
            }
            out.flush()?;
        }
        Ok(())
    }

    /// How many of `candidates`, at most `size`, are read next.
    fn window(&self, candidates: &[Candidate], size: usize) -> Result<usize, Corrupt> {
        let mut bytes = 0;
        for (count, at) in candidates.iter().take(size).enumerate() {
            let Some(segment) = self.segments.get(at.segment) else { continue };
            let doc = segment.image.docs().get(at.doc)?;
            let last = segment.image.chunks().of(&doc).last().transpose()?;
            bytes += last.map_or(0, |(_, chunk)| u64::from(chunk.end));
            if bytes > BYTES {
                return Ok(count + 1);
            }
        }
        Ok(size.min(candidates.len()))
    }

    fn named(&self, at: &Candidate) -> Result<(Candidate, Name, Lang)> {
        let segment = self.segments.get(at.segment).context("no such segment")?;
        let doc = segment.image.docs().get(at.doc)?;
        let key: Vec<u8> = doc.key.bytes().collect();
        Ok((*at, self.searcher.name(at.asked, segment, &key), doc.lang))
    }

    fn page(&mut self, out: &mut impl Write, name: &Name, page: Page) -> Result<()> {
        self.tally.read += 1;
        match &page.loss {
            Some(Loss::Unreadable(why) | Loss::Damaged(why)) => {
                self.tally.troubled = true;
                complain(format_args!("{}: {why}", harmless(&name.shown)));
            }
            Some(Loss::Gone) => {
                self.tally.moved = true;
                let name = harmless(&name.shown);
                self.note(format_args!("{name} has gone since it was indexed: left out"));
            }
            Some(Loss::Absent) => {
                self.tally.troubled = true;
                complain(format_args!("{}: the image has no text", harmless(&name.shown)));
            }
            // As grep: whoever writes there knows what it holds.
            Some(Loss::Output) => {}
            None if page.changed => {
                self.tally.moved = true;
                let name = harmless(&name.shown);
                self.note(format_args!("{name} has changed since it was indexed: read anew"));
            }
            None => {}
        }
        if page.lines == 0 {
            return Ok(());
        }
        if self.job.style.context > 0 && self.tally.files > 0 && !page.bytes.is_empty() {
            let SearchArgs { json, files_with_matches, count, .. } = *self.job.args;
            if !(json || files_with_matches || count) {
                self.job.style.look.paint(out, "36", "--")?;
                writeln!(out)?;
            }
        }
        out.write_all(&page.bytes)?;
        self.tally.files += 1;
        self.tally.lines += page.lines;
        self.tally.matches += page.matches;
        Ok(())
    }

    /// What there is to say after the last line.
    fn done(&self, found: &Candidates) -> lines::Done {
        let Tally { files, lines, matches, read, moved, capped, .. } = self.tally;
        let stale = moved || self.searcher.bodies().iter().any(Body::stale);
        let (generation, scanned) = (self.searcher.generation(), found.scanned);
        let places = origins(self.searcher);
        lines::Done {
            done: true,
            generation,
            stale,
            files,
            lines,
            matches,
            read,
            scanned,
            capped,
            places,
        }
    }
}
