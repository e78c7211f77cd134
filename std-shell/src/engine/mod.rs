//! Answers: from the places that were named, through the core, to lines and symbols.
//!
//! ```text
//! request ─opening─▶ Corpus ─scopes─▶ View ─┬─ search ──▶ hits with their passages
//!          (current)  bodies   choice       ├─ exact ───▶ lines that match
//!                                           ├─ text ────▶ a document as it is now
//!                                           └─ symbols ─▶ definitions, uses, the map
//! ```
//!
//! An [`Engine`] is what commands, servers and libraries ask. [`opening`] finds what serves
//! each place, [`current`] has the index of a tree brought up to date or says why it is not,
//! [`scopes`] tell what of it may answer, a [`view`] is both together. [`texts`] reads
//! documents as they are now, and knows by their hash whether that is what was indexed;
//! [`explain`] finds the lines that say why a document answers.
//!
//! ```no_run
//! use sigla::engine::{Engine, Request, search::Question};
//! use sigla::machine::progress::Silent;
//!
//! let engine = Engine::open(Request::new([".".into()]));
//! let answer = engine.search(&Question::new(b"retry backoff"), &Silent)?;
//! for hit in &answer.hits {
//!     println!("{} {}", String::from_utf8_lossy(&hit.path), hit.score);
//! }
//! # Ok::<_, anyhow::Error>(())
//! ```
//!
//! Answers are owned and can be serialised. Whatever there is to say (notes, what is stale,
//! what could not be read) is in them: nothing here writes to standard output or error.

pub mod answer;
pub mod current;
pub mod exact;
pub mod explain;
pub mod opening;
pub mod scopes;
pub mod search;
pub mod texts;
pub mod view;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;

use crate::machine::pool::Pool;
use crate::machine::progress::{Cancel, Progress, Silent};
use crate::store::home::Home;
use crate::store::update::Settings;
use opening::{Corpus, Opening};
use scopes::Choice;
use view::View;

/// What an engine is to answer from.
#[derive(Debug, Clone)]
pub struct Request {
    /// Folders, files, images, and `-` for standard input.
    pub places: Vec<PathBuf>,
    /// Where indexes are kept; in `$SIGLA_DIR` or the user's cache where nothing is said.
    pub index_dir: Option<PathBuf>,
    /// How trees are indexed.
    pub settings: Settings,
    /// Take an index as it is, without looking whether files have changed.
    pub stale_ok: bool,
    /// Map a user's image, unchecked, instead of reading and checking it.
    pub mmap: bool,
}

impl Request {
    /// A request for `places`, with everything else as it is by default.
    pub fn new(places: impl IntoIterator<Item = PathBuf>) -> Request {
        Request {
            places: places.into_iter().collect(),
            index_dir: None,
            settings: Settings::default(),
            stale_ok: false,
            mmap: false,
        }
    }
}

/// Answers questions about some places, from many threads at once.
///
/// It answers from what it has opened: what serves a place is opened by the first question,
/// brought up to date with its tree, and kept until [`Engine::refresh`]. A file that has
/// changed since is read anew, and the answer says that it is stale. What has been found out
/// about an index is written back when the engine is refreshed or dropped.
#[derive(Debug)]
pub struct Engine {
    request: Request,
    pool: Arc<Pool>,
    progress: Box<dyn Progress + Send>,
    /// What was opened, and for which of the places: an exact search needs no index of a file.
    opened: Mutex<Vec<(Vec<PathBuf>, Arc<Corpus>)>>,
}

impl Engine {
    /// An engine for `request`. Opens nothing yet: which places need an index depends on what
    /// is asked.
    pub fn open(request: Request) -> Engine {
        Engine::with_progress(request, Silent)
    }

    /// The same; `progress` is told how far an index run has come, and may cancel it.
    pub fn with_progress(request: Request, progress: impl Progress + Send + 'static) -> Engine {
        let pool = Arc::new(Pool::new(request.settings.threads));
        Engine { request, pool, progress: Box::new(progress), opened: Mutex::default() }
    }

    /// What it was opened for.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Who works.
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Makes the next question look at the trees again. Who is being answered is not
    /// disturbed. What a stream has brought stays, as it comes but once.
    pub fn refresh(&self) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.retain(|(places, _)| places.iter().any(|place| opening::is_stream(place)));
    }

    /// What of all its places `choice` lets answer.
    ///
    /// # Errors
    /// There is no such place, it is no image, its tree is too large; a glob is wrong.
    pub fn view(&self, choice: &Choice<'_>) -> Result<View> {
        View::new(self.corpus(&self.request.places)?, choice, Arc::clone(&self.pool))
    }

    /// What serves `places`, which are some of its own.
    fn corpus(&self, places: &[PathBuf]) -> Result<Arc<Corpus>> {
        // Who asks for the same meanwhile waits, instead of opening it again.
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = opened.iter().find(|(known, _)| known == places) {
            return Ok(Arc::clone(known));
        }
        let opening = Opening {
            home: &self.home()?,
            settings: &self.request.settings,
            stale_ok: self.request.stale_ok,
            mmap: self.request.mmap,
            pool: &self.pool,
            progress: &*self.progress,
        };
        let corpus = Corpus::open(places, &opening);
        self.progress.finish();
        let corpus = Arc::new(corpus?);
        opened.push((places.to_vec(), Arc::clone(&corpus)));
        Ok(corpus)
    }

    /// Where indexes are kept.
    pub(crate) fn home(&self) -> Result<Home> {
        Home::locate(self.request.index_dir.as_deref())
    }

    /// The documents that answer a question best.
    ///
    /// # Errors
    /// As [`Engine::view`]; what is wrong with the query; an image is damaged; `cancel`.
    pub fn search(
        &self,
        question: &search::Question<'_>,
        cancel: &dyn Cancel,
    ) -> Result<search::Answer> {
        let mut clock = answer::Clock::start();
        let view = self.view(&question.choice)?;
        clock.lap("open");
        search::answer(&view, question, clock, cancel)
    }

    /// The text of the document at `path` in the place `root`, as hits name both, as it is now.
    ///
    /// # Errors
    /// As [`Engine::view`]; there is no such document, or it cannot be read.
    pub fn text(&self, root: Option<&[u8]>, path: &[u8]) -> Result<texts::Document> {
        texts::document(&self.view(&Choice::default())?, root, path)
    }
}
