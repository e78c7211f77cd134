//! LaTeX, and the entries of BibTeX.

use super::super::Kind;
use super::super::lines::{Ends, PLAIN, Row, Shape, Verbatim, mark, section};

pub(super) static ROW: Row = Row {
    marks: &[
        section(Shape::Braced(b"\\part"), 1),
        section(Shape::Braced(b"\\chapter"), 2),
        section(Shape::Braced(b"\\section"), 3),
        section(Shape::Braced(b"\\subsection"), 4),
        section(Shape::Braced(b"\\subsubsection"), 5),
        section(Shape::Braced(b"\\paragraph"), 6),
        mark(Shape::Braced(b"\\newcommand"), Kind::Macro, Ends::Line),
        mark(Shape::Braced(b"\\renewcommand"), Kind::Macro, Ends::Line),
        mark(Shape::Braced(b"\\providecommand"), Kind::Macro, Ends::Line),
        mark(Shape::Braced(b"\\DeclareMathOperator"), Kind::Macro, Ends::Line),
        mark(Shape::Braced(b"\\def"), Kind::Macro, Ends::Line),
        mark(Shape::Braced(b"\\newenvironment"), Kind::Macro, Ends::Line),
        mark(Shape::Braced(b"\\newtheorem"), Kind::Macro, Ends::Line),
        mark(Shape::Within(b"\\label"), Kind::Const, Ends::Line),
        mark(Shape::Entry, Kind::Const, Ends::Line),
    ],
    verbatim: &[
        Verbatim::Between(b"\\begin{verbatim}", b"\\end{verbatim}"),
        Verbatim::Between(b"\\begin{lstlisting}", b"\\end{lstlisting}"),
        Verbatim::Between(b"\\begin{minted}", b"\\end{minted}"),
        Verbatim::Between(b"\\begin{comment}", b"\\end{comment}"),
    ],
    comments: &[b"%"],
    indent: 8,
    ..PLAIN
};
