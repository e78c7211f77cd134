//! What a record has said already, and coding the next phrase from it.
//!
//! A phrase is coded by the first of these that holds, one binary choice each:
//! it goes on with the text that is being copied; it is what followed the last
//! phrase before; it is among the recent phrases, by rank; it is new, by its
//! class given the class before it and its rank in that class. Encoder, decoder
//! and trainer run this one function, each with a [`Coder`] of its own, so they
//! cannot disagree. The choices' probabilities are frozen in the codebook: a
//! record starts without any state, and nothing adapts but the history itself.
//!
//! Sources: copying as in the match models of PAQ, ranks by move-to-front
//! (Bentley et al., 1986), class bigrams (Brown et al., 1992).

use super::codebook::{Codebook, Context, Contexts, Phrase};
use crate::bits::width;

/// Recent phrases that have a rank.
const RECENT: usize = 128;

/// Where choices go to or come from.
pub(super) trait Coder {
    /// Whether the phrase is known beforehand: writing, counting.
    const KNOWS: bool;
    /// A choice at `context`; a reader ignores `bit`. Gives the choice.
    fn flag(&mut self, context: Context, bit: bool) -> bool;
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

    fn bits(&mut self, value: u32, _: u32) -> u32 {
        value
    }
}

/// The numbers that a history over records of at most `record_max` bytes takes.
pub(super) const fn numbers(record_max: usize) -> usize {
    // Its own phrases and its base's, two indexes, the recent phrases.
    2 * phrases_max(record_max) + 2 * slots(record_max) + RECENT
}

/// The most phrases of one record: more are not worth coding.
pub(super) const fn phrases_max(record_max: usize) -> usize {
    record_max.div_ceil(2)
}

const fn slots(record_max: usize) -> usize {
    let slots = (record_max / 4).next_power_of_two();
    if slots < 64 { 64 } else { slots }
}

/// How a phrase was coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// It goes on with a text that is being copied.
    Copied,
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
    /// A ring: the most recent before `newest`.
    recent: &'s mut [u16],
    newest: usize,
    known: u32,
    /// Where the record's own phrases begin: behind those of its base.
    start: usize,
    /// The place that is being copied from.
    copying: Option<usize>,
    run: u32,
    missed: u32,
}

