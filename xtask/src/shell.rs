//! Running other programs: seen on the terminal, with a time limit, with a clear error.

use anyhow::{Context, Result, bail, ensure};
use std::{
    env,
    ffi::OsStr,
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The top of the source tree.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where builds go, absolute; everything that `xtask` makes lies in a folder of its own below it.
pub fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").as_deref().unwrap_or(OsStr::new("target")))
}

/// An empty folder at `path`.
pub fn empty(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))
}

/// The cargo that runs us, at the top of the tree, without what an outer build may have set.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.current_dir(root());
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        cargo.env_remove(name);
    }
    cargo
}

/// Runs to the end, seen on the terminal.
pub fn run(command: &mut Command) -> Result<()> {
    eprintln!("+ {}", line(command));
    let status = command.status().with_context(|| line(command))?;
    ensure!(status.success(), "{}: {status}", line(command));
    Ok(())
}

/// What it prints on stdout; an error with what it prints on stderr where it fails.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| line(command))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {}\n{errors}", line(command), output.status);
    Ok(String::from_utf8(output.stdout)?)
}

/// Feeds `input` and gives what it prints on stdout; an error where it fails or takes longer than
/// `limit`.
pub fn converse(command: &mut Command, input: &[u8], limit: Duration) -> Result<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| line(command))?;
    let mut stdout = child.stdout.take().context("no stdout")?;
    let reader = thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).map(|_| text)
    });
    let mut stdin = child.stdin.take().context("no stdin")?;
    // Kept open until the end: to some programs its end is the end of the session.
    stdin.write_all(input).with_context(|| line(command))?;
    let status = wait(&mut child, limit)?;
    let text = match reader.join() {
        Ok(text) => text?,
        Err(_) => bail!("the reader of {} broke", line(command)),
    };
    match status {
        Some(status) if status.success() => Ok(text),
        Some(status) => bail!("{}: {status}\n{text}", line(command)),
        None => bail!("{} took longer than {limit:?}\n{text}", line(command)),
    }
}

/// Its exit status, or `None` after `limit`, when it is killed.
pub fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// The command as one would type it.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words: Vec<_> =
        std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}
