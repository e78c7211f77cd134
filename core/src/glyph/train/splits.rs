//! Which two shorter phrases make a phrase: those that are kept anyway, where
//! there are such.
//!
//! A phrase was merged from two others, and they from others; not all of those are
//! worth keeping for themselves. Any way to cut it in two will do for its rule, so
//! it is cut where both halves have a rule already, and only where there is no such
//! place a helper gets one.

use super::{
    super::codebook::{Codebook, DEPTH_MAX, PHRASE_MAX},
    pairs::Merge,
};
use crate::hash::Fixed;
use alloc::vec::Vec;
use hashbrown::{HashMap, HashSet};

/// The halves of a phrase.
pub(super) type Split = (u16, u16);

/// Strings that may be phrases, and every way to cut each into two of them.
#[derive(Debug)]
pub(super) struct Splits {
    strings: Vec<Vec<u8>>,
    splits: Vec<Vec<Split>>,
}

impl Splits {
    /// Of merges, and of the rules of a codebook behind them. O(bytes of all strings *
    /// longest string).
    pub(super) fn new(merges: &[Merge], book: Option<&Codebook<'_>>) -> Self {
        let mut strings: Vec<Vec<u8>> = Vec::with_capacity(merges.len());
        for (at, merge) in merges.iter().enumerate() {
            let mut string = Vec::with_capacity(usize::from(merge.length));
            if at < 256 {
                string.push(at as u8);
            } else {
                for half in [merge.left, merge.right] {
                    string.extend_from_slice(strings.get(usize::from(half)).map_or(&[], |s| s));
                }
            }
            strings.push(string);
        }
        if let Some(book) = book {
            let mut known: HashSet<Vec<u8>, Fixed> = strings.iter().cloned().collect();
            let mut room = [0; PHRASE_MAX];
            let mut spelt = |rule| book.spell(rule, &mut room).unwrap_or_default().to_vec();
            let rules = (0..book.rules()).map(&mut spelt);
            let new = |string: &Vec<u8>| !string.is_empty() && known.insert(string.clone());
            strings.extend(rules.filter(new));
        }
        let splits = splits(&strings);
        Self { strings, splits }
    }

    /// How many strings there are.
    pub(super) fn len(&self) -> usize {
        self.strings.len()
    }

    /// The strings of `kept`.
    pub(super) fn strings(&self, kept: &[u16]) -> Vec<Vec<u8>> {
        kept.iter().filter_map(|&at| self.strings.get(usize::from(at)).cloned()).collect()
    }

    /// How many of the first of `phrases` fit into `room` rules with their helpers.
    /// O(log phrases) plans.
    pub(super) fn fitting(&self, phrases: &[u16], room: usize) -> usize {
        let fits = |count: usize| {
            let kept = phrases.get(..count).unwrap_or(phrases);
            let bytes = kept.iter().filter(|&&at| at < 256).count();
            bytes + self.halves(kept).iter().flatten().count() <= room
        };
        if fits(phrases.len()) {
            return phrases.len();
        }
        let (mut low, mut high) = (0, phrases.len());
        while high - low > 1 {
            let middle = low.midpoint(high);
            if fits(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The halves of each phrase of `kept` and of the helpers that they need, by
    /// number. Bytes have none, nor does what would be nested too deep. O(ways to cut
    /// them).
    pub(super) fn halves(&self, kept: &[u16]) -> Vec<Option<Split>> {
        let mut plan = Plan { splits: &self.splits, rules: alloc::vec![None; self.splits.len()] };
        let length = |at: u16| self.strings.get(usize::from(at)).map_or(0, Vec::len);
        let mut order: Vec<u16> = kept.iter().copied().filter(|&at| at >= 256).collect();
        order.sort_by_key(|&at| (length(at), at));
        for at in order {
            plan.add(at);
        }
        plan.rules.into_iter().map(|rule| rule.map(|(split, _)| split)).collect()
    }
}

fn splits(strings: &[Vec<u8>]) -> Vec<Vec<Split>> {
    let mut of: HashMap<&[u8], u16, Fixed> = HashMap::with_hasher(Fixed);
    for (at, string) in (0..).zip(strings) {
        of.entry(string).or_insert(at);
    }
    let halves = |string: &Vec<u8>| {
        let cut = |at| {
            let (left, right) = string.split_at_checked(at)?;
            Some((*of.get(left)?, *of.get(right)?))
        };
        (1..string.len()).filter_map(cut).collect()
    };
    strings.iter().map(halves).collect()
}

/// Rules as they are given out.
struct Plan<'s> {
    splits: &'s [Vec<Split>],
    /// The halves of a rule and how deep it is nested.
    rules: Vec<Option<(Split, usize)>>,
}

impl Plan<'_> {
    /// How deep a half is nested, where it has a rule or needs none.
    fn depth(&self, half: u16) -> Option<usize> {
        if half < 256 {
            return Some(0);
        }
        self.rules.get(usize::from(half)).copied().flatten().map(|(_, depth)| depth)
    }

    /// Gives a rule to `wanted`, and before that to the halves that it needs.
    fn add(&mut self, wanted: u16) {
        let mut open = alloc::vec![wanted];
        while let Some(&at) = open.last() {
            let splits = self.splits.get(usize::from(at)).map_or(&[][..], Vec::as_slice);
            let nested = |&(left, right): &Split| {
                // A walk waits at the right half of each pair it goes down on the left.
                Some((self.depth(left)? + 1).max(self.depth(right)?))
            };
            let ready = splits
                .iter()
                .filter_map(|split| Some((nested(split)?, *split)))
                .filter(|&(depth, _)| depth <= DEPTH_MAX)
                .min();
            if let Some((depth, split)) = ready {
                if let Some(rule) = self.rules.get_mut(usize::from(at)) {
                    *rule = Some((split, depth));
                }
                open.pop();
                continue;
            }
            let missing = |&(left, right): &Split| {
                [left, right].into_iter().filter(|&half| self.depth(half).is_none()).count()
            };
            // Halves are shorter, so this comes to bytes in the end.
            let cuts = splits.iter().filter(|split| missing(split) > 0);
            let Some(&(left, right)) = cuts.min_by_key(|split| missing(split)) else {
                // However it is cut, it is nested too deep.
                break;
            };
            open.extend([left, right].into_iter().filter(|&half| self.depth(half).is_none()));
        }
    }
}
