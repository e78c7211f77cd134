//! Reading what may match, batch by batch.
//!
//! An index tells which documents of a tree may match; files that were named are read as
//! they are. Both are read in parallel; each worker puts what it finds on a [`Page`], and the
//! pages go out in the order of paths. The first batch is small, so that the first lines come
//! early; none holds more text than some megabytes, so that memory does not follow the
//! answer. A file that is longer than that is a batch of its own: it is read in
//! [windows](super::windows), and what it has goes out before it is at its end.

use std::collections::HashMap;
use std::io;
use std::ops::{ControlFlow, Range};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use anyhow::{Context, Result};
use rayon::prelude::*;
use serde::Serialize;
use sigla_core::image::{Corrupt, Segment};
use sigla_core::outline::Lang;

use super::pattern::{Line, Pattern};
use super::plain::{Plain, Sorted, Sorting};
use super::windows::{Holding, Window, Windows};
use super::{Candidate, Candidates, candidates};
use crate::engine::Engine;
use crate::engine::answer::{self, Clock, Origin, Remark, Stats, What};
use crate::engine::exact::need::Need;
use crate::engine::opening::{Body, Corpus, Name};
use crate::engine::scopes::Choice;
use crate::engine::texts::{LiveTexts, Loss};
use crate::engine::view::View;
use crate::machine::progress::Cancel;
use crate::tree::decode::contains_nul;
use crate::tree::types::Type;

/// The most documents of a batch.
const DOCUMENTS: usize = 512;
/// The bytes of text behind which a batch ends.
const BYTES: u64 = 16 << 20;
/// The bytes on a page of a long file that are held.
const HELD: usize = 1 << 20;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// What is looked for.
    pub pattern: &'q Pattern,
    /// Which documents may answer.
    pub choice: Choice<'q>,
    /// What is wanted of them.
    pub want: Want,
    /// Read binary files as text, and trees as they are.
    pub text: bool,
    /// Read trees as they are, and what links lead to in them.
    pub follow: bool,
    /// The most files; all, where nothing is said.
    pub limit: Option<u64>,
}

impl<'q> Question<'q> {
    /// A question for all lines that match.
    pub fn new(pattern: &'q Pattern) -> Question<'q> {
        let want = Want::Lines { before: 0, marks: true };
        let choice = Choice::default();
        Question { pattern, choice, want, text: false, follow: false, limit: None }
    }

    /// Whether trees are read as they are.
    fn reads_trees(&self) -> bool {
        self.text || self.follow || self.want == Want::Paths
    }
}

/// What is wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Its lines that match.
    Lines {
        /// Lines before each that a page can have from its window.
        before: usize,
        /// Every match of a line, not the first alone.
        marks: bool,
    },
    /// How many lines there are.
    Count {
        /// And every match of a line, not the first alone.
        marks: bool,
    },
    /// Whether there is one.
    Any,
    /// That it is there: nothing is looked for.
    Paths,
}

/// A file that matches.
#[derive(Debug, Clone, Copy)]
pub struct File<'n> {
    /// How it is called.
    pub name: &'n Name,
    /// Its language.
    pub lang: Lang,
}

/// What is counted of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Lines that match; of a file that is listed, 1.
    pub lines: u64,
    /// Matches in them, as far as they were looked for.
    pub matches: u64,
    /// There is no more of it to come.
    pub ended: bool,
}

/// What a worker puts the lines of one file on.
pub trait Page: Send {
    /// Takes a line that matches. `window` holds it, and what is wanted before it.
    ///
    /// # Errors
    /// What it is written to reports.
    fn line(&mut self, window: &Window<'_>, line: &Line<'_>) -> io::Result<()>;

    /// Takes the end of a window.
    ///
    /// # Errors
    /// What it is written to reports.
    fn end(&mut self, _window: &Window<'_>) -> io::Result<()> {
        Ok(())
    }

    /// About how many bytes it holds.
    fn held(&self) -> usize;

    /// Forgets what it holds, as that cannot be told.
    fn clear(&mut self);
}

