(function_declaration name: (identifier) @name)
(method_declaration name: (field_identifier) @name)
(interface_type (method_elem name: (field_identifier) @name))
(type_spec name: (type_identifier) @name)
(type_alias name: (type_identifier) @name)
; Constants and variables of the file.
(source_file (const_declaration (const_spec (identifier) @name)) (#not-eq? @name "_"))
(source_file (var_declaration (var_spec (identifier) @name)) (#not-eq? @name "_"))
(source_file (var_declaration (var_spec_list (var_spec (identifier) @name))) (#not-eq? @name "_"))
