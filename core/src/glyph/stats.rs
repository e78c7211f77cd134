//! What the codec takes: memory by kind, time by stage.
//!
//! Memory is counted always, from what is there. Times need the feature `stats` and
//! a clock from the caller, in whatever unit that ticks.

/// What an encoder holds, in bytes. Nothing of it is given back before the encoder
/// goes, so what it holds is its peak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Memory {
    /// The codebook, which is the caller's.
    pub codebook: usize,
    /// The phrases by their bytes, with their costs.
    pub tables: usize,
    /// The history of a record: what a decoder takes, too.
    pub scratch: usize,
    /// Arrays that are filled again for each record.
    pub pool: usize,
}

/// A stage of encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Finding the phrases of a text and its base.
    Parse,
    /// Reading the base into the history.
    Replay,
    /// Writing the choices.
    Code,
}

/// Looks at the clock where there is one; without the feature it is nothing.
#[derive(Debug, Default)]
pub(super) struct Watch {
    #[cfg(feature = "stats")]
    pub(super) stats: Option<Stats>,
}

#[cfg(feature = "stats")]
impl Watch {
    pub(super) fn now(&self) -> u64 {
        self.stats.as_ref().map_or(0, |stats| (stats.clock)())
    }

    /// Counts what has passed since `start` for `stage`; gives the time.
    pub(super) fn passed(&mut self, stage: Stage, start: u64) -> u64 {
        let now = self.now();
        let times = self.stats.as_mut().and_then(|stats| stats.stages.get_mut(stage as usize));
        if let Some(times) = times {
            times.add(now.saturating_sub(start));
        }
        now
    }
}

#[cfg(not(feature = "stats"))]
impl Watch {
    pub(super) fn now(&self) -> u64 {
        0
    }

    pub(super) fn passed(&mut self, _: Stage, _: u64) -> u64 {
        0
    }
}

/// Time by stage.
#[cfg(feature = "stats")]
#[derive(Debug)]
pub struct Stats {
    clock: fn() -> u64,
    stages: [Times; 3],
}

#[cfg(feature = "stats")]
impl Stats {
    pub(super) fn new(clock: fn() -> u64) -> Self {
        Self { clock, stages: core::array::from_fn(|_| Times::default()) }
    }

    /// The times of a stage.
    pub fn of(&self, stage: Stage) -> &Times {
        let [parse, replay, code] = &self.stages;
        match stage {
            Stage::Parse => parse,
            Stage::Replay => replay,
            Stage::Code => code,
        }
    }
}

/// Times: exact in count, sum and ends, in eighths of an octave between.
#[cfg(feature = "stats")]
#[derive(Debug, Clone)]
pub struct Times {
    count: u64,
    total: u64,
    min: u64,
    max: u64,
    buckets: [u32; 512],
}

#[cfg(feature = "stats")]
impl Default for Times {
    fn default() -> Self {
        Self { count: 0, total: 0, min: u64::MAX, max: 0, buckets: [0; 512] }
    }
}

#[cfg(feature = "stats")]
impl Times {
    /// Adds a time.
    pub fn add(&mut self, time: u64) {
        self.count += 1;
        self.total = self.total.saturating_add(time);
        self.min = self.min.min(time);
        self.max = self.max.max(time);
        if let Some(bucket) = self.buckets.get_mut(bucket(time)) {
            *bucket += 1;
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their sum.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The least; 0 of none.
    pub fn min(&self) -> u64 {
        self.min.min(self.max)
    }

    /// The greatest.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// Their mean; 0 of none.
    pub fn mean(&self) -> u64 {
        self.total.checked_div(self.count).unwrap_or(0)
    }

    /// What 95 of 100 do not exceed: at most an eighth too much.
    pub fn p95(&self) -> u64 {
        let mut left = self.count - self.count / 20;
        for (at, &bucket) in self.buckets.iter().enumerate() {
            left = left.saturating_sub(u64::from(bucket));
            if left == 0 {
                return last(at).min(self.max);
            }
        }
        self.max
    }
}

/// Eight buckets an octave; below 16 each number has its own.
#[cfg(feature = "stats")]
fn bucket(time: u64) -> usize {
    let over = (64 - time.leading_zeros()).saturating_sub(4);
    (over * 8) as usize + (time >> over) as usize
}

/// The greatest number of a bucket.
#[cfg(feature = "stats")]
fn last(bucket: usize) -> u64 {
    let over = (bucket / 8).saturating_sub(1);
    let top = (bucket - 8 * over) as u64;
    ((top + 1) << over).wrapping_sub(1)
}

#[cfg(all(test, feature = "stats"))]
mod tests {
    use super::*;

    #[test]
    fn times_are_summed_up() {
        let mut times = Times::default();
        assert_eq!((times.min(), times.mean(), times.p95(), times.max()), (0, 0, 0, 0));
        for time in 1..=1000 {
            times.add(time);
        }
        assert_eq!((times.count(), times.total(), times.mean()), (1000, 500_500, 500));
        assert_eq!((times.min(), times.max()), (1, 1000));
        assert!((950..=1000).contains(&times.p95()), "{}", times.p95());
    }

    #[test]
    fn a_bucket_ends_where_the_next_begins() {
        for time in (0..5000).chain([u64::MAX / 2, u64::MAX - 1]) {
            let at = bucket(time);
            assert!(at < 512);
            assert!(last(at) >= time, "{time} in {at}");
            assert!(last(at) - time <= time / 8, "{time} in {at}");
            assert!(bucket(time + 1) >= at);
        }
    }
}
