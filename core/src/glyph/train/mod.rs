//! Learning a codebook from records.
//!
//! 1. `pairs`: candidates, by merging what stands side by side.
//! 2. Selection: the sample is parsed with the candidates, twice, each parse with
//!    the costs that the one before gave; a phrase stays where it saves more bits
//!    in the whole body than its rule costs.
//! 3. `classes`: what follows what.
//! 4. Counting: the sample runs through the same history as a record that is
//!    written, and each choice is counted.
//!
//! Everything is counted in integers, in a fixed order: the same records give the
//! same codebook on every machine.

mod classes;
mod pairs;

use super::{
    codebook::{self, CLASSES_MAX, Codebook, Context, Contexts, Part, Phrase, RULES_MAX, Rule},
    encode::{Parse, Phrases, bits},
    history::{self, Coder, History},
    range::ODDS,
};
use alloc::vec::Vec;
use classes::{Bigrams, Logs};
use pairs::{Merge, merge};

/// What a codebook is learned from and for.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The most bytes it may have.
    pub bytes_max: usize,
    /// The longest record.
    pub record_max: usize,
    /// Bytes of text that it will serve: what is saved in the sample counts as
    /// often as the body is larger.
    pub body: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { bytes_max: 64 << 10, record_max: 2048, body: u64::MAX }
    }
}

/// A codebook for texts like `records`, and like the second of each of `based`
/// with the first as its base. O(bytes of the sample * log).
pub fn train(records: &[&[u8]], based: &[(&[u8], &[u8])], plan: &Plan) -> Vec<u8> {
    let sample = records.iter().map(|record| record.len() as u64).sum::<u64>().max(1);
    let times = (plan.body / sample).clamp(1, 1 << 16);
    let logs = Logs::new();
    let limit = rules_within(plan.bytes_max);
    let merges = merge(records, limit.saturating_sub(256).saturating_mul(17) / 16);
    let chosen = choose(&logs, &merges, records, times, limit);
    let runs = Runs::new(chosen, records, based, plan.record_max);
    // More classes foretell more and have larger tables: fewer are tried while they win.
    let mut best: Option<(u64, Vec<u8>)> = None;
    for classes in (3..=CLASSES_MAX).rev() {
        let (cost, book) = runs.count(&logs, classes, times);
        let total = cost.saturating_add(8 * book.len() as u64);
        let fits = book.len() <= plan.bytes_max;
        if fits && best.as_ref().is_some_and(|(least, _)| total >= *least) {
            break;
        }
        if fits {
            best = Some((total, book));
        }
    }
    best.map(|(_, book)| book).unwrap_or_default()
}

/// How many rules a codebook of `bytes` may have.
fn rules_within(bytes: usize) -> usize {
    let tables = Contexts { classes: CLASSES_MAX }.len() + (2 << CLASSES_MAX) + 16;
    let bits = bytes.saturating_sub(tables) * 8;
    (256..=RULES_MAX)
        .rev()
        .step_by(16)
        .find(|&rules| rules * 2 * codebook::pair_width(rules as u16) as usize <= bits)
        .unwrap_or(256)
}

fn spell(merges: &[Merge]) -> Vec<Vec<u8>> {
    let mut strings: Vec<Vec<u8>> = Vec::with_capacity(merges.len());
    for (at, merge) in merges.iter().enumerate() {
        let mut string = Vec::with_capacity(usize::from(merge.length));
        if at < 256 {
            string.push(at as u8);
        } else {
            for half in [merge.left, merge.right] {
                string.extend_from_slice(strings.get(usize::from(half)).map_or(&[][..], |s| s));
            }
        }
        strings.push(string);
    }
    strings
}

/// How often each phrase is new in a record, over all records.
struct News {
    counts: Vec<u32>,
    /// The last record that had it, plus one.
    seen: Vec<u32>,
}

impl News {
    fn new(phrases: usize) -> Self {
        Self { counts: alloc::vec![0; phrases], seen: alloc::vec![0; phrases] }
    }

