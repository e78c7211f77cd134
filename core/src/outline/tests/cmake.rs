use super::{Lang::CMake, expect, expect_span};

#[test]
fn definitions() {
    expect(
        CMake,
        r##"
cmake_minimum_required(VERSION 3.20)
project(demo LANGUAGES C)
#[[ no
function(no)
]]
option(WITH_TLS "Use TLS" ON)
FUNCTION (add_thing name)
  if(x)
    add_library(thing_${name} STATIC a.c)
  endif()
ENDFUNCTION()
macro(m)
endmacro()
add_executable( tool main.c)
# function(no)
target_link_libraries(tool demo)
"##,
        &[
            "2 module demo",
            "6 variable WITH_TLS",
            "7 function add_thing",
            "  9 module thing_${name}",
            "12 macro m",
            "14 module tool",
        ],
    );
}

#[test]
fn spans() {
    let text = "\n# Doc.\nfunction(a b)\n  c()\nendfunction()\nd()\n";
    expect_span(CMake, text, "a", "# Doc.\nfunction(a b)\n  c()\nendfunction()");
}
