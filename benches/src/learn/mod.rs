//! Learning the weights of the ranker.
//!
//! [`questions`] makes queries of the classes that the benchmark has too few of, [`examples`] turns
//! queries into candidates with features, [`fit`] finds weights. A model is linear, so that a
//! search needs no more than a dot product of integers.

pub mod examples;
pub mod fit;
pub mod questions;

use sigla_core::rank::features::Feature;

/// The features that look at paths.
pub const PATHS: &[Feature] = &[
    Feature::FileName,
    Feature::FileNameCovered,
    Feature::FileNameEqual,
    Feature::FileNamePrefix,
    Feature::FileNamePrefixCovered,
    Feature::Folders,
    Feature::FolderPrefix,
    Feature::ParentPrefix,
    Feature::Depth,
];
