//! Words that questions are put in, and changes described: rare in code, they say little of what
//! is looked for.

/// Terms that hold a sentence together.
#[rustfmt::skip]
const GLUE: &[&[u8]] = &[
    b"a", b"all", b"also", b"an", b"and", b"ani", b"are", b"as", b"at", b"be", b"been", b"both",
    b"by", b"can", b"could", b"did", b"do", b"doe", b"each", b"for", b"from", b"how", b"i", b"if",
    b"in", b"into", b"is", b"it", b"just", b"more", b"most", b"must", b"no", b"not", b"of", b"on",
    b"onli", b"onto", b"or", b"other", b"out", b"over", b"own", b"per", b"should", b"so", b"some",
    b"such", b"than", b"that", b"the", b"their", b"them", b"then", b"there", b"these", b"they",
    b"this", b"those", b"to", b"veri", b"via", b"was", b"we", b"were", b"what", b"when", b"where",
    b"whether", b"which", b"while", b"who", b"whi", b"will", b"with", b"without", b"would",
    b"you",
];

/// Terms that say what was or shall be done to something, or asked of it.
#[rustfmt::skip]
const ACTS: &[&[u8]] = &[
    b"add", b"adjust", b"allow", b"avoid", b"back", b"better", b"bring", b"bug", b"case",
    b"chang", b"clean", b"cleanup", b"code", b"correct", b"defin", b"delet", b"ensur", b"file",
    b"find", b"fix", b"get", b"handl", b"happen", b"implement", b"improv", b"instead",
    b"introduc", b"issu", b"let", b"locat", b"look", b"make", b"move", b"need", b"new", b"now",
    b"possibl", b"prevent", b"problem", b"proper", b"properli", b"provid", b"question",
    b"refactor", b"remov", b"renam", b"replac", b"rework", b"rid", b"show", b"simplifi",
    b"support", b"switch", b"tweak", b"unnecessari", b"updat", b"use", b"want", b"work",
];

/// Into how many parts the weight of a term is cut where it is asked for: `ensure that retries are
/// handled properly` is about retries. Linear in two short lists.
pub fn parts(term: &[u8]) -> i32 {
    match () {
        () if GLUE.contains(&term) => 4,
        () if ACTS.contains(&term) => 2,
        () => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::terms;
    use std::vec;

    #[test]
    fn the_lists_hold_terms_as_the_analyser_makes_them() {
        let all = |word: &str| {
            let mut found = vec![];
            terms(word.as_bytes(), &mut |term, _| found.push(parts(term)));
            found
        };
        for word in ["the", "does", "why", "only", "very", "any", "they", "without"] {
            assert_eq!(all(word), [4], "{word}");
        }
        for word in ["Ensures", "handling", "properly", "fixed", "unnecessary", "simplify", "issue"]
        {
            assert_eq!(all(word), [2], "{word}");
        }
        assert_eq!(all("retry"), [1]);
    }
}
