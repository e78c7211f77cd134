(function_declaration name: (identifier) @name) @function
(generator_function_declaration name: (identifier) @name) @function
(class_declaration name: (identifier) @name) @class
(class_body
  (method_definition name: [(property_identifier) (private_property_identifier)] @name) @method)
(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function) (function_expression) (generator_function) (class)]) @method
(variable_declarator
  name: (identifier) @name
  value: [(arrow_function) (function_expression) (generator_function)]) @function
(variable_declarator name: (identifier) @name value: (class)) @class
((expression_statement
  (assignment_expression
    left: [(identifier) @name (member_expression property: (_) @name)]
    right: [(arrow_function) (function_expression) (generator_function) (class)])) @function
  (#not-eq? @name "exports"))
((expression_statement
  (assignment_expression
    left: (member_expression property: (_) @_exports)
    right: [(function_expression name: (_) @name) (class name: (_) @name)])) @function
  (#eq? @_exports "exports"))
(export_statement
  "default" @name
  value: [(function_expression !name) (generator_function !name) (class !name)]) @function
(program
  [(lexical_declaration "const" (variable_declarator name: (identifier) @name) @const)
   (export_statement
     (lexical_declaration "const" (variable_declarator name: (identifier) @name) @const))]
  (#match? @name "^([^a-z]+[A-Z][^a-z]*|[A-Z][^a-z]+)$"))

(call_expression function: [
  (identifier) @call
  (member_expression property: [(property_identifier) (private_property_identifier)] @call)
])
(new_expression constructor: [
  (identifier) @call
  (member_expression property: (property_identifier) @call)
])
(import_statement) @import
[(comment) (string) (string_fragment) (regex)] @inert