/// Takes what was found, on the thread that asked.
pub trait Sink<P> {
    /// Takes what there is to know before the first file.
    ///
    /// # Errors
    /// The search ends with it.
    fn begin(&mut self, _notes: &[String]) -> Result<()> {
        Ok(())
    }

    /// Takes a page of a file that matches, in the order of places and paths; of a long
    /// file several times, until its sum is that of all.
    ///
    /// # Errors
    /// The search ends with it.
    fn take(&mut self, file: File<'_>, page: &mut P, sum: Sum) -> Result<()>;

    /// Some files were taken, and it may be a while until there are more.
    ///
    /// # Errors
    /// The search ends with it.
    fn pause(&mut self) -> Result<()> {
        Ok(())
    }
}

/// A line that matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineHit {
    /// Its number, from 1.
    pub number: u64,
    /// Its first byte in the text.
    pub start: usize,
    /// Its bytes, without its end.
    #[serde(serialize_with = "answer::bytes")]
    pub bytes: Vec<u8>,
    /// What matches in it.
    pub marks: Vec<Range<usize>>,
}

/// A page of owned lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Lines {
    /// The lines, in order.
    pub lines: Vec<LineHit>,
    held: usize,
}

impl Page for Lines {
    fn line(&mut self, _window: &Window<'_>, line: &Line<'_>) -> io::Result<()> {
        self.held += line.bytes.len() + size_of::<LineHit>();
        let (bytes, marks) = (line.bytes.to_vec(), line.marks.to_vec());
        self.lines.push(LineHit { number: line.number, start: line.start, bytes, marks });
        Ok(())
    }

    fn held(&self) -> usize {
        self.held
    }

    fn clear(&mut self) {
        *self = Lines::default();
    }
}

impl<F: FnMut(File<'_>, Vec<LineHit>) -> Result<()>> Sink<Lines> for F {
    fn take(&mut self, file: File<'_>, page: &mut Lines, _sum: Sum) -> Result<()> {
        self(file, std::mem::take(page).lines)
    }
}

/// What was found, apart from the lines.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// Files with a line.
    pub files: u64,
    /// Lines.
    pub lines: u64,
    /// Matches in them.
    pub matches: u64,
    /// Documents that were read.
    pub read: u64,
    /// Documents that had to be read to be sure.
    pub candidates: usize,
    /// Documents that might have been such.
    pub of: usize,
    /// Nothing narrowed down what had to be read, in some place at least.
    pub scanned: bool,
    /// Candidates were left unread, as enough was found.
    pub capped: bool,
    /// The generation of the one index that answered.
    pub generation: Option<u64>,
    /// The tree may have changed since.
    pub stale: bool,
    /// Where several places were searched: each of them.
    pub places: Vec<Origin>,
    /// What there is to know of files.
    pub remarks: Vec<Remark>,
    /// What could not be searched or indexed.
    pub troubles: Vec<String>,
    /// What was searched.
    pub stats: Stats,
}

impl Answer {
    /// Whether part of the work failed.
    pub fn is_troubled(&self) -> bool {
        !self.troubles.is_empty() || self.remarks.iter().any(|remark| remark.what.is_trouble())
    }
}

