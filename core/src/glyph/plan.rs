//! A text as it goes on from its base: which of its numbers are the base's with
//! something added, and the phrases between them.

use super::{
    codebook::{Codebook, PHRASE_MAX, Phrase},
    encode::{Parse, Phrases},
    history::{Coder, Glyph, History},
    number,
    walk::{Spell, Spelling},
};
use alloc::vec::Vec;
use core::ops::Range;

/// Tokens that are looked ahead for one that both texts have.
const AHEAD: usize = 12;

/// What comes next, and the text that it says: where the history does not lead there,
/// phrases say it.
#[derive(Debug, Clone)]
struct Item {
    glyph: Glyph,
    text: Range<usize>,
    /// Where the base must be for a number: the phrase, and the bytes of it.
    at: (usize, usize),
}

/// A number, or what stands between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token {
    start: usize,
    end: usize,
    number: Option<number::Digits>,
}

/// Arrays that planning fills again for each record.
#[derive(Debug, Default)]
pub(super) struct Plan {
    base: Vec<u8>,
    /// Where each phrase of the base ends.
    ends: Vec<usize>,
    tokens: [Vec<Token>; 2],
    pairs: Vec<(Token, Token)>,
    items: Vec<Item>,
    parse: Parse,
}

impl Plan {
    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        let [base, text] = &self.tokens;
        self.base.capacity()
            + self.ends.capacity() * size_of::<usize>()
            + (base.capacity() + text.capacity() + 2 * self.pairs.capacity()) * size_of::<Token>()
            + self.items.capacity() * size_of::<Item>()
            + self.parse.bytes()
    }

    /// The text of the last base.
    pub(super) fn base(&self) -> &[u8] {
        &self.base
    }

    /// Spells the base. `None` where it has no such phrase.
    pub(super) fn spell(&mut self, spelling: &Spelling, base: &[Phrase]) -> Option<()> {
        self.base.clear();
        self.ends.clear();
        let mut room = [0; PHRASE_MAX];
        for &phrase in base {
            self.base.extend_from_slice(spelling.bytes_of(phrase, &mut room)?);
            self.ends.push(self.base.len());
        }
        Some(())
    }

    /// Plans `text` behind `base`, which was spelt; whether any number goes on from it.
    /// O(bytes of both).
    pub(super) fn make(
        &mut self,
        spelling: &Spelling,
        phrases: &Phrases,
        base: &[Phrase],
        text: &[u8],
    ) -> bool {
        self.items.clear();
        self.align(text);
        let pairs = core::mem::take(&mut self.pairs);
        let (mut at, mut done) = ((0, 0), 0);
        for &(from, to) in &pairs {
            let Some((from_digits, to_digits)) = from.number.zip(to.number) else { continue };
            let written = text.get(to.start..to.end).unwrap_or_default();
            let Some(delta) = from_digits.until(to_digits, written) else { continue };
            let place = self.ends.partition_point(|&end| end <= from.start);
            let start = self.start(place);
            // Where the copied phrase begins, or what a number before has left of it.
            let said = if at.0 == place { at.1 } else { 0 };
            if place < at.0 || from.start < start + said {
                continue;
            }
            let lead = from.start - (start + said);
            let Some(first) = to.start.checked_sub(lead).filter(|&first| first >= done) else {
                continue;
            };
            let same = text.get(first..to.start) == self.base.get(start + said..from.start);
            if !same || (place == at.0 && first > done) {
                continue;
            }
            let Some((skip, end)) = reach(spelling, base, place, said, from.start - start) else {
                continue;
            };
            if self.start(end.0) + end.1 != from.end {
                continue;
            }
            self.between(phrases, base, text, at, place, done..first);
            self.items.push(Item {
                glyph: Glyph::Number { skip, delta },
                text: first..to.end,
                at: (place, said),
            });
            (at, done) = (end, to.end);
        }
        self.pairs = pairs;
        if self.items.is_empty() {
            return false;
        }
        self.between(phrases, base, text, at, base.len(), done..text.len());
        true
    }

    /// Codes what was planned.
    pub(super) fn say<C: Coder>(
        &mut self,
        (book, phrases): (&Codebook<'_>, &Phrases),
        text: &[u8],
        history: &mut History<'_>,
        coder: &mut C,
        numbered: impl Fn(Phrase) -> Phrase,
    ) -> Option<()> {
        for item in &self.items {
            let possible = match item.glyph {
                Glyph::Phrase(_) => true,
                Glyph::Rest => history.tried().is_some_and(|(_, said)| said > 0),
                Glyph::Number { .. } => history.tried() == Some(item.at),
            };
            if possible {
                let glyph = match item.glyph {
                    Glyph::Phrase(phrase) => Glyph::Phrase(numbered(phrase)),
                    glyph => glyph,
                };
                history.step(book, coder, glyph)?;
            } else {
                phrases.parse(text.get(item.text.clone())?, &mut self.parse);
                for &phrase in &self.parse.phrases {
                    history.step(book, coder, Glyph::Phrase(numbered(phrase)))?;
                }
            }
        }
        Some(())
    }

    /// Where phrase `place` of the base starts.
    fn start(&self, place: usize) -> usize {
        place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0)
    }

    /// Says `range` of the text, which has none of the changed numbers, from `at` in the
    /// base to phrase `to`: the base's own phrases as far as both ends have them.
    fn between(
        &mut self,
        phrases: &Phrases,
        base: &[Phrase],
        text: &[u8],
        at: (usize, usize),
        to: usize,
        mut range: Range<usize>,
    ) {
        let (mut place, said) = at;
        if said > 0 && place < to {
            let rest = self.ends.get(place).map_or(0, |end| end - self.start(place) - said);
            if self.same(text, range.start, range.end, self.start(place) + said, rest) {
                let text = range.start..range.start + rest;
                range.start = text.end;
                self.items.push(Item { glyph: Glyph::Rest, text, at });
            }
            place += 1;
        }
        let phrase = |plan: &mut Self, phrase, text| {
            plan.items.push(Item { glyph: Glyph::Phrase(phrase), text, at: (0, 0) });
        };
        while place < to {
            let (start, Some(&end)) = (self.start(place), self.ends.get(place)) else { break };
            if !self.same(text, range.start, range.end, start, end - start) {
                break;
            }
            let next = range.start + end - start;
            phrase(self, base.get(place).copied().unwrap_or(0), range.start..next);
            (range.start, place) = (next, place + 1);
        }
        let mut last = to;
        let mut end = range.end;
        while last > place {
            let (start, Some(&behind)) = (self.start(last - 1), self.ends.get(last - 1)) else {
                break;
            };
            let length = behind - start;
            let Some(from) = end.checked_sub(length).filter(|&from| from >= range.start) else {
                break;
            };
            if !self.same(text, from, end, start, length) {
                break;
            }
            (end, last) = (from, last - 1);
        }
        if range.start < end {
            let mut parse = core::mem::take(&mut self.parse);
            phrases.parse(text.get(range.start..end).unwrap_or_default(), &mut parse);
            for &own in &parse.phrases {
                phrase(self, own, 0..0);
            }
            self.parse = parse;
        }
        for &own in base.get(last..to).unwrap_or_default() {
            phrase(self, own, 0..0);
        }
    }

    /// Whether `length` bytes of the base from `start` on stand in the text at `from`,
    /// before `end`.
    fn same(&self, text: &[u8], from: usize, end: usize, start: usize, length: usize) -> bool {
        from + length <= end
            && text.get(from..from + length) == self.base.get(start..start + length)
    }

    /// Pairs the numbers of the base with those of the text that stand in their place
    /// and are others.
    fn align(&mut self, text: &[u8]) {
        let Self { base, tokens: [of_base, of_text], pairs, .. } = self;
        tokens(base, of_base);
        tokens(text, of_text);
        pairs.clear();
        let same = |a: &Token, b: &Token| {
            a.number.is_none()
                && b.number.is_none()
                && base.get(a.start..a.end) == text.get(b.start..b.end)
        };
        let (mut left, mut right) = (of_base.as_slice(), of_text.as_slice());
        while let (Some((a, behind_a)), Some((b, behind_b))) =
            (left.split_first(), right.split_first())
        {
            let paired = a.number.is_some() && b.number.is_some();
            if paired && base.get(a.start..a.end) != text.get(b.start..b.end) {
                pairs.push((*a, *b));
            }
            if paired || same(a, b) {
                (left, right) = (behind_a, behind_b);
                continue;
            }
            // The nearest token that both have; none: they stand for each other.
            let found = (1..=AHEAD).find_map(|all| {
                (0..=all).find_map(|skip| {
                    let (a, b) = (left.get(skip..)?, right.get(all - skip..)?);
                    same(a.first()?, b.first()?).then_some((a, b))
                })
            });
            (left, right) = found.unwrap_or((behind_a, behind_b));
        }
    }
}

