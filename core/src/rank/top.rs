//! The best k of many, in k places and without allocation: a binary heap with the
//! worst on top.

/// Keeps the best `slots.len()` items; `before` says which of two comes first
/// and must be a total order for the result to be independent of arrival.
pub struct Top<'s, T> {
    slots: &'s mut [T],
    len: usize,
}

impl<'s, T: Copy> Top<'s, T> {
    /// Nothing kept yet.
    pub fn new(slots: &'s mut [T]) -> Self {
        Self { slots, len: 0 }
    }

    /// The worst item kept, once as many are kept as fit.
    pub fn worst(&self) -> Option<&T> {
        if self.len == self.slots.len() { self.slots.first() } else { None }
    }

    /// Keeps `item` where it is among the best so far. O(log k).
    pub fn push(&mut self, item: T, before: &impl Fn(&T, &T) -> bool) {
        if self.len < self.slots.len() {
            let mut at = self.len;
            self.len += 1;
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = item;
            }
            while at > 0 {
                let above = (at - 1) / 2;
                match (self.slots.get(above), self.slots.get(at)) {
                    (Some(a), Some(b)) if before(a, b) => self.slots.swap(above, at),
                    _ => break,
                }
                at = above;
            }
        } else if let Some(worst) = self.slots.first_mut()
            && before(&item, worst)
        {
            *worst = item;
            sink(self.slots, 0, before);
        }
    }

    /// The items kept, best first. O(k log k).
    pub fn into_sorted(self, before: &impl Fn(&T, &T) -> bool) -> &'s mut [T] {
        let kept = self.slots.get_mut(..self.len).unwrap_or(&mut []);
        drain(kept, before);
        kept
    }
}

/// Sorts in place, best first; core's own sorts may panic on an inconsistent
/// order, this one cannot.
pub fn sort<T: Copy>(items: &mut [T], before: &impl Fn(&T, &T) -> bool) {
    for at in (0..items.len() / 2).rev() {
        sink(items, at, before);
    }
    drain(items, before);
}

/// From a heap with the worst on top to best first.
fn drain<T: Copy>(heap: &mut [T], before: &impl Fn(&T, &T) -> bool) {
    for end in (1..heap.len()).rev() {
        if let Some(rest) = heap.get_mut(..=end) {
            let last = rest.len() - 1;
            rest.swap(0, last);
            if let Some((_, rest)) = rest.split_last_mut() {
                sink(rest, 0, before);
            }
        }
    }
}

/// Moves the item at `at` down to where nothing below it is worse.
fn sink<T: Copy>(heap: &mut [T], mut at: usize, before: &impl Fn(&T, &T) -> bool) {
    loop {
        let mut worst = at;
        for child in [2 * at + 1, 2 * at + 2] {
            if let (Some(a), Some(b)) = (heap.get(worst), heap.get(child))
                && before(a, b)
            {
                worst = child;
            }
        }
        if worst == at || worst >= heap.len() {
            return;
        }
        heap.swap(at, worst);
        at = worst;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn keeps_the_best_in_order() {
        let mut state = 7u32;
        for n in 0..60 {
            let items: Vec<u32> = (0..n)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    state >> 27
                })
                .collect();
            let before = |a: &u32, b: &u32| a > b;
            let mut model = items.clone();
            model.sort_by(|a, b| b.cmp(a));
            for k in [0, 1, 2, 3, 10, 59] {
                let mut slots = std::vec![0; k];
                let mut top = Top::new(&mut slots);
                items.iter().for_each(|&item| top.push(item, &before));
                assert_eq!(top.into_sorted(&before), &model[..k.min(n)]);
            }
            let mut sorted = items.clone();
            sort(&mut sorted, &before);
            assert_eq!(sorted, model);
        }
    }
}
