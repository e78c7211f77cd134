//! The grammars and their queries.

use std::sync::OnceLock;

use sigla_core::outline::Lang;
use tree_sitter::{Language, Query, QueryError};
use tree_sitter_language::LanguageFn;

/// A grammar with its query, which `queries/` of this package has: each pattern
/// captures a name as `@name` (`@once`: of the same name only the first in a text)
/// in a definition, whose capture is named by its kind, perhaps what it belongs to as `@container`; or it captures the name that is
/// called as `@call`, what is imported as `@import`, what is no code as `@inert`.
pub(super) struct Grammar {
    lang: Lang,
    language: LanguageFn,
    source: &'static str,
    query: OnceLock<Option<Query>>,
}

const fn grammar(lang: Lang, language: LanguageFn, source: &'static str) -> Grammar {
    Grammar { lang, language, source, query: OnceLock::new() }
}

const TYPESCRIPT: &str = include_str!("../../../queries/typescript.scm");

static GRAMMARS: [Grammar; 9] = [
    grammar(Lang::C, tree_sitter_c::LANGUAGE, include_str!("../../../queries/c.scm")),
    grammar(Lang::Cpp, tree_sitter_cpp::LANGUAGE, include_str!("../../../queries/cpp.scm")),
    grammar(Lang::Go, tree_sitter_go::LANGUAGE, include_str!("../../../queries/go.scm")),
    grammar(Lang::Java, tree_sitter_java::LANGUAGE, include_str!("../../../queries/java.scm")),
    grammar(
        Lang::JavaScript,
        tree_sitter_javascript::LANGUAGE,
        include_str!("../../../queries/javascript.scm"),
    ),
    grammar(
        Lang::Python,
        tree_sitter_python::LANGUAGE,
        include_str!("../../../queries/python.scm"),
    ),
    grammar(Lang::Rust, tree_sitter_rust::LANGUAGE, include_str!("../../../queries/rust.scm")),
    grammar(Lang::TypeScript, tree_sitter_typescript::LANGUAGE_TYPESCRIPT, TYPESCRIPT),
    grammar(Lang::TypeScript, tree_sitter_typescript::LANGUAGE_TSX, TYPESCRIPT),
];

impl Grammar {
    /// The grammars of a language: of its dialects, the usual one first.
    pub fn of(lang: Lang) -> impl Iterator<Item = &'static Grammar> {
        GRAMMARS.iter().filter(move |grammar| grammar.lang == lang)
    }

    /// The grammar proper.
    pub fn language(&self) -> Language {
        self.language.into()
    }

    /// Its query, compiled when first asked for; `None` if it does not compile.
    pub fn query(&self) -> Option<&Query> {
        self.query.get_or_init(|| self.compile().ok()).as_ref()
    }

    /// Compiles its query.
    pub fn compile(&self) -> Result<Query, QueryError> {
        Query::new(&self.language(), self.source)
    }

    /// Every grammar.
    #[cfg(test)]
    pub fn all() -> impl Iterator<Item = &'static Grammar> {
        GRAMMARS.iter()
    }
}
