//! `sigla unpack`: the tree that an image was made of.

use std::collections::HashSet;
use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::json;
use sigla_core::image::{DocId, FileKind};

use super::{Outcome, complain, human};
use crate::cli::UnpackArgs;
use crate::opened::{self, Reader};
use crate::output::human::harmless;
use crate::packed::inside;

/// Runs the command. The folder appears whole or not at all.
pub fn run(args: &UnpackArgs) -> Result<Outcome> {
    let bytes = opened::read(&args.image)?;
    let image = opened::with_texts(&args.image, &bytes)?;
    let target = &args.output;
    if fs::read_dir(target).is_ok_and(|mut names| names.next().is_some()) {
        bail!("{} is not empty: name a folder that is, or that is not there", target.display());
    }
    let parent = match target.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let draft = tempfile::Builder::new()
        .prefix(".unpack-")
        .tempdir_in(parent)
        .with_context(|| format!("cannot write below {}", parent.display()))?;
    let files = image.files();
    let (mut count, mut written) = (0u64, 0u64);
    let mut write = |key: &[u8], mode: u16, content: &[u8]| -> Result<()> {
        let key = inside(key)?;
        let cannot = || format!("cannot write {}", target.join(&key).display());
        let path = draft.path().join(&key);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(cannot)?;
        }
        // Of one name there is one file, whatever an image says.
        let mut file = File::create_new(&path).with_context(cannot)?;
        file.write_all(content).with_context(cannot)?;
        let mode = Permissions::from_mode(u32::from(mode) & 0o777);
        file.set_permissions(mode).with_context(cannot)?;
        count += 1;
        written += content.len() as u64;
        Ok(())
    };
    let (mut left_out, mut originals) = (Vec::new(), HashSet::new());
    for entry in files.iter().flat_map(|files| files.entries()) {
        let entry = entry?;
        match entry.kind {
            FileKind::Binary | FileKind::Large => left_out.push(inside(entry.path)?),
            FileKind::Kept => write(entry.path, entry.mode, entry.content)?,
            FileKind::Original => {
                write(entry.path, entry.mode, entry.content)?;
                originals.insert(entry.path);
            }
        }
    }
    let spelling = opened::spelling(&image);
    let mut reader = Reader::new(image.spelt(&spelling));
    for id in (0..image.meta().documents).map(DocId) {
        let key: Vec<u8> = image.docs().key(id)?.bytes().collect();
        if !originals.contains(key.as_slice()) {
            let mode = files.and_then(|files| files.mode(id)).unwrap_or(0o644);
            write(&key, mode, reader.text(id)?)?;
        }
    }
    let draft = draft.keep();
    let mode = fs::metadata(parent).map_or(0o755, |parent| parent.permissions().mode() & 0o777);
    let renamed = fs::set_permissions(&draft, Permissions::from_mode(mode | 0o700))
        .and_then(|()| fs::rename(&draft, target));
    if let Err(error) = renamed {
        let _ = fs::remove_dir_all(&draft);
        return Err(error).with_context(|| format!("cannot write {}", target.display()));
    }
    let mut out = std::io::stdout().lock();
    let folder = target.display();
    if args.json {
        let left_out: Vec<String> =
            left_out.iter().map(|path| path.display().to_string()).collect();
        let line = json!({
            "folder": folder.to_string(),
            "files": count,
            "bytes": written,
            "left_out": left_out,
        });
        writeln!(out, "{line}")?;
    } else if !args.quiet {
        writeln!(out, "{folder}: {count} files, {}", human(written))?;
        for path in &left_out {
            let path = harmless(path.as_os_str().as_bytes());
            complain(format_args!("{path}: not in the image (see pack --all)"));
        }
    }
    Ok(Outcome::Done)
}
