//! Phrases are looked for in the text: the image stores no positions.
//!
//! The terms of a text are run through a shift-and automaton (Baeza-Yates and
//! Gonnet, "A new approach to text searching", 1992) whose letters are terms: one
//! bit a place of the phrase, linear in the text.

use super::{
    analysis::{Analysis, PHRASES},
    terms::TermRow,
};
use crate::text::{self, Part};
use core::ops::ControlFlow;

/// Which phrases a text has, while its parts come by. Words match as terms do: in
/// any case, by their stems, and the pieces of an identifier are words.
pub(super) struct Phrases<'p> {
    analysis: &'p Analysis<'p>,
    rows: &'p [TermRow],
    /// Places of each phrase that the words so far have reached.
    states: [u32; PHRASES],
    found: [bool; PHRASES],
}

impl<'p> Phrases<'p> {
    pub(super) fn new(analysis: &'p Analysis<'p>, rows: &'p [TermRow]) -> Self {
        Self { analysis, rows, states: [0; PHRASES], found: [false; PHRASES] }
    }

    /// The next part of the text; a phrase may cross its end, a word does not. Breaks
    /// where the rest can change nothing.
    pub(super) fn part(&mut self, part: &[u8]) -> ControlFlow<()> {
        let phrases = self.analysis.phrases.iter().zip(&mut self.states).zip(&mut self.found);
        for ((phrase, state), found) in phrases {
            let range = usize::from(phrase.start)..usize::from(phrase.end);
            let terms = self.analysis.sequence.get(range).unwrap_or(&[]);
            if !*found {
                *found = follow(part, terms, self.rows, state);
            }
        }
        let all = self.analysis.phrases.iter().zip(&self.found);
        let unwanted = all.clone().any(|(phrase, &found)| phrase.not && found);
        let complete = all.clone().all(|(phrase, &found)| !phrase.not && found);
        if unwanted || complete { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Whether the text had every phrase that it should and none that it should not.
    pub(super) fn hold(&self) -> bool {
        self.analysis.phrases.iter().zip(&self.found).all(|(phrase, &found)| found != phrase.not)
    }
}

/// Moves `state` on over the words of `part`; whether they end a phrase of `terms`.
fn follow(part: &[u8], terms: &[u8], rows: &[TermRow], state: &mut u32) -> bool {
    let Some(last) = terms.len().checked_sub(1).filter(|&last| last < 32) else { return true };
    let mut found = false;
    for word in text::words(part) {
        text::terms(word.bytes, &mut |term, part| {
            if !matches!(part, Part::Whole) {
                let same = terms.iter().zip(0..).fold(0u32, |bits, (&tag, place)| {
                    let row = rows.get(usize::from(tag));
                    bits | u32::from(row.is_some_and(|row| row.term() == term)) << place
                });
                *state = (*state << 1 | 1) & same;
                found |= *state >> last & 1 != 0;
            }
        });
        if found {
            return true;
        }
    }
    false
}
