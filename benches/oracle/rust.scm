(function_item name: (identifier) @name)
(function_signature_item name: (identifier) @name)
(struct_item name: (_) @name)
(enum_item name: (_) @name)
(union_item name: (_) @name)
(trait_item name: (_) @name)
(type_item name: (_) @name)
(associated_type name: (_) @name)
(mod_item name: (_) @name)
(macro_definition name: (_) @name)
(static_item name: (identifier) @name)
((const_item name: (identifier) @name) (#not-eq? @name "_"))
; An impl is named after its type.
(impl_item type: [
  (type_identifier) @name
  (primitive_type) @name
  (generic_type type: (_) @tail)
  (scoped_type_identifier) @tail
  (reference_type type: [
    (type_identifier) @name
    (primitive_type) @name
    (generic_type type: (_) @tail)
    (scoped_type_identifier) @tail
    (dynamic_type trait: [(type_identifier) @name (generic_type type: (_) @tail) (scoped_type_identifier) @tail])
  ])
  (dynamic_type trait: [(type_identifier) @name (generic_type type: (_) @tail) (scoped_type_identifier) @tail])
  (array_type element: [(type_identifier) @name (primitive_type) @name (generic_type type: (_) @tail)])
])
; What a macro is called with, or puts out, is no syntax yet.
(macro_invocation (token_tree) @blind)
(macro_rule right: (token_tree) @blind)
