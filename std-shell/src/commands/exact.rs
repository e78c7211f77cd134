//! `sigla search --literal`, `--regex` and their kin: print every line that matches.
//!
//! An index tells which documents of a tree may match; files that were named are read as
//! they are. Both are read batch by batch, in parallel; each worker prints what it finds into
//! memory, and the batches go out in the order of paths. The first batch is small, so that
//! the first lines come early; none holds more text than some megabytes, so that memory
//! does not follow the answer. A file that is longer than that is a batch of its own: it is
//! read in [windows](crate::engine::exact::windows), and what it has goes out before it is at its end.

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use anyhow::{Context, Result};
use rayon::prelude::*;
use sigla_core::image::{Corrupt, Segment};
use sigla_core::outline::Lang;

use super::search::{Clock, look, open, stats};
use super::{Outcome, complain};
use crate::cli::SearchArgs;
use crate::engine::exact::need::Need;
use crate::engine::exact::pattern::Pattern;
use crate::engine::exact::plain::{Plain, Sorted, Sorting};
use crate::engine::exact::windows::{Holding, Window, Windows};
use crate::engine::exact::{Candidate, Candidates, candidates};
use crate::engine::scopes::{Body, Choice, Name, Searcher};
use crate::engine::texts::{Loss, Texts};
use crate::output::human::harmless;
use crate::output::json::Origin;
use crate::output::lines::{self, Printer, Style};
use crate::tree::decode::contains_nul;
use crate::tree::types::{self, Type};

/// The most documents of a batch.
const DOCUMENTS: usize = 512;
/// The bytes of text behind which a batch ends.
const BYTES: u64 = 16 << 20;
/// The bytes to be printed that are held of a long file.
const PRINTED: usize = 1 << 20;

