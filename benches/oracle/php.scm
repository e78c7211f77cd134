(class_declaration name: (name) @name)
(interface_declaration name: (name) @name)
(trait_declaration name: (name) @name)
(enum_declaration name: (name) @name)
(function_definition name: (name) @name)
(method_declaration name: (name) @name)
; With a block, not the `namespace A\B;` of a file.
(namespace_definition name: (namespace_name) @name body: (compound_statement))
