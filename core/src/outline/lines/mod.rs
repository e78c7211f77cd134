//! Languages of lines: markup, and what is written a line a statement.
//!
//! A [`Row`] lists how a line looks that defines something ([`Mark`]), and what
//! hides such lines ([`Verbatim`]). The scanner reads line by line: sections
//! end where one begins that is no deeper, other definitions with their line,
//! their indented lines or a closing word. Languages of blocks are here, too,
//! where everybody indents them and a name at the beginning of a line is all
//! that is sought. As everywhere in the outline, a line costs time proportional
//! to its length, whatever stands in it.

mod shape;

use super::chunk::Chunker;
use super::lexer::Lexer;
use super::{Definition, Event, Kind, Lang, NESTING, Step, languages, table};
use heapless::Vec;

/// A language.
pub(super) struct Row {
    pub marks: &'static [Mark],
    pub verbatim: &'static [Verbatim],
    /// How a line begins that is a comment: it belongs to the definition below.
    pub comments: &'static [&'static [u8]],
    /// How many spaces may stand before a mark.
    pub indent: usize,
    /// Lines are strings in the cells of a notebook.
    pub notebook: bool,
}

/// Lines that define nothing: what rows begin with.
pub(super) const PLAIN: Row =
    Row { marks: &[], verbatim: &[], comments: &[], indent: 0, notebook: false };

/// How a line looks that defines something.
pub(super) struct Mark {
    pub shape: Shape,
    pub kind: Kind,
    pub ends: Ends,
}

