//! `sigla search`: find the files that answer a question best.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use sigla_core::image::Segment;
use sigla_core::outline::{Kind, Lang};
use sigla_core::rank::Weights;
use sigla_core::search::{
    self, Answer, Ask, Clause, Error, Field, Hit, Limits, Plan, Query, Scored, Searcher as Core,
};
use sigla_core::text;

use super::{Outcome, complain};
use crate::cli::{Profile, SearchArgs, When, unknown};
use crate::engine::explain::Explainer;
use crate::engine::scopes::{Asked, Body, Choice, Name, Opening, Searcher};
use crate::engine::texts::{Loss, Texts};
use crate::machine::progress::Progress;
use crate::output::human::{Look, harmless};
use crate::output::{Found, Reasons, json};

/// Runs the command.
pub fn run(args: &SearchArgs) -> Result<Outcome> {
    if args.exact.wanted() || args.exact.files || args.exact.type_list {
        return super::exact::run(args);
    }
    if args.exact.null && !args.files_with_matches {
        bail!("--null ends paths: it goes with -l, --files or an exact search");
    }
    if args.exact.follow {
        bail!("an index follows no links: --follow goes with --files or an exact search");
    }
    let raw = args.query()?;
    let query = if args.words { Query::words(&raw) } else { Query::new(&raw) };
    let mut clock = Clock::start();
    let searcher = open(args, &args.places())?;
    clock.lap("open");

    let plain = searcher.segments()?;
    let choice = Choice { types: &args.types, globs: &args.glob };
    let scopes = searcher.scopes(&plain, &choice)?;
    let segments: Vec<Segment<'_>> = plain
        .into_iter()
        .zip(&scopes)
        .map(|(segment, scope)| Segment { scope: scope.as_deref(), ..segment })
        .collect();
    let mut texts = Texts::new(&searcher, &segments, args.rules.max_filesize);
    let limit = usize::from(args.limit.unwrap_or(10));
    let mut hits = vec![Hit::NONE; limit];
    let (limits, mut scratch) = limits(args.profile, limit);
    let failed = |error| explain(error, &query, &segments, &searcher);
    let mut core = Core::new(&segments, limits, &mut scratch).map_err(failed)?;
    let mut plan = core.plan(&query).map_err(failed)?;
    let answer = plan.search_in(&mut texts, &mut hits).map_err(failed)?;
    hits.truncate(answer.hits);
    let reasons = match args.explain {
        true => reasons(&mut plan, &hits).map_err(failed)?.into_iter().map(Some).collect(),
        false => vec![None; hits.len()],
    };
    let place = |(hit, reasons): (Hit, _)| Place { left: hit.others, hit, reasons };
    let mut places: Vec<Place> = hits.into_iter().zip(reasons).map(place).collect();
    if !args.files_with_matches && !args.machine.quiet {
        places = with_passages(&segments, &mut plan, &mut texts, places, limit).map_err(failed)?;
    }
    clock.lap("search");

    let lines = 1 + 2 * usize::from(args.context.unwrap_or(1));
    let mut show = Show {
        args,
        asked: query,
        searcher: &searcher,
        segments: &segments,
        explainer: Explainer::new(&plan, lines),
        look: look(args.color),
        shown: 0,
        moved: false,
        troubled: false,
    };
    show.notes(&answer)?;
    show.lost(&texts)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if !args.machine.quiet {
        for place in places {
            show.place(&mut out, &mut texts, place)?;
        }
        if args.json {
            json::done(&mut out, &show.done(&answer))?;
        }
        out.flush()?;
    }
    clock.lap("show");
    if args.stats {
        stats(&searcher, &segments, &clock);
    }
    searcher.troubles().for_each(complain);
    let troubled = show.troubled || searcher.troubles().next().is_some();
    Ok(match (args.machine.quiet, troubled) {
        (true, _) if answer.hits > 0 => Outcome::Done,
        (_, true) => Outcome::Troubled,
        _ if answer.hits == 0 || (show.shown == 0 && !args.machine.quiet) => Outcome::Nothing,
        _ => Outcome::Done,
    })
}

