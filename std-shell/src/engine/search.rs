//! The documents that answer a question best, each by the lines that say it.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use serde::Serialize;
use sigla_core::image::Segment;
use sigla_core::outline::{Kind, Lang};
use sigla_core::rank::features::Feature;
use sigla_core::rank::{Class, Features, Weights};
use sigla_core::search::{
    self, Ask, Clause, Error, Field, Hit as Scored, Limits, Plan, Query, Scored as Chunk, Searcher,
};
use sigla_core::text;

use crate::engine::answer::{self, Clock, Note, Origin, Remark, Stats, What, origins};
use crate::engine::explain::{Explainer, Passage};
use crate::engine::opening::{Body, Corpus};
use crate::engine::scopes::Choice;
use crate::engine::texts::{LiveTexts, Loss};
use crate::engine::view::{DocAt, View};
use crate::machine::progress::Cancel;
use crate::tree::types::unknown;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The query.
    pub query: &'q [u8],
    /// All of it is words, none of it is syntax.
    pub words: bool,
    /// Which documents may answer.
    pub choice: Choice<'q>,
    /// The most hits.
    pub limit: u16,
    /// How much may be looked at.
    pub effort: Effort,
    /// Say why each hit stands where it stands.
    pub reasons: bool,
    /// What is told of each hit.
    pub detail: Detail,
}

impl<'q> Question<'q> {
    /// A question for ten hits with their passages.
    pub fn new(query: &'q [u8]) -> Question<'q> {
        Question {
            query,
            words: false,
            choice: Choice::default(),
            limit: 10,
            effort: Effort::Full,
            reasons: false,
            detail: Detail::Passages { lines: 3 },
        }
    }

    /// The query as it is meant.
    pub fn parsed(&self) -> Query<'q> {
        if self.words { Query::words(self.query) } else { Query::new(self.query) }
    }
}

/// How much a search may look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Within 16 KiB of memory for 10 hits, as a microcontroller would.
    Small,
    /// As much as helps.
    Full,
}

/// What is told of each hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Nothing: whether there are some is all.
    None,
    /// Which document it is.
    Paths,
    /// The lines that say it, so many at most. Where a log answers, several of its places may
    /// be hits.
    Passages {
        /// How many.
        lines: usize,
    },
}

/// A document, or a place in a log, that answers.
#[derive(Debug, Clone, Serialize)]
pub struct Hit {
    /// The path relative to the searched place.
    #[serde(serialize_with = "answer::bytes")]
    pub path: Vec<u8>,
    /// The place, where several were searched, as bytes of a path.
    #[serde(serialize_with = "answer::maybe_bytes")]
    pub root: Option<Vec<u8>>,
    /// The path as the user can use it.
    #[serde(serialize_with = "answer::bytes")]
    pub shown: Vec<u8>,
    /// Where the file is on this machine.
    #[serde(serialize_with = "answer::file")]
    pub file: Option<PathBuf>,
    /// Its score.
    pub score: i32,
    /// Its language.
    #[serde(serialize_with = "answer::lang")]
    pub lang: Lang,
    /// What answers; nothing where only paths were asked for.
    pub passage: Option<Passage>,
    /// Other chunks of it that answer, too.
    pub more: u32,
    /// Those of them that are no hits, either.
    pub left: u32,
    /// Why it stands where it stands, where that was asked.
    pub reasons: Option<Reasons>,
}

/// How the score of a hit came about: the sum of the parts, in 1/64.
#[derive(Debug, Clone, Serialize)]
pub struct Reasons {
    /// The class of the query, which chose the weights.
    pub class: &'static str,
    /// Features that are not 0; none for a hit behind the candidates, which its
    /// BM25 score alone put there.
    pub features: Vec<Part>,
}

/// What one feature adds to a score.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: i32,
    /// The weight of the class.
    pub weight: i32,
    /// Their product.
    pub adds: i64,
}

