//! English stemming: Snowball English (Porter2) as revised in Snowball 3.1.
//!
//! Written from the description at <https://snowballstem.org/algorithms/english/stemmer.html>,
//! with the later additions of that release (beginnings `emerg`, `inter`, `organ`). A stem is no
//! word but a key that the forms of a word share: `consigned`, `consigning` and `consignment` all
//! become `consign`.
//!
//! A word is stemmed in place; no step makes it longer. Endings are removed only in regions: R1
//! begins after the first consonant that follows a vowel, R2 after the next such consonant in R1.
//! A `y` that acts as a consonant is written `Y` meanwhile.

/// Stems `word`, which is lower-case ASCII letters and apostrophes, and returns the length of the
/// stem that is then at its front. A leading apostrophe, which the published algorithm drops first,
/// is for the caller to leave out.
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
    word.apply(step_2, word.r1);
    word.apply(step_3, word.r1);
    word.apply(step_4, word.r2);
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

/// A beginning after which R1 starts at once, lest `general` and `generous` become one.
fn whole_beginning(word: &[u8]) -> Option<usize> {
    let beginning: &[u8] = match word.first()? {
        b'a' => b"arsen",
        b'c' => b"commun",
        b'e' => b"emerg",
        b'g' => b"gener",
        b'i' => b"inter",
        b'l' => b"later",
        b'o' => b"organ",
        b'p' => b"past",
        b'u' => b"univers",
        _ => return None,
    };
    word.starts_with(beginning).then_some(beginning.len())
}

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

// The rules of a step for words with this last letter. An ending stands before those that it ends
// with: the first that fits is the longest, and it alone counts.

fn step_2(last: u8) -> &'static [Rule] {
    match last {
        b'i' => &[
            (b"abli", b"able", Anything),
            (b"bli", b"ble", Anything),
            (b"alli", b"al", Anything),
            (b"entli", b"ent", Anything),
            (b"fulli", b"ful", Anything),
            (b"lessli", b"less", Anything),
            (b"ousli", b"ous", Anything),
            (b"li", b"", OneOf(b"cdeghkmnrt")),
            (b"biliti", b"ble", Anything),
            (b"aliti", b"al", Anything),
            (b"iviti", b"ive", Anything),
            (b"anci", b"ance", Anything),
            (b"enci", b"ence", Anything),
            (b"ogi", b"og", OneOf(b"l")),
        ],
        b'l' => &[(b"ational", b"ate", Anything), (b"tional", b"tion", Anything)],
        b'm' => &[(b"alism", b"al", Anything)],
        b'n' => &[(b"ization", b"ize", Anything), (b"ation", b"ate", Anything)],
        b'r' => &[(b"izer", b"ize", Anything), (b"ator", b"ate", Anything)],
        b's' => &[
            (b"fulness", b"ful", Anything),
            (b"iveness", b"ive", Anything),
            (b"ousness", b"ous", Anything),
        ],
        b't' => &[(b"ogist", b"og", Anything)],
        _ => &[],
    }
}

fn step_3(last: u8) -> &'static [Rule] {
    match last {
        b'e' => &[(b"alize", b"al", Anything), (b"icate", b"ic", Anything), (b"ative", b"", R2)],
        b'i' => &[(b"iciti", b"ic", Anything)],
        b'l' => &[
            (b"ational", b"ate", Anything),
            (b"tional", b"tion", Anything),
            (b"ical", b"ic", Anything),
            (b"ful", b"", Anything),
        ],
        b's' => &[(b"ness", b"", Anything)],
        _ => &[],
    }
}

