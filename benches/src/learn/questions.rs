//! Queries made from the trees themselves, for the classes that people's benchmarks have few of:
//! a qualified name, a path, an error message. What is asked for is known: the file that it was
//! taken from, where there is no other.

use std::collections::BTreeMap;

use sigla_core::{
    outline::{Event, Lang, outline},
    rank::Class,
};
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    body::Body,
    score::{Query, Target},
};

/// The most queries of a class from one tree.
const MOST: usize = 20;

/// Queries of the three classes from the documents of one tree, which `like` is a query of.
/// Deterministic: those whose hash is least.
pub fn from_tree(bodies: &[Body], like: &Query) -> Vec<Query> {
    let mut asked: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for (index, body) in bodies.iter().enumerate() {
        let mut add = |class: Class, query: String| {
            let files = asked.entry((class as usize, query)).or_default();
            if files.last() != Some(&index) {
                files.push(index);
            }
        };
        for name in qualified(body) {
            add(Class::Qualified, name);
        }
        for path in paths(body) {
            add(Class::Path, path);
        }
        for message in messages(body) {
            add(Class::Message, format!("error: {message}"));
        }
    }
    let mut chosen: BTreeMap<usize, Vec<(u64, Query)>> = BTreeMap::new();
    for ((class, query), files) in asked {
        let words = query.as_bytes().split(u8::is_ascii_whitespace);
        let [file] = files[..] else { continue };
        if Class::of(words) as usize != class {
            continue;
        }
        let Ok(key) = String::from_utf8(bodies[file].key.clone()) else { continue };
        let path = if like.root == "." { key } else { format!("{}/{key}", like.root) };
        let target = Target { path, start: None, end: None };
        let hash = xxh3_64(query.as_bytes());
        let query = Query { query, relevant: vec![target], secondary: vec![], ..like.clone() };
        chosen.entry(class).or_default().push((hash, query));
    }
    let least = |mut queries: Vec<(u64, Query)>| {
        queries.sort_by_key(|(hash, _)| *hash);
        queries.truncate(MOST);
        queries.into_iter().map(|(_, query)| query)
    };
    chosen.into_values().flat_map(least).collect()
}

/// Names of definitions with that of what they are nested in.
fn qualified(body: &Body) -> Vec<String> {
    let mark = match body.lang {
        Lang::Rust | Lang::Cpp | Lang::Php => "::",
        Lang::Ruby => "#",
        _ => ".",
    };
    let (mut open, mut names): (Vec<&[u8]>, Vec<String>) = (vec![], vec![]);
    outline(body.lang, &body.text, &mut |event| match event {
        Event::Open(definition) => {
            let outer = definition.container.or(open.last().copied());
            let name = |bytes| std::str::from_utf8(bytes).ok().filter(|name| name.len() > 3);
            if let Some(outer) = outer.and_then(name)
                && let Some(name) = name(definition.name)
                && body.lang != Lang::Markdown
            {
                names.push(format!("{outer}{mark}{name}"));
            }
            open.push(definition.name);
        }
        Event::Close { .. } => {
            open.pop();
        }
        _ => {}
    });
    names
}

/// The file name, and with the folder it is in.
fn paths(body: &Body) -> Vec<String> {
    let Ok(key) = std::str::from_utf8(&body.key) else { return vec![] };
    let mut parts = key.rsplit('/');
    let file = parts.next().unwrap_or(key);
    match parts.next() {
        Some(folder) => vec![file.to_owned(), format!("{folder}/{file}")],
        None => vec![file.to_owned()],
    }
}

/// What programs say when they fail: strings of several words on one line of code.
fn messages(body: &Body) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(&body.text) else { return vec![] };
    let says = |part: &&str| {
        let words = part.split(' ').count();
        (4..=14).contains(&words)
            && part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || " ,.:'-_()".contains(c))
    };
    let quoted = |line: &str| {
        line.split('"').skip(1).step_by(2).filter(says).map(str::to_owned).collect::<Vec<_>>()
    };
    let code = !matches!(body.lang, Lang::Text | Lang::Markdown | Lang::Json | Lang::Rst);
    if code { text.lines().flat_map(quoted).collect() } else { vec![] }
}
