//! One pass over the posting lists of a query, skipping what cannot matter.
//!
//! MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations",
//! 1995) by windows of the id space, with the bounds of blocks, as Lucene's bulk
//! scorer does. In each window the lists whose bounds together stay under the
//! threshold are left aside; the others add their scores into an array; what
//! could still pass is completed from the lists left aside. The size of the
//! window and whether blocks are decoded at once change the time, never the
//! scores: bounds only ever leave out what could not have passed.

use super::Postings;
use crate::image::{Corrupt, Cursor, Decoded, Section};

/// What a posting is worth.
pub(super) trait Worth {
    /// Its score; `None` where `id` does not exist.
    fn score(&self, weight: i32, code: u32, id: u32) -> Option<i32>;
    /// A score that no posting with a code up to `code` and a length code from
    /// `len` passes.
    fn bound(&self, weight: i32, code: u8, len: u8) -> i32;
}

/// Sums that are looked at together; divides every window.
pub(super) const GROUP: usize = 16;

/// What to scan.
pub(super) struct Scan<'s, P, S> {
    /// The lists; [`Cursor::tag`] names the slot in `slots`.
    pub(super) cursors: &'s mut [Cursor],
    /// Room to decode blocks, by tag; may be empty.
    pub(super) slots: &'s mut [Decoded],
    /// Sums by id; its length is the size of the window.
    pub(super) window: &'s mut [i32],
    pub(super) postings: P,
    /// One past the largest id.
    pub(super) universe: u32,
    pub(super) score: S,
}

pub(super) fn bad() -> Corrupt {
    Corrupt::new(Section::Postings, 0)
}

impl<P: Postings, S: Worth> Scan<'_, P, S> {
    /// Calls `visit` with every id, ascending, whose score reaches the threshold,
    /// and with that score; it returns the new threshold, which may not fall.
    pub(super) fn run(
        &mut self,
        mut threshold: i32,
        mut visit: impl FnMut(u32, i32) -> Result<i32, Corrupt>,
    ) -> Result<(), Corrupt> {
        self.window.fill(0);
        let mut reached = 0;
        loop {
            for cursor in &mut *self.cursors {
                let slot = self.slots.get_mut(usize::from(cursor.tag));
                self.postings.seek(cursor, reached, slot)?;
            }
            let base = self.cursors.iter().map(|c| c.id).min().unwrap_or(Cursor::END);
            if base == Cursor::END || self.window.is_empty() {
                return Ok(());
            }
            if base >= self.universe {
                return Err(bad());
            }
            let end = base.saturating_add(self.window.len() as u32).min(self.universe);
            let (aside, slack) = self.set_aside(end, threshold)?;
            reached = end;
            if aside == self.cursors.len() {
                continue;
            }
            self.accumulate(aside, base, end)?;
            threshold = self.sift(aside, slack, base, threshold, &mut visit)?;
        }
    }

    /// Sorts the lists by their bounds up to `end` and says how many of them
    /// together cannot reach the threshold, and the sum of their bounds.
    fn set_aside(&mut self, end: u32, threshold: i32) -> Result<(usize, i32), Corrupt> {
        for cursor in &mut *self.cursors {
            cursor.most = match self.postings.bound(cursor, end)? {
                Some((code, len)) => self.score.bound(cursor.weight, code, len),
                None => 0,
            };
        }
        // Few, and nearly sorted from the window before.
        for at in 1..self.cursors.len() {
            let mut at = at;
            while at > 0 {
                match (self.cursors.get(at - 1), self.cursors.get(at)) {
                    (Some(a), Some(b)) if a.most > b.most => self.cursors.swap(at - 1, at),
                    _ => break,
                }
                at -= 1;
            }
        }
        let (mut aside, mut slack) = (0, 0i32);
        for cursor in &*self.cursors {
            let sum = slack.saturating_add(cursor.most);
            if sum >= threshold.max(1) {
                break;
            }
            slack = sum;
            aside += 1;
        }
        Ok((aside, slack))
    }

    /// Adds the scores of all lists but the first `aside` into the window.
    fn accumulate(&mut self, aside: usize, base: u32, end: u32) -> Result<(), Corrupt> {
        let Self { cursors, slots, window, postings, score, .. } = self;
        let window = &mut **window;
        for cursor in cursors.iter_mut().skip(aside) {
            let (weight, slot) = (cursor.weight, slots.get_mut(usize::from(cursor.tag)));
            postings.many_before(cursor, end, slot, |id, code| {
                let score = score.score(weight, code, id)?;
                *window.get_mut((id - base) as usize)? += score;
                Some(())
            })?;
        }
        Ok(())
    }

    /// Completes and visits what passes; leaves the window empty.
    fn sift(
        &mut self,
        aside: usize,
        slack: i32,
        base: u32,
        mut threshold: i32,
        visit: &mut impl FnMut(u32, i32) -> Result<i32, Corrupt>,
    ) -> Result<i32, Corrupt> {
        let Self { cursors, slots, window, postings, score, .. } = self;
        let aside = cursors.get_mut(..aside).unwrap_or(&mut []);
        // Groups of a known size, which compilers turn into vector code.
        let (groups, _) = window.as_chunks_mut::<GROUP>();
        for (group, at) in groups.iter_mut().zip((0u32..).step_by(GROUP)) {
            let need = (threshold - slack).max(1);
            let mut reach = 0u32;
            // Mostly none does, which is told sooner than which.
            if group.iter().fold(0, |signs, &sum| signs | (need - 1 - sum)) < 0 {
                for (&sum, lane) in group.iter().zip(0..) {
                    reach |= u32::from(sum >= need) << lane;
                }
            }
            while reach != 0 {
                let lane = reach.trailing_zeros();
                reach &= reach - 1;
                let mut sum = group.get(lane as usize).copied().unwrap_or(0);
                let (id, mut rest) = (base + at + lane, slack);
                for cursor in aside.iter_mut().rev() {
                    if sum + rest < threshold {
                        break;
                    }
                    rest -= cursor.most;
                    let slot = slots.get_mut(usize::from(cursor.tag));
                    postings.seek(cursor, id, slot)?;
                    if cursor.id == id {
                        let code = postings.code(cursor)?;
                        sum += score.score(cursor.weight, code, id).ok_or(bad())?;
                    }
                }
                if sum + rest >= threshold && sum >= threshold.max(1) {
                    threshold = visit(id, sum)?;
                }
            }
            *group = [0; GROUP];
        }
        Ok(threshold)
    }
}
