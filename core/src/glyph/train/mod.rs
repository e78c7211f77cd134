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
mod splits;

use super::{
    codebook::{
        self, CLASSES_MAX, Code, Codebook, Context, Contexts, OTHER, Part, Phrase, RULES_MAX, Rule,
    },
    encode::{Parse, Phrases, bits},
    history::{self, Coder, Glyph, History, RECENT},
    plan::Plan as Numbers,
    prefix,
    range::ODDS,
    walk::Spelling,
};
use alloc::vec::Vec;
use classes::{Bigrams, Logs};
use pairs::merge;
use splits::Splits;

/// Where the phrases of a codebook come from.
#[derive(Debug, Clone, Copy)]
pub enum Start<'s> {
    /// What stands side by side in the sample.
    Learned,
    /// The phrases of another codebook.
    General(Codebook<'s>),
    /// Both.
    Both(Codebook<'s>),
}

/// What a codebook is learned from and for.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'s> {
    /// Where phrases come from; the sample decides which of them stay.
    pub start: Start<'s>,
    /// The most bytes it may have.
    pub bytes_max: usize,
    /// The longest record.
    pub record_max: usize,
    /// Bytes of text that it will serve: what is saved in the sample counts as
    /// often as the body is larger.
    pub body: u64,
}

impl Default for Plan<'_> {
    fn default() -> Self {
        Self { start: Start::Learned, bytes_max: 64 << 10, record_max: 2048, body: u64::MAX }
    }
}

/// A codebook for texts like `records`, and like the second of each of `based`
/// with the first as its base. O(bytes of the sample * log).
pub fn train(records: &[&[u8]], based: &[(&[u8], &[u8])], plan: &Plan<'_>) -> Vec<u8> {
    let sample = records.iter().map(|record| record.len() as u64).sum::<u64>().max(1);
    let times = (plan.body / sample).clamp(1, 1 << 16);
    let logs = Logs::new();
    let limit = rules_within(plan.bytes_max);
    let (merged, general) = match plan.start {
        Start::Learned => (limit, None),
        Start::General(book) => (256, Some(book)),
        Start::Both(book) => (limit, Some(book)),
    };
    // A few more than there is room for, as some will not earn their rule. With many
    // more, those that are kept are rarer and fit the sample alone.
    let merges = merge(records, merged.saturating_sub(256) * 33 / 32);
    let splits = Splits::new(&merges, general.as_ref());
    let chosen = choose(&logs, &splits, records, times, limit);
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
    let (probabilities, codes) = Contexts::new(CLASSES_MAX).sizes();
    let tables = probabilities + codes + (2 << CLASSES_MAX) + 16;
    let bits = bytes.saturating_sub(tables) * 8;
    (256..=RULES_MAX)
        .rev()
        .step_by(16)
        .find(|&rules| rules * 2 * codebook::pair_width(rules as u16) as usize <= bits)
        .unwrap_or(256)
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
fn choose(logs: &Logs, splits: &Splits, records: &[&[u8]], times: u64, limit: usize) -> Chosen {
    let mut kept: Vec<u16> = (0..splits.len() as u16).collect();
    let mut costs_of = alloc::vec![12 * 64u16; kept.len()];
    for round in 0..3 {
        let own = splits.strings(&kept);
        let mut counts = Vec::new();
        for _ in 0..2 {
            counts = new_counts(&Phrases::new(&own, costs_of), own.len(), records);
            costs_of = costs(logs, &counts);
        }
        if round == 2 {
            break;
        }
        let phrases = Phrases::new(&own, costs_of.clone());
        let mut parse = Parse::default();
        let rule = 2 * 64 * u64::from(codebook::pair_width(limit as u16));
        let each = kept.iter().zip(&own).zip(counts.iter().zip(&costs_of));
        let gain = |((&at, string), (&count, &cost)): ((&u16, &Vec<u8>), (&u32, &u16))| {
            let saved = phrases.without(string, &mut parse).saturating_sub(u32::from(cost));
            (if at < 256 { u64::MAX } else { u64::from(saved) * u64::from(count) * times }, at)
        };
        let mut gains: Vec<(u64, u16)> = each.map(gain).filter(|gain| gain.0 > rule).collect();
        gains.sort_unstable_by_key(|&(gain, at)| (core::cmp::Reverse(gain), at));
        let mut next: Vec<u16> = gains.into_iter().map(|(_, at)| at).collect();
        next.truncate(splits.fitting(&next, limit));
        next.sort_unstable();
        let cost_of = |at: &u16| costs_of.get(kept.binary_search(at).ok()?).copied();
        let costs = next.iter().map(|at| cost_of(at).unwrap_or(12 * 64)).collect();
        costs_of = costs;
        kept = next;
    }
    Chosen::new(splits, &kept, &costs_of)
}

/// The phrases that may stand in a record, and those that only help behind them.
struct Chosen {
    strings: Vec<Vec<u8>>,
    costs: Vec<u16>,
    /// Phrases, then helpers; halves by their place here.
    rules: Vec<Rule>,
}

impl Chosen {
    fn new(splits: &Splits, kept: &[u16], costs: &[u16]) -> Self {
        let halves = splits.halves(kept);
        let spelt =
            |&at: &u16| at < 256 || halves.get(usize::from(at)).is_some_and(|h| h.is_some());
        let (kept, costs): (Vec<u16>, Vec<u16>) =
            kept.iter().copied().zip(costs.iter().copied()).filter(|(at, _)| spelt(at)).unzip();
        let helps = |at: &u16| {
            let split = halves.get(usize::from(*at)).copied().flatten();
            split.is_some() && kept.binary_search(at).is_err()
        };
        let helpers = (0..halves.len() as u16).filter(helps);
        let order: Vec<u16> = kept.iter().copied().chain(helpers).collect();
        let mut place = alloc::vec![0; halves.len()];
        for (at, &merge) in (0u16..).zip(&order) {
            if let Some(place) = place.get_mut(usize::from(merge)) {
                *place = at;
            }
        }
        let part = |half: u16| match u8::try_from(half) {
            Ok(byte) => Part::Byte(byte),
            Err(_) => Part::Rule(place.get(usize::from(half)).copied().unwrap_or(0)),
        };
        let rule = |&at: &u16| match halves.get(usize::from(at)).copied().flatten() {
            Some((left, right)) => Rule::Pair(part(left), part(right)),
            None => Rule::Byte(at as u8),
        };
        let rules = order.iter().map(rule).collect();
        Self { strings: splits.strings(&kept), costs, rules }
    }
}

/// The sample as phrases.
struct Runs<'r> {
    chosen: Chosen,
    phrases: Phrases,
    record_max: usize,
    records: Vec<Vec<Phrase>>,
    based: Vec<Based<'r>>,
    bigrams: Bigrams,
}

