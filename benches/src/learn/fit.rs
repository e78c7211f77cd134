//! Fitting linear weights: list-wise logistic regression.
//!
//! The probability that a candidate is the one that is looked for is the softmax of its score over
//! the candidates of its query (Cao and others, "Learning to rank: from pairwise approach to
//! listwise approach", 2007); what is minimised is the mean surprise at the targets, plus
//! `decay`/2 times the squared distance from where the weights begin. The problem is convex; it is
//! solved by Nesterov's accelerated gradient with restarts. Sums run in the order of the examples,
//! exponentials are libm's: the same input gives the same weights on every machine.

use super::examples::Example;
use sigla_core::rank::features::FEATURES;

/// One weight a feature.
pub type Model = [f64; FEATURES];

/// What a feature is divided by, so that one decay suits all: its spread inside a query.
pub fn scales(examples: &[&Example]) -> Model {
    let (mut squares, mut count) = ([0.0; FEATURES], 0.0_f64);
    for example in examples {
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

/// A block of weights that all queries share, and one that some add to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocks {
    /// For all queries.
    pub shared: Model,
    /// By group of queries: what it differs by.
    pub own: Vec<Model>,
}

/// What the weights shall be like.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Where the shared weights begin, and what they are drawn to.
    pub start: Model,
    /// How many groups have weights of their own.
    pub groups: usize,
    /// How strongly weights are drawn to where they begin.
    pub decay: f64,
    /// Features divided by these.
    pub scales: Model,
    /// Whether a feature counts at all.
    pub counts: [bool; FEATURES],
}

/// How little a group's own weights count beside the shared ones: they are drawn to zero
/// 1/OWN² times as strongly.
const OWN: f64 = 0.5;

impl Shape {
    /// The score of a candidate.
    fn dot(&self, blocks: &Blocks, group: Option<usize>, features: &Model) -> f64 {
        let own = group.and_then(|group| blocks.own.get(group));
        let mut sum = 0.0;
        for (at, x) in features.iter().enumerate() {
            if self.counts[at] {
                let weight = blocks.shared[at] + own.map_or(0.0, |own| own[at] * OWN);
                sum += x / self.scales[at] * weight;
            }
        }
        sum
    }

    /// Weights for features as they are, of a group or of those without one.
    pub fn model(&self, blocks: &Blocks, group: Option<usize>) -> Model {
        let own = group.and_then(|group| blocks.own.get(group));
        core::array::from_fn(|at| match self.counts[at] {
            true => {
                let own = own.map_or(0.0, |own| own[at] * OWN);
                (blocks.shared[at] + own) / self.scales[at]
            }
            false => 0.0,
        })
    }

    /// The loss, and its gradient.
    fn loss(&self, blocks: &Blocks, examples: &[(Option<usize>, &Example)]) -> (f64, Blocks) {
        let zero = Blocks { shared: [0.0; FEATURES], own: vec![[0.0; FEATURES]; self.groups] };
        let (mut loss, mut slope) = (0.0, zero);
        let n = examples.len().max(1) as f64;
        let mut scores = Vec::new();
        for &(group, example) in examples {
            scores.clear();
            let all = example.candidates.iter();
            scores.extend(all.map(|one| self.dot(blocks, group, &one.features)));
            let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = scores.iter().map(|score| libm::exp(score - most)).sum();
            let targets = example.candidates.iter().filter(|one| one.target).count() as f64;
            for (candidate, score) in example.candidates.iter().zip(&scores) {
                let expected = libm::exp(score - most) / sum;
                let wanted = if candidate.target { 1.0 / targets } else { 0.0 };
                if candidate.target {
                    loss -= wanted * (score - most - libm::log(sum)) / n;
                }
                let pull = (expected - wanted) / n;
                for (at, x) in candidate.features.iter().enumerate() {
                    if self.counts[at] {
                        let x = x / self.scales[at] * pull;
                        slope.shared[at] += x;
                        if let Some(own) = group.and_then(|group| slope.own.get_mut(group)) {
                            own[at] += x * OWN;
                        }
                    }
                }
            }
        }
        for at in 0..FEATURES {
            let away = blocks.shared[at] - self.start[at];
            loss += self.decay / 2.0 * away * away;
            slope.shared[at] += self.decay * away;
            for (slope, own) in slope.own.iter_mut().zip(&blocks.own) {
                loss += self.decay / 2.0 * own[at] * own[at];
                slope[at] += self.decay * own[at];
            }
        }
        (loss, slope)
    }

    /// The best weights for `examples`, each with its group.
    pub fn fit(&self, examples: &[(Option<usize>, &Example)]) -> Blocks {
        let answered: Vec<_> = examples
            .iter()
            .copied()
            .filter(|(_, example)| example.candidates.iter().any(|one| one.target))
            .collect();
        let mut at = Blocks { shared: self.start, own: vec![[0.0; FEATURES]; self.groups] };
        let (mut ahead, mut pace, mut step) = (at.clone(), 1.0_f64, 1.0_f64);
        let mut last = f64::INFINITY;
        for _ in 0..STEPS {
            let (loss, slope) = self.loss(&ahead, &answered);
            let square: f64 = slope.each().map(|x| x * x).sum();
            if square.sqrt() < 1e-6 {
                break;
            }
            // As long a step as the slope promises at least half of.
            let (next, reached) = loop {
                let next = ahead.plus(&slope, -step);
                let (reached, _) = self.loss(&next, &answered);
                if reached <= loss - step / 2.0 * square || step < 1e-9 {
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
            if gained < 1e-9 {
                break;
            }
            step *= 1.1;
        }
        at
    }
}

/// More steps than it takes.
const STEPS: usize = 1000;

impl Blocks {
    fn each(&self) -> impl Iterator<Item = f64> + '_ {
        self.shared.iter().chain(self.own.iter().flatten()).copied()
    }

    fn plus(&self, other: &Self, times: f64) -> Self {
        let add = |a: &Model, b: &Model| core::array::from_fn(|at| a[at] + times * b[at]);
        let own = self.own.iter().zip(&other.own).map(|(a, b)| add(a, b)).collect();
        Self { shared: add(&self.shared, &other.shared), own }
    }
}
