use super::{Lang::Nix, expect, expect_span, expect_uses};

#[test]
fn functions_are_bindings_of_lambdas() {
    expect(
        Nix,
        r#"
{ lib, ... }:
let
  a = x: y: x; # b = x: x
  c = { d, e ? { } }@args: {
    f = g: ''
      no = x: ${h "''"} '''
      ''${no} no = x: x;
    '';
  };
  i = "j: ${k}";
  l = 1;
in {
  m.n = { ... }: l;
  o = http://x;
}
"#,
        &["3 function a", "4 function c", "  5 function f", "13 function n"],
    );
}

#[test]
fn spans_and_imports() {
    let text = "{\n  # About a.\n  a = x: {\n    b = import ./c.nix;\n  };\n}\n";
    expect_span(Nix, text, "a", "  # About a.\n  a = x: {\n    b = import ./c.nix;\n  };");
    expect_uses(Nix, text, &["3 import ./c.nix"]);
}
