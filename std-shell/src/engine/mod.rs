//! Answers: from the places that were named, through the core, to lines and symbols.
//!
//! ```text
//! places ─scopes (serve: an index, up to date)─▶ segments ─core─▶ documents
//!                                                  └─exact─▶ lines    └─texts, explain─▶ lines
//! ```
//!
//! [`scopes`] opens what serves each place and tells what of it may answer; [`serve`] has the
//! index of a tree brought up to date, or says why it is not; [`corpus`] holds all of that
//! for questions about symbols. [`texts`] reads documents as
//! they are now, and knows by their hash whether that is what was indexed; [`explain`] finds
//! the lines that say why a document answers, [`exact`] those that hold a pattern.
//!
//! Statistics are those of whole bodies, whatever part of them was asked for; a scope acts
//! inside retrieval, so that N answers come when N exist.

pub mod corpus;
pub mod exact;
pub mod explain;
pub mod scopes;
pub mod serve;
pub mod texts;
