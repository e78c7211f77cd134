//! The analyser on any bytes: words lie in the text in order, terms are short and never empty.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use sigla_core::text::{OPAQUE_LEN, TERM_MAX, is_opaque, terms, words};

fuzz_target!(|text: &[u8]| {
    let mut end = 0;
    for word in words(text) {
        assert!(word.start >= end, "words overlap");
        end = word.start + word.bytes.len();
        assert_eq!(text.get(word.start..end), Some(word.bytes), "not where it says");
        let mut count = 0;
        terms(word.bytes, &mut |term, _| {
            count += 1;
            assert!((1..=TERM_MAX).contains(&term.len()), "a term of {} bytes", term.len());
            let text = core::str::from_utf8(term).is_ok();
            let opaque = is_opaque(term) && term.len() == OPAQUE_LEN;
            assert!(text || opaque, "a term that is neither text nor opaque");
        });
        assert!(count <= word.bytes.len() + 1, "more terms than bytes");
    }
    // A run that no text would give must be harmless too.
    terms(text, &mut |term, _| assert!((1..=TERM_MAX).contains(&term.len())));
});
