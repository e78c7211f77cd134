//! Names as people ask for them: qualified, in another case, begun, abbreviated
//! or misspelt.
//!
//! `net::Client::open`, `Client.open` and `Client#open` all ask for an `open`
//! that belongs to a `Client`. What a definition belongs to is its *chain*: the
//! names around it, the innermost first, then the folders above its file. The
//! parts of a qualified name need only come in the order of the chain, so that
//! `axum::Router` is found wherever in axum it is defined; names around it that
//! begin with them fit better.

use sigla_core::image::within_edits;

/// How a name answers, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is the name.
    Exact,
    /// It is the name in another case.
    Case,
    /// It begins with it, in any case.
    Prefix,
    /// It resembles it: see [`Wanted::resembles`].
    Fuzzy,
}

impl Fit {
    /// The name that output uses.
    pub const fn name(self) -> &'static str {
        match self {
            Fit::Exact => "exact",
            Fit::Case => "case",
            Fit::Prefix => "prefix",
            Fit::Fuzzy => "fuzzy",
        }
    }
}

/// How a chain fits the qualifiers of a name, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chained {
    /// They are its beginning.
    Closely,
    /// They are in it, in this order.
    Loosely,
    /// They are not: the name alone answers.
    Apart,
}

/// A name that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<'q> {
    /// What it must belong to, the innermost first.
    pub qualifiers: Vec<&'q [u8]>,
    /// The name itself.
    pub name: &'q [u8],
}

