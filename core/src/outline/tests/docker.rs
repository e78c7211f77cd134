use super::{Lang::Docker, expect, expect_span};

#[test]
fn definitions() {
    expect(
        Docker,
        r##"
# syntax=docker/dockerfile:1
FROM --platform=linux/amd64 rust:1.90 AS build
RUN cargo build \
    --release

from debian:stable
COPY --from=build /a /b
"##,
        &["2 section build", "6 section debian:stable"],
    );
}

#[test]
fn spans() {
    let text = "\nFROM a AS b\nRUN c\n\n# Small.\nFROM d\nRUN e\n";
    expect_span(Docker, text, "b", "FROM a AS b\nRUN c");
    expect_span(Docker, text, "d", "# Small.\nFROM d\nRUN e");
}

#[test]
fn documents_in_a_line_hold_no_stage() {
    expect(
        Docker,
        r#"
FROM a AS build
RUN <<EOF
FROM no AS no
EOF
COPY <<"ONE" <<-TWO /
FROM no AS no
ONE
FROM no AS no
	TWO
RUN echo "<<EOF" && cat <<< EOF && x $((1<<2))
FROM b AS last
"#,
        &["1 section build", "11 section last"],
    );
}
