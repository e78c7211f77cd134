//! The stop-watch: sides measured in turns within one run, so that a slow minute of the machine
//! hits them alike; medians, so that one hiccup does not count.

use std::time::Instant;

use anyhow::Result;
use rustix::time::{ClockId, clock_gettime};

/// Seconds that `work` takes.
pub fn seconds<T>(work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    let start = Instant::now();
    let value = work()?;
    Ok((start.elapsed().as_secs_f64(), value))
}

/// Seconds of this thread's CPU time that `work` takes: other processes do not count.
pub fn cpu_seconds<T>(work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    seconds_by(ClockId::ThreadCPUTime, work)
}

/// Seconds of the CPU time of all threads that `work` takes.
pub fn all_cpu_seconds<T>(work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    seconds_by(ClockId::ProcessCPUTime, work)
}

/// The CPU time of this thread.
pub fn nanoseconds() -> u64 {
    ticks(ClockId::ThreadCPUTime)
}

fn seconds_by<T>(clock: ClockId, work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    let start = ticks(clock);
    let value = work()?;
    Ok(((ticks(clock) - start) as f64 / 1e9, value))
}

fn ticks(clock: ClockId) -> u64 {
    let now = clock_gettime(clock);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// One side of a comparison: does the work once and tells what it measured.
pub type Side<'a> = &'a mut dyn FnMut() -> Result<f64>;

/// Runs the sides in turns, `rounds` times after one round that warms up, and returns the median
/// of each.
pub fn in_turns(rounds: usize, sides: &mut [Side<'_>]) -> Result<Vec<f64>> {
    let mut taken = vec![Vec::with_capacity(rounds); sides.len()];
    for round in 0..=rounds {
        for (side, taken) in sides.iter_mut().zip(&mut taken) {
            let figure = side()?;
            if round > 0 {
                taken.push(figure);
            }
        }
    }
    Ok(taken.iter_mut().map(|figures| median(figures)).collect())
}

/// The middle of the figures (0 of none); sorts them.
pub fn median(figures: &mut [f64]) -> f64 {
    quantile(figures, 0.5)
}

/// The figure below which a share `q` of them lies (0 of none); sorts them.
pub fn quantile(figures: &mut [f64], q: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    let at = (figures.len() as f64 * q) as usize;
    figures.get(at.min(figures.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_sorted_figures() {
        let mut figures = vec![5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!(median(&mut figures), 3.0);
        assert_eq!(quantile(&mut figures, 0.95), 5.0);
        assert_eq!(median(&mut []), 0.0);
    }

    #[test]
    fn the_first_round_only_warms_up() -> Result<()> {
        let mut calls = 0.0;
        let mut count = || {
            calls += 1.0;
            Ok(calls)
        };
        assert_eq!(in_turns(3, &mut [&mut count])?, [3.0]);
        Ok(())
    }
}
