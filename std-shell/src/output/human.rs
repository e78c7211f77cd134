//! An answer for people.
//!
//! ```text
//! src/retry.rs:41  with_backoff (function)
//!   40 │ /// Runs `f` again, later and later.
//!   41 │ pub fn with_backoff(f: impl Fn()) {
//!   +3 more in this file
//! ```
//! What comes from files is made harmless: control characters are escaped, broken
//! UTF-8 becomes U+FFFD, characters that reorder a line are spelt out.

use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::engine::explain::{SnippetLine, cut};
use crate::engine::search::{Hit, Part, Reasons};

/// The most bytes of a line that are shown.
const WIDTH: usize = 160;

/// How to draw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// With colours.
    pub color: bool,
    /// With links to the files, for terminals that know them (OSC 8).
    pub links: bool,
    /// Lists of paths and lines go out as they are: there is no terminal to be protected.
    pub raw: bool,
}

impl Look {
    /// Writes `text` in the colour `code`, where colours are wanted.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn paint(self, out: &mut impl Write, code: &str, text: &str) -> io::Result<()> {
        self.paint_bytes(out, code, text.as_bytes())
    }

    fn paint_bytes(self, out: &mut impl Write, code: &str, bytes: &[u8]) -> io::Result<()> {
        if !self.color {
            return out.write_all(bytes);
        }
        write!(out, "\x1b[{code}m")?;
        out.write_all(bytes)?;
        write!(out, "\x1b[0m")
    }

    /// Writes one hit.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn hit(self, out: &mut impl Write, found: &Hit) -> io::Result<()> {
        let Some(passage) = &found.passage else { return Ok(()) };
        self.path(out, &found.shown, found.file.as_deref())?;
        write!(out, ":")?;
        self.paint(out, "32", &passage.line.to_string())?;
        if let Some(symbol) = &passage.symbol {
            write!(out, "  ")?;
            self.paint(out, "1", &harmless(symbol))?;
            write!(out, " ({})", passage.kind.name())?;
        }
        writeln!(out)?;
        let width = passage.lines.last().map_or(0, |line| line.number.to_string().len()).max(4);
        for line in &passage.lines {
            self.paint(out, "2", &format!("{:>width$} │ ", line.number))?;
            self.line(out, line)?;
        }
        if found.left > 0 {
            self.paint(out, "2", &format!("  +{} more in this file", found.left))?;
            writeln!(out)?;
        }
        match &found.reasons {
            Some(reasons) => self.reasons(out, found.score, reasons),
            None => Ok(()),
        }
    }

    /// Writes how a score came about: what adds most, or takes most, first.
    fn reasons(self, out: &mut impl Write, score: i32, reasons: &Reasons) -> io::Result<()> {
        let Reasons { class, features } = reasons;
        let about = match features.is_empty() {
            true => "behind the candidates, by BM25 alone",
            false => "the sum of feature × weight / 64:",
        };
        self.paint(out, "2", &format!("  score {score}, query of class {class}: {about}"))?;
        writeln!(out)?;
        let mut parts: Vec<&Part> = features.iter().collect();
        parts.sort_by_key(|part| std::cmp::Reverse(part.adds.abs()));
        for Part { name, value, weight, adds } in parts {
            let adds = *adds as f64 / 64.0;
            let line = format!("  {adds:>+10.1}  {name:<22} {value:>5} × {weight}");
            self.paint(out, "2", &line)?;
            writeln!(out)?;
        }
        Ok(())
    }

    /// Writes the path `shown`, as a link to `file` where that is wanted.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn path(self, out: &mut impl Write, shown: &[u8], file: Option<&Path>) -> io::Result<()> {
        self.linked(out, harmless(shown).as_bytes(), file)
    }

    /// The same where paths and lines are all that is written: who reads them from a pipe
    /// wants to open them.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn listed(self, out: &mut impl Write, shown: &[u8], file: Option<&Path>) -> io::Result<()> {
        match self.raw {
            true => self.linked(out, shown, file),
            false => self.path(out, shown, file),
        }
    }

    fn linked(self, out: &mut impl Write, text: &[u8], file: Option<&Path>) -> io::Result<()> {
        let file = file.filter(|_| self.links);
        if let Some(file) = file {
            write!(out, "\x1b]8;;file://{}\x1b\\", url(file.as_os_str().as_bytes()))?;
        }
        self.paint_bytes(out, "35", text)?;
        if file.is_some() {
            write!(out, "\x1b]8;;\x1b\\")?;
        }
        Ok(())
    }

    fn line(self, out: &mut impl Write, line: &SnippetLine) -> io::Result<()> {
        self.text(out, &line.bytes, &line.marks, WIDTH)?;
        writeln!(out)
    }

    /// Writes a line's text, of which at most `width` bytes around the first of
    /// `marks`.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn text(
        self,
        out: &mut impl Write,
        bytes: &[u8],
        marks: &[Range<usize>],
        width: usize,
    ) -> io::Result<()> {
        let shown = cut(bytes, marks, width);
        let text =
            |from: usize, to: usize| harmless(bytes.get(from..to.max(from)).unwrap_or_default());
        if shown.start > 0 {
            write!(out, "…")?;
        }
        let mut at = shown.start;
        for mark in marks {
            let (start, end) = (mark.start.max(at), mark.end.min(shown.end));
            if start < end {
                write!(out, "{}", text(at, start))?;
                self.paint(out, "1;31", &text(start, end))?;
                at = end;
            }
        }
        write!(out, "{}", text(at, shown.end))?;
        write!(out, "{}", if shown.end < bytes.len() { "…" } else { "" })
    }

    /// Writes all of a line's text as it is, with its `marks` painted.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn bytes(
        self,
        out: &mut impl Write,
        bytes: &[u8],
        marks: &[Range<usize>],
    ) -> io::Result<()> {
        let mut at = 0;
        for mark in marks.iter().filter(|mark| !mark.is_empty()) {
            out.write_all(bytes.get(at..mark.start).unwrap_or_default())?;
            self.paint_bytes(out, "1;31", bytes.get(mark.clone()).unwrap_or_default())?;
            at = mark.end;
        }
        out.write_all(bytes.get(at..).unwrap_or_default())
    }
}

