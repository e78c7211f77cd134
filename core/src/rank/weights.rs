//! The trained weights: written by `cargo xtask train-rank`, not by hand.
//!
//! Cross-validated over repositories, five folds; `docs/benchmarks.md` says more.
//!
//! ```text
//! all features: NDCG@10 0.8729, semantic 0.877, architecture 0.821, symbol 0.950
//! bootstrap over repositories, 95 %: all features 0.840 to 0.901; minus names, paths and BM25
//! by hand +0.014 to +0.037
//! no path feature: NDCG@10 0.8228, semantic 0.811, architecture 0.778, symbol 0.942
//! by language: bash 0.866, c 0.901, cpp 0.951, csharp 0.911, elixir 0.938, go 0.856, haskell
//! 0.797, java 0.868, javascript 0.903, kotlin 0.895, lua 0.938, php 0.920, python 0.883, ruby
//! 0.864, rust 0.803, scala 0.914, swift 0.877, typescript 0.645, zig 0.932
//! qualified: 650 queries made from the trees, NDCG@10 0.986 (by the weights of identifier:
//! 0.976)
//! path: 687 queries made from the trees, NDCG@10 0.976 (by the weights of words: 0.935)
//! message: 578 queries made from the trees, NDCG@10 0.936 (by the weights of words: 0.780)
//! ```

use super::features::Weights;

impl Weights {
    /// Learned, in the order of [`Class`](super::Class) and [`Feature`](super::features::Feature).
    #[rustfmt::skip]
    pub const DEFAULT: Self = Self([
        // words
        [
            297, 147, 196, 331, 264, 181, 163, 645, 76, 120, 242, 198, 201, 100,
            144, -4, 43, 176, 42, 217, 583, 225, 389, 431, 264, 431, -158, -90,
            -192, -210, -233, -96, -166, -115, 208, -931, 194, 140,
        ],
        // mixed
        [
            327, 145, 198, 376, 274, 211, 192, 711, 95, 138, 277, 225, 167, 113,
            160, -17, 46, 174, 67, 210, 676, 221, 373, 479, 309, 491, -159, -91,
            -203, -215, -245, -96, -166, -116, 232, -976, 179, 131,
        ],
        // identifier
        [
            297, 139, 187, 331, 263, 161, 155, 664, 78, 122, 227, 185, 173, 139,
            153, 1, 43, 171, -18, 210, 511, 188, 382, 338, 208, 366, -159, -90,
            -194, -216, -235, -96, -166, -116, 231, -943, 204, 146,
        ],
        // qualified
        [
            314, 120, 132, 358, 175, 177, 169, 1265, 183, 209, 542, 695, 390, 602,
            245, 34, 17, 158, -43, 160, 574, 74, 295, 439, 272, 424, -159, -90,
            -210, -229, -236, -98, -151, -80, 187, -892, 122, 135,
        ],
        // path
        [
            195, -40, -41, 91, 191, 79, 61, 358, -43, 29, 17, 119, -33, 70,
            242, -22, 5, 74, 472, 308, 1224, 420, 518, 1049, 451, 612, 140, -219,
            -205, -206, -104, -86, 60, -91, 18, -827, 129, 68,
        ],
        // message
        [
            814, 204, 220, 1134, 79, 182, 80, 997, 864, 471, 44, -38, -153, -53,
            57, -38, -17, 28, -104, 53, 384, 101, 186, 429, 265, 437, -143, -199,
            -35, -112, -258, -21, 203, 26, 133, -506, 175, 151,
        ],
    ]);
}
