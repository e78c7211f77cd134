use super::{Lang::Make, expect, expect_span};

#[test]
fn definitions() {
    expect(
        Make,
        r##"
CC := gcc
export PREFIX ?= /usr
FLAGS += -g
.PHONY: all

# Builds it.
all: main.o util.o
	$(CC) -o $@ $^
# no recipe's end

%.o: %.c
	$(CC) -c $<
$(OBJS): x
install clean: all
ifeq (a,b)
endif
define run
	@echo $(1)
endef
out/bin::
"##,
        &[
            "1 variable CC",
            "2 variable PREFIX",
            "7 function all",
            "14 function install",
            "17 macro run",
            "20 function out/bin",
        ],
    );
}

#[test]
fn spans() {
    let text = "\n# Builds it.\nall: a\n\tb\n\n\tc\n# Next.\nd: e\n";
    expect_span(Make, text, "all", "# Builds it.\nall: a\n\tb\n\n\tc");
    expect_span(Make, text, "d", "# Next.\nd: e");
    expect_span(Make, "\ndefine a\nb:\n\tc\nendef\nx:\n", "a", "define a\nb:\n\tc\nendef");
}
