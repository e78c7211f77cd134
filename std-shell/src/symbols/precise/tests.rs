use super::*;
use sigla_core::outline;

const CODE: [(Lang, &str, &str); 9] = [
    (
        Lang::Rust,
        "a.rs",
        "use std::fmt;\n\n/// Doc.\n#[inline]\npub fn a(x: u8) -> u8 {\n    b::c(x) // no()\n}\n\nimpl fmt::Debug for D<u8> {\n    const E: u8 = 1;\n    fn f(&self) { self.g(\"no()\"); }\n}\n",
    ),
    (
        Lang::Python,
        "a.py",
        "import os\n\n# About A.\n@b\nclass A:\n    def c(self):\n        return d(self) + ' no()'\n\nMAX = 1\n",
    ),
    (
        Lang::JavaScript,
        "a.js",
        "import a from 'a'\n\nexport class A {\n  b() { return new C('no()') }\n}\n/** Doc. */\nexport const d = (x) => e.f(x)\nconst MAX = 1\n",
    ),
    (
        Lang::TypeScript,
        "a.ts",
        "import a from 'a'\ninterface A {\n  b(): void\n}\ntype C = string\nexport abstract class D {\n  abstract e(): C\n  f() { return g() }\n}\nnamespace H { const no = 1 }\n",
    ),
    (Lang::TypeScript, "a.tsx", "export function A() { return <b>{c()}</b> }\n"),
    (
        Lang::Go,
        "a.go",
        "package a\n\nimport \"os\"\n\n// About T.\ntype T struct{ x int }\n\nfunc (t *T) m() { os.Exit(f()) }\n\nconst (\n\tA = 1\n)\n",
    ),
    (
        Lang::Java,
        "A.java",
        "import java.util.List;\n\n/** Doc. */\n@Deprecated\nclass A {\n    @Override\n    void b() { c(new D()); }\n    enum E { F }\n}\n",
    ),
    (
        Lang::C,
        "a.c",
        "#include <a.h>\n#define MAX 1\ntypedef struct { int x; } a_t;\n/* About f. */\nstatic int *\nf(void)\n{\n    return g(\"no()\");\n}\n",
    ),
    (
        Lang::Cpp,
        "a.cc",
        "#include <a.h>\nnamespace a {\nclass B {\n public:\n  B() {}\n\n};\n}\nvoid B::d() { e::f(); }\ntemplate <class T>\nT g(T t) { return t; }\n",
    ),
];

/// What a reader says, with offsets as texts: "open method f 11", "call g 3", …
fn told(text: &str, events: &[Event<'_>], what: &[&str]) -> Vec<String> {
    let part = |range: Range<usize>| text.get(range).unwrap_or_default();
    let mut open = vec![];
    let mut all = vec![];
    for event in events {
        match *event {
            Event::Open(d) => {
                let name = String::from_utf8_lossy(d.name).into_owned();
                all.push(format!("open {} {name} {}", d.kind.name(), d.line + 1));
                if let Some(container) = d.container {
                    all.push(format!("in {}", String::from_utf8_lossy(container)));
                }
                open.push((name, d.start, d.signature));
            }
            Event::Close { body, end, end_line } => {
                let (name, start, signature) = open.pop().unwrap();
                all.push(format!("span {name}: {}", part(start..end).trim()));
                all.push(format!("signature {name}: {}", part(signature..body).trim()));
                all.push(format!("end {name} {}", end_line + 1));
            }
            Event::Call { name, line } => {
                all.push(format!("call {} {}", String::from_utf8_lossy(name), line + 1));
            }
            Event::Import { line, .. } => all.push(format!("import {}", line + 1)),
            Event::Inert { start, end } => all.push(format!("inert {}", part(start..end))),
        }
    }
    assert!(open.is_empty());
    all.retain(|said| what.iter().any(|what| said.starts_with(what)));
    all
}

fn events(lang: Lang, text: &'static str) -> Option<Vec<Event<'static>>> {
    let mut events = vec![];
    super::outline(lang, text.as_bytes(), &mut |event| events.push(event)).then_some(events)
}

#[test]
fn every_query_compiles() {
    for grammar in Grammar::all() {
        grammar.compile().unwrap();
    }
}

#[test]
fn it_says_what_the_outline_says() {
    let mut wrong = vec![];
    for (lang, path, text) in CODE {
        let Some(trees) = events(lang, text) else { panic!("{path} is refused") };
        let mut ours = vec![];
        outline::outline(lang, text.as_bytes(), &mut |event| ours.push(event));
        let what = ["open", "in ", "span", "signature", "end", "call", "import"];
        let (seen, expected) = (told(text, &trees, &what), told(text, &ours, &what));
        if seen != expected {
            wrong.push(format!("{path}\n {seen:?}\n {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn it_tells_calls_from_what_looks_like_them() {
    let calls = |lang, text| told(text, &events(lang, text).unwrap(), &["call"]);
    assert_eq!(calls(Lang::Python, "a(f'{b(1)} c(2)')\n"), ["call a 1", "call b 1"]);
    assert_eq!(calls(Lang::C, "int no(int);\nint b(void) { return c(1); }\n"), ["call c 2"]);
    assert_eq!(
        calls(Lang::Cpp, "struct A { A() : no(1) { b(); } void no2(); int no; };\n"),
        ["call b 1"]
    );
    assert_eq!(calls(Lang::JavaScript, "a(`${b()} no()`, /no()/)\n"), ["call a 1", "call b 1"]);
}

#[test]
fn what_is_no_code_is_told_apart() {
    let text = "let a = \"b\"; // c\n";
    assert_eq!(
        told(text, &events(Lang::Rust, text).unwrap(), &["inert"]),
        ["inert \"b\"", "inert // c"]
    );
}

#[test]
fn a_text_is_refused_whole() {
    let refused = |lang, text: &[u8]| {
        let mut visited = 0;
        !super::outline(lang, text, &mut |_| visited += 1) && visited == 0
    };
    assert!(refused(Lang::Ruby, b"def a; end"), "no grammar");
    assert!(refused(Lang::Rust, b"fn a() {} fn fn ) ) ] struct struct"), "no syntax");
    assert!(refused(Lang::Rust, &vec![b' '; LONGEST + 1]), "too long");
    assert!(!refused(Lang::Rust, b""));
}

#[test]
fn no_nesting_is_too_deep() {
    let depth = 50_000;
    let deep = ["fn a() { ", &"{".repeat(depth), &"}".repeat(depth), " }"].concat();
    let mut found = 0;
    // Refused or not, it ends.
    super::outline(Lang::Rust, deep.as_bytes(), &mut |_| found += 1);
    assert!(found == 0 || found == 2);
    let inner = "mod a { ".repeat(200) + &"}".repeat(200);
    let mut most = 0;
    assert!(super::outline(Lang::Rust, inner.as_bytes(), &mut |event| {
        if let Event::Open(definition) = event {
            most = most.max(definition.depth);
        }
    }));
    assert_eq!(usize::from(most) + 1, outline::NESTING);
}
