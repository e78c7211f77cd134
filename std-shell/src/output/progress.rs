//! A progress bar on standard error, for a person only: none when standard
//! error is no terminal, or with `-q`.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::machine;
use crate::machine::progress::{Cancel, Progress};

/// Shows how far an index run has come. Cheap to call from many threads.
#[derive(Debug, Default)]
pub struct Bar(Option<ProgressBar>);

impl Bar {
    /// A bar if standard error is a terminal and `quiet` is not set. It shows
    /// itself only once there is work to wait for.
    pub fn new(quiet: bool) -> Bar {
        Bar((!quiet && std::io::stderr().is_terminal()).then(ProgressBar::no_length))
    }

    /// Wipes it away.
    fn wipe(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// Who does not want to wait ends the process.
impl Cancel for Bar {}

impl Progress for Bar {
    fn found(&self, files: u64) {
        if let Some(bar) = &self.0 {
            bar.set_style(style("{spinner} {msg}"));
            bar.set_message(format!("{files} files found"));
            bar.tick();
        }
    }

    fn read(&self, bytes: u64) {
        if let Some(bar) = &self.0 {
            bar.set_style(style("{bar:30} {binary_bytes} of {binary_total_bytes}, {eta} left"));
            bar.set_length(bytes);
            bar.set_position(0);
            // It takes a thread, and panics without.
            if machine::spare_threads(1) > 0 {
                bar.enable_steady_tick(Duration::from_millis(100));
            }
        }
    }

    fn advance(&self, bytes: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(bytes);
        }
    }

    fn merge(&self) {
        if let Some(bar) = &self.0 {
            bar.set_style(style("{spinner} {msg}"));
            bar.set_message("writing the index");
        }
    }

    fn finish(&self) {
        self.wipe();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.wipe();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
