//! A progress bar on standard error, for a person only: none when standard
//! error is no terminal, or with `-q`.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::machine;

/// Shows how far an index run has come. Cheap to call from many threads.
#[derive(Debug, Default)]
pub struct Progress(Option<ProgressBar>);

impl Progress {
    /// A bar if standard error is a terminal and `quiet` is not set. It shows
    /// itself only once there is work to wait for.
    pub fn new(quiet: bool) -> Progress {
        Progress((!quiet && std::io::stderr().is_terminal()).then(ProgressBar::no_length))
    }

    /// A bar that nobody sees.
    #[cfg(test)]
    pub fn hidden() -> Progress {
        Progress(Some(ProgressBar::hidden()))
    }

    /// No bar at all.
    pub fn none() -> Progress {
        Progress(None)
    }

    /// The walk has found that many files.
    pub fn found(&self, files: u64) {
        if let Some(bar) = &self.0 {
            bar.set_style(style("{spinner} {msg}"));
            bar.set_message(format!("{files} files found"));
            bar.tick();
        }
    }

    /// Reading `bytes` of text begins.
    pub fn read(&self, bytes: u64) {
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

    /// `bytes` more have been read.
    pub fn advance(&self, bytes: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(bytes);
        }
    }

    /// How much has been read, and of how much.
    #[cfg(test)]
    pub fn state(&self) -> Option<(u64, Option<u64>)> {
        self.0.as_ref().map(|bar| (bar.position(), bar.length()))
    }

    /// The runs are being merged into one segment.
    pub fn merge(&self) {
        if let Some(bar) = &self.0 {
            bar.set_style(style("{spinner} {msg}"));
            bar.set_message("writing the index");
        }
    }

    /// Wipes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
