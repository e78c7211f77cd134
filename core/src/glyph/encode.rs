//! From a text to the record that says it.

use super::{
    codebook::{Codebook, Context, Phrase},
    decode::{Base, Kind},
    history::{self, Coder, History},
    trie::{ROOT, Trie},
    writer::Writer,
};
use alloc::vec::Vec;
use core::ops::ControlFlow;

/// A cost: 1/64 of a bit.
type Cost = u32;

/// Writes choices.
struct Encode<'a, 'b, 'o> {
    book: &'b Codebook<'a>,
    writer: Writer<'o>,
}

impl Coder for Encode<'_, '_, '_> {
    const KNOWS: bool = true;

    #[inline]
    fn flag(&mut self, context: Context, bit: bool) -> bool {
        self.writer.flag(self.book.probability(context), bit);
        bit
    }

    #[inline]
    fn bits(&mut self, value: u32, count: u32) -> u32 {
        self.writer.bits(value, count);
        value
    }
}

/// The phrases of a codebook by their bytes, with what each costs when it is new.
#[derive(Debug)]
pub(super) struct Phrases {
    trie: Trie,
    costs: Vec<u16>,
    lengths: Vec<u8>,
}

/// Arrays that parsing fills again for each record.
#[derive(Debug, Default)]
pub(super) struct Parse {
    /// The cost of each suffix, and the phrase it begins with.
    costs: Vec<Cost>,
    firsts: Vec<Phrase>,
    /// The record's phrases.
    pub(super) phrases: Vec<Phrase>,
}

impl Phrases {
    /// Of phrases as bytes, phrase 0 first, and the cost of each.
    pub(super) fn new(strings: &[Vec<u8>], costs: Vec<u16>) -> Self {
        let mut sorted: Vec<(&[u8], u16)> =
            strings.iter().enumerate().map(|(at, s)| (s.as_slice(), at as u16)).collect();
        // A phrase may be spelt in two ways; the cheaper stays.
        sorted.sort_by_key(|&(string, at)| (string, costs.get(usize::from(at)).copied()));
        sorted.dedup_by_key(|&mut (string, _)| string);
        let lengths = strings.iter().map(|s| s.len().min(255) as u8).collect();
        Self { trie: Trie::new(&sorted), costs, lengths }
    }

    /// The cheapest phrases that spell `text`: O(length * longest phrase).
    pub(super) fn parse(&self, text: &[u8], parse: &mut Parse) {
        self.price(text, usize::MAX, parse);
        let Parse { firsts, phrases, .. } = parse;
        phrases.clear();
        let mut at = 0;
        while let Some(&phrase) = firsts.get(at) {
            phrases.push(phrase);
            at += usize::from(self.lengths.get(usize::from(phrase)).copied().unwrap_or(0)).max(1);
        }
    }

    /// What a phrase would cost if its parts had to spell it.
    pub(super) fn without(&self, string: &[u8], parse: &mut Parse) -> Cost {
        self.price(string, string.len().saturating_sub(1), parse);
        parse.costs.first().copied().unwrap_or(0)
    }

    /// Prices every suffix of `text` in phrases of at most `longest` bytes.
    fn price(&self, text: &[u8], longest: usize, parse: &mut Parse) {
        let Parse { costs, firsts, .. } = parse;
        costs.clear();
        costs.resize(text.len() + 1, 0);
        firsts.clear();
        firsts.resize(text.len(), 0);
        let root = self.trie.root();
        for from in (0..text.len()).rev() {
            let (mut state, mut node) = (ROOT, root);
            let (mut best, mut first) = (Cost::MAX, 0);
            let (Some(rest), Some(behind)) = (text.get(from..), costs.get(from + 1..)) else {
                break;
            };
            for (&byte, &behind) in rest.iter().zip(behind).take(longest) {
                let Some(next) = self.trie.step(state, node.base(), byte) else { break };
                (state, node) = next;
                if node.phrase != u16::MAX {
                    let own = self.costs.get(usize::from(node.phrase)).copied().unwrap_or(u16::MAX);
                    let cost = behind.saturating_add(Cost::from(own));
                    if cost < best {
                        (best, first) = (cost, node.phrase);
                    }
                }
            }
            if let (Some(cost), Some(slot)) = (costs.get_mut(from), firsts.get_mut(from)) {
                (*cost, *slot) = (best, first);
            }
        }
    }
}

/// `log2(4096 / probability)` in 1/64.
pub(super) fn bits(probability: u32) -> u16 {
    // Squaring doubles the logarithm: six squarings give six bits behind the point.
    let mut value = u64::from(probability.max(1)) << 20;
    let mut whole = 0u32;
    for _ in 0..6 {
        let up = value.ilog2() - 20;
        whole = whole * 2 + up * 2;
        value >>= up;
        value = (value * value) >> 20;
    }
    whole += value.ilog2() - 20;
    (12 * 64u32).saturating_sub(whole) as u16
}

