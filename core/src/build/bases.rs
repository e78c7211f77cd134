//! Which earlier record a new one is most like.
//!
//! Lines of a log go by their template: the line without its numbers. Other
//! records go by the least hashes of their lines, three of them under different
//! hash functions: records with most lines in common share one (min-hash;
//! Broder, "On the resemblance and containment of documents", 1997).

use crate::hash::Fixed;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// A record that others may have as their base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    pub(super) chunk: u32,
    pub(super) record: u32,
    /// How many records it is itself decoded from.
    pub(super) depth: u8,
    /// Whether it is a line.
    pub(super) line: bool,
    /// Where what is known of it is kept.
    start: usize,
    end: usize,
}

/// The records that others may have as their base, with what must be known of them:
/// their texts or their phrases.
#[derive(Debug)]
pub(super) struct Bases<T> {
    anchors: HashMap<u64, Anchor, Fixed>,
    latest: Option<Anchor>,
    known: Vec<T>,
}

/// Bytes known of all: beyond that only new anchors are found.
const KNOWN_MAX: usize = 8 << 20;

/// Lines of less are in every text.
const LINE_MIN: usize = 8;

impl<T: Copy> Bases<T> {
    pub(super) fn new() -> Self {
        Self { anchors: HashMap::with_hasher(Fixed), latest: None, known: Vec::new() }
    }

    /// The latest record that `text` seems to be like.
    pub(super) fn find(&self, text: &[u8], lines: bool) -> Option<Anchor> {
        let found = marks(text, lines).into_iter().filter_map(|mark| self.anchors.get(&mark));
        found.copied().max_by_key(|anchor| (anchor.chunk, anchor.record))
    }

    /// The latest record of all.
    pub(super) fn latest(&self) -> Option<Anchor> {
        self.latest
    }

    /// What is known of an anchor.
    pub(super) fn known(&self, anchor: &Anchor) -> &[T] {
        self.known.get(anchor.start..anchor.end).unwrap_or_default()
    }

    /// A record that later ones may have as their base.
    pub(super) fn add(
        &mut self,
        place: (u32, u32),
        depth: u8,
        text: &[u8],
        lines: bool,
        known: &[T],
    ) {
        if (self.known.len() + known.len()) * size_of::<T>() > KNOWN_MAX {
            self.known.clear();
            self.anchors.clear();
            self.latest = None;
        }
        let start = self.known.len();
        self.known.extend_from_slice(known);
        let (chunk, record) = place;
        let anchor = Anchor { chunk, record, depth, line: lines, start, end: self.known.len() };
        self.latest = Some(anchor);
        for mark in marks(text, lines) {
            self.anchors.insert(mark, anchor);
        }
    }
}

fn mix(hash: u64, value: u64) -> u64 {
    let mixed = (hash ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 29
}

/// What records that are alike have in common.
fn marks(text: &[u8], lines: bool) -> heapless::Vec<u64, 3> {
    let mut marks = heapless::Vec::new();
    if lines {
        let _ = marks.push(template(text));
        return marks;
    }
    let mut least = [u64::MAX; 3];
    for line in text.split(|&b| b == b'\n').map(<[u8]>::trim_ascii) {
        if line.len() < LINE_MIN {
            continue;
        }
        let hash = line.iter().fold(7, |hash, &byte| mix(hash, u64::from(byte)));
        for (seed, least) in (1u64..).zip(&mut least) {
            *least = (*least).min(mix(hash, seed));
        }
    }
    for (seed, least) in (1u64..).zip(least) {
        if least < u64::MAX {
            let _ = marks.push(mix(least, seed << 32));
        }
    }
    marks
}

/// A line's words without those that have a digit.
fn template(line: &[u8]) -> u64 {
    let mut hash = 11;
    for word in line.split(|b| !b.is_ascii_alphanumeric()) {
        let word = if word.iter().any(u8::is_ascii_digit) { b"0".as_slice() } else { word };
        hash = word.iter().fold(mix(hash, 1), |hash, &byte| mix(hash, u64::from(byte)));
    }
    hash
}
