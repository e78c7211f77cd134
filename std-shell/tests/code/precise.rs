//! `--precise`: what a syntax tree tells better than the outline.

use super::Setup;

#[test]
fn a_prototype_is_no_call() {
    let setup = Setup::project();
    setup.write(
        "src/a.c",
        "int f(int a);\nint g(void) { return f(1); }\nint f(int a) { return a; }\n",
    );
    let kinds = |more: &[&str]| -> Vec<(u64, String)> {
        let args = [&["symbol", "f", "--refs", "-t", "c"], more].concat();
        let uses = setup.objects(&args).into_iter().filter(|object| object.get("use").is_some());
        uses.map(|o| (o["line"].as_u64().unwrap(), o["use"].as_str().unwrap().into())).collect()
    };
    assert_eq!(kinds(&["--precise"]), [(1, "mention".into()), (2, "call".into())]);
}

#[test]
fn a_file_that_is_no_syntax_is_outlined_all_the_same() {
    let setup = Setup::project();
    setup.write("broken.rs", "fn a() {}\n)))) fn ]]]] struct {{{{ ((( enum\n");
    let lines = |args: &[&str]| setup.shows(&[&["outline", "broken.rs"], args].concat());
    assert_eq!(lines(&["--precise"]), lines(&[]));
    assert!(lines(&["--precise"]).contains("fn a()"));
}
