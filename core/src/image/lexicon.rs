//! LEXICON: the sorted terms, those that are text front-coded in blocks of 16, the opaque ones
//! in blocks of 64 as differences of their hashes.
//!
//! ```text
//! (blocks + 1) offsets u32 into the data │ data
//! block: offset of its lists in POSTINGS u32 │ entries
//! text:  up to 16 entries: head u16 │ suffix │ for each family present, in order:
//!        count and list, or the posting of a list of one
//! head:  bits 0..5 bytes shared with the term before, 6..11 bytes of the suffix,
//!        12, 13, 14 the families words, names, paths; 15: words has one posting
//! words: one posting: id << 1 | (code > 0) varint, code u8 if > 0; else count varint
//! names, paths: one posting: id << 2 | (code > 0) << 1 | 1 varint, code u8 if > 0;
//!        else count << 1 varint
//! list:  of less than 128 postings the widths u8, of more its length in bytes varint
//! opaque: first term │ width of differences u8 │ width of ids u8 │ mask u64, a bit an entry │
//!        differences between hashes, less one │ the id of each entry outside the mask: it is
//!        in one text, once │ for each in the mask: head's bits from 12 on u8 │ families as above
//! ```
//! Lists lie in POSTINGS in the order of the entries, families in order. Differences and ids are
//! bit strings. Front coding with blocks is the classic dictionary of Witten, Moffat and Bell,
//! "Managing Gigabytes"; a sorted set of hashes as differences is the plainest of those that
//! Putze, Sanders and Singler compare ("Cache-, hash- and space-efficient Bloom filters", 2007).

use super::{Corrupt, Family, List, Section, meta::field, postings::widths};
use crate::bits::{
    layout::{Array, Field},
    pack, varint,
};
use crate::text::{OPAQUE, OPAQUE_LEN, TERM_MAX};
use bytemuck::{Pod, Zeroable};
use core::cmp::Ordering;

pub(crate) const BLOCK_TERMS: u32 = 16;
/// Opaque terms of a block.
pub(crate) const OPAQUE_BLOCK: u32 = 64;

/// Where the fields that every block begins with stand, and those of a block of opaque terms.
pub(crate) mod block {
    use super::{Field, OPAQUE_LEN};

    /// Where its lists begin in POSTINGS.
    pub(crate) const LISTS: Field<u32> = Field::at(0);
    /// The first entry of a block of text.
    pub(crate) const ENTRIES: usize = LISTS.end();

    /// The first opaque term, of [`OPAQUE_LEN`] bytes.
    pub(crate) const FIRST: usize = LISTS.end();
    pub(crate) const GAP_WIDTH: Field<u8> = Field::at(FIRST + OPAQUE_LEN);
    pub(crate) const ID_WIDTH: Field<u8> = Field::at(GAP_WIDTH.end());
    pub(crate) const MASK: Field<u64> = Field::at(ID_WIDTH.end());
    /// The differences between hashes, then ids and entries.
    pub(crate) const GAPS: usize = MASK.end();
}

/// What an entry begins with, as drawn above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head(pub(crate) u16);

impl Head {
    /// Of a block of text: the bytes in front of the suffix.
    pub(crate) const FIELD: Field<u16> = Field::at(0);
    /// Bits of each of the two lengths in bytes.
    const LEN_BITS: u32 = 6;
    /// The first bit of the families; an entry of an opaque term has these alone.
    const FAMILIES: u32 = 2 * Self::LEN_BITS;
    const SINGLE: u32 = Self::FAMILIES + 3;

    /// The head of a term whose families have so many postings.
    #[cfg(feature = "alloc")]
    pub(crate) fn new(shared: usize, suffix: usize, postings: [usize; 3]) -> Self {
        let mut head = shared as u16 | (suffix as u16) << Self::LEN_BITS;
        for (postings, bit) in postings.into_iter().zip(Self::FAMILIES..) {
            head |= u16::from(postings > 0) << bit;
        }
        let [words, ..] = postings;
        Self(head | u16::from(words == 1) << Self::SINGLE)
    }

    /// Without the lengths, as an entry of an opaque term has it.
    #[cfg(feature = "alloc")]
    pub(crate) const fn families(self) -> u8 {
        (self.0 >> Self::FAMILIES) as u8
    }

    /// What [`Head::families`] made a byte of.
    const fn of_families(byte: u8) -> Self {
        Self((byte as u16) << Self::FAMILIES)
    }

