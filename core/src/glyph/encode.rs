//! From a text to the record that says it.

#[cfg(feature = "stats")]
use super::stats::Stats;
use super::{
    codebook::{Code, Codebook, Context, OTHER, PHRASE_MAX, Phrase},
    decode::Kind,
    history::{self, Coder, Glyph, History},
    plan::Plan,
    prefix,
    stats::{Memory, Stage, Watch},
    trie::{ROOT, Trie},
    walk::{Spell, Spelling},
    writer::Writer,
};
use alloc::vec::Vec;

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
    fn symbol(&mut self, code: Code, symbol: u8) -> Option<u8> {
        let bytes = self.book.code(code);
        let own = prefix::code(bytes, symbol).map(|code| (code, symbol));
        let ((bits, length), symbol) =
            own.or_else(|| Some((prefix::code(bytes, OTHER)?, OTHER)))?;
        self.writer.bits(bits, length);
        Some(symbol)
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

impl Parse {
    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.costs.capacity() * size_of::<Cost>()
            + (self.firsts.capacity() + self.phrases.capacity()) * size_of::<Phrase>()
    }
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

    /// Bytes held.
    fn bytes(&self) -> usize {
        self.trie.bytes() + self.costs.capacity() * size_of::<u16>() + self.lengths.capacity()
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

/// A record that another may go on from.
#[derive(Debug, Clone, Copy)]
pub struct Base<'p> {
    /// What the other calls it.
    pub number: u32,
    /// Bits that calling it so costs besides.
    pub bits: usize,
    /// What a decoder knows of it: [`Encoder::said`].
    pub phrases: &'p [Phrase],
}

/// How a text was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoded {
    /// The record's kind.
    pub kind: Kind,
    /// Which of the bases it has.
    pub base: Option<usize>,
}

/// Encodes texts with one codebook.
#[derive(Debug)]
pub struct Encoder<'a> {
    book: Codebook<'a>,
    record_max: usize,
    phrases: Phrases,
    spelling: Spelling,
    pool: Pool,
    memory: Vec<u16>,
    watch: Watch,
}

/// Arrays that are filled again for each record.
#[derive(Debug, Default)]
struct Pool {
    parse: Parse,
    plan: Plan,
    /// A record that is tried.
    tried: Vec<u8>,
    /// What a decoder knows of the last record, and of the one that is tried.
    said: Vec<Phrase>,
    saying: Vec<Phrase>,
}

impl<'a> Encoder<'a> {
    /// An encoder of records of at most `record_max` bytes. O(bytes of all phrases).
    pub fn new(book: Codebook<'a>, record_max: usize) -> Self {
        let spelling = Spelling::new(&book);
        let mut room = [0; PHRASE_MAX];
        let mut spell = |phrase| spelling.bytes_of(phrase, &mut room).unwrap_or_default().to_vec();
        let strings: Vec<Vec<u8>> = (0..book.phrases()).map(&mut spell).collect();
        let phrases = Phrases::new(&strings, prices(&book));
        let memory = alloc::vec![0; history::numbers(record_max)];
        let (pool, watch) = Default::default();
        Self { book, record_max, phrases, spelling, pool, memory, watch }
    }

    /// What it holds.
    pub fn memory(&self) -> Memory {
        let Pool { parse, plan, tried, said, saying } = &self.pool;
        Memory {
            codebook: self.book.bytes(),
            tables: self.phrases.bytes() + self.spelling.bytes(),
            scratch: self.memory.capacity() * size_of::<u16>(),
            pool: parse.bytes()
                + plan.bytes()
                + tried.capacity()
                + (said.capacity() + saying.capacity()) * size_of::<Phrase>(),
        }
    }

    /// The same, which times its stages by `clock`.
    #[cfg(feature = "stats")]
    pub fn timed(mut self, clock: fn() -> u64) -> Self {
        self.watch.stats = Some(Stats::new(clock));
        self
    }

    /// The times of its stages, where it has a clock.
    #[cfg(feature = "stats")]
    pub fn stats(&self) -> Option<&Stats> {
        self.watch.stats.as_ref()
    }

    /// The phrases that a decoder knows once it has read the last record, for another
    /// to go on from; none where it cannot. Numbers that were added to are as in the
    /// record's own base.
    pub fn said(&self) -> &[Phrase] {
        &self.pool.said
    }

