//! The trained weights: written by `cargo xtask train-rank`, not by hand.
//!
//! Cross-validated over repositories, five folds; `docs/benchmarks.md` says more.
//!
//! ```text
//! all features: NDCG@10 0.8640, semantic 0.865, architecture 0.814, symbol 0.949
//! bootstrap over repositories, 95 %: all features 0.831 to 0.893; minus names, paths and BM25
//! by hand +0.008 to +0.031
//! no path feature: NDCG@10 0.7828, semantic 0.776, architecture 0.762, symbol 0.844
//! by language: bash 0.857, c 0.901, cpp 0.952, csharp 0.880, elixir 0.938, go 0.867, haskell
//! 0.764, java 0.869, javascript 0.901, kotlin 0.859, lua 0.927, php 0.918, python 0.875, ruby
//! 0.862, rust 0.785, scala 0.913, swift 0.858, typescript 0.642, zig 0.957
//! qualified: 370 queries made from the trees, NDCG@10 0.980 (by the weights of identifier:
//! 0.946)
//! path: 687 queries made from the trees, NDCG@10 0.972 (by the weights of words: 0.946)
//! message: 578 queries made from the trees, NDCG@10 0.935 (by the weights of words: 0.791)
//! ```

use super::features::Weights;

impl Weights {
    /// Learned, in the order of [`Class`](super::Class) and [`Feature`](super::features::Feature).
    #[rustfmt::skip]
    pub const DEFAULT: Self = Self([
        // words
        [
            327, 185, 247, 410, 324, 174, 132, 77, 139, 301, 92, 131, -151, 79,
            371, 88, 4, 77, 118, 112, 226, 839, 198, 382, 24, 457, 291, 466,
            -123, -132, -192, -211, -225, -97, -215, -99, 226, -15, 2, -16, -945, 293,
            -10,
        ],
        // mixed
        [
            365, 191, 260, 469, 348, 201, 155, 98, 161, 340, 109, 58, -199, 89,
            389, 46, 0, 88, 141, 145, 220, 945, 192, 361, 41, 508, 338, 524,
            -125, -135, -203, -214, -239, -97, -215, -97, 252, 4, -8, -16, -1003, 300,
            -14,
        ],
        // identifier
        [
            328, 177, 240, 416, 323, 156, 123, 81, 141, 311, 85, 94, -216, 88,
            471, 130, 20, 79, 111, 70, 222, 834, 161, 378, -8, 361, 234, 403,
            -123, -132, -196, -221, -228, -97, -215, -102, 255, -14, -3, -16, -966, 306,
            -4,
        ],
        // qualified
        [
            327, 147, 45, 388, 126, 209, 118, 192, 208, 897, 939, 460, -638, 81,
            1461, -42, 183, -18, 146, -53, 159, 793, -27, 279, -208, 456, 293, 448,
            -124, -133, -213, -241, -228, -107, -181, -96, 173, -15, -20, -16, -943, 102,
            -63,
        ],
        // path
        [
            232, -25, -4, 174, 247, 90, 20, -39, 53, -31, 3, -154, -395, 69,
            -3, 51, -6, 49, 4, 511, 308, 1359, 358, 504, 89, 1037, 476, 600,
            126, -259, -207, -208, -128, -92, 36, -74, 55, -58, -99, -16, -869, 219,
            -68,
        ],
        // message
        [
            829, 206, 244, 1226, 88, 192, 81, 854, 473, 106, 6, -134, -1010, 123,
            239, -15, -29, -12, 49, -34, 59, 658, 67, 178, -143, 440, 286, 467,
            -113, -221, -50, -124, -258, -26, -169, 40, 141, -116, -29, 492, -509, 198,
            35,
        ],
    ]);
}