impl Reasons {
    /// Those of `features` weighed by `weights` for a query of `class`.
    fn new(class: Class, features: Option<&Features>, weights: &Weights) -> Reasons {
        let values = features.map_or(&[][..], |features| &features.0);
        let parts = Feature::ALL.iter().zip(values).zip(weights.of(class));
        let features = parts
            .filter(|((_, value), _)| **value != 0)
            .map(|((feature, &value), &weight)| {
                let adds = i64::from(value) * i64::from(weight);
                Part { name: feature.name(), value, weight, adds }
            })
            .collect();
        Reasons { class: class.name(), features }
    }
}

/// A misspelt word and what was searched in its stead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Corrected {
    /// The word of the query.
    #[serde(serialize_with = "answer::bytes")]
    pub from: Vec<u8>,
    /// The term of the body, a stem.
    #[serde(serialize_with = "answer::bytes")]
    pub to: Vec<u8>,
}

/// What was found.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The hits, best first, as far as their documents are still there.
    pub hits: Vec<Hit>,
    /// Documents that were found, however much is told of them.
    pub found: usize,
    /// The generation of the one index that answered.
    pub generation: Option<u64>,
    /// The tree may have changed since.
    pub stale: bool,
    /// Misspelt words.
    pub corrected: Vec<Corrected>,
    /// Phrases that nothing holds, of which the words were searched.
    #[serde(serialize_with = "answer::list")]
    pub loosened: Vec<Vec<u8>>,
    /// A limit may have cost hits.
    pub capped: bool,
    /// The query has no words.
    pub wordless: bool,
    /// What of the query may be a part of an id, of which no part is found.
    #[serde(serialize_with = "answer::maybe_bytes")]
    pub id: Option<Vec<u8>>,
    /// Where several places were searched: each of them.
    pub places: Vec<Origin>,
    /// What there is to know of what was searched.
    pub notes: Vec<Note>,
    /// What there is to know of files: first of those in which no phrase could be looked for,
    /// then of hits.
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

/// A hit before anything is said of it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) hit: Scored,
    reasons: Option<Reasons>,
    /// Other chunks of the file that answer, and are no hits behind this one.
    left: u32,
}

/// What a search ranked, and what explains it.
pub(crate) struct Ranked<'q> {
    pub(crate) places: Vec<Place>,
    pub(crate) explainer: Explainer<'q>,
    found: usize,
    corrected: Vec<Corrected>,
    loosened: u32,
    capped: bool,
}

/// Ranks what `segments` of `view` have.
pub(crate) fn rank<'q>(
    view: &View,
    segments: &[Segment<'_>],
    texts: &mut LiveTexts<'_>,
    question: &Question<'q>,
) -> Result<Ranked<'q>> {
    let query = question.parsed();
    let limit = usize::from(question.limit);
    let failed = |error| failure(error, &query, segments, view.corpus());
    let mut hits = vec![Scored::NONE; limit];
    let (limits, mut scratch) = limits(question.effort, limit);
    let mut search = Searcher::new(segments, limits, &mut scratch).map_err(failed)?;
    let mut plan = search.plan(&query).map_err(failed)?;
    let answer = plan.search_in(texts, &mut hits).map_err(failed)?;
    hits.truncate(answer.hits);
    let reasons = match question.reasons {
        true => reasons(&mut plan, &hits).map_err(failed)?.into_iter().map(Some).collect(),
        false => vec![None; hits.len()],
    };
    let place = |(hit, reasons): (Scored, _)| Place { left: hit.others, hit, reasons };
    let mut places: Vec<Place> = hits.into_iter().zip(reasons).map(place).collect();
    let mut lines = 0;
    if let Detail::Passages { lines: wanted } = question.detail {
        lines = wanted;
        places = with_passages(segments, &mut plan, texts, places, limit).map_err(failed)?;
    }
    let corrected = answer.corrected.iter();
    let corrected =
        corrected.map(|c| Corrected { from: c.word.to_vec(), to: c.to().to_vec() }).collect();
    Ok(Ranked {
        places,
        explainer: Explainer::new(&plan, lines),
        found: answer.hits,
        corrected,
        loosened: answer.loosened,
        capped: answer.capped,
    })
}

