(function_definition name: (identifier) @name) @function
(class_definition name: (identifier) @name) @class
(type_alias_statement . (type [(identifier) @name (generic_type . (identifier) @name)])) @type
(module
  (expression_statement (assignment left: (identifier) @once)) @const
  (#match? @once "^([^a-z]+[A-Z][^a-z]*|[A-Z][^a-z]+)$"))
(module
  (expression_statement (assignment left: (identifier) @once right: (_))) @variable
  (#not-match? @once "^([^a-z]+[A-Z][^a-z]*|[A-Z][^a-z]+)$"))

(call function: [(identifier) @call (attribute attribute: (identifier) @call)])
(import_statement name: (_) @import)
(import_from_statement module_name: (_) @import)
(import_from_statement name: (_) @import)
[(comment) (string_start) (string_content) (string_end)] @inert