    /// Counts `phrase`, which stands in record `at`, if it is the first there.
    fn is(&mut self, phrase: Phrase, at: usize) -> bool {
        let (phrase, at) = (usize::from(phrase), at as u32 + 1);
        let (Some(seen), Some(count)) = (self.seen.get_mut(phrase), self.counts.get_mut(phrase))
        else {
            return false;
        };
        let new = core::mem::replace(seen, at) != at;
        *count += u32::from(new);
        new
    }
}

/// How often each of `count` phrases is new, where `phrases` spell the records.
fn new_counts(phrases: &Phrases, count: usize, records: &[&[u8]]) -> Vec<u32> {
    let mut news = News::new(count);
    let mut parse = Parse::default();
    for (at, record) in records.iter().enumerate() {
        phrases.parse(record, &mut parse);
        for &phrase in &parse.phrases {
            news.is(phrase, at);
        }
    }
    news.counts
}

/// What each phrase costs by how often it is new, in 1/64 bit.
fn costs(logs: &Logs, counts: &[u32]) -> Vec<u16> {
    // A twentieth is added to each count, so that a phrase that did not come is dear
    // and not impossible.
    let total: u64 = counts.iter().map(|&count| u64::from(count) * 20 + 1).sum();
    let all = logs.log2(total);
    let cost = |&count: &u32| ((all - logs.log2(u64::from(count) * 20 + 1)) >> 10) as u16;
    counts.iter().map(cost).collect()
}

/// Keeps the candidates that earn their rule, and no more than fit in `limit` rules.
fn choose(logs: &Logs, merges: &[Merge], records: &[&[u8]], times: u64, limit: usize) -> Chosen {
    let strings = spell(merges);
    let mut kept: Vec<u16> = (0..merges.len() as u16).collect();
    let mut costs_of = alloc::vec![12 * 64u16; kept.len()];
    for round in 0..3 {
        let own: Vec<Vec<u8>> =
            kept.iter().filter_map(|&at| strings.get(usize::from(at)).cloned()).collect();
        let mut counts = Vec::new();
        for _ in 0..2 {
            counts = new_counts(&Phrases::new(&own, costs_of), own.len(), records);
            costs_of = costs(logs, &counts);
        }
        if round == 2 {
            return Chosen::new(merges, &kept, own, costs_of);
        }
        let phrases = Phrases::new(&own, costs_of.clone());
        let mut parse = Parse::default();
        let rule = 2 * 64 * u64::from(codebook::pair_width(limit as u16));
        let mut gains: Vec<(u64, u16)> = Vec::new();
        for (((&at, string), &count), &cost) in kept.iter().zip(&own).zip(&counts).zip(&costs_of) {
            let without = if at < 256 { u32::MAX } else { phrases.without(string, &mut parse) };
            let saved = u64::from(without.saturating_sub(u32::from(cost)));
            let gain = saved * u64::from(count) * times;
            if at < 256 {
                gains.push((u64::MAX, at));
            } else if gain > rule {
                gains.push((gain, at));
            }
        }
        gains.sort_unstable_by_key(|&(gain, at)| (core::cmp::Reverse(gain), at));
        let room = if round == 0 { limit + limit / 16 } else { limit };
        gains.truncate(fitting(merges, &gains, room));
        let cost_of = |at: u16| {
            let place = kept.binary_search(&at).ok()?;
            costs_of.get(place).copied()
        };
        let mut next: Vec<u16> = gains.iter().map(|&(_, at)| at).collect();
        next.sort_unstable();
        costs_of = next.iter().map(|&at| cost_of(at).unwrap_or(12 * 64)).collect();
        kept = next;
    }
    Chosen::new(merges, &kept, Vec::new(), Vec::new())
}

