//! The trained weights: written by `cargo xtask train-rank`, not by hand.
//!
//! Cross-validated over repositories, five folds; `docs/benchmarks.md` says more.
//!
//! ```text
//! codebench: 700 questions, NDCG@10 0.8742, by weights of this set alone 0.8718, BM25 cheap
//! 0.8044 (minus it +0.053 to +0.088)
//! codebench, whole repositories: 700 questions, NDCG@10 0.8339, by weights of this set alone
//! 0.8423, BM25 cheap 0.7573 (minus it +0.054 to +0.098)
//! commitbench: 1075 questions, NDCG@10 0.6186, by weights of this set alone 0.6224, BM25
//! cheap 0.5974 (minus it +0.008 to +0.035)
//! made from trees: 2168 questions, MRR 0.9460, by weights of this set alone 0.9606, BM25
//! cheap 0.8277 (minus it +0.103 to +0.133)
//! made, hard names: 387 questions, MRR 0.9127, by weights of this set alone 0.9812, BM25
//! cheap 0.4705 (minus it +0.385 to +0.499)
//! made, other than code: 673 questions, recall@3 0.9054, by weights of this set alone 0.9765,
//! BM25 cheap 0.4493 (minus it +0.388 to +0.523)
//! commitbench, only code: 1075 questions, NDCG@10 0.6300, BM25 cheap 0.6100 (minus it +0.004
//! to +0.037)
//! codebench by language: bash 0.896 (40), c 0.901 (20), cpp 0.947 (40), csharp 0.917 (40),
//! elixir 0.938 (20), go 0.900 (18), haskell 0.787 (40), java 0.874 (41), javascript 0.918
//! (40), kotlin 0.891 (40), lua 0.933 (40), php 0.903 (40), python 0.867 (102), ruby 0.852
//! (40), rust 0.825 (40), scala 0.938 (19), swift 0.802 (20), typescript 0.677 (40), zig 0.948
//! (20)
//! codebench by category: architecture 0.817 (202), semantic 0.879 (384), symbol 0.957 (114)
//! codebench by words: 1 0.966 (111), 2 0.979 (7), 3 to 5 0.843 (129), 6 to 8 0.869 (300), 9
//! and more 0.838 (153)
//! codebench by class: identifier 0.966 (105), qualified 0.972 (6), words 0.857 (589)
//! codebench, whole repositories by language: bash 0.815 (40), c 0.895 (20), cpp 0.897 (40),
//! csharp 0.881 (40), elixir 0.945 (20), go 0.900 (18), haskell 0.764 (40), java 0.869 (41),
//! javascript 0.896 (40), kotlin 0.850 (40), lua 0.939 (40), php 0.875 (40), python 0.795
//! (102), ruby 0.776 (40), rust 0.797 (40), scala 0.839 (19), swift 0.825 (20), typescript
//! 0.572 (40), zig 0.948 (20)
//! codebench, whole repositories by category: architecture 0.765 (202), semantic 0.842 (384),
//! symbol 0.930 (114)
//! codebench, whole repositories by words: 1 0.937 (111), 2 0.857 (7), 3 to 5 0.785 (129), 6
//! to 8 0.833 (300), 9 and more 0.800 (153)
//! codebench, whole repositories by class: identifier 0.941 (105), qualified 0.874 (6), words
//! 0.814 (589)
//! commitbench by language: bash 0.635 (80), c 0.587 (120), cpp 0.350 (40), go 0.624 (80),
//! haskell 0.631 (80), java 0.702 (63), javascript 0.650 (120), lua 0.498 (80), perl 0.717
//! (24), python 0.752 (40), ruby 0.820 (80), rust 0.549 (80), scala 0.529 (40), swift 0.602
//! (28), typescript 0.613 (80), zig 0.551 (40)
//! commitbench by words: 3 to 5 0.598 (351), 6 to 8 0.608 (521), 9 and more 0.676 (203)
//! commitbench by class: message 0.630 (14), words 0.617 (1061)
//! made from trees by language: bash 0.980 (123), c 0.956 (140), cpp 0.961 (105), csharp 0.969
//! (70), elixir 0.986 (35), go 0.943 (105), haskell 0.946 (140), java 0.936 (140), javascript
//! 0.923 (166), kotlin 0.962 (70), lua 0.954 (140), perl 0.911 (30), php 0.957 (69), python
//! 0.946 (210), ruby 0.941 (135), rust 0.907 (140), scala 0.921 (70), swift 0.945 (70),
//! typescript 0.944 (140), zig 0.957 (70)
//! made from trees by category: function 0.995 (314), identifier 0.995 (315), message 0.846
//! (296), name 0.966 (315), path 0.932 (315), qualified 0.958 (298), verb 0.920 (315)
//! made from trees by words: 1 0.961 (1056), 2 0.951 (389), 3 to 5 0.952 (500), 6 to 8 0.817
//! (138), 9 and more 0.905 (85)
//! made from trees by class: identifier 0.982 (443), message 0.846 (296), path 0.932 (315),
//! qualified 0.958 (298), words 0.962 (816)
//! made, hard names by language: bash 0.978 (23), c 1.000 (25), cpp 0.903 (26), csharp 0.783
//! (20), elixir 0.500 (1), go 0.958 (16), haskell 0.917 (18), java 0.887 (34), javascript
//! 0.936 (34), kotlin 0.917 (20), lua 1.000 (17), perl 0.800 (5), php 0.974 (19), python 0.892
//! (27), ruby 0.956 (18), rust 0.839 (22), scala 0.900 (8), swift 0.844 (16), typescript 0.928
//! (30), zig 0.854 (8)
//! made, hard names by category: common 0.893 (142), missing 0.927 (245)
//! made, hard names by words: 2 0.909 (109), 3 to 5 0.912 (255), 6 to 8 0.971 (23)
//! made, other than code by language: bash 0.952 (42), c 0.900 (50), cpp 1.000 (26), csharp
//! 0.667 (3), elixir 1.000 (1), go 0.915 (59), haskell 0.886 (44), java 0.941 (51), javascript
//! 0.863 (80), lua 0.900 (40), perl 1.000 (21), php 1.000 (7), python 0.850 (20), ruby 0.917
//! (48), rust 0.836 (61), scala 0.800 (20), swift 0.864 (22), typescript 0.891 (55), zig 0.957
//! (23)
//! made, other than code by category: configuration 0.842 (114), docs 0.880 (158), examples
//! 0.947 (75), heading 0.923 (156), tests 0.918 (170)
//! made, other than code by words: 2 0.853 (156), 3 to 5 0.911 (470), 6 to 8 0.956 (45), 9 and
//! more 1.000 (2)
//! commitbench, only code by language: bash 0.637 (80), c 0.607 (120), cpp 0.374 (40), go
//! 0.623 (80), haskell 0.640 (80), java 0.715 (63), javascript 0.683 (120), lua 0.486 (80),
//! perl 0.744 (24), python 0.785 (40), ruby 0.828 (80), rust 0.559 (80), scala 0.522 (40),
//! swift 0.607 (28), typescript 0.625 (80), zig 0.546 (40)
//! commitbench, only code by words: 3 to 5 0.611 (351), 6 to 8 0.620 (521), 9 and more 0.681
//! (203)
//! commitbench, only code by class: message 0.672 (14), words 0.628 (1061)
//! without classes: codebench 0.873, codebench, whole repositories 0.829, commitbench 0.619,
//! made from trees 0.940, made, hard names 0.909, made, other than code 0.899, commitbench,
//! only code 0.632
//! no path feature: codebench 0.819, codebench, whole repositories 0.773, commitbench 0.595,
//! made from trees 0.782, made, hard names 0.344, made, other than code 0.540, commitbench,
//! only code 0.608
//! ```

