//! What a text must hold for a pattern to match: grams, joined by "all" and "any".
//!
//! Of each part of a regular expression is known either all that it matches, while
//! that is a few strings, or what a match begins with, ends with and needs besides.
//! Parts are joined end to start, so that grams across a border are found; strings
//! that become too many are needed and begin anew. That is the analysis of Cox
//! ("Regular expression matching with a trigram index", 2012).

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};
use sigla_core::image::{Filter, Gram, grams};

/// The most strings that are kept at a time.
const STRINGS: usize = 64;
/// The most bytes that they have together.
const BYTES: usize = 1 << 16;
/// The most members of a class that are listed.
const MEMBERS: u32 = 16;

/// What a text must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Nothing that a filter knows.
    Nothing,
    /// Each of these grams.
    Grams(Vec<Gram>),
    /// What each of these says.
    All(Vec<Need>),
    /// What one of these says.
    Any(Vec<Need>),
}

impl Need {
    /// What a text needs to hold `literal`, in any case of its ASCII letters.
    pub fn literal(literal: &[u8]) -> Need {
        let mut all = Vec::new();
        grams(literal, |gram| all.push(gram));
        if all.is_empty() { Need::Nothing } else { Need::Grams(all) }
    }

    /// What a text needs for `hir` to match in it.
    pub fn regex(hir: &Hir) -> Need {
        Part::of(hir).need()
    }

    /// Whether there are texts that do not have it.
    pub fn narrows(&self) -> bool {
        *self != Need::Nothing
    }

    /// Whether the document of `filter` may have it; `false` is certain.
    pub fn met_by(&self, filter: &Filter<'_>) -> bool {
        match self {
            Need::Nothing => true,
            Need::Grams(grams) => grams.iter().all(|gram| filter.may_hold(*gram)),
            Need::All(needs) => needs.iter().all(|need| need.met_by(filter)),
            Need::Any(needs) => needs.iter().any(|need| need.met_by(filter)),
        }
    }

    fn all(mut needs: Vec<Need>) -> Need {
        needs.retain(Need::narrows);
        match needs.len() {
            0 => Need::Nothing,
            1 => needs.swap_remove(0),
            _ => Need::All(needs),
        }
    }

    /// What one of these says; a text with none of none is none.
    pub fn any(mut needs: Vec<Need>) -> Need {
        match needs.len() {
            1 => needs.swap_remove(0),
            _ if needs.iter().all(Need::narrows) => Need::Any(needs),
            _ => Need::Nothing,
        }
    }
}

/// All that a part of an expression may match, upper-case letters as lower-case.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Strings(BTreeSet<Vec<u8>>);

impl Strings {
    fn one(bytes: &[u8]) -> Strings {
        Strings(BTreeSet::from([bytes.to_ascii_lowercase()]))
    }

    fn few(self) -> Option<Strings> {
        let bytes: usize = self.0.iter().map(Vec::len).sum();
        (self.0.len() <= STRINGS && bytes <= BYTES).then_some(self)
    }

    /// Each of these followed by each of those; `None` where that is too much.
    fn then(&self, next: &Strings) -> Option<Strings> {
        if self.0.len() * next.0.len() > STRINGS * STRINGS {
            return None;
        }
        let pairs = self.0.iter().flat_map(|a| next.0.iter().map(move |b| [&**a, &**b].concat()));
        Strings(pairs.collect()).few()
    }

    /// The last three bytes of each of these, followed by each of those: what makes
    /// grams across the border. Those alone where that is too much.
    fn end_then(&self, next: &Strings) -> Strings {
        let end = |string: &Vec<u8>| {
            string.iter().skip(string.len().saturating_sub(3)).copied().collect()
        };
        let ends = Strings(self.0.iter().map(end).collect());
        ends.then(next).unwrap_or_else(|| next.clone())
    }

    fn need(&self) -> Need {
        Need::any(self.0.iter().map(|string| Need::literal(string)).collect())
    }
}

