use std::borrow::ToOwned;
use std::string::String;
use std::vec::Vec;
use std::{format, vec};

use super::*;

/// The words of `text`, and the terms of each; `=` before a whole, `#` for an opaque one.
fn analyse(text: impl AsRef<[u8]>) -> Vec<(String, String)> {
    let lines = words(text.as_ref()).map(|word| {
        let mut line = String::new();
        terms(word.bytes, &mut |term, part| {
            line += if line.is_empty() { "" } else { " " };
            line += if part == Part::Whole { "=" } else { "" };
            line += if is_opaque(term) { "#" } else { str::from_utf8(term).unwrap() };
        });
        (str::from_utf8(word.bytes).unwrap().to_owned(), line)
    });
    lines.collect()
}

fn words_of(text: impl AsRef<[u8]>) -> Vec<String> {
    analyse(text).into_iter().map(|(word, _)| word).collect()
}

fn terms_of(word: &str) -> String {
    let all = analyse(word);
    assert_eq!(all.len(), 1, "{word} is one word");
    all[0].1.clone()
}

/// What holds of every text.
fn check(text: &[u8]) {
    let mut end = 0;
    for word in words(text) {
        assert!(word.start >= end && !word.bytes.is_empty() && word.bytes.len() <= WORD_MAX);
        end = word.start + word.bytes.len();
        assert_eq!(text.get(word.start..end), Some(word.bytes));
        assert!(str::from_utf8(word.bytes).is_ok());
        // A word copied into a query is the same word there.
        assert!(words(word.bytes).eq([Word { start: 0, ..word }]), "word at {}", word.start);
        check_terms(word.bytes);
    }
}

fn check_terms(word: &[u8]) {
    let (mut all, mut last) = (vec![], None);
    terms(word, &mut |term, part| {
        assert!((1..=TERM_MAX).contains(&term.len()), "{word:?}");
        let text = str::from_utf8(term).is_ok();
        assert!(if is_opaque(term) { term.len() == OPAQUE_LEN } else { text }, "{word:?}");
        all.push(part);
        last = Some(term.to_vec());
    });
    match all.split_last() {
        None => {}
        Some((Part::Only, before)) => assert!(before.is_empty()),
        Some((Part::Whole, before)) => {
            assert!(before.len() >= 2 && before.iter().all(|part| *part == Part::Piece));
            whole(word, &mut |term| assert_eq!(Some(term), last.as_deref()));
        }
        // Sentences have none.
        Some((Part::Piece, before)) => assert!(before.len() >= 16 && !may_be_misspelt(word)),
    }
}

/// `count` numbers that look random and are the same every time.
fn noise(count: usize) -> impl Iterator<Item = usize> {
    let mut state = 1_u64;
    (0..count).map(move |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize
    })
}

/// Texts of all that the rules tell apart, well mixed.
fn mixtures() -> impl Iterator<Item = Vec<u8>> {
    let atoms: [&[u8]; 28] = [
        b"a",
        b"s",
        b"re",
        b"ing",
        b"B",
        b"HT",
        b"7",
        b"42",
        b"_",
        b"-",
        b"'",
        b" ",
        b"  \n",
        b"4bf92f35",
        b"0x",
        b"@[`{/:",
        "’".as_bytes(),
        "é".as_bytes(),
        "É".as_bytes(),
        "\u{301}".as_bytes(),
        "٣".as_bytes(),
        "漢".as_bytes(),
        "𐐀".as_bytes(),
        "—".as_bytes(),
        "😀".as_bytes(),
        b"\xff",
        b"\xe2\x80",
        b"\xc3",
    ];
    let mut noise = noise(60_000).map(move |n| atoms[n % atoms.len()]);
    core::iter::from_fn(move || {
        Some(noise.next()?.to_vec())
            .map(|first| noise.by_ref().take(29).fold(first, |text, atom| [&text, atom].concat()))
    })
}

