//! What a record has said already, and coding the next phrase from it.
//!
//! A phrase is coded by the first of these that holds, one binary choice each:
//! it goes on with the text that is being copied; it is a number of that text (of a
//! base alone) with something added; it is what followed the last phrase before; it is among the recent phrases, by rank; it is new, by its
//! class given the class before it and its rank in that class, by prefix codes.
//! Encoder, decoder and trainer run this one function, each with a [`Coder`] of its
//! own, so they cannot disagree. Probabilities and codes are frozen in the codebook:
//! a record starts without any state, and nothing adapts but the history itself.
//!
//! Sources: copying as in the match models of PAQ, ranks by move-to-front
//! (Bentley et al., 1986), class bigrams (Brown et al., 1992).

use super::{
    codebook::{Code, Codebook, Context, Contexts, OTHER, Phrase},
    number::{self, Number},
};
use crate::bits::width;

/// Recent phrases that have a rank.
pub(super) const RECENT: usize = 128;

/// Where choices go to or come from.
pub(super) trait Coder {
    /// Whether the phrase is known beforehand: writing, counting.
    const KNOWS: bool;
    /// A choice at `context`; a reader ignores `bit`. Gives the choice.
    fn flag(&mut self, context: Context, bit: bool) -> bool;
    /// A symbol of `code`, which may be [`OTHER`] in the place of `symbol`; a reader
    /// ignores that. `None` where the code has no such symbol.
    fn symbol(&mut self, code: Code, symbol: u8) -> Option<u8>;
    /// `count` plain bits; a reader ignores `value`. Gives them.
    fn bits(&mut self, value: u32, count: u32) -> u32;
}

/// Lets a phrase be said without a record.
struct Silent;

impl Coder for Silent {
    const KNOWS: bool = true;

    fn flag(&mut self, _: Context, bit: bool) -> bool {
        bit
    }

    fn symbol(&mut self, _: Code, symbol: u8) -> Option<u8> {
        Some(symbol)
    }

    fn bits(&mut self, value: u32, _: u32) -> u32 {
        value
    }
}

/// The numbers that a history over records of at most `record_max` bytes takes.
pub(super) const fn numbers(record_max: usize) -> usize {
    // Its own phrases and its base's, two indexes, the recent phrases.
    2 * phrases_max(record_max) + 2 * slots(record_max) + 2 * RECENT
}

/// The most phrases of one record: more are not worth coding.
pub(super) const fn phrases_max(record_max: usize) -> usize {
    record_max.div_ceil(2)
}

const fn slots(record_max: usize) -> usize {
    let slots = (record_max / 4).next_power_of_two();
    if slots < 64 { 64 } else { slots }
}

/// What comes next in a record.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(feature = "alloc"), expect(dead_code, reason = "who reads does not know it"))]
pub(super) enum Glyph {
    /// A phrase.
    Phrase(Phrase),
    /// What is left of the phrase that a number ended in.
    Rest,
    /// The phrase that is copied up to its first number, or so many behind that, and
    /// the number with something added.
    Number { skip: u32, delta: i32 },
}

/// What a record says next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Said {
    /// A phrase, from a byte of it on.
    Phrase { phrase: Phrase, from: usize, tier: Tier },
    /// A phrase, from a byte of it on up to the number, and that plus a delta.
    Number { phrase: Phrase, from: usize, number: Number, delta: i32 },
}

/// How a phrase was coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// It goes on with a text that is being copied.
    Copied,
    /// It is being copied up to a number, which is another.
    Number,
    /// It followed the last phrase before.
    Followed,
    /// It is among the recent phrases.
    Recent,
    /// The codebook says it.
    New,
}

/// The phrases of a record (behind those of its base) and where they may recur.
#[derive(Debug)]
pub(super) struct History<'s> {
    phrases: &'s mut [u16],
    len: usize,
    /// Behind which place each pair of phrases, and each phrase, stood last.
    pairs: &'s mut [u16],
    singles: &'s mut [u16],
    /// The recent phrases, the newest before `newest`: it moves up, and when it is
    /// at the end they all move down.
    recent: &'s mut [u16],
    newest: usize,
    known: u32,
    /// Where the record's own phrases begin: behind those of its base.
    start: usize,
    /// The last phrase, and the one before it.
    last: u16,
    before: u16,
    /// The class of the last phrase, where that was new.
    class: Option<u32>,
    /// The place that is being copied from.
    copying: Option<usize>,
    /// The bytes of the phrase there that were said with a number.
    said: usize,
    run: u32,
    missed: u32,
}

