//! A text in windows that end where its lines end, so that what is held does not follow its
//! length: a window and the longest line.
//!
//! ```text
//!        ┌ start          ┌ fresh                ┌ behind the last line end in reach
//! ───────┼────────────────┼──────────────────────┼────────┬──────────
//!  done  │ lines above    │ a window's new lines │ begun  │ not read
//! ───────┴────────────────┴──────────────────────┴────────┴──────────
//! ```
//! Lines are searched one by one, so that it does not matter which of them are searched
//! together. Where a match may span lines, all of the text is one window.

use std::io::{self, Read};
use std::ops::{ControlFlow, Range};

use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use memchr::{memchr_iter, memrchr, memrchr_iter};

use super::pattern::{Line, Pattern};

/// Bytes that are read at once.
pub const WINDOW: usize = 256 << 10;

/// Lines of a text.
#[derive(Debug, Clone, Copy)]
pub struct Window<'t> {
    bytes: &'t [u8],
    /// Where `bytes` begins in the text.
    start: usize,
    /// Where the lines that are new begin in the text.
    fresh: usize,
    /// How many lines are above these.
    above: u64,
}

impl<'t> Window<'t> {
    /// A text that is held whole.
    pub fn whole(text: &'t [u8]) -> Window<'t> {
        Window { bytes: text, start: 0, fresh: 0, above: 0 }
    }

    /// One past its last byte in the text.
    pub fn end(&self) -> usize {
        self.start + self.bytes.len()
    }

    /// Bytes of the text, as far as they are held.
    pub fn get(&self, range: Range<usize>) -> &'t [u8] {
        let from = range.start.saturating_sub(self.start);
        let to = range.end.saturating_sub(self.start).min(self.bytes.len());
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// The lines that no window before had.
    pub fn fresh(&self) -> &'t [u8] {
        self.get(self.fresh..self.end())
    }

    /// [`Pattern::lines`] of them, at their places in the text.
    pub fn lines(
        &self,
        pattern: &Pattern,
        all: bool,
        mut visit: impl FnMut(&Line<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        pattern.lines(self.fresh(), all, |line| {
            let (number, start) = (self.above + line.number, self.fresh + line.start);
            visit(&Line { number, start, ..*line })
        })
    }
}

/// What turns the bytes of a file into its text, as [`crate::tree::decode::decode_any`] does.
pub fn decoder<R: Read>(bytes: R) -> DecodeReaderBytes<R, Vec<u8>> {
    DecodeReaderBytesBuilder::new().utf8_passthru(true).strip_bom(true).build(bytes)
}

/// A text, window by window.
#[derive(Debug)]
pub struct Windows<'r, R> {
    rest: DecodeReaderBytes<R, Vec<u8>>,
    /// What is held, and room behind it.
    room: &'r mut Vec<u8>,
    filled: usize,
    /// There is no more to read.
    ended: bool,
    /// The lines of the last window that were new.
    fresh: Range<usize>,
    /// Where `room` begins in the text.
    start: usize,
    /// Lines above `fresh`.
    above: u64,
    how: Holding,
}

/// What is held besides new lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// So many lines above them.
    Above(usize),
    /// The whole text, of about so many bytes.
    All(u64),
}

impl<'r, R: Read> Windows<'r, R> {
    /// The text of a file's `bytes`. What `room` holds is replaced; who goes through many
    /// texts brings the same again.
    pub fn new(bytes: R, how: Holding, room: &'r mut Vec<u8>) -> Windows<'r, R> {
        let rest = decoder(bytes);
        Windows { rest, room, filled: 0, ended: false, fresh: 0..0, start: 0, above: 0, how }
    }

    /// The beginning of the text, before the first window.
    ///
    /// # Errors
    /// As [`Windows::next`].
    pub fn head(&mut self) -> io::Result<&[u8]> {
        if self.filled == 0 {
            self.fill()?;
        }
        Ok(self.room.get(..self.filled).unwrap_or_default())
    }

    /// The next window; `None` behind the last.
    ///
    /// # Errors
    /// The file cannot be read, or the machine has no room for a line.
    #[allow(clippy::should_implement_trait, reason = "an iterator cannot lend")]
    pub fn next(&mut self) -> io::Result<Option<Window<'_>>> {
        let done = self.done();
        self.above += memchr_iter(b'\n', self.held(self.fresh.clone())).count() as u64;
        self.room.copy_within(done..self.filled, 0);
        self.start += done;
        self.filled -= done;
        let fresh = self.fresh.end - done;
        let mut looked = fresh;
        let end = loop {
            match memrchr(b'\n', self.held(looked..self.filled)) {
                Some(at) if self.is_cut() => break looked + at + 1,
                _ => looked = self.filled,
            }
            if !self.fill()? {
                break self.filled;
            }
        };
        self.fresh = fresh..end;
        let (start, above) = (self.start, self.above);
        let window = Window { bytes: self.held(0..end), start, fresh: start + fresh, above };
        Ok(Some(window).filter(|window| !window.fresh().is_empty()))
    }

