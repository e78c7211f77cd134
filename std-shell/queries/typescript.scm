(function_declaration name: (identifier) @name) @function
(generator_function_declaration name: (identifier) @name) @function
(class_declaration name: (type_identifier) @name) @class
(abstract_class_declaration name: (type_identifier) @name) @class
(function_signature name: (identifier) @name) @function
(interface_declaration name: (type_identifier) @name) @interface
(type_alias_declaration name: (type_identifier) @name) @type
(enum_declaration name: (identifier) @name) @enum
(module name: [(identifier) (nested_identifier)] @name) @module
(module name: (string (string_fragment) @name)) @module
(internal_module name: [(identifier) (nested_identifier)] @name) @module
(interface_body (method_signature name: (property_identifier) @name) @method)
(class_body
  (method_signature name: [(property_identifier) (private_property_identifier)] @name) @method)
(class_body (abstract_method_signature name: (property_identifier) @name) @method)
(class_body
  (method_definition name: [(property_identifier) (private_property_identifier)] @name) @method)
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
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
     (lexical_declaration "const" (variable_declarator name: (identifier) @name) @const))
   (ambient_declaration
     (lexical_declaration "const" (variable_declarator name: (identifier) @name) @const))
   (export_statement
     (ambient_declaration
       (lexical_declaration "const" (variable_declarator name: (identifier) @name) @const)))]
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