/// Stands before a record's first phrase.
const BORDER: u16 = u16::MAX;

/// Where the indexes keep what follows the last two phrases, and the last.
#[derive(Clone, Copy)]
struct Slots {
    pair: usize,
    single: usize,
}

fn slot(hash: u32, slots: usize) -> usize {
    let mixed = hash.wrapping_mul(0x9e37_79b1);
    (mixed >> 16) as usize & (slots - 1)
}

impl<'s> History<'s> {
    /// A history in `numbers`, of which it takes what [`numbers`] says; `None`
    /// where they are fewer.
    pub(super) fn new(numbers: &'s mut [u16], record_max: usize) -> Option<Self> {
        let (phrases, rest) = numbers.split_at_mut_checked(2 * phrases_max(record_max))?;
        let (pairs, rest) = rest.split_at_mut_checked(slots(record_max))?;
        let (singles, rest) = rest.split_at_mut_checked(slots(record_max))?;
        let (recent, _) = rest.split_at_mut_checked(2 * RECENT)?;
        Some(Self {
            phrases,
            len: 0,
            pairs,
            singles,
            recent,
            newest: 0,
            known: 0,
            start: 0,
            last: BORDER,
            before: BORDER,
            class: None,
            copying: None,
            said: 0,
            run: 0,
            missed: 0,
        })
    }

    /// Forgets everything. O(slots).
    pub(super) fn clear(&mut self) {
        self.pairs.fill(0);
        self.singles.fill(0);
        self.len = 0;
        self.newest = 0;
        self.known = 0;
        self.start = 0;
        self.last = BORDER;
        self.before = BORDER;
        self.class = None;
        self.copying = None;
        self.said = 0;
        self.run = 0;
        self.missed = 0;
    }

    /// Forgets everything but a base of these phrases. O(slots, and the phrases).
    #[cfg(feature = "alloc")]
    pub(super) fn begin(
        &mut self,
        book: &Codebook<'_>,
        base: impl IntoIterator<Item = Phrase>,
    ) -> Option<()> {
        self.clear();
        for phrase in base {
            self.play(book, phrase)?;
        }
        self.rebase(book)
    }

    /// What the last record said becomes the base of one that starts here.
    pub(super) fn rebase(&mut self, book: &Codebook<'_>) -> Option<()> {
        if self.start > 0 {
            // Of a chain only the last record stays.
            let (from, len) = (self.start, self.len);
            self.clear();
            for place in from..len {
                self.play(book, self.at(place))?;
            }
        }
        self.start = self.len;
        self.last = BORDER;
        self.before = BORDER;
        self.class = None;
        self.said = 0;
        self.run = 0;
        self.missed = 0;
        self.copying = (self.len > 0).then_some(0);
        Some(())
    }

    /// The phrases of the record so far: what they spell is its text but for numbers.
    #[cfg(feature = "alloc")]
    pub(super) fn said(&self) -> &[Phrase] {
        self.phrases.get(self.start..self.len).unwrap_or_default()
    }

    /// The place that would be copied from next, and the bytes there that were said.
    #[cfg(feature = "alloc")]
    pub(super) fn tried(&self) -> Option<(usize, usize)> {
        self.copied(self.slots()).map(|(place, _)| (place, self.said))
    }

    /// The phrases of the base.
    pub(super) fn base(&self) -> &[Phrase] {
        self.phrases.get(..self.start).unwrap_or_default()
    }

    /// Whether a base stands before the record.
    pub(super) fn based(&self) -> bool {
        self.start > 0
    }

    #[inline]
    fn at(&self, place: usize) -> u16 {
        self.phrases.get(place).copied().unwrap_or(0)
    }

