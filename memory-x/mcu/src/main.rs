//! Search on a Cortex-M4: the image sits in flash, queries come in over the serial line at run
//! time, hits go out over it.
#![no_std]
#![no_main]

mod board;

use board::Serial;
use core::{
    fmt::{self, Write},
    ops::ControlFlow,
    panic::PanicInfo,
};
use sigla_core::{
    glyph,
    image::{Corrupt, DocId, Image, Key, Segment},
    outline::CHUNK_MAX,
    rank::Weights,
    search::{Hit, Limits, Query, ReadTexts, Texts, needs, search},
};

/// At any address will do: an image asks for no alignment.
static IMAGE: &[u8] = include_bytes!(env!("SIGLA_IMAGE"));

/// All memory that a search has, besides the stack.
const SCRATCH: usize = 16 * 1024;
const _: () = assert!(needs(&Limits::SMALL) <= SCRATCH);

/// The longest record of the image's texts, in bytes; `cargo xtask mcu` packs it so.
const RECORD_MAX: usize = 512;

/// What decoding a text takes: a decoder's numbers, and one chunk.
struct Decoding {
    numbers: [u16; glyph::numbers(RECORD_MAX)],
    chunk: [u8; CHUNK_MAX],
}

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut LINE: [u8; 256] = [0; 256];
    static mut SCRATCH_BYTES: [u8; SCRATCH] = [0; SCRATCH];
    static mut DECODING: Decoding =
        Decoding { numbers: [0; glyph::numbers(RECORD_MAX)], chunk: [0; CHUNK_MAX] };
    let mut serial = Serial::start();
    let ok = converse(&mut serial, LINE, SCRATCH_BYTES, DECODING).is_ok();
    board::exit(ok)
}

/// Answers line by line until an empty one.
fn converse(
    serial: &mut Serial,
    line: &mut [u8],
    scratch: &mut [u8],
    decoding: &mut Decoding,
) -> fmt::Result {
    // The error is not shown: it holds a `u64`, and printing that has a panic path in a `core`
    // that is built for size.
    let Ok(image) = Image::open(IMAGE) else {
        writeln!(serial, "the image does not open")?;
        return Err(fmt::Error);
    };
    #[cfg(feature = "plant")]
    core::hint::black_box(IMAGE[core::hint::black_box(7)]);
    while let Some(query) = serial.read_line(line) {
        if query == b"=" {
            decode(serial, &image, decoding)?;
        } else {
            answer(serial, &image, &Query::new(query), scratch, decoding)?;
        }
    }
    writeln!(serial, "stack {}", board::stack_used())
}

fn answer(
    serial: &mut Serial,
    image: &Image<'_>,
    query: &Query<'_>,
    scratch: &mut [u8],
    decoding: &mut Decoding,
) -> fmt::Result {
    let segments = [Segment::new(*image)];
    let mut hits = [Hit::NONE; Limits::SMALL.hits as usize];
    let Decoding { numbers, chunk } = decoding;
    let mut texts = ReadTexts { segments: &segments, memory: numbers, chunk };
    let before = board::ticks();
    let found =
        search(&segments, query, &Weights::DEFAULT, &Limits::SMALL, &mut texts, scratch, &mut hits);
    let ticks = board::ticks().wrapping_sub(before);
    match found {
        Ok(answer) => {
            for hit in hits.iter().take(answer.hits) {
                match place(image, hit) {
                    Ok((key, line)) => {
                        write!(serial, "{} ", hit.score)?;
                        serial.send(key.head);
                        serial.send(key.tail);
                        writeln!(serial, ":{line}")?;
                    }
                    Err(corrupt) => writeln!(serial, "{corrupt}")?,
                }
            }
        }
        Err(error) => writeln!(serial, "{error}")?,
    }
    writeln!(serial, "ticks {ticks}")
}

/// Decodes every text of the image: how many bytes, a hash of them (FNV-1a), and the time.
fn decode(serial: &mut Serial, image: &Image<'_>, decoding: &mut Decoding) -> fmt::Result {
    let segments = [Segment::new(*image)];
    let Decoding { numbers, chunk } = decoding;
    let mut texts = ReadTexts { segments: &segments, memory: numbers, chunk };
    let (mut bytes, mut hash, mut ticks) = (0u32, 0x811c_9dc5u32, 0u32);
    for id in (0..image.meta().documents).map(DocId) {
        let mut before = board::ticks();
        let text = texts.text(0, id, None, &mut |part| {
            ticks = ticks.wrapping_add(board::ticks().wrapping_sub(before));
            bytes = bytes.wrapping_add(part.len() as u32);
            hash =
                part.iter().fold(hash, |hash, &b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193));
            before = board::ticks();
            ControlFlow::Continue(())
        });
        if text.is_none() {
            writeln!(serial, "text {} is damaged", id.0)?;
        }
    }
    writeln!(serial, "{bytes} bytes of text, hash {hash:08x}")?;
    writeln!(serial, "ticks {ticks}")
}

/// Where a hit's best chunk begins: the document's key, and the line from 1.
fn place<'i>(image: &Image<'i>, hit: &Hit) -> Result<(Key<'i>, u32), Corrupt> {
    let doc = image.docs().get(hit.doc)?;
    let first_line = match hit.chunk {
        Some(chunk) => image.chunks().place(&doc, chunk)?.first_line,
        None => 0,
    };
    Ok((doc.key, first_line.wrapping_add(1)))
}

/// Calls what does not exist: the program links only if no panic can be reached.
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    unsafe extern "C" {
        fn a_panic_path_is_reachable_in_this_firmware() -> !;
    }
    // SAFETY: never runs, as a program that could run it does not link.
    unsafe { a_panic_path_is_reachable_in_this_firmware() }
}
