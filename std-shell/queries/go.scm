(function_declaration name: (identifier) @name) @function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: (_) @container))
  name: (field_identifier) @name) @method
(interface_type (method_elem name: (field_identifier) @name) @method)
(type_spec name: (type_identifier) @name type: (struct_type)) @struct
(type_spec name: (type_identifier) @name type: (interface_type)) @interface
(type_spec name: (type_identifier) @name) @type
(type_alias name: (type_identifier) @name) @type
((source_file (const_declaration (const_spec (identifier) @name) @const)) (#not-eq? @name "_"))
((source_file (var_declaration (var_spec (identifier) @name) @variable)) (#not-eq? @name "_"))
((source_file (var_declaration (var_spec_list (var_spec (identifier) @name) @variable)))
  (#not-eq? @name "_"))

(call_expression function: [(identifier) @call (selector_expression field: (_) @call)])
(import_spec path: (_) @import)
[(comment) (interpreted_string_literal) (raw_string_literal) (rune_literal)] @inert