#[test]
fn words_end_where_they_should() {
    for (text, expected) in [
        ("", &[][..]),
        (" \t(.;)\n", &[]),
        ("let x_1 = foo(bar);", &["let", "x_1", "foo", "bar"]),
        ("__init__ _ a", &["__init__", "_", "a"]),
        ("retry-with-backoff", &["retry-with-backoff"]),
        (
            "a->b a--b --flag x - 1 n-1 utf-8 -a- b-",
            &["a", "b", "a", "b", "flag", "x", "1", "n", "1", "utf", "8", "a", "b"],
        ),
        ("snake_case-kebab a_-b", &["snake_case-kebab", "a_", "b"]),
        (
            "don't DON'T we’re I'll Bob's user's-guide",
            &["don't", "DON'T", "we’re", "I'll", "Bob's", "user's", "guide"],
        ),
        (
            "f'name' r's' b't' 'it' o'clock l'été it'sx it's_",
            &[
                "f", "name", "r", "s", "b", "t", "it", "o", "clock", "l", "été", "it", "sx", "it",
                "s_",
            ],
        ),
        ("<'a> &'a str 1's", &["a", "a", "str", "1", "s"]),
        ("Grüße—ΣΊΣΥΦΟΣ, 漢字。かな ٣٤", &["Grüße", "ΣΊΣΥΦΟΣ", "漢字", "かな", "٣٤"]),
        (
            "使用Rust编写_x。テスト-ケース 한국어를3",
            &["使用", "Rust", "编写", "_x", "テスト", "ケース", "한국어를", "3"],
        ),
        ("cafe\u{301}s \u{301}x 😀\u{fe0f} हिन्दी", &["cafe\u{301}s", "x", "हिन्दी"]),
        ("naïve-é é-b x²", &["naïve", "é", "é", "b", "x²"]),
    ] {
        assert_eq!(words_of(text), expected, "{text:?}");
    }
}

#[test]
fn broken_utf8_parts_words() {
    assert_eq!(words_of(b"ab\xffcd\xc3"), ["ab", "cd"]);
    assert_eq!(words_of(b"\xe6\xbcx\xe6\xbc\xa2y"), ["x", "漢", "y"]);
    assert_eq!(words_of(b"a\xed\xa0\x80b\xc0\xafc\xf4\x90\x80\x80d"), ["a", "b", "c", "d"]);
    assert_eq!(words_of(b"a\xe2\x80s"), ["a", "s"]);
}

#[test]
fn a_word_has_pieces_and_a_whole() {
    for (word, expected) in [
        ("HTTPServer2", "http server 2 =httpserver2"),
        ("camelCase", "camel case =camelcase"),
        ("PascalCaseName", "pascal case name =pascalcasename"),
        ("snake_case", "snake case =snakecase"),
        ("SCREAMING_CASE", "scream case =screamingcase"),
        ("kebab-case", "kebab case =kebabcase"),
        ("retry-with-backoff", "retri with backoff =retrywithbackoff"),
        ("getHTTPSUrl", "get https url =gethttpsurl"),
        ("utf8", "utf 8 =utf8"),
        ("x86_64", "x 86 64 =x8664"),
        ("2fa", "2 fa =2fa"),
        ("aB", "a b =ab"),
        ("ABc", "a bc =abc"),
        ("tick_tick", "tick tick =ticktick"),
        ("URLs", "url"),
        ("userIDs", "user id =userids"),
        ("IDsOf", "id of =idsof"),
        ("IDset", "i dset =idset"),
        ("running", "run"),
        ("Connections", "connect"),
        ("__init__", "init"),
        ("_", ""),
        ("___", ""),
        ("42", "42"),
        ("don't", "don't"),
        ("DON’T", "don't"),
        ("HashMap's", "hash map =hashmap"),
        ("HashMap’S", "hash map =hashmap"),
        ("Bob's", "bob"),
        ("Grüße", "grüße"),
        ("GRÜSSE", "grüsse"),
        ("straßenName", "straßen name =straßenname"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("Σίσυφος", "σίσυφοσ"),
        ("İstanbul", "i\u{307}stanbul"),
        ("ÉcoleÉlève", "école élève =écoleélève"),
        ("e\u{301}X", "é x =éx"),
        ("E\u{301}Cole", "é cole =école"),
        ("漢", "漢"),
        ("漢字", "漢 漢字 字 =漢字"),
        ("漢字検索", "漢 漢字 字 字検 検 検索 索 =漢字検索"),
        ("ガーベ", "ガ ガー ー ーベ ベ =ガーベ"),
        ("か\u{3099}き", "が がき き =がき"),
        ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", "한 한글 글 =한글"),
        ("한글을", "한 한글 글 글을 을 =한글을"),
        (
            "一二三四五六七八九",
            "一 一二 二 二三 三 三四 四 四五 五 五六 六 六七 七 七八 八 八九 九",
        ),
        ("naïves", "naïves"),
        ("٣x", "٣ x =٣x"),
    ] {
        assert_eq!(terms_of(word), expected, "{word}");
    }
}

#[test]
fn what_looks_random_is_one_opaque_term() {
    for (word, expected) in [
        ("4bf92f3577b34da6a3ce929d0e0e4736", "#"),
        ("4BF92F35", "#"),
        ("414c343c", "#"),
        ("e77f551de9", "#"),
        ("1700000000", "#"),
        ("123456789", "#"),
        ("0x7fffffff", "#"),
        ("0X0000000a", "#"),
        ("0x123456789", "#"),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "#"),
        ("8y0sA4c8EOgdCvEjVND4s2E7I6zfs67Y4j8", "#"),
        ("req_4bf92f3577b34da6", "req # =#"),
        ("4bf92f35abcd-def", "# def =#"),
        ("_4bf92f3577b34da6_", "#"),
        // Names and what people count.
        ("20240115", "20240115"),
        ("12345678", "12345678"),
        ("0x12345678", "0 x 12345678 =0x12345678"),
        ("B2000000", "b 2000000 =b2000000"),
        ("deadbeef", "deadbeef"),
        ("decade80", "decad 80 =decade80"),
        ("sha256", "sha 256 =sha256"),
        ("4bf92f3", "4 bf 92 f 3 =4bf92f3"),
        ("4bF92f3577", "4 b f 92 f 3577 =4bf92f3577"),
        ("1000000000u64", "1000000000 u 64 =1000000000u64"),
        ("é4bf92f3577", "é 4 bf 92 f 3577 =é4bf92f3577"),
        ("4bf92f3577é", "4 bf 92 f 3577 é =4bf92f3577é"),
        ("utf8toutf16le", "utf 8 toutf 16 le =utf8toutf16le"),
        ("I16x8ExtMulHighI8x16S", "i 16 x 8 ext mul high i 8 x 16 s =i16x8extmulhighi8x16s"),
        (
            "I32x4RelaxedDotI8x16I7x16AddS",
            "i 32 x 4 relax dot i 8 x 16 i 7 x 16 add s =i32x4relaxeddoti8x16i7x16adds",
        ),
    ] {
        assert_eq!(terms_of(word), expected, "{word}");
    }
}

