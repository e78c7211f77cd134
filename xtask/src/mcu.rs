//! The firmware in `memory-x/mcu`: built with an image of this project's own sources in flash,
//! proved free of panics, asked over its serial line under QEMU, and compared with the host.

use crate::{shell, tools::Device};
use anyhow::{Context, Result, bail, ensure};
use object::{Object, ObjectSegment, ObjectSymbol};
use sigla_core::{
    build::{Builder, Codec, Document, Options, seal},
    image::{DocId, Image, Segment},
    outline::{Lang, Role},
    search::{Hit, Limits, Query, Searcher, wants},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use xxhash_rust::xxh3::xxh3_64;

/// Cortex-M4 without an FPU.
pub const TRIPLE: &str = "thumbv7em-none-eabi";

/// What is packed: the files in some folders of this project, about 100 KB as an image.
const SOURCES: [&str; 2] = ["core/src/bits", "core/src/text"];

/// Words; a name with a filter; a phrase, a prefix and a misspelt word.
const QUERIES: [&str; 3] = [
    "where is a word cut that is too long",
    "kind:function terms -path:tests",
    "\"upper case\" stem* snowbal",
];

/// Asks the device to decode all texts.
const DECODE: &str = "=";

/// The longest record of the device's image, in bytes of text.
const RECORD_MAX: u16 = 512;

/// Under `-icount shift=5` an instruction takes 32 ns; a tick of the 25 MHz clock takes 40 ns.
const SHIFT: &str = "shift=5";
const INSTRUCTIONS_A_TICK: (u64, u64) = (40, 32);

/// Start of RAM, see `mps2-an386.x`.
const RAM: u64 = 0x2000_0000;

#[derive(clap::Args)]
pub struct Args {
    /// What to ask the device; three queries of its own where none is given.
    queries: Vec<String>,
}

/// What was built.
pub struct Firmware {
    elf: PathBuf,
}

pub fn run(args: Args) -> Result<()> {
    let device = Device::prepare(TRIPLE)?;
    let firmware = build(&device)?;
    if args.queries.is_empty() {
        return ask(&device, &firmware);
    }
    let queries: Vec<_> = args.queries.iter().map(String::as_str).collect();
    compare(&device, &firmware, &queries)
}

/// Builds the image and the firmware, and looks for what is left of panics.
pub fn build(device: &Device) -> Result<Firmware> {
    fs::create_dir_all(folder())?;
    fs::write(image(), pack()?)?;
    shell::run(&mut cargo(device))?;
    let elf = folder().join(TRIPLE).join("release/sigla-mcu");
    inspect(&elf)?;
    Ok(Firmware { elf })
}

/// A firmware that can panic must not link.
pub fn plant(device: &Device) -> Result<()> {
    let planted = cargo(device).args(["--features", "plant"]).output()?;
    let log = String::from_utf8_lossy(&planted.stderr);
    ensure!(!planted.status.success(), "a firmware with a planted panic was built");
    ensure!(
        log.contains("a_panic_path_is_reachable_in_this_firmware"),
        "built not, but why?\n{log}"
    );
    eprintln!("a planted panic does not link, as it must be");
    Ok(())
}

/// Puts [`QUERIES`] to the device and compares its answers with the host's.
pub fn ask(device: &Device, firmware: &Firmware) -> Result<()> {
    let [words, name, phrase] = QUERIES;
    compare(device, firmware, &[words, name, phrase, DECODE])
}

fn compare(device: &Device, firmware: &Firmware, queries: &[&str]) -> Result<()> {
    let image = fs::read(image())?;
    let image = Image::open(&image)?;
    let said = converse(device, firmware, queries)?;
    let mut said = said.lines();
    for query in queries {
        println!("{query}");
        for line in answer(&image, query)? {
            let said = said.next().unwrap_or("nothing");
            ensure!(said == line, "{query:?}: the host says {line:?}, the device says {said:?}");
            println!("  {line}");
        }
        let ticks = figure(said.next(), "ticks ")?;
        let instructions = ticks * INSTRUCTIONS_A_TICK.0 / INSTRUCTIONS_A_TICK.1;
        println!("  {instructions} instructions");
        if *query == DECODE {
            let kilobytes = image.meta().text_bytes.max(1) as f64 / 1024.0;
            println!("  {:.0} a KB of text", instructions as f64 / kilobytes);
        }
    }
    println!("deepest stack: {} bytes", figure(said.next(), "stack ")?);
    Ok(())
}

/// What the host answers, line by line as the device prints it. It has more memory, which must
/// not change the answer.
fn answer(image: &Image<'_>, query: &str) -> Result<Vec<String>> {
    let segments = [Segment::new(*image)];
    let mut numbers = vec![0; image.read_numbers()];
    if query == DECODE {
        let mut all = Vec::new();
        for id in (0..image.meta().documents).map(DocId) {
            let start = all.len();
            all.resize(start + image.text_length(id)?, 0);
            image.read(id, &mut numbers, &mut all[start..])?;
        }
        let hash = all
            .iter()
            .fold(0x811c_9dc5u32, |hash, &b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193));
        return Ok(vec![format!("{} bytes of text, hash {hash:08x}", all.len())]);
    }
    let mut scratch = vec![0; wants(&Limits::SMALL)];
    let mut hits = [Hit::NONE; Limits::SMALL.hits as usize];
    let mut searcher = Searcher::new(&segments, Limits::SMALL, &mut scratch)?;
    let found = searcher.search(&Query::new(query.as_bytes()), &mut hits);
    let count = match found {
        Ok(answer) => answer.hits,
        Err(error) => return Ok(vec![error.to_string()]),
    };
    hits.iter()
        .take(count)
        .map(|hit| {
            let doc = image.docs().get(hit.doc)?;
            let place = hit.chunk.map(|chunk| image.chunks().place(&doc, chunk)).transpose()?;
            let line = place.map_or(0, |place| place.first_line) + 1;
            let key = String::from_utf8(doc.key.bytes().collect())?;
            Ok(format!("{} {key}:{line}", hit.score.0))
        })
        .collect()
}

