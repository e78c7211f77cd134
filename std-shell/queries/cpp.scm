(function_definition declarator: (_) @name [(compound_statement) (try_statement)]) @function
(class_specifier name: (_) @name body: (_)) @class
(struct_specifier name: (_) @name body: (_)) @struct
(union_specifier name: (_) @name body: (_)) @union
(enum_specifier name: (_) @name body: (_)) @enum
(alias_declaration name: (type_identifier) @name) @type
(type_definition type: (struct_specifier !name) declarator: (_) @name) @struct
(type_definition type: (union_specifier !name) declarator: (_) @name) @union
(type_definition type: (enum_specifier !name) declarator: (_) @name) @enum
(type_definition declarator: (_) @name) @type
(concept_definition name: (identifier) @name) @type
(namespace_definition name: (_) @name) @module
(preproc_def name: (identifier) @name) @macro
(preproc_function_def name: (identifier) @name) @macro

(call_expression function: [
  (identifier) @call
  (field_expression field: (field_identifier) @call)
  (qualified_identifier name: (identifier) @call)
  (template_function name: (identifier) @call)
])
(preproc_include path: (_) @import)
[(comment) (string_literal) (raw_string_literal) (char_literal)] @inert
