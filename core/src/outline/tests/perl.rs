use super::{Lang::Perl, expect, expect_span, expect_uses};

#[test]
fn subroutines_and_packages() {
    expect(
        Perl,
        r##"
package A;
sub a { my $x = sub { 1 }; }
package B::C { sub b($$) { } }
sub D::c
{
    return map { s/sub no {/}/g; $_ } qw(sub no {) if /"/ || m{'} or $x =~ tr/"/'/;
    my %h = (s => 1, y => "}", q{'} => $#x, $h{m} / 2 / $");
}

=head1 sub

sub no {

=cut

print <<"X", <<'F' . q[' sub no {].q{"};
sub no {
X
sub no {
F
sub d { m/^x/s && 1 } # sub no {
__END__
sub no {
"##,
        &["2 function a", "3 module C", "  3 function b", "4 function c", "21 function d"],
    );
}

#[test]
fn spans_and_uses() {
    let text = "use strict;\n\n# About a.\nsub a {\n    b(1);\n}\n";
    expect_span(Perl, text, "a", "# About a.\nsub a {\n    b(1);\n}");
    expect_uses(Perl, text, &["0 import strict", "4 call b"]);
}

#[test]
fn a_comma_may_be_a_delimiter() {
    expect(
        Perl,
        r#"
sub a { ( my $n = $0 ) =~ s,^.*[/\\],,s; }
sub b { $x =~ m,{,; }
sub c { return (s => 1, y, 2) }
sub d { 2 }
"#,
        &["1 function a", "2 function b", "3 function c", "4 function d"],
    );
}
