//! Classes of phrases, such that a phrase's class tells most about the next one's.
//!
//! Source: the exchange algorithm for class bigrams (Kneser and Ney, 1993;
//! Martin, Liermann and Ney, 1998): each phrase in turn moves to the class where
//! the likelihood of the sample is highest, until few move. Logarithms come from
//! integers, so classes are the same on every machine.

use crate::hash::Fixed;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Rounds over all phrases at most.
const ROUNDS: usize = 8;

/// How often a phrase came new behind another.
#[derive(Default)]
pub(super) struct Bigrams {
    after: Vec<Vec<(u16, u32)>>,
    before: Vec<Vec<(u16, u32)>>,
    new: Vec<u32>,
}

impl Bigrams {
    /// From (previous, new) phrases; `new` counts each phrase.
    pub(super) fn count(pairs: &[(u16, u16)], new: Vec<u32>) -> Self {
        let mut counts: HashMap<u32, u32, Fixed> = HashMap::with_hasher(Fixed);
        for &(previous, next) in pairs {
            *counts.entry(u32::from(previous) << 16 | u32::from(next)).or_default() += 1;
        }
        let mut counts: Vec<(u32, u32)> = counts.into_iter().collect();
        counts.sort_unstable();
        let mut after = alloc::vec![Vec::new(); new.len()];
        let mut before = alloc::vec![Vec::new(); new.len()];
        for (pair, count) in counts {
            let (previous, next) = ((pair >> 16) as u16, pair as u16);
            if let Some(list) = after.get_mut(usize::from(previous)) {
                list.push((next, count));
            }
            if let Some(list) = before.get_mut(usize::from(next)) {
                list.push((previous, count));
            }
        }
        Self { after, before, new }
    }

    pub(super) fn new_counts(&self) -> &[u32] {
        &self.new
    }

    /// A class below `classes` for each phrase.
    pub(super) fn classes(&self, logs: &Logs, classes: usize) -> Vec<u8> {
        let mut order: Vec<u16> = (0..self.new.len() as u16).collect();
        order.sort_by_key(|&p| (core::cmp::Reverse(self.new.get(usize::from(p)).copied()), p));
        let mut class_of = alloc::vec![0u8; self.new.len()];
        for (at, &phrase) in order.iter().enumerate() {
            if let Some(class) = class_of.get_mut(usize::from(phrase)) {
                *class = (at % classes) as u8;
            }
        }
        let mut table = Table::new(logs, classes);
        for (phrase, after) in self.after.iter().enumerate() {
            for &(next, count) in after {
                table.add(class(&class_of, phrase), class(&class_of, usize::from(next)), count);
            }
        }
        let (mut out, mut into) = (alloc::vec![0i64; classes], alloc::vec![0i64; classes]);
        for _ in 0..ROUNDS {
            let mut moved = 0;
            for &phrase in &order {
                let phrase = usize::from(phrase);
                let own = self.neighbours(phrase, &class_of, &mut out, &mut into);
                let old = class(&class_of, phrase);
                table.shift(old, &out, &into, own, -1);
                let best = table.best(old, &out, &into, own);
                table.shift(best, &out, &into, own, 1);
                if best != old {
                    moved += 1;
                    if let Some(slot) = class_of.get_mut(phrase) {
                        *slot = best as u8;
                    }
                }
            }
            if moved < self.new.len() / 200 {
                break;
            }
        }
        class_of
    }

    /// How often each class stood behind and before `phrase`; gives how often it
    /// stood behind itself.
    fn neighbours(&self, phrase: usize, class_of: &[u8], out: &mut [i64], into: &mut [i64]) -> i64 {
        out.fill(0);
        into.fill(0);
        let mut own = 0;
        for &(next, count) in self.after.get(phrase).map_or(&[][..], Vec::as_slice) {
            if usize::from(next) == phrase {
                own += i64::from(count);
            } else if let Some(slot) = out.get_mut(class(class_of, usize::from(next))) {
                *slot += i64::from(count);
            }
        }
        for &(previous, count) in self.before.get(phrase).map_or(&[][..], Vec::as_slice) {
            if usize::from(previous) != phrase
                && let Some(slot) = into.get_mut(class(class_of, usize::from(previous)))
            {
                *slot += i64::from(count);
            }
        }
        own
    }
}

fn class(class_of: &[u8], phrase: usize) -> usize {
    class_of.get(phrase).copied().map_or(0, usize::from)
}

