//! What of a corpus may answer.
//!
//! Which documents of a body may answer is a bitmap ([`Segment::scope`]): the
//! part of the tree that was named, the globs, the languages. It acts inside
//! retrieval, so N hits come when N exist; statistics stay those of the whole.

use std::ffi::OsStr;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use anyhow::{Context, Result};
use ignore::overrides::{Override, OverrideBuilder};
use sigla_core::bits::Bitmap;
use sigla_core::image::{DocId, Image, Key, Segment};
use sigla_core::outline::Lang;

use crate::engine::answer::Note;
use crate::engine::opening::{Asked, Body, Corpus};
use crate::tree::ignored::LeftOut;
use crate::tree::types::Type;

/// Which documents may answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice<'a> {
    /// Of one of these types; of any where there are none.
    pub types: &'a [Type],
    /// As in `rg -g`, relative to the place: only these, or with `!`, not these.
    pub globs: &'a [String],
}

impl Asked {
    /// The documents of `image` that lie in it.
    fn range(&self, image: &Image<'_>) -> Result<Range<u32>> {
        if self.within.is_empty() {
            return Ok(0..image.meta().documents);
        }
        if let Some(DocId(id)) = image.docs().find(&self.within)? {
            return Ok(id..id + 1);
        }
        // `0` is the byte behind `/`.
        let below = |border: u8| first(image, &[&*self.within, &[border]].concat());
        Ok(below(b'/')?..below(b'0')?)
    }
}