impl Engine {
    /// Every line that matches, put on pages that `page` makes for the workers, and handed to
    /// `sink`. For owned lines, `page` is `|_| Lines::default()` and `sink` may be a closure.
    ///
    /// # Errors
    /// A place cannot be searched, an image is damaged, `sink` fails, `cancel`.
    pub fn exact<P: Page>(
        &self,
        question: &Question<'_>,
        page: impl Fn(File<'_>) -> P + Sync,
        sink: &mut impl Sink<P>,
        cancel: &dyn Cancel,
    ) -> Result<Answer> {
        let mut clock = Clock::start();
        let places = &self.request.places;
        let home = self.home();
        let sorting = Sorting {
            rules: self.request.settings.rules.clone(),
            globs: question.choice.globs,
            trees: question.reads_trees(),
            follow: question.follow,
            except: home.iter().map(|home| home.path()).collect(),
            threads: self.request.settings.threads,
            progress: &*self.progress,
        };
        let sorted = sorting.sort(places);
        self.progress.finish();
        let Sorted { files, served, troubles } = sorted?;
        let paths: Vec<PathBuf> = served.iter().map(|(_, path)| path.clone()).collect();
        let mut troubles: Vec<String> = troubles.iter().map(ToString::to_string).collect();
        let corpus = match paths.is_empty() {
            true => Ok(Default::default()),
            // Of several places, one does not fail the others.
            false => self.corpus(&paths).or_else(|error| match places.len() {
                1 => Err(error),
                _ => {
                    troubles.push(format!("{error:#}"));
                    Ok(Default::default())
                }
            }),
        };
        clock.lap("open");
        let view = View::new(corpus?, &question.choice, self.pool.clone())?;
        let segments = view.segments()?;
        let nothing = Need::Nothing;
        let need = if question.want == Want::Paths { &nothing } else { question.pattern.need() };
        let mut found = candidates(view.corpus(), &segments, need, self.pool())?;
        found.of += files.len();
        let plainly = !files.is_empty();
        clock.lap("candidates");
        let texts = view.texts(&segments);
        let mut reading = Reading {
            job: Job { question, page: &page },
            view: &view,
            segments: &segments,
            places,
            asked: served.into_iter().map(|(asked, _)| asked).collect(),
            cancel,
            tally: Tally::default(),
        };
        let all = reading.sources(&found, files)?;
        sink.begin(&reading.notes(&found))?;
        reading.all(sink, &all, &texts)?;
        clock.lap("read");
        let (generation, origins) = (reading.generation(), reading.origins());
        let Tally { files, lines, matches, read, moved, capped, remarks } = reading.tally;
        troubles.extend(view.corpus().troubles());
        Ok(Answer {
            files,
            lines,
            matches,
            read,
            candidates: all.len(),
            of: found.of,
            scanned: found.scanned || plainly,
            capped,
            generation,
            stale: moved || view.stale(),
            places: origins,
            remarks,
            troubles,
            stats: Stats::of(view.corpus(), &segments, clock),
        })
    }
}

/// What is to be read.
#[derive(Debug)]
enum Source {
    /// A document of an index or image.
    Doc(Candidate),
    /// A file, as it is.
    Plain(Plain),
}

/// The same, with the name that it is told under and, of a document, its language.
type Item<'i> = (&'i Source, Name, Lang);

/// What a worker needs to know.
struct Job<'s, F> {
    question: &'s Question<'s>,
    /// Makes pages.
    page: &'s F,
}

impl<F> Clone for Job<'_, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Job<'_, F> {}

/// What came of one document.
struct Sheet<P> {
    lang: Lang,
    /// Its lines, once there is one.
    page: Option<P>,
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

impl<P> Default for Sheet<P> {
    fn default() -> Self {
        Sheet {
            lang: Lang::Text,
            page: None,
            lines: 0,
            matches: 0,
            changed: false,
            read: false,
            binary: false,
            loss: None,
            begun: false,
        }
    }
}

impl<P: Page> Sheet<P> {
    /// What was lost while it was read: what has gone out stands, the rest goes.
    fn lost(mut self, loss: Loss) -> Sheet<P> {
        if !self.begun {
            self.lines = 0;
        }
        if let Some(page) = &mut self.page {
            page.clear();
        }
        Sheet { loss: Some(loss), read: true, ..self }
    }

