//! The trained weights: written by `cargo xtask train-rank`, not by hand.
//!
//! Cross-validated over repositories, five folds; `docs/benchmarks.md` says more.
//!
//! ```text
//! codebench: 700 questions, NDCG@10 0.8719, by weights of this set alone 0.8724, BM25 cheap
//! 0.8040 (minus it +0.051 to +0.087)
//! codebench, whole repositories: 700 questions, NDCG@10 0.8302, by weights of this set alone
//! 0.8408, BM25 cheap 0.7577 (minus it +0.049 to +0.095)
//! commitbench: 1075 questions, NDCG@10 0.6181, by weights of this set alone 0.6219, BM25
//! cheap 0.5978 (minus it +0.006 to +0.035)
//! made from trees: 2168 questions, MRR 0.9485, by weights of this set alone 0.9602, BM25
//! cheap 0.8272 (minus it +0.105 to +0.137)
//! made, hard names: 386 questions, MRR 0.9175, by weights of this set alone 0.9820, BM25
//! cheap 0.4717 (minus it +0.389 to +0.502)
//! made, other than code: 673 questions, recall@3 0.9103, by weights of this set alone 0.9745,
//! BM25 cheap 0.4504 (minus it +0.396 to +0.525)
//! commitbench, only code: 1075 questions, NDCG@10 0.6305, BM25 cheap 0.6099 (minus it +0.004
//! to +0.038)
//! codebench by language: bash 0.890 (40), c 0.895 (20), cpp 0.933 (40), csharp 0.917 (40),
//! elixir 0.920 (20), go 0.900 (18), haskell 0.785 (40), java 0.875 (41), javascript 0.910
//! (40), kotlin 0.908 (40), lua 0.928 (40), php 0.893 (40), python 0.859 (102), ruby 0.862
//! (40), rust 0.832 (40), scala 0.938 (19), swift 0.812 (20), typescript 0.685 (40), zig 0.928
//! (20)
//! codebench by category: architecture 0.817 (202), semantic 0.875 (384), symbol 0.957 (114)
//! codebench by words: 1 0.964 (111), 2 0.982 (7), 3 to 5 0.848 (129), 6 to 8 0.865 (300), 9
//! and more 0.834 (153)
//! codebench by class: identifier 0.964 (105), mixed 0.881 (171), qualified 0.972 (6), words
//! 0.844 (418)
//! codebench, whole repositories by language: bash 0.814 (40), c 0.858 (20), cpp 0.893 (40),
//! csharp 0.882 (40), elixir 0.926 (20), go 0.900 (18), haskell 0.755 (40), java 0.879 (41),
//! javascript 0.903 (40), kotlin 0.845 (40), lua 0.930 (40), php 0.867 (40), python 0.782
//! (102), ruby 0.791 (40), rust 0.804 (40), scala 0.833 (19), swift 0.834 (20), typescript
//! 0.557 (40), zig 0.966 (20)
//! codebench, whole repositories by category: architecture 0.760 (202), semantic 0.839 (384),
//! symbol 0.927 (114)
//! codebench, whole repositories by words: 1 0.930 (111), 2 0.870 (7), 3 to 5 0.790 (129), 6
//! to 8 0.829 (300), 9 and more 0.791 (153)
//! codebench, whole repositories by class: identifier 0.933 (105), mixed 0.847 (171),
//! qualified 0.874 (6), words 0.797 (418)
//! commitbench by language: bash 0.642 (80), c 0.581 (120), cpp 0.348 (40), go 0.626 (80),
//! haskell 0.635 (80), java 0.706 (63), javascript 0.651 (120), lua 0.492 (80), perl 0.709
//! (24), python 0.747 (40), ruby 0.813 (80), rust 0.552 (80), scala 0.548 (40), swift 0.607
//! (28), typescript 0.606 (80), zig 0.546 (40)
//! commitbench by words: 3 to 5 0.602 (351), 6 to 8 0.606 (521), 9 and more 0.671 (203)
//! commitbench by class: message 0.621 (14), mixed 0.737 (410), words 0.541 (651)
//! made from trees by language: bash 0.983 (123), c 0.955 (140), cpp 0.965 (105), csharp 0.969
//! (70), elixir 0.986 (35), go 0.954 (105), haskell 0.941 (140), java 0.945 (140), javascript
//! 0.922 (166), kotlin 0.967 (70), lua 0.971 (140), perl 0.928 (30), php 0.957 (69), python
//! 0.942 (210), ruby 0.937 (135), rust 0.908 (140), scala 0.936 (70), swift 0.948 (70),
//! typescript 0.944 (140), zig 0.957 (70)
//! made from trees by category: function 0.998 (314), identifier 0.995 (315), message 0.840
//! (296), name 0.976 (315), path 0.934 (315), qualified 0.962 (298), verb 0.926 (315)
//! made from trees by words: 1 0.963 (1056), 2 0.959 (388), 3 to 5 0.951 (501), 6 to 8 0.822
//! (138), 9 and more 0.897 (85)
//! made from trees by class: identifier 0.985 (443), message 0.840 (296), path 0.934 (315),
//! qualified 0.962 (298), words 0.968 (816)
//! made, hard names by language: bash 0.978 (23), c 1.000 (25), cpp 0.919 (25), csharp 0.789
//! (20), elixir 0.500 (1), go 0.958 (16), haskell 0.917 (18), java 0.888 (34), javascript
//! 0.936 (34), kotlin 0.912 (20), lua 1.000 (17), perl 0.800 (5), php 0.974 (19), python 0.892
//! (27), ruby 0.956 (18), rust 0.863 (22), scala 0.906 (8), swift 0.844 (16), typescript 0.944
//! (30), zig 0.917 (8)
//! made, hard names by category: common 0.897 (142), missing 0.933 (244)
//! made, hard names by words: 2 0.917 (108), 3 to 5 0.916 (255), 6 to 8 0.971 (23)
//! made, other than code by language: bash 0.952 (42), c 0.900 (50), cpp 0.962 (26), csharp
//! 0.667 (3), elixir 1.000 (1), go 0.932 (59), haskell 0.886 (44), java 0.941 (51), javascript
//! 0.838 (80), lua 0.900 (40), perl 1.000 (21), php 1.000 (7), python 0.850 (20), ruby 0.938
//! (48), rust 0.852 (61), scala 0.750 (20), swift 0.864 (22), typescript 0.909 (55), zig 0.957
//! (23)
//! made, other than code by category: configuration 0.842 (114), docs 0.886 (158), examples
//! 0.947 (75), heading 0.917 (156), tests 0.918 (170)
//! made, other than code by words: 2 0.853 (156), 3 to 5 0.911 (470), 6 to 8 0.956 (45), 9 and
//! more 1.000 (2)
//! made, other than code by class: mixed 0.846 (13), words 0.902 (660)
//! commitbench, only code by language: bash 0.646 (80), c 0.612 (120), cpp 0.366 (40), go
//! 0.634 (80), haskell 0.635 (80), java 0.714 (63), javascript 0.680 (120), lua 0.484 (80),
//! perl 0.742 (24), python 0.793 (40), ruby 0.826 (80), rust 0.556 (80), scala 0.520 (40),
//! swift 0.606 (28), typescript 0.629 (80), zig 0.546 (40)
//! commitbench, only code by words: 3 to 5 0.611 (351), 6 to 8 0.623 (521), 9 and more 0.679
//! (203)
//! commitbench, only code by class: message 0.632 (14), mixed 0.747 (410), words 0.556 (651)
//! without classes: codebench 0.873, codebench, whole repositories 0.829, commitbench 0.619,
//! made from trees 0.938, made, hard names 0.903, made, other than code 0.896, commitbench,
//! only code 0.631
//! no path feature: codebench 0.823, codebench, whole repositories 0.780, commitbench 0.602,
//! made from trees 0.792, made, hard names 0.358, made, other than code 0.547, commitbench,
//! only code 0.612
//! ```