/// What is known of a part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// It matches these alone.
    Only(Strings),
    /// It matches more: what begins and ends with one of these, and needs that.
    More { start: Strings, need: Need, end: Strings },
}

impl Part {
    /// It matches anything.
    fn anything() -> Part {
        let (start, end) = (Strings::one(b""), Strings::one(b""));
        Part::More { start, need: Need::Nothing, end }
    }

    /// The parser bounds how deep an expression nests, and so this.
    fn of(hir: &Hir) -> Part {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Part::Only(Strings::one(b"")),
            HirKind::Literal(literal) => Part::Only(Strings::one(&literal.0)),
            HirKind::Class(class) => members(class).map_or_else(Part::anything, Part::Only),
            HirKind::Capture(capture) => Part::of(&capture.sub),
            HirKind::Repetition(repetition) => Part::repeated(repetition),
            HirKind::Concat(parts) => Part::joined(parts.iter().map(Part::of)),
            HirKind::Alternation(parts) => Part::either(parts.iter().map(Part::of).collect()),
        }
    }

    fn need(self) -> Need {
        match self {
            Part::Only(strings) => strings.need(),
            Part::More { start, need, end } => Need::all(vec![start.need(), need, end.need()]),
        }
    }

    fn joined(mut parts: impl Iterator<Item = Part>) -> Part {
        let first = parts.next().unwrap_or(Part::Only(Strings::one(b"")));
        parts.fold(first, Part::then)
    }

    fn then(self, next: Part) -> Part {
        match (self, next) {
            (Part::Only(a), Part::Only(b)) => match a.then(&b) {
                Some(strings) => Part::Only(strings),
                None => Part::More { end: a.end_then(&b), start: a, need: Need::Nothing },
            },
            (Part::Only(a), Part::More { start, need, end }) => match a.then(&start) {
                Some(start) => Part::More { start, need, end },
                None => {
                    let need = Need::all(vec![a.end_then(&start).need(), need]);
                    Part::More { start: a, need, end }
                }
            },
            (Part::More { start, need, end }, Part::Only(b)) => match end.then(&b) {
                Some(end) => Part::More { start, need, end },
                None => {
                    let need = Need::all(vec![need, end.need()]);
                    Part::More { start, need, end: end.end_then(&b) }
                }
            },
            (Part::More { start, need, end }, Part::More { start: b, need: then, end: last }) => {
                let border = match end.then(&b) {
                    Some(border) => border.need(),
                    None => Need::all(vec![end.need(), end.end_then(&b).need()]),
                };
                Part::More { start, need: Need::all(vec![need, border, then]), end: last }
            }
        }
    }

    fn repeated(repetition: &Repetition) -> Part {
        let part = Part::of(&repetition.sub);
        match (repetition.min, repetition.max) {
            (0, Some(1)) => Part::either(vec![Part::Only(Strings::one(b"")), part]),
            (0, _) => Part::anything(),
            (least, most) => {
                // More than a few times the same adds no gram.
                let times = least.min(4);
                let exact = most == Some(times);
                let rest = if exact { vec![] } else { vec![Part::anything(), part.clone()] };
                Part::joined(std::iter::repeat_n(part, times as usize).chain(rest))
            }
        }
    }

    fn either(parts: Vec<Part>) -> Part {
        let union = |side: fn(&Part) -> &Strings| {
            let all = parts.iter().flat_map(|part| side(part).0.iter().cloned());
            Strings(all.collect()).few()
        };
        let (starts, ends) = (union(Part::start), union(Part::end));
        if let (Some(starts), true) = (&starts, parts.iter().all(|p| matches!(p, Part::Only(_)))) {
            return Part::Only(starts.clone());
        }
        let need = Need::any(parts.into_iter().map(Part::need).collect());
        let nothing = || Strings::one(b"");
        let (start, end) = (starts.unwrap_or_else(nothing), ends.unwrap_or_else(nothing));
        Part::More { start, need, end }
    }

    fn start(&self) -> &Strings {
        match self {
            Part::Only(strings) | Part::More { start: strings, .. } => strings,
        }
    }

    fn end(&self) -> &Strings {
        match self {
            Part::Only(strings) | Part::More { end: strings, .. } => strings,
        }
    }
}

