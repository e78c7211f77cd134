//! What one file defines: the question and its answer.

use std::borrow::Cow;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde::Serialize;
use sigla_core::outline::{Kind, Lang};

use crate::engine::Engine;
use crate::engine::answer;
use crate::engine::view::DocName;
use crate::symbols::definitions::qualifier;
use crate::symbols::find::Definition;
use crate::symbols::outline::Reader;
use crate::tree::decode::decode;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The file, which needs to be in no index.
    pub file: &'q Path,
    /// Its bytes, where they are at hand; else it is read.
    pub bytes: Option<&'q [u8]>,
    /// Its language, instead of what its name and beginning say.
    pub lang: Option<Lang>,
    /// Only definitions of these kinds; all where there are none.
    pub kinds: &'q [Kind],
    /// Only definitions that are nested less deep.
    pub depth: Option<u8>,
    /// What reads it.
    pub reader: Reader,
}

/// A definition in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Nested {
    /// How many definitions enclose it.
    pub depth: u8,
    /// What is said of it.
    #[serde(flatten)]
    pub definition: Definition,
}

/// What the file defines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Its path, as it was named.
    #[serde(serialize_with = "answer::bytes")]
    pub path: Vec<u8>,
    /// Where it is on this machine.
    #[serde(serialize_with = "answer::file")]
    pub file: Option<PathBuf>,
    /// Its language.
    #[serde(serialize_with = "answer::lang")]
    pub lang: Lang,
    /// The definitions, in the order of the text.
    pub definitions: Vec<Nested>,
}

impl Engine {
    /// What a file defines.
    ///
    /// # Errors
    /// It cannot be read, or is binary.
    pub fn outline(&self, question: &Question<'_>) -> Result<Answer> {
        let Question { file, kinds, depth, .. } = *question;
        let raw = match question.bytes {
            Some(bytes) => Cow::Borrowed(bytes),
            None => Cow::Owned(fs::read(file).with_context(|| match file.is_dir() {
                true => format!("{} is a folder: sigla map shows one", file.display()),
                false => format!("cannot read {}", file.display()),
            })?),
        };
        let text = decode(&raw)
            .ok_or_else(|| anyhow!("{} is binary: it holds NUL bytes", file.display()))?;
        let key = file.as_os_str().as_bytes();
        let lang = question.lang.unwrap_or_else(|| Lang::detect(key, &text));
        let outlined = (question.reader)(lang, &text);
        let named = DocName {
            place: 0,
            path: key.to_vec(),
            root: None,
            shown: key.to_vec(),
            file: file.canonicalize().ok(),
            lang,
        };
        let wanted = |kind: Kind| kinds.is_empty() || kinds.contains(&kind);
        let all = outlined.definitions.iter();
        let chosen = all.filter(|d| wanted(d.kind) && depth.is_none_or(|most| d.depth < most));
        let definitions = chosen.map(|definition| Nested {
            depth: definition.depth,
            definition: Definition {
                named: named.clone(),
                kind: definition.kind,
                name: definition.name.to_vec(),
                qualifier: qualifier(lang, &outlined.chain(definition)),
                line: definition.line,
                end: definition.end_line,
                signature: outlined.signature(definition),
                doc: outlined.doc(definition),
            },
        });
        let definitions = definitions.collect();
        Ok(Answer { path: named.path, file: named.file, lang, definitions })
    }
}
