use super::{Lang::Java, expect, expect_span, expect_uses};

#[test]
fn types_and_their_members() {
    expect(
        Java,
        r#"
package a.b;
import java.util.List;
@Retention(RUNTIME) public @interface Tag { String[] value() default {"(", "{"}; }
/** Doc. */
@Tag("}")
public abstract class Box<T extends Comparable<? super T>> extends Base implements Foo<T>, Bar {
    private static final int MAX = size(3), MIN = 1;
    private final Map<String, int[]> map = new HashMap<>(16);
    int[] table = { call(1), call(2) };
    static { init(); }
    { init(); }
    public Box(int a, @Tag("x") final String... rest) throws IOException { super(a); }
    protected abstract <K, V> Map<K, V>[] get(K key, V... more);
    @Override public @Nullable java.lang.String toString() {
        if (a) { call(b); } else if (c) { d(); }
        for (int i = 0; i < n; i++) { use(i); }
        synchronized (this) { return other(1); }
    }
    native void fast();
    private class Inner { Inner() {} record Pair(int a, int b) { Pair { check(a); } int sum() { return a + b; } } }
    void record(int x) { record(x); record y = null; }
    Runnable task = new Runnable() {
        @Override
        public void run() { go(); }
    };
    void locals() {
        final class Local { void m() {} }
        Foo f = new Foo(1, "}") { int x() { return 1; } };
        list.forEach(x -> { call(x); });
        switch (x) { case 1 -> foo(y); default: bar(); }
        String s = """
            void no() { "quoted" {
            """;
        char c = '{', d = '\'';
        return new Foo() { public int y() { return 2; } };
    }
}
enum Color implements Named {
    RED(1) { @Override String label() { return "r"; } },
    GREEN(f(2)), BLUE;
    private final int x;
    Color(int x) { this.x = x; }
    Color() { this(0); }
    static Color of(String s) { return valueOf(s); }
}
sealed interface Shape permits A, B { double area(); default int sides() { return 0; } }
"#,
        &[
            "3 interface Tag",
            "  3 method value",
            "6 class Box",
            "  12 method Box",
            "  13 method get",
            "  14 method toString",
            "  19 method fast",
            "  20 class Inner",
            "    20 method Inner",
            "    20 struct Pair",
            "      20 method Pair",
            "      20 method sum",
            "  21 method record",
            "  24 method run",
            "  26 method locals",
            "    27 class Local",
            "      27 method m",
            "    28 method x",
            "    35 method y",
            "38 enum Color",
            "  39 method label",
            "  42 method Color",
            "  43 method Color",
            "  44 method of",
            "46 interface Shape",
            "  46 method area",
            "  46 method sides",
        ],
    );
}

#[test]
fn spans() {
    let text = "class A {\n    /** Doc of b. */\n    @X(y = \"}\")\n    public int b(\n        int c\n    ) throws D {\n        return 1;\n    }\n\n    abstract void e();\n}\n";
    expect_span(
        Java,
        text,
        "b",
        "    /** Doc of b. */\n    @X(y = \"}\")\n    public int b(\n        int c\n    ) throws D {\n        return 1;\n    }",
    );
    expect_span(Java, text, "e", "    abstract void e();");
}

#[test]
fn imports_and_calls() {
    expect_uses(
        Java,
        r#"
import static a.B.*;
import c.D;
class E { E(int a) { this.f(g(a)); new H<>(1); if (x) { List.<I>of(2); } } int j() { return k (3); } }
"#,
        &["1 import static a.B.*", "2 import c.D", "3 call f", "3 call g", "3 call H", "3 call of"],
    );
}

#[test]
fn a_modifier_may_have_a_hyphen() {
    expect(
        Java,
        r#"
public sealed class Base permits D { }
non-sealed class D extends Base { void m() { } }
public non-sealed interface I extends S { void n(); }
class E { int non() { return a(non-sealed); } }
"#,
        &[
            "1 class Base",
            "2 class D",
            "  2 method m",
            "3 interface I",
            "  3 method n",
            "4 class E",
            "  4 method non",
        ],
    );
}
