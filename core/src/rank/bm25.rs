//! BM25 in integers (Robertson and Zaragoza, "The probabilistic relevance
//! framework: BM25 and beyond", 2009).
//!
//! ```text
//! score = idf × f / (f + k1 (1 - b + b length / average))
//! idf   = log2((2 N + 2) / (2 n + 1)), in 1/1024 bit
//! ```
//! which is the usual form but for constant factors. Frequencies and lengths
//! come as codes of a few bits, so the fraction has 2,048 values: a table where
//! there is room, a division where there is not; the same integer either way.

use crate::image::{FREQ_CODES, LEN_CODES, freq_value, len_value};

/// k1 in 1/256: 2.5. This and [`B`] did best on code and prose together.
pub const K1: u64 = 640;
/// b in 1/256: 0.75.
pub const B: u64 = 192;
/// A fraction of 1.
const ONE: u32 = 1 << 14;

/// log2(x) in 1/1024, for x > 0.
fn log2(x: u64) -> i32 {
    let whole = x.max(1).ilog2();
    let mut mantissa = if whole >= 31 { x >> (whole - 31) } else { x << (31 - whole) };
    let mut result = whole as i32;
    for _ in 0..10 {
        mantissa = (mantissa * mantissa) >> 31;
        result <<= 1;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            result |= 1;
        }
    }
    result
}

/// The inverse document frequency of a term that `count` of `total` have, in
/// 1/1024 bit, at least 1.
pub fn idf(total: u32, count: u32) -> i32 {
    let count = u64::from(count.min(total));
    (log2(2 * u64::from(total) + 2) - log2(2 * count + 1)).max(1)
}

/// `k1 (1 - b + b length / average)` in 1/256, by length code.
#[derive(Debug, Clone, Copy)]
pub struct Norms([u32; LEN_CODES]);

impl Norms {
    /// For a body of `chunks` chunks with `tokens` tokens.
    pub fn new(chunks: u32, tokens: u64) -> Self {
        let mut norms = [0; LEN_CODES];
        for (code, norm) in norms.iter_mut().enumerate() {
            let length = u64::from(len_value(code as u8));
            let relative =
                (length * u64::from(chunks) * B).checked_div(tokens).unwrap_or(B).min(1 << 24);
            *norm = (K1 * (256 - B + relative) / 256) as u32;
        }
        Self(norms)
    }

    /// The fraction of a term's idf that a posting is worth, in 1/16384.
    #[inline]
    pub fn part(&self, freq: u32, len: u8) -> u32 {
        let norm = self.0.get(usize::from(len)).copied().unwrap_or(0);
        // At most 225 × 2^8 × 2^14, so that 32 bits suffice.
        let freq = freq_value((freq as u8).min(FREQ_CODES as u8 - 1)) << 8;
        (freq * ONE) / freq.saturating_add(norm).max(1)
    }

    /// Writes the fraction of every pair of codes to `table`.
    pub fn fill(&self, table: &mut [u16; FREQ_CODES * LEN_CODES]) {
        for (row, freq) in table.chunks_exact_mut(LEN_CODES).zip(0..) {
            for (part, len) in row.iter_mut().zip(0..) {
                *part = self.part(freq, len) as u16;
            }
        }
    }
}

/// What a posting of a term of weight `weight` is worth, given its fraction.
#[inline]
pub fn score(weight: i32, part: u32) -> i32 {
    ((i64::from(weight) * i64::from(part)) >> 14).max(1) as i32
}

/// k1 of whole documents in 1/256: 1.2. Their frequencies are larger and tell less.
const WHOLE_K1: u64 = 307;

/// `k1 (1 - b + b length / average)` in 1/256 for a document as one text, with b of a half.
pub fn whole_norm(length: u64, average: u64) -> u64 {
    WHOLE_K1 * (128 + 128 * length.min(1 << 32) / average.max(1)) / 256
}

/// What a term of weight `weight` that a document has `often` times is worth, given its
/// [`whole_norm`].
pub fn whole(weight: i32, often: u32, norm: u64) -> i32 {
    let often = u64::from(often.min(1 << 20)) << 8;
    let weight = u64::from(weight.max(0).unsigned_abs());
    ((often * weight).checked_div(often + norm).unwrap_or(0)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_within_two_thousandths() {
        for x in (1..2000u64).chain([1 << 20, 3 << 30, u64::from(u32::MAX) * 2 + 2]) {
            let exact = (x as f64).log2() * 1024.0;
            assert!((f64::from(log2(x)) - exact).abs() <= 2.0, "{x}");
        }
    }

    #[test]
    fn rarer_terms_more_occurrences_and_shorter_chunks_weigh_more() {
        assert!(idf(1000, 1) > idf(1000, 2) && idf(1000, 1000) >= 1);
        let norms = Norms::new(100, 10_000);
        for code in 1..FREQ_CODES as u32 {
            assert!(norms.part(code, 30) >= norms.part(code - 1, 30));
        }
        for len in 1..LEN_CODES as u8 {
            assert!(norms.part(3, len) <= norms.part(3, len - 1));
        }
        let mut table = [0; FREQ_CODES * LEN_CODES];
        norms.fill(&mut table);
        assert_eq!(u32::from(table[5 * LEN_CODES + 7]), norms.part(5, 7));
    }
}
