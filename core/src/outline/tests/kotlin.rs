use super::{Lang::Kotlin, expect, expect_span, expect_uses};

#[test]
fn definitions() {
    expect(
        Kotlin,
        r#"
@file:JvmName("Names")
package a.b
import c.D
public abstract class Box<T : Any>(private val items: List<T>, val size: Int = f(1)) :
    Base(items), Named by other {
    private val plain = compute { it }
    val first: T get() = items[0]
    var count: Int = 0
        private set
    override val name: String?
        get() {
            return "${items.map { "}" }}"
        }
    val lazy: Foo by lazy { Foo() }
    @get:Foo val other: Map<String, List<Int>> = mapOf()
    init { start() }
    constructor(a: Int) : this(listOf(a)) { check(a) }
    abstract fun required(): T?
    open fun <K> given(key: K, action: (K) -> Unit = { _ -> }): Map<K, T> where K : Any {
        fun local(x: Int) = x + 1
        if (a) { call(b) } else { other() }
        val o = object : Runnable { override fun run() {} }
        val s = """ fun no() { "quoted" \"""
        return when (key) { is Int -> foo(); else -> bar() }
    }
    companion object Factory { fun create() = Box(1) }
    companion object { const val MAX = 3 }
    enum class Color(val rgb: Int) { RED(1) { override fun label() = "r" }, GREEN(2); abstract fun label(): String }
    inner class Inner
    data object Single
}
fun interface Listener { fun changed(x: Int) }
suspend inline fun <reified T> Flow<T>.collectAll(): List<T> = toList()
fun String?.isGood(): Boolean =
    this != null
val Int.isEven get() = this % 2 == 0
infix fun `has spaces`(x: Int) {}
typealias Handler = (Int) -> Unit
expect fun external(): Int
private sealed interface Shape
"#,
        &[
            "4 class Box",
            "  7 property first",
            "  8 property count",
            "  10 property name",
            "  17 method constructor",
            "  18 method required",
            "  19 method given",
            "    20 function local",
            "    22 function run",
            "  26 class Factory",
            "    26 method create",
            "  28 class Color",
            "    28 method label",
            "    28 method label",
            "  29 class Inner",
            "  30 class Single",
            "32 interface Listener",
            "  32 method changed",
            "33 function collectAll",
            "34 function isGood",
            "36 property isEven",
            "37 function has spaces",
            "38 type Handler",
            "39 function external",
            "40 interface Shape",
        ],
    );
}

#[test]
fn spans() {
    let text = "/** Doc of A. */\n@Tag(x = \"}\")\nclass A\n    : B() {\n    // About c.\n    fun c() =\n        d()\n}\n";
    expect_span(Kotlin, text, "A", text.trim_end());
    expect_span(Kotlin, text, "c", "    // About c.\n    fun c() =\n        d()");
}

#[test]
fn imports_and_calls() {
    expect_uses(
        Kotlin,
        "\nimport a.b.*\nfun c(d: (E) -> F) {\n    if (g(1)) h<I>(2)\n    j { k(3) }\n}\n",
        &["1 import a.b.*", "3 call g", "3 call h", "4 call k"],
    );
}

#[test]
fn a_string_of_one_line_ends_with_it() {
    let text = "\nfun a() {\n  val x = \"abc\n  y(\"${z}\")\n}\nfun b() { }\n";
    expect(Kotlin, text, &["1 function a", "5 function b"]);
}
