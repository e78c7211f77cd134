//! `sigla unpack`: the tree that an image was made of.

use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;

use anyhow::Result;
use serde_json::json;

use super::{Outcome, complain, human};
use crate::cli::UnpackArgs;
use crate::image_file::unpack::{Unpacked, unpack};
use crate::output::human::harmless;

/// Runs the command.
pub fn run(args: &UnpackArgs) -> Result<Outcome> {
    let Unpacked { files, bytes, left_out } = unpack(&args.image, &args.output)?;
    let mut out = io::stdout().lock();
    let folder = args.output.display();
    if args.json {
        let left_out: Vec<String> =
            left_out.iter().map(|path| path.display().to_string()).collect();
        let line = json!({
            "folder": folder.to_string(),
            "files": files,
            "bytes": bytes,
            "left_out": left_out,
        });
        writeln!(out, "{line}")?;
    } else if !args.quiet {
        writeln!(out, "{folder}: {files} files, {}", human(bytes))?;
        for path in &left_out {
            let path = harmless(path.as_os_str().as_bytes());
            complain(format_args!("{path}: not in the image (see pack --all)"));
        }
    }
    Ok(Outcome::Done)
}
