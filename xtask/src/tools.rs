//! The tools that a Rust installation lacks: a cross toolchain and an emulator.
//!
//! Taken in this order: what is there; what rustup can add; what Debian or Ubuntu has. Their
//! packages are unpacked below `target/tools` and run from there. Nothing is installed, so no root
//! is needed, no package of the machine's is replaced, and `cargo clean` removes it all.

use crate::shell;
use anyhow::{Context, Result, ensure};
use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

/// A tool is missing and could not be had: not the fault of what is tested.
#[derive(Debug)]
pub struct Environment(pub String);

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Environment {}

/// Debian's newest Rust, which builds `core` for any target from its source.
const RUST: [&str; 5] = ["rustc-web", "rust-web-src", "cargo-web", "rust-web-llvm", "lld-22"];
const QEMU: &str = "qemu-system-arm";

/// What firmware needs.
pub struct Device {
    triple: &'static str,
    /// Where Debian's toolchain lies; `None` where the toolchain that runs us has the target.
    debian: Option<PathBuf>,
    /// Where QEMU lies; `None` where it is on the `PATH`.
    qemu: Option<PathBuf>,
}

impl Device {
    /// Finds or fetches the tools for `triple`; the error is an [`Environment`].
    pub fn prepare(triple: &'static str) -> Result<Device> {
        let own_toolchain = has_target(triple)? || rustup_adds(triple);
        let own_qemu = runs(Command::new(QEMU).arg("--version"));
        let mut packages = Vec::new();
        if !own_toolchain {
            packages.extend(RUST);
        }
        if !own_qemu {
            packages.push(QEMU);
        }
        let tools = if packages.is_empty() { PathBuf::new() } else { unpack(&packages)? };
        let device = Device {
            triple,
            debian: (!own_toolchain).then(|| tools.clone()),
            qemu: (!own_qemu).then_some(tools),
        };
        ensure!(runs(device.qemu().arg("--version")), Environment(format!("{QEMU} does not run")));
        Ok(device)
    }

    /// `cargo subcommand` for the device, in release.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let Some(tools) = &self.debian else {
            let mut cargo = shell::cargo();
            cargo.args([subcommand, "--release", "--locked", "--target", self.triple]);
            return cargo;
        };
        let bin = tools.join("usr/bin");
        let mut cargo = unpacked(tools, "cargo");
        let path = env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(bin.clone()).chain(env::split_paths(&path));
        cargo
            .args([subcommand, "--release", "--locked", "--target", self.triple])
            .args(["-Z", "build-std=core"])
            .env("PATH", env::join_paths(paths).unwrap_or(path.clone()))
            .env("RUSTC", bin.join("rustc"))
            .env("RUSTC_BOOTSTRAP", "1");
        for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTDOC"] {
            cargo.env_remove(name);
        }
        cargo
    }

    /// The emulator.
    pub fn qemu(&self) -> Command {
        match &self.qemu {
            Some(tools) => unpacked(tools, QEMU),
            None => Command::new(QEMU),
        }
    }
}

/// Whether libFuzzer, which is C++, can be built here.
pub fn cxx() -> Result<()> {
    let compiler = env::var_os("CXX").unwrap_or("c++".into());
    ensure!(
        runs(Command::new(&compiler).arg("--version")),
        Environment("no C++ compiler for libFuzzer; on Debian: apt-get install g++".into())
    );
    Ok(())
}

fn has_target(triple: &str) -> Result<bool> {
    let sysroot = shell::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    Ok(Path::new(sysroot.trim()).join("lib/rustlib").join(triple).join("lib").exists())
}

fn rustup_adds(triple: &str) -> bool {
    let Ok(mut rustup) = Command::new("rustup").args(["target", "add", triple]).spawn() else {
        return false;
    };
    let added = shell::wait(&mut rustup, Duration::from_secs(120));
    added.is_ok_and(|status| status.is_some_and(|status| status.success()))
}

fn runs(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// A program among the unpacked packages, which brings its libraries.
fn unpacked(tools: &Path, program: &str) -> Command {
    let arch = format!("{}-linux-gnu", env::consts::ARCH);
    let libraries = ["usr/lib", "lib"].map(|folder| tools.join(folder).join(&arch));
    let mut command = Command::new(tools.join("usr/bin").join(program));
    command.env("LD_LIBRARY_PATH", env::join_paths(libraries).unwrap_or_default());
    command
}

/// Fetches packages, and those they depend on and the machine lacks, in one go; three attempts.
fn unpack(packages: &[&str]) -> Result<PathBuf> {
    let tools = shell::target().join("tools");
    let stamp = tools.join(packages.join("+"));
    if stamp.exists() {
        return Ok(tools);
    }
    let apt = runs(Command::new("apt-get").arg("--version"));
    for attempt in 1..=if apt { 3 } else { 0 } {
        match fetch(packages, &tools).and_then(|()| Ok(fs::write(&stamp, "")?)) {
            Ok(()) => return Ok(tools),
            Err(error) => eprintln!("attempt {attempt} of 3: {error:#}"),
        }
        if attempt < 3 {
            thread::sleep(Duration::from_secs(10 * attempt));
        }
    }
    Err(Environment(format!(
        "missing, and not to be had by apt-get: {}\n\
         elsewhere than on Debian or Ubuntu: rustup target add thumbv7em-none-eabi, and QEMU for \
         ARM from your packages (qemu-system-arm, qemu-arch-extra or the like)",
        packages.join(" ")
    ))
    .into())
}

fn fetch(packages: &[&str], tools: &Path) -> Result<()> {
    let archives = tools.join("archives");
    shell::empty(&archives)?;
    // Without root the lists are as old as they are.
    if let Err(error) = shell::output(Command::new("apt-get").args(["update", "-qq"])) {
        eprintln!("{error:#}");
    }
    let simulate = ["install", "--simulate", "--no-install-recommends"];
    let plan = shell::output(Command::new("apt-get").args(simulate).args(packages))?;
    let mut wanted: Vec<&str> = plan
        .lines()
        .filter_map(|line| line.strip_prefix("Inst ")?.split_whitespace().next())
        .chain(packages.iter().copied())
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    shell::run(
        Command::new("apt-get")
            .args(["download", "-qq", "-o", "APT::Sandbox::User=root"])
            .args(&wanted)
            .current_dir(&archives),
    )?;
    for archive in fs::read_dir(&archives).context("no archives")? {
        shell::output(Command::new("dpkg").arg("-x").arg(archive?.path()).arg(tools))?;
    }
    Ok(fs::remove_dir_all(&archives)?)
}