    /// Codes what comes next: `glyph` where the coder knows it. `None` where the record
    /// is damaged or has more phrases than the history has room for.
    #[inline(always)]
    pub(super) fn step<C: Coder>(
        &mut self,
        book: &Codebook<'_>,
        coder: &mut C,
        glyph: Glyph,
    ) -> Option<Said> {
        let said = |phrase, tier| Some(Said::Phrase { phrase, from: 0, tier });
        let based = self.based();
        let slots = self.slots();
        let copied = self.copied(slots);
        if let Some((place, kept)) = copied {
            let phrase = self.at(place);
            let goes_on = match glyph {
                Glyph::Phrase(want) => phrase == want && self.said == 0,
                Glyph::Rest => self.said > 0,
                Glyph::Number { .. } => false,
            };
            if coder.flag(Contexts::copy(based, kept, self.run, self.missed), goes_on) {
                self.push(phrase, slots, Some(place))?;
                self.run = (self.run + 1).min(255);
                self.missed = 0;
                let from = core::mem::take(&mut self.said);
                return Some(Said::Phrase { phrase, from, tier: Tier::Copied });
            }
            if based {
                if let Some(number) = number::find(book, self.base(), place, self.said)
                    && coder
                        .flag(Contexts::number(self.missed), matches!(glyph, Glyph::Number { .. }))
                {
                    return self.number(book, coder, place, number, glyph);
                }
                self.said = 0;
            }
        }
        let want = match glyph {
            Glyph::Phrase(want) => want,
            _ => return None,
        };
        self.run = 0;
        let kept = self.copying.filter(|_| self.missed < 3);
        let expected = copied.map(|(place, _)| self.at(place));
        let followed = self.followed(slots).filter(|&place| expected != Some(self.at(place)));
        if let Some(place) = followed {
            let phrase = self.at(place);
            if coder.flag(Contexts::next(based, copied.is_some(), self.missed), phrase == want) {
                let place = if self.copying.is_none() { Some(place) } else { kept };
                self.push(phrase, slots, place)?;
                self.missed = 0;
                return said(phrase, Tier::Followed);
            }
        }
        if self.known > 0 {
            let guessed = copied.is_some() || followed.is_some();
            let rank = if C::KNOWS { self.rank(want) } else { None };
            let context = Contexts::seen(based, self.known, self.missed, guessed);
            if coder.flag(context, rank.is_some()) {
                let code = book.contexts.rank(based, self.known);
                let rank = number(coder, code, rank.unwrap_or(0))?;
                let phrase = self.touch(rank)?;
                self.push(phrase, slots, kept)?;
                self.missed = 0;
                return said(phrase, Tier::Recent);
            }
        }
        let (phrase, class) = self.fresh(book, coder, want)?;
        self.push(phrase, slots, kept)?;
        self.missed = (self.missed + 1).min(3);
        self.class = Some(class);
        said(phrase, Tier::New)
    }

    #[inline]
    fn slots(&self) -> Slots {
        let last = u32::from(self.last);
        let both = last.wrapping_mul(65_599).wrapping_add(u32::from(self.before));
        Slots {
            pair: slot(both, self.pairs.len()),
            single: slot(last.wrapping_add(77), self.singles.len()),
        }
    }

    /// Where a text to copy goes on, and whether that was copied from before.
    #[inline]
    fn copied(&self, slots: Slots) -> Option<(usize, bool)> {
        if self.run <= 3 && self.said == 0 {
            let place = usize::from(self.pairs.get(slots.pair).copied().unwrap_or(0));
            // One branch, not three.
            let last = self.at(place.wrapping_sub(1)) == self.last;
            let before = self.at(place.wrapping_sub(2)) == self.before;
            if (place > 1) & last & before {
                return Some((place, false));
            }
        }
        self.copying.map(|place| (place, self.run <= 3))
    }

    /// Behind which place the last phrase stood before.
    #[inline]
    fn followed(&self, slots: Slots) -> Option<usize> {
        let place = usize::from(self.singles.get(slots.single).copied().unwrap_or(0));
        ((place > 0) & (self.at(place.wrapping_sub(1)) == self.last)).then_some(place)
    }

    /// A number of the phrase at `place` or one behind it, with something added. What
    /// it stands in counts as copied.
    #[inline(never)]
    fn number<C: Coder>(
        &mut self,
        book: &Codebook<'_>,
        coder: &mut C,
        place: usize,
        mut number: Number,
        glyph: Glyph,
    ) -> Option<Said> {
        let (mut skip, delta) = match glyph {
            Glyph::Number { skip, delta } => (skip, delta),
            _ => (0, 1),
        };
        let code = book.contexts.delta();
        let magnitude = delta.unsigned_abs().max(1).ilog2();
        let symbol = loop {
            let own = if skip > 0 { 0 } else { 1 + 2 * magnitude + u32::from(delta < 0) };
            match coder.symbol(code, own as u8)? {
                0 => {
                    let (behind, from) = number.end;
                    number =
                        number::find(book, self.base(), place, from).filter(|_| behind == place)?;
                    skip = skip.saturating_sub(1);
                }
                symbol => break u32::from(symbol) - 1,
            }
        };
        let magnitude = symbol / 2;
        if magnitude > 30 {
            return None;
        }
        let low = coder.bits(delta.unsigned_abs() & !(1 << magnitude), magnitude);
        let delta = (1 << magnitude | low) as i32;
        let delta = if symbol & 1 == 1 { -delta } else { delta };
        let phrase = self.at(place);
        let from = self.said;
        let (end, said) = number.end;
        for copied in place..end {
            self.push(self.at(copied), self.slots(), Some(copied))?;
        }
        self.copying = (end < self.len).then_some(end);
        self.said = if self.copying.is_some() { said } else { 0 };
        self.class = None;
        self.run = self.run.max(4);
        self.missed = 0;
        Some(Said::Number { phrase, from, number, delta })
    }