/// The one term of `word`.
fn only(word: &str) -> Vec<u8> {
    let mut only = vec![];
    terms(word.as_bytes(), &mut |term, part| {
        assert_eq!(part, Part::Only);
        only = term.to_vec();
    });
    let mut joined = vec![];
    whole(word.as_bytes(), &mut |term| joined = term.to_vec());
    assert_eq!(only, joined, "{word}");
    only
}

#[test]
fn opaque_terms_tell_words_apart_and_not_cases() {
    let id = "4bf92f3577b34da6a3ce929d0e0e4736";
    // FNV-1a of the word, then MurmurHash3's last steps, computed elsewhere.
    assert_eq!(only(id), b"\xff\xe1\xa6\x68\xb2");
    for same in [id.to_uppercase(), format!("0x{id}"), format!("0X{}", id.to_uppercase())] {
        assert_eq!(only(&same), only(id), "{same}");
    }
    // Longer than a term that is text.
    let long = id.repeat(5);
    assert_eq!(only(&long), only(&long.to_uppercase()));
    let mut all: Vec<_> = (0..40_000u32)
        .flat_map(|n| {
            let mixed = u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            [format!("{:010}", 1_700_000_000 + n), format!("{mixed:016x}7a7")]
        })
        .map(|word| only(&word))
        .collect();
    all.sort();
    let terms = all.len();
    all.dedup();
    // One pair in 2^32 is alike: of these 3.2e9 pairs less than one.
    assert!(all.len() + 5 > terms, "{} of {terms}", all.len());
    // As many in each sixteenth.
    let mut shares = [0; 16];
    all.iter().for_each(|term| shares[usize::from(term[1] >> 4)] += 1);
    assert!(shares.iter().all(|&share| (4_600..5_400).contains(&share)), "{shares:?}");
}

