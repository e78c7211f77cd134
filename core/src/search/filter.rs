//! Which documents and chunks may answer at all. Filters act before the pool, so
//! that as many hits come as there are.

use super::{
    Ask, Error, Field, Postings, Query, Source,
    analysis::Analysis,
    matches,
    terms::{EXCLUDE, REQUIRE, TermRow},
};
use crate::image::{ChunkId, Corrupt, Cursor, Doc, DocId, Symbol, SymbolId, Term};
use crate::outline::{Kind, Lang};

#[derive(Debug, Clone, Copy)]
enum What<'q> {
    Lang(Lang),
    Path(&'q [u8]),
    Kind(Kind),
    Sym(&'q [u8]),
}

/// One filter of a query.
#[derive(Debug, Clone, Copy)]
struct Filter<'q> {
    not: bool,
    what: What<'q>,
}

impl<'q> Filter<'q> {
    /// `None` for a language or kind that does not exist.
    fn new(not: bool, field: Field, value: &'q [u8]) -> Option<Self> {
        let name = core::str::from_utf8(value).ok();
        let what = match field {
            Field::Lang => What::Lang(Lang::from_name(name?)?),
            Field::Kind => What::Kind(Kind::from_name(name?)?),
            Field::Path => What::Path(value),
            Field::Sym => What::Sym(value),
        };
        Some(Self { not, what })
    }
}

/// The filters of a query: what `lang:`, `path:`, `kind:` and `sym:` demand.
#[derive(Debug, Clone, Default)]
pub struct Filters<'q>(heapless::Vec<Filter<'q>, 16>);

impl<'q> Filters<'q> {
    /// Those of `query`.
    ///
    /// # Errors
    /// [`Error::UnknownValue`], [`Error::TooManyFilters`]
    pub fn of(query: &Query<'q>) -> Result<Self, Error> {
        let mut filters = Self::default();
        filters.read(query)?;
        Ok(filters)
    }

