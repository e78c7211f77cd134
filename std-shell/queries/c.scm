(function_definition declarator: (_) @name body: (compound_statement)) @function
(struct_specifier name: (type_identifier) @name body: (_)) @struct
(union_specifier name: (type_identifier) @name body: (_)) @union
(enum_specifier name: (type_identifier) @name body: (_)) @enum
(type_definition type: (struct_specifier !name) declarator: (_) @name) @struct
(type_definition type: (union_specifier !name) declarator: (_) @name) @union
(type_definition type: (enum_specifier !name) declarator: (_) @name) @enum
(type_definition declarator: (_) @name) @type
(preproc_def name: (identifier) @name) @macro
(preproc_function_def name: (identifier) @name) @macro

(call_expression function: [(identifier) @call (field_expression field: (field_identifier) @call)])
(preproc_include path: (_) @import)
[(comment) (string_literal) (char_literal)] @inert
