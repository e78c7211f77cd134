//! Whole processes: time from spawn to exit with their output drained, and the memory they held.

use std::{
    fs,
    io::{self, Read},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// What a process took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    /// Seconds from spawn to exit.
    pub wall: f64,
    /// Seconds of CPU time of all its threads, as last sampled.
    pub cpu: f64,
    /// Bytes it wrote to standard output.
    pub output: usize,
    /// Largest anonymous memory seen, in bytes (RssAnon, sampled).
    pub anonymous: u64,
    /// Largest resident memory, file pages included, in bytes (VmHWM as last sampled).
    pub peak: u64,
}

/// How often the memory of a watched process is read.
const SAMPLE: Duration = Duration::from_millis(5);

/// Runs a command to its end with its output drained. Fails unless the exit code is one of `fine`.
pub fn run(command: &mut Command, fine: &[i32]) -> Result<Taken> {
    let start = Instant::now();
    let child = spawn(command)?;
    finish(command, child, start, fine)
}

/// The ticks a second that `/proc` counts CPU time in.
const TICKS: f64 = 100.0;

/// Like [`run`], and samples memory and CPU time of the process every 5 ms. The sampling costs a little:
/// measure time without it.
pub fn watch(command: &mut Command, fine: &[i32]) -> Result<Taken> {
    let start = Instant::now();
    let child = spawn(command)?;
    let of = |file: &str| format!("/proc/{}/{file}", child.id());
    let (status, stat) = (of("status"), of("stat"));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let sampler = scope.spawn(|| {
            let (mut anonymous, mut peak, mut cpu) = (0, 0, 0.0f64);
            while !done.load(Ordering::Relaxed) {
                let text = fs::read_to_string(&status).unwrap_or_default();
                anonymous = anonymous.max(field(&text, "RssAnon:"));
                peak = peak.max(field(&text, "VmHWM:"));
                cpu = cpu.max(cpu_time(&fs::read_to_string(&stat).unwrap_or_default()));
                thread::sleep(SAMPLE);
            }
            (anonymous, peak, cpu)
        });
        let taken = finish(command, child, start, fine);
        done.store(true, Ordering::Relaxed);
        let (anonymous, peak, cpu) = sampler.join().unwrap_or_default();
        Ok(Taken { anonymous, peak, cpu, ..taken? })
    })
}

fn spawn(command: &mut Command) -> Result<Child> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))
}

fn finish(command: &Command, mut child: Child, start: Instant, fine: &[i32]) -> Result<Taken> {
    let mut output = 0;
    if let Some(mut pipe) = child.stdout.take() {
        let mut buffer = vec![0; 1 << 16];
        loop {
            match pipe.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => output += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e).context("cannot read its output"),
            }
        }
    }
    let status = child.wait()?;
    let wall = start.elapsed().as_secs_f64();
    if !status.code().is_some_and(|code| fine.contains(&code)) {
        bail!("{command:?} ended with {status}");
    }
    Ok(Taken { wall, output, ..Taken::default() })
}

/// A field of `/proc/PID/status`, given there in KiB, in bytes; 0 where it is absent.
fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

/// Seconds in user and system mode of `/proc/PID/stat`; 0 where it is absent. The fields follow the
/// name, which ends with the last bracket.
fn cpu_time(stat: &str) -> f64 {
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_counted_and_exit_codes_are_judged() -> Result<()> {
        let mut echo = Command::new("sh");
        echo.args(["-c", "printf hello; exit 1"]);
        assert_eq!(run(&mut echo, &[0, 1])?.output, 5);
        assert!(run(&mut echo, &[0]).is_err());
        Ok(())
    }

    #[test]
    fn memory_of_a_process_is_seen() -> Result<()> {
        let taken = watch(Command::new("sleep").arg("0.1"), &[0])?;
        assert!(taken.peak > 0 && taken.wall >= 0.1);
        Ok(())
    }

    #[test]
    fn status_fields_are_kib() {
        assert_eq!(field("VmHWM:\t  12 kB\nRssAnon:\t 3 kB\n", "RssAnon:"), 3072);
        assert_eq!(field("", "VmHWM:"), 0);
    }

    #[test]
    fn cpu_time_is_of_user_and_system() {
        assert_eq!(cpu_time("7 (a) b) S 1 2 3 4 5 6 7 8 9 10 150 50 9 9"), 2.0);
        assert_eq!(cpu_time(""), 0.0);
    }
}
