//! The trained weights: written by `cargo xtask train-rank`, not by hand.
//!
//! Cross-validated over repositories, five folds; `docs/benchmarks.md` says more.
//!
//! ```text
//! all features: NDCG@10 0.8707, semantic 0.875, architecture 0.818, symbol 0.950
//! bootstrap over repositories, 95 %: all features 0.838 to 0.899; minus names, paths and BM25
//! by hand +0.013 to +0.035
//! no path feature: NDCG@10 0.8194, semantic 0.809, architecture 0.769, symbol 0.942
//! by language: bash 0.865, c 0.876, cpp 0.942, csharp 0.911, elixir 0.938, go 0.856, haskell
//! 0.790, java 0.867, javascript 0.892, kotlin 0.894, lua 0.935, php 0.923, python 0.881, ruby
//! 0.864, rust 0.803, scala 0.914, swift 0.877, typescript 0.652, zig 0.932
//! qualified: 650 queries made from the trees, NDCG@10 0.987 (by the weights of identifier:
//! 0.976)
//! path: 687 queries made from the trees, NDCG@10 0.976 (by the weights of words: 0.939)
//! message: 578 queries made from the trees, NDCG@10 0.934 (by the weights of words: 0.782)
//! ```

use super::features::Weights;

impl Weights {
    /// Learned, in the order of [`Class`](super::Class) and [`Feature`](super::features::Feature).
    #[rustfmt::skip]
    pub const DEFAULT: Self = Self([
        // words
        [
            294, 148, 198, 329, 265, 192, 165, 622, 77, 123, 245, 199, 214, -375,
            30, 108, 144, -5, 42, 175, 50, 217, 593, 231, 389, 1, 433, 265,
            433, -152, -91, -191, -201, -231, -95, -165, -117, 209, 31, 0, -9, -928,
            196, 128,
        ],
        // mixed
        [
            323, 145, 199, 372, 276, 221, 194, 686, 96, 140, 279, 225, 180, -391,
            35, 121, 160, -18, 45, 172, 75, 210, 684, 226, 373, 10, 481, 310,
            494, -154, -92, -201, -206, -243, -96, -166, -118, 233, 65, -10, -9, -974,
            181, 118,
        ],
        // identifier
        [
            294, 139, 188, 329, 263, 174, 158, 641, 79, 124, 230, 186, 186, -397,
            31, 147, 153, -1, 43, 169, -6, 212, 524, 196, 382, -36, 341, 210,
            369, -153, -91, -193, -205, -233, -95, -165, -118, 233, 34, -5, -9, -940,
            204, 132,
        ],
        // qualified
        [
            308, 122, 134, 349, 177, 197, 177, 1228, 182, 213, 537, 698, 397, -221,
            56, 607, 246, 34, 18, 158, -12, 167, 612, 95, 300, -90, 451, 279,
            434, -153, -91, -209, -217, -234, -97, -149, -85, 186, -24, -9, -9, -898,
            120, 115,
        ],
        // path
        [
            190, -34, -31, 88, 199, 86, 60, 312, -44, 32, -2, 113, -24, 115,
            36, 60, 240, -26, 4, 67, 455, 308, 1208, 417, 520, 68, 1049, 453,
            616, 142, -220, -204, -197, -103, -85, 41, -92, 22, -48, -90, -9, -830,
            135, 56,
        ],
        // message
        [
            807, 209, 229, 1124, 85, 202, 86, 914, 863, 473, 35, -47, -112, -1116,
            77, -36, 57, -33, -16, 21, -74, 68, 422, 119, 198, -125, 434, 267,
            440, -132, -196, -38, -105, -263, -16, -123, 27, 136, -81, -34, 475, -521,
            178, 123,
        ],
    ]);
}
