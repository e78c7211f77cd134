//! Phrases by merging: the commonest pair of neighbours becomes a phrase, again
//! and again.
//!
//! Source: byte-pair encoding (Gage, 1994), here over whole records and not over
//! words, so that a phrase may cross any border. The order of merges depends on
//! counts and numbers alone. O(bytes * log bytes) time; 24 bytes of memory a byte
//! of the sample.

use super::super::codebook::{DEPTH_MAX, PHRASE_MAX};
use crate::hash::Fixed;
use alloc::{collections::BinaryHeap, vec::Vec};
use core::cmp::Reverse;
use hashbrown::{HashMap, hash_map::Entry};

/// A phrase as it was merged: its halves (or its byte, twice) and its length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Merge {
    pub(super) left: u16,
    pub(super) right: u16,
    pub(super) length: u8,
    depth: u8,
}

/// Fewer neighbours of a kind are not worth a rule.
const LEAST: u32 = 4;
/// Between records.
const BORDER: u16 = u16::MAX;
/// The right half of a merged pair.
const GONE: u16 = u16::MAX - 1;

fn key(left: u16, right: u16) -> u32 {
    u32::from(left) << 16 | u32::from(right)
}

#[derive(Default)]
struct Places {
    count: u32,
    /// Where the pair stood when it was counted; some may have gone since.
    at: Vec<u32>,
}

/// The 256 bytes and up to `rules` pairs, in the order of merging: a pair's
/// halves stand before it.
pub(super) fn merge(records: &[&[u8]], rules: usize) -> Vec<Merge> {
    let byte = |byte: u16| Merge { left: byte, right: byte, length: 1, depth: 0 };
    let mut merges: Vec<Merge> = (0..256).map(byte).collect();
    let mut line = Line::new(records);
    let mut pairs: HashMap<u32, Places, Fixed> = HashMap::with_hasher(Fixed);
    for at in 0..line.phrases.len() {
        if let Some((left, right)) = line.pair(at as u32) {
            let places = pairs.entry(key(left, right)).or_default();
            places.count += 1;
            places.at.push(at as u32);
        }
    }
    pairs.retain(|_, places| places.count >= LEAST);
    let mut queue: BinaryHeap<(u32, Reverse<u32>)> =
        pairs.iter().map(|(&key, places)| (places.count, Reverse(key))).collect();
    let mut touched = Vec::new();
    while merges.len() < 256 + rules
        && let Some((count, Reverse(pair))) = queue.pop()
    {
        let Entry::Occupied(entry) = pairs.entry(pair) else { continue };
        let now = entry.get().count;
        if now != count {
            if now >= LEAST && now < count {
                queue.push((now, Reverse(pair)));
            }
            continue;
        }
        let (left, right) = ((pair >> 16) as u16, pair as u16);
        let (Some(a), Some(b)) = (merges.get(left as usize), merges.get(right as usize)) else {
            continue;
        };
        let length = a.length.saturating_add(b.length);
        // A walk waits at the right half of each pair it goes down on the left.
        let depth = (a.depth + 1).max(b.depth);
        let places = entry.remove();
        if usize::from(length) > PHRASE_MAX || usize::from(depth) > DEPTH_MAX {
            continue;
        }
        let merged = merges.len() as u16;
        merges.push(Merge { left, right, length, depth });
        touched.clear();
        for at in places.at {
            if line.pair(at) == Some((left, right)) {
                line.merge(at, merged, |old, new, at| {
                    if let Some(places) = pairs.get_mut(&old) {
                        places.count = places.count.saturating_sub(1);
                    }
                    let places = pairs.entry(new).or_default();
                    places.count += 1;
                    places.at.push(at);
                    touched.push(new);
                });
            }
        }
        touched.sort_unstable();
        touched.dedup();
        for &pair in &touched {
            match pairs.get(&pair) {
                Some(places) if places.count >= LEAST => {
                    queue.push((places.count, Reverse(pair)));
                }
                // It can only become rarer: a new pair has the newest phrase.
                _ => {
                    pairs.remove(&pair);
                }
            }
        }
    }
    merges
}

/// All records in one line, as phrases that know their neighbours.
struct Line {
    phrases: Vec<u16>,
    next: Vec<u32>,
    previous: Vec<u32>,
}

impl Line {
    fn new(records: &[&[u8]]) -> Self {
        let mut phrases = Vec::new();
        for record in records {
            phrases.push(BORDER);
            phrases.extend(record.iter().map(|&byte| u16::from(byte)));
        }
        phrases.push(BORDER);
        let count = phrases.len() as u32;
        let next = (1..=count).collect();
        let previous = (0..count).map(|at| at.wrapping_sub(1)).collect();
        Self { phrases, next, previous }
    }

    fn at(&self, at: u32) -> u16 {
        self.phrases.get(at as usize).copied().unwrap_or(BORDER)
    }

    fn next(&self, at: u32) -> u32 {
        self.next.get(at as usize).copied().unwrap_or(u32::MAX)
    }

    fn pair(&self, at: u32) -> Option<(u16, u16)> {
        let (left, right) = (self.at(at), self.at(self.next(at)));
        (left < GONE && right < GONE).then_some((left, right))
    }

    /// Merges the pair at `at`; tells of each neighbouring pair that goes and the
    /// one that comes for it.
    fn merge(&mut self, at: u32, merged: u16, mut tell: impl FnMut(u32, u32, u32)) {
        let right_at = self.next(at);
        let after = self.next(right_at);
        let before = self.previous.get(at as usize).copied().unwrap_or(u32::MAX);
        let (left, right) = (self.at(at), self.at(right_at));
        if self.at(before) < GONE {
            tell(key(self.at(before), left), key(self.at(before), merged), before);
        }
        if self.at(after) < GONE {
            tell(key(right, self.at(after)), key(merged, self.at(after)), at);
        }
        for (list, at, value) in [(&mut self.next, at, after), (&mut self.previous, after, at)] {
            if let Some(slot) = list.get_mut(at as usize) {
                *slot = value;
            }
        }
        for (at, value) in [(at, merged), (right_at, GONE)] {
            if let Some(slot) = self.phrases.get_mut(at as usize) {
                *slot = value;
            }
        }
    }
}
