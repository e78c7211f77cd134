//! Files that nobody should write, end to end: every one is indexed, found and outlined, or said
//! to be left out.

use super::{Setup, said, text};

/// A tree of one odd file each, all with the word `needle`, and an ordinary one.
fn odd() -> Setup {
    let setup = Setup::new(&[
        ("deep.rs", &format!("fn needle() {{{}", "{(".repeat(1_000_000))),
        ("shut.c", &format!("int needle(void) {{ return 0; }} {}", "}".repeat(1_000_000))),
        ("string.py", "needle = '''never closed\ndef hidden(): pass\n"),
        ("comment.java", "class Needle { /* never closed\n void hidden() {} }\n"),
        ("ends.js", "function needle() {}\r\nfunction second() {}\rfunction third() {}\n\r\n"),
        ("lies.py", "package needle\n\nfunc Needle() {}\n"),
        ("script", "#!/usr/bin/env -S python3 -u\ndef needle_of_script():\n    pass\n"),
        ("long.go", &format!("package a\n\nfunc {}() {{}} // needle\n", "n".repeat(100_000))),
        ("plain.rs", "/// Finds a needle.\npub fn needle_in_haystack() {}\n"),
    ]);
    setup.write("nul.rs", b"fn needle() {}\n\0\n");
    setup.write("broken.rs", b"fn needle_\xff\xfe() { \"\xc3\" }\nfn after() {}\n");
    setup
}

#[test]
fn odd_files_are_found_like_others() {
    let setup = odd();
    let output = setup.run(&["search", "needle", "-l", "-n", "20"]);
    assert_eq!((output.status.code(), &*said(&output)), (Some(0), ""));
    let shown = text(&output);
    let mut found: Vec<_> = shown.lines().collect();
    found.sort_unstable();
    // `nul.rs` is binary.
    let expected = [
        "broken.rs",
        "comment.java",
        "deep.rs",
        "ends.js",
        "lies.py",
        "long.go",
        "plain.rs",
        "script",
        "shut.c",
        "string.py",
    ];
    assert_eq!(found, expected);
    let shown = setup.shows(&["symbol", "needle_in_haystack"]);
    assert!(shown.contains("plain.rs:2"), "{shown}");
    let shown = setup.shows(&["symbol", "needle_of_script"]);
    assert!(shown.contains("script:2"), "{shown}");
}

#[test]
fn odd_files_have_outlines() {
    let setup = odd();
    for (file, names) in [
        ("deep.rs", &["needle"][..]),
        ("shut.c", &["needle"]),
        ("ends.js", &["needle", "second"]),
        ("comment.java", &["Needle"]),
        ("broken.rs", &["after"]),
        ("script", &["needle_of_script"]),
    ] {
        let shown = setup.shows(&["outline", file]);
        for name in names {
            assert!(shown.contains(name), "{file}: {shown}");
        }
    }
    // A head is read 1,024 bytes far: a longer name is none.
    let output = setup.run(&["outline", "long.go"]);
    assert_eq!((output.status.code(), &*text(&output)), (Some(1), ""), "{}", said(&output));
}

/// One line of 50 MB, as bundlers write them.
#[test]
fn a_minified_file_of_50_mb_is_left_out_and_can_be_outlined() {
    let setup = Setup::new(&[("plain.js", "function needle() {}\n")]);
    let unit = "function a(b,c){return b?c[0]:{d:\"e\",f:function(){return/[/]/.test(b)}}}var g=1;";
    let bundle = unit.repeat(50_000_000 / unit.len()) + "function needle(){}";
    setup.write("bundle.min.js", &bundle);
    let output = setup.run(&["search", "needle", "-l"]);
    assert_eq!(text(&output), "plain.js\n");
    assert!(said(&output).contains("left out, bundle.min.js"), "{}", said(&output));
    let output = setup.run(&["outline", "bundle.min.js", "--kind", "class"]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", said(&output));
    assert!(!said(&output).contains("panicked"), "{}", said(&output));
}
