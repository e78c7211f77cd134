//! The caller's memory, cut into the arrays of a search.

use super::{Entry, Error, Limits, Row, terms::TermRow};
use crate::image::{Cursor, Decoded, FREQ_CODES, LEN_CODES, Term};
use bytemuck::Pod;

/// The least window of a scan, in ids; also what an examined document uses.
const WINDOW: usize = 256;
/// The window where there is room.
const WIDE: usize = 4096;
/// Alignment of every array.
const ALIGN: usize = 4;

/// The most terms of a query, and the most that its prefixes expand to.
const MOST: (u16, u16) = (32, 64);
/// The most terms of both kinds.
pub(super) const ROWS: usize = MOST.0 as usize + MOST.1 as usize;

const fn terms(limits: &Limits) -> usize {
    let terms = if limits.terms < MOST.0 { limits.terms } else { MOST.0 };
    let expansions = if limits.expansions < MOST.1 { limits.expansions } else { MOST.1 };
    terms as usize + expansions as usize
}

/// Documents that each signal may list.
const fn listed(limits: &Limits) -> usize {
    let mut most = limits.candidates;
    if limits.hits > most {
        most = limits.hits;
    }
    if limits.verify > most {
        most = limits.verify;
    }
    most as usize
}

/// Bytes of scratch that suffice for every search within `limits`; one less gives
/// [`Error::OverBudget`].
pub const fn needs(limits: &Limits) -> usize {
    ALIGN - 1
        + terms(limits) * (size_of::<TermRow>() + size_of::<Term>() + 2 * size_of::<Cursor>())
        + WINDOW * 4
        + 3 * listed(limits) * (size_of::<Entry>() + size_of::<Row>())
}

/// Bytes of scratch from which on more gains nothing: whole blocks are decoded
/// at once, windows are wide, fractions of BM25 come from a table.
pub const fn wants(limits: &Limits) -> usize {
    needs(limits)
        + 2 * terms(limits) * size_of::<Decoded>()
        + (WIDE - WINDOW) * 4
        + size_of::<Table>()
}

/// BM25's fractions by frequency and length code.
pub(super) type Table = [u16; FREQ_CODES * LEN_CODES];

pub(super) struct Room<'s> {
    pub(super) terms: &'s mut [TermRow],
    /// The lists of the terms in the segment at hand.
    pub(super) lists: &'s mut [Term],
    /// Two for every term.
    pub(super) cursors: &'s mut [Cursor],
    pub(super) window: &'s mut [i32],
    /// Best documents by BM25, as many as candidates or hits; likewise the next two.
    pub(super) words: &'s mut [Entry],
    /// Best documents by names.
    pub(super) names: &'s mut [Entry],
    /// Best documents by path.
    pub(super) paths: &'s mut [Entry],
    /// Rows of all of them.
    pub(super) rows: &'s mut [Row],
    /// Two for every term, or none.
    pub(super) slots: &'s mut [Decoded],
    pub(super) table: Option<&'s mut Table>,
}

fn cut<'s, T: Pod>(rest: &mut &'s mut [u8], count: usize) -> Option<&'s mut [T]> {
    let (front, back) = core::mem::take(rest).split_at_mut_checked(count * size_of::<T>())?;
    *rest = back;
    bytemuck::try_cast_slice_mut(front).ok()
}

impl<'s> Room<'s> {
    pub(super) fn carve(limits: &Limits, scratch: &'s mut [u8]) -> Result<Self, Error> {
        let (need, got) = (needs(limits), scratch.len());
        let short = Error::OverBudget { need, got };
        if got < need {
            return Err(short);
        }
        let fast = got >= wants(limits);
        let skip = scratch.as_ptr().align_offset(ALIGN);
        let mut rest = scratch.get_mut(skip..).ok_or(short)?;
        let rest = &mut rest;
        let mut carve = || {
            Some(Self {
                terms: cut(rest, terms(limits))?,
                lists: cut(rest, terms(limits))?,
                cursors: cut(rest, terms(limits) * 2)?,
                window: cut(rest, if fast { WIDE } else { WINDOW })?,
                words: cut(rest, listed(limits))?,
                names: cut(rest, listed(limits))?,
                paths: cut(rest, listed(limits))?,
                rows: cut(rest, 3 * listed(limits))?,
                slots: cut(rest, if fast { 2 * terms(limits) } else { 0 })?,
                table: match fast {
                    true => cut::<Table>(rest, 1)?.first_mut(),
                    false => None,
                },
            })
        };
        carve().ok_or(short)
    }
}
