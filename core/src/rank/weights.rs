//! The trained weights: written by `cargo xtask train-rank`, not by hand.
//!
//! Cross-validated over repositories, five folds; `docs/benchmarks.md` says more.
//!
//! ```text
//! all features: NDCG@10 0.8731, semantic 0.880, architecture 0.817, symbol 0.950
//! bootstrap over repositories, 95 %: all features 0.840 to 0.902; minus names, paths and BM25
//! by hand +0.016 to +0.040
//! no path feature: NDCG@10 0.8204, semantic 0.807, architecture 0.776, symbol 0.942
//! by language: bash 0.866, c 0.901, cpp 0.953, csharp 0.916, elixir 0.938, go 0.856, haskell
//! 0.790, java 0.864, javascript 0.913, kotlin 0.894, lua 0.938, php 0.914, python 0.880, ruby
//! 0.874, rust 0.803, scala 0.914, swift 0.855, typescript 0.645, zig 0.953
//! qualified: 650 queries made from the trees, NDCG@10 0.986 (by the weights of identifier:
//! 0.977)
//! path: 687 queries made from the trees, NDCG@10 0.977 (by the weights of words: 0.935)
//! message: 578 queries made from the trees, NDCG@10 0.938 (by the weights of words: 0.782)
//! ```

use super::features::Weights;

impl Weights {
    /// Learned, in the order of [`Class`](super::Class) and [`Feature`](super::features::Feature).
    #[rustfmt::skip]
    pub const DEFAULT: Self = Self([
        // words
        [
            307, 137, 188, 350, 268, 169, 157, 652, 80, 124, 243, 203, 202, 96,
            145, -1, 42, 176, 43, 217, 590, 228, 389, 417, 256, 421, -158, -90,
            -192, -207, -233, -94, -163, -114, 209, -924, 144, 144,
        ],
        // mixed
        [
            336, 133, 192, 393, 279, 196, 181, 717, 98, 142, 278, 231, 169, 108,
            161, -14, 45, 174, 68, 211, 683, 224, 374, 466, 302, 482, -160, -91,
            -203, -212, -246, -94, -164, -115, 233, -968, 127, 135,
        ],
        // identifier
        [
            307, 127, 177, 350, 267, 148, 150, 669, 82, 125, 227, 190, 174, 133,
            153, 4, 42, 171, -18, 210, 516, 191, 382, 328, 203, 359, -159, -90,
            -194, -212, -236, -94, -163, -115, 232, -935, 150, 150,
        ],
        // qualified
        [
            332, 103, 139, 396, 186, 155, 166, 1264, 186, 211, 541, 692, 380, 595,
            245, 35, 16, 159, -44, 165, 583, 77, 300, 431, 269, 421, -159, -90,
            -210, -225, -237, -96, -149, -80, 187, -888, 90, 132,
        ],
        // path
        [
            202, -38, -45, 102, 197, 71, 59, 361, -41, 30, 14, 123, -32, 60,
            242, -20, 5, 73, 466, 307, 1226, 422, 518, 1047, 451, 610, 141, -220,
            -205, -203, -105, -84, 61, -90, 19, -819, 82, 74,
        ],
        // message
        [
            818, 221, 190, 1139, 94, 164, 83, 1020, 868, 471, 33, -31, -150, -42,
            53, -31, -21, 31, -108, 52, 385, 99, 183, 412, 257, 426, -142, -199,
            -35, -110, -259, -22, 205, 31, 134, -492, 111, 164,
        ],
    ]);
}