    /// Bytes shared with the term before.
    const fn shared(self) -> usize {
        self.0 as usize & ((1 << Self::LEN_BITS) - 1)
    }

    /// Bytes of the suffix.
    const fn suffix(self) -> usize {
        self.0 as usize >> Self::LEN_BITS & ((1 << Self::LEN_BITS) - 1)
    }

    const fn has(self, family: Family) -> bool {
        self.0 >> Self::FAMILIES >> family as u16 & 1 != 0
    }

    /// Whether words has one posting.
    const fn single(self) -> bool {
        self.0 >> Self::SINGLE & 1 != 0
    }
}

/// What the number in front of a family's postings says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    /// One posting, and whether its code follows, which else is 0.
    One { id: u32, coded: bool },
    /// So many, of which a list follows.
    Many(u32),
}

impl Lead {
    /// The number in front of words, whose head says if there is one posting.
    #[inline]
    const fn words(number: u32, head: Head) -> Self {
        if head.single() {
            Self::One { id: number >> 1, coded: number & 1 != 0 }
        } else {
            Self::Many(number)
        }
    }

    /// The number in front of a family that mostly has one posting.
    #[inline]
    const fn small(number: u32) -> Self {
        if number & 1 != 0 {
            Self::One { id: number >> 2, coded: number & 2 != 0 }
        } else {
            Self::Many(number >> 1)
        }
    }

    /// The number in front of `family`.
    #[cfg(feature = "alloc")]
    pub(crate) const fn number(self, family: Family) -> u32 {
        match (family, self) {
            (Family::Words, Self::One { id, coded }) => id << 1 | coded as u32,
            (Family::Words, Self::Many(count)) => count,
            (_, Self::One { id, coded }) => id << 2 | (coded as u32) << 1 | 1,
            (_, Self::Many(count)) => count << 1,
        }
    }
}

/// The lists of one term; a list with count 0 is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Term {
    /// Chunks that hold it.
    pub words: List,
    /// Symbols whose name has it.
    pub names: List,
    /// Documents whose path has it.
    pub paths: List,
}

impl Term {
    /// The list of one family.
    pub fn list(&self, family: Family) -> List {
        match family {
            Family::Words => self.words,
            Family::Names => self.names,
            Family::Paths => self.paths,
        }
    }
}

/// Reads LEXICON.
#[derive(Debug, Clone, Copy)]
pub struct Lexicon<'a> {
    offsets: Array<'a, u32>,
    data: &'a [u8],
    terms: u32,
    /// Terms that are text; they come first.
    spelt: u32,
}

fn corrupt(at: usize) -> Corrupt {
    Corrupt::new(Section::Lexicon, at)
}

/// The byte at which the offset of a block stands.
fn place(block: u32) -> usize {
    Array::<u32>::place(block as usize)
}

impl<'a> Lexicon<'a> {
    pub(super) fn new(section: &'a [u8], terms: u32, opaque: u32) -> Result<Self, Corrupt> {
        let spelt =
            terms.checked_sub(opaque).ok_or(Corrupt::new(Section::Meta, field::OPAQUE.at))?;
        let blocks = spelt.div_ceil(BLOCK_TERMS).saturating_add(opaque.div_ceil(OPAQUE_BLOCK));
        (blocks as usize)
            .checked_add(1)
            .and_then(|offsets| Array::first(section, offsets))
            .map(|(offsets, data)| Self { offsets, data, terms, spelt })
            .ok_or(corrupt(section.len()))
    }

    /// Blocks of terms that are text, and all blocks.
    fn blocks(&self) -> (u32, u32) {
        let spelt = self.spelt.div_ceil(BLOCK_TERMS);
        (spelt, spelt.saturating_add(self.terms.saturating_sub(self.spelt).div_ceil(OPAQUE_BLOCK)))
    }

    /// The first term of a block, by its number.
    fn start(&self, block: u32) -> u32 {
        let (spelt, _) = self.blocks();
        match block.checked_sub(spelt) {
            None => block.saturating_mul(BLOCK_TERMS),
            Some(opaque) => self.spelt.saturating_add(opaque.saturating_mul(OPAQUE_BLOCK)),
        }
    }

