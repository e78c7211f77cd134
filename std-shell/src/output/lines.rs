//! Lines that match, as grep prints them, or as JSON.
//!
//! ```text
//! src/retry.rs-40-/// Runs `f` again, later and later.
//! src/retry.rs:41:pub fn with_backoff(f: impl Fn()) {
//! ```
//! A pipe gets the bytes of the file; a terminal is protected from them, and from
//! lines of megabytes.

use std::io::{self, Write};

use memchr::{memchr, memchr_iter, memrchr};
use serde::Serialize;
use sigla_core::outline::Lang;

use super::human::Look;
use crate::engine::answer::Origin;
use crate::engine::exact::Answer;
use crate::engine::exact::pattern::Line;
use crate::engine::exact::windows::Window;
use crate::engine::opening::Name;

/// The most bytes of a line that a terminal shows.
const WIDTH: usize = 500;

/// How lines are printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Colours and links, and whether bytes go out as they are.
    pub look: Look,
    /// Lines before each.
    pub before: usize,
    /// Lines behind each.
    pub after: usize,
    /// Of a line what matches, each match on a line of its own.
    pub only: bool,
    /// A NUL follows each path.
    pub null: bool,
}

impl Style {
    /// Whether lines are shown around those that were asked for.
    pub fn has_context(&self) -> bool {
        self.before > 0 || self.after > 0
    }

    /// Writes the path of a file, and `mark` or a NUL behind it.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn path(&self, out: &mut impl Write, name: &Name, mark: u8) -> io::Result<()> {
        self.look.listed(out, &name.shown, name.file.as_deref())?;
        out.write_all(&[if self.null { 0 } else { mark }])
    }
}

/// Prints the lines of one file.
#[derive(Debug)]
pub struct Printer {
    style: Style,
    name: Name,
    /// The first byte and the number of the line behind the last one printed.
    next: Option<(usize, u64)>,
    /// How many lines behind that one are context.
    behind: usize,
}

impl Printer {
    /// Prints lines of the file `name`.
    pub fn new(style: Style, name: &Name) -> Printer {
        Printer { style, name: name.clone(), next: None, behind: 0 }
    }

    /// What the file is called.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Prints a line that was asked for, with the context that it has. `window` holds it and
    /// what is wanted before it.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn line(
        &mut self,
        out: &mut impl Write,
        window: &Window<'_>,
        line: &Line<'_>,
    ) -> io::Result<()> {
        if self.style.has_context() {
            self.behind(out, window, line.start)?;
            let done = self.next.map_or(0, |(at, _)| at);
            let first = self.before(window, line.start, done);
            if self.next.is_some_and(|(at, _)| at < first) {
                self.style.look.paint(out, "36", "--")?;
                writeln!(out)?;
            }
            let above = window.get(first..line.start);
            self.next = Some((first, line.number - memchr_iter(b'\n', above).count() as u64));
            while self.next.is_some_and(|(at, _)| at < line.start) {
                self.plain(out, window)?;
            }
        }
        // A line that was asked for because nothing matches has no parts.
        if self.style.only && !line.marks.is_empty() {
            for mark in line.marks {
                let bytes = line.bytes.get(mark.clone()).unwrap_or_default();
                let whole = 0..bytes.len();
                let marks = std::slice::from_ref(&whole);
                self.one(out, b':', &Line { bytes, marks, ..*line })?;
            }
        } else {
            self.one(out, b':', line)?;
        }
        self.next = Some((line.end() + 1, line.number + 1));
        self.behind = self.style.after;
        Ok(())
    }

    /// Prints what follows the last line, as far as `window` has it.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn end(&mut self, out: &mut impl Write, window: &Window<'_>) -> io::Result<()> {
        self.behind(out, window, window.end())
    }

    /// Prints the context behind the last line, up to the byte `end`.
    fn behind(&mut self, out: &mut impl Write, window: &Window<'_>, end: usize) -> io::Result<()> {
        while self.behind > 0 && self.next.is_some_and(|(at, _)| at < end) {
            self.behind -= 1;
            self.plain(out, window)?;
        }
        Ok(())
    }

    /// Where the context of the line at `start` begins, at `done` or behind.
    fn before(&self, window: &Window<'_>, start: usize, done: usize) -> usize {
        let mut first = start;
        for _ in 0..self.style.before {
            if first <= done {
                break;
            }
            let above = window.get(done..first - 1);
            first -= 1 + above.len() - memrchr(b'\n', above).map_or(0, |end| end + 1);
        }
        first
    }

    /// Prints the next line as context.
    fn plain(&mut self, out: &mut impl Write, window: &Window<'_>) -> io::Result<()> {
        let Some((start, number)) = self.next else { return Ok(()) };
        let rest = window.get(start..window.end());
        let bytes = memchr(b'\n', rest).and_then(|end| rest.get(..end)).unwrap_or(rest);
        let line = Line { number, start, bytes, marks: &[] };
        self.next = Some((line.end() + 1, number + 1));
        self.one(out, b'-', &line)
    }

    fn one(&self, out: &mut impl Write, mark: u8, line: &Line<'_>) -> io::Result<()> {
        let look = self.style.look;
        self.style.path(out, &self.name, mark)?;
        look.paint(out, "32", &line.number.to_string())?;
        out.write_all(&[mark])?;
        if look.raw {
            look.bytes(out, line.bytes, line.marks)?;
        } else {
            let bytes = line.bytes.strip_suffix(b"\r").unwrap_or(line.bytes);
            look.text(out, bytes, line.marks, WIDTH)?;
        }
        out.write_all(b"\n")
    }
}

