//! `sigla pack`: one image of a folder, with its text, to take elsewhere.

use std::io::Write;
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::json;
use sigla_core::build;
use sigla_core::glyph::{self, train::Start};

use super::{Outcome, human, report};
use crate::cli::{Codebook, Codec, PackArgs};
use crate::image_file::pack::{Order, pack};
use crate::output::progress::Bar;

/// Phrases of other texts, by `cargo xtask train-codebook`.
static GENERAL: &[u8] = include_bytes!("../general.codebook");

/// Runs the command.
pub fn run(args: &PackArgs) -> Result<Outcome> {
    let start = Instant::now();
    let known = glyph::Codebook::open(GENERAL).ok().context("no general codebook")?;
    let codec = build::Codec {
        record_max: args.record_max,
        chain: args.chain,
        start: match args.codebook {
            Codebook::General => Start::General(known),
            Codebook::Learned => Start::Learned,
            Codebook::Both => Start::Both(known),
        },
        ..build::Codec::default()
    };
    let order = Order {
        from: &args.path,
        to: &args.output,
        settings: &args.machine.settings(args.rules.rules()),
        globs: &args.glob,
        all: args.all,
        codec: (args.codec == Codec::Glyph).then_some(&codec),
    };
    let packed = pack(&order, &args.machine.pool(), &Bar::new(args.machine.quiet))?;
    let seconds = start.elapsed().as_secs_f64();
    let output = args.output.display();
    let (documents, bytes) = (packed.documents, packed.bytes);
    let mut out: Box<dyn Write> = match packed.beside {
        true => Box::new(std::io::stderr()),
        false => Box::new(std::io::stdout()),
    };
    if args.json {
        let line = json!({
            "image": output.to_string(),
            "documents": documents,
            "bytes": bytes,
            "left_out": packed.left_out,
            "errors": packed.troubles.len(),
            "seconds": seconds,
        });
        writeln!(out, "{line}")?;
    } else if !args.machine.quiet {
        let size = human(bytes);
        write!(out, "{output}: {documents} documents, {size} in {seconds:.2} s")?;
        match packed.left_out {
            0 => writeln!(out)?,
            some => writeln!(out, "; left out: {some} that are no text, or too large (see --all)")?,
        }
    }
    Ok(report(&packed.troubles))
}
