//! The board, an MPS2 with a Cortex-M4: its serial line, a counter of instructions, the stack.
use core::{
    fmt,
    sync::atomic::{AtomicU32, Ordering},
};
use cortex_m::peripheral::{SYST, syst::SystClkSource};
use cortex_m_rt::{ExceptionFrame, exception};
use cortex_m_semihosting::debug;

/// SysTick counts down from here ...
const RELOAD: u32 = 0x00ff_ffff;
/// ... and this counts how often it started again.
static WRAPS: AtomicU32 = AtomicU32::new(0);
/// What `cortex-m-rt` fills the unused stack with (its feature `paint-stack`).
const PAINT: u32 = 0xcccc_cccc;

/// The first serial line, a CMSDK APB UART. Read and written by polling.
pub struct Serial(*mut u32);

impl Serial {
    // Registers, in words from the base.
    const DATA: usize = 0;
    const STATE: usize = 1;
    const CONTROL: usize = 2;
    const DIVIDER: usize = 4;

    /// Starts the line and the counter of ticks.
    pub fn start() -> Serial {
        // SAFETY: called once, first thing in `main`; nobody else holds the peripherals.
        let mut core = unsafe { cortex_m::Peripherals::steal() };
        core.SYST.set_clock_source(SystClkSource::Core);
        core.SYST.set_reload(RELOAD);
        core.SYST.clear_current();
        core.SYST.enable_interrupt();
        core.SYST.enable_counter();

        let mut serial = Serial(0x4000_4000 as *mut u32);
        serial.write(Self::DIVIDER, 16);
        serial.write(Self::CONTROL, 0b11);
        serial
    }

    /// The next line, without its end and cut to `line`; `None` where it is empty.
    pub fn read_line<'l>(&mut self, line: &'l mut [u8]) -> Option<&'l [u8]> {
        let mut len = 0;
        loop {
            while self.read(Self::STATE) & 0b10 == 0 {}
            let byte = self.read(Self::DATA) as u8;
            if byte == b'\n' {
                break line.get(..len).filter(|line| !line.is_empty());
            }
            if let Some(slot) = line.get_mut(len) {
                *slot = byte;
                len += 1;
            }
        }
    }

    /// Sends raw bytes.
    pub fn send(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            while self.read(Self::STATE) & 0b01 != 0 {}
            self.write(Self::DATA, byte.into());
        }
    }

    fn read(&self, register: usize) -> u32 {
        // SAFETY: `register` is one of the constants above, within the device's registers.
        unsafe { self.0.add(register).read_volatile() }
    }

    fn write(&mut self, register: usize, value: u32) {
        // SAFETY: as in `read`.
        unsafe { self.0.add(register).write_volatile(value) }
    }
}

impl fmt::Write for Serial {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.send(text.as_bytes());
        Ok(())
    }
}

/// Ticks of the core's clock since the start, wrapping. Under QEMU's `-icount` each instruction
/// takes the same time, so that ticks stand for instructions; `xtask` knows the factor.
pub fn ticks() -> u32 {
    loop {
        let wraps = WRAPS.load(Ordering::Relaxed);
        let left = SYST::get_current();
        if wraps == WRAPS.load(Ordering::Relaxed) {
            return wraps.wrapping_mul(RELOAD + 1).wrapping_add(RELOAD - left);
        }
    }
}

/// Bytes of stack ever used.
pub fn stack_used() -> usize {
    unsafe extern "C" {
        static __sheap: u32;
        static _stack_start: u32;
    }
    let (mut at, top) = (&raw const __sheap, &raw const _stack_start);
    // SAFETY: all words from the end of the statics to the top of the stack are RAM, painted
    // before `main`.
    while at < top && unsafe { at.read_volatile() } == PAINT {
        at = at.wrapping_add(1);
    }
    (top as usize).wrapping_sub(at as usize)
}

/// Ends the emulation; the host sees exit status 0 or 1.
pub fn exit(ok: bool) -> ! {
    debug::exit(if ok { debug::EXIT_SUCCESS } else { debug::EXIT_FAILURE });
    loop {
        cortex_m::asm::wfi();
    }
}

#[exception]
fn SysTick() {
    WRAPS.fetch_add(1, Ordering::Relaxed);
}

#[exception]
unsafe fn HardFault(_: &ExceptionFrame) -> ! {
    exit(false)
}
