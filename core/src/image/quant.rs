//! Frequencies and lengths in a few bits each.
//!
//! BM25 saturates, so neither needs to be exact. A frequency is one of
//! [`FREQ_CODES`] codes: 1 to 16 are themselves, then four steps an octave. A
//! length is one of [`LEN_CODES`] codes: 0 to 15 tokens are themselves, then
//! eight steps an octave, as Lucene's norms have. A code stands for the least
//! number that it covers.

/// How many frequency codes there are (5 bits).
pub const FREQ_CODES: usize = 32;
/// How many length codes there are (6 bits).
pub const LEN_CODES: usize = 64;

/// The code of a frequency of `count` (at least 1).
pub const fn freq_code(count: u32) -> u8 {
    if count <= 16 {
        return count.saturating_sub(1) as u8;
    }
    let above = count - 1;
    let octave = above.ilog2() - 4;
    let step = (above >> (octave + 2)) & 3;
    let code = 16 + octave * 4 + step;
    if code < FREQ_CODES as u32 { code as u8 } else { FREQ_CODES as u8 - 1 }
}

/// The least frequency that `code` stands for.
pub const fn freq_value(code: u8) -> u32 {
    let code = code as u32;
    if code < 16 {
        return code + 1;
    }
    let (octave, step) = ((code - 16) / 4, (code - 16) % 4);
    ((4 + step) << if octave < 16 { octave + 2 } else { 18 }) + 1
}

/// The code of a length of `tokens`.
pub const fn len_code(tokens: u32) -> u8 {
    if tokens < 16 {
        return tokens as u8;
    }
    let octave = tokens.ilog2() - 3;
    let step = (tokens >> octave) & 7;
    let code = 8 + octave * 8 + step;
    if code < LEN_CODES as u32 { code as u8 } else { LEN_CODES as u8 - 1 }
}

/// The least length that `code` stands for.
pub const fn len_value(code: u8) -> u32 {
    let code = code as u32;
    if code < 16 {
        return code;
    }
    let (octave, step) = ((code - 8) / 8, (code - 8) % 8);
    (8 + step) << if octave < 16 { octave } else { 16 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_cover_the_numbers_in_order() {
        for code in 0..FREQ_CODES as u8 {
            assert_eq!(freq_code(freq_value(code)), code);
        }
        for code in 0..LEN_CODES as u8 {
            assert_eq!(len_code(len_value(code)), code);
        }
        for n in 1..5000 {
            assert!(freq_code(n) <= freq_code(n + 1) && freq_value(freq_code(n)) <= n);
            assert!(len_code(n) <= len_code(n + 1) && len_value(len_code(n)) <= n);
        }
        assert_eq!(freq_code(u32::MAX), 31);
        assert_eq!(len_code(u32::MAX), 63);
    }
}
