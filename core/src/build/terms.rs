//! LEXICON and POSTINGS, grown term by term in ascending order.

use super::{
    BuildError,
    writer::{ImageWriter, Sink},
};
use crate::bits::{BLOCK, layout::Number, pack, varint, width};
use crate::image::{
    BLOCK_TERMS, Family, Head, Lead, OPAQUE_BLOCK, Section, block, block_entry, widths_byte,
};
use crate::text::{OPAQUE, OPAQUE_LEN};
use alloc::vec::Vec;

/// The postings of one term in one family: ids ascending, a code each.
#[derive(Default)]
pub(super) struct Postings {
    pub(super) ids: Vec<u32>,
    pub(super) codes: Vec<u8>,
}

impl Postings {
    pub(super) fn clear(&mut self) {
        self.ids.clear();
        self.codes.clear();
    }

    /// Puts the ids in order; inputs of a merge mostly follow one another.
    pub(super) fn sort(&mut self) {
        if !self.ids.is_sorted() {
            let mut pairs: Vec<_> =
                self.ids.iter().copied().zip(self.codes.iter().copied()).collect();
            pairs.sort_unstable();
            (self.ids, self.codes) = pairs.into_iter().unzip();
        }
    }

    pub(super) fn push(&mut self, id: u32, code: u8) {
        self.ids.push(id);
        self.codes.push(code);
    }
}

/// Bytes of LEXICON that a writer holds at most while it writes POSTINGS.
pub(super) const LEXICON_HELD: usize = 8 << 20;

/// Where a writer is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// Writes POSTINGS and holds LEXICON.
    Lists,
    /// The same, but LEXICON is too long to be held.
    ListsAlone,
    /// Writes LEXICON, for which it is given all terms again.
    Lexicon,
}

/// Sums over the terms.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) all: u32,
    pub(super) opaque: u32,
    pub(super) longest_list: u32,
    pub(super) longest_term: u16,
}

/// The postings of one term: ids and codes of the three families.
pub(super) type Families<'p> = [(&'p [u32], &'p [u8]); 3];

/// Writes terms; the image's POSTINGS section is open meanwhile.
pub(super) struct TermsWriter {
    pass: Pass,
    /// The most bytes of `data`.
    most: usize,
    offsets: Vec<u8>,
    data: Vec<u8>,
    /// Bytes of LEXICON's data before those of `data`.
    gone: u64,
    last: Vec<u8>,
    opaque: OpaqueBlock,
    lists: Lists,
    pub(super) counts: Counts,
}

const FLUSH: usize = 1 << 16;

impl TermsWriter {
    pub(super) fn new() -> Self {
        Self::holding(usize::MAX)
    }

    /// One that holds no more than `most` bytes of LEXICON, or a term more.
    pub(super) fn holding(most: usize) -> Self {
        Self {
            pass: Pass::Lists,
            most,
            offsets: Vec::new(),
            data: Vec::new(),
            gone: 0,
            last: Vec::new(),
            opaque: OpaqueBlock::default(),
            lists: Lists::default(),
            counts: Counts::default(),
        }
    }

    /// The next term with its three lists; a term without postings is left out. `lens` are the
    /// length codes of all chunks.
    pub(super) fn term<S: Sink>(
        &mut self,
        out: &mut ImageWriter<'_, S>,
        term: &[u8],
        families: Families<'_>,
        lens: &[u8],
    ) -> Result<(), BuildError<S::Error>> {
        if families.iter().all(|(ids, _)| ids.is_empty()) {
            return Ok(());
        }
        let at = self.lists.end();
        let at = u32::try_from(at).map_err(|_| BuildError::TooLarge(Section::Postings))?;
        match term {
            &[OPAQUE, a, b, c, d] => {
                let hash = u32::from_be_bytes([a, b, c, d]);
                self.opaque.push(hash, at, families, lens, &mut self.lists);
                self.counts.opaque += 1;
                if self.opaque.hashes.len() == OPAQUE_BLOCK as usize {
                    self.close_opaque();
                }
            }
            _ => self.spelt(term, at, families, lens),
        }
        if u32::try_from(self.length()).is_err() {
            return Err(BuildError::TooLarge(Section::Lexicon));
        }
        let longest = families.iter().map(|(ids, _)| ids.len() as u32).max();
        self.counts.longest_list = self.counts.longest_list.max(longest.unwrap_or(0));
        self.counts.longest_term = self.counts.longest_term.max(term.len() as u16);
        self.counts.all += 1;
        if self.data.len() > self.most {
            if self.pass == Pass::Lists {
                (self.pass, self.most) = (Pass::ListsAlone, FLUSH * 16);
            }
            self.let_go(out)?;
        }
        if self.lists.bytes.len() >= FLUSH { self.flush(out) } else { Ok(()) }
    }