#[test]
fn terms_takes_what_is_no_word() {
    let all = |bytes: &[u8]| {
        let mut all = vec![];
        terms(bytes, &mut |term, _| all.push(String::from_utf8(term.to_vec()).unwrap()));
        all
    };
    assert_eq!(all(b""), [""; 0]);
    assert_eq!(all(b"'s"), [""; 0]);
    assert_eq!(all(b" -'-\xff\xcc"), [""; 0]);
    assert_eq!(all(b"'a b'"), ["a", "b", "ab"]);
    assert_eq!(all(b"a\xffb"), ["a", "b", "ab"]);
}

#[test]
fn the_whole_alone_is_not_stemmed() {
    for (word, expected) in
        [("Hashmaps", "hashmaps"), ("HashMaps", "hashmaps"), ("a_b-c", "abc"), ("_", "")]
    {
        let mut found = String::new();
        whole(word.as_bytes(), &mut |term| found += str::from_utf8(term).unwrap());
        assert_eq!(found, expected);
    }
}

#[test]
fn long_terms_are_cut_and_told_apart() {
    let long = |text: &str| {
        let term = terms_of(text);
        assert!(term.len() <= TERM_MAX && term.as_bytes()[term.len() - 9] == b'~', "{term}");
        term
    };
    assert_eq!(terms_of(&"a".repeat(48)), "a".repeat(48));
    // FNV-1a of 49 times `a`, computed elsewhere: stored terms depend on it.
    assert_eq!(long(&"a".repeat(49)), format!("{}~4e8d2a7c", "a".repeat(39)));
    assert_eq!(long(&"é".repeat(30)).find('~'), Some(38));
    assert_eq!(long(&"ก".repeat(17)).find('~'), Some(39));
    assert_eq!(long(&"𐐨".repeat(13)).find('~'), Some(36));
    assert_eq!(long(&format!("a{}", "𐐨".repeat(12))).find('~'), Some(37));
    let x = "x".repeat(60);
    assert_ne!(long(&format!("{x}a")), long(&format!("{x}b")));
    assert_eq!(long(&format!("{x}A")[..61].to_lowercase()), long(&format!("{x}a")));
    let parts = terms_of(&"many_parts_".repeat(20));
    assert_eq!(parts.split(' ').count(), 41);
    assert!(parts.contains("=manypartsmanypartsmanypartsmanypartsman~"));
}

#[test]
fn long_words_are_cut_between_characters() {
    for text in ["a", "_", "é", "漢", "𐐀", "a-", "e\u{301}", "aB7_"] {
        let text = text.repeat((1 << 20) / text.len());
        check(text.as_bytes());
        let words: Vec<_> = words(text.as_bytes()).collect();
        assert!(words.len() <= text.len() / (WORD_MAX - 4) + 1, "{} words", words.len());
        let kept: usize = words.iter().map(|word| word.bytes.len()).sum();
        assert!(kept >= text.len() - 2 * words.len());
    }
    assert_eq!(words(&b"-".repeat(1 << 20)).count(), 0);
    assert_eq!(words(&[0x80; 1 << 20]).count(), 0);
    let near_cut = format!("{}'s", "a".repeat(WORD_MAX - 1));
    assert_eq!(words_of(&near_cut), [&near_cut[..WORD_MAX - 1], "s"]);
}

#[test]
fn every_pair_of_bytes() {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    for (a, b) in (0..=255).flat_map(|a| (0..=255).map(move |b| (a, b))) {
        let text = [a, b];
        check(&text);
        check_terms(&text);
        let wide = str::from_utf8(&text).is_ok_and(|text| text.chars().all(char::is_alphanumeric));
        let found: usize = words(&text).map(|word| word.bytes.len()).sum();
        let expected = if wide { 2 } else { usize::from(is_word(a)) + usize::from(is_word(b)) };
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn any_mixture_is_analysed_wherever_it_stands() {
    let all: Vec<u8> = (0..=255).collect();
    check(&all);
    for text in mixtures() {
        check(&text);
        check_terms(&text);
        let expected: Vec<_> = words(&text).collect();
        for shift in [1, 31, 60, 63, 64, 65] {
            let shifted = [&b" ".repeat(shift), &text[..]].concat();
            let found = words(&shifted).map(|word| Word { start: word.start - shift, ..word });
            assert!(found.eq(expected.iter().copied()), "{text:?} after {shift} bytes");
        }
    }
}

#[test]
fn words_stay_at_their_end() {
    let mut words = words(b"one");
    assert!(words.next().is_some() && words.next().is_none() && words.next().is_none());
}
