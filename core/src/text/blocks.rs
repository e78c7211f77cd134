//! Sixty-four bytes of text at a time, as bits: which are ASCII word bytes, which are not ASCII.
//!
//! A text changes between words and separators every few bytes, and never predictably; a byte loop
//! loses most of its time on mispredicted branches there. So each block is classified without a
//! branch, eight bytes in one `u64` (each byte a lane, its answer in the lane's top bit), and
//! words are then found by counting zeros. Plain integers: the same on every machine.

/// The bytes of one block.
const BLOCK: usize = 64;

/// A value in every lane.
const fn lanes(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The classified block that was last looked at.
#[derive(Clone, Debug)]
pub struct Blocks<'t> {
    text: &'t [u8],
    /// Where the block starts, a multiple of [`BLOCK`].
    start: usize,
    /// Bit i: byte i of the block is one of `A-Z a-z 0-9 _`.
    word: u64,
    /// Bit i: byte i of the block is not ASCII.
    wide: u64,
}

impl<'t> Blocks<'t> {
    pub fn new(text: &'t [u8]) -> Self {
        let mut blocks = Blocks { text, start: 0, word: 0, wide: 0 };
        blocks.load(0);
        blocks
    }

    /// The first byte from `at` on, before `limit`, that may start a word; else `limit`.
    #[inline]
    pub fn find_candidate(&mut self, at: usize, limit: usize) -> usize {
        self.find(at, limit, |blocks| blocks.word | blocks.wide)
    }

    /// The first byte from `at` on, before `limit`, that is no ASCII word byte; else `limit`.
    #[inline]
    pub fn find_other(&mut self, at: usize, limit: usize) -> usize {
        self.find(at, limit, |blocks| !blocks.word)
    }

    #[inline]
    fn find(&mut self, mut at: usize, limit: usize, wanted: impl Fn(&Self) -> u64) -> usize {
        while at < limit {
            let offset = at % BLOCK;
            if at - offset != self.start {
                self.load(at - offset);
            }
            let bits = wanted(self) >> offset;
            if bits != 0 {
                return limit.min(at + bits.trailing_zeros() as usize);
            }
            at += BLOCK - offset;
        }
        limit
    }

    fn load(&mut self, start: usize) {
        let rest = self.text.get(start..).unwrap_or_default();
        let mut last = [0; BLOCK];
        let block = rest.first_chunk().unwrap_or_else(|| {
            last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            &last
        });
        (self.start, self.word, self.wide) = (start, 0, 0);
        let (eights, _) = block.as_chunks();
        for (index, eight) in eights.iter().enumerate() {
            let bytes = u64::from_le_bytes(*eight);
            self.word |= gather(word_lanes(bytes)) << (8 * index);
            self.wide |= gather(bytes) << (8 * index);
        }
    }
}

/// The top bit of each lane that holds one of `A-Z a-z 0-9 _`.
fn word_lanes(bytes: u64) -> u64 {
    let ascii = bytes & lanes(0x7f);
    // No lane is over 0x7f, so that adding at most 0x7f stays in the lane, and sets its top bit
    // from a bound on.
    let from = |lane: u64, bound: u8| lane + lanes(0x80 - bound);
    let small = ascii | lanes(0x20);
    let letter = from(small, b'a') & !from(small, b'z' + 1);
    let digit = from(ascii, b'0') & !from(ascii, b'9' + 1);
    let not_underscore = from(ascii ^ lanes(b'_'), 1);
    (letter | digit | !not_underscore) & !bytes
}

/// The top bits of the lanes as the low eight bits.
fn gather(lanes: u64) -> u64 {
    // Each factor's bit moves one lane's bit to its place in the top byte.
    (lanes >> 7 & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56
}
