(function_declaration name: (identifier) @name)
(function_signature name: (identifier) @name)
(interface_declaration name: (type_identifier) @name)
(type_alias_declaration name: (type_identifier) @name)
(enum_declaration name: (identifier) @name)
(module name: [(identifier) (nested_identifier) (string (string_fragment))] @name)
(internal_module name: [(identifier) (nested_identifier) (string (string_fragment))] @name)
(interface_body (method_signature name: (property_identifier) @name))
(class_body (method_signature name: [(property_identifier) (private_property_identifier)] @name))
(class_body (abstract_method_signature name: (property_identifier) @name))
(generator_function_declaration name: (identifier) @name)
(class_declaration name: (type_identifier) @name)
(abstract_class_declaration name: (type_identifier) @name)
(class_body (method_definition name: [(property_identifier) (private_property_identifier)] @name))
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
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
(program
  (ambient_declaration (lexical_declaration "const" (variable_declarator name: (identifier) @name)))
  (#match? @name "^([^a-z]+[A-Z][^a-z]*|[A-Z][^a-z]+)$"))
(program
  (export_statement (ambient_declaration (lexical_declaration "const" (variable_declarator name: (identifier) @name))))
  (#match? @name "^([^a-z]+[A-Z][^a-z]*|[A-Z][^a-z]+)$"))
