//! The outline of any bytes in any language: chunks tile the text, events nest, names are in it.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use sigla_core::outline::{self, CHUNK_MAX, Event, Lang, Role, Step};

fuzz_target!(|input: &[u8]| {
    let Some((&first, text)) = input.split_first() else { return };
    let lang = Lang::ALL[usize::from(first) % Lang::ALL.len()];
    let utf8 = std::str::from_utf8(text).ok();
    let (mut tiled, mut lines) = (0, 0);
    let (mut begun, mut open) = (0, vec![]);
    outline::chunks(lang, text, &mut |step| match step {
        Step::Chunk(chunk) => {
            assert_eq!(chunk.start, tiled, "a gap or an overlap");
            assert!((1..=CHUNK_MAX).contains(&(chunk.end - chunk.start)), "{chunk:?}");
            assert!(utf8.is_none_or(|text| text.is_char_boundary(chunk.end)), "a split character");
            assert_eq!(chunk.first_line, lines, "miscounted lines");
            let bytes = &text[chunk.start..chunk.end];
            let ends = bytes.iter().filter(|&&byte| byte == b'\n').count() as u32;
            assert_eq!(chunk.lines, ends + u32::from(!bytes.ends_with(b"\n")), "{chunk:?}");
            (tiled, lines) = (chunk.end, lines + ends);
        }
        Step::Event(Event::Open(definition)) => {
            assert_eq!(usize::from(definition.depth), open.len(), "depth is what is open");
            assert!(definition.start >= begun, "definitions out of order");
            assert!(definition.start <= definition.signature, "{definition:?}");
            begun = definition.start;
            let (name, all) = (definition.name.as_ptr_range(), text.as_ptr_range());
            assert!(all.start <= name.start && name.end <= all.end, "a name outside the text");
            open.push(definition.signature);
        }
        Step::Event(Event::Close { body, end, .. }) => {
            let start = open.pop().expect("a close without an open");
            assert!(start <= body && body <= end && end <= text.len(), "{start}..{body}..{end}");
        }
        Step::Event(Event::Import { .. } | Event::Call { .. } | Event::Inert { .. }) => {
            panic!("uses in chunks")
        }
    });
    assert_eq!(tiled, text.len(), "a text without its end");
    assert!(open.is_empty(), "a definition without its end");

    // No construction makes it read again and again.
    let work = outline::looked(lang, text);
    assert!(work <= 8 * text.len() as u64 + 64, "{work} bytes looked at, of {}", text.len());

    // What a path and the head of a text say must be harmless for any path, too.
    let (path, head) = text.split_at(text.len() / 2);
    let (_, _) = (Lang::detect(path, head), Role::of(path, head));
});