/// Opens what serves the places that were named, with progress for the user.
pub(super) fn open(args: &SearchArgs, places: &[PathBuf]) -> Result<Searcher> {
    // A ranked search of what an index has needs no other thread, and to start some takes longer.
    if !args.stale_ok || args.exact.wanted() {
        args.machine.set_threads();
    }
    let progress = Progress::new(args.machine.quiet);
    let opening = Opening {
        home: &args.machine.home()?,
        settings: &args.machine.settings(args.rules.rules()),
        stale_ok: args.stale_ok,
        mmap: args.mmap,
        choice: Choice { types: &args.types, globs: &args.glob },
        progress: &progress,
    };
    let searcher = Searcher::open(places, &opening);
    progress.finish();
    searcher
}

pub(super) fn look(when: When) -> Look {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let raw = !io::stdout().is_terminal();
    let terminal = !raw && !dumb;
    match when {
        When::Auto => Look { color: terminal && !set("NO_COLOR"), links: terminal, raw },
        When::Always => Look { color: true, links: terminal, raw },
        When::Never => Look { raw, ..Look::default() },
    }
}

/// The limits of a profile for so many hits, and the scratch for them.
fn limits(profile: Profile, hits: usize) -> (Limits, Vec<u8>) {
    let (limits, room): (Limits, fn(&Limits) -> usize) = match profile {
        Profile::Full => (Limits::FULL, search::wants),
        Profile::Small => (Limits::SMALL, search::needs),
    };
    let most = u16::try_from(hits).unwrap_or(u16::MAX);
    let limits = limits.with_hits(limits.hits.max(most));
    // Zeroed memory costs nothing until it is touched.
    (limits, vec![0; room(&limits)])
}

/// A place that is shown.
struct Place {
    hit: Hit,
    /// Why it stands where it stands.
    reasons: Option<Reasons>,
    /// Other chunks of the file that answer, and are not shown behind this one.
    left: u32,
}