use super::features::Weights;

impl Weights {
    /// Learned, in the order of [`Class`](super::Class) and [`Feature`](super::features::Feature).
    #[rustfmt::skip]
    pub const DEFAULT: Self = Self([
        // words
        [
            298, 511, 243, 390, 83, 1105, 169, 136, 1704, 313, 147, 105, 626, 254,
            873, 912, -340, -378, -563, -411, -529, -597, -481, -78, 798,
        ],
        // identifier
        [
            325, 524, 267, 404, 50, 1212, 211, 155, 1397, 288, 236, 0, 425, 158,
            787, 652, -341, -384, -569, -412, -539, -597, -490, -2, 449,
        ],
        // qualified
        [
            325, 524, 267, 404, 50, 1212, 211, 155, 1397, 288, 236, 0, 425, 158,
            787, 652, -341, -384, -569, -412, -539, -597, -490, -2, 449,
        ],
        // path
        [
            287, 492, 231, 374, 85, 1060, 158, 142, 1746, 293, 144, 218, 779, 323,
            896, 1003, -339, -365, -561, -410, -516, -597, -481, -97, 775,
        ],
        // message
        [
            389, 590, 262, 476, 82, 1170, 283, 204, 1701, 300, 111, 79, 595, 221,
            834, 880, -341, -383, -569, -412, -533, -597, -484, -49, 772,
        ],
    ]);
}
