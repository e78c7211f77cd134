use super::{Lang::Dart, expect};

#[test]
fn definitions() {
    expect(
        Dart,
        r#"
import 'package:a/b.dart';
abstract class Box<T> extends Base with Mixed implements Named {
  final int x = compute(1);
  static const names = <String>['a', "}"];
  Box(this.x, {required int y}) : z = f(y), super(x);
  const Box.named(int a) : this(a);
  factory Box.make() => Box.named(1);
  int get size => items.length;
  set size(int v) { items.length = v; }
  @override bool operator ==(Object other) => true;
  Future<void> run<K>(K key) async {
    if (a) { call(b); } else if (c) { d(); }
    int local(int n) => n + 1;
    list.forEach((x) { use(x); });
    return await foo('${x.map((y) { return "}"; })}');
  }
  void needed();
}
enum Suit { hearts, spades; String label() => ''; }
mixin Mixed on Base { void mix() {} }
extension More on String { bool get loud => true; }
typedef Handler = void Function(int);
void main(List<String> args) { Box(1); }
"#,
        &[
            "2 class Box",
            "  5 method Box",
            "  6 method named",
            "  7 method make",
            "  8 property size",
            "  9 method size",
            "  10 method operator ==",
            "  11 method run",
            "    13 function local",
            "  17 method needed",
            "19 enum Suit",
            "  19 method label",
            "20 class Mixed",
            "  20 method mix",
            "21 impl More",
            "  21 property loud",
            "22 type Handler",
            "23 function main",
        ],
    );
}

#[test]
fn typedefs_of_every_form() {
    expect(
        Dart,
        r#"
typedef F<T> = void Function(T a);
typedef int H(int a);
typedef G = int;
typedef I(a);
"#,
        &["1 type F", "2 type H", "3 type G", "4 type I"],
    );
}

#[test]
fn a_string_of_one_line_ends_with_it() {
    let text = "\nvoid a() {\n  var x = 'abc;\n  y(\"z\");\n}\nvoid b() { }\n";
    expect(Dart, text, &["1 function a", "5 function b"]);
}

#[test]
fn raw_strings_have_no_escapes() {
    let text = "\nvoid a() { var r = r'C:\\'; }\nvoid b() { var r = r\"\\${\"; }\nvoid c() {}\n";
    expect(Dart, text, &["1 function a", "2 function b", "3 function c"]);
}
