use super::{Lang::Cpp, expect, expect_span};

#[test]
fn functions_have_bodies() {
    expect(
        Cpp,
        r#"
#include <vector>
int prototype(int a);
class Forward;
template <typename T, int N = (3 > 2)>
static inline auto one(const std::vector<T>& v, int x = 1) -> decltype(v.size()) { return v.size(); }
A::B<int>& Outer::two(int a) const noexcept(true) { if (a) { call(b); } return *this; }
Outer::Outer(int a) : Base{a}, list_{1, 2}, map_({{1, 2}}) { init(); }
Outer::~Outer() = default;
Outer::~Outer() { }
template <class T> bool Box<T>::operator==(const Box& other) const { return true; }
std::ostream& operator<<(std::ostream& os, const Box& b) { return os; }
Outer::operator bool() const { return true; }
void Outer::operator()(int x) && { }
TEST(Suite, Name) { EXPECT_EQ(1, 2); }
auto lambda = [](int x) { return x; };
int value(3);
std::string text = R"x(void no() { )" {)x";
[[nodiscard]] EXPORT int three() ATTRIBUTE(x) { return 1'000; }
extern "C" int four(void) { return '{'; }
extern "C" { int five() { return 5; } }
namespace a::b { int six() { return 6; } namespace { int seven() { return 7; } } }
NAMESPACE_BEGIN

int
eight()
{
}
#ifdef A
int nine(int a) {
#else
int nine(long a) {
#endif
}
void ten() {}
"#,
        &[
            "5 function one",
            "6 function two",
            "7 function Outer",
            "9 function ~Outer",
            "10 function operator==",
            "11 function operator<<",
            "12 function operator bool",
            "13 function operator()",
            "14 function TEST",
            "18 function three",
            "19 function four",
            "20 function five",
            "21 module a::b",
            "  21 function six",
            "  21 function seven",
            "25 function eight",
            "29 function nine",
            "34 function ten",
        ],
    );
}

#[test]
fn types_and_their_members() {
    expect(
        Cpp,
        r#"
class EXPORT Box final : public Base<int>, private Other {
  Q_OBJECT
 public:
  using Value = std::pair<int, int>;
  explicit Box(int a) : a_(a), b_{a} {}
  Box(const Box&) = delete;
  virtual ~Box() { clear(); }
  virtual int area() const = 0;
  int size() const override { return size_; }
  friend bool operator<(const Box& a, const Box& b) { return a.x < b.x; }
  template <typename U> U get(U u = {}) { return u; }
  static constexpr int table[] = {f(1), f(2)};
  struct Inner { int x{1}; Inner() = default; void m() {} } inner_;
  enum class Color : int { Red, Green };
  std::function<void(int)> callback_;
 private:
  int a_ = f(1);
};
enum class Opaque : int;
template <> struct hash<Box> { size_t operator()(const Box& b) const { return 0; } };
struct point origin = { .x = 1 };
struct point make(void) { struct local { int x; } y; return origin; }
typedef struct { int x; } named;
union { int u; } nameless;
using Alias = int;
using namespace std;
"#,
        &[
            "1 class Box",
            "  4 type Value",
            "  5 method Box",
            "  7 method ~Box",
            "  9 method size",
            "  10 method operator<",
            "  11 method get",
            "  13 struct Inner",
            "    13 method m",
            "  14 enum Color",
            "20 struct hash",
            "  20 method operator()",
            "22 function make",
            "  22 struct local",
            "23 struct named",
            "25 type Alias",
        ],
    );
}

#[test]
fn names_tell_what_they_belong_to() {
    let mut all = std::vec::Vec::new();
    let text = b"void a::B<int>::c() {}\nvoid d() {}\nE::~E() {}\n";
    crate::outline::outline(Cpp, text, &mut |event| {
        if let crate::outline::Event::Open(definition) = event {
            all.push((definition.name, definition.container));
        }
    });
    assert_eq!(
        all,
        [(&b"c"[..], Some(&b"B"[..])), (&b"d"[..], None), (&b"~E"[..], Some(&b"E"[..])),]
    );
}

#[test]
fn spans() {
    let text = "class A {\n public:\n  // About it.\n  static B c(int a)\n      const {\n    d();\n  }\n};\nE::E() // no\n    : f{1},\n      g(2) {\n}\n";
    expect_span(
        Cpp,
        text,
        "c",
        "  // About it.\n  static B c(int a)\n      const {\n    d();\n  }",
    );
    expect_span(Cpp, text, "E", "E::E() // no\n    : f{1},\n      g(2) {\n}");
}

#[test]
fn labels_of_two_words() {
    expect(
        Cpp,
        r#"
class A {
private slots:
  void onClick() { }
public Q_SLOTS:
  void onKey() { }
signals:
  void sent();
public:
  int e() { return 1; }
};
"#,
        &["1 class A", "  3 method onClick", "  5 method onKey", "  9 method e"],
    );
}

#[test]
fn comments_in_a_head_are_passed_over() {
    expect(
        Cpp,
        r#"
class A : public B<int, /*x=*/1> { int f() { return 1; } };
struct C // = {
  : D { };
int tail() { return 0; }
"#,
        &["1 class A", "  1 method f", "2 struct C", "4 function tail"],
    );
}
