use super::{Lang::Lua, expect, expect_span, expect_uses};

#[test]
fn functions_and_what_they_are_assigned_to() {
    expect(
        Lua,
        r#"
local M = {}
local function a() if x then return function() end end end
function M.b.c:d(x)
  for i = 1, 2 do while y do break end end
  repeat local function inner() end until x
end
M.e = function(...) end
local f = function() end
local g, h = function() end, 1
return {
  1, i = function() end,
  j = { k = function() end, },
  ["l"] = function() end,
  call(function() end),
  m == function() end,
}
"#,
        &[
            "2 function a",
            "3 function d",
            "  5 function inner",
            "7 function e",
            "8 function f",
            "11 function i",
            "12 function k",
        ],
    );
}

#[test]
fn long_brackets_and_comments() {
    expect(
        Lua,
        r#"
x = [[ function no() ]] .. [==[ ]] ]=] function no()
]==] -- function no()
--[[ function no()
function no() ]] function a() end
--[=[
]] function no() ]=]
t[t[1]] = 'function no()' .. "\"function no()"
function b() end
"#,
        &["4 function a", "8 function b"],
    );
}

#[test]
fn spans_and_uses() {
    let text = r#"local x = require("a.b")
--- Does c.
-- @param d
function M.c(d)
  return e(d):f()
end
"#;
    expect_span(
        Lua,
        text,
        "c",
        "--- Does c.\n-- @param d\nfunction M.c(d)\n  return e(d):f()\nend",
    );
    expect_uses(Lua, text, &["0 import \"a.b\"", "4 call e", "4 call f"]);
}
