//! POSTINGS: lists of (id, code) with ascending ids, in blocks of 128.
//!
//! ```text
//! 1 posting      lies in the lexicon
//! 2 to 127       ids │ codes; their widths lie in the lexicon
//! 128 and more   an entry of 7 bytes a block │ blocks, each: ids │ codes
//!                entry: last id u32, widths u8, largest code u8, least length code u8
//! widths u8      id width << 3 | code width
//! ```
//! Ids are gaps minus one from the id before (from -1 at first). Ids and codes
//! are runs of [`crate::bits::pack`]. The codes depend on the family: the
//! frequency of a word in a chunk, how a word names a symbol, where it stands in
//! a path. Largest code and least length bound the score of a block for any
//! statistics (block-max indexes: Ding and Suel, "Faster top-k document
//! retrieval using block-max indexes", 2011).

use super::{Corrupt, Section};
use crate::bits::{BLOCK, layout::Field, pack};
use bytemuck::{Pod, Zeroable};

/// Where the fields of a block's entry stand, as drawn above.
pub(crate) mod entry {
    use super::Field;

    pub(crate) const LAST: Field<u32> = Field::at(0);
    /// See [`widths`](super::widths).
    pub(crate) const WIDTHS: Field<u8> = Field::at(4);
    pub(crate) const MAX_CODE: Field<u8> = Field::at(5);
    pub(crate) const MIN_LEN: Field<u8> = Field::at(6);
    /// Bytes of an entry.
    pub(crate) const BYTES: usize = MIN_LEN.end();
}

/// What the ids of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Family {
    /// Chunks that hold the term; the code is [`super::freq_code`] of how often.
    Words,
    /// Symbols whose name has the term; code 0: it is the whole name, else the
    /// number of pieces of the name.
    Names,
    /// Documents whose path has the term; code bit 0: in the file name, bit 1:
    /// in a folder, bit 2: in the extension.
    Paths,
}

/// A posting list, found in the lexicon.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct List {
    /// How many postings it has: the document frequency of its term.
    pub count: u32,
    /// Offset into POSTINGS, or the id itself where there is one.
    pub(crate) at: u32,
    /// The code itself where there is one, the widths where there are less than
    /// 128, else the length in bytes.
    pub(crate) rest: u32,
}

/// The low bits of a byte of widths are that of the codes.
const CODE_BITS: u32 = 3;

/// The widths of ids and codes in bits, from their byte.
pub(crate) const fn widths(byte: u8) -> (u8, u8) {
    (byte >> CODE_BITS, byte & ((1 << CODE_BITS) - 1))
}

/// The byte that [`widths`] takes apart.
#[cfg(feature = "alloc")]
pub(crate) const fn widths_byte(ids: u32, codes: u32) -> u8 {
    (ids << CODE_BITS | codes) as u8
}

/// The ids and codes of one block; scratch that makes a [`Cursor`] fast.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct Decoded {
    pub(crate) ids: [u32; BLOCK],
    pub(crate) codes: [u32; BLOCK],
}

impl Decoded {
    /// Nothing decoded yet.
    pub const EMPTY: Self = Self { ids: [0; BLOCK], codes: [0; BLOCK] };
}

/// A place in a [`List`], moving forward. 44 bytes; with a [`Decoded`] beside it
/// whole blocks are unpacked at once, without one value by value: the same
/// postings either way.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct Cursor {
    at: u32,
    count: u32,
    block: u32,
    data: u32,
    base: u32,
    last: u32,
    /// The id it stands on; [`Cursor::END`] behind the last.
    pub id: u32,
    pub(crate) pos: u8,
    pub(crate) held: u8,
    id_width: u8,
    code_width: u8,
    max_code: u8,
    min_len: u8,
    shape: u8,
    /// For the caller: which term this is.
    pub tag: u8,
    /// For the caller: the most that a posting can count.
    pub weight: i32,
    /// For the caller: the most that a posting of the window at hand can count.
    pub most: i32,
}

/// Ids that a search in a block compares at once.
const GROUP: usize = 16;

const ONE: u8 = 1;
const SHORT: u8 = 2;
const LONG: u8 = 3;

fn corrupt(at: u32) -> Corrupt {
    Corrupt::new(Section::Postings, at as usize)
}

impl Cursor {
    /// The id behind the last posting.
    pub const END: u32 = u32::MAX;

