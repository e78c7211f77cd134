use super::{Lang::Swift, expect, expect_span, expect_uses};

#[test]
fn definitions() {
    expect(
        Swift,
        r##"
import Foundation
#if os(Linux)
@available(iOS 13, *)
public final class Box<T>: Base, Named where T: Equatable {
    private(set) var stored: Int = 0
    let block = { (x: Int) in x + 1 }
    lazy var made: Foo = { Foo() }()
    var computed: [String: Int] { return ["a": 1] }
    public private(set) var accessors: Int {
        get { 1 }
        set { print("\(newValue + f("}"))") }
    }
    init?(x: Int) throws { super.init() }
    deinit { stop() }
    class func make() -> Self? { nil }
    class var shared: Box { Box() }
    subscript(index: Int) -> T { items[index] }
    static func == (lhs: Box, rhs: Box) -> Bool { true }
    static func ||<U> (lhs: U, rhs: U) -> Bool { true }
    nonisolated(unsafe) func loose() {}
    func nested<U>(_ u: U) async throws -> [U]
        where U: Sendable {
        func local() {}
        if let x = u { use(x) } else { other() }
        switch u { case .a(let b): go(b); default: break }
        let raw = #"quote " { \(no)"#
        let text = """
            func no() { \(text(1))
            """
        struct Local { let a: Int }
    }
}
#endif
protocol Named: AnyObject { associatedtype Key; var name: String { get }; func label() -> String? }
extension Array.Index: Named where Element == Int { func more() {} }
public enum Suit: String, CaseIterable { case hearts, spades(Int); var red: Bool { true } }
actor Store { func put() {} }
public typealias Handler = (Int) -> Void
func free() -> some View { EmptyView() }
"##,
        &[
            "4 class Box",
            "  8 property computed",
            "  9 property accessors",
            "  13 method init",
            "  14 method deinit",
            "  15 method make",
            "  16 property shared",
            "  17 method subscript",
            "  18 method ==",
            "  19 method ||",
            "  20 method loose",
            "  21 method nested",
            "    23 function local",
            "    30 struct Local",
            "34 interface Named",
            "  34 type Key",
            "  34 property name",
            "  34 method label",
            "35 impl Index",
            "  35 method more",
            "36 enum Suit",
            "  36 property red",
            "37 class Store",
            "  37 method put",
            "38 type Handler",
            "39 function free",
        ],
    );
}

#[test]
fn spans() {
    let text = "/// Doc of a.\n@MainActor\nfunc a(\n    b: Int\n) -> Int? {\n    1\n}\nprotocol C {\n    func d() -> Int?\n    func e()\n}\n";
    expect_span(
        Swift,
        text,
        "a",
        "/// Doc of a.\n@MainActor\nfunc a(\n    b: Int\n) -> Int? {\n    1\n}",
    );
    expect_span(Swift, text, "d", "    func d() -> Int?");
}

#[test]
fn imports_and_calls() {
    expect_uses(
        Swift,
        "\nimport A\nfunc b(c: D) {\n    guard e(1), let f = G<H>(2) else { return }\n    i { j(3) }\n}\n",
        &["1 import A", "3 call e", "3 call G", "4 call j"],
    );
}

#[test]
fn a_string_of_one_line_ends_with_it() {
    let text = "\nfunc a() {\n  let x = \"abc\n  y(\"z\")\n}\nfunc b() { }\n";
    expect(Swift, text, &["1 function a", "5 function b"]);
}
