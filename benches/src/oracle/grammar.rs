//! The grammars that were compiled in, a feature each.

use std::path::Path;

use sigla_core::outline::Lang;
use tree_sitter::Language;
use tree_sitter_language::LanguageFn;

/// A grammar with its definition query.
pub struct Grammar {
    language: LanguageFn,
    /// The query.
    pub query: &'static str,
}

impl Grammar {
    /// The grammar for a file of a language, if it was compiled in.
    pub fn of(lang: Lang, path: &Path) -> Option<Self> {
        #[cfg(not(feature = "oracle-typescript"))]
        let _ = path;
        let (language, query) = match lang {
            #[cfg(feature = "oracle-c")]
            Lang::C => (tree_sitter_c::LANGUAGE, include_str!("../../oracle/c.scm")),
            #[cfg(feature = "oracle-cpp")]
            Lang::Cpp => (tree_sitter_cpp::LANGUAGE, include_str!("../../oracle/cpp.scm")),
            #[cfg(feature = "oracle-csharp")]
            Lang::CSharp => {
                (tree_sitter_c_sharp::LANGUAGE, include_str!("../../oracle/csharp.scm"))
            }
            #[cfg(feature = "oracle-elixir")]
            Lang::Elixir => (tree_sitter_elixir::LANGUAGE, include_str!("../../oracle/elixir.scm")),
            #[cfg(feature = "oracle-go")]
            Lang::Go => (tree_sitter_go::LANGUAGE, include_str!("../../oracle/go.scm")),
            #[cfg(feature = "oracle-haskell")]
            Lang::Haskell => {
                (tree_sitter_haskell::LANGUAGE, include_str!("../../oracle/haskell.scm"))
            }
            #[cfg(feature = "oracle-java")]
            Lang::Java => (tree_sitter_java::LANGUAGE, include_str!("../../oracle/java.scm")),
            #[cfg(feature = "oracle-javascript")]
            Lang::JavaScript => {
                (tree_sitter_javascript::LANGUAGE, include_str!("../../oracle/javascript.scm"))
            }
            #[cfg(feature = "oracle-kotlin")]
            Lang::Kotlin => {
                (tree_sitter_kotlin_ng::LANGUAGE, include_str!("../../oracle/kotlin.scm"))
            }
            #[cfg(feature = "oracle-lua")]
            Lang::Lua => (tree_sitter_lua::LANGUAGE, include_str!("../../oracle/lua.scm")),
            #[cfg(feature = "oracle-php")]
            Lang::Php => (tree_sitter_php::LANGUAGE_PHP, include_str!("../../oracle/php.scm")),
            #[cfg(feature = "oracle-python")]
            Lang::Python => (tree_sitter_python::LANGUAGE, include_str!("../../oracle/python.scm")),
            #[cfg(feature = "oracle-ruby")]
            Lang::Ruby => (tree_sitter_ruby::LANGUAGE, include_str!("../../oracle/ruby.scm")),
            #[cfg(feature = "oracle-rust")]
            Lang::Rust => (tree_sitter_rust::LANGUAGE, include_str!("../../oracle/rust.scm")),
            #[cfg(feature = "oracle-scala")]
            Lang::Scala => (tree_sitter_scala::LANGUAGE, include_str!("../../oracle/scala.scm")),
            #[cfg(feature = "oracle-shell")]
            Lang::Shell => (tree_sitter_bash::LANGUAGE, include_str!("../../oracle/shell.scm")),
            #[cfg(feature = "oracle-swift")]
            Lang::Swift => (tree_sitter_swift::LANGUAGE, include_str!("../../oracle/swift.scm")),
            #[cfg(feature = "oracle-typescript")]
            Lang::TypeScript => {
                let tsx = path.extension().is_some_and(|e| e == "tsx");
                let language = if tsx {
                    tree_sitter_typescript::LANGUAGE_TSX
                } else {
                    tree_sitter_typescript::LANGUAGE_TYPESCRIPT
                };
                (language, include_str!("../../oracle/typescript.scm"))
            }
            #[cfg(feature = "oracle-zig")]
            Lang::Zig => (tree_sitter_zig::LANGUAGE, include_str!("../../oracle/zig.scm")),
            _ => return None,
        };
        Some(Self { language, query })
    }

    /// The grammar proper.
    pub fn language(&self) -> Language {
        self.language.into()
    }
}
