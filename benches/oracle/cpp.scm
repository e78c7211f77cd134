; Functions and methods with a body in braces: neither prototypes nor `= default` nor `= delete`.
(function_definition declarator: (_) @function body: (compound_statement))
(function_definition declarator: (_) @function (try_statement))
; `TEST(name) { … }`, which the grammar takes for a type and a declarator in parentheses.
(function_definition type: (type_identifier) @name declarator: (parenthesized_declarator (identifier)))
; Types with a body; `struct A<int> { … }` is named A.
(class_specifier name: (_) @tail body: (_))
(struct_specifier name: (_) @tail body: (_))
(union_specifier name: (_) @tail body: (_))
(enum_specifier name: (_) @tail body: (_))
; `class EXPORT A { … }`, which the grammar takes for a function.
(function_definition type: [(class_specifier !body) (struct_specifier !body)] declarator: (identifier) @name)
(alias_declaration name: (type_identifier) @name)
(type_definition declarator: (_) @typedef)
(concept_definition name: (identifier) @name)
(namespace_definition name: (_) @name)
(preproc_def name: (identifier) @name)
(preproc_function_def name: (identifier) @name)
; What is never compiled is no code.
((preproc_if condition: (number_literal) @_never) @blind (#eq? @_never "0"))
