use super::{Lang::Julia, expect, expect_span, expect_uses};

#[test]
fn definitions() {
    expect(
        Julia,
        r#"
module A
#= function no() #= =# end =#
abstract type B{T} <: C end
primitive type D 8 end
mutable struct E{T}
    x::T
    E(x) = new(x)
end
macro f(x) quote $x end end
function Base.push!(a::B{T}, b) where {T}
    c = [i for i in a if i > b[end]]
    if a[begin:end] == c' && 'x' != ')' "$(if b "end" else c end)" end
    for i in 1:2, j in (k for k in a) end
    map(a) do x
        x
    end
end
@inline g(x, y = (1)) = x
Base.h!(x)::Int where T = begin x end
i(x) == y
j(x = 1)
x -> begin function k() end end
function l end
end
"#,
        &[
            "1 module A",
            "  3 type B",
            "  4 type D",
            "  5 struct E",
            "    7 method E",
            "  9 macro f",
            "  10 function push!",
            "  18 function g",
            "  19 function h!",
            "  22 function k",
            "  23 function l",
        ],
    );
}

#[test]
fn spans_and_uses() {
    let text = "using A: b\n\"\"\"\n    c(x)\n\"\"\"\nfunction c(x)\n    d(x)\nend\n";
    expect_span(Julia, text, "c", "function c(x)\n    d(x)\nend");
    expect_uses(Julia, text, &["0 import A: b", "5 call d"]);
}

#[test]
fn a_type_is_named_on_the_line_of_its_word() {
    let text = "abstract #\ntype A end\nfunction c(x)\n    d(x)\nend\n";
    expect(Julia, text, &["2 function c"]);
}
