//! The firmware in `memory-x/mcu`: built with an image of this project's own sources in flash,
//! proved free of panics, asked over its serial line under QEMU, and compared with the host.

use crate::{shell, tools::Device};
use anyhow::{Context, Result, bail, ensure};
use object::{Object, ObjectSegment, ObjectSymbol};
use sigla_core::text;
use std::{fs, path::PathBuf, process::Command, time::Duration};

/// Cortex-M4 without an FPU.
pub const TRIPLE: &str = "thumbv7em-none-eabi";

/// One with a rare name, one of plain words, one that no document answers in full.
const QUERIES: [&str; 3] = ["bit packing", "HTTPServer2 kebab-case", "when is a chunk split"];

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
    fs::write(image(), "")?;
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
    compare(device, firmware, &QUERIES)
}

fn compare(device: &Device, firmware: &Firmware, queries: &[&str]) -> Result<()> {
    let said = answer(device, firmware, queries)?;
    let mut said = said.lines();
    for query in queries {
        println!("{query}");
        for line in expected(query) {
            let said = said.next().unwrap_or("nothing");
            ensure!(said == line, "{query:?}: the host says {line:?}, the device says {said:?}");
            println!("  {line}");
        }
        let ticks = figure(said.next(), "ticks ")?;
        println!("  {} instructions", ticks * INSTRUCTIONS_A_TICK.0 / INSTRUCTIONS_A_TICK.1);
    }
    println!("stack: {} bytes", figure(said.next(), "stack ")?);
    Ok(())
}

/// What the host answers, line by line as the device prints it.
fn expected(query: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for word in text::words(query.as_bytes()) {
        text::terms(word.bytes, &mut |term, _| {
            lines.push(format!("term {}", String::from_utf8_lossy(term)))
        });
    }
    lines
}

/// Everything the device says to `queries`, one a line.
fn answer(device: &Device, firmware: &Firmware, queries: &[&str]) -> Result<String> {
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
fn inspect(elf: &std::path::Path) -> Result<()> {
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
