//! Markup in scripts (JSX): elements where an expression is due.
//!
//! The text between tags is no code: an apostrophe, a backquote or a `/*` in it
//! begins nothing. Code in braces, in a tag or in the text, is read as code again
//! ([`Mark::Markup`]). What looks like a tag may be a type (`<T>value`), so an
//! element is one only if it ends: with `/>`, or with a tag that closes its name.

use super::Step;
use super::blocks::Mark;
use super::lexer::Lexer;

/// How far the end of an element is looked for.
const AHEAD: usize = 8192;

/// Where in an element the position is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Markup {
    /// How many elements are open.
    depth: u32,
    /// It is in a tag, not in the text.
    tag: bool,
}

impl<'t, V: FnMut(Step<'t>)> Lexer<'t, '_, '_, V> {
    /// At `<`: over an element, if one begins.
    pub(super) fn tag(&mut self) {
        if self.begins_element() && self.ends_element() {
            self.begin_plain();
            self.markup(Markup { depth: 0, tag: false });
        } else {
            self.begin_plain();
            self.pos += 1;
        }
    }

    fn begins_element(&self) -> bool {
        let next = self.text.get(self.pos + 1);
        next.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'>') && self.after_operator()
    }

    /// Whether the element that begins at the position ends. What is read for that
    /// is in all no more than twice the text, so the time stays linear.
    fn ends_element(&mut self) -> bool {
        let left = self.text.len().saturating_mul(2).saturating_sub(self.searched);
        let ahead = self.text.get(self.pos + 1..).unwrap_or_default();
        let ahead = ahead.get(..AHEAD.min(left)).unwrap_or(ahead);
        let other = |b: &u8| !b.is_ascii_alphanumeric() && !b"_.:-$".contains(b);
        let (name, rest) = ahead.split_at(ahead.iter().position(other).unwrap_or(ahead.len()));
        let closes = |at: usize| {
            let after = rest.get(at + 2..).and_then(|after| after.strip_prefix(name));
            after.is_some_and(|after| after.first().is_some_and(other))
        };
        // The tag's own end, strings and code in it passed over.
        let (mut quote, mut depth, mut types, mut tag) = (0, 0_u32, 0_u32, true);
        let (mut before, mut none) = (0, false);
        let end = rest.iter().enumerate().position(|(at, &byte)| {
            let last = core::mem::replace(&mut before, byte);
            if !tag {
                return byte == b'/' && last == b'<' && at > 0 && closes(at - 1);
            }
            match byte {
                _ if quote != 0 => quote = if byte == quote { 0 } else { quote },
                b'"' | b'\'' if depth == 0 => quote = byte,
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b'<' if depth == 0 => types += 1,
                b'>' if depth == 0 && types > 0 => types -= 1,
                b'>' if depth == 0 && last == b'/' => return true,
                b'>' if depth == 0 => tag = false,
                b',' | b';' | b'(' | b')' if depth == 0 && types == 0 => none = true,
                _ => {}
            }
            none
        });
        let looked = name.len() + end.unwrap_or(rest.len());
        self.searched = self.searched.saturating_add(looked);
        self.out.look(looked);
        end.is_some() && !none
    }

    /// The rest of an element, up to its end or to the code inside it.
    pub(super) fn markup(&mut self, mut markup: Markup) {
        let mut text = self.pos;
        while let Some(&byte) = self.text.get(self.pos) {
            match byte {
                b'\n' => {
                    self.newline(true);
                    let ahead = self.text.get(self.pos..).unwrap_or_default();
                    if !markup.tag && (self.is_head(ahead) || ahead.starts_with(b"}")) {
                        // No text is that: the element was never closed.
                        self.text_until(text, markup);
                        (self.first, self.now.parens, self.fresh) = (self.pos, 0, true);
                        return;
                    }
                }
                b'{' => {
                    self.text_until(text, markup);
                    if !self.push(Mark::Markup(markup)) {
                        self.pos += 1;
                        text = self.pos;
                        continue;
                    }
                    self.pos += 1;
                    self.fresh = true;
                    return;
                }
                b'<' if markup.tag => {
                    // The types of a component.
                    let rest = self.text.get(self.pos..).unwrap_or_default();
                    let mut depth = 0_u32;
                    let end = rest.iter().position(|&b| {
                        match b {
                            b'<' => depth = depth.saturating_add(1),
                            b'>' => depth = depth.saturating_sub(1),
                            _ => {}
                        }
                        depth == 0 || b == b'\n'
                    });
                    let end = end.unwrap_or(rest.len());
                    self.pos += end + usize::from(rest.get(end) == Some(&b'>'));
                }
                b'"' | b'\'' if markup.tag => {
                    let start = self.pos;
                    let rest = self.text.get(self.pos + 1..).unwrap_or_default();
                    let stop = rest.iter().position(|&b| b == byte || b == b'\n');
                    let stop = stop.unwrap_or(rest.len());
                    self.pos += 1 + stop + usize::from(rest.get(stop) == Some(&byte));
                    self.inert(start);
                }
                b'/' if markup.tag && self.at(b"/>") => {
                    self.pos += 2;
                    markup = Markup { depth: markup.depth.saturating_sub(1), tag: false };
                    text = self.pos;
                    if markup.depth == 0 {
                        return;
                    }
                }
                b'>' if markup.tag => {
                    self.pos += 1;
                    markup.tag = false;
                    text = self.pos;
                }
                b'<' if !markup.tag && self.at(b"</") => {
                    self.text_until(text, markup);
                    let rest = self.text.get(self.pos..).unwrap_or_default();
                    let end = rest.iter().position(|&b| b == b'>' || b == b'\n');
                    let end = end.unwrap_or(rest.len());
                    self.pos += end + usize::from(rest.get(end) == Some(&b'>'));
                    markup.depth = markup.depth.saturating_sub(1);
                    text = self.pos;
                    if markup.depth == 0 {
                        return;
                    }
                }
                b'<' if !markup.tag => {
                    let next = self.text.get(self.pos + 1);
                    self.text_until(text, markup);
                    if next.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'>') {
                        markup = Markup { depth: markup.depth.saturating_add(1), tag: true };
                    }
                    self.pos += 1;
                    text = self.pos;
                }
                _ => self.pos += 1,
            }
        }
        self.text_until(text, markup);
    }

    /// Tells of the text from `start` up to here.
    fn text_until(&mut self, start: usize, markup: Markup) {
        if !markup.tag {
            self.inert(start);
        }
    }
}