/// Runs the command.
pub fn run(args: &SearchArgs) -> Result<Outcome> {
    if args.exact.type_list {
        return type_list();
    }
    let pattern = match args.exact.files {
        true => Pattern::new::<&[u8]>(&[], args.exact.how())?,
        false => Pattern::new(&args.patterns()?, args.exact.how())?,
    };
    let mut clock = Clock::start();
    let places = args.places();
    let home = args.machine.home();
    let sorting = Sorting {
        rules: args.rules.rules(),
        globs: &args.glob,
        trees: args.exact.text || args.exact.follow || args.exact.files,
        follow: args.exact.follow,
        except: home.iter().map(|home| home.path()).collect(),
        threads: args.machine.threads(),
    };
    let Sorted { files, served, troubles } = sorting.sort(&places)?;
    let paths: Vec<PathBuf> = served.iter().map(|(_, path)| path.clone()).collect();
    let mut troubles: Vec<String> = troubles.iter().map(ToString::to_string).collect();
    let searcher = match paths.is_empty() {
        true => {
            args.machine.set_threads();
            Searcher::default()
        }
        // Of several places, one does not fail the others.
        false => open(args, &paths).or_else(|error| match places.len() {
            1 => Err(error),
            _ => {
                troubles.push(format!("{error:#}"));
                Ok(Searcher::default())
            }
        })?,
    };
    clock.lap("open");

    let plain = searcher.segments()?;
    let choice = Choice { types: &args.types, globs: &args.glob };
    let scopes = searcher.scopes(&plain, &choice)?;
    let segments: Vec<Segment<'_>> = plain
        .into_iter()
        .zip(&scopes)
        .map(|(segment, scope)| Segment { scope: scope.as_deref(), ..segment })
        .collect();
    let need = if args.exact.files { &Need::Nothing } else { pattern.need() };
    let mut found = candidates(&searcher, &segments, need)?;
    found.of += files.len();
    let plainly = !files.is_empty();
    clock.lap("candidates");

    let style = Style {
        look: look(args.color),
        before: args.exact.before_context.or(args.context).unwrap_or(0).into(),
        after: args.exact.after_context.or(args.context).unwrap_or(0).into(),
        only: args.exact.only_matching,
        null: args.exact.null,
    };
    let texts = Texts::new(&searcher, &segments, args.rules.max_filesize);
    let job = Job { args, style, pattern: &pattern };
    let asked = served.into_iter().map(|(asked, _)| asked).collect();
    let mut show = Show {
        job,
        searcher: &searcher,
        segments: &segments,
        places,
        asked,
        tally: Tally::default(),
    };
    let all = show.sources(&found, files)?;
    let mut out = BufWriter::new(io::stdout().lock());
    show.notes(&found)?;
    show.all(&mut out, &all, &texts)?;
    if args.json && !args.machine.quiet {
        lines::done(&mut out, &show.done(found.scanned || plainly))?;
    }
    out.flush()?;
    clock.lap("read");
    let tally = show.tally;
    if tally.files == 0 && !args.json && !args.machine.quiet {
        complain(format_args!("nothing found in {} documents", found.of));
    }
    if args.stats {
        stats(&searcher, &segments, &clock);
        complain(format_args!("candidates {} of {}, read {}", all.len(), found.of, tally.read));
    }
    troubles.extend(searcher.troubles());
    troubles.iter().for_each(complain);
    let troubled = tally.troubled || !troubles.is_empty();
    Ok(match (args.machine.quiet, troubled) {
        (true, _) if tally.files > 0 => Outcome::Done,
        (_, true) => Outcome::Troubled,
        _ if tally.files == 0 => Outcome::Nothing,
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

/// What is to be read.
#[derive(Debug)]
enum Source {
    /// A document of an index or image.
    Doc(Candidate),
    /// A file, as it is.
    File(Plain),
}

/// The same, with the name that it is printed under and, of a document, its language.
type Item<'i> = (&'i Source, Name, Lang);

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
    /// It was read; not so where it is of another type than was asked for.
    read: bool,
    /// It is binary, and something in it matches.
    binary: bool,
    loss: Option<Loss>,
    /// Some of it has gone out already.
    begun: bool,
}

/// What a page is sent out by before it is complete.
type Out<'o> = &'o mut dyn FnMut(&mut Page) -> io::Result<()>;

impl Job<'_> {
    /// Looks for the pattern in one document or file.
    fn page(
        &self,
        pattern: &Pattern,
        texts: &mut Texts<'_>,
        raw: &mut Vec<u8>,
        (source, name, lang): &Item<'_>,
    ) -> io::Result<Page> {
        match source {
            Source::Doc(_) if self.args.exact.files => self.path(name, *lang, Page::default()),
            Source::Doc(at) => match texts.get(at.segment, at.doc) {
                Ok(text) => {
                    let page = Page { changed: text.changed, read: true, ..Page::default() };
                    let mut sheet = Sheet::new(*self, name, *lang, page);
                    sheet.window(pattern, &Window::whole(text.bytes))?;
                    sheet.end()
                }
                Err(loss) => Ok(Page { loss: Some(loss), read: true, ..Page::default() }),
            },
            Source::File(file) => self.file(pattern, file, name, raw, None),
        }
    }

    /// Looks for the pattern in a file. With `out`, where the file can be read again, what is
    /// printed is not held until its end.
    fn file(
        &self,
        pattern: &Pattern,
        file: &Plain,
        name: &Name,
        room: &mut Vec<u8>,
        mut out: Option<Out<'_>>,
    ) -> io::Result<Page> {
        let page = Page::default();
        if self.args.exact.files {
            let lang = match self.args.types.is_empty() {
                true => Lang::Text,
                false => Lang::detect(&name.path, &file.head()),
            };
            return self.path(name, lang, page);
        }
        let lost = |error: io::Error, page: Page| {
            // Gone since the folder was listed.
            let loss = match error.kind() {
                io::ErrorKind::NotFound if !file.named => Loss::Gone,
                _ => Loss::Unreadable(error.to_string()),
            };
            // What has gone out stands, the rest goes with the error.
            let lines = if page.begun { page.lines } else { 0 };
            Ok(Page { loss: Some(loss), read: true, lines, bytes: vec![], ..page })
        };
        let bytes = match file.open() {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Page { loss: Some(Loss::Output), read: true, ..page }),
            Err(error) => return lost(error, page),
        };
        let how = match pattern.spans() {
            true => Holding::All(file.size),
            false => Holding::Above(self.style.before),
        };
        let mut windows = Windows::new(bytes, how, room);
        let lang = match windows.head() {
            Ok(head) => Lang::detect(&name.path, head.get(..head.len().min(512)).unwrap_or(head)),
            Err(error) => return lost(error, page),
        };
        if !Type::any_has(&self.args.types, lang, &name.path) {
            return Ok(page);
        }
        let mut sheet = Sheet::new(*self, name, lang, Page { read: true, ..page });
        // Of a binary file nothing is printed, wherever its NUL is.
        let mut sure = self.args.exact.text;
        loop {
            let window = match windows.next() {
                Ok(Some(window)) => window,
                Ok(None) => break,
                Err(error) => return lost(error, sheet.page),
            };
            if !self.args.exact.text && contains_nul(window.fresh()) {
                sheet.binary = true;
                if !file.named {
                    break;
                }
            }
            sheet.window(pattern, &window)?;
            if !sheet.binary
                && sheet.page.bytes.len() > PRINTED
                && let Some(out) = &mut out
            {
                if !sure {
                    sure = true;
                    match file.has_nul() {
                        Ok(nul) => sheet.binary = nul,
                        Err(error) => return lost(error, sheet.page),
                    }
                }
                if !sheet.binary {
                    out(&mut sheet.page)?;
                }
            }
            // As grep: a word on what is not shown, where there is something.
            if sheet.binary && sheet.page.lines > 0 {
                break;
            }
        }
        if !sheet.binary {
            return sheet.end();
        }
        let Page { lines, begun, read, .. } = sheet.page;
        let binary = file.named && lines > 0;
        // A NUL that was written while the file was read takes back nothing.
        Ok(Page { binary, lines: if begun { lines } else { 0 }, begun, read, ..Page::default() })
    }

    /// A path in a list of files.
    fn path(&self, name: &Name, lang: Lang, mut page: Page) -> io::Result<Page> {
        if Type::any_has(&self.args.types, lang, &name.path) {
            page.lines = 1;
            self.style.path(&mut page.bytes, name, b'\n')?;
        }
        Ok(page)
    }
}

