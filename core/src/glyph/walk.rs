//! From phrases to bytes: a walk over the pairs that make a phrase.
//!
//! A codebook is a graph of pairs, and hostile bytes may make it a cyclic one:
//! the walk holds at most [`DEPTH_MAX`] phrases that wait, and it gives a byte
//! for every few steps, so it ends when its caller has had bytes enough.

use super::codebook::{Codebook, DEPTH_MAX, Phrase, RULE};
use core::ops::ControlFlow;

impl Codebook<'_> {
    /// Gives the bytes of a rule to `sink`, depth first, until it breaks: O(bytes).
    /// `None` where a pair names no rule or pairs are nested deeper than
    /// [`DEPTH_MAX`].
    #[inline]
    pub fn spell(
        &self,
        rule: Phrase,
        sink: &mut impl FnMut(u8) -> ControlFlow<()>,
    ) -> Option<ControlFlow<()>> {
        let mut waiting = [0u16; DEPTH_MAX];
        let mut depth = 0;
        let nothing = self.nothing();
        let (mut number, right) = self.pair(rule)?;
        if right != nothing {
            *waiting.first_mut()? = right;
            depth = 1;
        }
        loop {
            if let Some(rule) = number.checked_sub(RULE) {
                let (left, right) = self.pair(rule)?;
                *waiting.get_mut(depth)? = right;
                depth += 1;
                number = left;
            } else {
                let flow = sink(number as u8);
                let Some(next) = depth.checked_sub(1).filter(|_| flow.is_continue()) else {
                    return Some(flow);
                };
                depth = next;
                number = *waiting.get(depth)?;
            }
        }
    }
}
