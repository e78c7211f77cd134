//! Search on a Cortex-M4: the image sits in flash, queries come in over the serial line at run
//! time, hits go out over it.
#![no_std]
#![no_main]

mod board;

use board::Serial;
use core::{fmt::Write, panic::PanicInfo, str};
use sigla_core::text;

/// Firmware has no alignment of its own to offer: an image is read at any address.
static IMAGE: &[u8] = include_bytes!(env!("SIGLA_IMAGE"));

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut LINE: [u8; 256] = [0; 256];
    let mut serial = Serial::start();
    while let Some(query) = serial.read_line(LINE) {
        let before = board::ticks();
        for word in text::words(query) {
            text::terms(word.bytes, &mut |term, _| {
                let _ = writeln!(serial, "term {}", str::from_utf8(term).unwrap_or_default());
            });
        }
        let ticks = board::ticks().wrapping_sub(before);
        #[cfg(feature = "plant")]
        core::hint::black_box(IMAGE[core::hint::black_box(7)]);
        let _ = writeln!(serial, "ticks {ticks}");
    }
    let _ = writeln!(serial, "stack {}", board::stack_used());
    board::exit(true)
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
