//! The trained weights: written by `cargo xtask train-rank`, not by hand.
//!
//! Cross-validated over repositories, five folds; `docs/benchmarks.md` says more.
//!
//! ```text
//! all features: NDCG@10 0.8704, semantic 0.875, architecture 0.817, symbol 0.950
//! bootstrap over repositories, 95 %: all features 0.838 to 0.898; minus names, paths and BM25
//! by hand +0.012 to +0.035
//! no path feature: NDCG@10 0.8190, semantic 0.808, architecture 0.771, symbol 0.942
//! by language: bash 0.866, c 0.876, cpp 0.942, csharp 0.911, elixir 0.938, go 0.856, haskell
//! 0.791, java 0.867, javascript 0.892, kotlin 0.886, lua 0.935, php 0.923, python 0.881, ruby
//! 0.864, rust 0.803, scala 0.914, swift 0.877, typescript 0.652, zig 0.932
//! qualified: 650 queries made from the trees, NDCG@10 0.987 (by the weights of identifier:
//! 0.976)
//! path: 687 queries made from the trees, NDCG@10 0.975 (by the weights of words: 0.939)
//! message: 578 queries made from the trees, NDCG@10 0.937 (by the weights of words: 0.781)
//! ```

use super::features::Weights;

impl Weights {
    /// Learned, in the order of [`Class`](super::Class) and [`Feature`](super::features::Feature).
    #[rustfmt::skip]
    pub const DEFAULT: Self = Self([
        // words
        [
            295, 148, 198, 332, 265, 192, 165, 570, 77, 123, 249, 199, 212, -384,
            31, 103, 120, -4, 43, 175, 50, 217, 596, 230, 390, 1, 429, 263,
            433, -153, -91, -191, -204, -231, -96, -166, -117, 211, 30, -1, -9, -929,
            197, 127,
        ],
        // mixed
        [
            324, 145, 200, 375, 276, 221, 194, 636, 95, 140, 281, 224, 177, -401,
            36, 112, 132, -18, 45, 172, 74, 210, 686, 225, 374, 10, 477, 308,
            495, -155, -92, -201, -208, -243, -96, -166, -118, 235, 64, -11, -9, -974,
            182, 117,
        ],
        // identifier
        [
            295, 139, 189, 332, 263, 174, 159, 601, 79, 124, 239, 187, 185, -403,
            32, 153, 133, 1, 43, 170, -7, 211, 530, 194, 383, -36, 337, 208,
            369, -153, -91, -193, -208, -233, -96, -166, -118, 236, 34, -6, -9, -941,
            205, 130,
        ],
        // qualified
        [
            310, 122, 135, 354, 176, 197, 177, 1141, 184, 214, 556, 704, 399, -220,
            57, 627, 236, 36, 19, 159, -14, 166, 617, 92, 300, -92, 449, 277,
            435, -154, -92, -209, -220, -234, -98, -148, -85, 188, -25, -10, -9, -897,
            120, 114,
        ],
        // path
        [
            189, -35, -30, 88, 198, 82, 59, 410, -45, 30, -13, 108, -29, 92,
            36, 29, 207, -26, 4, 66, 449, 307, 1210, 416, 521, 66, 1045, 450,
            626, 143, -220, -204, -200, -102, -85, 40, -94, 23, -49, -91, -9, -831,
            137, 54,
        ],
        // message
        [
            810, 210, 230, 1130, 84, 202, 87, 818, 864, 473, 40, -44, -112, -1115,
            79, -59, 21, -32, -15, 20, -74, 68, 426, 119, 199, -125, 427, 263,
            439, -133, -197, -38, -107, -263, -16, -124, 27, 138, -81, -35, 471, -524,
            178, 120,
        ],
    ]);
}