    /// A phrase that nothing here foretells, and its class.
    #[inline(always)]
    fn fresh<C: Coder>(
        &mut self,
        book: &Codebook<'_>,
        coder: &mut C,
        want: Phrase,
    ) -> Option<(Phrase, u32)> {
        let previous = match self.class {
            Some(class) => class,
            None if self.last == BORDER => book.classes(),
            None => book.class_of(self.last),
        };
        let contexts = book.contexts;
        let class = if C::KNOWS { book.class_of(want) } else { 0 };
        let class = match coder.symbol(contexts.class(previous), class as u8)? {
            OTHER => coder.bits(class, contexts.classes),
            class => u32::from(class),
        };
        let first = book.first(class);
        let code = contexts.magnitude(class);
        let rank = number(coder, code, u32::from(want.wrapping_sub(first)))?;
        let phrase = u32::from(first) + rank;
        if phrase >= u32::from(book.first(class + 1)) {
            return None;
        }
        let phrase = phrase as u16;
        self.recall(phrase);
        Some((phrase, class))
    }

    /// Puts a phrase at the end; what stands behind `place` may be copied next.
    #[inline]
    fn push(&mut self, phrase: Phrase, slots: Slots, place: Option<usize>) -> Option<()> {
        let len = self.len;
        *self.phrases.get_mut(len)? = phrase;
        *self.singles.get_mut(slots.single)? = len as u16;
        *self.pairs.get_mut(slots.pair)? = len as u16;
        self.len += 1;
        self.before = self.last;
        self.last = phrase;
        self.class = None;
        self.copying = place.map(|place| place + 1).filter(|&place| place <= len);
        Some(())
    }

    /// Takes a phrase of the base, as if it had been read.
    fn play(&mut self, book: &Codebook<'_>, phrase: Phrase) -> Option<()> {
        self.step(book, &mut Silent, Glyph::Phrase(phrase)).map(drop)
    }

    /// The rank of `phrase` among the recent, the newest 0. O(RECENT).
    fn rank(&self, phrase: Phrase) -> Option<u32> {
        let recent = self.recent.get(self.newest - self.known as usize..self.newest)?;
        recent.iter().rev().position(|&known| known == phrase).map(|rank| rank as u32)
    }

    /// Moves the phrase of `rank` to the front.
    fn touch(&mut self, rank: u32) -> Option<Phrase> {
        if rank >= self.known {
            return None;
        }
        let behind = self.newest.checked_sub(1 + rank as usize)?;
        let newer = self.recent.get_mut(behind..self.newest)?;
        let &mut [phrase, ..] = newer else { return None };
        newer.copy_within(1.., 0);
        *newer.last_mut()? = phrase;
        Some(phrase)
    }

    fn recall(&mut self, phrase: Phrase) {
        if self.newest == self.recent.len()
            && let Some((old, new)) = self.recent.split_at_mut_checked(RECENT)
        {
            old.iter_mut().zip(new).for_each(|(old, new)| *old = *new);
            self.newest = RECENT;
        }
        if let Some(slot) = self.recent.get_mut(self.newest) {
            *slot = phrase;
        }
        self.newest += 1;
        self.known = (self.known + 1).min(RECENT as u32);
    }
}

/// A number from 0 by its magnitude and plain bits.
#[inline]
fn number<C: Coder>(coder: &mut C, code: Code, value: u32) -> Option<u32> {
    let value = value + 1;
    let magnitude = u32::from(coder.symbol(code, (width(value) - 1) as u8)?) & 15;
    let low = coder.bits(value & !(1 << magnitude), magnitude);
    Some((1u32 << magnitude | low) - 1)
}