/// A record that goes on from a base.
struct Based<'r> {
    base: Vec<Phrase>,
    record: Vec<Phrase>,
    text: &'r [u8],
}

impl<'r> Runs<'r> {
    fn new(
        chosen: Chosen,
        records: &[&[u8]],
        based: &[(&[u8], &'r [u8])],
        record_max: usize,
    ) -> Self {
        let phrases = Phrases::new(&chosen.strings, chosen.costs.clone());
        let mut parse = Parse::default();
        let mut parsed = |record: &[u8]| {
            phrases.parse(record, &mut parse);
            parse.phrases.clone()
        };
        let records: Vec<Vec<Phrase>> = records.iter().map(|record| parsed(record)).collect();
        let mut with_base =
            |&(base, text)| Based { base: parsed(base), record: parsed(text), text };
        let based = based.iter().map(&mut with_base).collect();
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
        Self { chosen, phrases, record_max, records, based, bigrams }
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
        let contexts = Contexts::new(classes);
        let mut draft = Vec::new();
        let sizes = contexts.sizes();
        codebook::write(&rules, &firsts, &alloc::vec![0; sizes.0 + sizes.1], &mut draft);
        let Ok(book) = Codebook::open(&draft) else { return (u64::MAX, draft) };
        let mut counter = Counter::new(sizes.0);
        let mut memory = alloc::vec![0; history::numbers(self.record_max)];
        if let Some(mut history) = History::new(&mut memory, self.record_max) {
            for record in &self.records {
                history.clear();
                for &phrase in record {
                    history.step(&book, &mut counter, Glyph::Phrase(numbered(phrase)));
                }
            }
            let spelling = Spelling::of(&self.chosen.strings);
            let mut plan = Numbers::default();
            let mut run = |Based { base, record, text }: &Based<'_>| -> Option<()> {
                history.begin(&book, base.iter().map(|&phrase| numbered(phrase)))?;
                plan.spell(&spelling, base)?;
                if plan.make(&spelling, &self.phrases, base, text) {
                    let phrases = (&book, &self.phrases);
                    return plan.say(phrases, text, &mut history, &mut counter, numbered);
                }
                for &phrase in record {
                    history.step(&book, &mut counter, Glyph::Phrase(numbered(phrase)))?;
                }
                Some(())
            };
            for based in &self.based {
                run(based);
            }
        }
        if self.based.is_empty() {
            counter.borrow(contexts);
        }
        let (cost, tables) = counter.freeze(&book);
        let mut out = Vec::with_capacity(draft.len());
        codebook::write(&rules, &firsts, &tables, &mut out);
        (cost.saturating_mul(times) / 64, out)
    }
}

/// Counts choices.
struct Counter {
    flags: Vec<[u32; 2]>,
    /// How often each symbol of each code came.
    symbols: Vec<[u32; 64]>,
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

