//! LEXICON and POSTINGS, grown term by term in ascending order.

use super::{
    BuildError,
    writer::{ImageWriter, Sink},
};
use crate::bits::{BLOCK, pack, varint, width};
use crate::image::{BLOCK_TERMS, SINGLE, SKIP, Section};
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
    lists: Vec<u8>,
    flushed: u64,
    pub(super) terms: u32,
    pub(super) longest_list: u32,
    pub(super) longest_term: u16,
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
            lists: Vec::new(),
            flushed: 0,
            terms: 0,
            longest_list: 0,
            longest_term: 0,
        }
    }

    /// The next term with its three lists, given as slices of ids and codes; a
    /// term without postings is left out. `lens` are the length codes of all chunks.
    pub(super) fn term<S: Sink>(
        &mut self,
        out: &mut ImageWriter<'_, S>,
        term: &[u8],
        families: [(&[u32], &[u8]); 3],
        lens: &[u8],
    ) -> Result<(), BuildError<S::Error>> {
        if families.iter().all(|(ids, _)| ids.is_empty()) {
            return Ok(());
        }
        let at = self.flushed + self.lists.len() as u64;
        let at = u32::try_from(at).map_err(|_| BuildError::TooLarge(Section::Postings))?;
        if self.terms.is_multiple_of(BLOCK_TERMS) {
            if self.pass != Pass::Lexicon {
                self.offsets.extend_from_slice(&(self.length() as u32).to_le_bytes());
            }
            self.data.extend_from_slice(&at.to_le_bytes());
            self.last.clear();
        }
        let shared = self.last.iter().zip(term).take_while(|(a, b)| a == b).count();
        let mut head = shared as u16 | ((term.len() - shared) as u16) << 6;
        for (bit, (ids, _)) in families.iter().enumerate() {
            head |= u16::from(!ids.is_empty()) << (12 + bit);
        }
        let [(words, _), ..] = families;
        if words.len() == 1 {
            head |= SINGLE;
        }
        self.data.extend_from_slice(&head.to_le_bytes());
        self.data.extend(term.iter().skip(shared));
        for (family, (ids, codes)) in families.into_iter().enumerate() {
            self.list(ids, codes, if family == 0 { lens } else { &[] });
        }
        if u32::try_from(self.length()).is_err() {
            return Err(BuildError::TooLarge(Section::Lexicon));
        }
        self.last.clear();
        self.last.extend_from_slice(term);
        self.longest_term = self.longest_term.max(term.len() as u16);
        self.terms += 1;
        if self.data.len() > self.most {
            if self.pass == Pass::Lists {
                (self.pass, self.most) = (Pass::ListsAlone, FLUSH * 16);
            }
            self.let_go(out)?;
        }
        if self.lists.len() >= FLUSH { self.flush(out) } else { Ok(()) }
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

    fn varint(&mut self, value: u32) {
        let (bytes, used) = varint::encode(value);
        self.data.extend(bytes.iter().take(used));
    }

    fn list(&mut self, ids: &[u32], codes: &[u8], lens: &[u8]) {
        let words = !lens.is_empty();
        self.longest_list = self.longest_list.max(ids.len() as u32);
        match (ids, codes) {
            ([], _) | (_, []) => {}
            ([id], [code, ..]) => {
                let coded = u32::from(*code > 0);
                self.varint(if words { id << 1 | coded } else { id << 2 | coded << 1 | 1 });
                if *code > 0 {
                    self.data.push(*code);
                }
            }
            _ => {
                let count = ids.len() as u32;
                self.varint(if words { count } else { count << 1 });
                if ids.len() < BLOCK {
                    let widths = encode_block(ids, codes, 0, &mut self.lists);
                    self.data.push(widths);
                } else {
                    let start = self.lists.len();
                    encode(ids, codes, lens, &mut self.lists);
                    self.varint((self.lists.len() - start) as u32);
                }
            }
        }
    }

    fn flush<S: Sink>(&mut self, out: &mut ImageWriter<'_, S>) -> Result<(), BuildError<S::Error>> {
        if self.pass != Pass::Lexicon {
            out.append(&self.lists)?;
        }
        self.flushed += self.lists.len() as u64;
        self.lists.clear();
        Ok(())
    }

    /// Ends POSTINGS and writes LEXICON; says whether that is done. If not, all terms are
    /// due once more, in the same order, and then this.
    pub(super) fn finish<S: Sink>(
        &mut self,
        out: &mut ImageWriter<'_, S>,
    ) -> Result<bool, BuildError<S::Error>> {
        if self.pass == Pass::Lexicon {
            self.let_go(out)?;
            out.end()?;
            return Ok(true);
        }
        self.flush(out)?;
        out.end()?;
        self.offsets.extend_from_slice(&(self.length() as u32).to_le_bytes());
        if self.pass == Pass::Lists {
            out.section(Section::Lexicon, &[&self.offsets, &self.data])?;
            return Ok(true);
        }
        out.begin(Section::Lexicon)?;
        out.append(&self.offsets)?;
        self.pass = Pass::Lexicon;
        self.most = FLUSH;
        self.data.clear();
        (self.gone, self.flushed, self.terms) = (0, 0, 0);
        Ok(false)
    }
}

/// Appends a list of at least [`BLOCK`] postings.
fn encode(ids: &[u32], codes: &[u8], lens: &[u8], out: &mut Vec<u8>) {
    let mut entry = out.len();
    out.resize(entry + ids.len().div_ceil(BLOCK) * SKIP, 0);
    let mut next = 0u32;
    for (ids, codes) in ids.chunks(BLOCK).zip(codes.chunks(BLOCK)) {
        let widths = encode_block(ids, codes, next, out);
        let top = codes.iter().copied().max().unwrap_or(0);
        let lens = ids.iter().map(|&id| lens.get(id as usize).copied().unwrap_or(0));
        let least = lens.min().unwrap_or(0);
        let last = ids.last().copied().unwrap_or(0);
        next = last + 1;
        let [a, b, c, d] = last.to_le_bytes();
        if let Some(slot) = out.get_mut(entry..entry + SKIP) {
            slot.copy_from_slice(&[a, b, c, d, widths, top, least]);
        }
        entry += SKIP;
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
    (id_width << 3 | code_width) as u8
}
