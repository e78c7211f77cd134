//! What `-t` names: one of sigla's languages, or a type of file that ripgrep knows.
//!
//! A language is told from name and content ([`Lang::detect`]) and goes first; the types
//! of ripgrep are globs over names, those of the `ignore` crate.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use ignore::types::{Types, TypesBuilder};
use sigla_core::image::within_edits;
use sigla_core::outline::Lang;

/// A type of file.
#[derive(Debug, Clone)]
pub enum Type {
    /// A language of sigla.
    Lang(Lang),
    /// Names that match globs.
    Named(Types),
}

impl Type {
    /// The type of that name; of a language also an extension.
    ///
    /// # Errors
    /// Says what may have been meant.
    pub fn parse(name: &str) -> Result<Type, String> {
        if let Some(lang) = Lang::from_name(name) {
            return Ok(Type::Lang(lang));
        }
        let named = TypesBuilder::new().add_defaults().select(name).build();
        named.map(Type::Named).map_err(|_| {
            let known = Lang::ALL.iter().map(|lang| lang.name());
            let hint = unknown("language", name, known);
            // A list of all is what --type-list is for.
            let near = hint.ends_with('?').then_some(hint);
            near.unwrap_or_else(|| {
                format!("no language or type `{name}`; sigla search --type-list shows all")
            })
        })
    }

    /// Whether a file in `lang` with this path is of it.
    pub fn has(&self, lang: Lang, path: &[u8]) -> bool {
        match self {
            Type::Lang(own) => *own == lang,
            Type::Named(types) => {
                types.matched(Path::new(OsStr::from_bytes(path)), false).is_whitelist()
            }
        }
    }

    /// Whether one of `types` has the file, or there are none.
    pub fn any_has(types: &[Type], lang: Lang, path: &[u8]) -> bool {
        types.is_empty() || types.iter().any(|one| one.has(lang, path))
    }
}

/// Every name that [`Type::parse`] knows but for extensions, with the globs of its files.
pub fn all() -> BTreeMap<String, Vec<String>> {
    let globs = |lang: Lang| {
        let extensions = lang.extensions().iter().map(|extension| format!("*.{extension}"));
        extensions.chain(lang.files().iter().map(|&name| name.to_owned())).collect()
    };
    let theirs = TypesBuilder::new().add_defaults().definitions().into_iter().map(|named| {
        let own = Lang::from_name(named.name()).map(globs);
        (named.name().to_owned(), own.unwrap_or_else(|| named.globs().to_vec()))
    });
    let ours = Lang::ALL.iter().map(|&lang| (lang.name().to_owned(), globs(lang)));
    theirs.chain(ours).collect()
}

/// What to say of a name that is none of `known`.
pub fn unknown(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'static str> + Clone,
) -> String {
    let lower = name.to_ascii_lowercase();
    let near: Vec<_> = known
        .clone()
        .filter(|k| {
            let long =
                k.len() > 1 && lower.len() > 1 && (k.starts_with(&lower) || lower.starts_with(k));
            long || within_edits(lower.as_bytes(), k.as_bytes(), 1)
        })
        .collect();
    match near.is_empty() {
        true => format!("no {what} `{name}`; there are {}", known.collect::<Vec<_>>().join(", ")),
        false => format!("no {what} `{name}`; is it {}?", near.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_go_first_and_types_are_those_of_ripgrep() {
        let rust = Type::parse("rs").unwrap();
        assert!(rust.has(Lang::Rust, b"a/b.rs") && !rust.has(Lang::Text, b"a/b.rs"));
        let config = Type::parse("config").unwrap();
        assert!(config.has(Lang::Text, b"a/b.conf") && !config.has(Lang::Text, b"a/b.rs"));
        assert!(Type::any_has(&[], Lang::Text, b"x"));
        assert!(!Type::any_has(&[rust, config], Lang::Text, b"x"));
        assert!(Type::parse("pyton").unwrap_err().ends_with("is it python?"));
        assert!(Type::parse("no such").unwrap_err().contains("--type-list"));
    }

    #[test]
    fn every_name_in_the_list_is_known() {
        let all = all();
        assert!(all.len() > 150 && all.contains_key("config") && all.contains_key("groovy"));
        for (name, globs) in all {
            assert!(Type::parse(&name).is_ok() && !globs.is_empty(), "{name}");
        }
    }
}