    fn sum(&self, ended: bool) -> Sum {
        Sum { lines: self.lines, matches: self.matches, ended }
    }
}

/// What a sheet is sent out by before it is complete.
type Out<'o, P> = &'o mut dyn FnMut(&mut Sheet<P>) -> Result<()>;

impl<P: Page, F: Fn(File<'_>) -> P> Job<'_, F> {
    /// Looks for the pattern in one document or file.
    fn sheet(
        &self,
        pattern: &Pattern,
        texts: &mut LiveTexts<'_>,
        raw: &mut Vec<u8>,
        (source, name, lang): &Item<'_>,
    ) -> Result<Sheet<P>> {
        match source {
            Source::Doc(_) if self.question.want == Want::Paths => Ok(self.path(name, *lang)),
            Source::Doc(at) => match texts.get(at.segment, at.doc) {
                Ok(text) => {
                    let (lang, changed) = (*lang, text.changed);
                    let mut sheet = Sheet { lang, changed, read: true, ..Sheet::default() };
                    self.window(pattern, &mut sheet, name, false, &Window::whole(text.bytes))?;
                    Ok(sheet)
                }
                Err(loss) => Ok(Sheet::default().lost(loss)),
            },
            Source::Plain(file) => self.file(pattern, file, name, raw, None),
        }
    }

    /// Looks for the pattern in a file. With `out`, where the file can be read again, what is
    /// found is not held until its end.
    fn file(
        &self,
        pattern: &Pattern,
        file: &Plain,
        name: &Name,
        room: &mut Vec<u8>,
        mut out: Option<Out<'_, P>>,
    ) -> Result<Sheet<P>> {
        let Question { choice, want, text, .. } = *self.question;
        if want == Want::Paths {
            let lang = match choice.types.is_empty() {
                true => Lang::Text,
                false => Lang::detect(&name.path, &file.head()),
            };
            return Ok(self.path(name, lang));
        }
        // Gone since the folder was listed.
        let loss = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound if !file.named => Loss::Gone,
            _ => Loss::Unreadable(error.to_string()),
        };
        let bytes = match file.open() {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Sheet::default().lost(Loss::Output)),
            Err(error) => return Ok(Sheet::default().lost(loss(error))),
        };
        let how = match (pattern.spans(), want) {
            (true, _) => Holding::All(file.size),
            (false, Want::Lines { before, .. }) => Holding::Above(before),
            (false, _) => Holding::Above(0),
        };
        let mut windows = Windows::new(bytes, how, room);
        let lang = match windows.head() {
            Ok(head) => Lang::detect(&name.path, head.get(..head.len().min(512)).unwrap_or(head)),
            Err(error) => return Ok(Sheet::default().lost(loss(error))),
        };
        if !Type::any_has(choice.types, lang, &name.path) {
            return Ok(Sheet::default());
        }
        let mut sheet = Sheet { lang, read: true, ..Sheet::default() };
        // Of a binary file nothing is told, wherever its NUL is.
        let (mut binary, mut sure) = (false, text);
        loop {
            let window = match windows.next() {
                Ok(Some(window)) => window,
                Ok(None) => break,
                Err(error) => return Ok(sheet.lost(loss(error))),
            };
            if !text && contains_nul(window.fresh()) {
                binary = true;
                if !file.named {
                    break;
                }
            }
            self.window(pattern, &mut sheet, name, binary, &window)?;
            let held = sheet.page.as_ref().map_or(0, Page::held);
            if !binary
                && held > HELD
                && let Some(out) = &mut out
            {
                if !sure {
                    sure = true;
                    match file.has_nul() {
                        Ok(nul) => binary = nul,
                        Err(error) => return Ok(sheet.lost(loss(error))),
                    }
                }
                if !binary {
                    out(&mut sheet)?;
                }
            }
            // As grep: a word on what is not shown, where there is something.
            if binary && sheet.lines > 0 {
                break;
            }
        }
        if binary {
            sheet.binary = file.named && sheet.lines > 0;
            // A NUL that was written while the file was read takes back nothing.
            if !sheet.begun {
                (sheet.lines, sheet.matches) = (0, 0);
            }
            if let Some(page) = &mut sheet.page {
                page.clear();
            }
        }
        Ok(sheet)
    }

    /// A path in a list of files.
    fn path(&self, name: &Name, lang: Lang) -> Sheet<P> {
        match Type::any_has(self.question.choice.types, lang, &name.path) {
            true => Sheet { lang, lines: 1, ..Sheet::default() },
            false => Sheet::default(),
        }
    }