/// How many of the first of `gains` fit into `room` rules with their helpers.
fn fitting(merges: &[Merge], gains: &[(u64, u16)], room: usize) -> usize {
    let mut needed = alloc::vec![false; merges.len()];
    let (mut rules, mut open) = (0, Vec::new());
    for (count, &(_, at)) in gains.iter().enumerate() {
        open.push(at);
        while let Some(at) = open.pop() {
            let at = usize::from(at);
            if let (Some(needed), Some(merge)) = (needed.get_mut(at), merges.get(at))
                && !*needed
            {
                *needed = true;
                rules += 1;
                if at >= 256 {
                    open.extend([merge.left, merge.right]);
                }
            }
        }
        if rules > room {
            return count;
        }
    }
    gains.len()
}

/// The phrases that may stand in a record, and those that only help behind them.
struct Chosen {
    strings: Vec<Vec<u8>>,
    costs: Vec<u16>,
    /// Phrases, then helpers; halves by their place here.
    rules: Vec<Rule>,
}

impl Chosen {
    fn new(merges: &[Merge], kept: &[u16], strings: Vec<Vec<u8>>, costs: Vec<u16>) -> Self {
        let mut place = alloc::vec![None; merges.len()];
        let mut order = kept.to_vec();
        for (at, &merge) in kept.iter().enumerate() {
            if let Some(place) = place.get_mut(usize::from(merge)) {
                *place = Some(at as u16);
            }
        }
        let (mut rules, mut at) = (Vec::new(), 0);
        while let Some(&merged) = order.get(at) {
            let mut named = |half: u16| -> u16 {
                let new = order.len() as u16;
                match place.get_mut(usize::from(half)) {
                    Some(Some(place)) => *place,
                    Some(slot) => {
                        *slot = Some(new);
                        order.push(half);
                        new
                    }
                    None => 0,
                }
            };
            rules.push(match merges.get(usize::from(merged)) {
                Some(merge) if merged >= 256 => {
                    let mut part = |half: u16| match u8::try_from(half) {
                        Ok(byte) => Part::Byte(byte),
                        Err(_) => Part::Rule(named(half)),
                    };
                    Rule::Pair(part(merge.left), part(merge.right))
                }
                _ => Rule::Byte(merged as u8),
            });
            at += 1;
        }
        Self { strings, costs, rules }
    }
}

/// The sample as phrases.
struct Runs {
    chosen: Chosen,
    record_max: usize,
    records: Vec<Vec<Phrase>>,
    based: Vec<(Vec<Phrase>, Vec<Phrase>)>,
    bigrams: Bigrams,
}

impl Runs {
    fn new(chosen: Chosen, records: &[&[u8]], based: &[(&[u8], &[u8])], record_max: usize) -> Self {
        let phrases = Phrases::new(&chosen.strings, chosen.costs.clone());
        let mut parse = Parse::default();
        let mut parsed = |record: &[u8]| {
            phrases.parse(record, &mut parse);
            parse.phrases.clone()
        };
        let records: Vec<Vec<Phrase>> = records.iter().map(|record| parsed(record)).collect();
        let based = based.iter().map(|&(base, record)| (parsed(base), parsed(record))).collect();
        let mut news = News::new(chosen.strings.len());
        let mut pairs = Vec::new();
        for (at, record) in records.iter().enumerate() {
            let mut previous = None;
            for &phrase in record {
                if news.is(phrase, at) {
                    pairs.extend(previous.map(|previous| (previous, phrase)));
                }
                previous = Some(phrase);
            }
        }
        let bigrams = Bigrams::count(&pairs, news.counts);
        Self { chosen, record_max, records, based, bigrams }
    }

