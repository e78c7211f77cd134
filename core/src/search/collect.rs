//! One signal over one segment: posting lists become the best documents.

use super::{
    Postings, Source,
    analysis::Analysis,
    filter::Guard,
    pool::Entry,
    room::Scanning,
    scan::Scan,
    scores::{Names, Paths, Words},
    signal::Signal,
    terms::{SCORE, TermRow, WEAK},
};
use crate::image::{
    ChunkId, Corrupt, Cursor, Decoded, Doc, DocId, Family, Section, SymbolId, Term,
};
use crate::rank::Top;

/// Opens a cursor for every scoring row with a list of `family` in `segment`, but
/// for rows with the use `skip`.
pub(super) fn open(
    analysis: &Analysis<'_>,
    rows: &[TermRow],
    lists: &[Term],
    segment: &impl Source,
    (family, skip): (Family, u8),
    cursors: &mut [Cursor],
    slots: &mut [Decoded],
) -> Result<usize, Corrupt> {
    let mut used = 0;
    for ((row, term), tag) in rows.iter().take(analysis.terms).zip(lists).zip(0u8..) {
        let list = term.list(family);
        if row.is(SCORE)
            && !row.is(skip)
            && list.count > 0
            && let Some(slot) = cursors.get_mut(used)
        {
            let room = slots.get_mut(usize::from(tag));
            *slot = segment.postings().open(list, room)?;
            slot.tag = tag;
            let [words, names, paths] = row.weights;
            slot.weight = match family {
                Family::Words => words,
                Family::Names => names,
                Family::Paths => paths,
            };
            used += 1;
        }
    }
    Ok(used)
}

/// In the place of an id: a document as a whole.
const WHOLE: u32 = u32::MAX;

/// Keeps the best chunk of each document and the best documents. What a document
/// is gets looked up when it is about to enter, which few are.
struct Collector<'c, 's, 'g, 'q, S, B> {
    segment: &'g S,
    family: Family,
    guard: Guard<'g, 'q, S>,
    analysis: &'g Analysis<'q>,
    top: &'c mut Top<'s, Entry>,
    before: &'c B,
    /// The best of the document at hand; its score is negative before the first.
    best: Entry,
}

impl<S: Source, B: Fn(&Entry, &Entry) -> bool> Collector<'_, '_, '_, '_, S, B> {
    /// The score from which on a document may still enter.
    fn threshold(&self) -> i32 {
        self.top.worst().map_or(1, |worst| worst.score.max(1))
    }

    /// The next score of a document: of its chunk or its symbol `id`, as the family
    /// has it, or of it as a whole.
    fn take(&mut self, doc: DocId, id: u32, score: i32) -> Result<(), Corrupt> {
        if self.best.doc != doc.0 {
            self.flush()?;
            self.best.doc = doc.0;
        }
        if score > self.best.score && self.passes(doc, id)? {
            (self.best.score, self.best.chunk) = (score, id);
        }
        Ok(())
    }

    /// Whether the filters on symbols let the chunk pass, or any chunk of a document.
    fn passes(&self, doc: DocId, id: u32) -> Result<bool, Corrupt> {
        if !self.analysis.filters.on_symbols() {
            return Ok(true);
        }
        let doc = self.segment.doc(doc)?;
        match self.chunk(&doc, id)? {
            Some(chunk) => self.analysis.filters.chunk(self.segment, &doc, chunk),
            None => Ok(false),
        }
    }

    /// The chunk to show for what scored; any chunk of a document will do until it
    /// is examined.
    fn chunk(&self, doc: &Doc<'_>, id: u32) -> Result<Option<ChunkId>, Corrupt> {
        Ok(match self.family {
            _ if id == WHOLE => self.analysis.filters.first_chunk(self.segment, doc)?,
            Family::Names => Some(self.segment.symbol(SymbolId(id))?.chunk),
            Family::Words | Family::Paths => Some(ChunkId(id)),
        })
    }

    fn flush(&mut self) -> Result<(), Corrupt> {
        let enters = self.top.worst().is_none_or(|worst| (self.before)(&self.best, worst));
        if self.best.score >= 0 && enters {
            let chunk_known = self.family == Family::Words && self.best.chunk != WHOLE;
            if chunk_known && self.guard.is_open() {
                self.top.push(self.best, self.before);
            } else {
                let id = DocId(self.best.doc);
                let doc = self.segment.doc(id)?;
                if self.guard.passes(id, &doc)? {
                    let chunk = self.chunk(&doc, self.best.chunk)?.map_or(WHOLE, |chunk| chunk.0);
                    self.top.push(Entry { chunk, ..self.best }, self.before);
                }
            }
        }
        self.best.score = -1;
        Ok(())
    }
}

