//! The outline's corpus: real sources in every language that has an oracle, pinned.
//!
//! `corpus/outline/` in this package names Debian source packages, npm packages and a wheel with
//! their versions; the ordinary clients fetch and unpack them, and `corpus/data/outline/` gets,
//! below a folder a package, the files in one of these languages of at most 512 KiB.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use ignore::WalkBuilder;
use sigla_core::outline::Lang;

use crate::corpus::{self, LARGEST, Tree, lines, npm, only_folder, quiet, scratch};

/// The languages that have an oracle.
pub const LANGS: [Lang; 19] = [
    Lang::Rust,
    Lang::Python,
    Lang::JavaScript,
    Lang::TypeScript,
    Lang::Go,
    Lang::C,
    Lang::Cpp,
    Lang::Java,
    Lang::CSharp,
    Lang::Kotlin,
    Lang::Swift,
    Lang::Scala,
    Lang::Php,
    Lang::Ruby,
    Lang::Lua,
    Lang::Shell,
    Lang::Elixir,
    Lang::Haskell,
    Lang::Zig,
];

/// The corpus, fetched and laid out if it is not there.
pub fn all() -> Result<Tree> {
    corpus::ensure(
        "outline",
        &["outline/sources.txt", "outline/packages.txt", "outline/wheels.txt"],
        |to| {
            let raw = scratch("outline.raw")?;
            let mut folders = sources(&raw.join("sources"))?;
            folders.extend(npm("outline/packages.txt", &raw.join("packages"))?);
            folders.extend(wheels(&raw.join("wheels"))?);
            for (name, folder) in folders {
                lay_out(&folder, &to.join(name))?;
            }
            fs::remove_dir_all(raw)?;
            Ok(())
        },
    )
}

/// The tarballs of the source packages, by an apt of our own lists: that of the machine may list no sources. A
/// version that the archive no longer holds is replaced by the current one, and said so.
fn sources(to: &Path) -> Result<Vec<(String, PathBuf)>> {
    eprintln!("outline: apt-get source");
    let lists = to.join("lists");
    fs::create_dir_all(lists.join("partial"))?;
    let archives = Command::new("apt-get")
        .args(["indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"])
        .args(["Created-By: Packages", "Origin: Debian"])
        .output()?;
    let mut archives: Vec<String> = String::from_utf8_lossy(&archives.stdout)
        .lines()
        .map(|archive| {
            let keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
            format!("deb-src [signed-by={keys}] {archive}\n")
        })
        .collect();
    archives.dedup();
    let list = to.join("sources.list");
    fs::write(&list, archives.concat())?;
    let apt = || {
        let mut apt = Command::new("apt-get");
        apt.arg("-qq").arg("-o").arg(format!("Dir::Etc::SourceList={}", list.display()));
        apt.args(["-o", "Dir::Etc::SourceParts=-"]);
        apt.arg("-o").arg(format!("Dir::State::Lists={}", lists.display()));
        apt.args(["-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache="]);
        apt.args(["-o", "APT::Sandbox::User=root"]);
        apt
    };
    quiet(apt().arg("update"))?;
    let mut folders = Vec::new();
    for pin in lines("outline/sources.txt")? {
        let mut parts = pin.split(' ');
        let version = parts.next().unwrap_or_default();
        let name = version.split('=').next().unwrap_or_default();
        let place = to.join(name);
        fs::create_dir_all(&place)?;
        // As they came from upstream, without what Debian changes.
        let download = |what: &str| {
            let only = ["source", "--only-source", "--tar-only"];
            quiet(apt().args(only).arg(what).current_dir(&place))
        };
        if download(version).is_err() {
            eprintln!("outline: {version} is gone from the archive: taking its current version");
            if let Err(error) = download(name) {
                eprintln!("outline: {name} is left out: {error}");
                continue;
            }
        }
        let archives = fs::read_dir(&place)?.filter_map(Result::ok).map(|entry| entry.path());
        for archive in archives.collect::<Vec<_>>() {
            quiet(Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(&place))?;
        }
        folders.extend(taken(name, &only_folder(&place)?, parts));
    }
    Ok(folders)
}

/// The wheels, unpacked by pip; for one kind of machine, whichever it runs on.
fn wheels(to: &Path) -> Result<Vec<(String, PathBuf)>> {
    eprintln!("outline: pip install --target");
    let mut folders = Vec::new();
    for pin in lines("outline/wheels.txt")? {
        let mut parts = pin.split(' ');
        let version = parts.next().unwrap_or_default();
        let name = version.split('=').next().unwrap_or_default();
        let place = to.join(name);
        quiet(
            Command::new("python3")
                .args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"])
                .args(["--only-binary=:all:", "--platform=manylinux_2_12_x86_64"])
                .args(["--python-version=3.11", "--target"])
                .args([place.as_os_str(), version.as_ref()]),
        )?;
        folders.extend(taken(name, &place, parts));
    }
    Ok(folders)
}

/// The folders to lay out of what was unpacked in one: those that the pin names, or all of it.
fn taken<'p>(
    name: &str,
    folder: &Path,
    parts: impl Iterator<Item = &'p str>,
) -> Vec<(String, PathBuf)> {
    let mut all: Vec<_> = parts.map(|part| (format!("{name}/{part}"), folder.join(part))).collect();
    if all.is_empty() {
        all.push((name.to_owned(), folder.to_path_buf()));
    }
    all
}

/// Copies the files in a language that has an oracle.
fn lay_out(from: &Path, to: &Path) -> Result<()> {
    for entry in WalkBuilder::new(from).standard_filters(false).hidden(true).build() {
        let entry = entry.with_context(|| from.display().to_string())?;
        let file = entry.file_type().is_some_and(|kind| kind.is_file());
        if !file || !(1..=LARGEST).contains(&entry.metadata()?.len()) {
            continue;
        }
        let text = fs::read(entry.path())?;
        let inner = entry.path().strip_prefix(from)?;
        if LANGS.contains(&Lang::detect(inner.as_os_str().as_encoded_bytes(), &text)) {
            let target = to.join(inner);
            fs::create_dir_all(target.parent().unwrap_or(to))?;
            fs::write(target, text)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pinned_has_a_version() -> Result<()> {
        for (list, between) in [("sources.txt", "="), ("packages.txt", "@"), ("wheels.txt", "==")] {
            let pins = lines(&format!("outline/{list}"))?;
            assert!(!pins.is_empty());
            for pin in pins {
                assert!(
                    pin.split_once(between).is_some_and(|(_, version)| !version.is_empty()),
                    "{pin}"
                );
            }
        }
        Ok(())
    }

    #[test]
    fn files_of_other_languages_stay_behind() -> Result<()> {
        let (from, to) = (tempfile::tempdir()?, tempfile::tempdir()?);
        fs::write(from.path().join("run"), "#!/bin/bash\nf() { :; }\n")?;
        fs::write(from.path().join("a.zig"), "fn f() void {}")?;
        fs::write(from.path().join("b.css"), "a {}")?;
        lay_out(from.path(), to.path())?;
        let tree = Tree::list(to.path())?;
        assert_eq!(tree.files, [to.path().join("a.zig"), to.path().join("run")]);
        Ok(())
    }
}
