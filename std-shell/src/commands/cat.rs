//! `sigla cat`: files of an image, byte for byte.

use std::io::{BufWriter, Write};
use std::os::unix::ffi::OsStrExt;

use anyhow::{Result, bail};
use sigla_core::image::{DocId, FileKind};

use super::Outcome;
use crate::cli::CatArgs;
use crate::image_file::reader::{self, Reader};
use crate::output::human::harmless;

/// Runs the command: exit code 1 where the image has no such file.
pub fn run(args: &CatArgs) -> Result<Outcome> {
    let bytes = reader::read(&args.image)?;
    let image = reader::with_texts(&args.image, &bytes)?;
    let spelling = reader::spelling(&image);
    let mut reader = Reader::new(image.spelt(&spelling));
    let entries = reader::entries(&image)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let file = |reader: &mut Reader<'_>, id, out: &mut _| -> Result<()> {
        let key: Vec<u8> = image.docs().key(id)?.bytes().collect();
        reader.file(id, entries.get(key.as_slice()), out).map(drop)
    };
    let Some(wanted) = &args.path else {
        match image.meta().documents {
            1 => file(&mut reader, DocId(0), &mut out)?,
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
        file(&mut reader, id, &mut out)?;
    } else if let Some(kept) = entries.get(wanted).filter(|entry| entry.kind == FileKind::Kept) {
        out.write_all(kept.content)?;
    } else if let Some((key, first, last)) = lines(wanted)
        && let Some(id) = image.docs().find(key)?
    {
        if first == 0 || last < first {
            bail!("lines are FIRST-LAST from 1 on, and got {first}-{last}");
        }
        reader.lines(id, first - 1..last, &mut out)?;
    } else {
        let name = harmless(wanted);
        super::complain(format_args!("{} has no file {name}", args.image.display()));
        return Ok(Outcome::Nothing);
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// `PATH:FIRST-LAST` or `PATH:LINE`.
fn lines(wanted: &[u8]) -> Option<(&[u8], u32, u32)> {
    let colon = wanted.iter().rposition(|&b| b == b':')?;
    let range = str::from_utf8(wanted.get(colon + 1..)?).ok()?;
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    Some((wanted.get(..colon)?, first.parse().ok()?, last.parse().ok()?))
}
