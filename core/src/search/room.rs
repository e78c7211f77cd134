//! The caller's memory, cut into the arrays of an answer.
//!
//! What lives as long as a query is analysed ([`Kept`]) comes first. Behind it the two phases
//! share the rest: lists are scanned ([`Scanning`]), then texts are read ([`Reading`]), for phrases
//! and for what is shown. Each list of parts says what [`needs`] counts and what is cut.

use super::{
    Error, Limits, Memory,
    pool::{Entry, Row},
    signal::SIGNALS,
    terms::TermRow,
};
use crate::glyph;
use crate::image::{Cursor, Decoded, FREQ_CODES, LEN_CODES, Term};
use crate::outline::CHUNK_MAX;
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

/// BM25's fractions by frequency and length code.
pub(super) type Table = [u16; FREQ_CODES * LEN_CODES];

const fn terms(limits: &Limits) -> usize {
    let terms = if limits.terms < MOST.0 { limits.terms } else { MOST.0 };
    let expansions = if limits.expansions < MOST.1 { limits.expansions } else { MOST.1 };
    terms as usize + expansions as usize
}

/// Documents that each signal may list.
pub(super) const fn listed(limits: &Limits) -> usize {
    let mut most = limits.candidates;
    if limits.hits > most {
        most = limits.hits;
    }
    if limits.verify > most {
        most = limits.verify;
    }
    most as usize
}

/// A struct of arrays that lie one behind the other, each given by its length.
macro_rules! parts {
    (
        $(#[$about:meta])*
        $name:ident($limits:ident, $fast:ident) {
            $($(#[$doc:meta])* $part:ident: [$item:ty; $count:expr],)*
        }
    ) => {
        $(#[$about])*
        pub(super) struct $name<'s> {
            $($(#[$doc])* pub(super) $part: &'s mut [$item],)*
        }

        impl<'s> $name<'s> {
            #[allow(unused_variables)] // not every list has parts for speed
            const fn bytes($limits: &Limits, $fast: bool) -> usize {
                0 $(+ $count * size_of::<$item>())*
            }

            /// Cuts the parts from the front of `rest`.
            #[allow(unused_variables)]
            fn carve($limits: &Limits, $fast: bool, rest: &mut &'s mut [u8]) -> Option<Self> {
                Some(Self { $($part: cut(rest, $count)?,)* })
            }
        }
    };
}

parts! {
    /// What a query keeps until the next.
    Kept(limits, fast) {
        /// Its terms.
        terms: [TermRow; terms(limits)],
        /// The documents that the signals list.
        rows: [Row; SIGNALS * listed(limits)],
    }
}

parts! {
    /// What scanning lists takes.
    Scanning(limits, fast) {
        /// The lists of the terms in the segment at hand.
        lists: [Term; terms(limits)],
        /// Two for every term.
        cursors: [Cursor; 2 * terms(limits)],
        /// Sums by id.
        window: [i32; if fast { WIDE } else { WINDOW }],
        /// Best documents by each signal, as many as candidates or hits.
        tops: [Entry; SIGNALS * listed(limits)],
        /// Two for every term, or none.
        slots: [Decoded; if fast { 2 * terms(limits) } else { 0 }],
        /// One or none.
        table: [Table; fast as usize],
    }
}

parts! {
    /// What reading a text takes.
    Reading(limits, fast) {
        /// The decoder's.
        numbers: [u16; glyph::numbers(limits.record_max as usize)],
        /// One chunk.
        chunk: [u8; CHUNK_MAX],
    }
}

const fn bytes(limits: &Limits, fast: bool) -> usize {
    let (scan, reading) = (Scanning::bytes(limits, fast), Reading::bytes(limits, fast));
    ALIGN - 1 + Kept::bytes(limits, fast) + if scan > reading { scan } else { reading }
}

/// Bytes of scratch that suffice for every answer within `limits`, the text of a hit
/// included; one less gives [`Error::OverBudget`].
pub const fn needs(limits: &Limits) -> usize {
    bytes(limits, false)
}

/// Bytes of scratch from which on more gains nothing: whole blocks are decoded
/// at once, windows are wide, fractions of BM25 come from a table.
pub const fn wants(limits: &Limits) -> usize {
    bytes(limits, true)
}

fn cut<'s, T: Pod>(rest: &mut &'s mut [u8], count: usize) -> Option<&'s mut [T]> {
    let (front, back) = core::mem::take(rest).split_at_mut_checked(count * size_of::<T>())?;
    *rest = back;
    bytemuck::try_cast_slice_mut(front).ok()
}

/// All of it.
pub(super) struct Room<'s> {
    pub(super) kept: Kept<'s>,
    rest: &'s mut [u8],
    limits: Limits,
    /// There is more than is needed.
    fast: bool,
}

impl<'s> Room<'s> {
    pub(super) fn new(limits: &Limits, scratch: &'s mut [u8]) -> Result<Self, Error> {
        let (need, got) = (needs(limits), scratch.len());
        let short = Error::OverBudget { what: Memory::Scratch, need, got };
        if got < need {
            return Err(short);
        }
        let fast = got >= wants(limits);
        let skip = scratch.as_ptr().align_offset(ALIGN);
        let mut rest = scratch.get_mut(skip..).ok_or(short)?;
        let kept = Kept::carve(limits, fast, &mut rest).ok_or(short)?;
        Ok(Self { kept, rest, limits: *limits, fast })
    }

    fn short(&self) -> Error {
        Error::OverBudget { what: Memory::Scratch, need: needs(&self.limits), got: self.rest.len() }
    }

    /// The terms and rows, and what scanning takes.
    pub(super) fn scan(&mut self) -> Result<(&mut Kept<'s>, Scanning<'_>), Error> {
        let short = self.short();
        let scan = Scanning::carve(&self.limits, self.fast, &mut &mut *self.rest).ok_or(short)?;
        Ok((&mut self.kept, scan))
    }

    /// The terms and rows, and what reading takes.
    pub(super) fn reading(&mut self) -> Result<(&mut Kept<'s>, Reading<'_>), Error> {
        let short = self.short();
        let reading = Reading::carve(&self.limits, self.fast, &mut &mut *self.rest).ok_or(short)?;
        Ok((&mut self.kept, reading))
    }
}
