(function_declaration name: (_) @tail)
; `local f = function`, `M.f = function`, `f = function` in a table.
(assignment_statement
  (variable_list . name: [(identifier) @name (dot_index_expression field: (identifier) @name)] .)
  (expression_list . value: (function_definition)))
(field name: (identifier) @name value: (function_definition))
