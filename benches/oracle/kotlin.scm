(class_declaration name: (identifier) @name)
(object_declaration name: (identifier) @name)
(companion_object name: (identifier) @name)
(type_alias type: (identifier) @name)
(function_declaration name: (identifier) @name)
(secondary_constructor "constructor" @name)
; Properties with accessors of their own.
(property_declaration (variable_declaration . (identifier) @name) (getter))
(property_declaration (variable_declaration . (identifier) @name) (setter))
