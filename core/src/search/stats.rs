//! Sums over the live documents of all segments. Nothing here depends on how the body is cut
//! into segments.

use super::{Error, Postings, Source, terms::FAMILIES, within};
use crate::image::{Corrupt, Family, List, Term, len_value};

/// Sums over the live documents of all segments.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stats {
    pub(super) documents: u32,
    pub(super) chunks: u32,
    pub(super) symbols: u32,
    pub(super) tokens: u64,
}

impl Stats {
    /// Tokens of a document in the mean, at least one.
    pub(super) fn mean_tokens(&self) -> u64 {
        (self.tokens / u64::from(self.documents.max(1))).max(1)
    }

    pub(super) fn new(segments: &[impl Source]) -> Result<Self, Error> {
        let mut stats = Self::default();
        for (index, segment) in segments.iter().enumerate() {
            let all = segment.counts();
            let (mut dead, mut chunks, mut symbols, mut tokens) = (0u32, 0u32, 0u32, 0u64);
            for id in segment.dead() {
                let doc = within(index, segment.doc(id))?;
                dead += 1;
                chunks = chunks.saturating_add(doc.end_chunk.0 - doc.first_chunk.0);
                symbols = symbols.saturating_add(doc.end_symbol.0 - doc.first_symbol.0);
                let lens = segment.lengths();
                let range = doc.first_chunk.0 as usize..doc.end_chunk.0 as usize;
                for &code in lens.get(range).unwrap_or(&[]) {
                    tokens += u64::from(len_value(code));
                }
            }
            let add = |sum: u32, all: u32, gone: u32| sum.saturating_add(all.saturating_sub(gone));
            stats.documents = add(stats.documents, all.documents, dead);
            stats.chunks = add(stats.chunks, all.chunks, chunks);
            stats.symbols = add(stats.symbols, all.symbols, symbols);
            stats.tokens = stats.tokens.saturating_add(all.tokens.saturating_sub(tokens));
        }
        Ok(stats)
    }
}

/// Postings of `list` that are alive.
fn alive(segment: &impl Source, family: Family, list: List) -> Result<u32, Corrupt> {
    let mut count = list.count;
    if segment.is_whole() || count == 0 {
        return Ok(count);
    }
    let postings = segment.postings();
    let mut cursor = postings.open(list, None)?;
    for id in segment.dead() {
        let doc = segment.doc(id)?;
        let (start, end) = match family {
            Family::Words => (doc.first_chunk.0, doc.end_chunk.0),
            Family::Names => (doc.first_symbol.0, doc.end_symbol.0),
            Family::Paths => (id.0, id.0 + 1),
        };
        postings.seek(&mut cursor, start, None)?;
        while cursor.id < end {
            count -= 1;
            postings.next(&mut cursor, None)?;
        }
    }
    Ok(count)
}

/// Adds the live postings of a term of one segment to `sums`, by family.
fn add_alive(sums: &mut [u32; 3], segment: &impl Source, found: Term) -> Result<(), Corrupt> {
    for (sum, family) in sums.iter_mut().zip(FAMILIES) {
        *sum = sum.saturating_add(alive(segment, family, found.list(family))?);
    }
    Ok(())
}

/// Live postings of `term` by family, over all segments.
pub(super) fn counts(segments: &[impl Source], term: &[u8]) -> Result<[u32; 3], Error> {
    let mut sums = [0u32; 3];
    for (index, segment) in segments.iter().enumerate() {
        if let Some(found) = within(index, segment.find(term))? {
            within(index, add_alive(&mut sums, segment, found))?;
        }
    }
    Ok(sums)
}

/// Calls `visit` once for every live term that starts with `prefix`, with its
/// counts over all segments.
pub(super) fn each_with_prefix(
    segments: &[impl Source],
    prefix: &[u8],
    accept: impl Fn(&[u8]) -> bool,
    mut visit: impl FnMut(&[u8], [u32; 3]),
) -> Result<(), Error> {
    for (index, segment) in segments.iter().enumerate() {
        let (earlier, rest) = segments.split_at_checked(index).unwrap_or((segments, &[]));
        let later = rest.get(1..).unwrap_or(&[]);
        let result = segment.with_prefix(prefix, |term, found| {
            if !accept(term) {
                return Ok(());
            }
            for segment in earlier {
                if segment.find(term)?.is_some() {
                    return Ok(());
                }
            }
            let mut sums = [0u32; 3];
            add_alive(&mut sums, segment, found)?;
            for segment in later {
                if let Some(found) = segment.find(term)? {
                    add_alive(&mut sums, segment, found)?;
                }
            }
            if sums != [0; 3] {
                visit(term, sums);
            }
            Ok(())
        });
        within(index, result)?;
    }
    Ok(())
}