    /// The codebook with `1 << classes` classes, and the bits that the whole body
    /// takes with it.
    fn count(&self, logs: &Logs, classes: u32, times: u64) -> (u64, Vec<u8>) {
        let class_of = self.bigrams.classes(logs, 1 << classes);
        let new = self.bigrams.new_counts();
        let mut order: Vec<u16> = (0..new.len() as u16).collect();
        let class = |phrase: u16| class_of.get(usize::from(phrase)).copied().unwrap_or(0);
        order.sort_by_key(|&phrase| {
            let count = new.get(usize::from(phrase)).copied();
            (class(phrase), core::cmp::Reverse(count), phrase)
        });
        let firsts: Vec<u16> = (0..=1u16 << classes)
            .map(|first| order.partition_point(|&p| u16::from(class(p)) < first) as u16)
            .collect();
        let mut number: Vec<u16> = (0..self.chosen.rules.len() as u16).collect();
        for (to, &from) in order.iter().enumerate() {
            if let Some(number) = number.get_mut(usize::from(from)) {
                *number = to as u16;
            }
        }
        let numbered = |phrase: u16| number.get(usize::from(phrase)).copied().unwrap_or(0);
        let renamed = |part: Part| match part {
            Part::Rule(rule) => Part::Rule(numbered(rule)),
            byte => byte,
        };
        let helpers = order.len() as u16..self.chosen.rules.len() as u16;
        let rules: Vec<Rule> = order
            .iter()
            .copied()
            .chain(helpers)
            .filter_map(|at| self.chosen.rules.get(usize::from(at)))
            .map(|rule| match *rule {
                Rule::Pair(left, right) => Rule::Pair(renamed(left), renamed(right)),
                byte => byte,
            })
            .collect();
        let contexts = Contexts { classes };
        let mut draft = Vec::new();
        codebook::write(&rules, &firsts, &alloc::vec![128; contexts.len()], &mut draft);
        let Ok(book) = Codebook::open(&draft) else { return (u64::MAX, draft) };
        let mut counter = Counter { flags: alloc::vec![[0; 2]; contexts.len()], bits: 0 };
        let mut memory = alloc::vec![0; history::numbers(self.record_max)];
        if let Some(mut history) = History::new(&mut memory, self.record_max) {
            let mut run = |base: &[Phrase], record: &[Phrase]| -> Option<()> {
                history.clear();
                if !base.is_empty() {
                    for &phrase in base {
                        history.play(&book, numbered(phrase))?;
                    }
                    history.rebase(&book)?;
                }
                for &phrase in record {
                    history.step(&book, &mut counter, numbered(phrase))?;
                }
                Some(())
            };
            for record in &self.records {
                run(&[], record);
            }
            for (base, record) in &self.based {
                run(base, record);
            }
        }
        if self.based.is_empty() {
            counter.borrow();
        }
        let (cost, odds) = counter.freeze();
        let mut out = Vec::with_capacity(draft.len());
        codebook::write(&rules, &firsts, &odds, &mut out);
        (cost.saturating_mul(times) / 64, out)
    }
}

/// Counts choices.
struct Counter {
    flags: Vec<[u32; 2]>,
    bits: u64,
}

impl Coder for Counter {
    const KNOWS: bool = true;

    fn flag(&mut self, context: Context, bit: bool) -> bool {
        let counts = self.flags.get_mut(context.0);
        if let Some(count) = counts.and_then(|counts| counts.get_mut(usize::from(bit))) {
            *count += 1;
        }
        bit
    }

    fn bits(&mut self, value: u32, count: u32) -> u32 {
        self.bits += u64::from(count);
        value
    }
}

impl Counter {
    /// Without records that have a base, theirs go like those of the others.
    fn borrow(&mut self) {
        let (without, with) = self.flags.split_at_mut(Contexts::FLAGS);
        for (to, from) in with.iter_mut().zip(without) {
            *to = *from;
        }
    }

    /// The probability of each choice, and what all of them cost in 1/64 bit.
    fn freeze(&self) -> (u64, Vec<u8>) {
        let mut cost = 64 * self.bits;
        let odds = self.flags.iter().map(|&[no, yes]| {
            let (no, yes) = (u64::from(no), u64::from(yes));
            let likely = ((yes * 5 + 2) * 4096 / ((no + yes) * 5 + 4)) as u16;
            let above = ODDS.partition_point(|&odds| odds < likely).clamp(1, 255);
            let price = |at: usize| {
                let odds = ODDS.get(at).copied().map_or(2048, u32::from);
                yes * u64::from(bits(odds)) + no * u64::from(bits(4096 - odds))
            };
            let best = if price(above - 1) < price(above) { above - 1 } else { above };
            cost += price(best);
            best as u8
        });
        let odds = odds.collect();
        (cost, odds)
    }
}
