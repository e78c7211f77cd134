//! Markdown: headings are definitions, nested by their level.
//!
//! ATX headings (`## Name ##`) and setext ones (a paragraph's last line
//! underlined with `=` or `-`), as CommonMark has them; fenced code, front
//! matter and HTML comments hold no headings.

use super::chunk::Chunker;
use super::{Definition, Event, Kind, Step};
use heapless::Vec;

/// What lines are inside of.
#[derive(Clone, Copy)]
enum Inside {
    Text,
    /// Code up to a line of at least so many of this byte.
    Fence(u8, usize),
    Comment,
}

struct Sections<'t, 'o, 'v, V> {
    text: &'t [u8],
    out: &'o mut Chunker<'t, 'v, V>,
    /// Levels of the open sections, ascending.
    open: Vec<u8, 6>,
}

impl<'t, V: FnMut(Step<'t>)> Sections<'t, '_, '_, V> {
    /// A heading at `start` ends all sections that are no shallower.
    fn heading(&mut self, level: u8, name: &'t [u8], start: usize, line: u32) {
        self.end(level, start, line);
        let depth = self.open.len() as u8;
        if self.open.push(level).is_ok() {
            let (kind, container, signature) = (Kind::Section, None, start);
            let definition = Definition { kind, name, container, start, signature, line, depth };
            self.out.event(Event::Open(definition));
        }
    }

    /// Closes down to `level` at the end of the last line that is not blank.
    fn end(&mut self, level: u8, at: usize, line: u32) {
        while self.open.last().is_some_and(|&open| open >= level) {
            self.open.pop();
            let before = self.text.get(..at).unwrap_or_default();
            let end = before.trim_ascii_end().len();
            let blank = before.get(end..).unwrap_or_default();
            let lines = blank.iter().filter(|&&b| b == b'\n').count() as u32;
            let end_line = line.saturating_sub(lines);
            self.out.event(Event::Close { body: end, end, end_line });
        }
    }
}

/// Reports the lines and the sections of a text.
pub(super) fn run<'t, V: FnMut(Step<'t>)>(text: &'t [u8], out: &mut Chunker<'t, '_, V>) {
    let mut sections = Sections { text, out, open: Vec::new() };
    let mut inside = Inside::Text;
    // The paragraph that an underline would make a heading: its last line.
    let mut paragraph: Option<(&'t [u8], usize)> = None;
    let (mut start, mut line) = (0, 0_u32);
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let next = start + rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |at| at + 1);
        let whole = text.get(start..next).unwrap_or_default();
        let indent = whole.iter().position(|&b| b != b' ').unwrap_or(whole.len());
        let content = whole.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(whole).trim_ascii();
        let mut goes_on = None;
        match inside {
            Inside::Fence(mark, length) => {
                if run_of(content, mark) >= length && content.iter().all(|&b| b == mark) {
                    inside = Inside::Text;
                }
            }
            Inside::Comment => {
                if ends_comment(content) {
                    inside = Inside::Text;
                }
            }
            Inside::Text if indent > 3 || content.is_empty() => {}
            Inside::Text if line == 0 && content == b"---" => inside = Inside::Fence(b'-', 3),
            Inside::Text => {
                if let Some(fence) = fence(content) {
                    inside = fence;
                } else if content.starts_with(b"<!--") {
                    if !ends_comment(content) {
                        inside = Inside::Comment;
                    }
                } else if let Some((level, name)) = atx(content) {
                    sections.heading(level, name, start, line);
                } else if let (Some((name, at)), Some(level)) = (paragraph, underline(content)) {
                    sections.heading(level, name, at, line.saturating_sub(1));
                } else {
                    goes_on = Some((content, start));
                }
            }
        }
        paragraph = goes_on;
        if next > start && text.get(next - 1) == Some(&b'\n') {
            sections.out.line(next, !matches!(inside, Inside::Text));
            line = line.saturating_add(1);
        }
        start = next;
    }
    let after = line + u32::from(text.last() != Some(&b'\n'));
    sections.end(0, text.len(), if text.last() == Some(&b'\n') { after } else { after - 1 });
}

fn run_of(content: &[u8], mark: u8) -> usize {
    content.iter().take_while(|&&b| b == mark).count()
}

fn ends_comment(content: &[u8]) -> bool {
    content.windows(3).any(|part| part == b"-->")
}

fn fence(content: &[u8]) -> Option<Inside> {
    let mark = *content.first().filter(|&&b| b == b'`' || b == b'~')?;
    let length = run_of(content, mark);
    let info = content.get(length..)?;
    (length >= 3 && (mark == b'~' || !info.contains(&b'`'))).then_some(Inside::Fence(mark, length))
}

/// The level and the name of `## Name ##`.
fn atx(content: &[u8]) -> Option<(u8, &[u8])> {
    let level = run_of(content, b'#');
    let name = content.get(level..)?;
    if !(1..=6).contains(&level) || !name.first().is_none_or(u8::is_ascii_whitespace) {
        return None;
    }
    let name = name.trim_ascii();
    let closing = name.iter().rev().take_while(|&&b| b == b'#').count();
    let open = name.get(..name.len() - closing)?;
    let name = match open.last() {
        None => open,
        Some(b) if b.is_ascii_whitespace() => open.trim_ascii_end(),
        Some(_) => name,
    };
    Some((level as u8, name))
}

/// The level that an underline gives to the line before.
fn underline(content: &[u8]) -> Option<u8> {
    let mark = *content.first()?;
    let level = match mark {
        b'=' => 1,
        b'-' => 2,
        _ => return None,
    };
    content.iter().all(|&b| b == mark).then_some(level)
}
