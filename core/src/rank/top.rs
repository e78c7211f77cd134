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
                    (Some(a), Some(b)) if before(a, b) => swap(self.slots, above, at),
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

    /// How many items are kept; they lie at the start of the slots, in no order.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The items kept, in no order.
    pub fn into_kept(self) -> &'s mut [T] {
        self.slots.get_mut(..self.len).unwrap_or_default()
    }

    /// The items kept, best first. O(k log k).
    pub fn into_sorted(self, before: &impl Fn(&T, &T) -> bool) -> &'s mut [T] {
        let kept = self.slots.get_mut(..self.len).unwrap_or(&mut []);
        for end in (1..kept.len()).rev() {
            if let Some(rest) = kept.get_mut(..=end) {
                swap(rest, 0, end);
                if let Some((_, rest)) = rest.split_last_mut() {
                    sink(rest, 0, before);
                }
            }
        }
        kept
    }
}

/// Hands out items best first; O(n) for the first and O(log n) for each further
/// one, so that a reader of few pays for few.
pub struct BestFirst<'s, T, B> {
    heap: &'s mut [T],
    len: usize,
    before: B,
}

impl<'s, T: Copy, B: Fn(&T, &T) -> bool> BestFirst<'s, T, B> {
    /// Of all `items`.
    pub fn new(items: &'s mut [T], before: B) -> Self {
        for at in (0..items.len() / 2).rev() {
            sink(items, at, &|a, b| before(b, a));
        }
        Self { len: items.len(), heap: items, before }
    }
}

impl<T: Copy, B: Fn(&T, &T) -> bool> Iterator for BestFirst<'_, T, B> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let last = self.len.checked_sub(1)?;
        let best = *self.heap.first()?;
        swap(self.heap, 0, last);
        self.len = last;
        let before = &self.before;
        sink(self.heap.get_mut(..last)?, 0, &|a, b| before(b, a));
        Some(best)
    }
}

/// Sorts in place by `key`: Shell's sort with the gaps of Ciura ("Best increments
/// for the average case of Shellsort", 2001). For some hundred items it is as
/// fast as any; core's own sorts hold a panic for inconsistent orders.
pub fn sort_by_key<T: Copy, K: PartialOrd>(items: &mut [T], key: impl Fn(&T) -> K) {
    for gap in [7983, 3548, 1577, 701, 301, 132, 57, 23, 10, 4, 1] {
        for start in gap..items.len() {
            let Some(&item) = items.get(start) else { break };
            let wanted = key(&item);
            let mut at = start;
            while let Some(before) = at.checked_sub(gap)
                && let Some(&other) = items.get(before)
                && key(&other) > wanted
                && let Some(slot) = items.get_mut(at)
            {
                *slot = other;
                at = before;
            }
            if let Some(slot) = items.get_mut(at) {
                *slot = item;
            }
        }
    }
}

/// As the slice's own, which panics where an index is out of bounds.
fn swap<T: Copy>(items: &mut [T], a: usize, b: usize) {
    if let (Some(&x), Some(&y)) = (items.get(a), items.get(b)) {
        for (at, item) in [(a, y), (b, x)] {
            if let Some(slot) = items.get_mut(at) {
                *slot = item;
            }
        }
    }
}

/// Moves the item at `at` down to where nothing below it is worse.
fn sink<T: Copy>(heap: &mut [T], mut at: usize, before: &impl Fn(&T, &T) -> bool) {
    let Some(&item) = heap.get(at) else { return };
    while let Some(&left) = heap.get(2 * at + 1) {
        let (below, worst) = match heap.get(2 * at + 2) {
            Some(&right) if before(&left, &right) => (2 * at + 2, right),
            _ => (2 * at + 1, left),
        };
        if !before(&item, &worst) {
            break;
        }
        if let Some(slot) = heap.get_mut(at) {
            *slot = worst;
        }
        at = below;
    }
    if let Some(slot) = heap.get_mut(at) {
        *slot = item;
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
            let mut all = items.clone();
            assert!(BestFirst::new(&mut all, before).eq(model.iter().copied()));
            let mut sorted = items.clone();
            sort_by_key(&mut sorted, |&item| core::cmp::Reverse(item));
            assert_eq!(sorted, model);
        }
    }
}