    /// A cursor on the first posting of `list`.
    ///
    /// # Errors
    /// [`Corrupt`] where the list lies outside `postings` or cannot be true.
    pub fn new(list: List, postings: &[u8], slot: Option<&mut Decoded>) -> Result<Self, Corrupt> {
        let mut cursor = Self { count: list.count, id: Self::END, ..Self::zeroed() };
        match list.count {
            0 => {}
            1 => {
                cursor.shape = ONE;
                cursor.held = 1;
                (cursor.id, cursor.data, cursor.last) = (list.at, list.rest, list.at);
                (cursor.max_code, cursor.min_len) = (list.rest.min(31) as u8, 0);
                if let Some(slot) = slot {
                    slot.ids = [Self::END; BLOCK];
                    *slot.ids.first_mut().ok_or(corrupt(list.at))? = list.at;
                }
            }
            2..128 => {
                cursor.shape = SHORT;
                cursor.at = list.at;
                cursor.data = list.at;
                cursor.held = list.count as u8;
                (cursor.id_width, cursor.code_width) = widths(list.rest as u8);
                cursor.max_code = ((1u32 << cursor.code_width) - 1).min(31) as u8;
                cursor.base = u32::MAX;
                cursor.last = Self::END - 1;
                cursor.load(postings, slot)?;
            }
            _ => {
                cursor.shape = LONG;
                cursor.at = list.at;
                cursor.base = u32::MAX;
                let table = u64::from(cursor.blocks()) * entry::BYTES as u64 + u64::from(list.at);
                cursor.data = u32::try_from(table).map_err(|_| corrupt(list.at))?;
                cursor.enter(postings, 0)?;
                cursor.load(postings, slot)?;
            }
        }
        Ok(cursor)
    }

    fn blocks(&self) -> u32 {
        self.count.div_ceil(BLOCK as u32)
    }

