; Types, also those inside methods.
(class_declaration name: (identifier) @name)
(record_declaration name: (identifier) @name)
(interface_declaration name: (identifier) @name)
(annotation_type_declaration name: (identifier) @name)
(enum_declaration name: (identifier) @name)
; Methods with and without a body, also those of anonymous classes and of enum constants.
(method_declaration name: (identifier) @name)
(constructor_declaration name: (identifier) @name)
(compact_constructor_declaration name: (identifier) @name)
(annotation_type_element_declaration name: (identifier) @name)
; `module a.b { … }`, but not the `package` of a file.
(module_declaration name: (_) @name)
