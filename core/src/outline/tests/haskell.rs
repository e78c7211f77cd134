use super::{Lang::Haskell, expect, expect_span, expect_uses};

#[test]
fn signatures_and_equations_are_one_definition() {
    expect(
        Haskell,
        r#"
{-# LANGUAGE CPP #-}
module A
  ( one
  , two ) where
import B (one)
infixl 4 <+>

-- | One.
one :: Int -> Int
{-# INLINE one #-}
one 0 = 1
one x'
  | x' > 0, y <- 'a' = two
  | otherwise = 2
 where
  two :: Int
  two = 3
#if X
two, three
  :: Int
#endif
two = "\"four = 4" -- five = 5
three = 6
four !x ~y z@(Just _) '\'' = 7
five (a, b) [c] {- six = 8 -} = \d -> d
(<+>) :: Int -> Int -> Int
a <+> b = c where c = a
Just a <|> Nothing = a
(x :| xs) `seven` y = 1
(d, e) = f
Just g = h
makeLenses ''Foo
x :| y = z
type T = Int
data Show a => D a = D { field :: Int } | E
  deriving Show
newtype N' = N' Int
type family F a where
  F Int = Int
foreign import ccall "sin" c_sin :: Double -> Double
"#,
        &[
            "9 function one",
            "19 function two",
            "19 function three",
            "22 function two",
            "23 function three",
            "24 function four",
            "25 function five",
            "26 function <+>",
            "28 function <|>",
            "29 function seven",
            "34 type T",
            "35 enum D",
            "37 struct N'",
            "38 type F",
            "40 function c_sin",
        ],
    );
}

#[test]
fn classes_and_instances() {
    expect(
        Haskell,
        r#"
class (Eq a, Show a) => C a where
    type X a
    m :: a
    m = n
      where o = 1
    (==.) :: a -> a -> Bool
    a ==. b = True
instance {-# OVERLAPPING #-} B.C (Maybe a)
  where
    m = 1
    n x
      = 2
instance D Int where e = 1; f = 2
instance G Int

h = 1
"#,
        &[
            "1 trait C",
            "  2 type X",
            "  3 method m",
            "  6 method ==.",
            "8 impl C",
            "  10 method m",
            "  11 method n",
            "13 impl D",
            "  13 method e",
            "14 impl G",
            "16 function h",
        ],
    );
}

#[test]
fn spans_and_imports() {
    let text = r#"module A where
import qualified B as C

-- | One,
--   at length.
one :: Int
one = 1
  where two = 2

-- | Three.
three = 3
"#;
    expect_span(
        Haskell,
        text,
        "one",
        "-- | One,\n--   at length.\none :: Int\none = 1\n  where two = 2",
    );
    expect_uses(Haskell, text, &["1 import qualified B as C"]);
}

#[test]
fn no_body_begins_before_its_signature() {
    // `read` checks it; found by fuzzing.
    expect(Haskell, "o(\n},a::", &["0 function o", "1 function a"]);
}

#[test]
fn quoted_text_is_no_code() {
    expect(
        Haskell,
        "\na = [sql|\nno = \"\n|]\nb xs = [x|x <- xs]\nc = [d|\ne = 1\n  |]\nf = [x | x <- [1..]]\ng = [r|h\ni = 1\n",
        &[
            "1 function a",
            "4 function b",
            "5 function c",
            "6 function e",
            "8 function f",
            "9 function g",
            "10 function i",
        ],
    );
}