/// A page in the making.
struct Sheet<'s> {
    job: Job<'s>,
    name: &'s Name,
    lang: Lang,
    printer: Printer<'s>,
    page: Page,
    /// Whether something matches is all that is asked, and nothing is printed.
    binary: bool,
}

impl<'s> Sheet<'s> {
    fn new(job: Job<'s>, name: &'s Name, lang: Lang, page: Page) -> Sheet<'s> {
        let printer = Printer::new(job.style, name);
        Sheet { job, name, lang, printer, page, binary: false }
    }

    /// Puts what matches in the next lines of the text on the page.
    fn window(&mut self, pattern: &Pattern, window: &Window<'_>) -> io::Result<()> {
        let SearchArgs { json, files_with_matches, ref exact, ref machine, .. } = *self.job.args;
        let one = files_with_matches || machine.quiet || self.binary;
        let style = self.job.style;
        let all = json || style.look.color || style.only;
        let Sheet { name, lang, printer, page, .. } = self;
        let Page { bytes, lines, matches, .. } = page;
        if one && *lines > 0 {
            return Ok(());
        }
        let mut failed = Ok(());
        let _ = window.lines(pattern, all, |line| {
            *lines += 1;
            *matches += line.marks.len() as u64;
            failed = match (one || exact.count, json) {
                (true, _) => Ok(()),
                (false, true) => lines::json(bytes, name, *lang, line),
                (false, false) => printer.line(bytes, window, line),
            };
            if one || failed.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        failed?;
        if one || exact.count || json {
            return Ok(());
        }
        printer.end(bytes, window)
    }

    /// The page, behind the last window.
    fn end(mut self) -> io::Result<Page> {
        let SearchArgs { files_with_matches, ref exact, ref machine, .. } = *self.job.args;
        let Page { bytes, lines, matches, .. } = &mut self.page;
        if *lines == 0 || machine.quiet {
            return Ok(self.page);
        }
        if files_with_matches {
            self.job.style.path(bytes, self.name, b'\n')?;
        } else if exact.count {
            self.job.style.path(bytes, self.name, b':')?;
            // Lines that do not match have nothing else to be counted.
            let only = self.job.style.only && *matches > 0;
            writeln!(bytes, "{}", if only { *matches } else { *lines })?;
        }
        Ok(self.page)
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
    /// All places that were named.
    places: Vec<PathBuf>,
    /// Which of them the searcher serves.
    asked: Vec<usize>,
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
        let exact = &self.job.args.exact;
        // Which lines do not match, no index tells.
        if found.scanned && found.indexed && !exact.files && !exact.invert {
            self.note(format_args!(
                "the query holds no three bytes that every match has: reading all {} documents",
                found.of
            ));
        }
        Ok(())
    }

    /// Everything that is to be read, by place, then by path; a file in two places once,
    /// for the first.
    fn sources(&self, found: &Candidates, files: Vec<Plain>) -> Result<Vec<Source>> {
        let reals = files.iter().filter_map(|file| Some((file.real.clone()?, file.asked)));
        let mut reals: HashMap<PathBuf, usize> = reals.collect();
        let mut all: Vec<(usize, Source)> = Vec::with_capacity(found.all.len() + files.len());
        for at in &found.all {
            let place = self.place(at.asked);
            if !reals.is_empty()
                && let Some(real) = self.named(at)?.0.file
                && let Some(&first) = reals.get(&real)
            {
                if first < place {
                    continue;
                }
                reals.remove(&real);
            }
            all.push((place, Source::Doc(*at)));
        }
        for file in files {
            if file.real.as_ref().is_none_or(|real| reals.contains_key(real)) {
                all.push((file.asked, Source::File(file)));
            }
        }
        // What a place has is in order already.
        all.sort_by_key(|(place, _)| *place);
        Ok(all.into_iter().map(|(_, source)| source).collect())
    }

    /// The place among all that is the searcher's place `asked`.
    fn place(&self, asked: usize) -> usize {
        let order = self.searcher.asked().get(asked).map(|asked| asked.order);
        order.and_then(|order| self.asked.get(order)).copied().unwrap_or_default()
    }

    /// Reads what there is and prints what matches.
    fn all(
        &mut self,
        out: &mut impl Write,
        mut sources: &[Source],
        texts: &Texts<'_>,
    ) -> Result<()> {
        let most = match (self.job.args.machine.quiet, self.job.args.limit) {
            (true, _) => 1,
            (false, limit) => limit.map_or(u64::MAX, u64::from),
        };
        let mut size = rayon::current_num_threads();
        while let Some((first, others)) = sources.split_first() {
            if let Source::File(file) = first
                && file.is_longer(BYTES)
            {
                sources = others;
                if !self.may_show(most) {
                    return Ok(());
                }
                self.long(out, file, &self.item(first)?.1)?;
                out.flush()?;
                continue;
            }
            let (batch, rest) = sources.split_at(self.batch(sources, size)?);
            sources = rest;
            size = (size * 2).min(DOCUMENTS);
            let batch = batch.iter().map(|source| self.item(source)).collect::<Result<Vec<_>>>()?;
            let job = self.job;
            let pages: Vec<io::Result<Page>> = batch
                .par_iter()
                .map_init(
                    || (texts.clone(), job.pattern.clone(), Vec::new()),
                    |(texts, pattern, raw), item| job.page(pattern, texts, raw, item),
                )
                .collect();
            for ((_, name, _), page) in batch.iter().zip(pages) {
                if !self.may_show(most) {
                    return Ok(());
                }
                self.page(out, name, page?)?;
            }
            out.flush()?;
        }
        Ok(())
    }

    /// Whether fewer than `most` files have been shown; else the search is capped.
    fn may_show(&mut self, most: u64) -> bool {
        self.tally.capped |= self.tally.files == most;
        !self.tally.capped
    }

    /// Reads a long file and prints what matches.
    fn long(&mut self, out: &mut impl Write, file: &Plain, name: &Name) -> Result<()> {
        let mut go = |page: &mut Page| {
            self.begin(out, page)?;
            out.write_all(&page.bytes)?;
            page.bytes.clear();
            Ok(())
        };
        let job = self.job;
        let page = job.file(job.pattern, file, name, &mut Vec::new(), Some(&mut go))?;
        self.page(out, name, page)
    }

    /// Parts a page from those before, once.
    fn begin(&self, out: &mut impl Write, page: &mut Page) -> io::Result<()> {
        let first = !std::mem::replace(&mut page.begun, true);
        let SearchArgs { json, files_with_matches, ref exact, .. } = *self.job.args;
        let lines = !(json || files_with_matches || exact.count || exact.files);
        if first && lines && self.job.style.has_context() && self.tally.files > 0 {
            self.job.style.look.paint(out, "36", "--")?;
            writeln!(out)?;
        }
        Ok(())
    }

    /// How many of `sources`, at most `size`, are read next.
    fn batch(&self, sources: &[Source], size: usize) -> Result<usize, Corrupt> {
        let mut bytes = 0;
        for (count, source) in sources.iter().take(size).enumerate() {
            bytes += match source {
                Source::File(file) if file.is_longer(BYTES) => return Ok(count),
                Source::Doc(at) => self.length(at)?,
                Source::File(file) => file.size,
            };
            if bytes > BYTES {
                return Ok(count + 1);
            }
        }
        Ok(size.min(sources.len()))
    }

    /// The bytes of a document's text.
    fn length(&self, at: &Candidate) -> Result<u64, Corrupt> {
        let Some(segment) = self.segments.get(at.segment) else { return Ok(0) };
        let doc = segment.image.docs().get(at.doc)?;
        let last = segment.image.chunks().of(&doc).last().transpose()?;
        Ok(last.map_or(0, |(_, chunk)| u64::from(chunk.end)))
    }

    fn item<'i>(&self, source: &'i Source) -> Result<Item<'i>> {
        let several = self.places.len() > 1;
        Ok(match source {
            Source::Doc(at) => {
                let (name, lang) = self.named(at)?;
                (source, name, lang)
            }
            Source::File(file) => {
                let root = file.name.root.clone().filter(|_| several);
                (source, Name { root, ..file.name.clone() }, Lang::Text)
            }
        })
    }

    /// How a document is called, and its language.
    fn named(&self, at: &Candidate) -> Result<(Name, Lang)> {
        let segment = self.segments.get(at.segment).context("no such segment")?;
        let doc = segment.image.docs().get(at.doc)?;
        let key: Vec<u8> = doc.key.bytes().collect();
        let mut name = self.searcher.name(at.asked, segment, &key);
        // The searcher does not know of the places that are read as they are.
        if self.places.len() > 1
            && name.root.is_none()
            && let Some(asked) = self.searcher.asked().get(at.asked)
        {
            let root = asked.root.as_os_str().as_bytes();
            if asked.image {
                name.shown = [root, b":", &*name.path].concat();
            }
            name.root = Some(root.to_vec());
        }
        Ok((name, doc.lang))
    }

    fn page(&mut self, out: &mut impl Write, name: &Name, mut page: Page) -> Result<()> {
        self.tally.read += u64::from(page.read);
        if let Some(why) = page.loss.as_ref().and_then(Loss::trouble) {
            self.tally.troubled = true;
            complain(format_args!("{}: {why}", harmless(&name.shown)));
        }
        match &page.loss {
            Some(Loss::Gone) => {
                self.tally.moved = true;
                let name = harmless(&name.shown);
                self.note(format_args!("{name} has gone since it was indexed: left out"));
            }
            // As grep: whoever writes into an output knows what it holds.
            Some(_) => {}
            None if page.changed => {
                self.tally.moved = true;
                let name = harmless(&name.shown);
                self.note(format_args!("{name} has changed since it was indexed: read anew"));
            }
            None => {}
        }
        if page.binary {
            self.tally.troubled = true;
            let name = harmless(&name.shown);
            complain(format_args!("{name} is binary, and matches: --text prints its lines"));
        }
        if page.lines == 0 {
            return Ok(());
        }
        if !page.bytes.is_empty() {
            self.begin(out, &mut page)?;
        }
        out.write_all(&page.bytes)?;
        self.tally.files += 1;
        self.tally.lines += page.lines;
        self.tally.matches += page.matches;
        Ok(())
    }

    /// What there is to say after the last line.
    fn done(&self, scanned: bool) -> lines::Done {
        let Tally { files, lines, matches, read, moved, capped, .. } = self.tally;
        let stale = moved || self.searcher.bodies().iter().any(Body::stale);
        let alone = self.asked.len() == self.places.len();
        let generation = self.searcher.generation().filter(|_| alone);
        let places = self.origins();
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

    /// What answered each place, where several were searched.
    fn origins(&self) -> Vec<Origin> {
        if self.places.len() < 2 {
            return vec![];
        }
        let origin = |(place, path): (usize, &PathBuf)| {
            let mut served = self.searcher.asked().iter();
            let asked = served.find(|asked| self.asked.get(asked.order) == Some(&place));
            let body = asked.and_then(|asked| self.searcher.bodies().get(asked.body()));
            Origin {
                root: asked.map_or(&**path, |asked| &asked.root).to_string_lossy().into_owned(),
                generation: body.and_then(Body::generation),
                stale: body.is_some_and(Body::stale),
            }
        };
        self.places.iter().enumerate().map(origin).collect()
    }
}
