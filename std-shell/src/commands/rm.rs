//! `sigla rm`: remove indexes.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::list::{name, object};
use super::{Outcome, complain, human};
use crate::cli::RmArgs;
use crate::store::home::{Home, Wait};
use crate::store::kept::{self, Kept};

/// Runs the command: exit code 0; 1 when there was nothing to remove; 2 when an
/// index could not be removed, or a folder that was named has none.
pub fn run(args: &RmArgs) -> Result<Outcome> {
    let home = Home::locate(args.index_dir.as_deref())?;
    let all = kept::all(&home)?;
    let mut outcome = Outcome::Done;
    let mut doomed: Vec<&Kept> = Vec::new();
    for path in &args.paths {
        let root = canonical(path)?;
        let before = doomed.len();
        doomed.extend(all.iter().filter(|kept| kept.root.as_ref() == Some(&root)));
        if doomed.len() == before {
            outcome = Outcome::Troubled;
            let above = all.iter().filter_map(|kept| kept.root.as_ref());
            match above
                .filter(|above| root.starts_with(above))
                .max_by_key(|above| above.as_os_str().len())
            {
                Some(above) => complain(format_args!(
                    "{} has no index of its own; that of {} serves it",
                    path.display(),
                    above.display()
                )),
                None => complain(format_args!("{} has no index", path.display())),
            }
        }
    }
    doomed.extend(all.iter().filter(|kept| args.all || (args.gone && !kept.has_root())));
    doomed.sort_by_key(|kept| kept.folder.path());
    doomed.dedup();
    if doomed.is_empty() && outcome == Outcome::Done {
        return Ok(Outcome::Nothing);
    }
    let mut out = std::io::stdout().lock();
    for kept in doomed {
        if let Err(error) = remove(kept) {
            complain(format_args!("{}: {error:#}", name(kept)));
            outcome = Outcome::Troubled;
        } else if args.json {
            writeln!(out, "{}", object(kept))?;
        } else if !args.quiet {
            writeln!(out, "removed {}, {}", name(kept), human(kept.bytes))?;
        }
    }
    Ok(outcome)
}

fn remove(kept: &Kept) -> Result<()> {
    let path = kept.folder.path().display();
    let lock = kept.folder.lock(Wait::Never).with_context(|| format!("cannot write {path}"))?;
    let lock = lock.context("another sigla is writing this index: not removed")?;
    kept.folder.remove(lock).with_context(|| format!("cannot remove {path}"))
}

/// The canonical path, also of what is there no longer.
fn canonical(path: &Path) -> Result<PathBuf> {
    match path.canonicalize() {
        Ok(path) => Ok(path),
        Err(_) => std::path::absolute(path)
            .with_context(|| format!("cannot make sense of {}", path.display())),
    }
}
