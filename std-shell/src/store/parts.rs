//! A log that is read part by part, so that what is held does not follow its length.
//!
//! The parts are cut where its chunks end ([`log_border`]), whatever their size: an
//! image of the parts, put together, is the image of the whole.

use std::fs::File;
use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};
use sigla_core::outline::{Lang, log_border};
use xxhash_rust::xxh3::Xxh3;

use crate::tree::decode::{contains_nul, decode_any};

/// Bytes that are read at once.
const WINDOW: usize = 256 << 10;

/// Bytes from which [`Lang::detect`] has text enough, whatever its encoding.
const HEAD: u64 = 4 * Lang::HEAD as u64;

/// What a look at a file tells of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Name or first lines are those of a log.
    pub log: bool,
    /// The first lines are: a NUL in it does not make it binary.
    pub by_lines: bool,
    /// Its text may hold a NUL.
    pub nul: bool,
    /// The hash of a log's bytes.
    pub hash: u64,
}

/// Reads the first `size` bytes of `file`, of this key, which is then at its beginning again;
/// no more than to the first NUL of what is no log.
///
/// # Errors
/// It cannot be read.
pub fn look(key: &[u8], file: &mut File, size: u64) -> io::Result<Look> {
    let mut head = Vec::new();
    Read::take(&*file, HEAD.min(size)).read_to_end(&mut head)?;
    io::Seek::rewind(file)?;
    let text = decode_any(&head);
    let mut look = Look {
        log: Lang::detect(key, &text) == Lang::Log,
        by_lines: is_log_by_lines(&text),
        nul: false,
        hash: 0,
    };
    let wide = Encoding::for_bom(&head).is_some_and(|(encoding, _)| encoding != UTF_8);
    let mut all = Xxh3::new();
    let mut window = vec![0; WINDOW];
    let mut rest = Read::take(&*file, size);
    loop {
        let count = rest.read(&mut window)?;
        let bytes = window.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        all.update(bytes);
        look.nul |= !wide && contains_nul(bytes);
        if !look.log && (wide || look.nul) {
            break;
        }
    }
    io::Seek::rewind(file)?;
    look.hash = all.digest();
    Ok(look)
}

/// Whether a text is a log whatever its name, behind the NULs that it may begin with where
/// it was cut while it was written.
pub fn is_log_by_lines(text: &[u8]) -> bool {
    let start = text.iter().position(|&byte| byte != 0).unwrap_or(text.len());
    Lang::detect(b"", text.get(start..).unwrap_or_default()) == Lang::Log
}

/// The text of a file, part by part.
pub struct Parts {
    rest: io::Take<File>,
    /// What turns the bytes into text, where they are none; known from the first on.
    decoder: Option<Decoder>,
    begun: bool,
    /// The least bytes of a part but the last.
    least: usize,
    window: Vec<u8>,
    /// Text that is in no part yet.
    text: Vec<u8>,
    /// Of the bytes read.
    hash: Xxh3,
}

impl Parts {
    /// The first `size` bytes of `file` in parts of about `least` bytes.
    pub fn new(file: File, size: u64, least: usize) -> Parts {
        Parts {
            rest: file.take(size),
            decoder: None,
            begun: false,
            least,
            window: vec![0; WINDOW],
            text: Vec::new(),
            hash: Xxh3::new(),
        }
    }

    /// The next part; `None` behind the last. A text without a line feed in reach is
    /// one part.
    ///
    /// # Errors
    /// The file cannot be read, or the machine has no room for a part.
    pub fn part(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut least = self.least;
        loop {
            if self.text.len() >= least {
                match log_border(&self.text) {
                    0 => least = self.text.len().saturating_mul(2),
                    border => {
                        let rest = self.text.split_off(border);
                        return Ok(Some(std::mem::replace(&mut self.text, rest)));
                    }
                }
            }
            if !self.fill()? {
                return Ok(Some(std::mem::take(&mut self.text)).filter(|text| !text.is_empty()));
            }
        }
    }

