//! The README's examples are run as they stand, and show what it says they do.

use std::fs;
use std::process::Command;

/// What the examples search.
const TREE: [(&str, &str); 4] = [
    (
        "src/retry.rs",
        "//! Trying again.\n\nuse std::thread::sleep;\nuse std::time::Duration;\n\n\
         /// Runs again, with backoff; how many retries is configured in `main`.\n\
         pub fn with_backoff(retries: u32, mut run: impl FnMut() -> bool) -> bool {\n    \
         (0..retries).any(|n| {\n        sleep(Duration::from_millis(1 << n));\n        run()\n    \
         })\n}\n",
    ),
    ("src/main.rs", "mod retry;\n\nfn main() {\n    retry::with_backoff(3, || true);\n}\n"),
    (
        "docs/guide.md",
        "# Guide\n\n## Retries\nRetries are configured by `max_retries`. Waiting times are \
         exponential.\n",
    ),
    ("tests/retry.py", "def test_backoff():\n    pass\n"),
];

#[test]
fn examples_show_what_the_readme_says() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let tree = dir.path().join("tree");
    for (path, text) in TREE {
        let path = tree.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_sigla")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut examples = 0;
    for block in readme.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        for example in block.split("$ ").skip(1) {
            let (command, expected) = example.split_once('\n').unwrap();
            let output = Command::new("sh")
                .args(["-c", command])
                .current_dir(&tree)
                .env("PATH", &path)
                .env("SIGLA_DIR", dir.path().join("cache"))
                .output()
                .unwrap();
            let message = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{command}: {message}");
            if !expected.trim().is_empty() {
                let shown = String::from_utf8(output.stdout).unwrap();
                assert_eq!(shown.trim_end(), expected.trim_end(), "{command}");
            }
            examples += 1;
        }
    }
    assert!(examples > 10);
}
