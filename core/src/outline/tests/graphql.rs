use super::{Lang::GraphQl, expect};

#[test]
fn definitions() {
    expect(
        GraphQl,
        r###"
# Schema.
"""
A user { of # ours.
"""
type User implements Node & Entity @key(fields: "id") {
  id: ID!
  type: String
  posts(first: Int = 10, after: String): [Post!]!
}
extend type Query {
  me: User
}
interface Node { id: ID! }
input NewUser { name: String = "x { y" }
enum Role {
  ADMIN
}
union Result = User
  | Post
scalar Date
directive @auth(role: Role) on FIELD
schema {
  query: Query
}
query Me($id: ID!) {
  user(id: $id) { ...Parts }
}
mutation { a }
fragment Parts on User { id }
"###,
        &[
            "5 struct User",
            "10 struct Query",
            "13 interface Node",
            "14 struct NewUser",
            "15 enum Role",
            "18 union Result",
            "20 type Date",
            "21 macro @auth",
            "25 function Me",
            "29 type Parts",
        ],
    );
}