/// The hits, and behind them more places of those in logs where `limit` leaves room: all
/// with at least half of what the best has. One place says little of a log. Behind them
/// all, so that fewer places are the first of more (law 5).
fn with_passages(
    segments: &[Segment<'_>],
    plan: &mut Plan<'_, '_, Segment<'_>>,
    texts: &mut Texts<'_>,
    hits: Vec<Place>,
    limit: usize,
) -> Result<Vec<Place>, Error> {
    let phrased = plan.query().clauses().any(|clause| matches!(clause.ask, Ask::Phrase(_)));
    let (mut all, mut behind) = (Vec::new(), Vec::new());
    let mut spare = limit.saturating_sub(hits.len());
    for mut place in hits {
        let hit = &mut place.hit;
        let image = segments.get(hit.segment.index()).map(|segment| segment.image);
        let lang = image.and_then(|image| image.docs().get(hit.doc).ok()).map(|doc| doc.lang);
        if lang != Some(Lang::Log) || (spare == 0 && !phrased) {
            all.push(place);
            continue;
        }
        // Of the chunks with all words some may not have the phrase.
        let room = if phrased { limit.max(256) } else { spare + 1 };
        let mut best = vec![Scored::NONE; room];
        let found = plan.passages_in(texts, hit, &mut best)?;
        best.truncate(found);
        let Some(&Scored { chunk: first, score: most, .. }) = best.first() else {
            all.push(place);
            continue;
        };
        if phrased {
            hit.chunk = Some(first);
        }
        let own = *hit;
        let others = best.iter().filter(|other| {
            Some(other.chunk) != own.chunk && i64::from(other.score.0) * 2 >= i64::from(most.0)
        });
        let others: Vec<_> = others.take(spare).collect();
        spare -= others.len();
        let left = own.others.saturating_sub(others.len() as u32);
        place.left = if others.is_empty() { left } else { 0 };
        all.push(place);
        let last = others.len().saturating_sub(1);
        behind.extend(others.iter().enumerate().map(|(at, other)| {
            let hit = Hit { chunk: Some(other.chunk), ..own };
            Place { hit, reasons: None, left: if at == last { left } else { 0 } }
        }));
    }
    all.append(&mut behind);
    Ok(all)
}

/// Why each of `hits` stands where it stands: the candidates once more.
fn reasons(plan: &mut Plan<'_, '_, Segment<'_>>, hits: &[Hit]) -> Result<Vec<Reasons>, Error> {
    let mut features = vec![None; hits.len()];
    plan.candidates(&mut |candidate| {
        let same = |hit: &Hit| (hit.segment, hit.doc) == (candidate.segment, candidate.doc);
        if let Some(slot) = hits.iter().position(same).and_then(|at| features.get_mut(at)) {
            *slot = Some(candidate.features);
        }
    })?;
    let reasons = |features| Reasons::new(plan.class(), features, &Weights::DEFAULT);
    Ok(features.iter().map(|features| reasons(features.as_ref())).collect())
}

/// Says of an error of the core what the user can do.
fn explain(
    error: Error,
    query: &Query<'_>,
    segments: &[Segment<'_>],
    searcher: &Searcher,
) -> anyhow::Error {
    match error {
        Error::Empty => anyhow!("{error}: try sigla search \"retry backoff\""),
        Error::UnknownValue(field) => {
            let unknown = query.clauses().find_map(|clause| {
                let Ask::Filter(at, value) = clause.ask else { return None };
                let value = String::from_utf8_lossy(value);
                match field {
                    Field::Lang if at == field && Lang::from_name(&value).is_none() => {
                        Some(unknown("language", &value, Lang::ALL.iter().map(|l| l.name())))
                    }
                    Field::Kind if at == field && Kind::from_name(&value).is_none() => {
                        Some(unknown("kind", &value, Kind::ALL.iter().map(|k| k.name())))
                    }
                    _ => None,
                }
            });
            anyhow!(unknown.unwrap_or_else(|| error.to_string()))
        }
        Error::Corrupt { segment, place } => {
            let body = segments.get(segment.index()).and_then(|at| searcher.body_of(at));
            match body {
                Some(Body::Tree { place: index, .. }) => anyhow!(
                    "damaged index, {place}: remove {} and search again",
                    index.folder.path().display()
                ),
                Some(Body::Image { path, .. }) => {
                    anyhow!("{}: {place}: copy or pack it again", path.display())
                }
                None => anyhow!(error),
            }
        }
        Error::PhraseTooLong | Error::TooManyFilters => {
            anyhow!("{error}; --words takes all of the query as plain words")
        }
        _ => anyhow!(error),
    }
}

/// What is asked for and might be a part of an id or a hash, of which no part is a word.
fn part_of_id(clause: Clause<'_>) -> Option<&[u8]> {
    const LEAST: usize = 4;
    let (Ask::Words(run) | Ask::Phrase(run) | Ask::Prefix(run)) = clause.ask else { return None };
    let digits = run.iter().filter(|byte| byte.is_ascii_digit()).count();
    let plain = run.iter().all(u8::is_ascii_alphanumeric);
    (!clause.not && plain && run.len() >= LEAST && digits * 3 >= run.len()).then_some(run)
}

/// Shows hits, one after the other.
struct Show<'s> {
    args: &'s SearchArgs,
    /// The query as it was put.
    asked: Query<'s>,
    searcher: &'s Searcher,
    segments: &'s [Segment<'s>],
    explainer: Explainer<'s>,
    look: Look,
    /// Hits shown.
    shown: usize,
    /// A file was not what was indexed.
    moved: bool,
    /// A file could not be read.
    troubled: bool,
}

impl<'s> Show<'s> {
    fn note(&self, note: impl std::fmt::Display) {
        if !self.args.machine.quiet {
            complain(note);
        }
    }