/// Offers `top` the best documents of one segment by one signal; `terms` are looked up.
pub(super) fn collect<S: Source>(
    (segment, index): (&S, u32),
    analysis: &Analysis<'_>,
    signal: Signal,
    terms: &[TermRow],
    scanning: &mut Scanning<'_>,
    (top, before): (&mut Top<'_, Entry>, &impl Fn(&Entry, &Entry) -> bool),
) -> Result<(), Corrupt> {
    let Scanning { lists, cursors, window, slots, table, .. } = scanning;
    let family = signal.family();
    // Half of the cursors for the lists that score, half for the guard's.
    let half = cursors.len() / 2;
    let (cursors, guards) = cursors.split_at_mut_checked(half).unwrap_or_default();
    // What has a name has its words in the text too: weak ones find nothing more there.
    let [_, weak_names, _] = WEAK;
    let skip = if family == Family::Names { weak_names } else { 0 };
    let used = open(analysis, terms, lists, segment, (family, skip), cursors, slots)?;
    let cursors = cursors.get_mut(..used).unwrap_or_default();
    let mut collector = Collector {
        segment,
        family,
        guard: Guard::new(segment, analysis, terms, lists, guards)?,
        analysis,
        top,
        before,
        best: Entry { score: -1, segment: index, doc: 0, chunk: u32::MAX },
    };
    let counts = segment.counts();
    if !analysis.scores(terms) {
        for id in 0..counts.documents {
            collector.take(DocId(id), WHOLE, 0)?;
        }
        return collector.flush();
    }
    let threshold = collector.threshold();
    let (slots, window, postings) = (&mut **slots, &mut **window, segment.postings());
    match family {
        Family::Words => {
            let mut docs = Ascending::default();
            let visit = |id: u32, score: i32| {
                let at = docs.of(segment, id, |doc| segment.first_chunk(doc).map(|id| id.0))?;
                collector.take(at, id, score)?;
                Ok(collector.threshold())
            };
            let score = Words::new(segment.lengths(), &analysis.norms, table.first());
            Scan { cursors, slots, window, postings, universe: counts.chunks, score }
                .run(threshold, visit)?;
        }
        Family::Names => {
            let mut docs = Ascending::default();
            let visit = |id: u32, score: i32| {
                let at = docs.of(segment, id, |doc| segment.first_symbol(doc).map(|id| id.0))?;
                collector.take(at, id, score)?;
                Ok(collector.threshold())
            };
            Scan { cursors, slots, window, postings, universe: counts.symbols, score: Names }
                .run(threshold, visit)?;
        }
        Family::Paths => {
            let visit = |id: u32, score: i32| {
                collector.take(DocId(id), WHOLE, score)?;
                Ok(collector.threshold())
            };
            Scan { cursors, slots, window, postings, universe: counts.documents, score: Paths }
                .run(threshold, visit)?;
        }
    }
    collector.flush()
}

/// The documents of ascending chunks or symbols: each search starts at the document
/// before and doubles its steps.
#[derive(Default)]
struct Ascending {
    doc: u32,
    /// Where the documents after `doc` start.
    end: u32,
}

impl Ascending {
    fn of(
        &mut self,
        segment: &impl Source,
        id: u32,
        first: impl Fn(DocId) -> Result<u32, Corrupt>,
    ) -> Result<DocId, Corrupt> {
        if id >= self.end {
            let count = segment.counts().documents;
            let (mut low, mut step) = (self.doc, 1);
            while low + step < count && first(DocId(low + step))? <= id {
                low += step;
                step *= 2;
            }
            let mut high = (low + step).min(count);
            while low + 1 < high {
                let middle = low + (high - low) / 2;
                if first(DocId(middle))? <= id { low = middle } else { high = middle }
            }
            *self = Self { doc: low, end: first(DocId(low + 1))? };
            if id >= self.end {
                return Err(Corrupt::new(Section::Docs, low as usize));
            }
        }
        Ok(DocId(self.doc))
    }
}
