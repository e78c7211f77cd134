//! The commands that answer in symbols, as a user at a prompt meets them.
#![allow(clippy::unwrap_used, reason = "the helpers of the tests, too")]

mod hostile;
mod map;
mod outline;
#[cfg(feature = "precise")]
mod precise;
mod sql;
mod symbol;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A tree and a cache folder of its own.
struct Setup {
    dir: TempDir,
}

/// What most tests ask.
const PROJECT: [(&str, &str); 9] = [
    (
        "src/net/client.rs",
        "use crate::retry::with_backoff;\n\n/// Talks to a server.\npub struct Client {\n    \
         host: String,\n}\n\nimpl Client {\n    /// Opens a connection, \"open\" in short.\n    \
         #[inline]\n    pub fn open(\n        &self,\n        host: &str,\n    ) -> bool {\n        \
         with_backoff(3, || Self::dial(host))\n    }\n\n    fn dial(host: &str) -> bool {\n        \
         // open here?\n        host == \"open\"\n    }\n}\n",
    ),
    (
        "src/retry.rs",
        "/// Runs again, with backoff.\npub fn with_backoff(tries: u32, run: impl Fn() -> bool) -> \
         bool {\n    (0..tries).any(|_| run())\n}\n",
    ),
    (
        "src/main.rs",
        "mod net;\nmod retry;\n\nfn main() {\n    let client = net::client::Client::new();\n    \
         client.open(\"a\");\n    File::open(\"b\");\n}\n",
    ),
    ("tests/open.rs", "#[test]\nfn open() {\n    assert!(Client::new().open(\"c\"));\n}\n"),
    (
        "py/store.py",
        "class Store:\n    \"\"\"Keeps things.\"\"\"\n\n    def open(self, path):\n        return \
         self.load(path)\n\n    def load(self, path):\n        return path\n",
    ),
    (
        "go/store.go",
        "package store\n\ntype Store struct{}\n\nfunc (s *Store) Open(path string) error {\n\treturn \
         Load(path)\n}\n\nfunc Load(path string) error { return nil }\n",
    ),
    (
        "web/app.ts",
        "import { openStore } from './store';\n\nexport class App {\n  start() {\n    openStore();\n  }\n}\n",
    ),
    ("docs/guide.md", "# Guide\n\n## Opening a store\nCall `open`.\n"),
    ("etc/settings.toml", "[settings]\nname = \"with_backoff\"\n"),
];

impl Setup {
    fn new(files: &[(&str, &str)]) -> Setup {
        let setup = Setup { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(setup.tree()).unwrap();
        for (path, text) in files {
            setup.write(path, text);
        }
        setup
    }

    fn project() -> Setup {
        Setup::new(&PROJECT)
    }

    fn tree(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("tree")
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.tree().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The program, in the tree, with nothing of this machine's settings.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sigla"));
        command.args(args).current_dir(self.tree()).stdin(Stdio::null());
        command.env("SIGLA_DIR", self.dir.path().join("cache"));
        command.env("HOME", self.dir.path()).env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.env_remove("XDG_CONFIG_HOME").env_remove("GIT_CONFIG_GLOBAL");
        command.env_remove("NO_COLOR");
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn feed(&self, args: &[&str], input: &[u8]) -> Output {
        let mut command = self.command(args);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Standard output; expects exit code 0 and silence on standard error.
    #[track_caller]
    fn shows(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!((output.status.code(), &*said(&output)), (Some(0), ""), "{args:?}");
        text(&output)
    }

    /// The objects of `--json`; expects exit code 0 and silence on standard error.
    #[track_caller]
    fn objects(&self, args: &[&str]) -> Vec<Value> {
        let lines = self.shows(&[args, &["--json"]].concat());
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