    /// Becomes those of `query`.
    pub(super) fn read(&mut self, query: &Query<'q>) -> Result<(), Error> {
        self.0.clear();
        for clause in query.clauses() {
            if let Ask::Filter(field, value) = clause.ask {
                let filter = Filter::new(clause.not, field, value);
                let filter = filter.ok_or(Error::UnknownValue(field))?;
                self.0.push(filter).map_err(|_| Error::TooManyFilters)?;
            }
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a document's own properties pass.
    fn document(&self, doc: &Doc<'_>) -> bool {
        // Several languages are alternatives: no file has two.
        let mut langs =
            self.0.iter().filter(|f| !f.not && matches!(f.what, What::Lang(_))).peekable();
        let any_lang = langs.peek().is_none()
            || langs.any(|f| matches!(f.what, What::Lang(lang) if lang == doc.lang));
        any_lang
            && self.0.iter().all(|filter| match filter.what {
                What::Lang(lang) => !filter.not || lang != doc.lang,
                What::Path(pattern) => matches(pattern, doc.key.bytes()) != filter.not,
                What::Kind(_) | What::Sym(_) => true,
            })
    }

    /// Whether a symbol is wanted that has some kind or name.
    pub fn want_symbols(&self) -> bool {
        let on_symbols = |f: &Filter<'_>| matches!(f.what, What::Kind(_) | What::Sym(_));
        self.0.iter().any(|filter| !filter.not && on_symbols(filter))
    }

    /// Whether `symbol` is one that is wanted: its kind and name are what each filter on
    /// symbols that is not negated demands.
    pub fn want(&self, symbol: &Symbol<'_>) -> bool {
        self.symbol(symbol, false).all(|holds| holds)
    }

    /// Whether chunks are to be looked at.
    pub(super) fn on_symbols(&self) -> bool {
        self.0.iter().any(|filter| matches!(filter.what, What::Kind(_) | What::Sym(_)))
    }

    /// What each filter on symbols, negated or not, says to `symbol`.
    fn symbol(&self, symbol: &Symbol<'_>, not: bool) -> impl Iterator<Item = bool> {
        self.0.iter().filter(move |filter| filter.not == not).filter_map(|filter| {
            match filter.what {
                What::Kind(kind) => Some(symbol.kind == kind),
                What::Sym(name) if name.contains(&b'*') => {
                    Some(matches(name, symbol.name.iter().copied()))
                }
                What::Sym(name) => Some(name.eq_ignore_ascii_case(symbol.name)),
                What::Lang(_) | What::Path(_) => None,
            }
        })
    }

    /// Whether a chunk defines one symbol that passes all filters, and none that
    /// a negated one names.
    pub(super) fn chunk(
        &self,
        segment: &impl Source,
        doc: &Doc<'_>,
        chunk: ChunkId,
    ) -> Result<bool, Corrupt> {
        if !self.on_symbols() {
            return Ok(true);
        }
        let wanted = self.want_symbols();
        let mut found = !wanted;
        for id in segment.symbols_in(doc.first_symbol.0..doc.end_symbol.0, chunk)? {
            let symbol = segment.symbol(SymbolId(id))?;
            if self.symbol(&symbol, true).any(|holds| holds) {
                return Ok(false);
            }
            found |= wanted && self.want(&symbol);
        }
        Ok(found)
    }

    /// The first chunk of `doc` that passes, where there is one.
    pub(super) fn first_chunk(
        &self,
        segment: &impl Source,
        doc: &Doc<'_>,
    ) -> Result<Option<ChunkId>, Corrupt> {
        for id in doc.first_chunk.0..doc.end_chunk.0 {
            if self.chunk(segment, doc, ChunkId(id))? {
                return Ok(Some(ChunkId(id)));
            }
        }
        Ok(None)
    }
}

/// Tells for the documents of one segment, in ascending order, whether they may
/// answer.
pub(super) struct Guard<'g, 'q, S> {
    segment: &'g S,
    filters: &'g Filters<'q>,
    /// Lists of terms that must or must not occur.
    cursors: &'g mut [Cursor],
    rows: &'g [TermRow],
    /// A required term is not in this segment.
    empty: bool,
}

impl<'g, 'q, S: Source> Guard<'g, 'q, S> {
    pub(super) fn new(
        segment: &'g S,
        analysis: &'g Analysis<'q>,
        rows: &'g [TermRow],
        lists: &[Term],
        cursors: &'g mut [Cursor],
    ) -> Result<Self, Corrupt> {
        let (mut used, mut required) = (0, 0);
        for ((row, term), tag) in rows.iter().take(analysis.terms).zip(lists).zip(0u8..) {
            if row.is(EXCLUDE | REQUIRE) && term.words.count > 0 {
                required += usize::from(row.is(REQUIRE));
                if let Some(slot) = cursors.get_mut(used) {
                    *slot = segment.postings().open(term.words, None)?;
                    slot.tag = tag;
                    used += 1;
                }
            }
        }
        let all = rows.iter().take(analysis.terms).filter(|row| row.is(REQUIRE)).count();
        Ok(Self {
            segment,
            filters: &analysis.filters,
            cursors: cursors.get_mut(..used).unwrap_or(&mut []),
            rows,
            empty: required < all,
        })
    }

    /// Whether every document of the segment may answer.
    pub(super) fn is_open(&self) -> bool {
        let bare = self.segment.is_whole() && self.segment.is_unscoped();
        bare && self.filters.is_empty() && self.cursors.is_empty() && !self.empty
    }

    /// Whether `doc` may answer.
    pub(super) fn passes(&mut self, id: DocId, doc: &Doc<'_>) -> Result<bool, Corrupt> {
        if self.empty || !self.segment.may_answer(id) || !self.filters.document(doc) {
            return Ok(false);
        }
        let postings = self.segment.postings();
        for cursor in &mut *self.cursors {
            postings.seek(cursor, doc.first_chunk.0, None)?;
            let holds = cursor.id < doc.end_chunk.0;
            let row = self.rows.get(usize::from(cursor.tag));
            let (required, excluded) =
                row.map_or((false, false), |row| (row.is(REQUIRE), row.is(EXCLUDE)));
            if (required && !holds) || (excluded && holds) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