    /// Puts what matches in the next lines of the text on the page. Of what is `binary`, it
    /// is only told whether there is something.
    fn window(
        &self,
        pattern: &Pattern,
        sheet: &mut Sheet<P>,
        name: &Name,
        binary: bool,
        window: &Window<'_>,
    ) -> io::Result<()> {
        let one = binary || self.question.want == Want::Any;
        let (told, all) = match self.question.want {
            Want::Lines { marks, .. } => (!one, marks),
            Want::Count { marks } => (false, marks),
            Want::Any | Want::Paths => (false, false),
        };
        if one && sheet.lines > 0 {
            return Ok(());
        }
        let mut failed = Ok(());
        let _ = window.lines(pattern, all, |line| {
            sheet.lines += 1;
            sheet.matches += line.marks.len() as u64;
            if told {
                let file = File { name, lang: sheet.lang };
                let page = sheet.page.get_or_insert_with(|| (self.page)(file));
                failed = page.line(window, line);
            }
            if one || failed.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        failed?;
        match &mut sheet.page {
            Some(page) if told => page.end(window),
            _ => Ok(()),
        }
    }
}

/// What was found so far.
#[derive(Debug, Clone, Default)]
struct Tally {
    files: u64,
    lines: u64,
    matches: u64,
    read: u64,
    /// A file was not what was indexed.
    moved: bool,
    /// Candidates were left unread, as enough was found.
    capped: bool,
    remarks: Vec<Remark>,
}

/// Reads what may match and hands on what does.
struct Reading<'s, F> {
    job: Job<'s, F>,
    view: &'s View,
    segments: &'s [Segment<'s>],
    /// All places that were named.
    places: &'s [PathBuf],
    /// Which of them the corpus serves.
    asked: Vec<usize>,
    cancel: &'s dyn Cancel,
    tally: Tally,
}

