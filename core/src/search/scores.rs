//! What a posting of each family is worth.

use super::{room::Table, scan::Worth};
use crate::image::{FREQ_CODES, LEN_CODES};
use crate::rank::bm25;

/// BM25 over chunks.
pub(super) struct Words<'w> {
    lens: &'w [u8],
    norms: &'w bm25::Norms,
    /// The same fractions, ready, where there is room for them.
    table: Option<&'w Table>,
}

impl<'w> Words<'w> {
    pub(super) fn new(lens: &'w [u8], norms: &'w bm25::Norms, table: Option<&'w Table>) -> Self {
        Self { lens, norms, table }
    }

    /// The fraction of a term's weight, by frequency and length code.
    #[inline]
    fn part(&self, freq: u32, len: u8) -> u32 {
        match self.table {
            Some(table) => {
                let at = freq as usize * LEN_CODES + usize::from(len);
                table.get(at & (FREQ_CODES * LEN_CODES - 1)).copied().map_or(0, u32::from)
            }
            None => self.norms.part(freq, len),
        }
    }
}

impl Worth for Words<'_> {
    #[inline]
    fn score(&self, weight: i32, code: u32, id: u32) -> Option<i32> {
        let &len = self.lens.get(id as usize)?;
        Some(bm25::score(weight, self.part(code, len)))
    }

    #[inline]
    fn bound(&self, weight: i32, code: u8, len: u8) -> i32 {
        bm25::score(weight, self.part(u32::from(code), len))
    }
}

/// Defined names: a name of more pieces is worth less for each.
pub(super) struct Names;

impl Worth for Names {
    #[inline]
    fn score(&self, weight: i32, code: u32, _: u32) -> Option<i32> {
        Some(name_score(weight, code))
    }

    fn bound(&self, weight: i32, _: u8, _: u8) -> i32 {
        weight.max(1)
    }
}

/// What a term in a name is worth: all of its weight where it is the whole name,
/// 2/(1 + pieces) of it elsewhere.
pub(super) fn name_score(weight: i32, code: u32) -> i32 {
    let worth = match code {
        0 => i64::from(weight),
        pieces => i64::from(weight) / (1 + i64::from(pieces)) * 2,
    };
    worth.clamp(1, i64::from(weight.max(1))) as i32
}

/// Paths: the file name counts, a folder half, the extension hardly.
pub(super) struct Paths;

impl Worth for Paths {
    #[inline]
    fn score(&self, weight: i32, code: u32, _: u32) -> Option<i32> {
        let share = if code & 1 != 0 {
            8
        } else if code & 2 != 0 {
            4
        } else {
            1
        };
        Some((weight / 8 * share).max(1))
    }

    fn bound(&self, weight: i32, _: u8, _: u8) -> i32 {
        weight.max(1)
    }
}