    /// The hash of all bytes, behind the last part.
    pub fn hash(&self) -> u64 {
        self.hash.digest()
    }

    /// Reads on; whether there was more.
    fn fill(&mut self) -> io::Result<bool> {
        let mut count = 0;
        // Whole but at the end, so that a byte-order mark is.
        while let Some(room) = self.window.get_mut(count..).filter(|room| !room.is_empty()) {
            match self.rest.read(room)? {
                0 => break,
                more => count += more,
            }
        }
        let mut bytes = self.window.get(..count).unwrap_or_default();
        self.hash.update(bytes);
        if !std::mem::replace(&mut self.begun, true)
            && let Some((encoding, mark)) = Encoding::for_bom(bytes)
        {
            bytes = bytes.get(mark..).unwrap_or_default();
            let utf_16 = encoding != UTF_8;
            self.decoder = utf_16.then(|| encoding.new_decoder_without_bom_handling());
        }
        match &mut self.decoder {
            None => {
                self.text.try_reserve(bytes.len())?;
                self.text.extend_from_slice(bytes);
            }
            Some(decoder) => {
                let last = count == 0;
                let mut text = String::new();
                loop {
                    text.try_reserve(WINDOW)?;
                    let (result, read, _) = decoder.decode_to_string(bytes, &mut text, last);
                    bytes = bytes.get(read..).unwrap_or_default();
                    if result == CoderResult::InputEmpty {
                        break;
                    }
                }
                self.text.try_reserve(text.len())?;
                self.text.extend_from_slice(text.as_bytes());
                if last {
                    self.decoder = None;
                }
            }
        }
        Ok(count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_look_tells_logs_from_binary_files() {
        let looked = |key: &[u8], bytes: &[u8]| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            io::Seek::rewind(&mut file).unwrap();
            let Look { log, by_lines, nul, .. } = look(key, &mut file, bytes.len() as u64).unwrap();
            (log, by_lines, nul)
        };
        let lines = b"12:00:00 one\n12:00:01 two\n";
        assert_eq!(looked(b"syslog", lines), (true, true, false));
        assert_eq!(looked(b"a.log", &[&[0; 20_000][..], lines].concat()), (true, false, true));
        assert_eq!(looked(b"a.log", &[&[0; 50][..], lines].concat()), (true, true, true));
        assert_eq!(looked(b"000003.log", b"\x01\0\x17\0key\0value"), (true, false, true));
        assert_eq!(looked(b"a.rs", lines), (false, true, false));
    }

    #[test]
    fn parts_are_the_whole_text_whatever_their_size() {
        let lines = |n: u32| {
            format!("12:00:{:02} größe {n} 東京 {}\n", n % 60, "x".repeat(n as usize % 90))
        };
        let text: String = (0..20_000).map(lines).collect();
        let long = text.replacen('\n', " ", 300);
        let wide: Vec<u8> =
            format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let torn = [&wide[..], &[0x3d, 0xd8, 0x41]].concat();
        let marked = format!("\u{feff}{text}").into_bytes();
        for raw in [text.as_bytes(), long.as_bytes(), &wide, &torn, &marked, b"", b"\xff\xfe", b"a"]
        {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(raw).unwrap();
            file.write_all(b"more that came later\n").unwrap();
            let size = raw.len() as u64;
            io::Seek::rewind(&mut file).unwrap();
            let known = look(b"a.log", &mut file, size).unwrap();
            assert_eq!((known.log, known.nul), (true, false));
            for least in [1, 10_000, 1 << 20, usize::MAX] {
                let mut again = file.try_clone().unwrap();
                io::Seek::rewind(&mut again).unwrap();
                let mut parts = Parts::new(again, size, least);
                let mut all = Vec::new();
                while let Some(part) = parts.part().unwrap() {
                    assert!(!part.is_empty());
                    all.extend_from_slice(&part);
                }
                assert!(all == *decode_any(raw), "{least}");
                assert_eq!(parts.hash(), known.hash);
            }
        }
    }
}
