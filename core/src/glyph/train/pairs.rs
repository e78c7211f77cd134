//! Phrases by merging: the commonest pair of neighbours becomes a phrase, again
//! and again.
//!
//! Source: byte-pair encoding (Gage, 1994), here over whole records and not over
//! words, so that a phrase may cross any border. The order of merges depends on
//! counts and numbers alone. O(bytes * log bytes) time; about 10 bytes of memory a
//! byte of the sample.

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
/// Where the right half of a merged pair began.
const GONE: u16 = u16::MAX - 1;
/// Added to a phrase where it ends, if it does not begin there.
const END: u16 = 1 << 15;

fn key(left: u16, right: u16) -> u32 {
    u32::from(left) << 16 | u32::from(right)
}

fn halves(pair: u32) -> [u16; 2] {
    [(pair >> 16) as u16, pair as u16]
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
    line.each_pair(&merges, |pair, _| pairs.entry(pair).or_default().count += 1);
    pairs.retain(|_, places| places.count >= LEAST);
    for places in pairs.values_mut() {
        places.at.reserve_exact(places.count as usize);
    }
    line.each_pair(&merges, |pair, at| {
        if let Some(places) = pairs.get_mut(&pair) {
            places.at.push(at);
        }
    });
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
        let [left, right] = halves(pair);
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
            if line.pair(&merges, at) == Some((left, right)) {
                line.merge(&merges, at, merged, |old, new, at| {
                    if let Entry::Occupied(mut old) = pairs.entry(old) {
                        let left = old.get().count.saturating_sub(1);
                        old.get_mut().count = left;
                        // Without the newest phrase it can only become rarer.
                        if left < LEAST && !halves(*old.key()).contains(&merged) {
                            old.remove();
                        }
                    }
                    let places = pairs.entry(new).or_default();
                    places.count += 1;
                    places.at.push(at);
                    if touched.last() != Some(&new) {
                        touched.push(new);
                    }
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

/// All records in one line. A phrase stands where it begins and where it ends, so
/// that its neighbours find it from either side.
struct Line(Vec<u16>);

impl Line {
    fn new(records: &[&[u8]]) -> Self {
        let mut line = Vec::with_capacity(records.iter().map(|r| r.len() + 1).sum::<usize>() + 1);
        for record in records {
            line.push(BORDER);
            line.extend(record.iter().map(|&byte| u16::from(byte)));
        }
        line.push(BORDER);
        Self(line)
    }

    fn at(&self, at: usize) -> u16 {
        self.0.get(at).copied().unwrap_or(BORDER)
    }

    /// The pair of the phrase that begins at a place.
    fn pair(&self, merges: &[Merge], at: u32) -> Option<(u16, u16)> {
        let at = at as usize;
        let (left, right) = (self.at(at), self.at(at + length(merges, self.at(at))));
        (left < END && right < END).then_some((left, right))
    }

    /// All pairs, in order.
    fn each_pair(&self, merges: &[Merge], mut take: impl FnMut(u32, u32)) {
        for at in 0..self.0.len() as u32 {
            if let Some((left, right)) = self.pair(merges, at) {
                take(key(left, right), at);
            }
        }
    }

    /// Merges the pair at `at`; tells of each neighbouring pair that goes and the
    /// one that comes for it.
    fn merge(
        &mut self,
        merges: &[Merge],
        at: u32,
        merged: u16,
        mut tell: impl FnMut(u32, u32, u32),
    ) {
        let start = at as usize;
        let left = self.at(start);
        let middle = start + length(merges, left);
        let right = self.at(middle);
        let end = middle + length(merges, right);
        let before = self.at(start.wrapping_sub(1));
        if before < GONE {
            let before = before & !END;
            let at = start - length(merges, before);
            tell(key(before, left), key(before, merged), at as u32);
        }
        let after = self.at(end);
        if after < END {
            tell(key(right, after), key(merged, after), at);
        }
        for (at, phrase) in [(start, merged), (middle, GONE), (end - 1, END | merged)] {
            if let Some(slot) = self.0.get_mut(at) {
                *slot = phrase;
            }
        }
    }
}

/// How many places a phrase takes.
fn length(merges: &[Merge], phrase: u16) -> usize {
    merges.get(usize::from(phrase)).map_or(1, |merge| usize::from(merge.length))
}
