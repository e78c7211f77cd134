//! A cursor over a posting list, by any mix of steps and leaps, with room for whole blocks
//! and without, stands where a plain vector says; its bounds hold.
#![allow(clippy::unwrap_used, reason = "clippy knows helpers of tests from tests by their place")]

use proptest::collection::vec;
use proptest::prelude::*;
use sigla_core::image::{Cursor, Decoded, Image, List};
use sigla_proptests::cases;
use sigla_proptests::corpus::{Doc, Lot, image};
use sigla_proptests::model::freq_code;
use std::fmt::Write as _;

#[derive(Debug, Clone, Copy)]
enum Move {
    Next,
    /// That far beyond where it stands.
    Leap(u32),
    /// Nowhere: it stands there or behind.
    Back(u32),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let step = prop_oneof![
        4 => Just(Move::Next),
        2 => (0..9u32).prop_map(Move::Leap),
        2 => (0..600u32).prop_map(Move::Leap),
        1 => (0..9u32).prop_map(Move::Back),
    ];
    vec(step, 0..120)
}

/// An image of one-line documents, of which those in `ids` have `needle` that often.
fn haystack(ids: &[(u32, u32)]) -> Vec<u8> {
    let mut wanted = ids.iter().peekable();
    let end = ids.last().map_or(0, |(id, _)| id + 3);
    let docs: Vec<Doc> = (0..end)
        .map(|id| {
            let mut text = String::new();
            if let Some((_, count)) = wanted.next_if(|(at, _)| *at == id) {
                text = "needle ".repeat(*count as usize);
            }
            let _ = write!(text, "{}", "hay ".repeat(id as usize % 7));
            Doc::new(format!("{id:06}"), text + "\n")
        })
        .collect();
    image(&docs, false).unwrap()
}

fn needle(image: &Image<'_>) -> List {
    image.lexicon().find(b"needl").unwrap().map_or(List::default(), |term| term.words)
}

fn check(ids: &[(u32, u32)], moves: &[Move]) {
    let bytes = haystack(ids);
    let image = Image::open(&bytes).unwrap();
    let (postings, list) = (image.postings(), needle(&image));
    let model: Vec<(u32, u32)> =
        ids.iter().map(|&(id, count)| (id, u32::from(freq_code(count)))).collect();
    let mut all = vec![];
    list.each(postings, &mut Decoded::EMPTY.clone(), |id, code| all.push((id, code))).unwrap();
    assert_eq!(all, model);

    for decoded in [false, true] {
        let mut slot = Decoded::EMPTY;
        let mut slot = decoded.then_some(&mut slot);
        let mut cursor = Cursor::new(list, postings, slot.as_deref_mut()).unwrap();
        let mut at = 0;
        for step in moves.iter().copied().chain(vec![Move::Next; 40]) {
            let here = model.get(at).copied();
            assert_eq!(cursor.id, here.map_or(Cursor::END, |(id, _)| id));
            let Some((id, code)) = here else { break };
            assert_eq!(cursor.code(postings).unwrap(), code);
            for end in [id, id + 1, id + 200] {
                let bound = cursor.bound(postings, end).unwrap();
                let covered = || model[at..].iter().take_while(|(id, _)| *id < end);
                assert_eq!(bound.is_some(), covered().next().is_some());
                for &(id, code) in covered() {
                    let (most, least) = bound.unwrap();
                    assert!(code <= u32::from(most));
                    assert!(image.chunks().lens()[id as usize] >= least);
                }
            }
            let target = match step {
                Move::Next => id + 1,
                Move::Leap(far) => id + far,
                Move::Back(far) => id.saturating_sub(far),
            };
            match step {
                Move::Next => cursor.next(postings, slot.as_deref_mut()).unwrap(),
                _ => cursor.seek(postings, target, slot.as_deref_mut()).unwrap(),
            }
            at += model[at..].partition_point(|(id, _)| *id < target);
        }
        // Behind the last it stays.
        cursor.seek(postings, Cursor::END, slot.as_deref_mut()).unwrap();
        assert_eq!(cursor.id, Cursor::END);
        cursor.next(postings, slot).unwrap();
        assert_eq!(cursor.id, Cursor::END);
    }
}

/// Gaps and frequencies of a list, short or of some blocks.
fn list() -> impl Strategy<Value = Vec<(u32, u32)>> {
    let gap = prop_oneof![6 => Just(0u32), 2 => 0..4u32, 1 => 0..70u32];
    let count = prop_oneof![6 => 1..3u32, 1 => 1..300u32];
    let size = prop_oneof![0..9usize, 120..136usize, 250..300usize];
    size.prop_flat_map(move |size| vec((gap.clone(), count.clone()), size)).prop_map(|gaps| {
        let next = |id: &mut u32, (gap, count): (u32, u32)| {
            *id += gap + 1;
            Some((*id - 1, count))
        };
        gaps.into_iter().scan(0, next).collect()
    })
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn a_cursor_stands_where_a_vector_says(ids in list(), moves in moves()) {
        check(&ids, &moves);
    }
}

#[test]
fn a_cursor_stands_where_a_vector_says_in_a_list_of_thousands() {
    let mut lot = Lot::new(1);
    let mut next = 0;
    let ids: Vec<_> = (0..4000)
        .map(|at| {
            next += 1 + if lot.below(50) == 0 { lot.below(60) as u32 } else { 0 };
            (next, if at / 500 == 3 { 40 } else { 1 + lot.below(3) as u32 })
        })
        .collect();
    for seed in 0..20 {
        let mut lot = Lot::new(seed);
        let moves: Vec<Move> = (0..60)
            .map(|_| match lot.below(3) {
                0 => Move::Next,
                _ => Move::Leap(lot.below(300) as u32),
            })
            .collect();
        if seed == 0 {
            check(&ids, &vec![Move::Next; 4100]);
        }
        check(&ids, &moves);
    }
    // Exactly full blocks, and one posting more and less.
    for size in [1, 2, 127, 128, 129, 255, 256, 257] {
        check(&ids[..size], &vec![Move::Next; 300]);
    }
}