/// A line.
#[derive(Serialize)]
struct Object<'a> {
    path: &'a str,
    line: u64,
    column: usize,
    text: &'a str,
    matches: Vec<[usize; 2]>,
    offset: usize,
    lang: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<&'a [u8]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_bytes: Option<&'a [u8]>,
}

/// The last object.
#[derive(Serialize)]
struct Done<'a> {
    /// Tells this object from a line, and that nothing is missing.
    done: bool,
    generation: Option<u64>,
    stale: bool,
    files: u64,
    lines: u64,
    matches: u64,
    read: u64,
    scanned: bool,
    capped: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    places: &'a [Origin],
}

/// Writes a line of a file in `lang` as an object.
///
/// # Errors
/// What `out` reports.
pub fn json(out: &mut impl Write, name: &Name, lang: Lang, line: &Line<'_>) -> io::Result<()> {
    let path = String::from_utf8_lossy(&name.path);
    let text = String::from_utf8_lossy(line.bytes);
    let root = name.root.as_deref().map(String::from_utf8_lossy);
    let broken = |lossy: &str, bytes: &[u8]| lossy.as_bytes() != bytes;
    let object = Object {
        path: &path,
        line: line.number,
        column: line.marks.first().map_or(1, |mark| mark.start + 1),
        text: &text,
        matches: line.marks.iter().map(|mark| [mark.start, mark.end]).collect(),
        offset: line.start,
        lang: lang.name(),
        root: root.as_deref(),
        path_bytes: broken(&path, &name.path).then_some(&name.path),
        text_bytes: broken(&text, line.bytes).then_some(line.bytes),
    };
    super::json::write(out, &object)
}

/// Writes the last object.
///
/// # Errors
/// What `out` reports.
pub fn done(out: &mut impl Write, answer: &Answer) -> io::Result<()> {
    let Answer { generation, stale, files, lines, matches, read, scanned, capped, .. } = *answer;
    let places = &*answer.places;
    let done = Done {
        done: true,
        generation,
        stale,
        files,
        lines,
        matches,
        read,
        scanned,
        capped,
        places,
    };
    super::json::write(out, &done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::exact::pattern::{How, Pattern};
    use std::ops::ControlFlow;

    fn print_in(style: Style, pattern: &str, text: &str) -> String {
        let name = Name { path: vec![], root: None, shown: b"f".to_vec(), file: None };
        let look = Look { raw: true, ..style.look };
        let mut printer = Printer::new(Style { look, ..style }, &name);
        let window = Window::whole(text.as_bytes());
        let mut out = Vec::new();
        let pattern = Pattern::new(&[pattern], How::default()).unwrap();
        let _ = window.lines(&pattern, true, |line| {
            printer.line(&mut out, &window, line).unwrap();
            ControlFlow::Continue(())
        });
        printer.end(&mut out, &window).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn print(context: usize, text: &str) -> String {
        print_in(Style { before: context, after: context, ..Style::default() }, "x", text)
    }

    #[test]
    fn before_and_after_are_counted_alone() {
        let around =
            |before, after, text| print_in(Style { before, after, ..Style::default() }, "x", text);
        assert_eq!(around(1, 0, "a\nb\nx\nc\nx\n"), "f-2-b\nf:3:x\nf-4-c\nf:5:x\n");
        assert_eq!(around(0, 1, "x\nb\nc\nx"), "f:1:x\nf-2-b\n--\nf:4:x\n");
    }

    #[test]
    fn matches_stand_alone_and_a_path_ends_with_nul() {
        let style = Style { only: true, null: true, after: 1, ..Style::default() };
        assert_eq!(print_in(style, "ab", "abcab\nd\n"), "f\x001:ab\nf\x001:ab\nf\x002-d\n");
    }

    #[test]
    fn a_pipe_gets_long_lines_whole_also_in_colour() {
        let look = Look { color: true, ..Look::default() };
        let text = format!("{0}\x07x{0}", "y".repeat(900));
        let printed = print_in(Style { look, ..Style::default() }, "x", &text);
        let line = text.replace('x', "\x1b[1;31mx\x1b[0m");
        assert!(printed.ends_with(&format!("{line}\n")), "{printed:?}");
    }

    #[test]
    fn context_joins_meets_and_parts() {
        assert_eq!(print(0, "x\na\nx"), "f:1:x\nf:3:x\n");
        assert_eq!(print(1, "a\nb\nx\nc\nd\ne\nx"), "f-2-b\nf:3:x\nf-4-c\n--\nf-6-e\nf:7:x\n");
        assert_eq!(print(2, "x\na\nb\nc\nx\n"), "f:1:x\nf-2-a\nf-3-b\nf-4-c\nf:5:x\n");
        assert_eq!(print(1, "x\na\nx\nx\n\n"), "f:1:x\nf-2-a\nf:3:x\nf:4:x\nf-5-\n");
        assert_eq!(print(9, "\nx"), "f-1-\nf:2:x\n");
    }
}
