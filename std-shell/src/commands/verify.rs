//! `sigla verify`: check every byte of images.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use super::{Outcome, complain, human};
use crate::cli::VerifyArgs;
use sigla_core::image::Image;

/// Runs the command: exit code 2 when one of the images is not whole.
pub fn run(args: &VerifyArgs) -> Result<Outcome> {
    let mut outcome = Outcome::Done;
    for path in &args.images {
        match verify(path) {
            Ok(line) if !args.quiet => writeln!(std::io::stdout(), "{}: {line}", path.display())?,
            Ok(_) => {}
            Err(error) => {
                complain(format_args!("{}: {error:#}", path.display()));
                outcome = Outcome::Troubled;
            }
        }
    }
    Ok(outcome)
}

fn verify(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).context("cannot read the image")?;
    let image = Image::open(&bytes)?;
    image.verify()?;
    let documents = image.meta().documents;
    Ok(format!("whole, {documents} documents, {}", human(bytes.len() as u64)))
}