    /// A term that is text, whose lists begin at `at`.
    fn spelt(&mut self, term: &[u8], at: u32, families: Families<'_>, lens: &[u8]) {
        if self.counts.all.is_multiple_of(BLOCK_TERMS) {
            self.begin_block();
            at.push(&mut self.data);
            self.last.clear();
        }
        let shared = self.last.iter().zip(term).take_while(|(a, b)| a == b).count();
        let Head(head) = Head::new(shared, term.len() - shared, counts(families));
        head.push(&mut self.data);
        self.data.extend(term.iter().skip(shared));
        self.lists.entry(families, lens, &mut self.data);
        self.last.clear();
        self.last.extend_from_slice(term);
    }

    fn begin_block(&mut self) {
        if self.pass != Pass::Lexicon {
            (self.length() as u32).push(&mut self.offsets);
        }
    }

    /// Writes the opaque terms that wait.
    fn close_opaque(&mut self) {
        if !self.opaque.hashes.is_empty() {
            self.begin_block();
            self.opaque.write(&mut self.data);
        }
    }

    /// Bytes of LEXICON's data so far.
    fn length(&self) -> u64 {
        self.gone + self.data.len() as u64
    }

    /// Holds no data of LEXICON any more.
    fn let_go<S: Sink>(
        &mut self,
        out: &mut ImageWriter<'_, S>,
    ) -> Result<(), BuildError<S::Error>> {
        if self.pass == Pass::Lexicon {
            out.append(&self.data)?;
        } else {
            out.pause();
        }
        self.gone += self.data.len() as u64;
        self.data.clear();
        Ok(())
    }

    fn flush<S: Sink>(&mut self, out: &mut ImageWriter<'_, S>) -> Result<(), BuildError<S::Error>> {
        if self.pass != Pass::Lexicon {
            out.append(&self.lists.bytes)?;
        }
        self.lists.gone = self.lists.end();
        self.lists.bytes.clear();
        Ok(())
    }

    /// Ends POSTINGS and writes LEXICON; says whether that is done. If not, all terms are
    /// due once more, in the same order, and then this.
    pub(super) fn finish<S: Sink>(
        &mut self,
        out: &mut ImageWriter<'_, S>,
    ) -> Result<bool, BuildError<S::Error>> {
        self.close_opaque();
        if u32::try_from(self.length()).is_err() {
            return Err(BuildError::TooLarge(Section::Lexicon));
        }
        if self.pass == Pass::Lexicon {
            self.let_go(out)?;
            out.end()?;
            return Ok(true);
        }
        self.flush(out)?;
        out.end()?;
        (self.length() as u32).push(&mut self.offsets);
        if self.pass == Pass::Lists {
            out.section(Section::Lexicon, &[&self.offsets, &self.data])?;
            return Ok(true);
        }
        out.begin(Section::Lexicon)?;
        out.append(&self.offsets)?;
        self.pass = Pass::Lexicon;
        self.most = FLUSH;
        self.data.clear();
        (self.gone, self.lists.gone, self.counts) = (0, 0, Counts::default());
        Ok(false)
    }
}

/// How many postings each family has.
fn counts(families: Families<'_>) -> [usize; 3] {
    families.map(|(ids, _)| ids.len())
}

/// Opaque terms that wait for their block to be full.
#[derive(Default)]
struct OpaqueBlock {
    /// Where the lists of the first begin in POSTINGS.
    at: u32,
    hashes: Vec<u32>,
    /// The chunks of those that are in one chunk, once, and nowhere else.
    ids: Vec<u32>,
    /// The others.
    mask: u64,
    entries: Vec<u8>,
}

impl OpaqueBlock {
    fn push(&mut self, hash: u32, at: u32, families: Families<'_>, lens: &[u8], lists: &mut Lists) {
        if self.hashes.is_empty() {
            self.at = at;
        }
        if let [(&[id], &[0]), (&[], _), (&[], _)] = families {
            self.ids.push(id);
        } else {
            self.mask |= 1 << self.hashes.len();
            self.entries.push(Head::new(0, 0, counts(families)).families());
            lists.entry(families, lens, &mut self.entries);
        }
        self.hashes.push(hash);
    }