/// The members of a small class.
fn members(class: &Class) -> Option<Strings> {
    let mut members = BTreeSet::new();
    match class {
        Class::Unicode(class) => {
            let size = |range: &regex_syntax::hir::ClassUnicodeRange| {
                (range.end() as u32 - range.start() as u32).saturating_add(1)
            };
            let count = class.iter().map(size).fold(0, u32::saturating_add);
            if count > MEMBERS {
                return None;
            }
            for range in class.iter() {
                for char in range.start()..=range.end() {
                    let bytes = char.encode_utf8(&mut [0; 4]).as_bytes().to_ascii_lowercase();
                    members.insert(bytes);
                }
            }
        }
        Class::Bytes(class) => {
            let count: u32 = class.iter().map(|range| range.len() as u32).sum();
            if count > MEMBERS {
                return None;
            }
            for range in class.iter() {
                members.extend((range.start()..=range.end()).map(|b| vec![b.to_ascii_lowercase()]));
            }
        }
    }
    Some(Strings(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(regex: &str) -> Need {
        Need::regex(&regex_syntax::parse(regex).unwrap())
    }

    fn all(needs: &[&str]) -> Need {
        Need::All(needs.iter().map(|literal| Need::literal(literal.as_bytes())).collect())
    }

    fn any(needs: &[&str]) -> Need {
        Need::Any(needs.iter().map(|literal| Need::literal(literal.as_bytes())).collect())
    }

    #[test]
    fn what_must_occur_is_found() {
        let literal = |text: &str| Need::literal(text.as_bytes());
        assert_eq!(need("retry"), literal("retry"));
        assert_eq!(need("(?i)reTry"), literal("RETRY"));
        assert_eq!(need("^retry$"), literal("retry"));
        assert_eq!(need("fn +retry"), all(&["fn ", " retry"]));
        assert_eq!(need("retry|backoff"), any(&["backoff", "retry"]));
        assert_eq!(need("with_(retry|backoff)"), any(&["with_backoff", "with_retry"]));
        assert_eq!(need("retr(y|ies)s?"), any(&["retries", "retriess", "retry", "retrys"]));
        assert_eq!(need(r"impl\s+\w+\s+for\s+Retry"), all(&["impl", "for", "retry"]));
        assert_eq!(need("(abc){3}"), literal("abcabcabc"));
        assert_eq!(need("(abc){2,}x"), all(&["abcabc", "abcx"]));
        assert_eq!(need("[ab]cd"), any(&["acd", "bcd"]));
        assert_eq!(need("foo.*bar"), all(&["foo", "bar"]));
    }

    #[test]
    fn what_need_not_occur_is_not_needed() {
        for regex in ["", "ab", r"\w+", "retry|x", "(retry)?", "(retry)*", ".", "[a-z]{3}", "a.b.c"]
        {
            assert_eq!(need(regex), Need::Nothing, "{regex}");
        }
    }

    #[test]
    fn other_letters_of_the_same_case_are_alternatives() {
        // k is also the Kelvin sign.
        assert_eq!(need("(?i)oKay"), any(&["okay", "o\u{212a}ay"]));
    }

    #[test]
    fn many_strings_are_cut_and_go_on_with_their_ends() {
        let needs = need("[ab][ab][ab][ab][ab][ab][ab][cd]efg");
        let Need::All(needs) = needs else { panic!("{needs:?}") };
        assert!(needs.iter().all(|need| matches!(need, Need::Any(any) if any.len() <= STRINGS)));
        let long = "x".repeat(BYTES);
        assert!(need(&format!("{long}(a|b){long}")).narrows());
    }
}
