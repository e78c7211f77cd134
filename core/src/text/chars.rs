//! What a character is to the analyser.
//!
//! `core` tells letters and numbers, but not the marks that combine with them: for those there is
//! a table here. UTF-8 is read out of raw bytes; what is none is, byte by byte, a separator.

use core::str;

/// The role of a character in a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Ends a word or a piece.
    Separator,
    /// A letter that is its own lower case, or has no case.
    Lower,
    /// A letter with another lower case.
    Upper,
    /// A digit or another number.
    Digit,
    /// Combines with the character before it.
    Mark,
    /// `'` or `’`.
    Apostrophe,
    /// A letter of a script that is written without spaces, or whose words are
    /// joined from parts that one looks for: Han, kana, hangul.
    Unspaced,
}

/// The character at the start of `bytes`; `None` at their end and where they are not UTF-8.
pub fn decode(bytes: &[u8]) -> Option<char> {
    let length = match bytes.first()? {
        0x00..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    };
    str::from_utf8(bytes.get(..length)?).ok()?.chars().next()
}

/// The class and the length of the character at the start of `bytes`; `None` at their end.
#[inline]
pub fn classify(bytes: &[u8]) -> Option<(Class, usize)> {
    let first = *bytes.first()?;
    if first.is_ascii() {
        let class = match first {
            b'a'..=b'z' => Class::Lower,
            b'A'..=b'Z' => Class::Upper,
            b'0'..=b'9' => Class::Digit,
            b'\'' => Class::Apostrophe,
            _ => Class::Separator,
        };
        return Some((class, 1));
    }
    Some(decode(bytes).map_or((Class::Separator, 1), |c| (class_of(c), c.len_utf8())))
}

fn class_of(c: char) -> Class {
    if c == '’' {
        Class::Apostrophe
    } else if is_unspaced(c) {
        Class::Unspaced
    } else if c.is_alphabetic() {
        // Not `is_uppercase`: compiled, it holds a panic (an index check), and firmware has none.
        if c.to_lowercase().next() == Some(c) { Class::Lower } else { Class::Upper }
    } else if c.is_numeric() {
        Class::Digit
    } else if is_mark(c) {
        Class::Mark
    } else {
        Class::Separator
    }
}

/// Whether `c` is a letter of Han, kana or hangul.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11ff | 0x3005..=0x3007 | 0x3041..=0x3096 | 0x309d..=0x309f | 0x30a1..=0x30fa
        | 0x30fc..=0x30ff | 0x3105..=0x318e | 0x31a0..=0x31bf | 0x31f0..=0x31ff | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff | 0xa960..=0xa97c | 0xac00..=0xd7fb | 0xf900..=0xfaff
        | 0xff66..=0xffdc | 0x20000..=0x3ffff)
}

/// Whether `c` combines with the character before it, for a `c` that is no letter or number.
fn is_mark(c: char) -> bool {
    let c = u32::from(c);
    let after = MARKS.partition_point(|&(first, _)| first <= c);
    after.checked_sub(1).and_then(|at| MARKS.get(at)).is_some_and(|&(_, last)| c <= last)
}

/// The code points of general category M (Unicode 17) that are not alphabetic, as ascending
/// ranges. A range may run over letters, which are never asked for here, and over unassigned code
/// points, which keeps the table short.
#[rustfmt::skip]
static MARKS: &[(u32, u32)] = &[
    (0x0300, 0x0362), (0x0483, 0x0489), (0x0591, 0x05af), (0x0658, 0x0658), (0x06df, 0x06e0),
    (0x06ea, 0x06ec), (0x0740, 0x07f3), (0x07fd, 0x07fd), (0x0818, 0x082d), (0x0859, 0x085b),
    (0x0898, 0x08e1), (0x08ea, 0x0954), (0x09bc, 0x09cd), (0x09fe, 0x0a4d), (0x0abc, 0x0acd),
    (0x0afd, 0x0b55), (0x0bcd, 0x0bcd), (0x0c3c, 0x0c4d), (0x0cbc, 0x0d4d), (0x0dca, 0x0dca),
    (0x0e47, 0x0e4e), (0x0eba, 0x0ece), (0x0f18, 0x0f19), (0x0f35, 0x0f35), (0x0f37, 0x0f37),
    (0x0f39, 0x0f39), (0x0f3e, 0x0f84), (0x0f86, 0x0f87), (0x0fc6, 0x0fc6), (0x1037, 0x103a),
    (0x135d, 0x135f), (0x1714, 0x1734), (0x17b4, 0x17d3), (0x17dd, 0x17dd), (0x180b, 0x180d),
    (0x180f, 0x193b), (0x1a60, 0x1a7f), (0x1ab0, 0x1b44), (0x1b6b, 0x1b73), (0x1baa, 0x1bf3),
    (0x1c37, 0x1c37), (0x1cd0, 0x1cd2), (0x1cd4, 0x1dff), (0x20d0, 0x20f0), (0x2cef, 0x2cf1),
    (0x2d7f, 0x2d7f), (0x302a, 0x302f), (0x3099, 0x309a), (0xa66f, 0xa672), (0xa67c, 0xa67d),
    (0xa6f0, 0xa6f1), (0xa806, 0xa806), (0xa82c, 0xa82c), (0xa8c4, 0xa8c4), (0xa8e0, 0xa8f1),
    (0xa92b, 0xa92d), (0xa953, 0xa953), (0xa9b3, 0xa9c0), (0xaabf, 0xaac1), (0xaaf6, 0xaaf6),
    (0xabec, 0xabed), (0xfe00, 0xfe0f), (0xfe20, 0xfe2f), (0x101fd, 0x102e0), (0x10a38, 0x10a3f),
    (0x10ae5, 0x10ae6), (0x10d6a, 0x10d6d), (0x10efd, 0x10f50), (0x10f82, 0x10f85),
    (0x11046, 0x11046), (0x11070, 0x110ba), (0x11133, 0x11134), (0x11173, 0x11173),
    (0x111c0, 0x111c0), (0x111c9, 0x111cc), (0x11235, 0x11236), (0x112e9, 0x113d2),
    (0x113e1, 0x11446), (0x1145e, 0x114c3), (0x115bf, 0x115c0), (0x1163f, 0x1163f),
    (0x116b6, 0x116b7), (0x1172b, 0x1172b), (0x11839, 0x1183a), (0x1193d, 0x11943),
    (0x119e0, 0x119e0), (0x11a33, 0x11a34), (0x11a47, 0x11a99), (0x11c3f, 0x11c3f),
    (0x11d42, 0x11d97), (0x11f41, 0x11f42), (0x11f5a, 0x11f5a), (0x13440, 0x13455),
    (0x1612f, 0x1612f), (0x16af0, 0x16af4), (0x16b30, 0x16b36), (0x16fe4, 0x16fe4),
    (0x1bc9d, 0x1bc9d), (0x1cf00, 0x1cf46), (0x1d165, 0x1d169), (0x1d16d, 0x1d172),
    (0x1d17b, 0x1d182), (0x1d185, 0x1d18b), (0x1d1aa, 0x1d1ad), (0x1d242, 0x1d244),
    (0x1da00, 0x1da36), (0x1da3b, 0x1da6c), (0x1da75, 0x1da75), (0x1da84, 0x1da84),
    (0x1da9b, 0x1e136), (0x1e2ae, 0x1e2ef), (0x1e4ec, 0x1e5ef), (0x1e8d0, 0x1e94a),
    (0xe0100, 0xe01ef),
];