use super::features::Weights;

impl Weights {
    /// Learned, in the order of [`Class`](super::Class) and [`Feature`](super::features::Feature).
    #[rustfmt::skip]
    pub const DEFAULT: Self = Self([
        // words
        [
            309, 468, 220, 376, 83, 881, 167, 154, 1671, -47, 261, 0, 136, 367,
            0, 58, 844, 120, 836, 875, -332, -370, -555, -411, -551, -605, -474, -112,
            827,
        ],
        // identifier
        [
            333, 470, 238, 393, 58, 1039, 214, 178, 1392, -54, 280, 130, 240, 329,
            0, 0, 647, 30, 756, 630, -333, -377, -561, -413, -562, -606, -483, -57,
            434,
        ],
        // qualified
        [
            333, 470, 238, 393, 58, 1039, 214, 178, 1392, -54, 280, 130, 240, 329,
            0, 0, 647, 30, 756, 630, -333, -377, -561, -413, -562, -606, -483, -57,
            434,
        ],
        // path
        [
            300, 452, 209, 362, 88, 846, 157, 159, 1690, -74, 243, 5, 136, 361,
            113, 93, 993, 187, 862, 970, -330, -357, -552, -411, -537, -605, -474, -130,
            806,
        ],
        // message
        [
            410, 557, 244, 470, 84, 963, 292, 227, 1668, -62, 249, 0, 100, 356,
            0, 23, 816, 89, 798, 841, -333, -375, -560, -412, -555, -606, -477, -80,
            797,
        ],
    ]);
}