impl<F> Reading<'_, F> {
    fn corpus(&self) -> &Corpus {
        self.view.corpus()
    }

    /// What there is to say before the first line.
    fn notes(&self, found: &Candidates) -> Vec<String> {
        let mut notes = self.view.notes().to_vec();
        let Question { pattern, want, .. } = *self.job.question;
        // Which lines do not match, no index tells.
        if found.scanned && found.indexed && want != Want::Paths && !pattern.is_inverted() {
            notes.push(format!(
                "the query holds no three bytes that every match has: reading all {} documents",
                found.of
            ));
        }
        notes
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
                all.push((file.asked, Source::Plain(file)));
            }
        }
        // What a place has is in order already.
        all.sort_by_key(|(place, _)| *place);
        Ok(all.into_iter().map(|(_, source)| source).collect())
    }

    /// The place among all that is the corpus's place `asked`.
    fn place(&self, asked: usize) -> usize {
        let order = self.corpus().asked().get(asked).map(|asked| asked.order);
        order.and_then(|order| self.asked.get(order)).copied().unwrap_or_default()
    }

    /// Whether fewer than `most` files have been found; else the search is capped.
    fn goes_on(&mut self, most: u64) -> bool {
        self.tally.capped |= self.tally.files == most;
        !self.tally.capped
    }

    /// How many of `sources`, at most `size`, are read next.
    fn batch(&self, sources: &[Source], size: usize) -> Result<usize, Corrupt> {
        let mut bytes = 0;
        for (count, source) in sources.iter().take(size).enumerate() {
            bytes += match source {
                Source::Plain(file) if file.is_longer(BYTES) => return Ok(count),
                Source::Doc(at) => self.length(at)?,
                Source::Plain(file) => file.size,
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
            Source::Plain(file) => {
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
        let mut name = self.corpus().name(at.asked, segment, &key);
        // The corpus does not know of the places that are read as they are.
        if self.places.len() > 1
            && name.root.is_none()
            && let Some(asked) = self.corpus().asked().get(at.asked)
        {
            let root = asked.root.as_os_str().as_bytes();
            if asked.image {
                name.shown = [root, b":", &*name.path].concat();
            }
            name.root = Some(root.to_vec());
        }
        Ok((name, doc.lang))
    }

    /// The generation of the one index that answered.
    fn generation(&self) -> Option<u64> {
        let alone = self.asked.len() == self.places.len();
        self.corpus().generation().filter(|_| alone)
    }

    /// What answered each place, where several were searched.
    fn origins(&self) -> Vec<Origin> {
        if self.places.len() < 2 {
            return vec![];
        }
        let origin = |(place, path): (usize, &PathBuf)| {
            let mut served = self.corpus().asked().iter();
            let asked = served.find(|asked| self.asked.get(asked.order) == Some(&place));
            let body = asked.and_then(|asked| self.corpus().bodies().get(asked.body()));
            Origin {
                root: asked.map_or(&**path, |asked| &asked.root).to_string_lossy().into_owned(),
                generation: body.and_then(Body::generation),
                stale: body.is_some_and(Body::stale),
            }
        };
        self.places.iter().enumerate().map(origin).collect()
    }
}

impl<P: Page, F: Fn(File<'_>) -> P + Sync> Reading<'_, F> {
    /// Reads what there is and hands on what matches.
    fn all(
        &mut self,
        sink: &mut impl Sink<P>,
        mut sources: &[Source],
        texts: &LiveTexts<'_>,
    ) -> Result<()> {
        let most = self.job.question.limit.unwrap_or(u64::MAX);
        let mut size = self.view.pool().size();
        while let Some((first, others)) = sources.split_first() {
            self.cancel.check()?;
            if let Source::Plain(file) = first
                && file.is_longer(BYTES)
            {
                sources = others;
                if !self.goes_on(most) {
                    return Ok(());
                }
                self.long(sink, file, &self.item(first)?.1)?;
                sink.pause()?;
                continue;
            }
            let (batch, rest) = sources.split_at(self.batch(sources, size)?);
            sources = rest;
            size = (size * 2).min(DOCUMENTS);
            let batch = batch.iter().map(|source| self.item(source)).collect::<Result<Vec<_>>>()?;
            let job = self.job;
            let read = || -> Vec<Result<Sheet<P>>> {
                let room = || (texts.clone(), job.question.pattern.clone(), Vec::new());
                let sheets = batch.par_iter().map_init(room, |(texts, pattern, raw), item| {
                    job.sheet(pattern, texts, raw, item)
                });
                sheets.collect()
            };
            let sheets = self.view.pool().run(read);
            for ((_, name, _), sheet) in batch.iter().zip(sheets) {
                if !self.goes_on(most) {
                    return Ok(());
                }
                self.take(sink, name, sheet?)?;
            }
            sink.pause()?;
        }
        Ok(())
    }

    /// Reads a long file and hands on what matches.
    fn long(&mut self, sink: &mut impl Sink<P>, file: &Plain, name: &Name) -> Result<()> {
        let (job, cancel) = (self.job, self.cancel);
        let mut go = |sheet: &mut Sheet<P>| {
            cancel.check()?;
            sheet.begun = true;
            let sum = sheet.sum(false);
            match &mut sheet.page {
                Some(page) => sink.take(File { name, lang: sheet.lang }, page, sum),
                None => Ok(()),
            }
        };
        let pattern = job.question.pattern;
        let sheet = job.file(pattern, file, name, &mut Vec::new(), Some(&mut go))?;
        self.take(sink, name, sheet)
    }

    /// Takes what came of one document.
    fn take(&mut self, sink: &mut impl Sink<P>, name: &Name, mut sheet: Sheet<P>) -> Result<()> {
        self.tally.read += u64::from(sheet.read);
        let mut remark = |what| {
            self.tally.remarks.push(Remark { path: name.shown.clone(), what });
        };
        if let Some(why) = sheet.loss.as_ref().and_then(Loss::trouble) {
            remark(What::Unreadable(why));
        }
        match &sheet.loss {
            Some(Loss::Gone) => {
                self.tally.moved = true;
                remark(What::Gone);
            }
            // As grep: whoever writes into an output knows what it holds.
            Some(_) => {}
            None if sheet.changed => {
                self.tally.moved = true;
                remark(What::ReadAnew);
            }
            None => {}
        }
        if sheet.binary {
            remark(What::Binary);
        }
        if sheet.lines == 0 {
            return Ok(());
        }
        let sum = sheet.sum(true);
        let file = File { name, lang: sheet.lang };
        let page = sheet.page.get_or_insert_with(|| (self.job.page)(file));
        sink.take(file, page, sum)?;
        self.tally.files += 1;
        self.tally.lines += sum.lines;
        self.tally.matches += sum.matches;
        Ok(())
    }
}
