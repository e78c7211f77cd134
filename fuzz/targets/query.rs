//! Any bytes as a query: its clauses lie in it, in order, and the search for it over a good image
//! keeps its promises: budget, order, prefix, snippets inside the text.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use sigla_core::image::{Image, Segment};
use sigla_core::search::{Answer, Ask, Error, Hit, Limits, Query, Searcher, matches, needs, wants};
use sigla_fuzz::IMAGE;

fuzz_target!(|input: &[u8]| {
    let Some((&mode, raw)) = input.split_first() else { return };
    let query = if mode & 1 == 0 { Query::new(raw) } else { Query::words(raw) };
    let limits = if mode & 2 == 0 { Limits::SMALL } else { Limits::FULL };

    let mut end = raw.as_ptr();
    for clause in query.clauses() {
        let (Ask::Words(part) | Ask::Phrase(part) | Ask::Prefix(part) | Ask::Filter(_, part)) =
            clause.ask
        else {
            continue;
        };
        assert!(part.as_ptr() >= end, "clauses overlap");
        end = part.as_ptr_range().end;
        assert!(end <= raw.as_ptr_range().end, "a clause outside the query");
    }
    let (pattern, text) = raw.split_at(raw.len() / 3);
    matches(pattern, text.iter().copied());

    let segments = [Segment::new(Image::open(&IMAGE).expect("it is good"))];
    let Some((answer, hits)) = ask(&segments, &query, &limits, needs(&limits), 40) else { return };
    let mut scratch = vec![0xaa; needs(&limits)];
    let mut searcher = Searcher::new(&segments, limits, &mut scratch).expect("it is enough");
    let mut plan = searcher.plan(&query).expect("as before");
    let marks = plan.marks();
    assert!(hits.is_sorted_by(|a, b| a.score >= b.score), "out of order");
    for (number, hit) in hits.iter().enumerate() {
        assert!(hits[..number].iter().all(|other| other.doc != hit.doc), "a document twice");
        let text = segments[0].image.text().expect("it has text").get(hit.doc).expect("it is good");
        let snippet = marks.snippet(text, 5);
        assert!(snippet.start <= snippet.end && snippet.end <= text.len() && snippet.lines <= 5);
        assert!(marks.spans(text).all(|span| text.get(span).is_some()));
        let excerpt = plan.snippet(hit, 5).expect("it is good");
        assert!(excerpt.text.split_inclusive(|&b| b == b'\n').count() <= 5);
    }
    // More memory changes nothing, and fewer hits are the first of more.
    let (same, all) = ask(&segments, &query, &limits, wants(&limits), 40).expect("as before");
    assert_eq!((&same, &all), (&answer, &hits));
    let (_, few) = ask(&segments, &query, &limits, needs(&limits), 3).expect("as before");
    assert_eq!(few, hits[..few.len()]);
    assert_eq!(few.len(), hits.len().min(3));
});

/// `None` where the query is refused, which its own faults alone may cause.
fn ask<'q>(
    segments: &[Segment<'_>],
    query: &Query<'q>,
    limits: &Limits,
    memory: usize,
    most: usize,
) -> Option<(Answer<'q>, Vec<Hit>)> {
    let mut hits = vec![Hit::NONE; most];
    let mut scratch = vec![0xaa; memory];
    let mut searcher = Searcher::new(segments, *limits, &mut scratch).expect("it is enough");
    match searcher.search(query, &mut hits) {
        Ok(answer) => {
            hits.truncate(answer.hits);
            Some((answer, hits))
        }
        Err(
            Error::Empty | Error::TooManyFilters | Error::PhraseTooLong | Error::UnknownValue(_),
        ) => None,
        Err(error) => panic!("refused: {error}"),
    }
}