/// What the history expects next.
#[derive(Clone, Copy)]
struct Guess {
    copied: Option<usize>,
    /// Copying goes on from where it missed.
    kept: bool,
    followed: Option<usize>,
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
        let (recent, _) = rest.split_at_mut_checked(RECENT)?;
        Some(Self {
            phrases,
            len: 0,
            pairs,
            singles,
            recent,
            newest: 0,
            known: 0,
            start: 0,
            copying: None,
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
        self.copying = None;
        self.run = 0;
        self.missed = 0;
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
        self.run = 0;
        self.missed = 0;
        self.copying = (self.len > 0).then_some(0);
        Some(())
    }

    /// Whether a base stands before the record.
    pub(super) fn based(&self) -> bool {
        self.start > 0
    }

    #[inline]
    fn at(&self, place: usize) -> u16 {
        self.phrases.get(place).copied().unwrap_or(0)
    }

    #[inline]
    fn guess(&self) -> Guess {
        let (len, own) = (self.len, self.len - self.start);
        let mut guess =
            Guess { copied: self.copying, kept: true, followed: None, pair: 0, single: 0 };
        if own == 0 {
            return guess;
        }
        let last = self.at(len - 1);
        guess.single = slot(u32::from(last).wrapping_add(77), self.singles.len());
        if own > 1 {
            let before = self.at(len - 2);
            let hash = u32::from(last).wrapping_mul(65_599).wrapping_add(u32::from(before));
            guess.pair = slot(hash, self.pairs.len());
            let place = usize::from(self.pairs.get(guess.pair).copied().unwrap_or(0));
            if self.run > 3 && guess.copied.is_some() {
                guess.kept = false;
            } else if place > 1 && self.at(place - 1) == last && self.at(place - 2) == before {
                guess.copied = Some(place);
                guess.kept = false;
            }
        }
        let place = usize::from(self.singles.get(guess.single).copied().unwrap_or(0));
        if place > 0 && self.at(place - 1) == last {
            let other = guess.copied.is_none_or(|copied| self.at(copied) != self.at(place));
            guess.followed = other.then_some(place);
        }
        guess
    }

    /// Codes one phrase: `want` where the coder knows it. `None` where the record
    /// is damaged or has more phrases than the history has room for.
    #[inline]
    pub(super) fn step<C: Coder>(
        &mut self,
        book: &Codebook<'_>,
        coder: &mut C,
        want: Phrase,
    ) -> Option<(Phrase, Tier)> {
        let guess = self.guess();
        let based = self.based();
        let mut coded = None;
        if let Some(place) = guess.copied {
            let phrase = self.at(place);
            let context = Contexts::copy(based, guess.kept, self.run, self.missed);
            if coder.flag(context, phrase == want) {
                coded = Some((phrase, Tier::Copied));
            }
        }
        if let (None, Some(place)) = (coded, guess.followed) {
            let phrase = self.at(place);
            let context = Contexts::next(based, guess.copied.is_some(), self.missed);
            if coder.flag(context, phrase == want) {
                coded = Some((phrase, Tier::Followed));
            }
        }
        if coded.is_none() && self.known > 0 {
            let guessed = guess.copied.is_some() || guess.followed.is_some();
            let rank = if C::KNOWS { self.rank(want) } else { None };
            let context = Contexts::seen(based, self.known, self.missed, guessed);
            if coder.flag(context, rank.is_some()) {
                let root = Contexts::rank(based, self.known);
                let rank = number::<C, 3>(coder, root, rank.unwrap_or(0));
                coded = Some((self.touch(rank)?, Tier::Recent));
            }
        }
        let (phrase, tier) = match coded {
            Some(coded) => coded,
            None => (self.fresh(book, coder, want)?, Tier::New),
        };
        self.note(phrase, tier, &guess)?;
        Some((phrase, tier))
    }

    /// A phrase that nothing here foretells.
    #[inline]
    fn fresh<C: Coder>(&mut self, book: &Codebook<'_>, coder: &mut C, want: Phrase) -> Option<u16> {
        let previous = if self.len > self.start {
            book.class_of(self.at(self.len - 1))
        } else {
            book.classes()
        };
        let contexts = book.contexts;
        let class = if C::KNOWS { book.class_of(want) } else { 0 };
        let class = tree(coder, contexts.class(previous), class, contexts.classes);
        let first = book.first(class);
        let root = contexts.magnitude(class);
        let rank = number::<C, 4>(coder, root, u32::from(want.wrapping_sub(first)));
        let phrase = u32::from(first) + rank;
        if phrase >= u32::from(book.first(class + 1)) {
            return None;
        }
        let phrase = phrase as u16;
        self.recall(phrase);
        Some(phrase)
    }

    /// Remembers a phrase at the end of the history.
    #[inline]
    fn note(&mut self, phrase: Phrase, tier: Tier, guess: &Guess) -> Option<()> {
        let running = self.copying;
        self.push(phrase, guess)?;
        let place = match (tier, guess.copied, guess.followed) {
            (Tier::Copied, Some(place), _) => Some(place),
            (Tier::Followed, _, Some(place)) if running.is_none() => Some(place),
            _ if self.missed < 3 => running,
            _ => None,
        };
        self.copying = place.map(|place| place + 1).filter(|&place| place < self.len);
        self.run = if tier == Tier::Copied { (self.run + 1).min(255) } else { 0 };
        self.missed = if tier == Tier::New { (self.missed + 1).min(3) } else { 0 };
        Some(())
    }

    #[inline]
    fn push(&mut self, phrase: Phrase, guess: &Guess) -> Option<()> {
        let (len, own) = (self.len, self.len - self.start);
        *self.phrases.get_mut(len)? = phrase;
        if own > 0
            && let Some(slot) = self.singles.get_mut(guess.single)
        {
            *slot = len as u16;
        }
        if own > 1
            && let Some(slot) = self.pairs.get_mut(guess.pair)
        {
            *slot = len as u16;
        }
        self.len += 1;
        Some(())
    }

    /// Takes a phrase of the base, as if it had been read.
    pub(super) fn play(&mut self, book: &Codebook<'_>, phrase: Phrase) -> Option<()> {
        self.step(book, &mut Silent, phrase).map(drop)
    }

    /// The rank of `phrase` among the recent, the newest 0. O(RECENT).
    fn rank(&self, phrase: Phrase) -> Option<u32> {
        (0..self.known).find(|&rank| self.recent_at(rank) == phrase)
    }

    fn recent_at(&self, rank: u32) -> u16 {
        let place = self.newest.wrapping_sub(1 + rank as usize) & (RECENT - 1);
        self.recent.get(place).copied().unwrap_or(0)
    }

    /// Moves the phrase of `rank` to the front.
    fn touch(&mut self, rank: u32) -> Option<Phrase> {
        if rank >= self.known {
            return None;
        }
        let phrase = self.recent_at(rank);
        for rank in (0..rank).rev() {
            let newer = self.recent_at(rank);
            let place = self.newest.wrapping_sub(2 + rank as usize) & (RECENT - 1);
            *self.recent.get_mut(place)? = newer;
        }
        *self.recent.get_mut(self.newest.wrapping_sub(1) & (RECENT - 1))? = phrase;
        Some(phrase)
    }

    fn recall(&mut self, phrase: Phrase) {
        if let Some(slot) = self.recent.get_mut(self.newest) {
            *slot = phrase;
        }
        self.newest = (self.newest + 1) & (RECENT - 1);
        self.known = (self.known + 1).min(RECENT as u32);
    }
}

/// A value of `depth` bits by binary choices, the highest first.
#[inline]
fn tree<C: Coder>(coder: &mut C, root: Context, value: u32, depth: u32) -> u32 {
    let mut node = 1u32;
    for at in (0..depth).rev() {
        let bit = coder.flag(Context(root.0 + node as usize), value >> at & 1 == 1);
        node = node << 1 | u32::from(bit);
    }
    node - (1 << depth)
}

/// A number from 0 by its magnitude (a tree of `DEPTH` choices) and plain bits.
#[inline]
fn number<C: Coder, const DEPTH: u32>(coder: &mut C, root: Context, value: u32) -> u32 {
    let value = value + 1;
    let magnitude = tree(coder, root, width(value) - 1, DEPTH);
    let low = coder.bits(value & !(1 << magnitude), magnitude);
    (1u32 << magnitude | low) - 1
}