/// Counts of neighbouring classes, and the weight of each count.
struct Table<'l> {
    logs: &'l Logs,
    classes: usize,
    cells: Vec<Cell>,
    rows: Vec<Cell>,
    columns: Vec<Cell>,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    count: i64,
    weight: i64,
}

impl Cell {
    fn change(&mut self, logs: &Logs, by: i64) {
        self.count += by;
        self.weight = logs.weight(self.count);
    }

    /// How much the weight grows where the count grows by `by`.
    fn grown(self, logs: &Logs, by: i64) -> i64 {
        logs.weight(self.count + by) - self.weight
    }
}

impl<'l> Table<'l> {
    fn new(logs: &'l Logs, classes: usize) -> Self {
        Self {
            logs,
            classes,
            cells: alloc::vec![Cell::default(); classes * classes],
            rows: alloc::vec![Cell::default(); classes],
            columns: alloc::vec![Cell::default(); classes],
        }
    }

    fn add(&mut self, row: usize, column: usize, count: u32) {
        self.change(row, column, i64::from(count));
    }

    fn change(&mut self, row: usize, column: usize, by: i64) {
        let cell = self.cells.get_mut(row * self.classes + column);
        let cells = [cell, self.rows.get_mut(row), self.columns.get_mut(column)];
        for cell in cells.into_iter().flatten() {
            cell.change(self.logs, by);
        }
    }

    /// Adds (`sign` 1) or takes away a phrase of class `at`.
    fn shift(&mut self, at: usize, out: &[i64], into: &[i64], own: i64, sign: i64) {
        for (other, (&out, &into)) in out.iter().zip(into).enumerate() {
            if out != 0 {
                self.change(at, other, sign * out);
            }
            if into != 0 {
                self.change(other, at, sign * into);
            }
        }
        self.change(at, at, sign * own);
    }

    /// The class in which a phrase makes the sample likeliest; `old` among equals.
    fn best(&self, old: usize, out: &[i64], into: &[i64], own: i64) -> usize {
        let (sum_out, sum_in) = (out.iter().sum::<i64>() + own, into.iter().sum::<i64>() + own);
        if sum_out + sum_in == 0 {
            return old;
        }
        let near: Vec<(usize, i64, i64)> = (out.iter().zip(into).enumerate())
            .map(|(other, (&out, &into))| (other, out, into))
            .filter(|&(_, out, into)| out + into > 0)
            .collect();
        let grown = |cells: &[Cell], at: usize, by: i64| {
            cells.get(at).map_or(0, |cell| cell.grown(self.logs, by))
        };
        let gain = |class: usize| {
            let row = self.cells.get(class * self.classes..).unwrap_or_default();
            let mut gain = 0;
            for &(other, out, into) in near.iter().filter(|near| near.0 != class) {
                if out > 0 {
                    gain += grown(row, other, out);
                }
                if into > 0 {
                    gain += grown(&self.cells, other * self.classes + class, into);
                }
            }
            let both = out.get(class).copied().unwrap_or(0) + into.get(class).copied().unwrap_or(0);
            gain += grown(row, class, both + own);
            gain - grown(&self.rows, class, sum_out) - grown(&self.columns, class, sum_in)
        };
        let mut best = (gain(old), old);
        for class in 0..self.classes {
            let gain = gain(class);
            if gain > best.0 {
                best = (gain, class);
            }
        }
        best.1
    }
}

/// `n * log2(n)` in 1/65536, by a table of logarithms.
pub(super) struct Logs(Vec<u32>);

/// Numbers below this have a logarithm of their own; of others the high bits count.
const LOGS: u32 = 16;

impl Logs {
    pub(super) fn new() -> Self {
        Self((0..1u64 << LOGS).map(log2).collect())
    }

    fn weight(&self, n: i64) -> i64 {
        n.saturating_mul(i64::from(self.log2(n.max(0) as u64)))
    }

    /// `log2(n)` in 1/65536; 0 for 0.
    pub(super) fn log2(&self, n: u64) -> u32 {
        let over = (64 - n.leading_zeros()).saturating_sub(LOGS);
        self.0.get((n >> over) as usize).copied().unwrap_or(0) + (over << 16)
    }
}

/// `log2(n)` in 1/65536, by squaring; 0 for 0.
fn log2(n: u64) -> u32 {
    let whole = n.max(1).ilog2();
    let mut value = n.max(1) << (31 - whole);
    let mut log = whole;
    for _ in 0..16 {
        value = (value * value) >> 31;
        let up = u32::from(value >= 1 << 32);
        value >>= up;
        log = log << 1 | up;
    }
    log
}
