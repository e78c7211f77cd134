use super::{Lang::Sql, expect, expect_span, read};

#[test]
fn definitions() {
    expect(
        Sql,
        r###"
-- Users.
CREATE TABLE IF NOT EXISTS public.users (
  id int, -- create table no
  name text DEFAULT 'a;'
);
/*
create view no as select 1;
*/
create or replace view "active users" as
  select 1;
CREATE UNIQUE INDEX CONCURRENTLY by_name ON users (name);
create function app.add(a int) returns int as $$
begin
  return a;
end;
$$ language plpgsql;
CREATE PROCEDURE [dbo].[Do] AS
BEGIN
  CREATE TEMP TABLE inner_one (x int);
END;
create table `last`(x int);
insert into a values ('create table no');
create trigger tr before insert on users execute function f();
"###,
        &[
            "2 struct users",
            "9 type active users",
            "11 variable by_name",
            "12 function add",
            "17 function Do",
            "  19 struct inner_one",
            "21 struct last",
            "23 function tr",
        ],
    );
}

#[test]
fn spans_and_containers() {
    let text = "\n-- Doc.\ncreate function a.b() as $$\n  select 1;\n$$;\nselect 2;\n";
    expect_span(Sql, text, "b", "-- Doc.\ncreate function a.b() as $$\n  select 1;\n$$;");
    let (found, _) = read(Sql, text.as_bytes());
    assert_eq!(found[0].definition.container, Some(&b"a"[..]));
}
