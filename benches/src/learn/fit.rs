//! Fitting linear weights: list-wise logistic regression.
//!
//! The probability that a candidate is the one that is looked for is the softmax of its score over
//! the candidates of its query (Cao and others, "Learning to rank: from pairwise approach to
//! listwise approach", 2007); what is minimised is the mean surprise at the targets, plus
//! `decay`/2 times the squared weights. The problem is convex; it is solved by Nesterov's
//! accelerated gradient with restarts, projected onto the signs that [`sign`] demands. Sums run in
//! the order of the examples, exponentials are libm's: the same input gives the same weights on
//! every machine.

use super::{examples::Example, sign};
use sigla_core::rank::features::{FEATURES, Feature};

/// One weight a feature.
pub type Model = [f64; FEATURES];

/// An example, how much it counts, and which weights of its own it has.
#[derive(Clone, Copy, Debug)]
pub struct Weighed<'e> {
    /// The example.
    pub example: &'e Example,
    /// How much it counts; all of them together count 1.
    pub weight: f64,
    /// The group of queries that it belongs to, if to any.
    pub group: Option<usize>,
}

/// What a feature is divided by, so that one decay suits all: its spread inside a query.
fn scales(examples: &[Weighed<'_>]) -> Model {
    let (mut squares, mut count) = ([0.0; FEATURES], 0.0_f64);
    for Weighed { example, .. } in examples {
        let n = example.candidates.len().max(1) as f64;
        let mut mean = [0.0; FEATURES];
        for candidate in &example.candidates {
            mean.iter_mut().zip(candidate.features).for_each(|(sum, x)| *sum += x / n);
        }
        for candidate in &example.candidates {
            for ((square, x), mean) in squares.iter_mut().zip(candidate.features).zip(mean) {
                *square += (x - mean) * (x - mean);
            }
        }
        count += n;
    }
    squares.map(|square| (libm::sqrt(square / count.max(1.0)) + 1e-3) / 0.3)
}

/// A block of weights that all queries share, and one that each group adds to it.
#[derive(Clone, Debug, PartialEq)]
struct Blocks {
    shared: Model,
    own: Vec<Model>,
}

/// How little a group's own weights count beside the shared ones: they are drawn to zero
/// 1/OWN² times as strongly.
const OWN: f64 = 0.5;

/// More steps than it takes.
const STEPS: usize = 600;

/// Weights that were fitted.
#[derive(Clone, Debug)]
pub struct Fitted {
    blocks: Blocks,
    scales: Model,
}

impl Fitted {
    /// The best weights for `examples` in so many `groups`; features that do not count get none.
    pub fn new(
        examples: &[Weighed<'_>],
        groups: usize,
        decay: f64,
        counts: &[bool; FEATURES],
    ) -> Self {
        let scales = scales(examples);
        let problem = Problem::new(examples, groups, decay, &scales, counts);
        Self { blocks: problem.solve(), scales }
    }

    /// The weights of a group, or of those without one.
    pub fn model(&self, group: Option<usize>) -> Model {
        let own = group.and_then(|group| self.blocks.own.get(group));
        core::array::from_fn(|at| {
            let own = own.map_or(0.0, |own| own[at] * OWN);
            sign(Feature::ALL[at]).keep((self.blocks.shared[at] + own) / self.scales[at])
        })
    }
}

/// A query: its rows, its weight and its group.
struct List {
    rows: core::ops::Range<usize>,
    weight: f64,
    group: Option<usize>,
}

/// All examples with a target, their features scaled, in one array.
struct Problem {
    rows: Vec<Model>,
    /// By row: the share of its query's targets.
    wanted: Vec<f64>,
    lists: Vec<List>,
    groups: usize,
    decay: f64,
}

impl Problem {
    fn new(
        examples: &[Weighed<'_>],
        groups: usize,
        decay: f64,
        scales: &Model,
        counts: &[bool; FEATURES],
    ) -> Self {
        let mut problem = Self { rows: vec![], wanted: vec![], lists: vec![], groups, decay };
        for &Weighed { example, weight, group } in examples {
            let targets = example.candidates.iter().filter(|one| one.target).count();
            if targets == 0 {
                continue;
            }
            let start = problem.rows.len();
            for one in &example.candidates {
                problem.rows.push(core::array::from_fn(|at| match counts[at] {
                    true => one.features[at] / scales[at],
                    false => 0.0,
                }));
                problem.wanted.push(if one.target { 1.0 / targets as f64 } else { 0.0 });
            }
            problem.lists.push(List { rows: start..problem.rows.len(), weight, group });
        }
        problem
    }

    fn zero(&self) -> Blocks {
        Blocks { shared: [0.0; FEATURES], own: vec![[0.0; FEATURES]; self.groups] }
    }

    /// The loss, and its gradient.
    fn loss(&self, blocks: &Blocks) -> (f64, Blocks) {
        let (mut loss, mut slope) = (0.0, self.zero());
        let mut scores = Vec::new();
        for List { rows, weight, group } in &self.lists {
            let own = group.and_then(|group| blocks.own.get(group));
            let model: Model =
                core::array::from_fn(|at| blocks.shared[at] + own.map_or(0.0, |own| own[at] * OWN));
            let (rows, wanted) = (&self.rows[rows.clone()], &self.wanted[rows.clone()]);
            scores.clear();
            scores.extend(rows.iter().map(|row| dot(&model, row)));
            let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut sum = 0.0;
            let chances: Vec<f64> = scores.iter().map(|score| libm::exp(score - most)).collect();
            chances.iter().for_each(|chance| sum += chance);
            let surprise = libm::log(sum);
            let mut pulled = [0.0; FEATURES];
            for (((row, wanted), score), chance) in
                rows.iter().zip(wanted).zip(&scores).zip(&chances)
            {
                loss -= weight * wanted * (score - most - surprise);
                let pull = weight * (chance / sum - wanted);
                pulled.iter_mut().zip(row).for_each(|(sum, x)| *sum += x * pull);
            }
            slope.shared.iter_mut().zip(pulled).for_each(|(sum, x)| *sum += x);
            if let Some(own) = group.and_then(|group| slope.own.get_mut(group)) {
                own.iter_mut().zip(pulled).for_each(|(sum, x)| *sum += x * OWN);
            }
        }
        let all = core::iter::once((&blocks.shared, &mut slope.shared));
        for (weights, slope) in all.chain(blocks.own.iter().zip(&mut slope.own)) {
            for (slope, weight) in slope.iter_mut().zip(weights) {
                loss += self.decay / 2.0 * weight * weight;
                *slope += self.decay * weight;
            }
        }
        (loss, slope)
    }

    fn solve(&self) -> Blocks {
        let mut at = self.zero();
        let (mut ahead, mut pace, mut step) = (at.clone(), 1.0_f64, 1.0_f64);
        let mut last = f64::INFINITY;
        for _ in 0..STEPS {
            let (loss, slope) = self.loss(&ahead);
            // As long a step as the slope promises at least half of.
            let (next, reached) = loop {
                let next = ahead.plus(&slope, -step).kept();
                let (reached, _) = self.loss(&next);
                let moved = next.plus(&ahead, -1.0);
                let promised = loss + moved.dot(&slope) + moved.dot(&moved) / (2.0 * step);
                if reached <= promised + 1e-12 || step < 1e-9 {
                    break (next, reached);
                }
                step /= 2.0;
            };
            if reached > last {
                // Too much momentum: from here anew.
                (ahead, pace, last) = (at.clone(), 1.0, f64::INFINITY);
                continue;
            }
            let faster = (1.0 + (1.0 + 4.0 * pace * pace).sqrt()) / 2.0;
            ahead = next.plus(&next.plus(&at, -1.0), (pace - 1.0) / faster);
            let gained = last - reached;
            (at, pace, last) = (next, faster, reached);
            if gained < 1e-8 {
                break;
            }
            step *= 1.1;
        }
        at
    }
}

/// The sum of products.
pub fn dot(a: &Model, b: &Model) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Blocks {
    fn plus(&self, other: &Self, times: f64) -> Self {
        let add = |a: &Model, b: &Model| core::array::from_fn(|at| a[at] + times * b[at]);
        let own = self.own.iter().zip(&other.own).map(|(a, b)| add(a, b)).collect();
        Self { shared: add(&self.shared, &other.shared), own }
    }

    fn dot(&self, other: &Self) -> f64 {
        let own = self.own.iter().zip(&other.own).map(|(a, b)| dot(a, b)).sum::<f64>();
        dot(&self.shared, &other.shared) + own
    }

    /// The nearest with the right signs.
    fn kept(mut self) -> Self {
        for (weight, feature) in self.shared.iter_mut().zip(Feature::ALL) {
            *weight = sign(*feature).keep(*weight);
        }
        self
    }
}
