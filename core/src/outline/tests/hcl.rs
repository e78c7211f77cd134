use super::{Lang::Hcl, expect, expect_span, read};

#[test]
fn definitions() {
    expect(
        Hcl,
        r###"
# The web.
resource "aws_instance" "web" {
  ami = "x"
  provisioner "local-exec" {
    command = "echo }"
  }
}
data "aws_ami" "base" {}
variable "region" { default = "eu" }
output "ip" {
  value = aws_instance.web.ip
}
module "vpc" {
  source = "./vpc"
}
locals {
  resource = "no"
}
"###,
        &["2 struct web", "8 struct base", "9 variable region", "10 variable ip", "13 module vpc"],
    );
}

#[test]
fn spans_and_containers() {
    let text = "\n# Doc.\nresource \"a\" \"b\" {\n  c = 1\n}\n\nlocals {\n}\n";
    expect_span(Hcl, text, "b", "# Doc.\nresource \"a\" \"b\" {\n  c = 1\n}");
    let (found, _) = read(Hcl, text.as_bytes());
    assert_eq!(found[0].definition.container, Some(&b"a"[..]));
}

#[test]
fn documents_hold_no_block() {
    expect(
        Hcl,
        r#"
resource "a" "b" {
  x = <<-EOF
resource "no" "no" {
  EOF
}
resource "c" "d" {
}
"#,
        &["1 struct b", "6 struct d"],
    );
}