    fn entry<'p>(&self, postings: &'p [u8], block: u32) -> Result<&'p [u8; entry::BYTES], Corrupt> {
        let at = self.at as usize + block as usize * entry::BYTES;
        postings.get(at..).and_then(<[u8]>::first_chunk).ok_or(corrupt(self.at))
    }

    /// Takes the entry of `block`; `data` and `base` are the caller's.
    fn enter(&mut self, postings: &[u8], block: u32) -> Result<(), Corrupt> {
        let (entry, bad) = (self.entry(postings, block)?, corrupt(self.at));
        self.block = block;
        self.last = entry::LAST.get(entry).ok_or(bad)?;
        (self.id_width, self.code_width) = widths(entry::WIDTHS.get(entry).ok_or(bad)?);
        self.max_code = entry::MAX_CODE.get(entry).ok_or(bad)?;
        self.min_len = entry::MIN_LEN.get(entry).ok_or(bad)?;
        self.held = (self.count - block * BLOCK as u32).min(BLOCK as u32) as u8;
        Ok(())
    }

    fn runs<'p>(&self, postings: &'p [u8]) -> Result<(&'p [u8], &'p [u8]), Corrupt> {
        let held = usize::from(self.held);
        let ids = pack::bytes(held, u32::from(self.id_width));
        let codes = pack::bytes(held, u32::from(self.code_width));
        postings
            .get(self.data as usize..)
            .and_then(|data| data.get(..ids + codes))
            .and_then(|data| data.split_at_checked(ids))
            .ok_or(corrupt(self.data))
    }

    /// Stands on the first posting of the entered block.
    fn load(&mut self, postings: &[u8], slot: Option<&mut Decoded>) -> Result<(), Corrupt> {
        let bad = corrupt(self.data);
        let (ids, _) = self.runs(postings)?;
        let held = usize::from(self.held);
        self.pos = 0;
        if let Some(slot) = slot {
            pack::unpack(ids, held, u32::from(self.id_width), &mut slot.ids).ok_or(bad)?;
            let mut id = u64::from(self.base.wrapping_add(1));
            let mut add = |gaps: &mut [u32]| {
                for (gap, before) in gaps.iter_mut().zip(0u64..) {
                    id += u64::from(*gap);
                    *gap = (id + before) as u32;
                }
                id += gaps.len() as u64;
            };
            // By eights, in which each gap waits for one addition alone.
            let (eights, rest) = slot.ids.get_mut(..held).ok_or(bad)?.as_chunks_mut::<8>();
            eights.iter_mut().for_each(|eight| add(eight));
            add(rest);
            // No id of an earlier block may stand behind these.
            slot.ids.iter_mut().skip(held).for_each(|id| *id = Self::END);
            if id > u64::from(Self::END) || (self.shape == LONG && id != u64::from(self.last) + 1) {
                return Err(bad);
            }
            self.stand(slot);
        } else {
            self.id = self.base;
            self.value(postings)?;
        }
        Ok(())
    }

    /// The code of the posting that it stands on; 0 behind the last.
    ///
    /// # Errors
    /// [`Corrupt`] where the list cannot be true.
    #[inline]
    pub fn code(&self, postings: &[u8]) -> Result<u32, Corrupt> {
        if self.id == Self::END {
            return Ok(0);
        }
        if self.shape == ONE {
            return Ok(self.data);
        }
        let (held, pos) = (usize::from(self.held), usize::from(self.pos));
        pack::get(self.codes(postings), held, u32::from(self.code_width), pos)
            .ok_or(corrupt(self.data))
    }

    /// From the codes of the block on.
    #[inline]
    fn codes<'p>(&self, postings: &'p [u8]) -> &'p [u8] {
        let ids = pack::bytes(usize::from(self.held), u32::from(self.id_width));
        postings.get(self.data as usize + ids..).unwrap_or(&[])
    }

    /// Calls `visit` with the ids before `end` and their codes, in order, and moves
    /// behind them.
    #[inline]
    pub(crate) fn each_before(
        &mut self,
        postings: &[u8],
        end: u32,
        slot: Option<&mut Decoded>,
        mut visit: impl FnMut(u32, u32),
    ) -> Result<(), Corrupt> {
        let Some(slot) = slot.filter(|_| self.shape != ONE) else {
            while self.id < end {
                visit(self.id, self.code(postings)?);
                self.next(postings, None)?;
            }
            return Ok(());
        };
        while self.id < end {
            let (held, pos) = (usize::from(self.held), usize::from(self.pos));
            let (codes, width) = (self.codes(postings), u32::from(self.code_width));
            for (&id, at) in slot.ids.get(pos..held).unwrap_or(&[]).iter().zip(pos..) {
                if id >= end {
                    break;
                }
                visit(id, pack::get(codes, held, width, at).ok_or(corrupt(self.data))?);
                self.pos += 1;
            }
            if usize::from(self.pos) >= held {
                self.next_block(postings, 0, Some(slot))?;
            } else {
                self.stand(slot);
            }
        }
        Ok(())
    }

    /// Decodes the codes of the block; ids are there already. Few of those who
    /// look for an id want its code.
    pub(crate) fn decode_codes(&self, postings: &[u8], slot: &mut Decoded) -> Result<(), Corrupt> {
        if self.shape == ONE {
            if let Some(code) = slot.codes.first_mut() {
                *code = self.data;
            }
            return Ok(());
        }
        let (_, codes) = self.runs(postings)?;
        let held = usize::from(self.held);
        pack::unpack(codes, held, u32::from(self.code_width), &mut slot.codes)
            .ok_or(corrupt(self.data))
    }

    /// Takes the id at `pos` from the decoded block.
    #[inline]
    pub(crate) fn stand(&mut self, slot: &Decoded) {
        let pos = usize::from(self.pos);
        self.id = slot.ids.get(pos).copied().unwrap_or(Self::END);
    }

    /// Decodes the id at `pos`, `id` being the one before.
    fn value(&mut self, postings: &[u8]) -> Result<(), Corrupt> {
        let bad = corrupt(self.data);
        let (ids, _) = self.runs(postings)?;
        let (held, pos) = (usize::from(self.held), usize::from(self.pos));
        let gap = pack::get(ids, held, u32::from(self.id_width), pos).ok_or(bad)?;
        let id = u64::from(self.id.wrapping_add(1)) + u64::from(gap);
        if id >= u64::from(Self::END) || (self.shape == LONG && id > u64::from(self.last)) {
            return Err(bad);
        }
        self.id = id as u32;
        Ok(())
    }

    /// Moves to the first posting of the next block whose last id is at least
    /// `target`.
    pub(crate) fn next_block(
        &mut self,
        postings: &[u8],
        target: u32,
        slot: Option<&mut Decoded>,
    ) -> Result<(), Corrupt> {
        if self.shape == LONG {
            while self.block + 1 < self.blocks() {
                let held = usize::from(self.held);
                let size = pack::bytes(held, u32::from(self.id_width))
                    + pack::bytes(held, u32::from(self.code_width));
                self.data = self.data.checked_add(size as u32).ok_or(corrupt(self.at))?;
                self.base = self.last;
                self.enter(postings, self.block + 1)?;
                if self.last <= self.base {
                    return Err(corrupt(self.at));
                }
                if self.last >= target {
                    return self.load(postings, slot);
                }
            }
        }
        (self.id, self.pos) = (Self::END, self.held);
        Ok(())
    }

    /// Moves to the next posting.
    ///
    /// # Errors
    /// [`Corrupt`] where the list cannot be true.
    #[inline]
    pub fn next(&mut self, postings: &[u8], slot: Option<&mut Decoded>) -> Result<(), Corrupt> {
        if self.id == Self::END {
            return Ok(());
        }
        self.pos += 1;
        if self.pos >= self.held {
            return self.next_block(postings, 0, slot);
        }
        match slot {
            Some(slot) => {
                self.stand(slot);
                Ok(())
            }
            None => self.value(postings),
        }
    }

    /// Moves to the first posting whose id is at least `target`. Whole blocks
    /// before it are skipped unread.
    ///
    /// # Errors
    /// [`Corrupt`] where the list cannot be true.
    #[inline]
    pub fn seek(
        &mut self,
        postings: &[u8],
        target: u32,
        slot: Option<&mut Decoded>,
    ) -> Result<(), Corrupt> {
        if self.id >= target { Ok(()) } else { self.advance(postings, target, slot) }
    }

    /// [`Cursor::seek`] from an id before `target`.
    fn advance(
        &mut self,
        postings: &[u8],
        target: u32,
        mut slot: Option<&mut Decoded>,
    ) -> Result<(), Corrupt> {
        if target > self.last {
            self.next_block(postings, target, slot.as_deref_mut())?;
        }
        let Some(slot) = slot else {
            while self.id < target {
                self.next(postings, None)?;
            }
            return Ok(());
        };
        if self.id >= target {
            return Ok(());
        }
        // Mostly it is near. All of a group are compared, which costs less than to guess
        // which will do.
        let (groups, _) = slot.ids.as_chunks::<GROUP>();
        let passed = usize::from(self.pos) / GROUP;
        for (at, group) in groups.iter().enumerate().skip(passed) {
            let below = group.iter().fold(0, |below, &id| below + u32::from(id < target)) as usize;
            self.pos = (at * GROUP + below) as u8;
            if below < GROUP {
                break;
            }
        }
        if self.pos >= self.held {
            return self.next_block(postings, target, Some(slot));
        }
        self.stand(slot);
        Ok(())
    }

    /// A code that no posting before id `end` exceeds and a length code that
    /// none goes below; `None` where there is no posting before `end`.
    ///
    /// # Errors
    /// [`Corrupt`] where an entry lies outside the section.
    #[inline]
    pub fn bound(&self, postings: &[u8], end: u32) -> Result<Option<(u8, u8)>, Corrupt> {
        if self.id >= end {
            return Ok(None);
        }
        let (mut code, mut len) = (self.max_code, self.min_len);
        if self.shape == LONG {
            let (mut block, mut last) = (self.block, self.last);
            while last < end - 1 && block + 1 < self.blocks() {
                block += 1;
                let (entry, bad) = (self.entry(postings, block)?, corrupt(self.at));
                last = entry::LAST.get(entry).ok_or(bad)?;
                code = code.max(entry::MAX_CODE.get(entry).ok_or(bad)?);
                len = len.min(entry::MIN_LEN.get(entry).ok_or(bad)?);
            }
        }
        Ok(Some((code, len)))
    }
}