    fn is_cut(&self) -> bool {
        matches!(self.how, Holding::Above(_))
    }

    fn held(&self, range: Range<usize>) -> &[u8] {
        self.room.get(range).unwrap_or_default()
    }

    /// How much of what is held no further window needs.
    fn done(&self) -> usize {
        let Holding::Above(lines) = self.how else { return 0 };
        let end = self.fresh.end;
        if lines == 0 {
            return end;
        }
        // The last of the line ends is that of the first line above.
        let mut ends = memrchr_iter(b'\n', self.held(0..end));
        ends.nth(lines).map_or(0, |at| at + 1)
    }

    /// Reads on; whether there was more.
    fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let more = match self.how {
            // One byte more than there are tells the end.
            Holding::All(size) if self.filled == 0 => {
                usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1)
            }
            _ => WINDOW.max(self.filled / 4),
        };
        let least = self.filled.saturating_add(more);
        if let Some(missing) = least.checked_sub(self.room.len()) {
            self.room.try_reserve_exact(missing)?;
            self.room.resize(least, 0);
        }
        let before = self.filled;
        while let Some(room) = self.room.get_mut(self.filled..).filter(|room| !room.is_empty()) {
            match self.rest.read(room) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.filled > before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::exact::pattern::How;
    use crate::tree::decode::decode_any;

    /// Gives its bytes in dribs and drabs.
    struct Slow<'b>(&'b [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(room.len()).min(self.0.len() % 5000 + 1);
            let (now, later) = self.0.split_at(count);
            room[..count].copy_from_slice(now);
            self.0 = later;
            Ok(count)
        }
    }

    fn texts() -> Vec<Vec<u8>> {
        let lines = |count: u32| -> String {
            (0..count).map(|n| format!("{n} größe {}\n", "y".repeat(n as usize % 70))).collect()
        };
        let text = lines(8_000);
        let long = format!("a\n{}x\nb", "z".repeat(3 * WINDOW));
        let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("\u{feff}{text}").encode_utf16().flat_map(order).collect()
        };
        let torn = [&wide(u16::to_le_bytes)[..], &[0x3d, 0xd8, 0x41]].concat();
        let marked = format!("\u{feff}{text}").into_bytes();
        let mut all = vec![text.clone().into_bytes(), long.into_bytes(), marked, torn];
        all.push(wide(u16::to_be_bytes));
        all.push(text.replace('\n', "\r\n").into_bytes());
        all.extend(
            [&b""[..], b"\n", b"\n\n", b"a", b"\xff", b"\xff\xfe", b"x\xff\0\n\n"].map(Vec::from),
        );
        all
    }

    #[test]
    fn windows_are_the_text_and_hold_the_lines_above() {
        let mut room = Vec::new();
        for raw in texts() {
            let text = decode_any(&raw);
            for how in [0, 1, 7, 5_000].map(Holding::Above).into_iter().chain([Holding::All(9)]) {
                let mut windows = Windows::new(Slow(&raw), how, &mut room);
                assert!(text.starts_with(&windows.head().unwrap()[..text.len().min(512)]));
                let mut end = 0;
                while let Some(window) = windows.next().unwrap() {
                    assert_eq!(window.fresh, end);
                    end = window.end();
                    assert!(window.get(window.start..end) == &text[window.start..end]);
                    assert!(end == text.len() || window.fresh().ends_with(b"\n"));
                    let above = &text[..window.fresh];
                    assert_eq!(window.above, memchr_iter(b'\n', above).count() as u64);
                    let held = window.get(window.start..window.fresh);
                    let lines = memchr_iter(b'\n', held).count();
                    match how {
                        Holding::Above(most) => assert_eq!(lines, most.min(window.above as usize)),
                        Holding::All(_) => assert_eq!(end, text.len()),
                    }
                }
                assert_eq!(end, text.len());
            }
            assert!(room.len() < 2 * text.len() + 5 * WINDOW, "{}", room.len());
        }
    }

    #[test]
    fn lines_are_those_of_the_whole_text() {
        let regex = How { regex: true, ..How::default() };
        let not = How { invert: true, ..regex };
        let cases = [("größe y*$", regex), ("", regex), (r"\b1\d*2\b|^$", regex), ("1|x", not)];
        for raw in texts() {
            let text = decode_any(&raw);
            for (pattern, how) in cases {
                let pattern = Pattern::new(&[pattern], how).unwrap();
                assert!(!pattern.spans());
                let lines = |found: &mut Vec<_>, window: &Window<'_>| {
                    let _ = window.lines(&pattern, true, |line| {
                        found.push((line.number, line.start, line.end(), line.marks.to_vec()));
                        ControlFlow::Continue(())
                    });
                };
                let (mut whole, mut parts) = (Vec::new(), Vec::new());
                lines(&mut whole, &Window::whole(&text));
                let mut room = Vec::new();
                let mut windows = Windows::new(&*raw, Holding::Above(0), &mut room);
                while let Some(window) = windows.next().unwrap() {
                    lines(&mut parts, &window);
                }
                assert!(whole == parts);
            }
        }
    }
}
