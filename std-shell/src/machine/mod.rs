//! What the machine gives: threads, as many as it has, and memory, until there is none.
//!
//! Under a limit (`ulimit -v`, a container) a thread may not be had. Fewer do the same work,
//! at the worst the one that is there already. It is the floor that all rooms stand on:
//! nothing here knows of trees, indexes or answers. [`progress`] shows who waits how far the
//! work has come.

pub mod progress;

use std::num::NonZero;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Once};
use std::thread;

use rayon::{ThreadBuilder, ThreadPoolBuilder};
use signal_hook::consts::SIGABRT;

/// How many threads run at once on this machine.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Makes rayon use so many threads, 0 for one a core, or as many as there are to be had.
/// Once a process: later calls do nothing.
pub fn start_threads(wanted: usize) {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| start(if wanted == 0 { cores() } else { wanted }));
}

fn start(wanted: usize) {
    // Started before rayon counts on them, since it gives up where one is missing.
    let mut started = (0..wanted).map_while(|_| waiting()).collect::<Vec<_>>().into_iter();
    let pool = ThreadPoolBuilder::new().num_threads(started.len().max(1));
    let _ = match started.len() {
        0 => pool.use_current_thread().build_global(),
        _ => pool
            .spawn_handler(|worker| {
                let sent = started.next().and_then(|thread| thread.send(worker).ok());
                sent.ok_or_else(|| std::io::ErrorKind::WouldBlock.into())
            })
            .build_global(),
    };
}

/// A thread that waits for what it is to do; it ends where nothing comes.
fn waiting() -> Option<Sender<ThreadBuilder>> {
    let (send, receive): (_, Receiver<ThreadBuilder>) = channel();
    let work = move || {
        if let Ok(worker) = receive.recv() {
            worker.run();
        }
    };
    thread::Builder::new().spawn(work).ok().map(|_| send)
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

    #[test]
    fn a_waiting_thread_ends_where_nothing_comes() {
        let before = waiting().unwrap();
        drop(before);
        start_threads(2);
        start_threads(5);
        assert!(rayon::current_num_threads() > 0);
    }
}
