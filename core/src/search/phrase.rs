//! Phrases are looked for in the text: the image stores no positions.
//!
//! The terms of a text are run through a shift-and automaton (Baeza-Yates and
//! Gonnet, "A new approach to text searching", 1992) whose letters are terms: one
//! bit a place of the phrase, linear in the text.

use super::terms::{Plan, TermRow};
use crate::text::{self, Part};

impl Plan<'_> {
    /// Whether `text` holds every phrase that it should and none that it should
    /// not. Words match as terms do: in any case, by their stems, and the pieces
    /// of an identifier are words.
    pub(super) fn phrases_hold(&self, text: &[u8], rows: &[TermRow]) -> bool {
        self.phrases.iter().all(|phrase| {
            let range = usize::from(phrase.start)..usize::from(phrase.end);
            let terms = self.sequence.get(range).unwrap_or(&[]);
            holds(text, terms, rows) != phrase.not
        })
    }
}

fn holds(text: &[u8], terms: &[u8], rows: &[TermRow]) -> bool {
    let Some(last) = terms.len().checked_sub(1).filter(|&last| last < 32) else { return true };
    let mut state = 0u32;
    let mut found = false;
    for word in text::words(text) {
        text::terms(word.bytes, &mut |term, part| {
            if !matches!(part, Part::Whole) {
                let same = terms.iter().zip(0..).fold(0u32, |bits, (&tag, place)| {
                    let row = rows.get(usize::from(tag));
                    bits | u32::from(row.is_some_and(|row| row.term() == term)) << place
                });
                state = (state << 1 | 1) & same;
                found |= state >> last & 1 != 0;
            }
        });
        if found {
            return true;
        }
    }
    false
}
