//! LEB128: seven bits a byte, least significant first, the high bit says "more".

/// The longest encoding of a `u32`, in bytes.
pub const MAX: usize = 5;

/// Encodes `value`; the bytes are the first `.1` of `.0`.
pub fn encode(mut value: u32) -> ([u8; MAX], usize) {
    let mut out = [0; MAX];
    let mut used = 0;
    for slot in &mut out {
        used += 1;
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            *slot = low;
            break;
        }
        *slot = low | 0x80;
    }
    (out, used)
}

/// Reads one number at `*at` and moves `*at` behind it. `None` where the bytes
/// end early or the number does not fit 32 bits; `*at` is then unspecified.
#[inline]
pub fn decode(bytes: &[u8], at: &mut usize) -> Option<u32> {
    let mut value = 0u32;
    let mut shift = 0u32;
    while shift < 35 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        let low = u32::from(byte & 0x7f);
        if shift == 28 && low > 0xf {
            return None;
        }
        value |= low << shift;
        if byte < 0x80 {
            return Some(value);
        }
        shift += 7;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_comes_back() {
        for shift in 0..32 {
            for value in [1u32 << shift, (1u32 << shift).wrapping_sub(1), u32::MAX >> shift] {
                let (bytes, used) = encode(value);
                let mut at = 0;
                assert_eq!(decode(&bytes[..used], &mut at), Some(value));
                assert_eq!(at, used);
            }
        }
    }

    #[test]
    fn short_and_oversized_numbers_are_refused() {
        assert_eq!(decode(&[], &mut 0), None);
        assert_eq!(decode(&[0x80, 0x80], &mut 0), None);
        assert_eq!(decode(&[0xff, 0xff, 0xff, 0xff, 0x10], &mut 0), None);
        assert_eq!(decode(&[0x80; 9], &mut 0), None);
    }
}