    /// What there is to say before the first hit.
    fn notes(&self, answer: &Answer<'_>) -> Result<()> {
        for note in self.searcher.notes(self.args.stale_ok)? {
            self.note(note);
        }
        let mut corrected: Vec<(&[u8], Vec<String>)> = Vec::new();
        for correction in &answer.corrected {
            let (from, to) = (correction.word, harmless(correction.to()));
            // Terms are stems; the dots say so.
            let to = format!("\"{to}…\"");
            match corrected.iter_mut().find(|(known, _)| *known == from) {
                Some((_, all)) => all.push(to),
                None => corrected.push((from, vec![to])),
            }
        }
        for (from, to) in corrected {
            let from = harmless(from);
            self.note(format_args!("nothing matches \"{from}\"; searched {}", to.join(", ")));
        }
        let loosened = self.loosened(answer);
        if !loosened.is_empty() {
            let quoted = loosened.iter().take(3).map(|phrase| format!("\"{}\"", harmless(phrase)));
            let more = if loosened.len() > 3 { ", …" } else { "" };
            let quoted = quoted.collect::<Vec<_>>().join(", ");
            self.note(format_args!("nothing holds {quoted}{more}; searched the words"));
        }
        if answer.capped {
            self.note("the query is long or its phrase common: there may be more than was found");
        }
        if text::words(self.asked.raw()).next().is_none() {
            self.note("the query has no words; --literal finds signs, too");
        }
        if answer.hits == 0 && !self.args.json {
            let (documents, _) = sizes(self.segments);
            self.note(format_args!("nothing found in {documents} documents"));
            if let Some(id) = self.asked.clauses().find_map(part_of_id) {
                let id = harmless(id);
                self.note(format_args!("an id is found whole; -F {id} finds any part of one"));
            }
        }
        Ok(())
    }

    /// The texts in which phrases could not be looked for.
    fn lost(&mut self, texts: &Texts<'_>) -> Result<()> {
        for ((segment, doc), loss) in &texts.lost {
            let Some(segment) = self.segments.get(*segment) else { continue };
            let key: Vec<u8> = segment.image.docs().key(*doc)?.bytes().collect();
            let Some(place) = self.searcher.place_of(segment, &key) else { continue };
            let name = self.searcher.name(place, segment, &key).shown;
            let name = harmless(&name);
            match loss.trouble() {
                Some(why) => {
                    self.troubled = true;
                    complain(format_args!("{name}: {why}"));
                }
                None if *loss == Loss::Gone => {
                    self.moved = true;
                    self.note(format_args!("{name} has gone since it was indexed: left out"));
                }
                None => {}
            }
        }
        Ok(())
    }

    /// The phrases of which the words were searched.
    fn loosened(&self, answer: &Answer<'_>) -> Vec<&'s [u8]> {
        let clauses = self.asked.clauses().filter(|clause| clause.bit & answer.loosened != 0);
        let phrase = |clause: Clause<'s>| match clause.ask {
            Ask::Phrase(phrase) => Some(phrase),
            _ => None,
        };
        clauses.filter_map(phrase).collect()
    }

