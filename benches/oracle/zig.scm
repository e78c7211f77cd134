(function_declaration name: (identifier) @name)
; `const A = struct { … }` and the like, at any place; other constants are none.
(variable_declaration . (identifier) @name
  [(struct_declaration) (enum_declaration) (union_declaration) (opaque_declaration) (error_set_declaration)] .)
; `error{ … } || Other`.
(variable_declaration . (identifier) @name (binary_expression left: (error_set_declaration)) .)