    /// The block that the term of this number begins, if it does.
    fn begun_by(&self, term: u32) -> Option<u32> {
        match term.checked_sub(self.spelt) {
            None => term.is_multiple_of(BLOCK_TERMS).then_some(term / BLOCK_TERMS),
            Some(opaque) => opaque
                .is_multiple_of(OPAQUE_BLOCK)
                .then(|| self.blocks().0.saturating_add(opaque / OPAQUE_BLOCK)),
        }
    }

    fn block(&self, block: u32) -> Result<&'a [u8], Corrupt> {
        self.offsets
            .span(block as usize)
            .and_then(|span| self.data.get(span))
            .ok_or(corrupt(place(block)))
    }

    /// The first term of a block, which stands there whole.
    fn first(&self, block: u32) -> Result<&'a [u8], Corrupt> {
        let bytes = self.block(block)?;
        let term = if block < self.blocks().0 {
            bytes.get(block::ENTRIES..).and_then(|entry| {
                let suffix = Head(Head::FIELD.get(entry)?).suffix();
                entry.get(Head::FIELD.end()..)?.get(..suffix)
            })
        } else {
            bytes.get(block::FIRST..block::GAP_WIDTH.at)
        };
        term.ok_or(corrupt(place(block)))
    }

    /// All terms, in order.
    pub fn terms(&self) -> Terms<'a> {
        Terms {
            lexicon: *self,
            next: 0,
            at: 0,
            lists: 0,
            buffer: [0; 64],
            len: 0,
            bytes: &[],
            opaque: Opaque::default(),
        }
    }

    /// The lists of `term`. O(log terms).
    ///
    /// # Errors
    /// [`Corrupt`] where an entry on the way cannot be read.
    pub fn find(&self, term: &[u8]) -> Result<Option<Term>, Corrupt> {
        let mut terms = self.seek(term)?;
        while let Some(found) = terms.next()? {
            match terms.term().cmp(term) {
                Ordering::Less => {}
                Ordering::Equal => return Ok(Some(found)),
                Ordering::Greater => break,
            }
        }
        Ok(None)
    }

    /// The terms from the block on in which `term` would stand: at most 63
    /// smaller ones come first. O(log terms).
    ///
    /// # Errors
    /// [`Corrupt`] where an entry on the way cannot be read.
    pub fn seek(&self, term: &[u8]) -> Result<Terms<'a>, Corrupt> {
        let (mut low, mut high) = (0, self.blocks().1);
        while low < high {
            let middle = u32::midpoint(low, high);
            if self.first(middle)? <= term { low = middle.saturating_add(1) } else { high = middle }
        }
        let mut terms = self.terms();
        terms.next = self.start(low.saturating_sub(1));
        Ok(terms)
    }

    /// Calls `visit` with every term that starts with `prefix`, in order.
    ///
    /// # Errors
    /// [`Corrupt`] where an entry cannot be read.
    pub fn with_prefix(
        &self,
        prefix: &[u8],
        mut visit: impl FnMut(&[u8], Term) -> Result<(), Corrupt>,
    ) -> Result<(), Corrupt> {
        let mut terms = self.seek(prefix)?;
        while let Some(found) = terms.next()? {
            if terms.term().starts_with(prefix) {
                visit(terms.term(), found)?;
            } else if terms.term() > prefix {
                break;
            }
        }
        Ok(())
    }
}

/// Walks terms in order; after each [`Terms::next`] the term is [`Terms::term`].
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    lexicon: Lexicon<'a>,
    bytes: &'a [u8],
    next: u32,
    at: usize,
    lists: u32,
    buffer: [u8; 64],
    len: usize,
    opaque: Opaque<'a>,
}

/// What is left of a block of opaque terms.
#[derive(Debug, Clone, Copy, Default)]
struct Opaque<'a> {
    hash: u32,
    gaps: &'a [u8],
    gap_width: u32,
    ids: &'a [u8],
    id_width: u32,
    /// Terms of the block so far, and how many of them have but an id.
    passed: usize,
    bare: usize,
    mask: u64,
}

