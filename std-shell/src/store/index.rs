//! A generation of an index, open to be searched.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use sigla_core::image;

use crate::store::catalogue::{Catalogue, Generation, Segment};
use crate::store::home::Folder;
use crate::store::ingest;
use crate::store::mapped::Bytes;
use crate::tree::fresh::{self, Verdict};
use crate::tree::ignored::LeftOut;
use crate::tree::root::Root;
use crate::tree::walk::{Entry, Tree};

/// A generation of an index, open.
#[derive(Debug)]
pub struct Index {
    pub(crate) generation: Generation,
    pub(crate) images: Vec<Bytes>,
    pub(crate) known: Known,
}

/// Where the index's knowledge of the tree is. A connection to a catalogue serves
/// one thread at a time.
#[derive(Debug)]
pub(crate) enum Known {
    Catalogue(Mutex<Catalogue>),
    Memory(Tree),
}

impl Index {
    /// Opens the last generation in `folder`, `None` when there is none.
    ///
    /// # Errors
    /// The index is damaged or cannot be read.
    pub fn open(folder: &Folder) -> Result<Option<Index>> {
        let mut attempt = 0;
        loop {
            let Some(catalogue) = Catalogue::open(&folder.catalogue())? else { return Ok(None) };
            let generation = catalogue.generation()?;
            match open_all(folder, &generation.segments) {
                Ok(images) => {
                    let known = Known::Catalogue(Mutex::new(catalogue));
                    return Ok(Some(Index { generation, images, known }));
                }
                // Two generations have passed since the catalogue was read.
                Err(_) if attempt < 5 => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// The number of the generation; `None` for an index in memory.
    pub fn generation(&self) -> Option<u64> {
        matches!(self.known, Known::Catalogue(_)).then_some(self.generation.id)
    }

    /// The images, with what is dead in them: what a search is over.
    ///
    /// # Errors
    /// One is damaged.
    pub fn segments(&self) -> Result<Vec<image::Segment<'_>>> {
        let pairs = self.images.iter().zip(&self.generation.segments);
        pairs
            .map(|(bytes, segment)| {
                Ok(image::Segment {
                    dead: &segment.dead,
                    ..image::Segment::new(ingest::open(bytes)?)
                })
            })
            .collect()
    }

    /// Documents that are not dead.
    pub fn documents(&self) -> u64 {
        self.generation.segments.iter().map(|segment| u64::from(segment.live())).sum()
    }

    /// What is known of the tree.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn tree(&self) -> Result<Tree> {
        match &self.known {
            Known::Catalogue(catalogue) => {
                catalogue.lock().unwrap_or_else(PoisonError::into_inner).tree()
            }
            Known::Memory(tree) => Ok(tree.clone()),
        }
    }

    /// What is known of the file `key`: its text may be read if its stamp is
    /// still this one.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn file(&self, key: &[u8]) -> Result<Option<Entry>> {
        match &self.known {
            Known::Catalogue(catalogue) => {
                catalogue.lock().unwrap_or_else(PoisonError::into_inner).file(key)
            }
            Known::Memory(tree) => Ok(tree.file(key).cloned()),
        }
    }

    /// What is left out of it.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn left_out(&self) -> Result<LeftOut> {
        match &self.known {
            Known::Catalogue(catalogue) => {
                catalogue.lock().unwrap_or_else(PoisonError::into_inner).left_out()
            }
            Known::Memory(tree) => Ok(tree.left_out.clone()),
        }
    }

    /// Compares with the tree as it is now.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn check(&self, root: &Root) -> Result<Verdict> {
        Ok(fresh::check(root, &self.tree()?, self.generation.at))
    }
}

/// Maps `segments` and checks that they are what the catalogue says.
pub(crate) fn open_all(folder: &Folder, segments: &[Segment]) -> Result<Vec<Bytes>> {
    let open = |segment: &Segment| {
        let name = || format!("the index lacks {}", folder.segment(segment.id).display());
        let bytes = folder.open(segment.id).with_context(name)?;
        let documents = ingest::open(&bytes)?.meta().documents;
        if documents != segment.documents {
            bail!("damaged index: {documents} documents in a segment of {}", segment.documents);
        }
        Ok(bytes)
    };
    segments.iter().map(open).collect()
}