/// Cuts a text into its numbers and what stands between them.
fn tokens(text: &[u8], tokens: &mut Vec<Token>) {
    tokens.clear();
    let (mut at, mut start) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let found =
            rest.first().filter(|byte| byte.is_ascii_digit()).and_then(|_| number::read(rest));
        match found {
            Some((digits, length)) => {
                if start < at {
                    tokens.push(Token { start, end: at, number: None });
                }
                tokens.push(Token { start: at, end: at + length, number: Some(digits) });
                at += length;
                start = at;
            }
            None => {
                // Of a number that is too long nothing is one.
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                at += digits.max(1);
            }
        }
    }
    if start < text.len() {
        tokens.push(Token { start, end: text.len(), number: None });
    }
}

/// How many numbers of phrase `place` from byte `said` on stand before the one at byte
/// `wanted`, and where that ends.
fn reach(
    spelling: &Spelling,
    base: &[Phrase],
    place: usize,
    said: usize,
    wanted: usize,
) -> Option<(u32, (usize, usize))> {
    let (mut skip, mut from) = (0, said);
    loop {
        let number = number::find(spelling, base, place, from)?;
        if number.at >= wanted {
            return (number.at == wanted).then_some((skip, number.end));
        }
        (skip, from) = (skip + 1, number.end.1);
        if number.end.0 != place {
            return None;
        }
    }
}