/// For other [`Postings`](crate::search::Postings) than an image's.
impl List {
    /// A list of `count` postings that they know by a number.
    pub const fn elsewhere(count: u32, number: u32) -> Self {
        Self { count, at: number, rest: 0 }
    }

    /// The number of a list of theirs.
    pub const fn number(self) -> u32 {
        self.at
    }
}

/// For other [`Postings`](crate::search::Postings) than an image's.
impl Cursor {
    /// A cursor that stands on `id`, with what they want to know besides.
    pub fn elsewhere(id: u32, state: [u32; 2]) -> Self {
        let [data, base] = state;
        Self { id, data, base, ..Self::zeroed() }
    }

    /// What they wanted to know of a cursor of theirs.
    pub const fn state(&self) -> [u32; 2] {
        [self.data, self.base]
    }

    /// Moves a cursor of theirs.
    pub const fn stand_at(&mut self, id: u32, state: [u32; 2]) {
        [self.data, self.base] = state;
        self.id = id;
    }
}

impl List {
    /// Calls `visit` with every id and code, in order.
    ///
    /// # Errors
    /// [`Corrupt`] where the list cannot be true.
    pub fn each(
        self,
        postings: &[u8],
        slot: &mut Decoded,
        mut visit: impl FnMut(u32, u32),
    ) -> Result<(), Corrupt> {
        let mut cursor = Cursor::new(self, postings, Some(slot))?;
        while cursor.id != Cursor::END {
            let held = usize::from(cursor.held);
            cursor.decode_codes(postings, slot)?;
            for (&id, &code) in slot.ids.iter().zip(&slot.codes).take(held) {
                visit(id, code);
            }
            cursor.next_block(postings, 0, Some(slot))?;
        }
        Ok(())
    }
}
