//! The text analyser: from the bytes of a text to index terms.
//!
//! Two steps. [`words()`] walks a text once and yields identifier-like runs, borrowed from it.
//! [`terms`] turns one run into index terms: its pieces, lower-cased and stemmed, then the whole.
//!
//! ```text
//! "fn HTTPServer2(retry-with-backoff)"
//!   words   fn   HTTPServer2                retry-with-backoff
//!   terms   fn   http server 2 httpserver2  retri with backoff retrywithbackoff
//! ```
//!
//! The same two functions analyse what is indexed and what is asked, so that a query meets the
//! text it was copied from; [`ANALYSER`] names their exact behaviour. Both are total (any bytes,
//! no panic, linear time) and hold no more state than a few words on the stack. No word is
//! dropped for being common: a stop word costs little once scores are known to be small.
//!
//! Terms are composed (`é` in two code points is that in one). What is not done: no folding of
//! accents. Chinese, Japanese and Korean are not cut into words: characters and
//! overlapping pairs of them are terms, which needs no dictionary and misses no word.
//!
//! The rules for identifiers are the customary ones of code search; stemming is Snowball English.

mod asking;
mod blocks;
mod chars;
mod compose;
mod opaque;
mod split;
mod stem;
mod term;
#[cfg(test)]
mod tests;
mod words;

pub use asking::parts;
pub use opaque::{OPAQUE, OPAQUE_LEN, is_opaque};
pub use split::{Part, may_be_misspelt, terms, whole};
pub use words::{WORD_MAX, Word, Words, words};

/// The longest term in bytes. A longer one is its first 39 bytes at most (whole characters), `~`,
/// and eight hexadecimal digits of a hash of all of it.
pub const TERM_MAX: usize = 48;

/// The identity of this analyser; an image remembers the one that made its terms, and no other
/// may question it.
///
/// The upper half counts revisions of the rules of this module: what is a word, where it splits,
/// the stemmer (Snowball English 3.1), how a long term is cut, the table of combining marks. The
/// lower half is the version of Unicode in `core`, major and minor, for what is a letter and what
/// is its lower case.
pub const ANALYSER: u32 = {
    let (major, minor, _) = char::UNICODE_VERSION;
    REVISION << 16 | (major as u32) << 8 | minor as u32
};

/// Add one on any change that gives any text other words or terms.
const REVISION: u32 = 4;