/// Answers a question.
pub(crate) fn answer(
    view: &View,
    question: &Question<'_>,
    mut clock: Clock,
    cancel: &dyn Cancel,
) -> Result<Answer> {
    cancel.check()?;
    let (segments, corpus) = (view.segments()?, view.corpus());
    let mut texts = view.texts(&segments);
    let Ranked { places, explainer, found, corrected, loosened, capped } =
        rank(view, &segments, &mut texts, question)?;
    clock.lap("search");
    let asked = question.parsed();
    let mut remarks = lost(view, &segments, &texts)?;
    let mut hits = Vec::new();
    for place in places.iter().filter(|_| question.detail != Detail::None) {
        cancel.check()?;
        let told = tell(view, &segments, &mut texts, &explainer, question.detail, place)?;
        hits.extend(told.hit);
        remarks.extend(told.remark);
    }
    clock.lap("show");
    let moved =
        |remark: &Remark| matches!(remark.what, What::Gone | What::Changed | What::ReadAnew);
    let phrases = asked.clauses().filter(|clause| clause.bit & loosened != 0);
    let phrases = phrases.filter_map(|clause| match clause.ask {
        Ask::Phrase(phrase) => Some(phrase.to_vec()),
        _ => None,
    });
    Ok(Answer {
        hits,
        found,
        generation: corpus.generation(),
        stale: view.stale() || remarks.iter().any(moved),
        corrected,
        loosened: phrases.collect(),
        capped,
        wordless: text::words(asked.raw()).next().is_none(),
        id: asked.clauses().find_map(part_of_id).map(<[u8]>::to_vec),
        places: origins(corpus),
        notes: view.notes().to_vec(),
        remarks,
        troubles: corpus.troubles().collect(),
        stats: Stats::of(corpus, &segments, clock),
    })
}

/// The limits for so much effort and so many hits, and the scratch for them.
fn limits(effort: Effort, hits: usize) -> (Limits, Vec<u8>) {
    let (limits, room): (Limits, fn(&Limits) -> usize) = match effort {
        Effort::Full => (Limits::FULL, search::wants),
        Effort::Small => (Limits::SMALL, search::needs),
    };
    let most = u16::try_from(hits).unwrap_or(u16::MAX);
    let limits = limits.with_hits(limits.hits.max(most));
    // Zeroed memory costs nothing until it is touched.
    (limits, vec![0; room(&limits)])
}

/// The hits, and behind them more places of those in logs where `limit` leaves room: all
/// with at least half of what the best has. One place says little of a log. Behind them
/// all, so that fewer places are the first of more (law 5).
fn with_passages(
    segments: &[Segment<'_>],
    plan: &mut Plan<'_, '_, Segment<'_>>,
    texts: &mut LiveTexts<'_>,
    hits: Vec<Place>,
    limit: usize,
) -> Result<Vec<Place>, Error> {
    let phrased = plan.query().clauses().any(|clause| matches!(clause.ask, Ask::Phrase(_)));
    let (mut all, mut behind) = (Vec::new(), Vec::new());
    let mut spare = limit.saturating_sub(hits.len());
    for mut place in hits {
        let hit = &mut place.hit;
        let doc = segments.get(hit.segment.index()).map(|it| it.image.docs().get(hit.doc));
        let damaged = |place| Error::Corrupt { segment: hit.segment, place };
        let lang = doc.transpose().map_err(damaged)?.map(|doc| doc.lang);
        if lang != Some(Lang::Log) || (spare == 0 && !phrased) {
            all.push(place);
            continue;
        }
        // Of the chunks with all words some may not have the phrase.
        let room = if phrased { limit.max(256) } else { spare + 1 };
        let mut best = vec![Chunk::NONE; room];
        let found = plan.passages_in(texts, hit, &mut best)?;
        best.truncate(found);
        let Some(&Chunk { chunk: first, score: most, .. }) = best.first() else {
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
            let hit = Scored { chunk: Some(other.chunk), ..own };
            Place { hit, reasons: None, left: if at == last { left } else { 0 } }
        }));
    }
    all.append(&mut behind);
    Ok(all)
}

