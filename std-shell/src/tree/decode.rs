//! A file's bytes become text.
//!
//! As ripgrep does it: a file that holds a NUL is binary and has no text; one
//! that begins with the byte-order mark of UTF-16 is turned into UTF-8; a mark
//! of UTF-8 is dropped; anything else is taken as it is, broken UTF-8 included,
//! because no byte may be lost. Every byte offset and line number in an index
//! counts in this decoded text.

//! Who names one file, or packs a log, means it all the same: [`decode_any`].

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use sigla_core::image::Form;

/// The text of a file, or `None` when it is binary. Borrows from `raw` unless
/// it had to be transcoded. Linear.
pub fn decode(raw: &[u8]) -> Option<Cow<'_, [u8]>> {
    Some(decode_any(raw)).filter(|text| !contains_nul(text))
}

/// The text of a file that is taken for one, whatever bytes it holds. Borrows and
/// costs as [`decode`].
pub fn decode_any(raw: &[u8]) -> Cow<'_, [u8]> {
    match Encoding::for_bom(raw) {
        Some((encoding, mark)) => {
            let body = raw.get(mark..).unwrap_or_default();
            if encoding == UTF_8 {
                Cow::Borrowed(body)
            } else {
                let (text, _) = encoding.decode_without_bom_handling(body);
                Cow::Owned(text.into_owned().into_bytes())
            }
        }
        None => Cow::Borrowed(raw),
    }
}

/// The byte-order mark of a file of this form.
pub fn mark(form: Form) -> &'static [u8] {
    match form {
        Form::Utf8 => b"\xef\xbb\xbf",
        Form::Utf16Le => b"\xff\xfe",
        Form::Utf16Be => b"\xfe\xff",
    }
}

/// Hands on a part of a text, cut between characters, as it stands in a file of this
/// form: the way back from [`decode_any`], apart from what that replaced.
///
/// # Errors
/// Those of `take`.
pub fn encode<E>(
    form: Form,
    text: &[u8],
    mut take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    const UNITS: usize = 4096;
    let order = match form {
        Form::Utf8 => return text.chunks(1 << 20).try_for_each(take),
        Form::Utf16Le => u16::to_le_bytes,
        Form::Utf16Be => u16::to_be_bytes,
    };
    let mut room = Vec::with_capacity(2 * UNITS + 2);
    for part in text.utf8_chunks() {
        for unit in part.valid().encode_utf16() {
            room.extend_from_slice(&order(unit));
            if room.len() >= 2 * UNITS {
                take(&room)?;
                room.clear();
            }
        }
    }
    take(&room)
}

/// Whether `text` holds a NUL.
pub fn contains_nul(text: &[u8]) -> bool {
    memchr::memchr(0, text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &[u8]) -> Option<Vec<u8>> {
        decode(raw).map(Cow::into_owned)
    }

    #[test]
    fn utf_16_of_either_order_becomes_utf_8() {
        let little: Vec<u8> = "\u{feff}aß𝄞\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}aß𝄞\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&little).as_deref(), Some("aß𝄞\n".as_bytes()));
        assert_eq!(text(&big).as_deref(), Some("aß𝄞\n".as_bytes()));
    }

    #[test]
    fn a_form_leads_back_to_the_bytes() {
        let text = "größe 東京 𝄞\n".repeat(3000);
        for form in Form::ALL {
            let mut raw = mark(form).to_vec();
            let taken = encode(form, text.as_bytes(), |part| {
                raw.extend_from_slice(part);
                Ok::<_, ()>(())
            });
            assert_eq!(taken, Ok(()));
            assert!(decode_any(&raw) == text.as_bytes(), "{form:?}");
        }
    }

    #[test]
    fn a_nul_means_binary_wherever_it_is() {
        assert_eq!(text(b"\0"), None);
        for at in [0, 1023, 1024, 99_999] {
            let mut raw = vec![b'a'; 100_000];
            raw[at] = 0;
            assert_eq!(text(&raw), None, "{at}");
        }
    }

    #[test]
    fn other_bytes_stay_as_they_are() {
        assert_eq!(text(b""), Some(vec![]));
        assert_eq!(text(b"a\xff\xc3(\n").as_deref(), Some(&b"a\xff\xc3(\n"[..]));
        assert_eq!(text("\u{feff}é".as_bytes()).as_deref(), Some("é".as_bytes()));
        assert_eq!(text(b"\xff"), Some(vec![0xff]));
    }
}
