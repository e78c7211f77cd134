//! Terms and the words that make them, each stored once.
//!
//! Analysis (splitting, lower case, stemming) runs once for every distinct word
//! of a batch; each further occurrence costs one look-up.

use crate::text::{self, Part};
use alloc::vec::Vec;
use hashbrown::HashTable;

/// A hash of bytes for tables that live in memory only; multiply and fold, eight
/// bytes at a time (after the FxHash of the Firefox and rustc projects).
pub(super) fn hash(bytes: &[u8]) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let (eights, rest) = bytes.as_chunks::<8>();
    let mut hash = bytes.len() as u64;
    for eight in eights {
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(*eight)).wrapping_mul(K);
    }
    let tail = rest.iter().fold(0, |word, &b| word << 8 | u64::from(b));
    hash = (hash.rotate_left(5) ^ tail).wrapping_mul(K);
    hash ^ hash >> 32
}

/// Byte strings numbered in the order of arrival.
#[derive(Default)]
pub(super) struct Strings {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    table: HashTable<u32>,
}

impl Strings {
    pub(super) fn get(&self, id: u32) -> &[u8] {
        slice(&self.bytes, &self.ends, id)
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The number of `string`, and whether it is new.
    #[inline]
    pub(super) fn intern(&mut self, string: &[u8]) -> (u32, bool) {
        let (bytes, ends) = (&self.bytes, &self.ends);
        let key = hash(string);
        if let Some(&id) = self.table.find(key, |&id| slice(bytes, ends, id) == string) {
            return (id, false);
        }
        let id = self.ends.len() as u32;
        self.table.insert_unique(key, id, |&id| hash(slice(bytes, ends, id)));
        self.bytes.extend_from_slice(string);
        self.ends.push(self.bytes.len() as u32);
        (id, true)
    }

    pub(super) fn heap(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4 + self.table.capacity() * 6
    }
}

#[inline]
fn slice<'b>(bytes: &'b [u8], ends: &[u32], id: u32) -> &'b [u8] {
    let start = match id.checked_sub(1) {
        Some(before) => ends.get(before as usize).copied().unwrap_or(0),
        None => 0,
    };
    let end = ends.get(id as usize).copied().unwrap_or(start);
    bytes.get(start as usize..end as usize).unwrap_or(&[])
}

/// How often a word or term came in the chunk at hand.
#[derive(Clone, Copy, Default)]
struct Tally {
    chunk: u32,
    count: u32,
}

/// Counts the terms of one chunk after the other.
#[derive(Default)]
pub(super) struct Vocabulary {
    pub(super) terms: Strings,
    words: Strings,
    /// End of each word's terms among `word_terms`.
    ends: Vec<u32>,
    word_terms: Vec<u32>,
    word_tally: Vec<Tally>,
    term_tally: Vec<Tally>,
    seen_words: Vec<u32>,
    seen_terms: Vec<u32>,
    chunk: u32,
}

impl Vocabulary {
    /// The number of `term`.
    pub(super) fn term(&mut self, term: &[u8]) -> u32 {
        let (id, new) = self.terms.intern(term);
        if new {
            self.term_tally.push(Tally::default());
        }
        id
    }

    fn count(&mut self, word: &[u8]) {
        let (id, new) = self.words.intern(word);
        if new {
            let Self { terms, term_tally, word_terms, .. } = self;
            text::terms(word, &mut |term: &[u8], _: Part| {
                let (id, new) = terms.intern(term);
                if new {
                    term_tally.push(Tally::default());
                }
                word_terms.push(id);
            });
            self.ends.push(self.word_terms.len() as u32);
            self.word_tally.push(Tally::default());
        }
        if let Some(tally) = self.word_tally.get_mut(id as usize) {
            if tally.chunk == self.chunk {
                tally.count += 1;
            } else {
                *tally = Tally { chunk: self.chunk, count: 1 };
                self.seen_words.push(id);
            }
        }
    }

    /// Calls `posting` with every term of `text` and its frequency; returns the
    /// number of tokens.
    pub(super) fn chunk(&mut self, text: &[u8], mut posting: impl FnMut(u32, u32)) -> u32 {
        self.chunk += 1;
        self.seen_words.clear();
        self.seen_terms.clear();
        for word in text::words(text) {
            self.count(word.bytes);
        }
        let mut tokens = 0;
        for &word in &self.seen_words {
            let count = self.word_tally.get(word as usize).map_or(0, |tally| tally.count);
            let start =
                word.checked_sub(1).and_then(|w| self.ends.get(w as usize)).map_or(0, |&e| e);
            let end = self.ends.get(word as usize).copied().unwrap_or(start);
            for &term in self.word_terms.get(start as usize..end as usize).unwrap_or(&[]) {
                tokens += count;
                if let Some(tally) = self.term_tally.get_mut(term as usize) {
                    if tally.chunk == self.chunk {
                        tally.count += count;
                    } else {
                        *tally = Tally { chunk: self.chunk, count };
                        self.seen_terms.push(term);
                    }
                }
            }
        }
        for &term in &self.seen_terms {
            posting(term, self.term_tally.get(term as usize).map_or(1, |tally| tally.count));
        }
        tokens
    }

    /// Heap bytes held.
    pub(super) fn heap(&self) -> usize {
        self.terms.heap()
            + self.words.heap()
            + (self.ends.capacity() + self.word_terms.capacity()) * 4
            + (self.word_tally.capacity() + self.term_tally.capacity()) * 8
    }
}
