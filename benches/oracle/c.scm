; Functions with a body.
(function_definition declarator: (_) @function)
; `TEST(name) { … }`, which the grammar takes for a type and a declarator in parentheses.
(function_definition type: (type_identifier) @name declarator: (parenthesized_declarator (identifier)))
; Types with a body.
(struct_specifier name: (type_identifier) @name body: (_))
(union_specifier name: (type_identifier) @name body: (_))
(enum_specifier name: (type_identifier) @name body: (_))
(type_definition declarator: (_) @typedef)
(preproc_def name: (identifier) @name)
(preproc_function_def name: (identifier) @name)
; What is never compiled is no code.
((preproc_if condition: (number_literal) @_never) @blind (#eq? @_never "0"))