    fn place(
        &mut self,
        out: &mut impl Write,
        texts: &mut Texts<'_>,
        Place { hit, reasons, left }: Place,
    ) -> Result<()> {
        let hit = &hit;
        let Some(segment) = self.segments.get(hit.segment.index()) else { return Ok(()) };
        let doc = segment.image.docs().get(hit.doc)?;
        let key: Vec<u8> = doc.key.bytes().collect();
        let Some(place) = self.searcher.place_of(segment, &key) else { return Ok(()) };
        let Name { path, root, shown, file } = self.searcher.name(place, segment, &key);
        if self.args.files_with_matches {
            self.look.listed(out, &shown, file.as_deref())?;
            out.write_all(if self.args.exact.null { b"\0" } else { b"\n" })?;
            self.shown += 1;
            return Ok(());
        }
        let name = harmless(&shown);
        let passage = match texts.around(hit, self.explainer.lines) {
            Ok(text) if text.changed => {
                self.moved = true;
                let Some(passage) = self.explainer.anew(text.bytes) else {
                    self.note(format_args!("{name} has changed since it was indexed: left out"));
                    return Ok(());
                };
                self.note(format_args!("{name} has changed since it was indexed: read anew"));
                passage
            }
            Ok(text) => self.explainer.explain(&segment.image, &doc, hit, Some(text))?,
            Err(Loss::Gone) => {
                self.moved = true;
                self.note(format_args!("{name} has gone since it was indexed: left out"));
                return Ok(());
            }
            Err(Loss::Output) => return Ok(()),
            Err(loss) => {
                if let Some(why) = loss.trouble().filter(|_| loss != Loss::Absent) {
                    self.troubled = true;
                    complain(format_args!("{name}: {why}"));
                }
                self.explainer.explain(&segment.image, &doc, hit, None)?
            }
        };
        let found = Found {
            path,
            root,
            shown,
            file,
            score: hit.score.0,
            lang: doc.lang,
            passage,
            more: hit.others,
            left,
            reasons,
        };
        if self.args.json {
            json::hit(out, &found)?;
        } else {
            if self.shown > 0 {
                writeln!(out)?;
            }
            self.look.hit(out, &found)?;
        }
        self.shown += 1;
        Ok(())
    }

    /// What there is to say after the last hit.
    fn done(&self, answer: &Answer<'_>) -> json::Done {
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        json::Done {
            done: true,
            generation: self.searcher.generation(),
            stale: self.moved || self.searcher.bodies().iter().any(Body::stale),
            corrected: answer
                .corrected
                .iter()
                .map(|c| json::Corrected { from: lossy(c.word), to: lossy(c.to()) })
                .collect(),
            loosened: self.loosened(answer).into_iter().map(lossy).collect(),
            capped: answer.capped,
            places: origins(self.searcher),
        }
    }
}

/// What answered each place, where several were searched.
pub(super) fn origins(searcher: &Searcher) -> Vec<json::Origin> {
    if !searcher.several() {
        return vec![];
    }
    let origin = |asked: &Asked| {
        let body = searcher.bodies().get(asked.body())?;
        let root = asked.root.to_string_lossy().into_owned();
        Some(json::Origin { root, generation: body.generation(), stale: body.stale() })
    };
    searcher.asked().iter().filter_map(origin).collect()
}

/// Live documents and their chunks.
fn sizes(segments: &[Segment<'_>]) -> (u64, u64) {
    segments.iter().fold((0, 0), |(documents, chunks), segment| {
        let meta = segment.image.meta();
        let dead = segment.dead().count() as u64;
        (documents + u64::from(meta.documents) - dead, chunks + u64::from(meta.chunks))
    })
}

pub(super) fn stats(searcher: &Searcher, segments: &[Segment<'_>], clock: &Clock) {
    let (documents, chunks) = sizes(segments);
    let generations: Vec<String> = searcher
        .bodies()
        .iter()
        .filter_map(|body| body.generation().map(|generation| generation.to_string()))
        .collect();
    complain(format_args!(
        "documents {documents}, chunks {chunks}, segments {}, generation {}",
        segments.len(),
        if generations.is_empty() { "none".to_owned() } else { generations.join(" ") },
    ));
    let laps: Vec<String> = clock
        .laps
        .iter()
        .map(|(stage, time)| format!("{stage} {:.2} ms", time.as_secs_f64() * 1000.0))
        .collect();
    complain(laps.join(", "));
}

/// Times the stages of a search.
pub(super) struct Clock {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Clock {
    pub(super) fn start() -> Clock {
        Clock { last: Instant::now(), laps: Vec::new() }
    }

    pub(super) fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.laps.push((stage, now - self.last));
        self.last = now;
    }
}
