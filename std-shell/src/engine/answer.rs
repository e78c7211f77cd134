//! What answers have in common: owned data, that can be kept, sent and shown.
//!
//! Paths, names and lines are bytes, as files have them; for a serializer they are strings
//! where they are UTF-8, else lists of bytes.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::{Serialize, Serializer};
use sigla_core::image::Segment;
use sigla_core::outline::{Kind, Lang};

use crate::engine::opening::{Asked, Body, Corpus};
use crate::tree::ignored::LeftOut;

/// What answered one of several places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The place, as it was named.
    pub root: String,
    /// The generation; none for an image.
    pub generation: Option<u64>,
    /// The tree may have changed since.
    pub stale: bool,
}

/// Something about what was searched that whoever reads an answer should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Note {
    /// An index could not be brought up to date, and answers as it is: why.
    LastIndex(String),
    /// An index cannot be kept, and is in memory: why.
    InMemory(String),
    /// A tree has changed since the generation that answers.
    Stale {
        /// The tree.
        root: PathBuf,
        /// The generation.
        generation: u64,
    },
    /// Nothing in this place is indexed.
    Nothing(PathBuf),
    /// Nothing that is indexed matches these globs.
    NoMatch(Vec<String>),
    /// Texts were left out for their size.
    Large {
        /// How many.
        files: usize,
        /// One of them: its path.
        #[serde(serialize_with = "bytes")]
        such: Vec<u8>,
        /// The most bytes that are taken.
        most: u64,
    },
    /// Ignore rules cannot be used.
    Broken {
        /// How many.
        rules: usize,
        /// The file of one of them.
        #[serde(serialize_with = "bytes")]
        such: Vec<u8>,
        /// What is wrong with that one.
        why: String,
    },
    /// No filter helped: all of so many documents had to be read.
    Unfiltered(usize),
}

impl Note {
    /// What there is to say of what is left out: a note for each list that is not empty.
    pub fn left_out(LeftOut { large, broken }: &LeftOut, most: u64) -> Vec<Note> {
        let files = large.len();
        let large = large.first().map(|such| Note::Large { files, such: such.to_vec(), most });
        let rules = broken.len();
        let broken = broken.first().map(|one| {
            let (such, why) = (one.rule.to_vec(), one.why.clone());
            Note::Broken { rules, such, why }
        });
        large.into_iter().chain(broken).collect()
    }
}

/// Something about a file that whoever reads an answer should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Its path, as the user can use it.
    #[serde(serialize_with = "bytes")]
    pub path: Vec<u8>,
    /// What there is to know.
    pub what: What,
}

/// What there is to say of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum What {
    /// It has gone since it was indexed, and is left out.
    Gone,
    /// It is another one than was indexed, and is left out, as it does not answer any more.
    Changed,
    /// It is another one than was indexed; what is said of it is so now.
    ReadAnew,
    /// It is binary, and matches; none of its lines are told.
    Binary,
    /// It could not be read: why.
    Unreadable(String),
}

impl What {
    /// Whether part of the work failed.
    pub fn is_trouble(&self) -> bool {
        matches!(self, What::Unreadable(_) | What::Binary)
    }
}

/// What was searched, and how long each stage took.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Stats {
    /// Documents.
    pub documents: u64,
    /// Their chunks.
    pub chunks: u64,
    /// Segments.
    pub segments: usize,
    /// The generations of the indexes that answered.
    pub generations: Vec<u64>,
    /// Seconds that each stage took, in their order.
    pub stages: Vec<(&'static str, f64)>,
}

impl Stats {
    pub(crate) fn of(corpus: &Corpus, segments: &[Segment<'_>], clock: Clock) -> Stats {
        let count = |sum: (u64, u64), segment: &Segment<'_>| {
            let meta = segment.image.meta();
            let dead = segment.dead().count() as u64;
            (sum.0 + u64::from(meta.documents) - dead, sum.1 + u64::from(meta.chunks))
        };
        let (documents, chunks) = segments.iter().fold((0, 0), count);
        Stats {
            documents,
            chunks,
            segments: segments.len(),
            generations: corpus.bodies().iter().filter_map(Body::generation).collect(),
            stages: clock.laps.into_iter().map(|(name, time)| (name, time.as_secs_f64())).collect(),
        }
    }
}

/// Times the stages of an answer.
#[derive(Debug)]
pub(crate) struct Clock {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Clock {
    pub(crate) fn start() -> Clock {
        Clock { last: Instant::now(), laps: Vec::new() }
    }

    pub(crate) fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.laps.push((stage, now - self.last));
        self.last = now;
    }
}

/// What answered each place, where several were searched.
pub(crate) fn origins(corpus: &Corpus) -> Vec<Origin> {
    if !corpus.several() {
        return vec![];
    }
    let origin = |asked: &Asked| {
        let body = corpus.bodies().get(asked.body())?;
        let root = asked.root.to_string_lossy().into_owned();
        Some(Origin { root, generation: body.generation(), stale: body.stale() })
    };
    corpus.asked().iter().filter_map(origin).collect()
}

/// Writes bytes as a string where they are UTF-8.
pub(crate) fn bytes<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => to.serialize_str(text),
        Err(_) => to.collect_seq(bytes),
    }
}

/// The same, where there may be none.
#[expect(clippy::ref_option, reason = "serde gives it so")]
pub(crate) fn maybe_bytes<S: Serializer>(all: &Option<Vec<u8>>, to: S) -> Result<S::Ok, S::Error> {
    match all {
        Some(all) => bytes(all, to),
        None => to.serialize_none(),
    }
}

/// The same of several.
pub(crate) fn list<S: Serializer>(all: &[Vec<u8>], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(all.iter().map(|one| String::from_utf8_lossy(one)))
}

/// Writes a path on this machine as a string.
#[expect(clippy::ref_option, reason = "serde gives it so")]
pub(crate) fn file<S: Serializer>(path: &Option<PathBuf>, to: S) -> Result<S::Ok, S::Error> {
    path.as_ref().map(|path| path.to_string_lossy()).serialize(to)
}

/// Writes a language by its name.
pub(crate) fn lang<S: Serializer>(lang: &Lang, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(lang.name())
}

/// Writes a kind by its name.
pub(crate) fn kind<S: Serializer>(kind: &Kind, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(kind.name())
}
