use super::{Lang::Ruby, expect, expect_span, expect_uses};

#[test]
fn definitions_end_with_their_word() {
    expect(
        Ruby,
        r#"
require 'set'
module A
  class B::C < D
    class << self
      def build(x) = new(x)
      private def made?; end
    end
    attr_reader :def, :end
    def self.of(a, if: nil)
      return 1 if a
      x = if a then 1 else 2 end
      while a do a.class.end end
      a.each do |b|
        b += 1 unless b
      end
    end
    def name=(v) @name = v end
    def ==(o)
      case o
      when 1 then begin; end
      end while x
    end
    def [](i) end
    def -@() end
    def E.each; end
    def @@io.flush(*) end
  end
  class X < Struct.new(:a); end
end
def top
  loop { if x
    y end }
end
Class.new(A) { def inner; end }
"#,
        &[
            "2 module A",
            "  3 class C",
            "    5 method build",
            "    6 method made?",
            "    9 method of",
            "    17 method name=",
            "    18 method ==",
            "    23 method []",
            "    24 method -@",
            "    25 method each",
            "    26 method flush",
            "  28 class X",
            "30 function top",
            "34 function inner",
        ],
    );
}

#[test]
fn literals_hide_their_content() {
    expect(
        Ruby,
        r##"
A = 'def no' + "#{b "def #{c['}']}"} def no" + `def no`
def a; %w[def no] + %q(def (no)) + %(def #{%w(x)} no) + %r{def no}x; end
b = x / 2 + 4 % y / 1
def b; c =~ /def "#{x}/ or super(:/, 1); puts /def "/; end
f(<<~ONE, <<-'TWO', 1 << 2) do
  def no
  ONE
  def no
    TWO
  def c; end
end
d <<Q
def no #{
Q
def d; ?" + ?' + $" + $' + :"def no"; end
=begin
def no
=end
# def no
def e; end
__END__
def no
"##,
        &["2 function a", "4 function b", "10 function c", "15 function d", "20 function e"],
    );
}

#[test]
fn spans() {
    let text = r#"# License.

# About A.
class A
  # About b,
  # at length.
  private def b(c)
    d do
      e
    end
  end

  def f = 1 + 2
  g
end
"#;
    expect_span(
        Ruby,
        text,
        "b",
        "  # About b,\n  # at length.\n  private def b(c)\n    d do\n      e\n    end\n  end",
    );
    expect_span(Ruby, text, "f", "  def f = 1 + 2");
}

#[test]
fn imports_and_calls() {
    expect_uses(
        Ruby,
        r#"
require_relative "a/b"
validates :name, presence: true
def f(x)
  x.map { |y| g(y) }.first
  puts "a" if h?(x)
  x in y
  x.size = 1
end
"#,
        &[
            "1 import \"a/b\"",
            "2 call validates",
            "4 call map",
            "4 call g",
            "4 call first",
            "5 call puts",
        ],
    );
}
