use super::{Lang::Groovy, expect};

#[test]
fn definitions() {
    expect(
        Groovy,
        r#"
package a.b
import c.D
@CompileStatic
class Box extends Base implements Named {
    private final Map<String, Integer> map = [a: 1]
    String name = compute(1)
    Box(int a) { super(a) }
    def run(x, y = 1) {
        if (a) { call(b) } else if (c) { d() }
        list.each { println "${it.collect { "}" }}" }
        return foo(x)
    }
    @Override
    String toString() { 'x' }
    static <T> List<T> make(T t) { [t] }
}
interface Named { String label() }
enum Suit { HEARTS, SPADES; String label() { '' } }
repositories { mavenCentral() }
task clean(type: Delete) { delete 'x' }
def helper(x) { x }
dependencies { implementation project(':x') }
"#,
        &[
            "4 class Box",
            "  7 method Box",
            "  8 method run",
            "  14 method toString",
            "  15 method make",
            "17 interface Named",
            "  17 method label",
            "18 enum Suit",
            "  18 method label",
            "20 function clean",
            "21 function helper",
        ],
    );
}

#[test]
fn a_string_of_one_line_ends_with_it() {
    let text = "\ndef a() {\n  def x = \"abc\n  y(\"z\")\n}\ndef b() { }\n";
    expect(Groovy, text, &["1 function a", "5 function b"]);
}
