//! The trained weights: written by `cargo xtask train-rank`, not by hand.
//!
//! Cross-validated over repositories, five folds; `docs/benchmarks.md` says more.
//!
//! ```text
//! all features: NDCG@10 0.8679, semantic 0.873, architecture 0.811, symbol 0.953
//! bootstrap over repositories, 95 %: all features 0.836 to 0.896; minus names, paths and BM25
//! by hand +0.011 to +0.032
//! no path feature: NDCG@10 0.8015, semantic 0.790, architecture 0.766, symbol 0.902
//! by language: bash 0.871, c 0.876, cpp 0.936, csharp 0.911, elixir 0.938, go 0.870, haskell
//! 0.800, java 0.869, javascript 0.901, kotlin 0.852, lua 0.935, php 0.911, python 0.879, ruby
//! 0.864, rust 0.794, scala 0.913, swift 0.858, typescript 0.643, zig 0.957
//! qualified: 510 queries made from the trees, NDCG@10 0.987 (by the weights of identifier:
//! 0.971)
//! path: 687 queries made from the trees, NDCG@10 0.976 (by the weights of words: 0.947)
//! message: 578 queries made from the trees, NDCG@10 0.935 (by the weights of words: 0.786)
//! ```

use super::features::Weights;

impl Weights {
    /// Learned, in the order of [`Class`](super::Class) and [`Feature`](super::features::Feature).
    #[rustfmt::skip]
    pub const DEFAULT: Self = Self([
        // words
        [
            284, 163, 217, 326, 291, 175, 164, 664, 70, 130, 225, 146, 196, -429,
            46, 103, 81, -8, 50, 152, 70, 224, 740, 212, 390, 3, 463, 282,
            479, -153, -110, -189, -209, -227, -94, -197, -112, 215, 25, 4, -20, -961,
            244, 74,
        ],
        // mixed
        [
            312, 160, 220, 367, 303, 204, 194, 736, 87, 147, 270, 176, 171, -493,
            54, 121, 102, -27, 57, 157, 93, 215, 827, 207, 373, 11, 510, 325,
            537, -155, -111, -199, -213, -238, -94, -198, -113, 239, 56, -6, -20, -1012,
            232, 67,
        ],
        // identifier
        [
            284, 153, 208, 326, 289, 157, 158, 694, 73, 132, 211, 131, 164, -432,
            50, 171, 95, -3, 51, 143, 25, 222, 722, 181, 386, -26, 375, 229,
            422, -153, -110, -191, -215, -229, -94, -197, -113, 240, 28, -1, -20, -974,
            253, 76,
        ],
        // qualified
        [
            293, 136, 129, 337, 174, 189, 174, 1205, 171, 211, 581, 740, 410, -391,
            65, 747, 216, 60, 2, 153, -18, 181, 734, 50, 307, -114, 462, 283,
            461, -154, -110, -198, -229, -230, -96, -177, -99, 183, -72, -5, -20, -915,
            140, 38,
        ],
        // path
        [
            184, -34, -37, 88, 210, 92, 65, 464, -49, 37, -14, 67, -37, 2,
            57, 113, 134, -12, 26, 106, 454, 305, 1305, 386, 518, 66, 1047, 445,
            651, 111, -233, -201, -206, -111, -85, 18, -89, 33, -49, -86, -20, -847,
            172, 39,
        ],
        // message
        [
            785, 219, 224, 1113, 86, 191, 85, 989, 857, 474, 10, -46, -114, -1381,
            80, 1, -14, -18, -11, 52, -59, 66, 573, 100, 195, -137, 447, 275,
            477, -140, -205, -37, -116, -263, -17, -158, 28, 137, -77, -28, 467, -541,
            196, 125,
        ],
    ]);
}
