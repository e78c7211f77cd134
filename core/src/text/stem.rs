//! English stemming: Snowball English (Porter2) as revised in Snowball 3.1.
//!
//! Written from the description at <https://snowballstem.org/algorithms/english/stemmer.html>,
//! with the two later additions of release 3.1 (words in `emerg`, `inter`, `organ`). A stem is no
//! word but a key that the forms of a word share: `consigned`, `consigning` and `consignment` all
//! become `consign`.
//!
//! A word is stemmed in place; no step makes it longer. Endings are removed only in regions: R1
//! begins after the first consonant that follows a vowel, R2 after the next such consonant in R1.
//! A `y` that acts as a consonant is written `Y` meanwhile.

/// Stems `word`, which is lower-case ASCII letters and apostrophes, and returns the length of the
/// stem that is then at its front.
pub fn stem(word: &mut [u8]) -> usize {
    let length = word.len();
    if length < 3 {
        return length;
    }
    if let Some(stem) = exception(word) {
        word.iter_mut().zip(stem).for_each(|(to, from)| *to = *from);
        return stem.len();
    }
    let mut word = Stemmer::new(word);
    word.drop_possessive();
    word.drop_plural();
    word.drop_verb_ending();
    word.turn_y();
    word.apply(&STEP_2, word.r1);
    word.apply(&STEP_3, word.r1);
    word.apply(&STEP_4, word.r2);
    word.drop_final();
    word.finish()
}

/// The stems of words that the rules would treat wrongly.
fn exception(word: &[u8]) -> Option<&'static [u8]> {
    Some(match word {
        b"skies" | b"sky" => b"sky",
        b"skis" => b"ski",
        b"idly" => b"idl",
        b"gently" => b"gentl",
        b"ugly" => b"ugli",
        b"early" => b"earli",
        b"only" => b"onli",
        b"singly" => b"singl",
        b"news" => b"news",
        b"howe" => b"howe",
        b"atlas" => b"atlas",
        b"cosmos" => b"cosmos",
        b"bias" => b"bias",
        b"andes" => b"andes",
        _ => return None,
    })
}

/// Beginnings after which R1 starts at once, lest `general` and `generous` become one.
const WHOLE_BEGINNINGS: [&[u8]; 9] =
    [b"gener", b"commun", b"arsen", b"past", b"univers", b"later", b"emerg", b"organ", b"inter"];

/// What must stand before an ending for its rule to act.
#[derive(Clone, Copy)]
enum Before {
    Anything,
    /// One of these letters.
    OneOf(&'static [u8]),
    /// R2 has begun.
    R2,
}
use Before::{Anything, OneOf, R2};

/// An ending, what replaces it, and when.
type Rule = (&'static [u8], &'static [u8], Before);

// In each table an ending stands before those that it ends with: the first that fits is the
// longest, and it alone counts.

static STEP_2: [Rule; 25] = [
    (b"ational", b"ate", Anything),
    (b"tional", b"tion", Anything),
    (b"enci", b"ence", Anything),
    (b"anci", b"ance", Anything),
    (b"abli", b"able", Anything),
    (b"entli", b"ent", Anything),
    (b"ization", b"ize", Anything),
    (b"izer", b"ize", Anything),
    (b"ation", b"ate", Anything),
    (b"ator", b"ate", Anything),
    (b"alism", b"al", Anything),
    (b"aliti", b"al", Anything),
    (b"alli", b"al", Anything),
    (b"fulness", b"ful", Anything),
    (b"ousli", b"ous", Anything),
    (b"ousness", b"ous", Anything),
    (b"iveness", b"ive", Anything),
    (b"iviti", b"ive", Anything),
    (b"biliti", b"ble", Anything),
    (b"bli", b"ble", Anything),
    (b"ogist", b"og", Anything),
    (b"ogi", b"og", OneOf(b"l")),
    (b"fulli", b"ful", Anything),
    (b"lessli", b"less", Anything),
    (b"li", b"", OneOf(b"cdeghkmnrt")),
];

static STEP_3: [Rule; 9] = [
    (b"ational", b"ate", Anything),
    (b"tional", b"tion", Anything),
    (b"alize", b"al", Anything),
    (b"icate", b"ic", Anything),
    (b"iciti", b"ic", Anything),
    (b"ical", b"ic", Anything),
    (b"ful", b"", Anything),
    (b"ness", b"", Anything),
    (b"ative", b"", R2),
];

static STEP_4: [Rule; 18] = [
    (b"al", b"", Anything),
    (b"ance", b"", Anything),
    (b"ence", b"", Anything),
    (b"er", b"", Anything),
    (b"ic", b"", Anything),
    (b"able", b"", Anything),
    (b"ible", b"", Anything),
    (b"ant", b"", Anything),
    (b"ement", b"", Anything),
    (b"ment", b"", Anything),
    (b"ent", b"", Anything),
    (b"ism", b"", Anything),
    (b"ate", b"", Anything),
    (b"iti", b"", Anything),
    (b"ous", b"", Anything),
    (b"ive", b"", Anything),
    (b"ize", b"", Anything),
    (b"ion", b"", OneOf(b"st")),
];

/// A word on its way: the first `length` bytes of `word`, and where its regions begin.
struct Stemmer<'w> {
    word: &'w mut [u8],
    length: usize,
    r1: usize,
    r2: usize,
}

