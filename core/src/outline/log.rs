//! Whether a text is a log, told by its first lines, whatever its name.
//!
//! Lines of logs say when: a time of day near their beginning, seconds since the
//! start as the kernel writes them, or fields of a record. Where half of the lines
//! begin so, and two at least, the text is a log; lines that go on with the one
//! before (a stack trace), and notes in `#`, do not count.

/// Bytes of a text that are looked at.
pub(super) const LOOK: usize = 4096;
/// Bytes of a line in which its time stands, behind an address perhaps.
const BEGINNING: usize = 96;
/// Bytes of a record in which its time and its message are named.
const RECORD: usize = 512;

/// Whether the file name is that of a log, one that was put aside too: `app.log`,
/// `app.log.1`, `app.log-20261130`, `app.log.2026-11-30.old`.
pub(super) fn named(file: &[u8]) -> bool {
    let mark = b".log";
    let at = file.windows(mark.len()).rposition(|part| part.eq_ignore_ascii_case(mark));
    let Some(rest) = at.and_then(|at| file.get(at + mark.len()..)) else { return false };
    let Some((first, _)) = rest.split_first() else { return true };
    let aside = |part: &[u8]| {
        let date = |b: &u8| b.is_ascii_digit() || matches!(b, b'T' | b':');
        part.iter().all(date) || [&b"old"[..], b"bak", b"prev"].contains(&part)
    };
    b".-_".contains(first) && rest.split(|b| b".-_".contains(b)).all(aside)
}

/// Whether the lines with which `text` begins are those of a log. Looks at [`LOOK`]
/// bytes.
pub(super) fn looks(text: &[u8]) -> bool {
    let head = match text.get(..LOOK) {
        // The line that is cut counts only where it is the only one.
        Some(head) => match head.iter().rposition(|&b| b == b'\n') {
            Some(end) => head.get(..end).unwrap_or(head),
            None => head,
        },
        None => text,
    };
    let (mut lines, mut stamped) = (0u32, 0u32);
    for line in head.split(|&b| b == b'\n') {
        match line.first() {
            None | Some(b' ' | b'\t' | b'\r' | b'#' | b'\0') => {}
            Some(_) => {
                lines += 1;
                stamped += u32::from(says_when(line));
            }
        }
    }
    stamped >= 2 && stamped * 2 >= lines
}

fn says_when(line: &[u8]) -> bool {
    let beginning = line.get(..BEGINNING).unwrap_or(line);
    let record = line.get(..RECORD).unwrap_or(line);
    let names = |fields: &[&str]| fields.iter().any(|field| holds(record, field.as_bytes()));
    match line.first() {
        Some(b'{') => {
            names(&["\"time", "\"ts\"", "\"@t", "\"date", "\"t\":"])
                && names(&["\"level\"", "\"lvl\"", "\"severity", "\"msg\"", "\"message\"", "\"@m"])
        }
        Some(b'[') if seconds(beginning) => true,
        _ if clock(beginning) => true,
        _ => names(&["level=", "lvl=", "severity="]) && names(&["time=", "ts=", "msg=", "t="]),
    }
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// `12:03:59`, and not a part of an address (`00:11:22:33:44:55`).
fn clock(text: &[u8]) -> bool {
    let digit = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
    let colon = |at: usize| text.get(at) == Some(&b':');
    let two = |at: usize| digit(Some(at)) && digit(Some(at + 1));
    (1..text.len()).any(|at| {
        let time = colon(at) && two(at + 1) && colon(at + 3) && two(at + 4);
        if !time || colon(at + 6) || digit(Some(at + 6)) || !digit(at.checked_sub(1)) {
            return false;
        }
        let hour = if digit(at.checked_sub(2)) { 2 } else { 1 };
        let before = at.checked_sub(hour + 1);
        // `30/Nov/2026:12:03:59`: a year stands before the hour.
        let year = || (2..=5).all(|back| digit(at.checked_sub(hour + back)));
        !digit(before) && (before.and_then(|at| text.get(at)) != Some(&b':') || year())
    })
}

/// `[   12.345678]`
fn seconds(line: &[u8]) -> bool {
    let inner = line.strip_prefix(b"[").unwrap_or(line).trim_ascii_start();
    let Some(end) = inner.iter().position(|&b| b == b']') else { return false };
    let mut parts = inner.get(..end).unwrap_or_default().split(|&b| b == b'.');
    let digits = |part: Option<&[u8]>, least: usize| {
        part.is_some_and(|part| part.len() >= least && part.iter().all(u8::is_ascii_digit))
    };
    digits(parts.next(), 1) && digits(parts.next(), 3) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_by_their_lines() {
        let logs = [
            "2024-05-01 12:00:00 host app[0]: failed\n2024-05-01 12:00:01 host app[1]: ok\n",
            "2024-05-01T12:00:00.123Z INFO one\n\tat Deep.in(It.java:1)\n2024-05-01T12:00:01Z two",
            "Nov 30 22:44:48 host sshd[12]: one\nNov  1 02:44:48 host kernel: two\n",
            "<34>1 2003-10-11T22:14:15.003Z host su - one\n<34>1 2003-10-11T22:14:16.003Z two",
            "10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] \"GET /\"\n::1 - - [1/Oct/2000:13:55:37 +0000]\n",
            "[    0.000000] Linux version\n[    0.000123] Command line\n[   12.345678] done\n",
            "I0430 12:00:00.000001 1 a.cc:1] x\nW0430 12:00:00.000002 1 a.cc:1] y\n",
            "12:03:59 start\n12:04:00 stop\n",
            "# Software: server\n# Fields: date time\n2024-05-01 12:00:00 GET\n2024-05-01 12:00:01 GET",
            "{\"ts\":1,\"level\":\"info\",\"msg\":\"a\"}\n{\"ts\":2,\"level\":\"info\",\"msg\":\"b\"}\n",
            "time=\"x\" level=info msg=a\ntime=\"y\" level=warn msg=b\n",
            "06-01 09:05:01.250 1 2 D Tag: a\n06-01 9:05:02 1 2 D Tag: b\n",
        ];
        for log in logs {
            assert!(looks(log.as_bytes()), "{log}");
        }
        let others = [
            "",
            "one line at 12:00:00\n",
            "# Notes\n\nThe retry policy\nwaits longer after each.\nIt began at 12:00:00.\n",
            "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nThere\nyou\n",
            "eth0 00:11:22:33:44:55\neth1 00:11:22:33:44:56\n",
            "2001:db8:85:11:22:33:44\nfe80:00:11:22:33:44\n",
            "{\"name\":\"a\"}\n{\"name\":\"b\"}\n",
            "fn main() {\n}\n",
        ];
        for other in others {
            assert!(!looks(other.as_bytes()), "{other}");
        }
        let long = "x".repeat(LOOK);
        assert!(!looks(long.as_bytes()));
    }

    #[test]
    fn logs_by_their_names() {
        for name in [
            "app.log",
            "A.LOG",
            "app.log.1",
            "app.log-20261130",
            "app.log.2026-11-30.1",
            "x.log.old",
        ] {
            assert!(named(name.as_bytes()), "{name}");
        }
        for name in ["log", "app.logic", "app.log.rs", "app.log.gz", "my.log.notes", "a.log1", ""] {
            assert!(!named(name.as_bytes()), "{name}");
        }
    }
}
