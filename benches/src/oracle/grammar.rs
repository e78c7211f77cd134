//! The grammars that were compiled in, a feature each.

use std::path::Path;

use sigla_core::outline::Lang;
use tree_sitter::Language;
use tree_sitter_language::LanguageFn;

/// The languages that have an oracle, whether or not their grammar was compiled in.
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

/// A grammar with its definition query.
pub struct Grammar {
    language: LanguageFn,
    /// The query.
    pub query: &'static str,
}

impl Grammar {
    /// The grammar for a file of a language, if it was compiled in.
    pub fn of(lang: Lang, path: &Path) -> Option<Self> {
        let _ = path;
        let (language, query) = match lang {
            #[cfg(feature = "oracle-csharp")]
            Lang::CSharp => {
                (tree_sitter_c_sharp::LANGUAGE, include_str!("../../oracle/csharp.scm"))
            }
            #[cfg(feature = "oracle-java")]
            Lang::Java => (tree_sitter_java::LANGUAGE, include_str!("../../oracle/java.scm")),
            #[cfg(feature = "oracle-php")]
            Lang::Php => (tree_sitter_php::LANGUAGE_PHP, include_str!("../../oracle/php.scm")),
            #[cfg(feature = "oracle-ruby")]
            Lang::Ruby => (tree_sitter_ruby::LANGUAGE, include_str!("../../oracle/ruby.scm")),
            _ => return None,
        };
        Some(Self { language, query })
    }

    /// The grammar proper.
    pub fn language(&self) -> Language {
        self.language.into()
    }
}
