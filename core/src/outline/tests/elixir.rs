use super::{Lang::Elixir, expect, expect_span, expect_uses};

#[test]
fn clauses_of_blocks_and_of_lines() {
    expect(
        Elixir,
        r#"
defmodule A.B do
  @type t :: map
  @callback run(x) :: :ok
  @limit 4
  def one(a, b \\ fn -> 1 end)
  def one(%{a: a}, b) when a in [1]
      when b do
    if a, do: b, else: (case b do _ -> 1 end)
  end
  def two?(x), do: x
  defp three!(x),
    do: x
  def a <> b, do: a
  def left and right, do: left
  defmacro unquote(name)(x), do: x
  defguard is_x(x) when is_integer(x)
  defdelegate size(x), to: Map
  defimpl P, for: A do
    def four(:def, do: x), do: x.end
  end
  quote do
    def five, do: 1
  end
  defmodule name do
    def six do end
  end
end
defprotocol P do
  def four(x)
end
"#,
        &[
            "1 module A.B",
            "  2 type t",
            "  3 function run",
            "  5 function one",
            "  6 function one",
            "  10 function two?",
            "  11 function three!",
            "  13 function <>",
            "  14 function and",
            "  16 macro is_x",
            "  17 function size",
            "  18 impl P",
            "    19 method four",
            "  22 function five",
            "  25 function six",
            "28 interface P",
            "  29 method four",
        ],
    );
}

#[test]
fn literals_hide_their_content() {
    expect(
        Elixir,
        r##"
x = "#{y "def no}"} def no" <> 'def no'
@moduledoc """
def no, "quoted"
"""
y = ~s(def (no) #{~w[def no]} no) <> ~S'''
def no #{
''' <> ~r/def "/
def a, do: ?" + ?# + :"def no"
# def no
def b, do: 1
"##,
        &["8 function a", "10 function b"],
    );
}

#[test]
fn docs_and_specs_belong_to_what_they_are_about() {
    let text = r#"defmodule A do
  @moduledoc "About A."

  @doc """
  About b.
  """
  @spec b(integer) ::
          integer

  def b(x) do
    x
  end
  def c(x), do: x
end
"#;
    expect_span(
        Elixir,
        text,
        "b",
        "  @doc \"\"\"\n  About b.\n  \"\"\"\n  @spec b(integer) ::\n          integer\n\n  def b(x) do\n    x\n  end",
    );
    expect_span(Elixir, text, "c", "  def c(x), do: x");
}

#[test]
fn imports_and_calls() {
    expect_uses(
        Elixir,
        r#"
alias A.{B, C}
plug :fetch
def f(x), do: g(x) |> B.h()
"#,
        &["1 import A.{B, C}", "2 call plug", "3 call g", "3 call h"],
    );
}
