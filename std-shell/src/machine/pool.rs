//! Threads that work together for whoever asks, as many as there are to be had.

use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuilder};

use super::cores;

/// Threads of one owner. They are started when there is work for them, and end with the pool.
#[derive(Debug, Default)]
pub struct Pool {
    wanted: usize,
    /// `None` where no thread could be started: then each caller works alone.
    started: OnceLock<Option<ThreadPool>>,
}

impl Pool {
    /// A pool of so many threads, 0 for one a core, or as many as there are to be had.
    pub fn new(threads: usize) -> Pool {
        Pool { wanted: threads, started: OnceLock::new() }
    }

    /// Does `work` on one of the threads; what it does in parallel is done by all of them.
    pub fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match self.threads() {
            Some(pool) => pool.install(work),
            None => {
                alone();
                work()
            }
        }
    }

    /// How many threads work. Starts them.
    pub fn size(&self) -> usize {
        self.threads().map_or(1, ThreadPool::current_num_threads)
    }

    fn threads(&self) -> Option<&ThreadPool> {
        let wanted = if self.wanted == 0 { cores() } else { self.wanted };
        self.started.get_or_init(|| start(wanted)).as_ref()
    }
}

fn start(wanted: usize) -> Option<ThreadPool> {
    // Started before rayon counts on them, since it gives up where one is missing.
    let mut started = (0..wanted).map_while(|_| waiting()).collect::<Vec<_>>().into_iter();
    if started.len() == 0 {
        return None;
    }
    ThreadPoolBuilder::new()
        .num_threads(started.len())
        .spawn_handler(|worker| {
            let sent = started.next().and_then(|thread| thread.send(worker).ok());
            sent.ok_or_else(|| std::io::ErrorKind::WouldBlock.into())
        })
        .build()
        .ok()
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

/// Makes this thread a pool of its own, unless it is in one: rayon would start threads of its
/// own otherwise, and give up where it cannot.
fn alone() {
    let pool = ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    // It lasts as long as the thread.
    let _ = pool.map(std::mem::forget);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn a_waiting_thread_ends_where_nothing_comes() {
        let before = waiting().unwrap();
        drop(before);
    }

    #[test]
    fn a_pool_has_its_own_threads() {
        let (one, three) = (Pool::new(1), Pool::new(3));
        assert_eq!((one.size(), three.size()), (1, 3));
        let count = |pool: &Pool| pool.run(rayon::current_num_threads);
        assert_eq!((count(&one), count(&three)), (1, 3));
        // Work within work stays where it is.
        assert_eq!(three.run(|| three.run(|| (0..100).into_par_iter().sum::<u32>())), 4950);
    }

    #[test]
    fn without_threads_each_caller_works_alone() {
        let pool = Pool { wanted: 2, started: OnceLock::from(None) };
        let work = || pool.run(|| (0..100).into_par_iter().map(|n: u32| n + 1).sum::<u32>());
        std::thread::scope(|scope| {
            let all = [scope.spawn(work), scope.spawn(work)];
            assert_eq!(all.map(|one| one.join().unwrap()), [5050; 2]);
        });
        assert_eq!((work(), work(), pool.size()), (5050, 5050, 1));
    }
}