    /// Appends the block to `data` and is empty.
    fn write(&mut self, data: &mut Vec<u8>) {
        let first = self.hashes.first().copied().unwrap_or(0);
        let next = self.hashes.iter().skip(1);
        let gaps = self.hashes.iter().zip(next).map(|(a, b)| b - a - 1);
        let gap_width = width(gaps.clone().fold(0, |all, gap| all | gap));
        let id_width = width(self.ids.iter().fold(0, |all, id| all | id));
        let mut head = [0; block::GAPS];
        block::LISTS.put(&mut head, self.at);
        let [a, b, c, d] = first.to_be_bytes();
        let term: [u8; OPAQUE_LEN] = [OPAQUE, a, b, c, d];
        if let Some(slot) = head.get_mut(block::FIRST..block::GAP_WIDTH.at) {
            slot.copy_from_slice(&term);
        }
        block::GAP_WIDTH.put(&mut head, gap_width as u8);
        block::ID_WIDTH.put(&mut head, id_width as u8);
        block::MASK.put(&mut head, self.mask);
        data.extend_from_slice(&head);
        pack::string(gaps, gap_width, data);
        pack::string(self.ids.iter().copied(), id_width, data);
        data.extend_from_slice(&self.entries);
        self.hashes.clear();
        self.ids.clear();
        self.mask = 0;
        self.entries.clear();
    }
}

/// POSTINGS.
#[derive(Default)]
struct Lists {
    bytes: Vec<u8>,
    /// Bytes before those of `bytes`.
    gone: u64,
}

impl Lists {
    fn end(&self) -> u64 {
        self.gone + self.bytes.len() as u64
    }

    /// Appends the lists of a term, and what LEXICON says of them to `entry`.
    fn entry(&mut self, families: Families<'_>, lens: &[u8], entry: &mut Vec<u8>) {
        let [words, names, paths] = families;
        self.list(Family::Words, words, lens, entry);
        self.list(Family::Names, names, &[], entry);
        self.list(Family::Paths, paths, &[], entry);
    }

    fn list(
        &mut self,
        family: Family,
        (ids, codes): (&[u32], &[u8]),
        lens: &[u8],
        entry: &mut Vec<u8>,
    ) {
        match (ids, codes) {
            ([], _) | (_, []) => {}
            ([id], [code, ..]) => {
                number(Lead::One { id: *id, coded: *code > 0 }.number(family), entry);
                if *code > 0 {
                    entry.push(*code);
                }
            }
            _ => {
                number(Lead::Many(ids.len() as u32).number(family), entry);
                if ids.len() < BLOCK {
                    let widths = encode_block(ids, codes, 0, &mut self.bytes);
                    entry.push(widths);
                } else {
                    let start = self.bytes.len();
                    encode(ids, codes, lens, &mut self.bytes);
                    number((self.bytes.len() - start) as u32, entry);
                }
            }
        }
    }
}

fn number(value: u32, out: &mut Vec<u8>) {
    let (bytes, used) = varint::encode(value);
    out.extend(bytes.iter().take(used));
}

/// Appends a list of at least [`BLOCK`] postings.
fn encode(ids: &[u32], codes: &[u8], lens: &[u8], out: &mut Vec<u8>) {
    let mut entry = out.len();
    out.resize(entry + ids.len().div_ceil(BLOCK) * block_entry::BYTES, 0);
    let mut next = 0u32;
    for (ids, codes) in ids.chunks(BLOCK).zip(codes.chunks(BLOCK)) {
        let widths = encode_block(ids, codes, next, out);
        let top = codes.iter().copied().max().unwrap_or(0);
        let lens = ids.iter().map(|&id| lens.get(id as usize).copied().unwrap_or(0));
        let least = lens.min().unwrap_or(0);
        let last = ids.last().copied().unwrap_or(0);
        next = last + 1;
        if let Some(slot) = out.get_mut(entry..entry + block_entry::BYTES) {
            block_entry::LAST.put(slot, last);
            block_entry::WIDTHS.put(slot, widths);
            block_entry::MAX_CODE.put(slot, top);
            block_entry::MIN_LEN.put(slot, least);
        }
        entry += block_entry::BYTES;
    }
}

/// Appends at most [`BLOCK`] postings, the first id counted from `next`, and
/// returns their widths.
fn encode_block(ids: &[u32], codes: &[u8], mut next: u32, out: &mut Vec<u8>) -> u8 {
    let mut run = [0u32; BLOCK];
    let mut gaps = 0;
    for (slot, &id) in run.iter_mut().zip(ids) {
        *slot = id - next;
        gaps |= *slot;
        next = id + 1;
    }
    let id_width = width(gaps);
    pack::pack(run.get(..ids.len()).unwrap_or(&[]), id_width, out);
    let mut all = 0;
    for (slot, &code) in run.iter_mut().zip(codes) {
        *slot = u32::from(code);
        all |= *slot;
    }
    let code_width = width(all);
    pack::pack(run.get(..codes.len()).unwrap_or(&[]), code_width, out);
    widths_byte(id_width, code_width)
}
