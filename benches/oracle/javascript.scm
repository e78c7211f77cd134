(function_declaration name: (identifier) @name)
(generator_function_declaration name: (identifier) @name)
(class_declaration name: (identifier) @name)
(class_body (method_definition name: [(property_identifier) (private_property_identifier)] @name))
(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function) (function_expression) (generator_function) (class)])
(variable_declarator
  name: (identifier) @name
  value: [(arrow_function) (function_expression) (generator_function) (class)])
(expression_statement
  (assignment_expression
    left: [(identifier) @name (member_expression property: (_) @name)]
    right: [(arrow_function) (function_expression) (generator_function) (class)])
  (#not-eq? @name "exports"))
(expression_statement
  (assignment_expression
    left: (member_expression property: (_) @_exports)
    right: [
      (function_expression name: (_) @name)
      (generator_function name: (_) @name)
      (class name: (_) @name)
    ])
  (#eq? @_exports "exports"))
; `export default function () {}`
(export_statement "default" @name value: [(function_expression !name) (generator_function !name) (class !name)])
; Constants of the file.
(program
  (lexical_declaration "const" (variable_declarator name: (identifier) @name))
  (#match? @name "^([^a-z]+[A-Z][^a-z]*|[A-Z][^a-z]+)$"))
(program
  (export_statement (lexical_declaration "const" (variable_declarator name: (identifier) @name)))
  (#match? @name "^([^a-z]+[A-Z][^a-z]*|[A-Z][^a-z]+)$"))
