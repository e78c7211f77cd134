//! How an answer is shown: to people ([`human`]) and to programs ([`json`]);
//! and the lines of an exact search to both ([`lines`]).

pub mod human;
pub mod json;
pub mod lines;
pub mod notes;
pub mod progress;
pub mod symbols;
