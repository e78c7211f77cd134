//! What kind of question a query is, as far as its spelling tells.
//!
//! One identifier is asked in another spirit than a sentence: its definition is
//! wanted, and the path says less. So the ranker has weights for each class. The
//! class is a function of the query's bytes alone.

use crate::outline::Lang;

/// The kind of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(usize)]
pub enum Class {
    /// Several words, some of which may be spelt as code: `BTreeMap insert order`.
    Words = 0,
    /// One identifier: `retry_with_backoff`, `Deserializer`.
    Identifier,
    /// A name with what it belongs to: `Vec::push`, `os.path.join`, `Array#map`.
    Qualified,
    /// A path or file name: `src/net/tcp.rs`, `Makefile.am`.
    Path,
    /// A message that a program printed: `error[E0382]: use of moved value: 'x'`.
    Message,
}

impl Class {
    /// How many there are.
    pub const COUNT: usize = 5;

    /// Every class, in the order of its number.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Words, Self::Identifier, Self::Qualified, Self::Path, Self::Message];

    /// The name that `--explain` uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Identifier => "identifier",
            Self::Qualified => "qualified",
            Self::Path => "path",
            Self::Message => "message",
        }
    }

    /// The class of a query whose words, as parted by white space, are `words`.
    /// Linear in their bytes.
    pub fn of<'q>(words: impl Iterator<Item = &'q [u8]>) -> Self {
        let (mut count, mut last, mut fails, mut quoted) = (0u32, Self::Identifier, false, false);
        for word in words {
            let bare = trim(word);
            if bare.is_empty() {
                continue;
            }
            count = count.saturating_add(1);
            last = if word.contains(&b'/') { Class::Path } else { alone(bare) };
            fails |= fails_by(bare);
            quoted |= word.ends_with(b":") || word.iter().any(|b| b"'\"`[".contains(b));
        }
        match count {
            0 => Self::Words,
            1 => last,
            3.. if fails && quoted => Self::Message,
            _ => Self::Words,
        }
    }
}

/// Words that messages are about.
const FAILURES: &[&[u8]] = &[
    b"error",
    b"errors",
    b"exception",
    b"panicked",
    b"failed",
    b"failure",
    b"fatal",
    b"cannot",
    b"can't",
    b"couldn't",
    b"unable",
    b"invalid",
    b"unexpected",
    b"undefined",
    b"warning",
    b"traceback",
    b"denied",
    b"missing",
];

/// Whether a word is one of [`FAILURES`], or ends as `TypeError` does.
fn fails_by(word: &[u8]) -> bool {
    let end = word.iter().position(|b| !b.is_ascii_alphabetic() && *b != b'\'');
    let word = word.get(..end.unwrap_or(word.len())).unwrap_or_default();
    word.ends_with(b"Error")
        || word.ends_with(b"Exception")
        || FAILURES.iter().any(|failure| word.eq_ignore_ascii_case(failure))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// Without the punctuation around it.
fn trim(word: &[u8]) -> &[u8] {
    let start = word.iter().position(|&b| is_word(b)).unwrap_or(word.len());
    let end = word.iter().rposition(|&b| is_word(b)).map_or(start, |last| last + 1);
    word.get(start..end).unwrap_or_default()
}

/// The class of a query of this word alone.
fn alone(word: &[u8]) -> Class {
    let mut parted = false;
    for around in word.windows(3) {
        let [before, mark, after] = *around else { continue };
        if !is_word(before) {
            continue;
        }
        match mark {
            b'\\' if is_word(after) => return Class::Path,
            b'.' | b'#' if is_word(after) && !after.is_ascii_digit() => parted = true,
            b':' if after == b':' => parted = true,
            b'-' if after == b'>' => parted = true,
            _ => {}
        }
    }
    match parted {
        true if Lang::detect(word, b"") != Lang::Text => Class::Path,
        true => Class::Qualified,
        false => Class::Identifier,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_tells_the_class() {
        for (query, class) in [
            ("", Class::Words),
            ("retry with backoff", Class::Words),
            ("how does HTTP work?", Class::Words),
            ("unexpected end of input", Class::Words),
            ("retry", Class::Identifier),
            ("retry_with_backoff", Class::Identifier),
            ("HTTPServer()", Class::Identifier),
            ("BTreeMap insert order", Class::Words),
            ("where is max_retries set", Class::Words),
            ("call Vec::push twice", Class::Words),
            ("what run() does", Class::Words),
            ("Vec::push", Class::Qualified),
            ("os.path.join", Class::Qualified),
            ("Array#map", Class::Qualified),
            ("list->next", Class::Qualified),
            ("3.14", Class::Identifier),
            ("src/net/tcp.rs", Class::Path),
            ("./docs/", Class::Path),
            ("tcp.rs", Class::Path),
            ("lib/net", Class::Path),
            ("error[E0382]: use of moved value: `x`", Class::Message),
            ("TypeError: undefined is not a function", Class::Message),
            ("failed to open 'x': no such file", Class::Message),
        ] {
            let words = query.as_bytes().split(u8::is_ascii_whitespace);
            assert_eq!(Class::of(words), class, "{query}");
        }
        for (number, class) in Class::ALL.into_iter().enumerate() {
            assert_eq!(class as usize, number);
        }
    }
}