impl Terms<'_> {
    /// The term that the last [`Terms::next`] returned.
    pub fn term(&self) -> &[u8] {
        self.buffer.get(..self.len).unwrap_or(&[])
    }

    /// The lists of the next term; `None` behind the last.
    ///
    /// # Errors
    /// [`Corrupt`] where the entry cannot be read.
    #[allow(clippy::should_implement_trait)] // it lends `term()`, which an Iterator cannot
    pub fn next(&mut self) -> Result<Option<Term>, Corrupt> {
        if self.next >= self.lexicon.terms {
            return Ok(None);
        }
        let opaque = self.next >= self.lexicon.spelt;
        if let Some(block) = self.lexicon.begun_by(self.next) {
            self.bytes = self.lexicon.block(block)?;
            let bad = corrupt(place(block));
            self.lists = block::LISTS.get(self.bytes).ok_or(bad)?;
            (self.at, self.len) = (block::ENTRIES, 0);
            if opaque {
                self.begin().ok_or(bad)?;
            }
        }
        let term = if opaque { self.hashed() } else { self.entry() };
        let term = term.ok_or(corrupt(place(self.next / BLOCK_TERMS)))?;
        self.next = self.next.saturating_add(1);
        Ok(Some(term))
    }

    /// Reads the head of a block of opaque terms.
    fn begin(&mut self) -> Option<()> {
        let terms = self.lexicon.terms.saturating_sub(self.next).min(OPAQUE_BLOCK) as usize;
        let &[mark, ref hash @ ..] = self.bytes.get(block::FIRST..)?.first_chunk::<OPAQUE_LEN>()?;
        let gap_width = u32::from(block::GAP_WIDTH.get(self.bytes)?);
        let id_width = u32::from(block::ID_WIDTH.get(self.bytes)?);
        let (mask, rest) = (block::MASK.get(self.bytes)?, self.bytes.get(block::GAPS..)?);
        let stray = mask.checked_shr(terms as u32).unwrap_or(0);
        if mark != OPAQUE || gap_width.max(id_width) > 32 || stray != 0 {
            return None;
        }
        let bare = terms.checked_sub(mask.count_ones() as usize)?;
        let (gaps, rest) = rest.split_at_checked(pack::bytes(terms.checked_sub(1)?, gap_width))?;
        let (ids, rest) = rest.split_at_checked(pack::bytes(bare, id_width))?;
        self.at = self.bytes.len().checked_sub(rest.len())?;
        let hash = u32::from_be_bytes(*hash);
        self.opaque = Opaque { hash, gaps, gap_width, ids, id_width, passed: 0, bare: 0, mask };
        Some(())
    }

    /// The next opaque term.
    fn hashed(&mut self) -> Option<Term> {
        let block = &mut self.opaque;
        if let Some(gap) = block.passed.checked_sub(1) {
            let gap = pack::in_string(block.gaps, block.gap_width, gap)?;
            block.hash = block.hash.checked_add(gap)?.checked_add(1)?;
        }
        let masked = block.mask >> block.passed & 1 != 0;
        block.passed = block.passed.saturating_add(1);
        let [a, b, c, d] = block.hash.to_be_bytes();
        self.buffer.get_mut(..OPAQUE_LEN)?.copy_from_slice(&[OPAQUE, a, b, c, d]);
        self.len = OPAQUE_LEN;
        if masked {
            let families = self.byte()?;
            return self.families(Head::of_families(families));
        }
        let block = &mut self.opaque;
        let at = pack::in_string(block.ids, block.id_width, block.bare)?;
        block.bare = block.bare.saturating_add(1);
        Some(Term { words: List { count: 1, at, rest: 0 }, ..Term::default() })
    }

    fn entry(&mut self) -> Option<Term> {
        let entry = self.bytes.get(self.at..)?;
        let head = Head(Head::FIELD.get(entry)?);
        let (shared, rest) = (head.shared(), head.suffix());
        let suffix = entry.get(Head::FIELD.end()..)?.get(..rest)?;
        let len = shared.saturating_add(rest);
        if shared > self.len || len > TERM_MAX {
            return None;
        }
        self.buffer.get_mut(shared..len)?.copy_from_slice(suffix);
        self.len = len;
        self.at = self.at.saturating_add(Head::FIELD.end().saturating_add(rest));
        self.families(head)
    }

    /// The lists of the families that `head` has.
    fn families(&mut self, head: Head) -> Option<Term> {
        Some(Term {
            words: if head.has(Family::Words) { self.words(head)? } else { List::default() },
            names: if head.has(Family::Names) { self.small()? } else { List::default() },
            paths: if head.has(Family::Paths) { self.small()? } else { List::default() },
        })
    }

    #[inline]
    fn words(&mut self, head: Head) -> Option<List> {
        match Lead::words(varint::decode(self.bytes, &mut self.at)?, head) {
            Lead::One { id, coded } => self.single(id, coded),
            Lead::Many(count) => self.list(count),
        }
    }

    /// A list of a family that mostly has one posting.
    #[inline]
    fn small(&mut self) -> Option<List> {
        match Lead::small(varint::decode(self.bytes, &mut self.at)?) {
            Lead::One { id, coded } => self.single(id, coded),
            Lead::Many(count) => self.list(count),
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at = self.at.saturating_add(1);
        Some(byte)
    }

    fn single(&mut self, id: u32, coded: bool) -> Option<List> {
        let code = if coded { self.byte()? } else { 0 };
        Some(List { count: 1, at: id, rest: u32::from(code) })
    }

    fn list(&mut self, count: u32) -> Option<List> {
        let (len, rest) = match count {
            0 | 1 => return None,
            2..128 => {
                let byte = self.byte()?;
                let (ids, codes) = widths(byte);
                let bytes = |width| pack::bytes(count as usize, u32::from(width)) as u32;
                (bytes(ids).saturating_add(bytes(codes)), u32::from(byte))
            }
            _ => {
                let len = varint::decode(self.bytes, &mut self.at)?;
                (len, len)
            }
        };
        let at = self.lists;
        self.lists = at.checked_add(len)?;
        Some(List { count, at, rest })
    }
}

