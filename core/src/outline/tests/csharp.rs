use super::{Lang::CSharp, expect, expect_span, expect_uses};

#[test]
fn types_and_their_members() {
    expect(
        CSharp,
        r#"
using System;
[assembly: Foo("}")]
namespace A.B {
#region It's here
    public delegate Task<int> Handler<T>(object sender, T args) where T : class;
    [Serializable, Other("]")]
    public sealed partial class Box<T> : Base<T>, IBox where T : class, new()
    {
        private readonly Dictionary<string, int> _map = new Dictionary<string, int>();
        public const int Max = 3;
        public event EventHandler Changed;
        public event EventHandler Moved { add { x += value; } remove { x -= value; } }
        public int Size { get; private set; } = Compute(1);
        public string Name => _name ?? Other(2);
        public T this[int index] { get => items[index]; set { items[index] = value; } }
        static Box() { }
        public Box(int a, string b = "(") : base(a, new[] { 1 }) { }
        ~Box() { Dispose(false); }
        [Obsolete] public async Task<(int, string)> RunAsync<K>(K key) where K : struct
        {
            if (a) { Call(b); } else if (c) { D(); }
            using (var x = Open()) { lock (y) { Z(); } }
            await foreach (var z in W()) { V(z); }
            int Local(int n) => n + 1;
            static void Other(int n) { }
            foreach (var (k, v) in map) { }
            return await Foo(() => { Bar(); });
        }
        public static Box<T> operator +(Box<T> a, Box<T> b) => a;
        public static implicit operator int(Box<T> b) { return 0; }
        public static (int, int) Pair(int x) => (x, x);
        void IBox.Hidden<U>(U u) { var s = @"C:\"; var t = $@"{u}""{{"; var w = """{ " { """; }
        public new static Box<T> Create() => new();
        partial void Hook();
        private enum Color { Red = 1, Green }
        public struct Point { public int X, Y; public Point(int x) { X = x; Y = F(x); } }
        public record struct Pair(int A, int B);
        public record Person(string Name) { public int Age() => 1; }
    }
#endregion
    interface IBox { void Hidden<U>(U u); int Count { get; } }
}
"#,
        &[
            "3 module A.B",
            "  5 type Handler",
            "  7 class Box",
            "    12 property Moved",
            "    13 property Size",
            "    14 property Name",
            "    15 property this",
            "    16 method Box",
            "    17 method Box",
            "    18 method ~Box",
            "    19 method RunAsync",
            "      24 function Local",
            "      25 function Other",
            "    29 method operator +",
            "    30 method operator int",
            "    31 method Pair",
            "    32 method Hidden",
            "    33 method Create",
            "    34 method Hook",
            "    35 enum Color",
            "    36 struct Point",
            "      36 method Point",
            "    37 struct Pair",
            "    38 struct Person",
            "      38 method Age",
            "  41 interface IBox",
            "    41 method Hidden",
            "    41 property Count",
        ],
    );
}

#[test]
fn a_namespace_of_a_file_is_no_definition() {
    expect(
        CSharp,
        "\nnamespace A.B;\nclass C { }\nvoid Main(int x) { }\nMain(1);\n",
        &["2 class C", "3 function Main"],
    );
}

#[test]
fn spans() {
    let text = "class A\n{\n    /// <summary>Doc</summary>\n    [X(\"]\")]\n    public int B\n    {\n        get { return 1; }\n    }\n    int C => 1;\n}\n";
    expect_span(
        CSharp,
        text,
        "B",
        "    /// <summary>Doc</summary>\n    [X(\"]\")]\n    public int B\n    {\n        get { return 1; }\n    }",
    );
    expect_span(CSharp, text, "C", "    int C => 1;");
}

#[test]
fn imports_and_calls() {
    expect_uses(
        CSharp,
        r#"
using static System.Math;
using X = A.B;
class C { void D() { using (var e = F()) { this.G(nameof(H)); } using var i = J(1); } }
"#,
        &["1 import static System.Math", "2 import X = A.B", "3 call F", "3 call G", "3 call J"],
    );
}

#[test]
fn strings_with_code_call() {
    expect_uses(
        CSharp,
        r#####"class A { string U() => $"{F(1)} {{No(2)}} {x:N2} {d["k"]}" + $@"
{G(3)} ""{H(4)}"
  + $$"""{No(5)} {{I(6)}} " """ + "{No(7)}" + J(8); }
"#####,
        &["0 call F", "1 call G", "1 call H", "2 call I", "2 call J"],
    );
}
