use super::{Lang::Erlang, expect, expect_span};

#[test]
fn definitions() {
    expect(
        Erlang,
        r#"
%% @doc A server.
-module(a_server).
-export([start/1, 'odd name'/0]).
-record(state, {name :: atom(),
                rest = []}).
-define(LIMIT, 10).
-define(IS(X), X =:= a).
-type list_of(T) :: [T].
-opaque t() :: #state{}.
-callback init(term()) ->
    ok.
%% @doc Starts.
-spec start(atom()) -> ok.
start(Name) when is_atom(Name) ->
    X = "no(1). ",
    call(Name),
    ok; % not yet.
start(_) ->
    error. % done
start(A, B) -> ok.
'odd name'() -> a.
missing_end() ->
    ok
next() -> ok.
"#,
        &[
            "2 module a_server",
            "4 struct state",
            "6 macro LIMIT",
            "7 macro IS",
            "8 type list_of",
            "9 type t",
            "10 function init",
            "14 function start",
            "20 function start",
            "21 function odd name",
            "22 function missing_end",
            "24 function next",
        ],
    );
}

#[test]
fn spans() {
    let text = "a() -> 1.\n\n%% Doc.\n-spec b() -> c.\nb() ->\n  c. % d\n% e\n";
    expect_span(Erlang, text, "b", "%% Doc.\n-spec b() -> c.\nb() ->\n  c. % d");
}