/// Whether `b` is `a` with at most one character inserted, left out, replaced,
/// or swapped with its neighbour. Bytes stand for characters; a character of
/// several bytes counts as several.
fn within_one_edit(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (short, long) = (short.get(same..).unwrap_or(&[]), long.get(same..).unwrap_or(&[]));
    match long.len().saturating_sub(short.len()) {
        1 => long.get(1..) == Some(short),
        0 => match (short, long) {
            ([], []) => true,
            ([x, y, a @ ..], [v, w, b @ ..]) if x == w && y == v && a == b => true,
            ([_, a @ ..], [_, b @ ..]) => a == b,
            _ => false,
        },
        _ => false,
    }
}

/// Whether at most `edits` edits, two at most, make one of the terms the other, each
/// as for one edit; a swap of neighbours is not edited further. What both
/// begin with is passed over, then each edit is tried: terms that are not near are
/// mostly told by their first bytes.
pub fn within_edits(a: &[u8], b: &[u8], edits: u32) -> bool {
    if edits < 2 || within_one_edit(a, b) {
        return within_one_edit(a, b);
    }
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(same..).unwrap_or(&[]), b.get(same..).unwrap_or(&[]));
    let (after_a, after_b) = (a.get(1..).unwrap_or(&[]), b.get(1..).unwrap_or(&[]));
    within_one_edit(after_a, after_b)
        || (!a.is_empty() && within_one_edit(after_a, b))
        || (!b.is_empty() && within_one_edit(a, after_b))
        || matches!((a, b), ([x, y, a @ ..], [v, w, b @ ..])
            if x == w && y == v && within_one_edit(a, b))
}

#[cfg(test)]
mod tests {
    use super::{within_edits, within_one_edit};

    #[test]
    fn one_edit_is_told_from_two() {
        for (a, b, near) in [
            ("retry", "retry", true),
            ("retyr", "retry", true),
            ("rety", "retry", true),
            ("rretry", "retry", true),
            ("zetry", "retry", true),
            ("", "a", true),
            ("", "ab", false),
            ("ab", "ba", true),
            ("abc", "cba", false),
            ("retries", "retry", false),
        ] {
            assert_eq!(within_one_edit(a.as_bytes(), b.as_bytes()), near, "{a} {b}");
            assert_eq!(within_one_edit(b.as_bytes(), a.as_bytes()), near, "{b} {a}");
        }
    }

    #[test]
    fn two_edits_are_told_from_three() {
        for (a, b, near) in [
            ("confguratoin", "configuration", true),
            ("conifguratoin", "configuration", true),
            ("configuration", "configuration", true),
            ("cnfguration", "configuration", true),
            ("configgurattion", "configuration", true),
            ("consideration", "configuration", false),
            ("", "ab", true),
            ("", "abc", false),
        ] {
            assert_eq!(within_edits(a.as_bytes(), b.as_bytes(), 2), near, "{a} {b}");
            assert_eq!(within_edits(b.as_bytes(), a.as_bytes(), 2), near, "{b} {a}");
        }
    }
}
