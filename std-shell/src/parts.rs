//! A log that is read part by part, so that what is held does not follow its length.
//!
//! The parts are cut where its chunks end ([`log_border`]), whatever their size: an
//! image of the parts, put together, is the image of the whole.

use std::fs::File;
use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};
use sigla_core::outline::{Lang, log_border};
use xxhash_rust::xxh3::Xxh3;

use crate::decode::decode_any;

/// Bytes that are read at once.
const WINDOW: usize = 256 << 10;

/// Bytes from which [`Lang::detect`] has text enough, whatever its encoding.
const HEAD: u64 = 4 * Lang::HEAD as u64;

/// Whether the first bytes of `file`, of this key, are those of a log; the file is then
/// at its beginning again.
///
/// # Errors
/// It cannot be read.
pub fn is_log(key: &[u8], file: &mut File) -> io::Result<bool> {
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head)?;
    io::Seek::rewind(file)?;
    Ok(Lang::detect(key, &decode_any(&head)) == Lang::Log)
}

/// The hash of the first `size` bytes of `file`, which is then at its beginning again.
///
/// # Errors
/// It cannot be read.
pub fn hash(file: &mut File, size: u64) -> io::Result<u64> {
    let mut all = Xxh3::new();
    let mut window = vec![0; WINDOW];
    let mut rest = Read::take(&*file, size);
    loop {
        match rest.read(&mut window)? {
            0 => break,
            count => all.update(window.get(..count).unwrap_or_default()),
        }
    }
    io::Seek::rewind(file)?;
    Ok(all.digest())
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
            let known = hash(&mut file, size).unwrap();
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
                assert_eq!(parts.hash(), known);
            }
        }
    }
}