impl<'q> Wanted<'q> {
    /// `text` as one name.
    pub fn whole(text: &'q [u8]) -> Wanted<'q> {
        Wanted { qualifiers: vec![], name: text }
    }

    /// `text` cut at `::`, `.`, `#`, `/`, `\` and `:`, where that leaves names
    /// on all sides. A pair of empty parentheses behind it is left out, as are
    /// separators before it.
    pub fn qualified(text: &'q [u8]) -> Wanted<'q> {
        let text = text.strip_suffix(b"()").unwrap_or(text);
        let mut parts = components(text);
        match parts.pop() {
            Some(name) if !text.iter().any(u8::is_ascii_whitespace) => {
                parts.reverse();
                Wanted { qualifiers: parts, name }
            }
            _ => Wanted::whole(text),
        }
    }

    /// How `name` answers, short of resembling it.
    pub fn fit(&self, name: &[u8]) -> Option<Fit> {
        let head = name.get(..self.name.len())?;
        if !head.eq_ignore_ascii_case(self.name) {
            None
        } else if head.len() < name.len() {
            Some(Fit::Prefix)
        } else if head == self.name {
            Some(Fit::Exact)
        } else {
            Some(Fit::Case)
        }
    }

    /// How the qualifiers fit `chain`; a part of it may itself be qualified.
    pub fn chained(&self, chain: &[&[u8]]) -> Option<Chained> {
        let parts = chain.iter().flat_map(|part| components(bare(part)).into_iter().rev());
        let (mut wanted, mut closely) = (self.qualifiers.iter(), true);
        let mut next = wanted.next();
        for part in parts {
            match next {
                None => break,
                Some(qualifier) if same(qualifier, bare(part)) => next = wanted.next(),
                Some(_) => closely = false,
            }
        }
        match (next, closely) {
            (Some(_), _) => None,
            (None, true) => Some(Chained::Closely),
            (None, false) => Some(Chained::Loosely),
        }
    }

    /// How little `name` resembles the wanted one, 0 at best; nothing where it
    /// does not. In this order count: to hold it, at the beginning of a piece
    /// (`backoff`, `withBackoff`) or anywhere; to differ by a few edits
    /// (`retyr`); to have its letters at the beginnings of pieces (`wb`,
    /// `withBack`). `_`, `-` and case make no difference.
    pub fn resembles(&self, name: &[u8]) -> Option<u32> {
        let (wanted, _) = folded(self.name);
        let (folded, starts) = folded(name);
        let longer = (folded.len().abs_diff(wanted.len()) as u32).min(99);
        if wanted.len() < 2 || folded.is_empty() {
            return None;
        }
        if wanted.len() > 2 {
            let mut held = memchr::memmem::find_iter(&folded, &*wanted);
            if let Some(first) = held.next() {
                let begins = |at: &usize| starts.get(*at) == Some(&true);
                let at_piece = begins(&first) || held.any(|at| begins(&at));
                return Some(longer + if at_piece { 0 } else { 300 });
            }
        }
        let most = match wanted.len() {
            0..3 => 0,
            3..6 => 1,
            6..11 => 2,
            _ => 3,
        };
        if let Some(edits) = edits(&wanted, &folded, most) {
            return Some(100 * edits + longer);
        }
        abbreviates(&wanted, &folded, &starts).then_some(400 + longer)
    }
}

/// A name's parts: `A::b` is `A` and `b`. All of it where a part would be empty.
pub fn components(name: &[u8]) -> Vec<&[u8]> {
    let mark = |byte: &u8| matches!(byte, b':' | b'.' | b'#' | b'/' | b'\\');
    let start = name.iter().position(|byte| !mark(byte)).unwrap_or(0);
    let inner = name.get(start..).unwrap_or_default();
    let parts: Vec<_> = inner.split(mark).collect();
    let mut kept = Vec::with_capacity(parts.len());
    let mut parts = parts.into_iter().peekable();
    while let Some(part) = parts.next() {
        match part.is_empty() {
            false => kept.push(part),
            // The middle of `::`.
            true if !kept.is_empty() && parts.peek().is_some_and(|next| !next.is_empty()) => {}
            true => return vec![name],
        }
    }
    kept
}

/// A container without the marks of a pointer, and without parameters.
fn bare(part: &[u8]) -> &[u8] {
    let part = part.trim_ascii();
    let start = part.iter().position(|byte| !b"*&".contains(byte)).unwrap_or(part.len());
    let part = part.get(start..).unwrap_or_default();
    let end = part.iter().position(|byte| b"<[(".contains(byte)).unwrap_or(part.len());
    part.get(..end).unwrap_or_default()
}

/// Whether two parts of a chain are the same: in any case, `-` being `_`.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    let fold = |byte: &u8| if *byte == b'-' { b'_' } else { byte.to_ascii_lowercase() };
    a.iter().map(fold).eq(b.iter().map(fold))
}

/// A name in lower case without `_` and `-`; which of its bytes begin a piece.
fn folded(name: &[u8]) -> (Vec<u8>, Vec<bool>) {
    let (mut folded, mut starts) = (Vec::with_capacity(name.len()), vec![]);
    let mut before = b'_';
    for (at, &byte) in name.iter().enumerate() {
        let lower_next = name.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        if byte.is_ascii_alphanumeric() || byte >= 0x80 {
            let begins = match byte {
                b'A'..=b'Z' => !before.is_ascii_uppercase() || lower_next,
                b'0'..=b'9' => !before.is_ascii_digit(),
                _ => !(before.is_ascii_alphabetic() || before >= 0x80),
            };
            folded.push(byte.to_ascii_lowercase());
            starts.push(begins);
        } else if byte != b'_' && byte != b'-' {
            folded.push(byte);
            starts.push(true);
        }
        before = byte;
    }
    (folded, starts)
}

/// How many bytes must be inserted, left out, replaced or swapped with their
/// neighbour to make `b` of `a`, where that is at most `most` (optimal string
/// alignment). Linear, 4 times for every edit.
fn edits(a: &[u8], b: &[u8], most: u32) -> Option<u32> {
    (0..=most).find(|&edits| within(a, b, edits))
}

/// Whether so many edits suffice: of those beyond what the core counts each is tried.
fn within(a: &[u8], b: &[u8], edits: u32) -> bool {
    match edits {
        0 => a == b,
        1 | 2 => within_edits(a, b, edits),
        _ => {
            let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
            let (a, b) = (a.get(same..).unwrap_or_default(), b.get(same..).unwrap_or_default());
            let left = edits - 1;
            match (a, b) {
                ([_, x @ ..], [_, y @ ..]) => {
                    within(x, y, left)
                        || within(x, b, left)
                        || within(a, y, left)
                        || matches!((a, b), ([p, q, x @ ..], [r, s, y @ ..])
                            if p == s && q == r && within(x, y, left))
                }
                (rest, []) | ([], rest) => rest.len() <= edits as usize,
            }
        }
    }
}

/// Whether the bytes of `short` come in `long` in order, each at the beginning of
/// a piece or directly behind the one before.
fn abbreviates(short: &[u8], long: &[u8], starts: &[bool]) -> bool {
    let mut rest = long.iter();
    if !short.iter().all(|byte| rest.any(|other| other == byte)) {
        return false;
    }
    // Where the bytes so far may have ended.
    let mut ends = vec![false; long.len()];
    for (nth, byte) in short.iter().enumerate() {
        let mut next = vec![false; long.len()];
        let mut before = nth == 0;
        let mut last = false;
        for (((new, &old), &start), other) in next.iter_mut().zip(&ends).zip(starts).zip(long) {
            *new = other == byte && ((start && before) || last);
            before |= old;
            last = old;
        }
        ends = next;
    }
    ends.contains(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn qualified(text: &str) -> String {
        let wanted = Wanted::qualified(text.as_bytes());
        let parts = std::iter::once(wanted.name).chain(wanted.qualifiers);
        parts.map(String::from_utf8_lossy).collect::<Vec<_>>().join(" < ")
    }

    #[test]
    fn qualified_names_are_cut() {
        for (text, parts) in [
            ("a", "a"),
            ("a::b", "b < a"),
            ("mod::Type::method", "method < Type < mod"),
            ("A#b", "b < A"),
            ("a.b.c()", "c < b < a"),
            ("::a", "a"),
            ("App\\Models\\User", "User < Models < App"),
            ("M:open", "open < M"),
            ("a:", "a:"),
            ("..", ".."),
            ("Retry twice: how", "Retry twice: how"),
            ("A::~A", "~A < A"),
            ("Vec::operator==", "operator== < Vec"),
        ] {
            assert_eq!(qualified(text), parts, "{text}");
        }
    }

    #[test]
    fn chains_fit_from_the_inside_out() {
        let chained = |text: &'static str, chain: &[&'static str]| {
            let chain: Vec<_> = chain.iter().map(|part| part.as_bytes()).collect();
            Wanted::qualified(text.as_bytes()).chained(&chain)
        };
        use Chained::{Closely, Loosely};
        assert_eq!(chained("b", &["A"]), Some(Closely));
        assert_eq!(chained("A::b", &["A"]), Some(Closely));
        assert_eq!(chained("a::b", &["*A<T>"]), Some(Closely));
        assert_eq!(chained("n::A::b", &["n::A"]), Some(Closely));
        assert_eq!(chained("n::A::b", &["A", "m", "n"]), Some(Loosely));
        assert_eq!(chained("axum_core::b", &["A", "src", "axum-core"]), Some(Loosely));
        assert_eq!(chained("A::n::b", &["A", "n"]), None);
        assert_eq!(chained("B::b", &["A"]), None);
    }

    #[test]
    fn a_name_fits_before_it_resembles() {
        let wanted = Wanted::whole(b"retry");
        assert_eq!(wanted.fit(b"retry"), Some(Fit::Exact));
        assert_eq!(wanted.fit(b"Retry"), Some(Fit::Case));
        assert_eq!(wanted.fit(b"RetryPolicy"), Some(Fit::Prefix));
        assert_eq!(wanted.fit(b"retr"), None);
    }

    #[test]
    fn what_resembles_more_comes_first() {
        let order = |wanted: &str, names: &[&str]| {
            let costs = names
                .iter()
                .map(|name| Wanted::whole(wanted.as_bytes()).resembles(name.as_bytes()))
                .collect::<Vec<_>>();
            assert!(costs.iter().all(Option::is_some), "{wanted}: {costs:?}");
            assert!(costs.is_sorted(), "{wanted}: {costs:?}");
        };
        let never = |wanted: &str, name: &str| {
            let cost = Wanted::whole(wanted.as_bytes()).resembles(name.as_bytes());
            assert_eq!(cost, None, "{wanted} {name}");
        };
        order("backoff", &["BackOff", "with_backoff", "with_backoff_or_else", "unbackoff"]);
        order("retyr", &["retry", "retypr"]);
        order("wb", &["with_backoff", "WithALongBackoff"]);
        order("withBack", &["with_backoff", "with_no_back"]);
        order("httpsrv", &["HTTPSrvX", "HttpServ"]);
        order("gfn", &["getFileName", "get_full_path_name"]);
        never("wb", "web");
        never("retry", "policy");
        never("retry", "rXeXtXrXy");
        never("x", "x_y");
        never("abc", "");
    }

    #[test]
    fn edits_are_counted_up_to_a_limit() {
        for (a, b, expected) in [
            ("retry", "retry", Some(0)),
            ("retyr", "retry", Some(1)),
            ("ca", "abc", None),
            ("kitten", "sitting", Some(3)),
            ("", "abc", Some(3)),
            ("", "abcd", None),
        ] {
            let most = if a == "ca" { 1 } else { 3 };
            assert_eq!(edits(a.as_bytes(), b.as_bytes(), most), expected, "{a} {b}");
            assert_eq!(edits(b.as_bytes(), a.as_bytes(), most), expected, "{b} {a}");
        }
    }

    /// The table of edits (Wagner and Fischer, 1974), with swaps.
    fn naive(a: &[u8], b: &[u8]) -> u32 {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                if i == 0 || j == 0 {
                    table[i][j] = (i + j) as u32;
                    continue;
                }
                let other = u32::from(a[i - 1] != b[j - 1]);
                let mut least = (table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                least = least.min(table[i - 1][j - 1] + other);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(table[i - 2][j - 2] + 1);
                }
                table[i][j] = least;
            }
        }
        table[a.len()][b.len()]
    }

    #[test]
    fn edits_are_those_of_the_table() {
        // Every two words of up to five of two letters.
        let words = (0..=5u32).flat_map(|length| (0..1 << length).map(move |bits| (length, bits)));
        let words = words.map(|(length, bits)| {
            (0..length).map(|at| b"ab"[(bits >> at) as usize & 1]).collect::<Vec<u8>>()
        });
        let words: Vec<Vec<u8>> = words.collect();
        for (a, b) in words.iter().flat_map(|a| words.iter().map(move |b| (a, b))) {
            let expected = Some(naive(a, b)).filter(|&edits| edits <= 3);
            assert_eq!(edits(a, b, 3), expected, "{a:?} {b:?}");
        }
    }
}
