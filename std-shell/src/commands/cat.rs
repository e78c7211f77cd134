//! `sigla cat`: files of an image, byte for byte.

use std::io::{BufWriter, Write};
use std::os::unix::ffi::OsStrExt;

use anyhow::{Result, bail};
use sigla_core::image::{DocId, FileKind, Image};

use super::Outcome;
use crate::cli::CatArgs;
use crate::opened::{self, Reader};
use crate::output::human::harmless;

/// Runs the command: exit code 1 where the image has no such file.
pub fn run(args: &CatArgs) -> Result<Outcome> {
    let bytes = opened::read(&args.image)?;
    let image = opened::with_texts(&args.image, &bytes)?;
    let spelling = opened::spelling(&image);
    let mut reader = Reader::new(image.spelt(&spelling));
    let mut out = BufWriter::new(std::io::stdout().lock());
    let Some(wanted) = &args.path else {
        match image.meta().documents {
            1 => out.write_all(reader.file(DocId(0))?)?,
            count => bail!(
                "{} holds {count} files: say which, as PATH or PATH:FIRST-LAST ({} lists them)",
                args.image.display(),
                "sigla inspect --files",
            ),
        }
        out.flush()?;
        return Ok(Outcome::Done);
    };
    let wanted = wanted.as_os_str().as_bytes();
    // A path may end in what looks like lines: the whole of it comes first.
    if let Some(id) = image.docs().find(wanted)? {
        out.write_all(reader.file(id)?)?;
    } else if let Some(content) = kept(&image, wanted)? {
        out.write_all(content)?;
    } else if let Some((key, first, last)) = lines(wanted)
        && let Some(id) = image.docs().find(key)?
    {
        if first == 0 || last < first {
            bail!("lines are FIRST-LAST from 1 on, and got {first}-{last}");
        }
        out.write_all(reader.lines(id, first - 1..last)?)?;
    } else {
        let name = harmless(wanted);
        super::complain(format_args!("{} has no file {name}", args.image.display()));
        return Ok(Outcome::Nothing);
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The bytes of a file that is no document.
fn kept<'b>(image: &Image<'b>, path: &[u8]) -> Result<Option<&'b [u8]>> {
    for entry in image.files().iter().flat_map(|files| files.entries()) {
        let entry = entry?;
        if entry.kind == FileKind::Kept && entry.path == path {
            return Ok(Some(entry.content));
        }
    }
    Ok(None)
}

/// `PATH:FIRST-LAST` or `PATH:LINE`.
fn lines(wanted: &[u8]) -> Option<(&[u8], u32, u32)> {
    let colon = wanted.iter().rposition(|&b| b == b':')?;
    let range = str::from_utf8(wanted.get(colon + 1..)?).ok()?;
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    Some((wanted.get(..colon)?, first.parse().ok()?, last.parse().ok()?))
}
