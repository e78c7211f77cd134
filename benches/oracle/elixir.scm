; Modules and protocols, dots and all; an implementation is named after its protocol.
(call
  target: (identifier) @_word
  (arguments . (alias) @name)
  (#any-of? @_word "defmodule" "defprotocol" "defimpl"))
; Functions and macros, each clause of them: `def f`, `def f(x)`, `def f(x) when …`, `def a <> b`;
; not the `def unquote(name)` of a macro.
(call
  target: (identifier) @_word
  (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "when")
  ])
  (#any-of? @_word "def" "defp" "defmacro" "defmacrop" "defguard" "defguardp" "defdelegate")
  (#not-eq? @name "unquote"))
(call
  target: (identifier) @_word
  (arguments . (binary_operator operator: _ @name))
  (#any-of? @_word "def" "defp" "defmacro" "defmacrop")
  (#not-eq? @name "when"))
; Types and callbacks: `@type t :: …`, `@callback f(x) :: …`.
(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_word
    (arguments . [
      (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "::")
      (binary_operator
        left: (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "::")
        operator: "when")
    ]))
  (#any-of? @_word "type" "typep" "opaque" "callback" "macrocallback"))
