//! Learning the weights of the ranker.
//!
//! [`questions`] makes questions from trees, [`examples`] turns questions into candidates with
//! features, [`sets`] holds what several hands have made, [`fit`] finds weights. A model is linear,
//! so that a search needs no more than a dot product of integers.

pub mod examples;
pub mod fit;
pub mod questions;
pub mod sets;

use sigla_core::rank::features::Feature;

/// The features that look at paths.
pub const PATHS: &[Feature] = &[
    Feature::Coverage,
    Feature::FileOnly,
    Feature::Path,
    Feature::FileEqual,
    Feature::FileCovered,
    Feature::FilePrefix,
    Feature::Folders,
];

/// What sense demands of a feature's weight, whatever the examples say: a name that matches never
/// lowers, and what nobody asked for never raises.
pub const fn sign(feature: Feature) -> Sign {
    match feature {
        Feature::Best
        | Feature::Halved
        | Feature::Together
        | Feature::Coverage
        | Feature::FileOnly
        | Feature::Spelt
        | Feature::Path
        | Feature::FileEqual
        | Feature::FileCovered
        | Feature::FilePrefix => Sign::Raises,
        Feature::Test
        | Feature::Example
        | Feature::Docs
        | Feature::Vendored
        | Feature::Generated => Sign::Lowers,
        _ => Sign::Any,
    }
}

/// See [`sign`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Not negative.
    Raises,
    /// Not positive.
    Lowers,
    /// Either.
    Any,
}

impl Sign {
    /// The nearest weight that it allows.
    pub fn keep(self, weight: f64) -> f64 {
        match self {
            Self::Raises => weight.max(0.0),
            Self::Lowers => weight.min(0.0),
            Self::Any => weight,
        }
    }
}
