use super::{Lang::Diff, expect};

#[test]
fn definitions() {
    expect(
        Diff,
        r##"
diff --git a/src/a.rs b/src/a.rs
--- a/src/a.rs
+++ b/src/a.rs
@@ -1 +1 @@
-diff --git a/no b/no
diff --git a/x b b/x b
"##,
        &["1 section src/a.rs", "6 section x b"],
    );
}
