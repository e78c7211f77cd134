//! What the machine gives: threads, as many as it has, and memory, until there is none.
//!
//! Under a limit (`ulimit -v`, a container) a thread may not be had. Fewer do the same work,
//! at the worst the one that is there already. It is the floor that all rooms stand on:
//! nothing here knows of trees, indexes or answers. A [`pool`] is threads that work together;
//! [`progress`] tells who waits how far the work has come, and whether he still waits.

pub mod pool;
pub mod progress;

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::thread;

use signal_hook::consts::SIGABRT;

/// How many threads run at once on this machine.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// How many threads, at most `wanted`, can be started besides those that there are. For who
/// must know before, as one that is missing would be missed.
pub fn spare_threads(wanted: usize) -> usize {
    let one = |_| {
        let (end, ended) = channel::<()>();
        let wait = move || {
            let _ = ended.recv();
        };
        thread::Builder::new().spawn(wait).ok().map(|thread| (end, thread))
    };
    // All of them at once, then none.
    let (ends, threads): (Vec<_>, Vec<_>) = (0..wanted).map_while(one).unzip();
    drop(ends);
    threads.into_iter().filter_map(|thread| thread.join().ok()).count()
}

/// From now on an abort ends the process with this exit code instead of a signal: the
/// standard library aborts where memory has run out, once it has said so.
pub fn exit_where_aborted(code: i32) {
    // Where it cannot be had, the signal says the same.
    let always = Arc::new(AtomicBool::new(true));
    let _ = signal_hook::flag::register_conditional_shutdown(SIGABRT, code, always);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_counted_and_end() {
        assert_eq!(spare_threads(0), 0);
        assert_eq!(spare_threads(3), 3);
    }
}