    fn symbol(&mut self, code: Code, symbol: u8) -> Option<u8> {
        if self.symbols.len() <= code.index {
            self.symbols.resize(code.index + 1, [0; 64]);
        }
        *self.symbols.get_mut(code.index)?.get_mut(usize::from(symbol))? += 1;
        Some(symbol)
    }

    fn bits(&mut self, value: u32, count: u32) -> u32 {
        self.bits += u64::from(count);
        value
    }
}

impl Counter {
    fn new(flags: usize) -> Self {
        Self { flags: alloc::vec![[0; 2]; flags], symbols: Vec::new(), bits: 0 }
    }

    /// Without records that have a base, theirs go like those of the others.
    fn borrow(&mut self, contexts: Contexts) {
        let (without, with) = self.flags.split_at_mut(Contexts::FLAGS);
        with.iter_mut().zip(without).for_each(|(with, without)| *with = *without);
        for known in 0..=RECENT as u32 {
            let [from, to] = [false, true].map(|based| contexts.rank(based, known).index);
            if let Some(&counts) = self.symbols.get(from)
                && let Some(slot) = self.symbols.get_mut(to)
            {
                *slot = counts;
            }
        }
    }

    /// The probabilities, then the codes, and what all choices cost in 1/64 bit.
    fn freeze(&self, book: &Codebook<'_>) -> (u64, Vec<u8>) {
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
        let mut tables: Vec<u8> = odds.collect();
        for (code, symbols) in book.contexts.codes(book) {
            let counts = self.symbols.get(code.index).unwrap_or(&[0; 64]);
            let (bits, bytes) = prefix_code(counts.get(..symbols).unwrap_or(counts), code.room);
            cost += 64 * bits;
            tables.extend_from_slice(&bytes);
        }
        (cost, tables)
    }
}

/// The best code for symbols that came so often, and the bits that they take. Where
/// they are more than there is room for, the rarest share one and follow plainly.
fn prefix_code(counts: &[u32], room: usize) -> (u64, Vec<u8>) {
    let mut all: Vec<(u8, u64)> = (0..).zip(counts).map(|(s, &n)| (s, u64::from(n))).collect();
    all.sort_by_key(|&(symbol, count)| (core::cmp::Reverse(count), symbol));
    let written = |named: usize| {
        let (own, others) = all.split_at_checked(named).unwrap_or((&all, &[]));
        // A quarter is added to each, so that what did not come can be said.
        let mut weights: Vec<_> = own.iter().map(|&(s, count)| (s, count * 4 + 1)).collect();
        let rest = others.iter().map(|&(_, count)| count).sum::<u64>();
        if !others.is_empty() {
            weights.push((OTHER, rest * 4 + others.len() as u64));
        }
        let mut bytes = Vec::new();
        prefix::write(&weights, room, &mut bytes);
        let length = |symbol| prefix::code(&bytes, symbol).map_or(0, |(_, length)| length);
        let plain = counts.len().ilog2();
        let of_others = rest * u64::from(length(OTHER) + plain);
        let of_own = own.iter().map(|&(symbol, count)| count * u64::from(length(symbol)));
        (of_own.sum::<u64>() + of_others, bytes)
    };
    if counts.len() <= room {
        return written(room);
    }
    let tries = [room / 2 - 1, room * 3 / 4 - 1, room - 1].map(written);
    tries.into_iter().min_by_key(|(bits, _)| *bits).unwrap_or_default()
}
