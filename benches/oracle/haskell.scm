(data_type name: (name) @name)
(newtype name: (name) @name)
(type_synonym name: (name) @name)
(type_family name: (name) @name)
(data_family name: (name) @name)
(type_instance name: (name) @name)
(class name: (name) @name)
; An instance is named after its class.
(instance name: [(name) @name (qualified id: (name) @name)])
(pattern_synonym (equation synonym: [(constructor) @name (apply function: (constructor) @name)]))
; Functions of the file, of classes and of instances, not those of `where` and `let`: a signature
; and the equations of one name are one definition.
(declarations (signature name: [(variable) (prefix_id (operator))] @group))
(declarations (signature names: (binding_list name: (variable) @group)))
(declarations (function name: [(variable) (prefix_id (operator))] @group))
(declarations (function (infix operator: [(operator) @group (infix_id (variable) @group)])))
(declarations (bind name: (variable) @group))
(class_declarations (signature name: [(variable) (prefix_id (operator))] @group))
(class_declarations (signature names: (binding_list name: (variable) @group)))
(class_declarations (function name: [(variable) (prefix_id (operator))] @group))
(class_declarations (function (infix operator: [(operator) @group (infix_id (variable) @group)])))
(class_declarations (bind name: (variable) @group))
(instance_declarations (signature name: [(variable) (prefix_id (operator))] @group))
(instance_declarations (function name: [(variable) (prefix_id (operator))] @group))
(instance_declarations (function (infix operator: [(operator) @group (infix_id (variable) @group)])))
(instance_declarations (bind name: (variable) @group))
(foreign_import signature: (signature name: (variable) @group))
; A preprocessor's line, with the other branch after `#else` in it.
(cpp) @blind