    /// Encodes `text` behind the bytes of `out` in the fewest, alone or from one of
    /// `bases`.
    pub fn encode(&mut self, text: &[u8], bases: &[Base<'_>], out: &mut Vec<u8>) -> Encoded {
        let start = out.len();
        let began = self.watch.now();
        self.phrases.parse(text, &mut self.pool.parse);
        self.watch.passed(Stage::Parse, began);
        let mut best = Encoded { kind: Kind::Glyphs, base: None };
        let mut bits = if self.record(text, best.kind, None).is_some() {
            out.extend_from_slice(&self.pool.tried);
            core::mem::swap(&mut self.pool.said, &mut self.pool.saying);
            8 * (out.len() - start)
        } else {
            best.kind = Kind::Raw;
            self.pool.said.clear();
            let (kind, bits) = Kind::Raw.code();
            out.extend_from_slice(text);
            out.push((kind << (8 - bits)) as u8);
            8 * (text.len() + 1)
        };
        for (index, base) in bases.iter().enumerate() {
            let began = self.watch.now();
            if self.pool.plan.spell(&self.spelling, base.phrases).is_none() {
                continue;
            }
            let plan = &mut self.pool.plan;
            let same = plan.base() == text;
            let kind = if same { Kind::Same } else { Kind::Based };
            let numbers = !same && plan.make(&self.spelling, &self.phrases, base.phrases, text);
            self.watch.passed(Stage::Parse, began);
            // Adding to numbers cuts a text into other phrases, which may be longer.
            for planned in [false, true].into_iter().take(1 + usize::from(numbers)) {
                if self.record(text, kind, Some((base, planned))).is_none() {
                    continue;
                }
                let used = 8 * self.pool.tried.len() + base.bits;
                if used < bits {
                    (best, bits) = (Encoded { kind, base: Some(index) }, used);
                    out.truncate(start);
                    out.extend_from_slice(&self.pool.tried);
                    core::mem::swap(&mut self.pool.said, &mut self.pool.saying);
                }
            }
        }
        best
    }

    /// Writes one record, as it is tried, from a base with its numbers as planned or not;
    /// `None` where the text itself is shorter.
    fn record(&mut self, text: &[u8], kind: Kind, base: Option<(&Base<'_>, bool)>) -> Option<()> {
        let Pool { parse, plan, tried, saying, .. } = &mut self.pool;
        saying.clear();
        tried.clear();
        tried.resize(text.len() + 8, 0);
        let mut writer = Writer::new(tried);
        let (value, bits) = kind.code();
        writer.bits(value, bits);
        if let Some((base, _)) = base {
            let number = base.number.checked_add(1)?;
            let width = number.ilog2();
            writer.bits(0, width);
            writer.bits(number, width + 1);
        }
        let book = self.book.spelt(&self.spelling);
        let mut coder = Encode { book: &book, writer };
        if kind != Kind::Same {
            let start = self.watch.now();
            let (before, planned) =
                base.map_or((&[][..], false), |(b, planned)| (b.phrases, planned));
            let mut history = History::new(&mut self.memory, self.record_max)?;
            history.begin(&book, before.iter().copied())?;
            let replayed = self.watch.passed(Stage::Replay, start);
            if planned {
                plan.say((&book, &self.phrases), text, &mut history, &mut coder, |phrase| phrase)?;
            } else {
                for &phrase in &parse.phrases {
                    history.step(&book, &mut coder, Glyph::Phrase(phrase))?;
                }
            }
            self.watch.passed(Stage::Code, replayed);
            saying.extend_from_slice(history.said());
        }
        let used = coder.writer.finish().filter(|&used| used <= text.len())?;
        tried.truncate(used);
        Some(())
    }
}

/// What each phrase costs when it is new, by the codebook alone.
fn prices(book: &Codebook<'_>) -> Vec<u16> {
    let length = |code: Code, symbol: u8| Some(prefix::code(book.code(code), symbol)?.1);
    let contexts = book.contexts;
    let behind = |previous: u32, class: u32| {
        let code = contexts.class(previous);
        let other = || Some(length(code, OTHER)? + contexts.classes);
        length(code, class as u8).or_else(other).unwrap_or(prefix::BITS)
    };
    let mut prices = Vec::with_capacity(usize::from(book.phrases()));
    for class in 0..book.classes() {
        let all = (0..=book.classes()).map(|previous| behind(previous, class)).sum::<u32>();
        let of_class = 64 * all / (book.classes() + 1);
        let ranks = u32::from(book.first(class + 1) - book.first(class));
        for magnitude in 0..=ranks.max(1).ilog2() {
            let of_magnitude = length(contexts.magnitude(class), magnitude as u8);
            let bits = of_magnitude.unwrap_or(prefix::BITS) + magnitude;
            // The last magnitude may end early.
            let count = (1 << magnitude).min(ranks + 1 - (1 << magnitude));
            prices.extend((0..count).map(|_| (of_class + 64 * bits) as u16));
        }
    }
    prices
}