/// The first document whose key is not less than `key`.
fn first(image: &Image<'_>, key: &[u8]) -> Result<u32> {
    let wanted = Key { head: key, tail: &[] };
    let (mut low, mut high) = (0, image.meta().documents);
    while low < high {
        let middle = low + (high - low) / 2;
        let less = image.docs().key(DocId(middle))?.compare(wanted).is_lt();
        if less { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

impl Corpus {
    /// What the user should be told of a corpus of which `choice` may answer.
    ///
    /// # Errors
    /// An image is damaged.
    pub fn notes(&self, choice: &Choice<'_>) -> Result<Vec<Note>> {
        let mut notes = Vec::new();
        for body in &self.bodies {
            let Body::Tree { place, current, .. } = body else { continue };
            notes.extend(current.notes.iter().cloned());
            if !self.stale_ok && body.stale() {
                let generation = body.generation().unwrap_or_default();
                notes.push(Note::Stale { root: place.root.clone(), generation });
            }
        }
        for asked in &self.asked {
            if self.documents(asked)? == 0 && !asked.within.is_empty() {
                notes.push(Note::Nothing(asked.root.clone()));
            }
        }
        let globs = Globs::new(choice.globs)?;
        if let Some(globs) = &globs
            && !self.asked.is_empty()
            && !self.chooses(globs)?
        {
            notes.push(Note::NoMatch(choice.globs.to_vec()));
        }
        for (index, body) in self.bodies.iter().enumerate() {
            let Body::Tree { root, current, .. } = body else { continue };
            let LeftOut { mut large, mut broken } = current.index.left_out()?;
            let asked = || self.asked.iter().filter(|asked| asked.body == index);
            let typed = |key: &[u8]| Type::any_has(choice.types, Lang::detect(key, b""), key);
            let chosen = |asked: &Asked, key: &[u8]| {
                let mut folder = LastFolder::default();
                let glob = |globs: &Globs| globs.take(asked.below(key), &mut folder);
                asked.holds(key) && globs.as_ref().is_none_or(glob)
            };
            large.retain(|key| typed(key) && asked().any(|asked| chosen(asked, key)));
            // What stands beside the place says nothing of it.
            broken.retain(|it| {
                let rule = Path::new(OsStr::from_bytes(&it.rule));
                let Some(folder) = rule.parent() else { return true };
                asked().any(|asked| {
                    let place = root.path_of(&asked.within);
                    !folder.starts_with(root.path())
                        || place.starts_with(folder)
                        || folder.starts_with(&place)
                })
            });
            notes.extend(Note::left_out(&LeftOut { large, broken }, self.max_filesize));
        }
        Ok(notes)
    }

    /// Whether any document passes the globs.
    fn chooses(&self, globs: &Globs) -> Result<bool> {
        let (mut key, mut folder) = (Vec::new(), LastFolder::default());
        for segment in self.segments()? {
            let body = usize::from(segment.place);
            for asked in self.asked.iter().filter(|asked| asked.body == body) {
                for id in asked.range(&segment.image)?.map(DocId) {
                    key.clear();
                    key.extend(segment.image.docs().key(id)?.bytes());
                    if !segment.is_dead(id) && globs.take(asked.below(&key), &mut folder) {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Live documents in a place.
    pub(super) fn documents(&self, asked: &Asked) -> Result<usize> {
        let Some(body) = self.bodies.get(asked.body) else { return Ok(0) };
        let mut documents = 0;
        for segment in body.segments()? {
            let range = asked.range(&segment.image)?;
            documents += range.filter(|&id| !segment.is_dead(DocId(id))).count();
        }
        Ok(documents)
    }

    /// Which documents of each segment may answer, `None` where all may.
    ///
    /// # Errors
    /// A glob is wrong, a segment damaged.
    pub fn scopes(
        &self,
        segments: &[Segment<'_>],
        choice: &Choice<'_>,
    ) -> Result<Vec<Option<Vec<u8>>>> {
        let globs = Globs::new(choice.globs)?;
        segments.iter().map(|segment| self.scope(segment, choice, globs.as_ref())).collect()
    }

    fn scope(
        &self,
        segment: &Segment<'_>,
        choice: &Choice<'_>,
        globs: Option<&Globs>,
    ) -> Result<Option<Vec<u8>>> {
        let all = choice.types.is_empty() && globs.is_none();
        let mut places = self.asked.iter().filter(|asked| asked.body == usize::from(segment.place));
        if all && places.clone().any(|asked| asked.within.is_empty()) {
            return Ok(None);
        }
        let mut scope = vec![0u8; segment.image.meta().documents.div_ceil(8) as usize];
        let mut key = Vec::new();
        places.try_for_each(|asked| -> Result<()> {
            let mut folder = LastFolder::default();
            for id in asked.range(&segment.image)? {
                let doc = segment.image.docs().get(DocId(id))?;
                key.clear();
                key.extend(doc.key.bytes());
                if !Type::any_has(choice.types, doc.lang, &key) {
                    continue;
                }
                let taken = |globs: &Globs| globs.take(asked.below(&key), &mut folder);
                if !globs.is_none_or(taken) {
                    continue;
                }
                Bitmap(&mut scope[..]).set(id);
            }
            Ok(())
        })?;
        Ok(Some(scope))
    }
}

/// The globs of `-g`, which work as in a walk: an excluded folder takes all that
/// is below it with it.
pub(crate) struct Globs(Override);

/// The folder that was judged last; keys come sorted, so mostly also the next.
#[derive(Default)]
pub(crate) struct LastFolder {
    path: Vec<u8>,
    taken: Option<bool>,
}

impl Globs {
    /// Those of `globs`, where there are some.
    ///
    /// # Errors
    /// One of them is no glob.
    pub(crate) fn new(globs: &[String]) -> Result<Option<Globs>> {
        if globs.is_empty() {
            return Ok(None);
        }
        let mut overrides = OverrideBuilder::new("");
        for glob in globs {
            overrides.add(glob).with_context(|| format!("cannot use the glob `{glob}`"))?;
        }
        Ok(Some(Globs(overrides.build().context("cannot use these globs together")?)))
    }

    /// Whether they take the file `path`, relative to its place.
    pub(crate) fn take(&self, path: &[u8], last: &mut LastFolder) -> bool {
        let parent = path.iter().rposition(|&byte| byte == b'/').and_then(|at| path.get(..at));
        if last.taken.is_none() || parent.unwrap_or_default() != last.path {
            last.path = parent.unwrap_or_default().to_vec();
            let ends = last.path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
            let mut folders =
                ends.map(|(at, _)| at).chain((!last.path.is_empty()).then_some(last.path.len()));
            let excluded = folders.any(|end| {
                let folder = last.path.get(..end).unwrap_or_default();
                self.matched(folder, true).is_ignore()
            });
            last.taken = Some(!excluded);
        }
        last.taken == Some(true) && !self.matched(path, false).is_ignore()
    }

    fn matched(&self, path: &[u8], folder: bool) -> ignore::Match<()> {
        self.0.matched(OsStr::from_bytes(path), folder).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_choose_as_in_a_walk() {
        let paths = ["a.rs", "b.py", "src/a.rs", "src/deep/a.rs", "vendor/x/a.rs"];
        let chosen = |globs: &[&str]| {
            let globs: Vec<String> = globs.iter().map(ToString::to_string).collect();
            let globs = Globs::new(&globs).unwrap().unwrap();
            let mut folder = LastFolder::default();
            let taken = paths.iter().filter(|path| globs.take(path.as_bytes(), &mut folder));
            taken.copied().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(chosen(&["*.rs"]), "a.rs src/a.rs src/deep/a.rs vendor/x/a.rs");
        assert_eq!(chosen(&["!vendor"]), "a.rs b.py src/a.rs src/deep/a.rs");
        assert_eq!(chosen(&["*.rs", "!src/deep/"]), "a.rs src/a.rs vendor/x/a.rs");
        assert_eq!(chosen(&["/src/**"]), "src/a.rs src/deep/a.rs");
        assert_eq!(chosen(&["/*.rs"]), "a.rs");
        assert!(Globs::new(&["a{".to_owned()]).is_err());
    }
}