/// Encodes texts with one codebook.
#[derive(Debug)]
pub struct Encoder<'a> {
    book: Codebook<'a>,
    record_max: usize,
    phrases: Phrases,
    parse: Parse,
    base: Parse,
    memory: Vec<u16>,
}

impl<'a> Encoder<'a> {
    /// An encoder of records of at most `record_max` bytes. O(bytes of all phrases).
    pub fn new(book: Codebook<'a>, record_max: usize) -> Self {
        let strings = spell(&book);
        let phrases = Phrases::new(&strings, prices(&book));
        let memory = alloc::vec![0; history::numbers(record_max)];
        let (parse, base) = Default::default();
        Self { book, record_max, phrases, parse, base, memory }
    }

    /// Encodes `text` behind the bytes of `out`, from `base` where one is given: a
    /// text whose own record is of phrases.
    pub fn encode(&mut self, text: &[u8], base: Option<(Base, &[u8])>, out: &mut Vec<u8>) -> Kind {
        let start = out.len();
        out.resize(start + text.len() + 8, 0);
        let kind = match base {
            None => Kind::Glyphs,
            Some((_, base)) if base == text => Kind::Same,
            Some(_) => Kind::Based,
        };
        match out.get_mut(start..).and_then(|room| self.glyphs(text, kind, base, room)) {
            Some(used) => {
                out.truncate(start + used);
                kind
            }
            None => {
                out.truncate(start);
                out.extend_from_slice(text);
                let (kind, bits) = Kind::Raw.code();
                out.push((kind << (8 - bits)) as u8);
                Kind::Raw
            }
        }
    }

    fn glyphs(
        &mut self,
        text: &[u8],
        kind: Kind,
        base: Option<(Base, &[u8])>,
        room: &mut [u8],
    ) -> Option<usize> {
        let mut writer = Writer::new(room);
        let (value, bits) = kind.code();
        writer.bits(value, bits);
        if let Some((base, _)) = base {
            for number in [base.chunks, base.record] {
                let number = number.checked_add(1)?;
                let width = number.ilog2();
                writer.bits(0, width);
                writer.bits(number, width + 1);
            }
        }
        if kind == Kind::Same {
            return writer.finish();
        }
        self.phrases.parse(text, &mut self.parse);
        if self.parse.phrases.len() > history::phrases_max(self.record_max) {
            return None;
        }
        let mut history = History::new(&mut self.memory, self.record_max)?;
        history.clear();
        if let Some((_, base)) = base {
            self.phrases.parse(base, &mut self.base);
            for &phrase in &self.base.phrases {
                history.play(&self.book, phrase)?;
            }
            history.rebase(&self.book)?;
        }
        let mut coder = Encode { book: &self.book, writer };
        for &phrase in &self.parse.phrases {
            history.step(&self.book, &mut coder, phrase)?;
        }
        coder.writer.finish().filter(|&used| used <= text.len())
    }
}

/// The bytes of every phrase that may stand in a record.
pub(super) fn spell(book: &Codebook<'_>) -> Vec<Vec<u8>> {
    (0..book.phrases())
        .map(|phrase| {
            let mut string = Vec::new();
            let spelt = book.spell(phrase, &mut |byte| {
                string.push(byte);
                if string.len() < 255 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
            if spelt.is_some() { string } else { Vec::new() }
        })
        .collect()
}

/// What each phrase costs when it is new, by the codebook alone.
fn prices(book: &Codebook<'_>) -> Vec<u16> {
    let flag = |context: usize, bit: u32| {
        let likely = book.probability(Context(context));
        u32::from(bits(if bit == 1 { likely } else { 4096 - likely }))
    };
    let path = |root: Context, value: u32, depth: u32| {
        let (mut node, mut cost) = (1usize, 0);
        for at in (0..depth).rev() {
            let bit = value >> at & 1;
            cost += flag(root.0 + node, bit);
            node = node * 2 + bit as usize;
        }
        cost
    };
    let contexts = book.contexts;
    let mut prices = Vec::with_capacity(usize::from(book.phrases()));
    for class in 0..book.classes() {
        let before = (0..=book.classes())
            .map(|previous| path(contexts.class(previous), class, contexts.classes));
        let class_cost = before.sum::<u32>() / (book.classes() + 1);
        for rank in 0..u32::from(book.first(class + 1) - book.first(class)) {
            let magnitude = (rank + 1).ilog2();
            let rank_cost = path(contexts.magnitude(class), magnitude, 4) + 64 * magnitude;
            prices.push((class_cost + rank_cost) as u16);
        }
    }
    prices
}