/// Why each of `hits` stands where it stands: the candidates once more.
fn reasons(plan: &mut Plan<'_, '_, Segment<'_>>, hits: &[Scored]) -> Result<Vec<Reasons>, Error> {
    let mut features = vec![None; hits.len()];
    plan.candidates(&mut |candidate| {
        let same = |hit: &Scored| (hit.segment, hit.doc) == (candidate.segment, candidate.doc);
        if let Some(slot) = hits.iter().position(same).and_then(|at| features.get_mut(at)) {
            *slot = Some(candidate.features);
        }
    })?;
    let reasons = |features| Reasons::new(plan.class(), features, &Weights::DEFAULT);
    Ok(features.iter().map(|features| reasons(features.as_ref())).collect())
}

/// Says of an error of the core what the user can do.
fn failure(
    error: Error,
    query: &Query<'_>,
    segments: &[Segment<'_>],
    corpus: &Corpus,
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
            let body = segments.get(segment.index()).and_then(|at| corpus.body_of(at));
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

/// The texts in which phrases could not be looked for.
fn lost(view: &View, segments: &[Segment<'_>], texts: &LiveTexts<'_>) -> Result<Vec<Remark>> {
    let mut remarks = Vec::new();
    for (&(segment, doc), loss) in &texts.lost {
        let Some(named) = view.name(segments, DocAt { segment, doc })? else { continue };
        let what = match loss.trouble() {
            Some(why) => What::Unreadable(why),
            None if *loss == Loss::Gone => What::Gone,
            None => continue,
        };
        remarks.push(Remark { path: named.shown, what });
    }
    Ok(remarks)
}

/// What there is to tell of one hit.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) hit: Option<Hit>,
    pub(crate) remark: Option<Remark>,
}

/// Tells of a hit what is wanted, its text being read for it.
pub(crate) fn tell(
    view: &View,
    segments: &[Segment<'_>],
    texts: &mut LiveTexts<'_>,
    explainer: &Explainer<'_>,
    detail: Detail,
    Place { hit, reasons, left }: &Place,
) -> Result<Told> {
    let at = DocAt { segment: hit.segment.index(), doc: hit.doc };
    let (Some(segment), Some(named)) = (segments.get(at.segment), view.name(segments, at)?) else {
        return Ok(Told::default());
    };
    let doc = segment.image.docs().get(hit.doc)?;
    let mut told = Told::default();
    let mut remark = |what| {
        told.remark = Some(Remark { path: named.shown.clone(), what });
    };
    let passage = match detail {
        Detail::None | Detail::Paths => None,
        Detail::Passages { lines } => match texts.around(hit, lines) {
            Ok(text) if text.changed => {
                let Some(passage) = explainer.anew(text.bytes) else {
                    remark(What::Changed);
                    return Ok(told);
                };
                remark(What::ReadAnew);
                Some(passage)
            }
            Ok(text) => Some(explainer.explain(&segment.image, &doc, hit, Some(text))?),
            Err(Loss::Gone) => {
                remark(What::Gone);
                return Ok(told);
            }
            Err(Loss::Output) => return Ok(told),
            Err(loss) => {
                if let Some(why) = loss.trouble().filter(|_| loss != Loss::Absent) {
                    remark(What::Unreadable(why));
                }
                Some(explainer.explain(&segment.image, &doc, hit, None)?)
            }
        },
    };
    told.hit = Some(Hit {
        path: named.path,
        root: named.root,
        shown: named.shown,
        file: named.file,
        score: hit.score.0,
        lang: doc.lang,
        passage,
        more: hit.others,
        left: *left,
        reasons: reasons.clone(),
    });
    Ok(told)
}
