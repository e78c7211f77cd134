//! tree-sitter reading and parsing files: no queries, no walk, the trees thrown away.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;
use tree_sitter::{Language, Parser};

use crate::corpus::Grammar;

/// Parses the files on the rayon pool it is called in, one parser a thread and language. Returns
/// how many came without a syntax error: the compiler cannot drop the work, the reader sees that
/// it was done.
pub fn parse(files: &[PathBuf]) -> Result<usize> {
    files
        .par_iter()
        .map_init(Parsers::default, |parsers, file| {
            let Some(grammar) = Grammar::of(file) else { return Ok(0) };
            let text = fs::read(file).with_context(|| file.display().to_string())?;
            let tree = parsers.of(grammar)?.parse(&text, None).context("no tree")?;
            Ok(usize::from(!tree.root_node().has_error()))
        })
        .sum()
}

/// The parsers of one thread, made when first needed.
#[derive(Default)]
struct Parsers(Vec<(Grammar, Parser)>);

impl Parsers {
    fn of(&mut self, grammar: Grammar) -> Result<&mut Parser> {
        let at = match self.0.iter().position(|(g, _)| *g == grammar) {
            Some(at) => at,
            None => {
                let mut parser = Parser::new();
                parser.set_language(&language(grammar))?;
                self.0.push((grammar, parser));
                self.0.len() - 1
            }
        };
        Ok(&mut self.0.get_mut(at).context("pushed above")?.1)
    }
}

fn language(grammar: Grammar) -> Language {
    match grammar {
        Grammar::C => tree_sitter_c::LANGUAGE.into(),
        Grammar::Go => tree_sitter_go::LANGUAGE.into(),
        Grammar::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
        Grammar::Python => tree_sitter_python::LANGUAGE.into(),
        Grammar::Rust => tree_sitter_rust::LANGUAGE.into(),
        Grammar::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        Grammar::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grammar_loads_and_parses() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let sources = [
            ("a.c", "int main(void) { return 0; }"),
            ("a.go", "package a\nfunc f() {}\n"),
            ("a.js", "export const a = () => 1;"),
            ("a.py", "def f():\n    return 1\n"),
            ("a.rs", "fn main() {}"),
            ("a.ts", "const a: number = 1;"),
            ("a.tsx", "const a = <b/>;"),
            ("broken.rs", "fn fn fn {"),
        ];
        let mut files = Vec::new();
        for (name, text) in sources {
            files.push(folder.path().join(name));
            fs::write(folder.path().join(name), text)?;
        }
        assert_eq!(parse(&files)?, sources.len() - 1);
        Ok(())
    }
}