impl<'w> Stemmer<'w> {
    fn new(word: &'w mut [u8]) -> Self {
        let mut after_vowel = true; // An initial y is a consonant too.
        for letter in &mut *word {
            if *letter == b'y' && after_vowel {
                *letter = b'Y';
            }
            after_vowel = is_vowel(*letter);
        }
        let length = word.len();
        let r1 = WHOLE_BEGINNINGS
            .iter()
            .find(|beginning| word.starts_with(beginning))
            .map_or_else(|| region(word, 0), |beginning| beginning.len());
        let r2 = region(word, r1);
        Stemmer { word, length, r1, r2 }
    }

    fn letters(&self) -> &[u8] {
        self.word.get(..self.length).unwrap_or_default()
    }

    /// What precedes `ending`, if the word ends so.
    fn before(&self, ending: &[u8]) -> Option<&[u8]> {
        self.letters().strip_suffix(ending)
    }

    /// Makes the word its first `at` bytes and `ending`.
    fn put(&mut self, at: usize, ending: &[u8]) {
        for (to, from) in self.word.iter_mut().skip(at).zip(ending) {
            *to = *from;
        }
        self.length = at + ending.len();
    }

    /// Step 0.
    fn drop_possessive(&mut self) {
        for ending in [&b"'s'"[..], b"'s", b"'"] {
            if let Some(before) = self.before(ending) {
                return self.length = before.len();
            }
        }
    }

    /// Step 1a.
    fn drop_plural(&mut self) {
        if let Some(before) = self.before(b"sses") {
            self.length = before.len() + 2;
        } else if let Some(before) = self.before(b"ied").or_else(|| self.before(b"ies")) {
            self.length = before.len() + if before.len() > 1 { 1 } else { 2 };
        } else if let Some(before) = self.before(b"s")
            && let [.., _] = before
        {
            let (earlier, last) = before.split_at(before.len() - 1);
            if !matches!(last, b"s" | b"u") && has_vowel(earlier) {
                self.length = before.len();
            }
        }
    }

    /// Step 1b.
    fn drop_verb_ending(&mut self) {
        if let Some(before) = self.before(b"eed").or_else(|| self.before(b"eedly")) {
            if before.len() >= self.r1 && !matches!(before, b"succ" | b"proc" | b"exc") {
                self.length = before.len() + 2;
            }
            return;
        }
        if let Some(before) = self.before(b"ing") {
            match before {
                [first, b'y'] if !is_vowel(*first) => return self.put(1, b"ie"),
                b"inn" | b"out" | b"cann" | b"herr" | b"earr" | b"even" => return,
                _ => {}
            }
        }
        let endings = [&b"ed"[..], b"edly", b"ing", b"ingly"];
        let Some(before) = endings.iter().find_map(|ending| self.before(ending)) else { return };
        if !has_vowel(before) {
            return;
        }
        let at = before.len();
        match before {
            [.., b'a', b't'] | [.., b'b', b'l'] | [.., b'i', b'z'] => self.put(at, b"e"),
            [b'a' | b'e' | b'o', b, c] if is_double(*b, *c) => self.length = at,
            [.., b, c] if is_double(*b, *c) => self.length = at - 1,
            _ if at == self.r1 && ends_short(before) => self.put(at, b"e"),
            _ => self.length = at,
        }
    }

    /// Step 1c.
    fn turn_y(&mut self) {
        if let [_, .., before, b'y' | b'Y'] = self.letters()
            && !is_vowel(*before)
        {
            self.put(self.length - 1, b"i");
        }
    }

    /// Steps 2 to 4: the rule of the longest of the endings, where that lies in the region.
    fn apply(&mut self, rules: &[Rule], region: usize) {
        if self.length <= region {
            return;
        }
        for (ending, by, when) in rules {
            let Some(before) = self.before(ending) else { continue };
            let acts = match when {
                Anything => true,
                OneOf(letters) => before.last().is_some_and(|last| letters.contains(last)),
                R2 => before.len() >= self.r2,
            };
            if acts && before.len() >= region {
                self.put(before.len(), by);
            }
            return;
        }
    }

    /// Step 5.
    fn drop_final(&mut self) {
        let drops = match self.letters() {
            [before @ .., b'e'] => {
                before.len() >= self.r2 || before.len() >= self.r1 && !ends_short(before)
            }
            [before @ .., b'l'] => before.len() >= self.r2 && before.last() == Some(&b'l'),
            _ => false,
        };
        self.length -= usize::from(drops);
    }

    fn finish(self) -> usize {
        for letter in self.word.iter_mut().take(self.length).filter(|letter| **letter == b'Y') {
            *letter = b'y';
        }
        self.length
    }
}

/// Where the region starts that follows the first consonant after a vowel, at `from` or later.
fn region(word: &[u8], from: usize) -> usize {
    let mut letters = word.iter().enumerate().skip(from);
    letters
        .by_ref()
        .find(|(_, letter)| is_vowel(**letter))
        .and_then(|_| letters.find(|(_, letter)| !is_vowel(**letter)))
        .map_or(word.len(), |(at, _)| at + 1)
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

fn has_vowel(letters: &[u8]) -> bool {
    letters.iter().any(|letter| is_vowel(*letter))
}

fn is_double(first: u8, second: u8) -> bool {
    first == second && b"bdfgmnprt".contains(&first)
}

/// Whether `letters` end in a short syllable.
fn ends_short(letters: &[u8]) -> bool {
    match letters {
        [.., b'p', b'a', b's', b't'] => true,
        [a, b] => is_vowel(*a) && !is_vowel(*b),
        [.., a, b, c] => {
            !is_vowel(*a) && is_vowel(*b) && !is_vowel(*c) && !matches!(c, b'w' | b'x' | b'Y')
        }
        _ => false,
    }
}