/// An image of [`SOURCES`] that carries their text as glyphs.
fn pack() -> Result<Vec<u8>> {
    let root = shell::root();
    let mut files = Vec::new();
    for folder in SOURCES {
        for file in fs::read_dir(root.join(folder)).context(folder)? {
            let file = file?;
            if !file.file_type()?.is_file() {
                continue;
            }
            let name = file.file_name().into_string().ok().context("a name that is no text")?;
            files.push((format!("{folder}/{name}"), fs::read(file.path())?));
        }
    }
    files.sort();
    let mut builder = Builder::new(Options { text: true, grams: false });
    for (key, text) in &files {
        let (key, hash) = (key.as_bytes(), xxh3_64(text));
        let (lang, role) = (Lang::detect(key, text), Role::of(key, text));
        builder.add(Document { key, lang, role, hash, text: text.as_slice().into() })?;
    }
    let mut image = Vec::new();
    builder.finish(&mut image)?;
    let mut sealed = Vec::new();
    let codec = Codec { record_max: RECORD_MAX, ..Codec::default() };
    seal(&Image::open(&image)?, Some(&codec), None, &mut sealed)?;
    Ok(sealed)
}

/// Everything the device says to `queries`, one a line.
fn converse(device: &Device, firmware: &Firmware, queries: &[&str]) -> Result<String> {
    let input: String = queries.iter().flat_map(|query| [query, "\n"]).chain(["\n"]).collect();
    let mut qemu = device.qemu();
    qemu.args(["-machine", "mps2-an386", "-display", "none", "-monitor", "none"])
        .args(["-serial", "stdio", "-semihosting-config", "enable=on,target=native"])
        .args(["-icount", SHIFT, "-kernel"])
        .arg(&firmware.elf);
    shell::converse(&mut qemu, input.as_bytes(), Duration::from_secs(60))
}

/// The number after `name` in `line`.
fn figure(line: Option<&str>, name: &str) -> Result<u64> {
    let line = line.context("the device broke off")?;
    let Some(figure) = line.strip_prefix(name) else {
        bail!("the host has no more hits, the device says {line:?}");
    };
    Ok(figure.parse()?)
}

/// No symbol of the panic machinery may be left; prints what the firmware takes.
fn inspect(elf: &Path) -> Result<()> {
    let bytes = fs::read(elf)?;
    let file = object::File::parse(bytes.as_slice())?;
    let names: Vec<&str> = file.symbols().filter_map(|symbol| symbol.name().ok()).collect();
    ensure!(names.contains(&"main"), "{} has no symbols to look at", elf.display());
    let panics = ["panicking", "rust_begin_unwind"];
    if let Some(name) = names.iter().find(|name| panics.iter().any(|panic| name.contains(panic))) {
        bail!("{} can panic: it holds {name}", elf.display());
    }
    let flash: u64 = file.segments().map(|segment| segment.file_range().1).sum();
    let in_ram = file.segments().filter(|segment| segment.address() >= RAM);
    let ram: u64 = in_ram.map(|segment| segment.size()).sum();
    let image = fs::metadata(image())?.len();
    println!("flash: {flash} bytes, of which the image is {image}; static RAM: {ram} bytes");
    Ok(())
}

fn cargo(device: &Device) -> Command {
    let mut cargo = device.cargo("build");
    cargo.arg("--target-dir").arg(folder()).env("SIGLA_IMAGE", image());
    cargo.current_dir(shell::root().join("memory-x/mcu"));
    cargo
}

fn folder() -> PathBuf {
    shell::target().join("mcu")
}

fn image() -> PathBuf {
    folder().join("sources.sigla")
}