/// Text that does nothing to a terminal.
pub fn harmless(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for part in bytes.utf8_chunks() {
        for char in part.valid().chars() {
            match char {
                '\t' => text.push(char),
                // Marks that reorder what is read: "Trojan Source".
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    text.extend(char.escape_unicode());
                }
                _ if char.is_control() => text.extend(char.escape_default()),
                _ => text.push(char),
            }
        }
        if !part.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// A path in a URL.
fn url(path: &[u8]) -> String {
    let mut url = String::new();
    for &byte in path {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                url.push(char::from(byte));
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_file_reaches_the_terminal_as_a_command() {
        assert_eq!(harmless(b"a\tb\x1b[2J\x07\x7f"), "a\tb\\u{1b}[2J\\u{7}\\u{7f}");
        assert_eq!(harmless("é\u{9b}1m \u{202e}x".as_bytes()), "é\\u{9b}1m \\u{202e}x");
        assert_eq!(harmless(b"a\xff\xfeb"), "a\u{fffd}\u{fffd}b");
        assert_eq!(harmless(b"a\r\nb"), "a\\r\\nb");
    }

    #[test]
    fn marks_are_painted_and_long_lines_cut() {
        let bytes = [&b"x ".repeat(200)[..], b"needle", &b" y".repeat(200)].concat();
        let line = SnippetLine { number: 1, bytes, marks: std::iter::once(400..406).collect() };
        let mut out = Vec::new();
        Look { color: true, ..Look::default() }.line(&mut out, &line).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with("…") && out.ends_with("…\n"), "{out}");
        assert!(out.contains("\x1b[1;31mneedle\x1b[0m"), "{out}");
        assert!(out.len() < WIDTH + 30);
    }

    #[test]
    fn a_url_has_no_odd_bytes() {
        assert_eq!(url(b"/a b/\xff#?.rs"), "/a%20b/%FF%23%3F.rs");
    }
}
