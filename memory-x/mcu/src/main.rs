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
    image::{Corrupt, DocId, Image, Key, Segment},
    search::{Hit, Limits, Query, Searcher, SegmentId, needs},
};

/// At any address will do: an image asks for no alignment.
static IMAGE: &[u8] = include_bytes!(env!("SIGLA_IMAGE"));

/// All memory that a search has, texts of records up to `Limits::SMALL.record_max` included,
/// besides the stack.
const SCRATCH: usize = 16 * 1024;
const _: () = assert!(needs(&Limits::SMALL) <= SCRATCH);

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut LINE: [u8; 256] = [0; 256];
    static mut SCRATCH_BYTES: [u8; SCRATCH] = [0; SCRATCH];
    let mut serial = Serial::start();
    let ok = converse(&mut serial, LINE, SCRATCH_BYTES).is_ok();
    board::exit(ok)
}

/// Answers line by line until an empty one.
fn converse(serial: &mut Serial, line: &mut [u8], scratch: &mut [u8]) -> fmt::Result {
    // The error is not shown: it holds a `u64`, and printing that has a panic path in a `core`
    // that is built for size.
    let Ok(image) = Image::open(IMAGE) else {
        writeln!(serial, "the image does not open")?;
        return Err(fmt::Error);
    };
    #[cfg(feature = "plant")]
    core::hint::black_box(IMAGE[core::hint::black_box(7)]);
    let segments = [Segment::new(image)];
    let searcher = Searcher::new(&segments, Limits::SMALL, scratch);
    let Ok(mut searcher) = searcher else { return Err(fmt::Error) };
    while let Some(query) = serial.read_line(line) {
        if query == b"=" {
            decode(serial, &image, &mut searcher)?;
        } else {
            answer(serial, &image, &Query::new(query), &mut searcher)?;
        }
    }
    writeln!(serial, "stack {}", board::stack_used())
}

fn answer(
    serial: &mut Serial,
    image: &Image<'_>,
    query: &Query<'_>,
    searcher: &mut Searcher<'_, Segment<'_>>,
) -> fmt::Result {
    let mut hits = [Hit::NONE; Limits::SMALL.hits as usize];
    let before = board::ticks();
    let found = searcher.search(query, &mut hits);
    let ticks = board::ticks().wrapping_sub(before);
    match found {
        Ok(answer) => {
            for hit in hits.iter().take(answer.hits) {
                match place(image, hit) {
                    Ok((key, line)) => {
                        write!(serial, "{} ", hit.score.0)?;
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
fn decode(
    serial: &mut Serial,
    image: &Image<'_>,
    searcher: &mut Searcher<'_, Segment<'_>>,
) -> fmt::Result {
    let (mut bytes, mut hash, mut ticks) = (0u32, 0x811c_9dc5u32, 0u32);
    for id in (0..image.meta().documents).map(DocId) {
        let mut before = board::ticks();
        let text = searcher.text(SegmentId(0), id, &mut |part| {
            ticks = ticks.wrapping_add(board::ticks().wrapping_sub(before));
            bytes = bytes.wrapping_add(part.len() as u32);
            hash =
                part.iter().fold(hash, |hash, &b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193));
            before = board::ticks();
            ControlFlow::Continue(())
        });
        if text.is_err() {
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
