//! The shell of sigla: trees become images, and questions find their images.
//!
//! [`walk`] lists a tree, [`decode`] makes text of a file's bytes, of a long log in
//! [`parts`], [`ingest`] builds images from texts, [`update`] keeps them up to date in a [`store`]
//! whose [`catalogue`] says what is known; [`fresh`] tells whether a tree has
//! moved on, [`place`] which index serves a path, and [`serve`] puts these
//! together into an [`index`] that is ready to be searched.
//!
//! A search goes from [`searcher`] (which images, and what of them) through the
//! core to [`explain`] (which lines, which symbol), with [`texts`] from the tree
//! as it is now, to [`output`].
//!
//! An image that is given away also holds what [`packed`] found besides the texts, and
//! goes to an [`outlet`]; [`opened`] reads it again.
//!
//! [`machine`] gives threads and memory, as far as it has them.
//!
//! A question about symbols is asked of a [`corpus`]: [`names`] says how a name
//! may be meant, [`definitions`] finds it in images, and [`outlined`] tells what a
//! text defines and uses; [`references`] finds uses, [`overview`] draws the map of
//! a project, and [`sql`] makes tables of all that.

pub mod catalogue;
pub mod cli;
pub mod commands;
pub mod corpus;
pub mod decode;
pub mod definitions;
pub mod draft;
pub mod exact;
pub mod explain;
pub mod fresh;
pub mod index;
pub mod ingest;
pub mod machine;
pub mod mapped;
pub mod names;
pub mod opened;
pub mod outlet;
pub mod outlined;
pub mod output;
pub mod overview;
pub mod packed;
pub mod parts;
pub mod place;
#[cfg(feature = "precise")]
pub mod precise;
pub mod progress;
pub mod references;
pub mod relist;
pub mod root;
pub mod searcher;
pub mod serve;
pub mod shelf;
pub mod sql;
pub mod store;
pub mod texts;
pub mod types;
pub mod update;
pub mod walk;