fn step_4(last: u8) -> &'static [Rule] {
    match last {
        b'c' => &[(b"ic", b"", Anything)],
        b'e' => &[
            (b"ance", b"", Anything),
            (b"ence", b"", Anything),
            (b"able", b"", Anything),
            (b"ible", b"", Anything),
            (b"ate", b"", Anything),
            (b"ive", b"", Anything),
            (b"ize", b"", Anything),
        ],
        b'i' => &[(b"iti", b"", Anything)],
        b'l' => &[(b"al", b"", Anything)],
        b'm' => &[(b"ism", b"", Anything)],
        b'n' => &[(b"ion", b"", OneOf(b"st"))],
        b'r' => &[(b"er", b"", Anything)],
        b's' => &[(b"ous", b"", Anything)],
        b't' => &[
            (b"ant", b"", Anything),
            (b"ement", b"", Anything),
            (b"ment", b"", Anything),
            (b"ent", b"", Anything),
        ],
        _ => &[],
    }
}

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
        let r1 = whole_beginning(word).unwrap_or_else(|| region(word, 0));
        let r2 = region(word, r1);
        Stemmer { word, length, r1, r2 }
    }

    fn letters(&self) -> &[u8] {
        self.word.get(..self.length).unwrap_or_default()
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
        if let [before @ .., b'\'', b's', b'\'']
        | [before @ .., b'\'', b's']
        | [before @ .., b'\''] = self.letters()
        {
            self.length = before.len();
        }
    }

    /// Step 1a.
    fn drop_plural(&mut self) {
        match self.letters() {
            [.., b's', b's', b'e', b's'] => self.length -= 2,
            [_, _, .., b'i', b'e', b'd' | b's'] => self.length -= 2,
            [.., b'i', b'e', b'd' | b's'] => self.length -= 1,
            [.., b's' | b'u', b's'] => {}
            [before @ .., _, b's'] if has_vowel(before) => self.length -= 1,
            _ => {}
        }
    }

    /// Step 1b.
    fn drop_verb_ending(&mut self) {
        let before = match self.letters() {
            [before @ .., b'e', b'e', b'd'] | [before @ .., b'e', b'e', b'd', b'l', b'y'] => {
                if before.len() >= self.r1 && !matches!(before, b"succ" | b"proc" | b"exc") {
                    self.length = before.len() + 2;
                }
                return;
            }
            [first, b'y', b'i', b'n', b'g'] if !is_vowel(*first) => return self.put(1, b"ie"),
            [before @ .., b'i', b'n', b'g'] => match before {
                b"inn" | b"out" | b"cann" | b"herr" | b"earr" | b"even" => return,
                _ => before,
            },
            [before @ .., b'e', b'd'] => before,
            [before @ .., b'e', b'd', b'l', b'y'] => before,
            [before @ .., b'i', b'n', b'g', b'l', b'y'] => before,
            _ => return,
        };
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
    fn apply(&mut self, step: fn(u8) -> &'static [Rule], region: usize) {
        let letters = self.letters();
        let Some(last) = letters.last().filter(|_| letters.len() > region) else { return };
        let fits = |(ending, by, when): &Rule| Some((letters.strip_suffix(*ending)?, *by, *when));
        let Some((before, by, when)) = step(*last).iter().find_map(fits) else { return };
        let acts = match when {
            Anything => true,
            OneOf(letters) => before.last().is_some_and(|last| letters.contains(last)),
            R2 => before.len() >= self.r2,
        };
        if acts && before.len() >= region {
            self.put(before.len(), by);
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

#[cfg(test)]
mod tests {
    use std::borrow::ToOwned;

    /// Stems and words that have them: from the sample vocabulary and the text that are published
    /// with the algorithm, each rule and exception at least once.
    const VOCABULARY: &str = "
        consign: consign consigned consigning consignment
        consist: consist consisted consistency consistent consistently consisting consists
        consol: consolation consolations console consoled consoles consoling consolingly consols
        consolatori: consolatory
        consolid: consolidate consolidated consolidating
        conson: consonant
        consort: consort consorted consorting
        conspicu: conspicuous conspicuously
        conspiraci: conspiracy
        conspir: conspirator conspirators conspire conspired conspiring
        constabl: constable constables
        constanc: constance constancy
        constant: constant
        knack: knack knacks
        knackeri: knackeries
        knave: knave knaves
        knavish: knavish
        knead: kneaded kneading
        knee: knee knees
        kneel: kneel kneeled kneeling kneels
        knell: knell
        knelt: knelt
        knife: knife
        knive: knives
        knight: knight knightly knights
        knit: knit knits knitted knitting
        knob: knob knobs
        knock: knock knocked knocking knocks
        knocker: knocker knockers
        knot: knot knots
        general: general generally
        generat: generate generates generated generating
        generic: generic generically
        generous: generous generously
        commune: commune communes
        communism: communism
        communic: communication communicate
        arsenic: arsenic
        arsenal: arsenal
        past: past
        paste: paste pastes pasted pasting
        univers: universe universes
        universal: universal universally
        universiti: university universities
        later: later
        lateral: lateral laterally
        emerg: emerge emerges
        emergenc: emergency
        organ: organ organs
        organic: organic
        organiz: organize organization
        inter: inter
        internal: internal
        interest: interest interesting
        sky: skies sky
        ski: ski skis
        die: die dies dying
        lie: lie lying
        tie: tie tying ties
        vie: vying
        idl: idly
        gentl: gently
        ugli: ugly
        earli: early
        onli: only
        singl: singly
        news: news
        howe: howe
        atlas: atlas
        cosmos: cosmos
        bias: bias
        andes: andes
        inning: inning innings
        outing: outing
        canning: canning
        herring: herring herrings
        earring: earring
        evening: evening
        proceed: proceed proceeds
        exceed: exceed
        succeed: succeed
        agre: agreed agree
        feed: feed
        caress: caresses caress
        cri: cries cry cried
        gas: gas
        this: this
        gap: gaps
        kiwi: kiwis
        us: us
        corpus: corpus
        hop: hopping hopped hop
        hope: hoping hoped hope hopefulness hopeful
        add: adding added
        egg: egging
        off: offing offed
        fail: failing
        file: filing
        luxuri: luxuriated
        troubl: troubled
        size: sized
        rap: rapped
        say: say
        by: by
        happi: happy
        yes: yes
        youth: youth
        syzygi: syzygy
        relat: relational
        condit: conditional
        ration: rational
        valenc: valency
        hesit: hesitancy
        digit: digitizer
        conform: conformably
        radic: radically
        differ: differently
        vile: vilely
        analog: analogously
        vietnam: vietnamization
        predic: predication
        oper: operator
        feudal: feudalism
        decis: decisiveness
        callous: callousness
        formal: formality formalize
        sensit: sensitivity
        sensibl: sensibility
        geolog: geology geologist geological
        triplic: triplicate
        format: formative
        electr: electricity electrical
        good: goodness
        reviv: revival
        allow: allowance
        infer: inference
        airlin: airliner
        adjust: adjustable adjustment
        defens: defensible
        irrit: irritant
        replac: replacement
        depend: dependent
        adopt: adoption
        homolog: homologous
        activ: activate
        effect: effective
        bowdler: bowdlerize
        probat: probate
        rate: rate
        ceas: cease
        control: controller
        roll: rolling roll
        flatter: flattered
        observ: observer
        as: as
        is: is
        be: be
        don't: don't
        you'r: you're
        user: user's user' user's' users
    ";

    #[test]
    fn published_stems() {
        let rows = VOCABULARY.lines().filter_map(|row| row.trim().split_once(": "));
        let pairs = rows.flat_map(|(stem, words)| words.split(' ').map(move |word| (stem, word)));
        assert!(pairs.clone().count() > 200);
        for (expected, word) in pairs {
            let mut letters = word.to_owned().into_bytes();
            let length = super::stem(&mut letters);
            assert_eq!(str::from_utf8(&letters[..length]).unwrap(), expected, "{word}");
        }
    }

    #[test]
    fn any_letters_have_a_stem() {
        // Every word of up to five of the letters that the rules look at most.
        let alphabet = b"aeiysltn'";
        for number in 0..9_u32.pow(5) {
            for length in 0..=5 {
                let mut word = [0; 5];
                for (at, letter) in word.iter_mut().enumerate() {
                    *letter = alphabet[(number / 9_u32.pow(at as u32) % 9) as usize];
                }
                let stem = super::stem(&mut word[..length]);
                assert!(stem <= length && !word.contains(&b'Y'));
            }
        }
    }
}
