use super::{Lang::Assembly, expect};

#[test]
fn definitions() {
    expect(
        Assembly,
        r###"
	.globl main
# Starts.
main:
	push %rbp
.L1:
	ret
1:
	jmp 1b
exit: ret
"###,
        &["3 function main", "9 function exit"],
    );
}
