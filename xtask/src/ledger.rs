//! Minutes: what each stage of the tests took, beside what it may take.
//!
//! A run that starts from nothing must end within 40 minutes on two cores. The minutes are dealt
//! out in advance, so that the stage that grew is named before the whole is too slow. On a machine
//! that is busy with other things a stage may be over for no fault of its own: it is a warning.

use anyhow::{Result, ensure};
use std::{
    fmt,
    time::{Duration, Instant},
};

/// What minutes are dealt out to.
#[derive(Clone, Copy, PartialEq)]
pub enum Post {
    Environment,
    HostBuild,
    Tests,
    CrossBuilds,
    Emulators,
    Browser,
    Spare,
}

/// Post, name, minutes.
const BUDGET: [(Post, &str, u64); 7] = [
    (Post::Environment, "environment", 4),
    (Post::HostBuild, "host build, lints, docs", 12),
    (Post::Tests, "tests", 6),
    (Post::CrossBuilds, "cross builds", 6),
    (Post::Emulators, "emulators", 4),
    (Post::Browser, "browser", 2),
    (Post::Spare, "spare", 6),
];

/// What was done, in order.
#[derive(Default)]
pub struct Ledger {
    stages: Vec<(Post, &'static str, Duration)>,
    skipped: Vec<String>,
    failed: Vec<&'static str>,
}

impl Ledger {
    /// Does `work`, and books its time whether it succeeds or not.
    pub fn stage<T>(
        &mut self,
        post: Post,
        name: &'static str,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        eprintln!("\n=== {name}");
        let start = Instant::now();
        let done = work();
        self.book(post, name, start.elapsed());
        done.map_err(|error| error.context(format!("stage {name:?} failed")))
    }

    /// As [`Ledger::stage`], where the next stages can do without it: its failure is kept for
    /// [`Ledger::verdict`].
    pub fn test(&mut self, post: Post, name: &'static str, work: impl FnOnce() -> Result<()>) {
        if let Err(error) = self.stage(post, name, work) {
            eprintln!("error: {error:#}");
            self.failed.push(name);
        }
    }

    /// An error that names the tests that failed.
    pub fn verdict(&self) -> Result<()> {
        ensure!(self.failed.is_empty(), "failed: {}", self.failed.join(", "));
        Ok(())
    }

    /// Books time that was spent elsewhere.
    pub fn book(&mut self, post: Post, name: &'static str, spent: Duration) {
        self.stages.push((post, name, spent));
    }

    /// Notes what could not be tested here, and says so at once.
    pub fn skip(&mut self, what: String) {
        eprintln!("\n!!! SKIPPED: {what}");
        self.skipped.push(what);
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{:<28}{:>8}{:>8}", "minutes", "spent", "budget")?;
        let mut whole = (Duration::ZERO, 0);
        for (post, name, minutes) in BUDGET {
            let stages: Vec<_> = self.stages.iter().filter(|stage| stage.0 == post).collect();
            let spent: Duration = stages.iter().map(|stage| stage.2).sum();
            let over = spent > Duration::from_secs(60 * minutes);
            writeln!(f, "{name:<28}{:>8}{minutes:>8}{}", in_minutes(spent), mark(over))?;
            for (_, name, spent) in stages {
                writeln!(f, "  {name:<26}{:>8}", in_minutes(*spent))?;
            }
            whole = (whole.0 + spent, whole.1 + minutes);
        }
        let over = whole.0 > Duration::from_secs(60 * whole.1);
        writeln!(f, "{:<28}{:>8}{:>8}{}", "whole", in_minutes(whole.0), whole.1, mark(over))?;
        self.skipped.iter().try_for_each(|what| writeln!(f, "SKIPPED: {what}"))
    }
}

fn in_minutes(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() / 60.0)
}

fn mark(over: bool) -> &'static str {
    if over { "   OVER" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_post_that_is_over_and_no_other() {
        let mut ledger = Ledger::default();
        ledger.book(Post::Tests, "host tests", Duration::from_secs(5 * 60));
        ledger.book(Post::Tests, "fuzz replay", Duration::from_secs(90));
        ledger.book(Post::CrossBuilds, "firmware", Duration::from_secs(60));
        let shown = ledger.to_string();
        let over: Vec<_> = shown.lines().filter(|line| line.ends_with("OVER")).collect();
        assert_eq!(over.len(), 1, "{shown}");
        assert!(over[0].starts_with("tests") && over[0].contains("6.5"), "{shown}");
    }

    #[test]
    fn books_failed_stages_and_keeps_the_cause() {
        let mut ledger = Ledger::default();
        let failed = ledger.stage(Post::Tests, "host tests", || -> Result<()> {
            Err(crate::tools::Environment("no such tool".into()).into())
        });
        assert!(failed.is_err_and(|error| error.is::<crate::tools::Environment>()));
        assert!(ledger.to_string().contains("host tests"));
        assert!(ledger.verdict().is_ok());
        ledger.test(Post::Tests, "fuzz replay", || anyhow::bail!("a crash"));
        assert!(ledger.verdict().is_err_and(|error| error.to_string().contains("fuzz replay")));
    }
}
