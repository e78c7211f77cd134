//! `sigla list`: the indexes that there are.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use serde_json::{Value, json};

use super::{Outcome, human};
use crate::cli::ListArgs;
use crate::output::human::harmless;
use crate::store::home::Home;
use crate::store::kept::{self, Kept};

/// Runs the command: exit code 0, or 1 when there is none.
pub fn run(args: &ListArgs) -> Result<Outcome> {
    let home = Home::locate(args.index_dir.as_deref())?;
    let all = kept::all(&home)?;
    let mut out = std::io::stdout().lock();
    for kept in &all {
        if args.json {
            writeln!(out, "{}", object(kept))?;
        } else {
            let Kept { files, bytes, .. } = kept;
            let size = human(*bytes).to_string();
            writeln!(out, "{files:>8} files {size:>12}  {:>14}  {}", ago(kept.used), name(kept))?;
        }
    }
    Ok(if all.is_empty() { Outcome::Nothing } else { Outcome::Done })
}

/// An index as an object.
pub(super) fn object(kept: &Kept) -> Value {
    let seconds = |time: SystemTime| time.duration_since(UNIX_EPOCH).ok().map(|d| d.as_secs());
    json!({
        "root": kept.root.as_ref().map(|root| root.to_string_lossy()),
        "index": kept.folder.path().to_string_lossy(),
        "files": kept.files,
        "bytes": kept.bytes,
        "used": kept.used.and_then(seconds),
        "exists": kept.has_root(),
        "current": kept.current,
    })
}

/// The root of an index, and what is to be said of it.
pub(super) fn name(kept: &Kept) -> String {
    let Some(root) = &kept.root else {
        return format!("({}: it does not say of what)", kept.folder.path().display());
    };
    let root = harmless(root.as_os_str().as_encoded_bytes());
    match (kept.has_root(), kept.current) {
        (false, _) => root + "  (gone)",
        (true, false) => root + "  (of another version: the next search builds it anew)",
        (true, true) => root,
    }
}

/// How long ago that is.
fn ago(time: Option<SystemTime>) -> String {
    let Some(time) = time else { return "never used".to_owned() };
    let minutes = time.elapsed().map_or(0, |elapsed| elapsed.as_secs() / 60);
    let (count, unit) = match minutes {
        0 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_are_told_in_one_unit() {
        let told = |seconds| ago(SystemTime::now().checked_sub(Duration::from_secs(seconds)));
        assert_eq!(told(59), "just now");
        assert_eq!(told(61), "1 minute ago");
        assert_eq!(told(7300), "2 hours ago");
        assert_eq!(told(86_400 * 40), "40 days ago");
        assert_eq!(ago(None), "never used");
    }
}
