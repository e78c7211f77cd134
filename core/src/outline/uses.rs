//! Calls and imports on the way.

use super::head::AHEAD;
use super::lexer::Lexer;
use super::table::same;
use super::{Event, Step};

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    pub(super) fn event(&mut self, event: Event<'t>) {
        self.out.event(event);
    }

    /// A parenthesis opens: the word right before it is called, unless it is the
    /// name of a definition or a word of the language.
    pub(super) fn call(&mut self) {
        let before = self.text.get(..self.pos).unwrap_or_default();
        // `println!(` is a call, too.
        let before = before.strip_suffix(b"!").unwrap_or(before);
        let before = without_arguments(before);
        let name = self.last_word(before);
        let start = before.len() - name.len();
        let named =
            start == self.named || self.now.maybe.as_ref().is_some_and(|m| m.name.start == start);
        let called = name.first().is_some_and(|b| !b.is_ascii_digit());
        if called && !named && !self.row.no_calls.iter().any(|word| same(word, name)) {
            self.out.event(Event::Call { name, line: self.line });
        }
    }

    /// An import, `at` being behind the word that begins it: its line, or more if
    /// brackets are open at the line's end. Of a group in parentheses (Go's)
    /// each line is one.
    pub(super) fn import(&mut self, at: usize) {
        if !self.uses {
            return;
        }
        let ahead = self.text.get(at..).unwrap_or_default();
        let ahead = ahead.get(..AHEAD).unwrap_or(ahead);
        let (mut depth, mut line) = (0_u32, None);
        let end = ahead.iter().enumerate().position(|(at, &byte)| {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'\n' => _ = line.get_or_insert(at),
                _ => {}
            }
            depth == 0 && matches!(byte, b'\n' | b';')
        });
        let end = end.or(line).unwrap_or(ahead.len());
        let path = ahead.get(..end).unwrap_or_default().trim_ascii();
        let Some(group) = path.strip_prefix(b"(").and_then(|path| path.strip_suffix(b")")) else {
            if !path.is_empty() {
                self.out.event(Event::Import { path, line: self.line });
            }
            return;
        };
        let mut number = self.line;
        for line in group.split(|&b| b == b'\n') {
            for path in line.split(|&b| b == b';').map(<[u8]>::trim_ascii) {
                if !path.is_empty() && !path.starts_with(self.row.line_comment) {
                    self.out.event(Event::Import { path, line: number });
                }
            }
            number = number.saturating_add(1);
        }
    }
}

/// `name` of `name<A, B<C>>` and of Rust's `name::<A>`, if they are short.
fn without_arguments(text: &[u8]) -> &[u8] {
    let mut depth = 0_u32;
    if text.last() != Some(&b'>') {
        return text;
    }
    for (at, &byte) in text.iter().enumerate().rev().take(128) {
        match byte {
            b'>' => depth += 1,
            b'<' => {
                depth -= 1;
                if depth == 0 {
                    let name = text.get(..at).unwrap_or_default();
                    return name.strip_suffix(b"::").unwrap_or(name);
                }
            }
            b',' | b'.' | b'?' | b'[' | b']' | b':' | b'&' | b'*' | b' ' | b'_' | b'$' | 0x80.. => {
            }
            _ if byte.is_ascii_alphanumeric() => {}
            _ => return text,
        }
    }
    text
}
