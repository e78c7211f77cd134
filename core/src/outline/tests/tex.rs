use super::{Lang::Tex, expect};

#[test]
fn definitions() {
    expect(
        Tex,
        r##"
% \section{no}
\newcommand{\vect}[1]{\mathbf{#1}}
\def\half{1}
\chapter{One}\label{ch:one}
\section*{Two {\em nested} words}
  \label{sec:two}
\subsection[short]{Three}
\begin{verbatim}
\section{no}
\end{verbatim}
\sectionmark{no}
\chapter{Four}
@article{knuth84,
"##,
        &[
            "2 macro vect",
            "3 macro half",
            "4 section One",
            "  4 const ch:one",
            "  5 section Two {\\em nested} words",
            "    6 const sec:two",
            "    7 section Three",
            "12 section Four",
            "  13 const knuth84",
        ],
    );
}
