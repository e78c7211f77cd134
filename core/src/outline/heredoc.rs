//! Here-documents, and comments of whole lines.
//!
//! `<<END` announces a document that begins on the next line and ends with a
//! line that holds `END` alone; several may be announced on a line. One whose
//! end is missing goes on to the end of the text, as in a shell.

use super::Step;
use super::lexer::Lexer;
use core::ops::Range;
use heapless::Vec;

/// How many documents one line may announce; further ones are read as code.
pub(super) const HERE: usize = 4;

/// The documents announced.
pub(super) type Here = Vec<Document, HERE>;

/// A document that begins on the next line.
pub(super) struct Document {
    /// Where the word stands that ends it.
    end: Range<usize>,
    /// Whether blanks may stand before that word (`<<-`, `<<~`).
    indented: bool,
    /// Whether code may follow that word on its line (PHP's `<<<`).
    loose: bool,
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// At `<`: passes over `<<END` and notes it. Outside the shell a shift looks
    /// alike: there the word must follow at once and, unless a `-` or `~` is
    /// before it, be in quotes or capitals.
    pub(super) fn announce(&mut self) {
        let from = self.pos;
        self.pos += 1;
        let ahead = self.text.get(from..).unwrap_or_default();
        let ahead = ahead.get(..128).unwrap_or(ahead);
        let Some(mut rest) = ahead.strip_prefix(b"<<") else { return };
        self.pos += 1;
        let loose = !self.row.shell && rest.first() == Some(&b'<');
        let indented = loose || matches!(rest.first(), Some(b'-' | b'~'));
        rest = rest.get(usize::from(indented)..).unwrap_or_default();
        if loose {
            let blanks = rest.iter().take_while(|&&b| b == b' ' || b == b'\t').count();
            rest = rest.get(blanks..).unwrap_or_default();
        }
        if self.row.shell {
            if rest.first() == Some(&b'<') {
                self.pos += 1;
                return;
            }
            let blanks = rest.iter().take_while(|&&b| b == b' ' || b == b'\t').count();
            rest = rest.get(blanks..).unwrap_or_default();
        }
        let at = from + ahead.len() - rest.len();
        let (skip, length) = match rest.split_first() {
            Some((&quote @ (b'"' | b'\'' | b'`'), rest)) => {
                let line = rest.split(|&b| b == b'\n').next().unwrap_or_default();
                (1, line.iter().position(|&b| b == quote).unwrap_or(0))
            }
            Some((b'\\', rest)) => (1, self.word_length(rest)),
            Some((first, _)) => {
                let sure = self.row.shell || indented || first.is_ascii_uppercase();
                let digit = first.is_ascii_digit();
                (0, if digit || !(sure || *first == b'_') { 0 } else { self.word_length(rest) })
            }
            None => (0, 0),
        };
        if length > 0 {
            let end = at + skip..at + skip + length;
            self.pos = end.end + usize::from(skip == 1 && rest.first() != Some(&b'\\'));
            let _ = self.here.push(Document { end, indented, loose });
        }
    }

    fn word_length(&self, text: &[u8]) -> usize {
        text.iter().position(|&b| !self.row.is_word(b)).unwrap_or(text.len())
    }

    /// At `@`: over PowerShell's `@" … "@`, whose end is at a line's start.
    pub(super) fn here_string(&mut self) {
        let quote = match self.text.get(self.pos + 1..) {
            Some([quote @ (b'"' | b'\''), b'\r' | b'\n', ..]) => *quote,
            _ => {
                self.pos += 1;
                return;
            }
        };
        self.pos += 2;
        self.pass_line();
        while self.pos < self.text.len() && !self.at(&[quote, b'@']) {
            self.pass_line();
        }
        self.pos = self.text.len().min(self.pos + 2);
    }

    /// At the start of a line: over the documents that the line before announced.
    pub(super) fn documents(&mut self) {
        for document in core::mem::take(&mut self.here) {
            let start = self.pos;
            let end = self.text.get(document.end).unwrap_or_default();
            while self.pos < self.text.len() {
                let line = self.whole_line();
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let line = if document.indented { line.trim_ascii_start() } else { line };
                let after = line.strip_prefix(end).filter(|_| document.loose);
                if after.is_some_and(|after| !after.first().is_some_and(|&b| self.row.is_word(b))) {
                    let whole = self.whole_line();
                    self.pos += whole.len() - whole.trim_ascii_start().len() + end.len();
                    break;
                }
                self.pass_line();
                if line == end {
                    break;
                }
            }
            self.inert(start);
        }
    }

    /// At the start of a line: over the comments of whole lines that begin here.
    pub(super) fn pages(&mut self) {
        let row = self.row;
        while let Some((_, close)) = row.pages.iter().find(|(open, _)| self.at(open)) {
            self.lead.get_or_insert(self.line_start);
            let start = self.pos;
            while self.pos < self.text.len() {
                let last = !close.is_empty() && self.at(close);
                self.pass_line();
                if last {
                    break;
                }
            }
            self.inert(start);
        }
    }

    /// The line at the position, without its end.
    pub(super) fn whole_line(&self) -> &'t [u8] {
        let ahead = self.text.get(self.pos..).unwrap_or_default();
        ahead.split(|&b| b == b'\n').next().unwrap_or_default()
    }

    /// Goes to the end of the line.
    pub(super) fn pass_rest_of_line(&mut self) {
        self.pos += self.whole_line().len();
    }

    /// Goes to the start of the next line, or the end of the text.
    pub(super) fn pass_line(&mut self) {
        self.pos += self.whole_line().len();
        if self.pos < self.text.len() {
            self.newline(true);
        }
    }
}