/// Where the name is, and what must stand around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `## Name ##`: the number of marks, at most six, is the level.
    Repeated(u8),
    /// `Name`, and below it a line of one of these: its place is the level.
    Underlined(&'static [u8]),
    /// The same with any sign, above it or not; levels in the order of use.
    Adorned,
    /// `\word*[short]{Name}`, `\word\Name`.
    Braced(&'static [u8]),
    /// `\word{Name}` anywhere in the line.
    Within(&'static [u8]),
    /// `@word{name,`.
    Entry,
    /// `[name]`, `[[name]]`.
    Bracketed,
    /// `word name`, the word in either case.
    After(&'static [u8]),
    /// `word(name`, the word in either case.
    Call(&'static [u8]),
    /// Erlang's `-word(name…`, `-word name…`.
    Attribute(&'static [u8]),
    /// Erlang's `name(…`; not what goes on with the clause before.
    Clause,
    /// `FROM image AS name`.
    Stage,
    /// `name: …` in the first column, but not `.name: …` or `name := …`.
    Target,
    /// `name = …` in the first column, also with `:`, `?` or `!` before the sign.
    Assigned,
    /// `name:` and nothing more, in the first column or the next one used.
    Key,
    /// `diff --git a/… b/name`.
    Patch,
    /// `create or replace word name`, in either case.
    Created(&'static [u8]),
    /// `word "container" "name" {`.
    Labelled(&'static [u8]),
    /// `(word name`, `(word (name …`.
    Form(&'static [u8]),
    /// `selector {`.
    Selector,
    /// `--name: …`, `$name: …`.
    Property,
    /// `"name": {`, in the first column used.
    Member,
    /// `<h2>Name</h2>`: the digit is the level.
    Heading,
    /// One of these in a cell of a notebook.
    Cell(Cell, &'static Shape),
}

/// What a cell of a notebook holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Text,
    Code,
}

/// Where a definition ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// Where one begins of this level or a lower one.
    Level(u8),
    /// With its line.
    Line,
    /// With the lines that are indented below it, and a bracket that closes them.
    Indented,
    /// Where a line begins so that is indented no deeper.
    Before(&'static [u8]),
    /// With the line that ends in `;`, that after `begin` begins with `end`,
    /// and is not between `$$` and `$$`.
    Statement,
    /// With the line that begins with this word.
    Word(&'static [u8]),
    /// With the line that ends in `.`, or before the next such definition.
    Stop,
}

/// Lines in which no mark counts.
#[derive(Clone, Copy)]
pub(super) enum Verbatim {
    /// Between lines of at least so many of one of these bytes, the last of
    /// no fewer than the first; whether the first may go on with other text.
    Fence(&'static [u8], usize, bool),
    /// The same with dashes, in the first line of the text alone.
    Front,
    /// From a line that begins so to one that holds this.
    Between(&'static [u8], &'static [u8]),
    /// The same; between them is a script.
    Script(&'static [u8], &'static [u8]),
    /// From a line that opens one of TOML's strings of several lines to one that
    /// holds its end.
    Tripled,
    /// The documents that `<<word` announces in a line, each down to a line of its
    /// word alone.
    Here,
}

/// A mark that is without its own end ends with the section around it.
const DEEPEST: u8 = u8::MAX;

pub(super) const fn section(shape: Shape, level: u8) -> Mark {
    Mark { shape, kind: Kind::Section, ends: Ends::Level(level) }
}

pub(super) const fn mark(shape: Shape, kind: Kind, ends: Ends) -> Mark {
    Mark { shape, kind, ends }
}

/// A line.
#[derive(Clone, Copy, Default)]
struct Line<'t> {
    /// Without the white space around it.
    content: &'t [u8],
    start: usize,
    /// Columns before the content; a tab is one.
    indent: usize,
    number: u32,
}

impl Line<'_> {
    fn end(&self) -> usize {
        self.start + self.indent + self.content.len()
    }
}

/// Lines without a mark, the last of which an underline would make a name.
#[derive(Clone, Copy)]
struct Paragraph<'t> {
    first: Line<'t>,
    last: Line<'t>,
    lines: u32,
}

/// A definition that a line makes.
struct Found<'t> {
    name: &'t [u8],
    container: Option<&'t [u8]>,
    level: u8,
    /// The line it begins with, and the one of its name.
    from: Line<'t>,
    at: Line<'t>,
}

struct Open {
    kind: Kind,
    level: u8,
    indent: usize,
    ends: Ends,
    body: usize,
    /// SQL: its line is between `$$` and `$$`, behind `begin`.
    quoted: bool,
    block: bool,
}

/// What hides marks at present.
enum Inside<'t> {
    Fence(u8, usize),
    Until(&'static [u8]),
    /// The word, and the rest of the line that announced it.
    Here(&'t [u8], &'t [u8]),
}

struct Scanner<'t, 'o, 'v, V> {
    row: &'static Row,
    out: &'o mut Chunker<'t, 'v, V>,
    open: Vec<Open, NESTING>,
    inside: Option<Inside<'t>>,
    /// The document that begins on the next line.
    here: Option<Inside<'t>>,
    paragraph: Option<Paragraph<'t>>,
    /// The first line of the comment that belongs to the next line, and the
    /// last line before it.
    lead: Option<(Line<'t>, Line<'t>)>,
    /// The last lines that were not blank, the latest first.
    past: [Line<'t>; 3],
    /// Kinds of underlines in the order of their use, and whether one is above, too.
    styles: Vec<(u8, bool), 16>,
    /// Erlang: the function whose clauses are in hand.
    clause: Option<&'t [u8]>,
    /// The column of the keys inside the key in hand.
    inner: Option<usize>,
    /// Lines indented deeper are text.
    scalar: Option<usize>,
    /// The kind of the notebook's cell in hand, and whether its source is.
    cell: Option<Cell>,
    source: bool,
    /// The script that begins with the next line.
    script: Option<Script>,
}

/// A script inside markup.
struct Script {
    row: &'static table::Row,
    close: &'static [u8],
}

/// Reports the lines and the definitions of a text.
pub(super) fn run<'t, V: FnMut(Step<'t>)>(
    row: &'static Row,
    text: &'t [u8],
    uses: bool,
    out: &mut Chunker<'t, '_, V>,
) {
    let mut scanner = Scanner {
        row,
        out,
        open: Vec::new(),
        inside: None,
        here: None,
        paragraph: None,
        lead: None,
        past: [Line::default(); 3],
        styles: Vec::new(),
        clause: None,
        inner: None,
        scalar: None,
        cell: None,
        source: false,
        script: None,
    };
    let mut start = if text.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let mut number = 0_u32;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let length = rest.iter().position(|&b| b == b'\n');
        let whole = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        let indent = whole.iter().position(|&b| b != b' ' && b != b'\t').unwrap_or(whole.len());
        let content = whole.get(indent..).unwrap_or_default().trim_ascii_end();
        scanner.out.look(whole.len() + 1);
        scanner.line(Line { content, start, indent, number });
        let Some(length) = length else { break };
        start += length + 1;
        number = number.saturating_add(1);
        let [last, ..] = scanner.past;
        scanner.out.line(start, scanner.inside.is_some(), last.end());
        if let Some(script) = scanner.script.take() {
            let rest = text.get(start..).unwrap_or_default();
            let close = rest.windows(script.close.len()).position(|part| part == script.close);
            let code = rest.get(..close.unwrap_or(rest.len())).unwrap_or_default();
            scanner.out.look(code.len());
            let lines = code.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
            let text = text.get(..start + lines).unwrap_or_default();
            let lexer = Lexer::new(script.row, text, uses, scanner.out);
            (start, number) = (text.len(), lexer.from(start, number).run());
        }
    }
    let [last, ..] = scanner.past;
    scanner.close(0, last);
}

impl<'t, V: FnMut(Step<'t>)> Scanner<'t, '_, '_, V> {
    fn line(&mut self, line: Line<'t>) {
        let line = self.cell_line(line);
        let content = line.content;
        let hidden = match self.inside {
            Some(Inside::Fence(mark, least)) => {
                if run_of(content, mark) >= least && content.iter().all(|&b| b == mark) {
                    self.inside = None;
                }
                true
            }
            Some(Inside::Until(end)) => {
                if holds(content, end) {
                    self.inside = None;
                }
                true
            }
            Some(Inside::Here(end, rest)) => {
                if content == end {
                    self.inside = announced(rest);
                }
                true
            }
            None => line.indent <= self.row.indent && self.begins_verbatim(line),
        };
        if hidden || content.is_empty() {
            (self.paragraph, self.lead) = (None, None);
        } else if self.row.comments.iter().any(|comment| content.starts_with(comment)) {
            let [last, ..] = self.past;
            self.lead.get_or_insert((line, last));
            self.paragraph = None;
        } else {
            self.text(line);
            self.lead = None;
        }
        self.inside = self.here.take().or(self.inside.take());
        if !content.is_empty() {
            let [last, older, _] = self.past;
            self.past = [line, last, older];
        }
    }

    fn begins_verbatim(&mut self, line: Line<'t>) -> bool {
        let content = line.content;
        for verbatim in self.row.verbatim {
            match *verbatim {
                Verbatim::Fence(marks, least, more) => {
                    let Some(&mark) = content.first().filter(|first| marks.contains(first)) else {
                        continue;
                    };
                    let length = run_of(content, mark);
                    let rest = content.get(length..).unwrap_or_default();
                    // A code span may begin a paragraph: ```` ```a``` ````.
                    let fits = rest.is_empty() || more && (mark != b'`' || !rest.contains(&b'`'));
                    if length >= least && fits {
                        self.inside = Some(Inside::Fence(mark, length));
                        return true;
                    }
                }
                Verbatim::Front => {
                    if line.number == 0 && content == b"---" {
                        self.inside = Some(Inside::Fence(b'-', 3));
                        return true;
                    }
                }
                Verbatim::Script(open, close) => {
                    if let Some(rest) = content.strip_prefix(open) {
                        let lang =
                            if holds(rest, b"ts") { Lang::TypeScript } else { Lang::JavaScript };
                        if !holds(rest, close) {
                            let [last, ..] = self.past;
                            self.close(0, last);
                            self.script = languages::row(lang).map(|row| Script { row, close });
                        }
                        return true;
                    }
                }
                // The line itself may define something.
                Verbatim::Here => self.here = announced(content),
                Verbatim::Tripled => {
                    let opens = |quote: &&[u8]| {
                        content.windows(3).filter(|three| three == quote).count() % 2 == 1
                    };
                    let open = [&b"\"\"\""[..], b"'''"].into_iter().find(opens);
                    self.here = open.map(Inside::Until);
                }
                Verbatim::Between(open, close) => {
                    if let Some(rest) = content.strip_prefix(open) {
                        if !holds(rest, close) {
                            self.inside = Some(Inside::Until(close));
                        }
                        return true;
                    }
                }
            }
        }
        false
    }

    /// A line that is neither blank nor hidden nor a comment.
    fn text(&mut self, line: Line<'t>) {
        if let Some(column) = self.scalar {
            if line.indent > column {
                return;
            }
            self.scalar = None;
        }
        self.end_indented(line);
        let mut plain = true;
        if line.indent <= self.row.indent {
            for mark in self.row.marks {
                if let Some(found) = self.find(mark.shape, mark, line) {
                    self.define(mark, &found);
                    plain = false;
                }
            }
        }
        self.end_statement(line);
        self.end_sentence(line);
        self.paragraph = (plain && line.indent <= self.row.indent).then(|| {
            let (first, lines) = self.paragraph.map_or((line, 0), |p| (p.first, p.lines));
            Paragraph { first, last: line, lines: lines.saturating_add(1) }
        });
    }

    /// Closes what the line is not indented under, and what it says it ends.
    fn end_indented(&mut self, line: Line<'t>) {
        while let Some(top) = self.open.last() {
            match top.ends {
                // `- item` below `key:` may stand in the same column.
                Ends::Indented
                    if line.indent <= top.indent
                        && !(line.content.starts_with(b"- ") || line.content == b"-") =>
                {
                    // The bracket that closes is part of it.
                    let closes = line.indent == top.indent && is_closing(line.content);
                    self.end(if closes { line } else { self.settled() });
                    if closes {
                        return;
                    }
                }
                Ends::Before(begin)
                    if line.indent <= top.indent && line.content.starts_with(begin) =>
                {
                    self.end(self.settled());
                }
                Ends::Word(word) if starts(line.content, word) => return self.end(line),
                _ => return,
            }
        }
    }

    /// Closes the Erlang form that the line ends.
    fn end_sentence(&mut self, line: Line<'t>) {
        if self.open.last().is_some_and(|top| top.ends == Ends::Stop) {
            let comment = line.content.windows(2).position(|two| two == b" %");
            let code = line.content.get(..comment.unwrap_or(line.content.len()));
            if code.unwrap_or_default().trim_ascii_end().ends_with(b".") {
                self.clause = None;
                self.end(line);
            }
        }
    }

    /// Closes the SQL statement that the line ends.
    fn end_statement(&mut self, line: Line<'t>) {
        let Some(top) = self.open.last_mut().filter(|top| top.ends == Ends::Statement) else {
            return;
        };
        let quotes = line.content.windows(2).filter(|two| two == b"$$").count();
        if quotes % 2 == 1 {
            (top.quoted, top.block) = (!top.quoted, false);
        }
        let last = line.content.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
        top.block |= last.eq_ignore_ascii_case(b"begin");
        let ends = line.content.ends_with(b";") && (!top.block || starts(line.content, b"end"));
        if !top.quoted && (ends || line.content.eq_ignore_ascii_case(b"go")) {
            self.end(line);
        }
    }

    /// Closes down to `level`, at the end of the line `last`.
    fn close(&mut self, level: u8, last: Line<'t>) {
        while self.open.last().is_some_and(|top| top.level >= level) {
            self.end(last);
        }
    }

    /// The last line that belongs to what is open.
    fn settled(&self) -> Line<'t> {
        let [last, ..] = self.past;
        self.lead.map_or(last, |(_, before)| before)
    }

    fn end(&mut self, line: Line<'t>) {
        if let Some(top) = self.open.pop() {
            let end = line.end();
            let event = Event::Close { body: top.body.min(end), end, end_line: line.number };
            self.out.event(event);
        }
    }

    fn define(&mut self, mark: &Mark, found: &Found<'t>) {
        let from = found.from;
        let own_lead = self.lead.filter(|_| from.start == found.at.start);
        if found.level < DEEPEST {
            // An underlined name ends what is before it, not what is before its line.
            let before = self.past.into_iter().find(|line| line.start < from.start);
            let last = own_lead.map_or(before.unwrap_or_default(), |(_, before)| before);
            self.close(found.level, last);
        }
        if mark.ends == Ends::Stop && self.open.last().is_some_and(|top| top.ends == Ends::Stop) {
            // Its own end is missing.
            self.end(self.settled());
        }
        let lead = own_lead.map_or(from, |(lead, _)| lead);
        let method = self.open.last().is_some_and(|top| top.kind.has_methods());
        let kind = if mark.kind == Kind::Function && method { Kind::Method } else { mark.kind };
        let open = Open {
            kind,
            level: found.level,
            indent: found.at.indent,
            ends: mark.ends,
            body: found.at.end(),
            quoted: false,
            block: false,
        };
        let depth = self.open.len() as u8;
        if self.open.push(open).is_err() {
            return;
        }
        self.out.event(Event::Open(Definition {
            kind,
            name: found.name,
            container: found.container,
            start: lead.start,
            signature: from.start + from.indent,
            line: found.at.number,
            depth,
        }));
        if mark.ends == Ends::Line {
            self.end(found.at);
        }
    }
}

/// The first document that `<<word` announces in a part of a line.
fn announced(mut part: &[u8]) -> Option<Inside<'_>> {
    let mut quoted = false;
    loop {
        let at = part.iter().enumerate().position(|(at, &byte)| {
            quoted ^= byte == b'"';
            !quoted && part.get(at..).is_some_and(|rest| rest.starts_with(b"<<"))
        })?;
        let rest = part.get(at + 2..)?;
        let word = rest.strip_prefix(b"-").unwrap_or(rest);
        let quote = word.first().copied().filter(|b| b"\"'".contains(b));
        let word = word.get(usize::from(quote.is_some())..)?;
        let end = word.iter().position(|b| !b.is_ascii_alphanumeric() && *b != b'_');
        let (word, after) = word.split_at(end.unwrap_or(word.len()));
        if !rest.starts_with(b"<") && word.first().is_some_and(|b| !b.is_ascii_digit()) {
            let after = quote.and_then(|quote| after.strip_prefix(&[quote])).unwrap_or(after);
            return Some(Inside::Here(word, after));
        }
        // Not that of `<<<`.
        part = rest.strip_prefix(b"<").unwrap_or(rest);
    }
}

fn run_of(content: &[u8], mark: u8) -> usize {
    content.iter().take_while(|&&b| b == mark).count()
}

fn holds(content: &[u8], part: &[u8]) -> bool {
    content.windows(part.len().max(1)).any(|window| window == part)
}

/// Whether `content` begins with `word` in either case.
fn starts(content: &[u8], word: &[u8]) -> bool {
    content.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

fn is_closing(content: &[u8]) -> bool {
    content.first().is_some_and(|first| b")]}".contains(first))
}
